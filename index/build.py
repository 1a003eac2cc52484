"""Documents into an index folder: incremental, and safe against a crash at any moment.

A build writes a new generation beside the current one and switches by renaming the manifest. A document whose source,
catalogue entry and reader are unchanged is taken over; of a changed one only those texts are embedded that the index
has no vector of, since what decides is the hash of what is embedded (prefix and text). Every few seconds what was
embedded is made safe; a build that is interrupted, by whatever, is gone on with by the next (see `index.unfinished`).
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from itertools import islice
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.load import Plan
from corpus.passages import Lengths
from index import gathering, layout, lexical, manifest, passage_rows, structure, unfinished
from index.embedding import Separately
from index.encoder import Encoder
from index.errors import BuildInterrupted, IndexBusy, IndexMismatch, NoIndex
from index.manifest import DenseRecord, Manifest, ModelRecord
from index.preparation import batches
from index.recorder import Writer
from index.report import Advance, BuildReport, Progress
from index.scale import measure
from index.selection import Selection, select
from index.shards import Form, PassageForm, SentenceForm, ShardWriter
from index.store import Reader

CHECKPOINT = 15.0
"""Seconds of work that an interruption may cost; one takes some 50 ms."""

_REWRITTEN = ("meta.json", ".managed.json", layout.ROWS)
"""Lists of files that tantivy replaces (all its other files never change), and where each passage's vector lies."""


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
) -> BuildReport:
    """Bring the index in `folder` up to date with the plan, and remove the documents named in `remove`.

    Documents of files gone from the plan's paths are removed with `prune`, else reported. What is done is made safe
    every `checkpoint` seconds (CHECKPOINT where it is None). `index_type` is one of `structure.KINDS`, by default what
    the index has, `auto` for a new one. Raises IndexMismatch when the index was made with another model or other
    lengths, IndexBusy when another process is building, BuildInterrupted (a KeyboardInterrupt) when the user ends it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / layout.LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise IndexBusy(
            f"{folder}: another build is running on this index: wait for it to end, then try again"
        ) from error
    try:
        wanted = lengths or Lengths()
        wanted = Lengths(wanted.target, wanted.longest, encoder.max_tokens, encoder.special_tokens, wanted.prefix_share)
        after = CHECKPOINT if checkpoint is None else checkpoint
        steps = _Build(folder, encoder, wanted, progress or (lambda _: None), after, index_type)
        return steps.run(plan, prune, remove)
    finally:
        lock.release()


class _Build:
    """One build, step by step."""

    def __init__(
        self,
        folder: Path,
        encoder: Encoder,
        lengths: Lengths,
        progress: Progress,
        checkpoint: float,
        index_type: str | None,
    ) -> None:
        self.folder, self.encoder, self.lengths, self.progress = folder, encoder, lengths, progress
        self.checkpoint_after, self.checkpoint, self.secured = checkpoint, time.monotonic(), False
        self.forms: dict[str, Form] = {
            "passage": PassageForm(encoder.dimension),
            "sentence": SentenceForm(encoder.dimension),
        }
        self.report = BuildReport()
        self.current: Manifest | None = None
        self.old: Path | None = None
        """The folder of the current generation."""
        with suppress(NoIndex):
            self.current = manifest.read(folder)
            self.old = layout.generation_folder(folder, self.current.generation)
            manifest.check_model(self.current, encoder, folder)
            if dict(self.current.chunking) != asdict(lengths):
                raise IndexMismatch(
                    f"{folder}: made with passages of {dict(self.current.chunking)}, asked for {asdict(lengths)}: "
                    "index into another folder with --index OTHER"
                )
        self.made_from = unfinished.origin(folder, encoder.fingerprint, asdict(lengths))
        self.index_type = index_type or (self.current.dense.asked if self.current is not None else "auto")
        left = self._tidy()
        self.resuming = left is not None
        self.number = left or 1 + max([*layout.generations(folder), self.current.generation if self.current else 0])
        self.base = layout.generation_folder(folder, self.number)

    def run(self, plan: Plan, prune: bool, remove: Sequence[str]) -> BuildReport:
        """Do what there is to do."""
        report = self.report
        partial = layout.records(self.base) if self.resuming else None
        chosen = select(plan, self._segments(), partial, remove)
        report.unread += plan.unread
        report.unchanged = chosen.unchanged
        report.gone = [] if prune else chosen.gone
        report.removed = sorted({*chosen.removable, *(chosen.gone if prune else [])})
        if chosen.todo or chosen.kept or report.removed or self._is_retyped():
            try:
                if not self._write(plan, chosen):
                    shutil.rmtree(self.base, ignore_errors=True)
            except BaseException as error:
                kept = unfinished.leave(self.base)
                if isinstance(error, KeyboardInterrupt):
                    raise BuildInterrupted(kept=kept) from error
                raise
            self._tidy()
        self._count_up()
        return report

    def _is_retyped(self) -> bool:
        """Whether the user chose another way to find dense candidates than the index has."""
        return self.current is not None and self.index_type != self.current.dense.asked

    def _tidy(self) -> int | None:
        """Remove what no manifest names; an unfinished generation that can be gone on with stays and is returned.

        A reader that has a superseded generation open keeps it; where the system forbids removing open files, it goes
        at the next build.
        """
        if self.current is not None and self.old is not None:
            named = {self.old / name for name in self.current.files}
            for file in _files(self.old):
                if file not in named:
                    file.unlink(missing_ok=True)
        generation = self.current.generation if self.current is not None else None
        return unfinished.find(self.folder, generation, self.made_from, self.forms)

    def _segments(self) -> list[Path]:
        """The records of the current generation."""
        if self.current is None or self.old is None:
            return []
        return [self.old / name for name in self.current.of(layout.RECORDS)]

    def _write(self, plan: Plan, chosen: Selection) -> bool:
        """Write the generation and switch to it; False when there turned out to be nothing to write."""
        writer = self._open(plan, chosen)
        try:
            for identifier in self.report.removed:
                writer.remove(identifier)
            self._add_documents(writer, plan, chosen)
            if writer.is_empty() and not self._is_retyped():
                return False  # nothing of what was new could be read
            self._save(writer)
            writer.finish()
            totals, removed, first = writer.totals(), writer.removed_spans(), writer.first_passage
        finally:
            writer.close()
        self._advance("writing", chosen, len(chosen.todo), 1.0)
        for shards in self.shards.values():
            shards.seal()
        gathered = gathering.gather(self.old, self.current, self.base, totals, self.shards)
        reader = Reader(gathered.segments)
        try:
            rows = self.base / layout.ROWS
            if gathered.moved or self.old is None:
                passage_rows.write(rows, reader.rows(), reader.last_number())
            else:
                passage_rows.write(rows, reader.rows(first), reader.last_number(), self.old / layout.ROWS, removed)
            anew = bool(removed)
            self._write_lexical(reader.lexical_rows(0 if anew else first), anew=anew)
            documents = reader.sources()
        finally:
            reader.close()
        new = structure.Generation(self.base, gathered.vectors, rows, self.encoder.dimension)
        before = None if self.old is None or self.current is None else (self.old, self.current.dense)
        dense = structure.make(new, self.index_type, before)
        files = [*gathered.segments, *gathered.vectors, rows, *_files(self.base / layout.LEXICAL)]
        files += [self.base / dense.file] if dense.file else []
        self._switch(files, documents, totals, dense)
        return True

    def _open(self, plan: Plan, chosen: Selection) -> Writer:
        """Begin the generation, or go on with one that was left unfinished."""
        if self.resuming:
            unfinished.trim(self.base)
        self.base.mkdir(parents=True, exist_ok=True)
        writer = Writer(layout.records(self.base), self._segments())
        self.shards = {
            kind: ShardWriter(self.base / layout.FOLDERS[kind], form, layout.stem(self.base), writer.rows_before(kind))
            for kind, form in self.forms.items()
        }
        if self.resuming:
            for kind, shards in self.shards.items():
                shards.truncate(writer.total(f"rows_{kind}"))
            writer.adopt(source.id for source in chosen.done(plan))
            for source in chosen.done(plan):
                self._note(source.id, chosen, writer.contradictions(source.id))
            self.report.resumed = len(chosen.kept)
        return writer

    def _add_documents(self, writer: Writer, plan: Plan, chosen: Selection) -> None:
        """Read, cut, embed and store, a batch at a time."""
        read, size = 0, 0

        def done(passages: int, _: int) -> None:
            self.report.embedded += passages
            self._advance("embedding", chosen, read, size / max(chosen.size, 1))
            self._save(writer)

        embedding = Separately(self.encoder, writer, self.shards, done)
        for batch in batches(chosen.sources(plan), self.encoder.count_tokens, self.lengths):
            stored = iter(embedding.embed([passage for one in batch for passage in one.passages]))
            for one in batch:
                read += 1
                size += one.source.size
                if one.document is None:
                    self.report.unread += [one.unread] if one.unread is not None else []
                    continue
                writer.remove(one.source.id)
                passages = list(islice(stored, len(one.passages)))
                doubts = writer.add(one.document, one.source.identity, one.long_sentences, passages)
                self._note(one.source.id, chosen, doubts)
                self.report.passages += len(passages)
            self._advance("embedding", chosen, read, size / max(chosen.size, 1))
            self._save(writer)

    def _note(self, identifier: str, chosen: Selection, contradictions: Sequence[str]) -> None:
        """Report a document as added or changed."""
        (self.report.changed if identifier in chosen.replacing else self.report.added).append(identifier)
        self.report.contradictions += [f"{identifier}: {line}" for line in contradictions]

    def _advance(self, stage: str, chosen: Selection, read: int, share: float) -> None:
        report = self.report
        self.progress(Advance(stage, read, len(chosen.todo), report.passages, report.embedded, share))

    def _save(self, writer: Writer) -> None:
        """Make safe what was done so far, every now and then."""
        if time.monotonic() - self.checkpoint >= self.checkpoint_after:
            for shards in self.shards.values():
                shards.sync()  # first: what is recorded must be there
            if self.secured:
                writer.commit()
            else:
                writer.secure()
                unfinished.declare(self.base, self.made_from)
                self.secured = True
            self.checkpoint = time.monotonic()

    def _write_lexical(self, rows: Iterable[tuple[int, int, str]], *, anew: bool) -> None:
        """Add the new passages; where some were removed, write all anew (tantivy goes on counting deleted ones)."""
        target = self.base / layout.LEXICAL
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        if self.current is not None and self.old is not None and not anew:
            for name in self.current.of(layout.LEXICAL):
                (shutil.copyfile if name.endswith(_REWRITTEN) else layout.reuse)(self.old / name, self.base / name)
        lexical.write(target, rows)

    def _switch(
        self, files: Sequence[Path], documents: Mapping[str, str], totals: Mapping[str, int], dense: DenseRecord
    ) -> None:
        """Have all files on disk, then the manifest that names them."""
        known = {} if self.current is None else self.current.files
        kept = {name: one for name, one in known.items() if not name.endswith(_REWRITTEN)}
        first = layout.FIRST_RECORDS  # keeps its name when all records are written anew
        if self.old is not None and not (self.old / first).samefile(self.base / first):
            kept.pop(first, None)
        records = manifest.record_files(self.base, files, kept)
        layout.sync_folders(self.base.parent)
        manifest.write(
            self.folder,
            Manifest(
                generation=self.number,
                model=ModelRecord(
                    self.encoder.name, self.encoder.fingerprint, self.encoder.dimension, self.encoder.max_tokens
                ),
                chunking=asdict(self.lengths),
                scale=self.current.scale if self.current is not None else measure(self.encoder),
                documents=documents,
                passages=totals.get("passages", 0),
                sentences=totals.get("rows_sentence", 0) - totals.get("dead_sentence", 0),
                files=records,
                dense=dense,
            ),
        )
        self.current, self.old = manifest.read(self.folder), self.base

    def _count_up(self) -> None:
        segments = self._segments()
        if segments:
            reader = Reader(segments)
            self.report.documents = reader.totals["documents"]
            self.report.passages = reader.totals["passages"]
            self.report.long_sentences = reader.totals["long_sentences"]
            reader.close()


def _files(folder: Path) -> list[Path]:
    """All files under a folder but the locks that tantivy's readers and writers make."""
    return [file for file in folder.rglob("*") if file.is_file() and file.suffix != ".lock"]
