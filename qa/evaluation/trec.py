"""Rankings and judgements as the tools of the field read them: columns that blanks separate. Pure.

White space in an id is written as in an address ("%20"), since it would end the column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from qa.evaluation.outcome import Outcome

TAG = "yearbook-qa"
"""Names the run in its last column."""


def run_lines(outcome: Outcome) -> Iterator[str]:
    """One line a rank, from 1: question, `Q0`, passage or document, rank, score, name of the run."""
    ranked = zip(outcome.ranking, outcome.scores, strict=True)
    for rank, (unit, score) in enumerate(ranked, 1):
        yield f"{column(outcome.question.id)} Q0 {column(unit)} {rank} {score:.6f} {TAG}\n"


def qrels_lines(outcome: Outcome) -> Iterator[str]:
    """One line a judged passage or document: question, `0`, passage or document, grade."""
    for unit, grade in outcome.judged.grades.items():
        yield f"{column(outcome.question.id)} 0 {column(unit)} {grade}\n"


def column(text: str) -> str:
    """An id without white space."""
    return re.sub(r"\s", lambda match: quote(match[0], safe=""), text)
