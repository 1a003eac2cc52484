"""Errors of an index or a model, and the conversion of exceptions of the libraries to them.

IndexFolderError
├── NoIndex (FileNotFoundError)      the folder holds no index
├── IndexMismatch (ValueError)       another format version, model, passage lengths or generation
├── IndexDamaged (ValueError)        stored files are missing or differ from what was written
├── IndexBusy (RuntimeError)         another process is building
└── IndexNotWritten (OSError)        the disk is full or refuses writes
BuildInterrupted (KeyboardInterrupt) the user interrupted a build
ClusterError (RuntimeError)          Ray is not installed, not reachable, or lost too many workers
ModelError (ValueError)              a model that cannot be loaded or exported, or has unexpected weights
UnknownPassage (LookupError)         an id that is not in the index
"""

from __future__ import annotations

import errno
import os
import re
import sqlite3
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from tokenize import TokenError

from corpus.translation import gettext as _
from corpus.translation import gettext_noop

REMEDY = gettext_noop("`yearbook-qa doctor` lists the damage, `yearbook-qa doctor --repair` rebuilds the index")
"""How to fix damaged records; ends every message about damage."""

_IDS_SHOWN, _IDS_COMPARED = 3, 10_000


class IndexFolderError(Exception):
    """Base of the errors of an index folder; the message is one line for the user."""


class NoIndex(IndexFolderError, FileNotFoundError):
    """The folder holds no index."""


class IndexMismatch(IndexFolderError, ValueError):
    """The index differs from the requested one; the message states both values and the command that fixes it."""

    @classmethod
    def of_model(cls, folder: Path, built: str, requested: str, options: str) -> IndexMismatch:
        """Return the error for an index built with another model.

        Args:
            folder: The index folder.
            built: Description of the model that the index was built with.
            requested: Description of the model asked for.
            options: Command-line options that select the requested model.
        """
        return cls(
            _(
                "%(folder)s: built with model %(built)s, but model %(requested)s was requested: use %(built)s, or "
                "build another index with `yearbook-qa index PATH... %(options)s --index OTHER`",
                folder=folder,
                built=built,
                requested=requested,
                options=options,
            )
        )


class IndexDamaged(IndexFolderError, ValueError):
    """A stored file is missing or differs from what was written: a disk fault, or an edit by another program."""


class IndexBusy(IndexFolderError, RuntimeError):
    """Another process is writing the index; the message names it."""


class IndexNotWritten(IndexFolderError, OSError):
    """The index could not be written and is unchanged."""


class BuildInterrupted(KeyboardInterrupt):
    """The user interrupted a build; if `resumable`, the next build continues from the last checkpoint."""

    def __init__(self, *, resumable: bool) -> None:
        super().__init__(
            _("interrupted: the work so far is saved; run the same command to continue")
            if resumable
            else _("interrupted: the index is unchanged")
        )
        self.resumable = resumable


class ClusterError(RuntimeError):
    """The cluster failed; the message states the reason."""


class ModelError(ValueError):
    """The model cannot be used; the message states the reason and how to fix it."""


class UnknownPassage(LookupError):
    """No such passage, document or span in the index."""

    @classmethod
    def document(cls, document: str, known: Collection[str]) -> UnknownPassage:
        """Return the error for an unknown document id, suggesting similar ids, or else listing some of the known."""
        similar = get_close_matches(document, islice(known, _IDS_COMPARED), _IDS_SHOWN)
        shown = ", ".join(f'"{other}"' for other in similar or islice(known, _IDS_SHOWN))
        if similar:
            hint = _("did you mean %(shown)s?", shown=shown)
        elif known:
            more = _(" and %(count)s more", count=f"{len(known) - _IDS_SHOWN:,}") if len(known) > _IDS_SHOWN else ""
            hint = _("it holds %(shown)s%(more)s", shown=shown, more=more)
        else:
            hint = _("it is empty")
        return cls(_('no document "%(document)s" in this index: %(hint)s', document=document, hint=hint))


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
