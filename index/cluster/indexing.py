"""Build an index with a cluster: as `index.building.build`, but workers read and encode.

This process is the only writer. It writes documents in order, so the files are the same as without a cluster, and any
engine can resume an interrupted build.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from corpus.chunking.passages import Lengths, Measure
from corpus.ingest import Plan
from index.building.build import build
from index.building.diff import PlannedSource, indexed_files
from index.building.prepare import Prepared, ReadDocument, next_batch
from index.building.report import BuildReport, Progress
from index.cluster import remote
from index.cluster.encoding import ClusterEncoder
from index.cluster.tasks import (
    EncoderRecipe,
    ModelRecipe,
    configured_limits,
    group_by_size,
    prepare_sources,
    results_in_order,
)
from index.models.encoder import Encoder

BYTES_PER_TASK = 64 * 1024
"""Some hundred passages: large enough that the overhead of a task does not matter."""

SOURCES_PER_TASK = 64

TASKS_PER_WORKER = 2
"""One running and one queued, so that no worker waits for the driver."""


@dataclass(frozen=True, slots=True)
class ClusterPreparation:
    """Prepares sources on a cluster; see `index.building.prepare.PrepareBatches`."""

    recipe: EncoderRecipe
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
                prepare_sources.remote(group, self.recipe, lengths, read, limits),
                f"reading {group[0].path} and the sources after it",
            )
            for group in group_sources(sources)
        )
        prepared = chain.from_iterable(results_in_order(tasks, TASKS_PER_WORKER * self.workers))
        while batch := next_batch(prepared):
            yield batch


def group_sources(sources: Iterable[PlannedSource]) -> Iterator[list[PlannedSource]]:
    """Yield the sources in order, in groups for one task each."""
    return group_by_size(sources, lambda source: source.size, BYTES_PER_TASK, SOURCES_PER_TASK)


@dataclass(frozen=True, slots=True)
class ClusterBuilder:
    """Builds with the workers of the Ray cluster that this process is connected to."""

    workers: int
    recipe: Callable[[Encoder], EncoderRecipe] = ModelRecipe.of

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
        progress: Progress | None = None,
        checkpoint: float | None = None,
        index_type: str | None = None,
    ) -> BuildReport:
        """Build as `index.building.build.build`. Also raises ClusterError where too many workers are lost."""
        recipe = self.recipe(encoder)
        with ClusterEncoder(encoder, recipe, self.workers) as cluster_encoder:
            return build(
                folder,
                plan,
                cluster_encoder,
                prune=prune,
                progress=progress,
                checkpoint=checkpoint,
                index_type=index_type,
                read=remote.read,
                prepare=ClusterPreparation(recipe, self.workers),
            )
