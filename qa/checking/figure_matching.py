"""Decide whether a source states a figure of a draft: the rules that tell an equal figure from that of another thing.

A figure agrees with an equal one about the same subject: of the year meant, said of the same thing, and at the same end
of a change. Prose rounds and leaves out signs and scales that tables have.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple

from corpus.metadata.years import written_years
from corpus.translation import gettext_noop
from index.lexical.analysis import sentence_terms, terms
from qa.checking.calculated_figures import calculate, find_calculation
from qa.checking.causes import lacks_cause
from qa.checking.claims import (
    Claim,
    DescribedFigures,
    column_of,
    is_earlier,
    is_of_year_before,
    quarters_at,
    sentence_terms_of,
    year_after,
    years_in_brackets,
)
from qa.checking.contrasts import is_denied_of_all
from qa.checking.figure_relations import (
    are_opposite_directions,
    are_opposite_ends,
    contradicts_earlier_level,
    contradicts_itself,
    digits_of,
    end_of_change,
    has_other_verb,
    head_words,
    holds,
    is_in_other_month,
    is_level_of_change,
    is_start_of_other_change,
)
from qa.checking.mismatches import ANOTHER_FIGURE, SourceFigures, figures_of_other_things, told_otherwise
from qa.editions.figures.changes import is_compared_with
from qa.editions.figures.measures import find_measure
from qa.editions.figures.sentence_figures import Figure, is_in_earlier_column

FigureStatus = Literal["agrees", "differs", "not found", "cannot be checked"]
"""The last one is of a figure that may have been calculated from others ("3,590 a day"), or is in another language."""


SURELY_SAME_SUBJECT = 0.38
"""A sentence this similar states the percentage of a claim itself, if it states any."""


_SMALL = 12
"""A source has numbers up to this one of many things."""


MAY_BE_CALCULATED = gettext_noop("it may be calculated from figures of the source")
"""Why a figure that was not found cannot be checked."""


OPPOSITE_CHANGE = gettext_noop("the source tells the opposite change")
ANOTHER_RESULT = gettext_noop("figures of the source give another result")
ANOTHER_UNIT = gettext_noop("the source has another unit, sign or scale")
ANOTHER_YEAR = gettext_noop("the source has it for another year")
"""Reasons why a figure differs that are asked for elsewhere."""


class FigureMatch(NamedTuple):
    """Whether a source states a figure of a claim."""

    status: FigureStatus
    figure: Figure | None
    """The figure of the source that is equal or of the same thing; None where nothing is found."""

    reason: str = ""
    """Why it differs, or cannot be checked, in English; "" for one that agrees or is not found."""


def match_figure(figure: Figure, claim: Claim, source: SourceFigures, paired: Figure | None = None) -> FigureMatch:
    """Return whether the source states a figure of a claim, and its figure for the same thing.

    Args:
        figure: The figure of the claim.
        claim: Its sentence.
        source: The figures of the source.
        paired: The figure of the source for the same thing, equal or not, if one is known.
    """
    on_subject = source.on_subject(figure, claim)
    same = _equal_figures(figure, claim, on_subject, source.stated)
    if not same:
        return _match_unequal(figure, claim, on_subject, source, paired)
    contradicting = told_otherwise(figure, claim, same, on_subject, source)
    if contradicting is not None:
        return _differs(contradicting, OPPOSITE_CHANGE)
    of_years, of_another_year = _split_by_year(figure, claim, same, source.stated)
    if not of_years:
        return _differs(of_another_year, ANOTHER_YEAR)
    if contradicts_itself(figure, claim):
        nearest = max(of_years, key=source.similarity)
        return _differs(nearest, gettext_noop("the sentence contradicts itself"))
    if all(_is_equal_by_chance(figure, claim, other, source) for other in of_years):
        return FigureMatch(
            gettext_noop("cannot be checked"), None, gettext_noop("an equal number may be of another thing")
        )
    if all(is_denied_of_all(figure, claim, other) for other in of_years):
        return FigureMatch(gettext_noop("cannot be checked"), None, gettext_noop("the source denies something of all"))
    if all(lacks_cause(figure, claim, other, source.around(other)) for other in of_years):
        return FigureMatch(
            gettext_noop("cannot be checked"), None, gettext_noop("the source does not give this cause there")
        )
    for reason, other in figures_of_other_things(figure, claim, of_years, source):
        if other is not None:
            return _differs(other, reason)
    return FigureMatch(gettext_noop("agrees"), max(of_years, key=source.similarity))


def _differs(figure: Figure | None, reason: str) -> FigureMatch:
    return FigureMatch(gettext_noop("differs"), figure, reason)


def _equal_figures(
    figure: Figure, claim: Claim, on_subject: Sequence[Figure], stated: DescribedFigures
) -> list[Figure]:
    """Return the figures that make one of the claim true by amount, direction, month and part of a change."""
    same = [
        other
        for other in on_subject
        if holds(figure, other)
        and not is_told_opposite(figure, claim, other, stated)
        and not is_in_other_month(figure, other)
        and not is_level_of_change(figure, other, stated)
        and not has_other_verb(figure, other, stated)
    ]
    if end_of_change(figure) == "from" or is_earlier(figure, claim):
        return same
    return [
        other for other in same if end_of_change(other) != "from"
    ] or same  # "fell from 38" tells of the year before


def is_told_opposite(figure: Figure, claim: Claim, other: Figure, stated: DescribedFigures) -> bool:
    """Return whether an equal figure of the source is that of a change in the other direction."""
    return (
        are_opposite_directions(figure, other, stated)
        or contradicts_earlier_level(figure, other, stated, claim)
        or are_opposite_ends(figure, claim.figures, other, stated)
        or is_start_of_other_change(figure, other, stated)
    )


def _is_equal_by_chance(figure: Figure, claim: Claim, other: Figure, source: SourceFigures) -> bool:
    """Return whether a small number is equal to one of a sentence that has no word of what the claim says of it."""
    quantity, language = figure.quantity, claim.language
    if not claim.is_translated and _lacks_measure(figure, other, source, language):
        return True
    is_small = quantity.kind == "count" and abs(quantity.value) <= _SMALL and quantity.value == int(quantity.value)
    if claim.is_translated or not is_small or quantity.bound or other.sentence.header:
        return False
    around = frozenset(sentence_terms(source.contexts[other.position], language))
    said = claim.words_of(figure) or claim.words
    return said.isdisjoint(sentence_terms_of(other, language) | around)


def _lacks_measure(figure: Figure, other: Figure, source: SourceFigures, language: str | None) -> bool:
    """Return whether a figure has a unit of measure, and an equal one of a sentence none there: "31 hours", "in 31"."""
    measure = find_measure(figure.quantity, figure.sentence.text)
    if measure is None or other.sentence.header or find_measure(other.quantity, other.sentence.text) is not None:
        return False
    unit = frozenset(terms(figure.quantity.counted, language))
    around = frozenset(sentence_terms(source.contexts[other.position], language))
    return bool(unit) and unit.isdisjoint(sentence_terms_of(other, language) | around)


def _split_by_year(
    figure: Figure, claim: Claim, same: Sequence[Figure], stated: DescribedFigures
) -> tuple[list[Figure], Figure | None]:
    """Return the equal figures of the years that the claim means; if there are none, the figure that shows this."""
    if claim.years_of(figure) or not is_earlier(figure, claim):
        current = [_current_figure(other, figure, claim, stated) for other in same]
        if None not in current:
            return [], current[0]
        same = [other for other, meant in zip(same, current, strict=True) if meant is None]
    elif is_of_year_before(figure):
        between = [_column_between(other, claim, stated) for other in same]
        if None not in between:
            return [], between[0]
    of_years = [other for other in same if not _is_of_unnamed_year(other, figure, claim, stated)]
    return of_years, None if of_years else same[0]


def _column_between(cell: Figure, claim: Claim, stated: DescribedFigures) -> Figure | None:
    """Return the cell of a row for a year between that of another cell and the latest that a claim means.

    The figure of "a year earlier" is in the column right before that of the year.
    """
    if not cell.sentence.header or not stated.years(cell):
        return None
    head, year = head_words(column_of(cell)[1]), max(stated.years(cell))
    return next(
        (
            other
            for other in stated.beside(cell)
            if stated.years(other)
            and year < max(stated.years(other)) < claim.latest
            and head_words(column_of(other)[1]) == head
        ),
        None,
    )


def current_of(figure: Figure, year: int, stated: DescribedFigures) -> Figure | None:
    """Return the figure of a year in the row of another one, or before another one in brackets: "29 (2022: 24)"."""
    if not figure.sentence.header:
        level = stated.before(figure) if years_in_brackets(figure) else None
        is_level = level is not None and not stated.years(level) and level.quantity.kind == figure.quantity.kind
        return level if is_level else None
    head = head_words(column_of(figure)[1])
    cells = (other for other in stated.beside(figure) if head_words(column_of(other)[1]) == head)
    return next((other for other in cells if stated.years(other) and max(stated.years(other)) == year), None)


def _match_unequal(
    figure: Figure, claim: Claim, on_subject: Sequence[Figure], source: SourceFigures, paired: Figure | None
) -> FigureMatch:
    """Return whether a figure that the source does not state follows from others, or what the source has instead."""
    if figure.quantity.value == 1 and not figure.quantity.text[-1:].isdigit():
        # "one play" may be an article
        return FigureMatch(gettext_noop("cannot be checked"), None, gettext_noop("it may be no number"))
    calculation = find_calculation(figure)
    calculated = calculate(figure, calculation, claim, source.stated, on_subject)
    if calculated is not None:
        follows, other = calculated
        if follows:
            return FigureMatch(gettext_noop("agrees"), other)
        return _differs(other, OPPOSITE_CHANGE if follows is None else ANOTHER_RESULT)
    # the same digits with another sign, scale, unit or meaning: 2 percent is not 2 percentage points
    alike = [other for other in on_subject if digits_of(figure) == digits_of(other)]
    instead = max(alike, key=source.similarity, default=None)
    if instead is None and not claim.is_translated:  # across languages another number may be of another thing
        instead = paired
    may_be_calculated = calculation != "" and not (
        calculation in ("share", "change") and any(_is_share_on_subject(other, source) for other in on_subject)
    )
    if may_be_calculated and on_subject and (instead is None or calculation in ("multiple", "average")):
        return FigureMatch(gettext_noop("cannot be checked"), None, MAY_BE_CALCULATED)
    if instead is not None:
        is_opposite = holds(figure, instead) and is_told_opposite(figure, claim, instead, source.stated)
        reason = OPPOSITE_CHANGE if is_opposite else ANOTHER_UNIT if alike else ANOTHER_FIGURE
        return _differs(instead, reason)
    if claim.is_translated:
        return FigureMatch(gettext_noop("cannot be checked"), None, gettext_noop("the source is in another language"))
    return FigureMatch(gettext_noop("not found"), None)


def _is_share_on_subject(figure: Figure, source: SourceFigures) -> bool:
    """Return whether the source states a percentage of a thing as near to the claim's as to need no calculation."""
    return figure.quantity.kind == "percent" and source.similarity(figure) >= SURELY_SAME_SUBJECT


def _is_of_another_time(figure: Figure, of_claim: Figure, claim: Claim, stated: DescribedFigures) -> bool:
    """Return whether a figure of the source is of a time that the draft does not mean: "against 219 days in 2021".

    Of a table with the latest year that the claim names, only columns of the years that it names are meant.
    """
    sentence, years = figure.sentence, claim.years
    quarters, meant_quarters = quarters_at(figure), quarters_at(of_claim)
    if quarters and meant_quarters and quarters.isdisjoint(meant_quarters):
        return True
    own, meant = stated.years(figure), claim.years_of(of_claim)
    if own and meant:
        return own != meant if min(len(own), len(meant)) > 1 else own.isdisjoint(meant)  # 2020/21 is not 2021/22
    if sentence.header:
        if not is_in_earlier_column(figure):
            return False
        named = written_years(of_claim.sentence.text)
        return _are_other_years(own, named if named and max(named) >= max(years) else years)
    if own and years_in_brackets(figure) is not None:
        return _are_other_years(own, years) and not is_earlier(of_claim, claim)
    if meant and any(years_in_brackets(other) and stated.years(other) == meant for other in stated.beside(figure)):
        return True
    after = year_after(figure)
    if after is None:
        is_before = is_compared_with(sentence.text, figure.quantity.start) or is_of_year_before(figure)
        # "72,800 a year earlier" is the figure of "72,800 in 2020"
        is_meant = is_earlier(of_claim, claim) or (bool(meant) and max(meant) < claim.latest)
        return is_before and not is_meant
    return after not in years


def _are_other_years(own: Collection[int], years: Collection[int]) -> bool:
    """Return whether the years of a figure are others than some; of two fiscal years, 2022/23 is not 2023/24."""
    if len(own) == len(years) == _FISCAL_YEARS:
        return set(own) != set(years)
    return set(own).isdisjoint(years)


_FISCAL_YEARS = 2
"""Calendar years of which a fiscal year has parts."""


def _is_of_unnamed_year(figure: Figure, of_claim: Figure, claim: Claim, stated: DescribedFigures) -> bool:
    """Return whether the source gives a figure a year, and the claim gives its figure another and never names that."""
    own = stated.years(figure) or claim.years_of_documents.get(figure.sentence.document, frozenset())
    meant = claim.years_of(of_claim)
    named = meant | claim.named_years()
    if len(own) == len(meant) == _FISCAL_YEARS:
        return not own <= named
    return bool(own and meant) and own.isdisjoint(named)


def _current_figure(figure: Figure, of_claim: Figure, claim: Claim, stated: DescribedFigures) -> Figure | None:
    """Return the figure beside one of another year that is of the years meant; None for a figure of these years."""
    if not _is_of_another_time(figure, of_claim, claim, stated):
        return None
    meant = claim.years_of(of_claim)
    return next(
        (
            other
            for other in stated.beside(figure)
            if (other.quantity.kind, other.quantity.unit or figure.quantity.unit)
            == (figure.quantity.kind, figure.quantity.unit or other.quantity.unit)
            and not _is_of_another_time(other, of_claim, claim, stated)
            and (not meant or not stated.years(figure) or stated.years(other))
        ),
        None,
    )
