"""Who is writing an index, without touching its lock: a lock taken to look would send a build away that just begins."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

from index import layout

if sys.platform != "win32":
    import fcntl

_LOCKS = Path("/proc/locks")


def holder(folder: Path) -> str | None:
    """What holds the build lock ("process 123", "another process"); None where nobody does, or none can tell."""
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
                return f"process {parts[4]}"
        return None
    if sys.platform != "win32":
        try:
            with path.open("rb") as stream:  # elsewhere only by trying, for an instant
                fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return "another process"
    return None
