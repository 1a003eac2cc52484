"""An encoder that caches its vectors in a file, so that repeated runs over the same data encode each text once.

A vector depends on its text alone. The file is named after the model's fingerprint, so another model, or another export
of it, has its own file.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from index.models.encoder import Encoder, PairedEncoder, Vectors
from index.models.model_store import Precision

_AT_ONCE = 512
"""Texts between two commits: at most these are lost when a run is interrupted."""


class KeptVectors:
    """Wraps `encoder` and caches its vectors in `folder`; `encoded` counts the texts that were not cached."""

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        second = encoder.sentence_encoder
        self.sentence_encoder: KeptVectors | None = None if second is None else KeptVectors(second, folder)
        self._encoder, self.encoded = encoder, 0
        folder.mkdir(parents=True, exist_ok=True)
        # of a pair, the passages have the vectors of the first model alone
        alone = encoder.first if isinstance(encoder, PairedEncoder) else encoder
        # questions are encoded with both models of a pair in threads of their own
        self._kept = sqlite3.connect(folder / f"vectors-{alone.fingerprint}.sqlite", check_same_thread=False)
        self._kept.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")

    @property
    def name(self) -> str:
        return self._encoder.name

    @property
    def precision(self) -> Precision:
        return self._encoder.precision

    @property
    def fingerprint(self) -> str:
        return self._encoder.fingerprint

    @property
    def dimension(self) -> int:
        return self._encoder.dimension

    @property
    def max_tokens(self) -> int:
        return self._encoder.max_tokens

    @property
    def special_tokens(self) -> int:
        return self._encoder.special_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._encoder.count_tokens(texts)

    def encode(
        self, texts: Sequence[str], *, query: bool = False, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for first in range(0, len(texts), _AT_ONCE):
            some = texts[first : first + _AT_ONCE]
            vectors[first : first + len(some)] = self._encode(some, query=query)
            if progress is not None:
                progress(len(some))
        return vectors

    def close(self) -> None:
        """Close the files."""
        if self.sentence_encoder is not None:
            self.sentence_encoder.close()
        self._kept.close()

    def _encode(self, texts: Sequence[str], *, query: bool) -> Vectors:
        keys = [_key(text, query=query) for text in texts]
        places = ",".join("?" * len(keys))
        known = dict(self._kept.execute(f"SELECT key, vector FROM vectors WHERE key IN ({places})", keys))
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            made = self._encoder.encode(list(missing.values()), query=query)
            self.encoded += len(missing)
            known |= {key: vector.astype("<f4").tobytes() for key, vector in zip(missing, made, strict=True)}
            with self._kept:
                self._kept.executemany(
                    "INSERT OR IGNORE INTO vectors VALUES (?, ?)", [(key, known[key]) for key in missing]
                )
        return np.array([np.frombuffer(known[key], dtype="<f4") for key in keys], dtype=np.float32)


def _key(text: str, *, query: bool) -> bytes:
    return hashlib.sha256(f"{int(query)}{text}".encode("utf-8", "surrogatepass")).digest()[:16]
