"""One shard of an index: both searches over a range of its documents, with the statistics of the whole index.

A shard opens the same folder as any reader, memory-mapped, and touches only its own rows of the vectors. Its scores are
those of a search over the whole index. Documents are numbered in the order in which they were added, and vectors are in
that order, so a shard is a range of documents and needs one part of each file in memory. The ranges follow from the
generation; every new generation is divided evenly again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index import io_errors, layout, manifest
from index.dense import ivf_build
from index.dense.flat import DenseIndex, RowFilter, Scores
from index.errors import IndexDamaged, IndexMismatch
from index.lexical.tantivy_index import LexicalIndex
from index.models.encoder import Vectors
from index.storage.reader import RecordReader
from index.storage.vector_files import PassageRows, Rows

_MAX_SHARE_AS_DOCUMENTS = 0.1
"""A shard with less than this share of the passages is passed to the lexical search as documents, not as a range.

A range filter costs 2.2 ms among 2,000,000 passages, for any length. A document filter costs in proportion to the
passages: 10.5 ms for half of them, 3.0 for an eighth, 1.3 for a thirty-second.
"""

_CACHED_FILTERS = 4
"""Filters whose rows are cached; each takes nine bytes per passage of the index."""


DocumentSpan = tuple[int, int, int]
"""A document's number, the number of its first passage, and its number of passages."""


def shards_of(spans: Sequence[DocumentSpan], shards: int) -> npt.NDArray[np.int64]:
    """Return the shard of each document, ascending from 0, shape (documents,), for spans sorted by first passage.

    A document belongs to the shard that holds the middle of its passages, so that shards differ in size by at most one
    document.
    """
    passages = np.array([count for _, _, count in spans], dtype=np.float64)
    ends = np.cumsum(passages)
    if not len(ends) or not ends[-1]:
        return np.zeros(len(spans), dtype=np.int64)
    middles = ends - passages / 2
    numbers: npt.NDArray[np.int64] = np.minimum((middles * shards / ends[-1]).astype(np.int64), shards - 1)
    return numbers


@dataclass(frozen=True, slots=True)
class Proposals:
    """The first candidates of both searches in one shard, and all that tie with the last.

    `cosines` belong to `rows` of vectors; `passages` are pairs of a negative score and a passage number.
    """

    cosines: Scores
    rows: Rows
    passages: Sequence[tuple[float, int]]


class Shard:
    """An opened shard of one generation."""

    def __init__(self, folder: Path, generation: int, shard: int, shards: int) -> None:
        """Raises NoIndex, IndexDamaged; IndexMismatch where the index has switched to another generation."""
        current = manifest.read(folder)
        if current.generation != generation:
            raise IndexMismatch(f"{folder}: at generation {current.generation}, asked for {generation}")
        self._folder = folder
        base = layout.generation_folder(folder, generation)
        try:
            manifest.check_files(folder, current)
        except IndexDamaged as error:
            # a build may have switched to the next generation after the manifest was read, and removed files
            if manifest.read(folder).generation != generation:
                raise IndexMismatch(f"{folder}: generation {generation} was removed") from error
            raise
        with io_errors.reading(folder):
            reader = RecordReader([base / name for name in current.files_of(layout.RECORDS)])
            spans = reader.spans()
            reader.close()
            vectors = [base / name for name in current.files_of(layout.VECTORS)]
            self._dense = DenseIndex(vectors, current.model.dimension, ivf_build.open_ivf(base, current.dense))
            self._lexical = LexicalIndex(base / layout.LEXICAL)
            self._rows = PassageRows(base / layout.ROWS, self._dense.rows)
        own = np.array(spans, dtype=np.int64).reshape(-1, 3)[shards_of(spans, shards) == shard]
        self._numbers, self._first, self._count = own.T
        self._range = (int(self._first[0]), int(self._first[-1] + self._count[-1]) - 1) if len(own) else None
        self._own = self._row_filter(np.ones(len(own), dtype=bool))
        share = self._count.sum() / max(sum(count for _, _, count in spans), 1)
        self._named = frozenset(self._numbers.tolist()) if share < _MAX_SHARE_AS_DOCUMENTS else None
        self._whole = len(own) == len(spans)
        self._filters: OrderedDict[bytes, RowFilter] = OrderedDict()

    def _row_filter(self, which: npt.NDArray[np.bool_]) -> RowFilter:
        return RowFilter(self._rows.of_spans(self._first[which], self._count[which]))

    def propose(
        self, vector: Vectors, terms: Sequence[str], wanted: int, documents: npt.NDArray[np.int64] | None
    ) -> Proposals:
        """Return the candidates of both searches in this shard, among these document numbers where not None."""
        if self._range is None:
            return Proposals(np.empty(0, np.float32), np.empty(0, np.int64), ())
        which = None if documents is None else np.isin(self._numbers, documents)
        with io_errors.reading(self._folder):
            cosines, rows = self._dense.search(vector, wanted, self._own if which is None else self._among(which))
            return Proposals(cosines, rows, self.propose_lexical(terms, wanted, which))

    def propose_lexical(
        self, terms: Sequence[str], wanted: int, which: npt.NDArray[np.bool_] | None = None
    ) -> list[tuple[float, int]]:
        """Return the candidates of the lexical search, among the documents of this shard that `which` marks."""
        numbers = self._named if which is None else frozenset(self._numbers[which].tolist())
        passages = self._range if numbers is None and not self._whole else None
        return self._lexical.search(terms, wanted, numbers, number_range=passages)

    def _among(self, which: npt.NDArray[np.bool_]) -> RowFilter:
        key = np.packbits(which).tobytes()
        rows = self._filters.get(key)
        if rows is None:
            rows = self._filters[key] = self._row_filter(which)
        self._filters.move_to_end(key)
        while len(self._filters) > _CACHED_FILTERS:
            self._filters.popitem(last=False)
        return rows
