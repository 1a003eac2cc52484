"""Convert exceptions of SQLite, FAISS, NumPy and tantivy on damaged files or a full disk to errors of this package."""

from __future__ import annotations

import errno
import os
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tokenize import TokenError

from corpus.translation import gettext as _
from index.errors import REMEDY, IndexDamaged, IndexFolderError, IndexNotWritten

_READ_ERRORS = (
    *(ValueError, RuntimeError, LookupError, ArithmeticError, EOFError, MemoryError, TypeError),
    *(sqlite3.DatabaseError, TokenError, SyntaxError),
)
"""FAISS raises RuntimeError; NumPy ValueError and IndexError, and the last two, as it parses a header as Python."""

_DISK_ERRORS = {
    sqlite3.SQLITE_FULL: os.strerror(errno.ENOSPC),
    sqlite3.SQLITE_IOERR: os.strerror(errno.EIO),
    sqlite3.SQLITE_READONLY: "",
    sqlite3.SQLITE_CANTOPEN: "",
}
"""SQLite's error codes for the disk, with the reason where the code implies one.

A database that cannot be opened for writing, for any reason, is opened for reading and fails at the first write.
"""

_ERROR_NUMBER = re.compile(r"\b(?:os error|code:) (\d+)")
_DISK_MESSAGE = re.compile(
    r"no space left on device|input/output error|read-only file system|permission denied", re.IGNORECASE
)
_NO_MEMORY = (
    "bad_alloc",  # onnxruntime and FAISS
    *("Failed to spawn", "out of memory"),  # tantivy
    "ThreadPoolBuildError",  # tokenizers
    "can't start new thread",  # Python
    *("Cannot allocate memory", "Resource temporarily unavailable"),  # the system
)
"""What is reported when there is no memory, also for a thread."""


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Raise IndexDamaged when a library fails to read the files of the index in `folder`."""
    try:
        yield
    except IndexFolderError:
        raise
    except BaseException as error:
        if not isinstance(error, _READ_ERRORS) and not is_panic(error):
            raise
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        if isinstance(error, MemoryError):
            raise IndexDamaged(
                _(
                    "%(folder)s: not enough memory (%(reason)s), or the index is damaged: %(remedy)s",
                    folder=folder,
                    reason=reason,
                    remedy=_(REMEDY),
                )
            ) from error
        raise IndexDamaged(
            _("%(folder)s: damaged (%(reason)s): %(remedy)s", folder=folder, reason=reason, remedy=_(REMEDY))
        ) from error


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Raise IndexNotWritten when the disk refuses to store the index in `folder`."""
    try:
        yield
    except IndexFolderError:
        raise
    except OSError as error:
        where = f", {error.filename}" if error.filename else ""
        raise _not_written(folder, f"{error.strerror or error}{where}") from error
    except sqlite3.OperationalError as error:
        code = error.sqlite_errorcode & 0xFF
        if code not in _DISK_ERRORS:
            raise
        raise _not_written(folder, _DISK_ERRORS[code] or _probe_folder(folder) or str(error)) from error


@contextmanager
def library_writes(path: Path) -> Iterator[None]:
    """Raise OSError when FAISS or tantivy reports a disk error in the text of another exception or of a panic."""
    try:
        yield
    except OSError:
        raise
    except BaseException as error:
        text = " ".join(str(error).split())
        if number := _ERROR_NUMBER.search(text):
            raise OSError(int(number[1]), os.strerror(int(number[1])), str(path)) from error
        if message := _DISK_MESSAGE.search(text):
            raise OSError(errno.EIO, message[0], str(path)) from error
        raise


def is_panic(error: BaseException) -> bool:
    """Return whether Rust code (tantivy, tokenizers) failed; its exception is no `Exception` and cannot be imported."""
    return type(error).__name__ == "PanicException"


def is_out_of_memory(error: BaseException) -> bool:
    """Return whether memory ran out; native libraries report it in the text of exceptions of their own."""
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return True
    return any(text in str(error) for text in _NO_MEMORY)


def _probe_folder(folder: Path) -> str:
    """Return why no file can be written in a folder; empty if one can."""
    try:
        with tempfile.TemporaryFile(dir=folder) as stream:
            stream.write(bytes(4096))
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _not_written(folder: Path, reason: str) -> IndexNotWritten:
    return IndexNotWritten(
        f"{folder}: could not be written ({reason}): the index is unchanged, the next build continues from here"
    )
