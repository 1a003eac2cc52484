"""Place the lines that were recognised on page images (OCR) on their pages, as if the file had their text.

Recognition gives boxes but no type: the size is estimated from the heights of lines and the widths of letters and
strokes, bold type from the width of strokes. Sizes near that of most of the text are made equal to it, and similar
sizes to each other, so that differences between lines in one type are not differences in style.
"""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, pairwise
from statistics import median

from corpus.processes import Json
from corpus.readers.pdf.extraction.directions import Flow
from corpus.readers.pdf.extraction.document import PdfFile, PdfPage
from corpus.readers.pdf.extraction.glyphs import WIDE_LETTER, Glyph, group_spans
from corpus.readers.pdf.paragraphs import ComposedText
from corpus.records import RecognizedWord

_MIN_CONFIDENCE = 0.3
"""A word below this confidence is a guess about a picture."""
_BOX_HEIGHT, _FLAT_BOX_HEIGHT = 1.11, 1.0
"""Ems of the box of a line, measured on fonts with and without serifs, and of a line without descenders."""
_DESCENDER = re.compile(rf"[gjpqyQJ,;()\[\]{{}}|/@]|{WIDE_LETTER.pattern}")
_NARROW, _BROAD = frozenset("fijlrtI1.,:;'’‘|!()[]-"), frozenset("mwMW@%—…")
_NARROW_WIDTH, _BROAD_WIDTH, _CAPITAL_WIDTH, _WIDTH = 0.3, 0.8, 0.66, 0.47
"""Ems of letters, as in common fonts."""
_MIN_LETTERS = 8
"""Minimum letters of a line whose widths indicate the type size."""
_SAME_SIZE, _SIMILAR_SIZE, _CHANCE = 0.11, 0.09, 0.15
"""Shares by which a size may differ from the body's, and the mean sizes of two groups of lines in one style: estimates
vary by 6 %, and those of groups of few letters by more, `_CHANCE` divided by the root of their number."""
_GROUP_STEP = 0.01
"""Step of the logarithm of sizes within which lines are in one group from the beginning."""
_HEIGHT_WEIGHT, _STROKE_WEIGHT = 8, 12
"""Weights of the sizes by height and by stroke width; that by the widths of letters weighs as much as their number."""
_UNCERTAIN_SIZE, _SAME_STROKE = 0.35, 0.12
"""Shares by which the size of a line in strokes like the body's, and its stroke width, may differ from the body's."""
_BOLD_STROKE = 1.25
"""Multiple of the usual stroke width of bold type."""
_SIZE_STEP = 0.5
_LINE_DISTANCE = 1.6
"""Maximum ems between the lines of a heading."""
_ALIGNED = 0.5
"""Ems between the left edges of lines that begin at the same edge."""
_MIDDLE = 0.35
"""Ems from the baseline to the middle of a line."""


@dataclass(slots=True)
class RecognizedPage:
    """The recognised words of a page with their boxes as displayed, and for each glyph the position of its word."""

    words: list[RecognizedWord] = field(default_factory=list)
    word_of: array[int] = field(default_factory=lambda: array("i"))


@dataclass(slots=True)
class _Line:
    """A line in points on the level page; `words` hold text, confidence, left, right and whether a space precedes."""

    words: list[tuple[str, float, float, float, bool]]
    left: float
    top: float
    bottom: float
    stroke: float
    size: float = 0.0
    bold: bool = False

    @property
    def letters(self) -> int:
        return sum(len(text) for text, *_ in self.words)

    @property
    def height_size(self) -> float:
        """The size by the height of the box."""
        descends = any(_DESCENDER.search(text) for text, *_ in self.words)
        return max(_SIZE_STEP, (self.bottom - self.top) / (_BOX_HEIGHT if descends else _FLAT_BOX_HEIGHT))

    @property
    def letter_size(self) -> float | None:
        """The size by the widths of the letters; None if there are too few."""
        if self.letters < _MIN_LETTERS:
            return None
        drawn = sum(right - left for _, _, left, right, _ in self.words)
        return max(_SIZE_STEP, drawn / sum(map(_width, "".join(text for text, *_ in self.words))))


def place_pages(file: PdfFile, recognized: Mapping[int, Json]) -> dict[int, RecognizedPage]:
    """Give the pages of a file the text that was recognised on them.

    Args:
        file: Its pages are changed.
        recognized: By page number, what `page_cache.recognize_page` returned.

    Returns:
        The words of each of these pages.
    """
    lines = {number: list(_read_lines(page)) for number, page in recognized.items()}
    _estimate_styles([line for page in lines.values() for line in page])
    for page_lines in lines.values():
        _level_continuations(page_lines)
        _align(page_lines)
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
            yield _Line(words, words[0][2], line["top"] / scale, line["bottom"] / scale, line["stroke"] / scale)


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
    heights = [line.height_size for line in lines]
    weights = [line.stroke / height for line, height in zip(lines, heights, strict=True)]
    usual_weight = _weighted_median((weight, line.letters) for weight, line in zip(weights, lines, strict=True))
    bold = [weight >= _BOLD_STROKE * usual_weight for weight in weights]
    for is_bold in (False, True):
        _estimate_sizes([line for line, line_is_bold in zip(lines, bold, strict=True) if line_is_bold == is_bold])
    body = _weighted_median((line.size, line.letters) for line in lines)
    stroke = _weighted_median((line.stroke, line.letters) for line in lines)
    others: dict[bool, list[_Line]] = {False: [], True: []}
    for line, height, is_bold in zip(lines, heights, bold, strict=True):
        # justified lines have wider spaces, and short ones uncertain heights, but larger type has thicker strokes
        is_body = abs(line.size / body - 1) <= _SAME_SIZE
        if abs(line.stroke - stroke) <= _SAME_STROKE * stroke:
            is_body = abs(line.size / body - 1) <= _UNCERTAIN_SIZE or abs(height / body - 1) <= _SAME_SIZE
        if is_body and not is_bold:
            line.size = body
        else:
            others[is_bold].append(line)
    for size, group in chain.from_iterable(map(_similar, others.values())):
        for line in group:
            line.size = body if abs(size / body - 1) <= _SAME_SIZE else size
    for line in lines:
        line.bold = line.stroke / line.size >= _BOLD_STROKE * stroke / body
        line.size = max(_SIZE_STEP, round(line.size / _SIZE_STEP) * _SIZE_STEP)


def _estimate_sizes(lines: Sequence[_Line]) -> None:
    """Set the sizes of lines of one weight: the mean by height, width of letters and width of strokes.

    How wide letters and strokes are depends on the font, so that only the differences between lines count.
    """
    widths = [line.letter_size for line in lines]
    wide = [size / line.height_size for line, size in zip(lines, widths, strict=True) if size is not None]
    usual_width = median(wide) if wide else 1.0
    usual_stroke = median(line.stroke / line.height_size for line in lines) if lines else 1.0
    for line, width in zip(lines, widths, strict=True):
        estimates = [(_HEIGHT_WEIGHT, line.height_size)]
        if width is not None:
            estimates.append((line.letters, width / usual_width))
        if line.stroke and usual_stroke:
            estimates.append((_STROKE_WEIGHT, line.stroke / usual_stroke))
        total = sum(weight for weight, _ in estimates)
        line.size = math.exp(sum(weight * math.log(size) for weight, size in estimates) / total)


def _level_continuations(lines: Sequence[_Line]) -> None:
    """Give a short last line of a bold heading, whose size is uncertain, the size of the line above it."""
    for above, line in pairwise(lines):
        if (
            line.letters < 2 * _MIN_LETTERS
            and above.bold
            and line.bold
            and abs(line.size / above.size - 1) <= _UNCERTAIN_SIZE
            and 0 < line.top - above.top <= _LINE_DISTANCE * above.size
        ):
            line.size = above.size


def _align(lines: Sequence[_Line]) -> None:
    """Give lines that begin at nearly the same edge the same edge: that of a box varies by some pixels."""
    edges = [line.left for line in lines]
    for line in lines:
        line.left = median(edge for edge in edges if abs(edge - line.left) <= _ALIGNED * line.size)


def _similar(lines: Iterable[_Line]) -> list[tuple[float, list[_Line]]]:
    """Group lines by size, joining the nearest groups first, and return the mean size of each group with its lines."""
    by_step: dict[int, list[_Line]] = {}
    for line in lines:
        by_step.setdefault(round(math.log(line.size) / _GROUP_STEP), []).append(line)
    groups = [(_mean_size(by_step[step]), by_step[step]) for step in sorted(by_step)]
    while len(groups) > 1:
        distances = [_distance(*beside) for beside in pairwise(groups)]
        nearest = min(range(len(distances)), key=distances.__getitem__)
        if distances[nearest] > 1:
            break
        joined = groups[nearest][1] + groups[nearest + 1][1]
        groups[nearest : nearest + 2] = [(_mean_size(joined), joined)]
    return groups


def _distance(group: tuple[float, list[_Line]], larger: tuple[float, list[_Line]]) -> float:
    """Return the difference of two groups' sizes, as a multiple of that expected by chance for their letters."""
    letters = min(sum(line.letters for line in lines) for _, lines in (group, larger))
    return (larger[0] / group[0] - 1) / (_SIMILAR_SIZE + _CHANCE / math.sqrt(letters))


def _mean_size(lines: Sequence[_Line]) -> float:
    return sum(line.size * line.letters for line in lines) / sum(line.letters for line in lines)


def _weighted_median(values: Iterable[tuple[float, int]]) -> float:
    ordered = sorted(values)
    left = sum(weight for _, weight in ordered) / 2
    for value, weight in ordered:
        left -= weight
        if left <= 0:
            return value
    return 1.0


def _place(page: PdfPage, image: Json, lines: Sequence[_Line]) -> RecognizedPage:
    placed = RecognizedPage()
    spans = []
    for line in lines:
        glyphs: list[Glyph] = []
        baseline = (line.top + line.bottom) / 2 + _MIDDLE * line.size
        top, bottom = baseline - 0.9 * line.size, baseline + 0.2 * line.size
        for place, (text, confidence, left, right, space) in enumerate(line.words):
            box = _displayed_box(image, left, line.top, right, line.bottom)
            placed.words.append(RecognizedWord(0, len(text), page.number, *box, round(confidence, 3)))
            begin = left if place else min(line.left, right)
            step = (right - begin) / len(text)
            for at, letter in enumerate(text):
                edges = (begin + at * step, top, begin + (at + 1) * step, bottom)
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
