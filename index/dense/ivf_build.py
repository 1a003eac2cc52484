"""Decide at the build how a generation's vectors are searched, and build or extend its inverted lists.

A scan is exact, and fast up to `MAX_SCANNED` vectors. A larger index gets inverted lists over all its rows. Rows
added later are scanned until there are many; then the lists are extended, and trained again once the index has doubled.
Adding a document to a million therefore costs little more than that document.

How many lists a search reads, and how many rows it scores exactly, is chosen by measured recall: the share of the truly
nearest rows (by a scan) among the proposed ones. One half of the queries tunes the parameters; the other half validates
them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index import layout
from index.dense import dense_index
from index.dense.dense_index import MAX_SCANNED, DenseIndex, IvfIndex, all_cores
from index.manifest import DenseRecord, Recall
from index.models.encoder import Vectors
from index.storage.vector_files import PassageRows, Rows, SentenceVectors

MAX_UNLISTED = 50_000
"""Maximum rows outside the lists, which each question scans in about 5 ms, before the lists are extended."""

RETRAINING_GROWTH = 2.0
"""Growth since the training above which the lists are trained again, as they no longer fit the vectors."""

_BLOCK = 32768
_ROWS_HASHED = 16

MIN_RECALL = 0.97
"""Required recall of the ten nearest, and of the hundred that fusion considers; higher recall costs more lists."""

MIN_TUNING_RECALL = 0.99
"""Required recall on the tuning half, higher since real questions are harder. At .985 (.98 on the other half) two
hundred questions reached .965 among 220,000 passages; among 10^6, .972 with 16 lists and .991 with 32
(`tests.benchmarks.indexing.recall`)."""

SHARES = (1.0, 0.5, 0.1, 0.01)
"""Shares of the rows that the simulated filters keep."""

TUNING_QUERIES = 200
"""Queries to tune with and to validate with, half of them each."""

TRUE_NEAREST = 100
"""Nearest rows of a query, by a scan, that the proposed rows should include."""

FIRST_NEAREST = 10
"""Of these, the first, whose recall is measured on its own."""

_RESCORED = (1.5, 3.0, 6.0)
"""Rows scored exactly per row wanted, to try in turn."""

_FILTERED_TOGETHER = 128
"""Adjacent rows that a simulated filter keeps or drops together, like those of a document."""


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


def build_or_reuse(
    new: GenerationFiles,
    requested: str,
    before: tuple[Path, DenseRecord] | None = None,
    check: Callable[[str], None] | None = None,
) -> DenseRecord:
    """Build, extend or link the inverted lists of a generation, if it needs any, and return their record.

    Args:
        new: Files of the generation.
        requested: One of `layout.INDEX_TYPES`.
        before: Folder and record of the generation before.
        check: Called with the name of the old lists before they are extended; raises if they are damaged.
    """
    dense = DenseIndex(new.of(layout.VECTORS), new.dimension)
    live = PassageRows(new.rows, dense.rows).used()
    used = int(np.count_nonzero(live))
    if not used or requested == "exact" or (requested == "auto" and used <= MAX_SCANNED):
        return DenseRecord(requested)
    if before is None or not _is_valid(before[1], dense):
        return _train(new, dense, live, requested)
    folder, old = before
    if dense.rows - old.rows <= MAX_UNLISTED:
        target = new.folder / old.file
        target.parent.mkdir(exist_ok=True)
        layout.link_or_copy(folder / old.file, target)
        return replace(old, asked=requested)
    if dense.rows > RETRAINING_GROWTH * old.trained:
        return _train(new, dense, live, requested)
    if check is not None:
        check(old.file)
    record = replace(old, asked=requested, file=_new_file(new))
    dense_index.extend(new.folder / record.file, folder / old.file, _blocks(dense, old.rows))
    return _tune(new, dense, live, record)


def open_ivf(folder: Path, record: DenseRecord) -> IvfIndex | None:
    """Open the inverted lists of the generation in `folder`; return None if it has none."""
    return IvfIndex(folder / record.file, record.probes, record.rescored) if record.file else None


def _new_file(new: GenerationFiles) -> str:
    """Return a file name that contains the generation, so that no file of an older generation is ever overwritten."""
    (new.folder / layout.APPROXIMATE).mkdir(exist_ok=True)
    return f"{layout.APPROXIMATE}/{layout.stem(new.folder)}.faiss"


def _train(new: GenerationFiles, dense: DenseIndex, live: npt.NDArray[np.bool_], requested: str) -> DenseRecord:
    lists = dense_index.choose_list_count(dense.rows)
    random = np.random.default_rng(1)
    rows = random.choice(dense.rows, min(dense.rows, dense_index.TRAINING_VECTORS_PER_LIST * lists), replace=False)
    record = DenseRecord(requested, "ivf", _new_file(new), trained=dense.rows, lists=lists)
    dense_index.train(new.folder / record.file, dense.vectors(np.sort(rows)), lists, _blocks(dense, 0))
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
    first, second = (random.integers(sentences.rows, size=TUNING_QUERIES) for _ in range(2))
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


@dataclass(frozen=True, slots=True)
class Tuned:
    """Rows scored exactly per row wanted, and the number of lists with its recall for each share of rows."""

    rescored: float
    recalls: tuple[Recall, ...]


def tune(approximate: IvfIndex, dense: DenseIndex, queries: Vectors, live: npt.NDArray[np.bool_]) -> Tuned | None:
    """Return the cheapest parameters that reach `MIN_RECALL`; None if reading all lists does not.

    Args:
        approximate: The inverted lists.
        dense: Exact search over the same rows, and possibly later ones.
        queries: Unit vectors, shape (queries, dimension).
        live: Rows that are in use, shape (rows,). Shares so small that a search would scan are measured, too.
    """
    rows = approximate.rows
    random = np.random.default_rng(1)
    with all_cores():
        masks = [live[:rows] & _random_rows(rows, share, random) for share in SHARES]
        nearest = [dense.nearest(queries, TRUE_NEAREST, mask) for mask in masks]
        for rescored in _RESCORED:
            recalls: list[Recall] = []
            for share, mask, exact in zip(SHARES, masks, nearest, strict=True):
                measured = _fewest_lists(_measuring(approximate, queries, exact, mask, rescored), approximate.lists)
                if measured is None:
                    break
                recalls.append(
                    Recall(share, measured.probes, *(round(value, 4) for value in measured.validation_recall))
                )
            else:
                return Tuned(rescored, tuple(recalls))
    return None


def _random_rows(rows: int, share: float, random: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Return a mask of this share of the rows, at least one block of them."""
    blocks = -(-rows // _FILTERED_TOGETHER)
    selected = random.permutation(blocks) < max(1, round(share * blocks))
    return np.repeat(selected, _FILTERED_TOGETHER)[:rows]


@dataclass(frozen=True, slots=True)
class _Measured:
    """Recall of the ten nearest and of all, on the tuning and on the validation queries."""

    probes: int
    tuning_recall: tuple[float, float]
    validation_recall: tuple[float, float]


def _measuring(
    approximate: IvfIndex, queries: Vectors, exact: Rows, mask: npt.NDArray[np.bool_], rescored: float
) -> Callable[[int], _Measured]:
    bits = np.packbits(mask, bitorder="little")

    def measure(probes: int) -> _Measured:
        proposed = approximate.nearest(queries, round(TRUE_NEAREST * rescored), probes, bits)
        halves = (
            (recall(exact[half::2, :FIRST_NEAREST], proposed[half::2]), recall(exact[half::2], proposed[half::2]))
            for half in (0, 1)
        )
        return _Measured(probes, *halves)

    return measure


def recall(exact: Rows, proposed: Rows) -> float:
    """Return the share of the rows in `exact` (one line per query, -1 for none) in the same line of `proposed`."""
    known = exact >= 0
    hits = (exact[:, :, None] == proposed[:, None, :]).any(axis=2) & known
    return float(hits.sum() / known.sum()) if known.any() else 1.0


def _fewest_lists(measure: Callable[[int], _Measured], lists: int) -> _Measured | None:
    """Search for the fewest lists that suffice by doubling and bisection; add lists until both halves agree."""
    low, high = 0, 1
    while min((best := measure(high)).tuning_recall) < MIN_TUNING_RECALL:
        if high >= lists:
            return None
        low, high = high, min(2 * high, lists)
    while high - low > max(1, high // 16):
        middle = (low + high) // 2
        tried = measure(middle)
        if min(tried.tuning_recall) < MIN_TUNING_RECALL:
            low = middle
        else:
            best, high = tried, middle
    while min(best.validation_recall) < MIN_RECALL:
        if best.probes >= lists:
            return None
        best = measure(min(best.probes + max(1, best.probes // 8), lists))
    return best
