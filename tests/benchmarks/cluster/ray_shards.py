"""Measure memory and time of a shard of an index, for growing numbers of shards.

Each shard is opened in its own process and asked questions; the resident memory of the index's files is then read from
/proc/<pid>/smaps. Every shard maps whole files, but only the pages that it touches are resident.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from index.lexical import tantivy_index as lexical
from index.lexical.tantivy_index import LexicalIndex
from index.ranking.search import Index
from tests.benchmarks.indexing.synthetic_index import OF_DOCUMENT
from tests.paths import ROOT

_MEGABYTE = 1e6


@dataclass(frozen=True, slots=True)
class Cost:
    """Figures of one shard after its questions: bytes of memory, median seconds of processor time per question."""

    vectors: float
    """Resident bytes of the vector files."""
    lexical: float
    """Resident bytes of the lexical files; the system maps sixteen pages where one is touched."""
    touched: float
    """The part of these that questions read, in pages of 4 kB."""
    own: float
    """Growth of all other memory of the process since before it opened the shard."""
    dense: float
    words: float


def table(
    folder: Path,
    questions: Sequence[tuple[list[float], list[str]]],
    console: Console,
    shards: Sequence[int] = (1, 2, 4, 8, 32),
) -> list[Cost]:
    """Measure the middle shard for each number of shards; print and return the figures."""
    written = folder / "questions.json"
    written.write_text(json.dumps(questions), encoding="utf-8")
    result = [_apart(folder, written, number // 2, number) for number in shards]
    shown = Table("shards", "vectors", "lexical", "lexical, touched", "its own", "dense search", "lexical search")
    for number, cost in zip(shards, result, strict=True):
        sizes = (cost.vectors, cost.lexical, cost.touched, cost.own)
        shown.add_row(
            str(number),
            *(f"{size / _MEGABYTE:.1f} MB" for size in sizes),
            *(f"{1000 * item:.2f} ms" for item in (cost.dense, cost.words)),
        )
    console.print(shown)
    return result


def words_table(
    folder: Path, whole: Index, terms: Sequence[list[str]], count: int, console: Console
) -> tuple[float, float]:
    """The lexical search of a narrow shard in an index of `count` passages, those of an index over and over, mixed.

    Returns seconds of a question whatever the shard, and for each passage of it; of processor time.
    """
    rows = [text for _, _, text in whole.records.lexical_rows()]
    chance = random.Random(1)  # noqa: S311 - reproducible, not secret
    again = (text for _ in range(-(-count // len(rows))) for text in chance.sample(rows, len(rows)))
    lexical.write(folder, ((number, number // OF_DOCUMENT, next(again)) for number in range(count)))
    opened = LexicalIndex(folder)
    shown = Table("shards", "by range of passages", "by documents", title=f"lexical search, {count:,} passages")
    result: dict[int, float] = {}
    for shards in (2, 8, 16, 64):
        size = count // shards
        first = shards // 2 * size
        number_range = first, first + size - 1
        documents = frozenset(range(first // OF_DOCUMENT, (first + size) // OF_DOCUMENT))
        by_range = _median(partial(_scored, opened, number_range=number_range), terms)
        result[size] = _median(partial(_scored, opened, documents=documents), terms)
        shown.add_row(str(shards), f"{1000 * by_range:.2f} ms", f"{1000 * result[size]:.2f} ms")
    console.print(shown)
    few, many = min(result), count // 16
    each = max((result[many] - result[few]) / (many - few), 0.0)
    return max(result[few] - few * each, 0.0), each


def _scored(opened: LexicalIndex, terms: Sequence[str], **among: Any) -> object:
    return opened.search(terms, 100, **among)


def _apart(folder: Path, questions: Path, shard: int, shards: int) -> Cost:
    words = [
        sys.executable,
        "-m",
        "tests.benchmarks.cluster.ray_shards",
        str(folder),
        str(questions),
        str(shard),
        str(shards),
    ]
    run = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, encoding="utf-8")
    return Cost(**json.loads(run.stdout))


def _measured(folder: Path, questions: Path, shard: int, shards: int) -> Cost:
    """Open a shard in this process and ask questions. `questions` holds pairs of a vector and terms, as JSON."""
    import numpy as np

    from index import manifest
    from index.cluster.search import Shard

    asked = [(np.array(vector, np.float32), terms) for vector, terms in json.loads(questions.read_text("utf-8"))]
    generation = manifest.read(folder).generation
    before = _memory("", folder)
    part = Shard(folder, generation, shard, shards)
    for vector, terms in asked:
        part.propose(vector, terms, 100, None)
    vectors, lexical, own = (_memory(kind, folder) for kind in ("vectors/", "lexical/", ""))
    Path("/proc/self/clear_refs").write_text("1", "ascii")
    words = _median(lambda one: part.propose_lexical(one[1], 100), asked)
    touched = _memory("lexical/", folder, "Referenced:")
    both = _median(lambda one: part.propose(one[0], one[1], 100, None), asked)
    return Cost(vectors, lexical, touched, own - before, both - words, words)


def _median(ask: Callable[[Any], Any], asked: Sequence[Any]) -> float:
    result = []
    for question in asked:
        began = time.thread_time()
        ask(question)
        result.append(time.thread_time() - began)
    return statistics.median(result)


def _memory(kind: str, folder: Path, field: str = "Rss:") -> float:
    """Return the resident bytes of the index's mapped files of a kind; without a kind, of anonymous memory."""
    total, counted = 0, False
    for line in Path("/proc/self/smaps").read_text("utf-8").splitlines():
        first = line.split()[0]
        if not first.endswith(":"):
            name = line.split(maxsplit=5)[5] if len(line.split(maxsplit=5)) == 6 else ""
            counted = str(folder) in name and kind in name if kind else not name.startswith("/")
        elif first == field and counted:
            total += int(line.split()[1])
    return total * 1024.0


if __name__ == "__main__":
    print(json.dumps(asdict(_measured(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))))
