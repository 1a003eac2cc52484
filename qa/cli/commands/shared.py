"""Shared parts of the commands: options, opening the index, JSON output, and where builds and searches run.

They run in this process or on a Ray cluster; Ray is imported only for the latter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from corpus.scripts import CONTROLS

if TYPE_CHECKING:
    from corpus.ingest import Plan
    from index.building.report import BuildReport
    from index.ranking.search import Index
    from qa.answering.library import Library
    from qa.cli.index_location import IndexLocation
    from qa.question.filters import Filters

Command = TypeVar("Command", bound=Callable[..., Any])
_CONTROLS = re.compile(f"[{CONTROLS}]+")
_INDEX_HELP = "Folder of the index (default: YEARBOOK_QA_INDEX, else the user's data folder)."

EXIT_ERROR = 1
"""Exit code after an error in the input or the index; click's own code for wrong usage is 2."""

EXIT_PROBLEMS_FOUND = 1
"""Exit code of a command that checks something and found problems or changes."""

EXIT_INTERRUPTED = 130
"""Exit code after an interruption by the user (128 + SIGINT)."""


class CommandError(click.ClickException):
    """An error in the input or the index: one line on stderr, then `EXIT_ERROR`."""

    exit_code = EXIT_ERROR

    def show(self, file: Any = None) -> None:
        """Print the message without control characters, which file names may contain."""
        click.echo(f"yearbook-qa: {_CONTROLS.sub(' ', self.format_message())}", err=True, file=file)


class FullHelpGroup(click.Group):
    """A group whose help lists the whole first sentence of each command, which click would cut off."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - the interface
        """List the commands."""
        rows = [(name, command.get_short_help_str(limit=500)) for name, command in sorted(self.commands.items())]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def index_option(command: Command) -> Command:
    """`--index`."""
    path = click.Path(path_type=Path, file_okay=False)
    return click.option("--index", "index_folder", type=path, metavar="DIR", help=_INDEX_HELP)(command)


def filter_options(command: Command) -> Command:
    """The filters, each repeatable."""
    for name, metavar, help_text in (
        ("document", "ID", "Only this document, by id (repeatable)."),
        ("covers", "YEARS", "Only documents about events of 2015, or of any year in 2014..2020 (repeatable)."),
        ("edition", "YEARS", "Only edition 2016, or editions 2014..2020 (repeatable)."),
        ("series", "NAME", "Only this series (repeatable)."),
    ):
        command = click.option(f"--{name}", metavar=metavar, multiple=True, help=help_text)(command)
    return command


def format_option(*formats: str) -> Callable[[Command], Command]:
    """Return the `--format` option; the first format is the default."""
    return click.option(
        "--format", "output", type=click.Choice(formats), default=formats[0], show_default=True, help="Output format."
    )


def engine_options(*count: str) -> Callable[[Command], Command]:
    """Return `--engine`, `--address` and numeric options, given as pairs of name and help."""

    def decorated(command: Command) -> Command:
        pairs = list(zip(count[::2], count[1::2], strict=True))
        for name, text in reversed(pairs):
            command = click.option(name, type=click.IntRange(1), metavar="N", help=f"With --engine ray: {text}")(
                command
            )
        address = "With --engine ray: the cluster's address, or auto (default: start Ray on this machine)."
        command = click.option("--address", metavar="ADDRESS", help=address)(command)
        engine = click.Choice(["local", "ray"])
        return click.option(
            "--engine", type=engine, default="local", help="Run here, or on a Ray cluster.", show_default=True
        )(command)

    return decorated


def searching_options(command: Command) -> Command:
    """`--engine`, `--address`, `--shards` and `--replicas`."""
    shards = "number of shards of the index, searched in parallel (default: by the number of processors)."
    return engine_options(
        "--shards", shards, "--replicas", "number of machines with a copy of each shard (default: 1)."
    )(command)


def notify(message: str) -> None:
    """Print a notice on stderr."""
    click.echo(_CONTROLS.sub(" ", message), err=True)


def read_filters(
    series: tuple[str, ...], edition: tuple[str, ...], covers: tuple[str, ...], document: tuple[str, ...]
) -> Filters:
    """Parse the filter options. Raises FilterError."""
    from qa.question.filters import parse_filters

    return parse_filters(series=series, edition=edition, covers=covers, document=document)


def open_index_location(index_folder: Path | None) -> IndexLocation:
    """Return the index to read; the samples are indexed first if need be."""
    from qa.cli import index_location

    place = index_location.location_to_read(index_folder)
    if place.samples:
        index_location.ensure_samples(place, notify)
    return place


def open_library(
    index_folder: Path | None, reranker: str | None = None, open_index: Callable[[Path], Index] | None = None
) -> Library:
    """Open the index with its model and, if named, a reranker; `open_index` opens the folder."""
    from index.models.encoder import load, load_reranker
    from index.ranking.search import Index
    from qa.answering.library import Library

    place = open_index_location(index_folder)
    judge = load_reranker(reranker, notify=notify) if reranker is not None else None
    return Library(
        place.folder,
        partial(load, notify=notify),
        notices=place.notices,
        reranker=judge,
        open_index=open_index or Index,
    )


def print_json(value: object) -> None:
    """Print a JSON value on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


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
        raise CommandError(f"{path}: URLs need --engine ray")
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
