"""Sources read and cut by the tasks of a cluster, given out in their order.

Sources go to the tasks some at a time, by their size; so many are under way as keep all workers busy, and no more are
begun until the first of them is taken, so that memory is bounded. A task whose worker is lost is done again by another.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import ray

from corpus.chunking.passages import Lengths, Measure
from index.building.diff import PlannedSource
from index.building.prepare import Prepared, ReadDocument, next_batch
from index.cluster.faults import told
from index.cluster.tasks import Recipe, limits, prepare_some

PER_TASK = 64 * 1024
"""Bytes of a task's sources, about: some hundred passages."""

AHEAD = 2
"""Tasks under way for each worker."""

_SOURCES = 64


@dataclass(frozen=True, slots=True)
class ClusterReading:
    """Has sources prepared by so many workers; see `index.building.prepare.PrepareBatches`."""

    recipe: Recipe
    workers: int

    def __call__(
        self,
        sources: Iterable[PlannedSource],
        measure: Measure,  # noqa: ARG002 - workers measure by their own encoder
        lengths: Lengths,
        read: ReadDocument,
    ) -> Iterator[Sequence[Prepared]]:
        prepared = chain.from_iterable(self._tasks(sources, lengths, read))
        while batch := next_batch(prepared):
            yield batch

    def _tasks(
        self, sources: Iterable[PlannedSource], lengths: Lengths, read: ReadDocument
    ) -> Iterator[list[Prepared]]:
        running: deque[tuple[Any, PlannedSource]] = deque()
        bounds = limits()
        for some in grouped(sources):
            running.append((prepare_some.remote(some, self.recipe, lengths, read, bounds), some[0]))
            if len(running) > AHEAD * self.workers:
                yield _result(*running.popleft())
        while running:
            yield _result(*running.popleft())


def _result(task: Any, first: PlannedSource) -> list[Prepared]:
    with told(f"reading {first.path} and what comes after it"):
        prepared: list[Prepared] = ray.get(task)
    return prepared


def grouped(sources: Iterable[PlannedSource]) -> Iterator[list[PlannedSource]]:
    """The sources in order, in groups of about as many bytes each."""
    group: list[PlannedSource] = []
    size = 0
    for source in sources:
        group.append(source)
        size += source.size
        if size >= PER_TASK or len(group) == _SOURCES:
            yield group
            group, size = [], 0
    if group:
        yield group
