"""Shared parts of the commands: options, opening the index, JSON output."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from index.ranking.search import Index
    from qa.answering.library import Library
    from qa.cli.index_location import IndexLocation
    from qa.question.filters import Filters

Command = TypeVar("Command", bound=Callable[..., Any])
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_INDEX_HELP = "Folder of the index (default: YEARBOOK_QA_INDEX, else the user's data folder)."


class Fault(click.ClickException):
    """An error in the input or the index: one line on stderr, exit code 1."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        """Print the message without control characters, which file names may contain."""
        click.echo(f"yearbook-qa: {_CONTROLS.sub(' ', self.format_message())}", err=True, file=file)


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
    shards = "number of parts of the index searched in parallel (default: by the number of processors)."
    return engine_options(
        "--shards", shards, "--replicas", "number of machines with a copy of each part (default: 1)."
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


def place_to_read(index_folder: Path | None) -> IndexLocation:
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
    from index.models.encoder import load
    from index.models.reranker import load as load_reranker
    from index.ranking.search import Index
    from qa.answering.library import Library

    place = place_to_read(index_folder)
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
