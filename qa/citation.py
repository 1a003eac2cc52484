"""Citations: the line that leads a reader to a passage, and the records of a cited passage."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.translation import gettext as _

if TYPE_CHECKING:  # the command line reads the citation formats before it loads anything of the index
    from index.ranking.search import Hit
    from index.storage.reader import DocumentInfo


@dataclass(frozen=True, slots=True)
class AlsoIn:
    """A near-identical passage of another document."""

    document: str
    edition: int | None
    passage: str


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """A hit with its rank (from 1), its citation, and the spans to highlight, as offsets in the document."""

    rank: int
    hit: Hit
    citation: str
    highlights: tuple[tuple[int, int], ...]
    also_in: tuple[AlsoIn, ...] = ()


@dataclass(frozen=True, slots=True)
class CitedSource:
    """What a citation says of a document, wherever the document is."""

    id: str
    title: str
    series: str | None
    publisher: str | None
    edition: int | None
    covers: tuple[int, int] | None
    part: str | None
    url: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Reference:
    """The place of a passage: its id, its source, the headings above it, and its page or its cells."""

    id: str
    source: CitedSource
    path: tuple[str, ...]
    page: int | None = None
    page_label: str | None = None
    cells: str = ""

    @property
    def printed_page(self) -> str:
        """The printed page number, else that of the file; empty without pages."""
        return self.page_label or (str(self.page) if self.page is not None else "")

    @property
    def citation(self) -> str:
        """The line that leads a reader there."""
        return cite(self.source, self.path, self.page, self.page_label, self.cells)


def source_of(document: DocumentInfo) -> CitedSource:
    """Return what a citation says of a document."""
    return CitedSource(**{name: getattr(document, name) for name in CitedSource.__slots__})


def reference_of(hit: Hit) -> Reference:
    """Return the place of a hit's passage."""
    passage = hit.stored.passage
    return Reference(hit.id, source_of(hit.document), passage.path, passage.page, passage.page_label, passage.cells)


def section_steps(document: DocumentInfo | CitedSource, path: Sequence[str]) -> Sequence[str]:
    """Return the headings above a passage, without one at the top that repeats the title, with or without its year.

    Files of HTML, DOCX and Markdown often have their title as the heading of the first level.
    """

    def words(text: str) -> list[str]:
        return [word for word in re.findall(r"\w+", text.casefold()) if word != str(document.edition)]

    repeats = bool(path) and words(path[0]) == words(document.title) != []
    return path[1:] if repeats else path


def section_path(document: DocumentInfo | CitedSource, path: Sequence[str]) -> str:
    """Join the headings that `section_steps` returns."""
    return " › ".join(section_steps(document, path))


def cite(
    document: DocumentInfo | CitedSource,
    path: Sequence[str],
    page: int | None = None,
    page_label: str | None = None,
    cells: str = "",
) -> str:
    """Format a citation.

    Args:
        document: The document; its edition and part are added where the title does not contain them.
        path: Headings from the top of the document to the passage.
        page: Number of the page in the PDF, from 1.
        page_label: Printed page number; takes precedence over `page`.
        cells: Sheet and range of the cells in a spreadsheet; the sheet is left out where the path names it.

    Returns:
        Title (edition, years covered), part, section path (`section_path`), page or cells. For example:
        `Diplomatic Bluebook 2016 (covers 2015), 3.Global Security › (4) The Oceans and Seas`.
    """
    remarks: list[str] = []
    if document.edition is not None and str(document.edition) not in document.title:
        remarks.append(f"edition {document.edition}")
    if document.covers is not None:
        remarks.append(f"covers {format_years(document.covers)}")
    pieces = [document.title + (f" ({', '.join(remarks)})" if remarks else "")]
    if document.part and document.part not in document.title:
        pieces.append(document.part)
    if section := section_path(document, path):
        pieces.append(section)
    if page_label or page:
        pieces.append(f"p. {page_label or page}")
    if cells:
        pieces.append(cells.removeprefix(f"{path[0]}, ") if path else cells)
    return ", ".join(pieces)


def cite_hit(hit: Hit) -> str:
    """Format the citation of a hit's passage."""
    passage = hit.stored.passage
    return cite(hit.document, passage.path, passage.page, passage.page_label, passage.cells)


def best_sentence(hit: Hit) -> tuple[int, int]:
    """Return the span of the sentence of a hit that is most similar to the question, clipped to the passage."""
    passage = hit.stored.passage
    best = max(range(len(hit.similarities)), key=lambda position: (hit.similarities[position], -position))
    return passage.span_of(passage.sentences[best])


def ocr_remark(confidence: float | None) -> str:
    """Say that a text was recognised on an image, with the mean confidence in [0, 1]; "" if it was not (None)."""
    return (
        ""
        if confidence is None
        else _("from text recognition (OCR), confidence %(confidence)s", confidence=f"{confidence:.1%}")
    )


def year_spans(years: Iterable[int]) -> list[tuple[int, int]]:
    """Return the spans of consecutive years in ascending years."""
    spans: list[tuple[int, int]] = []
    for year in years:
        if spans and year == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], year)
        else:
            spans.append((year, year))
    return spans


def format_years(span: tuple[int, int]) -> str:
    """Format a span of years: `2015`, or `2014-2015` with an en dash."""
    first, last = span
    return str(first) if first == last else f"{first}–{last}"
