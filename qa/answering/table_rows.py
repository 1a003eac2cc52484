"""Find the row of a table that a question asks for without naming it: the total, or that with the largest figure.

"How many burglaries were there?" asks for the row of totals, "Which port landed the most cod?" for the largest figure.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from corpus.metadata.years import parse_years, written_years
from corpus.records import Passage, Sentence
from corpus.scripts import HIRAGANA
from index.lexical.analysis import ROOT, roots, terms
from index.ranking.search import Hit
from qa.answering.superlatives import (
    SUPERLATIVE,
    asks_for_share,
    asks_for_time,
    column_sense,
    has_superlative,
    is_keywords,
    superlative_direction,
)
from qa.editions.figures.labels import TOTAL_LABEL
from qa.question.answer_type import WHEN, WHERE, WHO, WHY

_NO_TOTAL = re.compile(rf"{WHO}|{WHERE}|{WHEN}|{WHY}|何(?!件|人|社|校|隻|台|回|円|羽|本|枚|戸|トン)", re.IGNORECASE)
"""A word of a question that no total answers; 何件 and the like ask for a number."""

_MIN_NAMED = 0.6
"""Minimum share of the question's words, by weight, in the headings of a table that the question is about."""

_HIRAGANA = re.compile(f"[{HIRAGANA}]")
"""In a pair of letters with one, a particle follows or precedes a word: 量が of 降水量が."""

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

_MIN_YEARS = 2
"""Minimum number of years with a figure of which one is called the largest or smallest."""

_MIN_NAMED_FOR_MEASURE = 0.8
"""Minimum share of the question's words in a sentence that measures what they name: "The harvest was 18 tonnes"."""

_COMMON_WORD = 0.1
"""Weight of a word in the head of a column that the caption or the headings of the table have, too."""

_YEAR_CELL = re.compile(r"(?<![^|\s])1[0-9]{3}(?![^|\s])|(?<![^|\s])20[0-9]{2}(?![^|\s])")
"""A cell of a row, or a part of it, that is a year."""

_ONLY_ROOT = 0.9
"""Weight of a word of which the head of a column has another form: "members" of "membership fee"."""

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
    asking = set(terms(question, language)) - set(terms(SUPERLATIVE.sub(" ", question), language))
    named = {term: weight for term, weight in weights.items() if term not in asking and not term.isdigit()}
    return items[0][0] if _is_about(named, f"{passage.prefix} {passage.text}", language) else None


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


def find_extreme_rows(question: str, weights: Mapping[str, float], hits: Sequence[Hit]) -> Mapping[int, int]:
    """Return the positions of the sentences that are rows with the largest or smallest figure, by the place of the hit.

    Passages that are parts of one table are compared with each other: only one of them has such a row. Where a question
    asks for a year, the figures of the row that it names are compared, in columns of years and in the editions of a
    series, and so are sentences of these that count the same.

    Args:
        question: The question; without a superlative the result is empty.
        weights: The question's terms with their idf.
        hits: The passages that may have rows of tables.
    """
    direction = superlative_direction(question)
    if not direction:
        return {}
    if asks_for_time(question) or is_keywords(question):
        of_years = _extreme_of_years(question, direction, weights, hits)
        if of_years is not None:
            return dict([of_years])
    tables: dict[tuple[str, str], list[tuple[float, int, int]]] = defaultdict(list)
    for place, hit in enumerate(hits):
        passage = hit.stored.passage
        if (row := _extreme_row(question, direction, weights, passage, hit.document.language)) is not None:
            tables[passage.document, passage.header].append((row[1], place, row[0]))
    largest = [max(rows) for rows in tables.values()]
    return {place: position for _, place, position in largest}


class _Column(NamedTuple):
    """A column of a table: its head, and its figures by the positions of their rows."""

    head: str
    values: dict[int, float]


def _columns(passage: Passage, language: str | None, question: str, *, with_totals: bool = False) -> dict[int, _Column]:
    """Return the columns of the tables of a passage by their places, without totals unless these are wanted.

    Years are figures only if the superlative of the question is of them: "built" for "oldest".
    """
    # reads figures in all languages, and few questions have a superlative
    from qa.editions.figures.quantities import find_quantities, header_cells

    header = passage.header or passage.prefix
    columns: dict[int, _Column] = {}
    for position, sentence in enumerate(passage.sentences):
        text = passage.text_of(sentence)
        if not sentence.wording or (is_total(sentence, text) and not with_totals):
            continue
        figures = [
            (quantity.start, quantity.value)
            for quantity in find_quantities(text, language, header=header)
            if quantity.kind != "ordinal"
        ]
        figures += [(year.start(), float(year[0])) for year in _YEAR_CELL.finditer(text)]
        for start, value in figures:
            cells, place = header_cells(text, start, header)
            head = cells[place] if 0 < place < len(cells) else ""
            if _YEAR_CELL.match(text, start) is None or column_sense(question, head) == -1:
                columns.setdefault(place, _Column(head, {})).values.setdefault(position, value)
    return columns


def _extreme_row(
    question: str, direction: int, weights: Mapping[str, float], passage: Passage, language: str | None
) -> tuple[int, float] | None:
    """Return the position of the row with the most or the least, and its figure, the greatest of all in its sense.

    None without such a row.
    """
    columns = {
        place: column
        for place, column in _columns(passage, language, question).items()
        if len(column.values) >= _MIN_ROWS
    }
    labels = [sentence.wording for sentence in passage.sentences if sentence.wording]
    header = passage.header or passage.prefix
    if not columns or not _is_about(
        _named(question, weights, language), f"{passage.prefix} {header} {labels}", language
    ):
        return None
    if asks_for_time(question) and not any(
        parse_years(row_label(passage.text_of(sentence))) for sentence in passage.sentences if sentence.wording
    ):
        return None
    senses = {place: column_sense(question, column.head) for place, column in columns.items()}
    heads = [column.head for column in columns.values()]
    if not any(senses.values()) and None not in senses.values():
        caption = column_sense(question, passage.header.rpartition("\n")[0] or passage.prefix)
        if not caption and any(head and not parse_years(head) for head in heads):
            return None  # the table has figures of other properties only
        senses = dict.fromkeys(senses, caption or 1)
    elif any(senses.values()):
        columns = {place: column for place, column in columns.items() if senses[place]}
    common = roots(terms(f"{passage.prefix} {header.rpartition(chr(10))[0]}", language))
    fits = {place: _fit(question, column.head, heads, common, language) for place, column in columns.items()}
    best_column = max(columns, key=lambda place: (*fits[place], -place))
    values, sense = columns[best_column].values, direction * (senses[best_column] or 1)
    best = max(values, key=lambda position: sense * values[position])
    return (best, sense * values[best]) if list(values.values()).count(values[best]) == 1 else None


def _extreme_of_years(
    question: str, direction: int, weights: Mapping[str, float], hits: Sequence[Hit]
) -> tuple[int, int] | None:
    """Return the place of the hit and the position of the row or sentence with the figure of the year asked for."""
    found: dict[tuple[str, str, str], list[_OfYear]] = defaultdict(list)
    for place, hit in enumerate(hits):
        own = [*_figures_of_named_row(question, weights, place, hit)]
        for key, figure in own or _counted_in_sentence(question, weights, place, hit):
            found[key].append(figure)
    best: tuple[float, int, _OfYear] | None = None
    for figures in found.values():
        if len({figure.year for figure in figures}) < _MIN_YEARS:
            continue
        extreme = max(direction * figure.value for figure in figures)
        first = [figure for figure in figures if direction * figure.value == extreme]
        if len({figure.year for figure in first}) > 1:
            continue
        chosen = max(first, key=lambda figure: (figure.is_own_year, -figure.place))
        rank = (chosen.share, len(figures), chosen)
        if best is None or rank[:2] > best[:2]:
            best = rank
    return (best[2].place, best[2].position) if best is not None else None


class _OfYear(NamedTuple):
    """A figure of a year, in the row or sentence at a position of the hit at a place.

    `is_own_year` says whether its document is about that year, `share` how much of the question the row names.
    """

    value: float
    year: int
    is_own_year: bool
    share: float
    place: int
    position: int


def _figures_of_named_row(
    question: str, weights: Mapping[str, float], place: int, hit: Hit
) -> Iterator[tuple[tuple[str, str, str], _OfYear]]:
    """Yield the figures of rows that a question names, by series, row and column ("" for columns of years).

    These are those of totals, in a column that it names, where it names no row: "When was the harvest largest?".
    """
    passage, language, document = hit.stored.passage, hit.document.language, hit.document
    named = _named(question, weights, language)
    asked, columns = roots(named), _columns(passage, language, question, with_totals=True)
    heads = [column.head for column in columns.values()]
    common = roots(terms(f"{passage.prefix} {passage.header.rpartition(chr(10))[0]}", language))
    covered = document.covers[1] if document.covers is not None else None
    labels = {
        position: (terms(row_label(text), language), is_total(sentence, text))
        for position, sentence in enumerate(passage.sentences)
        for text in [passage.text_of(sentence)]
        if sentence.wording
    }
    rows = [position for position, (label, _) in labels.items() if label and roots(label) <= asked]
    totals = [position for position, (_, of_all) in labels.items() if of_all and asks_for_time(question)]
    for position in rows or totals:
        (label, of_all), sentence = labels[position], passage.sentences[position]
        figures = {number: column for number, column in columns.items() if position in column.values}
        table = f"{passage.prefix} {passage.header} {sentence.wording}"
        in_table = roots(terms(table, language))
        share = share_of(named, [term for term in named if term[:ROOT] in in_table])
        of_years = {number: _single_year(column.head) for number, column in figures.items()}
        if any(of_years.values()) and (share >= _MIN_NAMED_FOR_EXTREME or not of_all):
            for number, year in of_years.items():
                if year is not None:
                    value = figures[number].values[position]
                    figure = _OfYear(value, year, covered == year, share, place, position)
                    yield (document.series or document.id, " ".join(label), ""), figure
        elif figures and covered is not None and share >= _MIN_NAMED_FOR_EXTREME:
            fits = {number: _fit(question, columns[number].head, heads, common, language) for number in figures}
            number = max(figures, key=lambda number: (*fits[number], -number))
            head, value = columns[number].head, figures[number].values[position]
            if of_all and not fits[number][0]:
                continue
            figure = _OfYear(value, covered, True, share, place, position)
            yield (document.series or document.id, " ".join(label), head.casefold()), figure


def _counted_in_sentence(
    question: str, weights: Mapping[str, float], place: int, hit: Hit
) -> Iterator[tuple[tuple[str, str, str], _OfYear]]:
    """Yield the number of what a question names in the sentence of a passage with most of its words."""
    from qa.editions.figures.quantities import find_quantities

    passage, language, document = hit.stored.passage, hit.document.language, hit.document
    if document.series is None or document.covers is None:
        return
    named = _named(question, weights, language)
    asked = roots(named)
    own_years = {*range(document.covers[0], document.covers[1] + 1)}
    found: list[tuple[float, int, float, str]] = []
    for position, sentence in enumerate(passage.sentences):
        text = passage.text_of(sentence)
        superlative = any(has_superlative(text, direction) for direction in (1, -1))
        if sentence.wording or not (superlative or written_years(text) <= own_years):
            continue  # "the fewest since 2008" is about the year of the document
        present = roots(terms(text, language))
        share = share_of(named, [term for term in named if term[:ROOT] in present])
        for quantity in find_quantities(text, language):
            noun = terms(quantity.counted or quantity.unit, language)
            is_named = bool(noun) and roots(noun) <= asked and share >= _MIN_NAMED_FOR_EXTREME
            is_measured = bool(noun) and share >= _MIN_NAMED_FOR_MEASURE and not superlative
            if quantity.kind in ("count", "money") and (is_named or is_measured):
                found.append((share, -position, quantity.value, " ".join(noun)))
                break
    if found:
        share, position, value, counted = max(found)
        yield (document.series, counted, "."), _OfYear(value, document.covers[1], True, share, place, -position)


def _single_year(head: str) -> int | None:
    """Return the only year that the head of a column names, the last one of a year such as 2019/20."""
    mentions = parse_years(head)
    return max(mentions[0].years, default=None) if len(mentions) == 1 else None


def _named(question: str, weights: Mapping[str, float], language: str | None) -> dict[str, float]:
    """Return the terms of a question that name something, without those that ask."""
    asking = set(terms(question, language)) - set(terms(SUPERLATIVE.sub(" ", question), language))
    return {term: weight for term, weight in weights.items() if term not in asking and not _HIRAGANA.search(term)}


def _is_about(weights: Mapping[str, float], table: str, language: str | None) -> bool:
    in_table = roots(terms(table, language))
    named = [term for term in weights if term[:ROOT] in in_table]
    return share_of(weights, named) >= _MIN_NAMED_FOR_EXTREME


def _fit(
    question: str, head: str, heads: Sequence[str], common: Collection[str], language: str | None
) -> tuple[float, bool, int]:
    """Return how well the head of a column tells what a question asks for, and its latest year.

    A word that few heads have tells more than one of many of them, or of the caption and the headings (`common`): of
    "bells" and "cracked bells" in a table of bells, the column "Cracked" is of the latter.
    """
    asked = roots(terms(question, language))
    words = [roots(terms(other, language)) for other in heads]
    in_full = roots({*terms(question, language)} & {*terms(head, language)})
    telling = sum(
        (1.0 if word in in_full else _ONLY_ROOT)
        * (_COMMON_WORD if word in common else 1.0)
        / sum(word in other for other in words)
        for word in asked & roots(terms(head, language))
    )
    years = {year for mention in parse_years(head) for year in mention.years}
    return round(telling, 6), asks_for_share(question, head), max(years, default=0)


def row_label(text: str) -> str:
    """Return the label of a row: its first cell."""
    return text.strip("| \t").split("|")[0].strip()
