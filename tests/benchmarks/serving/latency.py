"""Measure the cost of a question in indexes of growing size: the figures in the documentation.

    python -m tests.benchmarks.serving.latency [--sizes 1000,10000,100000] [--huge] [--questions 100] [--keep DIR]

Writes indexes of synthetic passages (`--huge` adds 10^6, some minutes and 8 GB; `--keep` keeps them in a folder), then
asks real questions of the public sets. Each size is measured in its own process, in wall-clock time and in processor
time, which other work on the machine does not affect. Memory is measured after the questions: all resident memory, and
the anonymous part, without pages of files, which the system can reclaim. An exponent of 1 means linear growth.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from index.models.encoder import load
from index.ranking.search import Index
from qa.answering.library import Library
from qa.question.filters import Filters, parse_filters
from tests.benchmarks.indexing import synthetic, synthetic_index
from tests.benchmarks.question_sets import ranking_sets
from tests.paths import DATA

HUGE = 1_000_000
KEEPING = {"": Filters(), "50 %": parse_filters(edition=["1900..1949"]), "10 %": parse_filters(edition=["1900..1909"]),
           "1 %": parse_filters(edition=["1900"])}  # fmt: skip
"""Filters by the share of the passages that they keep."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Median and 95th percentile of the milliseconds per question, in wall-clock and in processor time."""

    clock: tuple[float, float]
    processor: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of one size: milliseconds to open, resident and anonymous megabytes, question costs by filter."""

    passages: int
    kind: str
    opening: float
    resident: tuple[float, float]
    disk: float
    costs: dict[str, Cost]


def measure(folder: Path, questions: int) -> Measured:
    """Ask an index questions, without a filter and with each."""
    encoder = load()
    Index(folder)  # imports and first page faults are not measured
    begun = time.perf_counter()
    opened = Index(folder)
    opening = 1000 * (time.perf_counter() - begun)
    library = Library(folder, encoder)
    texts = asked(questions)
    for text in texts[: len(texts) // 5]:
        library.ask(text)
    costs = {name: _cost(library, texts, filters) for name, filters in KEEPING.items()}
    disk = sum(file.size for file in opened.manifest.files.values()) / 1e6
    return Measured(opened.manifest.passages, opened.manifest.dense.kind, opening, _resident(), disk, costs)


def _cost(library: Library, texts: Sequence[str], filters: Filters) -> Cost:
    clock, processor = [], []
    for text in texts:
        begun, used = time.perf_counter(), time.process_time()
        library.ask(text, filters=filters)
        clock.append(1000 * (time.perf_counter() - begun))
        processor.append(1000 * (time.process_time() - used))
    middle, late = (tuple(np.percentile(some, (50, 95)).round(2).tolist()) for some in (clock, processor))
    return Cost(middle, late)


def asked(count: int) -> list[str]:
    """Return questions of the public sets, alternating between them."""
    sets = [[question.text for question in some.questions()] for some in ranking_sets.SETS[:5]]
    return [some[place] for place in range(count) for some in sets if place < len(some)][:count]


def _resident() -> tuple[float, float]:
    """Return the resident megabytes of this process, and those that are not pages of files.

    Where the system does not say: twice the most that there ever were.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        lines = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
        return int(lines["VmRSS"].split()[0]) / 1000, int(lines["RssAnon"].split()[0]) / 1000
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    return most, most


def ensure(folder: Path, sizes: Sequence[int]) -> None:
    """Write the indexes of these sizes that do not exist yet."""
    missing = [size for size in sizes if not (folder / str(size) / "manifest.json").exists()]
    if not missing:
        return
    encoder = load()
    real = synthetic.source([ranking_sets.open_index(name, encoder) for name in ranking_sets.SETS[:5]])
    for size in missing:
        shutil.rmtree(folder / str(size), ignore_errors=True)
        begun = time.perf_counter()
        synthetic_index.write(folder / str(size), real, size, encoder)
        print(f"wrote {size:,} passages in {time.perf_counter() - begun:.0f} s", file=sys.stderr)


def table(found: Sequence[Measured]) -> Table:
    """Return the figures with the exponent of growth from each size to the next."""
    columns = ("passages", "filter keeps", "index", "open ms", "resident MB", "own", "on disk MB")
    times = ("ask p50 ms", "p95", "processor p50", "p95", "grows")
    shown = Table(*columns, *times, box=None, pad_edge=False)
    for before, item in zip([None, *found], found, strict=False):
        for name, cost in item.costs.items():
            sizes = (item.opening, *item.resident, item.disk)
            head = ("",) * 6 if name else (f"{item.passages:,}", item.kind, *(f"{size:.0f}" for size in sizes))
            growth = ""
            if before is not None:
                ratio = cost.processor[1] / before.costs[name].processor[1]
                growth = f"n^{math.log(ratio) / math.log(item.passages / before.passages):.2f}"
            costs = (f"{value:.1f}" for value in (*cost.clock, *cost.processor))
            shown.add_row(head[0], name, *head[1:], *costs, growth)
    return shown


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.serving.latency", description="What a question costs."
    )
    parser.add_argument("--sizes", default="1000,10000,100000", help="numbers of passages")
    parser.add_argument("--huge", action="store_true", help=f"{HUGE:,} passages, too")
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the indexes there, and use those that are")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.one:
        print(json.dumps(asdict(measure(options.one, options.questions))))
        return 0
    if not ranking_sets.choose_sets([]):
        print(f"skipped: no data in {DATA} (set YEARBOOK_QA_DATA)")
        return 0
    sizes = sorted({int(word) for word in options.sizes.split(",")} | ({HUGE} if options.huge else set()))
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        ensure(folder, sizes)
        result = [_apart(folder / str(size), options.questions) for size in sizes]
    Console(width=None if sys.stdout.isatty() else 150).print(table(result))
    return 0


def _apart(folder: Path, questions: int) -> Measured:
    """Run `measure` in its own process."""
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks.serving.latency",
        "--one",
        str(folder),
        "--questions",
        str(questions),
    ]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    fields = json.loads(done.stdout.splitlines()[-1])
    costs = {name: Cost(tuple(item["clock"]), tuple(item["processor"])) for name, item in fields.pop("costs").items()}
    return Measured(costs=costs, **fields | {"resident": tuple(fields["resident"])})


if __name__ == "__main__":
    raise SystemExit(main())
