"""The answers of a batch as a table for a spreadsheet. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from qa.evaluation.html_report import verdict
from qa.evaluation.outcome import Outcome

COLUMNS = (
    "id", "question", "type", "answered", "confidence", "answer", "citation", "passage", "nearest passage", "judged",
)  # fmt: skip

_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20|%]|[\t\r\n]")
"""What a cell must not begin with: a spreadsheet would take it for a formula (OWASP, "CSV Injection")."""


def answers_csv(outcomes: Sequence[Outcome]) -> str:
    """One row a question, in the order of the file, with a mark by which spreadsheets know that it is UTF-8."""
    written = io.StringIO(newline="")
    rows = csv.writer(written)
    rows.writerow(COLUMNS)
    for one in outcomes:
        judged = one.judged.ranked or one.judged.answerable is False
        rows.writerow(
            [
                text(one.question.id),
                text(one.question.text),
                text(one.question.type or ""),
                "yes" if one.answered else "no",
                f"{one.confidence:.4f}",
                text(" ".join(sentence.text for sentence in one.sentences)),
                text("; ".join(dict.fromkeys(sentence.citation for sentence in one.sentences))),
                text("; ".join(dict.fromkeys(sentence.id for sentence in one.sentences))),
                text(one.passages[0].id if one.passages else ""),
                text(verdict(one)[1] if judged else ""),
            ]
        )
    return f"\ufeff{written.getvalue()}"


def text(value: str) -> str:
    """A text as a cell that no spreadsheet computes: what looks like a formula gets an apostrophe in front."""
    value = value.replace("\0", "\ufffd")
    return f"'{value}" if _FORMULA.match(value) else value
