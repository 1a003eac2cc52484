"""Documents into an index folder: incremental, and safe against a crash at any moment.

A build writes a new generation beside the current one and switches by renaming the manifest. A document whose source,
catalogue entry and reader are unchanged is taken over; of a changed one only those texts are embedded that the index
has no vector of, since what decides is the hash of what is embedded (prefix and text).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import UnreadableFile
from corpus.load import Plan, Source, Unread
from corpus.load import read as read_document
from corpus.passages import Cut, Lengths, cut
from corpus.records import Document
from index import layout, lexical, manifest, passage_rows
from index.analysis import terms
from index.embedded import digest, passage_text, sentence_text
from index.encoder import Encoder
from index.errors import IndexBusy, IndexMismatch, NoIndex
from index.manifest import Manifest, ModelRecord
from index.recorder import NewPassage, Writer
from index.report import BuildReport
from index.scale import measure
from index.shards import PassageForm, SentenceForm, Shards
from index.store import Reader

_REWRITTEN = ("meta.json", ".managed.json", layout.ROWS)
"""Lists of files that tantivy replaces (all its other files never change), and where each passage's vector lies."""

Progress = Callable[[str, int, int], None]
"""Called with what is done, how many of how many."""


def build(
    folder: Path,
    plan: Plan,
    encoder: Encoder,
    *,
    prune: bool = False,
    remove: Sequence[str] = (),
    lengths: Lengths | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Bring the index in `folder` up to date with the plan, and remove the documents named in `remove`.

    Documents of files gone from the plan's paths are removed with `prune`, else reported. Raises IndexMismatch when the
    index was made with another model or other lengths, IndexBusy when another process is building.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / layout.LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise IndexBusy(
            f"{folder}: another build is running on this index: wait for it to end, then try again"
        ) from error
    with lock:
        wanted = lengths or Lengths()
        wanted = Lengths(wanted.target, wanted.longest, encoder.max_tokens, encoder.special_tokens, wanted.prefix_share)
        return _Build(folder, encoder, wanted, progress or (lambda *_: None)).run(plan, prune, remove)


class _Build:
    """One build, step by step."""

    def __init__(self, folder: Path, encoder: Encoder, lengths: Lengths, progress: Progress) -> None:
        self.folder, self.encoder, self.lengths, self.progress = folder, encoder, lengths, progress
        self.report = BuildReport()
        self.current: Manifest | None = None
        with suppress(NoIndex):
            self.current = manifest.read(folder)
        if self.current is not None:
            manifest.check_model(self.current, encoder, folder)
            if dict(self.current.chunking) != asdict(lengths):
                raise IndexMismatch(
                    f"{folder}: made with passages of {dict(self.current.chunking)}, asked for {asdict(lengths)}: "
                    "index into another folder with --index OTHER"
                )
        self.number = 1 + max([*layout.generations(folder), self.current.generation if self.current else 0])
        self.base = layout.generation_folder(folder, self.number)

    def run(self, plan: Plan, prune: bool, remove: Sequence[str]) -> BuildReport:
        """Do what there is to do."""
        self._drop_other_generations()
        report = self.report
        known = self._known_documents()
        report.unread += plan.unread
        todo = [source for source in plan.sources if known.get(source.id, ("",))[0] != source.identity]
        report.unchanged = len(plan.sources) - len(todo)
        gone = self._gone(plan, known)
        report.gone = [] if prune else gone
        report.removed = sorted({*remove, *(gone if prune else [])} & set(known))
        if not todo and not report.removed and self.current is not None:
            return report
        self.base.mkdir(parents=True)
        try:
            written = self._write(todo, known)
        except BaseException:
            shutil.rmtree(self.base, ignore_errors=True)
            raise
        if not written:
            shutil.rmtree(self.base, ignore_errors=True)
        self._drop_other_generations()
        return report

    def _known_documents(self) -> dict[str, tuple[str, str]]:
        """Identity and source path of each document of the current generation."""
        if self.current is None:
            return {}
        reader = Reader(layout.generation_folder(self.folder, self.current.generation) / layout.RECORDS)
        try:
            self._count_up(reader)
            return {one.id: (one.identity, one.source) for one in reader.documents()}
        finally:
            reader.close()

    def _write(self, todo: Sequence[Source], known: dict[str, tuple[str, str]]) -> bool:
        """Write the generation and switch to it; False when there turned out to be nothing to write."""
        self._take_over()
        writer = Writer(self.base / layout.RECORDS)
        try:
            removed: list[int] = []
            for identifier in self.report.removed:
                removed += writer.remove(identifier)
            self._add_documents(writer, todo, known, removed)
            if not (removed or self.report.added or self.report.removed):
                return False  # nothing of what was new could be read
            writer.drop_unused_vectors()
            for name, shards in self.shards.items():
                shards.write()
                used = writer.used_rows(name)
                if shards.is_scattered(len(used)):
                    shards.compact(used)
                    writer.renumber(name, used)
            writer.finish(len(writer.used_rows("passage")), len(writer.used_rows("sentence")))
            writer.commit()
        finally:
            writer.close()
        reader = Reader(self.base / layout.RECORDS)
        try:
            passage_rows.write(self.base / layout.ROWS, reader.rows(), reader.last_number())
            self._write_lexical(reader, anew=bool(removed))
            self._switch(reader)
            self._count_up(reader)
        finally:
            reader.close()
        return True

    def _take_over(self) -> None:
        """Link or copy the current generation's files into the new one."""
        for kind in (layout.VECTORS, layout.SENTENCES, layout.LEXICAL):
            (self.base / kind).mkdir()
        if self.current is not None:
            old = layout.generation_folder(self.folder, self.current.generation)
            shutil.copyfile(old / layout.RECORDS, self.base / layout.RECORDS)
            for name in self.current.files:
                if name.endswith(_REWRITTEN):
                    shutil.copyfile(old / name, self.base / name)
                elif name != layout.RECORDS:
                    layout.reuse(old / name, self.base / name)
        self.shards = {
            "passage": Shards(self.base / layout.VECTORS, PassageForm(self.encoder.dimension), self.number),
            "sentence": Shards(self.base / layout.SENTENCES, SentenceForm(), self.number),
        }

    def _gone(self, plan: Plan, known: dict[str, tuple[str, str]]) -> list[str]:
        """Ids of documents under the plan's paths that the plan no longer has."""
        planned = {source.id for source in plan.sources}
        unread = {one.path.resolve().as_posix() for one in plan.unread}
        return sorted(
            identifier
            for identifier, (_, source) in known.items()
            if identifier not in planned
            and source not in unread
            and any(Path(source).is_relative_to(root) for root in plan.roots)
        )

    def _add_documents(
        self, writer: Writer, todo: Sequence[Source], known: dict[str, tuple[str, str]], removed: list[int]
    ) -> None:
        batch: list[tuple[Document, str, Cut]] = []
        waiting = 0
        for done, source in enumerate(todo, 1):
            try:
                document = read_document(source)
            except (UnreadableFile, OSError) as error:
                reason = error.strerror or str(error) if isinstance(error, OSError) else str(error)
                self.report.unread.append(Unread(source.path, reason))
                continue
            if source.id in known:
                self.report.changed.append(source.id)
                removed += writer.remove(source.id)
            else:
                self.report.added.append(source.id)
            pieces = cut(document, self.encoder.count_tokens, self.lengths)
            batch.append((document, source.identity, pieces))
            waiting += len(pieces.passages)
            if waiting >= 256:
                self._add_batch(writer, batch)
                batch, waiting = [], 0
            self.progress("documents", done, len(todo))
        self._add_batch(writer, batch)

    def _add_batch(self, writer: Writer, batch: Sequence[tuple[Document, str, Cut]]) -> None:
        """Embed what is new in these documents, and store them."""
        passages = [
            (document, passage, lead)
            for document, _, pieces in batch
            for passage, lead in zip(pieces.passages, pieces.leads, strict=True)
        ]
        texts = [passage_text(passage) for _, passage, _ in passages]
        digests = [digest(text) for text in texts]
        rows = self._embed(writer, "passage", dict(zip(digests, texts, strict=True)))
        spans = [
            [sentence_text(document, passage, sentence, lead) for sentence in passage.sentences]
            for document, passage, lead in passages
        ]
        sentence_rows = self._embed(writer, "sentence", {digest(text): text for some in spans for text in some})
        stored: dict[str, list[NewPassage]] = {document.id: [] for document, _, _ in batch}
        for (document, passage, _), key, some in zip(passages, digests, spans, strict=True):
            stored[document.id].append(
                NewPassage(
                    passage,
                    terms(passage_text(passage), document.language),
                    key,
                    rows[key],
                    [sentence_rows[digest(text)] for text in some],
                )
            )
        for document, identity, pieces in batch:
            writer.add(document, identity, pieces.long_sentences, stored[document.id])

    def _embed(self, writer: Writer, name: str, texts: dict[str, str]) -> dict[str, int]:
        """Rows of the vectors of these texts (by digest); those without one are embedded."""
        rows = writer.known_rows(name, texts)
        missing = [key for key in texts if key not in rows]
        if missing:
            done = 0

            def step(count: int) -> None:
                nonlocal done
                done += count
                self.progress(f"{name}s", done, len(missing))

            vectors = self.encoder.encode([texts[key] for key in missing], progress=step)
            fresh = dict(zip(missing, self.shards[name].add(vectors), strict=True))
            writer.add_vectors(name, fresh.items())
            rows |= fresh
            if name == "passage":
                self.report.embedded += len(missing)
        return rows

    def _write_lexical(self, reader: Reader, *, anew: bool) -> None:
        """Add the new passages; where some were removed, write all anew (tantivy goes on counting deleted ones)."""
        target = self.base / layout.LEXICAL
        first = 0
        if anew:
            shutil.rmtree(target)
        elif self.current is not None:
            before = Reader(layout.generation_folder(self.folder, self.current.generation) / layout.RECORDS)
            first = before.last_number() + 1
            before.close()
        lexical.write(target, reader.lexical_rows(first))

    def _switch(self, reader: Reader) -> None:
        known = {} if self.current is None else self.current.files
        kept = {
            name: record
            for name, record in known.items()
            if not name.endswith((layout.RECORDS, *_REWRITTEN)) and (self.base / name).exists()
        }
        files = manifest.record_files(self.base, kept)
        documents = reader.documents()
        layout.sync_tree(self.base)
        manifest.write(
            self.folder,
            Manifest(
                generation=self.number,
                model=ModelRecord(
                    self.encoder.name, self.encoder.fingerprint, self.encoder.dimension, self.encoder.max_tokens
                ),
                chunking=asdict(self.lengths),
                scale=self.current.scale if self.current is not None else measure(self.encoder),
                documents={one.id: one.sha256 for one in documents},
                passages=reader.totals["passages"],
                sentences=reader.totals["sentences"],
                files=files,
            ),
        )
        self.current = manifest.read(self.folder)

    def _count_up(self, reader: Reader) -> None:
        documents = reader.documents()
        self.report.documents = len(documents)
        self.report.passages = reader.totals["passages"]
        self.report.long_sentences = sum(one.long_sentences for one in documents)
        touched = {*self.report.added, *self.report.changed}
        self.report.contradictions = [
            f"{one.id}: {line}" for one in documents if one.id in touched for line in one.contradictions
        ]

    def _drop_other_generations(self) -> None:
        """Remove what is not the current generation: superseded, or left by a build that was killed.

        A reader that has one open keeps it; where the system forbids removing open files it goes at the next build.
        """
        for number in layout.generations(self.folder):
            if self.current is None or number != self.current.generation:
                shutil.rmtree(layout.generation_folder(self.folder, number), ignore_errors=True)
