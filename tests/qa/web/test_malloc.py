"""Freed memory returns to the system where the C library is glibc."""

from __future__ import annotations

import mmap
import os
import platform
import subprocess
import sys

import pytest

SCRIPT = """
import ctypes, sys, threading
from pathlib import Path
from qa.web import malloc

c = ctypes.CDLL(None)
c.malloc.restype, c.malloc.argtypes, c.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]
if sys.argv[1] == "limited":
    malloc.set_trim_threshold()
c.free(c.malloc(32_000_000))  # a large block raises the thresholds of glibc
before, together = threading.Barrier(8), threading.Barrier(8)

def work():
    before.wait()  # so that each gets its own heap
    blocks = [c.malloc(64_000) for _ in range(150)]
    for block in blocks:
        ctypes.memset(block, 1, 64_000)
    together.wait()
    for block in blocks:
        c.free(block)

threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
malloc.trim_heap()
print(Path("/proc/self/statm").read_text().split()[1])
"""


def _resident_megabytes(mode: str) -> float:
    """Return the memory of a process after eight of its threads have freed 9.6 MB each."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MALLOC_", "GLIBC_"))}
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, mode], env=environment, capture_output=True, text=True, check=True
    )
    return int(run.stdout) * mmap.PAGESIZE / 1e6


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="of the heaps of glibc")
def test_memory_freed_by_threads_returns_to_the_system() -> None:
    # by default at least half of 8 x 9.6 MB stays at the ends of the heaps; limited, 1 MB of each heap at most
    assert _resident_megabytes("default") - _resident_megabytes("limited") > 38
