"""Search the vectors of passages with FAISS, in immutable shards, exactly or with inverted lists.

Each shard is a FAISS flat index, opened memory-mapped; rows count through the shards of a generation. Scores are exact:
the inner product of unit vectors is their cosine. A filter keeps the rows of some documents.

In a large index, inverted lists (8-bit codes, memory-mapped) cover the leading rows and propose some of them, which are
then scored exactly; rows added after the lists were built are scanned. Inverted lists are preferred to HNSW, which
misses much under a filter (.66 of the ten nearest when 1 % of the rows are allowed) and cannot be extended without
reading all of it.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from index.errors import library_writes
from index.models.encoder import Vectors
from index.storage.reader import DocumentInfo
from index.storage.vector_files import PassageRows, Rows, check_rows

TRAINING_VECTORS_PER_LIST = 50
"""Training vectors per list; FAISS warns below 39."""

_ITERATIONS = 8
_CODE = faiss.ScalarQuantizer.QT_8bit


def choose_list_count(rows: int) -> int:
    """Return the number of lists: twice the square root of the rows balances choosing lists against reading them."""
    return max(1, min(round(2 * math.sqrt(rows)), rows // TRAINING_VECTORS_PER_LIST))


@contextmanager
def all_cores() -> Iterator[None]:
    """Let FAISS use all cores: for builds, not for questions."""
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def train(path: Path, sample: Vectors, lists: int, blocks: Iterable[Vectors]) -> None:
    """Train inverted lists and fill them; needs memory for the sample, and dimension + 8 bytes per vector.

    Args:
        path: The file to write.
        sample: Training vectors, shape (vectors, dimension).
        lists: Number of lists.
        blocks: All vectors in the order of their rows.
    """
    dimension = sample.shape[1]
    quantizer = faiss.IndexFlatIP(dimension)
    inverted = faiss.IndexIVFScalarQuantizer(quantizer, dimension, lists, _CODE, faiss.METRIC_INNER_PRODUCT)
    inverted.cp.niter, inverted.cp.spherical, inverted.cp.seed = _ITERATIONS, True, 1
    with all_cores():
        inverted.train(np.ascontiguousarray(sample))
    _fill(inverted, blocks, path)


def extend(path: Path, old: Path, blocks: Iterable[Vectors]) -> None:
    """Write a copy of existing inverted lists with further vectors appended, without training."""
    _fill(faiss.read_index(str(old)), blocks, path)


def _fill(inverted: faiss.Index, blocks: Iterable[Vectors], path: Path) -> None:
    with all_cores():
        for block in blocks:
            inverted.add(np.ascontiguousarray(block))
    # through Python's stream, since FAISS's own does not notice when the disk refuses the last bytes
    with path.open("wb") as stream, library_writes(path):
        faiss.write_index(inverted, faiss.PyCallbackIOWriter(stream.write, 1 << 20))  # type: ignore[attr-defined]


class IvfIndex:
    """Opened inverted lists."""

    def __init__(self, path: Path, probes: Callable[[float], int], rescored: float) -> None:
        """Open inverted lists.

        Args:
            path: The file.
            probes: Returns the number of lists to read when a share of all rows is allowed.
            rescored: Rows to propose per row wanted.
        """
        self._inverted = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        self._probes, self._rescored = probes, rescored
        self.rows: int = self._inverted.ntotal
        self.lists: int = self._inverted.nlist  # type: ignore[attr-defined]

    def propose(
        self, vector: Vectors, count: int, share: float = 1.0, mask: npt.NDArray[np.bool_] | None = None
    ) -> Rows:
        """Propose rows that are likely to include the nearest ones; reads more lists until there are enough.

        Args:
            vector: Unit vector, shape (dimension,).
            count: Number of nearest rows wanted; at least as many are proposed if they are allowed.
            share: Share of all rows that is allowed.
            mask: Allowed rows, all if None.

        Returns:
            Sorted rows, shape (rows proposed,).
        """
        bits = None if mask is None else np.packbits(mask[: self.rows], bitorder="little")
        allowed = self.rows if mask is None else int(np.count_nonzero(mask[: self.rows]))
        wanted = min(math.ceil(count * self._rescored), allowed)
        probes = self._probes(share)
        while wanted:
            rows = self.nearest(vector.reshape(1, -1), wanted, probes, bits)[0]
            rows = rows[rows >= 0]
            if len(rows) >= min(count, allowed) or probes >= self.lists:
                return np.sort(rows)
            probes *= 2
        return np.empty(0, np.int64)

    def nearest(self, vectors: Vectors, count: int, probes: int, bits: npt.NDArray[np.uint8] | None = None) -> Rows:
        """Return the rows nearest by their codes.

        Args:
            vectors: Unit vectors, shape (vectors, dimension).
            count: Number of rows per vector.
            probes: Number of lists to read.
            bits: Bitmap of the allowed rows, lowest bit first; all if None.

        Returns:
            Rows of shape (vectors, count); -1 where there are fewer.
        """
        selector = None if bits is None else faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]
        parameters = faiss.SearchParametersIVF(nprobe=min(probes, self.lists), sel=selector)  # type: ignore[call-arg]
        queries = np.ascontiguousarray(vectors, dtype=np.float32)
        rows: Rows = self._inverted.search(queries, count, params=parameters)[1]
        return rows


Scores = npt.NDArray[np.float32]

MAX_SCANNED = 200_000
"""Maximum vectors to scan instead of using inverted lists: exact, and about 20 ms for that many."""

_BLOCK = 32768


def top_with_ties(scores: Scores, rows: Rows, count: int) -> tuple[Scores, Rows]:
    """Keep the `count` highest scores and all that tie with the last.

    Args:
        scores: Shape (rows,).
        rows: Row of each score, same shape.
        count: Number of rows wanted.

    Returns:
        Scores and rows, highest score first, equal scores by row.
    """
    if not len(rows):
        return scores, rows
    order = np.lexsort((rows, -scores))
    scores, rows = scores[order], rows[order]
    above = scores >= scores[min(count, len(rows)) - 1]
    return scores[above], rows[above]


class DenseIndex:
    """The opened vectors of a generation, with the inverted lists over its leading rows if there are any."""

    def __init__(self, shards: Sequence[Path], dimension: int, approximate: IvfIndex | None = None) -> None:
        faiss.omp_set_num_threads(1)  # for one question a second thread costs more than it saves
        self._dimension = dimension
        self._approximate = approximate
        self._shards = [faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC) for path in shards]
        self._offsets = np.cumsum([0, *(shard.ntotal for shard in self._shards)])

    @property
    def rows(self) -> int:
        """Number of vectors, dead ones included."""
        return int(self._offsets[-1])

    def search_rows(self, vector: Vectors, count: int, allowed: RowFilter | None = None) -> Rows:
        """Return the rows nearest to a unit vector, best first; see `search`."""
        return self.search(vector, count, allowed)[1]

    def search(self, vector: Vectors, count: int, allowed: RowFilter | None = None) -> tuple[Scores, Rows]:
        """Return the rows nearest to a unit vector with their cosines, best first.

        If all allowed rows are scanned (see `is_approximate`) the result is exact and includes all ties with the last.
        Otherwise the order is exact, but some of the nearest rows may be missing; which ones depends on the history of
        the inverted lists, how many is measured at the build (`index.dense.ivf_build`).

        Args:
            vector: Shape (dimension,).
            count: Number of rows wanted; at least as many are returned if they exist.
            allowed: Rows that may be returned, all if None.

        Returns:
            Cosines and rows, both of shape (rows returned,).
        """
        limit = count + 1
        while True:
            scores, rows = self._search(vector, limit, allowed)
            if len(rows) < limit or scores[-1] < scores[count - 1]:
                break
            limit *= 2
        return top_with_ties(scores, rows, count)

    def is_approximate(self, allowed: RowFilter | None = None) -> bool:
        """Return whether a search among these rows uses the inverted lists."""
        return self._approximate is not None and (allowed is None or len(allowed) > MAX_SCANNED)

    def _search(self, vector: Vectors, limit: int, allowed: RowFilter | None) -> tuple[Scores, Rows]:
        query = np.ascontiguousarray(vector.reshape(1, -1), dtype=np.float32)
        scanned = None if allowed is None else allowed.rows
        parts: list[tuple[Scores, Rows]] = []
        if self._approximate is not None and self.is_approximate(allowed):
            share, mask = (1.0, None) if allowed is None else (len(allowed) / self.rows, allowed.mask)
            parts += self._scan(query, limit, self._approximate.propose(query[0], limit, share, mask))
            covered = self._approximate.rows
            if covered:
                scanned = np.arange(covered, self.rows) if scanned is None else scanned[scanned >= covered]
        parts += self._scan(query, limit, scanned)
        if not parts:
            return np.empty(0, np.float32), np.empty(0, np.int64)
        scores, rows = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        order = np.lexsort((rows, -scores))[:limit]
        return scores[order], rows[order]

    def _scan(self, query: Vectors, limit: int, allowed: Rows | None) -> Iterator[tuple[Scores, Rows]]:
        """Yield the best rows of each shard with their exact scores, among these sorted rows if not None."""
        for shard, begin, end in zip(self._shards, self._offsets, self._offsets[1:], strict=False):
            here = None
            if allowed is not None:
                low, high = np.searchsorted(allowed, (begin, end))
                if low == high:
                    continue
                here = allowed[low:high] - begin if high - low < end - begin else None
            parameters = None
            if here is not None:
                # an array selector scores the listed rows alone: a fifth of the cost of a set, half that of a bitmap
                selector = faiss.IDSelectorArray(here)
                parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]  # its stubs lack it
            available = shard.ntotal if here is None else len(here)
            scores, rows = shard.search(query, min(limit, available), params=parameters)
            yield scores[0], rows[0] + begin

    def nearest(self, vectors: Vectors, count: int, mask: npt.NDArray[np.bool_]) -> Rows:
        """Scan for the nearest rows of many vectors at once.

        Args:
            vectors: Unit vectors, shape (vectors, dimension).
            count: Number of rows per vector.
            mask: Allowed rows among the first len(mask).

        Returns:
            Rows of shape (vectors, count), best first; -1 where there are fewer.
        """
        rows = np.flatnonzero(mask)
        best_scores = np.full((len(vectors), count), -np.inf, dtype=np.float32)
        best = np.full((len(vectors), count), -1, dtype=np.int64)
        for begin in range(0, len(rows), _BLOCK):  # matrix products take a tenth of the time of one scan per vector
            here = rows[begin : begin + _BLOCK]
            scores, places = faiss.knn(vectors, self.vectors(here), min(count, len(here)), faiss.METRIC_INNER_PRODUCT)
            merged = np.hstack([best_scores, scores])
            order = np.argsort(-merged, axis=1, kind="stable")[:, :count]
            best_scores = np.take_along_axis(merged, order, axis=1)
            best = np.take_along_axis(np.hstack([best, here[places]]), order, axis=1)
        return best

    def vectors(self, rows: Rows) -> Vectors:
        """Return the vectors of these rows, shape (rows, dimension). Raises IndexError for an unknown row."""
        check_rows(rows, self.rows)
        vectors = np.empty((len(rows), self._dimension), dtype=np.float32)
        for shard, begin, end in zip(self._shards, self._offsets, self._offsets[1:], strict=False):
            here = np.flatnonzero((rows >= begin) & (rows < end))
            if len(here):
                vectors[here] = shard.reconstruct_batch(np.ascontiguousarray(rows[here] - begin))
        return vectors


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Rows of a generation that a search may return."""

    mask: npt.NDArray[np.bool_]
    """Shape (rows of the generation,)."""
    rows: Rows = field(init=False)
    """The same as sorted row numbers."""

    def __post_init__(self) -> None:
        """Derive the row numbers."""
        object.__setattr__(self, "rows", np.flatnonzero(self.mask))

    def __len__(self) -> int:
        return len(self.rows)


class DocumentSubset:
    """Some documents of a generation, prepared once for all questions under the same filter."""

    def __init__(self, documents: Sequence[DocumentInfo], rows: PassageRows) -> None:
        self.documents = documents
        self._rows = rows

    def __len__(self) -> int:
        return len(self.documents)

    @cached_property
    def numbers(self) -> frozenset[int]:
        """Numbers of the documents."""
        return frozenset(document.number for document in self.documents)

    @cached_property
    def passage_count(self) -> int:
        """Number of their passages."""
        return sum(document.passage_count for document in self.documents)

    @cached_property
    def allowed(self) -> RowFilter:
        """Rows of their passages' vectors."""
        first = np.fromiter((document.first_passage for document in self.documents), dtype=np.int64, count=len(self))
        count = np.fromiter((document.passage_count for document in self.documents), dtype=np.int64, count=len(self))
        return RowFilter(self._rows.of_spans(first, count))
