"""ODP: the slides of an OpenDocument presentation, with their tables and notes."""

from __future__ import annotations

from typing import Any

from corpus.readers.base import Reading
from corpus.readers.opendocument import (
    DRAW,
    MAX_DEPTH,
    PRESENTATION,
    STYLE,
    TABLE,
    TEXT,
    OpenDocument,
    ParagraphReader,
    TextStyles,
    render_odf_table,
)
from corpus.readers.slides.deck import Slide, SlideTable, compose
from corpus.readers.text_builder import one_line, split_at_tabs

_FURNITURE = ("footer", "header", "date-time", "page-number")


def read(data: bytes) -> Reading:
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


class _SlideReader:
    def __init__(self, document: OpenDocument) -> None:
        self._paragraphs = ParagraphReader(TextStyles(document))

    def read(self, page: Any) -> Slide:
        slide = Slide()
        for notes in page.iterfind(f"{PRESENTATION}notes"):
            for frame in notes.iterfind(f"{DRAW}frame"):
                if frame.get(f"{PRESENTATION}class") not in _FURNITURE:
                    slide.notes += self._lines(frame)
        self._add_shapes(slide, page, 0)
        return slide

    def _add_shapes(self, slide: Slide, container: Any, depth: int) -> None:
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
            else:
                slide.blocks += self._lines(shape)

    def _lines(self, element: Any) -> list[str]:
        texts = (self._paragraphs.text(paragraph) for paragraph in element.iter(f"{TEXT}p", f"{TEXT}h"))
        return ["\t".join(split_at_tabs(text)) for text in texts if text.strip()]

    def _cell_text(self, cell: Any) -> str:
        return one_line(" ".join(self._lines(cell)))
