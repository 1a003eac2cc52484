"""What a batch came to, as HTML: a summary, the measures, and its questions as a table that can be ordered. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from qa.confidence.confidence import confidence_label
from qa.evaluation import html_report
from qa.evaluation.metrics import Evaluation
from qa.evaluation.outcome import Outcome
from qa.question.filters import Filters
from qa.web.render.markup import column_head, escape
from qa.web.urls import Asked, tidy, write

PAGE = 25
"""Questions on one page of the table."""

FILES = {
    "answers.jsonl": "Answers (JSON Lines)",
    "answers.csv": "Table (CSV)",
    "run.trec": "Rankings (TREC run)",
    "report.html": "Report (HTML)",
}
"""What can be downloaded of a batch, and how it is called."""

_LONGEST = 240


@dataclass(frozen=True, slots=True)
class Row:
    """A question of the table: where it stood in its file, how it came out, and the address that asks it."""

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


@dataclass(frozen=True, slots=True)
class Result:
    """A finished batch: its name, its rows in the order of the file, and the parts of its page that do not change."""

    name: str
    rows: tuple[Row, ...]
    head: str
    figures: str
    judged: bool


_ORDERS: dict[str, Callable[[Row], Any]] = {
    "confidence": lambda row: row.confidence,
    "place": lambda row: row.place,
    "question": lambda row: row.question.casefold(),
    "judged": lambda row: -row.badness,
}
"""What the table can be ordered by; all but `place` and `question` have the worst first."""


def result(evaluation: Evaluation, filters: Sequence[Filters]) -> Result:
    """The result of a run; `filters` are those that each question was asked with."""
    rows = tuple(
        _row(place, one, wanted)
        for place, (one, wanted) in enumerate(zip(evaluation.outcomes, filters, strict=True), 1)
    )
    judged = evaluation.metrics is not None
    figures = "".join(html_report.figures(evaluation)) if judged else ""
    return Result(evaluation.source.name, rows, _head(evaluation), figures, judged)


def _row(place: int, outcome: Outcome, filters: Filters) -> Row:
    question = tidy(outcome.question.text)
    good, verdict = html_report.verdict(outcome)
    shown = outcome.sentences[0] if outcome.sentences else None
    return Row(
        place=place,
        id=outcome.question.id,
        question=question,
        type=outcome.question.type or "",
        answered=outcome.answered,
        confidence=outcome.confidence,
        answer=" ".join(one.text for one in outcome.sentences),
        source=shown.citation if shown is not None else "",
        verdict=verdict,
        good=good,
        badness=html_report.badness(outcome),
        link=f"./{write(Asked(question, filters))}" if question else "",
    )


def _head(evaluation: Evaluation) -> str:
    count, answered = len(evaluation.outcomes), sum(one.answered for one in evaluation.outcomes)
    seconds = f" in {evaluation.seconds:,.0f} s" if evaluation.seconds >= 1 else ""
    summary = (
        f"{_count(count)} asked{seconds}: {answered:,} answered, {count - answered:,} not answered by these documents."
    )
    notices = "".join(f"<li>{escape(one)}</li>" for one in evaluation.notices)
    tiles = "".join(_tile(name, one) for name, one in (evaluation.metrics or {}).get("measures", {}).items())
    return (
        f'<p class="yq-summary">{escape(summary)}</p>'
        + (f'<ul class="yq-notices">{notices}</ul>' if notices else "")
        + (f'<dl class="yq-tiles">{tiles}</dl>' if tiles else "")
    )


def _tile(name: str, figure: dict[str, Any]) -> str:
    low, high = figure["interval"]
    return (
        f"<div><dt>{escape(name)}</dt><dd><strong>{figure['value']:.3f}</strong> "
        f'<span title="95 % interval over {figure["n"]} questions">{low:.3f} to {high:.3f}</span></dd></div>'
    )


def result_html(found: Result, token: str) -> str:
    """The page of a finished batch."""
    files = ((name, label, _address("batch-file", id=token, name=name)) for name, label in FILES.items())
    downloads = " ".join(
        f'<a class="yq-action" href="{address}" download="{name}">{escape(label)}</a>' for name, label, address in files
    )
    report_page = _address("batch-file", id=token, name="report.html", view="1")
    measures = (
        f'<section class="yq-measures" id="yq-measures">{found.figures}</section>'
        if found.figures
        else '<p class="yq-soft">No question says what answers it, so nothing is measured.</p>'
    )
    jump = '<a class="yq-action yq-jump" href="#yq-measures">Measures and plots ↓</a>' if found.figures else ""
    return (
        f'<main class="yq-batch"><h1>Batch: {escape(found.name)}</h1>{found.head}'
        f'<p class="yq-actions"><span class="yq-downloads">Download: {downloads}</span>'
        f'<a class="yq-action" href="{report_page}" target="_blank">Open the report</a>{jump}</p>'
        f'<h2 id="yq-questions">Questions</h2>{rows_html(found, token)}{measures}</main>'
    )


def rows_html(found: Result, token: str, order: str = "confidence", *, descending: bool = False, page: int = 1) -> str:
    """A page of the table, with links to its other pages and orders; an unknown order is the usual one."""
    order = order if order in _ORDERS and (order != "judged" or found.judged) else "confidence"
    ordered = sorted(found.rows, key=_ORDERS[order], reverse=descending)  # stable: equals stay in the file's order
    pages = max(1, -(-len(ordered) // PAGE))
    page = min(max(page, 1), pages)

    def view(**values: Any) -> str:
        kept = {"sort": order, "down": int(descending), "at": 1} | values
        return _address("batch-rows", id=token, **kept)

    heads = [("place", "No."), ("question", "Question"), ("", "Answer"), ("confidence", "Confidence")]
    heads += [("judged", "Judged")] if found.judged else []
    cells = "".join(column_head(key, label, order, descending, view) for key, label in heads)
    body = "".join(_row_html(row, judged=found.judged) for row in ordered[(page - 1) * PAGE : page * PAGE])
    steps = [
        f'<a class="yq-action yq-view" href="{view(at=page + step)}">{label}</a>'
        for step, label in ((-1, "← Before"), (1, "Next →"))
        if 1 <= page + step <= pages
    ]
    shown = f"{(page - 1) * PAGE + 1:,} to {min(page * PAGE, len(ordered)):,} of {_count(len(ordered))}"
    return (
        '<div class="yq-rows"><table role="table" class="yq-table"><caption class="yq-unseen">'
        f"Questions and their answers, {_in_words(order, descending)}</caption>"
        f'<thead role="rowgroup"><tr role="row">{cells}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table>'
        f'<p class="yq-actions"><span class="yq-soft">{shown}</span>{"".join(steps)}</p></div>'
    )


def _in_words(order: str, descending: bool) -> str:
    ways = {
        "confidence": ("least confident first", "most confident first"),
        "place": ("in the order of the file", "in the order of the file, from its end"),
        "question": ("by question, A to Z", "by question, Z to A"),
        "judged": ("worst first", "best first"),
    }
    return ways[order][descending]


def _row_html(row: Row, *, judged: bool) -> str:
    about = " · ".join(one for one in (row.id, row.type) if one)
    question = escape(_clipped(row.question)) or "(empty)"
    asked = f'<a class="yq-ask" href="{escape(row.link)}">{question}</a>' if row.link else question
    answer = (
        f'<q class="yq-quote">{escape(_clipped(row.answer))}</q>'
        f'<span class="yq-source">{escape(_clipped(row.source))}</span>'
        if row.answered
        else '<span class="yq-soft">Not answered by these documents</span>'
    )
    percent = round(100 * row.confidence)
    verdict = (
        f'<td role="cell" class="yq-verdict {"yq-good" if row.good else "yq-bad"}">{escape(row.verdict)}</td>'
        if judged
        else ""
    )
    return (
        f'<tr role="row"><td role="cell" class="yq-place">{row.place}</td>'
        f'<td role="cell" class="yq-asked">{asked}<span class="yq-source">{escape(_clipped(about))}</span></td>'
        f'<td role="cell" class="yq-answered">{answer}</td>'
        f'<td role="cell"><label class="yq-confidence"><span>{confidence_label(row.confidence)}, {percent} %</span>'
        f'<meter min="0" max="100" value="{percent}">{percent} %</meter></label></td>{verdict}</tr>'
    )


def _address(page: str, **values: Any) -> str:
    return escape(f"./{page}?{urlencode(values)}")


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _count(number: int) -> str:
    return "1 question" if number == 1 else f"{number:,} questions"
