"""Files of vectors: shards written row by row, and the array of each passage's row.

A shard is a header with the number of rows, followed by rows of equal width. Shards of passages are FAISS flat indexes,
those of sentences NumPy arrays of int8. Shards are merged and dead rows dropped as raw bytes, so that memory stays
bounded. Row numbers count through all shards of a generation in the order of their names; the shards of a finished
generation never change.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import threading
from collections.abc import Iterable, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

import faiss
import numpy as np
import numpy.typing as npt

from corpus.translation import gettext as _
from index import layout
from index.errors import REMEDY, IndexDamaged
from index.models.encoder import Vectors

if TYPE_CHECKING:
    from hashlib import _Hash

Rows = npt.NDArray[np.int64]
"""Row numbers of vectors, counted through all shards of a generation: shape (rows,)."""

RawRows = npt.NDArray[np.uint8]
"""Rows as stored in a file: shape (rows, width)."""

MAX_BYTES = 256_000_000
"""Size at which a shard is full: larger ones make a merge rewrite more, smaller ones make more files to open."""

_ROWS_COPIED = 8192
_PAIRS_READ = 1 << 16
_NO_ROW = -1
_INT8 = 127.0
_NUMPY_LOAD = threading.Lock()


class VectorFormat(Protocol):
    """File format of vectors: a header of constant length, then rows of `width` bytes.

    Headers are composed by hand, because rows are appended before their number is known. FAISS and NumPy write a file
    only from an array in memory, and the length of NumPy's own header is not the same in all versions.
    """

    @property
    def suffix(self) -> str:
        """Suffix of the files' names."""

    @property
    def width(self) -> int:
        """Bytes per row."""

    def header(self, rows: int) -> bytes:
        """Return the header of a file with `rows` rows."""

    def pack(self, vectors: Vectors) -> bytes:
        """Return vectors of shape (rows, dimension) as stored."""


class PassageFormat:
    """FAISS flat index of float32."""

    suffix = ".faiss"

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension
        self.width = 4 * dimension
        self._empty = faiss.serialize_index(faiss.IndexFlatIP(dimension)).tobytes()

    def header(self, rows: int) -> bytes:
        # type code and dimension (4 bytes each), number of rows (8), further fields, number of floats (8)
        row_count, float_count = rows.to_bytes(8, "little"), (rows * self._dimension).to_bytes(8, "little")
        return self._empty[:8] + row_count + self._empty[16:-8] + float_count

    def pack(self, vectors: Vectors) -> bytes:
        return np.ascontiguousarray(vectors, dtype="<f4").tobytes()


class SentenceFormat:
    """NumPy array of int8 values with one scale per row; a second vector, where there is one, has its own scale."""

    suffix = ".npy"

    def __init__(self, dimension: int, second: int = 0) -> None:
        """Describe vectors of a dimension, each followed by a second one of dimension `second`."""
        self._dtype = sentence_dtype(dimension, second)
        self.width = self._dtype.itemsize

    def header(self, rows: int) -> bytes:
        described = np.lib.format.dtype_to_descr(self._dtype)
        text = f"{{'descr': {described!r}, 'fortran_order': False, 'shape': ({rows},), }}"
        # magic and version take 8 bytes, the length of the text 2; room for 20 digits; the whole is aligned to 64
        length = -(-(10 + len(text) - len(str(rows)) + 20 + 1) // 64) * 64 - 10
        return np.lib.format.magic(1, 0) + length.to_bytes(2, "little") + text.ljust(length - 1).encode() + b"\n"

    def pack(self, vectors: Vectors) -> bytes:
        return pack_sentences(vectors, self._dtype).tobytes()


def sentence_dtype(dimension: int, second: int = 0) -> np.dtype[np.void]:
    """Return the dtype of a stored sentence vector: int8 `values` and the `scale` to multiply them by.

    With a second vector also `second_values` and `second_scale`, which is 0 where a sentence has no second vector.
    """
    fields = [("values", np.int8, (dimension,)), ("scale", np.float32)]
    if second:
        fields += [("second_values", np.int8, (second,)), ("second_scale", np.float32)]
    return np.dtype(fields)


def pack_sentences(vectors: Vectors, dtype: np.dtype[np.void]) -> npt.NDArray[np.void]:
    """Quantise vectors to int8: shape (rows,), of a `sentence_dtype`; second vectors follow the first in each row."""
    records = np.empty(len(vectors), dtype=dtype)
    dimension = records["values"].shape[1]
    records["values"], records["scale"] = _quantise(vectors[:, :dimension])
    if vectors.shape[1] > dimension:
        records["second_values"], records["second_scale"] = _quantise(vectors[:, dimension:])
        records["second_scale"][~vectors[:, dimension:].any(axis=1)] = 0
    return records


def _quantise(vectors: Vectors) -> tuple[npt.NDArray[np.int8], Vectors]:
    scales = (np.abs(vectors).max(axis=1, initial=1e-12) / _INT8).astype(np.float32)
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales


def count_rows(path: Path, vector_format: VectorFormat) -> int:
    """Return the number of rows in a shard by its size, which works before it is sealed, too."""
    return max(0, path.stat().st_size - len(vector_format.header(0))) // vector_format.width


def map_rows(path: Path, vector_format: VectorFormat) -> RawRows:
    """Memory-map the rows of a shard: shape (rows, width)."""
    shape = (count_rows(path, vector_format), vector_format.width)
    if not shape[0]:
        return np.empty(shape, dtype=np.uint8)
    return np.memmap(path, dtype=np.uint8, mode="r", offset=len(vector_format.header(0)), shape=shape)


def hash_rows(paths: Sequence[Path], vector_format: VectorFormat, rows: int) -> _Hash:
    """Return the sha256 of the first `rows` rows of these shards, without their headers."""
    digest = hashlib.sha256()
    for path in paths:
        mapped = map_rows(path, vector_format)[:rows]
        for first in range(0, len(mapped), _ROWS_COPIED):
            digest.update(mapped[first : first + _ROWS_COPIED].tobytes())
        rows -= len(mapped)
    return digest


class ShardWriter:
    """Appends vectors of one kind to the shards of a build and assigns their rows.

    Shards of the same name that an interrupted build left in the folder are continued.
    """

    def __init__(
        self, folder: Path, vector_format: VectorFormat, name: str, first: int, max_bytes: int = MAX_BYTES
    ) -> None:
        """Open the shards of a build.

        Args:
            folder: The folder of the shards; created if missing.
            vector_format: Format of the vectors.
            name: Prefix of the shards' names.
            first: Row of the first vector, that is the number of rows in older shards.
            max_bytes: Size at which a shard is full.
        """
        self.vector_format, self._folder, self._name, self._first = vector_format, folder, name, first
        self._rows_per_shard = max(1, max_bytes // vector_format.width)
        folder.mkdir(parents=True, exist_ok=True)
        self.paths = sorted(folder.glob(f"{name}-*{vector_format.suffix}"))
        self._rows_in_last = count_rows(self.paths[-1], vector_format) if self.paths else 0
        self.rows = first + sum(count_rows(path, vector_format) for path in self.paths)
        self._unsynced = set(self.paths)
        self._digest = hashlib.sha256()

    def add(self, vectors: Vectors) -> range:
        """Append vectors of shape (rows, dimension); return their rows."""
        return self.add_raw(self.vector_format.pack(vectors))

    def add_raw(self, packed: bytes) -> range:
        """Append rows as stored; return their row numbers."""
        first, written, width = self.rows, 0, self.vector_format.width
        while written < len(packed):
            if not self.paths or self._rows_in_last >= self._rows_per_shard:
                path = self._folder / f"{self._name}-{len(self.paths):04d}{self.vector_format.suffix}"
                path.write_bytes(self.vector_format.header(0))
                self.paths.append(path)
                self._rows_in_last = 0
            part = packed[written : written + (self._rows_per_shard - self._rows_in_last) * width]
            # reopened each time: a build of 10^7 passages would otherwise hold hundreds of files open
            with self.paths[-1].open("ab") as stream:
                stream.write(part)
            self._digest.update(part)
            self._unsynced.add(self.paths[-1])
            written += len(part)
            self._rows_in_last += len(part) // width
            self.rows += len(part) // width
        return range(first, self.rows)

    def truncate(self, rows: int) -> None:
        """Drop all rows from number `rows` on. Raises IndexDamaged if there are fewer."""
        missing = rows - self._first
        whole: list[Path] = []
        for path in self.paths:
            here = min(missing, count_rows(path, self.vector_format))
            if here:
                os.truncate(path, len(self.vector_format.header(0)) + here * self.vector_format.width)
                whole.append(path)
                self._rows_in_last = here
            else:
                path.unlink()
            missing -= here
        self.paths, self.rows = whole, rows
        self._digest = hash_rows(whole, self.vector_format, rows - self._first)
        if missing:
            raise IndexDamaged(f"{self._folder}: fewer vectors than recorded: {_(REMEDY)}")

    def checksum(self) -> str:
        """Return the sha256 of all rows appended so far."""
        return self._digest.hexdigest()

    def sync(self) -> None:
        """Flush all rows to disk."""
        for path in sorted(self._unsynced):
            layout.sync(path)
        if self._unsynced:
            layout.sync(self._folder)
        self._unsynced.clear()

    def seal(self) -> None:
        """Write the number of rows into each header; unsealed shards cannot be opened as part of an index."""
        for path in self.paths:
            with path.open("rb+") as stream:
                stream.write(self.vector_format.header(count_rows(path, self.vector_format)))


def copy_rows(writer: ShardWriter, shards: Sequence[Path], dead: Rows | None = None) -> None:
    """Append all rows of these shards except the `dead` ones (sorted, counted through all these shards)."""
    begin = 0
    for shard in shards:
        rows = map_rows(shard, writer.vector_format)
        for first in range(0, len(rows), _ROWS_COPIED):
            block = rows[first : first + _ROWS_COPIED]
            if dead is not None:
                low, high = np.searchsorted(dead, (begin + first, begin + first + len(block)))
                block = np.delete(block, dead[low:high] - (begin + first), axis=0)
            writer.add_raw(block.tobytes())
        begin += len(rows)


def small_tail(
    shards: Sequence[Path], vector_format: VectorFormat, max_bytes: int = MAX_BYTES
) -> list[tuple[Path, int]]:
    """Return the last shards smaller than half a full one, oldest first, each with its number of rows."""
    tail: list[tuple[Path, int]] = []
    for shard in reversed(shards):
        rows = count_rows(shard, vector_format)
        if rows * vector_format.width >= max_bytes // 2:
            break
        tail.append((shard, rows))
    return tail[::-1]


def check_rows(rows: Rows, total: int) -> None:
    """Raise IndexError if a row number is not below `total`."""
    if len(rows) and not 0 <= rows.min() <= rows.max() < total:
        raise IndexError(
            _(
                "no row %(max)s among %(total)s vectors",
                max=rows.max() if rows.min() >= 0 else rows.min(),
                total=f"{total:,}",
            )
        )


def load_npy(path: Path, mode: Literal["r"] | None = "r") -> npt.NDArray[Any]:
    """Memory-map the array in a file, or read it if `mode` is None. Raises OSError, ValueError.

    One thread at a time, since NumPy parses a header as Python: before Python 3.11.8, parsing in two threads may fail
    with "SystemError: AST constructor recursion depth mismatch" (CPython issue 106905; one of 6,000 questions when
    several threads opened a new generation).
    """
    with _NUMPY_LOAD:
        array: npt.NDArray[Any] = np.load(path, mmap_mode=mode, allow_pickle=False)
    return array


def products(vectors: npt.NDArray[Any], vector: Vectors) -> Vectors:
    """Return the products of vectors with a vector, shape (vectors,), float32.

    BLAS sums the same row in another order when it stands among other rows. In float64 that changes no digit of the
    result, so a passage has the same score whatever else is scored.
    """
    exact: Vectors = (vectors.astype(np.float64) @ vector.astype(np.float64)).astype(np.float32)
    return exact


class SentenceVectors:
    """The opened shards of sentence vectors; memory-mapped, since only those of candidates are ever read."""

    def __init__(self, shards: Sequence[Path]) -> None:
        self._shards = [load_npy(path) for path in shards]
        for shard in self._shards:
            # else Linux also reads what is around each row: five times the bytes for 40 questions to 10^6 passages
            mapped: object = shard.base
            if isinstance(mapped, mmap.mmap) and hasattr(mmap, "MADV_RANDOM"):
                mapped.madvise(mmap.MADV_RANDOM)
        self._offsets = np.cumsum([0, *map(len, self._shards)])

    @property
    def rows(self) -> int:
        """Number of vectors, dead ones included."""
        return int(self._offsets[-1])

    def vectors(self, rows: Rows) -> Vectors:
        """Return the vectors of these rows, shape (rows, dimension), float32. Raises IndexError."""
        records = self._gather(rows)
        vectors: Vectors = records["values"].astype(np.float32) * records["scale"][:, None]
        return vectors

    def cosines(self, rows: Rows, vector: Vectors) -> Vectors:
        """Return the cosines of these rows with a unit vector, shape (rows,). Raises IndexError."""
        records = self._gather(rows)  # scaling the products costs a third less than scaling the vectors
        scaled: Vectors = products(records["values"], vector) * records["scale"]
        return scaled

    def both_cosines(self, rows: Rows, vector: Vectors, second: Vectors) -> tuple[Vectors, Vectors]:
        """Return the cosines of both vectors of these rows with one unit vector each, shape (rows,).

        The second cosine is NaN where a row has no second vector. Raises IndexError.
        """
        records = self._gather(rows)
        cosines: Vectors = products(records["values"], vector) * records["scale"]
        second_cosines: Vectors = products(records["second_values"], second) * records["second_scale"]
        second_cosines[records["second_scale"] == 0] = np.nan
        return cosines, second_cosines

    def _gather(self, rows: Rows) -> npt.NDArray[np.void]:
        check_rows(rows, self.rows)
        if len(self._shards) == 1:
            return np.asarray(self._shards[0][rows])
        records = np.empty(len(rows), dtype=self._shards[0].dtype if self._shards else sentence_dtype(0))
        for shard, begin, end in zip(self._shards, self._offsets, self._offsets[1:], strict=False):
            here = np.flatnonzero((rows >= begin) & (rows < end))
            if len(here):
                records[here] = shard[rows[here] - begin]
        return records


def write_passage_rows(
    path: Path,
    pairs: Iterable[tuple[int, int]],
    last: int,
    before: Path | None = None,
    removed: Iterable[tuple[int, int]] = (),
) -> None:
    """Write the array that maps the number of each passage to the row of its vector.

    Args:
        path: The file to write.
        pairs: (number, row) of the passages; with `before` only of those added since.
        last: Highest number of a passage.
        before: The array of the generation before.
        removed: (first number, count) of the passages removed since.
    """
    rows = np.full(last + 1, _NO_ROW, dtype="<i4")
    if before is not None:
        old = load_npy(before)[: last + 1]
        rows[: len(old)] = old
    for first, count in removed:
        rows[first : first + count] = _NO_ROW
    numbers = iter(pairs)
    while len(block := np.fromiter(chain.from_iterable(islice(numbers, _PAIRS_READ)), dtype=np.int64)):
        rows[block[0::2]] = block[1::2]
    with path.open("wb") as stream:
        # not np.save, which bypasses Python's stream and does not notice when the disk refuses the last bytes
        np.lib.format.write_array_header_1_0(stream, np.lib.format.header_data_from_array_1_0(rows))
        stream.write(rows.data)


class PassageRows:
    """The opened array of passage rows; a document's passages are contiguous, so that a filter costs a few slices."""

    def __init__(self, path: Path, rows: int) -> None:
        """Open the array of a generation with `rows` vectors, dead ones included."""
        self._of_number = load_npy(path)
        self._rows = rows

    def of_spans(self, first: Rows, count: Rows) -> npt.NDArray[np.bool_]:
        """Return which rows belong to passages of these spans (first number, count), shape (rows,)."""
        mask = np.zeros(self._rows, dtype=bool)
        if not len(first):
            return mask
        order = np.argsort(first, kind="stable")
        first, count = first[order], count[order]
        ends = first + count
        begins = np.flatnonzero(np.append(True, first[1:] != ends[:-1]))  # adjacent spans make one slice
        for low, high in zip(first[begins], np.append(ends[begins[1:] - 1], ends[-1:]), strict=True):
            mask[self._of_number[low:high]] = True
        return mask

    def used(self) -> npt.NDArray[np.bool_]:
        """Return which rows belong to any passage, shape (rows,)."""
        mask = np.zeros(self._rows, dtype=bool)
        mask[self._of_number[self._of_number != _NO_ROW]] = True
        return mask
