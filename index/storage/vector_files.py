"""Files of vectors: written row by row, so that none are kept in memory; merged and rid of dead rows as raw bytes.

Passages' and sentences' vectors are kept in different forms, but each form is a header that says how many rows there
are and rows of one width, which is all that is known here. The rows of a generation are those of its shards in the
order of their names; what a shard of a finished generation holds never changes.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

import faiss
import numpy as np
import numpy.typing as npt

from index import layout
from index.models.encoder import Vectors

if TYPE_CHECKING:
    from hashlib import _Hash

Rows = npt.NDArray[np.int64]
"""Row numbers of vectors, counted through all shards of a generation: shape (rows,)."""

MOST_BYTES = 256_000_000
"""A shard that has grown so far is followed by another."""

_COPIED = 8192
"""Rows copied at a time."""

RawRows = npt.NDArray[np.uint8]


class VectorFormat(Protocol):
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


class PassageFormat:
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


class SentenceFormat:
    """NumPy arrays of int8 with a scale a row."""

    suffix = ".npy"

    def __init__(self, dimension: int) -> None:
        self._record = sentence_dtype(dimension)
        self.width = self._record.itemsize

    def header(self, rows: int) -> bytes:
        described = np.lib.format.dtype_to_descr(self._record)
        text = f"{{'descr': {described!r}, 'fortran_order': False, 'shape': ({rows},), }}"
        # magic and version are 8 bytes, the text's length 2; 20 digits of rows always fit; the whole is aligned to 64
        length = -(-(10 + len(text) - len(str(rows)) + 20 + 1) // 64) * 64 - 10
        return np.lib.format.magic(1, 0) + length.to_bytes(2, "little") + text.ljust(length - 1).encode() + b"\n"

    def pack(self, vectors: Vectors) -> bytes:
        return pack_sentences(vectors).tobytes()


def count_rows(path: Path, form: VectorFormat) -> int:
    """How many rows a shard holds, by its size: also of one that was never sealed."""
    return max(0, path.stat().st_size - len(form.header(0))) // form.width


def map_rows(path: Path, form: VectorFormat) -> RawRows:
    """The rows of a shard as they stand, memory-mapped: shape (rows, width)."""
    shape = (count_rows(path, form), form.width)
    if not shape[0]:
        return np.empty(shape, dtype=np.uint8)
    return np.memmap(path, dtype=np.uint8, mode="r", offset=len(form.header(0)), shape=shape)


def hash_rows(paths: Sequence[Path], form: VectorFormat, rows: int) -> _Hash:
    """The sha256 of the first rows of these shards, without their headers."""
    found = hashlib.sha256()
    for path in paths:
        here = map_rows(path, form)[:rows]
        for first in range(0, len(here), _COPIED):
            found.update(here[first : first + _COPIED].tobytes())
        rows -= len(here)
    return found


class ShardWriter:
    """Writes the shards of one kind that a build adds; a row is given to each new vector at once.

    What lies in the folder under `name` already, left by a build that was interrupted, is gone on with.
    """

    def __init__(self, folder: Path, form: VectorFormat, name: str, first: int, most_bytes: int = MOST_BYTES) -> None:
        self.form, self._folder, self._name, self._first = form, folder, name, first
        self._most = max(1, most_bytes // form.width)
        folder.mkdir(parents=True, exist_ok=True)
        self.paths = sorted(folder.glob(f"{name}-*{form.suffix}"))
        self._in_last = count_rows(self.paths[-1], form) if self.paths else 0
        self.rows = first + sum(count_rows(path, form) for path in self.paths)
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
            here = min(missing, count_rows(path, self.form))
            if here:
                os.truncate(path, len(self.form.header(0)) + here * self.form.width)
                kept.append(path)
                self._in_last = here
            else:
                path.unlink()
            missing -= here
        self.paths, self.rows = kept, rows
        self._summed = hash_rows(kept, self.form, rows - self._first)
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
                stream.write(self.form.header(count_rows(path, self.form)))


def copy_rows(writer: ShardWriter, shards: Sequence[Path], dead: Rows | None = None) -> None:
    """Copy all rows of these shards, one after the other, but for those in `dead` (sorted, counting through all)."""
    begin = 0
    for shard in shards:
        rows = map_rows(shard, writer.form)
        for first in range(0, len(rows), _COPIED):
            block = rows[first : first + _COPIED]
            if dead is not None:
                low, high = np.searchsorted(dead, (begin + first, begin + first + len(block)))
                keep = np.ones(len(block), dtype=bool)
                keep[dead[low:high] - (begin + first)] = False
                block = block[keep]
            writer.add_raw(block.tobytes())
        begin += len(rows)


def small_tail(shards: Sequence[Path], form: VectorFormat, most_bytes: int = MOST_BYTES) -> Iterator[tuple[Path, int]]:
    """The last shards that are all smaller than half a full one, oldest first, each with its number of rows."""
    tail: list[tuple[Path, int]] = []
    for shard in reversed(shards):
        rows = count_rows(shard, form)
        if rows * form.width >= most_bytes // 2:
            break
        tail.append((shard, rows))
    return reversed(tail)


_LARGEST = 127.0


def quantise_rows(vectors: Vectors) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """Rows scaled to int8: (values of shape (rows, dimension), scales of shape (rows,)); vector = values * scale."""
    scales = (np.abs(vectors).max(axis=1, initial=1e-12) / _LARGEST).astype(np.float32)
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales


def pack_sentences(vectors: Vectors) -> npt.NDArray[np.void]:
    """Vectors of shape (rows, dimension) as they are kept: shape (rows,), of the type that `sentence_dtype` gives."""
    values, scales = quantise_rows(vectors)
    records = np.empty(len(vectors), dtype=sentence_dtype(vectors.shape[1]))
    records["values"], records["scale"] = values, scales
    return records


def sentence_dtype(dimension: int) -> np.dtype[np.void]:
    """How a vector is kept: as int8 `values`, and the `scale` that they are multiplied by to give it."""
    return np.dtype([("values", np.int8, (dimension,)), ("scale", np.float32)])


class SentenceVectors:
    """The opened shards of a generation; rows count through all shards."""

    def __init__(self, shards: Sequence[Path]) -> None:
        self._shards = [load_npy(path) for path in shards]
        self._offsets = np.cumsum([0, *map(len, self._shards)])

    @property
    def rows(self) -> int:
        """How many vectors there are, superseded ones included."""
        return int(self._offsets[-1])

    def vectors(self, rows: Rows) -> Vectors:
        """The vectors of these rows, shape (rows, dimension), as float32."""
        found = self._gathered(rows)
        vectors: Vectors = found["values"].astype(np.float32) * found["scale"][:, None]
        return vectors

    def cosines(self, rows: Rows, vector: Vectors) -> Vectors:
        """Their similarities with a unit vector, shape (rows,)."""
        found = self._gathered(rows)  # scaled when they are numbers: a third less than as vectors
        cosines: Vectors = (found["values"].astype(np.float32) @ vector) * found["scale"]
        return cosines

    def _gathered(self, rows: Rows) -> npt.NDArray[np.void]:
        """The stored records of these rows, in their order. Raises IndexError for one that is not there."""
        if len(rows) and not 0 <= rows.min() <= rows.max() < self.rows:
            raise IndexError(f"no row {rows.max() if rows.min() >= 0 else rows.min()} among {self.rows:,} sentences")
        if len(self._shards) == 1:
            return np.asarray(self._shards[0][rows])
        out = np.empty(len(rows), dtype=self._shards[0].dtype if self._shards else sentence_dtype(0))
        for shard, begin, end in zip(self._shards, self._offsets, self._offsets[1:], strict=False):
            here = np.flatnonzero((rows >= begin) & (rows < end))
            if len(here):
                out[here] = shard[rows[here] - begin]
        return out


_NONE = -1
_PAIRS_AT_ONCE = 1 << 16


def write_passage_rows(
    path: Path,
    pairs: Iterable[tuple[int, int]],
    last: int,
    before: Path | None = None,
    removed: Iterable[tuple[int, int]] = (),
) -> None:
    """Write what row each passage has, from (number, row) pairs; `last` is the highest number there is.

    With the array of the generation `before`, `pairs` are those that were added since, and `removed` the spans (first
    number, count) that are not there any more.
    """
    rows = np.full(last + 1, _NONE, dtype="<i4")
    if before is not None:
        old = load_npy(before)[: last + 1]
        rows[: len(old)] = old
    for first, count in removed:
        rows[first : first + count] = _NONE
    rest = iter(pairs)
    for block in _pair_blocks(rest):
        rows[block[0::2]] = block[1::2]
    with path.open("wb") as stream:
        # not by np.save: it writes past Python, and does not notice where the disk did not take the last of it
        np.lib.format.write_array_header_1_0(stream, np.lib.format.header_data_from_array_1_0(rows))
        stream.write(rows.data)


def _pair_blocks(pairs: Iterator[tuple[int, int]]) -> Iterator[npt.NDArray[np.int64]]:
    while len(block := np.fromiter(chain.from_iterable(islice(pairs, _PAIRS_AT_ONCE)), dtype=np.int64)):
        yield block


class PassageRows:
    """The opened array of a generation with `rows` vectors, superseded ones included."""

    def __init__(self, path: Path, rows: int) -> None:
        self._of_number = load_npy(path)
        self._rows = rows

    def of_spans(self, first: Rows, count: Rows) -> npt.NDArray[np.bool_]:
        """Which rows hold a passage of these spans of numbers (`count` from `first` on), shape (rows,)."""
        mask = np.zeros(self._rows, dtype=bool)
        if not len(first):
            return mask
        order = np.argsort(first, kind="stable")
        first, count = first[order], count[order]
        ends = first + count
        begins = np.flatnonzero(np.append(True, first[1:] != ends[:-1]))  # spans that touch are one slice
        for low, high in zip(first[begins], np.append(ends[begins[1:] - 1], ends[-1:]), strict=True):
            mask[self._of_number[low:high]] = True
        return mask

    def used(self) -> npt.NDArray[np.bool_]:
        """Which rows hold a passage at all, shape (rows,)."""
        mask = np.zeros(self._rows, dtype=bool)
        mask[self._of_number[self._of_number != _NONE]] = True
        return mask


_ALONE = threading.Lock()


def load_npy(path: Path, mode: Literal["r"] | None = "r") -> npt.NDArray[Any]:
    """The array in a file, memory-mapped, or read where `mode` is None. Raises OSError, ValueError.

    NumPy parses a file's header as Python. Before Python 3.11.8 two threads that parse may end each other's with
    "SystemError: AST constructor recursion depth mismatch" (CPython's issue 106905): one question of 6,000 beside
    changes, where several threads open a new generation at once.
    """
    with _ALONE:
        found: npt.NDArray[Any] = np.load(path, mmap_mode=mode, allow_pickle=False)
    return found
