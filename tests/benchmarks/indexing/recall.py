"""Measure the recall of the approximate dense search against an exact scan: the figures in the documentation.

    python -m tests.benchmarks.indexing.recall [--sizes 250000] [--questions 200] [--keep DIR]

Uses the synthetic indexes of `tests.benchmarks.serving.latency` and real questions of the public sets, which take no
part in tuning; without a filter, and with filters by edition that keep 50, 10 and 1 % of the passages. Also prints the
recall that the build measured with its own queries, and milliseconds of processor time per dense search.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from index import layout
from index.dense import ivf_build
from index.dense.dense_index import DenseIndex, RowFilter
from index.models.encoder import Encoder, Vectors, load
from index.ranking.search import Index
from index.storage.vector_files import Rows
from qa.question.filters import Filters
from tests.benchmarks.question_sets import ranking_sets
from tests.benchmarks.serving.latency import KEEPING, asked, ensure
from tests.paths import DATA

DEPTH = 100


def rows_of(index: Index, base: Path, filters: Filters) -> tuple[DenseIndex, DenseIndex, RowFilter | None]:
    """Return the dense search of the index, an exact one, and the rows that a filter leaves (None: all)."""
    shards = [base / name for name in index.manifest.files_of(layout.VECTORS)]
    dimension = index.manifest.model.dimension
    usual = DenseIndex(shards, dimension, ivf_build.open_ivf(base, index.manifest.dense))
    if not filters:
        return usual, DenseIndex(shards, dimension), None
    kept = index.subset([document for document in index.documents if filters.matches(document)])
    return usual, DenseIndex(shards, dimension), kept.allowed if kept is not None else None


def searched(dense: DenseIndex, questions: Vectors, allowed: RowFilter | None) -> tuple[list[Rows], float]:
    """Return the first rows for each question, and the median milliseconds of processor time."""
    result, times = [], []
    for question in questions:
        begun = time.process_time()
        result.append(dense.search_rows(question, DEPTH, allowed)[:DEPTH])
        times.append(1000 * (time.process_time() - begun))
    return result, float(np.median(times))


def table(folder: Path, encoder: Encoder, questions: int) -> Table:
    """Return the figures of one index."""
    index = Index(folder)
    base = layout.generation_folder(folder, index.manifest.generation)
    record = index.manifest.dense
    vectors = encoder.encode(asked(questions), query=True)
    title = f"{index.manifest.passages:,} passages: {record.kind}, {record.lists} lists"
    columns = (
        "filter keeps",
        "passages left",
        "recall@10",
        "recall@100",
        "at the build",
        "lists read",
        "ms",
        "exact ms",
    )
    shown = Table(*columns, box=None, pad_edge=False, title=title, title_justify="left")
    for name, filters in KEEPING.items():
        usual, exact, allowed = rows_of(index, base, filters)
        (result, quick), (nearest, slow) = (searched(item, vectors, allowed) for item in (usual, exact))
        at_10, at_100 = (
            np.mean([len(np.intersect1d(a[:depth], b[:depth])) / max(len(b[:depth]), 1)
                     for a, b in zip(result, nearest, strict=True)])
            for depth in (10, DEPTH)
        )  # fmt: skip
        left = usual.rows if allowed is None else len(allowed)
        approximate = bool(record.file) and usual.is_approximate(allowed)
        at_build = (
            next(recall for recall in record.recalls if recall.share <= left / usual.rows) if approximate else None
        )
        measured = f"{at_build.recall_at_10:.3f} {at_build.recall_at_100:.3f}" if at_build else "scanned"
        shown.add_row(name, f"{left:,}", f"{at_10:.4f}", f"{at_100:.4f}", measured,
                      str(at_build.probes) if at_build else "", f"{quick:.2f}", f"{slow:.2f}")  # fmt: skip
    return shown


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.indexing.recall", description="Recall of dense search."
    )
    parser.add_argument("--sizes", default="250000", help="numbers of passages")
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the indexes there, and use those that are")
    options = parser.parse_args(arguments)
    if not ranking_sets.choose_sets([]):
        print(f"skipped: no data in {DATA} (set YEARBOOK_QA_DATA)")
        return 0
    encoder = load()
    sizes = [int(word) for word in options.sizes.split(",")]
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        ensure(folder, sizes)
        console = Console(width=None if sys.stdout.isatty() else 130)
        for size in sizes:
            console.print(table(folder / str(size), encoder, options.questions))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
