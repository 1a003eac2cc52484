"""An evaluation as a table for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from qa.evaluation.metrics import Evaluation

MOST_GROUPS = 12
"""Of types, editions and series with more values than this, the table leaves the rows to metrics.json."""


def summary(evaluation: Evaluation) -> RenderableType:
    """Measures with their intervals, by type, edition and series, then a line for each further figure."""
    found = evaluation.metrics
    lines = [Text(one) for one in _lines(evaluation)]
    return Group(_table(found), *lines) if found is not None and found["measures"] else Group(*lines)


def _table(found: Mapping[str, Any]) -> Table:
    names = list(found["measures"])
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    table.add_column("questions", justify="right")
    for name in names:
        table.add_column(name, justify="right")
    whole = next(iter(found["measures"].values()))
    table.add_row("all", str(whole["n"]), *(_with_interval(found["measures"][name]) for name in names))
    for part in ("by_type", "by_edition", "by_series"):
        groups = found[part]
        if 1 < len(groups) <= MOST_GROUPS:
            table.add_section()
            for group, figures in groups.items():
                count = next(iter(figures.values()))["n"]
                label = Text(f"{part.removeprefix('by_')} {group}"[:60])
                table.add_row(label, str(count), *(_short(figures[name]["value"]) for name in names))
    return table


def _lines(evaluation: Evaluation) -> Iterator[str]:
    found = evaluation.metrics or {}
    count, answered = len(evaluation.outcomes), sum(one.answered for one in evaluation.outcomes)
    rate = f", {count / evaluation.seconds:.0f} questions/s" if evaluation.seconds > 0 else ""
    asked = f"{count} question{'s' * (count != 1)}"
    yield f"{asked}, {answered} answered, {count - answered} not answered by these documents{rate}"
    if not found:
        yield "no question was judged: no measures (add `evidence`, `passages` or --qrels)"
    if refusal := found.get("refusal"):
        precision, recall = refusal["precision"], refusal["recall"]
        yield (
            f"refusal: precision {_with_interval(precision) if precision else 'unknown (none refused)'} "
            f"over {refusal['refused']} refused, recall {_with_interval(recall)} over {recall['n']} unanswerable, "
            f"AUROC {_short(refusal['auroc'])}"
        )
    if reading := found.get("reading"):
        words = reading["words_until_evidence"]
        median = words["median"]
        yield (
            f"words to read until the evidence: median {f'{median:g}' if median is not None else 'never'} "
            f"({words['n']} questions, {words['never']} never)"
        )
        if held := reading.get("short_answer_held"):
            yield f"short answer held by the answer's sentences: {_with_interval(held)} ({held['n']} questions)"
        if compared := reading.get("compare"):
            documents, evidence = compared.values()
            yield (
                f"compare: every document in the first five {_short(documents['value'])}, with its evidence "
                f"{_short(evidence['value'])} ({documents['n']} questions)"
            )
    if against := found.get("against"):
        for name, one in against["measures"].items():
            yield (
                f"against {against['folder']}: {name} {one['value']:.3f}, was {one['other']:.3f} "
                f"({one['difference']:+.3f}, p {one['p']:.3f}, {one['better']} better, {one['worse']} worse)"
            )
        yield from against["notices"]
    yield from evaluation.notices


def _with_interval(figure: Mapping[str, Any]) -> str:
    low, high = figure["interval"]
    return f"{_short(figure['value'])} [{_short(low)}, {_short(high)}]"


def _short(value: float | None) -> str:
    """Three places, as the field prints them: .843, 1.000."""
    if value is None:
        return "unknown"
    return f"{value:.3f}".removeprefix("0") if 0 <= value < 1 else f"{value:.3f}"
