"""Memory that is freed goes back to the system, where its C library (glibc) can be told to. Elsewhere nothing is done.

glibc keeps a heap for every thread that allocates beside others, eight times as many as there are cores, and lets the
free end of one go only when that is twice as long as the largest block that was ever freed: up to 64 MB of each heap.
`malloc_trim` does not touch those ends. Each build, as each batch and each comparison, runs in threads of its own: when
servers built by themselves, one grew with each change by some 14 MB, from 440 MB to 700, until every heap had its free
end, while what it had in use stayed at 111 MB.
"""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

KEPT = 1 << 20
"""Bytes that a heap may keep at its end, and from which a block is mapped by itself.

With 128 kB, which is where glibc begins, memory is the same and a question takes 200 page faults, some .4 ms.
"""

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # <malloc.h>; setting either also ends that they rise by themselves


def limit_malloc_arenas() -> None:
    """From now on, in this process. To be called once, early."""
    if sys.platform == "linux":
        with suppress(AttributeError):  # another C library
            c = ctypes.CDLL(None)
            c.mallopt(_TRIM_THRESHOLD, KEPT)
            c.mallopt(_MMAP_THRESHOLD, KEPT)


def trim_heap() -> None:
    """What lies free between blocks in use; after work that freed much: 293 MB instead of 310 after 25 such changes."""
    if sys.platform == "linux":
        with suppress(AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
