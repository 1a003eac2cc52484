"""What each line of a PDF file is: heading, table row, caption, note, entry of a list of contents, or body. Pure.

A line is judged by its size and weight against the body's, by what stands around it and by its first words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from corpus.readers.pdf.body_style import Body
from corpus.readers.pdf.headings import BULLET, SENTENCE_END, is_of_one_size, mark_headings, reach
from corpus.readers.pdf.text_lines import Line
from corpus.structure.captions import is_caption

_LEADERS = re.compile(r"(?:\.\s?){5,}|…{2,}|(?:·\s?){5,}")
_CAPTION = re.compile(
    r"(?:(?:fig(?:ure|\.)?|table|chart|graph|box|map|photo|exhibit|listing|plate|diagram)\s*[A-Z]?\d+(?:[.\-–]\d+)*\s*[:.|)–—-]"
    r"|[\[<【（(]?\s*(?:図表|図|表|写真|그림|표)\s*\d+)",
    re.IGNORECASE,
)
_NOTE = re.compile(r"(?:\d{1,3}[.)]?\s|[(（\[]\d{1,3}[)）\]]|[*†‡§※]|注|notes?\b|source)", re.IGNORECASE)
_SMALLER = 0.93
"""Times the body's size at most: of a note, or of what stands under a picture."""
_SAME_EDGE = 4
"""Points by which the edges of cells below each other differ, or twice their middles."""
_ROWS = 3
"""Lines with cells below each other that are a table; two do where there are more than two cells."""
_MOST_BETWEEN_ROWS = 3
"""Lines from one row to the next: a cell may have as many."""
_ROW_DISTANCE = 2.6
"""Ems from line to line within a table: its rows are set wider apart than text."""
_TEXT_WIDTH = 0.7
"""The share of its column's width from which on a line between two rows is no cell, but text again."""
_CAPTION_DISTANCE = 1.45
"""Ems from line to line within a caption."""
_CAPTION_FREE = 0.25
"""The share of the column's width that a line of a caption leaves free when it is the last."""
_MOST_CAPTION_LINES, _MOST_CAPTION_WORDS = 8, 120
"""Of small print between other text that is taken for a caption; more is text in a smaller size."""


def assign(lines: Sequence[Line], body: Body, titles: Collection[tuple[int | None, str]]) -> None:
    """Give every line its role.

    `titles` are page and text (see `pdf_headings.plain`) of the entries of the file's own outline.
    """
    _contents(lines)
    _tables(lines)
    for position, line in enumerate(lines):
        if not line.role and (_CAPTION.match(line.text) or is_caption(line.text)):
            line.role = "caption"
            _spread(lines, position, "caption")
    _notes(lines, body)
    _small_print(lines, body)
    mark_headings(lines, body, titles)
    for line in lines:
        line.role = line.role or "body"


def _contents(lines: Sequence[Line]) -> None:
    for line in lines:
        if _LEADERS.search(line.text):
            line.role = "contents"


def _is_row(line: Line) -> bool:
    if line.role or len(line.spans) < 2:
        return False
    return len(line.spans) > 2 or not (BULLET.match(f"{line.spans[0].text} ") or len(line.spans[0].text) < 2)


def _aligned(before: Line, after: Line) -> bool:
    """Whether cells of two rows stand below each other, by an edge or the middle."""
    for one in before.spans[1:]:
        for other in after.spans[1:]:
            pairs = ((one.left, other.left), (one.right, other.right), (one.left + one.right, other.left + other.right))
            if any(abs(a - b) <= _SAME_EDGE for a, b in pairs):
                return True
    return False


def _tables(lines: Sequence[Line]) -> None:
    """Runs of rows whose cells stand below each other; a line between two rows goes on with a cell."""
    start = 0
    while start < len(lines):
        if not _is_row(lines[start]):
            start += 1
            continue
        rows, last, stop = 1, start, start + 1
        while stop < len(lines) and stop - last <= _MOST_BETWEEN_ROWS and _near(lines[last], lines[stop], stop - last):
            if _is_row(lines[stop]) and _aligned(lines[last], lines[stop]):
                rows, last = rows + 1, stop
            elif lines[stop].right - lines[stop].left > _TEXT_WIDTH * (lines[stop].right_edge - lines[stop].left_edge):
                break
            stop += 1
        if rows >= _ROWS or (rows == 2 and len(lines[start].spans) > 2):
            for line in lines[start : last + 1]:
                line.role = "table"
        start = max(last + 1, start + 1)


def _near(before: Line, after: Line, steps: int) -> bool:
    same = before.page == after.page and before.block == after.block
    return same and after.baseline - before.baseline <= _ROW_DISTANCE * steps * max(before.size, after.size)


def _spread(lines: Sequence[Line], position: int, role: str) -> None:
    """The lines below in the same style, without a gap, have the same role."""
    for before, after in zip(lines[position:], lines[position + 1 :], strict=False):
        same = after.page == before.page and after.block == before.block and is_of_one_size(before, after)
        gap = after.baseline - before.baseline
        if not same or after.role or gap > _CAPTION_DISTANCE * before.size or SENTENCE_END.search(before.text):
            break
        if before.right < reach(before, _CAPTION_FREE):
            break
        after.role = role


def _notes(lines: Sequence[Line], body: Body) -> None:
    """Small print at the end of a column that begins as a note does."""
    small = _SMALLER * body.size
    stop = len(lines)
    while stop > 0:
        start = stop
        while start > 0 and (lines[start - 1].page, lines[start - 1].block) == (
            lines[stop - 1].page,
            lines[stop - 1].block,
        ):
            start -= 1
        first = stop
        while first > start and (lines[first - 1].size <= small and not lines[first - 1].role):
            first -= 1
        begin = next((p for p in range(first, stop) if _NOTE.match(lines[p].text)), stop)
        for line in lines[begin:stop]:
            line.role = "notes"
        stop = start


def _small_print(lines: Sequence[Line], body: Body) -> None:
    """A few small lines between others of the text are what stands under a picture."""
    start = 0
    while start < len(lines):
        stop = start
        while stop < len(lines) and lines[stop].size <= _SMALLER * body.size and not lines[stop].role:
            if stop > start and (lines[stop].page, lines[stop].block) != (lines[start].page, lines[start].block):
                break
            stop += 1
        words = sum(len(re.findall(r"[^\W\d_]{2,}", line.text)) for line in lines[start:stop])
        if start < stop <= start + _MOST_CAPTION_LINES and 2 <= words <= _MOST_CAPTION_WORDS:
            for line in lines[start:stop]:
                line.role = "caption"
        start = max(stop, start + 1)
