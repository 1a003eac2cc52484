"""Build an index with a cluster: as `index.building.build`, but workers read and encode.

This process is the only writer. It writes documents in order, so the files are the same as without a cluster, and any
engine can resume an interrupted build.

Texts are encoded ahead of use (`index.building.generation`). They go to the actors in groups of about equal length, in
the order of their use; the next free actor takes the next group. Each actor has at most two groups, so that it does not
wait while the driver writes. A vector depends on its text alone, so results do not depend on which actor encodes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Any, Self

import numpy as np
from ray.util import ActorPool

from corpus.chunking.passages import Lengths, Measure
from corpus.ingest import Plan
from index.building.build import build
from index.building.diff import PlannedSource, indexed_files
from index.building.prepare import Prepared, ReadDocument, next_batch
from index.building.report import BuildReport, ProgressCallback
from index.cluster import remote
from index.cluster.tasks import (
    EncoderSpec,
    EncodingActor,
    ModelSpec,
    configured_limits,
    group_by_size,
    prepare_sources,
    results_in_order,
    worker_errors,
)
from index.models.encoder import Encoder, Vectors
from index.models.model_store import Precision

BYTES_PER_TASK = 64 * 1024
"""Some hundred passages: large enough that the overhead of a task does not matter."""

SOURCES_PER_TASK = 64

TASKS_PER_WORKER = 2
"""One running and one queued, so that no worker waits for the driver."""

GROUPS_PER_ACTOR = 2
"""One in progress and one queued."""

CHARACTERS_PER_GROUP = 16_000
"""About a second of work; every group costs the driver a millisecond, whatever its size."""

TEXTS_PER_GROUP = 256

AHEAD = 4
"""Groups to start for each that can be with an actor: a small batch can leave actors idle, a large one takes memory."""


@dataclass(frozen=True, slots=True)
class ClusterPreparation:
    """Prepares sources on a cluster; see `index.building.prepare.PrepareBatches`."""

    spec: EncoderSpec
    workers: int

    def __call__(
        self,
        sources: Iterable[PlannedSource],
        measure: Measure,  # noqa: ARG002 - workers measure with their own encoder
        lengths: Lengths,
        read: ReadDocument,
    ) -> Iterator[Sequence[Prepared]]:
        limits = configured_limits()
        tasks = (
            (
                prepare_sources.remote(group, self.spec, lengths, read, limits),
                f"reading {group[0].path} and the sources after it",
            )
            for group in group_by_size(sources, lambda source: source.size, BYTES_PER_TASK, SOURCES_PER_TASK)
        )
        prepared = chain.from_iterable(results_in_order(tasks, TASKS_PER_WORKER * self.workers))
        while batch := next_batch(prepared):
            yield batch


@dataclass(frozen=True, slots=True)
class ClusterBuilder:
    """Builds with the workers of the Ray cluster that this process is connected to."""

    workers: int
    spec: Callable[[Encoder], EncoderSpec] = ModelSpec.of

    def plan(self, paths: Sequence[str], folder: Path | None = None) -> Plan:
        """Plan the documents under paths and URLs for an index. Raises NothingToRead, CatalogueError."""
        return remote.plan(paths, self.workers, {} if folder is None else indexed_files(folder))

    def build(
        self,
        folder: Path,
        plan: Plan,
        encoder: Encoder,
        *,
        prune: bool = False,
        progress: ProgressCallback | None = None,
        checkpoint: float | None = None,
        index_type: str | None = None,
    ) -> BuildReport:
        """Build as `index.building.build.build`. Also raises ClusterError where too many workers are lost."""
        spec = self.spec(encoder)
        with ClusterEncoder(encoder, spec, self.workers) as cluster_encoder:
            return build(
                folder,
                plan,
                cluster_encoder,
                prune=prune,
                progress=progress,
                checkpoint=checkpoint,
                index_type=index_type,
                read=remote.read,
                prepare=ClusterPreparation(spec, self.workers),
            )


class ClusterEncoder:
    """Encodes with the actors of a cluster; `local` provides the model's properties and encodes queries.

    Implements `index.models.encoder.Encoder` and `index.building.generation.PrefetchingEncoder`.
    """

    def __init__(self, local: Encoder, spec: EncoderSpec, workers: int) -> None:
        self._local, self._recipe, self._workers = local, spec, workers
        self._started: ActorPool | None = None
        self._max_running = GROUPS_PER_ACTOR * AHEAD * workers
        self._expected: Counter[str] = Counter()
        self._vectors: dict[str, Any] = {}
        self._running: dict[int, Sequence[str]] = {}
        self._numbers = count()
        self._actors: list[Any] = []
        second = local.sentence_encoder
        self.sentence_encoder: ClusterEncoder | None = (
            None if second is None else ClusterEncoder(second, ModelSpec.of(second), workers)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End the actors by dropping the last references to them."""
        self._started = None
        self._actors.clear()
        if self.sentence_encoder is not None:
            self.sentence_encoder.__exit__()

    @property
    def _pool(self) -> ActorPool:
        if self._started is None:  # at the first text: a build without new texts starts no actor
            start = EncodingActor.options(scheduling_strategy="SPREAD").remote
            self._actors = [start(self._recipe) for _ in range(self._workers)]
            self._started = ActorPool([actor for actor in self._actors for _ in range(GROUPS_PER_ACTOR)])
        return self._started

    @property
    def name(self) -> str:
        return self._local.name

    @property
    def precision(self) -> Precision:
        return self._local.precision

    @property
    def fingerprint(self) -> str:
        return self._local.fingerprint

    @property
    def dimension(self) -> int:
        return self._local.dimension

    @property
    def max_tokens(self) -> int:
        return self._local.max_tokens

    @property
    def special_tokens(self) -> int:
        return self._local.special_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._local.count_tokens(texts)

    def encode(
        self, texts: Sequence[str], *, query: bool = False, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Return the vectors of the texts. Raises ModelError; ClusterError where workers are lost."""
        if query or not texts:
            return self._local.encode(texts, query=query, progress=progress)
        self.expect(texts)
        vectors = []
        for text in texts:
            while text not in self._vectors:
                self._receive()
            vectors.append(self._vectors[text])
            if progress is not None:
                progress(1)
        self.forget(texts)
        return np.stack(vectors)

    @property
    def full(self) -> bool:
        return len(self._running) >= self._max_running

    def expect(self, texts: Sequence[str]) -> None:
        new = [text for text in dict.fromkeys(texts) if text not in self._expected]
        self._expected.update(texts)
        for group in group_by_size(new, len, CHARACTERS_PER_GROUP, TEXTS_PER_GROUP):
            number = next(self._numbers)
            self._running[number] = group
            self._pool.submit(lambda actor, numbered: actor.encode.remote(*numbered), (number, group))

    def forget(self, texts: Sequence[str]) -> None:
        for text in texts:
            self._expected[text] -= 1
            if self._expected[text] <= 0:
                del self._expected[text]
                self._vectors.pop(text, None)

    def _receive(self) -> None:
        """Wait for the next finished group."""
        with worker_errors("encoding"):
            number, vectors = self._pool.get_next_unordered()
        for text, vector in zip(self._running.pop(number), vectors, strict=True):
            if text in self._expected:
                self._vectors[text] = vector
