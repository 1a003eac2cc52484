"""Limits on questions, drafts and requests: a default each and an environment variable that overrides it.

As in `corpus.limits`, a variable is read at each use. The limits of a single API request are constants in
`qa.api.service`.
"""

from __future__ import annotations

from corpus import limits
from corpus.limits import Limit

QUESTION = Limit("YEARBOOK_QA_MAX_QUESTION", 2000, "characters of a question; the rest is ignored, with a notice")
QUESTIONS = Limit("YEARBOOK_QA_MAX_QUESTIONS", 1_000_000, "questions in a file")
QUESTION_FILE = Limit("YEARBOOK_QA_MAX_QUESTION_FILE", 256 * 2**20, "bytes of a file of questions or judgements")
FORM_QUESTIONS = Limit("YEARBOOK_QA_MAX_FORM_QUESTIONS", 5000, "questions in a file uploaded to the form")
FORM_FILE = Limit("YEARBOOK_QA_MAX_FORM_FILE", 5 * 2**20, "bytes of a file of questions uploaded to the form")
DRAFT = Limit("YEARBOOK_QA_MAX_DRAFT", 100_000, "characters of a draft checked in the form or through the API")
COLLECTION = Limit("YEARBOOK_QA_MAX_COLLECTION", 1000, "passages of a collection")
DESK = Limit("YEARBOOK_QA_MAX_DESK", 5 * 2**20, "bytes of a user's collections and judgements on the server")
BODY = Limit("YEARBOOK_QA_MAX_BODY", 20 * 2**20, "bytes of a request to the form")
UPLOAD = Limit("YEARBOOK_QA_MAX_UPLOAD", 200 * 2**20, "bytes of a document added in the form")

UPLOADS = Limit("YEARBOOK_QA_MAX_UPLOADS", 2 * 2**30, "bytes in the form's temporary folder at any time")
KEPT = Limit("YEARBOOK_QA_MAX_KEPT", 10 * 2**30, "bytes of all documents added in the form")

LIMITS = (
    QUESTION,
    QUESTIONS,
    QUESTION_FILE,
    FORM_QUESTIONS,
    FORM_FILE,
    DRAFT,
    COLLECTION,
    DESK,
    BODY,
    UPLOAD,
    UPLOADS,
    KEPT,
)


def check() -> None:
    """Raise LimitError for the first malformed variable, so that a command fails before it starts to work."""
    table()


def table() -> list[tuple[str, int, str]]:
    """Return (variable, value in force, what it bounds) of each limit, those of `corpus` first. Raises LimitError."""
    return [(limit.variable, limit.value, limit.what) for limit in (*limits.LIMITS, *LIMITS)]
