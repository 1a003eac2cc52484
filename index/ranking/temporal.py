"""The period that a question asks about, and how near to it the years in a passage are (`period` in the weights).

Passages of a chronicle differ by their years: "from 1811 to 1827", "before March 1811" and "in 1815" all ask for the
passage that says "1811-1827". On TimeQA this signal raised nDCG@10 from .65 to .73, and from .59 to .67 where question
and passage word the years differently.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from functools import lru_cache

from corpus.metadata.years import MAX_SPAN, Period, parse_years
from corpus.vocabulary import ANY_YEAR, COMPARED_WITH, EARLIEST_IN_TEXT

_BEFORE = re.compile(r"\b(?:before|until|till|prior to|by)\b[^.?;]*$", re.IGNORECASE)
_AFTER = re.compile(r"\b(?:after|since)\b[^.?;]*$", re.IGNORECASE)

_COMPARED_YEAR = re.compile(rf"(?:\b{COMPARED_WITH}|\bthan)\s+(?:[^\s.]+\s+){{0,3}}?{ANY_YEAR}\b", re.IGNORECASE)
"""A year with which something is compared: "compared with 70 in 2020"."""

OPEN_YEARS = 2
"""Length in years of the open periods "before 1811" and "after 1811": longer ones match less specific passages."""

COVERED_BUT_OTHER_YEARS = 0.75
"""Signal of a passage that names other years only, in a document that covers the one asked about. With 1, "exports in
2020" finds the sentence about 2019 in the edition that covers 2020; .5 and .75 give the same ranking."""

PARTLY_COVERED = 0.5
"""Signal of a document that covers a part of the period asked about and other years, as 2021/22 does for 2022/23."""

DESCRIBED_ELSEWHERE = 0.6
"""Factor of the signal in a document about other years, if another one of the series is about those asked about: the
report of 2021 says "compared with 2020".

One of the next editions counts in full otherwise: some figures of 2020 are known only in the report of 2021. With the
factor for these, too, nDCG@10 on the Japanese white papers was .84 and, for English questions, .57.
"""

LATE = 2
"""Maximum number of years after those asked about of a document that still brings figures of them."""

EARLIER_REACH = 6.0
LATER_REACH = 3.0
"""Distances in years at which nearness has fallen to 1 / e, for passages about earlier and about later years.

Longer ones favour passages of neighbouring years. What began earlier often lasts: "he joined the club in 1998" answers
for 2001, and "in 2004 he moved" hardly does.
"""

EXACT_SHARE = 0.2
"""Share of nearness that depends on whether a year asked for is named exactly. A higher one prefers wordings that name
the same years as the question, a lower one those that name others."""


def period_of_question(question: str, years: Collection[int] | None = None) -> Period | None:
    """Return the years that a question asks about, from the first to the last it names; None where it names none.

    Only `years` count, if they are not None: "the 2016 edition" is not the time of an event.
    """
    named: list[int] = []
    start = 0
    for mention in parse_years(question, EARLIEST_IN_TEXT):
        matching = [written.year for written in mention.written if years is None or written.year in years]
        if matching:
            start = start if named else mention.start
            named += [*matching, mention.last] if mention.kind == "decade" else matching
    if not named:
        return None
    first, last = min(named), max(named)
    if first == last:
        before = question[:start]
        if _BEFORE.search(before):
            return Period(first - OPEN_YEARS, last)
        if _AFTER.search(before):
            return Period(first, last + OPEN_YEARS)
    return Period(first, last)


@lru_cache(maxsize=4096)  # questions about the same years have the same passages among their candidates
def find_periods(text: str) -> tuple[Period, ...]:
    """Return the years, decades and spans of years that a text names."""
    periods: list[Period] = []
    for mention in parse_years(text, EARLIEST_IN_TEXT):
        if mention.kind != "decade":
            periods += [Period(written.year, written.year) for written in mention.written]
        if mention.first < mention.last <= mention.first + MAX_SPAN:
            periods.append(Period(mention.first, mention.last))
    return tuple(periods)


def nearness(period: Period, periods: Collection[Period]) -> float:
    """Return how near the periods of a passage are to the one asked for, in [0, 1].

    1 where a year of it is named, 1 - EXACT_SHARE where a period overlaps it; below that it falls exponentially with
    the distance in years. 0 for a text without years.
    """
    if not periods:
        return 0.0
    exact = names_year(period, periods)
    distance = min(
        max((period.first - other.last) / EARLIER_REACH, (other.first - period.last) / LATER_REACH, 0)
        for other in periods
    )
    return (1 - EXACT_SHARE) * math.exp(-distance) + EXACT_SHARE * exact


def names_year(period: Period, periods: Collection[Period]) -> bool:
    """Return whether one of the periods is a single year within a period."""
    return any(other.first == other.last and other.first in period for other in periods)


def period_signal(
    requested: Period, text: str, years: tuple[int, int] | None, described_elsewhere: bool = False
) -> float:
    """Return how well a passage fits the period asked about, in [0, 1].

    A yearbook's own passages rarely name their year, so a document about a year asked about counts in full; less
    where the passage names other years only.

    Args:
        requested: The period.
        text: The passage.
        years: First and last year that its document is about, None where they are unknown.
        described_elsewhere: Whether a document of the series is about the years asked about.
    """
    periods = find_periods(text)
    near = nearness(requested, periods)
    if years is None or not overlaps(requested, years):
        is_discounted = described_elsewhere and not _has_late_figures(requested, text, years)
        return DESCRIBED_ELSEWHERE * near if is_discounted else near
    if covers_partly(*requested, years):
        return near if requested in periods else PARTLY_COVERED
    return 1.0 if not periods or names_year(requested, periods) else max(COVERED_BUT_OTHER_YEARS, near)


def _has_late_figures(requested: Period, text: str, years: tuple[int, int] | None) -> bool:
    """Return whether a passage is of an edition soon after the years asked about, and compares with none in words."""
    is_late = years is not None and 0 < years[0] - requested.last <= LATE
    return is_late and _COMPARED_YEAR.search(text) is None


def overlaps(requested: Period, years: tuple[int, int]) -> bool:
    """Return whether a document about some years is about one of those asked about."""
    return years[0] <= requested.last and requested.first <= years[1]


def is_about(requested: Period, years: tuple[int, int]) -> bool:
    """Return whether a document about some years is about those asked about, and not of a period that overlaps them."""
    return overlaps(requested, years) and not covers_partly(*requested, years)


def covers_partly(first: int, last: int, years: tuple[int, int] | None) -> bool:
    """Return whether years of a document overlap those from first to last without one containing the other."""
    return years is not None and (years[0] < first <= years[1] < last or first < years[0] <= last < years[1])
