"""Errors of questions, requests and question files (those of documents and indexes: `corpus.errors`, `index.errors`).

QuestionError
├── EmptyQuestion (ValueError)      the question contains no word
├── Busy (RuntimeError)             the queue of waiting requests is full
├── CompareError (ValueError)       nothing to compare, or an unknown edition
├── WorkerCrashed (RuntimeError)    a worker process ended before it returned a result
├── FilterError (ValueError)        a filter is malformed
├── JudgementError (ValueError)     a file of questions or judgements, a measure or an output folder is unusable
├── CollectionError (ValueError)    a file of kept passages is unusable
└── RequestError (ValueError)       an API request exceeds a limit

PasswordFileError (ValueError)      the password file cannot be used
"""

from corpus.errors import CorpusError
from corpus.translation import gettext as _
from index.errors import ClusterError, IndexFolderError, ModelError, UnknownPassage

EXPECTED_TYPES = {"string_type": "a string", "int_type": "a whole number"}
"""What a value must be, by the type of pydantic's error."""


class QuestionError(Exception):
    """Base class. The message is folded to one line, even if it quotes several."""

    def __init__(self, text: str) -> None:
        super().__init__(" ".join(text.splitlines()))


class EmptyQuestion(QuestionError, ValueError):
    """The question contains no word."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text or _("question is empty: please type a question"))


class Busy(QuestionError, RuntimeError):
    """The queue of waiting requests is full."""


class CompareError(QuestionError, ValueError):
    """There are no editions to compare; the message names the missing series or edition."""


class WorkerCrashed(QuestionError, RuntimeError):
    """A worker process ended before it returned a result."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text or _("the answering process crashed: please ask again"))


class PasswordFileError(ValueError):
    """The password file cannot be used; the message names the file and the line."""


class FilterError(QuestionError, ValueError):
    """A filter is malformed."""


class JudgementError(QuestionError, ValueError):
    """A file of questions or judgements cannot be used; the message names file, line and key."""


class CollectionError(QuestionError, ValueError):
    """A collection of passages cannot be used; the message names the item."""


class RequestError(QuestionError, ValueError):
    """An API request exceeds a limit; the message names the value and the limit."""


USER_ERRORS = (QuestionError, IndexFolderError, ClusterError, ModelError, UnknownPassage, CorpusError)
"""Errors whose text is a message for the user; any other exception is a bug."""


def rebuild_error(name: str, message: str) -> Exception:
    """Rebuild an error that another process reported by its class name; RuntimeError for an unknown class."""
    classes: list[type[Exception]] = [*USER_ERRORS, OSError]
    for error_class in classes:
        classes += error_class.__subclasses__()
    return next((each for each in classes if each.__name__ == name), RuntimeError)(message)
