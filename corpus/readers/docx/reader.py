"""DOCX: the document's paragraphs, headings, lists, tables and notes as text, in order; its properties as metadata.

Bytes in, a `Reading` out. Word's own numbers are written before the paragraphs that bear them, a note stands at the end
of the section that refers to it. Tables of contents, running heads and feet are furniture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from corpus.errors import UnreadableFile
from corpus.readers.base import Reading
from corpus.readers.docx.numbering import Numbering
from corpus.readers.docx.package import Package, W
from corpus.readers.docx.styles import Style, read_styles
from corpus.readers.docx.text import DEEPEST, paragraph_text
from corpus.readers.table_grid import Cell, rows_of
from corpus.readers.text_builder import RAISED, TextBuilder, collapse
from corpus.records import Mark

_DC = "{http://purl.org/dc/elements/1.1/}"
_LEAST_BOX = 100
"""Characters from which a text box, or a table of one cell, is a column and not a label."""
_MEANINGLESS_TITLE = re.compile(r"word document|document\d*|untitled.*|microsoft word.*|.*\.docx?|title", re.IGNORECASE)


def read(data: bytes) -> Reading:
    """Raises UnreadableFile for what is no DOCX file, is encrypted, damaged or without text."""
    package = Package(data)
    body = package.document().find(f"{W}body")
    walker = _Walker(package)
    if body is not None:
        walker.blocks(body)
    walker.end_section()
    text = walker.builder.text
    if not text.strip():
        raise UnreadableFile("empty: no text in it")
    furniture = [*walker.furniture, *_running_heads(package)]
    return Reading(text, _from_zero(walker.builder.marks), _metadata(package), (), tuple(furniture))


@dataclass(slots=True)
class _Note:
    label: str
    lines: list[str]


class _Walker:
    """Walks the body once."""

    def __init__(self, package: Package) -> None:
        self.builder = TextBuilder()
        self.furniture: list[str] = []
        self._styles = read_styles(package.parts_of("styles"))
        self._default = next((style for style in self._styles.values() if style.name == "normal"), Style())
        self._numbering = Numbering(package.parts_of("numbering"))
        self._note_elements = {
            (kind, element.get(f"{W}id")): element
            for kind in ("footnote", "endnote")
            for root in package.parts_of(f"{kind}s")
            for element in root.iter(f"{W}{kind}")
        }
        self._notes: list[_Note] = []
        self._counts = {"footnote": 0, "endnote": 0}
        self._caption: str | None = None
        self._list = False
        self._in_box = False

    def blocks(self, container: Any, depth: int = 0) -> None:
        """Add what stands in a body, a cell or a box."""
        if depth > DEEPEST:
            return
        for element in container:
            if element.tag == f"{W}p":
                self._paragraph(element, depth)
            elif element.tag == f"{W}tbl":
                self._table(element, depth)
            elif element.tag == f"{W}sdt" and _is_contents(element):
                self.furniture += _lines(element)
            elif isinstance(element.tag, str) and element.tag.startswith(W) and not element.tag.endswith("Pr"):
                self.blocks(element, depth + 1)

    def end_section(self) -> None:
        """Add what was held back: a caption without a table, and the notes of the section."""
        self._flush_caption()
        for note in self._notes:
            for position, line in enumerate(note.lines):
                self.builder.block(f"{note.label} {line}" if position == 0 else line, "notes", tight=position > 0)
        self._notes.clear()
        self._list = False

    def _style(self, paragraph: Any) -> Style:
        named = paragraph.find(f"{W}pPr/{W}pStyle")
        return self._styles.get(named.get(f"{W}val") or "", self._default) if named is not None else self._default

    def _paragraph(self, paragraph: Any, depth: int) -> None:
        style = self._style(paragraph)
        raw, boxes = paragraph_text(paragraph, self._mark)
        text = collapse(raw)
        if style.role == "contents":
            self.furniture += [text] if text else []
            return
        if text:
            self._add(paragraph, style, text)
        for box in boxes:
            self._box(box, depth)

    def _add(self, paragraph: Any, style: Style, text: str) -> None:
        level = _level(paragraph, style)
        label = self._label(paragraph, style)
        if level is not None and not self._in_box:
            self.end_section()
            self.builder.heading(f"{label} {text}".strip() if label != "-" else text, level)
        elif style.role == "caption":
            self._flush_caption()
            self._caption = f"{label} {text}".strip()
        else:
            self._flush_caption()
            self.builder.block(f"{label} {text}" if label else text, tight=bool(label) and self._list)
            self._list = bool(label)

    def _label(self, paragraph: Any, style: Style) -> str:
        number, level = style.list_number, style.list_level
        own = paragraph.find(f"{W}pPr/{W}numPr")
        if own is not None:
            identifier, at = own.find(f"{W}numId"), own.find(f"{W}ilvl")
            number = identifier.get(f"{W}val") if identifier is not None else number
            value = at.get(f"{W}val") or "" if at is not None else ""
            level = int(value) if value.isdecimal() and len(value) < 3 else level
        return "" if number is None or number == "0" else self._numbering.label(number, level)

    def _box(self, box: Any, depth: int) -> None:
        long = sum(len(line) for line in _lines(box)) >= _LEAST_BOX
        if not long or self._in_box:
            self.blocks(box, depth + 1)
            return
        self._flush_caption()
        bookmark = self.builder.bookmark()
        self._in_box = True
        self.blocks(box, depth + 1)
        self._flush_caption()
        self._in_box = False
        self.builder.inset(bookmark)

    def _table(self, table: Any, depth: int) -> None:
        rows = [list(_cells(row)) for row in table.iter(f"{W}tr") if _owner(row) is table]
        if len(rows) == 1 and len(rows[0]) == 1:
            self._box(rows[0][0], depth)
            return
        caption, self._caption = self._caption, None
        self.builder.table(rows_of(_grid(rows, self._cell_text)), caption or "")
        self._list = False

    def _cell_text(self, cell: Any) -> str:
        lines: list[str] = []
        for paragraph in cell.iter(f"{W}p"):
            if any(True for _ in paragraph.iterancestors(f"{W}txbxContent")) and cell.tag == f"{W}tc":
                continue  # read with the paragraph it is anchored in
            text, boxes = paragraph_text(paragraph, self._mark)
            label = self._label(paragraph, self._style(paragraph))
            lines.append(f"{label} {text}" if label and text.strip() else text)
            lines += [line for box in boxes for line in _lines(box)]
        return " ".join(" ".join(collapse(line).split()) for line in lines if line.strip())

    def _mark(self, kind: str, identifier: str) -> str:
        element = self._note_elements.get((kind, identifier))
        if element is None:
            return ""
        self._counts[kind] += 1
        label = str(self._counts[kind])
        self._notes.append(_Note(label, _lines(element)))
        return label.translate(RAISED)

    def _flush_caption(self) -> None:
        if self._caption is not None:
            self.builder.block(self._caption, "caption")
            self._caption = None
            self._list = False


def _cells(row: Any) -> Iterator[Any]:
    for child in row:
        if child.tag == f"{W}tc":
            yield child
        elif child.tag == f"{W}sdt":
            yield from child.iter(f"{W}tc")


def _owner(row: Any) -> Any:
    return next(row.iterancestors(f"{W}tbl"))


def _grid(rows: list[list[Any]], text: Any) -> list[list[Cell]]:
    """Cells with their spans; those that continue a cell above (`vMerge`) go into that one's."""
    grid: list[list[Cell]] = []
    open_above: dict[int, tuple[int, int]] = {}  # column -> row and position of the cell that is being continued
    for number, row in enumerate(rows):
        grid.append([])
        column = 0
        for cell in row:
            span = cell.find(f"{W}tcPr/{W}gridSpan")
            value = span.get(f"{W}val") or "" if span is not None else ""
            width = max(1, int(value)) if value.isdecimal() and len(value) < 4 else 1
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            if merge is not None and merge.get(f"{W}val") != "restart" and column in open_above:
                at, position = open_above[column]
                above = grid[at][position]
                grid[at][position] = Cell(above.text, above.columns, number - at + 1)
            else:
                grid[-1].append(Cell(text(cell), width))
                open_above.pop(column, None)
                if merge is not None:
                    open_above[column] = (number, len(grid[-1]) - 1)
            column += width
    return grid


def _level(paragraph: Any, style: Style) -> int | None:
    own = paragraph.find(f"{W}pPr/{W}outlineLvl")
    value = own.get(f"{W}val") or "" if own is not None else ""
    if value in set("012345678"):
        return int(value) + 1
    return None if value == "9" else style.level


def _lines(element: Any) -> list[str]:
    """The paragraphs of a note, a box or a running head, without notes of their own."""
    texts = (paragraph_text(paragraph, lambda _kind, _id: "")[0] for paragraph in element.iter(f"{W}p"))
    return [" ".join(collapse(text).split()) for text in texts if text.strip()]


def _is_contents(block: Any) -> bool:
    gallery = block.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and gallery.get(f"{W}val") == "Table of Contents"


def _running_heads(package: Package) -> list[str]:
    return [line for kind in ("header", "footer") for root in package.parts_of(kind) for line in _lines(root)]


def _from_zero(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """Headings' levels counted from the highest that there is."""
    highest = min((mark.level for mark in marks if mark.level is not None), default=0)
    return tuple(
        mark if mark.level is None else Mark(mark.kind, mark.level - highest, mark.start, mark.end) for mark in marks
    )


def _metadata(package: Package) -> dict[str, object]:
    core, app = package.xml("docProps/core.xml"), package.xml("docProps/app.xml")
    said: dict[str, object] = {}
    for key, name in (("title", "title"), ("publisher", "publisher"), ("language", "language")):
        value = " ".join((core.findtext(f".//{_DC}{name}") or "").split()) if core is not None else ""
        if value and not (key == "title" and _MEANINGLESS_TITLE.fullmatch(value)):
            said[key] = value.lower()[:2] if key == "language" else value
    company = (
        next((one.text for one in app if isinstance(one.tag, str) and one.tag.endswith("}Company")), None)
        if (app is not None)
        else None
    )
    if company and company.strip():
        said.setdefault("publisher", company.strip())
    return said
