"""Comparisons as one page of HTML that can be kept, sent and printed: it asks for nothing from elsewhere. Pure.

Every text from a document or a topic is escaped, and the page's own policy forbids scripts and requests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from importlib.resources import files

from qa.citation import format_years
from qa.editions import words
from qa.editions.figure_pairs import Figure, FigureRow
from qa.editions.outlines import OutlineComparison, SectionPlace
from qa.editions.timeline import Timeline, timelines
from qa.editions.topic_comparison import Comparison, EditionChange
from qa.editions.topic_passages import TopicMatch
from qa.output.timeline_plot import plot


def render(title: str, body: Iterable[str]) -> str:
    """A page around a body."""
    styles = [
        files("qa").joinpath(name).read_text(encoding="utf-8")
        for name in ("evaluation/html_report.css", "output/comparison.css")
    ]
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{text(title)}</title>\n<style>\n{''.join(styles)}</style>\n</head>\n<body>\n<main>",
            f"<h1>{text(title)}</h1>",
            *body,
            "</main>\n</body>\n</html>\n",
        ]
    )


def comparison(found: Comparison) -> str:
    """A topic across editions."""
    return render(found.topic, comparison_body(found))


def comparison_body(found: Comparison) -> Iterator[str]:
    """The page's parts: passages side by side, changes, figures, time line."""
    for notice in found.notices:
        yield f'<p class="notice">{text(notice)}</p>'
    yield '<div class="editions">'
    for one in found.shown_matches:
        yield from _treatment(one)
    yield "</div>"
    if found.other_series:
        yield f'<p class="soft">Not treated by: {text("; ".join(found.other_series))}</p>'
    if found.figures:
        yield "<h2>Figures</h2>"
        yield from _figures(found.figures)
    if found.changes:
        yield "<h2>Changes</h2>"
        yield from _changes(found.changes)
    for line in timelines(found.shown_matches):
        if len(line.points) > 1:
            yield f"<h2>{text(line.series or 'Editions')} over time</h2>"
            yield f'<div class="scroll" tabindex="0">{plot(line, found.topic)}</div>'
            yield from _spans(line)


def _treatment(one: TopicMatch) -> Iterator[str]:
    covers = f' <span class="soft">covers {format_years(one.document.covers)}</span>' if one.document.covers else ""
    yield f"<section><h2>{text(one.document.title)}{covers}</h2>"
    if not one.treated:
        yield '<p class="soft">This edition does not treat it.</p>'
    for cited in one.passages[:1]:
        passage = cited.hit.stored.passage
        yield f"<blockquote>{text(passage.text)}<cite>{text(cited.citation)} · {text(passage.id)}</cite></blockquote>"
    yield "</section>"


def _figures(rows: Iterable[FigureRow]) -> Iterator[str]:
    yield '<div class="scroll" tabindex="0"><table><thead><tr><th>what</th><th>values</th></tr></thead><tbody>'
    for row in rows:
        cells = " → ".join(
            f'<strong title="{text(v.figure.sentence.text)}">{text(v.figure.quantity.text)}</strong> '
            f'<span class="soft">{text(v.edition.label)}, {_place(v.figure)}</span>'
            for v in row.values
        )
        unchanged = "" if row.moved else ' <span class="soft">unchanged</span>'
        yield f"<tr><td>{text(row.what)}{unchanged}</td><td>{cells}</td></tr>"
    yield "</tbody></table></div>"


def _place(figure: Figure) -> str:
    return text(f"{figure.sentence.document}@{figure.start}-{figure.end}")


def _changes(changes: Iterable[EditionChange]) -> Iterator[str]:
    yield '<ul class="changes">'
    for one in changes:
        change = one.change
        label = f"{text(one.earlier.label)} → {text(one.later.label)}, {change.kind}"
        yield f'<li class="{change.kind}"><span class="outcome">{label}</span> '
        if change.earlier is not None and change.later is not None:
            yield marked(change.earlier.text, change.later.text)
        elif change.later is not None:
            yield f"<ins>{text(change.later.text)}</ins>"
        elif change.earlier is not None:
            yield f"<del>{text(change.earlier.text)}</del>"
        ids = [f"{s.document}@{s.start}-{s.end}" for s in (change.earlier, change.later) if s is not None]
        yield f"<cite>{text(' · '.join(ids))}</cite></li>"
    yield "</ul>"


def marked(one: str, other: str) -> str:
    """A text as it became another, with `del` and `ins`."""
    pieces: list[str] = []
    for kind, piece in words.segments(one, other):
        if kind == "gone":
            before, gone, after = words.split_blanks(piece)
            pieces.append(f"{before}<del>{text(gone)}</del>{after}")
        else:
            pieces.append(f"<ins>{text(piece)}</ins>" if kind == "come" else text(piece))
    return "".join(pieces)


def _spans(line: Timeline) -> Iterator[str]:
    for what, quoted in (("Introduced", line.introduced), ("Last", line.dropped)):
        if quoted is not None:
            yield (
                f"<p>{what} in {text(quoted.edition.label)}:</p><blockquote>{text(quoted.text)}"
                f"<cite>{text(quoted.citation)} · {text(quoted.document)}@{quoted.start}-{quoted.end}</cite>"
                "</blockquote>"
            )


def outlines(found: OutlineComparison) -> str:
    """Whole editions side by side."""
    return render(" and ".join(one.name for one in found.editions), outlines_body(found))


def outlines_body(found: OutlineComparison) -> Iterator[str]:
    """A table for each two neighbours."""
    for pair in found.pairs:
        counts = ", ".join(f"{count} {kind}" for kind, count in sorted(pair.counts().items()))
        yield f"<h2>{text(pair.earlier.name)} and {text(pair.later.name)}</h2><p>{counts}.</p>"
        yield '<div class="scroll" tabindex="0"><table class="outlines"><thead><tr><th></th>'
        yield f'<th>{text(pair.earlier.label)}</th><th>{text(pair.later.label)}</th><th class="number">stayed</th>'
        yield "</tr></thead><tbody>"
        for one in pair.pairs:
            stayed = f"{one.kept:.0%}" if one.earlier is not None and one.later is not None else ""
            yield f'<tr class="{one.kind}"><td>{one.kind}</td>{_heading(one.earlier)}{_heading(one.later)}'
            yield f'<td class="number">{stayed}</td></tr>'
        yield "</tbody></table></div>"


def _heading(place: SectionPlace | None) -> str:
    if place is None:
        return '<td class="soft">—</td>'
    name = place.path[-1] if place.path else place.document
    depth = min(max(place.depth - 1, 0), 8)
    return f'<td class="depth{depth}" title="{text(place.document)}@{place.start}-{place.end}">{text(name)}</td>'


def text(value: str) -> str:
    """Text as HTML; control characters, which HTML does not have, become blanks."""
    return escape("".join(one if one.isprintable() or one in "\n\t" else " " for one in value))
