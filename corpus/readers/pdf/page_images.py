"""A page of a PDF file as a picture, with stretches of its text marked.

The file's bytes in, boxes and pixels out. Where a stretch stands is looked for on its page alone, which takes a moment;
only where that leaves a doubt (the words stand there twice, or run around a picture) is the whole file read anew. It
runs where a file may end it: in the process of `pdf_apart`.
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
from corpus.readers.pdf.document import ALONE, glyphs_on
from corpus.readers.pdf.reader import Box, boxes, joined

SCALE = 2.0
"""Pixels a point: 144 an inch."""

MOST_PIXELS = 6_000_000
"""A page that would have more is drawn smaller."""

_MARKER = (255, 236, 150)
_EDGE = (196, 146, 0)
_LEFT_OUT = re.compile(r"[\s\u00ad-]+")
"""No part of the comparison: where lines break, white space comes and hyphens go."""


def places(data: bytes, start: int, end: int, pieces: Iterable[tuple[int, str]]) -> tuple[Box, ...]:
    """The boxes of `[start, end)`, of which these pieces stand on these pages, in a document read from these bytes.

    Raises UnreadableFile.
    """
    found: list[Box] = []
    for page, text in pieces:
        words = _LEFT_OUT.sub("", text)
        if not words:
            continue
        here = _on_page(data, page, words)
        if here is None:
            return boxes(data, start, end)
        found += here
    return tuple(found)


def _on_page(data: bytes, page: int, words: str) -> list[Box] | None:
    """The boxes of words that stand on a page once and in one piece; else None."""
    glyphs = [glyph for glyph in glyphs_on(data, page) if not _LEFT_OUT.fullmatch(glyph.text)]
    at: list[int] = []
    for place, glyph in enumerate(glyphs):
        at += [place] * len(glyph.text)
    text = "".join(glyph.text for glyph in glyphs)
    start = text.find(words)
    if start < 0 or text.find(words, start + 1) >= 0:
        return None
    chosen = glyphs[at[start] : at[start + len(words) - 1] + 1]
    return list(joined(Box(page, one.left, one.top, one.right, one.bottom) for one in chosen))


def picture(data: bytes, page: int, marks: Sequence[Box] = ()) -> bytes:
    """A page, from 1, as a PNG file, with these boxes marked as by a highlighter. Raises UnreadableFile."""
    from PIL import Image

    pixels, scale = _render(data, page)
    for box in marks:
        if box.page == page:
            _mark(pixels, box, scale)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG", compress_level=4)
    return out.getvalue()


def size(data: bytes, page: int) -> tuple[float, float]:
    """Width and height of a page, from 1, as it is shown, in points. Raises UnreadableFile."""
    with _sheet(data, page) as sheet:
        width, height = sheet.get_size()
        return float(width), float(height)


def _render(data: bytes, page: int) -> tuple[np.ndarray[Any, np.dtype[np.uint8]], float]:
    with _sheet(data, page) as sheet:
        width, height = sheet.get_size()
        scale = min(SCALE, math.sqrt(MOST_PIXELS / max(width * height, 1.0)))
        bitmap = sheet.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
        return np.array(bitmap.to_numpy()[:, :, :3]), scale


@contextmanager
def _sheet(data: bytes, page: int) -> Iterator[Any]:
    """A page of PDFium's, which no other thread uses meanwhile."""
    import pypdfium2

    with ALONE:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise UnreadableFile(f"damaged, or not a PDF file ({error})") from error
        try:
            if not 1 <= page <= len(document):
                raise UnreadableFile(f"it has {len(document):,} pages: there is no page {page}")
            yield document[page - 1]
        except pypdfium2.PdfiumError as error:
            raise UnreadableFile(f"page {page} is damaged ({error})") from error
        finally:
            document.close()


def _mark(pixels: np.ndarray[Any, np.dtype[np.uint8]], box: Box, scale: float) -> None:
    """Colour the paper and not the ink, and draw a line below, for those who see no yellow."""
    height, width = pixels.shape[:2]
    left, right = (min(max(round(x * scale), 0), width) for x in (box.left - 1, box.right + 1))
    top, bottom = (min(max(round(y * scale), 0), height) for y in (box.top, box.bottom))
    stretch = pixels[top:bottom, left:right]
    stretch[:] = np.minimum(stretch, np.array(_MARKER, dtype=np.uint8))
    pixels[max(bottom - 2, top) : bottom, left:right] = _EDGE
