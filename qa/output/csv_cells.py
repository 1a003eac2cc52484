"""Tables as CSV, with cells that no spreadsheet evaluates."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20|%]|[\t\r\n]")
"""Beginnings of cells that a spreadsheet would evaluate as a formula (OWASP, "CSV Injection")."""


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as CSV, with a byte order mark so that spreadsheets detect UTF-8; texts are made safe."""
    buffer = io.StringIO(newline="")
    table = csv.writer(buffer)
    table.writerow(header)
    for row in rows:
        table.writerow([csv_cell(cell) if isinstance(cell, str) else cell for cell in row])
    return f"\ufeff{buffer.getvalue()}"


def csv_cell(value: str) -> str:
    """Return a text as a cell that no spreadsheet evaluates: an apostrophe precedes what looks like a formula."""
    value = value.replace("\0", "\ufffd")
    return f"'{value}" if _FORMULA.match(value) else value
