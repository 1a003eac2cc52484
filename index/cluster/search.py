"""An index whose searches are done by the shards of a cluster, and whose hits are those of one machine.

Each shard proposes the first of its own documents, scored by the statistics of all; the first of all shards are then
exactly the first of the whole index, and from there on everything is as in `index.ranking.search`. Documents, texts
and what
the candidates are scored by are read here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from index.cluster.partition import shards_of
from index.cluster.replicas import Replicas
from index.cluster.shard import Proposals
from index.dense import flat
from index.dense.row_filter import Rows
from index.dense.subset import Subset
from index.errors import ClusterError, IndexMismatch, NoIndex
from index.lexical import tantivy_index
from index.models.encoder import Vectors
from index.ranking.search import Index, Unsearched
from index.storage.reader import DocumentInfo

Numbers = npt.NDArray[np.int64]


class ClusterIndex(Index):
    """As `Index`, with others searching."""

    def __init__(self, folder: Path, replicas: Replicas) -> None:
        """Raises NoIndex, IndexMismatch or IndexDamaged."""
        super().__init__(folder)
        self._replicas = replicas
        by_first = sorted(self.documents, key=lambda one: (one.first, one.number))
        shards = shards_of([(one.number, one.first, one.passages) for one in by_first], replicas.shards)
        self._of_shards: list[list[DocumentInfo]] = [[] for _ in range(replicas.shards)]
        for one, shard in zip(by_first, shards.tolist(), strict=True):
            self._of_shards[shard].append(one)
        self._split: WeakKeyDictionary[Subset, dict[int, Numbers | None]] = WeakKeyDictionary()

    def _proposed(
        self, vector: Vectors, terms: Sequence[str], wanted: int, among: Subset | None, unsearched: Unsearched | None
    ) -> tuple[Rows, Sequence[int]]:
        """Raises ClusterError where a shard does not answer and nobody is to be told of it."""
        shares = self._shares(among)
        questions = {shard: (vector, list(terms), wanted, numbers) for shard, numbers in shares.items()}
        try:
            answers = self._replicas.ask(self.manifest.generation, questions)
        except IndexMismatch:  # a build has switched since this generation was opened, which is whole here
            return super()._proposed(vector, terms, wanted, among, unsearched)
        except NoIndex as error:
            raise ClusterError(
                f"{error.args[0]}, on another machine of the cluster: each has to see the index under the same path"
            ) from error
        lost = [one for shard in shares if shard not in answers for one in self._of_shards[shard]]
        lost = [one for one in lost if among is None or one.number in among.numbers]
        if lost and unsearched is None:
            raise ClusterError(f"{len(lost):,} documents cannot be searched: their machines do not answer")
        if lost and unsearched is not None:
            unsearched(lost)
        return merged([answers[shard] for shard in sorted(answers)], wanted)

    def _shares(self, among: Subset | None) -> dict[int, Numbers | None]:
        """Of each shard that has some of these documents their numbers; None for all that it has."""
        if among is None:
            return {shard: None for shard, documents in enumerate(self._of_shards) if documents}
        found = self._split.get(among)
        if found is None:
            found = {}
            for shard, documents in enumerate(self._of_shards):
                numbers = [one.number for one in documents if one.number in among.numbers]
                if numbers:
                    found[shard] = None if len(numbers) == len(documents) else np.array(numbers, dtype=np.int64)
            self._split[among] = found
        return found


def merged(proposals: Sequence[Proposals], wanted: int) -> tuple[Rows, list[int]]:
    """The first of all shards in both searches, with what ties with the last, as one search over all gives them.

    Rows of vectors, shape (found,), int64, best first; and numbers of passages.
    """
    if not proposals:
        return np.empty(0, np.int64), []
    rows, first = np.unique(np.concatenate([one.rows for one in proposals]), return_index=True)  # two may share a row
    _, near = flat.cut(np.concatenate([one.cosines for one in proposals])[first], rows, wanted)
    passages = [pair for one in proposals for pair in one.passages]
    return near, [number for _, number in tantivy_index.cut(passages, wanted)]
