"""What is drawn on a page besides text: rules, frames, the bullets of lists, and whether there are images."""

from __future__ import annotations

import ctypes
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, NamedTuple

from corpus.readers.pdf.extraction.directions import turn_box
from corpus.readers.pdf.extraction.glyphs import Glyph, PageTransform, Span

_MAX_DRAWN, _MAX_FRAMES = 3000, 40
"""Drawn objects that are examined on a page, and frames that are kept: drawings have many times more."""
_RECTANGLE, _MAX_SEGMENTS = 6, 1000
"""Segments of a path from which on it is more than a rectangle, and of one that is examined; drawings have more."""
_STRAIGHT, _SAME_PLACE = 0.1, 3.0
"""Points by which a horizontal or vertical line may be slanted, and by which the bounds of a path include its width."""
_MAX_SIDES = 400
"""Vertical lines of a page with tables; drawings and hatched areas have more."""
_MIN_RULE_LENGTH, _MIN_SIDE_LENGTH, _MAX_RULE_THICKNESS = 15.0, 6.0, 3.0
_MIN_FRAME_WIDTH, _MIN_FRAME_HEIGHT = 80.0, 36.0
_MIN_DOT, _MAX_DOT, _MIN_DOTS = 1.5, 8.0, 2
"""Width and height in points of a drawn bullet, and bullets at one edge of a page: browsers draw them."""
_MIN_DOT_GAP, _MAX_DOT_GAP, _MAX_DOT_HEIGHT = 0.2, 2.0, 0.8
"""Ems from a drawn bullet to its line, and from the line's baseline up to its top."""


class Rule(NamedTuple):
    """A horizontal line drawn on a page: in a table, under a heading, above footnotes."""

    left: float
    right: float
    height: float


class Side(NamedTuple):
    """A vertical line drawn on a page, for instance between cells."""

    across: float
    top: float
    bottom: float


class Frame(NamedTuple):
    """A rectangle drawn on a page, with or without a background."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def area(self) -> float:
        return (self.right - self.left) * (self.bottom - self.top)


_LARGE = 0.5
"""Minimum area of a path whose clipping is looked up, as a share of the page."""


@dataclass(slots=True)
class Drawings:
    """What is drawn; `images` is the sum of the shares of the page that they cover.

    A turned page has only these and `paths`.
    """

    rules: list[Rule] = field(default_factory=list)
    sides: list[Side] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    bullets: list[Frame] = field(default_factory=list)
    images: float = 0.0
    paths: int = 0


def read_drawings(page: Any, transform: PageTransform) -> Drawings:
    """Return the drawings of a `pypdfium2.PdfPage`."""
    from pypdfium2 import raw

    kinds = [raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH]
    page_width, page_height = page.get_size()
    result = Drawings()
    rules: list[Rule] = []
    sides: list[Side] = []
    frames: set[Frame] = set()
    dots: list[Frame] = []
    for drawn in islice(page.get_objects(filter=kinds, max_depth=3), _MAX_DRAWN):
        x0, y0, x1, y1 = drawn.get_bounds()
        if drawn.type == raw.FPDF_PAGEOBJ_IMAGE:
            result.images += max(0.0, (x1 - x0) * (y1 - y0)) / max(1.0, page_width * page_height)
            continue
        result.paths += 1
        if (x1 - x0) * (y1 - y0) > _LARGE * page_width * page_height:
            x0, y0, x1, y1 = _clipped(drawn, (x0, y0, x1, y1))
        for box in [] if transform.quarter_turns else _straight_lines(drawn, (x0, y0, x1, y1)) or [(x0, y0, x1, y1)]:
            (left, top), (right, bottom) = transform.point(box[0], box[3]), transform.point(box[2], box[1])
            width, height = right - left, bottom - top
            if width >= _MIN_FRAME_WIDTH and height >= _MIN_FRAME_HEIGHT:
                frames.add(Frame(left, top, right, bottom))
            if width >= _MIN_RULE_LENGTH:
                heights = [(top + bottom) / 2] if height < _MAX_RULE_THICKNESS else [top, bottom]
                rules += [Rule(left, right, height) for height in heights]
            if height >= _MIN_SIDE_LENGTH:
                edges = [(left + right) / 2] if width < _MAX_RULE_THICKNESS else [left, right]
                sides += [Side(across, top, bottom) for across in edges]
            if min(width, height) >= _MIN_DOT and max(width, height) <= _MAX_DOT:
                dots.append(Frame(left, top, right, bottom))
    lefts = sorted(dot.left for dot in dots)
    result.bullets = [
        dot for dot in dots if bisect_left(lefts, dot.left + 1) - bisect_right(lefts, dot.left - 1) >= _MIN_DOTS
    ]
    result.rules = _join_rules(rules)
    joined = _join_rules([Rule(side.top, side.bottom, side.across) for side in sides])
    if len(joined) <= _MAX_SIDES:
        result.sides = [Side(rule.height, rule.left, rule.right) for rule in joined]
    result.frames = sorted(frames, key=lambda frame: (-frame.area, frame))[:_MAX_FRAMES]
    return result


def _clipped(path: Any, bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Return the bounds of what shows of a path: some programs fill a box by filling the page through its outline."""
    from pypdfium2 import raw

    clip = raw.FPDFPageObj_GetClipPath(path)
    x, y = ctypes.c_float(), ctypes.c_float()
    left, bottom, right, top = bounds
    for outline in range(max(0, raw.FPDFClipPath_CountPaths(clip)) if clip else 0):
        count = raw.FPDFClipPath_CountPathSegments(clip, outline)
        if not 0 < count <= _MAX_SEGMENTS:
            continue
        points = []
        for number in range(count):
            raw.FPDFPathSegment_GetPoint(raw.FPDFClipPath_GetPathSegment(clip, outline, number), x, y)
            points.append((x.value, y.value))
        (left_clip, right_clip), (bottom_clip, top_clip) = (
            (min(values), max(values)) for values in zip(*points, strict=True)
        )
        left, right = max(left, left_clip), min(right, right_clip)
        bottom, top = max(bottom, bottom_clip), min(top, top_clip)
    return (left, bottom, right, top) if left < right and bottom < top else bounds


def _straight_lines(path: Any, bounds: tuple[float, float, float, float]) -> list[tuple[float, float, float, float]]:
    """Return the lines of a path that is more than a rectangle and has only horizontal and vertical ones, as boxes.

    Many programs draw all rules of a table as one path. The result is empty for other paths.
    """
    from pypdfium2 import raw

    count = raw.FPDFPath_CountSegments(path)
    matrix = raw.FS_MATRIX()
    if not _RECTANGLE <= count <= _MAX_SEGMENTS or not raw.FPDFPageObj_GetMatrix(path, matrix):
        return []
    x, y = ctypes.c_float(), ctypes.c_float()
    boxes: list[tuple[float, float, float, float]] = []
    start = last = 0.0, 0.0
    for number in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, number)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind != raw.FPDF_SEGMENT_LINETO:
            return []
        ends = [(last, point)] if kind == raw.FPDF_SEGMENT_LINETO else []
        ends += [(point, start)] if raw.FPDFPathSegment_GetClose(segment) else []
        for (x0, y0), (x1, y1) in ends:
            if min(abs(x1 - x0), abs(y1 - y0)) > _STRAIGHT:
                return []
            boxes.append((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
        last = point
    if not boxes:
        return []
    left, bottom, right, top = zip(*boxes, strict=True)
    extent = min(left), min(bottom), max(right), max(top)
    is_in_place = all(abs(a - b) <= _SAME_PLACE for a, b in zip(extent, bounds, strict=True))
    return boxes if is_in_place else []  # the matrix of a form that holds the path does not count here


def _join_rules(rules: list[Rule]) -> list[Rule]:
    """Join rules that touch end to end, such as the borders of table cells."""
    joined: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: (round(rule.height / _MAX_RULE_THICKNESS), rule.left)):
        last = joined[-1] if joined else None
        touches = last is not None and rule.left <= last.right + _MAX_RULE_THICKNESS
        if last is not None and touches and abs(last.height - rule.height) < _MAX_RULE_THICKNESS:
            joined[-1] = last._replace(right=max(last.right, rule.right))
        else:
            joined.append(rule)
    return joined


def turn_lines(
    rules: Sequence[Rule], sides: Sequence[Side], quarter_turns: int, width: float, height: float
) -> tuple[list[Rule], list[Side]]:
    """Return the lines of a page as if it were turned to read its text; see `directions.turn_box`."""
    boxes = [(rule.left, rule.height, rule.right, rule.height) for rule in rules]
    boxes += [(side.across, side.top, side.across, side.bottom) for side in sides]
    turned = [turn_box(box, quarter_turns, width, height) for box in boxes]
    return (
        [Rule(left, right, top) for left, top, right, bottom in turned if top == bottom],
        [Side(left, top, bottom) for left, top, right, bottom in turned if left == right],
    )


def add_bullets(spans: Sequence[Span], bullets: Sequence[Frame]) -> None:
    """Write "•" at the beginning of the spans that have a drawn bullet on their left."""
    for bullet in bullets:
        for span in spans:
            gap = (span.left - bullet.right) / span.size
            rise = (span.baseline - bullet.top) / span.size
            level = bullet.bottom <= span.baseline + 1 and rise <= _MAX_DOT_HEIGHT
            if level and _MIN_DOT_GAP <= gap <= _MAX_DOT_GAP:
                span.text, span.sources, span.left = f"• {span.text}", array("i", [-1, -1]) + span.sources, bullet.left
                break


def split_spans(spans: list[Span], sides: Sequence[Side], glyphs: Mapping[int, Glyph]) -> None:
    """Split spans where a vertical line is drawn between two of their letters."""
    for position in range(len(spans) - 1, -1, -1):
        span = spans[position]
        parts: list[Span] = []
        for side in sorted(side for side in sides if span.left < side.across < span.right):
            middle = span.baseline - 0.3 * span.size
            if not side.top <= middle <= side.bottom:
                continue
            end = next(
                (
                    at
                    for at, number in enumerate(span.sources)
                    if number >= 0 and glyphs[number].left >= side.across - 1
                ),
                len(span.text),
            )
            start = len(span.text[:end].rstrip())
            before = [glyphs[number] for number in span.sources[:start] if number >= 0]
            after = [glyphs[number] for number in span.sources[end:] if number >= 0]
            if before and after and max(glyph.right for glyph in before) <= side.across + 1:
                parts.append(
                    replace(
                        span, text=span.text[:start], sources=span.sources[:start], right=max(g.right for g in before)
                    )
                )
                span = replace(span, text=span.text[end:], sources=span.sources[end:], left=min(g.left for g in after))
        if parts:
            spans[position : position + 1] = [*parts, span]
