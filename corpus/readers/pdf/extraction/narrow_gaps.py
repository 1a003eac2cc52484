"""Cells of a table that are as near to each other as words: the rows above and below show where they begin.

Between cells of a narrow table, or behind a long label, the gap is hardly wider than a space. It is still wider than
the spaces in the cells, and what is beside it is aligned with cells of another row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from corpus.structure.text_tables import is_period, is_value

_MIN_GAP, _CLEAR_GAP, _WIDER = 0.3, 0.6, 1.1
"""Ems between cells, the same if they are not aligned but each over a cell of its own, as those of a centred header
with several words in a cell, and the gap between cells as a multiple of that between the words of a cell, at least."""
_ALIGNED, _SAME_ROW = 1.5, 1.0
"""Points by which the edges, or the middles, of aligned cells differ at most, and the baselines of cells of a row."""
_ROW_DISTANCE, _MAX_ROWS = 3.0, 12
"""Ems from one row of a table to the next, and rows above and below that are compared."""
_MIN_CELLS, _MIN_ROWS = 3, 2
"""Minimum number of cells in a row of a table, and of rows with two cells each that are evidence of a table."""
_MAX_PASSES = 3
"""Times that cells are searched, since those of one row are known by those of another."""
_APART = 1.02
"""Gap before figures that are cells, as a multiple of those between other words: equal ones are spaces."""
_SPACE = 0.37
"""Maximum width of a space that separates thousands, in ems."""
_FIGURE = re.compile(r"[(\-–−+$£€¥]*\d[\d.,\s]*[%)]*")
_HEAD_OF_FIGURE, _THOUSANDS = re.compile(r"[(\-–−+$£€¥]*\d{1,3}|\d{3}"), re.compile(r"\d{3}(?:[.,]\d+)?[%)]*")


class Word(NamedTuple):
    """A word: its text, its place in points, and the position of its first glyph in its group."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    first: int


class Cell(NamedTuple):
    """A cell of a row: its place in points and whether it holds a figure or a year."""

    left: float
    right: float
    is_figure: bool


class _Row(NamedTuple):
    """A row: its baseline, its type size, and its groups of words by their position in the argument."""

    baseline: float
    size: float
    groups: list[int]


def find_cells(groups: Sequence[Sequence[Word]]) -> list[list[int]]:
    """Return for each group of words the positions of the words at which a further cell begins."""
    positions = [_first_words(group) for group in groups]
    groups = [
        [_joined(group[first:stop]) for first, stop in pairwise([*starts, len(group)])]
        for group, starts in zip(groups, positions, strict=True)
    ]
    breaks = _find_breaks(groups)
    return [[starts[at] for at in own] for starts, own in zip(positions, breaks, strict=True)]


def _first_words(words: Sequence[Word]) -> list[int]:
    """Return the positions of words, but for those that are the thousands of the figure before them: "1 240"."""
    return [
        at
        for at, word in enumerate(words)
        if not at
        or not _HEAD_OF_FIGURE.fullmatch(words[at - 1].text)
        or not _THOUSANDS.fullmatch(word.text)
        or word.left - words[at - 1].right > _SPACE * word.size
    ]


def _joined(words: Sequence[Word]) -> Word:
    return words[0]._replace(text=" ".join(word.text for word in words), right=words[-1].right)


def _find_breaks(groups: Sequence[Sequence[Word]]) -> list[list[int]]:
    breaks: list[list[int]] = [[] for _ in groups]
    rows = _rows(groups)
    if not any(len(row.groups) > 1 for row in rows):
        return breaks
    near = [list(_near_rows(rows, number)) for number in range(len(rows))]
    for _ in range(_MAX_PASSES):
        cells = [
            [cell for group in row.groups for cell in _cells(groups[group], breaks[group] or _figures(groups[group]))]
            for row in rows
        ]
        before = list(breaks)
        for number, row in enumerate(rows):
            others = [cells[other] for other in near[number] if _has_figures(cells[other])]
            for group in row.groups:
                if others and len(groups[group]) > len(breaks[group]) + 1:
                    new_breaks = _breaks(groups[group], group == row.groups[0], len(row.groups), others)
                    breaks[group] = max(breaks[group], new_breaks, key=len)
        if breaks == before:
            break
    return breaks


def split_head(words: Sequence[Word], is_first: bool, groups: int, rows: Sequence[Sequence[Cell]]) -> list[list[Word]]:
    """Return the words of each cell of a part of a header, as the rows of the table on the next page show them.

    Args:
        words: The words.
        is_first: Whether it is the first part of its row.
        groups: Number of parts of its row.
        rows: The cells of the rows.
    """
    breaks = _breaks(words, is_first, groups, [row for row in rows if _has_figures(row)])
    return [list(words[first:stop]) for first, stop in pairwise([0, *breaks, len(words)])]


def _rows(groups: Sequence[Sequence[Word]]) -> list[_Row]:
    """Return the rows from top to bottom, the groups of each from left to right."""
    rows: list[_Row] = []
    for number in sorted(range(len(groups)), key=lambda number: groups[number][0].baseline):
        word = groups[number][0]
        if rows and word.baseline - rows[-1].baseline <= _SAME_ROW:
            rows[-1].groups.append(number)
        else:
            rows.append(_Row(word.baseline, word.size, [number]))
    for row in rows:
        row.groups.sort(key=lambda number: groups[number][0].left)
    return rows


def _near_rows(rows: Sequence[_Row], number: int) -> Iterator[int]:
    """Yield the numbers of the rows above and below that may be of the same table, the nearest first."""
    for step in (-1, 1):
        for other in range(number + step, number + step * (_MAX_ROWS + 1), step):
            if not 0 <= other < len(rows):
                break
            distance = abs(rows[other].baseline - rows[other - step].baseline)
            if distance > _ROW_DISTANCE * max(rows[other].size, rows[other - step].size):
                break
            yield other


def _figures(words: Sequence[Word]) -> list[int]:
    """Return the positions of the figures at the end of a group if there are several: they may be cells."""
    first = len(words)
    while first > 0 and _FIGURE.fullmatch(words[first - 1].text):
        first -= 1
    if len(words) - first < 2 or not _are_apart(words, max(first, 1)):
        return []
    return list(range(max(first, 1), len(words)))


def _are_apart(words: Sequence[Word], first: int) -> bool:
    """Return whether words from a position on are farther from each other and the word before than those before."""
    gaps = [after.left - before.right for before, after in pairwise(words)]
    return first == 1 or min(gaps[first - 1 :]) > _APART * max(gaps[: first - 1])


def _cells(words: Sequence[Word], breaks: Sequence[int]) -> Iterator[Cell]:
    for first, stop in pairwise([0, *breaks, len(words)]):
        text = " ".join(word.text for word in words[first:stop])
        yield Cell(words[first].left, words[stop - 1].right, _is_figure(text))


def _is_figure(text: str) -> bool:
    return is_value(text) or is_period(text)


def _has_figures(cells: Sequence[Cell]) -> bool:
    return any(cell.is_figure for cell in cells[1:])


def _breaks(words: Sequence[Word], is_first: bool, groups: int, rows: Sequence[Sequence[Cell]]) -> list[int]:
    """Return where the cells of a group of words begin, as the row with the most cells shows it; empty if it is one.

    Args:
        words: The words of the group.
        is_first: Whether the group is the first of its row.
        groups: Number of groups of its row.
        rows: The cells of the rows nearby.
    """
    left, right = words[0].left, words[-1].right
    gaps = [after.left - before.right for before, after in pairwise(words)]
    ordered = sorted(gaps)
    evidence: dict[tuple[int, ...], int] = {}
    best: list[int] = []
    for row in rows:
        below = _cells_below(Cell(left, right, False), row)
        count = len(below) - 1
        if not 0 < count < len(words):
            continue
        usual = ordered[-count - 1] if count < len(gaps) else 0.0
        is_gap = ordered[-count] >= max(_MIN_GAP * words[0].size, _WIDER * usual)
        if all(_FIGURE.fullmatch(word.text) for word in words[-count:]) and (
            _are_apart(words, len(words) - count) if count > 1 else not is_gap
        ):
            breaks = list(range(len(words) - count, len(words)))  # aligned as they are, whatever is between them
        elif count > 1 and (by_edges := _breaks_at_edges(words, [row[number] for number in below])):
            breaks = by_edges
        elif is_gap:
            breaks = [position for position, gap in enumerate(gaps, 1) if gap >= ordered[-count]]
        else:
            continue
        parts = list(_cells(words, breaks))
        if len(parts) != len(below) or not any(row[number].is_figure for number in below[1:]):
            continue
        is_clear = ordered[-count] >= _CLEAR_GAP * words[0].size or (
            below[0] > 0 and _MIN_CELLS <= len(words) == len(below)
        )
        pairs = [(part, row[number]) for part, number in zip(parts, below, strict=True)]
        only_figures = all(part.is_figure for part in parts[1:])
        has_label = is_first and below[0] == 0 and only_figures  # a label can be indented
        edges = [_aligned_edges(part, other) for part, other in pairs[is_first and below[0] == 0 :]]
        is_level = bool(set.intersection(*edges)) and (has_label or bool(_aligned_edges(*pairs[0])))
        is_over = is_clear and all(
            _aligned_edges(part, row[number]) or _cells_below(part, row) == [number]
            for part, number in list(zip(parts, below, strict=True))[has_label:]
        )
        if not is_level and not is_over:
            continue
        evidence[tuple(breaks)] = evidence.get(tuple(breaks), 0) + 1
        is_row = groups + count >= _MIN_CELLS and len(row) >= _MIN_CELLS and (count > 1 or is_gap)
        if is_row or (only_figures and evidence[tuple(breaks)] >= _MIN_ROWS):
            best = max(best, breaks, key=len)
    return best


def _breaks_at_edges(words: Sequence[Word], cells: Sequence[Cell]) -> list[int]:
    """Return where parts begin that all end, or all begin, where one of the cells does; empty if they do not."""
    ends = [at for cell in cells for at, word in enumerate(words, 1) if abs(word.right - cell.right) <= _ALIGNED]
    if len(ends) == len(cells) and ends[-1] == len(words):
        return ends[:-1]
    starts = [at for cell in cells for at, word in enumerate(words) if abs(word.left - cell.left) <= _ALIGNED]
    return starts[1:] if len(starts) == len(cells) and starts[0] == 0 else []


def _cells_below(cell: Cell, row: Sequence[Cell]) -> list[int]:
    """Return the numbers of the cells of a row that are below or above a cell."""
    return [number for number, other in enumerate(row) if other.left < cell.right and cell.left < other.right]


def _aligned_edges(cell: Cell, other: Cell) -> set[str]:
    """Return at which of their edges, and whether by their middles, two cells are aligned."""
    differences = {
        "left": cell.left - other.left,
        "right": cell.right - other.right,
        "middle": (cell.left + cell.right - other.left - other.right) / 2,
    }
    return {edge for edge, difference in differences.items() if abs(difference) <= _ALIGNED}
