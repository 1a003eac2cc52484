"""An evaluation as one page of HTML that can be kept, sent and printed: it asks for nothing from elsewhere. Pure.

Every text from a document or a question is escaped, and the page's own policy forbids scripts and requests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from qa.evaluation import plots
from qa.evaluation.metrics import Evaluation
from qa.evaluation.outcome import Outcome, ShownPassage
from qa.evaluation.plots import Bar, Interval

MOST_DETAILED = 500
"""Questions whose answers are shown whole, the worst; of the others the page has a line each."""

MOST_GROUPS = 30
LONGEST_QUESTION, LONGEST_PASSAGE = 300, 700
"""Characters of a question, and of a passage or any other text, that are shown."""

_WRONGLY_REFUSED = 0.5
"""How bad it is, between 0 and 1, to refuse a question that the documents answer, wherever its evidence ranks."""

_RANKS = ((1, 1, "first"), (2, 2, "2nd"), (3, 3, "3rd"), (4, 5, "4th or 5th"), (6, 10, "6th to 10th"))


def render(evaluation: Evaluation) -> str:
    """The page."""
    title = f"Evaluation of {evaluation.source.name}"
    style = files("qa").joinpath("evaluation/html_report.css").read_text(encoding="utf-8")
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{_text(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>",
            f"<h1>{_text(title)}</h1>",
            *_head(evaluation),
            *figures(evaluation),
            *_outcomes(evaluation),
            "</main>\n</body>\n</html>\n",
        ]
    )


def badness(outcome: Outcome) -> float:
    """How badly a question came out, from 0 to 1; -1 for one that nobody judged.

    One minus the reciprocal rank of what answers; for a question that nothing answers, the confidence it was answered
    with all the same.
    """
    if outcome.judged.answerable is False:
        return outcome.confidence if outcome.answered else 0.0
    if not outcome.judged.ranked:
        return -1.0
    rank = 1 - (1 / outcome.first if outcome.first else 0.0)
    return max(rank, 0.0 if outcome.answered else _WRONGLY_REFUSED)


def _head(evaluation: Evaluation) -> Iterator[str]:
    count, answered = len(evaluation.outcomes), sum(one.answered for one in evaluation.outcomes)
    rate = f" {count / evaluation.seconds:,.0f} questions a second." if evaluation.seconds > 0 else ""
    refused = f"{count - answered:,} not answered by these documents"
    yield f"<p>{count:,} questions, {answered:,} answered, {refused}.{rate}</p>"
    facts = (evaluation.metrics or {}).get("run", {})
    model = f" Model {_text(facts['model'])}." if "model" in facts else ""
    yield (
        f'<p class="soft">{evaluation.k} passages a question, rankings of {evaluation.unit}s {evaluation.depth} deep.'
        f"{model} Intervals are 95 % bootstrap intervals over the questions.</p>"
    )
    for notice in evaluation.notices:
        yield f'<p class="notice">{_text(notice)}</p>'


def figures(evaluation: Evaluation) -> Iterator[str]:
    """The measures and what else the judgements tell, as pieces of HTML with plots."""
    found = evaluation.metrics
    if found is None:
        yield '<p class="notice">No question was judged, so nothing is measured.</p>'
        return
    if found["measures"]:
        yield "<h2>Measures</h2>"
        yield _scrolled(plots.intervals("Each measure with its interval", _rows(found["measures"])))
        name = next(iter(found["measures"]))
        for part in ("by_type", "by_edition", "by_series"):
            groups = {group: figures[name] for group, figures in found[part].items()}
            if 1 < len(groups) <= MOST_GROUPS:
                heading = f"{name} by {part.removeprefix('by_')}"
                yield f"<h3>{_text(heading)}</h3>"
                yield _scrolled(plots.intervals(heading, _rows(groups)))
        yield "<h2>Where the first that answers stands</h2>"
        yield _scrolled(plots.bars("Questions by the rank of what answers them", _ranks(evaluation)))
    if "refusal" in found:
        yield from _refusal(evaluation, found["refusal"])
    if "reading" in found:
        yield from _reading(found["reading"])
    if "against" in found:
        yield from _against(found["against"])


def _ranks(evaluation: Evaluation) -> list[Bar]:
    ranked = [one.first for one in evaluation.outcomes if one.judged.ranked]
    rows = [Bar(label, sum(low <= (first or 0) <= high for first in ranked)) for low, high, label in _RANKS]
    return [*rows, Bar("lower", sum((first or 0) > 10 for first in ranked)), Bar("not found", ranked.count(None))]


def _refusal(evaluation: Evaluation, refusal: Mapping[str, Any]) -> Iterator[str]:
    yield "<h2>Refusal</h2>"
    rows = [(name, refusal[name]) for name in ("precision", "recall") if refusal[name]]
    yield _scrolled(plots.intervals("Precision and recall of refusal", _rows(dict(rows))))
    auroc = refusal["auroc"]
    yield (
        f"<p>{refusal['refused']} questions were refused. Area under the ROC curve of the confidence: "
        f"{'unknown' if auroc is None else f'{auroc:.3f}'}.</p><h3>Questions by confidence</h3>"
    )
    bins = [Bar(f"{step / 10:.1f} to {(step + 1) / 10:.1f}", *_judged_within(evaluation, step)) for step in range(10)]
    yield _scrolled(plots.bars("Questions by confidence", bins, "answerable", "unanswerable"))


def _judged_within(evaluation: Evaluation, step: int) -> tuple[int, int]:
    """Answerable and unanswerable questions whose confidence lies in a tenth."""
    within = [one for one in evaluation.outcomes if min(int(one.confidence * 10), 9) == step]
    return (
        sum(one.judged.answerable is True for one in within),
        sum(one.judged.answerable is False for one in within),
    )


def _reading(reading: Mapping[str, Any]) -> Iterator[str]:
    words = reading["words_until_evidence"]
    median = "never met" if words["median"] is None else f"{words['median']:g}"
    yield "<h2>Reading</h2>"
    yield (
        f"<p>Words to read until the evidence, median of {words['n']} questions: <strong>{median}</strong> "
        f"({words['never']} never meet it).</p>"
    )
    rows: list[tuple[str, Mapping[str, Any]]] = []
    if held := reading.get("short_answer_held"):
        rows.append(("short answer in the sentences", held))
        rows += [(f"… {kind}", figure) for kind, figure in held["by_type"].items() if len(held["by_type"]) > 1]
    for name, figure in reading.get("compare", {}).items():
        rows.append((name.replace("_", " "), figure))
    if rows:
        yield _scrolled(plots.intervals("Short answers held, documents compared", _rows(dict(rows))))


def _against(against: Mapping[str, Any]) -> Iterator[str]:
    yield f"<h2>Against {_text(against['folder'])}</h2>"
    yield f'<p class="soft">{against["questions"]} questions that both judged; p by paired randomisation.</p>'
    for notice in against["notices"]:
        yield f'<p class="notice">{_text(notice)}</p>'
    heads = ("value", "other", "difference", "p", "better", "worse")
    yield '<div class="scroll"><table><thead><tr><th>measure</th>'
    yield "".join(f'<th class="number">{head}</th>' for head in heads) + "</tr></thead><tbody>"
    for name, one in against["measures"].items():
        cells = [f"{one['value']:.3f}", f"{one['other']:.3f}", f"{one['difference']:+.3f}", f"{one['p']:.3f}"]
        cells += [str(one["better"]), str(one["worse"])]
        yield f"<tr><td>{_text(name)}</td>" + "".join(f'<td class="number">{cell}</td>' for cell in cells) + "</tr>"
    yield "</tbody></table></div>"


def _outcomes(evaluation: Evaluation) -> Iterator[str]:
    ordered = sorted(evaluation.outcomes, key=lambda one: -badness(one))  # stable: equals stay in the file's order
    yield "<h2>Questions, worst first</h2>"
    if len(ordered) > MOST_DETAILED:
        yield f'<p class="soft">The first {MOST_DETAILED} with their answers, the others with a line each.</p>'
    for place, one in enumerate(ordered):
        good, words = verdict(one)
        kind = f"{_text(_clipped(one.question.type, 40))} · " if one.question.type else ""
        line = (
            f'<span class="outcome {"good" if good else "bad"}">{words}</span> '
            f'<span class="soft">{_text(_clipped(one.question.id, 60))} · {kind}</span>'
            f"{_text(_clipped(' '.join(one.question.text.split()), LONGEST_QUESTION)) or '(empty)'}"
        )
        if place < MOST_DETAILED:
            yield f"<details><summary>{line}</summary>{''.join(_details(one))}</details>"
        else:
            yield f'<div class="flat">{line}</div>'


def verdict(outcome: Outcome) -> tuple[bool, str]:
    """Whether a question came out well, and how in words."""
    if outcome.judged.answerable is False:
        return (False, "✗ wrongly answered") if outcome.answered else (True, "✓ rightly refused")
    if not outcome.judged.ranked:
        return True, "not judged"
    place = f"rank {outcome.first}" if outcome.first else "not found"
    if not outcome.answered:
        return False, f"✗ refused, {place}"
    return (True, f"✓ {place}") if outcome.first == 1 else (False, f"✗ {place}")


def _details(outcome: Outcome) -> Iterator[str]:
    yield f"<p>Confidence {outcome.confidence:.2f}, {'answered' if outcome.answered else 'not answered'}.</p>"
    for notice in (*outcome.notices, *(f"not in this index: {one}" for one in outcome.judged.missing)):
        yield f'<p class="notice">{_text(notice)}</p>'
    quotes = [(one.quote, one.document) for one in outcome.question.evidence or () if one.quote]
    if quotes:
        yield "<h3>Evidence</h3>"
        for quote, document in quotes:
            yield f"<blockquote>{_text(quote)}<cite>{_text(document)}</cite></blockquote>"
    if outcome.sentences:
        yield "<h3>Answer</h3>"
        yield from _quoted(outcome.sentences)
    if outcome.passages:
        yield "<h3>First passages</h3>"
        yield from _quoted(outcome.passages)


def _quoted(items: Sequence[ShownPassage]) -> Iterator[str]:
    for one in items:
        judged = {True: " · answers", False: " · does not answer", None: ""}[one.relevant]
        style = ' class="relevant"' if one.relevant else ""
        cited = f"<cite>{_text(one.citation)} · {_text(one.id)}{judged}</cite>"
        yield f"<blockquote{style}>{_text(one.text)}{cited}</blockquote>"


def _rows(figures: Mapping[str, Mapping[str, Any]]) -> list[Interval]:
    return [
        Interval(name, one["value"], one["interval"][0], one["interval"][1], one["n"]) for name, one in figures.items()
    ]


def _scrolled(plot: str) -> str:
    """A plot that scrolls by itself where the window is narrower than it."""
    return f'<div class="scroll" tabindex="0">{plot}</div>'


def _clipped(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _text(text: str) -> str:
    """Text as HTML, clipped; control characters, which HTML does not have, become blanks."""
    shown = _clipped(text, LONGEST_PASSAGE)
    return escape("".join(one if one.isprintable() or one in "\n\t" else " " for one in shown))
