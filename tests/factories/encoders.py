"""Small deterministic encoders, so that tests of an index need no model."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from index.models.encoder import Encoder, Vectors
from index.models.model_store import Precision


@cache
def hashed(word: str) -> tuple[int, int]:
    """Return the bucket of a word, below 256, and its sign."""
    digest = hashlib.sha256(word.encode("utf-8", "surrogatepass")).digest()
    return digest[0], 1 if digest[1] % 2 else -1


def word_counts(texts: Sequence[str]) -> list[int]:
    """Return the words of each text, instead of the tokens of a model."""
    return [len(text.split()) for text in texts]


class HashEncoder:
    """Feature hashing of words into `dimension` signed buckets, normalised: texts that share words are similar."""

    special_tokens = 2
    precision: Precision = "fp32"
    sentence_encoder: Encoder | None = None

    def __init__(self, dimension: int = 64, max_tokens: int = 256, name: str = "hash") -> None:
        self.dimension, self.max_tokens, self.name = dimension, max_tokens, name
        self.encoded: list[str] = []
        """Every encoded text except queries, in order."""

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(f"{self.name} {self.dimension} {self.max_tokens}".encode()).hexdigest()[:32]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return word_counts(texts)

    def encode(
        self, texts: Sequence[str], *, query: bool = False, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        if not query:
            self.encoded += texts
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                place, sign = hashed(word)
                vectors[row, place % self.dimension] += sign
            vectors[row, 0] += 1e-3  # no text is the zero vector
            vectors[row] /= np.linalg.norm(vectors[row])
            if progress is not None:
                progress(1)
        return vectors


@dataclass(frozen=True, slots=True)
class HashSpec:
    """How to make a HashEncoder on a worker of a cluster.

    Each text takes `seconds` longer. Every file in the folder `deaths` kills one worker: the next that encodes
    (`encode-1` ...) or counts tokens (`count-1` ...) removes the file and kills itself.
    """

    seconds: float = 0.0
    deaths: str = ""

    def __call__(self) -> HashEncoder:
        return DisturbedEncoder(self.seconds, self.deaths)


class DisturbedEncoder(HashEncoder):
    """A slow HashEncoder that may kill its process."""

    def __init__(self, seconds: float, deaths: str) -> None:
        super().__init__()
        self._seconds, self._deaths = seconds, deaths

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        self._die("count")
        return super().count_tokens(texts)

    def encode(
        self, texts: Sequence[str], *, query: bool = False, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        time.sleep(self._seconds * len(texts))
        self._die("encode")
        return super().encode(texts, query=query, progress=progress)

    def _die(self, kind: str) -> None:
        for death in sorted(Path(self._deaths).glob(f"{kind}-*")) if self._deaths else []:
            with suppress(FileNotFoundError):  # another was quicker
                death.unlink()
                os.kill(os.getpid(), signal.SIGKILL)
