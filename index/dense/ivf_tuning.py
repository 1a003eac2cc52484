"""Choose by measured recall how many inverted lists a search reads and how many rows it scores exactly.

Recall is the share of the truly nearest rows (by a scan) among the proposed ones. One half of the queries chooses the
parameters; the other half has to confirm them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.dense.flat import DenseIndex
from index.dense.ivf import IvfIndex, all_cores
from index.manifest import Recall
from index.models.encoder import Vectors
from index.storage.vector_files import Rows

MIN_RECALL = 0.97
"""Required recall of the ten nearest, and of the hundred that fusion considers; higher recall costs more lists."""

MIN_RECALL_WHEN_CHOOSING = 0.99
"""Required recall on the choosing half, higher since real questions are harder. At .985 (.98 on the other half) two
hundred questions reached .965 among 220,000 passages; among 10^6, .972 with 16 lists and .991 with 32
(`tests.benchmarks.recall`)."""

SHARES = (1.0, 0.5, 0.1, 0.01)
"""Shares of the rows that the simulated filters keep."""

QUERIES = 200
NEAREST = 100
_FIRST = 10
_RESCORED = (1.5, 3.0, 6.0)
_BLOCK = 128
"""Adjacent rows that a simulated filter keeps or drops together, like those of a document."""


@dataclass(frozen=True, slots=True)
class Tuned:
    """Rows scored exactly per row wanted, and the number of lists with its recall for each share of rows."""

    rescored: float
    recalls: tuple[Recall, ...]


def tune(approximate: IvfIndex, dense: DenseIndex, queries: Vectors, live: npt.NDArray[np.bool_]) -> Tuned | None:
    """Return the cheapest parameters that reach `MIN_RECALL`; None if reading all lists does not.

    Args:
        approximate: The inverted lists.
        dense: Exact search over the same rows, and possibly later ones.
        queries: Unit vectors, shape (queries, dimension).
        live: Rows that are in use, shape (rows,). Shares so small that a search would scan are measured, too.
    """
    rows = approximate.rows
    random = np.random.default_rng(1)
    with all_cores():
        masks = [live[:rows] & _random_rows(rows, share, random) for share in SHARES]
        nearest = [dense.nearest(queries, NEAREST, mask) for mask in masks]
        for rescored in _RESCORED:
            recalls: list[Recall] = []
            for share, mask, exact in zip(SHARES, masks, nearest, strict=True):
                measured = _fewest_lists(_measuring(approximate, queries, exact, mask, rescored), approximate.lists)
                if measured is None:
                    break
                recalls.append(Recall(share, measured.probes, *(round(value, 4) for value in measured.confirmed)))
            else:
                return Tuned(rescored, tuple(recalls))
    return None


def _random_rows(rows: int, share: float, random: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Return a mask of this share of the rows, at least one block of them."""
    blocks = -(-rows // _BLOCK)
    selected = random.permutation(blocks) < max(1, round(share * blocks))
    return np.repeat(selected, _BLOCK)[:rows]


@dataclass(frozen=True, slots=True)
class _Measured:
    """Recall of the ten nearest and of all, on the choosing and on the confirming queries."""

    probes: int
    chosen: tuple[float, float]
    confirmed: tuple[float, float]


def _measuring(
    approximate: IvfIndex, queries: Vectors, exact: Rows, mask: npt.NDArray[np.bool_], rescored: float
) -> Callable[[int], _Measured]:
    bits = np.packbits(mask, bitorder="little")

    def measure(probes: int) -> _Measured:
        proposed = approximate.nearest(queries, round(NEAREST * rescored), probes, bits)
        halves = (
            (recall(exact[half::2, :_FIRST], proposed[half::2]), recall(exact[half::2], proposed[half::2]))
            for half in (0, 1)
        )
        return _Measured(probes, *halves)

    return measure


def recall(exact: Rows, proposed: Rows) -> float:
    """Return the share of the rows in `exact` (one line per query, -1 for none) in the same line of `proposed`."""
    known = exact >= 0
    hits = (exact[:, :, None] == proposed[:, None, :]).any(axis=2) & known
    return float(hits.sum() / known.sum()) if known.any() else 1.0


def _fewest_lists(measure: Callable[[int], _Measured], lists: int) -> _Measured | None:
    """Search for the fewest lists that suffice by doubling and bisection; add lists until both halves agree."""
    low, high = 0, 1
    while min((best := measure(high)).chosen) < MIN_RECALL_WHEN_CHOOSING:
        if high >= lists:
            return None
        low, high = high, min(2 * high, lists)
    while high - low > max(1, high // 16):
        middle = (low + high) // 2
        tried = measure(middle)
        if min(tried.chosen) < MIN_RECALL_WHEN_CHOOSING:
            low = middle
        else:
            best, high = tried, middle
    while min(best.confirmed) < MIN_RECALL:
        if best.probes >= lists:
            return None
        best = measure(min(best.probes + max(1, best.probes // 8), lists))
    return best
