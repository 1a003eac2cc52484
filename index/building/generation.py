"""Write one generation of an index: store documents and vectors, complete the files, switch the manifest.

The documents are new ones (`index.building.build`) or those that a damaged index still holds (`index.repair.repair`).
The generation is written beside the current one and reuses its files where it continues it. Periodic checkpoints limit
the work that an interruption loses. The caller holds the build lock.

Vectors of known texts are looked up by digest, the other texts are embedded: a few at a time, and their vectors are
written straight to the files, so that a document of any length takes bounded memory and an interrupted build keeps
finished work. An encoder with workers elsewhere (`index.cluster`) receives the next batches, as many as it takes,
before it is asked for the vectors of the first, so that its workers never wait for the writer. Results are dropped once
their batch is written, so memory is bounded.
"""

from __future__ import annotations

import shutil
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice, repeat
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np

from corpus.chunking.passages import Lengths
from corpus.ingest import read as read_document
from index import layout, manifest
from index.building import resume
from index.building.diff import PlanDiff, SourcePlan, sources_at
from index.building.prepare import PrepareBatches, Prepared, PreparedPassage, ReadDocument, digest, prepare_batches
from index.building.report import BuildProgress, BuildReport, ProgressCallback
from index.dense import ivf_build
from index.lexical import tantivy_index
from index.manifest import DenseRecord, Generation, Manifest
from index.models.encoder import Encoder, Vectors
from index.models.similarity_scale import SimilarityScale, measure_scale
from index.storage import compaction, vector_files
from index.storage.reader import RecordReader
from index.storage.vector_files import PassageFormat, SentenceFormat, ShardWriter, VectorFormat
from index.storage.writer import NewPassage, RecordWriter

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

        assigner = _VectorAssigner(context.encoder, writer, self._shards, saved_advance, context.stored)
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


_TEXTS_PER_WRITE = 512
"""Texts to encode before their vectors are written: bounds memory, and keeps the encoder's batches full."""

_Texts = Mapping[bytes, tuple[str, str]]
"""Texts to embed by digest, each with the text for the sentence encoder, which is empty where there is none."""


class StoredVectors(Protocol):
    """Vectors of another generation."""

    def find(self, kind: str, digests: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the vectors of these digests that are stored, as raw rows of a shard of this kind."""


class _VectorAssigner:
    """Assigns rows of vectors to passages and sentences, and embeds the texts without a vector.

    `embedded` is called with the number of passages in each group of texts that was encoded.
    """

    def __init__(
        self,
        encoder: Encoder,
        writer: RecordWriter,
        shards: Mapping[str, ShardWriter],
        embedded: Callable[[int], None],
        stored: StoredVectors | None = None,
    ) -> None:
        self._encoder, self._writer, self._shards = encoder, writer, shards
        self._embedded, self._stored = embedded, stored

    def assign(self, passages: Sequence[PreparedPassage]) -> list[NewPassage]:
        """Return the passages with the rows of their vectors, in order; equal texts share a row."""
        keys = [self._sentence_keys(passage) for passage in passages]
        rows, sentence_rows = (self._rows(kind, texts) for kind, texts in _texts(passages, keys).items())
        return [
            NewPassage(p.passage, p.terms, rows[p.digest], [sentence_rows[key] for key in of_passage])
            for p, of_passage in zip(passages, keys, strict=True)
        ]

    def missing_texts(self, passages: Sequence[PreparedPassage]) -> tuple[Sequence[str], Sequence[str]]:
        """Return the texts of these passages that `assign` would encode now, and those of the sentence encoder."""
        missing: dict[str, None] = {}
        missing_second: dict[str, None] = {}
        for kind, texts in _texts(passages, [self._sentence_keys(passage) for passage in passages]).items():
            known = self._writer.known_rows(kind, texts)
            for text, second in (pair for key, pair in texts.items() if key not in known):
                missing[text] = None
                if second:
                    missing_second[second] = None
        return list(missing), list(missing_second)

    def _sentence_keys(self, passage: PreparedPassage) -> Sequence[bytes]:
        """Return the digests of a passage's sentences; those that have a second vector differ from others."""
        if self._encoder.sentence_encoder is None or not passage.sentence_encoder_texts:
            return passage.sentence_digests
        return [
            digest(f"{second}\0{text}")
            for second, text in zip(passage.sentence_encoder_texts, passage.sentences, strict=True)
        ]

    def _encode(self, kind: str, texts: Sequence[tuple[str, str]]) -> Vectors:
        """Encode texts; the vector of the sentence encoder, or zeros, is appended to that of a sentence."""
        vectors, sentence_encoder = self._encoder.encode([text for text, _ in texts]), self._encoder.sentence_encoder
        if kind == "passage" or sentence_encoder is None:
            return vectors
        second_vectors = np.zeros((len(texts), sentence_encoder.dimension), dtype=np.float32)
        if second_texts := [(row, text) for row, (_, text) in enumerate(texts) if text]:
            rows = [row for row, _ in second_texts]
            second_vectors[rows] = sentence_encoder.encode([text for _, text in second_texts])
        return np.hstack([vectors, second_vectors])

    def _rows(self, kind: str, texts: _Texts) -> dict[bytes, int]:
        """Return the rows of the vectors of these texts by digest, embedding those without a vector."""
        rows = self._writer.known_rows(kind, texts)
        missing = [key for key in texts if key not in rows]
        if self._stored is not None and missing:
            known = self._stored.find(kind, missing)
            rows |= self._record(kind, list(known), self._shards[kind].add_raw(b"".join(known.values())))
            missing = [key for key in missing if key not in rows]
        for first in range(0, len(missing), _TEXTS_PER_WRITE):
            keys = missing[first : first + _TEXTS_PER_WRITE]
            vectors = self._encode(kind, [texts[key] for key in keys])
            rows |= self._record(kind, keys, self._shards[kind].add(vectors))
            self._embedded(len(keys) if kind == "passage" else 0)
        return rows

    def _record(self, kind: str, keys: Sequence[bytes], rows: range) -> dict[bytes, int]:
        pairs = list(zip(keys, rows, strict=True))
        self._writer.add_vectors(kind, pairs)
        return dict(pairs)


def _texts(passages: Sequence[PreparedPassage], sentence_keys: Sequence[Sequence[bytes]]) -> dict[str, _Texts]:
    """Return the texts to embed by kind and digest; `sentence_keys` has those of each passage's sentences."""
    sentences = {
        key: (text, second)
        for p, keys in zip(passages, sentence_keys, strict=True)
        for key, text, second in zip(keys, p.sentences, p.sentence_encoder_texts or repeat(""), strict=False)
    }
    return {"passage": {p.digest: (p.text, "") for p in passages}, "sentence": sentences}


@runtime_checkable
class PrefetchingEncoder(Encoder, Protocol):
    """An encoder that can start encoding before the vectors are requested."""

    @property
    def full(self) -> bool:
        """Whether enough work is under way to keep all workers busy."""

    def expect(self, texts: Sequence[str]) -> None:
        """Start encoding these texts."""

    def forget(self, texts: Sequence[str]) -> None:
        """Drop the results of these texts, which are no longer needed."""


def prefetch(
    batches: Iterable[Sequence[Prepared]],
    encoder: Encoder,
    texts_of: Callable[[Sequence[PreparedPassage]], tuple[Sequence[str], Sequence[str]]],
) -> Iterator[Sequence[Prepared]]:
    """Yield the batches in order; when a batch is yielded, a prefetching encoder has started on the following ones.

    Args:
        batches: Passages whose vectors are requested when their batch is yielded.
        encoder: The encoder; its sentence encoder, if it has one, is started ahead as well.
        texts_of: Returns the texts to encode of some passages, and those of the sentence encoder.
    """
    if not isinstance(encoder, PrefetchingEncoder):
        yield from batches
        return
    sentence_encoder = encoder.sentence_encoder
    encoders = [encoder, sentence_encoder] if isinstance(sentence_encoder, PrefetchingEncoder) else [encoder]
    waiting: deque[tuple[Sequence[Prepared], Sequence[Sequence[str]]]] = deque()

    def forget_first() -> None:
        for prefetching, texts in zip(encoders, waiting.popleft()[1], strict=False):
            prefetching.forget(texts)

    for batch in batches:
        of_batch = texts_of([passage for source in batch for passage in source.passages])
        for prefetching, texts in zip(encoders, of_batch, strict=False):
            prefetching.expect(texts)
        waiting.append((batch, of_batch))
        # at least one batch stays ahead, however large batches are
        while len(waiting) > 1 and any(prefetching.full for prefetching in encoders):
            yield waiting[0][0]
            forget_first()
    while waiting:
        yield waiting[0][0]
        forget_first()
