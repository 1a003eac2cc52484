"""Errors of reading files.

CorpusError
├── CatalogueError (ValueError)     corpus.toml: an unknown key, an invalid value, two documents with the same id
├── UnreadableFile (ValueError)     a file that cannot be read; the other files still are
├── LimitError (ValueError)         an environment variable that sets a limit and is not a number
└── NothingToRead (LookupError)     a path that does not exist, or without any readable file
"""


class CorpusError(Exception):
    """Base class of all errors of this package. The message is a single line."""

    def __init__(self, text: str) -> None:
        super().__init__(" ".join(text.splitlines()))


class CatalogueError(CorpusError, ValueError):
    """Invalid `corpus.toml`. The message names the file, the line or key, and how to fix it."""


class UnreadableFile(CorpusError, ValueError):
    """A file that cannot be read. The message is the reason, without the name of the file."""


class LimitError(CorpusError, ValueError):
    """Invalid value of an environment variable that sets a limit. The message names both."""


class NothingToRead(CorpusError, LookupError):
    """No document under the given paths."""
