"""How the dense candidates of a generation are found: decided at its build, by size or as the user chose.

Scanning is exact and, up to `SCANNED` vectors, quick. Beyond that an approximate structure is made over all rows there
are, and kept: rows that come later are scanned, until they are so many that the structure is extended; its lists are
found anew when it has doubled. So adding a document to a million costs that document.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index import layout
from index.dense import ivf
from index.dense.flat import SCANNED, DenseIndex
from index.dense.ivf import IvfIndex
from index.dense.ivf_tuning import QUERIES, tune
from index.manifest import DenseRecord
from index.models.encoder import Vectors
from index.storage.vector_files import PassageRows, SentenceVectors

Check = Callable[[str], None]

INDEX_TYPES = ("auto", "exact", "ivf")

MOST_BEHIND = 50_000
"""So many rows behind the structure are scanned with each question, some 5 ms, before it is extended."""

MOST_GROWN = 2.0
"""Grown beyond this, the lists found for fewer rows no longer fit."""

_BLOCK = 32768
_CHECKED = 16


@dataclass(frozen=True, slots=True)
class GenerationFiles:
    """The files of a generation in the making that are looked at here."""

    folder: Path
    files: Sequence[Path]
    """Vectors of passages and of sentences, each kind in order."""
    rows: Path
    """Where each passage's vector lies (`index.storage.vector_files`)."""
    dimension: int

    def of(self, kind: str) -> list[Path]:
        """The files in one of the folders of `layout`."""
        return [one for one in self.files if one.parent.name == kind]


def prepare(
    new: GenerationFiles, asked: str, before: tuple[Path, DenseRecord] | None = None, check: Check | None = None
) -> DenseRecord:
    """Have what `asked` (one of `INDEX_TYPES`) means for this generation in its folder, and say what that is.

    `before` is the folder and the record of the generation before, whose structure is taken over where it can be;
    `check` is asked by the structure's name before that is extended, and raises where it is not what was written.
    """
    dense = DenseIndex(new.of(layout.VECTORS), new.dimension)
    live = PassageRows(new.rows, dense.rows).used()
    used = int(np.count_nonzero(live))
    if not used or asked == "exact" or (asked == "auto" and used <= SCANNED):
        return DenseRecord(asked)
    old = None if before is None else before[1]
    if before is None or old is None or not _still_holds(old, dense):
        return _made(new, dense, live, asked)
    source = before[0] / old.file
    if dense.rows - old.rows <= MOST_BEHIND:
        target = new.folder / old.file
        target.parent.mkdir(exist_ok=True)
        layout.link_or_copy(source, target)
        return replace(old, asked=asked)
    if dense.rows > MOST_GROWN * old.trained:
        return _made(new, dense, live, asked)
    if check is not None:
        check(old.file)
    record = replace(old, asked=asked, file=_file(new))
    ivf.extend(new.folder / record.file, source, _blocks(dense, old.rows))
    return _tuned(new, dense, live, record)


def open_ivf(folder: Path, record: DenseRecord) -> IvfIndex | None:
    """The structure of a generation, None where it has none."""
    return IvfIndex(folder / record.file, record.probes, record.rescored) if record.file else None


def _file(new: GenerationFiles) -> str:
    """Where a structure goes: under a name of its own, so that no file of an older generation is ever written to."""
    (new.folder / layout.APPROXIMATE).mkdir(exist_ok=True)
    return f"{layout.APPROXIMATE}/{layout.stem(new.folder)}.faiss"


def _made(new: GenerationFiles, dense: DenseIndex, live: npt.NDArray[np.bool_], asked: str) -> DenseRecord:
    lists = ivf.lists_for(dense.rows)
    chance = np.random.default_rng(1)
    rows = chance.choice(dense.rows, min(dense.rows, ivf.TRAINED_ON * lists), replace=False)
    record = DenseRecord(asked, "ivf", _file(new), trained=dense.rows, lists=lists)
    ivf.train(new.folder / record.file, dense.vectors(np.sort(rows)), lists, _blocks(dense, 0))
    return _tuned(new, dense, live, record)


def _tuned(new: GenerationFiles, dense: DenseIndex, live: npt.NDArray[np.bool_], record: DenseRecord) -> DenseRecord:
    """The record with what is measured; where no parameters reach the recall, all is scanned."""
    structure = IvfIndex(new.folder / record.file, lambda _: 1, 1.0)
    found = tune(structure, dense, _queries(new), live)
    if found is None:
        (new.folder / record.file).unlink()
        return DenseRecord(record.asked)
    check = _check(dense, structure.rows)
    return replace(record, rows=structure.rows, rescored=found.rescored, check=check, recalls=found.recalls)


def _queries(new: GenerationFiles) -> Vectors:
    """What stands for questions: each the sum of two sentences.

    A question is less like any passage than the passage's own sentences are. At 10^6 passages eight lists of 2000 held
    .979 of the hundred nearest to sentences, .939 of those to real questions, .946 of those to such sums.
    """
    sentences = SentenceVectors(new.of(layout.SENTENCES))
    chance = np.random.default_rng(2)
    one, other = (chance.integers(sentences.rows, size=QUERIES) for _ in range(2))
    vectors = sentences.vectors(one) + sentences.vectors(other)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def _blocks(dense: DenseIndex, first: int) -> Iterator[Vectors]:
    for begin in range(first, dense.rows, _BLOCK):
        yield dense.vectors(np.arange(begin, min(begin + _BLOCK, dense.rows)))


def _still_holds(old: DenseRecord, dense: DenseIndex) -> bool:
    """Whether the structure's rows are the first rows of this generation: none was dropped and the others moved."""
    return bool(old.file) and old.rows <= dense.rows and _check(dense, old.rows) == old.check


def _check(dense: DenseIndex, rows: int) -> str:
    some = np.unique(np.linspace(0, rows - 1, _CHECKED).astype(np.int64))
    return hashlib.sha256(dense.vectors(some).tobytes()).hexdigest()[:32]
