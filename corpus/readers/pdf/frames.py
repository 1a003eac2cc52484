"""Text in frames drawn on a page, such as columns and special features beside the running text.

A frame with a title becomes an inset; its text is read apart from the columns around it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from corpus.readers.pdf.extraction.document import PdfPage
from corpus.readers.pdf.extraction.drawings import Frame, Rule
from corpus.readers.pdf.extraction.glyphs import Span
from corpus.readers.pdf.ruled_tables import RuledRow
from corpus.readers.pdf.text_lines import PdfLine, most_common_size, order_lines
from corpus.structure.text_tables import is_value

_MIN_LETTERS = 150
_MAX_PAGE_SHARE = 0.9
"""A frame that is wider or higher is the background of the page."""
_MAX_ROW_SHARE, _MIN_MEDIAN_LENGTH = 0.4, 15
"""More lines of several spans, or shorter lines, are a table or the labels of a picture."""
_MIN_BOX_LINES, _MIN_PROSE, _SAME = 2, 25, 2.0
"""Lines of a small frame and of the prose beside it, letters of a line of prose, and points that corners differ by."""
_MAX_BAR_HEIGHT = 5.0
"""Maximum height of the bar above a frame that holds its title, in ems: three lines."""
_MAX_TITLE_LENGTH, _TITLE_SIZE = 200, 1.04
"""Characters of a title, and its size as a multiple of the body's unless it is bold."""


def order_lines_with_frames(
    page: PdfPage, spans: Sequence[Span], first_inset: int, usual_gutter: float | None = None
) -> list[PdfLine]:
    """Return the lines of a page in reading order; those in frames get inset numbers from `first_inset` on."""
    framed: list[tuple[Frame, list[PdfLine]]] = []
    outside = list(spans)
    frames = [_with_title_bar(page, frame, spans) for frame in (*page.frames, *_boxes(page))]
    for frame in sorted(frames, key=lambda frame: -frame.area):
        inside = [span for span in outside if _is_inside(span, frame)]
        if lines := _read_frame(page, frame, inside) or _read_box(page, inside, outside):
            framed.append((frame, lines))
            identities = {id(span) for span in inside}
            outside = [span for span in outside if id(span) not in identities]
    lines = order_lines(page.number, outside, page.rules, usual_gutter)
    drawn = [frame for frame in page.frames if not _is_background(page, frame)]
    for line in lines:
        line.frame = next((frame for frame in drawn if all(_is_inside(span, frame) for span in line.spans)), None)
    framed.sort(key=lambda item: (item[0].top, item[0].left))
    for inset, (frame, frame_lines) in enumerate(framed, first_inset):
        position = _find_position(lines, frame)
        shift = 1 + max((line.block for line in lines), default=0)  # block numbers stay unique
        for line in frame_lines:
            line.inset, line.frame = inset, frame
            line.block += shift
        lines[position:position] = frame_lines
    return lines


def is_title(line: PdfLine, size: float) -> bool:
    """Return whether the first line of a frame is its title: bold, or larger than the body's `size` in points."""
    return len(line.text) <= _MAX_TITLE_LENGTH and (line.bold or line.size > _TITLE_SIZE * size)


def _with_title_bar(page: PdfPage, frame: Frame, spans: Sequence[Span]) -> Frame:
    """Extend a frame by the bar above it: a few lines in bold or larger type up to a rule or a frame of its width."""
    edges = [rule.height for rule in page.rules if _have_same_sides(rule, frame)]
    edges += [other.top for other in page.frames if _have_same_sides(other, frame)]
    text = [span for span in spans if _is_inside(span, frame)]
    if not text:
        return frame
    size = most_common_size(text)
    for top in sorted((edge for edge in edges if edge < frame.top - _SAME), reverse=True):
        bar = [span for span in spans if _is_inside(span, Frame(frame.left, top, frame.right, frame.top))]
        if frame.top - top > _MAX_BAR_HEIGHT * size or any(not (span.bold or span.size > size) for span in bar):
            break
        if any(sum(map(str.isalpha, span.text)) > 1 for span in bar):
            return Frame(frame.left, top, frame.right, frame.bottom)
    return frame


def _have_same_sides(drawn: Frame | Rule, frame: Frame) -> bool:
    return max(abs(drawn.left - frame.left), abs(drawn.right - frame.right)) <= _SAME


def _is_inside(span: Span, frame: Frame) -> bool:
    horizontally = frame.left - 2 <= span.left and span.right <= frame.right + 2
    return horizontally and frame.top - 2 <= span.baseline <= frame.bottom


def _is_background(page: PdfPage, frame: Frame) -> bool:
    width, height = frame.right - frame.left, frame.bottom - frame.top
    return width > _MAX_PAGE_SHARE * page.width or height > _MAX_PAGE_SHARE * page.height


def _read_frame(page: PdfPage, frame: Frame, inside: Sequence[Span]) -> list[PdfLine]:
    """Return the lines of a frame with prose; none for a table, the labels of a picture or a page background."""
    if _is_background(page, frame) or len(inside) < 3 or sum(len(span.text) for span in inside) < _MIN_LETTERS:
        return []
    lines = order_lines(page.number, inside)
    rows = sum(len(line.spans) > 1 for line in lines)
    median_length = sorted(len(line.text) for line in lines)[len(lines) // 2]
    return lines if rows <= _MAX_ROW_SHARE * len(lines) and median_length >= _MIN_MEDIAN_LENGTH else []


def _boxes(page: PdfPage) -> Iterator[Frame]:
    """Yield the frames whose four sides are drawn as separate lines."""
    by_extent: dict[tuple[int, int], list[Rule]] = {}
    for rule in sorted(page.rules, key=lambda rule: rule.height):
        by_extent.setdefault((round(rule.left), round(rule.right)), []).append(rule)
    for rules in by_extent.values():
        for top, bottom in pairwise(rules):
            if all(
                any(
                    max(abs(side.across - edge), abs(side.top - top.height), abs(side.bottom - bottom.height)) <= _SAME
                    for side in page.sides
                )
                for edge in (top.left, top.right)
            ):
                yield Frame(top.left, top.height, top.right, bottom.height)


def _read_box(page: PdfPage, inside: Sequence[Span], outside: Sequence[Span]) -> list[PdfLine]:
    """Return the lines of a small frame with words beside lines of prose; none for cells, such as a shaded column."""
    if len(inside) < _MIN_BOX_LINES or any(isinstance(span, RuledRow) or is_value(span.text) for span in inside):
        return []
    lines = order_lines(page.number, inside)
    top, bottom = min(span.top for span in inside), max(span.bottom for span in inside)
    in_box = {id(span) for span in inside}
    beside = [span for span in outside if id(span) not in in_box and top <= span.baseline <= bottom]
    prose = sum(sum(map(str.isalpha, span.text)) >= _MIN_PROSE for span in beside)
    return lines if prose >= _MIN_BOX_LINES and 2 * prose > len(beside) else []


def _find_position(lines: Sequence[PdfLine], frame: Frame) -> int:
    """Return where to insert a frame: after the last line above it in its column, or before the next line or column."""
    beside = [
        position
        for position, line in enumerate(lines)
        if min(line.right_edge, frame.right) - max(line.left_edge, frame.left) > 0.5 * (frame.right - frame.left)
    ]
    above = [position for position in beside if lines[position].baseline < frame.top + 4]
    if above:
        return above[-1] + 1
    next_column = [position for position, line in enumerate(lines) if line.left_edge >= frame.right - 4]
    return min(beside[:1] + next_column[:1], default=len(lines))
