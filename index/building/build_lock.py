"""The lock of a build on an index folder, and its holder.

The operating system releases the lock when its holder ends, however it ends. The lock file names the holder for
messages; the name counts only while the file is locked. Looking up the holder never takes the lock, because that would
turn away a build that starts at that moment.
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
from index.errors import IndexBusy, writing

if sys.platform != "win32":
    import fcntl

_LOCKS = Path("/proc/locks")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the build lock of an index folder, which is created where it does not exist.

    Raises IndexBusy, naming the holder, where another process has the lock; IndexNotWritten where the folder cannot be
    written.
    """
    with writing(folder):
        layout.make_folder(folder)
        lock = FileLock(folder / layout.LOCK)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            who = holder(folder) or _recorded_holder(folder) or "another process"
            raise IndexBusy(
                f"{folder}: another build is running on this index ({who}): wait for it to end, then try again"
            ) from error
    try:
        _record_holder(folder)
        yield
    finally:
        lock.release()


def holder(folder: Path) -> str | None:
    """Return the holder of the build lock ("process 123 on host since 2026-01-31 12:00", "another process").

    None if it is free or unknown to the system.
    """
    path = folder / layout.LOCK
    try:
        inode = path.stat().st_ino
    except OSError:
        return None
    with suppress(OSError):
        # "1: FLOCK  ADVISORY  WRITE 123 08:01:456 0 EOF": process, device and inode
        for line in _LOCKS.read_text("ascii").splitlines():
            parts = line.split()
            if len(parts) > 5 and parts[1] == "FLOCK" and parts[5].rpartition(":")[2] == str(inode):
                process, recorded = f"process {parts[4]}", _recorded_holder(folder)
                return recorded if recorded.startswith(f"{process} ") else process
        return None
    if sys.platform != "win32":
        try:
            with path.open("rb") as stream:  # without /proc, try to lock briefly; a shared lock disturbs least
                fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return _recorded_holder(folder) or "another process"
    return None


def _record_holder(folder: Path) -> None:
    if sys.platform == "win32":
        return  # a locked file cannot be written there
    now = datetime.now().astimezone()
    with suppress(OSError):  # the build itself reports a full disk
        (folder / layout.LOCK).write_text(
            f"process {os.getpid()} on {platform.node()} since {now:%Y-%m-%d %H:%M:%S}\n", encoding="utf-8"
        )


def _recorded_holder(folder: Path) -> str:
    """Return the text that the present or last holder wrote into the lock file; empty if unreadable."""
    try:
        return " ".join((folder / layout.LOCK).read_text("utf-8", errors="replace")[:200].split())
    except OSError:
        return ""
