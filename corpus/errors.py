"""What can be wrong with the files given.

CorpusError
├── CatalogueError (ValueError)     corpus.toml: an unknown key, a bad value, two documents with one id
├── UnreadableFile (ValueError)     one file that no reader can read; the others are still read
├── LimitError (ValueError)         a limit set in the environment that is no number
└── NothingToRead (LookupError)     a path that does not exist, or where no file could be read
"""


class CorpusError(Exception):
    """Base of every error of this package; its text is one line for the user, whatever it quotes."""

    def __init__(self, text: str) -> None:
        super().__init__(" ".join(text.splitlines()))


class CatalogueError(CorpusError, ValueError):
    """`corpus.toml` cannot be obeyed; the message names file, line or key, and the remedy."""


class UnreadableFile(CorpusError, ValueError):
    """A file that cannot be read; the text is the reason, without the file's name."""


class LimitError(CorpusError, ValueError):
    """A variable of the environment that sets a limit cannot be understood; the message names it and its value."""


class NothingToRead(CorpusError, LookupError):
    """No document in the paths given."""
