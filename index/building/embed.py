"""Assign vectors to prepared passages: known texts are looked up by digest, the others are embedded.

A few texts at a time are encoded and their vectors written straight to the files, so that a document of any length
takes bounded memory and an interrupted build keeps finished work.

An encoder with workers elsewhere (`index.cluster`) receives the next batches, as many as it takes, before it is asked
for the vectors of the first, so that its workers never wait for the writer. Results are dropped once their batch is
written, so memory is bounded.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Protocol, runtime_checkable

import numpy as np

from index.building.prepare import Prepared, PreparedPassage, digest
from index.models.encoder import Encoder, Vectors
from index.storage.vector_files import ShardWriter
from index.storage.writer import NewPassage, RecordWriter

TEXTS_PER_WRITE = 512
"""Texts to encode before their vectors are written: bounds memory, and keeps the encoder's batches full."""


Texts = Mapping[bytes, tuple[str, str]]
"""Texts to embed by digest, each with the text for the sentence encoder, which is empty where there is none."""


class StoredVectors(Protocol):
    """Vectors of another generation."""

    def find(self, kind: str, digests: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the vectors of these digests that are stored, as raw rows of a shard of this kind."""


class VectorAssigner:
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
        """Encode texts; the vector of a sentence is followed by that of the sentence encoder, zeros without a text."""
        vectors, sentence_encoder = self._encoder.encode([text for text, _ in texts]), self._encoder.sentence_encoder
        if kind == "passage" or sentence_encoder is None:
            return vectors
        second_vectors = np.zeros((len(texts), sentence_encoder.dimension), dtype=np.float32)
        if second_texts := [(row, text) for row, (_, text) in enumerate(texts) if text]:
            rows = [row for row, _ in second_texts]
            second_vectors[rows] = sentence_encoder.encode([text for _, text in second_texts])
        return np.hstack([vectors, second_vectors])

    def _rows(self, kind: str, texts: Texts) -> dict[bytes, int]:
        """Return the rows of the vectors of these texts by digest, embedding those without a vector."""
        rows = self._writer.known_rows(kind, texts)
        missing = [key for key in texts if key not in rows]
        if self._stored is not None and missing:
            known = self._stored.find(kind, missing)
            rows |= self._record(kind, list(known), self._shards[kind].add_raw(b"".join(known.values())))
            missing = [key for key in missing if key not in rows]
        for first in range(0, len(missing), TEXTS_PER_WRITE):
            keys = missing[first : first + TEXTS_PER_WRITE]
            vectors = self._encode(kind, [texts[key] for key in keys])
            rows |= self._record(kind, keys, self._shards[kind].add(vectors))
            self._embedded(len(keys) if kind == "passage" else 0)
        return rows

    def _record(self, kind: str, keys: Sequence[bytes], rows: range) -> dict[bytes, int]:
        pairs = list(zip(keys, rows, strict=True))
        self._writer.add_vectors(kind, pairs)
        return dict(pairs)


def _texts(passages: Sequence[PreparedPassage], sentence_keys: Sequence[Sequence[bytes]]) -> dict[str, Texts]:
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
