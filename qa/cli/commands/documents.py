"""`index`, `remove`, `info`, `outline` and `doctor`: change, list and repair the documents of an index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from index.layout import INDEX_TYPES
from qa.cli.commands.shared import (
    EXIT_INTERRUPTED,
    EXIT_PROBLEMS_FOUND,
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
    from index.repair.doctor import Diagnosis
    from index.repair.repair import RepairReport
    from index.repair.salvage import LostDocument
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
    from corpus.discovery import BEIR_CORPUS
    from index.errors import BuildInterrupted, NoIndex
    from index.manifest import read as read_manifest
    from index.models.encoder import load
    from index.models.model_store import DEFAULT_MODEL
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
    from corpus.ingest import read, write_catalogues

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
    from qa.editions import alignment

    try:
        alignment.update_cache(index)
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


@click.command()
@index_option
@click.option("--repair", "repairing", is_flag=True, help="Rebuild a damaged index from its intact documents.")
@click.option(
    "--upgrade",
    "upgrading",
    is_flag=True,
    help="Rewrite an undamaged index in the format of this version; vectors of unchanged texts are reused.",
)
@click.option("--model", metavar="NAME", help="With --repair: the model of the index, if manifest.json is damaged.")
@format_option("text", "json")
def doctor(index_folder: Path | None, repairing: bool, upgrading: bool, model: str | None, output: str) -> None:
    """Check every file and passage of an index. Nothing is written without --repair or --upgrade.

    The exit code is 1 if something is damaged, or if a repair could not save every document.
    """
    from index.repair.doctor import examine
    from qa.cli import index_location
    from qa.cli.progress import stage_progress

    folder = index_location.folder_to_write(index_folder)
    if not folder.is_dir():
        folder = index_location.location_to_read(index_folder).folder
    with stage_progress() as progress:
        diagnosis = examine(folder, progress)
    repaired = _rewrite_index(diagnosis, model) if repairing and not diagnosis.sound else None
    upgraded = _rewrite_index(diagnosis, model) if upgrading and diagnosis.sound else None
    if output == "json":
        print_json(_diagnosis_json(diagnosis, repaired, upgraded))
    else:
        _print_diagnosis(diagnosis, repaired, upgraded)
    if not diagnosis.sound and (repaired is None or repaired.lost):
        raise click.exceptions.Exit(EXIT_PROBLEMS_FOUND)


def _rewrite_index(diagnosis: Diagnosis, model: str | None) -> RepairReport:
    """Write a new generation from the stored documents, and examine it."""
    from index.errors import BuildInterrupted
    from index.models.encoder import load
    from index.models.model_store import DEFAULT_MODEL
    from index.repair.doctor import examine
    from index.repair.repair import repair
    from index.repair.salvage import inspect
    from qa.cli import progress

    inspection = inspect(diagnosis.folder)
    encoder = load(model or inspection.model or DEFAULT_MODEL, inspection.precision, notify=notify)
    try:
        with progress.build_progress() as step:
            repaired = repair(diagnosis.folder, encoder, progress=step)
    except BuildInterrupted as error:
        notify(f"yearbook-qa: {error}")
        raise click.exceptions.Exit(EXIT_INTERRUPTED) from error
    again = examine(diagnosis.folder)
    if not again.sound:
        faults = "; ".join(f"{finding.file}: {finding.fault}" for finding in again.findings)
        raise CommandError(f"{diagnosis.folder}: damaged after it was written again ({faults}): please check the disk")
    return repaired


def _print_diagnosis(diagnosis: Diagnosis, repaired: RepairReport | None, upgraded: RepairReport | None) -> None:
    for finding in diagnosis.findings:
        click.echo(f"{finding.file}: {finding.fault}; lost: {finding.loss}")
    for note in diagnosis.notes:
        notify(f"note: {note}")
    if upgraded is not None:
        click.echo(f"{diagnosis.folder}: upgraded, {_report_counts(upgraded)}")
        return
    if diagnosis.sound:
        click.echo(f"{diagnosis.folder}: sound, {diagnosis.documents} documents")
        return
    lost = diagnosis.lost if repaired is None else repaired.lost
    for document in lost:
        click.echo(_lost_line(document, diagnosis.folder))
    if repaired is not None:
        for path in repaired.doubtful:
            notify(f"{path.name} is lost: what its build removed or changed may be back: index again with --prune")
        click.echo(f"{diagnosis.folder}: repaired, {_report_counts(repaired)}; {len(lost)} documents lost")
    elif diagnosis.documents:
        click.echo(f"to repair it: yearbook-qa doctor --repair --index {diagnosis.folder}")
    else:
        click.echo(f"no document can be saved: move {diagnosis.folder} away and index the documents again")


def _report_counts(report: RepairReport) -> str:
    return f"{report.documents} documents with {report.passages} passages, {report.embedded} of them re-embedded"


def _lost_line(lost: LostDocument, folder: Path) -> str:
    if not lost.source:
        return f"document {lost.id} is lost: index its file again (its name cannot be recovered)"
    return f"document {lost.id} is lost: yearbook-qa index {lost.source} --index {folder}"


def _diagnosis_json(
    diagnosis: Diagnosis, repaired: RepairReport | None, upgraded: RepairReport | None
) -> dict[str, object]:
    """Return `qa.output.schema.DiagnosisJson`."""
    reports = {
        name: report and asdict(report) | {"doubtful": [path.name for path in report.doubtful]}
        for name, report in (("repaired", repaired), ("upgraded", upgraded))
    }
    facts = asdict(diagnosis)
    facts["findings"] = [
        {"file": finding.file, "wrong": finding.fault, "lost": finding.loss, "mended": finding.repairable}
        for finding in diagnosis.findings
    ]
    return {"index": str(facts.pop("folder")), "sound": diagnosis.sound, **facts, **reports}
