"""Any part of a document by its id, with its citation and section: `show`, and "in context" in the form."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from corpus.records import Document, format_span_id, parse_span_id
from corpus.structure.outline import split_by_item
from corpus.translation import gettext as _
from index.errors import UnknownPassage
from index.ranking.search import Index
from index.storage.reader import DocumentInfo
from qa.citation import Reference, source_of

SECTION_CONTEXT = 20_000
"""Maximum characters of the section shown on each side of a passage; a section can be a whole book."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """`[start, end)` of a document, and `[context_start, context_end)`, its section where that was asked for."""

    document: DocumentInfo
    path: tuple[str, ...]
    start: int
    end: int
    text: str
    context_start: int
    context_end: int
    before: str
    after: str
    citation: str
    page: int | None = None
    page_label: str | None = None
    cells: str = ""

    @property
    def id(self) -> str:
        """`<document id>@<start>-<end>`."""
        return format_span_id(self.document.id, self.start, self.end)


def resolve_span_id(index: Index, identifier: str) -> tuple[DocumentInfo, Document, int, int]:
    """Return the document of a passage id `DOCUMENT@START-END`, and the offsets.

    Raises:
        UnknownPassage: The id is malformed, the document is unknown, or the offsets are outside it.
    """
    parsed = parse_span_id(identifier)
    if parsed is None:
        raise UnknownPassage(
            _(
                '"%(identifier)s" is not a passage id: the form is DOCUMENT@START-END, such as report-2016@120-480',
                identifier=identifier,
            )
        )
    info, start, end = index.info(parsed[0]), *parsed[1:]
    document = index.document(info.id)
    if end > len(document.text):
        raise UnknownPassage(
            _(
                "the text of %(id)s ends at %(count)s: %(start)s-%(end)s is not a range in it",
                id=info.id,
                count=len(document.text),  # a plain number: scripts read it to show a whole document
                start=start,
                end=end,
            )
        )
    return info, document, start, end


def read_excerpt(index: Index, identifier: str, *, whole_section: bool = False) -> Excerpt:
    """Read the part of a document that an id names.

    Args:
        index: The index.
        identifier: `DOCUMENT@START-END`, offsets in code points.
        whole_section: Whether the context is the whole section instead of the excerpt alone.

    Raises:
        UnknownPassage: The id is malformed, the document is unknown, or the offsets are outside it.
    """
    return make_excerpt(*resolve_span_id(index, identifier), whole_section=whole_section)


def make_excerpt(
    info: DocumentInfo, document: Document, start: int, end: int, *, whole_section: bool = False
) -> Excerpt:
    """Return the span `[start, end)` of a document as an excerpt; arguments as of `read_excerpt`."""
    context_start, context_end = _section_bounds(document, start, end) if whole_section else (start, end)
    reference = cite_span(info, document, start, end)
    return Excerpt(
        document=info,
        path=reference.path,
        start=start,
        end=end,
        text=document.text[start:end],
        context_start=context_start,
        context_end=context_end,
        before=document.text[context_start:start],
        after=document.text[end:context_end],
        citation=reference.citation,
        cells=reference.cells,
        page=reference.page,
        page_label=reference.page_label,
    )


def cite_span(info: DocumentInfo, document: Document, start: int, end: int) -> Reference:
    """Return the place of a span of a document: the headings above its start, and its page or cells."""
    page = document.page_at(start)
    return Reference(
        id=format_span_id(info.id, start, end),
        source=source_of(info),
        path=document.path(section_at(document, start)),
        page=page.page if page is not None else None,
        page_label=page.label if page is not None else None,
        cells=document.cells_at(start, end),
    )


def section_at(document: Document, offset: int) -> int | None:
    """Return the index of the innermost outline item at an offset, None outside any."""
    runs = split_by_item(document.text, document.outline)
    position = bisect_right([run.start for run in runs], offset) - 1
    return runs[position].item if position >= 0 else None


def _section_bounds(document: Document, start: int, end: int) -> tuple[int, int]:
    """Return the bounds of the section with its heading, or of the document outside any; they include the excerpt."""
    heading = document.heading_of(section_at(document, start))
    if heading is None:
        return 0, len(document.text)
    item = document.outline[heading]
    return min(start, item.start), max(end, item.end)
