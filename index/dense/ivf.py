"""An approximate structure over many vectors: inverted lists of 8-bit codes, by FAISS, opened memory-mapped.

It holds the first rows of a generation and proposes some of them; `index.dense.flat` scores what is proposed
exactly. Chosen
over HNSW, which finds little under a filter (measured: .66 of the ten nearest where 1 % is left) and cannot be extended
without reading all of it.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from index.io_errors import library_writes
from index.models.encoder import Vectors
from index.storage.vector_files import Rows

TRAINED_ON = 50
"""Vectors a list that the lists are found from: 39 is the least that FAISS takes without a warning."""

_ROUNDS = 8
_BITS = faiss.ScalarQuantizer.QT_8bit


def lists_for(rows: int) -> int:
    """How many lists so many rows are kept in: twice the square root balances finding lists and reading them."""
    return max(1, min(round(2 * math.sqrt(rows)), rows // TRAINED_ON))


@contextmanager
def all_cores() -> Iterator[None]:
    """FAISS on all cores: for builds, not for questions."""
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def train(path: Path, sample: Vectors, lists: int, blocks: Iterable[Vectors]) -> None:
    """Write a structure of these blocks of vectors, one after the other; the lists are found from the sample.

    Memory: the sample, and dimension + 8 bytes a vector.
    """
    dimension = sample.shape[1]
    quantizer = faiss.IndexFlatIP(dimension)
    inverted = faiss.IndexIVFScalarQuantizer(quantizer, dimension, lists, _BITS, faiss.METRIC_INNER_PRODUCT)
    inverted.cp.niter, inverted.cp.spherical, inverted.cp.seed = _ROUNDS, True, 1
    with all_cores():
        inverted.train(np.ascontiguousarray(sample))
        for block in blocks:
            inverted.add(np.ascontiguousarray(block))
    _write(inverted, path)


def extend(path: Path, old: Path, blocks: Iterable[Vectors]) -> None:
    """Write a structure with further vectors behind those of an old one, in the lists that it has."""
    inverted = faiss.read_index(str(old))
    with all_cores():
        for block in blocks:
            inverted.add(np.ascontiguousarray(block))
    _write(inverted, path)


def _write(inverted: faiss.Index, path: Path) -> None:
    # by Python's stream: FAISS's own does not notice where the disk did not take the last of it
    with path.open("wb") as stream, library_writes(path):
        faiss.write_index(inverted, faiss.PyCallbackIOWriter(stream.write, 1 << 20))  # type: ignore[attr-defined]


class IvfIndex:
    """An opened structure; `probes` says how many lists are read for what share of the rows being allowed."""

    def __init__(self, path: Path, probes: Callable[[float], int], rescored: float) -> None:
        self._inverted = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        self._probes, self._rescored = probes, rescored
        self.rows: int = self._inverted.ntotal
        self.lists: int = self._inverted.nlist  # type: ignore[attr-defined]

    def propose(
        self, vector: Vectors, count: int, share: float = 1.0, mask: npt.NDArray[np.bool_] | None = None
    ) -> Rows:
        """Rows likely to hold the `count` nearest to a unit vector, sorted: shape (found,), int64.

        At least `count` are found where so many are allowed.

        `mask` says which rows are allowed, `share` how many of all that are. Lists are read until there are enough: in
        the limit all of them.
        """
        bits = None if mask is None else np.packbits(mask[: self.rows], bitorder="little")
        allowed = self.rows if mask is None else int(np.count_nonzero(mask[: self.rows]))
        wanted = min(math.ceil(count * self._rescored), allowed)
        probes = self._probes(share)
        while wanted:
            found = self.nearest(vector.reshape(1, -1), wanted, probes, bits)[0]
            found = found[found >= 0]
            if len(found) >= min(count, allowed) or probes >= self.lists:
                return np.sort(found)
            probes *= 2
        return np.empty(0, np.int64)

    def nearest(
        self, vectors: Vectors, count: int, probes: int, bits: npt.NDArray[np.uint8] | None = None
    ) -> npt.NDArray[np.int64]:
        """The `count` nearest by their codes of each vector, shape (vectors, count); -1 where there are fewer.

        `bits` are the allowed rows, packed, the lowest first.
        """
        selector = None if bits is None else faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]
        parameters = faiss.SearchParametersIVF(nprobe=min(probes, self.lists), sel=selector)  # type: ignore[call-arg]
        queries = np.ascontiguousarray(vectors, dtype=np.float32)
        found: npt.NDArray[np.int64] = self._inverted.search(queries, count, params=parameters)[1]
        return found
