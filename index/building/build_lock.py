"""Who is writing an index: said by the lock that a build holds, found out without touching it.

A lock taken to look would send a build away that just begins. The lock itself ends with the process that holds it,
however that ends; what the file says of the holder is only for people, and counts while it is locked.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from index import layout
from index.errors import IndexBusy
from index.io_errors import writing

if sys.platform != "win32":
    import fcntl

_LOCKS = Path("/proc/locks")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Within it, nobody else writes the index in `folder`, which is made where there is none.

    Raises IndexBusy, which says who does, where another process does, IndexNotWritten where none can.
    """
    with writing(folder):
        layout.make_folder(folder)
        lock = FileLock(folder / layout.LOCK)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            who = holder(folder) or _noted(folder) or "another process"
            raise IndexBusy(
                f"{folder}: another build is running on this index ({who}): wait for it to end, then try again"
            ) from error
    try:
        _note(folder)
        yield
    finally:
        lock.release()


def holder(folder: Path) -> str | None:
    """What holds the build lock ("process 123 on host since 2026-01-31 12:00", "another process").

    None where nobody does, or none can tell.
    """
    path = folder / layout.LOCK
    try:
        number = path.stat().st_ino
    except OSError:
        return None
    with suppress(OSError):
        # "1: FLOCK  ADVISORY  WRITE 123 08:01:456 0 EOF": process, device and inode
        for line in _LOCKS.read_text("ascii").splitlines():
            parts = line.split()
            if len(parts) > 5 and parts[1] == "FLOCK" and parts[5].rpartition(":")[2] == str(number):
                process, noted = f"process {parts[4]}", _noted(folder)
                return noted if noted.startswith(f"{process} ") else process
        return None
    if sys.platform != "win32":
        try:
            with path.open("rb") as stream:  # elsewhere only by trying, for an instant
                fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return _noted(folder) or "another process"
    return None


def _note(folder: Path) -> None:
    if sys.platform == "win32":
        return  # a locked file cannot be written there
    now = datetime.now().astimezone()
    with suppress(OSError):  # a full disk is for the build to tell
        (folder / layout.LOCK).write_text(
            f"process {os.getpid()} on {platform.node()} since {now:%Y-%m-%d %H:%M:%S}\n", encoding="utf-8"
        )


def _noted(folder: Path) -> str:
    """What the lock's holder, or the last one that it had, said of itself; empty where nothing."""
    try:
        return " ".join((folder / layout.LOCK).read_text("utf-8", errors="replace")[:200].split())
    except OSError:
        return ""
