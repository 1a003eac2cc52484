"""Sentence vectors: kept as int8 with one scale a row, in immutable shards, memory-mapped.

Only those of candidates are ever read, so a flat file suffices: a passage's best sentence costs a few rows from disk.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.dense.row_filter import Rows
from index.models.encoder import Vectors
from index.storage.npy_files import opened

_LARGEST = 127.0


def quantise(vectors: Vectors) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """Rows scaled to int8: (values of shape (rows, dimension), scales of shape (rows,)); vector = values * scale."""
    scales = (np.abs(vectors).max(axis=1, initial=1e-12) / _LARGEST).astype(np.float32)
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales


def packed(vectors: Vectors) -> npt.NDArray[np.void]:
    """Vectors of shape (rows, dimension) as they are kept: shape (rows,), of the type that `record` gives."""
    values, scales = quantise(vectors)
    records = np.empty(len(vectors), dtype=record(vectors.shape[1]))
    records["values"], records["scale"] = values, scales
    return records


def record(dimension: int) -> np.dtype[np.void]:
    """How a vector is kept: as int8 `values`, and the `scale` that they are multiplied by to give it."""
    return np.dtype([("values", np.int8, (dimension,)), ("scale", np.float32)])


class SentenceVectors:
    """The opened shards of a generation; rows count through all shards."""

    def __init__(self, shards: Sequence[Path]) -> None:
        self._shards = [opened(path) for path in shards]
        self._offsets = np.cumsum([0, *map(len, self._shards)])

    @property
    def rows(self) -> int:
        """How many vectors there are, superseded ones included."""
        return int(self._offsets[-1])

    def vectors(self, rows: Rows) -> Vectors:
        """The vectors of these rows, shape (rows, dimension), as float32."""
        found = self._gathered(rows)
        vectors: Vectors = found["values"].astype(np.float32) * found["scale"][:, None]
        return vectors

    def cosines(self, rows: Rows, vector: Vectors) -> Vectors:
        """Their similarities with a unit vector, shape (rows,)."""
        found = self._gathered(rows)  # scaled when they are numbers: a third less than as vectors
        cosines: Vectors = (found["values"].astype(np.float32) @ vector) * found["scale"]
        return cosines

    def _gathered(self, rows: Rows) -> npt.NDArray[np.void]:
        """The stored records of these rows, in their order. Raises IndexError for one that is not there."""
        if len(rows) and not 0 <= rows.min() <= rows.max() < self.rows:
            raise IndexError(f"no row {rows.max() if rows.min() >= 0 else rows.min()} among {self.rows:,} sentences")
        if len(self._shards) == 1:
            return np.asarray(self._shards[0][rows])
        out = np.empty(len(rows), dtype=self._shards[0].dtype if self._shards else record(0))
        for shard, begin, end in zip(self._shards, self._offsets, self._offsets[1:], strict=False):
            here = np.flatnonzero((rows >= begin) & (rows < end))
            if len(here):
                out[here] = shard[rows[here] - begin]
        return out
