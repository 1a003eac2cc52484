"""Check that the files of an index agree with each other: intact files can still belong to different states.

A search silently ignores passages that only some of the files contain, so disagreement has to be detected here. Reads
only; needs memory for a few numbers per passage.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index import layout
from index.dense import ivf_build
from index.dense.flat import DenseIndex
from index.lexical.tantivy_index import LexicalIndex
from index.manifest import Manifest
from index.storage.reader import RecordReader
from index.storage.vector_files import SentenceVectors, load_npy

_NAMED = 3
"""Passages to name in a message; the others are counted."""

_BLOCK = 1 << 16

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A file that disagrees with the others; `kind` is the kind of its contents."""

    path: Path
    fault: str
    kind: str


def check_vectors(base: Path, current: Manifest) -> Iterator[Disagreement]:
    """Compare the records with the vectors, with the rows of passages, and with the counts."""
    with closing(RecordReader([base / name for name in current.files_of(layout.RECORDS)])) as reader:
        pairs = np.array(sorted(reader.rows()), dtype=np.int64).reshape(-1, 2)
        numbers, rows = pairs[:, 0], pairs[:, 1]
        sentence_rows = [np.unique(block) for block in reader.sentence_rows(_BLOCK)]
        used = {"passage": np.unique(rows), "sentence": np.unique(np.concatenate([rows[:0], *sentence_rows]))}
        stored = {
            "passage": DenseIndex(
                [base / name for name in current.files_of(layout.VECTORS)], current.model.dimension
            ).rows,
            "sentence": SentenceVectors([base / name for name in current.files_of(layout.SENTENCES)]).rows,
        }
        totals = reader.totals
        for kind, folder in layout.VECTOR_FOLDERS.items():
            counted, live = totals.get(f"rows_{kind}", 0), stored[kind] - totals.get(f"dead_{kind}", 0)
            if counted != stored[kind]:
                fault = f"{stored[kind]:,} vectors, the records say {counted:,}"
                yield Disagreement(base / folder, fault, folder)
            if len(used[kind]) and not 0 <= used[kind][0] <= used[kind][-1] < stored[kind]:
                path = base / (layout.ROWS if kind == "passage" else folder)
                yield Disagreement(path, f"rows beyond the {stored[kind]:,} vectors", folder)
            elif len(used[kind]) != live:
                fault = f"{live:,} vectors in use, passages use {len(used[kind]):,}"
                yield Disagreement(base / folder, fault, folder)
        row_of_number = load_npy(base / layout.ROWS, None)
        listed = np.flatnonzero(row_of_number >= 0)
        if not np.array_equal(listed, numbers) or (row_of_number[numbers] != rows).any():
            fault = _difference(reader, numbers, listed) or "other rows than the records say"
            yield Disagreement(base / layout.ROWS, fault, "rows")
        if not totals["passages"] == len(numbers) == current.passages:
            fault = (
                f"{len(numbers):,} passages, counted as {totals['passages']:,}, the manifest says {current.passages:,}"
            )
            yield Disagreement(base / layout.FIRST_RECORDS, fault, "counts")


def check_lexical(base: Path, current: Manifest, copy: Path) -> Iterator[Disagreement]:
    """Compare the records with the lexical index, of which `copy` is a writable copy."""
    with closing(RecordReader([base / name for name in current.files_of(layout.RECORDS)])) as reader:
        numbers = np.sort(np.fromiter((number for number, _ in reader.rows()), dtype=np.int64))
        lexical = LexicalIndex(copy)
        blocks = (lexical.numbers(first, first + _BLOCK - 1) for first in range(0, reader.last_number() + 1, _BLOCK))
        listed = np.unique(np.array([number for block in blocks for number in block], dtype=np.int64))
        fault = _difference(reader, numbers, listed)
        if not fault and lexical.passages != len(numbers):
            fault = f"{lexical.passages:,} passages instead of {len(numbers):,}"
        if fault:
            yield Disagreement(base / layout.LEXICAL, fault, layout.LEXICAL)


def check_approximate(base: Path, current: Manifest) -> Iterator[Disagreement]:
    """Compare the approximate dense index, if any, with the manifest."""
    approximate = ivf_build.open_ivf(base, current.dense)
    if approximate is not None and approximate.rows != current.dense.rows:
        fault = f"{approximate.rows:,} vectors instead of {current.dense.rows:,}"
        yield Disagreement(base / current.dense.file, fault, layout.APPROXIMATE)


def _difference(reader: RecordReader, numbers: Numbers, listed: Numbers) -> str:
    """Describe which passages of the records are unlisted and how many listed ones are not recorded; empty if none."""
    missing, surplus = np.setdiff1d(numbers, listed), np.setdiff1d(listed, numbers)
    parts = []
    if len(missing):
        names = [stored.passage.id for stored in reader.passages(missing[:_NAMED].tolist())]
        rest = [f"{len(missing) - _NAMED:,} more"] if len(missing) > _NAMED else []
        parts.append(f"lacks {', '.join([*names, *rest])}")
    if len(surplus):
        parts.append(f"has {len(surplus):,} that the records lack")
    return ", ".join(parts)
