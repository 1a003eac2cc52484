"""Whether a figure of a draft follows from figures of its source: a difference, a share, a multiple or an average.

Writers calculate: "down by a third", "one in five", "almost three times as many", "3,590 a day". What follows from
figures of the source agrees with it. What follows from figures that were not found cannot be checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import permutations
from typing import Literal

from corpus.clauses import OF
from corpus.vocabulary import YEAR
from qa.checking.claims import (
    YEAR_EARLIER,
    Claim,
    DescribedFigures,
    clause_of,
    column_of,
    is_earlier,
    is_of_year_before,
    label_terms,
    text_before,
    years_in_brackets,
)
from qa.checking.figure_relations import (
    change_before,
    change_of,
    digits_of,
    head_words,
    holds,
    is_amount_of_change,
    is_called_planned,
    is_in_words_for,
    is_planned,
    is_share_in_words,
    is_than_planned,
    is_total,
    significant_digits,
)
from qa.editions.figures.changes import BEFORE_AMOUNT, MORE_THAN, begins_change, direction_of, ends_change
from qa.editions.figures.quantities import Quantity, unit_of_last_digit
from qa.editions.figures.sentence_figures import Figure

Calculation = Literal["", "difference", "change", "share", "multiple", "average"]
"""A difference of two amounts, a change in per cent, a part in per cent of a whole, a ratio, an amount per day."""

_MAX_FIGURES = 24
"""Figures of a source, and of a sentence of it, at most, of which two are compared."""

_MAX_STATED = 8
"""Figures of a claim, at most, of which two are compared."""

_TIMES = re.compile(
    r"[\s-]*(?:times|mal|fois|veces|volte|vezes|keer|maal|gånger|gange)\b|\s?倍|\s+(?:\S+\s+){1,4}?(?:for|to)\s+(?:every|each)\b",
    re.IGNORECASE,
)
"""After a ratio: "three times as many", "two letters for every complaint"."""

_AS_OFTEN = re.compile(
    r"\s+(?:(?:and\s+a\s+half|so|zo|så|más|plus|più|tan|tanto|aussi|as|more|less|fewer|over|greater)\b|\w{3,}(?:er|ere)\b"
    r"|(?:the|that|those|its|their|what|el|la|lo|los|las|le|les|l['’]|il|den|der|die|das|dem|des|superior|supérieur|mayor|menor)\b)",
    re.IGNORECASE,
)
"""After "times" in a ratio; without it "used seven times" tells how often."""

_TIMES_BEFORE = re.compile(
    rf"\b(?:multipli(?:ed|ée?s?|cad[oa]s?|caron|có|cat[oiae]|cou|caram)|multiplicó|moltiplicat[oiae]|vermenigvuldigd)"
    rf"(?:\s+[^\W\d_]+){{0,2}}?\s+(?:by|par|por|per|met)\s+{BEFORE_AMOUNT}$",
    re.IGNORECASE,
)
"""Before a ratio: "se multiplicaron por más de dos"."""

_PER_TIME = re.compile(
    r"(?<!\bwithin\s)(?<!\bin\s)\b(?:a|per|each|every|pro|je|jede[nr]?|par|chaque|al|por|cada|per|elke)\s+"
    r"(?:(?P<day>day|Tag|jour|día|dia|giorno|dag)|(?P<week>week|Woche|semaine|semana|settimana)"
    r"|(?P<month>month|Monat|mois|mes|mês|mese|maand)|(?P<hour>hour|Stunde|heure|hora|ora|uur))\b"
    r"|\b(?P<daily>daily|täglich|dagelijks)\b|(?P<japanese>1日(?:当たり|あたり|平均)|一日(?:当たり|あたり|平均))",
    re.IGNORECASE,
)
"""Words for an average over the year: "3,590 passengers a day"."""

_COUNT_IN_YEAR = {"day": (365, 366), "week": (52, 53), "month": (12,), "hour": (8760, 8784)}
"""The number of these in a year."""

_BEYOND = re.compile(
    r"\s+(?:[^\W\d_]+\s+)?(?:(?:below|above|under|over|short\s+of|beyond)\s+(?:the|its|their|what)\s(?!year|winter|summer|month|week)"
    r"|(?:faster|slower|longer|shorter|schneller|langsamer|länger|kürzer)\b|(?:unter|über)\s+de[mrn]\s"
    r"|au-dessus|en\s+dessous|por\s+(?:debajo|encima)\b)",
    re.IGNORECASE,
)
"""After the distance from another amount: "520 below the limit"."""

_MISSED_BY = re.compile(rf"\bby\s+{BEFORE_AMOUNT}$", re.IGNORECASE)
"""Before the distance from an aim that was missed."""

_LOST = re.compile(rf"\b(?:lost|gained)\s+{BEFORE_AMOUNT}$", re.IGNORECASE)
"""Before an amount that the source rather states itself: "lost 39 million"."""

_OF_WHOLE = re.compile(rf"\s+{OF}\b|\s?を占め", re.IGNORECASE)
_SHARE_BEFORE = re.compile(
    r"\b(?:accounted?\s+for|accounts\s+for|ma(?:de|kes?)\s+up|represent(?:ed|s|a|ent)?|share\s+(?:of|was|is)|Anteil\s+von|entsprach|entspricht"
    rf"|soit|supuso|supone)\s+{BEFORE_AMOUNT}$|全体の$",
    re.IGNORECASE,
)
"""Words beside the share of a whole."""

_OR_SHARE = re.compile(
    rf"\b(?:{OF}|sur)\s[^.;:]{{0,30}}?\d[^.;:]{{0,30}}?(?:,\s*(?:or|that\s+is|i\.e\.|oder|das\s+(?:sind|waren)|also|soit|ou"
    rf"|o\s+sea|es\s+decir|o|ossia|cioè|ovvero|ofwel|oftewel|eller)\s+|\s*\(){BEFORE_AMOUNT}$",
    re.IGNORECASE,
)
"""Before a share that is also told as a part of a whole: "twelve of 26, or 46 per cent"."""

_RATIO_TOLERANCE = 0.12
"""Share by which a ratio may differ from the exact one: "almost three times" is 2.75."""

_LARGER_BOUND = 1.34
"""Largest ratio of a value to the amount that it is "more than", and of the amount to a value that is "less"."""


def find_calculation(figure: Figure) -> Calculation:
    """Return how a figure of a draft may have been calculated from others, by the words beside it; "" for a level."""
    text, amount = figure.sentence.text, figure.quantity
    if amount.kind == "ordinal" or figure.sentence.header or begins_change(text, amount.start, amount.end):
        return ""
    is_times = _is_ratio_of_times(figure) or _TIMES_BEFORE.search(text_before(figure)) is not None
    if is_times and amount.kind == "count":
        return "multiple"
    if amount.kind == "count" and _PER_TIME.search(clause_of(figure)) is not None:
        return "average"
    is_more = MORE_THAN.match(text, amount.end) is not None
    if amount.kind == "percent" and amount.unit == "%":
        if is_more or is_amount_of_change(figure):
            return "change"
        is_of_whole = _OF_WHOLE.match(text, amount.end) is not None
        before = text_before(figure)
        is_share = is_of_whole or _SHARE_BEFORE.search(before) is not None or _OR_SHARE.search(before) is not None
        return "share" if is_share or is_share_in_words(amount) else ""
    is_distance = _BEYOND.match(text, amount.end) is not None or _MISSED_BY.search(text_before(figure)) is not None
    is_change = is_amount_of_change(figure) and _LOST.search(text_before(figure)) is None
    return "difference" if is_more or is_distance or is_change or amount.unit == "pp" else ""


def _is_ratio_of_times(figure: Figure) -> bool:
    """Return whether "times" or the like makes a figure a ratio: "three times as many", but not "used three times"."""
    text = figure.sentence.text
    times = _TIMES.match(text, figure.quantity.end)
    if times is None:
        return False
    is_of_each = times[0].strip().casefold() not in _FREQUENCIES  # "two letters for every complaint"
    return is_of_each or _AS_OFTEN.match(text, times.end()) is not None or direction_of(clause_of(figure)) != 0


_FREQUENCIES = frozenset("times time mal fois veces volte vezes keer maal gånger gange".split())


def calculate(
    figure: Figure,
    calculation: Calculation,
    claim: Claim,
    stated: DescribedFigures,
    on_subject: Sequence[Figure],
) -> tuple[bool | None, Figure] | None:
    """Return whether a figure of a draft follows from two of the source, and one of these; None if neither is certain.

    The first value is None for a change of this amount in the other direction.

    It is certainly wrong if it is the change that led to a level of its own sentence, and the source has that level
    beside an earlier one with another change: "fell by 18 per cent to 790,000" for 860,000 and 790,000.

    Args:
        figure: The figure of the draft.
        calculation: How it may have been calculated, see `find_calculation`.
        claim: Its sentence.
        stated: The figures of the source.
        on_subject: Those that may be of the same thing.
    """
    if not calculation:
        return _beginning_of_change(figure, claim, stated, on_subject)
    if calculation == "average":
        if (of_rate := _of_other_period(figure, on_subject)) is not None:
            return of_rate
        counts = _COUNT_IN_YEAR[_unit_of_time(figure)]
        alike = (other for other in on_subject[:_MAX_FIGURES] if other.quantity.kind == figure.quantity.kind)
        averages = ((other, other.quantity.value / count) for other in alike for count in counts)
        return next(((True, other) for other, value in averages if rounds_to(figure.quantity, value)), None)
    if calculation == "share" and (of_own := _share_of_own(figure, claim, on_subject)) is not None:
        return of_own
    direction = change_of(figure) or change_before(figure)
    wrong: Figure | None = None
    opposite: Figure | None = None
    for later, earlier in _pairs(figure, calculation, claim, stated, on_subject[:_MAX_FIGURES]):
        value = _result(calculation, later.quantity, earlier.quantity)
        if value is None:
            continue
        is_right_way = calculation in ("share", "multiple") or direction * (1 if value > 0 else -1) >= 0
        unit = "pp" if figure.quantity.unit == "pp" else later.quantity.unit
        result = replace(later, quantity=replace(later.quantity, value=abs(value), unit=unit, bound="", upper=None))
        if calculation == "multiple":
            is_equal = _is_ratio(figure.quantity, value)
        else:
            is_equal = holds(figure, result) if calculation == "difference" else rounds_to(figure.quantity, abs(value))
        if is_equal and is_right_way:
            return True, later
        if is_equal and opposite is None and _is_told_of(later, figure, claim):
            opposite = later
        is_finer = calculation == "difference" and _is_finer(figure, later, earlier)
        if calculation != "share" and _is_level_of(figure, later, claim) and not is_finer:
            wrong = wrong or (later if _begins_at(earlier, later, figure, stated) else None)
    if opposite is not None:
        return None, opposite
    return (False, wrong) if wrong is not None else None


def _pairs(
    figure: Figure, calculation: Calculation, claim: Claim, stated: DescribedFigures, on_subject: Sequence[Figure]
) -> Iterator[tuple[Figure, Figure]]:
    """Yield the pairs of figures of the source from which one of a draft may be calculated."""
    if calculation == "share":
        yield from _shares(claim, stated, on_subject)
    else:
        yield from _changes(claim, stated, on_subject)
        yield from _of_claim(figure, claim, on_subject)


def _begins_at(earlier: Figure, later: Figure, change: Figure, stated: DescribedFigures) -> bool:
    """Return whether a change that a claim tells of surely began at the earlier of two amounts."""
    if stated.years(earlier):
        return True
    is_alike = bool(digits_of(change)) and change.quantity.kind == later.quantity.kind
    return is_alike and begins_change(earlier.sentence.text, earlier.quantity.start, earlier.quantity.end)


def _is_finer(change: Figure, *stated: Figure) -> bool:
    """Return whether a difference has digits that rounded amounts around it do not have: 302,500 of 5.91 million."""
    scaled = [each.quantity.value for each in stated if len(digits_of(each)) < len(str(int(abs(each.quantity.value))))]
    units = map(unit_of_last_digit, scaled)
    return any(unit_of_last_digit(change.quantity.value) < unit for unit in units)


def _is_told_of(later: Figure, figure: Figure, claim: Claim) -> bool:
    """Return whether a change that went the other way than a claim says is surely the one that it tells of.

    Its amount has digits that are seldom equal by chance, and the claim names its row.
    """
    is_row = bool(later.sentence.header) and claim.names_row(later)
    return is_row and significant_digits(figure) > 1 and not claim.is_translated


def _is_ratio(amount: Quantity, value: float) -> bool:
    """Return whether a calculated ratio is the one of a draft, also "more than" or "less than" it."""
    if amount.bound in ("more", "minimum"):
        return amount.value <= value <= amount.value * _LARGER_BOUND
    if amount.bound in ("less", "maximum"):
        return amount.value / _LARGER_BOUND <= value <= amount.value
    return abs(value - amount.value) <= _RATIO_TOLERANCE * amount.value


def _of_other_period(figure: Figure, on_subject: Sequence[Figure]) -> tuple[bool, Figure] | None:
    """Return whether a rate is that of the source for another period: "12 a month" for "144 a year"; None if unclear.

    The same amount for another period is certainly wrong.
    """
    amount = figure.quantity
    rates = [
        other
        for other in on_subject[:_MAX_FIGURES]
        if amount.is_per_other_period(other.quantity) and other.quantity.kind == amount.kind
    ]
    for other in rates:
        value = other.quantity.value * _HOURS[amount.per] / _HOURS[other.quantity.per]
        if abs(value - amount.value) <= max(unit_of_last_digit(amount.value) / 2, _PERIOD_TOLERANCE * value):
            return True, other
    return next(((False, other) for other in rates if other.quantity.value == amount.value), None)


def _share_of_own(figure: Figure, claim: Claim, on_subject: Sequence[Figure]) -> tuple[bool, Figure] | None:
    """Return whether a percentage is the share that the two figures before it state: "twelve of 26, or 46 per cent".

    None if it is told otherwise, or if the source lacks one of these.
    """
    if _OR_SHARE.search(text_before(figure)) is None:
        return None
    before = [each for each in claim.figures.beside(figure) if each.quantity.end <= figure.quantity.start][-2:]
    found = [next((other for other in on_subject if holds(each, other)), None) for each in before]
    if len(before) < len(_PAIR) or None in found or not before[1].quantity.value:
        return None
    part, whole = (each.quantity.value for each in before)
    first = found[0]
    return None if first is None else (rounds_to(figure.quantity, 100 * part / whole), first)


_PAIR = ("part", "whole")
_HOURS = {"hour": 1.0, "day": 24.0, "week": 168.0, "month": 730.5, "year": 8766.0, "": 1.0}
_PERIOD_TOLERANCE = 0.015
"""Share by which a rate of another period may differ: months and years have different lengths."""


def _result(calculation: Calculation, later: Quantity, earlier: Quantity) -> float | None:
    """Return the difference, the change in per cent, the share in per cent or the ratio of two amounts."""
    if calculation == "difference":
        return round(later.value - earlier.value, 6)
    if not earlier.value:
        return None
    ratio = later.value / earlier.value
    if calculation == "multiple":
        return max(ratio, 1 / ratio) if ratio > 0 else None
    return 100 * (ratio - 1) if calculation == "change" else 100 * ratio


def rounds_to(amount: Quantity, value: float) -> bool:
    """Return whether a calculated value is an amount of a draft, rounded as it is there."""
    step = min(unit_of_last_digit(amount.value), 1 if amount.kind == "percent" else max(abs(amount.value) / 20, 0.05))
    if is_share_in_words(amount):
        return is_in_words_for(amount, value)
    if amount.bound in ("more", "minimum"):
        return amount.value - step / 2 <= value <= amount.value * _LARGER_BOUND
    if amount.bound in ("less", "maximum"):
        return amount.value / _LARGER_BOUND <= value <= amount.value + step / 2
    return abs(value - amount.value) <= (step if amount.bound == "about" else step / 2) * 1.001


def _unit_of_time(figure: Figure) -> str:
    """Return "day", "week", "month" or "hour" for an average."""
    match = _PER_TIME.search(clause_of(figure))
    named = match.lastgroup if match is not None else None
    return named if named in _COUNT_IN_YEAR else "day"


def _changes(claim: Claim, stated: DescribedFigures, on_subject: Sequence[Figure]) -> Iterator[tuple[Figure, Figure]]:
    """Yield pairs of a figure and an earlier or a planned one of the same thing: of one row, or of one sentence."""
    for other in on_subject:
        for partner in stated.beside(other)[:_MAX_FIGURES]:
            a, b = other.quantity, partner.quantity
            is_alike = a.kind == b.kind and (a.kind == "count" or a.unit == b.unit)
            if partner != other and is_alike and _is_before(partner, other, claim, stated):
                yield other, partner


def _of_claim(figure: Figure, claim: Claim, on_subject: Sequence[Figure]) -> Iterator[tuple[Figure, Figure]]:
    """Yield pairs of figures of the source that the claim states too: "21.6 million, .8 million less than 22.4"."""
    others = [each for each in claim.figures.all if each != figure]
    found = [next((other for other in on_subject if holds(each, other)), None) for each in others]
    stated = [other for other in found[:_MAX_STATED] if other is not None]
    for later, earlier in permutations(stated, 2):
        if later.quantity.kind == earlier.quantity.kind:
            yield later, earlier


def _is_before(earlier: Figure, later: Figure, claim: Claim, stated: DescribedFigures) -> bool:
    """Return whether one figure is of an earlier time than another of its row or sentence, or the planned one.

    Of the columns of a row these are the last one, or one of a year of the claim, and the one before it.
    """
    if is_planned(earlier) != is_planned(later):
        return True
    before, after = stated.years(earlier), stated.years(later)
    if before and after:
        if max(before) >= max(after):
            return False
        if not later.sentence.header:
            return True
        head = column_of(later)[1]
        between = [
            year
            for other in stated.beside(later)
            for year in stated.years(other)
            if max(before) < year < max(after) and head_words(column_of(other)[1]) == head_words(head)
        ]
        return not between or max(before) in claim.named_years()
    if later.sentence.header:
        return False
    if is_of_year_before(later) or years_in_brackets(later) is not None:
        return False
    text, amount = earlier.sentence.text, earlier.quantity
    if begins_change(text, amount.start, amount.end) or is_of_year_before(earlier) or years_in_brackets(earlier):
        return True
    is_in_claim = any(holds(each, later) or holds(each, earlier) for each in claim.figures.all)
    return is_in_claim or ends_change(text, later.quantity.start)


def _shares(claim: Claim, stated: DescribedFigures, on_subject: Sequence[Figure]) -> Iterator[tuple[Figure, Figure]]:
    """Yield pairs of a part and its whole: the row of a total in the same column, or a larger figure of a sentence."""
    for part in on_subject:
        if part.quantity.kind == "percent":
            continue  # the ratio of two percentages is no share
        if not part.sentence.header:
            wholes = [
                other
                for other in stated.beside(part)
                if other.quantity.value > part.quantity.value and years_in_brackets(other) == years_in_brackets(part)
            ]
        else:
            wholes = [other for other in stated.in_column_of(part) if _is_whole(other, part, claim)]
        words = label_terms(part, claim.language) if part.sentence.header else stated.clause_words(part)
        for whole in wholes[:_MAX_FIGURES]:
            own = words if part.sentence.header else words - stated.clause_words(whole)
            is_told = not own or stated.whole_of(part) == whole
            is_named = claim.is_translated or is_told or not own.isdisjoint(claim.words)
            if is_named and (whole.quantity.kind, whole.quantity.unit) == (part.quantity.kind, part.quantity.unit):
                yield part, whole


def _is_whole(other: Figure, part: Figure, claim: Claim) -> bool:
    """Return whether the row of a figure is the total of that of another, or is named by the claim beside it."""
    if is_total(other):
        return True
    own, others = label_terms(other, claim.language), label_terms(part, claim.language)
    return bool(own) and own <= claim.words and others <= claim.words and other.quantity.value > part.quantity.value


def _beginning_of_change(
    figure: Figure, claim: Claim, stated: DescribedFigures, on_subject: Sequence[Figure]
) -> tuple[bool, Figure] | None:
    """Return a figure from which the beginning of a change follows: "rose by 73 to 3,915" for "from 3,842"."""
    years = claim.years_of(figure)
    is_of_year_before = bool(years) and max(years) == claim.latest - 1  # "in 2021 there were 430"
    if not (is_earlier(figure, claim) or is_of_year_before or is_called_planned(claim)):
        return None
    for other in on_subject[:_MAX_FIGURES]:
        for partner in stated.beside(other)[:_MAX_FIGURES]:
            change = change_of(partner)
            if partner == other or not change or partner.quantity.kind != other.quantity.kind:
                continue
            is_of_plan = is_than_planned(partner)
            if is_of_plan != is_called_planned(claim):
                continue
            value = other.quantity.value - change * partner.quantity.value
            result = replace(other.quantity, value=value, bound="", upper=None)
            if value > 0 and holds(figure, replace(other, quantity=result)):
                return True, other
    return None


def _is_level_of(change: Figure, level: Figure, claim: Claim) -> bool:
    """Return whether a level of the source is that to which the change of a claim led.

    The level is beside the change: "by 8 per cent to 790,000", or before it: "468, 69 more than a year earlier".
    """
    text, amount = change.sentence.text, change.quantity
    figures = list(claim.figures.all)
    at = figures.index(change) if change in figures else -1
    if at < 0:
        return False
    if at + 1 < len(figures) and _TO.fullmatch(text, amount.end, figures[at + 1].quantity.start) is not None:
        return holds(figures[at + 1], level)
    is_to_year_before = _THAN_BEFORE.match(text, amount.end) is not None
    return at > 0 and is_to_year_before and holds(figures[at - 1], level)


_TO = re.compile(rf"\s+(?:to|auf|à|a|tot|naar|til)\s+{BEFORE_AMOUNT}", re.IGNORECASE)
"""Between the amount of a change and the level to which it led."""

_THAN_BEFORE = re.compile(
    rf"[^.;:,]{{0,40}}?\b(?:than|as|als|que|qu['’]|che|dan)\s[^.;:,]{{0,20}}?(?:{YEAR_EARLIER}|{YEAR}\b)", re.IGNORECASE
)
"""After a change since the year before."""
