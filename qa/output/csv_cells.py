"""Cells of a CSV file that no spreadsheet evaluates."""

from __future__ import annotations

import re

_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20|%]|[\t\r\n]")
"""Beginnings of cells that a spreadsheet would evaluate as a formula (OWASP, "CSV Injection")."""


def csv_cell(value: str) -> str:
    """Return a text as a cell that no spreadsheet evaluates: an apostrophe precedes what looks like a formula."""
    value = value.replace("\0", "\ufffd")
    return f"'{value}" if _FORMULA.match(value) else value
