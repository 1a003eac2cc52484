"""Dates in a text, with what is known of them as an ISO date. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.metadata.years import MONTH, MONTHS

_YEAR = r"(?:1[5-9]|20)\d\d"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_DATE = re.compile(
    rf"(?P<iso>(?<![\d-]){_YEAR}-(?:0[1-9]|1[0-2])-{_DAY}(?![\d-]))"
    rf"|(?P<wide>(?P<wy>{_YEAR})\s?年(?:度|(?P<wm>\d{{1,2}})月(?:(?P<wd>\d{{1,2}})日)?)?)"
    rf"|(?<![\w])(?P<month>{MONTH})\s+(?P<day>{_DAY})(?:st|nd|rd|th)?(?![\d.,]*\d)(?:,?\s+(?P<year>{_YEAR})(?![\d%]))?"
    rf"|(?<![\w.,])(?P<day2>{_DAY})(?:st|nd|rd|th|er|\.)?\s+(?:of\s+|de\s+)?(?P<month2>{MONTH})(?!\w)(?:,?\s+(?:de\s+)?(?P<year2>{_YEAR})(?![\d%]))?"
    rf"|(?<![\w])(?P<month3>{MONTH}),?\s+(?:of\s+|de\s+)?(?P<year3>{_YEAR})(?![\d%])"
    rf"|(?<![\w.,$€£¥-])(?:FY\s?)?(?P<year4>{_YEAR})(?:[-–/](?P<to>\d\d(?:\d\d)?))?(?![\d%]|[.,]\d|-?[A-Za-z])(?!\s*(?:million|billion|thousand|%|percent))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Date:
    """`value` is "2015-07-07", "2015-07", "2015", or "-07-07" where no year is said; of a span of years "2015/2016"."""

    value: str
    start: int
    end: int


def dates(text: str) -> Iterator[Date]:
    """The dates of a text in order."""
    for match in _DATE.finditer(text):
        value = _value(match)
        month = match["month"] or match["month2"]
        if month is not None and month[0].islower() and month.casefold() in ("may", "march", "mar"):
            continue  # "it may 5 times"
        yield Date(value, match.start(), match.end())


def _value(match: re.Match[str]) -> str:
    if match["iso"]:
        return match["iso"]
    if match["wide"]:
        parts = [match["wy"], *(f"{int(one):02}" for one in (match["wm"], match["wd"]) if one)]
        return "-".join(parts)
    if match["year4"]:
        return match["year4"] + (f"/{match['to']}" if match["to"] else "")
    month = match["month"] or match["month2"] or match["month3"]
    number = MONTHS[month.casefold().rstrip(".")]
    day, year = match["day"] or match["day2"], match["year"] or match["year2"] or match["year3"] or ""
    return f"{year}-{number:02}" + (f"-{int(day):02}" if day else "")
