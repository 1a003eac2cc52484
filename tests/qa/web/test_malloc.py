"""What is freed goes back to the system, where that can be asked for."""

from __future__ import annotations

import mmap
import os
import platform
import subprocess
import sys

import pytest

BESIDE = """
import ctypes, sys, threading
from pathlib import Path
from qa.web import malloc

c = ctypes.CDLL(None)
c.malloc.restype, c.malloc.argtypes, c.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]
if sys.argv[1] == "keep little":
    malloc.limit_malloc_arenas()
c.free(c.malloc(32_000_000))  # a large block, by which glibc takes its measure
before, together = threading.Barrier(8), threading.Barrier(8)

def work():
    before.wait()  # so that each has a heap of its own
    blocks = [c.malloc(64_000) for _ in range(150)]
    for block in blocks:
        ctypes.memset(block, 1, 64_000)
    together.wait()
    for block in blocks:
        c.free(block)

threads = [threading.Thread(target=work) for _ in range(8)]
for one in threads:
    one.start()
for one in threads:
    one.join()
malloc.trim_heap()
print(Path("/proc/self/statm").read_text().split()[1])
"""


def _megabytes_held(how: str) -> float:
    """What a process holds after eight of its threads have freed 9.6 MB each."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("MALLOC_", "GLIBC_"))}
    run = subprocess.run([sys.executable, "-c", BESIDE, how], env=ours, capture_output=True, text=True, check=True)
    return int(run.stdout) * mmap.PAGESIZE / 1e6


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="of the heaps of glibc")
def test_what_threads_have_freed_is_not_held_by_their_heaps() -> None:
    # without it at least half of 8 x 9.6 MB stays, by the free ends of the heaps; with it 1 MB a heap at most
    assert _megabytes_held("as it is") - _megabytes_held("keep little") > 38
