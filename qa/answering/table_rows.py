"""Find the row of a table that a question asks for without naming it: the total, or that with the largest figure.

"How many burglaries were there?" asks for the row of totals, "Which port landed the most cod?" for the largest figure.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from corpus.metadata.years import parse_years
from corpus.records import Passage, Sentence
from corpus.scripts import HIRAGANA
from index.lexical.analysis import ROOT, roots, terms
from index.ranking.search import Hit
from qa.editions.figures.labels import TOTAL_LABEL
from qa.question.answer_type import WHEN, WHERE, WHICH, WHO, WHY

_NO_TOTAL = re.compile(rf"{WHO}|{WHERE}|{WHEN}|{WHY}|何(?!件|人|社|校|隻|台|回|円|羽|本|枚|戸|トン)", re.IGNORECASE)
"""A word of a question that no total answers; 何件 and the like ask for a number."""

_MIN_NAMED = 0.6
"""Minimum share of the question's words, by weight, in the headings of a table that the question is about."""

_ASKS = re.compile(rf"{WHO}|{WHERE}|{WHICH}|{WHEN}|\b(?:was|hvor)\b", re.IGNORECASE)
"""A word of a question that may ask for a row of a table. German "was" and "hvor mange" only count with a superlative,
so that "was" in English and questions for a number do no harm."""

_SMALL = r"(?:bas(?:se)?s?|bass[oiae]|baj[oa]s?|baix[oa]s?|petite?s?|faibles?|piccol[oiae]|peque[ñn][oa]s?|courte?s?)\b"
"""French, Spanish, Portuguese and Italian words after "more" that ask for the least."""

_MOST = re.compile(
    r"\bmost\b(?!\s+(?:of|recent))|\b(?:largest|highest|biggest|greatest|longest|oldest|maximum|top"
    r"|meiste[rsn]?|größte[rsmn]?|höchste[rsmn]?"
    rf"|(?<!qué )(?:plus|más|più|mais)(?!\s+(?:(?:de|di|do)\s+\d|tarde|{_SMALL})|[^?]*\s(?:que\b|qu['’]))"
    r"|mayor|máxim[oa]|maggiore?|maior|meeste?|grootste|hoogste|langste|flest[ae]?|st[öø]rst[ae]?|h[öø](?:g|j"
    r"|y)e?st[ae]?"
    r"|najwięcej|największ\w+|najwyższ\w+)\b|(?:最も|一番|いちばん)(?:多|大き|高|長)|最多|最大|最高|最長",
    re.IGNORECASE,
)
_LEAST = re.compile(
    r"(?<!at )\bleast\b"
    r"|\b(?:made|makes?|posted|reported|recorded|ran|had) an? (?:(?:net|operating|annual|budget) )?(?:loss|deficit)\b"
    r"|\b(?:fewest|smallest|lowest|shortest|minimum|wenigste[rsn]?|kleinste[rsmn]?|niedrigste[rsmn]?"
    r"|geringste[rsmn]?|(?:moins|menos|meno)(?!\s+(?:de|di|do)\s+\d|[^?]*\s(?:que\b|qu['’]))|menor|mínim[oa]|minore?"
    rf"|(?:plus|más|più|mais)\s+{_SMALL}|(?<!ten )minste?(?!\s+\d)|laagste|kortste"
    r"|färst|færrest|l[aä]gst[ae]?|lavest[e]?|najmniej|najmniejsz\w+|najniższ\w+)\b"
    r"|(?:最も|一番|いちばん)(?:少な|小さ|低)|最少|最小|最低",
    re.IGNORECASE,
)
_SUPERLATIVE = re.compile(rf"{_ASKS.pattern}|{_MOST.pattern}|{_LEAST.pattern}", re.IGNORECASE)
_HIRAGANA = re.compile(f"[{HIRAGANA}]")
"""In a pair of letters with one, a particle follows or precedes a word: 量が of 降水量が."""

_TOP_OF_COUNT = re.compile(r"\bat most\b|\btop (?:ten|five|\d+)\b", re.IGNORECASE)

_PART = re.compile(
    r"\b(?:which (?:one )?of|which (?!(?:is|was|are|were)\b|years?\b|editions?\b|share\b|percentage\b|proportion\b"
    r"|total\b|numbers?\b|amount\b)\w+|welche[rs]? (?:der|von|den)"
    r"|welche[rsnm]? (?!jahr|anteil|betrag|summe|zahl)\w+|lequel|laquelle|lesquel(?:le)?s|quel(?:le)?s? (?!années?"
    r"|part|nombre|montant|total|somme|taux)\w+"
    r"|cuál(?:es)? de|qué (?!año|porcentaje|número|parte|cantidad|importe|total|tasa)\w+|quale (?:de|fra|tra)\w*"
    r"|welke (?!jaar)\w+"
    r"|vilke[nt]?|hvilke[nt]?)\b",
    re.IGNORECASE,
)
"""Asks for some of several: "which terminal", "lequel des ports"."""

_ALTOGETHER = re.compile(
    r"\b(?:total|altogether|overall|in all|insgesamt|gesamt\w*|zusammen|au total|en tout|en total|complessiv\w+"
    r"|in totale|no total"
    r"|totaal|totalt|sammanlagt|samlet)\b",
    re.IGNORECASE,
)
"""Asks for the total all the same."""

_ITEM = re.compile(r"\s*(\d{1,2})[.)]\s")
_MAX_RANKS = 25
"""Maximum number of items of a numbered list that is a ranking."""

_MIN_ROWS = 2
"""Minimum number of rows with a figure of which one is called the largest or smallest."""

_MIN_NAMED_FOR_EXTREME = 0.5
"""Minimum share of the question's words, by weight, in the headings, the header and the labels of the table."""


def is_total(sentence: Sentence, text: str) -> bool:
    """Return whether a sentence is a row of totals."""
    return bool(sentence.wording) and TOTAL_LABEL.fullmatch(row_label(text)) is not None


def asks_for_part(question: str) -> bool:
    """Return whether a question asks for some rows of a table, as "which terminal" does: then no total answers."""
    return _PART.search(question) is not None and _ALTOGETHER.search(question) is None


def first_of_ranked_list(
    question: str, weights: Mapping[str, float], passage: Passage, language: str | None
) -> int | None:
    """Return the position of the first item of a numbered list, if a question asks which has the most of what it ranks.

    "1. Oslo, 12 ships" is what "which port had the most ships" asks for, and not "2. Riga, 9 ships".
    """
    if superlative_direction(question) <= 0:
        return None
    items = [
        (position, int(number[1]))
        for position, sentence in enumerate(passage.sentences)
        if not sentence.wording and (number := _ITEM.match(passage.text_of(sentence))) is not None
    ]
    if [number for _, number in items[:_MIN_ROWS]] != [1, 2] or len(items) > _MAX_RANKS:
        return None
    asking = set(terms(question, language)) - set(terms(_SUPERLATIVE.sub(" ", question), language))
    named = {term: weight for term, weight in weights.items() if term not in asking and not term.isdigit()}
    return items[0][0] if _is_about(named, f"{passage.prefix} {passage.text}", language) else None


def has_superlative(text: str, direction: int) -> bool:
    """Return whether a text says of something that it has the most (1) or the least (-1)."""
    return (_MOST if direction > 0 else _LEAST).search(text) is not None


def asks_for_total(
    question: str, weights: Mapping[str, float], passage: Passage, language: str | None, titles: Collection[str] = ()
) -> bool:
    """Return whether a question names what the table of a passage is about, and none of its rows.

    "Burglaries 2022" asks for the last row of "Burglaries by month", and "burglaries in May 2022" does not. Words in
    the title of the document, `titles`, are those of its publisher, which no table need name.
    """
    if _NO_TOTAL.search(question) is not None:
        return False
    labels = [row_label(passage.text_of(sentence)) for sentence in passage.sentences if sentence.wording]
    if not any(map(TOTAL_LABEL.fullmatch, labels)):
        return False
    above = set(terms(f"{passage.prefix} {passage.header}", language))
    rows = {term for label in labels if not TOTAL_LABEL.fullmatch(label) for term in terms(label, language)} - above
    words = {term: weight for term, weight in weights.items() if not term.isdigit() and term not in titles}
    return bool(words) and rows.isdisjoint(words) and share_of(words, above) >= _MIN_NAMED


def rows_of_longer_names(asked: Collection[str], passage: Passage, language: str | None) -> set[int]:
    """Return the positions of rows whose label has more words than a row that is named in full by the same words.

    "Operating expenses" names that row, and not "Other operating expenses".

    Args:
        asked: The terms of a question.
        passage: A passage with rows of a table.
        language: Its language.
    """
    labels = {
        position: frozenset(terms(row_label(passage.text_of(sentence)), language))
        for position, sentence in enumerate(passage.sentences)
        if sentence.wording
    }
    named = {label for label in labels.values() if label and label <= frozenset(asked)}
    return {
        position
        for position, label in labels.items()
        if not label <= frozenset(asked) and any(label & frozenset(asked) == name for name in named)
    }


def share_of(weights: Mapping[str, float], present: Collection[str]) -> float:
    """Return the share of weighted terms that are present."""
    return sum(weight for term, weight in weights.items() if term in present) / (sum(weights.values()) or 1.0)


def superlative_direction(question: str) -> int:
    """Return 1 if a question asks for what has the most of something, -1 for the least, 0 for neither."""
    if _ASKS.search(question) is None or _TOP_OF_COUNT.search(question) is not None:
        return 0
    most, least = _MOST.search(question) is not None, _LEAST.search(question) is not None
    return most - least


def find_extreme_rows(question: str, weights: Mapping[str, float], hits: Sequence[Hit]) -> Mapping[int, int]:
    """Return the positions of the sentences that are rows with the largest or smallest figure, by the place of the hit.

    Passages that are parts of one table are compared with each other: only one of them has such a row.

    Args:
        question: The question; without a superlative the result is empty.
        weights: The question's terms with their idf.
        hits: The passages that may have rows of tables.
    """
    direction = superlative_direction(question)
    if not direction:
        return {}
    tables: dict[tuple[str, str], list[tuple[float, int, int]]] = defaultdict(list)
    for place, hit in enumerate(hits):
        passage = hit.stored.passage
        if (row := _extreme_row(question, direction, weights, passage, hit.document.language)) is not None:
            tables[passage.document, passage.header].append((direction * row[1], place, row[0]))
    largest = [max(rows) for rows in tables.values()]
    return {place: position for _, place, position in largest}


def _extreme_row(
    question: str, direction: int, weights: Mapping[str, float], passage: Passage, language: str | None
) -> tuple[int, float] | None:
    """Return the position of the row with the largest or smallest figure, and the figure; None without such a row."""
    # reads figures in all languages, and few questions have a superlative
    from qa.editions.figures.quantities import find_quantities, header_cells

    header = passage.header or passage.prefix
    columns: dict[int, dict[int, float]] = defaultdict(dict)
    heads: dict[int, str] = {}
    labels: list[str] = []
    for position, sentence in enumerate(passage.sentences):
        text = passage.text_of(sentence)
        if not sentence.wording or is_total(sentence, text):
            continue
        labels.append(sentence.wording)
        for quantity in find_quantities(text, language, header=header):
            if quantity.kind == "ordinal":
                continue
            cells, column = header_cells(text, quantity.start, header)
            columns[column].setdefault(position, quantity.value)
            heads.setdefault(column, cells[column] if 0 < column < len(cells) else "")
    columns = {column: values for column, values in columns.items() if len(values) >= _MIN_ROWS}
    asking = set(terms(question, language)) - set(terms(_SUPERLATIVE.sub(" ", question), language))
    named = {term: weight for term, weight in weights.items() if term not in asking and not _HIRAGANA.search(term)}
    if not columns or not _is_about(named, " ".join((passage.prefix, header, *labels)), language):
        return None
    values = columns[max(columns, key=lambda column: (*_fit(question, heads[column], language), -column))]
    best = max(values, key=lambda position: direction * values[position])
    return (best, values[best]) if list(values.values()).count(values[best]) == 1 else None


def _is_about(weights: Mapping[str, float], table: str, language: str | None) -> bool:
    in_table = roots(terms(table, language))
    named = [term for term in weights if term[:ROOT] in in_table]
    return share_of(weights, named) >= _MIN_NAMED_FOR_EXTREME


def _fit(question: str, head: str, language: str | None) -> tuple[int, int]:
    """Return how many words of a question the head of a column has, and its latest year, 0 if another is asked for."""
    years = {year for mention in parse_years(head) for year in mention.years}
    shared = len(roots(terms(question, language)) & roots(terms(head, language)))
    return shared, max(years, default=0)


def row_label(text: str) -> str:
    """Return the label of a row: its first cell."""
    return text.strip("| \t").split("|")[0].strip()
