"""A passage in its section, as a page that the form also shows in a dialog."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from corpus.records import HEADED_KINDS, Document, format_span_id
from index.ranking.search import Index
from index.storage.reader import DocumentInfo
from qa.answering.excerpt import SECTION_CONTEXT, resolve_span_id
from qa.citation import cite
from qa.templating import Span, marked, render
from qa.web import source_files


@dataclass(frozen=True, slots=True)
class Context:
    """An excerpt of a document around a passage.

    `section` and `span` are the offsets of the excerpt and of the passage; `headings` those of headings in the excerpt.
    `before` and `after` are the ids of the neighbouring passages, `page` a PDF page number.
    """

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
    """Return the context of a passage id `DOCUMENT@START-END`.

    Raises:
        UnknownPassage: There is no such document, or the offsets are outside it.
    """
    info, document, start, end = resolve_span_id(index, identifier)
    section = _section(document, start, end)
    item = document.outline[section] if section is not None else None
    whole = (item.start, item.end) if item is not None else (0, len(document.text))
    shown = _window(document.text, whole, (start, end))
    passages = [stored.passage for stored in index.records.passages_of_document(info.number)]
    starts = [passage.start for passage in passages]
    here = bisect_left(starts, start)
    after = bisect_left(starts, end)
    page = document.page_at(start)
    return Context(
        document=info,
        text=document.text[shown[0] : shown[1]],
        section=shown,
        path=document.path(section),
        headings=tuple(
            (item.start, item.heading_end)
            for item in document.outline
            if item.kind in HEADED_KINDS and shown[0] <= item.start < item.heading_end <= shown[1]
        ),
        span=(start, end),
        citation=cite(
            info,
            document.path(section),
            page.page if page else None,
            page.label if page else None,
            document.cells_at(start, end),
        ),
        cut_before=shown[0] > whole[0],
        cut_after=shown[1] < whole[1],
        before=passages[here - 1].id if 0 < here <= len(passages) else None,
        after=passages[after].id if after < len(passages) else None,
        page=page.page if page is not None and source_files.is_pdf(info) else None,
    )


def _section(document: Document, start: int, end: int) -> int | None:
    """Return the position of the innermost section with a heading that contains the range."""
    around = [
        position
        for position, item in enumerate(document.outline)
        if item.kind in HEADED_KINDS and item.start <= start and end <= item.end
    ]
    return max(around, key=lambda position: document.outline[position].start) if around else None


def _window(text: str, section: Span, span: Span) -> Span:
    """Return the bounds of the excerpt: the section, cut at line breaks to `SECTION_CONTEXT` on each side."""
    first, last = section
    if span[0] - first > SECTION_CONTEXT:
        first = text.find("\n", span[0] - SECTION_CONTEXT, span[0]) + 1 or span[0] - SECTION_CONTEXT
    if last - span[1] > SECTION_CONTEXT:
        cut = text.rfind("\n", span[1], span[1] + SECTION_CONTEXT)
        last = cut if cut > 0 else span[1] + SECTION_CONTEXT
    return first, last


def context_html(context: Context, spans: Sequence[Span] = ()) -> Markup:
    """Render the section with the passage marked, and `spans` within it highlighted."""
    (start, end), first = context.span, context.section[0]
    text = context.text
    return render(
        "context.html",
        context=context,
        passage=format_span_id(context.document.id, start, end),
        spans=spans,
        before=marked(text[: start - first], first, context.headings, "strong"),
        inside=marked(text[start - first : end - first], start, spans),
        after=marked(text[end - first :], end, context.headings, "strong"),
    )
