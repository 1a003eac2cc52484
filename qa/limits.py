"""How much of questions, drafts and requests is taken: as `corpus.limits`, a default each and a variable to change it.

Each variable is read when it is asked for. Fixed are the limits of single requests of programs (`qa.api.service`).
"""

from __future__ import annotations

from corpus import limits
from corpus.limits import Limit

QUESTION = Limit(
    "YEARBOOK_QA_MAX_QUESTION", 2000, "characters of a question; what comes after is left out, with a notice"
)
QUESTIONS = Limit("YEARBOOK_QA_MAX_QUESTIONS", 1_000_000, "questions of a file")
QUESTION_FILE = Limit("YEARBOOK_QA_MAX_QUESTION_FILE", 256 * 2**20, "bytes of a file of questions or judgements")
FORM_QUESTIONS = Limit("YEARBOOK_QA_MAX_FORM_QUESTIONS", 5000, "questions of a file that is given to the form")
FORM_FILE = Limit("YEARBOOK_QA_MAX_FORM_FILE", 5 * 2**20, "bytes of a file of questions that is given to the form")
DRAFT = Limit("YEARBOOK_QA_MAX_DRAFT", 100_000, "characters of a draft that the form or a program checks")
BODY = Limit("YEARBOOK_QA_MAX_BODY", 20 * 2**20, "bytes of a request to the form")
UPLOAD = Limit("YEARBOOK_QA_MAX_UPLOAD", 200 * 2**20, "bytes of a document that is added in the form")

UPLOADS = Limit("YEARBOOK_QA_MAX_UPLOADS", 2 * 2**30, "bytes that lie in the form's temporary folder at once")
KEPT = Limit("YEARBOOK_QA_MAX_KEPT", 10 * 2**30, "bytes of all documents that were added in the form")

LINE = limits.LINE

LIMITS = (QUESTION, QUESTIONS, QUESTION_FILE, FORM_QUESTIONS, FORM_FILE, DRAFT, BODY, UPLOAD, UPLOADS, KEPT)


def check() -> None:
    """Raises LimitError for the first variable that is no number, before anything is begun with it."""
    for one in (*limits.LIMITS, *LIMITS):
        _ = one.value


def table() -> list[tuple[str, int, str]]:
    """All limits, those on files first: variable, value in force, and what it bounds. Raises LimitError."""
    return [(one.variable, one.value, one.what) for one in (*limits.LIMITS, *LIMITS)]
