"""Joins the lines of table cells that have several: beside them, other cells have lines at half the distance."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace

from corpus.readers.pdf.extraction.glyphs import Span
from corpus.readers.pdf.text_lines import Line

_MAX_DISTANCE = 0.95
"""Ems between lines that can only be in one row, since they would touch each other otherwise."""
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
        cells = _join_spans(group)
        if len(group) == 1 or len(group) > _MAX_LINES or max(len(line.spans) for line in group) < _MIN_CELLS:
            result += group
        else:
            result.append(replace(max(group, key=lambda line: len(line.spans)), spans=cells))
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
