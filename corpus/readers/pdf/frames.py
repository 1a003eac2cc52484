"""Boxes drawn on a page around text of their own: columns and special features beside the running text. Pure.

A box with a title in it becomes an inset; what stands in it is read apart from the columns around it.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.readers.pdf.document import Frame, Page
from corpus.readers.pdf.spans import Span
from corpus.readers.pdf.text_lines import Line, lines_of

_LEAST_LETTERS = 150
_MOST_OF_PAGE = 0.9
_MOST_ROWS = 0.4
_TITLE_LONGEST = 200


def lines_with_boxes(page: Page, spans: Sequence[Span], first_inset: int) -> list[Line]:
    """The lines of a page in reading order; those in a box bear its number, from `first_inset` on."""
    boxes: list[list[Line]] = []
    left = list(spans)
    frames: list[Frame] = []
    for frame in sorted(page.frames, key=lambda one: -(one.right - one.left) * (one.bottom - one.top)):
        inside = [span for span in left if _inside(span, frame)]
        lines = _box(page, frame, inside)
        if lines:
            boxes.append(lines)
            frames.append(frame)
            held = {id(span) for span in inside}
            left = [span for span in left if id(span) not in held]
    lines = lines_of(page.number, left, page.rules)
    for frame, box in sorted(zip(frames, boxes, strict=True), key=lambda one: (one[0].top, one[0].left)):
        for line in box:
            line.inset = first_inset
        first_inset += 1
        place = _place(lines, frame)
        # Its blocks are none of those around it.
        shift = 1 + max((line.block for line in lines), default=0)
        for line in box:
            line.block += shift
        lines[place:place] = box
    return lines


def is_title(line: Line, size: float) -> bool:
    """Whether the first line of a box names it: set apart from the text by weight or size."""
    return len(line.text) <= _TITLE_LONGEST and (line.bold or line.size > 1.04 * size)


def _inside(span: Span, frame: Frame) -> bool:
    return (
        frame.left - 2 <= span.left and span.right <= frame.right + 2 and frame.top - 2 <= span.baseline <= frame.bottom
    )


def _box(page: Page, frame: Frame, inside: Sequence[Span]) -> list[Line]:
    """Its lines if a frame holds prose; a table, a picture's labels and the whole page's background do not count."""
    whole = (
        frame.right - frame.left > _MOST_OF_PAGE * page.width or frame.bottom - frame.top > _MOST_OF_PAGE * page.height
    )
    if whole or len(inside) < 3 or sum(len(span.text) for span in inside) < _LEAST_LETTERS:
        return []
    lines = lines_of(page.number, inside, ())
    rows = sum(len(line.spans) > 1 for line in lines)
    middle = sorted(len(line.text) for line in lines)[len(lines) // 2]
    return lines if rows <= _MOST_ROWS * len(lines) and middle >= 15 else []


def _place(lines: Sequence[Line], frame: Frame) -> int:
    """Behind the last line above it in its own column, else before the first one below, or the next column."""
    beside = [
        position
        for position, line in enumerate(lines)
        if min(line.right_edge, frame.right) - max(line.left_edge, frame.left) > 0.5 * (frame.right - frame.left)
    ]
    above = [position for position in beside if lines[position].baseline < frame.top + 4]
    if above:
        return above[-1] + 1
    behind = [position for position, line in enumerate(lines) if line.left_edge >= frame.right - 4]
    return min(beside[:1] + behind[:1], default=len(lines))
