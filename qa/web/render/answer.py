"""An answer as HTML: its sentences, a card for each passage, and pages that the form also shows in a dialog.

Those are a passage in its section, and the PDF pages that it is on.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from corpus.readers.pdf import isolated
from corpus.readers.pdf.reader import Box
from corpus.records import HEADED_KINDS, Document, Span, format_span_id
from corpus.translation import gettext as _
from corpus.translation import gettext_noop
from index.errors import UnknownPassage
from index.ranking.search import Index
from index.storage.reader import DocumentInfo
from qa.answering.compared_editions import change_notice
from qa.answering.excerpt import SECTION_CONTEXT, cite_span, make_excerpt, resolve_span_id
from qa.answering.library import Answer, AnswerSentence
from qa.citation import CitedPassage
from qa.confidence.confidence import answer_heading, confidence_label
from qa.output.citation_formats import FORMATS
from qa.templating import marked, passage_query, render, squeeze
from qa.web import source_files
from qa.web.urls import QuestionRequest, question_url

GAP = " […] "
"""Replaces text left out of a quotation."""

_SCORE_LABELS = {
    "passage": gettext_noop("Similarity of the passage to the question"),
    "sentence": gettext_noop("Similarity of its best sentence"),
    "lexical": gettext_noop("Words shared with the question"),
    "period": gettext_noop("Years that the passage describes, close to those of the question"),
    "stub": gettext_noop("Little more than a heading"),
    "year": gettext_noop("Covers a year named in the question"),
    "edition": gettext_noop("In an edition named in the question"),
    "series": gettext_noop("In a series named in the question"),
    "language": gettext_noop("Stands out among the passages in its language"),
    "compare": gettext_noop("Represents an edition that is compared"),
    "reranker": gettext_noop("Judgement of the second model"),
}
"""What each part of a passage's score means."""


def answer_html(answer: Answer, request: QuestionRequest, *, hide: Sequence[str] = ()) -> Markup:
    """Render an answer on one line; notices in `hide` are shown elsewhere on the page."""
    passages = answer.distinct_passages()
    shown_apart = {*hide, *map(change_notice, answer.changes)}
    by_id = {cited.hit.id: (number, cited) for number, cited in enumerate(passages, 1)}
    return render(
        "answer.html",
        answer=answer,
        cards=[
            card(cited, number, spans_to_mark(cited, answer.sentences), _quoted_spans(cited, answer.sentences))
            for number, cited in by_id.values()
        ],
        changes=answer.changes,
        confidence=confidence_label(answer.confidence),
        formats=FORMATS,
        heading=answer_heading(answer.confidence),
        lines=[notice for notice in answer.notices if notice not in shown_apart],
        link=question_url(request),
        sentences=[(sentence, *by_id[sentence.passage]) for sentence in answer.sentences] if answer.answered else [],
    )


def card(cited: CitedPassage, number: int, spans: Sequence[Span], quoted: Sequence[Span] = ()) -> Markup:
    """Render a passage with its source, spans of it marked, and the actions on it.

    Spans that overlap one of `quoted`, the sentences of the answer, are marked as cited.
    """
    document = cited.hit.document
    is_pdf = source_files.is_pdf(document)
    return render(
        "card.html",
        cited=cited,
        cited_spans=[span for span in spans if any(span[0] < end and start < span[1] for start, end in quoted)],
        file=None if is_pdf else source_files.source_url(document),
        has_page=is_pdf and cited.hit.stored.passage.page is not None,
        number=number,
        quotation=quotation(cited, spans),
        score_labels={name: _(label) for name, label in _SCORE_LABELS.items()},
        spans=spans,
    )


def spans_to_mark(cited: CitedPassage, sentences: Sequence[AnswerSentence]) -> list[Span]:
    """Return the highlights of a passage and what the answer quotes from it, in order, overlaps merged."""
    spans: list[Span] = []
    for start, end in sorted({*cited.highlights, *_quoted_spans(cited, sentences)}):
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _quoted_spans(cited: CitedPassage, sentences: Sequence[AnswerSentence]) -> list[Span]:
    return [(sentence.start, sentence.end) for sentence in sentences if sentence.passage == cited.hit.id]


def quotation(cited: CitedPassage, spans: Sequence[Span]) -> str:
    """Return the marked sentences verbatim, in quotation marks, with the citation."""
    passage = cited.hit.stored.passage
    runs: list[Span] = []
    for start, end in spans:
        if runs and not passage.text_between(runs[-1][1], start).strip():
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    quoted = GAP.join(passage.text_between(start, end) for start, end in runs)
    url = f" {cited.hit.document.url}" if cited.hit.document.url else ""
    return f"“{quoted}” ({cited.citation}){url}"


MAX_PAGES = 4
"""Pages shown of a passage that spans more."""


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


def find_context(index: Index, identifier: str) -> Context:
    """Return the context of a passage id `DOCUMENT@START-END`.

    Raises:
        UnknownPassage: There is no such document, or the offsets are outside it.
    """
    info, document, start, end = resolve_span_id(index, identifier)
    excerpt = make_excerpt(info, document, start, end, whole_section=True)
    whole = (excerpt.context_start, excerpt.context_end)
    shown = _window(document.text, whole, (start, end))
    passages = [stored.passage for stored in index.records.passages_of_document(info.number)]
    starts = [passage.start for passage in passages]
    here = bisect_left(starts, start)
    after = bisect_left(starts, end)
    return Context(
        document=info,
        text=document.text[shown[0] : shown[1]],
        section=shown,
        path=excerpt.path,
        headings=tuple(
            (item.start, item.heading_end)
            for item in document.outline
            if item.kind in HEADED_KINDS and shown[0] <= item.start < item.heading_end <= shown[1]
        ),
        span=(start, end),
        citation=excerpt.citation,
        cut_before=shown[0] > whole[0],
        cut_after=shown[1] < whole[1],
        before=passages[here - 1].id if 0 < here <= len(passages) else None,
        after=passages[after].id if after < len(passages) else None,
        page=excerpt.page if source_files.is_pdf(info) else None,
    )


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


@dataclass(frozen=True, slots=True)
class MarkedPage:
    """A page with the marked words on it.

    `number` counts from 1 in the file, `label` is printed on the page, `size` is (width, height) in points.
    """

    number: int
    label: str | None
    size: tuple[float, float]
    words: str
    marks: tuple[Box, ...]

    @property
    def name(self) -> str:
        """Name of the page for readers."""
        if self.label is None or self.label == str(self.number):
            return _("Page %(page)s", page=self.number)
        return _("Page %(page)s (page %(number)s of the file)", page=self.label, number=self.number)

    @property
    def top(self) -> float:
        """Vertical position of the first mark, as a fraction of the page height."""
        return min((box.top for box in self.marks), default=0.0) / max(self.size[1], 1.0)


@dataclass(frozen=True, slots=True)
class PassagePages:
    """A passage and the pages that it is on."""

    document: DocumentInfo
    passage: str
    spans: tuple[Span, ...]
    path: tuple[str, ...]
    citation: str
    pages: tuple[MarkedPage, ...]


def find_pages(index: Index, identifier: str, spans: Sequence[Span]) -> PassagePages:
    """Return the pages of a passage.

    Args:
        index: The index.
        identifier: Passage id `DOCUMENT@START-END`.
        spans: Offsets in the document to mark; the whole passage when none of them is in it.

    Raises:
        UnknownPassage: There is no such passage, or its document has no pages.
        SourceGone: The file is missing or has changed.
        UnreadableFile: The file cannot be parsed.
    """
    return _find_pages_with_file(index, identifier, spans)[0]


def _find_pages_with_file(index: Index, identifier: str, spans: Sequence[Span]) -> tuple[PassagePages, bytes]:
    info, document, start, end = resolve_span_id(index, identifier)
    page = document.page_at(start)
    if page is None or not source_files.is_pdf(info):
        raise UnknownPassage(_("%(id)s is not a PDF file: it has no pages to show", id=info.id))
    data = source_files.read(info)
    inside = [(max(first, start), min(last, end)) for first, last in spans]
    wanted = [span for span in inside if span[0] < span[1]] or [(start, end)]
    located = isolated.locate(data, info.sha256, [isolated.text_range(document, *span) for span in wanted], page.page)
    numbers = sorted({box.page for box in located.boxes})[:MAX_PAGES] or [page.page]
    reference = cite_span(info, document, start, end)
    passage_pages = PassagePages(
        document=info,
        passage=identifier,
        spans=tuple(wanted),
        path=reference.path,
        citation=reference.citation,
        pages=tuple(_page(document, number, located.sizes[number], wanted, located.boxes) for number in numbers),
    )
    return passage_pages, data


def _page(
    document: Document, number: int, size: tuple[float, float], spans: Sequence[Span], boxes: Sequence[Box]
) -> MarkedPage:
    parts = [part for part in document.pages if part.page == number]
    pieces = [
        document.text[max(first, part.start) : min(last, part.end)]
        for first, last in spans
        for part in parts
        if max(first, part.start) < min(last, part.end)
    ]
    label = next((part.label for part in parts if part.label is not None), None)
    return MarkedPage(number, label, size, squeeze(" ".join(pieces)), tuple(box for box in boxes if box.page == number))


def page_html(shown: PassagePages) -> Markup:
    """Render the pages, with links to the text and to the file."""
    pages = [
        (
            page,
            source_files.source_url(shown.document, page.number),
            passage_query(shown.passage, shown.spans, page=page.number),
        )
        for page in shown.pages
    ]
    return render("page_image.html", shown=shown, pages=pages)


def page_png(index: Index, identifier: str, spans: Sequence[Span], number: int) -> bytes:
    """Return a page of a passage as a PNG file. Raises as `find_pages`, and UnknownPassage for another page."""
    shown, data = _find_pages_with_file(index, identifier, spans)
    page = next((page for page in shown.pages if page.number == number), None)
    if page is None:
        raise UnknownPassage(_("%(identifier)s is not on page %(number)s", identifier=identifier, number=number))
    return isolated.render_page(data, shown.document.sha256, number, page.marks)
