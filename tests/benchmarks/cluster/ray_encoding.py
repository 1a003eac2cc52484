"""Measure encoding by the workers of a cluster, without the reading and writing of a build."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from rich.console import Console
from rich.table import Table

from index.models.encoder import load
from tests.paths import DATA

SCALING, OVERHEAD = 1.8, 1.15
"""Targets: two workers against one, and the engine against a local build with the same number of threads."""


def paragraphs() -> list[dict[str, str]]:
    """Return real paragraphs."""
    file = DATA / "datasets" / "squad2_dev" / "corpus.jsonl"
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def timed(run: Callable[[], Any]) -> tuple[float, float]:
    """Return wall-clock seconds and the processor time of this process."""
    clock, processor = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - clock, time.process_time() - processor


def encoding(count: int, rounds: int, console: Console) -> None:
    """Print the first table: real paragraphs encoded, nothing read and nothing written."""
    from index.cluster.session import connected, restrict_to_this_machine

    restrict_to_this_machine()  # before Ray is imported
    from index.cluster.indexing import ClusterEncoder
    from index.cluster.tasks import ModelSpec

    texts = [paragraph["text"] for paragraph in paragraphs()][:count]
    ways: dict[str, Any] = {"this process, one thread": load(threads=1)}
    with connected(workers=2):
        for workers in (1, 2):
            ways[f"cluster, {workers} worker(s)"] = result = ClusterEncoder(load(), ModelSpec.of(load()), workers)
            result.encode([f"warm {number} {'words ' * 30}" for number in range(128 * workers)])
        taken: dict[str, list[float]] = {}
        for _ in range(rounds):
            for name, encoder in ways.items():
                taken.setdefault(name, []).append(timed(partial(encoder.encode, texts))[0])
    table = Table("encoding alone", "seconds", "texts/s", title=f"{len(texts):,} texts, {rounds} rounds")
    for name, some in taken.items():
        median = statistics.median(some)
        table.add_row(name, f"{median:.2f} ({min(some):.2f}..{max(some):.2f})", f"{len(texts) / median:.1f}")
    console.print(table)
    for what, times in (
        ("medians", {name: statistics.median(some) for name, some in taken.items()}),
        ("the quickest rounds", {name: min(some) for name, some in taken.items()}),
    ):
        alone, item, two = times.values()
        console.print(
            f"{what}: two workers of one thread against one {item / two:.2f}x (to reach: {SCALING}x); one worker "
            f"against this process {item / alone:.2f}x (at most {OVERHEAD}x)"
        )
