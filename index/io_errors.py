"""Convert what SQLite, FAISS, NumPy and tantivy raise on damaged files or a full disk into errors of this package."""

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

from index.errors import REMEDY, IndexDamaged, IndexFolderError, IndexNotWritten

_RAISED = (
    *(ValueError, RuntimeError, LookupError, ArithmeticError, EOFError, MemoryError, TypeError),
    *(sqlite3.DatabaseError, TokenError, SyntaxError),
)
"""The last two by NumPy, which reads the head of a file as an expression of Python."""


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Within it, files of the index in `folder` are read. Raises IndexDamaged where they turn out not to be whole.

    FAISS raises RuntimeError, NumPy ValueError and IndexError, tantivy ValueError, or a panic of its Rust, which is
    neither an Exception nor importable.
    """
    try:
        yield
    except IndexFolderError:
        raise
    except _RAISED as error:
        raise IndexDamaged(f"{folder}: damaged ({_line(error)}): {REMEDY}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise IndexDamaged(f"{folder}: damaged ({_line(error)}): {REMEDY}") from error


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


_SQLITE = {
    sqlite3.SQLITE_FULL: os.strerror(errno.ENOSPC),
    sqlite3.SQLITE_IOERR: os.strerror(errno.EIO),
    sqlite3.SQLITE_READONLY: "",
    sqlite3.SQLITE_CANTOPEN: "",
}
"""Of SQLite's errors those of the disk and not of what is stored; why a file cannot be opened it does not say.

Where it cannot open one for writing, for whatever reason, it opens it for reading, and fails later.
"""

_NUMBER = re.compile(r"\b(?:os error|code:) (\d+)")
_MEANT = re.compile(
    r"no space left on device|input/output error|read-only file system|permission denied", re.IGNORECASE
)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Within it, the index in `folder` is written. Raises IndexNotWritten where the disk does not take it."""
    try:
        yield
    except IndexFolderError:
        raise
    except OSError as error:
        where = f", {error.filename}" if error.filename else ""
        raise IndexNotWritten(_unwritten(folder, f"{error.strerror or error}{where}")) from error
    except sqlite3.OperationalError as error:
        code = error.sqlite_errorcode & 0xFF
        if code not in _SQLITE:
            raise
        reason = _SQLITE[code] or _asked_for(folder) or str(error)
        raise IndexNotWritten(_unwritten(folder, reason)) from error


@contextmanager
def library_writes(path: Path) -> Iterator[None]:
    """Within it, FAISS or tantivy writes. Raises OSError where what they raise tells of one.

    They raise RuntimeError, ValueError, or a panic, which is no Exception, for these as for all else.
    """
    try:
        yield
    except OSError:
        raise
    except BaseException as error:
        text = " ".join(str(error).split())
        number, meant = _NUMBER.search(text), _MEANT.search(text)
        if number:
            raise OSError(int(number[1]), os.strerror(int(number[1])), str(path)) from error
        if meant:
            raise OSError(errno.EIO, meant[0], str(path)) from error
        raise


def _asked_for(folder: Path) -> str:
    """Why no file can be made in a folder; empty where one can."""
    try:
        with tempfile.TemporaryFile(dir=folder) as stream:
            stream.write(bytes(4096))
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _unwritten(folder: Path, reason: str) -> str:
    return f"{folder}: could not be written ({reason}): the index is as it was, the next build goes on from there"
