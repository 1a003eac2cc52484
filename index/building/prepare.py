"""Read, cut and analyse sources in batches, one batch ahead of the one that is being embedded.

This Python part of a build runs in a thread beside the model, which releases the interpreter lock. Some sources are
read at the same time, since PDF files are read by processes. Batches come in the order of the sources.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from corpus.chunking.passages import Lengths, Measure, chunk
from corpus.errors import UnreadableFile
from corpus.ingest import Unread
from corpus.ingest import read as read_document
from corpus.metadata.inference import find_contradictions
from corpus.readers.base import READERS
from corpus.records import Document, Passage, Sentence
from index.building.diff import PlannedSource
from index.lexical.analysis import terms

BATCH = 256
"""Passages per batch: enough to keep all cores busy, few enough to hold in memory beside one document."""


@dataclass(frozen=True, slots=True)
class PreparedPassage:
    """A passage with its terms and the texts to embed: `text` for itself, `sentences` for its sentences.

    `sentence_encoder_texts` are the texts of its sentences for the sentence encoder, which reads English only; empty
    for a document in another language.
    """

    passage: Passage
    terms: tuple[str, ...]
    text: str
    digest: bytes
    sentences: tuple[str, ...]
    sentence_digests: tuple[bytes, ...]
    sentence_encoder_texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A source that was read and cut, or the reason why it was not read."""

    source: PlannedSource
    document: Document | None
    passages: tuple[PreparedPassage, ...] = ()
    long_sentences: int = 0
    contradictions: tuple[str, ...] = ()
    unread: Unread | None = None


ReadDocument = Callable[[Any], Document]
"""Reads a source of the kind it knows; raises UnreadableFile or OSError."""

PrepareBatches = Callable[[Iterable[PlannedSource], Measure, Lengths, ReadDocument], Iterator[Sequence[Prepared]]]
"""Prepares sources in batches, in order: `prepare_batches`, or a cluster's implementation."""


def digest(text: str) -> bytes:
    """Return the 16-byte hash that identifies an embedded text; of 10^9 texts two collide with probability 10^-21."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]


def sentence_embedding_text(passage: Passage, sentence: Sentence, context: str, row_context: str) -> str:
    """Return the text embedded for a sentence: `context` and its text, or `row_context` and its row in words.

    Alone, "He resigned in May" resembles no question: with the heading nDCG@10 rose from .41 to .43 on Cranfield and
    from .69 to .73 on TimeQA, and was unchanged on the other sets. With the title or the whole heading path it fell on
    the yearbooks; windows of two and three sentences were worse everywhere. With the heading behind the sentence,
    MRR@10 on the yearbooks and addresses and nDCG@10 on Cranfield change by at most .002. In parentheses behind it,
    MRR@10 rises by .01 on the yearbooks and falls by .02 on inaugural addresses; only before sentences with a pronoun,
    it falls by .01 on the yearbooks. The mean of the vectors with and without it ranks the yearbooks alike.
    """
    if sentence.wording:
        return row_context + sentence.wording
    return context + passage.text_of(sentence)


def prepare(source: PlannedSource, measure: Measure, lengths: Lengths, read: ReadDocument = read_document) -> Prepared:
    """Read, cut and analyse one source."""
    return _prepare(source, partial(read, source), measure, lengths)


def _prepare(
    source: PlannedSource, document_of: Callable[[], Document], measure: Measure, lengths: Lengths
) -> Prepared:
    try:
        document = document_of()
    except (UnreadableFile, OSError) as error:
        reason = error.strerror or str(error) if isinstance(error, OSError) else str(error)
        return Prepared(source, None, unread=Unread(source.path, reason))
    pieces = chunk(document, measure, lengths)
    passages = tuple(
        _prepare_passage(document, *passage)
        for passage in zip(pieces.passages, pieces.sentence_contexts, pieces.row_contexts, strict=True)
    )
    return Prepared(source, document, passages, pieces.long_sentences, tuple(find_contradictions(document)))


def _prepare_passage(document: Document, passage: Passage, context: str, row_context: str) -> PreparedPassage:
    text = passage.prefix + passage.text
    sentences = tuple(
        sentence_embedding_text(passage, sentence, context, row_context) for sentence in passage.sentences
    )
    return PreparedPassage(
        passage,
        tuple(terms(text, document.language)),
        text,
        digest(text),
        sentences,
        tuple(map(digest, sentences)),
        tuple(_sentence_encoder_texts(document, passage)) if document.language in ("en", None) else (),
    )


def _sentence_encoder_texts(document: Document, passage: Passage) -> Iterator[str]:
    """Yield the text of each sentence for the sentence encoder: the sentence alone, or after its subject.

    The title of an article is its subject, without which "He resigned in May" says little: nDCG@10 on TimeQA is .77
    with it, .75 without. That of an edition of a series is not, nor are headings: with them S@1 on the yearbooks falls
    from .90 to .84, and MRR on addresses by .02 to .06.
    """
    is_article = not passage.path and document.series is None and document.edition is None
    subject = f"{document.title.rstrip('.')}. " if is_article and document.title else ""
    for sentence in passage.sentences:
        yield subject + passage.words_of(sentence)


def prepare_batches(
    sources: Iterable[PlannedSource],
    measure: Measure,
    lengths: Lengths,
    read: ReadDocument = read_document,
    size: int = BATCH,
) -> Iterator[Sequence[Prepared]]:
    """Prepare sources in order, in batches of about `size` passages, each while the previous one is used."""
    prepared = (_prepare(source, future.result, measure, lengths) for source, future in _read_ahead(sources, read))
    thread = ThreadPoolExecutor(1, thread_name_prefix="reading")
    try:
        following: Future[list[Prepared]] = thread.submit(next_batch, prepared, size)
        while batch := following.result():
            following = thread.submit(next_batch, prepared, size)
            yield batch
    finally:
        thread.shutdown(wait=False, cancel_futures=True)  # an interrupted build does not wait for a long file


def _read_ahead(
    sources: Iterable[PlannedSource], read: ReadDocument
) -> Iterator[tuple[PlannedSource, Future[Document]]]:
    """Yield sources in order while the next ones are being read, `READERS` at a time."""
    threads = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
    waiting = deque[tuple[PlannedSource, Future[Document]]]()
    try:
        for source in sources:
            waiting.append((source, threads.submit(read, source)))
            if len(waiting) > READERS:
                yield waiting.popleft()
        while waiting:
            yield waiting.popleft()
    finally:
        threads.shutdown(wait=False, cancel_futures=True)


def next_batch(prepared: Iterator[Prepared], size: int = BATCH) -> list[Prepared]:
    """Take sources until they have `size` passages, at most `size` sources; empty at the end."""
    batch: list[Prepared] = []
    passages = 0
    for source in islice(prepared, size):
        batch.append(source)
        passages += len(source.passages)
        if passages >= size:
            break
    return batch
