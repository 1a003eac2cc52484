"""Shares that a draft calculates from a source: of the whole in the same sentence, of a total, of the sum of some rows.

"Seven in ten passengers" follows from "612,000 passengers, of whom 431,000 travelled to Bergen", "41 per cent of all
cargo" from the rows "Containers | 17.2" and "Total | 41.8".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from index.lexical.analysis import terms
from qa.checking.calculated_figures import find_calculation, rounds_to
from qa.checking.claims import Claim, DescribedFigures, clause_of, column_of, is_part, sentence_terms_of
from qa.checking.figure_relations import (
    change_of,
    end_of_change,
    is_amount_of_change,
    is_share_in_words,
    is_total,
)
from qa.checking.quotation_matching import negation_change
from qa.editions.figures.changes import BEFORE_AMOUNT, MORE_THAN, REACH, begins_change
from qa.editions.figures.measures import find_measure
from qa.editions.figures.number_words import OF_THE
from qa.editions.figures.sentence_figures import Figure, are_opposite, is_in_earlier_column

_MAX_FIGURES = 24
"""Figures of a sentence or of a column, at most, that are taken for parts and wholes."""

_MAX_PARTS = 40
"""Figures of a source, at most, that are taken for parts."""

_MIN_ROWS = 3
"""Rows of a column, at least, whose sum is taken for a whole."""

_MIN_NAMED = 0.5
"""Share of the words that a sentence says of a part alone that name it."""

_PER_CENT = 100

_OF_WHOLE_BEFORE = re.compile(
    r"(?:^|[,;:(]\s*)\W*(?:(?:out\s+)?of|from|von|sur|parmi|des|de|dei|delle|degli|dos|das|van|av|af)\s+"
    r"(?:(?:the|all|its|their|den|insgesamt|les|nos|los|las|sus|de|i|le)\s+)?$",
    re.IGNORECASE,
)
"""Before a whole at the beginning of a sentence or clause: "Of the 612 complaints, 157", "Sur 612 plaintes, 157"."""

_FURTHER = re.compile(
    rf"\b(?:another|a\s+further|further|weitere|d['’]autres|autres|otr[oa]s|altr[ie]|outr[oa]s|nog\s+eens)\s+{BEFORE_AMOUNT}$",
    re.IGNORECASE,
)
"""Before another part of the same whole: "nine of the 32 were slips, another eight"."""

_OF_ALL = re.compile(
    r"\b(?:of\s+(?:all|the\s+(?:total|whole))|aller|(?:der|des)\s+gesamten|von\s+allen|de\s+(?:tou[st]e?s?)|(?:du|de\s+l[ea])\s+total|del?\s+total|de\s+tod[oa]s|di\s+tutt[ie]|del\s+totale"
    r"|van\s+(?:alle|het\s+totaal)|de\s+todas?|do\s+total|accounted?\s+for|ma(?:de|kes?)\s+up|représent\w+|entfiel\w*|entfall\w*|supus\w+|supon\w+)\b",
    re.IGNORECASE,
)
"""Words that make a percentage the share of all that a table adds up."""


def share_of_whole(
    figure: Figure, claim: Claim, stated: DescribedFigures, near: Sequence[Figure]
) -> tuple[bool, Figure] | None:
    """Return whether a percentage is the share of a part in its whole, and the part; None if neither is certain.

    It is certainly wrong if the sentence that names part and whole, or the row and the total of the column, give
    another share.

    Args:
        figure: A percentage of the draft.
        claim: Its sentence.
        stated: The figures of the source.
        near: Those of sentences and rows near to the claim, the nearest first.
    """
    if not _may_be_share(figure):
        return None
    for other in near[:_MAX_PARTS]:
        if _is_complement(figure, other, claim):
            return True, other
    wrong: Figure | None = None
    for part, whole, is_certain in _pairs(figure, claim, stated, near[:_MAX_PARTS]):
        share = _PER_CENT * part.quantity.value / whole
        is_rest = _is_rest(figure, part, claim)
        if rounds_to(figure.quantity, _PER_CENT - share if is_rest else share):
            return True, part
        if is_certain and not is_rest:
            wrong = wrong or part
    return (False, wrong) if wrong is not None else None


def _is_complement(figure: Figure, other: Figure, claim: Claim) -> bool:
    """Return whether a percentage of the source leaves that of a claim: "60 per cent were admissible"."""
    stated_share = other.quantity
    if other.sentence.header or (stated_share.kind, stated_share.unit) != ("percent", "%") or change_of(other):
        return False
    is_named = bool(sentence_terms_of(other, claim.language) & claim.words_of(figure))
    is_named = is_named or are_opposite(figure.directions, other.directions)
    return is_named and _is_rest(figure, other, claim) and rounds_to(figure.quantity, _PER_CENT - stated_share.value)


def _may_be_share(figure: Figure) -> bool:
    """Return whether a figure of a draft is a percentage that is no change."""
    amount, text = figure.quantity, figure.sentence.text
    if (amount.kind, amount.unit) != ("percent", "%") or amount.upper is not None or figure.sentence.header:
        return False
    if is_amount_of_change(figure) or MORE_THAN.match(text, amount.end) is not None:
        return False
    return not begins_change(text, amount.start, amount.end)


def _pairs(
    figure: Figure, claim: Claim, stated: DescribedFigures, near: Sequence[Figure]
) -> Iterator[tuple[Figure, float, bool]]:
    """Yield parts that the claim names with their wholes, and whether the claim surely means these."""
    for part in near:
        if part.quantity.kind not in ("count", "money") or part.quantity.value <= 0 or part.quantity.upper is not None:
            continue
        if part.sentence.header:
            yield from _of_column(figure, part, claim, stated)
        elif not change_of(part) and end_of_change(part) != "from":
            yield from _of_sentence(figure, part, claim, stated)


def _of_sentence(
    figure: Figure, part: Figure, claim: Claim, stated: DescribedFigures
) -> Iterator[tuple[Figure, float, bool]]:
    for whole in _wholes_of_sentence(part, stated):
        if whole.quantity.value <= part.quantity.value or not _have_common_unit(part, whole):
            continue
        counted = frozenset(terms(whole.quantity.counted, claim.language))
        words = stated.clause_words(part) - counted
        own = words - stated.clause_words(whole) or words
        named = own & claim.words
        is_of_whole = not counted or bool(counted & claim.words)
        if claim.is_translated or named or are_opposite(figure.directions, part.directions):
            is_certain = (
                not claim.is_translated
                and is_share_in_words(figure.quantity)
                and is_of_whole
                and bool(counted)
                and len(named) >= max(1, _MIN_NAMED * len(own))
            )
            yield part, whole.quantity.value, is_certain


def _wholes_of_sentence(part: Figure, stated: DescribedFigures) -> list[Figure]:
    """Return the wholes of which a sentence, or the one before it, says that a figure is a part."""
    text, beside = part.sentence.text, stated.beside(part)[:_MAX_FIGURES]
    whole = stated.whole_of(part)
    if whole is not None:
        return [whole]
    wholes = []
    for other in beside:
        start, end = other.quantity.start, other.quantity.end
        is_after = OF_THE.fullmatch(text, part.quantity.end, start) is not None
        is_first = end <= part.quantity.start and _OF_WHOLE_BEFORE.search(text, 0, start) is not None
        is_same_unit = bool(other.quantity.counted) and other.quantity.counted == part.quantity.counted
        if other != part and (is_after or is_first or is_same_unit):
            wholes.append(other)
    if not wholes and _FURTHER.search(text, max(0, part.quantity.start - REACH), part.quantity.start) is not None:
        wholes = [b for a, b in pairwise(beside) if OF_THE.fullmatch(text, a.quantity.end, b.quantity.start)]
    if not wholes and beside and beside[0] == part and is_part(part):
        wholes = list(stated.in_previous_sentence(part))[:_MAX_FIGURES]
    return wholes


def _have_common_unit(part: Figure, whole: Figure) -> bool:
    """Return whether a part and a whole have a common unit: the same measure or currency, or none."""
    a, b = part.quantity, whole.quantity
    if a.kind != b.kind or b.kind == "percent" or b.upper is not None:
        return False
    if a.kind == "money":
        return a.unit == b.unit
    measures = [find_measure(each.quantity, each.sentence.text) for each in (part, whole)]
    return None in measures or measures[0] == measures[1]


def _of_column(
    figure: Figure, part: Figure, claim: Claim, stated: DescribedFigures
) -> Iterator[tuple[Figure, float, bool]]:
    """Yield a cell whose row the claim names with the total of its column, or with the sum of its rows."""
    if not claim.names_row(part) or is_total(part):
        return
    years = stated.years(part)
    if is_in_earlier_column(part) and not years & claim.named_years():
        return
    cells = [each for each in stated.in_column_of(part) if each.quantity.kind == part.quantity.kind][:_MAX_FIGURES]
    totals = [each.quantity.value for each in cells if is_total(each)]
    values = [part.quantity.value, *(each.quantity.value for each in cells if not is_total(each))]
    is_all = _OF_ALL.search(clause_of(figure)) is not None
    is_alone = not any(claim.names_row(each) for each in cells if not is_total(each))
    is_certain = is_all and is_alone and bool(totals) and find_calculation(figure) == "share"
    for total in totals or ([sum(values)] if len(values) >= _MIN_ROWS and column_of(part)[1] else []):
        if total > part.quantity.value:
            yield part, total, is_certain


def _is_rest(figure: Figure, part: Figure, claim: Claim) -> bool:
    """Return whether a claim is about what is not of a part: "four in ten were not admissible", "men" for "women"."""
    if are_opposite(figure.directions, part.directions):
        return True
    if claim.is_translated or part.sentence.header:
        return False
    clauses = clause_of(figure), clause_of(part)
    negated = [negation_change("", clause, claim.language) == "added" for clause in clauses]
    return negated[0] != negated[1]
