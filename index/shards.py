"""The vectors of a generation in the making: shards taken over from the one before, new ones, and their compaction.

Passages' and sentences' vectors are kept in different forms but live the same life, so both go through here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from index import dense, sentences
from index.allowed import Rows
from index.encoder import Vectors

MOST_SHARDS = 8
MOST_DEAD = 0.25
"""Beyond so many shards, or such a share of superseded vectors, a build writes the vectors anew in one shard."""


class Form(Protocol):
    """How vectors of a kind are kept in a file."""

    suffix: str

    def write(self, path: Path, vectors: Vectors) -> None:
        """Write one shard."""

    def rows(self, shards: Sequence[Path]) -> int:
        """How many vectors these shards hold."""

    def merge(self, path: Path, shards: Sequence[Path], rows: Rows) -> None:
        """Write these rows (sorted, counting through all shards) to one shard, unchanged."""


class PassageForm:
    """FAISS flat indexes."""

    suffix = ".faiss"

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension

    def write(self, path: Path, vectors: Vectors) -> None:
        dense.write_shard(path, vectors)

    def rows(self, shards: Sequence[Path]) -> int:
        return dense.Dense(shards, self._dimension).rows

    def merge(self, path: Path, shards: Sequence[Path], rows: Rows) -> None:
        dense.write_shard(path, dense.Dense(shards, self._dimension).vectors(rows))


class SentenceForm:
    """Arrays of int8 with a scale a row."""

    suffix = ".npy"

    def write(self, path: Path, vectors: Vectors) -> None:
        sentences.write_shard(path, vectors)

    def rows(self, shards: Sequence[Path]) -> int:
        return sentences.SentenceVectors(shards).rows

    def merge(self, path: Path, shards: Sequence[Path], rows: Rows) -> None:
        records = sentences.SentenceVectors(shards).records(rows)
        with path.open("wb") as stream:
            np.save(stream, records, allow_pickle=False)


class Shards:
    """The shards of one kind in a generation's folder; a row is given to each new vector at once."""

    def __init__(self, folder: Path, form: Form, generation: int) -> None:
        self._folder, self._form, self._name = folder, form, f"{generation:06d}"
        self._new: list[Vectors] = []
        self._old = sorted(folder.iterdir())
        self._rows = form.rows(self._old)

    def add(self, vectors: Vectors) -> range:
        """Take new vectors; returns their rows."""
        first = self._rows
        self._new.append(vectors)
        self._rows += len(vectors)
        return range(first, self._rows)

    def write(self) -> None:
        """Write what was added, as one shard."""
        if self._new:
            path = self._folder / f"{self._name}{self._form.suffix}"
            self._form.write(path, np.concatenate(self._new))
            self._old.append(path)
            self._new.clear()

    def is_scattered(self, used: int) -> bool:
        """Whether it is time to compact, when so many of the rows are still used."""
        return len(self._old) > MOST_SHARDS or used < (1 - MOST_DEAD) * self._rows

    def compact(self, used: Rows) -> None:
        """Keep only the rows used (sorted), as one shard; the row of each is then its position in `used`."""
        merged = self._folder / f"{self._name}m{self._form.suffix}"
        if len(used):
            self._form.merge(merged, self._old, used)
        for shard in self._old:
            shard.unlink()
        self._old = [merged] if len(used) else []
        self._rows = len(used)
