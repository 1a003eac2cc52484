"""DOCX: paragraphs, headings, lists, tables and notes as text in document order; document properties as metadata.

Automatic numbers are written before their paragraphs, and notes after the section that refers to them. Tables of
contents, headers and footers are furniture.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import takewhile
from typing import Any

from corpus.errors import UnreadableFile
from corpus.readers.base import Reading
from corpus.readers.docx.chunks import read_chunk
from corpus.readers.docx.numbering import Numbering
from corpus.readers.docx.package import Package, W, attribute, is_on, is_placeholder
from corpus.readers.docx.styles import Style, hidden_styles, read_styles
from corpus.readers.docx.text import MAX_DEPTH, paragraph_text
from corpus.readers.inferred_headings import Paragraph, infer_headings
from corpus.readers.table_grid import Cell, render_table
from corpus.readers.text_builder import SUPERSCRIPTS, TextBuilder, collapse_spaces, levels_from_zero, one_line
from corpus.readers.zipped_xml import R
from corpus.translation import gettext as _

_MAX_CHUNK_DEPTH = 3
_MIN_INSET = 100
"""Characters; a shorter text box or one-cell table is a label and not an inset."""


def read(data: bytes, depth: int = 0) -> Reading:
    """Read a DOCX file, `depth` levels inside others.

    Raises:
        UnreadableFile: It is another format, encrypted, damaged, without text or nested too deep.
    """
    if depth > _MAX_CHUNK_DEPTH:
        raise UnreadableFile(_("nested too deep in other documents"))
    package = Package(data)
    body = package.document().find(f"{W}body")
    walker = _Walker(package, depth)
    if body is not None:
        walker.add_blocks(body)
    walker.end_section()
    text = walker.builder.text
    if not text.strip():
        raise UnreadableFile(_("empty: the document contains no text"))
    running_heads = [line for kind in ("header", "footer") for root in package.parts_of(kind) for line in _lines(root)]
    marks = infer_headings(text, levels_from_zero(walker.builder.marks), walker.paragraphs)
    furniture = (*walker.furniture, *running_heads)
    return Reading(text, marks, package.properties(), furniture=furniture, warnings=tuple(walker.warnings))


class _Walker:
    """Walks the body once."""

    def __init__(self, package: Package, depth: int) -> None:
        self.builder = TextBuilder()
        self._depth = depth
        self.furniture: list[str] = []
        self.warnings: list[str] = []
        self.paragraphs: list[Paragraph] = []
        self._package = package
        self._hidden = hidden_styles(package.parts_of("styles"))
        self._begun = ""  # text before a deleted paragraph mark, or a drop cap: the next paragraph continues it
        self._styles = read_styles(package.parts_of("styles"))
        self._default = next((style for style in self._styles.values() if style.name == "normal"), Style())
        self._numbering = Numbering(package.parts_of("numbering"))
        self._note_elements = {
            (kind, element.get(f"{W}id")): element
            for kind in ("footnote", "endnote")
            for root in package.parts_of(f"{kind}s")
            for element in root.iter(f"{W}{kind}")
        }
        self._pending_notes: list[tuple[str, list[str]]] = []  # label and lines
        self._note_counts = {"footnote": 0, "endnote": 0}
        self._pending_caption: str | None = None
        self._in_list = False
        self._in_inset = False

    def add_blocks(self, container: Any, depth: int = 0) -> None:
        """Add the content of a body, a cell or a text box."""
        if depth > MAX_DEPTH:
            return
        for element in container:
            if element.tag == f"{W}p":
                self._add_paragraph(element, depth)
            elif element.tag == f"{W}tbl":
                self._add_table(element, depth)
            elif element.tag == f"{W}sdt" and (_is_contents(element) or is_placeholder(element)):
                self.furniture += _lines(element)
            elif element.tag == f"{W}altChunk":
                self._add_chunk(element.get(f"{R}id") or "")
            elif isinstance(element.tag, str) and element.tag.startswith(W) and not element.tag.endswith("Pr"):
                self.add_blocks(element, depth + 1)

    def end_section(self) -> None:
        """Add what is pending: the begin of a paragraph, a caption without a table, and the notes of the section."""
        self._flush_begun()
        self._flush_caption()
        for label, lines in self._pending_notes:
            for position, line in enumerate(lines):
                self.builder.add_paragraph(f"{label} {line}" if position == 0 else line, "notes", tight=position > 0)
        self._pending_notes.clear()
        self._in_list = False

    def _style(self, paragraph: Any) -> Style:
        return self._styles.get(attribute(paragraph, "pPr", "pStyle"), self._default)

    def _add_paragraph(self, paragraph: Any, depth: int) -> None:
        style = self._style(paragraph)
        raw, boxes = paragraph_text(paragraph, self._cite_note, self._hidden)
        if not style.is_contents:
            raw, self._begun = self._begun + raw, ""
        text = collapse_spaces(raw)
        if style.is_contents:
            self.furniture += [text] if text else []
            return
        if _is_drop_cap(paragraph):
            self._begun = text
        elif paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None:
            self._begun = f"{raw} "
        elif text:
            self._add_text(paragraph, style, text)
        for box in boxes:
            self._add_box(box, depth)

    def _add_text(self, paragraph: Any, style: Style, text: str) -> None:
        level = _heading_level(paragraph, style)
        label = self._next_label(paragraph, style)
        if level is not None and not self._in_inset:
            self.end_section()
            self.builder.add_heading(f"{label} {text}".strip() if label != "-" else text, level)
        elif style.name == "caption":
            self._flush_caption()
            self._pending_caption = f"{label} {text}".strip()
        else:
            self._flush_caption()
            line = f"{label} {text}" if label else text
            span = self.builder.add_paragraph(line, tight=bool(label) and self._in_list)
            if span is not None and not self._in_inset:
                self.paragraphs.append(Paragraph(*span, *_type(paragraph)))
            self._in_list = bool(label)

    def _add_chunk(self, identifier: str) -> None:
        """Add the content of a part in another format, or a warning that names it."""
        name, data = self._package.part(identifier) or ("without a name", b"")
        try:
            reading = read_chunk(name, data, lambda part: read(part, self._depth + 1))
        except UnreadableFile as error:
            self.warnings.append(f"a part of the document is not read: {name}: {error}")
            return
        self.end_section()
        self.builder.add_reading(reading.text, reading.marks or (), 1)
        self.furniture += reading.furniture
        self.warnings += reading.warnings

    def _flush_begun(self) -> None:
        text, self._begun = collapse_spaces(self._begun), ""
        self.builder.add_paragraph(text)

    def _next_label(self, paragraph: Any, style: Style) -> str:
        number = attribute(paragraph, "pPr", "numPr", "numId") or style.list_number
        value = attribute(paragraph, "pPr", "numPr", "ilvl")
        level = int(value) if value.isdecimal() and len(value) < 3 else style.list_level
        return "" if number in (None, "0") else self._numbering.next_label(number, level)

    def _add_box(self, box: Any, depth: int) -> None:
        if self._in_inset or sum(len(line) for line in _lines(box)) < _MIN_INSET:
            self.add_blocks(box, depth + 1)
            return
        self._flush_caption()
        bookmark = self.builder.bookmark()
        self._in_inset = True
        self.add_blocks(box, depth + 1)
        self._flush_caption()
        self._in_inset = False
        self.builder.mark_inset(bookmark)

    def _add_table(self, table: Any, depth: int) -> None:
        elements = [row for row in table.iter(f"{W}tr") if next(row.iterancestors(f"{W}tbl")) is table]
        elements = [row for row in elements if row.find(f"{W}trPr/{W}del") is None]
        rows = [list(_cells(row)) for row in elements]
        if len(rows) == 1 and len(rows[0]) == 1:
            self._add_box(rows[0][0], depth)
            return
        caption, self._pending_caption = self._pending_caption, None
        header_rows = sum(1 for _ in takewhile(_is_header_row, elements))
        lines, shape = render_table(_grid(rows, self._cell_text), header_rows)
        self.builder.add_table(lines, caption or "", shape)
        self._in_list = False

    def _cell_text(self, cell: Any) -> str:
        lines: list[str] = []
        for paragraph in cell.iter(f"{W}p"):
            if any(True for _ in paragraph.iterancestors(f"{W}txbxContent")) and cell.tag == f"{W}tc":
                continue  # read with the paragraph that the box is anchored in
            text, boxes = paragraph_text(paragraph, self._cite_note, self._hidden)
            label = self._next_label(paragraph, self._style(paragraph))
            lines.append(f"{label} {text}" if label and text.strip() else text)
            lines += [line for box in boxes for line in _lines(box)]
        return " ".join(one_line(line) for line in lines if line.strip())

    def _cite_note(self, kind: str, identifier: str) -> str:
        element = self._note_elements.get((kind, identifier))
        if element is None:
            return ""
        self._note_counts[kind] += 1
        label = str(self._note_counts[kind])
        self._pending_notes.append((label, _lines(element)))
        return label.translate(SUPERSCRIPTS)

    def _flush_caption(self) -> None:
        if self._pending_caption is not None:
            self.builder.add_paragraph(self._pending_caption, "caption")
            self._pending_caption = None
            self._in_list = False


def _cells(row: Any) -> Iterator[Any]:
    for child in row:
        if child.tag == f"{W}tc":
            yield child
        elif child.tag == f"{W}sdt":
            yield from child.iter(f"{W}tc")


def _is_drop_cap(paragraph: Any) -> bool:
    """Whether a paragraph is a frame with the large first letter of the next paragraph."""
    frame = paragraph.find(f"{W}pPr/{W}framePr")
    return frame is not None and frame.get(f"{W}dropCap") in ("drop", "margin")


def _type(paragraph: Any) -> tuple[bool, float]:
    """Return whether all text of a paragraph is bold by direct formatting, and its size in points (0: unknown)."""
    runs = [run for run in paragraph.iter(f"{W}r") if (run.findtext(f"{W}t") or "").strip()]
    bold = all((own := run.find(f"{W}rPr/{W}b")) is not None and is_on(own) for run in runs)
    size = attribute(runs[0], "rPr", "sz") if runs else ""
    return bool(runs) and bold, int(size) / 2 if size.isdecimal() and len(size) < 4 else 0.0


def _is_header_row(row: Any) -> bool:
    """Whether a row is repeated at the top of each page."""
    header = row.find(f"{W}trPr/{W}tblHeader")
    return header is not None and is_on(header)


def _grid(rows: list[list[Any]], cell_text: Callable[[Any], str]) -> list[list[Cell]]:
    """Return the cells with their spans; vertically merged cells (`vMerge`) become one cell over several rows."""
    grid: list[list[Cell]] = []
    merged: dict[int, tuple[int, int]] = {}  # by column: row and position of the cell that may be continued below
    for number, row in enumerate(rows):
        grid.append([])
        column = 0
        for cell in row:
            span = attribute(cell, "tcPr", "gridSpan")
            width = max(1, int(span)) if span.isdecimal() and len(span) < 4 else 1
            has_merge = cell.find(f"{W}tcPr/{W}vMerge") is not None
            if has_merge and attribute(cell, "tcPr", "vMerge") != "restart" and column in merged:
                at, position = merged[column]
                grid[at][position] = replace(grid[at][position], rows=number - at + 1)
            else:
                grid[-1].append(Cell(cell_text(cell), width))
                merged.pop(column, None)
                if has_merge:
                    merged[column] = (number, len(grid[-1]) - 1)
            column += width
    return grid


def _heading_level(paragraph: Any, style: Style) -> int | None:
    own = attribute(paragraph, "pPr", "outlineLvl")
    if re.fullmatch("[0-8]", own):
        return int(own) + 1
    return None if own == "9" else style.level


def _lines(element: Any) -> list[str]:
    """Return the paragraphs of a note, a text box or a header, without note references."""
    texts = (paragraph_text(paragraph, lambda _kind, _id: "")[0] for paragraph in element.iter(f"{W}p"))
    return [one_line(text) for text in texts if text.strip()]


def _is_contents(block: Any) -> bool:
    return attribute(block, "sdtPr", "docPartObj", "docPartGallery") == "Table of Contents"
