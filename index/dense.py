"""Dense candidates: FAISS over unit vectors in immutable shards.

A shard is one FAISS flat index, opened memory-mapped; the rows of a generation are those of its shards one after the
other. Search is exact (inner product of unit vectors is the cosine), also under a filter.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from index.allowed import Allowed, Rows
from index.encoder import Vectors


def write_shard(path: Path, vectors: Vectors) -> None:
    """Write one shard; `vectors` has shape (rows, dimension)."""
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(np.ascontiguousarray(vectors))
    faiss.write_index(flat, str(path))


class Dense:
    """The opened shards of a generation."""

    def __init__(self, shards: Sequence[Path], dimension: int) -> None:
        faiss.omp_set_num_threads(1)  # one question: a second thread costs more than it gives
        self._dimension = dimension
        self._shards = [faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC) for path in shards]
        self._offsets = np.cumsum([0, *(shard.ntotal for shard in self._shards)])

    @property
    def rows(self) -> int:
        """How many vectors there are, superseded ones included."""
        return int(self._offsets[-1])

    def candidates(self, vector: Vectors, count: int, allowed: Allowed | None = None) -> Rows:
        """Rows nearest to a unit vector of shape (dimension,), best first, among the allowed ones.

        At least `count` where there are so many; rows that tie with the last are all included.
        """
        limit = count + 1
        while True:
            scores, found = self._search(vector, limit, allowed)
            if len(found) < limit or scores[-1] < scores[count - 1]:
                break
            limit *= 2
        if not len(found):
            return found
        kept = found[scores >= scores[min(count, len(found)) - 1]]
        order = np.lexsort((kept, -scores[: len(kept)]))
        best: Rows = kept[order]
        return best

    def _search(self, vector: Vectors, limit: int, allowed: Allowed | None) -> tuple[npt.NDArray[np.float32], Rows]:
        all_scores, all_rows = [], []
        query = np.ascontiguousarray(vector.reshape(1, -1), dtype=np.float32)
        for shard, begin, end in zip(self._shards, self._offsets, self._offsets[1:], strict=False):
            among = None if allowed is None else allowed.between(int(begin), int(end))
            scores, found = _scan(shard, query, limit, among)
            all_scores.append(scores)
            all_rows.append(found + begin)
        if not all_rows:
            return np.empty(0, np.float32), np.empty(0, np.int64)
        scores, found = np.concatenate(all_scores), np.concatenate(all_rows)
        order = np.lexsort((found, -scores))[:limit]
        return scores[order], found[order]

    def vectors(self, rows: Rows) -> Vectors:
        """The vectors of these rows, shape (rows, dimension)."""
        out = np.empty((len(rows), self._dimension), dtype=np.float32)
        for shard, begin, end in zip(self._shards, self._offsets, self._offsets[1:], strict=False):
            here = np.flatnonzero((rows >= begin) & (rows < end))
            if len(here):
                out[here] = shard.reconstruct_batch(np.ascontiguousarray(rows[here] - begin))
        return out


def _scan(shard: faiss.Index, query: Vectors, limit: int, among: Rows | None) -> tuple[npt.NDArray[np.float32], Rows]:
    """The best rows of one flat shard with their scores, exactly; among these rows of it where given."""
    wanted = shard.ntotal if among is None else len(among)
    if not wanted:
        return np.empty(0, np.float32), np.empty(0, np.int64)
    if among is None or wanted == shard.ntotal:
        scores, found = shard.search(query, min(limit, wanted))
    else:
        # computed for the listed rows alone: a fifth of what a set costs, half of what a bitmap does
        selector = faiss.IDSelectorArray(among)
        parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]  # its stubs lack it
        scores, found = shard.search(query, min(limit, wanted), params=parameters)
    return scores[0], found[0]
