"""CSV and TSV: one sheet without a name; encoding and delimiter are detected from the bytes."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from corpus.errors import UnreadableFile
from corpus.readers.base import FileContent
from corpus.readers.spreadsheets.sheet import CellCounter, Sheet, compose
from corpus.readers.text.plain_text import decode_text
from corpus.translation import gettext as _

DELIMITERS = ",;\t|"
_SAMPLE_LINES = 200
_STATED = re.compile(r'sep=([^\n"])\n', re.IGNORECASE)
"""A line for Excel, which does not count it."""


def read(data: bytes) -> FileContent:
    """Read a CSV file with any usual delimiter. Raises UnreadableFile if it is not text, or has too many cells."""
    return _read(data, DELIMITERS)


def read_tsv(data: bytes) -> FileContent:
    """Read a file whose cells are separated by tabs, or else by another usual delimiter; errors as for `read`."""
    return _read(data, f"\t{DELIMITERS.replace(chr(9), '')}")


def _read(data: bytes, delimiters: str) -> FileContent:
    decoded = decode_text(data)
    text = decoded.text
    if (stated := _STATED.match(text)) is not None:
        delimiters, text = stated[1], text[stated.end() :]
    sheet = Sheet("")
    for number, row in enumerate(_parse(text, _delimiter(text, delimiters)), 1):
        if cells := {column: cell.strip() for column, cell in enumerate(row, 1) if cell.strip()}:
            sheet.cells[number] = cells
    return replace(compose([sheet], [], {}, decoded.warnings), furniture=decoded.replaced)


def _delimiter(text: str, candidates: str) -> str:
    """Return the delimiter that splits most of the first lines into an equal number of cells; on a tie, the first."""
    lines = [line for line in text[: 1 << 20].split("\n", _SAMPLE_LINES)[:_SAMPLE_LINES] if line.strip()]

    def fit(delimiter: str) -> tuple[float, int]:
        try:
            widths = Counter(len(row) for row in _parse("\n".join(lines), delimiter) if any(row))
        except UnreadableFile:  # cut by another delimiter, a line can be too long for one cell
            return 0.0, 1
        (width, count), *_ = widths.most_common(1) or [(1, 0)]
        return (count / max(1, len(lines)), width) if width > 1 else (0.0, 1)

    return max(candidates, key=fit)


def _parse(text: str, delimiter: str) -> Sequence[Sequence[str]]:
    """Return the rows. An unclosed quotation mark counts as an ordinary character.

    Raises:
        UnreadableFile: A cell is too long, or there are too many.
    """
    text = text.replace("\0", "\ufffd")

    def rows(quoting: Literal[0, 3], *, strict: bool) -> Sequence[Sequence[str]]:
        counter = CellCounter()
        parsed: list[Sequence[str]] = []
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting, strict=strict):
            counter.add(sum(map(bool, row)))
            parsed.append(row)
        return parsed

    try:
        return rows(csv.QUOTE_MINIMAL, strict=True)
    except csv.Error as error:
        unclosed = "unexpected end of data" in str(error)
    try:
        return rows(csv.QUOTE_NONE if unclosed else csv.QUOTE_MINIMAL, strict=False)
    except csv.Error as error:
        raise UnreadableFile(_("not a table of separated values (%(error)s)", error=error)) from error
