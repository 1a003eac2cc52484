"""Distinguish figures in the cells of tables from years, dates and labels."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.calendar_words import ERA_NAMES

_BLANK_VALUE = re.compile(r"(?:[-–—.…·\s]|n/?[am]\.?|n\.?m\.?)+", re.IGNORECASE)
_YEAR = r"(?:1[89]|2[01])\d\d"
"""Years 1800 to 2199: earlier ones are figures where they are in cells, and projections have later ones."""

_PERIOD = re.compile(
    rf"(?<!\d)\d{{1,2}}[./-]\d{{1,2}}[./-]{_YEAR}(?!\d)|(?<!\d)(?:FY|CY)?\s?'?{_YEAR}(?!\d)|\bFY\s?'?\d\d\b"
    r"|\b(?:[QH][1-4]|[1-4][QH])\b"
    rf"|(?:{ERA_NAMES})\s?(?:\d{{1,2}}|元)|(?<!\d)\d{{1,2}}月"
)
_SHORT_NUMBER = re.compile(r"(?<!\d)(?<!\d[.,])\d{1,2}(?!\d|[.,]\d)")
UNIT = re.compile(
    r"\([^()]*[^\W\d][^()]*\)|(?:in|all amounts|amounts|expressed|figures)\s.+|[^\w\s]{1,3}"
    r"|(?:[A-Z]{2,3})?[$€£¥]?\s?['’]?(?:000s?|m|bn|millions?|billions?|thousands?)",
    re.IGNORECASE,
)
"""Text of a cell or line that only states the unit of a table."""


def is_value(cell: str) -> bool:
    """Whether a cell has a figure, or a placeholder for one ("n/a", "-")."""
    if _BLANK_VALUE.fullmatch(cell):
        return True
    digits = sum(map(str.isdigit, cell))
    letters = sum(map(str.isalpha, cell))
    return digits > 0 and letters <= max(3, digits) and not is_period(cell)


def has_values(row: Sequence[str]) -> bool:
    """Whether a cell after the first one of a row is a value."""
    return any(is_value(cell) for cell in row[1:])


def is_period(cell: str) -> bool:
    """Whether a cell names a year or a date and has no other number than that of a day or a quarter."""
    return _PERIOD.search(cell) is not None and not any(map(str.isdigit, without_dates(cell)))


def without_dates(text: str) -> str:
    """Return a text without years and without numbers of days and quarters."""
    return _SHORT_NUMBER.sub("", _PERIOD.sub("", text))
