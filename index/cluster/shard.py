"""One shard of an index: the searches over a stretch of its documents, by the statistics of all.

It opens the same folder as everybody, memory-mapped: of the vectors it touches its own rows alone, and scores of both
searches are those that a search over the whole index gives. Who shares documents out is `index.cluster.partition`; what
the proposals are worth is for `index.ranking.search`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index import integrity, io_errors, layout, manifest
from index.cluster.partition import shards_of
from index.dense import ivf_build
from index.dense.flat import DenseIndex, Scores
from index.dense.row_filter import RowFilter
from index.errors import IndexMismatch
from index.lexical.tantivy_index import LexicalIndex
from index.models.encoder import Vectors
from index.storage.reader import RecordReader
from index.storage.vector_files import PassageRows, Rows

_NARROW = 0.1
"""A stretch of less than this share is given to the lexical search as its documents, not as a range of passages.

A range is held against all that matches in front of it: of 2,000,000 passages 2.2 ms whatever the stretch. Named
documents cost in proportion to their passages: 10.5 ms for half of them, 3.0 for an eighth, 1.3 for a thirty-second.
"""

_REMEMBERED = 4
"""Filters whose rows are kept; each costs nine bytes a passage of the index."""


@dataclass(frozen=True, slots=True)
class Proposals:
    """The first of both searches in one shard, and what ties with the last of them.

    `cosines` and `rows` of vectors; `passages` are pairs of a negative score and a passage's number.
    """

    cosines: Scores
    rows: Rows
    passages: Sequence[tuple[float, int]]


class Part:
    """A shard of one generation, opened."""

    def __init__(self, folder: Path, generation: int, shard: int, shards: int) -> None:
        """Raises NoIndex, IndexDamaged; IndexMismatch where the index is at another generation by now."""
        made = manifest.read(folder)
        if made.generation != generation:
            raise IndexMismatch(f"{folder}: at generation {made.generation}, asked for {generation}")
        self._folder = folder
        base = layout.generation_folder(folder, generation)
        integrity.check_files(folder, made)
        with io_errors.reading(folder):
            reader = RecordReader([base / name for name in made.files_of(layout.RECORDS)])
            spans = reader.spans()
            reader.close()
            vectors = [base / name for name in made.files_of(layout.VECTORS)]
            self._dense = DenseIndex(vectors, made.model.dimension, ivf_build.open_ivf(base, made.dense))
            self._lexical = LexicalIndex(base / layout.LEXICAL)
            self._rows = PassageRows(base / layout.ROWS, self._dense.rows)
        mine = shards_of(spans, shards) == shard
        own = np.array(spans, dtype=np.int64).reshape(-1, 3)[mine]
        self._numbers, self._first, self._count = own.T
        self._stretch = (int(self._first[0]), int(self._first[-1] + self._count[-1]) - 1) if len(own) else None
        self._own = self._allowed(np.ones(len(own), dtype=bool))
        share = self._count.sum() / max(sum(count for _, _, count in spans), 1)
        self._named = frozenset(self._numbers.tolist()) if share < _NARROW else None
        self._whole = len(own) == len(spans)
        self._filtered: OrderedDict[bytes, RowFilter] = OrderedDict()

    def _allowed(self, which: npt.NDArray[np.bool_]) -> RowFilter:
        return RowFilter(self._rows.of_spans(self._first[which], self._count[which]))

    def propose(
        self, vector: Vectors, terms: Sequence[str], wanted: int, documents: npt.NDArray[np.int64] | None
    ) -> Proposals:
        """What both searches propose in this shard; among the documents of these numbers where given."""
        if self._stretch is None:
            return Proposals(np.empty(0, np.float32), np.empty(0, np.int64), ())
        which = None if documents is None else np.isin(self._numbers, documents)
        with io_errors.reading(self._folder):
            cosines, rows = self._dense.scored(vector, wanted, self._own if which is None else self._among(which))
            return Proposals(cosines, rows, self.worded(terms, wanted, which))

    def worded(
        self, terms: Sequence[str], wanted: int, which: npt.NDArray[np.bool_] | None = None
    ) -> list[tuple[float, int]]:
        """What the lexical search proposes in this shard; among those of its documents that `which` marks."""
        numbers = self._named if which is None else frozenset(self._numbers[which].tolist())
        stretch = self._stretch if numbers is None and not self._whole else None
        return self._lexical.scored(terms, wanted, numbers, stretch=stretch)

    def _among(self, which: npt.NDArray[np.bool_]) -> RowFilter:
        key = np.packbits(which).tobytes()
        found = self._filtered.get(key)
        if found is None:
            found = self._filtered[key] = self._allowed(which)
        self._filtered.move_to_end(key)
        while len(self._filtered) > _REMEMBERED:
            self._filtered.popitem(last=False)
        return found
