"""A page as a picture: what is marked is the quotation, all of it and nothing else."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from corpus.errors import UnreadableFile
from corpus.readers.pdf import isolated, page_images, reader
from corpus.readers.pdf.reader import Box
from corpus.records import Document
from tests.factories import rendered_pdf
from tests.factories.outlined_texts import Block, Publication

LONG = Publication(
    "Annual Report 2021",
    (
        Block("section", "1. Ports"),
        *(
            Block(
                "body",
                f"In port {number} the master counted {number * 37} ships of every flag in the reporting period. Of "
                f"these {number * 11} were turned away, mostly for a long-standing want of well-lit berths. All others "
                f"paid dues of {number * 1013} crowns.",
                parent=0,
            )
            for number in range(1, 61)
        ),
    ),
)
"""Some four pages of prose, which break sentences over lines, columns and pages."""


def read(data: bytes) -> Document:
    """As much of the document of these bytes as places need."""
    reading = reader.read(data)
    return Document("d", "d", reading.text, (), "", "d.pdf", pages=reading.pages)


def places(data: bytes, document: Document, start: int, end: int) -> tuple[Box, ...]:
    """Where a stretch stands, as it is looked for by a process of its own."""
    return isolated.locate(data, str(hash(data)), [isolated.text_range(document, start, end)], 1).boxes


def drawn(*pages: Callable[[Canvas], None]) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    for page in pages:
        page(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def lines(*texts: str, x: float = 72, rotation: int = 0) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(rotation)
        canvas.setFont("Times-Roman", 10)
        for number, text in enumerate(texts):
            canvas.drawString(x, 400 - 12 * number, text)

    return draw


def under(data: bytes, boxes: tuple[Box, ...]) -> str:
    """The characters whose middles lie in the boxes, box by box, as PDFium itself gives them for these places."""
    document = pypdfium2.PdfDocument(data)
    pieces: list[str] = []
    for box in boxes:
        page = document[box.page - 1]
        text = page.get_textpage()
        height = page.get_size()[1]
        pieces.append(text.get_text_bounded(box.left, height - box.bottom, box.right, height - box.top))
    document.close()
    return "".join(pieces)


def bare(text: str) -> str:
    """Without white space, and without hyphens, which a line's end puts in."""
    return re.sub(r"[\s\u00ad\ufffe\x02-]+", "", text)


@pytest.mark.parametrize("columns", [1, 2])
def test_the_boxes_of_a_sentence_contain_that_sentence(columns: int) -> None:
    printed = rendered_pdf.render(LONG, columns=columns)
    document = read(printed.data)
    sentences = [one.span() for one in re.finditer(r"[A-Z][^.\n]{30,}\.", document.text)]
    assert len(sentences) > 150
    for start, end in sentences[::9]:
        boxes = places(printed.data, document, start, end)
        assert bare(under(printed.data, boxes)) == bare(document.text[start:end])


def test_text_across_two_pages_is_marked_on_both() -> None:
    data = drawn(lines("The first page has one line of text that"), lines("goes on, on the second page, to its end."))
    document = read(data)
    start, end = document.text.index("line of"), document.text.index(", to its")
    boxes = places(data, document, start, end)
    assert [one.page for one in boxes] == [1, 2]
    assert bare(under(data, boxes)) == bare("line of text that goes on, on the second page")


def test_the_right_one_of_two_identical_lines_is_marked() -> None:
    twice = "The ships of the harbour came home."
    data = drawn(lines(twice, "Then it was spring.", twice))
    document = read(data)
    start = document.text.rindex(twice)
    (box,) = places(data, document, start, start + len(twice))
    assert box.top > A4[1] - 400 + 10  # the third line's


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_only_the_words_are_highlighted(rotation: int) -> None:
    data = drawn(lines("Ships came in the morning.", "Then it was evening and dark.", rotation=rotation))
    document = read(data)
    start = document.text.index("Then")
    boxes = places(data, document, start, start + len("Then it was evening"))
    plain, marked = (pixels(page_images.render_page(data, 1, some)) for some in ((), boxes))
    changed = np.argwhere((plain != marked).any(axis=2))
    assert len(boxes) == 1 or rotation  # where words do not run to the right, each letter has its box
    top, left = changed.min(axis=0) / page_images.SCALE
    bottom, right = (changed.max(axis=0) + 1) / page_images.SCALE
    assert left == pytest.approx(min(one.left for one in boxes) - 1, abs=1)
    assert right == pytest.approx(max(one.right for one in boxes) + 1, abs=1)
    assert top == pytest.approx(min(one.top for one in boxes), abs=1)
    assert bottom == pytest.approx(max(one.bottom for one in boxes), abs=1)
    dark = (plain < 80).all(axis=2)
    assert (marked[dark] <= plain[dark]).mean() > 0.9  # the ink is left


def test_images_of_huge_pages_have_bounded_size() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(14_000, 14_000))
    canvas.drawString(100, 100, "Far away")
    canvas.save()
    height, width, _ = pixels(page_images.render_page(buffer.getvalue(), 1)).shape
    assert 0.9 * page_images.MAX_PIXELS < height * width < 1.1 * page_images.MAX_PIXELS


@pytest.mark.parametrize(("data", "page"), [(b"no file", 1), (drawn(lines("One page.")), 0), (drawn(lines("One.")), 2)])
def test_a_missing_page_or_damaged_file_is_reported(data: bytes, page: int) -> None:
    with pytest.raises(UnreadableFile):
        page_images.render_page(data, page)


def pixels(png: bytes) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
