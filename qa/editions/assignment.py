"""One-to-one assignment of the greatest total gain, and which items keep their order. Pure.

The assignment is Kuhn's Hungarian method with shortest augmenting paths (Jonker and Volgenant, "A shortest augmenting
path algorithm for dense and sparse linear assignment problems", Computing 38, 1987), on each connected component of
the pairs that gain at all: sections of two editions fall into many small ones, so that hundreds take no time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]


def assign(gains: Matrix) -> list[tuple[int, int]]:
    """Pairs (row, column), sorted, each row and column at most once, of the greatest sum of gains.

    `gains` has shape (rows, columns); what is not above 0 is never paired.
    """
    pairs: list[tuple[int, int]] = []
    for rows, columns in _components(gains > 0):
        part = np.maximum(gains[np.ix_(rows, columns)], 0.0)
        flipped = part.shape[0] > part.shape[1]
        for row, column in _hungarian(-(part.T if flipped else part)):
            if flipped:
                row, column = column, row
            if part[row, column] > 0:
                pairs.append((int(rows[row]), int(columns[column])))
    return sorted(pairs)


def _components(linked: npt.NDArray[np.bool_]) -> list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """The rows and columns of each connected component that has both."""
    free = np.ones(linked.shape[0], dtype=bool)
    found: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]] = []
    for seed in range(linked.shape[0]):
        if not free[seed] or not linked[seed].any():
            continue
        rows: npt.NDArray[np.bool_] = np.zeros(linked.shape[0], dtype=bool)
        rows[seed] = True
        while True:
            columns = np.any(linked[rows], axis=0)
            wider: npt.NDArray[np.bool_] = np.any(linked[:, columns], axis=1)
            if (wider == rows).all():
                break
            rows = wider
        free &= ~rows
        found.append((np.flatnonzero(rows), np.flatnonzero(columns)))
    return found


def _hungarian(costs: Matrix) -> list[tuple[int, int]]:
    """The cheapest assignment of every row; there are at least as many columns as rows."""
    rows, columns = costs.shape
    of_row, of_column = np.zeros(rows + 1), np.zeros(columns + 1)
    row_of = np.zeros(columns + 1, dtype=np.int64)  # by column; 0 is nobody
    for row in range(1, rows + 1):
        row_of[0] = row
        column = 0
        least = np.full(columns + 1, np.inf)
        before = np.zeros(columns + 1, dtype=np.int64)
        used = np.zeros(columns + 1, dtype=bool)
        while True:
            used[column] = True
            current = row_of[column]
            free = ~used
            free[0] = False
            reduced = np.full(columns + 1, np.inf)
            reduced[1:] = costs[current - 1] - of_row[current] - of_column[1:]
            better = free & (reduced < least)
            least[better] = reduced[better]
            before[better] = column
            following = int(np.where(free, least, np.inf).argmin())
            step = least[following]
            of_row[row_of[used]] += step
            of_column[used] -= step
            least[free] -= step
            column = following
            if row_of[column] == 0:
                break
        while column:
            row_of[column] = row_of[before[column]]
            column = int(before[column])
    return [(int(row_of[column]) - 1, column - 1) for column in range(1, columns + 1) if row_of[column]]


def keeps_order(values: Sequence[int]) -> list[bool]:
    """Of distinct values, which stand in every longest increasing subsequence.

    What has swapped places with its neighbour stands in one of two: both have moved. What has moved past many others
    leaves them where they were.
    """
    ending, beginning = _longest(values), _longest([-one for one in reversed(values)])[::-1]
    whole = max(ending, default=0)
    inside = [a + b - 1 == whole for a, b in zip(ending, beginning, strict=True)]
    at_length: dict[int, int] = {}
    for length, one in zip(ending, inside, strict=True):
        at_length[length] = at_length.get(length, 0) + one
    return [one and at_length[length] == 1 for length, one in zip(ending, inside, strict=True)]


def _longest(values: Sequence[int]) -> list[int]:
    """Length of the longest increasing subsequence that ends at each value."""
    tails: list[int] = []
    lengths: list[int] = []
    for value in values:
        at = bisect_left(tails, value)
        tails[at : at + 1] = [value]
        lengths.append(at + 1)
    return lengths
