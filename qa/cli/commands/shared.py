"""What the commands share: options, opening the index that is meant, progress, one JSON value."""

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
    from qa.cli.index_location import Place
    from qa.question.filters import Filters

Command = TypeVar("Command", bound=Callable[..., Any])
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_INDEX_HELP = "Folder of the index (default: YEARBOOK_QA_INDEX, else the user's data folder)."


class Fault(click.ClickException):
    """The input or the index is at fault: one line on stderr, exit code 1."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        """Print the line; a file's name in it may hold what would drive a terminal."""
        click.echo(f"yearbook-qa: {_CONTROLS.sub(' ', self.format_message())}", err=True, file=file)


def index_option(command: Command) -> Command:
    """`--index`."""
    path = click.Path(path_type=Path, file_okay=False)
    return click.option("--index", "index_folder", type=path, metavar="DIR", help=_INDEX_HELP)(command)


def filter_options(command: Command) -> Command:
    """The filters, each repeatable."""
    for name, metavar, help_text in (
        ("document", "ID", "Only this document (repeatable)."),
        ("covers", "YEARS", "Only what covers this year, 2015, or some of 2014..2020 (repeatable)."),
        ("edition", "YEARS", "Only this edition, 2016, or those of 2014..2020 (repeatable)."),
        ("series", "NAME", "Only this series (repeatable)."),
    ):
        command = click.option(f"--{name}", metavar=metavar, multiple=True, help=help_text)(command)
    return command


def format_option(*formats: str) -> Callable[[Command], Command]:
    """`--format`; the first is the default."""
    return click.option(
        "--format", "output", type=click.Choice(formats), default=formats[0], show_default=True, help="Form of output."
    )


def engine_options(*count: str) -> Callable[[Command], Command]:
    """`--engine`, `--address`, and how many there are of something: pairs of the option's name and its help."""

    def decorated(command: Command) -> Command:
        pairs = list(zip(count[::2], count[1::2], strict=True))
        for name, text in reversed(pairs):
            command = click.option(name, type=click.IntRange(1), metavar="N", help=f"With --engine ray: {text}")(
                command
            )
        address = "With --engine ray: the cluster's address, or auto (default: a Ray of this machine's own)."
        command = click.option("--address", metavar="ADDRESS", help=address)(command)
        engine = click.Choice(["local", "ray"])
        return click.option("--engine", type=engine, default="local", help="Who does the work.", show_default=True)(
            command
        )

    return decorated


def searching_options(command: Command) -> Command:
    """`--engine`, `--address`, `--shards` and `--replicas`."""
    shards = "how many parts of the index are searched side by side (default: by the processors)."
    return engine_options("--shards", shards, "--replicas", "how many machines hold each part (default: 1).")(command)


def notify(message: str) -> None:
    """A notice for the user, on stderr."""
    click.echo(_CONTROLS.sub(" ", message), err=True)


def read_filters(
    series: tuple[str, ...], edition: tuple[str, ...], covers: tuple[str, ...], document: tuple[str, ...]
) -> Filters:
    """The filters given."""
    from qa.question.filters import parse_filters

    return parse_filters(series=series, edition=edition, covers=covers, document=document)


def place_to_read(index_folder: Path | None) -> Place:
    """The index that is meant; where that is the samples', they are indexed first."""
    from qa.cli import index_location

    place = index_location.to_read(index_folder)
    if place.samples:
        index_location.ensure_samples(place, notify)
    return place


def open_library(
    index_folder: Path | None, reranker: str | None = None, open_index: Callable[[Path], Index] | None = None
) -> Library:
    """The index that is meant, with its model, and a reranker where one is named; `open_index` opens its folder."""
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
    """One JSON value on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
