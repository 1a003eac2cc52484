"""PPTX and ODP: the slides of a presentation, with their tables, diagrams and notes.

Both are composed to one text: each slide is a page, its title a heading, the speaker's notes are notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from corpus.errors import UnreadableFile
from corpus.readers.base import FileContent, TextBuilder, one_line, parse_int, raise_digits, split_at_tabs
from corpus.readers.docx import formula
from corpus.readers.opendocument import (
    DRAW,
    PRESENTATION,
    STYLE,
    SVG,
    TABLE,
    TEXT,
    OpenDocument,
    ParagraphReader,
    TextStyles,
    render_odf_table,
)
from corpus.readers.table_to_text import Cell, render_tabbed_rows, render_table
from corpus.readers.zipped_xml import COMPATIBILITY, MAX_DEPTH, M, OfficePackage, R
from corpus.records import HEADED_KINDS, PageSpan, StructureMark, TableShape
from corpus.structure.lines import ends_sentence
from corpus.structure.numbering import format_count
from corpus.structure.outline import infer_outline
from corpus.translation import english, english_plural, join_first
from corpus.translation import gettext as _

_TITLE_WORDS, _SENTENCE = 15, 40
"""Maximum words of the first line of a slide without a title that serves as the title, and minimum characters of a
sentence that does not, since a sentence in a script without spaces is one word."""

_ALIGNMENT, _SAME_ROW = 0.1, 0.5
"""Share of the width of text boxes by which those of a column may be apart, and of the height for those of a row."""

_CONTINUED = re.compile(
    r"\s*[(（\[]?(?:\bcont(?:inued|'d|d|\.)?|続き?|つづき|(?<![0-9A-Za-z/.])[1-9]\s?/\s?[1-9])[)）\]]?\s*$",
    re.IGNORECASE,
)
"""The end of a title that says which part of a section a slide is, but not of a fiscal year ("2015/16")."""

_MIN_NUMBERED = 2
"""Minimum number of numbered titles for the numbering to define the levels."""


@dataclass(frozen=True, slots=True)
class SlideTable:
    """A table: its lines and its shape."""

    lines: Sequence[str]
    shape: TableShape


@dataclass(frozen=True, slots=True)
class TextBox:
    """A box with one line of text, in any unit, and what its position refers to: the slide, or a group of shapes."""

    text: str
    left: float
    top: float
    width: float
    height: float
    container: int

    @property
    def middle(self) -> float:
        return self.top + self.height / 2

    def is_aligned(self, other: TextBox) -> bool:
        """Return whether two boxes are in one column: their left or right edges or their middles are close."""
        edges = (0.0, 0.5, 1.0)
        tolerance = _ALIGNMENT * min(self.width, other.width)
        return any(abs(self.left + at * self.width - other.left - at * other.width) <= tolerance for at in edges)


Block = str | SlideTable | TextBox


@dataclass(slots=True)
class Slide:
    """A slide: its title, its paragraphs and tables in reading order, the speaker's notes, and headers and footers."""

    title: str = ""
    blocks: list[Block] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    furniture: list[str] = field(default_factory=list)


def compose(
    slides: Mapping[int, Slide], hidden: Sequence[int], metadata: Mapping[str, object], warnings: Sequence[str] = ()
) -> FileContent:
    """Return the text of the slides that are shown.

    Args:
        slides: The slides by their numbers, from 1, in order.
        hidden: The numbers of the slides that are not shown.
        metadata: The metadata declared by the file.
        warnings: Sentences about parts that were not read.

    Raises:
        UnreadableFile: No slide has text.
    """
    builder = TextBuilder()
    starts: list[tuple[int, int]] = []
    for slide in slides.values():
        slide.blocks = _join_boxes(slide.blocks)
    _complete_titles(slides.values())
    for number, slide in slides.items():
        starts.append((builder.length, number))
        builder.add_heading(slide.title, 0)
        for block in _with_tables(slide.blocks):
            if isinstance(block, SlideTable):
                builder.add_table(block.lines, shape=block.shape)
            elif isinstance(block, str):
                builder.add_paragraph(one_line(block))
        for note in slide.notes:
            builder.add_paragraph(one_line(note), "notes")
    text = builder.text
    if not text.strip():
        raise UnreadableFile(_("empty: no slide has text"))
    ends = [*(start for start, _ in starts[1:]), len(text)]
    pages = [PageSpan(start, end, number) for (start, number), end in zip(starts, ends, strict=True) if start < end]
    furniture = (one_line(line) for slide in slides.values() for line in slide.furniture)
    all_warnings = [*warnings]
    if hidden:
        numbers = join_first([str(number) for number in hidden], 20)
        all_warnings.append(
            english("hidden slides are left out (%(count)s): %(numbers)s", count=len(hidden), numbers=numbers)
        )
    marks = _infer_structure(text, builder.marks)
    return FileContent(text, marks, metadata, tuple(pages), tuple(filter(None, furniture)), tuple(all_warnings))


def _join_boxes(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with the text boxes that form a grid as tables, each in the place of its first box."""
    rows: list[list[TextBox]] = []
    for box in sorted((block for block in blocks if isinstance(block, TextBox)), key=lambda box: box.middle):
        same = next((row for row in rows if _is_beside(row[0], box)), None)
        if same is None:
            rows.append([box])
        else:
            same.append(box)
    tables: dict[int, Block] = {}  # by the identity of a box: the table that it is in
    grid: list[list[TextBox]] = []
    for row in [*(sorted(row, key=lambda box: box.left) for row in rows), []]:
        if grid and len(row) == len(grid[-1]) and all(map(TextBox.is_aligned, row, grid[-1])):
            grid.append(row)
            continue
        table = (
            render_tabbed_rows([[box.text for box in cells] for cells in grid]) if grid and len(grid[0]) > 1 else None
        )
        if table is not None:
            tables |= dict.fromkeys((id(box) for cells in grid for box in cells), SlideTable(*table))
        grid = [row]
    joined: list[Block] = []
    for block in blocks:
        table_of = tables.get(id(block))
        if table_of is None:
            joined.append(block.text if isinstance(block, TextBox) else block)
        elif not any(before is table_of for before in joined):
            joined.append(table_of)
    return joined


def _is_beside(box: TextBox, other: TextBox) -> bool:
    distance = abs(box.middle - other.middle)
    return box.container == other.container and distance < _SAME_ROW * min(box.height, other.height)


def _with_tables(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks; lines of values that are aligned by tabs become tables."""
    for width, group in groupby(blocks, key=lambda block: block.count("\t") if isinstance(block, str) else 0):
        lines = list(group)
        rows = [split_at_tabs(line) for line in lines if isinstance(line, str)]
        table = render_tabbed_rows(rows) if width else None
        yield from lines if table is None else [SlideTable(*table)]


def _complete_titles(slides: Iterable[Slide]) -> None:
    """Use the short first line of a slide without a title as its title, and move repeated titles to the furniture.

    A slide that repeats the title of the one before continues its section.
    """
    before = ""
    for slide in slides:
        slide.title = one_line(slide.title)
        first = slide.blocks[0] if slide.blocks else ""
        if not slide.title and isinstance(first, str) and _can_be_title(first):
            slide.title = one_line(first)
            del slide.blocks[0]
        title = _CONTINUED.sub("", slide.title)
        if title and title == before and slide.blocks:
            slide.furniture.insert(0, slide.title)
            slide.title = ""
        before = title


def _can_be_title(text: str) -> bool:
    is_sentence = ends_sentence(text) and len(text) > _SENTENCE
    return 0 < len(text.split()) <= _TITLE_WORDS and not is_sentence


def _infer_structure(text: str, marks: Sequence[StructureMark]) -> tuple[StructureMark, ...]:
    """Return the marks with the levels of titles by their numbering ("2.", "(1)"), and with marks for notes.

    Without numbers all titles have the same level. A title without a number has the level of the previous title.
    """
    plain = list(text)
    for mark in marks:
        if mark.kind != "section":
            plain[mark.start : mark.end] = " " * (mark.end - mark.start)
    outline = infer_outline("".join(plain))
    depths: dict[int, int] = {}
    for item in outline:
        if item.kind in HEADED_KINDS:
            above = None if item.parent is None else depths.get(outline[item.parent].start)
            depths[item.start] = 0 if above is None else above + 1
    titles = [mark for mark in marks if mark.kind == "section"]
    if sum(mark.start in depths for mark in titles) < _MIN_NUMBERED:
        depths.clear()
    level = 0
    nested: list[StructureMark] = [mark for mark in marks if mark.kind != "section"]
    for mark in titles:
        level = depths.get(mark.start, level)
        nested.append(replace(mark, level=level))
    taken = {mark.start for mark in titles}
    nested += [
        StructureMark(item.kind, None, item.start, item.heading_end)
        for item in outline
        if item.kind in ("notes", "glossary") and item.start not in taken
    ]
    return tuple(sorted(nested, key=lambda mark: (mark.start, -mark.end)))


P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_TITLES, _PPTX_FURNITURE = ("title", "ctrTitle"), ("dt", "ftr", "sldNum", "hdr")
_NUMBERING = re.compile(r"(arabic|alphaLc|alphaUc|romanLc|romanUc)(Period|ParenR|ParenBoth|Plain)")
_COUNTS = {
    "arabic": "decimal", "alphaLc": "lowerLetter", "alphaUc": "upperLetter", "romanLc": "lowerRoman",
    "romanUc": "upperRoman",
}  # fmt: skip
_SIGNS = {"Period": "{}.", "ParenR": "{})", "ParenBoth": "({})", "Plain": "{}"}


def read_pptx(data: bytes) -> FileContent:
    """Read a PPTX file. Raises UnreadableFile if it is another format, encrypted, damaged or without text."""
    package = OfficePackage(data, "PPTX", "ppt/presentation.xml")
    root = package.xml(package.main)
    if root is None or root.tag != f"{P}presentation":
        raise UnreadableFile(_("not a file of the format PPTX: its main part is not a presentation"))
    targets = {identifier: target for _, target, identifier in package.relationships(package.main)}
    slides: dict[int, Slide] = {}
    hidden: list[int] = []
    charts = 0
    for number, element in enumerate(root.iterfind(f"{P}sldIdLst/{P}sldId"), 1):
        name = targets.get(element.get(f"{R}id") or "", "")
        shown = package.xml(name)
        if shown is None:
            raise UnreadableFile(_("damaged: slide %(number)s is missing", number=number))
        if shown.get("show") in ("0", "false"):
            hidden.append(number)
            continue
        reader = _PptxSlideReader(package, name)
        tree = shown.find(f"{P}cSld/{P}spTree")
        if tree is not None:
            reader.add_shapes(tree)
        slides[number] = reader.slide
        charts += reader.charts
    unread = english_plural(
        "%(count)s chart is not read: only its title and tables in the text are",
        "%(count)s charts are not read: only their titles and tables in the text are",
        charts,
    )
    warnings = [unread] if charts else []
    return compose(slides, hidden, package.properties(), warnings)


class _PptxSlideReader:
    """Reads one slide; `charts` counts its charts."""

    def __init__(self, package: OfficePackage, name: str) -> None:
        self.slide = Slide()
        self.charts = 0
        self._containers = 0
        self._package = package
        self._relations = package.relationships(name)
        notes = next((target for kind, target, _ in self._relations if kind == "notesSlide"), None)
        root = package.xml(notes) if notes is not None else None
        for shape in root.iter(f"{P}sp") if root is not None else ():
            if _placeholder(shape) not in (*_PPTX_FURNITURE, "sldImg"):
                self.slide.notes += _paragraphs(shape.find(f"{P}txBody"))

    def add_shapes(self, container: Any, depth: int = 0) -> None:
        """Add the shapes of a slide or a group in their order, which is the order in which they are read aloud."""
        self._containers += 1
        number = self._containers
        for shape in container if depth <= MAX_DEPTH else ():
            tag = shape.tag
            properties = next(shape.iter(f"{P}cNvPr"), None) if isinstance(tag, str) else None
            if properties is not None and properties.get("hidden") in ("1", "true"):
                continue
            if tag == f"{P}sp":
                self._add_shape(shape, number)
            elif tag == f"{P}graphicFrame":
                self._add_frame(shape)
            elif tag == f"{P}grpSp":
                self.add_shapes(shape, depth + 1)
            elif tag == f"{COMPATIBILITY}AlternateContent" and len(shape):
                self.add_shapes(shape[0], depth + 1)

    def _add_shape(self, shape: Any, container: int) -> None:
        lines = list(_paragraphs(shape.find(f"{P}txBody")))
        kind = _placeholder(shape)
        if kind in _PPTX_FURNITURE:
            self.slide.furniture += lines
        elif kind in _TITLES and not self.slide.title:
            self.slide.title = " ".join(lines)
        elif len(lines) == 1 and (place := _pptx_place(shape)) is not None:
            self.slide.blocks.append(TextBox(lines[0], *place, container))
        else:
            self.slide.blocks += lines

    def _add_frame(self, frame: Any) -> None:
        for table in frame.iter(f"{A}tbl"):
            header = table.find(f"{A}tblPr")
            has_header = header is not None and header.get("firstRow") in ("1", "true")
            lines, shape = render_table([list(_cells(row)) for row in table.iterfind(f"{A}tr")], int(has_header))
            self.slide.blocks.append(SlideTable(lines, shape))
        self.charts += sum(1 for _ in frame.iter(f"{_CHART}chart"))
        for diagram in frame.iter(f"{_DIAGRAM}relIds"):
            identifier = diagram.get(f"{R}dm")
            name = next((target for _, target, own in self._relations if own == identifier), "")
            data = self._package.xml(name)
            for text in data.iter(f"{_DIAGRAM}t") if data is not None else ():
                self.slide.blocks += _paragraphs(text)


def _placeholder(shape: Any) -> str:
    """Return the role of a shape in the layout ("title", "body"), "" for a shape that is not a placeholder."""
    placeholder = shape.find(f"{P}nvSpPr/{P}nvPr/{P}ph")
    return "" if placeholder is None else placeholder.get("type") or "body"


def _pptx_place(shape: Any) -> tuple[int, int, int, int] | None:
    """Return the left edge, top, width and height of a shape, None if its layout places it."""
    transform = shape.find(f"{P}spPr/{A}xfrm")
    offset, extent = (None, None) if transform is None else (transform.find(f"{A}off"), transform.find(f"{A}ext"))
    if offset is None or extent is None:
        return None
    left, top, width, height = (offset.get("x"), offset.get("y"), extent.get("cx"), extent.get("cy"))
    return parse_int(left, 0), parse_int(top, 0), parse_int(width, 0), parse_int(height, 0)


def _cells(row: Any) -> Iterator[Cell]:
    """Yield the cells of a row without those that a merged cell covers."""
    for cell in row.iterfind(f"{A}tc"):
        if cell.get("hMerge") not in ("1", "true") and cell.get("vMerge") not in ("1", "true"):
            text = " ".join(_paragraphs(cell.find(f"{A}txBody")))
            yield Cell(one_line(text), parse_int(cell.get("gridSpan"), 1), parse_int(cell.get("rowSpan"), 1))


def _paragraphs(body: Any | None) -> Iterator[str]:
    """Yield the paragraphs of a text body on one line each, with their numbers."""
    count = 0
    for paragraph in body.iterfind(f"{A}p") if body is not None else ():
        text = "\t".join(split_at_tabs(_text(paragraph)))
        numbering = paragraph.find(f"{A}pPr/{A}buAutoNum")
        match = None if numbering is None else _NUMBERING.fullmatch(numbering.get("type") or "")
        count = count + 1 if match else 0
        if not text:
            continue
        if match and numbering is not None:
            number = count - 1 + max(1, parse_int(numbering.get("startAt"), 1))
            text = f"{_SIGNS[match[2]].format(format_count(number, _COUNTS[match[1]]))} {text}"
        yield text


def _text(element: Any, depth: int = 0) -> str:
    parts: list[str] = []
    for child in element if depth <= MAX_DEPTH else ():
        tag = child.tag
        if tag in (f"{A}r", f"{A}fld"):
            properties = child.find(f"{A}rPr")
            text = child.findtext(f"{A}t") or ""
            raised = properties is not None and (properties.get("baseline") or "0").isdecimal()
            is_raised = raised and properties is not None and int(properties.get("baseline") or "0") > 0
            parts.append((raise_digits(text) if is_raised else "") or text)
        elif tag == f"{A}br":
            parts.append("\n")
        elif tag in (f"{M}oMath", f"{M}oMathPara"):
            parts.append(f" {formula(child)} ")
        elif tag == f"{COMPATIBILITY}AlternateContent" and len(child):
            parts.append(_text(child[0], depth + 1))
        elif isinstance(tag, str) and tag.endswith("}m"):
            parts.append(_text(child, depth + 1))
    return "".join(parts)


_ODP_FURNITURE = ("footer", "header", "date-time", "page-number")


def read_odp(data: bytes) -> FileContent:
    """Read an ODP file. Raises UnreadableFile if it is another format, encrypted, damaged or without text."""
    document = OpenDocument(data, "ODP", "presentation")
    hidden_styles = {
        name
        for name, style in document.styles("drawing-page").items()
        if any(
            node.get(f"{PRESENTATION}visibility") == "hidden" for node in style.iter(f"{STYLE}drawing-page-properties")
        )
    }
    reader = _OdpSlideReader(document)
    slides: dict[int, Slide] = {}
    hidden: list[int] = []
    for number, page in enumerate(document.body.iterfind(f"{DRAW}page"), 1):
        if page.get(f"{DRAW}style-name") in hidden_styles:
            hidden.append(number)
        else:
            slides[number] = reader.read(page)
    return compose(slides, hidden, document.metadata())


_LENGTH = re.compile(r"(-?\d+(?:\.\d+)?)(?:cm|mm|in|pt)")


def _odp_place(shape: Any) -> tuple[float, float, float, float] | None:
    """Return the left edge, top, width and height of a shape; None if it is turned or placed by its layout."""
    values = [_LENGTH.fullmatch(shape.get(f"{SVG}{name}") or "") for name in ("x", "y", "width", "height")]
    left, top, width, height = (None if value is None else float(value[1]) for value in values)
    if left is None or top is None or width is None or height is None:
        return None
    return left, top, width, height


class _OdpSlideReader:
    def __init__(self, document: OpenDocument) -> None:
        self._paragraphs = ParagraphReader(TextStyles(document))
        self._containers = 0

    def read(self, page: Any) -> Slide:
        slide = Slide()
        for notes in page.iterfind(f"{PRESENTATION}notes"):
            for frame in notes.iterfind(f"{DRAW}frame"):
                if frame.get(f"{PRESENTATION}class") not in _ODP_FURNITURE:
                    slide.notes += self._lines(frame)
        self._add_shapes(slide, page, 0)
        return slide

    def _add_shapes(self, slide: Slide, container: Any, depth: int) -> None:
        self._containers += 1
        number = self._containers
        for shape in container if depth <= MAX_DEPTH else ():
            if not isinstance(shape.tag, str) or not shape.tag.startswith(DRAW):
                continue
            role = shape.get(f"{PRESENTATION}class")
            tables = list(shape.iterfind(f"{TABLE}table"))
            if shape.tag == f"{DRAW}g":
                self._add_shapes(slide, shape, depth + 1)
            elif role in _ODP_FURNITURE:
                slide.furniture += self._lines(shape)
            elif role == "title" and not slide.title:
                slide.title = " ".join(self._lines(shape))
            elif tables:
                slide.blocks += [SlideTable(*render_odf_table(table, self._cell_text)) for table in tables]
            elif len(lines := self._lines(shape)) == 1 and (place := _odp_place(shape)) is not None:
                slide.blocks.append(TextBox(lines[0], *place, number))
            else:
                slide.blocks += lines

    def _lines(self, element: Any) -> list[str]:
        texts = (self._paragraphs.text(paragraph) for paragraph in element.iter(f"{TEXT}p", f"{TEXT}h"))
        return ["\t".join(split_at_tabs(text)) for text in texts if text.strip()]

    def _cell_text(self, cell: Any) -> str:
        return one_line(" ".join(self._lines(cell)))
