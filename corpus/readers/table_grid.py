"""Tables as readable rows: cells with their spans in, lines of text out. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.readers.text_builder import CELL_SEPARATOR

MOST_COLUMNS = 500
MOST_CELLS = 200_000
"""Beyond these a table's spans are taken for an attack, or a mistake, and are not filled."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text, and how many columns and rows it covers."""

    text: str
    columns: int = 1
    rows: int = 1


def rows_of(table: Sequence[Sequence[Cell]]) -> list[str]:
    """One line a row. A cell that covers several rows or columns is repeated, so that each row can be read alone.

    A cell that covers a whole row is said once. Rows without text are left out, and so are empty cells at a row's end.
    """
    width = min(MOST_COLUMNS, max((sum(max(1, cell.columns) for cell in row) for row in table), default=0))
    hanging: dict[int, tuple[str, int]] = {}  # column -> text of a cell from above, and rows it still covers
    lines: list[str] = []
    filled = 0
    for row in table:
        line: list[str] = []
        cells = iter(row)
        pending = next(cells, None)
        whole = len(row) == 1 and not hanging and row[0].columns >= width
        while pending is not None or len(line) in hanging:
            column = len(line)
            if column in hanging:
                text, left = hanging.pop(column)
                line.append(text)
                if left > 1:
                    hanging[column] = (text, left - 1)
                continue
            if pending is None:
                break
            span = max(1, min(pending.columns, MOST_COLUMNS - column))
            filled += span
            if filled > MOST_CELLS:
                span = 1
            for offset in range(span):
                if offset and column + offset in hanging:
                    break
                line.append(pending.text)
                if pending.rows > 1:
                    hanging[column + offset] = (pending.text, min(pending.rows, len(table)) - 1)
            pending = next(cells, None)
        joined = _join(line[:1] if whole else line)
        if joined:
            lines.append(joined)
    return lines


def _join(cells: Sequence[str]) -> str:
    texts = [" ".join(text.split()) for text in cells]
    while texts and not texts[-1]:
        texts.pop()
    return CELL_SEPARATOR.join(texts).strip()
