"""Find dates, whose numbers are no amounts."""

from __future__ import annotations

import re

from corpus.metadata.years import YearMention, parse_years
from corpus.vocabulary import DAY_SUFFIX, MONTH, YEAR

_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = rf"{YEAR}(?![\d%])"
_DATE = re.compile(
    rf"(?<![\d-]){YEAR}-(?:0[1-9]|1[0-2])-{_DAY}(?![\d-])"
    rf"|{YEAR}\s?年(?:度|\d{{1,2}}月(?:\d{{1,2}}日)?)?"
    rf"|(?<!\w)(?P<month>{MONTH})\s+{_DAY}(?:st|[nr]?d|th)?(?![\d.,]*\d)(?:,?\s+{_YEAR})?"
    rf"|(?<![\w.,]){_DAY}{DAY_SUFFIX}\s+(?:of\s+|de\s+)?{MONTH}(?!\w)(?:,?\s+(?:de\s+)?{_YEAR})?"
    rf"|(?<!\w){MONTH},?\s+(?:of\s+|de\s+)?{_YEAR}",
    re.IGNORECASE,
)
_WORDS = ("may", "march", "mar")
"""Names of months that are words, too: "it may 5 times"."""


def find_dates(text: str) -> list[tuple[int, int]]:
    """Return the spans `[start, end)` of the dates of a text; a fiscal year ("2015/16") is a single date."""
    found = [
        match.span()
        for match in _DATE.finditer(text)
        if (month := match["month"]) is None or month[0].isupper() or month.casefold() not in _WORDS
    ]
    taken = {offset for start, end in found for offset in range(start, end)}
    for mention in parse_years(text):
        is_in_name = text[mention.start].isdigit() and text[mention.start - 1 : mention.start].isalnum()  # "戦略2018"
        if mention.kind != "decade" and mention.role != "quantity" and not is_in_name:
            found += [span for span in _year_spans(text, mention) if span[0] not in taken]
    return sorted(found)


def _year_spans(text: str, mention: YearMention) -> list[tuple[int, int]]:
    first, *rest = mention.written
    if rest and text[first.end : rest[0].start] in ("-", "–", "/"):
        return [(mention.start, mention.end)]
    starts = [mention.start, *(written.start for written in rest)]
    return [(start, written.end) for written, start in zip(mention.written, starts, strict=True)]
