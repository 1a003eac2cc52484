"""The records of the program: documents, sections, passages and sentences.

All offsets count Unicode code points of `Document.text`, the canonical text, so that `text[start:end]` is the span.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from types import MappingProxyType
from typing import Any, Literal

SectionKind = Literal["section", "inset", "notes", "glossary", "caption", "table", "front"]
Span = tuple[int, int]
"""Offsets `[start, end)` in a text."""

Origin = Literal["catalogue", "file", "inferred", "unknown"]

METADATA_FIELDS = ("title", "series", "publisher", "edition", "covers", "published", "part", "url", "language")
"""Attributes of `Document` that a catalogue, the file itself or inference can state, besides the id."""

UNDERLINE = r"""[-=~*#^"+`─━═]"""
"""Pattern of the characters with which headings are underlined in plain text."""

_MARKUP = re.compile(
    rf"""^\#{{1,6}}(?=\s) | \s\#+\s*$ | ^\s*({UNDERLINE})\1{{2,}}[ \t]*\n | \n\s*({UNDERLINE})\2*\s*$
    | \[\^[^\]\s]+\] | \s*\{{[\#.-][^{{}}]*\}}\s*$ | \[(?=[^][]+\]\() | (?<=[^][])\]\([^()\s]*\)""",
    re.VERBOSE,
)
"""Markup of headings in Markdown and plain text, no part of their wording: signs and underlines, attributes, links."""

_UNDERLINES = re.compile(rf"^[ \t]*({UNDERLINE})\1{{2,}}[ \t]*(?:\n|\Z)|\n[ \t]*({UNDERLINE})\2*[ \t]*\Z")
"""The line of strokes above a heading, and the one below it."""

_SPAN_ID = re.compile(r"(?P<document>.+)@(?P<start>\d{1,18})-(?P<end>\d{1,18})", re.DOTALL)

NO_ORIGINS: Mapping[str, Origin] = MappingProxyType({})
NO_EVIDENCE: Mapping[str, str] = MappingProxyType({})


def format_span_id(document: str, start: int, end: int) -> str:
    """Return `DOCUMENT@START-END`: the id of a passage, and of any other span of a document."""
    return f"{document}@{start}-{end}"


def parse_span_id(text: str) -> tuple[str, int, int] | None:
    """Return document id, start and end of a span id; None if the text has another form or the span is empty."""
    match = _SPAN_ID.fullmatch(text)
    if match is None or int(match["start"]) >= int(match["end"]):
        return None
    return match["document"], int(match["start"]), int(match["end"])


@dataclass(frozen=True, slots=True)
class TableShape:
    """What a format declares about a table whose rows are the last `rows` lines of a section.

    `header_rows` is the number of leading rows that are header rows, 0 if unknown. `merged` holds (row, column,
    columns, rows) of each cell that spans several: its text is only in its first row and column.
    """

    rows: int
    header_rows: int = 0
    merged: tuple[tuple[int, int, int, int], ...] = ()

    @classmethod
    def from_json(cls, values: Sequence[Any]) -> TableShape:
        """Return a shape from the lists that `dataclasses.astuple` becomes in JSON."""
        rows, header_rows, merged = values
        return cls(rows, header_rows, tuple((row, column, columns, height) for row, column, columns, height in merged))


@dataclass(frozen=True, slots=True)
class Section:
    """An item of an outline: a heading, or a line that is a note, glossary entry, caption or front matter.

    An item of kind `notes`, `glossary`, `caption`, `table` or `front` has no heading: it is its own body.

    Attributes:
        text: The line as it is in the canonical text.
        kind: The role of the line.
        level: The level of a heading from 0; None for other kinds.
        parent: The position of the enclosing item in the same outline; None at the top.
        start: Offset of the beginning of the line.
        heading_end: Offset of the end of the line, without the line break.
        end: Offset of the end of all text under the item.
        page: The page of the file from 1; None where the format has no pages.
        page_label: The page number printed on the page.
        table: Header rows and merged cells of a table, if the format declares them.
    """

    text: str
    kind: SectionKind
    level: int | None
    parent: int | None
    start: int
    heading_end: int
    end: int
    page: int | None = None
    page_label: str | None = None
    table: TableShape | None = None

    @property
    def shown_text(self) -> str:
        """The line without strokes that underline it, which belong to its span but not to its wording."""
        return _UNDERLINES.sub("", self.text) if "\n" in self.text else self.text


@dataclass(frozen=True, slots=True)
class StructureMark:
    """A span `[start, end)` of the canonical text whose role the file format declares, such as a Markdown heading.

    `level` counts from 0 for headings and is None for other kinds. The span excludes the final line break. A mark of
    kind `inset` or `table` covers several lines; the first is its heading, caption or header row. Any other mark covers
    one heading or one line. `table` states what the format declares about a table.
    """

    kind: SectionKind
    level: int | None
    start: int
    end: int
    table: TableShape | None = None


@dataclass(frozen=True, slots=True)
class PageSpan:
    """The part `[start, end)` of the text that is on one page.

    `page` counts the pages of the file from 1; `label` is the printed page number ("iv", "117"), None if unknown.
    """

    start: int
    end: int
    page: int
    label: str | None = None


@dataclass(frozen=True, slots=True)
class CellSpan:
    """The part `[start, end)` of the text that is in some cells of a sheet; rows and columns count from 1.

    `sheet` is empty for files that are one sheet without a name.
    """

    start: int
    end: int
    sheet: str
    first_row: int
    last_row: int
    first_column: int
    last_column: int


def cells_at(cells: Sequence[CellSpan], start: int, end: int) -> str:
    """Return sheet and range of the cells of `[start, end)` of the text, such as "Table 3-1, B12:D12"; "" for none."""
    first = bisect_right(cells, start, key=lambda span: span.end)
    last = bisect_left(cells, end, key=lambda span: span.start)
    ranges: list[str] = []
    for sheet, group in groupby(cells[first:last], key=lambda span: span.sheet):
        spans = list(group)
        top = _cell_name(min(span.first_row for span in spans), min(span.first_column for span in spans))
        bottom = _cell_name(max(span.last_row for span in spans), max(span.last_column for span in spans))
        cell_range = top if top == bottom else f"{top}:{bottom}"
        ranges.append(f"{sheet}, {cell_range}" if sheet else cell_range)
    return "; ".join(ranges)


def _cell_name(row: int, column: int) -> str:
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


@dataclass(frozen=True, slots=True)
class RecognizedWord:
    """The part `[start, end)` of the text that was recognised on the image of a page (OCR), without spaces.

    The box is on the page (from 1) as displayed, in points from its upper left corner; `confidence` is that of the
    engine, in [0, 1].
    """

    start: int
    end: int
    page: int
    left: float
    top: float
    right: float
    bottom: float
    confidence: float


def page_at(pages: Sequence[PageSpan], offset: int) -> PageSpan | None:
    """Return the page that an offset is on; between two pages, the page before."""
    position = bisect_right(pages, offset, key=lambda span: span.start) - 1
    return pages[position] if position >= 0 else None


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was read: its metadata, its canonical text and its outline in text order.

    Attributes:
        sha256: Hash of the bytes of the source file.
        source: Path or URL of the source file.
        edition: The year on the cover.
        covers: The first and the last year that the document describes.
        published: An ISO date: a year, a month or a day.
        part: The part of the edition that the document is ("Chapter 3, Section 3").
        origins: Where the value of each metadata field comes from.
        evidence: What each inferred value was inferred from: "cover", "date line", "names of file and folders".
        pages: The pages in text order, without overlap; empty where the format has no pages.
        cells: The cells of a spreadsheet in text order, without overlap: a span for each row of a table.
        furniture: Lines of the file that are not in the text: running heads and feet, page numbers, tables of contents.
        warnings: Sentences on what could not be read or had to be assumed, with the pages or positions concerned.
        recognized: The words that were recognised on images of pages, in text order.
    """

    id: str
    title: str
    text: str = field(repr=False)
    outline: tuple[Section, ...] = field(repr=False)
    sha256: str = field(repr=False)
    source: str
    series: str | None = None
    publisher: str | None = None
    edition: int | None = None
    covers: tuple[int, int] | None = None
    published: str | None = None
    part: str | None = None
    url: str | None = None
    language: str | None = None
    origins: Mapping[str, Origin] = field(default_factory=lambda: NO_ORIGINS, repr=False)
    evidence: Mapping[str, str] = field(default_factory=lambda: NO_EVIDENCE, repr=False)
    pages: tuple[PageSpan, ...] = field(default=(), repr=False)
    cells: tuple[CellSpan, ...] = field(default=(), repr=False)
    furniture: tuple[str, ...] = field(default=(), repr=False)
    warnings: tuple[str, ...] = field(default=(), repr=False)
    recognized: tuple[RecognizedWord, ...] = field(default=(), repr=False)

    def recognized_in(self, start: int, end: int) -> Sequence[RecognizedWord]:
        """Return the recognised words that are at least in part in `[start, end)`."""
        first = bisect_right(self.recognized, start, key=lambda word: word.end)
        return self.recognized[first : bisect_left(self.recognized, end, first, key=lambda word: word.start)]

    def ocr_confidence(self, start: int, end: int) -> float | None:
        """Return the mean confidence by character of what was recognised in `[start, end)`; None if nothing was."""
        words = self.recognized_in(start, end)
        characters = sum(word.end - word.start for word in words)
        total = sum((word.end - word.start) * word.confidence for word in words)
        return round(total / characters, 3) if characters else None

    def page_at(self, offset: int) -> PageSpan | None:
        """Return the page of the character at an offset; None where the format has no pages."""
        return page_at(self.pages, offset)

    def cells_at(self, start: int, end: int) -> str:
        """Return sheet and range of the cells of a span of the text; "" where the format has no cells."""
        return cells_at(self.cells, start, end)

    def path(self, section: int | None) -> tuple[str, ...]:
        """Return the headings from the outermost to the section at this position of the outline.

        Items that are their own body (notes, captions, front matter) have the path of the section around them.
        """
        headings: list[str] = []
        while section is not None:
            item = self.outline[section]
            if item.kind in HEADED_KINDS:
                headings.append(_MARKUP.sub("", item.text).strip())
            section = item.parent
        return tuple(reversed(headings))

    def heading_of(self, section: int | None) -> int | None:
        """Return the innermost item with a heading at or above an item of the outline; None if there is none."""
        while section is not None and self.outline[section].kind not in HEADED_KINDS:
            section = self.outline[section].parent
        return section


HEADED_KINDS: frozenset[SectionKind] = frozenset({"section", "inset"})
"""Kinds whose `text` is a heading; the other kinds are their own body."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or table row of a passage, `[start, end)` of the canonical text, trimmed of white space.

    `wording` is a row in words, with its header cells: "Arvik, Households: 4.35". It is empty for a sentence. `cells`
    are sheet and range in a spreadsheet ("Table 3-1, B12:D12"), empty in other files.
    """

    start: int
    end: int
    wording: str = ""
    cells: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of one section, cut at sentence ends, that an answer can cite.

    Attributes:
        document: Id of the document.
        section: Position of its section in the outline of the document; None outside all sections.
        path: The headings above it, outermost first.
        prefix: Title, headings and other context, embedded in front of `text`.
        text: `document.text[start:end]`.
        sentences: Sentences and table rows of which it holds all or a part, in order.
        header: Caption and header of the table whose rows it holds, as shown beside a row; empty for other passages.
        cells: Sheet and range of its cells in a spreadsheet, such as "Table 3-1, B12:D20"; empty in other files.
        ocr_confidence: Mean confidence in [0, 1] of its words that text recognition (OCR) read; None if there are none.
    """

    document: str
    section: int | None
    kind: SectionKind
    path: tuple[str, ...]
    prefix: str
    text: str
    start: int
    end: int
    sentences: tuple[Sentence, ...]
    page: int | None = None
    page_label: str | None = None
    header: str = ""
    cells: str = ""
    ocr_confidence: float | None = None

    def span_of(self, sentence: Sentence) -> tuple[int, int]:
        """Return the offsets, in the document, of the part of a sentence that is in this passage."""
        return max(sentence.start, self.start), min(sentence.end, self.end)

    def text_of(self, sentence: Sentence) -> str:
        """Return the part of a sentence that is in this passage."""
        return self.text_between(*self.span_of(sentence))

    def text_between(self, start: int, end: int) -> str:
        """Return the text between two offsets in the document, which are in this passage."""
        return self.text[start - self.start : end - self.start]

    def words_of(self, sentence: Sentence) -> str:
        """Return what a sentence says: its text in this passage; of a table row, the caption and the row in words."""
        if sentence.wording:
            caption = self.header.rpartition("\n")[0]
            return f"{caption}. {sentence.wording}" if caption else sentence.wording
        return self.text_of(sentence)

    @property
    def missing_header(self) -> str:
        """The header if `text` does not hold it, as in the later parts of a long table; else an empty string."""
        cells = self.header.rpartition("\n")[2].split("|")
        return "" if all(cell.strip() in self.text for cell in cells) else self.header

    @property
    def id(self) -> str:
        """`<document id>@<start>-<end>`."""
        return format_span_id(self.document, self.start, self.end)
