"""A topic across editions as HTML: passages side by side, sentences aligned, figures, time line. Pure.

Whatever is shown leads to where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from qa.citation import format_years
from qa.editions.figure_pairs import FigureRow
from qa.editions.sections import LocatedSentence
from qa.editions.sentence_alignment import Change
from qa.editions.timeline import QuotedSentence, Timeline, timelines
from qa.editions.topic_comparison import Comparison, EditionChange
from qa.editions.topic_passages import TopicMatch
from qa.output.timeline_plot import plot
from qa.web.render.marked_text import Spans, marked, moved, source_link
from qa.web.render.markup import context_link, escape, language, with_code

MOST_SHOWN = 120
"""Documents side by side, and as many pairs of editions; the latest ones."""

_LEGEND = (
    '<p class="yq-legend yq-soft"><span><ins>Underlined</ins>: not in the edition before. '
    '<del class="yq-dashed">Dashed</del>: not in the edition after. What is unmarked stands in both, or in a passage '
    "that has no version there.</span></p>"
)


def topic_html(found: Comparison, link: str, *, hide: Sequence[str] = ()) -> str:
    """The whole comparison; `link` makes it again, the notices in `hide` are shown elsewhere already."""
    treated = [one for one in found.matches if one.treated]
    count = len(found.matches)
    said = (
        f"“{found.topic}” stands in {len(treated)} of {count} document{'' if count == 1 else 's'}"
        if treated
        else f"None of the {count} documents here seems to treat “{found.topic}”"
    )
    notices = "".join(f"<li>{with_code(one[:1].upper() + one[1:])}</li>" for one in found.notices if one not in hide)
    return (
        f'<p class="yq-summary">{escape(said)}.</p>'
        + (f'<ul class="yq-notices">{notices}</ul>' if notices else "")
        + f'<p class="yq-actions"><a class="yq-action yq-link" href="{escape(link)}">Link to this comparison</a></p>'
        + _passages(found)
        + _figures(found.figures)
        + _changes(found.changes)
        + "".join(_time(line, found.topic) for line in timelines(found.shown_matches) if len(line.points) > 1)
    )


def _passages(found: Comparison) -> str:
    shown = found.shown_matches[-MOST_SHOWN:]
    left_out = len(found.shown_matches) - len(shown)
    gone, come = moved(within_versions(found.changes))
    series: dict[str | None, list[TopicMatch]] = {}
    for one in shown:
        series.setdefault(one.edition.series, []).append(one)
    columns = "".join(
        f'<div class="yq-editions">{"".join(_column(one, gone, come) for one in some)}</div>'
        for some in sorted(series.values(), key=lambda some: -len(some))
    )
    silent = (
        f'<p class="yq-soft">Not treated by: {escape("; ".join(found.other_series))}.</p>' if found.other_series else ""
    )
    if not shown:
        return silent
    return (
        "<h3>Edition beside edition</h3>"
        + (_LEGEND if gone or come else "")
        + columns
        + silent
        + (f'<p class="yq-soft">{left_out:,} earlier documents are not shown.</p>' if left_out else "")
    )


def within_versions(changes: Sequence[EditionChange]) -> Iterator[Change]:
    """The changes of passages that are versions of each other, by at least one sentence that stands in both.

    Where editions treat a topic in passages that have nothing in common, all of both would be marked.
    """
    for _, some in groupby(changes, key=lambda one: (one.earlier, one.later)):
        pair = [one.change for one in some]
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


def _column(one: TopicMatch, gone: Spans, come: Spans) -> str:
    document = one.document
    head = (
        f'<h4>{escape(document.title)}</h4><p class="yq-badges">'
        f'<span class="yq-badge">edition {escape(str(document.edition or "unknown"))}</span>'
        + (f'<span class="yq-badge">covers {escape(format_years(document.covers))}</span>' if document.covers else "")
        + "</p>"
    )
    if not one.treated or not one.passages:
        said = "This document does not seem to treat it."
        return f'<section class="yq-column">{head}<p class="yq-soft">{said}</p></section>'
    cited = one.passages[0]
    passage = cited.hit.stored.passage
    text = marked(passage.text, passage.start, gone.get(document.id, ()), come.get(document.id, ()))
    further = ", ".join(
        source_link(
            document.id,
            (other.hit.stored.passage.start, other.hit.stored.passage.end),
            (other.hit.stored.passage.path or (other.citation,))[-1],
        )
        for other in one.passages[1:]
    )
    page = passage.page_label or passage.page
    place = [*passage.path, *([f"p. {page}"] if page else [])]
    return (
        f'<section class="yq-column yq-card">{head}'
        + (f'<p class="yq-path">{escape(" › ".join(place))}</p>' if place else "")
        + f'<blockquote class="yq-text"{language(document.language)} dir="auto">{text}</blockquote>'
        + (f'<p class="yq-also">Further passages: {further}</p>' if further else "")
        + '<p class="yq-actions">'
        + f'<a class="yq-action yq-context" href="{escape(context_link(passage.id))}">Show in context'
        f'<span class="yq-unseen"> of {escape(document.title)}</span></a>'
        '<button type="button" class="yq-action yq-copy" value="citation">Copy citation</button></p>'
        f'<span class="yq-citation" hidden>{escape(cited.citation)}</span></section>'
    )


def _figures(rows: Sequence[FigureRow]) -> str:
    if not rows:
        return ""
    labels = list(dict.fromkeys(value.edition.label for row in rows for value in row.values))
    labels.sort()
    heads = "".join(f'<th scope="col" role="columnheader">{escape(one)}</th>' for one in labels)
    body = "".join(_figure(row, labels) for row in rows)
    return (
        '<h3>Figures</h3><div class="yq-scroll" role="region" tabindex="0" aria-label="Figures by edition">'
        '<table role="table" class="yq-table yq-figures"><thead role="rowgroup"><tr role="row">'
        f'<th scope="col" role="columnheader">What</th>{heads}'
        f'</tr></thead><tbody role="rowgroup">{body}</tbody></table></div>'
    )


def _figure(row: FigureRow, labels: Sequence[str]) -> str:
    by_label = {value.edition.label: value.figure for value in row.values}
    series = row.values[0].edition.series
    cells = []
    for label in labels:
        figure = by_label.get(label)
        if figure is None:
            cells.append('<td role="cell" class="yq-none"></td>')
            continue
        sentence = figure.sentence
        address = context_link(f"{sentence.document}@{sentence.start}-{sentence.end}", [(figure.start, figure.end)])
        cells.append(
            f'<td role="cell"><span class="yq-narrow">{escape(label)}: </span>'
            f'<a class="yq-context" href="{escape(address)}" title="{escape(sentence.text)}">'
            f"{escape(figure.quantity.text)}</a></td>"
        )
    moved_ = "" if row.moved else ' <span class="yq-origin">unchanged</span>'
    named = f'<span class="yq-source">{escape(series or "")}</span>'
    return (
        f'<tr role="row"><th scope="row" role="rowheader">{escape(row.what)}{moved_}{named}</th>{"".join(cells)}</tr>'
    )


def _changes(changes: Sequence[EditionChange]) -> str:
    pairs = [(key, list(some)) for key, some in groupby(changes, key=lambda one: (one.earlier, one.later))]
    shown = pairs[-MOST_SHOWN:]
    body = "".join(_pair(some, is_open=len(pairs) == 1) for _, some in shown)
    more = len(pairs) - len(shown)
    left_out = f'<p class="yq-soft">{more:,} earlier pairs are not shown.</p>' if more else ""
    return f"<h3>Sentence beside sentence</h3>{body}{left_out}" if pairs else ""


def _pair(changes: Sequence[EditionChange], *, is_open: bool) -> str:
    one, other = changes[0].earlier, changes[0].later
    kinds = [change.change.kind for change in changes]
    counts = ", ".join(
        f"{kinds.count(kind)} {kind}" for kind in ("changed", "added", "dropped", "kept") if kind in kinds
    )
    rows = "".join(_row(change) for change in changes if change.change.kind != "kept")
    kept = "".join(_row(change) for change in changes if change.change.kind == "kept")
    if kept:
        kept = _table(one.label, other.label, kept)
        kept = f'<details class="yq-same"><summary>{kinds.count("kept")} kept</summary>{kept}</details>'
    table = _table(one.label, other.label, rows) if rows else ""
    title = f"{one.series or one.name}: {one.label} → {other.label}"
    return (
        f'<details class="yq-details"{" open" if is_open else ""}><summary>{escape(title)} '
        f'<span class="yq-soft">{counts}</span></summary>{table}{kept}</details>'
    )


def _table(one: str, other: str, rows: str) -> str:
    heads = "".join(f'<th scope="col" role="columnheader">{escape(label)}</th>' for label in (one, other))
    return (
        f'<table role="table" class="yq-table yq-beside"><thead role="rowgroup"><tr role="row">{heads}'
        f'</tr></thead><tbody role="rowgroup">{rows}</tbody></table>'
    )


def _row(found: EditionChange) -> str:
    gone, come = moved([found.change])
    return (
        '<tr role="row">'
        + _sentence(found.change.earlier, found.earlier.label, gone, {}, "not there before")
        + _sentence(found.change.later, found.later.label, {}, come, "not there any more")
        + "</tr>"
    )


def _sentence(stated: LocatedSentence | None, label: str, gone: Spans, come: Spans, lacking: str) -> str:
    if stated is None:
        return f'<td role="cell" class="yq-soft"><span class="yq-narrow">{escape(label)}: </span>{lacking}</td>'
    text = marked(stated.text, stated.start, gone.get(stated.document, ()), come.get(stated.document, ()))
    link = source_link(
        stated.document, (stated.start, stated.end), f"Show in {label}", said=f": {' '.join(stated.text.split())[:60]}"
    )
    said = f'<span class="yq-said" dir="auto">{text}</span>'
    return f'<td role="cell">{said}<span class="yq-source">{link}</span></td>'


def _time(line: Timeline, topic: str) -> str:
    rows = "".join(
        f'<tr role="row"><th scope="row" role="rowheader">{escape(point.edition.label)}</th>'
        f'<td role="cell">{f"{point.share:.1%}" if point.treated else "not treated"}</td>'
        f'<td role="cell">{_nearest(point.sentence)}</td></tr>'
        for point in line.points
    )
    name = escape(line.series or "Editions")
    ends = "".join(
        f'<p class="yq-soft">{what} in {escape(quoted.edition.label)}: {_nearest(quoted)}</p>'
        for what, quoted in (("Introduced", line.introduced), ("Last", line.dropped))
        if quoted is not None
    )
    many = len(line.points) > 8
    table = (
        '<table role="table" class="yq-table yq-time"><thead role="rowgroup"><tr role="row">'
        '<th scope="col" role="columnheader">Edition</th><th scope="col" role="columnheader">Share</th>'
        '<th scope="col" role="columnheader">Its nearest sentence</th></tr></thead>'
        f'<tbody role="rowgroup">{rows}</tbody></table>'
    )
    return (
        f"<h3>{name} over time</h3>"
        f'<div class="yq-measures"><div class="scroll" role="region" tabindex="0" aria-label="Plot: {name} over time">'
        f"{plot(line, topic)}</div></div>{ends}"
        + (f'<details class="yq-details"><summary>Each edition</summary>{table}</details>' if many else table)
    )


def _nearest(quoted: QuotedSentence | None) -> str:
    if quoted is None:
        return ""
    words = " ".join(quoted.text.split())
    link = source_link(quoted.document, (quoted.start, quoted.end), words)
    return f'<span class="yq-said">{link}</span> <span class="yq-source">{escape(quoted.citation)}</span>'
