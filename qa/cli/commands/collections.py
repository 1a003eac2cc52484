"""`collection`: export a collection of kept passages, and find its passages in an index."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa.cli.commands.shared import (
    EXIT_PROBLEMS_FOUND,
    CommandError,
    FullHelpGroup,
    format_option,
    index_option,
    notify,
    open_index_location,
    print_json,
)
from qa.collections.citation_styles import STYLES
from qa.collections.exports import EXPORTS, export_collection

if TYPE_CHECKING:
    from qa.collections.collection import Collection

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group(cls=FullHelpGroup)
def collection() -> None:
    """Work with a file of passages that were kept in the form."""


@collection.command()
@click.argument("file", type=_FILE)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write (default: stdout).")
@click.option(
    "--style",
    type=click.Choice(tuple(STYLES)),
    default="plain",
    show_default=True,
    help="Citation style of notes.",
)
@format_option(*EXPORTS)
def export(file: Path, out: Path | None, style: str, output: str) -> None:
    """Write the passages of FILE with their citations, notes and labels."""
    from corpus.filesystem import replace_file

    data = export_collection(_read(file), output, style)
    if out is not None:
        replace_file(out, data)
        notify(f"wrote {out}")
    elif output == "docx" and sys.stdout.isatty():
        raise click.UsageError("a Word file is not for the terminal: name a file with --out")
    else:
        click.echo(data, nl=False)


@collection.command()
@click.argument("file", type=_FILE)
@index_option
@format_option("text", "json")
def locate(file: Path, index_folder: Path | None, output: str) -> None:
    """Say of each passage of FILE whether the index still has it: present, moved or gone (then the exit code is 1)."""
    from index.ranking.search import Index
    from qa.collections.collection import kept_passage_json
    from qa.collections.relocation import locate

    passages = _read(file).passages
    located = list(locate(Index(open_index_location(index_folder).folder), passages))
    if output == "json":
        objects: list[dict[str, Any]] = [
            {
                "id": passage.reference.id,
                "state": place.state,
                "passage": None if place.passage is None else kept_passage_json(place.passage),
            }
            for passage, place in zip(passages, located, strict=True)
        ]
        print_json(objects)
    else:
        for passage, place in zip(passages, located, strict=True):
            now = f" -> {place.passage.reference.id}" if place.state == "moved" and place.passage else ""
            click.echo(f"{place.state:8}{passage.reference.id}{now}")
    if any(place.state == "gone" for place in located):
        raise click.exceptions.Exit(EXIT_PROBLEMS_FOUND)


def _read(file: Path) -> Collection:
    from qa.collections.collection import parse_collection
    from qa.errors import CollectionError

    try:
        return parse_collection(json.loads(file.read_bytes()))
    except (ValueError, RecursionError) as error:  # CollectionError is a ValueError
        reason = error if isinstance(error, CollectionError) else f"no JSON: {error}"
        raise CommandError(f"{file}: {reason}") from error
