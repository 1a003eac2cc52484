"""Prepared passages to the rows of their vectors: what the index has is found by digest, what it has not is embedded.

The one place that says how the vectors of a passage and of its sentences come to be: here each text is encoded by
itself. Texts go to the encoder a few at a time and their vectors straight to the files, so that a document of any
length is embedded in bounded memory, and an interrupted build keeps what was done of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from index.encoder import Encoder
from index.preparation import PreparedPassage
from index.recorder import NewPassage, Writer
from index.shards import ShardWriter

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

    def _rows(self, kind: str, texts: Mapping[bytes, str]) -> dict[bytes, int]:
        """Rows of the vectors of these texts (by digest); those without one are embedded."""
        rows = self._writer.known_rows(kind, texts)
        missing = [key for key in texts if key not in rows]
        if self._kept is not None and missing:
            found = self._kept.find(kind, missing)
            fresh = list(zip(found, self._shards[kind].add_raw(b"".join(found.values())), strict=True))
            self._writer.add_vectors(kind, fresh)
            rows |= dict(fresh)
            missing = [key for key in missing if key not in rows]
        for first in range(0, len(missing), AT_ONCE):
            keys = missing[first : first + AT_ONCE]
            vectors = self._encoder.encode([texts[key] for key in keys])
            fresh = list(zip(keys, self._shards[kind].add(vectors), strict=True))
            self._writer.add_vectors(kind, fresh)
            rows |= dict(fresh)
            self._done(*((len(keys), 0) if kind == "passage" else (0, len(keys))))
        return rows
