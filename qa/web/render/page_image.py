"""The page of a PDF file that a passage stands on, as a picture with the passage's sentences marked.

As `context`, a page of its own that the form also shows in a dialog.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from corpus.readers.pdf import isolated
from corpus.readers.pdf.reader import Box
from corpus.records import Document
from index.errors import UnknownPassage
from index.ranking.search import Index
from index.storage.reader import DocumentInfo
from qa.answering.excerpt import parse_id, section_at
from qa.citation import cite
from qa.web.render.answer import badges
from qa.web.render.markup import Span, context_link, escape, language, write_spans
from qa.web.routes import source

MOST_PAGES = 4
"""Pages that are shown of a passage that runs over more of them."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page with what is marked on it: its number in the file, the number printed on it, words, and their boxes.

    `size` is its width and height in points.
    """

    number: int
    label: str | None
    size: tuple[float, float]
    words: str
    marks: tuple[Box, ...]

    @property
    def name(self) -> str:
        """How a reader calls the page."""
        if self.label is None or self.label == str(self.number):
            return f"Page {self.number}"
        return f"Page {self.label} (the {_ordinal(self.number)} of the file)"


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage on its pages."""

    document: DocumentInfo
    passage: str
    spans: tuple[Span, ...]
    path: tuple[str, ...]
    citation: str
    sheets: tuple[Sheet, ...]


def find(index: Index, identifier: str, spans: Sequence[Span]) -> Shown:
    """The pages of `DOCUMENT@START-END`, these spans (else all of it) to be marked.

    Raises UnknownPassage where there is no such stretch or the document has no pages, SourceGone, UnreadableFile.
    """
    return _found(index, identifier, spans)[0]


def _found(index: Index, identifier: str, spans: Sequence[Span]) -> tuple[Shown, bytes]:
    """The pages, and the bytes of the file that they are of."""
    name, start, end = parse_id(identifier)
    info = index.info(name)
    document = index.document(name)
    if not 0 <= start < end <= len(document.text):
        raise UnknownPassage(f"{info.id} has {len(document.text):,} characters: there is no stretch {start}-{end}")
    page = document.page_at(start)
    if page is None or not source.is_pdf(info):
        raise UnknownPassage(f"{info.id} is no PDF file: it has no pages to show")
    data = source.read(info)
    inside = [(max(first, start), min(last, end)) for first, last in spans]
    wanted = [span for span in inside if span[0] < span[1]] or [(start, end)]
    looked_for = [isolated.text_range(document, *span) for span in wanted]
    found = isolated.locate(data, info.sha256, looked_for, page.page)
    numbers = sorted({box.page for box in found.boxes})[:MOST_PAGES] or [page.page]
    path = document.path(section_at(document, start))
    shown = Shown(
        document=info,
        passage=identifier,
        spans=tuple(wanted),
        path=path,
        citation=cite(info, path, page.page, page.label),
        sheets=tuple(_sheet(document, number, found.sizes[number], wanted, found.boxes) for number in numbers),
    )
    return shown, data


def _sheet(
    document: Document, number: int, size: tuple[float, float], spans: Sequence[Span], found: Sequence[Box]
) -> Sheet:
    here = [one for one in document.pages if one.page == number]
    pieces = [
        document.text[max(first, one.start) : min(last, one.end)]
        for first, last in spans
        for one in here
        if max(first, one.start) < min(last, one.end)
    ]
    label = next((one.label for one in here if one.label is not None), None)
    words = " ".join(" ".join(pieces).split())
    return Sheet(number, label, size, words, tuple(box for box in found if box.page == number))


def page_html(shown: Shown) -> str:
    """The pages with what leads back to the text and on to the file."""
    document = shown.document
    files = "".join(
        f'<a class="yq-action" href="{escape(file)}" target="_blank" rel="noopener">Open the file at page '
        f"{sheet.number}</a>"
        for sheet in shown.sheets
        if (file := source.address(document, sheet.number)) is not None
    )
    return (
        f'<main class="yq-section"><h1>{escape(document.title)}</h1>'
        f'<p class="yq-badges">{badges(document)}</p>'
        + (f'<p class="yq-path">{escape(" › ".join(shown.path))}</p>' if shown.path else "")
        + '<p class="yq-actions">'
        f'<a class="yq-action yq-context" href="{escape(context_link(shown.passage, shown.spans))}">Show the text</a>'
        f"{files}"
        '<button type="button" class="yq-action yq-copy" value="citation">Copy citation</button>'
        f'<span class="yq-citation" hidden>{escape(shown.citation)}</span></p>'
        + "".join(_figure(shown, sheet, first=place == 0) for place, sheet in enumerate(shown.sheets))
        + "</main>"
    )


def _figure(shown: Shown, sheet: Sheet, *, first: bool) -> str:
    document = shown.document
    width, height = sheet.size
    query = urlencode({"passage": shown.passage, "mark": write_spans(shown.spans), "page": sheet.number})
    words = f'alt="{escape(sheet.words)}"{language(document.language)}'
    top = min((box.top for box in sheet.marks), default=0.0) / max(height, 1.0)
    # where to scroll to, known before the picture has come
    place = f'<span id="passage" style="top: {100 * top:.1f}%"></span>' if first else ""
    return (
        f'<figure class="yq-sheet"><figcaption>{escape(sheet.name)}</figcaption>'
        f'<div class="yq-paper" style="aspect-ratio: {width:.0f} / {height:.0f}">{place}'
        f'<img src="{escape(f"page.png?{query}")}" {words}></div></figure>'
    )


def picture(index: Index, identifier: str, spans: Sequence[Span], number: int) -> bytes:
    """One of these pages as a PNG file. Raises what `find` raises, and UnknownPassage for another page."""
    shown, data = _found(index, identifier, spans)
    sheet = next((one for one in shown.sheets if one.number == number), None)
    if sheet is None:
        raise UnknownPassage(f"{identifier} does not stand on page {number}")
    return isolated.render_page(data, shown.document.sha256, number, sheet.marks)


def _ordinal(number: int) -> str:
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
