"""Render a page of a PDF file as an image with highlighted text, and locate text on its pages.

Text is first searched on its page alone, which is fast. Only if that is ambiguous (the words occur twice, or run around
a picture) is the whole file read again. Runs in the child process of `isolated`, since a file may crash PDFium.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from corpus.errors import UnreadableFile
from corpus.readers.ocr.page_cache import PageImage
from corpus.readers.pdf.extraction.document import glyphs_on_page, open_document
from corpus.readers.pdf.reader import Box, locate_text, merge_boxes
from corpus.translation import gettext as _

SCALE = 2.0
"""Pixels per point: 144 per inch."""
MAX_PIXELS = 6_000_000
"""Larger pages are rendered at a lower scale."""

_OCR_SCALE = 200 / 72
"""Pixels per point for text recognition: at 300 per inch it takes twice the time and makes as many errors."""
_OCR_PIXELS = 16_000_000
"""Larger pages are drawn at a lower scale: this is A2."""
_LEVEL_SIDE, _TURNS, _PAPER = 700, 6, 255
"""Pixels of the longer side of the image that the angle is measured on, and steps to either side, at first of .5."""
_BILINEAR, _BICUBIC = 2, 3
"""Numbers of Pillow's filters, which is imported late."""

_HIGHLIGHT, _UNDERLINE = (255, 236, 150), (196, 146, 0)
_IGNORED = re.compile(r"[\s\u00ad-]+")
"""Not compared: white space and hyphens differ where lines break."""


def locate(data: bytes, start: int, end: int, pieces: Iterable[tuple[int, str]]) -> tuple[Box, ...]:
    """Return the boxes of `[start, end)` of the document read from these bytes.

    Args:
        data: The bytes of the PDF file.
        start: Offset in the document's text; -1 to search on the pages only.
        end: Offset in the document's text.
        pieces: The pages of the range, from 1, each with its part of the text.

    Raises:
        UnreadableFile: The file cannot be read.
    """
    located: list[Box] = []
    for page, text in pieces:
        if words := _IGNORED.sub("", text):
            on_page = _locate_on_page(data, page, words)
            if on_page is None and start >= 0:
                return locate_text(data, start, end)
            located += on_page or ()
    return tuple(located)


def _locate_on_page(data: bytes, page: int, words: str) -> tuple[Box, ...] | None:
    """Return the boxes of words if they occur on a page exactly once and contiguously."""
    glyphs = [glyph for glyph in glyphs_on_page(data, page) if not _IGNORED.fullmatch(glyph.text)]
    owners = [glyph for glyph in glyphs for _ in glyph.text]
    text = "".join(glyph.text for glyph in glyphs)
    start = text.find(words)
    if start < 0 or text.find(words, start + 1) >= 0:
        return None
    # A ligature is one glyph of several characters.
    matched = {glyph.number: glyph for glyph in owners[start : start + len(words)]}.values()
    return merge_boxes(Box(page, glyph.left, glyph.top, glyph.right, glyph.bottom) for glyph in matched)


def render_page(data: bytes, page: int, marks: Sequence[Box] = ()) -> bytes:
    """Render a page, from 1, as a PNG file with highlighted boxes. Raises UnreadableFile."""
    from PIL import Image

    with _open_page(data, page) as sheet:
        width, height = sheet.get_size()
        scale = min(SCALE, math.sqrt(MAX_PIXELS / max(width * height, 1.0)))
        bitmap = sheet.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
        pixels = np.array(bitmap.to_numpy()[:, :, :3])
    for box in marks:
        if box.page == page:
            _highlight(pixels, box, scale)
    output = io.BytesIO()
    Image.fromarray(pixels).save(output, "PNG", compress_level=4)
    return output.getvalue()


def draw_level(data: bytes, page: int, quarter_turns: int = 0) -> PageImage:
    """Draw a page, from 1, for text recognition: grey, turned clockwise, its lines level. Raises UnreadableFile."""
    with _open_page(data, page) as sheet:
        width, height = sheet.get_size()
        scale = min(_OCR_SCALE, math.sqrt(_OCR_PIXELS / max(width * height, 1.0)))
        drawn = sheet.render(scale=scale, grayscale=True).to_pil().convert("L")
    drawn = drawn.rotate(-90 * quarter_turns, expand=True)
    angle = _level_angle(drawn)
    level = drawn.rotate(angle, _BICUBIC, fillcolor=_PAPER) if angle else drawn
    return PageImage(level.width, level.height, scale, quarter_turns, angle, level.tobytes())


def _level_angle(image: Any) -> float:
    """Return by how many degrees, counterclockwise, an image is to be turned so that its lines of text are level.

    Rows of level lines alternate most between ink and paper.
    """
    small = image.copy()
    small.thumbnail((_LEVEL_SIDE, _LEVEL_SIDE))

    def contrast(angle: float) -> float:
        rows = np.asarray(small.rotate(angle, _BILINEAR, fillcolor=_PAPER), dtype=np.float64).sum(axis=1)
        return float(np.square(np.diff(rows)).sum())

    best = 0.0
    for step in (0.5, 0.1):
        angles: list[float] = [round(best + step * turn, 1) for turn in range(-_TURNS, _TURNS + 1)]
        best = max(angles, key=contrast)
    return best


def page_size(data: bytes, page: int) -> tuple[float, float]:
    """Return the displayed width and height of a page, from 1, in points. Raises UnreadableFile."""
    with _open_page(data, page) as sheet:
        width, height = sheet.get_size()
        return float(width), float(height)


@contextmanager
def _open_page(data: bytes, page: int) -> Iterator[Any]:
    import pypdfium2

    with open_document(data) as document:
        if not 1 <= page <= len(document):
            raise UnreadableFile(
                _("there is no page %(page)s: the file has %(count)s pages", page=page, count=f"{len(document):,}")
            )
        try:
            yield document[page - 1]
        except pypdfium2.PdfiumError as error:
            raise UnreadableFile(_("page %(page)s is damaged (%(error)s)", page=page, error=error)) from error


def _highlight(pixels: np.ndarray[Any, np.dtype[np.uint8]], box: Box, scale: float) -> None:
    """Colour the paper but not the ink, and underline, for people who cannot distinguish yellow."""
    height, width = pixels.shape[:2]
    left, right = (min(max(round(x * scale), 0), width) for x in (box.left - 1, box.right + 1))
    top, bottom = (min(max(round(y * scale), 0), height) for y in (box.top, box.bottom))
    area = pixels[top:bottom, left:right]
    area[:] = np.minimum(area, np.array(_HIGHLIGHT, dtype=np.uint8))
    pixels[max(bottom - 2, top) : bottom, left:right] = _UNDERLINE
