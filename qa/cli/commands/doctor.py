"""`doctor`: find damage in an index and repair it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.cli.commands.shared import Fault, format_option, index_option, notify, print_json

if TYPE_CHECKING:
    from index.repair.doctor import Diagnosis
    from index.repair.repair import RepairReport
    from index.repair.salvage import LostDocument
    from qa.output import schema


@click.command()
@index_option
@click.option("--repair", "repairing", is_flag=True, help="Write a damaged index anew from what it still holds.")
@click.option("--model", metavar="NAME", help="With --repair: the model of the index, if its record is damaged.")
@format_option("text", "json")
def doctor(index_folder: Path | None, repairing: bool, model: str | None, output: str) -> None:
    """Check every file and passage of an index. Nothing is written without --repair.

    The exit code is 1 if something is damaged, or if a repair could not save every document.
    """
    from index.repair.doctor import examine
    from qa.cli import index_location
    from qa.cli.progress import stages

    folder = index_location.to_write(index_folder)
    if not folder.is_dir():
        folder = index_location.to_read(index_folder).folder
    with stages() as watch:
        found = examine(folder, watch)
    repaired = _repair(found, model) if repairing and not found.sound else None
    if output == "json":
        print_json(_json(found, repaired))
    else:
        _print(found, repaired)
    if not found.sound and (repaired is None or repaired.lost):
        raise click.exceptions.Exit(1)


def _repair(found: Diagnosis, model: str | None) -> RepairReport:
    from index.errors import BuildInterrupted
    from index.models.encoder import load
    from index.models.packaged_models import DEFAULT_MODEL
    from index.repair.doctor import examine
    from index.repair.inspection import inspect
    from index.repair.repair import repair
    from qa.cli import progress

    inspection = inspect(found.folder)
    encoder = load(model or inspection.model or DEFAULT_MODEL, inspection.precision, notify=notify)
    try:
        with progress.shown() as step:
            repaired = repair(found.folder, encoder, progress=step)
    except BuildInterrupted as error:
        notify(f"yearbook-qa: {error}")
        raise click.exceptions.Exit(130) from error
    again = examine(found.folder)
    if not again.sound:
        wrong = "; ".join(f"{one.file}: {one.wrong}" for one in again.findings)
        raise Fault(f"{found.folder}: still damaged after the repair ({wrong}): please check the disk")
    return repaired


def _print(found: Diagnosis, repaired: RepairReport | None) -> None:
    for one in found.findings:
        click.echo(f"{one.file}: {one.wrong}; lost: {one.lost}")
    for note in found.notes:
        notify(f"note: {note}")
    if found.sound:
        click.echo(f"{found.folder}: sound, {found.documents} documents")
        return
    lost = found.lost if repaired is None else repaired.lost
    for gone in lost:
        click.echo(_line(gone, found.folder))
    if repaired is not None:
        for path in repaired.doubtful:
            notify(f"{path.name} is lost: what its build removed or changed may be back: index again with --prune")
        click.echo(
            f"{found.folder}: repaired, {repaired.documents} documents with {repaired.passages} passages, "
            f"{repaired.embedded} of them re-embedded; {len(lost)} documents lost"
        )
    elif found.documents:
        click.echo(f"to repair it: yearbook-qa doctor --repair --index {found.folder}")
    else:
        click.echo(f"no document can be saved: move {found.folder} away and index the documents again")


def _line(lost: LostDocument, folder: Path) -> str:
    if not lost.source:
        return f"document {lost.id} is lost: index its file again (which it was cannot be read any more)"
    return f"document {lost.id} is lost: yearbook-qa index {lost.source} --index {folder}"


def _json(found: Diagnosis, repaired: RepairReport | None) -> schema.DiagnosisJson:
    report: schema.RepairJson | None = None
    if repaired is not None:
        report = {
            "documents": repaired.documents,
            "passages": repaired.passages,
            "embedded": repaired.embedded,
            "lost": [{"id": lost.id, "source": lost.source} for lost in repaired.lost],
            "doubtful": [path.name for path in repaired.doubtful],
        }
    return {
        "index": str(found.folder),
        "sound": found.sound,
        "generation": found.generation,
        "documents": found.documents,
        "findings": [
            {"file": finding.file, "wrong": finding.wrong, "lost": finding.lost, "mended": finding.mended}
            for finding in found.findings
        ],
        "lost": [{"id": lost.id, "source": lost.source} for lost in found.lost],
        "notes": list(found.notes),
        "repaired": report,
    }
