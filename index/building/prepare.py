"""Planned sources to what is to be stored and embedded: read, cut, analysed, one batch while the last is embedded.

This is Python's part of a build: it runs in a thread of its own beside the model's, which leave the interpreter to it.
Batches come in the order of the sources, whatever the threads do. Knows nothing of vectors or of the index's files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any

from corpus.chunking.passages import Lengths, Measure, chunk
from corpus.errors import UnreadableFile
from corpus.ingest import Unread
from corpus.ingest import read as read_document
from corpus.metadata.consistency import find_contradictions
from corpus.records import Document, Passage
from index.building.diff import Planned
from index.building.embedding_text import digest, passage_text, sentence_text
from index.lexical.analysis import terms

BATCH = 256
"""Passages of a batch, about: enough for all cores, and all that is held in memory besides one document."""


@dataclass(frozen=True, slots=True)
class PreparedPassage:
    """A passage with its terms and what is embedded of it; `sentences` are the texts of its sentences."""

    passage: Passage
    terms: tuple[str, ...]
    text: str
    digest: bytes
    sentences: tuple[str, ...]
    sentence_digests: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A source read and cut, or the reason why it was not read."""

    source: Planned
    document: Document | None
    passages: tuple[PreparedPassage, ...] = ()
    long_sentences: int = 0
    contradictions: tuple[str, ...] = ()
    unread: Unread | None = None


Read = Callable[[Any], Document]
"""A source of the kind it knows to its document; raises UnreadableFile or OSError."""

Batches = Callable[[Iterable[Planned], Measure, Lengths, Read], Iterator[Sequence[Prepared]]]
"""Sources to batches of prepared ones, in the same order: `batches`, or who has others do it."""


def prepare(source: Planned, measure: Measure, lengths: Lengths, read: Read = read_document) -> Prepared:
    """Read and cut one source."""
    try:
        document = read(source)
    except (UnreadableFile, OSError) as error:
        reason = error.strerror or str(error) if isinstance(error, OSError) else str(error)
        return Prepared(source, None, unread=Unread(source.path, reason))
    pieces = chunk(document, measure, lengths)
    passages = tuple(
        _passage(document, passage, lead) for passage, lead in zip(pieces.passages, pieces.leads, strict=True)
    )
    return Prepared(source, document, passages, pieces.long_sentences, tuple(find_contradictions(document)))


def _passage(document: Document, passage: Passage, lead: str) -> PreparedPassage:
    text = passage_text(passage)
    sentences = tuple(sentence_text(document, passage, sentence, lead) for sentence in passage.sentences)
    return PreparedPassage(
        passage,
        tuple(terms(text, document.language)),
        text,
        digest(text),
        sentences,
        tuple(digest(one) for one in sentences),
    )


def batches(
    sources: Iterable[Planned], measure: Measure, lengths: Lengths, read: Read = read_document, size: int = BATCH
) -> Iterator[Sequence[Prepared]]:
    """Prepared sources in order, in batches of about `size` passages; the next batch is made meanwhile."""
    rest = (prepare(source, measure, lengths, read) for source in sources)
    with ThreadPoolExecutor(1, thread_name_prefix="reading") as thread:
        coming: Future[list[Prepared]] = thread.submit(batch_of, rest, size)
        while batch := coming.result():
            coming = thread.submit(batch_of, rest, size)
            yield batch


def batch_of(prepared: Iterator[Prepared], size: int = BATCH) -> list[Prepared]:
    """The next ones, as many as have `size` passages; none where there are no more."""
    batch: list[Prepared] = []
    waiting = 0
    for one in islice(prepared, size):  # files without a passage count, too
        batch.append(one)
        waiting += len(one.passages)
        if waiting >= size:
            break
    return batch
