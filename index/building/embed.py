"""Prepared passages to the rows of their vectors: what the index has is found by digest, what it has not is embedded.

The one place that says how the vectors of a passage and of its sentences come to be: each text encoded by itself, or
those of the sentences taken from the reading of their passage. Texts go to the encoder a few at a time and their
vectors straight to the files, so that a document of any length is embedded in bounded memory, and an interrupted build
keeps what was done of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np

from index.building.embedding_text import digest
from index.building.prefetch import Job
from index.building.prepare import PreparedPassage
from index.errors import ModelError
from index.models.encoder import Encoder, SpanEncoder, Vectors
from index.storage.vector_files import ShardWriter
from index.storage.writer import NewPassage, Writer

AT_ONCE = 512
"""Texts that are encoded before their vectors are written."""

Done = Callable[[int, int], None]
"""Called with how many passages and how many sentences were embedded since its last call."""


class Kept(Protocol):
    """Vectors that were embedded before and lie elsewhere."""

    def find(self, kind: str, digests: Sequence[bytes]) -> dict[bytes, bytes]:
        """Those of these digests that are there, each as its row stands in a shard of this kind."""


class Separately:
    """Passages and sentences are texts like any other."""

    def __init__(
        self,
        encoder: Encoder,
        writer: Writer,
        shards: Mapping[str, ShardWriter],
        done: Done,
        kept: Kept | None = None,
    ) -> None:
        self._encoder, self._writer, self._shards, self._done = encoder, writer, shards, done
        self._kept = kept

    def embed(self, passages: Sequence[PreparedPassage]) -> list[NewPassage]:
        """The passages with the rows of their vectors, in the same order; equal texts share a row."""
        rows = self._rows("passage", {one.digest: one.text for one in passages})
        of_sentences = self._rows(
            "sentence",
            {
                digest: text
                for one in passages
                for digest, text in zip(one.sentence_digests, one.sentences, strict=True)
            },
        )
        return [
            NewPassage(one.passage, one.terms, rows[one.digest], [of_sentences[each] for each in one.sentence_digests])
            for one in passages
        ]

    def jobs(self, passages: Sequence[PreparedPassage]) -> list[Job]:
        """What `embed` will have encoded of these passages, as far as is known before what comes earlier is written."""
        wanted: dict[Job, None] = {}
        for kind, texts in (
            ("passage", {one.digest: one.text for one in passages}),
            (
                "sentence",
                {key: text for one in passages for key, text in zip(one.sentence_digests, one.sentences, strict=True)},
            ),
        ):
            known = self._writer.known_rows(kind, texts)
            wanted |= dict.fromkeys(Job(text) for key, text in texts.items() if key not in known)
        return list(wanted)

    def _rows(self, kind: str, texts: Mapping[bytes, str]) -> dict[bytes, int]:
        """Rows of the vectors of these texts (by digest); those without one are embedded."""
        rows = self._known(kind, list(texts))
        missing = [key for key in texts if key not in rows]
        for first in range(0, len(missing), AT_ONCE):
            keys = missing[first : first + AT_ONCE]
            rows |= self._add(kind, keys, self._encoder.encode([texts[key] for key in keys]))
        return rows

    def _known(self, kind: str, keys: Sequence[bytes]) -> dict[bytes, int]:
        """Rows of the vectors that there are, here or elsewhere."""
        rows = self._writer.known_rows(kind, keys)
        missing = [key for key in keys if key not in rows]
        if self._kept is not None and missing:
            found = self._kept.find(kind, missing)
            fresh = list(zip(found, self._shards[kind].add_raw(b"".join(found.values())), strict=True))
            self._writer.add_vectors(kind, fresh)
            rows |= dict(fresh)
        return rows

    def _add(self, kind: str, keys: Sequence[bytes], vectors: Vectors) -> dict[bytes, int]:
        """Write new vectors; returns their rows."""
        fresh = list(zip(keys, self._shards[kind].add(vectors), strict=True))
        self._writer.add_vectors(kind, fresh)
        self._done(*((len(keys), 0) if kind == "passage" else (0, len(keys))))
        return dict(fresh)


class FromPassages(Separately):
    """A sentence's vector is the mean of the states of its tokens, from the one reading of its passage.

    What decides a sentence's vector is the passage around it, so that its digest is that of the passage's text and of
    its place therein.
    """

    def embed(self, passages: Sequence[PreparedPassage]) -> list[NewPassage]:
        """As `Separately.embed`. Raises ModelError for a model that gives no vectors of sentences."""
        spans, keys = _spans_and_keys(passages)
        rows = self._known("passage", list(dict.fromkeys(one.digest for one in passages)))
        of_sentences = self._known("sentence", list(dict.fromkeys(key for some in keys for key in some)))
        todo = {
            one.digest: number
            for number, one in enumerate(passages)
            if one.digest not in rows or any(key not in of_sentences for key in keys[number])
        }
        for first in range(0, len(todo), AT_ONCE):
            numbers = list(todo.values())[first : first + AT_ONCE]
            vectors, of_spans = spanning(self._encoder).encode_spans(
                [passages[number].text for number in numbers], [spans[number] for number in numbers]
            )
            new = [place for place, number in enumerate(numbers) if passages[number].digest not in rows]
            rows |= self._add("passage", [passages[numbers[place]].digest for place in new], vectors[new])
            pairs = {
                key: vector
                for number, some in zip(numbers, of_spans, strict=True)
                for key, vector in zip(keys[number], some, strict=True)
                if key not in of_sentences
            }
            if pairs:
                of_sentences |= self._add("sentence", list(pairs), np.stack(list(pairs.values())))
        return [
            NewPassage(one.passage, one.terms, rows[one.digest], [of_sentences[key] for key in some])
            for one, some in zip(passages, keys, strict=True)
        ]

    def jobs(self, passages: Sequence[PreparedPassage]) -> list[Job]:
        """As `Separately.jobs`."""
        spans, keys = _spans_and_keys(passages)
        rows = self._writer.known_rows("passage", (one.digest for one in passages))
        of_sentences = self._writer.known_rows("sentence", (key for some in keys for key in some))
        return list(
            dict.fromkeys(
                Job(one.text, tuple(spans[number]))
                for number, one in enumerate(passages)
                if one.digest not in rows or any(key not in of_sentences for key in keys[number])
            )
        )


def spanning(encoder: Encoder) -> SpanEncoder:
    """The encoder, where it gives vectors of sentences. Raises ModelError."""
    if not isinstance(encoder, SpanEncoder):
        raise ModelError(f"the model {encoder.name} gives no vectors of sentences: index without --fast-index")
    encoder.encode_spans([], [])
    return encoder


def _spans_and_keys(passages: Sequence[PreparedPassage]) -> tuple[list[list[tuple[int, int]]], list[list[bytes]]]:
    """Where each passage's sentences stand, and the digests that their vectors go by."""
    spans = [_spans(one) for one in passages]
    keys = [
        [digest(f"{start}-{end} {one.text}") for start, end in some] for one, some in zip(passages, spans, strict=True)
    ]
    return spans, keys


def _spans(one: PreparedPassage) -> list[tuple[int, int]]:
    """Where the passage's sentences stand in what is embedded of it, in characters."""
    passage, before = one.passage, len(one.text) - len(one.passage.text)
    return [
        (
            before + max(sentence.start, passage.start) - passage.start,
            before + min(sentence.end, passage.end) - passage.start,
        )
        for sentence in passage.sentences
    ]
