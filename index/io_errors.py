"""What libraries raise when they meet bytes that make no sense, as one error that says so."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tokenize import TokenError

from index.errors import REMEDY, IndexDamaged, IndexFolderError

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
