"""ODP: the slides of an OpenDocument presentation, with their tables and notes."""

from __future__ import annotations

import re
from typing import Any

from corpus.readers.base import FileContent, one_line, split_at_tabs
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
from corpus.readers.slides.deck import Slide, SlideTable, TextBox, compose
from corpus.readers.zipped_xml import MAX_DEPTH

_FURNITURE = ("footer", "header", "date-time", "page-number")


def read(data: bytes) -> FileContent:
    """Read an ODP file. Raises UnreadableFile if it is another format, encrypted, damaged or without text."""
    document = OpenDocument(data, "ODP", "presentation")
    hidden_styles = {
        name
        for name, style in document.styles("drawing-page").items()
        if any(
            node.get(f"{PRESENTATION}visibility") == "hidden" for node in style.iter(f"{STYLE}drawing-page-properties")
        )
    }
    reader = _SlideReader(document)
    slides: dict[int, Slide] = {}
    hidden: list[int] = []
    for number, page in enumerate(document.body.iterfind(f"{DRAW}page"), 1):
        if page.get(f"{DRAW}style-name") in hidden_styles:
            hidden.append(number)
        else:
            slides[number] = reader.read(page)
    return compose(slides, hidden, document.metadata())


_LENGTH = re.compile(r"(-?\d+(?:\.\d+)?)(?:cm|mm|in|pt)")


def _place(shape: Any) -> tuple[float, float, float, float] | None:
    """Return the left edge, top, width and height of a shape; None if it is turned or placed by its layout."""
    values = [_LENGTH.fullmatch(shape.get(f"{SVG}{name}") or "") for name in ("x", "y", "width", "height")]
    left, top, width, height = (None if value is None else float(value[1]) for value in values)
    if left is None or top is None or width is None or height is None:
        return None
    return left, top, width, height


class _SlideReader:
    def __init__(self, document: OpenDocument) -> None:
        self._paragraphs = ParagraphReader(TextStyles(document))
        self._containers = 0

    def read(self, page: Any) -> Slide:
        slide = Slide()
        for notes in page.iterfind(f"{PRESENTATION}notes"):
            for frame in notes.iterfind(f"{DRAW}frame"):
                if frame.get(f"{PRESENTATION}class") not in _FURNITURE:
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
            elif role in _FURNITURE:
                slide.furniture += self._lines(shape)
            elif role == "title" and not slide.title:
                slide.title = " ".join(self._lines(shape))
            elif tables:
                slide.blocks += [SlideTable(*render_odf_table(table, self._cell_text)) for table in tables]
            elif len(lines := self._lines(shape)) == 1 and (place := _place(shape)) is not None:
                slide.blocks.append(TextBox(lines[0], *place, number))
            else:
                slide.blocks += lines

    def _lines(self, element: Any) -> list[str]:
        texts = (self._paragraphs.text(paragraph) for paragraph in element.iter(f"{TEXT}p", f"{TEXT}h"))
        return ["\t".join(split_at_tabs(text)) for text in texts if text.strip()]

    def _cell_text(self, cell: Any) -> str:
        return one_line(" ".join(self._lines(cell)))
