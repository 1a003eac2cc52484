"""The result of a batch as HTML (summary, measures, a sortable table of questions) and as CSV."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from corpus.translation import gettext as _
from corpus.translation import gettext_noop, ngettext
from qa.confidence.confidence import confidence_label
from qa.evaluation import html_report
from qa.evaluation.metrics import Evaluation
from qa.evaluation.outcome import Outcome
from qa.output.csv_cells import csv_text
from qa.question.filters import Filters
from qa.templating import render
from qa.web.render.page import table_page
from qa.web.urls import QuestionRequest, question_url, shorten_question

PAGE = 25
"""Questions on a page of the table."""

FILES = {
    "answers.jsonl": gettext_noop("Answers (JSON Lines)"),
    "answers.csv": gettext_noop("Table (CSV)"),
    "run.trec": gettext_noop("Rankings (TREC run)"),
    "report.html": gettext_noop("Report (HTML)"),
}
"""Downloads of a batch and their labels."""

CSV_COLUMNS = (
    "id", "question", "type", "answered", "confidence", "answer", "citation", "passage", "nearest passage", "judged",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A question in the table: its place in the file, its outcome, and the link that asks it in the form."""

    place: int
    id: str
    question: str
    type: str
    answered: bool
    confidence: float
    answer: str
    source: str
    verdict: str
    good: bool
    badness: float
    link: str

    @property
    def confidence_label(self) -> str:
        """Confidence in words."""
        return _(confidence_label(self.confidence))


@dataclass(frozen=True, slots=True)
class BatchResult:
    """A finished batch: its rows in file order, and the HTML of summary and measures."""

    name: str
    rows: tuple[BatchRow, ...]
    head: str
    figures: str
    judged: bool


_ORDERS: dict[str, Callable[[BatchRow], Any]] = {
    "confidence": lambda row: row.confidence,
    "place": lambda row: row.place,
    "question": lambda row: row.question.casefold(),
    "judged": lambda row: -row.badness,
}
_ORDER_LABELS = {
    "confidence": (gettext_noop("least confident first"), gettext_noop("most confident first")),
    "place": (gettext_noop("in file order"), gettext_noop("in reverse file order")),
    "question": (gettext_noop("by question, A to Z"), gettext_noop("by question, Z to A")),
    "judged": (gettext_noop("worst first"), gettext_noop("best first")),
}


def batch_result(evaluation: Evaluation, filters: Sequence[Filters]) -> BatchResult:
    """Build the result of a run; `filters` holds the filters that each question was asked with."""
    rows = tuple(
        _row(place, outcome, applied)
        for place, (outcome, applied) in enumerate(zip(evaluation.outcomes, filters, strict=True), 1)
    )
    judged = evaluation.metrics is not None
    figures = html_report.figures(evaluation) if judged else ""
    return BatchResult(evaluation.source.name, rows, _head(evaluation), figures, judged)


def _row(place: int, outcome: Outcome, filters: Filters) -> BatchRow:
    question = shorten_question(outcome.question.text)
    good, verdict = html_report.verdict(outcome)
    return BatchRow(
        place=place,
        id=outcome.question.id,
        question=question,
        type=outcome.question.type or "",
        answered=outcome.answered,
        confidence=outcome.confidence,
        answer=" ".join(sentence.text for sentence in outcome.sentences),
        source=outcome.sentences[0].citation if outcome.sentences else "",
        verdict=verdict,
        good=good,
        badness=html_report.badness(outcome),
        link=f"./{question_url(QuestionRequest(question, filters))}" if question else "",
    )


def _head(evaluation: Evaluation) -> Markup:
    count, answered = len(evaluation.outcomes), sum(outcome.answered for outcome in evaluation.outcomes)
    questions = ngettext("%(count)s question asked", "%(count)s questions asked", count)
    if evaluation.seconds >= 1:
        questions = _("%(questions)s in %(seconds)s s", questions=questions, seconds=f"{evaluation.seconds:,.0f}")
    return render(
        "batch.html",
        part="head",
        lines=evaluation.notices,
        measures=(evaluation.metrics or {}).get("measures", {}),
        summary=_(
            "%(questions)s: %(answered)s answered, %(other)s not answered by these documents.",
            questions=questions,
            answered=f"{answered:,}",
            other=f"{count - answered:,}",
        ),
    )


def result_html(result: BatchResult, token: str) -> Markup:
    """Render the page of a finished batch; `token` is its secret name in URLs."""
    return render(
        "batch.html",
        part="page",
        figures=Markup(result.figures),  # noqa: S704 - rendered by `batch_result`, perhaps in another process
        files=FILES,
        head=Markup(result.head),  # noqa: S704 - likewise
        questions=rows_html(result, token),
        result=result,
        token=token,
    )


def rows_html(result: BatchResult, token: str, order: str = "", *, descending: bool = False, page: int = 1) -> Markup:
    """Render a page of the table, with links to its other pages and sort orders; the least confident come first."""
    orders = {key: value for key, value in _ORDERS.items() if result.judged or key != "judged"}
    table = table_page(result.rows, orders, order, descending=descending, page=page, size=PAGE)
    columns = [("place", _("No.")), ("question", _("Question")), ("", _("Answer")), ("confidence", _("Confidence"))]
    return render(
        "batch.html",
        part="rows",
        columns=[*columns, ("judged", _("Judged"))] if result.judged else columns,
        link=table.link("batch-rows", id=token),
        order_label=_(_ORDER_LABELS[table.order][table.descending]),
        result=result,
        table=table,
    )


def answers_csv(outcomes: Sequence[Outcome]) -> str:
    """Return one row per question in file order."""
    rows = [
        (
            outcome.question.id,
            outcome.question.text,
            outcome.question.type,
            "yes" if outcome.answered else "no",
            f"{outcome.confidence:.4f}",
            " ".join(sentence.text for sentence in outcome.sentences),
            "; ".join(dict.fromkeys(sentence.citation for sentence in outcome.sentences)),
            "; ".join(dict.fromkeys(sentence.id for sentence in outcome.sentences)),
            outcome.passages[0].id if outcome.passages else "",
            html_report.verdict(outcome)[1] if outcome.judged.ranked or outcome.judged.answerable is False else "",
        )
        for outcome in outcomes
    ]
    return csv_text(CSV_COLUMNS, rows)
