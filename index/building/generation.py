"""A new generation of an index: opened, filled with documents, completed, switched to.

What it is made of is the caller's: documents that are new (`index.building.build`), or those that an index still holds
(`index.repair.repair`). Made beside the current one, whose files it takes over where it goes on from it; every few
seconds
what was embedded is made safe, so that an interruption costs little. Knows nothing of locks.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from corpus.chunking.passages import Lengths
from corpus.ingest import read as read_document
from index import integrity, layout, manifest
from index.building import resume
from index.building.diff import Selection, Work
from index.building.embed import Embedding, Kept
from index.building.prefetch import looking_ahead
from index.building.prepare import Batches, Read, batches
from index.building.report import Advance, BuildReport, Progress
from index.dense import ivf_build
from index.lexical import tantivy_index
from index.manifest import DenseRecord, Manifest
from index.models.encoder import Encoder
from index.models.similarity_scale import SimilarityScale, measure_scale
from index.storage import compaction, vector_files
from index.storage.reader import RecordReader
from index.storage.vector_files import PassageFormat, SentenceFormat, ShardWriter, VectorFormat
from index.storage.writer import RecordWriter

CHECKPOINT = 15.0
"""Seconds of work that an interruption may cost, of a small index (see `PAUSE`); one takes some 50 ms."""

PAUSE, LONGEST_PAUSE = 50, 20
"""Times what a checkpoint took until the next one, at most so many times `CHECKPOINT`: a large index's takes longer."""

REWRITTEN = ("meta.json", ".managed.json", layout.ROWS)
"""Lists of files that tantivy replaces (all its other files never change), and where each passage's vector lies."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a generation is made from and how."""

    folder: Path
    """That of the index."""
    encoder: Encoder
    lengths: Lengths
    index_type: str
    """One of `ivf_build.INDEX_TYPES`."""
    made_from: Mapping[str, Any]
    """What decides whether an interrupted one can be gone on with (`unfinished.origin`)."""
    current: Manifest | None
    """That of the generation which the new one goes on from; None where all is written anew."""
    progress: Progress
    checkpoint: float = CHECKPOINT
    read: Read = read_document
    """How the sources of the work are read."""
    prepared: Batches = batches
    """Who reads and cuts them."""
    kept: Kept | None = None
    """Vectors that there are already, though `current` does not hold them."""
    scale: SimilarityScale | None = None
    """None where `current` has it, or it is to be measured."""

    @property
    def old(self) -> Path | None:
        """The folder of the current generation."""
        return None if self.current is None else layout.generation_folder(self.folder, self.current.generation)

    @property
    def segments(self) -> list[Path]:
        """The records of the current generation."""
        return (
            []
            if self.current is None or self.old is None
            else [self.old / one for one in self.current.files_of(layout.RECORDS)]
        )

    @property
    def forms(self) -> dict[str, VectorFormat]:
        """How the vectors of each kind are kept."""
        return {"passage": PassageFormat(self.encoder.dimension), "sentence": SentenceFormat(self.encoder.dimension)}

    @property
    def retyped(self) -> bool:
        """Whether dense candidates are to be found in another way than in the current generation."""
        return self.current is not None and self.index_type != self.current.dense.asked


class Making:
    """One generation, from its first document to the switch."""

    def __init__(self, basis: Basis, number: int, report: BuildReport, *, resuming: bool) -> None:
        self._basis, self.number, self._report, self._resuming = basis, number, report, resuming
        self.base = layout.generation_folder(basis.folder, number)
        self._checkpoint, self._pause = time.monotonic(), basis.checkpoint
        self._secured = resuming
        """Whether what was committed can be gone on with."""
        self._shards: dict[str, ShardWriter] = {}

    def write(self, work: Work, chosen: Selection) -> bool:
        """Write the generation and switch to it; False when there turned out to be nothing to write."""
        basis, old = self._basis, self._basis.old
        writer = self._open(work, chosen)
        try:
            for identifier in self._report.removed:
                writer.remove(identifier)
            self._add_documents(writer, work, chosen)
            if writer.is_empty() and not basis.retyped:
                return False  # nothing of what was new could be read
            self._save(writer)
            writer.finish(self._sums() if self._secured else None)
            totals, removed, first = writer.totals(), writer.removed_spans(), writer.first_passage
        finally:
            writer.close()
        self._advance("writing", chosen, len(chosen.todo), 1.0)
        for shards in self._shards.values():
            shards.seal()
        gathered = compaction.collect_files(old, basis.current, self.base, totals, self._shards)
        reader = RecordReader(gathered.segments)
        try:
            rows = self.base / layout.ROWS
            if gathered.moved or old is None:
                vector_files.write_passage_rows(rows, reader.rows(), reader.last_number())
            else:
                self._check(layout.ROWS)
                vector_files.write_passage_rows(
                    rows, reader.rows(first), reader.last_number(), old / layout.ROWS, removed
                )
            anew = bool(removed)
            self._write_lexical(reader.lexical_rows(0 if anew else first), anew=anew)
            documents = reader.sources()
        finally:
            reader.close()
        new = ivf_build.GenerationFiles(self.base, gathered.vectors, rows, basis.encoder.dimension)
        before = None if old is None or basis.current is None else (old, basis.current.dense)
        dense = ivf_build.prepare(new, basis.index_type, before, self._check)
        files = [*gathered.segments, *gathered.vectors, rows, *files_of(self.base / layout.LEXICAL)]
        files += [self.base / dense.file] if dense.file else []
        self._switch(files, documents, totals, dense, merged=gathered.merged)
        return True

    def _open(self, work: Work, chosen: Selection) -> RecordWriter:
        """Begin the generation, or go on with one that was left unfinished."""
        basis = self._basis
        if self._resuming:
            resume.trim(self.base)
        self.base.mkdir(parents=True, exist_ok=True)
        (self.base / layout.UNFINISHED).touch()
        writer = RecordWriter(layout.records_file(self.base), basis.segments)
        self._shards = {
            kind: ShardWriter(
                self.base / layout.VECTOR_FOLDERS[kind], form, layout.stem(self.base), writer.rows_before(kind)
            )
            for kind, form in basis.forms.items()
        }
        if self._resuming:
            for kind, shards in self._shards.items():
                shards.truncate(writer.total(f"rows_{kind}"))
            writer.adopt(source.id for source in chosen.done(work))
            for source in chosen.done(work):
                self._note(source.id, chosen, writer.contradictions(source.id))
            self._report.resumed = len(chosen.kept)
        return writer

    def _add_documents(self, writer: RecordWriter, work: Work, chosen: Selection) -> None:
        """Read, cut, embed and store, a batch at a time."""
        basis = self._basis
        read, size = 0, 0

        def done(passages: int, _: int) -> None:
            self._report.embedded += passages
            self._advance("embedding", chosen, read, size / max(chosen.size, 1))
            self._save(writer)

        embedding = Embedding(basis.encoder, writer, self._shards, done, basis.kept)
        prepared = basis.prepared(chosen.sources(work), basis.encoder.count_tokens, basis.lengths, basis.read)
        for batch in looking_ahead(prepared, basis.encoder, embedding.jobs):
            stored = iter(embedding.embed([passage for one in batch for passage in one.passages]))
            for one in batch:
                read += 1
                size += one.source.size
                if one.document is None:
                    self._report.unread += [one.unread] if one.unread is not None else []
                    continue
                writer.remove(one.source.id)
                passages = list(islice(stored, len(one.passages)))
                writer.add(one.document, one.source.identity, one.long_sentences, one.contradictions, passages)
                self._note(one.source.id, chosen, one.contradictions)
                self._report.passages += len(passages)
            self._advance("embedding", chosen, read, size / max(chosen.size, 1))
            self._save(writer)

    def _note(self, identifier: str, chosen: Selection, contradictions: Sequence[str]) -> None:
        """Report a document as added or changed."""
        (self._report.changed if identifier in chosen.replacing else self._report.added).append(identifier)
        self._report.contradictions += [f"{identifier}: {line}" for line in contradictions]

    def _advance(self, stage: str, chosen: Selection, read: int, share: float) -> None:
        report = self._report
        self._basis.progress(Advance(stage, read, len(chosen.todo), report.passages, report.embedded, share))

    def _save(self, writer: RecordWriter) -> None:
        """Make safe what was done so far, every now and then."""
        begun = time.monotonic()
        if begun - self._checkpoint < self._pause:
            return
        for shards in self._shards.values():
            shards.sync()  # first: what is recorded must be there
        if self._secured:
            writer.commit(self._sums())
        else:
            writer.secure(self._sums())
            resume.declare(self.base, self._basis.made_from)
            self._secured = True
        self._checkpoint = time.monotonic()
        least = self._basis.checkpoint
        self._pause = min(max(least, PAUSE * (self._checkpoint - begun)), LONGEST_PAUSE * least)

    def _sums(self) -> dict[str, str]:
        return {layout.VECTOR_FOLDERS[kind]: shards.checksum() for kind, shards in self._shards.items()}

    def _write_lexical(self, rows: Iterable[tuple[int, int, str]], *, anew: bool) -> None:
        """Add the new passages; where some were removed, write all anew (tantivy goes on counting deleted ones)."""
        current, old = self._basis.current, self._basis.old
        target = self.base / layout.LEXICAL
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        if current is not None and old is not None and not anew:
            for name in current.files_of(layout.LEXICAL):
                if name.endswith(REWRITTEN):
                    self._check(name)
                    shutil.copyfile(old / name, self.base / name)
                else:
                    layout.link_or_copy(old / name, self.base / name)
        tantivy_index.write(target, rows)

    def _check(self, name: str) -> None:
        """Raises IndexDamaged where a file of the generation before, which new ones are made from, is not whole."""
        if self._basis.current is not None and self._basis.old is not None:
            integrity.check_contents(self._basis.old, self._basis.current.files, [name])

    def _switch(
        self,
        files: Sequence[Path],
        documents: Mapping[str, str],
        totals: Mapping[str, int],
        dense: DenseRecord,
        *,
        merged: bool,
    ) -> None:
        """Have all files on disk, then the manifest that names them."""
        basis, current, encoder = self._basis, self._basis.current, self._basis.encoder
        known = {} if current is None else current.files
        kept = {name: one for name, one in known.items() if not name.endswith(REWRITTEN)}
        if merged:
            kept.pop(layout.FIRST_RECORDS, None)  # keeps its name when all records are written anew
        records = manifest.record_files(self.base, files, kept)
        layout.sync_folders(self.base.parent)
        manifest.write(
            basis.folder,
            Manifest(
                generation=self.number,
                model=manifest.record_model(encoder),
                chunking=asdict(basis.lengths),
                scale=basis.scale or (current.scale if current is not None else measure_scale(encoder)),
                documents=documents,
                passages=totals.get("passages", 0),
                sentences=totals.get("rows_sentence", 0) - totals.get("dead_sentence", 0),
                files=records,
                dense=dense,
            ),
        )


def files_of(folder: Path) -> list[Path]:
    """All files under a folder but the locks that tantivy's readers and writers make."""
    return [file for file in folder.rglob("*") if file.is_file() and file.suffix != ".lock"]
