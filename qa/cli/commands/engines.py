"""Run builds and searches in this process or on a Ray cluster; Ray is imported only for the latter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from qa.cli.commands.shared import Fault

if TYPE_CHECKING:
    from corpus.ingest import Plan
    from index.building.report import BuildReport, Progress
    from index.models.encoder import Encoder
    from index.ranking.search import Index


class Builder(Protocol):
    """Plans and builds; what for, and what is raised, stands in `corpus.ingest.plan` and
    `index.building.build.build`.
    """

    def plan(self, paths: Sequence[str]) -> Plan:
        """What there is to read under these paths."""

    def build(
        self,
        folder: Path,
        plan: Plan,
        encoder: Encoder,
        *,
        prune: bool,
        progress: Progress,
        index_type: str | None,
    ) -> BuildReport: ...


class Here:
    """Builds by this process alone."""

    def plan(self, paths: Sequence[str]) -> Plan:
        """Raises Fault for a URL."""
        from corpus.discovery.urls import is_url
        from corpus.ingest import plan

        for path in filter(is_url, paths):
            raise Fault(f"{path}: URLs need --engine ray")
        return plan([Path(path) for path in paths])

    def build(
        self,
        folder: Path,
        plan: Plan,
        encoder: Encoder,
        *,
        prune: bool,
        progress: Progress,
        index_type: str | None,
    ) -> BuildReport:
        from index.building.build import build

        return build(folder, plan, encoder, prune=prune, progress=progress, index_type=index_type)


@contextmanager
def building(engine: str, address: str | None, workers: int | None) -> Iterator[Builder]:
    """Provide the builder. Raises UsageError for options of the other engine, ClusterError."""
    if engine == "local":
        _refuse_options(address=address, workers=workers)
        yield Here()
        return
    from index.cluster.session import connected

    with connected(address, workers) as count:
        from index.cluster.indexing import ClusterBuilder

        yield ClusterBuilder(count)


@contextmanager
def searching(
    engine: str, address: str | None, shards: int | None, replicas: int | None
) -> Iterator[Callable[[Path], Index] | None]:
    """Provide the function that opens an index on the cluster; None for this process. Raises as `building`."""
    if engine == "local":
        _refuse_options(address=address, shards=shards, replicas=replicas)
        yield None
        return
    from index.cluster.session import connected

    with connected(address) as processors:
        from index.cluster.search import ClusterOpener

        # not closed: Ray ends a program's actors with its connection, even if the head node is gone
        yield ClusterOpener(shards or max(1, processors // (replicas or 1)), replicas or 1)


def _refuse_options(**options: object) -> None:
    for name, value in options.items():
        if value is not None:
            raise click.UsageError(f"--{name} needs --engine ray")
