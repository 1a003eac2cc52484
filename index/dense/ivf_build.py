"""Decide at the build how a generation's vectors are searched, and build or extend its inverted lists.

A scan is exact, and fast up to `SCANNED` vectors. A larger index gets inverted lists over all its rows. Rows added
later are scanned until there are many; then the lists are extended, and trained again once the index has doubled.
Adding a document to a million therefore costs little more than that document.
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

INDEX_TYPES = ("auto", "exact", "ivf")

MAX_UNLISTED = 50_000
"""Maximum rows outside the lists, which each question scans in about 5 ms, before the lists are extended."""

RETRAINING_GROWTH = 2.0
"""Growth since the training above which the lists are trained again, as they no longer fit the vectors."""

_BLOCK = 32768
_ROWS_HASHED = 16


@dataclass(frozen=True, slots=True)
class GenerationFiles:
    """The files of an unfinished generation that decide how it is searched."""

    folder: Path
    files: Sequence[Path]
    """Vectors of passages and of sentences, each kind in order."""
    rows: Path
    """The array of passage rows."""
    dimension: int

    def of(self, kind: str) -> list[Path]:
        """Return the files in a folder named by `index.layout`."""
        return [path for path in self.files if path.parent.name == kind]


def prepare(
    new: GenerationFiles,
    asked: str,
    before: tuple[Path, DenseRecord] | None = None,
    check: Callable[[str], None] | None = None,
) -> DenseRecord:
    """Build, extend or link the inverted lists of a generation, if it needs any, and return their record.

    Args:
        new: Files of the generation.
        asked: One of `INDEX_TYPES`.
        before: Folder and record of the generation before.
        check: Called with the name of the old lists before they are extended; raises if they are damaged.
    """
    dense = DenseIndex(new.of(layout.VECTORS), new.dimension)
    live = PassageRows(new.rows, dense.rows).used()
    used = int(np.count_nonzero(live))
    if not used or asked == "exact" or (asked == "auto" and used <= SCANNED):
        return DenseRecord(asked)
    if before is None or not _is_valid(before[1], dense):
        return _train(new, dense, live, asked)
    folder, old = before
    if dense.rows - old.rows <= MAX_UNLISTED:
        target = new.folder / old.file
        target.parent.mkdir(exist_ok=True)
        layout.link_or_copy(folder / old.file, target)
        return replace(old, asked=asked)
    if dense.rows > RETRAINING_GROWTH * old.trained:
        return _train(new, dense, live, asked)
    if check is not None:
        check(old.file)
    record = replace(old, asked=asked, file=_new_file(new))
    ivf.extend(new.folder / record.file, folder / old.file, _blocks(dense, old.rows))
    return _tune(new, dense, live, record)


def open_ivf(folder: Path, record: DenseRecord) -> IvfIndex | None:
    """Open the inverted lists of the generation in `folder`; return None if it has none."""
    return IvfIndex(folder / record.file, record.probes, record.rescored) if record.file else None


def _new_file(new: GenerationFiles) -> str:
    """Return a file name that contains the generation, so that no file of an older generation is ever overwritten."""
    (new.folder / layout.APPROXIMATE).mkdir(exist_ok=True)
    return f"{layout.APPROXIMATE}/{layout.stem(new.folder)}.faiss"


def _train(new: GenerationFiles, dense: DenseIndex, live: npt.NDArray[np.bool_], asked: str) -> DenseRecord:
    lists = ivf.lists_for(dense.rows)
    random = np.random.default_rng(1)
    rows = random.choice(dense.rows, min(dense.rows, ivf.TRAINED_ON * lists), replace=False)
    record = DenseRecord(asked, "ivf", _new_file(new), trained=dense.rows, lists=lists)
    ivf.train(new.folder / record.file, dense.vectors(np.sort(rows)), lists, _blocks(dense, 0))
    return _tune(new, dense, live, record)


def _tune(new: GenerationFiles, dense: DenseIndex, live: npt.NDArray[np.bool_], record: DenseRecord) -> DenseRecord:
    """Add the measured parameters to the record; if none reach the required recall, return that of a scan."""
    lists = IvfIndex(new.folder / record.file, lambda _: 1, 1.0)
    tuned = tune(lists, dense, _queries(new), live)
    if tuned is None:
        (new.folder / record.file).unlink()
        return DenseRecord(record.asked)
    check = _hash_sample(dense, lists.rows)
    return replace(record, rows=lists.rows, rescored=tuned.rescored, check=check, recalls=tuned.recalls)


def _queries(new: GenerationFiles) -> Vectors:
    """Return substitutes for questions: sums of two sentences each.

    A question is less similar to any passage than the passage's own sentences are. At 10^6 passages eight lists of 2000
    held .979 of the hundred nearest to sentences, .939 of those to real questions, .946 of those to such sums.
    """
    sentences = SentenceVectors(new.of(layout.SENTENCES))
    random = np.random.default_rng(2)
    first, second = (random.integers(sentences.rows, size=QUERIES) for _ in range(2))
    vectors = sentences.vectors(first) + sentences.vectors(second)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def _blocks(dense: DenseIndex, first: int) -> Iterator[Vectors]:
    for begin in range(first, dense.rows, _BLOCK):
        yield dense.vectors(np.arange(begin, min(begin + _BLOCK, dense.rows)))


def _is_valid(old: DenseRecord, dense: DenseIndex) -> bool:
    """Return whether the rows of the old lists are the leading rows of this generation, none dropped or moved."""
    return bool(old.file) and old.rows <= dense.rows and _hash_sample(dense, old.rows) == old.check


def _hash_sample(dense: DenseIndex, rows: int) -> str:
    sample = np.unique(np.linspace(0, rows - 1, _ROWS_HASHED).astype(np.int64))
    return hashlib.sha256(dense.vectors(sample).tobytes()).hexdigest()[:32]
