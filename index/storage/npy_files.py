"""NumPy's files opened, by one thread at a time. Knows nothing of what they hold."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

_ALONE = threading.Lock()


def opened(path: Path, mode: Literal["r"] | None = "r") -> npt.NDArray[Any]:
    """The array in a file, memory-mapped, or read where `mode` is None. Raises OSError, ValueError.

    NumPy parses a file's header as Python. Before Python 3.11.8 two threads that parse may end each other's with
    "SystemError: AST constructor recursion depth mismatch" (CPython's issue 106905): one question of 6,000 beside
    changes, where several threads open a new generation at once.
    """
    with _ALONE:
        found: npt.NDArray[Any] = np.load(path, mmap_mode=mode, allow_pickle=False)
    return found
