"""Read and cut sources on the workers of a cluster, and return them in order.

Enough tasks run to keep all workers busy; no more are started until the first result is taken, so memory is bounded.
Ray repeats the task of a lost worker.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from corpus.chunking.passages import Lengths, Measure
from index.building.diff import PlannedSource
from index.building.prepare import Prepared, ReadDocument, next_batch
from index.cluster.tasks import EncoderRecipe, configured_limits, group_by_size, prepare_sources, results_in_order

BYTES_PER_TASK = 64 * 1024
"""Some hundred passages: large enough that the overhead of a task does not matter."""

SOURCES_PER_TASK = 64

TASKS_PER_WORKER = 2
"""One that runs and one that waits, so that no worker waits for the driver."""


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
