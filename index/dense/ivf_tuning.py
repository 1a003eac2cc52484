"""How many lists an approximate structure reads and how many candidates it scores: chosen by measured recall.

Recall is the share of the nearest rows, found by scanning all, that are among those proposed. Half of the queries that
are given choose, and the other half, which the choice has not seen, has to confirm it.
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

TO_REACH = 0.97
"""Of the ten nearest, and of the hundred that hits are fused from."""

CHOSEN_AT = 0.99
"""What the choosing half has to reach: real questions are harder still. At .985 (.98 by the other half) two hundred of
them found .965 of the nearest among 220,000 passages; among 10^6, 16 lists found .972 and 32 lists .991."""

SHARES = (1.0, 0.5, 0.1, 0.01)
"""Of the rows, that filters keep."""

QUERIES = 200
NEAREST = 100
_FIRST = 10
_RESCORED = (1.5, 3.0, 6.0)
_BLOCK = 128
"""Rows that a filter keeps or drops together, as it does those of a document."""


@dataclass(frozen=True, slots=True)
class Tuned:
    """Candidates scored for each one wanted, and how many lists reach what recall for each share of the rows."""

    rescored: float
    recalls: tuple[Recall, ...]


def tune(approximate: IvfIndex, dense: DenseIndex, queries: Vectors, live: npt.NDArray[np.bool_]) -> Tuned | None:
    """The least work that reaches `TO_REACH`; None where reading all lists does not.

    `dense` has the rows that `approximate` covers, and maybe more; `live` says which rows are not superseded. Shares
    that leave so few rows that a question scans them are measured like the others.
    """
    rows = approximate.rows
    chance = np.random.default_rng(1)
    with all_cores():
        masks = [live[:rows] & _some(rows, share, chance) for share in SHARES]
        nearest = [dense.nearest(queries, NEAREST, mask) for mask in masks]
        for rescored in _RESCORED:
            recalls: list[Recall] = []
            for share, mask, exact in zip(SHARES, masks, nearest, strict=True):
                one = _least(_measuring(approximate, queries, exact, mask, rescored), approximate.lists)
                if one is None:
                    break
                recalls.append(Recall(share, one.probes, *(round(value, 4) for value in one.confirmed)))
            else:
                return Tuned(rescored, tuple(recalls))
    return None


def _some(rows: int, share: float, chance: np.random.Generator) -> npt.NDArray[np.bool_]:
    """So large a share of the rows, at least one block of them."""
    blocks = -(-rows // _BLOCK)
    kept = chance.permutation(blocks) < max(1, round(share * blocks))
    return np.repeat(kept, _BLOCK)[:rows]


@dataclass(frozen=True, slots=True)
class _Measured:
    """Recall of the first ten and of all nearest, by the queries that choose and by those that confirm."""

    probes: int
    chosen: tuple[float, float]
    confirmed: tuple[float, float]


def _measuring(
    approximate: IvfIndex, queries: Vectors, exact: Rows, mask: npt.NDArray[np.bool_], rescored: float
) -> Callable[[int], _Measured]:
    bits = np.packbits(mask, bitorder="little")

    def measured(probes: int) -> _Measured:
        found = approximate.nearest(queries, round(NEAREST * rescored), probes, bits)
        halves = [(recall(exact[half::2, :_FIRST], found[half::2]), recall(exact[half::2], found[half::2]))
                  for half in (0, 1)]  # fmt: skip
        return _Measured(probes, *halves)

    return measured


def recall(exact: Rows, found: Rows) -> float:
    """Of the rows in `exact` (a line a query, -1 for none), the share that is in the same line of `found`."""
    known = exact >= 0
    hits = (exact[:, :, None] == found[:, None, :]).any(axis=2) & known
    return float(hits.sum() / known.sum()) if known.any() else 1.0


def _least(measured: Callable[[int], _Measured], lists: int) -> _Measured | None:
    """The fewest lists that suffice, found by doubling and halving; more of them where the confirming half differs."""
    low, high = 0, 1
    while min((best := measured(high)).chosen) < CHOSEN_AT:
        if high >= lists:
            return None
        low, high = high, min(2 * high, lists)
    while high - low > max(1, high // 16):
        middle = (low + high) // 2
        tried = measured(middle)
        if min(tried.chosen) < CHOSEN_AT:
            low = middle
        else:
            best, high = tried, middle
    while min(best.confirmed) < TO_REACH:
        if best.probes >= lists:
            return None
        best = measured(min(best.probes + max(1, best.probes // 8), lists))
    return best
