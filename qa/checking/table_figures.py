"""What several rows of a table of the source tell together: the greatest and the least of a column, sums, and how many.

"Ashby received the most calls", "Ashby and Colne together received 85,700", "the five stations".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from corpus.vocabulary import ORDINALS
from index.lexical.analysis import terms
from qa.checking.claims import Claim, DescribedFigures, caption_terms, column_of, head_terms, label_terms, stems_of
from qa.checking.figure_relations import have_same_unit, holds, is_total
from qa.checking.goals import better_direction
from qa.editions.figures.labels import MEASURE_WORDS
from qa.editions.figures.number_words import UNIT_SIZES
from qa.editions.figures.sentence_figures import Figure

_RANKS = {
    "en": {word: rank for word, rank in ORDINALS.items() if 2 <= rank <= 10},
    "de": {word: rank for rank, word in enumerate("zweit dritt viert fünft sechst siebt acht neunt zehnt".split(), 2)},
    "fr": {f"{word}ième": rank for rank, word in enumerate("deux trois quatr cinqu six sept huit neuv dix".split(), 2)},
    "es": {
        f"{word}{ending}": rank
        for rank, word in enumerate("segund tercer cuart quint sext séptim octav noven décim".split(), 2)
        for ending in (("o", "a", "") if word == "tercer" else ("o", "a"))
    },
}
RANK_WORDS = {language: "|".join(words) for language, words in _RANKS.items()}
"""By language, alternatives for the ordinals before a superlative: "third warmest", "zweithöchste"."""


def rank_of(ordinal: str | None) -> int:
    """Return the rank of a superlative from one of the `RANK_WORDS` before it; 1 without one."""
    word = (ordinal or "").casefold()
    return next((ranks[word] for ranks in _RANKS.values() if word in ranks), 1)


_NOT_AMONG_ALL = (
    "".join(rf"(?<!{word}[\s-])" for language in ("en", "fr", "es") for word in _RANKS[language])
    + r"(?<!one\sof\sthe\s)(?<!among\sthe\s)"
)
SUPERLATIVE = re.compile(
    rf"(?<!\w){_NOT_AMONG_ALL}(?:(?P<most>(?<!at\s)most|highest|largest|biggest|greatest|longest|busiest|sunniest|wettest|warmest|hottest|heaviest|meisten|höchste[nrsm]?|größte[nrsm]?|längste[nrsm]?"
    r"|l[ea]s?\s+plus\s+(?:de\s+|d['’])?(?:élevée?s?|haute?s?|fortes?|grands?|grandes?|longs?|longues?|nombreu(?:x|ses))|l[ea]\s+plus\s+d(?:e\s|['’])"
    r"|más\s+(?:alt|larg|elevad|grande|numeros)\w*|(?:la|el)\s+mayor|più\s+(?:alt|lung|elevat|grand)\w*|(?:il|la)\s+maggiore?|mais\s+(?:alt|long|elevad)\w*|[oa]\s+maior"
    r"|hoogste|grootste|langste|(?:de|het)\s+meeste)"
    r"|(?P<least>fewest|lowest|smallest|shortest|driest|coldest|quietest|(?<!at\s)least|wenigsten|niedrigste[nrsm]?|geringste[nrsm]?|kleinste[nrsm]?|kürzeste[nrsm]?"
    r"|l[ea]s?\s+plus\s+(?:basse?s?|faibles?|petite?s?|courte?s?)|l[ea]\s+moins\s+(?:d(?:e\s|['’])|élevée?s?)|más\s+(?:baj|cort|pequeñ)\w*|(?:la|el)\s+menor"
    r"|più\s+(?:bass|cort|brev|piccol)\w*|(?:il|la)\s+minore?|mais\s+(?:baix|curt)\w*|laagste|kleinste|kortste|(?:de|het)\s+minste)"
    r"|(?P<slowest>slowest|langsamste[nrsm]?|l[ea]s?\s+plus\s+lente?s?|más\s+lent\w*)|(?P<fastest>fastest|quickest|schnellste[nrsm]?|l[ea]s?\s+plus\s+rapides?|más\s+rápid\w*)"
    r"|(?P<best>best|beste[nrsm]?|l[ea]s?\s+meilleure?s?|mejor(?:es)?|miglior[ei]?|melhor(?:es)?)"
    r"|(?P<worst>worst|schlechteste[nrsm]?|l[ea]s?\s+pires?|peor(?:es)?|peggior[ei]?|pior(?:es)?))(?!\w)(?!\s+(?:since|ever|on\s+record|in\s+\w+\s+years|of\s+(?:its|the)\s+(?:year|kind)|seit|jemals|depuis|desde|dal|sinds)\b)",
    re.IGNORECASE,
)
"""A superlative of an amount, of time that passes, or of what may be either end."""

_OF_FIGURE = re.compile(
    r"(?:busiest|sunniest|wettest|warmest|hottest|heaviest|driest|coldest|quietest)\b"
    r"|\w+\s+(?:amounts?|numbers?|totals?|shares?|figures?|quantit(?:y|ies)|volumes?|proportions?)\b"
    r"|\w+\s+(?:Zahl|Menge|Anteil|Summe|Wert)\b",
    re.IGNORECASE,
)
"""A superlative of the amount itself, whatever it counts."""

_ORDINAL = re.compile(
    rf"(?<!\w)({RANK_WORDS['en']}|{RANK_WORDS['de']})[\s-]*(?=(?:most|least|fewest|[a-z]{{3,}}est|[a-zäöü]{{3,}}ste[nrsm]?)(?!\w))",
    re.IGNORECASE,
)
"""The ordinal before a superlative."""

_NEAR_WORDS = 3
"""Words beside a superlative that name the column it is of."""

_MIN_ROWS = 2
"""Other rows, at least, that a superlative is compared with."""

IN_ALL = re.compile(
    r"(?<!\w)(?:in\s+all|altogether|together|(?:in\s+)?total(?:\s+of)?|combined|between\s+them|insgesamt|zusammen|gemeinsam|au\s+total|en\s+tout|ensemble|réunis|à\s+eux"
    r"|en\s+total|juntos|juntas|en\s+conjunto|in\s+tutto|in\s+totale|complessivamente|insieme|ao\s+todo|no\s+total|in\s+totaal|samen)(?!\w)|合計|合わせて|計(?!画)",
    re.IGNORECASE,
)
"""Words for a sum."""

_MIN_DIGITS, _MAX_ROWS = 3, 40
"""Digits of a figure that is seldom equal to the sum of a column by chance, and rows of a table that are added."""


def not_extreme(figure: Figure, claim: Claim, same: Sequence[Figure], stated: DescribedFigures) -> Figure | None:
    """Return a cell that shows that an equal one is not the greatest or least of its column, as the claim says.

    Args:
        figure: The figure of the claim.
        claim: Its sentence.
        same: The equal figures of the source.
        stated: The figures of the source.
    """
    ordinal = _ORDINAL.search(figure.sentence.text)
    rank = rank_of(ordinal and ordinal[1])
    found = list(SUPERLATIVE.finditer(_ORDINAL.sub(lambda match: " " * len(match[0]), figure.sentence.text)))
    if len(found) != 1 or claim.is_translated:
        return None
    shown: Figure | None = None
    for equal in same:
        if not equal.sentence.header or is_total(equal) or not label_terms(equal, claim.language) & claim.words:
            return None
        if not _is_of_column(found[0], figure, equal, claim):
            return None
        others = _rows_beside(equal, stated)
        if len(others) < _MIN_ROWS:
            return None
        greater = max(others, key=lambda each: each.quantity.value)
        less = min(others, key=lambda each: each.quantity.value)
        more = sum(each.quantity.value > equal.quantity.value for each in others)
        fewer = sum(each.quantity.value < equal.quantity.value for each in others)
        is_greatest, is_least = more == rank - 1, fewer == rank - 1
        sense = _sense(found[0], equal, figure.sentence.text)
        if (sense > 0 and is_greatest) or (sense < 0 and is_least) or (sense == 0 and (is_greatest or is_least)):
            return None
        shown = shown or (less if sense < 0 else greater)
    return shown


def _sense(superlative: re.Match[str], cell: Figure, text: str) -> int:
    """Return 1 for the greatest of a column, -1 for the least, 0 for a superlative that may mean either."""
    kind = superlative.lastgroup
    if kind in ("most", "least"):
        return 1 if kind == "most" else -1
    if kind in ("best", "worst"):
        better = better_direction(column_of(cell)[1]) or better_direction(text)
        return better if kind == "best" else -better
    if not _is_time(cell):
        return 0
    return 1 if kind == "slowest" else -1


def _is_time(cell: Figure) -> bool:
    """Return whether the head of a cell's column, or what the cell counts, names time or a unit of it."""
    words = re.findall(r"[^\W\d_]{3,}", f"{column_of(cell)[1]} {cell.quantity.counted}".casefold())
    return any(word in _TIME or UNIT_SIZES.get(word, ("", 0))[0] == "time" for word in words)


_TIME = frozenset("time times zeit zeiten temps tiempo tiempos tempo tempi tijd".split())


def _is_of_column(superlative: re.Match[str], figure: Figure, cell: Figure, claim: Claim) -> bool:
    """Return whether the words beside a superlative name the column of a cell or what the figure counts.

    "The smallest amount" and "the busiest" are of the only figure of a sentence.
    """
    text, language = figure.sentence.text, claim.language
    alike = [each for each in claim.figures.all if each.quantity.kind == figure.quantity.kind]
    if len(alike) == 1 and _OF_FIGURE.match(text, superlative.start()) is not None:
        return True
    before = re.findall(r"[^\W\d_]+", text[: superlative.start()])[-_NEAR_WORDS:]
    after = re.findall(r"[^\W\d_]+", text[superlative.end() :])[:_NEAR_WORDS]
    if re.search(r"(?<!\w)am\s+$", text[: superlative.start()]) is not None:  # German "am höchsten"
        before = re.findall(r"[^\W\d_]+", text[: superlative.start()])
    beside = stems_of(" ".join([*before, *after]), language)
    head = head_terms(cell, language) or caption_terms(cell, language)
    named = head | frozenset(terms(figure.quantity.counted, language))
    return not beside.isdisjoint(named)


def _rows_beside(cell: Figure, stated: DescribedFigures) -> list[Figure]:
    """Return the cells of other rows of a column, without totals."""
    others = [each for each in stated.in_column_of(cell) if not is_total(each) and have_same_unit(each, cell)]
    values = [each.quantity.value for each in (cell, *others)]
    total = sum(values)
    return [
        each for each in others if abs(2 * each.quantity.value - total) > 0.01 * abs(total) or len(values) <= _MIN_ROWS
    ]


def sum_of_rows(figure: Figure, claim: Claim, stated: DescribedFigures, near: Iterable[Figure]) -> Figure | None:
    """Return a cell from which and others of its column a figure follows as their sum.

    They are all rows of the table, or those that the claim names with a word for a sum: "Ashby and Colne together".

    Args:
        figure: A figure that the source does not state.
        claim: Its sentence.
        stated: The figures of the source.
        near: Cells of it that may be of the subject of the claim.
    """
    is_sum = IN_ALL.search(figure.sentence.text) is not None
    digits = len(re.sub(r"\D", "", figure.quantity.text))
    for column in _columns(near, stated):
        if figure.quantity.kind not in (column[0].quantity.kind, "money"):
            continue
        named = [each for each in column if (label := label_terms(each, claim.language)) and label <= claim.words]
        is_named = _is_named(column[0], claim, stated)
        if is_sum and len(named) >= _MIN_ROWS and is_named and _is_sum(figure, named):
            return named[0]
        is_certain = is_named and (is_sum or digits >= _MIN_DIGITS) and len(column) > max(_MIN_ROWS, len(named))
        if is_certain and _is_sum(figure, column):
            return column[0]
    return None


def _is_named(cell: Figure, claim: Claim, stated: DescribedFigures) -> bool:
    """Return whether a claim has the words of the head of a column, and none that only the head of another has."""
    language = claim.language
    own = head_terms(cell, language) - stems_of(" ".join(MEASURE_WORDS), language)
    heads = [own, *(head_terms(each, language) for each in stated.beside(cell))]
    others = frozenset[str]().union(*heads) - own - label_terms(cell, language)
    return bool(own & claim.words) and others.isdisjoint(claim.words)


def _is_sum(figure: Figure, cells: Sequence[Figure]) -> bool:
    total = sum(cell.quantity.value for cell in cells)
    return holds(figure, cells[0].with_value(total))


def _columns(near: Iterable[Figure], stated: DescribedFigures) -> Iterator[list[Figure]]:
    """Yield the cells of each column of the tables of some cells, without totals, each column once."""
    seen: set[tuple[str, int]] = set()
    for cell in near:
        place = (cell.sentence.header, column_of(cell)[0])
        if not cell.sentence.header or place in seen or is_total(cell):
            continue
        seen.add(place)
        column = [cell, *(each for each in stated.in_column_of(cell) if not is_total(each))]
        if len(column) <= _MAX_ROWS:
            yield sorted(column, key=lambda each: each.position)


def number_of_rows(figure: Figure, claim: Claim, stated: DescribedFigures, near: Iterable[Figure]) -> Figure | None:
    """Return a cell of a table that has as many rows as a figure counts: "the five stations".

    What the figure counts is the head of the column of labels, or a word of each label.
    """
    amount = figure.quantity
    if amount.kind != "count" or amount.bound or amount.upper is not None or not _MIN_ROWS <= amount.value <= _MAX_ROWS:
        return None
    counted = frozenset(terms(amount.counted, claim.language))
    for column in _columns(near, stated):
        if len({cell.sentence.text for cell in column}) != amount.value:
            continue
        head = stems_of(column[0].sentence.header.strip("| ").split("|")[0], claim.language)
        labels: list[Collection[str]] = [label_terms(cell, claim.language) for cell in column]
        if counted & head or (counted and all(counted & frozenset(label) for label in labels)):
            return column[0]
    return None
