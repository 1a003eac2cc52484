"""A temporary folder of this process, which goes with it; where it was killed, with the next one of its kind.

A lock in the folder tells whether its process lives: the system lets go of it however a process ends.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

_LOCK = "lock"

_SETTLED = 10.0
"""Seconds in which a folder that was just made gets its lock."""


class ScratchFolder:
    """A new folder under the system's temporary one; `prefix` begins its name and tells its kind."""

    def __init__(self, prefix: str) -> None:
        """Remove what killed processes left of this kind, too. Raises OSError where no folder can be made."""
        self.path = Path(tempfile.mkdtemp(prefix=prefix))
        self._lock = FileLock(self.path / _LOCK)
        self._lock.acquire()
        for other in self.path.parent.glob(f"{prefix}*"):
            if other != self.path:
                _remove_if_left(other)

    def close(self) -> None:
        """Remove it with all that is in it."""
        self._lock.release()
        shutil.rmtree(self.path, ignore_errors=True)


def _remove_if_left(folder: Path) -> None:
    """Remove the folder of a process of this user that has ended."""
    with suppress(OSError, Timeout):
        found = (folder / _LOCK).stat(follow_symlinks=False)
        mine = not hasattr(os, "getuid") or found.st_uid == os.getuid()
        if not mine or folder.is_symlink() or time.time() - found.st_mtime < _SETTLED:
            return
        with FileLock(folder / _LOCK, timeout=0):
            pass
        shutil.rmtree(folder, ignore_errors=True)
