"""Which lines of a PDF file are headings: by size or weight against the body's, and by what stands around. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from corpus.readers.pdf.body_style import Body
from corpus.readers.pdf.text_lines import Line

NUMBERING = re.compile(
    r"(?:(?:chapter|part|section|annex|appendix|article)\s+[\dA-Z]+\b|第.{1,4}[章節部編条]|\d+(?:\.\d+)*[.)]?\s|[(（]\w{1,4}[)）]"
    r"|[A-Z][.)]\s|[a-z][.)]\s|[IVX]+[.)]\s|§)",
    re.IGNORECASE,
)
BULLET = re.compile(r"(?:[•●○◦▪■□◆◇▶►➢✓✔·‣⁃※*–—-]|\uf0b7|\uf0a7|\(?\w{1,3}[.)]|[①-⑳])\s")
SENTENCE_END = re.compile(r"[.!?。！？][)\]\"'’”»」』）]*$")

_LARGER, _LITTLE_LARGER = 1.12, 1.04
"""Times the body's size: of a heading wherever it stands, and of one that stands alone."""
_BOLD = 0.95
"""Times the body's size that a bold heading has at least: smaller it is the head of a table or a note."""
_LONGEST = 250
"""Characters of a heading; more is a paragraph that is set larger, such as a lead."""
_MOST_LINES = 6
_WORDS_OF_SENTENCE = 10
"""From so many words on, what ends as a sentence does is one; a short one may be a heading ("What is new?")."""
_LIST = 3
"""Headings right below each other from which on they are a list or a cover."""
_SAME_SIZE = 0.3
"""Points by which lines of one style differ at most."""
_CLOSE, _APART = 1.6, 1.4
"""Ems from line to line: at most within a heading, and more between two headings of which the first fills its line."""
_FULL, _SHORT = 0.2, 0.1
"""Shares of a column's width: a line of a heading that goes on leaves at most the first free, the last line of a
paragraph more than the second."""
_GAP = 1.25
"""Times the body's leading that text above a heading is away, where it does not end with a sentence or a short line."""
_BELOW = 0.5
"""Ems by which the text below a heading lies lower: less, and it stands beside it."""


def mark_headings(lines: Sequence[Line], body: Body, titles: Collection[tuple[int | None, str]]) -> None:
    """Give headings among lines without a role theirs; `titles` as in `pdf_roles.assign`."""
    found: list[tuple[int, int]] = []
    position = 0
    while position < len(lines):
        stop = _heading_end(lines, position, body, titles)
        for line in lines[position:stop]:
            line.role = "heading"
        if stop > position:
            found.append((position, stop))
        position = max(stop, position + 1)
    _demote_lists(lines, found)


def plain(text: str) -> str:
    """A heading's words for comparison with an entry of an outline."""
    return " ".join(re.findall(r"\w+", text.lower()))


def is_of_one_size(one: Line, other: Line) -> bool:
    """Whether two lines are set in the same size, give or take."""
    return abs(one.size - other.size) < _SAME_SIZE


def reach(line: Line, free: float) -> float:
    """Where a line ends, in points from the left, that leaves this share of its column's width free."""
    return line.right_edge - free * (line.right_edge - line.left_edge)


def _heading_end(lines: Sequence[Line], position: int, body: Body, titles: Collection[tuple[int | None, str]]) -> int:
    """Where the heading that begins at a line ends; `position` itself where none begins."""
    line = lines[position]
    if line.role or not any(map(str.isalpha, line.text)):
        return position
    stop = position + 1
    while stop < len(lines) and stop - position <= _MOST_LINES and _goes_on(lines[stop - 1], lines[stop]):
        stop += 1
    text = " ".join(one.text for one in lines[position:stop])
    for end in range(stop, position, -1):
        known = plain(" ".join(one.text for one in lines[position:end]))
        if (line.page, known) in titles or (None, known) in titles:
            return end
    if stop - position > _MOST_LINES or len(text) > _LONGEST:
        return position
    numbered = NUMBERING.match(text) is not None
    if line.size >= _LARGER * body.size:
        return position if BULLET.match(text) and not numbered else stop
    bold = line.bold and not body.bold and line.size >= _BOLD * body.size
    larger = line.size >= _LITTLE_LARGER * body.size
    if not (bold or larger) or (BULLET.match(text) and not numbered):
        return position
    sentence = SENTENCE_END.search(text) is not None and len(text.split()) >= _WORDS_OF_SENTENCE
    if sentence or text.endswith((",", ";")) or not _stands_alone(lines, position, stop, body):
        return position
    return stop


def _demote_lists(lines: Sequence[Line], found: Sequence[tuple[int, int]]) -> None:
    """Three or more in one style right below each other, without a word of text between, are a list or a cover."""
    run: list[tuple[int, int]] = []
    for one in [*found, None]:
        if run and one is not None and one[0] == run[-1][1] and _alike(lines[run[-1][0]], lines[one[0]]):
            run.append(one)
            continue
        if len(run) >= _LIST:
            for start, stop in run:
                for line in lines[start:stop]:
                    line.role = "body"
        run = [one] if one is not None else []


def _alike(one: Line, other: Line) -> bool:
    same = one.page == other.page and one.bold == other.bold and one.main.italic == other.main.italic
    return same and is_of_one_size(one, other)


def _goes_on(before: Line, after: Line) -> bool:
    """Whether a line continues the heading above it: of the same style, close below."""
    return (
        not after.role
        and after.block == before.block
        and _alike(before, after)
        and 0 < after.baseline - before.baseline <= _CLOSE * before.size
        and not begins_heading(before, after)
    )


def begins_heading(before: Line, after: Line) -> bool:
    """Whether a line right below a heading is another one: it begins with a number, and the one above has ended."""
    if not NUMBERING.match(after.text) or before.text.count("(") > before.text.count(")"):
        return False
    full = before.right > reach(before, _FULL)
    return not full or after.baseline - before.baseline > _APART * before.size


def _stands_alone(lines: Sequence[Line], start: int, stop: int, body: Body) -> bool:
    """Whether text above has ended, and text below begins anew."""
    line = lines[start]
    if (
        start
        and (above := lines[start - 1]).page == line.page
        and above.block == line.block
        and above.role != "heading"
    ):
        gap = line.baseline - above.baseline > _GAP * body.leading * body.size
        short = above.right < reach(above, _SHORT)
        if not gap and not (SENTENCE_END.search(above.text) or short):
            return False
    last = lines[stop - 1]
    if stop < len(lines) and (below := lines[stop]).page == last.page and below.block == last.block:
        return below.baseline - last.baseline > _BELOW * body.size and not below.text[:1].islower()
    return True
