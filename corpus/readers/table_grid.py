"""Renders tables as text: cells with row and column spans in, one line per row out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.readers.text_builder import CELL_SEPARATOR

MAX_COLUMNS, MAX_CELLS = 500, 200_000
"""Spans beyond these are an error or an attack and are not filled."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of a cell and the number of columns and rows that it spans."""

    text: str
    columns: int = 1
    rows: int = 1


def render_rows(table: Sequence[Sequence[Cell]]) -> list[str]:
    """Return one line per row, cells separated by `CELL_SEPARATOR`.

    A cell that spans several rows or columns is repeated in each, so that every row can be understood alone; a cell
    that spans a whole row appears once. Rows without text and empty cells at the end of a row are left out.
    """
    width = min(MAX_COLUMNS, max((sum(max(1, cell.columns) for cell in row) for row in table), default=0))
    spanning: dict[int, tuple[str, int]] = {}  # by column: the text of a cell from above, and its remaining rows
    lines: list[str] = []
    filled = 0
    for row in table:
        line: list[str] = []
        cells = iter(row)
        cell = next(cells, None)
        whole_row = len(row) == 1 and not spanning and row[0].columns >= width
        while cell is not None or len(line) in spanning:
            column = len(line)
            if column in spanning:
                text, remaining = spanning.pop(column)
                line.append(text)
                if remaining > 1:
                    spanning[column] = (text, remaining - 1)
                continue
            if cell is None:
                break
            span = max(1, min(cell.columns, MAX_COLUMNS - column))
            filled += span
            if filled > MAX_CELLS:
                span = 1
            for offset in range(span):
                if offset and column + offset in spanning:
                    break
                line.append(cell.text)
                if cell.rows > 1:
                    spanning[column + offset] = (cell.text, min(cell.rows, len(table)) - 1)
            cell = next(cells, None)
        if joined := _join(line[:1] if whole_row else line):
            lines.append(joined)
    return lines


def _join(cells: Sequence[str]) -> str:
    texts = [" ".join(text.split()) for text in cells]
    while texts and not texts[-1]:
        texts.pop()
    return CELL_SEPARATOR.join(texts).strip()
