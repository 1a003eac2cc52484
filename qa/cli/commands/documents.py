"""`index`, `remove`, `info` and `outline`: change and list the documents of an index."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from index.layout import INDEX_TYPES
from qa.cli.commands.shared import (
    EXIT_INTERRUPTED,
    CommandError,
    building,
    engine_options,
    format_option,
    index_option,
    notify,
    open_index_location,
    print_json,
)

if TYPE_CHECKING:
    from corpus.ingest import Plan
    from index.manifest import ModelRecord
    from index.models.model_store import Precision
    from index.ranking.search import Index
    from index.storage.reader import DocumentInfo


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@index_option
@click.option("--model", metavar="NAME", help="A sentence-transformers model, by name or path; NAME+NAME for two.")
@click.option(
    "--precision",
    type=click.Choice(["fp32", "int8"]),  # `Precision`, whose module takes long to import
    help="Precision of the model: int8 (default) is twice as fast, fp32 exact. Fixed for each index.",
)
@click.option("--prune", is_flag=True, help="Remove documents whose files no longer exist under the given paths.")
@click.option(
    "--index-type",
    type=click.Choice(INDEX_TYPES),
    help="Vector search: exact, or inverted lists (ivf); auto chooses by size. Default: unchanged.",
)
@click.option("--ocr", is_flag=True, help="Recognise the text of scanned pages, on this machine; later builds keep it.")
@click.option(
    "--write-catalogue", is_flag=True, help="Write inferred metadata to corpus.toml, to be checked and completed."
)
@engine_options("--workers", "number of encoders (default: the number of processors).")
def index(
    paths: tuple[str, ...],
    index_folder: Path | None,
    model: str | None,
    precision: Precision | None,
    prune: bool,
    index_type: str | None,
    ocr: bool,
    write_catalogue: bool,
    engine: str,
    address: str | None,
    workers: int | None,
) -> None:
    """Add the publications in files or folders to an index, and update those that changed."""
    from corpus.discovery.files import BEIR_CORPUS
    from index.errors import BuildInterrupted, NoIndex
    from index.manifest import read as read_manifest
    from index.models.encoder import load
    from index.models.packaged_models import DEFAULT_MODEL
    from index.ranking.search import Index
    from qa.cli import index_location, progress
    from qa.output import console

    _require_ocr(ocr)
    builder = click.get_current_context().with_resource(building(engine, address, workers, ocr=ocr))
    folder = index_location.folder_to_write(index_folder)
    planned = builder.plan(paths, folder)
    try:
        present: ModelRecord | None = read_manifest(folder).model
    except NoIndex:
        present = None
    if not planned.sources and not (prune and present):
        console.unread(planned.unread)
        where = ", ".join(paths)
        reason = "no readable document, see above" if planned.unread else "no documents in it"
        raise CommandError(f"{where}: {reason}")
    name = model or (present.name if present else DEFAULT_MODEL)
    encoder = load(name, precision or (present.precision if present else None), notify=notify)
    try:
        with progress.build_progress() as step, progress.page_progress(step) as on_page:
            report = builder.build(folder, planned, encoder, on_page, prune=prune, progress=step, index_type=index_type)
    except BuildInterrupted as error:
        notify(f"yearbook-qa: {error}")
        raise click.exceptions.Exit(EXIT_INTERRUPTED) from error
    if report.unread and not (report.added or report.changed or report.unchanged or report.removed):
        console.unread(report.unread)
        raise CommandError(f"{', '.join(paths)}: no readable document, see above")
    built = Index(folder)
    console.build_report(report, planned, folder)
    _store_alignments(built)
    if write_catalogue:
        _write_catalogues(planned)
    elif not any(Path(path, BEIR_CORPUS).is_file() or path.endswith(BEIR_CORPUS) for path in paths):
        _notify_unknown(built.documents)


def _require_ocr(ocr: bool) -> None:
    """Refuse text recognition where its engine is not installed."""
    from corpus.readers.ocr.page_cache import INSTALL, engine_version

    if ocr and engine_version() is None:
        raise CommandError(f"--ocr needs a package that is not installed: {INSTALL}")


def _write_catalogues(planned: Plan) -> None:
    """Write inferred metadata; the index is kept if that fails."""
    from corpus.catalogue.edit import write_catalogues
    from corpus.ingest import read

    try:
        written = write_catalogues(planned, read)
    except OSError as error:
        reason = f"{error.strerror or error}: {error.filename}" if error.filename else error
        raise CommandError(f"corpus.toml could not be written ({reason}): the index was built anyway") from error
    for file in written:
        notify(f"wrote {file}: please complete it, then index again")
    if not written:
        notify("corpus.toml already lists all of these documents")


def _notify_unknown(documents: Sequence[DocumentInfo]) -> None:
    """Say in one line what is unknown of the documents, and how to complete it."""
    unknown = {
        key: [document.id for document in documents if document.origins.get(key) == "unknown"]
        for key in ("series", "edition", "covers")
    }
    parts = [
        f"{key} of {ids[0] if len(ids) == 1 else f'{len(ids):,} documents'}" for key, ids in unknown.items() if ids
    ]
    if parts:
        notify(f"unknown: {', '.join(parts)}: complete them in the corpus.toml that --write-catalogue writes")


def _store_alignments(index: Index) -> None:
    """Align new consecutive editions, so that no question has to."""
    from qa.editions import alignment_cache

    try:
        alignment_cache.update_cache(index)
    except OSError as error:  # the index works without them
        notify(f"the alignment of editions could not be stored ({error.strerror}): compare will compute it each time")


@click.command()
@click.argument("documents", nargs=-1, required=True, metavar="DOCUMENT...")
@index_option
def remove(documents: tuple[str, ...], index_folder: Path | None) -> None:
    """Remove documents from an index, by their ids."""
    from corpus.ingest import Plan
    from index.building.build import build
    from index.models.encoder import load
    from index.ranking.search import Index
    from qa.cli import index_location

    folder = index_location.folder_to_write(index_folder)
    opened = Index(folder)
    for document in documents:
        opened.info(document)
    made = opened.manifest.model
    encoder = load(made.name, made.precision, notify=notify)
    report = build(folder, Plan((), ()), encoder, remove=documents)
    _store_alignments(Index(folder))
    click.echo(f"removed {', '.join(report.removed)}; {report.documents} documents left in {folder}")


@click.command()
@index_option
@format_option("text", "json")
@click.option(
    "--limits", "only_limits", is_flag=True, help="List the limits on what is read, and the variables that change them."
)
def info(index_folder: Path | None, output: str, only_limits: bool) -> None:
    """List the documents of an index with the origin of their metadata, and facts about the index."""
    from index.ranking.search import Index
    from qa import limits
    from qa.output import console
    from qa.output.json_objects import document_json, index_facts

    if only_limits:
        rows = limits.table()
        if output == "json":
            print_json([{"variable": variable, "most": most, "of": what} for variable, most, what in rows])
        else:
            console.limits(rows)
        return

    place = open_index_location(index_folder)
    opened = Index(place.folder)
    for line in place.notices:
        notify(line)
    if output == "json":
        documents = [document_json(document) for document in opened.documents]
        print_json({"index": index_facts(opened), "documents": documents, "warnings": opened.records.warnings()})
    else:
        console.info(opened)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@format_option("text", "json")
@click.option(
    "--furniture", is_flag=True, help="List the page headers, footers and page numbers that were left out of the text."
)
@click.option("--ocr", is_flag=True, help="Recognise the text of scanned pages, on this machine.")
def outline(file: Path, output: str, furniture: bool, ocr: bool) -> None:
    """Show the section tree of a file as the program reads it."""
    from corpus.errors import UnreadableFile
    from corpus.ingest import plan, read
    from qa.output import console
    from qa.output.json_objects import outline_json

    _require_ocr(ocr)
    planned = plan([file], ocr=ocr)
    if not planned.sources:
        raise CommandError(f"{file}: {planned.unread[0].reason if planned.unread else 'not in a supported format'}")
    try:
        documents = [read(source) for source in planned.sources]
    except UnreadableFile as error:
        raise CommandError(f"{file}: {error}") from error
    if output == "json":
        excluded = [line for document in documents for line in document.furniture]
        print_json(excluded if furniture else [item for document in documents for item in outline_json(document)])
    else:
        for document in documents:
            (console.furniture if furniture else console.outline)(document)
