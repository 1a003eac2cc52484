"""The cells of table rows: join the lines of multi-line cells, and find the column of each cell.

Multi-line cells show as lines at less than the usual distance, because their lines alternate with other cells'.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from corpus.readers.pdf.extraction.glyphs import Span
from corpus.readers.pdf.text_lines import Line

_MAX_DISTANCE = 0.95
"""Ems between lines that can only be in one row, since they would touch each other otherwise."""
_MIN_COLUMNS = 3
"""Columns of a table in which rows without some of the cells are recognized."""
_MIN_CELLS, _MAX_LINES = 3, 7
"""Cells of one of the lines, and lines of a row; more are columns side by side."""


def join_cell_lines(lines: Sequence[Line]) -> list[Line]:
    """Return the lines, with those of each table row joined to one."""
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _touches(groups[-1][-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    result: list[Line] = []
    for group in groups:
        if len(group) == 1 or len(group) > _MAX_LINES or max(len(line.spans) for line in group) < _MIN_CELLS:
            result += group
        else:
            result.append(replace(max(group, key=lambda line: len(line.spans)), spans=_join_spans(group)))
    return result


def _touches(before: Line, after: Line) -> bool:
    distance = after.baseline - before.baseline
    return before.is_beside(after) and 0 < distance < _MAX_DISTANCE * min(before.size, after.size)


def _join_spans(group: Sequence[Line]) -> list[Span]:
    """Return the cells of a row from left to right; spans below each other are one cell."""
    cells: list[Span] = []
    for span in (span for line in group for span in line.spans):
        cell = next((cell for cell in cells if span.left < cell.right and cell.left < span.right), None)
        if cell is None:
            cells.append(replace(span))
            continue
        cell.text, cell.sources = f"{cell.text} {span.text}", cell.sources + array("i", [-1]) + span.sources
        cell.left, cell.right = min(cell.left, span.left), max(cell.right, span.right)
    return sorted(cells, key=lambda cell: cell.left)


def column_numbers(rows: Sequence[Line]) -> list[list[int]]:
    """Return for each row of a table the column of each cell, from 0.

    The columns are those of the first row with the most cells. A row whose cells are not each in a column of their own,
    such as a header over several columns, counts as having all cells from the left.
    """
    fullest = max(rows, key=lambda row: len(row.spans))
    columns = [(cell.left, cell.right) for cell in fullest.spans]
    result: list[list[int]] = []
    for row in rows:
        numbers = [_column_of(cell, columns) for cell in row.spans]
        clear = len(columns) >= _MIN_COLUMNS and len(row.spans) > 1 and None not in numbers
        in_order = clear and all(a < b for a, b in pairwise(number for number in numbers if number is not None))
        result.append([number for number in numbers if number is not None] if in_order else list(range(len(numbers))))
        if in_order:
            for cell, number in zip(row.spans, result[-1], strict=True):
                columns[number] = min(cell.left, columns[number][0]), max(cell.right, columns[number][1])
    return result


def _column_of(cell: Span, columns: Sequence[tuple[float, float]]) -> int | None:
    """Return the only column that a cell overlaps; None if there is none or more than one."""
    beside = [number for number, (left, right) in enumerate(columns) if cell.left < right and left < cell.right]
    return beside[0] if len(beside) == 1 else None
