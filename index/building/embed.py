"""Prepared passages to the rows of their vectors: what the index has is found by digest, what it has not is embedded.

Passages and sentences are encoded one by one. Texts go to the encoder a few at a time and their
vectors straight to the files, so that a document of any length is embedded in bounded memory, and an interrupted build
keeps what was done of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from index.building.prepare import PreparedPassage
from index.models.encoder import Encoder, Vectors
from index.storage.vector_files import ShardWriter
from index.storage.writer import NewPassage, RecordWriter

AT_ONCE = 512
"""Texts that are encoded before their vectors are written."""

Done = Callable[[int, int], None]
"""Called with how many passages and how many sentences were embedded since its last call."""


class Kept(Protocol):
    """Vectors that were embedded before and lie elsewhere."""

    def find(self, kind: str, digests: Sequence[bytes]) -> dict[bytes, bytes]:
        """Those of these digests that are there, each as its row stands in a shard of this kind."""


class Embedding:
    """Looks up the vectors of passages and sentences by digest and embeds the missing ones."""

    def __init__(
        self,
        encoder: Encoder,
        writer: RecordWriter,
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

    def jobs(self, passages: Sequence[PreparedPassage]) -> list[str]:
        """What `embed` will have encoded of these passages, as far as is known before what comes earlier is written."""
        wanted: dict[str, None] = {}
        for kind, texts in (
            ("passage", {one.digest: one.text for one in passages}),
            (
                "sentence",
                {key: text for one in passages for key, text in zip(one.sentence_digests, one.sentences, strict=True)},
            ),
        ):
            known = self._writer.known_rows(kind, texts)
            wanted |= dict.fromkeys(text for key, text in texts.items() if key not in known)
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
