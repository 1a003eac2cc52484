"""Files that survive a crash, folders that do not, checksums, the cache folder, and URLs among paths.

A `ScratchFolder` is deleted with its process, or, if the process was killed, by the next one of its kind. A lock file
in it shows whether the process lives: the system releases the lock however the process ends.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import platformdirs

_LOCK = "lock"

_LOCK_DELAY = 10.0
"""Seconds that a process may need to lock a folder that it has just created."""


class ScratchFolder:
    """A new folder in the temporary folder of the system; its name begins with `prefix`, which identifies its kind."""

    def __init__(self, prefix: str) -> None:
        """Create the folder and delete those of killed processes. Raises OSError if no folder can be created."""
        from filelock import FileLock  # here, since a question reads the cache folder alone and makes no folder

        self.path = Path(tempfile.mkdtemp(prefix=prefix))
        self._lock = FileLock(self.path / _LOCK)
        self._lock.acquire()
        for other in self.path.parent.glob(f"{prefix}*"):
            if other != self.path:
                _delete_if_abandoned(other)

    def close(self) -> None:
        """Delete the folder and everything in it."""
        self._lock.release()
        shutil.rmtree(self.path, ignore_errors=True)


def _delete_if_abandoned(folder: Path) -> None:
    """Delete the folder if it is this user's and its process has ended."""
    from filelock import FileLock

    with suppress(OSError):  # also where it is locked
        status = (folder / _LOCK).stat(follow_symlinks=False)
        is_own = not hasattr(os, "getuid") or status.st_uid == os.getuid()
        if not is_own or folder.is_symlink() or time.time() - status.st_mtime < _LOCK_DELAY:
            return
        with FileLock(folder / _LOCK, timeout=0):
            pass
        shutil.rmtree(folder, ignore_errors=True)


def replace_file(target: Path, content: bytes) -> None:
    """Write a file so that after an error, a crash or a power cut it has the old or the new content.

    A link stays a link, and something else than an ordinary file (`/dev/stdout`) is written to. Raises OSError.
    """
    if target.exists() and not target.is_file():
        target.write_bytes(content)
        return
    new = target.with_name(f".{target.name}.new")
    try:
        with new.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())  # otherwise a power cut may leave an empty file
        new.replace(target.resolve())
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file's contents, as 64 hexadecimal digits. Raises OSError."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def cache_folder() -> Path:
    """Return `YEARBOOK_QA_CACHE`, else the user's cache folder; it holds exported models and recognised pages."""
    named = os.environ.get("YEARBOOK_QA_CACHE")
    return Path(named) if named else Path(platformdirs.user_cache_dir("yearbook-qa", appauthor=False))


def is_url(path: str) -> bool:
    """Return whether an argument is a URL, such as `s3://bucket/folder`, and not a path of this file system."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", path) is not None


def display_path(path: Path) -> str:
    """Return a path for messages; restores the slashes of a URL that was made a path (`index.cluster.indexing`)."""
    slashes = {"file": "///"}
    return re.sub(
        r"^([A-Za-z][A-Za-z0-9+.-]+):/(?=[^/])", lambda match: f"{match[1]}:{slashes.get(match[1], '//')}", str(path)
    )
