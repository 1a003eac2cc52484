"""The resources a server holds after each turn of a long run, and whether they grew; `endurance` measures them."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass

MORE_MEMORY, MORE_STILL = 1.05, 0.01
"""Limits of memory at the end: as a multiple of that after a tenth of the time, and its growth over the last half.

With the defaults of glibc (`corpus.processes`) memory grew in 6 minutes and 67 documents from 456 to 666 MB, 18 ± 8 MB
of it in the last 3; with limited arenas, in 120 documents from 455 to 463 MB, 0.2 ± 0.9 MB of it in the last 3. In 30
minutes and 1,346 documents, with builds in a child process, it grew from 519 to 537 MB, 4.9 ± 0.3 MB in the last 15.
"""

MORE_FILES = 16
"""Additional files of the index at the end, and additional open ones per process.

While segments and shards are added and merged, an index has 21 to 34 files, of which a process has 5 to 11 open.
"""

MORE_OTHERS = 8
"""Additional other open files at the end: connections that the server has not yet closed."""

MORE_THREADS = 16
"""Additional threads at the end: the pools of Gradio and anyio start theirs when requests wait for one."""

SLOWER = 1.5
"""Limit of the median time of a question over the last quarter, as a multiple of that over the second quarter."""


@dataclass(frozen=True, slots=True)
class Resources:
    """Resources of a server after a turn, `seconds` after the start."""

    seconds: float
    memory: tuple[int, ...]
    """Bytes of the server's process and of each child process."""
    opened: int
    """Descriptors of the index's files."""
    others: int
    """All other descriptors: connections, pipes, locks."""
    temporary: int
    index: int
    threads: int = 0
    """Of all processes."""
    latency: float = 0.0
    """Median seconds of the questions of the turn."""


@dataclass(frozen=True, slots=True)
class EnduranceResult:
    """The result of a run; `wrong` are errors, and answers that changed."""

    turns: int
    asked: int
    wrong: tuple[str, ...]
    held: tuple[Resources, ...]
    """After each turn."""

    @property
    def early(self) -> Resources:
        """Resources after a tenth of the time."""
        return next(resources for resources in self.held if resources.seconds >= self.late.seconds / 10)

    @property
    def late(self) -> Resources:
        """Resources at the end."""
        return self.held[-1]

    @property
    def still(self) -> tuple[float, float]:
        """Growth of memory over the last half in bytes, by least squares, and two standard errors of it."""
        half = [(item.seconds, sum(item.memory)) for item in self.held if item.seconds >= self.late.seconds / 2]
        if len(half) < 3:
            return 0.0, 0.0
        seconds, memory = zip(*half, strict=True)
        slope, begin = statistics.linear_regression(seconds, memory)
        off = sum((bytes_ - begin - slope * after) ** 2 for after, bytes_ in half) / (len(half) - 2)
        error = math.sqrt(off / (len(half) * statistics.pvariance(seconds)))
        over = seconds[-1] - seconds[0]
        return slope * over, 2 * error * over

    @property
    def swelled(self) -> bool:
        """Whether memory grew."""
        early, late = sum(self.early.memory), sum(self.late.memory)
        grown, error = self.still
        return late > MORE_MEMORY * early or grown - error > MORE_STILL * late

    @property
    def latencies(self) -> tuple[float, ...]:
        """The median seconds of a question over each quarter of the time, empty for less than eight turns."""
        if len(self.held) < 8:
            return ()
        size = len(self.held) / 4
        quarters = (self.held[round(size * number) : round(size * (number + 1))] for number in range(4))
        return tuple(statistics.median(item.latency for item in quarter) for quarter in quarters)

    @property
    def slowed(self) -> bool:
        """Whether questions take longer in the last quarter than in the second."""
        return bool(self.latencies) and self.latencies[3] > SLOWER * self.latencies[1]

    @property
    def grew(self) -> tuple[str, ...]:
        """The resources except memory that grew beyond their limits."""
        early, late = self.early, self.late
        pairs = {
            "open files of the index": (early.opened + MORE_FILES * len(late.memory), late.opened),
            "other open files": (early.others + MORE_OTHERS, late.others),
            "temporary files": (early.temporary, late.temporary),
            "files of the index": (early.index + MORE_FILES, late.index),
            "threads": (early.threads + MORE_THREADS, late.threads),
        }
        return tuple(f"{name}: {now}, at most {before}" for name, (before, now) in pairs.items() if now > before)
