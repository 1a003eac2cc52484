"""The characters of a PDF file's pages, each with its box, size and style, as PDFium gives them.

A page of PDFium's in, glyphs out. Coordinates are points of the page as it is shown, from its upper left corner.
Nothing is known here of lines, columns or headings.
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections.abc import Iterator
from typing import Any, NamedTuple

_BOLD_NAME = re.compile(r"bold|black|heavy|semibold|demi|CMBX|SFBX|-[BM]d\b|W[6-9]\b", re.IGNORECASE)
_ITALIC_NAME = re.compile(r"italic|oblique|CMTI|SFTI", re.IGNORECASE)
_BOLD_WEIGHT = 600
# Forms that stand for other letters: ligatures, Arabic shapes, radicals. Text is searched by the letters.
_FORMS = re.compile("[\u2e80-\u2fdf\ufb00-\ufdff\ufe70-\ufefc]")


class Glyph(NamedTuple):
    """One character as shown; `space` says that white space stands before it, `number` is PDFium's."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    baseline: float
    size: float
    bold: bool
    italic: bool
    space: bool
    number: int


class Turn:
    """From PDFium's page space (from below, before the page's rotation) to the page as shown (from above)."""

    def __init__(self, page: Any) -> None:
        self._rotation = page.get_rotation() // 90 % 4
        width, height = page.get_size()
        left, bottom, right, top = page.get_bbox()
        if self._rotation % 2:
            width, height = height, width
        self._left, self._top = left, top if top > bottom else height
        self._right, self._bottom = right, bottom

    @property
    def quarter(self) -> int:
        """How many quarters of a turn, clockwise, the page is shown rotated by: 0 to 3."""
        return int(self._rotation)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of PDFium's page space is on the page as shown, both in points (1/72 inch)."""
        if self._rotation == 0:
            return x - self._left, self._top - y
        if self._rotation == 1:
            return y - self._bottom, x - self._left
        if self._rotation == 2:
            return self._right - x, y - self._bottom
        return self._top - y, self._right - x


def turned(glyph: Glyph, quarter: int, width: float, height: float) -> Glyph:
    """A glyph of a page whose text runs downwards (1), upside down (2) or upwards (3), as if one turned the page."""
    left, top, right, bottom = glyph.left, glyph.top, glyph.right, glyph.bottom
    if quarter == 3:
        left, top, right, bottom = height - bottom, left, height - top, right
    elif quarter == 2:
        left, top, right, bottom = width - right, height - bottom, width - left, height - top
    else:
        left, top, right, bottom = top, width - right, bottom, width - left
    return glyph._replace(left=left, top=top, right=right, bottom=bottom, baseline=bottom)


class _Style(NamedTuple):
    size: float
    bold: bool
    italic: bool
    quarter: int


def glyphs_of(text: Any, turn: Turn) -> Iterator[tuple[Glyph, int]]:
    """The characters of a text page in the order of the file, each with the way it runs: 0 to the right, 1 down, ..."""
    from pypdfium2 import raw

    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    styles: dict[int | None, _Style] = {}
    style = _Style(1.0, False, False, 0)
    space = False
    high: str | None = None
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, index)
        if code in (9, 10, 13, 32, 160) or 0x2000 <= code <= 0x200B or code == 0x3000:
            space = True
            continue
        character = _character(code)
        if 0xD800 <= code < 0xDC00:
            high = chr(code)
            continue
        if high is not None and 0xDC00 <= code < 0xE000:
            character = (high + chr(code)).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        high = None
        if not character:
            continue
        thing = raw.FPDFText_GetTextObject(text, index)
        key = ctypes.addressof(thing.contents) if thing else None
        if key is not None:
            if key not in styles:
                styles[key] = _style(text, index, thing, turn)
            style = styles[key]
        raw.FPDFText_GetLooseCharBox(text, index, box)
        raw.FPDFText_GetCharOrigin(text, index, x, y)
        x0, y0 = turn.point(box.left, box.top)
        x1, y1 = turn.point(box.right, box.bottom)
        baseline = turn.point(x.value, y.value)[1]
        numbers = (x0, y0, x1, y1, baseline)
        if not all(map(math.isfinite, numbers)):
            continue
        yield (
            Glyph(
                character,
                min(x0, x1),
                min(y0, y1),
                max(x0, x1),
                max(y0, y1),
                baseline,
                style.size,
                style.bold,
                style.italic,
                space,
                index,
            ),
            style.quarter,
        )
        space = False


def _character(code: int) -> str:
    """The text of a code; "" for what is no character. PDFium gives U+0002 for a hyphen that ends a line."""
    if code in (2, 0xAD, 0xFFFE):
        return "-"
    if code < 32 or 0x7F <= code < 0xA0 or code in (0xFFFF, 0xFEFF) or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return ""
    if 0x200C <= code <= 0x200F or 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069:
        return ""
    character = chr(code)
    return unicodedata.normalize("NFKC", character).strip() if _FORMS.match(character) else character


def _style(text: Any, index: int, thing: Any, turn: Turn) -> _Style:
    from pypdfium2 import raw

    matrix = raw.FS_MATRIX()
    scale = 1.0
    if raw.FPDFText_GetMatrix(text, index, matrix):
        scale = math.hypot(matrix.c, matrix.d) or 1.0
    size = raw.FPDFText_GetFontSize(text, index) * scale
    if not math.isfinite(size) or size <= 0:
        size = 1.0
    font = raw.FPDFTextObj_GetFont(thing)
    name = ""
    weight = 0
    if font:
        length = raw.FPDFFont_GetBaseFontName(font, None, 0)
        buffer = ctypes.create_string_buffer(max(1, min(length, 4096)))
        raw.FPDFFont_GetBaseFontName(font, buffer, len(buffer))
        name = buffer.value.decode("utf-8", "replace")
        weight = raw.FPDFFont_GetWeight(font)
    angle = raw.FPDFText_GetCharAngle(text, index)
    quarter = round(angle / (math.pi / 2)) if math.isfinite(angle) and angle >= 0 else 0
    # Some fonts that are bold give a weight of 0 or 250; their names say it.
    bold = weight >= _BOLD_WEIGHT or _BOLD_NAME.search(name) is not None
    # Both turn clockwise: text that runs down on a page that is shown turned back is upright.
    return _Style(size, bold, _ITALIC_NAME.search(name) is not None, (quarter + turn.quarter) % 4)
