"""Run builds and searches in this process or on a Ray cluster; Ray is imported only for the latter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.cli.commands.shared import Fault

if TYPE_CHECKING:
    from corpus.ingest import Plan
    from index.building.report import BuildReport
    from index.ranking.search import Index


@dataclass(frozen=True, slots=True)
class Builder:
    """Plans the documents under paths, and builds; parameters and errors as in `corpus.ingest` and `index.building`."""

    plan: Callable[[Sequence[str], Path], Plan]
    """Its second argument is the folder of the index, whose files keep their ids."""
    build: Callable[..., BuildReport]
    """Its fourth argument is called for each recognised page (`corpus.ingest.read`), on this machine only."""


def _plan_files(paths: Sequence[str], folder: Path, *, ocr: bool) -> Plan:
    from corpus.filesystem import is_url
    from corpus.ingest import plan
    from index.building.diff import indexed_files

    for path in filter(is_url, paths):
        raise Fault(f"{path}: URLs need --engine ray")
    return plan([Path(path) for path in paths], indexed=indexed_files(folder), ocr=ocr)


@contextmanager
def building(engine: str, address: str | None, workers: int | None, *, ocr: bool) -> Iterator[Builder]:
    """Provide the builder. Raises UsageError for options of the other engine, ClusterError."""
    if engine == "local":
        _refuse_options(address=address, workers=workers)
        from corpus.ingest import read
        from index.building.build import build

        yield Builder(
            partial(_plan_files, ocr=ocr),
            lambda folder, plan, encoder, on_page, **options: build(
                folder, plan, encoder, read=partial(read, on_page=on_page), **options
            ),
        )
        return
    if ocr:
        raise click.UsageError("--ocr needs --engine local")
    from index.cluster.session import connected

    with connected(address, workers) as count:
        from index.cluster.indexing import ClusterBuilder

        cluster = ClusterBuilder(count)
        yield Builder(
            cluster.plan, lambda folder, plan, encoder, _, **options: cluster.build(folder, plan, encoder, **options)
        )


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
