"""A publication's series: its title without what changes every year. Pure."""

from __future__ import annotations

import re

from corpus.metadata.years import MONTH, SINGLE_YEAR, YEAR_SPAN, hide_numbers, show_numbers

_TRIM = " ,;:–—-|/　"
_EDITION_WORDS = re.compile(
    r"\b(?:(?:the\s+)?(?:(?:second|third|fourth|fifth|[0-9]+(?:st|nd|rd|th)|revised)\s+)?(?:edition|issue|volume|vol\.?)(?:\s+(?:of|for))?"
    r"|(?:for\s+)?(?:the\s+)?(?:fiscal|financial|calendar|school|academic)\s+year(?:\s+end(?:ed|ing))?|for\s+the\s+years?"
    r"(?:\s+end(?:ed|ing))?|years?\s+end(?:ed|ing)|FY)\s*",
    re.IGNORECASE,
)


def infer_series(title: str) -> str | None:
    """The title without what changes every year: "Annual Report 2015" and "2014 Annual Report" are one series."""
    title = hide_numbers(title)
    has_year = SINGLE_YEAR.search(title) is not None
    bare = YEAR_SPAN.sub(" ", title) if has_year else title
    bare = re.sub(r"[0-9]{4}年度?版?|年度?版", " ", bare)
    bare = SINGLE_YEAR.sub(" ", bare)
    if has_year:
        bare = re.sub(
            rf"(?:\b[0-9]{{1,2}}(?:st|nd|rd|th)?\s+)?\b{MONTH}(?:\s+[0-9]{{1,2}}(?:st|nd|rd|th)?\b)?,?",
            " ",
            bare,
            flags=re.IGNORECASE,
        )
        bare = _EDITION_WORDS.sub(" ", bare)
    bare = re.sub(r"[(（]\s*[^\w)）]*\s*[)）]", " ", bare)
    bare = re.sub(r"\s+", " ", bare).strip(_TRIM)
    previous = None
    while previous != bare:
        previous = bare
        bare = re.sub(r"(?:^|\s+)(?:for|of|in|ending|ended|to|and|the)$", "", bare, flags=re.IGNORECASE).strip(_TRIM)
    bare = re.sub(r"^(?:the|for)\s+(?=\S+\s)", "", bare, flags=re.IGNORECASE) if has_year else bare
    bare = re.sub(r"\s+([,:;])", r"\1", bare)
    bare = show_numbers(bare)
    return bare if sum(map(str.isalpha, bare)) >= 2 else None
