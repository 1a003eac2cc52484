"""An index that is searched by the shards of a cluster, with the same hits as on one machine.

Each shard proposes the best candidates among its own documents, with scores computed from the statistics of the whole
index, so the best of all shards are exactly the best of the index. Scoring and ranking (`index.ranking.search`) and all
reading of documents happen here.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Self
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from index.cluster.replicas import Replicas
from index.cluster.shard import Proposals, shards_of
from index.dense import flat
from index.dense.row_filter import DocumentSubset
from index.errors import ClusterError, IndexMismatch, NoIndex
from index.lexical import tantivy_index
from index.models.encoder import Vectors
from index.ranking.search import Candidates, Index
from index.storage.reader import DocumentInfo
from index.storage.vector_files import Rows

Numbers = npt.NDArray[np.int64]


class ClusterIndex(Index):
    """An `Index` whose candidates come from the shards of a cluster."""

    def __init__(self, folder: Path, replicas: Replicas) -> None:
        """Open the index in a folder. Raises NoIndex, IndexMismatch or IndexDamaged."""
        super().__init__(folder)
        self._replicas = replicas
        by_first = sorted(self.documents, key=lambda document: (document.first, document.number))
        shards = shards_of([(d.number, d.first, d.passages) for d in by_first], replicas.shards)
        self._of_shards: list[list[DocumentInfo]] = [[] for _ in range(replicas.shards)]
        for document, shard in zip(by_first, shards.tolist(), strict=True):
            self._of_shards[shard].append(document)
        self._split: WeakKeyDictionary[DocumentSubset, dict[int, Numbers | None]] = WeakKeyDictionary()

    def _propose(self, vector: Vectors, terms: Sequence[str], wanted: int, among: DocumentSubset | None) -> Candidates:
        """Raises ClusterError where the machines of the cluster cannot open the index."""
        shares = self._split_by_shard(among)
        questions = {shard: (vector, list(terms), wanted, numbers) for shard, numbers in shares.items()}
        try:
            answers = self._replicas.ask(self.manifest.generation, questions)
        except IndexMismatch:  # a build has switched to another generation; this one is still open here
            return super()._propose(vector, terms, wanted, among)
        except NoIndex as error:
            raise ClusterError(
                f"{error.args[0]}, on another machine of the cluster: every machine must see the index under this path"
            ) from error
        unavailable = [
            document
            for shard in shares
            if shard not in answers
            for document in self._of_shards[shard]
            if among is None or document.number in among.numbers
        ]
        rows, numbers = merge_proposals([answers[shard] for shard in sorted(answers)], wanted)
        return Candidates(rows, numbers, unavailable)

    def _split_by_shard(self, among: DocumentSubset | None) -> dict[int, Numbers | None]:
        """Return the numbers of these documents by shard; None for all documents of the shard."""
        if among is None:
            return {shard: None for shard, documents in enumerate(self._of_shards) if documents}
        split = self._split.get(among)
        if split is None:
            split = {}
            for shard, documents in enumerate(self._of_shards):
                numbers = [document.number for document in documents if document.number in among.numbers]
                if numbers:
                    split[shard] = None if len(numbers) == len(documents) else np.array(numbers, dtype=np.int64)
            self._split[among] = split
        return split


def merge_proposals(proposals: Sequence[Proposals], wanted: int) -> tuple[Rows, list[int]]:
    """Merge the proposals of all shards into those of one search over the whole index, ties with the last included.

    Returns vector rows, best first, shape (proposed,), int64; and passage numbers.
    """
    if not proposals:
        return np.empty(0, np.int64), []
    # two shards may share a row: equal texts have one vector
    rows, first = np.unique(np.concatenate([p.rows for p in proposals]), return_index=True)
    _, near = flat.cut(np.concatenate([p.cosines for p in proposals])[first], rows, wanted)
    passages = [pair for p in proposals for pair in p.passages]
    return near, [number for _, number in tantivy_index.cut(passages, wanted)]


class ClusterOpener:
    """Opens indexes for search by this many shards, each with this many replicas.

    The actors of a folder are started when it is first opened; later generations are served by the same ones.
    """

    def __init__(self, shards: int, replicas: int) -> None:
        self._shards, self._replicas = shards, replicas
        self._of_folder: dict[Path, Replicas] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End all actors."""
        for replicas in self._of_folder.values():
            replicas.close()

    def __call__(self, folder: Path) -> ClusterIndex:
        """Open the index in a folder, after waiting for its shards. Raises what opening an index raises."""
        with self._lock:
            replicas = self._of_folder.get(folder)
            if replicas is None:
                replicas = self._of_folder[folder] = Replicas(folder, self._shards, self._replicas)
                replicas.wait()
        return ClusterIndex(folder, replicas)
