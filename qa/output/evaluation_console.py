"""Render an evaluation for the terminal: a table of measures and lines with the other figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from qa.evaluation.run_metrics import Evaluation

MAX_GROUPS = 12
"""Groups (types, editions or series) shown in the table; where there are more, they are only in metrics.json."""


def summary(evaluation: Evaluation) -> RenderableType:
    """Return the measures with their intervals, overall and by group, and a line for each further figure."""
    metrics = evaluation.metrics
    lines = map(Text, _lines(evaluation))
    return Group(_table(metrics), *lines) if metrics is not None and metrics["measures"] else Group(*lines)


def _table(metrics: Mapping[str, Any]) -> Table:
    names = list(metrics["measures"])
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    table.add_column("questions", justify="right")
    for name in names:
        table.add_column(name, justify="right")
    count = metrics["measures"][names[0]]["n"]
    table.add_row("all", str(count), *(_with_interval(metrics["measures"][name]) for name in names))
    for part in ("by_type", "by_edition", "by_series"):
        groups = metrics[part]
        if 1 < len(groups) <= MAX_GROUPS:
            table.add_section()
            for group, means in groups.items():
                label = Text(f"{part.removeprefix('by_')} {group}"[:60])
                table.add_row(label, str(means[names[0]]["n"]), *(_short(means[name]["value"]) for name in names))
    return table


def _lines(evaluation: Evaluation) -> Iterator[str]:
    metrics = evaluation.metrics or {}
    count, answered = len(evaluation.outcomes), sum(outcome.answered for outcome in evaluation.outcomes)
    rate = f", {count / evaluation.seconds:.0f} questions/s" if evaluation.seconds > 0 else ""
    yield f"{_questions(count)}, {answered} answered, {count - answered} not answered by these documents{rate}"
    if not metrics:
        yield "no question was judged: no measures (add `evidence`, `passages` or --qrels)"
    if refusal := metrics.get("refusal"):
        precision, recall = refusal["precision"], refusal["recall"]
        yield (
            f"refusal: precision {_with_interval(precision) if precision else 'unknown (none refused)'} "
            f"over {refusal['refused']} refused, recall {_with_interval(recall)} over {recall['n']} unanswerable, "
            f"AUROC {_short(refusal['auroc'])}"
        )
    if reading := metrics.get("reading"):
        words = reading["words_until_evidence"]
        median = words["median"]
        yield (
            f"words until the evidence: median {f'{median:g}' if median is not None else 'never'} "
            f"({_questions(words['n'])}, {words['never']} never)"
        )
        if held := reading.get("short_answer_held"):
            yield f"short answer in the answer's sentences: {_with_interval(held)} ({_questions(held['n'])})"
        if compared := reading.get("compare"):
            documents, evidence = compared.values()
            yield (
                f"compare: every document in the first five {_short(documents['value'])}, with its evidence "
                f"{_short(evidence['value'])} ({_questions(documents['n'])})"
            )
    if against := metrics.get("against"):
        for name, change in against["measures"].items():
            counts = f"{change['better']} better, {change['worse']} worse"
            yield (
                f"against {against['folder']}: {name} {change['value']:.3f}, was {change['other']:.3f} "
                f"({change['difference']:+.3f}, p {change['p']:.3f}, {counts})"
            )
        yield from against["notices"]
    yield from evaluation.notices


def _questions(count: int) -> str:
    return f"{count} question{'s' * (count != 1)}"


def _with_interval(mean: Mapping[str, Any]) -> str:
    low, high = mean["interval"]
    return f"{_short(mean['value'])} [{_short(low)}, {_short(high)}]"


def _short(value: float | None) -> str:
    """Format with three digits and without a leading zero: .843, 1.000."""
    if value is None:
        return "unknown"
    return f"{value:.3f}".removeprefix("0") if 0 <= value < 1 else f"{value:.3f}"
