"""`doctor`: find damage in an index, repair it, or write it in the current format."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.cli.commands.shared import (
    EXIT_INTERRUPTED,
    EXIT_PROBLEMS_FOUND,
    CommandError,
    format_option,
    index_option,
    notify,
    print_json,
)

if TYPE_CHECKING:
    from index.repair.doctor import Diagnosis
    from index.repair.repair import RepairReport
    from index.repair.salvage import LostDocument


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
    repaired = _rewrite(diagnosis, model) if repairing and not diagnosis.sound else None
    upgraded = _rewrite(diagnosis, model) if upgrading and diagnosis.sound else None
    if output == "json":
        print_json(_json(diagnosis, repaired, upgraded))
    else:
        _print(diagnosis, repaired, upgraded)
    if not diagnosis.sound and (repaired is None or repaired.lost):
        raise click.exceptions.Exit(EXIT_PROBLEMS_FOUND)


def _rewrite(diagnosis: Diagnosis, model: str | None) -> RepairReport:
    """Write a new generation from the stored documents, and examine it."""
    from index.errors import BuildInterrupted
    from index.models.encoder import load
    from index.models.packaged_models import DEFAULT_MODEL
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


def _print(diagnosis: Diagnosis, repaired: RepairReport | None, upgraded: RepairReport | None) -> None:
    for finding in diagnosis.findings:
        click.echo(f"{finding.file}: {finding.fault}; lost: {finding.loss}")
    for note in diagnosis.notes:
        notify(f"note: {note}")
    if upgraded is not None:
        click.echo(f"{diagnosis.folder}: upgraded, {_counts(upgraded)}")
        return
    if diagnosis.sound:
        click.echo(f"{diagnosis.folder}: sound, {diagnosis.documents} documents")
        return
    lost = diagnosis.lost if repaired is None else repaired.lost
    for document in lost:
        click.echo(_line(document, diagnosis.folder))
    if repaired is not None:
        for path in repaired.doubtful:
            notify(f"{path.name} is lost: what its build removed or changed may be back: index again with --prune")
        click.echo(f"{diagnosis.folder}: repaired, {_counts(repaired)}; {len(lost)} documents lost")
    elif diagnosis.documents:
        click.echo(f"to repair it: yearbook-qa doctor --repair --index {diagnosis.folder}")
    else:
        click.echo(f"no document can be saved: move {diagnosis.folder} away and index the documents again")


def _counts(report: RepairReport) -> str:
    return f"{report.documents} documents with {report.passages} passages, {report.embedded} of them re-embedded"


def _line(lost: LostDocument, folder: Path) -> str:
    if not lost.source:
        return f"document {lost.id} is lost: index its file again (its name cannot be recovered)"
    return f"document {lost.id} is lost: yearbook-qa index {lost.source} --index {folder}"


def _json(diagnosis: Diagnosis, repaired: RepairReport | None, upgraded: RepairReport | None) -> dict[str, object]:
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
