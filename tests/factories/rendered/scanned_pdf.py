"""Scans: pages of a PDF file as images, and what a text recognition without errors reads on them."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Collection, Iterator, Mapping

import pypdf
import pypdfium2
import pytest
from PIL import Image

from corpus.processes import Json
from corpus.readers.ocr import page_cache
from corpus.readers.pdf.extraction.document import load_file
from corpus.readers.pdf.extraction.glyphs import Span

DPI = 60
BOX_HEIGHT, FLAT_BOX_HEIGHT, BOLD_STROKE, STROKE = 1.11, 1.0, 0.16, 0.1
"""Ems of what an engine measures; the box of a line without descenders is lower."""


def scan(data: bytes, *, dpi: int = DPI, turn: float = 0.0, pages: Collection[int] = ()) -> bytes:
    """Return a PDF file with these pages (from 1; all without any) as images, turned by some degrees."""
    document = pypdfium2.PdfDocument(data)
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    for number in pages or range(1, len(document) + 1):
        image = document[number - 1].render(scale=dpi / 72).to_pil().convert("L")
        image = image.rotate(turn, Image.Resampling.BICUBIC, fillcolor=255, expand=turn % 90 == 0)
        buffer = io.BytesIO()
        image.save(buffer, "PDF", resolution=dpi)
        writer.remove_page(number - 1)
        writer.insert_page(pypdf.PdfReader(buffer).pages[0], number - 1)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def recognized_pages(data: bytes, confidence: float = 0.9) -> dict[int, Json]:
    """Return what `recognize_page` would return of a scan of each page of a file that has text."""
    return {
        page.number: {
            "width": page.width,
            "height": page.height,
            "scale": 1.0,
            "quarter_turns": 0,
            "angle": 0.0,
            "lines": [line(span, confidence) for span in page.spans],
        }
        for page in load_file(data).pages
    }


def blur_boxes(pages: Mapping[int, Json], seed: int) -> None:
    """Change edges, heights and strokes of lines as much as those that an engine measures vary."""
    draw = random.Random(seed)  # noqa: S311 - the same boxes every time
    for recognized in (line for page in pages.values() for line in page["lines"]):
        recognized["words"][0][2] += draw.uniform(-2, 2)
        recognized["bottom"] += draw.uniform(-0.05, 0.08) * (recognized["bottom"] - recognized["top"])
        recognized["stroke"] *= draw.uniform(0.95, 1.05)


def line(span: Span, confidence: float) -> Json:
    """Return a span of text as a recognised line."""
    middle = span.baseline - 0.35 * span.size
    height = BOX_HEIGHT if re.search(r"[gjpqyQJ,;()\u3000-\u9fff]", span.text) else FLAT_BOX_HEIGHT
    return {
        "top": middle - height / 2 * span.size,
        "bottom": middle + height / 2 * span.size,
        "stroke": (BOLD_STROKE if span.bold else STROKE) * span.size,
        "words": list(_words(span, confidence)),
    }


def _words(span: Span, confidence: float) -> Iterator[list[object]]:
    letter = (span.right - span.left) / len(span.text)
    position = 0
    for number, word in enumerate(span.text.split(" ")):
        left = span.left + position * letter
        if word:
            yield [word, confidence, left, left + len(word) * letter, number > 0]
        position += len(word) + 1


def recognize_perfectly(monkeypatch: pytest.MonkeyPatch, original: bytes, confidence: float = 0.9) -> list[int]:
    """Let text recognition return the text of a file for its scan; the list returned gets the pages that it reads."""
    pages, asked = recognized_pages(original, confidence), []

    def recognize(_digest: str, number: int, _draw: object) -> Json:
        asked.append(number)
        return pages[number]

    monkeypatch.setattr(page_cache, "engine_version", lambda: "fake")
    monkeypatch.setattr(page_cache, "recognize_page", recognize)
    return asked
