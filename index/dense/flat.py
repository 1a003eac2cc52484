"""Dense candidates: FAISS over unit vectors in immutable shards.

A shard is one FAISS flat index, opened memory-mapped; the rows of a generation are those of its shards one after the
other. Scores are exact (inner product of unit vectors is the cosine); among many rows an approximate structure proposes
which are scored, and rows that came after it was made are scanned.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from index.dense.ivf import IvfIndex
from index.dense.row_filter import RowFilter
from index.models.encoder import Vectors
from index.storage.vector_files import Rows

Scores = npt.NDArray[np.float32]

SCANNED = 200_000
"""So many vectors are scanned rather than searched approximately: some 20 ms, and exact."""

_BLOCK = 32768


def cut(scores: Scores, rows: Rows, count: int) -> tuple[Scores, Rows]:
    """The `count` rows of the highest scores and all that tie with the last, best first, equal ones by row.

    Scores and rows go together: both have shape (rows,), and so have both results.
    """
    if not len(rows):
        return scores, rows
    order = np.lexsort((rows, -scores))
    scores, rows = scores[order], rows[order]
    kept = scores >= scores[min(count, len(rows)) - 1]
    return scores[kept], rows[kept]


class DenseIndex:
    """The opened shards of a generation, and the approximate structure over the first of their rows, where one is."""

    def __init__(self, shards: Sequence[Path], dimension: int, approximate: IvfIndex | None = None) -> None:
        faiss.omp_set_num_threads(1)  # one question: a second thread costs more than it gives
        self._dimension = dimension
        self._approximate = approximate
        self._shards = [faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC) for path in shards]
        self._offsets = np.cumsum([0, *(shard.ntotal for shard in self._shards)])

    @property
    def rows(self) -> int:
        """How many vectors there are, superseded ones included."""
        return int(self._offsets[-1])

    def candidates(self, vector: Vectors, count: int, allowed: RowFilter | None = None) -> Rows:
        """Rows nearest to a unit vector of shape (dimension,), best first, among the allowed ones; see `scored`."""
        return self.scored(vector, count, allowed)[1]

    def scored(self, vector: Vectors, count: int, allowed: RowFilter | None = None) -> tuple[Scores, Rows]:
        """Cosines and rows, of shape (found,), of the nearest to a unit vector, best first, among the allowed ones.

        At least `count` where there are so many. Where all rows are scanned (there is no approximate structure, or at
        most `SCANNED` are allowed) they are exactly the nearest, and all that tie with the last are included. Else they
        are ordered exactly, but some of the nearest may be missing, and which ones depends on how the structure came to
        be; how many is measured at the build (`index.dense.ivf_tuning`).
        """
        limit = count + 1
        while True:
            scores, found = self._search(vector, limit, allowed)
            if len(found) < limit or scores[-1] < scores[count - 1]:
                break
            limit *= 2
        return cut(scores, found, count)

    def is_approximate(self, allowed: RowFilter | None = None) -> bool:
        """Whether `candidates` among these rows asks the approximate structure."""
        return self._approximate is not None and (allowed is None or len(allowed) > SCANNED)

    def _search(self, vector: Vectors, limit: int, allowed: RowFilter | None) -> tuple[Scores, Rows]:
        query = np.ascontiguousarray(vector.reshape(1, -1), dtype=np.float32)
        among = None if allowed is None else allowed.rows
        scanned_from = 0
        parts: list[tuple[Scores, Rows]] = []
        if self._approximate is not None and self.is_approximate(allowed):
            share, mask = (1.0, None) if allowed is None else (len(allowed) / self.rows, allowed.mask)
            parts += self._scan(query, limit, self._approximate.propose(query[0], limit, share, mask))
            scanned_from = self._approximate.rows
        if scanned_from:
            among = np.arange(scanned_from, self.rows) if among is None else among[among >= scanned_from]
        parts += self._scan(query, limit, among)
        if not parts:
            return np.empty(0, np.float32), np.empty(0, np.int64)
        scores, found = (np.concatenate(some) for some in zip(*parts, strict=True))
        order = np.lexsort((found, -scores))[:limit]
        return scores[order], found[order]

    def _scan(self, query: Vectors, limit: int, among: Rows | None) -> Iterator[tuple[Scores, Rows]]:
        """The best rows of each shard with their scores, exactly; among these rows (sorted) where given."""
        for shard, begin, end in zip(self._shards, self._offsets, self._offsets[1:], strict=False):
            here = None
            if among is not None:
                low, high = np.searchsorted(among, (begin, end))
                here = among[low:high] - begin if high - low < end - begin else None
                if low == high:
                    continue
            wanted = shard.ntotal if here is None else len(here)
            parameters = None
            if here is not None:
                # computed for the listed rows alone: a fifth of what a set costs, half of what a bitmap does
                selector = faiss.IDSelectorArray(here)
                parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]  # its stubs lack it
            scores, found = shard.search(query, min(limit, wanted), params=parameters)
            yield scores[0], found[0] + begin

    def nearest(self, vectors: Vectors, count: int, mask: npt.NDArray[np.bool_]) -> Rows:
        """The `count` nearest of each of many vectors among the first len(mask) rows that `mask` allows, by scanning.

        Shape (vectors, count), best first; -1 where there are fewer.
        """
        rows = np.flatnonzero(mask)
        best_scores = np.full((len(vectors), count), -np.inf, dtype=np.float32)
        best = np.full((len(vectors), count), -1, dtype=np.int64)
        for begin in range(0, len(rows), _BLOCK):  # as matrices: a tenth of the time of one scan a vector
            here = rows[begin : begin + _BLOCK]
            scores, places = faiss.knn(vectors, self.vectors(here), min(count, len(here)), faiss.METRIC_INNER_PRODUCT)
            both = np.hstack([best_scores, scores])
            order = np.argsort(-both, axis=1, kind="stable")[:, :count]
            best_scores = np.take_along_axis(both, order, axis=1)
            best = np.take_along_axis(np.hstack([best, here[places]]), order, axis=1)
        return best

    def vectors(self, rows: Rows) -> Vectors:
        """The vectors of these rows, shape (rows, dimension). Raises IndexError for one that is not there."""
        if len(rows) and not 0 <= rows.min() <= rows.max() < self.rows:
            raise IndexError(f"no row {rows.max() if rows.min() >= 0 else rows.min()} among {self.rows:,} vectors")
        out = np.empty((len(rows), self._dimension), dtype=np.float32)
        for shard, begin, end in zip(self._shards, self._offsets, self._offsets[1:], strict=False):
            here = np.flatnonzero((rows >= begin) & (rows < end))
            if len(here):
                out[here] = shard.reconstruct_batch(np.ascontiguousarray(rows[here] - begin))
        return out
