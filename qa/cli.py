"""The command line: parse, call, print. Heavy modules are imported by the command that needs them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from index.build import Progress
    from qa.answer import Library
    from qa.filters import Filters

Command = TypeVar("Command", bound=Callable[..., Any])
_INDEX_HELP = "Folder of the index (default: YEARBOOK_QA_INDEX, else the user's data folder)."


class Fault(click.ClickException):
    """The input or the index is at fault: one line on stderr, exit code 1."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        """Print the line."""
        click.echo(f"yearbook-qa: {self.format_message()}", err=True, file=file)


class FaultReporting(click.Group):
    """A group whose commands' known errors become one line and an exit code; no traceback reaches a user."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            line = _line_for(error)
            if line is None:
                raise
            raise Fault(line) from error


def _line_for(error: Exception) -> str | None:
    """What to tell the user of an error that is not the program's own fault, or None."""
    import sqlite3

    from corpus.errors import CorpusError
    from index.errors import IndexFolderError, ModelError, UnknownPassage
    from qa.errors import FilterError, QuestionError

    if isinstance(error, FilterError):
        raise click.UsageError(str(error)) from error
    if isinstance(error, CorpusError | IndexFolderError | ModelError | UnknownPassage | QuestionError):
        return str(error)
    if isinstance(error, sqlite3.DatabaseError):
        return f"the index is damaged ({error}): move its folder away and index the documents again"
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or error}"
    return None


@click.group(cls=FaultReporting, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="yearbook-qa", message="%(prog)s %(version)s")
def main() -> None:
    """Ask questions of publications that come out every year; get the passages that answer, each cited."""


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


def notify(message: str) -> None:
    """A notice for the user, on stderr."""
    click.echo(message, err=True)


def read_filters(
    series: tuple[str, ...], edition: tuple[str, ...], covers: tuple[str, ...], document: tuple[str, ...]
) -> Filters:
    """The filters given."""
    from qa.filters import parse

    return parse(series=series, edition=edition, covers=covers, document=document)


def open_library(index_folder: Path | None) -> Library:
    """The index that is meant, with its model."""
    from index.encoder import load
    from qa import places
    from qa.answer import Library

    place = places.to_read(index_folder)
    if place.samples:
        places.ensure_samples(place, notify)
    return Library(place.folder, lambda name: load(name, notify=notify), notices=place.notices)


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@index_option
@click.option("--model", metavar="NAME", help="A sentence-transformers model, by name or path.")
@click.option("--prune", is_flag=True, help="Remove documents whose files are gone from the given paths.")
@click.option("--write-catalogue", is_flag=True, help="Write what was inferred to corpus.toml, to be completed.")
def index(
    paths: tuple[Path, ...], index_folder: Path | None, model: str | None, prune: bool, write_catalogue: bool
) -> None:
    """Add the publications in files or folders to an index, and update what has changed."""
    from corpus.load import plan
    from index.build import build
    from index.encoder import DEFAULT_MODEL, load
    from index.errors import NoIndex
    from index.manifest import read as read_manifest
    from qa import console, places

    folder = places.to_write(index_folder)
    planned = plan(paths)
    try:
        present: str | None = read_manifest(folder).model.name
    except NoIndex:
        present = None
    if not planned.sources and not (prune and present):
        console.unread(planned.unread)
        where = ", ".join(map(str, paths))
        raise Fault(f"{where}: no document that can be read" + (", see above" if planned.unread else ": it is empty"))
    encoder = load(model or present or DEFAULT_MODEL, notify=notify)
    with progress_bar() as progress:
        report = build(folder, planned, encoder, prune=prune, progress=progress)
    if write_catalogue:
        from corpus.load import read
        from corpus.prefill import write_catalogues

        for file in write_catalogues(planned, read):
            notify(f"wrote {file}: complete it, then index again")
    if not report.documents and not report.removed:
        console.unread(report.unread)
        raise Fault(f"{', '.join(map(str, paths))}: no document that can be read, see above")
    console.build_report(report, planned, folder)


@contextmanager
def progress_bar() -> Iterator[Progress | None]:
    """Progress on stderr where that is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from qa.console import progress

    with progress() as step:
        yield step


@main.command()
@click.argument("question")
@click.option("-k", default=5, show_default=True, type=click.IntRange(1, 1000), help="How many passages to give.")
@index_option
@filter_options
@format_option("text", "json", "markdown", "bibtex", "ris", "csl-json")
def ask(question: str, k: int, index_folder: Path | None, output: str, **filters: tuple[str, ...]) -> None:
    """Answer a question with verbatim, cited sentences and the passages that they stand in."""
    from qa import console
    from qa.errors import EmptyQuestion

    wanted = read_filters(**filters)
    if not any(character.isalnum() for character in question):
        raise EmptyQuestion("the question is empty: ask in words")
    answer = open_library(index_folder).ask(question, k, wanted)
    if output == "json":
        from qa.jsonform import answer_json

        print_json(answer_json(answer))
    elif output == "text":
        console.answer(answer)
    else:
        from qa.citation_formats import export

        click.echo(export(answer, output), nl=False)


def print_json(value: object) -> None:
    """One JSON value on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


@main.command()
@click.argument("questions", required=False, type=click.Path(path_type=Path, exists=True))
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder for the results.")
@click.option("-k", default=10, show_default=True, type=click.IntRange(1, 1000), help="How many passages to give.")
@click.option("--queries", type=click.Path(path_type=Path, exists=True), help="BEIR queries (with --qrels).")
@click.option("--qrels", type=click.Path(path_type=Path, exists=True), help="BEIR judgements.")
@click.option(
    "--against", type=click.Path(path_type=Path, exists=True), help="An earlier --out folder to compare with."
)
@click.option("--measure", "measures", multiple=True, metavar="M", help="A further measure, as P@5 (repeatable).")
@click.option("--fail-under", multiple=True, metavar="M=V", help='Exit code 1 below this, as "S@1=.8" (repeatable).')
@index_option
@filter_options
def evaluate(
    questions: Path | None,
    out: Path,
    k: int,
    queries: Path | None,
    qrels: Path | None,
    against: Path | None,
    measures: tuple[str, ...],
    fail_under: tuple[str, ...],
    index_folder: Path | None,
    **filters: tuple[str, ...],
) -> None:
    """Answer a file of questions (jsonl, csv, txt, BEIR folder) and measure the answers where there are judgements."""
    from qa import console
    from qa.evaluate import evaluate as run
    from qa.evaluate import failures
    from qa.measures import DEFAULT_MEASURES
    from qa.questions import read

    if (questions is None) == (queries is None):
        raise click.UsageError("give either QUESTIONS or --queries FILE (with --qrels FILE)")
    asked = read(questions, queries=queries, qrels=qrels)
    wanted = read_filters(**filters)
    library = open_library(index_folder)
    chosen = [*DEFAULT_MEASURES, *(one for one in measures if one not in DEFAULT_MEASURES)]
    with progress_bar() as progress:
        evaluation = run(library, asked, out, k=k, filters=wanted, against=against, measures=chosen, progress=progress)
    console.evaluation(evaluation)
    missed = failures(evaluation, fail_under)
    if missed:
        raise Fault("; ".join(missed))


@main.command()
@click.argument("identifier", metavar="ID")
@click.option("--context", type=click.Choice(["section"]), help="Show the whole section around it.")
@index_option
@format_option("text", "json")
def show(identifier: str, context: str | None, index_folder: Path | None, output: str) -> None:
    """Show a passage, or any DOCUMENT@START-END, with its citation."""
    from index.search import Index
    from qa import console, places
    from qa.excerpt import excerpt, excerpt_json

    place = places.to_read(index_folder)
    if place.samples:
        places.ensure_samples(place, notify)
    found = excerpt(Index(place.folder), identifier, whole_section=context == "section")
    if output == "json":
        print_json(excerpt_json(found))
    else:
        console.excerpt(found)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@format_option("text", "json")
def outline(file: Path, output: str) -> None:
    """Show the section tree of a file, as it was read."""
    from corpus.errors import UnreadableFile
    from corpus.load import plan, read
    from qa import console
    from qa.jsonform import outline_json

    planned = plan([file])
    if not planned.sources:
        raise Fault(f"{file}: {planned.unread[0].reason if planned.unread else 'not read'}")
    try:
        documents = [read(source) for source in planned.sources]
    except UnreadableFile as error:
        raise Fault(f"{file}: {error}") from error
    if output == "json":
        print_json([item for document in documents for item in outline_json(document)])
    else:
        for document in documents:
            console.outline(document)


@main.command()
@index_option
@format_option("text", "json")
def info(index_folder: Path | None, output: str) -> None:
    """List the documents of an index, where each value comes from, and what the index was made with."""
    from index.search import Index
    from qa import console, places
    from qa.jsonform import document_json

    place = places.to_read(index_folder)
    if place.samples:
        places.ensure_samples(place, notify)
    opened = Index(place.folder)
    for line in place.notices:
        notify(line)
    if output == "json":
        print_json(
            {"index": console.index_facts(opened), "documents": [document_json(one) for one in opened.documents]}
        )
    else:
        console.info(opened)


@main.command()
@click.argument("documents", nargs=-1, required=True, metavar="DOCUMENT...")
@index_option
def remove(documents: tuple[str, ...], index_folder: Path | None) -> None:
    """Remove documents from an index, by their ids."""
    from corpus.load import Plan
    from index.build import build
    from index.encoder import load
    from index.search import Index
    from qa import places

    folder = places.to_write(index_folder)
    opened = Index(folder)
    for document in documents:
        opened.info(document)
    encoder = load(opened.manifest.model.name, notify=notify)
    report = build(folder, Plan((), ()), encoder, remove=documents)
    click.echo(f"removed {', '.join(report.removed)}; {report.documents} documents left in {folder}")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port (default: 7860, or the next that is free).")
@click.option("--auth-file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Lines name:hash.")
@click.option("--no-auth", is_flag=True, help="Allow a host beyond this machine without authentication.")
@index_option
def serve(host: str, port: int | None, auth_file: Path | None, no_auth: bool, index_folder: Path | None) -> None:
    """Serve the web form."""
    from qa import places
    from qa.ports import choose_port, is_loopback

    if not is_loopback(host) and auth_file is None and not no_auth:
        raise click.UsageError(
            f"--host {host} is open to other machines: give --auth-file FILE, or --no-auth to allow all"
        )
    chosen = choose_port(host, port)
    if port is None and chosen != 7860:
        notify(f"port 7860 is taken: using {chosen}")
    notify("starting, a few seconds ...")
    place = places.to_read(index_folder)
    if not place.samples:
        from index.manifest import read as read_manifest

        read_manifest(place.folder)  # a fault of the index is said before the form is up
    from qa.web.app import serve as run

    run(
        lambda: open_library(index_folder),
        host=host,
        port=chosen,
        auth_file=auth_file,
        announce=lambda url: click.echo(f"Yearbook QA is at {url} (stop it with Ctrl-C)"),
    )
