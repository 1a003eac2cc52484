"""Page images highlight exactly the quotation."""

from __future__ import annotations

import io
import re
from typing import Any

import numpy as np
import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from corpus.errors import UnreadableFile
from corpus.readers.pdf import isolated, page_images, reader
from corpus.readers.pdf.reader import Box
from corpus.records import Document
from tests.factories.rendered import pdf as rendered_pdf
from tests.factories.rendered.pages import LONG_REPORT, draw_lines, draw_pages, strip_layout, text_in_boxes


def read(data: bytes) -> Document:
    """Return a document with the text and the pages of a file."""
    reading = reader.read(data)
    return Document("d", "d", reading.text, (), "", "d.pdf", pages=reading.pages)


def places(data: bytes, document: Document, start: int, end: int) -> tuple[Box, ...]:
    """Locate a range of the text in a child process."""
    return isolated.locate(data, str(hash(data)), [isolated.text_range(document, start, end)], 1).boxes


@pytest.mark.parametrize("columns", [1, 2])
def test_the_boxes_of_a_sentence_contain_that_sentence(columns: int) -> None:
    printed = rendered_pdf.render(LONG_REPORT, columns=columns)
    document = read(printed.data)
    sentences = [one.span() for one in re.finditer(r"[A-Z][^.\n]{30,}\.", document.text)]
    assert len(sentences) > 150
    for start, end in sentences[::9]:
        boxes = places(printed.data, document, start, end)
        assert text_in_boxes(printed.data, boxes) == strip_layout(document.text[start:end])


def test_text_across_two_pages_is_marked_on_both() -> None:
    data = draw_pages(
        draw_lines("The first page has one line of text that"), draw_lines("goes on, on the second page, to its end.")
    )
    document = read(data)
    start, end = document.text.index("line of"), document.text.index(", to its")
    boxes = places(data, document, start, end)
    assert [one.page for one in boxes] == [1, 2]
    assert text_in_boxes(data, boxes) == strip_layout("line of text that goes on, on the second page")


def test_the_right_one_of_two_identical_lines_is_marked() -> None:
    twice = "The ships of the harbour came home."
    data = draw_pages(draw_lines(twice, "Then it was spring.", twice))
    document = read(data)
    start = document.text.rindex(twice)
    (box,) = places(data, document, start, start + len(twice))
    assert box.top > A4[1] - 700 + 10  # the third line


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_only_the_words_are_highlighted(rotation: int) -> None:
    data = draw_pages(
        draw_lines("Ships came in the morning.", "Then it was evening and dark.", y=400, rotation=rotation)
    )
    document = read(data)
    start = document.text.index("Then")
    boxes = places(data, document, start, start + len("Then it was evening"))
    plain, marked = (pixels(page_images.render_page(data, 1, marks)) for marks in ((), boxes))
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


@pytest.mark.parametrize(
    ("data", "page"), [(b"no file", 1), (draw_pages(draw_lines("One page.")), 0), (draw_pages(draw_lines("One.")), 2)]
)
def test_a_missing_page_or_damaged_file_is_reported(data: bytes, page: int) -> None:
    with pytest.raises(UnreadableFile):
        page_images.render_page(data, page)


def pixels(png: bytes) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
