"""Place the lines that were recognised on page images (OCR) on their pages, as if the file had their text.

Recognition gives boxes but no type: the size is estimated from the heights of lines and the widths of letters, bold
type from the width of strokes. Sizes near that of most of the text are made equal to it, and similar sizes to each
other, so that differences between lines in one type are no differences in style.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from corpus.processes import Json
from corpus.readers.pdf.extraction.directions import Flow
from corpus.readers.pdf.extraction.document import Page, PdfFile
from corpus.readers.pdf.extraction.glyphs import WIDE_LETTER, Glyph, group_spans
from corpus.readers.pdf.paragraphs import ComposedText
from corpus.records import RecognizedWord

_MIN_CONFIDENCE = 0.3
"""A word below this confidence is a guess about a picture."""
_BOX_HEIGHT = 1.11
"""Ems of the box of a line, measured on fonts with and without serifs."""
_NARROW, _BROAD = frozenset("fijlrtI1.,:;'’‘|!()[]-"), frozenset("mwMW@%—…")
_NARROW_WIDTH, _BROAD_WIDTH, _CAPITAL_WIDTH, _WIDTH = 0.3, 0.8, 0.66, 0.47
"""Ems of letters, as in common fonts."""
_MIN_LETTERS = 8
"""Minimum letters of a line whose widths indicate the type size."""
_SAME_SIZE, _SIMILAR_SIZE = 0.11, 0.07
"""Shares by which a size may differ from the body's, and from the others of a style: estimates vary by 6 %."""
_BOLD_STROKE = 1.25
"""Multiple of the usual stroke width of bold type."""
_SIZE_STEP = 0.5
_MIDDLE = 0.35
"""Ems from the baseline to the middle of a line."""


@dataclass(slots=True)
class RecognizedPage:
    """The words of a page with their boxes as displayed, and the position among them of the word of each glyph."""

    words: list[RecognizedWord] = field(default_factory=list)
    word_of: array[int] = field(default_factory=lambda: array("i"))


@dataclass(slots=True)
class _Line:
    """A line in points on the level page; `words` hold text, confidence, left, right and whether a space precedes."""

    words: list[tuple[str, float, float, float, bool]]
    top: float
    bottom: float
    stroke: float
    size: float = 0.0
    bold: bool = False

    @property
    def letters(self) -> int:
        return sum(len(text) for text, *_ in self.words)

    @property
    def letter_size(self) -> float | None:
        """The size by the widths of the letters; None if there are too few."""
        if self.letters < _MIN_LETTERS:
            return None
        drawn = sum(right - left for _, _, left, right, _ in self.words)
        return drawn / sum(map(_width, "".join(text for text, *_ in self.words)))


def place_pages(file: PdfFile, recognized: Mapping[int, Json]) -> dict[int, RecognizedPage]:
    """Give the pages of a file the text that was recognised on them.

    Args:
        file: Its pages are changed.
        recognized: By page number, what `recognition.recognize_page` returned.

    Returns:
        The words of each of these pages.
    """
    lines = {number: list(_read_lines(page)) for number, page in recognized.items()}
    _estimate_styles([line for page in lines.values() for line in page])
    pages = {page.number: page for page in file.pages}
    return {number: _place(pages[number], recognized[number], lines[number]) for number in sorted(lines)}


def locate_words(composed: ComposedText, placed: Mapping[int, RecognizedPage]) -> Iterator[RecognizedWord]:
    """Yield the recognised words of a text, with their place in it."""
    begin, word = 0, None
    for offset, (number, glyph) in enumerate(zip(composed.on_page, composed.glyphs, strict=True)):
        page = placed.get(number)
        following = page.words[page.word_of[glyph]] if page is not None and glyph >= 0 else None
        if following is not word:
            if word is not None:
                yield replace(word, start=begin, end=offset)
            begin, word = offset, following
    if word is not None:
        yield replace(word, start=begin, end=len(composed.glyphs))


def _read_lines(page: Json) -> Iterator[_Line]:
    scale = page["scale"]
    for line in page["lines"]:
        words = [
            (text, confidence, left / scale, right / scale, space)
            for text, confidence, left, right, space in line.get("words", ())
            if confidence >= _MIN_CONFIDENCE
        ]
        if words:
            yield _Line(words, line["top"] / scale, line["bottom"] / scale, line["stroke"] / scale)


def _width(letter: str) -> float:
    if WIDE_LETTER.match(letter):
        return 1.0
    if letter in _NARROW:
        return _NARROW_WIDTH
    if letter in _BROAD:
        return _BROAD_WIDTH
    return _CAPITAL_WIDTH if letter.isupper() else _WIDTH


def _estimate_styles(lines: Sequence[_Line]) -> None:
    """Set the size of each line and whether it is bold."""
    heights = [(line.bottom - line.top) / _BOX_HEIGHT for line in lines]
    # How wide the letters are depends on the font: only the differences between lines count.
    ratios = [size / height for line, height in zip(lines, heights, strict=True) if (size := line.letter_size)]
    usual = median(ratios) if ratios else 1.0
    for line, height in zip(lines, heights, strict=True):
        size = line.letter_size
        line.size = height if size is None else math.sqrt(height * size / usual)
    body = _weighted_median((line.size, line.letters) for line in lines)
    others = [line for line in lines if abs(line.size / body - 1) > _SAME_SIZE]
    for line in lines:
        line.size = body if abs(line.size / body - 1) <= _SAME_SIZE else line.size
    for group in _similar(sorted(others, key=lambda line: line.size)):
        size = _weighted_median((line.size, line.letters) for line in group)
        for line in group:
            line.size = size
    stroke = _weighted_median((line.stroke / line.size, line.letters) for line in lines)
    for line in lines:
        line.bold = line.stroke / line.size >= _BOLD_STROKE * stroke
        line.size = max(_SIZE_STEP, round(line.size / _SIZE_STEP) * _SIZE_STEP)


def _similar(lines: Iterable[_Line]) -> list[list[_Line]]:
    """Group lines, sorted by size, so that the sizes of a group differ by a small share."""
    groups: list[list[_Line]] = []
    for line in lines:
        if groups and line.size <= groups[-1][0].size * (1 + 2 * _SIMILAR_SIZE):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _weighted_median(values: Iterable[tuple[float, int]]) -> float:
    ordered = sorted(values)
    left = sum(weight for _, weight in ordered) / 2
    for value, weight in ordered:
        left -= weight
        if left <= 0:
            return value
    return 1.0


def _place(page: Page, image: Json, lines: Sequence[_Line]) -> RecognizedPage:
    placed = RecognizedPage()
    spans = []
    for line in lines:
        glyphs: list[Glyph] = []
        baseline = (line.top + line.bottom) / 2 + _MIDDLE * line.size
        top, bottom = baseline - 0.9 * line.size, baseline + 0.2 * line.size
        for text, confidence, left, right, space in line.words:
            box = _displayed_box(image, left, line.top, right, line.bottom)
            placed.words.append(RecognizedWord(0, len(text), page.number, *box, round(confidence, 3)))
            step = (right - left) / len(text)
            for at, letter in enumerate(text):
                edges = (left + at * step, top, left + (at + 1) * step, bottom)
                number = len(placed.word_of)
                style = (baseline, line.size, line.bold, False)
                glyphs.append(Glyph(letter, *edges, *style, space and not at, number))
                placed.word_of.append(len(placed.words) - 1)
        spans += group_spans(glyphs)
    page.images, page.paths, page.rules, page.sides, page.frames = 0.0, 0, [], [], []  # what they show was recognised
    extent = image["width"] / image["scale"], image["height"] / image["scale"]
    page.flows = [Flow(spans, *extent)] if spans else []
    page.legible = True
    return placed


def _displayed_box(
    image: Json, left: float, top: float, right: float, bottom: float
) -> tuple[float, float, float, float]:
    """Return the box around a box of the level page on the page as displayed, both in points."""
    # Pillow turns a page by an angle about its middle.
    angle = -math.radians(image["angle"])
    width, height = image["width"] / image["scale"], image["height"] / image["scale"]
    corners = []
    for x, y in ((x - width / 2, y - height / 2) for x in (left, right) for y in (top, bottom)):
        x, y = math.cos(angle) * x + math.sin(angle) * y, math.cos(angle) * y - math.sin(angle) * x
        corners.append((x + width / 2, y + height / 2))
    for _ in range(image["quarter_turns"]):
        corners = [(y, width - x) for x, y in corners]
        width, height = height, width
    horizontal, vertical = zip(*corners, strict=True)
    return (
        round(min(horizontal), 1),
        round(min(vertical), 1),
        round(max(horizontal), 1),
        round(max(vertical), 1),
    )
