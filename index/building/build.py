"""Bring an index folder up to date with a set of documents. Incremental, and safe against a crash at any moment.

A build writes a new generation beside the current one and switches by renaming the manifest. Documents whose source,
catalogue entry and reader are unchanged are reused. Of a changed document only texts without a stored vector are
embedded, where a text is identified by the hash of what is embedded (prefix and text). The next build resumes an
interrupted one (`index.building.resume`). `index.building.generation` writes the generation itself.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from corpus.chunking.passages import Lengths
from corpus.ingest import Plan
from corpus.ingest import read as read_document
from index import layout, manifest
from index.building import resume
from index.building.build_lock import locked
from index.building.diff import PlanDiff, SourcePlan, diff
from index.building.generation import CHECKPOINT, BuildContext, GenerationBuilder, files_of
from index.building.prepare import PrepareBatches, ReadDocument, prepare_batches
from index.building.report import BuildReport, ProgressCallback
from index.errors import BuildInterrupted, IndexFolderError, IndexMismatch, NoIndex, writing
from index.manifest import Manifest
from index.models.encoder import Encoder
from index.models.model_store import PROBE
from index.storage.reader import RecordReader


def build(
    folder: Path,
    plan: Plan,
    encoder: Encoder,
    *,
    prune: bool = False,
    remove: Sequence[str] = (),
    lengths: Lengths | None = None,
    progress: ProgressCallback | None = None,
    checkpoint: float | None = None,
    index_type: str | None = None,
    read: ReadDocument = read_document,
    prepare: PrepareBatches = prepare_batches,
) -> BuildReport:
    """Bring the index in a folder up to date with a plan; create the index if it is missing.

    Args:
        folder: The index folder.
        plan: The documents to index (`corpus.ingest.plan`).
        encoder: The model that embeds them; must be the model of an existing index.
        prune: Remove documents whose files are gone from the plan's paths; otherwise they are only reported.
        remove: Ids of documents to remove.
        lengths: Passage lengths; must be those of an existing index.
        progress: Called as the build advances.
        checkpoint: Seconds between checkpoints; CHECKPOINT where None.
        index_type: Type of dense search, one of `layout.INDEX_TYPES`; None keeps the index's, or `auto` for a new one.
        read: Reads one source of the plan.
        prepare: Reads, cuts and analyses the sources.

    Returns:
        Added, changed, removed and unreadable documents, and the counts of the index.

    Raises:
        IndexMismatch: The index was built with another model or other lengths.
        IndexDamaged: The index is damaged.
        IndexBusy: Another process is building.
        IndexNotWritten: The disk is full or cannot be written.
        BuildInterrupted: The user interrupted the build (a KeyboardInterrupt).
    """
    lengths = lengths or Lengths()
    lengths = Lengths(lengths.target, lengths.longest, encoder.max_tokens, encoder.special_tokens, lengths.prefix_share)
    checkpoint = CHECKPOINT if checkpoint is None else checkpoint
    with locked(folder):
        current = _open_current(folder, encoder, lengths)
        context = BuildContext(
            folder=folder,
            encoder=encoder,
            lengths=lengths,
            index_type=index_type or (current.dense.asked if current is not None else "auto"),
            inputs=resume.build_inputs(folder, encoder.fingerprint, asdict(lengths)),
            current=current,
            progress=progress or (lambda _: None),
            checkpoint=checkpoint,
            read=read,
            prepare=prepare,
        )
        try:
            return _apply_plan(context, plan, prune, remove)
        except (IndexFolderError, OSError, KeyboardInterrupt):
            raise
        except BaseException:  # a panic of tantivy is no Exception
            # damaged files may raise anything; verified only now, because that reads all of them
            if context.previous is not None:
                context.previous.check(context.previous.manifest.files)
            raise


def _open_current(folder: Path, encoder: Encoder, lengths: Lengths) -> Manifest | None:
    """Return the manifest of the existing index after the checks that opening it does; None without an index.

    Files that are reused keep their checksum; files that are rewritten from older ones are verified first
    (`manifest.check_contents`).
    """
    if layout.is_manifest_missing(folder):  # a build would delete the rest of the index
        raise manifest.missing_manifest(folder)
    try:
        current = manifest.read(folder)
    except NoIndex:
        return None
    try:
        manifest.check_model(current, encoder, folder)
    except IndexMismatch as error:
        raise IndexMismatch(f"{error}. {_describe_encoding(current, encoder)}") from None
    manifest.check_files(folder, current)
    if dict(current.chunking) != asdict(lengths):
        raise IndexMismatch(
            f"{folder}: built with passage lengths {dict(current.chunking)}, requested {asdict(lengths)}: "
            "index into another folder with --index OTHER"
        )
    return current


def _describe_encoding(current: Manifest, encoder: Encoder) -> str:
    """Estimate how long encoding the index with another model takes, from a few texts of typical length."""
    sentence = f"{PROBE} " * 3
    texts = [sentence, sentence * 5] * 4  # a passage has as many tokens as its sentences together
    encoder.encode(texts[:1])  # opens the graph
    start = time.perf_counter()
    encoder.encode(texts)
    per_text = (time.perf_counter() - start) / len(texts)
    minutes = per_text * (current.passages + current.sentences) / 60
    return (
        f"That encodes {current.passages:,} passages and {current.sentences:,} sentences again, "
        f"about {f'{minutes:.0f} minutes' if minutes >= 2 else f'{max(60 * minutes, 1):.0f} seconds'} on this machine"
    )


def _apply_plan(context: BuildContext, plan: Plan, prune: bool, remove: Sequence[str]) -> BuildReport:
    current = context.current
    resumable = remove_leftovers(context, current)
    changes = diff(plan, context.segments, partial_records(context, resumable), remove)
    report = BuildReport(
        unchanged=changes.unchanged,
        removed=sorted({*changes.to_remove, *(changes.missing if prune else [])}),
        missing=[] if prune else changes.missing,
        unread=list(plan.unread),
    )
    if changes.to_read or changes.stored or report.removed or context.changes_index_type:
        newest = current.generation if current is not None else 0
        current = write_generation(context, resumable, plan, changes, report, newest=newest)
    if current is not None:
        base = layout.generation_folder(context.folder, current.generation)
        reader = RecordReader([base / name for name in current.files_of(layout.RECORDS)])
        report.documents = reader.totals["documents"]
        report.passages = reader.totals["passages"]
        report.long_sentences = reader.totals["long_sentences"]
        reader.close()
    return report


def partial_records(context: BuildContext, resumable: int | None) -> Path | None:
    """Return the records file of the interrupted build that is resumed."""
    return None if resumable is None else layout.records_file(layout.generation_folder(context.folder, resumable))


def write_generation(
    context: BuildContext,
    resumable: int | None,
    plan: SourcePlan,
    changes: PlanDiff,
    report: BuildReport,
    *,
    newest: int = 0,
) -> Manifest | None:
    """Write a generation, resuming an interrupted one if possible, and switch to it.

    Its number is higher than `newest` and than any existing one. An interruption leaves files that the next build can
    resume. Returns the manifest of the index afterwards. Raises BuildInterrupted, IndexNotWritten.
    """
    number = resumable or 1 + max([*layout.list_generations(context.folder), newest])
    builder = GenerationBuilder(context, number, plan, changes, report, resuming=resumable is not None)
    try:
        with writing(context.folder):
            if not builder.write():
                shutil.rmtree(builder.base, ignore_errors=True)
    except BaseException as error:
        # a generation that the manifest names is the index: it must stay, and the build counts as done
        switched = _is_current(context.folder, builder.number)
        is_partial = not switched and resume.keep_partial(builder.base)
        if isinstance(error, KeyboardInterrupt) and not switched:
            raise BuildInterrupted(resumable=is_partial) from error
        if not isinstance(error, KeyboardInterrupt):
            raise
    current = None
    with suppress(NoIndex):
        current = manifest.read(context.folder)
    remove_leftovers(context, current)
    return current


def _is_current(folder: Path, generation: int) -> bool:
    """Return whether the manifest names this generation; True where it cannot be read."""
    try:
        return manifest.read(folder).generation == generation
    except NoIndex:
        return False
    except (IndexFolderError, OSError):
        return True


def remove_leftovers(context: BuildContext, current: Manifest | None) -> int | None:
    """Remove files that no manifest names; return the number of an unfinished generation that can be resumed.

    Readers keep a superseded generation that they have open; where the system does not remove open files, the next
    build does.
    """
    if current is not None:
        base = layout.generation_folder(context.folder, current.generation)
        named = {base / name for name in current.files}
        for file in files_of(base):
            if file not in named:
                with suppress(OSError):
                    file.unlink(missing_ok=True)
    with suppress(OSError):
        (context.folder / layout.NEXT_MANIFEST).unlink(missing_ok=True)
    generation = None if current is None else current.generation
    return resume.find_resumable(context.folder, generation, context.inputs, context.vector_formats)
