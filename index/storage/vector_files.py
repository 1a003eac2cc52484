"""Files of vectors: written row by row, so that none are kept in memory; merged and rid of dead rows as raw bytes.

Passages' and sentences' vectors are kept in different forms, but each form is a header that says how many rows there
are and rows of one width, which is all that is known here. The rows of a generation are those of its shards in the
order of their names; what a shard of a finished generation holds never changes.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import faiss
import numpy as np
import numpy.typing as npt

from index import layout
from index.dense.row_filter import Rows
from index.models.encoder import Vectors
from index.storage import sentence_vectors

if TYPE_CHECKING:
    from hashlib import _Hash

MOST_BYTES = 256_000_000
"""A shard that has grown so far is followed by another."""

_COPIED = 8192
"""Rows copied at a time."""

Raw = npt.NDArray[np.uint8]


class Form(Protocol):
    """How vectors of a kind are kept in a file: a header of one length, then the rows."""

    @property
    def suffix(self) -> str:
        """How such files' names end."""

    @property
    def width(self) -> int:
        """Bytes of a row."""

    def header(self, rows: int) -> bytes:
        """The header of a file of so many rows."""

    def pack(self, vectors: Vectors) -> bytes:
        """The rows of these vectors."""


class PassageForm:
    """FAISS flat indexes of float32."""

    suffix = ".faiss"

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension
        self.width = 4 * dimension
        self._empty = faiss.serialize_index(faiss.IndexFlatIP(dimension)).tobytes()

    def header(self, rows: int) -> bytes:
        # fourcc and dimension, 4 bytes each; number of rows; ...; number of floats, which the floats follow
        numbers = rows.to_bytes(8, "little"), (rows * self._dimension).to_bytes(8, "little")
        return self._empty[:8] + numbers[0] + self._empty[16:-8] + numbers[1]

    def pack(self, vectors: Vectors) -> bytes:
        return np.ascontiguousarray(vectors, dtype="<f4").tobytes()


class SentenceForm:
    """NumPy arrays of int8 with a scale a row."""

    suffix = ".npy"

    def __init__(self, dimension: int) -> None:
        self._record = sentence_vectors.record(dimension)
        self.width = self._record.itemsize

    def header(self, rows: int) -> bytes:
        described = np.lib.format.dtype_to_descr(self._record)
        text = f"{{'descr': {described!r}, 'fortran_order': False, 'shape': ({rows},), }}"
        # magic and version are 8 bytes, the text's length 2; 20 digits of rows always fit; the whole is aligned to 64
        length = -(-(10 + len(text) - len(str(rows)) + 20 + 1) // 64) * 64 - 10
        return np.lib.format.magic(1, 0) + length.to_bytes(2, "little") + text.ljust(length - 1).encode() + b"\n"

    def pack(self, vectors: Vectors) -> bytes:
        return sentence_vectors.packed(vectors).tobytes()


def rows_of(path: Path, form: Form) -> int:
    """How many rows a shard holds, by its size: also of one that was never sealed."""
    return max(0, path.stat().st_size - len(form.header(0))) // form.width


def raw(path: Path, form: Form) -> Raw:
    """The rows of a shard as they stand, memory-mapped: shape (rows, width)."""
    shape = (rows_of(path, form), form.width)
    if not shape[0]:
        return np.empty(shape, dtype=np.uint8)
    return np.memmap(path, dtype=np.uint8, mode="r", offset=len(form.header(0)), shape=shape)


def summed(paths: Sequence[Path], form: Form, rows: int) -> _Hash:
    """The sha256 of the first rows of these shards, without their headers."""
    found = hashlib.sha256()
    for path in paths:
        here = raw(path, form)[:rows]
        for first in range(0, len(here), _COPIED):
            found.update(here[first : first + _COPIED].tobytes())
        rows -= len(here)
    return found


class ShardWriter:
    """Writes the shards of one kind that a build adds; a row is given to each new vector at once.

    What lies in the folder under `name` already, left by a build that was interrupted, is gone on with.
    """

    def __init__(self, folder: Path, form: Form, name: str, first: int, most_bytes: int = MOST_BYTES) -> None:
        self.form, self._folder, self._name, self._first = form, folder, name, first
        self._most = max(1, most_bytes // form.width)
        folder.mkdir(parents=True, exist_ok=True)
        self.paths = sorted(folder.glob(f"{name}-*{form.suffix}"))
        self._in_last = rows_of(self.paths[-1], form) if self.paths else 0
        self.rows = first + sum(rows_of(path, form) for path in self.paths)
        self._unsynced = set(self.paths)
        self._summed = hashlib.sha256()

    def add(self, vectors: Vectors) -> range:
        """Write new vectors; returns their rows."""
        return self.add_raw(self.form.pack(vectors))

    def add_raw(self, packed: bytes) -> range:
        """Write rows as they stand in a file."""
        first, done, width = self.rows, 0, self.form.width
        while done < len(packed):
            if not self.paths or self._in_last >= self._most:
                path = self._folder / f"{self._name}-{len(self.paths):04d}{self.form.suffix}"
                path.write_bytes(self.form.header(0))
                self.paths.append(path)
                self._in_last = 0
            part = packed[done : done + (self._most - self._in_last) * width]
            # opened anew each time: a build of 10^7 passages would hold hundreds of files open otherwise
            with self.paths[-1].open("ab") as stream:
                stream.write(part)
            self._summed.update(part)
            self._unsynced.add(self.paths[-1])
            done += len(part)
            self._in_last += len(part) // width
            self.rows += len(part) // width
        return range(first, self.rows)

    def truncate(self, rows: int) -> bool:
        """Forget what lies behind so many rows of the generation; False when there are fewer."""
        missing = rows - self._first
        kept: list[Path] = []
        for path in self.paths:
            here = min(missing, rows_of(path, self.form))
            if here:
                os.truncate(path, len(self.form.header(0)) + here * self.form.width)
                kept.append(path)
                self._in_last = here
            else:
                path.unlink()
            missing -= here
        self.paths, self.rows = kept, rows
        self._summed = summed(kept, self.form, rows - self._first)
        return missing == 0

    def checksum(self) -> str:
        """The sha256 of all rows so far, as they were to be written."""
        return self._summed.hexdigest()

    def sync(self) -> None:
        """Have everything written so far on disk."""
        for path in sorted(self._unsynced):
            layout.sync(path)
        if self._unsynced:
            layout.sync(self._folder)
        self._unsynced.clear()

    def seal(self) -> None:
        """Write the number of rows into each file: before that, none can be opened as an index's."""
        for path in self.paths:
            with path.open("rb+") as stream:
                stream.write(self.form.header(rows_of(path, self.form)))


def copy(writer: ShardWriter, shards: Sequence[Path], dead: Rows | None = None) -> None:
    """Copy all rows of these shards, one after the other, but for those in `dead` (sorted, counting through all)."""
    begin = 0
    for shard in shards:
        rows = raw(shard, writer.form)
        for first in range(0, len(rows), _COPIED):
            block = rows[first : first + _COPIED]
            if dead is not None:
                low, high = np.searchsorted(dead, (begin + first, begin + first + len(block)))
                keep = np.ones(len(block), dtype=bool)
                keep[dead[low:high] - (begin + first)] = False
                block = block[keep]
            writer.add_raw(block.tobytes())
        begin += len(rows)


def small_tail(shards: Sequence[Path], form: Form, most_bytes: int = MOST_BYTES) -> Iterator[tuple[Path, int]]:
    """The last shards that are all smaller than half a full one, oldest first, each with its number of rows."""
    tail: list[tuple[Path, int]] = []
    for shard in reversed(shards):
        rows = rows_of(shard, form)
        if rows * form.width >= most_bytes // 2:
            break
        tail.append((shard, rows))
    return reversed(tail)
