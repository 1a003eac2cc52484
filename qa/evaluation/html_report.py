"""An evaluation as an HTML report that requests nothing and runs no scripts; the form shows its figures, too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from corpus.translation import gettext as _
from corpus.translation import gettext_noop, ngettext
from qa.evaluation.metrics import Evaluation
from qa.evaluation.outcome import Outcome
from qa.templating import render, render_report

MAX_DETAILED = 500
"""Questions shown with their answers, the worst ones; the others take one line each, to keep the page small."""

MAX_GROUPS = 30
"""Groups in a plot by type, edition or series; with more there is no plot."""

_WRONGLY_REFUSED = 0.5
"""Badness in [0, 1] of refusing an answerable question, for any rank of its evidence."""

_RANKS = (
    (1, 1, gettext_noop("first")),
    (2, 2, gettext_noop("2nd")),
    (3, 3, gettext_noop("3rd")),
    (4, 5, gettext_noop("4th or 5th")),
    (6, 10, gettext_noop("6th to 10th")),
)


def report_html(evaluation: Evaluation) -> str:
    """Return the report."""
    title = _("Evaluation of %(source)s", source=evaluation.source.name)
    count, answered = len(evaluation.outcomes), sum(outcome.answered for outcome in evaluation.outcomes)
    rate = f"{count / evaluation.seconds:,.0f}" if evaluation.seconds > 0 else ""
    run = (evaluation.metrics or {}).get("run", {})
    settings = [
        _(
            "%(count)s passages per question, %(unit)s rankings to depth %(depth)s.",
            count=evaluation.k,
            unit=evaluation.unit,
            depth=evaluation.depth,
        ),
        *([_("Model %(model)s.", model=run["model"])] if "model" in run else []),
        _("Intervals are 95%% bootstrap intervals over the questions."),
    ]
    in_short = [
        _(
            "%(questions)s, %(answered)s answered, %(other)s not answered by these documents.",
            questions=ngettext("%(count)s question", "%(count)s questions", count),
            answered=f"{answered:,}",
            other=f"{count - answered:,}",
        ),
        *([_("%(rate)s questions a second.", rate=rate)] if rate else []),
    ]
    worst_first = sorted(evaluation.outcomes, key=lambda outcome: -badness(outcome))  # stable: ties in file order
    body = render(
        "evaluation.html",
        part="page",
        body=figures(evaluation),
        detailed=MAX_DETAILED,
        notices=evaluation.notices,
        outcomes=[(outcome, *verdict(outcome)) for outcome in worst_first],
        settings=" ".join(settings),
        summary=" ".join(in_short),
        title=title,
    )
    return render_report(title, body, ["templates/evaluation.css"])


def badness(outcome: Outcome) -> float:
    """Return how bad the outcome of a question is, in [0, 1]; -1 for a question without judgements.

    It is 1 - reciprocal rank of the first relevant result; for an unanswerable question that was answered, the
    confidence of the answer.
    """
    if outcome.judged.answerable is False:
        return outcome.confidence if outcome.answered else 0.0
    if not outcome.judged.ranked:
        return -1.0
    rank = 1 - (1 / outcome.first if outcome.first else 0.0)
    return max(rank, 0.0 if outcome.answered else _WRONGLY_REFUSED)


def figures(evaluation: Evaluation) -> Markup:
    """Render the measures with plots."""
    metrics = evaluation.metrics or {}
    refusal = metrics.get("refusal", {})
    return render(
        "evaluation.html",
        part="figures",
        confidences=[_in_tenth(evaluation, tenth) for tenth in range(10)],
        groups=_groups(metrics),
        metrics=metrics,
        ranks=_ranks(evaluation),
        reading_rows=_reading_rows(metrics.get("reading", {})),
        refusal_rows={name: refusal[name] for name in ("precision", "recall") if refusal.get(name)},
    )


_GROUPINGS = {
    "by_type": gettext_noop("%(measure)s by type"),
    "by_edition": gettext_noop("%(measure)s by edition"),
    "by_series": gettext_noop("%(measure)s by series"),
}


def _groups(metrics: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the first measure by type, edition and series: a heading and its rows."""
    groups: dict[str, dict[str, Any]] = {}
    for name in list(metrics.get("measures", {}))[:1]:
        for part, heading in _GROUPINGS.items():
            rows = {group: measures[name] for group, measures in metrics[part].items()}
            if 1 < len(rows) <= MAX_GROUPS:
                groups[_(heading, measure=name)] = rows
    return groups


def _ranks(evaluation: Evaluation) -> list[tuple[str, int, int]]:
    """Return the number of questions by the rank of the first relevant result."""
    ranks = [outcome.first for outcome in evaluation.outcomes if outcome.judged.ranked]
    rows = [(_(label), sum(low <= (rank or 0) <= high for rank in ranks)) for low, high, label in _RANKS]
    rows += [(_("lower"), sum((rank or 0) > 10 for rank in ranks)), (_("not found"), ranks.count(None))]
    return [(label, count, 0) for label, count in rows]


def _in_tenth(evaluation: Evaluation, tenth: int) -> tuple[str, int, int]:
    """Return a tenth of [0, 1] with the number of answerable and of unanswerable questions of that confidence."""
    judged = [outcome.judged for outcome in evaluation.outcomes if min(int(outcome.confidence * 10), 9) == tenth]
    counts = [sum(item.answerable is answerable for item in judged) for answerable in (True, False)]
    label = _("%(low)s to %(high)s", low=f"{tenth / 10:.1f}", high=f"{(tenth + 1) / 10:.1f}")
    return label, counts[0], counts[1]


def _reading_rows(reading: Mapping[str, Any]) -> dict[str, Any]:
    rows: dict[str, Any] = {}
    if held := reading.get("short_answer_held"):
        rows[_("short answer in the sentences")] = held
        if len(held["by_type"]) > 1:
            rows |= {f"… {kind}": measure for kind, measure in held["by_type"].items()}
    return rows | {name.replace("_", " "): measure for name, measure in reading.get("compare", {}).items()}


def verdict(outcome: Outcome) -> tuple[bool, str]:
    """Return whether the outcome of a question is good, and the outcome in words."""
    if outcome.judged.answerable is False:
        return (False, _("✗ wrongly answered")) if outcome.answered else (True, _("✓ rightly refused"))
    if not outcome.judged.ranked:
        return True, _("not judged")
    rank = _("rank %(first)s", first=outcome.first) if outcome.first else _("not found")
    if not outcome.answered:
        return False, _("✗ refused, %(rank)s", rank=rank)
    return (True, f"✓ {rank}") if outcome.first == 1 else (False, f"✗ {rank}")
