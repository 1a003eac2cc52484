"""Documents into an index folder: incremental, and safe against a crash at any moment.

A build writes a new generation beside the current one and switches by renaming the manifest. A document whose source,
catalogue entry and reader are unchanged is taken over; of a changed one only those texts are embedded that the index
has no vector of, since what decides is the hash of what is embedded (prefix and text). A build that is interrupted, by
whatever, is gone on with by the next (see `index.building.resume`). How a generation is made is
`index.building.generation`'s part.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from corpus.chunking.passages import Lengths
from corpus.ingest import Plan
from corpus.ingest import read as read_document
from index import integrity, layout, manifest
from index.building import resume
from index.building.build_lock import locked
from index.building.diff import Selection, Work, select
from index.building.generation import CHECKPOINT, Basis, Making, files_of
from index.building.prepare import Batches, Read, batches
from index.building.report import BuildReport, Progress
from index.errors import BuildInterrupted, IndexFolderError, IndexMismatch, NoIndex
from index.io_errors import writing
from index.manifest import Manifest
from index.models.encoder import Encoder
from index.storage.reader import RecordReader


def build(
    folder: Path,
    plan: Plan,
    encoder: Encoder,
    *,
    prune: bool = False,
    remove: Sequence[str] = (),
    lengths: Lengths | None = None,
    progress: Progress | None = None,
    checkpoint: float | None = None,
    index_type: str | None = None,
    read: Read = read_document,
    prepared: Batches = batches,
) -> BuildReport:
    """Bring the index in `folder` up to date with the plan, and remove the documents named in `remove`.

    Documents of files gone from the plan's paths are removed with `prune`, else reported. What is done is made safe
    every `checkpoint` seconds (CHECKPOINT where it is None). `index_type` is one of `ivf_build.INDEX_TYPES`, by
    default what the index has, `auto` for a new one. `read` reads the plan's sources, `prepared` has them read and cut.
    Raises IndexMismatch when the index was made with another model, or other lengths, IndexDamaged
    when it is damaged, IndexBusy when another process is building, IndexNotWritten when the disk is full,
    BuildInterrupted (a KeyboardInterrupt) when the user ends it.
    """
    wanted = lengths or Lengths()
    wanted = Lengths(wanted.target, wanted.longest, encoder.max_tokens, encoder.special_tokens, wanted.prefix_share)
    after = CHECKPOINT if checkpoint is None else checkpoint
    with locked(folder):
        current = _checked(folder, encoder, wanted)
        basis = Basis(
            folder=folder,
            encoder=encoder,
            lengths=wanted,
            index_type=index_type or (current.dense.asked if current is not None else "auto"),
            made_from=resume.origin(folder, encoder.fingerprint, asdict(wanted)),
            current=current,
            progress=progress or (lambda _: None),
            checkpoint=after,
            read=read,
            prepared=prepared,
        )
        return _build(basis, plan, prune, remove)


def _checked(folder: Path, encoder: Encoder, lengths: Lengths) -> Manifest | None:
    """The manifest of the index that is there, which was made with this model and these lengths, and is whole.

    As far as opening it would find: what is taken over keeps its checksum, what is written anew from older files is
    held against theirs before (`integrity.check_contents`).
    """
    if layout.is_manifest_missing(folder):  # a build would take what is left of the index away
        raise manifest.missing_manifest(folder)
    with suppress(NoIndex):
        current = manifest.read(folder)
        manifest.check_model(current, encoder, folder)
        integrity.check_files(folder, current)
        if dict(current.chunking) != asdict(lengths):
            raise IndexMismatch(
                f"{folder}: made with passages of {dict(current.chunking)}, asked for {asdict(lengths)}: "
                "index into another folder with --index OTHER"
            )
        return current
    return None


def _build(basis: Basis, plan: Plan, prune: bool, remove: Sequence[str]) -> BuildReport:
    try:
        return _brought_up(basis, plan, prune, remove)
    except (IndexFolderError, OSError, KeyboardInterrupt):
        raise
    except BaseException:  # a panic of tantivy is no Exception
        # what reads damaged files may raise anything: looked for only now, since that reads all of them
        if basis.old is not None and basis.current is not None:
            integrity.check_contents(basis.old, basis.current.files, basis.current.files)
        raise


def _brought_up(basis: Basis, plan: Plan, prune: bool, remove: Sequence[str]) -> BuildReport:
    report = BuildReport()
    left = tidy(basis, basis.current)
    chosen = select(plan, basis.segments, partial(basis, left), remove)
    report.unread += plan.unread
    report.unchanged = chosen.unchanged
    report.gone = [] if prune else chosen.gone
    report.removed = sorted({*chosen.removable, *(chosen.gone if prune else [])})
    current = basis.current
    if chosen.todo or chosen.kept or report.removed or basis.retyped:
        above = current.generation if current is not None else 0
        current = make(basis, left, plan, chosen, report, above=above)
    count_up(basis.folder, current, report)
    return report


def partial(basis: Basis, left: int | None) -> Path | None:
    """The records that an interrupted build left."""
    return None if left is None else layout.records_file(layout.generation_folder(basis.folder, left))


def make(
    basis: Basis, left: int | None, work: Work, chosen: Selection, report: BuildReport, *, above: int = 0
) -> Manifest | None:
    """Make a generation and switch to it, going on with `left`; returns the manifest of what the index now is.

    Its number is higher than that of any other, and than `above`.
    An interruption leaves what the next build can go on with. Raises BuildInterrupted where the user ended it,
    IndexNotWritten where the disk is full.
    """
    known = [*layout.list_generations(basis.folder), above]
    making = Making(basis, left or 1 + max(known), report, resuming=left is not None)
    try:
        with writing(basis.folder):
            if not making.write(work, chosen):
                shutil.rmtree(making.base, ignore_errors=True)
    except BaseException as error:
        # once the manifest names it, it is the index: nothing of it may be taken away, and it cannot be ended any more
        done = _is_named(basis.folder, making.number)
        kept = not done and resume.leave(making.base)
        if isinstance(error, KeyboardInterrupt) and not done:
            raise BuildInterrupted(kept=kept) from error
        if not isinstance(error, KeyboardInterrupt):
            raise
    current = None
    with suppress(NoIndex):
        current = manifest.read(basis.folder)
    tidy(basis, current)
    return current


def _is_named(folder: Path, number: int) -> bool:
    """Whether the manifest names this generation, as far as can be told."""
    try:
        return manifest.read(folder).generation == number
    except NoIndex:
        return False
    except (IndexFolderError, OSError):
        return True


def tidy(basis: Basis, current: Manifest | None) -> int | None:
    """Remove what no manifest names; an unfinished generation that can be gone on with stays and is returned.

    A reader that has a superseded generation open keeps it; where the system forbids removing open files, it goes at
    the next build.
    """
    if current is not None:
        base = layout.generation_folder(basis.folder, current.generation)
        named = {base / name for name in current.files}
        for file in files_of(base):
            if file not in named:
                with suppress(OSError):  # it goes another time
                    file.unlink(missing_ok=True)
    with suppress(OSError):
        (basis.folder / layout.NEXT_MANIFEST).unlink(missing_ok=True)
    generation = None if current is None else current.generation
    return resume.find(basis.folder, generation, basis.made_from, basis.forms)


def count_up(folder: Path, current: Manifest | None, report: BuildReport) -> None:
    """Report what the index holds now."""
    if current is not None:
        base = layout.generation_folder(folder, current.generation)
        reader = RecordReader([base / name for name in current.files_of(layout.RECORDS)])
        report.documents = reader.totals["documents"]
        report.passages = reader.totals["passages"]
        report.long_sentences = reader.totals["long_sentences"]
        reader.close()
