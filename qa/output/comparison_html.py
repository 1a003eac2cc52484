"""Comparisons as HTML, for the web form and as reports that request nothing and run no scripts."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from corpus.records import Span
from corpus.translation import gettext as _
from corpus.translation import gettext_noop, join_items, ngettext
from qa.editions import word_diff
from qa.editions.alignment import Change, SectionChange
from qa.editions.outlines import OutlineComparison
from qa.editions.topic_comparison import Comparison, EditionChange, Timeline, TimelinePoint, timelines
from qa.editions.topic_passages import TopicMatch
from qa.output.state_labels import SERIES_STATES, TOPIC_STATES
from qa.templating import render, render_report

MAX_COLUMNS = 120
"""Documents side by side in the form, and pairs of editions; the latest ones. Reports show all."""

FEW_DOCUMENTS = 6
"""Most documents whose passages are shown at once; with more, the time line comes first and passages are closed."""

MAX_SECTIONS = 3_000
"""Pairs of sections shown in the form. Reports show all."""

_STYLES = ("web/static/form.css", "web/static/tabs.css", "web/static/compare.css")
_SECTION_KINDS: tuple[SectionChange, ...] = (
    gettext_noop("kept"), gettext_noop("renamed"), gettext_noop("moved"), gettext_noop("split"),
    gettext_noop("merged"), gettext_noop("new"), gettext_noop("dropped"),
)  # fmt: skip
_SENTENCE_KINDS = (gettext_noop("changed"), gettext_noop("added"), gettext_noop("dropped"), gettext_noop("kept"))

Spans = Mapping[str, Sequence[Span]]
"""Offsets in each document, by its id."""

WIDE, NARROW = 940, 440
"""Widths of a plot on wide and on narrow pages, in SVG units."""

_HEIGHT = 220
_LEFT, _BOTTOM, _TOP = 72, 34, 16
_LABEL_WIDTH = 50
"""Room for the label of an edition below the axis."""


def comparison(compared: Comparison) -> str:
    """Return a topic across editions as a report."""
    return report(compared.topic, topic_html(compared))


def outlines(compared: OutlineComparison) -> str:
    """Return whole editions side by side as a report."""
    return report(_names(compared), outlines_html(compared))


def report(title: str, body: Markup) -> str:
    """Return a report with a title around the HTML of a comparison or of a checked draft."""
    return render_report(title, render("comparison_report.html", title=title, body=body), _STYLES)


def topic_html(compared: Comparison, *, link: str | None = None, hide: Sequence[str] = ()) -> Markup:
    """Render a topic across editions: passages and sentences side by side, figures, share over time.

    Args:
        compared: The comparison.
        link: URL of the comparison in the form; None for a report, which has no links.
        hide: Notices that the page shows elsewhere.
    """
    treated = sum(match.treated for match in compared.matches)
    total = len(compared.matches)
    most = MAX_COLUMNS if link is not None else max(len(compared.shown_matches), len(compared.changes), 1)
    series: dict[str | None, list[TopicMatch]] = defaultdict(list)
    for match in compared.shown_matches[-most:]:
        series[match.edition.series].append(match)
    removed, added = change_spans(changes_within_versions(compared.changes))
    pairs = [
        _pair(list(group))
        for _editions, group in groupby(compared.changes, key=lambda change: (change.earlier, change.later))
    ]
    return render(
        "comparison.html",
        part="topic",
        added=added,
        change_spans=change_spans,
        columns=sorted(series.values(), key=lambda group: -len(group)),
        comparison=compared,
        earlier_documents=len(compared.shown_matches[:-most]),
        earlier_pairs=len(pairs[:-most]),
        figure_labels=sorted({value.edition.label for row in compared.figures for value in row.values}),
        is_long=len(compared.shown_matches) > FEW_DOCUMENTS,
        lines=[notice for notice in compared.notices if notice not in hide],
        lines_over_time=[
            (line, _runs(line), [_plot(line, compared.topic, width) for width in (WIDE, NARROW)])
            for line in timelines(compared.shown_matches)
            if len(line.points) > 1
        ],
        link=link,
        open_pairs=len(pairs) == 1,
        pairs=pairs[-most:],
        removed=removed,
        summary=_summary(compared.topic, treated, total),
        states=TOPIC_STATES,
        series_states=SERIES_STATES,
    )


def _summary(topic: str, treated: int, total: int) -> str:
    """Say in how many documents a topic is treated."""
    if total == 1:
        if treated:
            return _("“%(topic)s” is treated in the only document.", topic=topic)
        return _("“%(topic)s” was not found in the only document.", topic=topic)
    if not treated:
        return ngettext(
            "“%(topic)s” was not found in any of the %(count)s document.",
            "“%(topic)s” was not found in any of the %(count)s documents.",
            total,
            topic=topic,
        )
    return ngettext(
        "“%(topic)s” is treated in %(treated)s of %(count)s document.",
        "“%(topic)s” is treated in %(treated)s of %(count)s documents.",
        total,
        topic=topic,
        treated=treated,
    )


def _pair(changes: Sequence[EditionChange]) -> tuple[object, ...]:
    """Return two editions, the counts of changes in words, and the sentences that changed and that did not."""
    kinds = [change.change.kind for change in changes]
    counts = join_items(
        _("%(count)s %(kind)s", count=kinds.count(kind), kind=_(kind)) for kind in _SENTENCE_KINDS if kind in kinds
    )
    changed = [change.change for change in changes if change.change.kind != "kept"]
    unchanged = [change.change for change in changes if change.change.kind == "kept"]
    return changes[0].earlier, changes[0].later, counts, changed, unchanged


def changes_within_versions(changes: Sequence[EditionChange]) -> Iterator[Change]:
    """Yield the changes between passages that are versions of each other: they share at least one aligned sentence.

    Where editions treat a topic in unrelated passages, all of both would otherwise be marked.
    """
    for _editions, group in groupby(changes, key=lambda change: (change.earlier, change.later)):
        pair = [change.change for change in group]
        versions = {
            stated.passage
            for change in pair
            if change.earlier is not None and change.later is not None
            for stated in (change.earlier, change.later)
        }
        yield from (
            change
            for change in pair
            if all(stated is None or stated.passage in versions for stated in (change.earlier, change.later))
        )


def change_spans(changes: Iterable[Change]) -> tuple[Spans, Spans]:
    """Return the spans of the earlier edition missing from the later one, and the reverse; equal text is in neither."""
    removed: dict[str, list[Span]] = defaultdict(list)
    added: dict[str, list[Span]] = defaultdict(list)
    for change in changes:
        earlier, later = change.earlier, change.later
        if earlier is not None and later is not None:
            differing = word_diff.difference(earlier.text, later.text)
            removed[earlier.document] += [
                (earlier.start + first, earlier.start + last) for first, last in differing.deleted
            ]
            added[later.document] += [(later.start + first, later.start + last) for first, last in differing.inserted]
        elif earlier is not None:
            removed[earlier.document].append((earlier.start, earlier.end))
        elif later is not None:
            added[later.document].append((later.start, later.end))
    return dict(removed), dict(added)


def outlines_html(
    compared: OutlineComparison, *, heading_ends: Mapping[tuple[str, int], int] | None = None, link: str | None = None
) -> Markup:
    """Render the outlines of whole editions side by side.

    Args:
        compared: The comparison.
        heading_ends: End offset of each section's heading by (document id, start of the section); for links.
        link: URL of the comparison in the form; None for a report, which has no links.
    """
    most = MAX_SECTIONS if link is not None else max((len(pair.pairs) for pair in compared.pairs), default=0)
    pairs = []
    for pair in compared.pairs:
        counts = pair.counts()
        shown = {kind: counts[kind] for kind in _SECTION_KINDS if counts.get(kind)}
        pairs.append((pair, shown, max(0, len(pair.pairs) - most)))
    return render(
        "comparison.html",
        part="outlines",
        heading_ends=heading_ends or {},
        link=link,
        most_pairs=most,
        pairs=pairs,
        summary=_("%(editions)s, section by section", editions=_names(compared)),
    )


def label_places(positions: Sequence[float], min_distance: float) -> set[int]:
    """Return the places of rising positions that get a label: first, last, and others `min_distance` or more apart."""
    *before, last = range(len(positions))
    places = {last}
    free = -math.inf
    for place in before:
        if free <= positions[place] <= positions[last] - min_distance:
            places.add(place)
            free = positions[place] + min_distance
    return places


def _runs(line: Timeline) -> list[tuple[TimelinePoint, TimelinePoint, int]]:
    """Return the first and last edition of each run that does not treat the topic, and their number."""
    runs = []
    for state, group in groupby(line.points, key=lambda point: point.state):
        points = list(group)
        runs += [(point, point, 1) for point in points] if state == "treats" else [(points[0], points[-1], len(points))]
    return runs


def _names(compared: OutlineComparison) -> str:
    return _(" and ").join(edition.name for edition in compared.editions)


@dataclass(frozen=True, slots=True)
class _Bar:
    """A bar of a plot: centre and height in SVG units."""

    x: float
    height: float
    label: str
    share: str
    state: str
    treated: bool
    has_label: bool


@dataclass(frozen=True, slots=True)
class _Plot:
    """The share of a topic over time, one bar per edition at its year. Lengths are SVG units."""

    title: str
    bars: tuple[_Bar, ...]
    bar_width: float
    grid: tuple[tuple[float, str], ...]
    width: int
    height: int = _HEIGHT
    left: int = _LEFT
    base: int = _HEIGHT - _BOTTOM


def _plot(line: Timeline, topic: str, width: int) -> _Plot:
    most = max((point.share for point in line.points), default=0.0) or 1.0
    years = [point.edition.year or 0 for point in line.points]
    inner, height = width - _LEFT - 20, _HEIGHT - _BOTTOM - _TOP
    slot = inner / len(line.points)
    positions = [
        _LEFT + slot / 2 + (inner - slot) * (year - min(years)) / max(max(years) - min(years), 1) for year in years
    ]
    labelled = label_places(positions, _LABEL_WIDTH)
    bars = tuple(
        _Bar(
            x=x,
            height=height * point.share / most,
            label=point.edition.label,
            share=f"{point.share:.1%}",
            state=TOPIC_STATES[point.state],
            treated=point.treated,
            has_label=place in labelled,
        )
        for place, (point, x) in enumerate(zip(line.points, positions, strict=True))
    )
    grid = tuple((_HEIGHT - _BOTTOM - height * part, f"{most * part:.1%}") for part in (0.0, 0.5, 1.0))
    title = _("%(topic)s: share of the passages of each edition", topic=topic)
    return _Plot(title, bars, max(2.0, min(26.0, slot * 0.7)), grid, width)
