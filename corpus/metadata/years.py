"""Years and periods in running text: the patterns, and which calendar years a phrase spans. Pure.

The text is that of `corpus.metadata.year_disambiguation.tidied`, where only years look like years. Nothing here
knows what a year says of a
document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

YEAR = r"(?:1[5-9]|20)[0-9]{2}"
_BEFORE = r"(?<![0-9.,:$€£¥#_])(?<![0-9][-–/])(?<![A-Z][-/])"
_AFTER = r"(?![0-9%‰°:_]|[.,][0-9]|[-/](?!(?:1[5-9]|20)[0-9]{2}\b)[0-9]{3,}|s\b)"
ONE = re.compile(rf"{_BEFORE}({YEAR}){_AFTER}")
SPAN = re.compile(
    rf"{_BEFORE}({YEAR})(?:[-–—/]([0-9]{{2}})(?![0-9,]|[-–/.][0-9])"
    r"|\s*(?:[-–—/~～〜‐]|to|and|through|until|till|bis|und|à|et|a|al|y|から)\s*(?:mid-|early\s+|late\s+|the\s+end\s+of\s+)?"
    rf"({YEAR}){_AFTER})"
)

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("january jan janvier januar enero", "february feb février februar febrero", "march mar mars märz marzo"),
            *("april apr avril abril", "may mai mayo", "june jun juin juni junio", "july jul juillet juli julio"),
            *(
                "august aug août agosto",
                "september sept sep septembre septiembre",
                "october oct octobre oktober octubre",
            ),
            *("november nov novembre noviembre", "december dec décembre dezember diciembre"),
        ),
        1,
    )
    for name in names.split()
}
MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"


class Period(NamedTuple):
    """The first and last calendar year of a stretch of time."""

    first: int
    last: int


def span_of(match: re.Match[str]) -> Period | None:
    """The years of a match of SPAN; None where the second number cannot be the later year."""
    first = int(match[1])
    if match[3]:
        last = int(match[3])
    else:
        last = first // 100 * 100 + int(match[2])
        last = last if last > first else last + 100  # 1999-00 ends in 2000
        if last - first > 15:
            return None  # "2015-03" is a month
    return Period(first, last) if last >= first else None


def spans(text: str) -> Iterator[tuple[re.Match[str], Period]]:
    """The spans like 2015-16 in a tidied text."""
    for match in SPAN.finditer(text):
        span = span_of(match)
        if span is not None:
            yield match, span


_DAY = r"(?:[0-9]{1,2}(?:st|nd|rd|th|er)?\.?\s+)?(?:of\s+|de\s+)?"


def _date(name: str) -> str:
    """Pattern of a day and month in either order, up to where a year follows."""
    return rf"{_DAY}(?P<{name}>{MONTH})(?:\s*[0-9]{{1,2}}(?:st|nd|rd|th)?\b)?,?\s*(?:of\s+|de\s+)?"


_PART = r"(?:the\s+)?(?:beginning\s+of\s+|start\s+of\s+|end\s+of\s+|early[\s-]+|mid[\s-]*|late[\s-]+)?"
_SEPARATOR = (
    r"\s*(?:[-–—~～]|to|and|through|until|till|up\s+to|à|au|bis|a|al|y|et|und)\s*(?:and\s+including\s+)?"
    r"(?:the\s+|le\s+|zum\s+|el\s+)?"
)

_ENDED = re.compile(
    r"\b(?:years?|(?:twelve|12)[\s-]months?|52[\s-]weeks?|53[\s-]weeks?|exercice|Geschäftsjahr|ejercicio)\s+(?:period\s+)?"
    r"(?:end(?:ed|ing)|to|clos|closed|up\s+to)\s+(?:on\s+|at\s+|the\s+|le\s+)?"
    rf"{_date('month1')}(?P<year>{YEAR})\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    rf"{_PART}(?:{_date('month1')})?(?P<first>{YEAR})?{_SEPARATOR}{_PART}(?:{_date('month2')})(?P<last>{YEAR})\b",
    re.IGNORECASE,
)
_JAPANESE = re.compile(
    rf"(?P<first>{YEAR})年(?:度)?(?:(?P<month1>[0-9]{{1,2}})月)?(?:[0-9]{{1,2}}日)?\s*(?:から|より|～|〜|-|–)\s*"
    rf"(?:(?P<last>{YEAR})年(?:度)?)?(?:(?P<month2>[0-9]{{1,2}})月)?"
)


def period_in(text: str) -> Period | None:
    """The first period that a tidied phrase names: a year ended on a date, a range of dates, a span, a year."""
    found: list[tuple[int, int, Period]] = []
    if ended := _ENDED.search(text):
        found.append((ended.start(), 0, _year_ended(ended)))
    if between := next((one for one in _BETWEEN.finditer(text) if one["first"] or one["month1"]), None):
        last = int(between["last"])
        first = int(between["first"]) if between["first"] else last - _begins_before(between)
        if first <= last:
            found.append((between.start(), 1, Period(first, last)))
    if (japanese := _JAPANESE.search(text)) and (japanese["last"] or japanese["month2"]):
        first = int(japanese["first"])
        found.append((japanese.start(), 1, Period(first, int(japanese["last"] or first))))
    if (span := next(spans(text), None)) is not None:
        found.append((span[0].start(), 2, span[1]))
    if (one := ONE.search(text)) is not None:
        found.append((one.start(), 3, Period(int(one[1]), int(one[1]))))
    if not found:
        return None
    start, _, period = min(found)
    # "fiscal year 2019 (April 2018 to March 2019)": what stands in brackets is the exact one.
    aside = re.compile(rf"{YEAR}年?度?\s*[(（]\s*").match(text, start)
    exact = [one for at, _, one in found if aside is not None and at == aside.end() and one.first != one.last]
    return exact[0] if exact else period


def year_ended(text: str) -> Period | None:
    """The period of a phrase such as "for the year ended 31 March 2018" in a tidied text."""
    match = _ENDED.search(text)
    return _year_ended(match) if match is not None else None


def _year_ended(match: re.Match[str]) -> Period:
    """A year ended in March 2018 began in 2017; one that ended on 28 December 2018, or 3 January 2019, is 2018."""
    year = int(match["year"])
    month = MONTHS[match["month1"].lower().rstrip(".")]
    day = re.search(r"\b([0-9]{1,2})(?![0-9])", match.group()[match.group().lower().find("end") :].replace("52", ""))
    if month == 12:
        return Period(year, year)
    if month == 1 and day is not None and int(day[1]) <= 7:
        return Period(year - 1, year - 1)
    return Period(year - 1, year)


def _begins_before(between: re.Match[str]) -> bool:
    """Whether "July to June 2016" begins in the year before."""
    first, last = (MONTHS[between[name].lower().rstrip(".")] for name in ("month1", "month2"))
    return first > last
