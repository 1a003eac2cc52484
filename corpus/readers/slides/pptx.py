"""PPTX: the slides of a presentation, with their tables, diagrams and notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from corpus.errors import UnreadableFile
from corpus.readers.base import FileContent, one_line, parse_int, raise_digits, split_at_tabs
from corpus.readers.docx.text import formula
from corpus.readers.slides.deck import Slide, SlideTable, TextBox, compose
from corpus.readers.table_to_text import Cell, render_table
from corpus.readers.zipped_xml import COMPATIBILITY, MAX_DEPTH, M, OfficePackage, R
from corpus.structure.numbering import format_count
from corpus.translation import english_plural
from corpus.translation import gettext as _

P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_TITLES, _FURNITURE = ("title", "ctrTitle"), ("dt", "ftr", "sldNum", "hdr")
_NUMBERING = re.compile(r"(arabic|alphaLc|alphaUc|romanLc|romanUc)(Period|ParenR|ParenBoth|Plain)")
_COUNTS = {
    "arabic": "decimal", "alphaLc": "lowerLetter", "alphaUc": "upperLetter", "romanLc": "lowerRoman",
    "romanUc": "upperRoman",
}  # fmt: skip
_SIGNS = {"Period": "{}.", "ParenR": "{})", "ParenBoth": "({})", "Plain": "{}"}


def read(data: bytes) -> FileContent:
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
        reader = _SlideReader(package, name)
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


class _SlideReader:
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
            if _placeholder(shape) not in (*_FURNITURE, "sldImg"):
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
        if kind in _FURNITURE:
            self.slide.furniture += lines
        elif kind in _TITLES and not self.slide.title:
            self.slide.title = " ".join(lines)
        elif len(lines) == 1 and (place := _place(shape)) is not None:
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


def _place(shape: Any) -> tuple[int, int, int, int] | None:
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
