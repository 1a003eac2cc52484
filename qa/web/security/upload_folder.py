"""What strangers send lies in one folder of this process, of bounded size, which goes with it.

Files that were uploaded and never used go first where the room is short, then what the shelves can spare; what is in
use stays, and who wants to send more is told so. A server that was killed leaves its folder; the next one removes it.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from corpus.scratch import ScratchFolder
from qa import limits
from qa.web.security.uploads import RequestRefused

PREFIX = "yearbook-qa-form-"

NEEDED_FOR = 120.0
"""Seconds after which an uploaded file that the form has not taken is held to be forgotten: it takes them at once."""

MOST_FILES = 5_000
"""Files that may lie here, however small: each is looked at to know how much there is."""

SMALLEST = 4096
"""Bytes that a file takes at least."""


@cache
def home() -> Path:
    """The folder of this process. Gradio, too, knows one a process, and is told here where it lies."""
    own = ScratchFolder(PREFIX)
    atexit.register(own.close)
    (own.path / "uploads").mkdir()
    os.environ["GRADIO_TEMP_DIR"] = str(own.path / "uploads")
    return own.path


class UploadFolder:
    """How much of it is taken; safe to share between threads. `spare` of each shelf throws its oldest away, if any."""

    def __init__(self) -> None:
        self._home = home()
        self._spare: list[Callable[[], bool]] = []
        self._lock = threading.Lock()
        self._coming = 0

    def shelf(self, spare: Callable[[], bool]) -> Path:
        """A new folder; `spare` removes what was put there first and is not needed, and says whether there was any."""
        self._spare.append(spare)
        return Path(tempfile.mkdtemp(dir=self._home))

    @contextmanager
    def taken(self, size: int) -> Iterator[None]:
        """Hold room for so many bytes that are about to be written. Raises RequestRefused where there is none."""
        self.take(size)
        try:
            yield
        finally:
            self.give_back(size)

    def take(self, size: int) -> None:
        """As `taken`, until they are given back."""
        with self._lock:
            most = limits.UPLOADS.value
            while not self._fits(size, most):
                if not self._forget_upload() and not any(spare() for spare in self._spare):
                    raise RequestRefused(
                        507,
                        f"no room here for what is sent, in bytes {limits.UPLOADS.remedy}: try again in some minutes",
                    )
            self._coming += size

    def give_back(self, size: int) -> None:
        """They are written, or will not be."""
        with self._lock:
            self._coming -= size

    def _fits(self, size: int, most: int) -> bool:
        count = total = 0
        for folder, _, files in os.walk(self._home):
            for name in files:
                with suppress(OSError):
                    total += max(SMALLEST, (Path(folder) / name).stat().st_size)
                    count += 1
        return count < MOST_FILES and total + self._coming + size <= most

    def _forget_upload(self) -> bool:
        """Remove what was uploaded first and is not in use any more."""
        oldest: list[tuple[float, Path]] = []
        for one in (self._home / "uploads").iterdir():
            with suppress(OSError):
                oldest.append((one.stat().st_mtime, one))
        since, one = min(oldest, default=(time.time(), self._home))
        if time.time() - since < NEEDED_FOR:
            return False
        if one.is_dir():
            shutil.rmtree(one, ignore_errors=True)
        else:
            with suppress(OSError):
                one.unlink()
        return not one.exists()
