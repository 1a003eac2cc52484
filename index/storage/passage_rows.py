"""Which row holds the vector of each passage: a memory-mapped array, so that a filter costs a few slices.

Passages are known by number, and a document's follow one after the other; equal passages share a row. Knows nothing of
what a filter means: it is given spans of numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.dense.row_filter import Rows
from index.storage.npy_files import opened

_NONE = -1
_BLOCK = 1 << 16


def write(
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
        old = opened(before)[: last + 1]
        rows[: len(old)] = old
    for first, count in removed:
        rows[first : first + count] = _NONE
    rest = iter(pairs)
    for block in _blocks(rest):
        rows[block[0::2]] = block[1::2]
    with path.open("wb") as stream:
        # not by np.save: it writes past Python, and does not notice where the disk did not take the last of it
        np.lib.format.write_array_header_1_0(stream, np.lib.format.header_data_from_array_1_0(rows))
        stream.write(rows.data)


def _blocks(pairs: Iterator[tuple[int, int]]) -> Iterator[npt.NDArray[np.int64]]:
    while len(block := np.fromiter(chain.from_iterable(islice(pairs, _BLOCK)), dtype=np.int64)):
        yield block


class PassageRows:
    """The opened array of a generation with `rows` vectors, superseded ones included."""

    def __init__(self, path: Path, rows: int) -> None:
        self._of_number = opened(path)
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
