"""A passage in its section, as a page of its own that the form also shows in a dialog."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from corpus.records import HEADED_KINDS, Document
from index.errors import UnknownPassage
from index.ranking.search import Index
from index.storage.reader import DocumentInfo
from qa.citation import cite
from qa.web.render.answer import badges
from qa.web.render.markup import Span, context_link, escape, head, language, marked, page_link, web_link
from qa.web.routes import source

AROUND = 20_000
"""The most characters of a section that are shown on each side of a passage."""


@dataclass(frozen=True, slots=True)
class Context:
    """A span of a document, the section around it, and the passages before and after it."""

    document: DocumentInfo
    text: str
    section: Span
    path: tuple[str, ...]
    headings: tuple[Span, ...]
    span: Span
    citation: str
    cut_before: bool
    cut_after: bool
    before: str | None
    after: str | None
    page: int | None = None


def find(index: Index, identifier: str) -> Context:
    """The context of `DOCUMENT@START-END`. Raises UnknownPassage when there is no such document or stretch."""
    match = re.fullmatch(r"(.+)@(\d{1,12})-(\d{1,12})", identifier, re.DOTALL)
    if match is None:
        raise UnknownPassage(f'"{identifier}" is no passage: must be DOCUMENT@START-END')
    info = index.info(match[1])
    document = index.document(info.id)
    start, end = int(match[2]), int(match[3])
    if not start < end <= len(document.text):
        raise UnknownPassage(f"{info.id} has {len(document.text):,} characters: there is no stretch {start}-{end}")
    section = _section(document, start, end)
    item = document.outline[section] if section is not None else None
    whole = (item.start, item.end) if item is not None else (0, len(document.text))
    shown = _window(document.text, whole, (start, end))
    passages = [one.passage for one in index.records.passages_of_document(info.number)]
    starts = [one.start for one in passages]
    here = bisect_left(starts, start)
    after = bisect_left(starts, end)
    page = document.page_at(start)
    return Context(
        document=info,
        text=document.text[shown[0] : shown[1]],
        section=shown,
        path=document.path(section),
        headings=tuple(
            (one.start, one.heading_end)
            for one in document.outline
            if one.kind in HEADED_KINDS and shown[0] <= one.start < one.heading_end <= shown[1]
        ),
        span=(start, end),
        citation=cite(info, document.path(section), page.page if page else None, page.label if page else None),
        cut_before=shown[0] > whole[0],
        cut_after=shown[1] < whole[1],
        before=passages[here - 1].id if 0 < here <= len(passages) else None,
        after=passages[after].id if after < len(passages) else None,
        page=page.page if page is not None and source.is_pdf(info) else None,
    )


def _section(document: Document, start: int, end: int) -> int | None:
    """The innermost section with a heading that holds the stretch."""
    holding = [
        position
        for position, one in enumerate(document.outline)
        if one.kind in HEADED_KINDS and one.start <= start and end <= one.end
    ]
    return max(holding, key=lambda position: document.outline[position].start) if holding else None


def _window(text: str, section: Span, span: Span) -> Span:
    """As much of the section as is shown, cut between lines."""
    first, last = section
    if span[0] - first > AROUND:
        first = text.find("\n", span[0] - AROUND, span[0]) + 1 or span[0] - AROUND
    if last - span[1] > AROUND:
        cut = text.rfind("\n", span[1], span[1] + AROUND)
        last = cut if cut > 0 else span[1] + AROUND
    return first, last


def context_html(context: Context, spans: Sequence[Span] = ()) -> str:
    """The section with the passage marked, and these spans in it marked again."""
    document = context.document
    start, end = context.span
    inner = marked(context.text[start - context.section[0] : end - context.section[0]], start, spans)
    steps = [
        f'<a class="yq-action yq-context" href="{escape(context_link(one))}">{label}</a>'
        for one, label in ((context.before, "← Passage before"), (context.after, "Passage after →"))
        if one is not None
    ]
    if context.page is not None:
        link = page_link(f"{document.id}@{start}-{end}", spans)
        steps.append(f'<a class="yq-action yq-context" href="{escape(link)}">Show page</a>')
    outline = escape(f"document?{urlencode({'id': document.id})}")
    steps.append(f'<a class="yq-action yq-context" href="{outline}">Outline</a>')
    return (
        f'<main class="yq-section"><h1>{escape(document.title)}</h1>'
        f'<p class="yq-badges">{badges(document)}</p>'
        + (f'<p class="yq-path">{escape(" › ".join(context.path))}</p>' if context.path else "")
        + f'<p class="yq-actions">{"".join(steps)}'
        '<button type="button" class="yq-action yq-copy" value="citation">Copy citation</button>'
        f'{web_link(document.url, "Source")}<span class="yq-citation" hidden>{escape(context.citation)}</span></p>'
        + f'<div class="yq-text yq-whole"{language(document.language)} dir="auto">'
        + ('<p class="yq-cut">The section begins earlier.</p>' if context.cut_before else "")
        + _with_headings(context, context.section[0], start)
        + f'<span class="yq-passage" id="passage">{inner}</span>'
        + _with_headings(context, end, context.section[1])
        + ('<p class="yq-cut">The section goes on.</p>' if context.cut_after else "")
        + "</div></main>"
    )


def _with_headings(context: Context, start: int, end: int) -> str:
    text = context.text[start - context.section[0] : end - context.section[0]]
    return marked(text, start, context.headings, tag="strong")


def page(title: str, body: str, up: str = "") -> str:
    """A page of its own around `body`, which is HTML; `up` leads to the form's address where that is another folder."""
    return (
        '<!doctype html><html lang="en" class="yq-page"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · Yearbook QA</title>{head(up)}</head><body>{body}</body></html>"
    )
