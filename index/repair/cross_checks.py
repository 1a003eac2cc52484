"""Whether the files of an index fit one another, each of them being what was written: which passages one of them lacks.

At question time, what only some of the files know is passed over in silence, so that it is looked for here. Reads only,
with memory for a few numbers a passage. What reading damaged files raises goes to who asks.
"""

from __future__ import annotations

from collections.abc import Iterator
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
"""Passages that are named; of more it is said how many."""

_BLOCK = 1 << 16

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Misfit:
    """What does not fit; `kind` is that of the file at `path`, which is made anew."""

    path: Path
    wrong: str
    kind: str


def of_vectors(base: Path, said: Manifest) -> Iterator[Misfit]:
    """Records against vectors: each passage has one of each kind that is there, and each that is used has a passage."""
    reader = RecordReader([base / name for name in said.files_of(layout.RECORDS)])
    try:
        numbers, rows, of_sentences = _passages(reader)
        totals = dict(reader.totals)
        dense = DenseIndex([base / name for name in said.files_of(layout.VECTORS)], said.model.dimension)
        sentences = SentenceVectors([base / name for name in said.files_of(layout.SENTENCES)])
        of_number = load_npy(base / layout.ROWS, None)
        for kind, there, used in (
            ("passage", dense.rows, rows),
            ("sentence", sentences.rows, of_sentences),
        ):
            folder = layout.VECTOR_FOLDERS[kind]
            if totals.get(f"rows_{kind}", 0) != there:
                wrong = f"{there:,} vectors, the records say {totals.get(f'rows_{kind}', 0):,}"
                yield Misfit(base / folder, wrong, folder)
            if len(used) and not 0 <= used.min() <= used.max() < there:
                where = base / (layout.ROWS if kind == "passage" else folder)
                yield Misfit(where, f"rows beyond the {there:,} vectors", folder)
            elif len(np.unique(used)) != there - totals.get(f"dead_{kind}", 0):
                known, live = len(np.unique(used)), there - totals.get(f"dead_{kind}", 0)
                yield Misfit(base / folder, f"{live:,} vectors in use, passages use {known:,}", folder)
        in_array = np.flatnonzero(of_number >= 0)
        if not np.array_equal(in_array, numbers) or (of_number[numbers] != rows).any():
            wrong = _difference(reader, numbers, in_array) or "other rows than the records say"
            yield Misfit(base / layout.ROWS, wrong, "rows")
        if not totals["passages"] == len(numbers) == said.passages:
            counts = (
                f"{len(numbers):,} passages, counted as {totals['passages']:,}, the manifest says {said.passages:,}"
            )
            yield Misfit(base / layout.FIRST_RECORDS, counts, "counts")
    finally:
        reader.close()


def of_words(base: Path, said: Manifest, folder: Path) -> Iterator[Misfit]:
    """Records against the word index, of which a copy that may be written lies in `folder`."""
    reader = RecordReader([base / name for name in said.files_of(layout.RECORDS)])
    try:
        numbers = np.sort(np.fromiter((number for number, _ in reader.rows()), dtype=np.int64))
        lexical = LexicalIndex(folder)
        blocks = [lexical.numbers(first, first + _BLOCK - 1) for first in range(0, reader.last_number() + 1, _BLOCK)]
        there = np.array([one for block in blocks for one in block], dtype=np.int64)
        wrong = _difference(reader, numbers, np.unique(there))
        if not wrong and lexical.passages != len(numbers):
            wrong = f"{lexical.passages:,} passages instead of {len(numbers):,}"
        if wrong:
            yield Misfit(base / layout.LEXICAL, wrong, layout.LEXICAL)
    finally:
        reader.close()


def of_approximate(base: Path, said: Manifest) -> Iterator[Misfit]:
    """The approximate structure, where there is one, against what the manifest says of it."""
    approximate = ivf_build.open_ivf(base, said.dense)
    if approximate is not None and approximate.rows != said.dense.rows:
        wrong = f"{approximate.rows:,} vectors instead of {said.dense.rows:,}"
        yield Misfit(base / said.dense.file, wrong, layout.APPROXIMATE)


def _passages(reader: RecordReader) -> tuple[Numbers, Numbers, Numbers]:
    """The numbers of all passages, ascending, the row of each one's vector, and the rows of their sentences, once."""
    pairs = np.array(list(reader.rows()), dtype=np.int64).reshape(-1, 2)
    pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]
    of_sentences = [np.unique(block) for block in reader.sentence_rows(_BLOCK)]
    return pairs[:, 0], pairs[:, 1], np.unique(np.concatenate([np.empty(0, np.int64), *of_sentences]))


def _difference(reader: RecordReader, numbers: Numbers, there: Numbers) -> str:
    """What passages of the records are not there, and how many are that the records lack; empty where none."""
    missing, more = np.setdiff1d(numbers, there), np.setdiff1d(there, numbers)
    said = []
    if len(missing):
        names = [one.passage.id for one in reader.passages(missing[:_NAMED].tolist())]
        rest = [f"{len(missing) - _NAMED:,} more"] if len(missing) > _NAMED else []
        said.append(f"lacks {', '.join([*names, *rest])}")
    if len(more):
        said.append(f"has {len(more):,} that the records lack")
    return ", ".join(said)
