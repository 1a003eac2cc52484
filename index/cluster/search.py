"""An index that is searched by the shards of a cluster, with the same hits as on one machine.

Each shard proposes the best candidates among its own documents, with scores computed from the statistics of the whole
index, so the best of all shards are exactly the best of the index. Scoring and ranking (`index.ranking.search`) and all
reading of documents happen in this process.

A shard opens the same folder as any reader, memory-mapped, and touches only its own rows of the vectors. Documents are
numbered in the order in which they were added, and vectors are in that order, so a shard is a range of documents and
needs one part of each file in memory. The ranges follow from the generation; every new generation is divided evenly
again.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Self
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
import ray
from ray import exceptions
from ray.util.placement_group import placement_group, remove_placement_group
from ray.util.scheduling_strategies import PlacementGroupSchedulingStrategy

from index import layout, manifest
from index.cluster.tasks import LOST
from index.dense import dense_index, ivf_build
from index.dense.dense_index import DenseIndex, DocumentSubset, RowFilter, Scores
from index.errors import ClusterError, IndexDamaged, IndexMismatch, NoIndex, reading
from index.lexical import tantivy_index
from index.lexical.tantivy_index import LexicalIndex
from index.models.encoder import Vectors
from index.ranking.search import Candidates, Index
from index.storage.reader import DocumentInfo, RecordReader
from index.storage.vector_files import PassageRows, Rows

Numbers = npt.NDArray[np.int64]

TIMEOUT = 5.0
"""Seconds until the next replica is asked: a shorter time asks slow replicas twice, a longer one makes users wait."""

_SUSPECT_SHARE = 0.2
"""Share of TIMEOUT for the replicas of a shard none of which has answered since it failed."""

_CPU = 0.001
"""Processors that a replica reserves: almost none, because replicas are placed by machine, not by processor."""

Message = list[Any]
"""A list of bytes, strings and numbers, which Ray sends as msgpack.

It pickles anything else, argument by argument, at a cost that the driver pays per shard.
"""

_MAX_SHARE_AS_DOCUMENTS = 0.1
"""A shard with less than this share of the passages is passed to the lexical search as documents, not as a range.

A range filter costs 2.2 ms among 2,000,000 passages, for any length. A document filter costs in proportion to the
passages: 10.5 ms for half of them, 3.0 for an eighth, 1.3 for a thirty-second.
"""

_CACHED_FILTERS = 4
"""Filters whose rows are cached; each takes nine bytes per passage of the index."""

DocumentSpan = tuple[int, int, int]
"""A document's number, the number of its first passage, and its number of passages."""


class ClusterIndex(Index):
    """An `Index` whose candidates come from the shards of a cluster."""

    def __init__(self, folder: Path, replicas: Replicas) -> None:
        """Open the index in a folder. Raises NoIndex, IndexMismatch or IndexDamaged."""
        super().__init__(folder)
        self._replicas = replicas
        by_first = sorted(self.documents, key=lambda document: (document.first_passage, document.number))
        shards = shards_of([(d.number, d.first_passage, d.passage_count) for d in by_first], replicas.shards)
        self._of_shards: list[list[DocumentInfo]] = [[] for _ in range(replicas.shards)]
        for document, shard in zip(by_first, shards.tolist(), strict=True):
            self._of_shards[shard].append(document)
        self._split: WeakKeyDictionary[DocumentSubset, dict[int, Numbers | None]] = WeakKeyDictionary()

    def _propose(self, vector: Vectors, terms: Sequence[str], wanted: int, subset: DocumentSubset | None) -> Candidates:
        """Raises ClusterError where the machines of the cluster cannot open the index."""
        shares = self._split_by_shard(subset)
        questions = {shard: (vector, list(terms), wanted, numbers) for shard, numbers in shares.items()}
        try:
            answers = self._replicas.ask(self.manifest.generation, questions)
        except IndexMismatch:  # a build has switched to another generation; this one is still open here
            return super()._propose(vector, terms, wanted, subset)
        except NoIndex as error:
            raise ClusterError(
                f"{error.args[0]}, on another machine of the cluster: every machine must see the index under this path"
            ) from error
        unavailable = [
            document
            for shard in shares
            if shard not in answers
            for document in self._of_shards[shard]
            if subset is None or document.number in subset.numbers
        ]
        rows, numbers = merge_proposals([answers[shard] for shard in sorted(answers)], wanted)
        return Candidates(rows, numbers, unavailable)

    def _split_by_shard(self, subset: DocumentSubset | None) -> dict[int, Numbers | None]:
        """Return the numbers of these documents by shard; None for all documents of the shard."""
        if subset is None:
            return {shard: None for shard, documents in enumerate(self._of_shards) if documents}
        split = self._split.get(subset)
        if split is None:
            split = {}
            for shard, documents in enumerate(self._of_shards):
                numbers = [document.number for document in documents if document.number in subset.numbers]
                if numbers:
                    split[shard] = None if len(numbers) == len(documents) else np.array(numbers, dtype=np.int64)
            self._split[subset] = split
        return split


def merge_proposals(proposals: Sequence[Proposals], wanted: int) -> tuple[Rows, list[int]]:
    """Merge the proposals of all shards into those of one search over the whole index, ties with the last included.

    Returns vector rows, best first, shape (proposed,), int64; and passage numbers.
    """
    if not proposals:
        return np.empty(0, np.int64), []
    # two shards may share a row: equal texts have one vector
    rows, first = np.unique(np.concatenate([p.rows for p in proposals]), return_index=True)
    _, near = dense_index.top_with_ties(np.concatenate([p.cosines for p in proposals])[first], rows, wanted)
    passages = [pair for p in proposals for pair in p.passages]
    return near, [number for _, number in tantivy_index.top_with_ties(passages, wanted)]


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
        with reading(folder):
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
        with reading(self._folder):
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


def pack_query(vector: Vectors, terms: Sequence[str], wanted: int, documents: npt.NDArray[np.int64] | None) -> Message:
    """Encode the arguments of `Shard.propose`."""
    numbers = None if documents is None else documents.astype("<i8").tobytes()
    return [vector.astype("<f4").tobytes(), list(terms), wanted, numbers]


def unpack_query(message: Message) -> tuple[Vectors, list[str], int, npt.NDArray[np.int64] | None]:
    """Decode the arguments of `Shard.propose`."""
    vector, terms, wanted, documents = message
    numbers = None if documents is None else np.frombuffer(documents, "<i8")
    return np.frombuffer(vector, "<f4"), terms, wanted, numbers


def pack_proposals(proposals: Proposals) -> Message:
    """Encode proposals."""
    scores = np.array([score for score, _ in proposals.passages], "<f8")
    numbers = np.array([number for _, number in proposals.passages], "<i8")
    columns = (proposals.cosines.astype("<f4"), proposals.rows.astype("<i8"), scores, numbers)
    return [column.tobytes() for column in columns]


def unpack_proposals(message: Message) -> Proposals:
    """Decode proposals."""
    types = ("<f4", "<i8", "<f8", "<i8")
    cosines, rows, scores, numbers = (np.frombuffer(data, dtype) for data, dtype in zip(message, types, strict=True))
    return Proposals(cosines, rows, list(zip(scores.tolist(), numbers.tolist(), strict=True)))


class ShardServer:
    """A replica of a shard. It opens a generation when first asked for it, and then drops the one before."""

    def __init__(self, folder: str, shard: int, shards: int) -> None:
        self._folder, self._shard, self._shards = Path(folder), shard, shards
        self._open: dict[int, Shard] = {}

    def propose(self, generation: int, query: Message) -> Message:
        """Answer a query (`Shard.propose`). Raises what opening an index raises."""
        shard = self._open.get(generation)
        if shard is None:
            shard = Shard(self._folder, generation, self._shard, self._shards)
            self._open = {generation: shard}
        return pack_proposals(shard.propose(*unpack_query(query)))

    def ready(self) -> None:
        """Answer, which shows that the replica is alive."""


ShardActor: Any = ray.remote(num_cpus=0, max_restarts=-1, max_task_retries=0)(ShardServer)

_nodes: Any = ray.nodes


class Replicas:
    """All replicas of all shards of the index in a folder, which every machine must see under the same path.

    Ray places the replicas of a shard on different machines and restarts lost ones. A replica that does not answer is
    not waited for: after a timeout the next one is asked, and the silent one is asked last until it answers again.
    """

    def __init__(self, folder: Path, shards: int, replicas: int) -> None:
        self.shards = shards
        machines = sum(bool(node["Alive"] and node["Resources"].get("CPU")) for node in _nodes())
        strategy = "STRICT_SPREAD" if machines >= replicas else "SPREAD"
        self._groups = [placement_group([{"CPU": _CPU}] * replicas, strategy=strategy) for _ in range(shards)]
        self._actors = [
            [
                ShardActor.options(
                    scheduling_strategy=PlacementGroupSchedulingStrategy(group, placement_group_bundle_index=place)
                ).remote(str(folder.resolve()), shard, shards)
                for place in range(replicas)
            ]
            for shard, group in enumerate(self._groups)
        ]
        self._turns = count()
        self._suspects: dict[tuple[int, int], Any] = {}
        """Replicas that failed, each with a pending sign of life."""
        self._lock = threading.Lock()

    def close(self) -> None:
        """End all actors."""
        self._actors.clear()
        for group in self._groups:
            remove_placement_group(group)

    def wait(self, seconds: float = 60.0) -> None:
        """Wait until all replicas answer, at most this long."""
        signs = [actor.ready.remote() for actors in self._actors for actor in actors]
        ray.wait(signs, num_returns=len(signs), timeout=seconds)

    def ask(self, generation: int, queries: Mapping[int, Sequence[Any]]) -> dict[int, Proposals]:
        """Return the proposals of each shard for its query, without shards whose replicas do not answer.

        Raises what opening an index raises on the machines of the shards.
        """
        return _Request(self, generation, queries).answers()

    def order(self, shard: int) -> tuple[deque[int], bool]:
        """Return the replicas of a shard in the order to ask them, suspects last; and whether any is no suspect."""
        turn = next(self._turns)
        replicas = range(len(self._actors[shard]))
        suspects = {replica for replica in replicas if self._is_suspect(shard, replica)}
        rotated = [(replica + turn) % len(replicas) for replica in replicas]
        return deque(sorted(rotated, key=lambda replica: replica in suspects)), len(suspects) < len(replicas)

    def submit(self, shard: int, replica: int, generation: int, query: Message) -> Any:
        """Ask one replica."""
        return self._actors[shard][replica].propose.remote(generation, query)

    def suspect(self, shard: int, replica: int) -> None:
        """Ask this replica last until it answers again."""
        with self._lock:
            if (shard, replica) not in self._suspects:
                self._suspects[shard, replica] = self._actors[shard][replica].ready.remote()

    def _is_suspect(self, shard: int, replica: int) -> bool:
        with self._lock:
            sign = self._suspects.get((shard, replica))
            if sign is None:
                return False
            done, _ = ray.wait([sign], timeout=0)
            if not done:
                return True
            try:
                ray.get(sign)
            except LOST:
                self._suspects[shard, replica] = self._actors[shard][replica].ready.remote()
                return True
            del self._suspects[shard, replica]
            return False


class _Request:
    """One query on its way to all shards."""

    def __init__(self, replicas: Replicas, generation: int, queries: Mapping[int, Sequence[Any]]) -> None:
        self._replicas, self._generation = replicas, generation
        self._queries = {shard: pack_query(*query) for shard, query in queries.items()}
        self._answers: dict[int, Proposals] = {}
        self._open = set(queries)
        self._next: dict[int, deque[int]] = {}
        self._timeout: dict[int, float] = {}
        self._deadline: dict[int, float] = {}
        self._running: dict[Any, tuple[int, int]] = {}

    def answers(self) -> dict[int, Proposals]:
        for shard in sorted(self._open):
            self._next[shard], any_healthy = self._replicas.order(shard)
            self._timeout[shard] = TIMEOUT * (1 if any_healthy else _SUSPECT_SHARE)
            self._submit(shard)
        while self._open:
            remaining = min(self._deadline[shard] for shard in self._open) - time.monotonic()
            waiting = [reference for reference, (shard, _) in self._running.items() if shard in self._open]
            done, _ = ray.wait(waiting, timeout=max(remaining, 0.0))
            for reference in done:
                self._receive(reference)
            self._expire()
        return self._answers

    def _submit(self, shard: int) -> bool:
        """Ask the next replica of a shard; return False where there is no other."""
        if not self._next[shard]:
            return False
        replica = self._next[shard].popleft()
        reference = self._replicas.submit(shard, replica, self._generation, self._queries[shard])
        self._running[reference] = shard, replica
        self._deadline[shard] = time.monotonic() + self._timeout[shard]
        return True

    def _receive(self, reference: Any) -> None:
        shard, replica = self._running.pop(reference)
        try:
            self._answers[shard] = unpack_proposals(ray.get(reference))
            self._open.discard(shard)
        except exceptions.RayTaskError as error:
            cause = getattr(error, "cause", None)
            raise (cause if isinstance(cause, Exception) else error) from None
        except LOST:
            self._replicas.suspect(shard, replica)
            if not self._submit(shard) and not any(other == shard for other, _ in self._running.values()):
                self._open.discard(shard)  # no replica is left that could answer

    def _expire(self) -> None:
        """Ask the next replica after a timeout; a late answer still counts."""
        now = time.monotonic()
        for shard in [shard for shard in self._open if self._deadline[shard] <= now]:
            for other, replica in self._running.values():
                if other == shard:
                    self._replicas.suspect(shard, replica)
            if not self._submit(shard):
                self._open.discard(shard)
