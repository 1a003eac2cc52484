"""Errors of reading files.

CorpusError
├── CatalogueError (ValueError)     corpus.toml: an unknown key, an invalid value, two documents with the same id
├── UnreadableFile (ValueError)     a file that cannot be read; the other files still are
├── LimitError (ValueError)         an environment variable that sets a limit and is not a number
└── NothingToRead (LookupError)     a path that does not exist, or without any readable file
"""

from __future__ import annotations

from corpus.translation import gettext as _


class CorpusError(Exception):
    """Base class of all errors of this package. The message is a single line."""

    def __init__(self, text: str) -> None:
        super().__init__(" ".join(text.splitlines()))


class CatalogueError(CorpusError, ValueError):
    """Invalid `corpus.toml`. The message names the file, the line or key, and how to fix it."""


class UnreadableFile(CorpusError, ValueError):
    """A file that cannot be read. The message is the reason, without the name of the file."""

    @classmethod
    def encrypted(cls) -> UnreadableFile:
        """Return the error for a file with a password."""
        return cls(_("encrypted: save it without a password"))

    @classmethod
    def changed(cls) -> UnreadableFile:
        """Return the error for a file that differs from the planned one."""
        return cls(_("the file changed while it was being indexed: index it again"))

    @classmethod
    def too_many_parts(cls, count: int, remedy: str) -> UnreadableFile:
        """Return the error for a ZIP archive of too many parts; `remedy` says how to raise the limit."""
        return cls(_("a ZIP archive of %(count)s parts; %(remedy)s", count=f"{count:,}", remedy=remedy))


class LimitError(CorpusError, ValueError):
    """Invalid value of an environment variable that sets a limit. The message names both."""


class NothingToRead(CorpusError, LookupError):
    """No document under the given paths."""
