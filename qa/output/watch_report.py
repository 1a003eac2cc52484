"""Watched questions as HTML, for the form and as a report, and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from corpus.translation import gettext as _
from corpus.translation import gettext_noop, join_items, ngettext
from qa.answering.excerpt import Excerpt
from qa.output.citation_formats import markdown_line
from qa.output.comparison_html import change_spans, report
from qa.output.comparison_text import change_markdown, figures_markdown, passage_markdown
from qa.output.state_labels import WATCH_STATES, WATCH_TONES
from qa.templating import render
from qa.watching import Watch, WatchedSeries

TITLE = gettext_noop("What changed in the answers")


def summary(watched: Watch) -> str:
    """Summarise the states in one line."""
    counts = join_items(
        _("%(count)s %(state)s", count=count, state=_(WATCH_STATES[state])) for state, count in watched.counts.items()
    )
    questions = ngettext("%(count)s question", "%(count)s questions", len(watched.questions))
    return f"{questions}: {counts}"


def html(watched: Watch) -> str:
    """Return watched questions as a report."""
    return report(_(TITLE), watch_html(watched))


def watch_html(watched: Watch, *, link: str | None = None, hide: Sequence[str] = ()) -> Markup:
    """Render watched questions, those that changed first.

    Args:
        watched: The outcome.
        link: URL of the report in the form; None for a stand-alone report, which has no links to sources.
        hide: Notices that the page shows elsewhere.
    """
    ordered = sorted(watched.questions, key=lambda question: question.state in ("unchanged", "not_answered"))
    return render(
        "watch.html",
        part="",  # of the template whose macros are imported
        lines=[notice for notice in watched.notices if notice not in hide],
        link=link,
        moved=lambda series: [row for row in series.figures if row.moved],
        questions=ordered,
        spans=lambda series: change_spans(change.change for change in series.changes),
        states=WATCH_STATES,
        summary=_("%(summary)s.", summary=summary(watched)),
        tones=WATCH_TONES,
    )


def markdown(watched: Watch) -> str:
    """Return watched questions as Markdown, in their order."""
    lines = [f"# {TITLE}", "", f"{summary(watched)}.", ""]
    lines += [f"{markdown_line(notice)}\n" for notice in watched.notices]
    for question in watched.questions:
        lines += [f"## {markdown_line(question.text)}", ""]
        lines += [f"{markdown_line(notice)}\n" for notice in question.notices]
        for series in question.series:
            lines += _series(series)
    return "\n".join(lines).rstrip() + "\n"


def _series(series: WatchedSeries) -> Iterator[str]:
    editions = f"{markdown_line(series.earlier.edition.name)} → {series.later.edition.label}"
    yield from (f"**{WATCH_STATES[series.state]}**: {editions}", "")
    if series.state == "unchanged":
        yield from _passages(series.later.passages)
        return
    for answer in (series.earlier, series.later):
        if answer.passages:
            yield from (f"### {answer.edition.label}", "")
            yield from _passages(answer.passages)
    changes = [change for change in series.changes if change.change.kind != "kept"]
    if changes:
        yield from (*(f"- {change.change.kind}: {change_markdown(change)}" for change in changes), "")
    moved = [row for row in series.figures if row.moved]
    if moved:
        yield from figures_markdown(moved)


def _passages(passages: Sequence[Excerpt]) -> Iterator[str]:
    for excerpt in passages:
        yield from passage_markdown(excerpt.text, excerpt.citation, excerpt.id)
