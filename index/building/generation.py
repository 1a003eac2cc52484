"""Write one generation of an index: store documents, complete the files, switch the manifest.

The documents are new ones (`index.building.build`) or those that a damaged index still holds (`index.repair.repair`).
The generation is written beside the current one and reuses its files where it continues it. Periodic checkpoints limit
the work that an interruption loses. The caller holds the build lock.
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
from index import layout, manifest
from index.building import resume
from index.building.diff import PlanDiff, SourcePlan, sources_at
from index.building.embed import StoredVectors, VectorAssigner, prefetch
from index.building.prepare import PrepareBatches, ReadDocument, prepare_batches
from index.building.report import BuildProgress, BuildReport, ProgressCallback
from index.dense import ivf_build
from index.lexical import tantivy_index
from index.manifest import DenseRecord, Generation, Manifest
from index.models.encoder import Encoder
from index.models.similarity_scale import SimilarityScale, measure_scale
from index.storage import compaction, vector_files
from index.storage.reader import RecordReader
from index.storage.vector_files import PassageFormat, SentenceFormat, ShardWriter, VectorFormat
from index.storage.writer import RecordWriter

CHECKPOINT = 15.0
"""Minimum seconds between checkpoints of some 50 ms each, and the work that an interruption of a small build loses."""

MIN_INTERVAL_PER_DURATION = 50
"""Minimum interval between checkpoints as a multiple of the duration of the last one: they take at most 2 % of the time
even where a large index makes them slow."""

MAX_INTERVAL_FACTOR = 20
"""Largest minimum interval between checkpoints, as a multiple of CHECKPOINT; it overrides the previous constant."""

REWRITTEN = ("meta.json", ".managed.json", layout.ROWS)
"""Files that are rewritten under the same name: tantivy's lists of files (it never changes others), and the rows."""


@dataclass(frozen=True, slots=True)
class BuildContext:
    """The inputs of a generation.

    `current` is the manifest of the generation that it continues; None where everything is written from scratch.
    `inputs` (`resume.build_inputs`) decide whether an interrupted build can be resumed. `stored` are vectors that exist
    outside of `current`. `scale` is that of the model's similarities where `current` does not have it; measured where
    None.
    """

    folder: Path
    encoder: Encoder
    lengths: Lengths
    index_type: str
    inputs: Mapping[str, Any]
    current: Manifest | None
    progress: ProgressCallback
    checkpoint: float = CHECKPOINT
    read: ReadDocument = read_document
    prepare: PrepareBatches = prepare_batches
    stored: StoredVectors | None = None
    scale: SimilarityScale | None = None

    @property
    def previous(self) -> Generation | None:
        """The current generation, which the new one continues; None if there is none."""
        if self.current is None:
            return None
        return Generation(layout.generation_folder(self.folder, self.current.generation), self.current)

    @property
    def segments(self) -> list[Path]:
        """The records of the current generation."""
        return [] if self.previous is None else self.previous.paths(layout.RECORDS)

    @property
    def vector_formats(self) -> dict[str, VectorFormat]:
        """The file format of the vectors of each kind."""
        second = self.encoder.sentence_encoder
        return {
            "passage": PassageFormat(self.encoder.dimension),
            "sentence": SentenceFormat(self.encoder.dimension, 0 if second is None else second.dimension),
        }

    @property
    def changes_index_type(self) -> bool:
        """Whether the requested kind of dense search differs from that of the current generation."""
        return self.current is not None and self.index_type != self.current.dense.asked


class GenerationBuilder:
    """Writes one generation, from its first document to the switch of the manifest."""

    def __init__(
        self,
        context: BuildContext,
        number: int,
        plan: SourcePlan,
        changes: PlanDiff,
        report: BuildReport,
        *,
        resuming: bool,
    ) -> None:
        self.number = number
        self.base = layout.generation_folder(context.folder, number)
        self._context, self._plan, self._changes, self._report = context, plan, changes, report
        self._resuming = resuming
        self._has_checkpoint = resuming
        self._last_checkpoint, self._min_interval = time.monotonic(), context.checkpoint
        self._shards: dict[str, ShardWriter] = {}

    def write(self) -> bool:
        """Write the generation and switch to it; False if nothing changed."""
        context, previous = self._context, self._context.previous

        # 1. store documents, passages and vectors
        writer = self._open_writer()
        try:
            for document in self._report.removed:
                writer.remove(document)
            self._add_documents(writer)
            if writer.is_empty() and not context.changes_index_type:
                return False
            self._save(writer)
            writer.finish(self._sums() if self._has_checkpoint else None)
            totals, removed, first = writer.totals(), writer.removed_spans(), writer.first_passage
        finally:
            writer.close()
        self._advance("writing", len(self._changes.to_read), 1.0)
        for shards in self._shards.values():
            shards.seal()

        # 2. link, merge and compact the files of the current generation and the new ones
        contents = compaction.collect_files(previous, self.base, totals, self._shards)

        # 3. add derived files: rows of vectors, lexical index, approximate dense search
        reader = RecordReader(contents.segments)
        try:
            rows = self.base / layout.ROWS
            if contents.renumbered or previous is None:
                vector_files.write_passage_rows(rows, reader.rows(), reader.last_number())
            else:
                self._verify_current_file(layout.ROWS)
                vector_files.write_passage_rows(
                    rows, reader.rows(first), reader.last_number(), previous.folder / layout.ROWS, removed
                )
            # tantivy keeps counting deleted passages, so after a removal its index is written from scratch
            self._write_lexical(reader.lexical_rows(0 if removed else first), from_scratch=bool(removed))
            documents = reader.sources()
        finally:
            reader.close()
        new = ivf_build.GenerationFiles(self.base, contents.vectors, rows, context.encoder.dimension)
        before = None if previous is None else (previous.folder, previous.manifest.dense)
        dense = ivf_build.build_or_reuse(new, context.index_type, before, self._verify_current_file)

        # 4. switch the manifest
        files = [*contents.segments, *contents.vectors, rows, *files_of(self.base / layout.LEXICAL)]
        files += [self.base / dense.file] if dense.file else []
        self._switch(files, documents, totals, dense, merged=contents.merged)
        return True

    def _open_writer(self) -> RecordWriter:
        """Start the generation, or continue an interrupted one from its last checkpoint."""
        context = self._context
        if self._resuming:
            resume.trim(self.base)
        self.base.mkdir(parents=True, exist_ok=True)
        (self.base / layout.UNFINISHED).touch()
        writer = RecordWriter(layout.records_file(self.base), context.segments)
        self._shards = {
            kind: ShardWriter(
                self.base / layout.VECTOR_FOLDERS[kind], vector_format, layout.stem(self.base), writer.rows_before(kind)
            )
            for kind, vector_format in context.vector_formats.items()
        }
        if self._resuming:
            for kind, shards in self._shards.items():
                shards.truncate(writer.total(f"rows_{kind}"))
            stored = self._changes.stored
            writer.resume_with(source.id for source in sources_at(self._plan, stored))
            for source in sources_at(self._plan, stored):
                self._report_document(source.id, writer.contradictions(source.id))
            self._report.resumed = len(stored)
        return writer

    def _add_documents(self, writer: RecordWriter) -> None:
        """Read, cut, embed and store the documents, a batch at a time."""
        context, report = self._context, self._report
        read = size = 0

        def saved_advance(embedded: int = 0) -> None:
            report.embedded += embedded
            self._advance("embedding", read, size / max(self._changes.size, 1))
            self._save(writer)

        assigner = VectorAssigner(context.encoder, writer, self._shards, saved_advance, context.stored)
        sources = sources_at(self._plan, self._changes.to_read)
        batches = context.prepare(sources, context.encoder.count_tokens, context.lengths, context.read)
        for batch in prefetch(batches, context.encoder, assigner.missing_texts):
            passages_with_rows = iter(assigner.assign([passage for prepared in batch for passage in prepared.passages]))
            for prepared in batch:
                read += 1
                size += prepared.source.size
                if prepared.unread is not None:
                    report.unread.append(prepared.unread)
                if prepared.document is None:
                    continue
                passages = list(islice(passages_with_rows, len(prepared.passages)))
                writer.remove(prepared.source.id)
                identity, long_sentences = prepared.source.identity, prepared.long_sentences
                writer.add(prepared.document, identity, long_sentences, prepared.contradictions, passages)
                self._report_document(prepared.source.id, prepared.contradictions)
                report.warnings += [f"{prepared.source.id}: {line}" for line in prepared.document.warnings]
                report.passages += len(passages)
            saved_advance()

    def _report_document(self, document: str, contradictions: Sequence[str]) -> None:
        (self._report.changed if document in self._changes.replaced else self._report.added).append(document)
        self._report.contradictions += [f"{document}: {line}" for line in contradictions]

    def _advance(self, stage: str, read: int, share: float) -> None:
        report, sources = self._report, len(self._changes.to_read)
        self._context.progress(BuildProgress(stage, read, sources, report.passages, report.embedded, share))

    def _save(self, writer: RecordWriter) -> None:
        """Make a checkpoint if the last one is long enough ago."""
        begin = time.monotonic()
        if begin - self._last_checkpoint < self._min_interval:
            return
        for shards in self._shards.values():
            shards.sync()  # before the records that refer to them
        if self._has_checkpoint:
            writer.commit(self._sums())
        else:
            writer.commit_durably(self._sums())
            resume.mark_resumable(self.base, self._context.inputs)
            self._has_checkpoint = True
        self._last_checkpoint = time.monotonic()
        minimum = self._context.checkpoint
        self._min_interval = min(
            max(minimum, MIN_INTERVAL_PER_DURATION * (self._last_checkpoint - begin)), MAX_INTERVAL_FACTOR * minimum
        )

    def _sums(self) -> dict[str, str]:
        return {layout.VECTOR_FOLDERS[kind]: shards.checksum() for kind, shards in self._shards.items()}

    def _write_lexical(self, rows: Iterable[tuple[int, int, str]], *, from_scratch: bool) -> None:
        """Write these passages to the lexical index, a copy of the current one or an empty one."""
        previous = self._context.previous
        target = self.base / layout.LEXICAL
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        if previous is not None and not from_scratch:
            for name in previous.manifest.files_of(layout.LEXICAL):
                if name.endswith(REWRITTEN):
                    self._verify_current_file(name)
                    shutil.copyfile(previous.folder / name, self.base / name)
                else:
                    layout.link_or_copy(previous.folder / name, self.base / name)
        tantivy_index.write(target, rows)

    def _verify_current_file(self, name: str) -> None:
        """Verify a file of the current generation before new files are derived from it. Raises IndexDamaged."""
        if self._context.previous is not None:
            self._context.previous.check([name])

    def _switch(
        self,
        files: Sequence[Path],
        documents: Mapping[str, str],
        totals: Mapping[str, int],
        dense: DenseRecord,
        *,
        merged: bool,
    ) -> None:
        """Write all files to disk, then the manifest that names them."""
        context, current = self._context, self._context.current
        known = {} if current is None else current.files
        unchanged = {name: record for name, record in known.items() if not name.endswith(REWRITTEN)}
        if merged:
            unchanged.pop(layout.FIRST_RECORDS, None)  # has the same name when all records are merged
        records = manifest.record_files(self.base, files, unchanged)
        layout.sync_folders(self.base.parent)
        manifest.write(
            context.folder,
            Manifest(
                generation=self.number,
                model=manifest.record_model(context.encoder),
                chunking=asdict(context.lengths),
                scale=context.scale or (current.scale if current is not None else measure_scale(context.encoder)),
                sentence_scale=self._sentence_scale(),
                documents=documents,
                passages=totals.get("passages", 0),
                sentences=totals.get("rows_sentence", 0) - totals.get("dead_sentence", 0),
                files=records,
                dense=dense,
            ),
        )

    def _sentence_scale(self) -> SimilarityScale | None:
        """Return the scale of the sentence encoder, which is measured once for an index; None without one."""
        current, second = self._context.current, self._context.encoder.sentence_encoder
        if current is not None and current.sentence_scale is not None:
            return current.sentence_scale
        return None if second is None else measure_scale(second)


def files_of(folder: Path) -> list[Path]:
    """Return all files under a folder except tantivy's lock files."""
    return [file for file in folder.rglob("*") if file.is_file() and file.suffix != ".lock"]
