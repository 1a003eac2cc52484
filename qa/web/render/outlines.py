"""Two whole editions as HTML: their outlines side by side, what became of each section, how much stayed. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from qa.editions.alignment import SectionChange
from qa.editions.outlines import OutlineComparison, OutlinePair, OutlineRow, SectionPlace
from qa.web.render.library import document_link
from qa.web.render.markup import context_link, escape

MOST_PAIRS = 3_000
"""Pairs of sections that are shown."""

_LONGEST = 200
"""Characters of a heading that are shown."""

_KINDS: tuple[SectionChange, ...] = ("kept", "renamed", "moved", "split", "merged", "new", "dropped")

Heads = Mapping[tuple[str, int], int]
"""Where the heading of a section ends, by its document and where it begins."""


def outlines_html(found: OutlineComparison, heads: Heads, link: str) -> str:
    """The comparison; `link` makes it again."""
    names = " and ".join(one.name for one in found.editions)
    body = "".join(_pair(one, heads) for one in found.pairs)
    return (
        f'<p class="yq-summary">{escape(names)}, section beside section</p>'
        f'<p class="yq-actions"><a class="yq-action yq-link" href="{escape(link)}">Link to this comparison</a></p>'
        + body
    )


def _pair(pair: OutlinePair, heads: Heads) -> str:
    counts = pair.counts()
    tiles = "".join(
        f"<div><dt>{kind}</dt><dd><strong>{counts[kind]:,}</strong></dd></div>" for kind in _KINDS if counts.get(kind)
    )
    shown = pair.pairs[:MOST_PAIRS]
    rows = "".join(_row(one, pair, heads) for one in shown)
    more = len(pair.pairs) - len(shown)
    heading = "".join(
        f'<th scope="col" role="columnheader">{escape(one)}</th>'
        for one in ("Change", pair.earlier.label, pair.later.label, "Stayed")
    )
    return (
        f'<dl class="yq-tiles">{tiles}</dl><table role="table" class="yq-table yq-outlines"><thead role="rowgroup">'
        f'<tr role="row">{heading}</tr></thead><tbody role="rowgroup">{rows}</tbody></table>'
        + (f'<p class="yq-soft">{more:,} more sections are not shown.</p>' if more else "")
    )


def _row(one: OutlineRow, pair: OutlinePair, heads: Heads) -> str:
    both = one.earlier is not None and one.later is not None
    percent = round(100 * one.kept)
    stayed = (
        f'<label class="yq-stayed"><span>{percent} %</span> <meter min="0" max="100" value="{percent}">{percent} %'
        "</meter></label>"
        if both
        else ""
    )
    return (
        f'<tr role="row"><td role="cell"><span class="yq-kind yq-{one.kind}">{one.kind}</span></td>'
        f"{_heading(one.earlier, pair.earlier.label, heads)}{_heading(one.later, pair.later.label, heads)}"
        f'<td role="cell">{stayed}</td></tr>'
    )


def _heading(place: SectionPlace | None, label: str, heads: Heads) -> str:
    named = f'<span class="yq-narrow">{escape(label)}: </span>'
    if place is None:
        return f'<td role="cell" class="yq-soft">{named}<span class="yq-unseen">none</span></td>'
    text = " ".join((place.path[-1] if place.path else "").split()) or "(the whole document)"
    text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    end = heads.get((place.document, place.start), place.end)
    address = (
        context_link(f"{place.document}@{place.start}-{end}")
        if place.path and place.start < end
        else document_link(place.document)
    )
    depth = min(max(place.depth - 1, 0), 6)
    above = " › ".join(" ".join(one.split()) for one in place.path[:-1])
    title = f' title="{escape(above[:400])}"' if above else ""
    return (
        f'<td role="cell" class="yq-depth-{depth}">{named}'
        f'<a class="yq-context" href="{escape(address)}"{title}>{escape(text)}</a></td>'
    )
