"""Parse dates in text into their known parts as ISO dates."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.metadata.years import YearMention, parse_years
from corpus.vocabulary import DAY_SUFFIX, MONTH, MONTHS, YEAR

_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_DATE = re.compile(
    rf"(?P<iso>(?<![\d-]){YEAR}-(?:0[1-9]|1[0-2])-{_DAY}(?![\d-]))"
    rf"|(?P<wide>(?P<wy>{YEAR})\s?年(?:度|(?P<wm>\d{{1,2}})月(?:(?P<wd>\d{{1,2}})日)?)?)"
    rf"|(?<![\w])(?P<month>{MONTH})\s+(?P<day>{_DAY})(?:st|nd|rd|th)?(?![\d.,]*\d)(?:,?\s+(?P<year>{YEAR})(?![\d%]))?"
    rf"|(?<![\w.,])(?P<day2>{_DAY}){DAY_SUFFIX}\s+(?:of\s+|de\s+)?(?P<month2>{MONTH})(?!\w)(?:,?\s+(?:de\s+)?(?P<year2>{YEAR})(?![\d%]))?"
    rf"|(?<![\w])(?P<month3>{MONTH}),?\s+(?:of\s+|de\s+)?(?P<year3>{YEAR})(?![\d%])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Date:
    """`value` is "2015-07-07", "2015-07", "2015", "-07-07" without a year, or "2015/2016" for a span of years."""

    value: str
    start: int
    end: int


def dates(text: str) -> list[Date]:
    """Return the dates of a text in order."""
    matches = [
        match
        for match in _DATE.finditer(text)
        if (month := match["month"] or match["month2"]) is None
        or month[0].isupper()
        or month.casefold() not in ("may", "march", "mar")  # "it may 5 times"
    ]
    result = [Date(_value(match), *match.span()) for match in matches]
    taken = {offset for date in result for offset in range(date.start, date.end)}
    for mention in parse_years(text):
        is_in_name = text[mention.start].isdigit() and text[mention.start - 1 : mention.start].isalnum()  # "戦略2018"
        if mention.kind != "decade" and not is_in_name:
            result += [year for year in _years(text, mention) if year.start not in taken]
    return sorted(result, key=lambda date: date.start)


def _years(text: str, mention: YearMention) -> list[Date]:
    """Return the years of a mention; a fiscal year ("2015-16", "2015/2016") is a single date."""
    first, *rest = mention.written
    if rest and text[first.end : rest[0].start] in ("-", "–", "/"):
        return [Date(f"{first.year}/{text[rest[0].start : rest[0].end]}", mention.start, mention.end)]
    starts = [mention.start, *(written.start for written in rest)]
    return [Date(str(written.year), start, written.end) for written, start in zip(mention.written, starts, strict=True)]


def _value(match: re.Match[str]) -> str:
    if match["iso"]:
        return match["iso"]
    if match["wide"]:
        parts = [match["wy"], *(f"{int(part):02}" for part in (match["wm"], match["wd"]) if part)]
        return "-".join(parts)
    month = match["month"] or match["month2"] or match["month3"]
    number = MONTHS[month.casefold().rstrip(".")]
    day, year = match["day"] or match["day2"], match["year"] or match["year2"] or match["year3"] or ""
    return f"{year}-{number:02}" + (f"-{int(day):02}" if day else "")
