"""Render tables as text: from cells with row and column spans to one line per row and the shape of the table."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.readers.base import CELL_SEPARATOR
from corpus.records import TableShape
from corpus.structure.text_tables import is_value
from corpus.vocabulary import CURRENCY_SIGNS

MAX_COLUMNS, MAX_CELLS = 500, 200_000
"""Larger spans are an error or an attack and are not filled."""

_MIN_ROWS = 3
"""Minimum number of lines and of columns of a table whose cells are divided by tabs."""

_MAX_TITLES = 3
"""Rows of the title, subtitle and unit above the header."""

_BEFORE = re.compile(rf"(?:[A-Z]{{1,3}})?[{CURRENCY_SIGNS}(]\(?")
_AFTER = re.compile(r"[)%‰]+|%?\)?(?:\([a-z]\)|[*†‡])")


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of a cell and the number of columns and rows that it spans."""

    text: str
    columns: int = 1
    rows: int = 1


@dataclass(slots=True)
class _Placed:
    text: str
    row: int
    column: int
    columns: int
    rows: int


def render_tabbed_rows(rows: Sequence[Sequence[str]]) -> tuple[list[str], TableShape] | None:
    """Return lines of equally many cells between tabs as a table; None if few are values or all are page numbers."""
    width = len(rows[0])
    cells = [cell for row in rows[1:] for cell in row[1:] if cell]
    if max(len(rows), width) < _MIN_ROWS or 2 * sum(map(is_value, cells)) < max(1, len(cells)):
        return None
    pages = [int(row[1]) for row in rows if row[1].isdecimal()]
    if width == 2 and len(pages) == len(rows) and pages == sorted(pages):
        return None
    return render_table([[Cell(cell) for cell in row] for row in rows])


def render_table(table: Sequence[Sequence[Cell]], header_rows: int = 0) -> tuple[list[str], TableShape]:
    """Return one line per row, cells separated by `CELL_SEPARATOR`, and the shape of the table.

    A cell that spans several rows or columns is written once, where it begins; the shape states which cells it covers.
    Rows and columns without text and empty cells at the end of a row are left out. Columns that only hold signs, such
    as "$" or ")" aligned apart from their figures, are joined with the column of the figures.

    Args:
        table: The cells by row. Cells covered by a cell from above are left out.
        header_rows: Number of leading rows that are header rows, 0 if unknown.
    """
    placed = _place(table)
    rows = {row: number for number, row in enumerate(sorted({cell.row for cell in placed if cell.text}))}
    texts = [dict[int, str]() for _ in rows]
    for cell in placed:
        if cell.text:
            texts[rows[cell.row]][cell.column] = cell.text
    columns = _joined_columns(texts, [cell for cell in placed if cell.text and cell.columns > 1])
    lines: list[str] = []
    for row in texts:
        joined: dict[int, str] = {}
        for column in sorted(row):
            joined[columns[column]] = joined.get(columns[column], "") + row[column]
        cells = [joined.get(column, "") for column in range(max(joined) + 1)]
        lines.append(CELL_SEPARATOR.join(cells).strip())
    merged: list[tuple[int, int, int, int]] = []
    numbers = list(rows)
    for cell in placed:
        if not cell.text or cell.columns == cell.rows == 1:
            continue
        first = columns[cell.column]
        wide = max((columns[c] for c in range(cell.column, cell.column + cell.columns) if c in columns), default=first)
        high = bisect_left(numbers, cell.row + cell.rows) - bisect_left(numbers, cell.row)
        if wide > first or high > 1:
            merged.append((rows[cell.row], first, wide - first + 1, high))
    header_rows = sum(row < header_rows for row in rows)
    titles = _count_titles(lines, merged, max(columns.values(), default=0) + 1)
    below = tuple((row - titles, column, wide, high) for row, column, wide, high in merged if row >= titles)
    return lines, TableShape(len(lines) - titles, max(header_rows - titles, 0), below)


def _count_titles(lines: Sequence[str], merged: Sequence[tuple[int, int, int, int]], width: int) -> int:
    """Return the number of title rows: leading rows that are one cell over all columns.

    0 if there is such a row further down as well: they are then labels of groups of rows.
    """
    whole = {row for row, column, columns, _height in merged if column == 0 and columns == width}
    titles = next((row for row in range(len(lines)) if row not in whole), 0)
    return titles if titles == len(whole) <= _MAX_TITLES and len(lines) - titles >= _MIN_ROWS - 1 else 0


def _place(table: Sequence[Sequence[Cell]]) -> list[_Placed]:
    """Return the cells with their positions in the grid."""
    placed: list[_Placed] = []
    covered: dict[int, int] = {}  # by column: the rows that a cell from above still covers
    filled = 0
    for number, row in enumerate(table):
        column = 0
        below: dict[int, int] = {}
        for cell in row:
            while covered.get(column, 0):
                column += 1
            if column >= MAX_COLUMNS:
                break
            width = max(1, min(cell.columns, MAX_COLUMNS - column))
            width = next((offset for offset in range(1, width) if covered.get(column + offset, 0)), width)
            height = max(1, min(cell.rows, len(table) - number))
            filled += width * height if width * height > 1 else 0
            if filled > MAX_CELLS:
                width = height = 1
            placed.append(_Placed(" ".join(cell.text.split()), number, column, width, height))
            if height > 1:
                below |= dict.fromkeys(range(column, column + width), height - 1)
            column += width
        covered = {column: rows - 1 for column, rows in covered.items() if rows > 1} | below
    return placed


def _joined_columns(texts: Sequence[dict[int, str]], wide: Sequence[_Placed]) -> dict[int, int]:
    """Return the column of the text for each column of the grid with text."""
    used = sorted({column for row in texts for column in row})
    cells: dict[int, list[str]] = {column: [] for column in used}
    for row in texts:
        for column, text in row.items():
            cells[column].append(text)
    spans = {(cell.text, cell.column) for cell in wide}
    columns: dict[int, int] = {}
    for place, column in enumerate(used):
        number = place if not columns else columns[used[place - 1]] + 1
        own = [text for text in cells[column] if (text, column) not in spans]
        before = used[place - 1] if place else None
        if (
            before is not None
            and own
            and (
                all(map(_AFTER.fullmatch, own))
                or _is_before([text for text in cells[before] if (text, before) not in spans])
            )
        ):
            number = columns[before]
        columns[column] = number
    return columns


def _is_before(texts: Sequence[str]) -> bool:
    return bool(texts) and all(map(_BEFORE.fullmatch, texts))
