"""What a server holds after each turn of a long run, and whether it grew. Pure; `endurance` takes the measurements."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass

MORE_MEMORY, MORE_STILL = 1.05, 0.01
"""What there may be at the end: times the memory of a tenth of the way; and by what share it grows over the last half.

With glibc as it is (`qa.web.malloc`) 67 documents took it in 6 minutes from 456 MB to 666, 18 ± 8 of it in the last 3;
told to keep little, 120 documents took it from 455 to 463, of which 0.2 ± 0.9. In 30 minutes, with builds in a process
of their own, 1,346 took it from 519 to 537, 4.9 ± 0.3 of it in the last 15, in steps.
"""

MORE_FILES = 16
"""Files of the index that there may be more at the end, and open ones in each process.

As segments and shards come together and are merged, an index of a few builds has 21 to 34 files, of which a process has
5 to 11 open.
"""

MORE_OTHERS = 8
"""Other open files that there may be more at the end: connections whose end the server has not yet noticed."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a server holds after a turn: after so many seconds, bytes of memory and numbers of files."""

    seconds: float
    memory: tuple[int, ...]
    """Of its own process, and of each that it started."""
    opened: int
    """Descriptors of the index's files."""
    others: int
    """All other descriptors: connections, pipes, locks."""
    temporary: int
    index: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it; `wrong` are errors, and answers that were others than at the beginning."""

    turns: int
    asked: int
    wrong: tuple[str, ...]
    held: tuple[Held, ...]
    """After each turn."""

    @property
    def early(self) -> Held:
        """What was held once a tenth of the time was over."""
        return next(one for one in self.held if one.seconds >= self.late.seconds / 10)

    @property
    def late(self) -> Held:
        """What is held at the end."""
        return self.held[-1]

    @property
    def still(self) -> tuple[float, float]:
        """How many bytes memory grew by over the last half, by least squares, and twice the error of that."""
        half = [(one.seconds, sum(one.memory)) for one in self.held if one.seconds >= self.late.seconds / 2]
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
    def grew(self) -> tuple[str, ...]:
        """What of all that grew, but for memory."""
        early, late = self.early, self.late
        pairs = {
            "open files of the index": (early.opened + MORE_FILES * len(late.memory), late.opened),
            "other open files": (early.others + MORE_OTHERS, late.others),
            "temporary files": (early.temporary, late.temporary),
            "files of the index": (early.index + MORE_FILES, late.index),
        }
        return tuple(f"{name}: {now}, at most {before}" for name, (before, now) in pairs.items() if now > before)
