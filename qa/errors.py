"""What can be wrong with what the user asks for; faults of files and indexes are those of `corpus` and `index`.

QuestionError
├── EmptyQuestion (ValueError)      nothing to search for
├── Busy (RuntimeError)             too many wait already
├── CompareError (ValueError)       nothing to compare, or an edition that is not there
├── WorkerCrashed (RuntimeError)    a child process crashed before it had answered
├── FilterError (ValueError)        a filter that is no year, range or known form
├── JudgementError (ValueError)     a question file that cannot be used for evaluation
└── RequestError (ValueError)       more than is given to one request of a program
"""


class QuestionError(Exception):
    """Base of what is wrong with a question; its text is one line for the user, whatever it quotes."""

    def __init__(self, text: str) -> None:
        super().__init__(" ".join(text.splitlines()))


class EmptyQuestion(QuestionError, ValueError):
    """The question has no word."""


class Busy(QuestionError, RuntimeError):
    """So many wait for an answer that nobody else is let in."""


class CompareError(QuestionError, ValueError):
    """There are no editions to compare; the message says what is missing."""


class WorkerCrashed(QuestionError, RuntimeError):
    """A child process ended before it had answered a question or finished a task."""

    def __init__(self, text: str = "the answering process crashed: please ask again") -> None:
        super().__init__(text)


class PasswordFileError(ValueError):
    """The password file cannot be used; the message names the file and the line."""


class FilterError(QuestionError, ValueError):
    """A filter cannot be understood."""


class JudgementError(QuestionError, ValueError):
    """A file of questions or judgements cannot be used; the message names line and key."""


class RequestError(QuestionError, ValueError):
    """A program asks for more at once than is given; the message names value and limit."""
