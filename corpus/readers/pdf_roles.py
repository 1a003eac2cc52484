"""What each line of a PDF file is: heading, table row, caption, note, entry of a list of contents, or body. Pure.

A line is judged by its size and weight against the body's, by what stands around it and by its first words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.captions import is_caption
from corpus.readers.pdf_lines import Line, Span

NUMBERING = re.compile(
    r"(?:(?:chapter|part|section|annex|appendix|article)\s+[\dA-Z]+\b|第.{1,4}[章節部編条]|\d+(?:\.\d+)*[.)]?\s|[(（]\w{1,4}[)）]"
    r"|[A-Z][.)]\s|[a-z][.)]\s|[IVX]+[.)]\s|§)",
    re.IGNORECASE,
)
BULLET = re.compile(r"(?:[•●○◦▪■□◆◇▶►➢✓✔·‣⁃※*–—-]|\uf0b7|\uf0a7|\(?\w{1,3}[.)]|[①-⑳])\s")
LEADERS = re.compile(r"(?:\.\s?){5,}|…{2,}|(?:·\s?){5,}")
_CAPTION = re.compile(
    r"(?:(?:fig(?:ure|\.)?|table|chart|graph|box|map|photo|exhibit|listing|plate|diagram)\s*[A-Z]?\d+(?:[.\-–]\d+)*\s*[:.|)–—-]"
    r"|[\[<【（(]?\s*(?:図表|図|表|写真|그림|표)\s*\d+)",
    re.IGNORECASE,
)
_NOTE = re.compile(r"(?:\d{1,3}[.)]?\s|[(（\[]\d{1,3}[)）\]]|[*†‡§※]|注|notes?\b|source)", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?。！？][)\]\"'’”»」』）]*$")
_LARGER, _LITTLE_LARGER, _SMALLER = 1.12, 1.04, 0.93
_LONGEST_HEADING = 250
_MOST_HEADING_LINES = 6
_WORDS_OF_SENTENCE = 10
_LIST = 3
_MOST_CAPTION_LINES, _MOST_CAPTION_WORDS = 8, 120


@dataclass(frozen=True, slots=True)
class Body:
    """The style of the running text: its size, whether it is bold, and its leading in ems."""

    size: float
    bold: bool
    leading: float


def common_size(spans: Iterable[Span]) -> float:
    """The size, in half points, that most characters have."""
    sizes: Counter[float] = Counter()
    for span in spans:
        sizes[max(0.5, round(span.size * 2) / 2)] += len(span.text)  # of size 0 is what nobody is to see
    return max(sizes.items(), key=lambda item: (item[1], item[0]))[0] if sizes else 10.0


def body_of(lines: Sequence[Line]) -> Body:
    """What most of the text is set in."""
    size = common_size(span for line in lines for span in line.spans)
    alike = [span for line in lines for span in line.spans if abs(span.size - size) <= 0.25]
    bold = sum(len(span.text) * (1 if span.bold else -1) for span in alike) > 0
    leadings: Counter[float] = Counter()
    for before, after in pairwise(lines):
        if before.block == after.block and before.page == after.page and abs(after.size - size) < 0.5:
            leadings[round((after.baseline - before.baseline) / size, 1)] += 1
    leading = next((value for value, _ in leadings.most_common() if 0.8 <= value <= 2.5), 1.2)
    return Body(size, bold, leading)


def assign(lines: Sequence[Line], body: Body, titles: Collection[tuple[int | None, str]]) -> None:
    """Give every line its role. `titles` are page and text (see `plain`) of the entries of the file's own outline."""
    _contents(lines)
    _tables(lines)
    for position, line in enumerate(lines):
        if not line.role and (_CAPTION.match(line.text) or is_caption(line.text)):
            line.role = "caption"
            _spread(lines, position, "caption")
    _notes(lines, body)
    _small_print(lines, body)
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
    for line in lines:
        line.role = line.role or "body"


def plain(text: str) -> str:
    """A heading's words for comparison with an entry of an outline."""
    return " ".join(re.findall(r"\w+", text.lower()))


def _contents(lines: Sequence[Line]) -> None:
    for line in lines:
        if LEADERS.search(line.text):
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
            if any(abs(a - b) <= 4 for a, b in pairs):
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
        while stop < len(lines) and stop - last <= 3 and _near(lines[last], lines[stop], stop - last):
            if _is_row(lines[stop]) and _aligned(lines[last], lines[stop]):
                rows, last = rows + 1, stop
            elif lines[stop].right - lines[stop].left > 0.7 * (lines[stop].right_edge - lines[stop].left_edge):
                break
            stop += 1
        if rows >= 3 or (rows == 2 and len(lines[start].spans) > 2):
            for line in lines[start : last + 1]:
                line.role = "table"
        start = max(last + 1, start + 1)


def _near(before: Line, after: Line, steps: int) -> bool:
    same = before.page == after.page and before.block == after.block
    return same and after.baseline - before.baseline <= 2.6 * steps * max(before.size, after.size)


def _spread(lines: Sequence[Line], position: int, role: str) -> None:
    """The lines below in the same style, without a gap, have the same role."""
    for before, after in zip(lines[position:], lines[position + 1 :], strict=False):
        same = after.page == before.page and after.block == before.block and abs(after.size - before.size) < 0.3
        gap = after.baseline - before.baseline
        if not same or after.role or gap > 1.45 * before.size or _SENTENCE_END.search(before.text):
            break
        if before.right < before.right_edge - 0.25 * (before.right_edge - before.left_edge):
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


def _heading_end(lines: Sequence[Line], position: int, body: Body, titles: Collection[tuple[int | None, str]]) -> int:
    """Where the heading that begins at a line ends; `position` itself where none begins."""
    line = lines[position]
    if line.role or not any(map(str.isalpha, line.text)):
        return position
    stop = position + 1
    while stop < len(lines) and stop - position <= _MOST_HEADING_LINES and _goes_on(lines[stop - 1], lines[stop]):
        stop += 1
    text = " ".join(one.text for one in lines[position:stop])
    for end in range(stop, position, -1):
        known = plain(" ".join(one.text for one in lines[position:end]))
        if (line.page, known) in titles or (None, known) in titles:
            return end
    if stop - position > _MOST_HEADING_LINES or len(text) > _LONGEST_HEADING:
        return position
    numbered = NUMBERING.match(text) is not None
    if line.size >= _LARGER * body.size:
        return position if BULLET.match(text) and not numbered else stop
    bold = line.bold and not body.bold and line.size >= 0.95 * body.size
    larger = line.size >= _LITTLE_LARGER * body.size
    if not (bold or larger) or (BULLET.match(text) and not numbered):
        return position
    sentence = _SENTENCE_END.search(text) is not None and len(text.split()) >= _WORDS_OF_SENTENCE
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
    return same and abs(one.size - other.size) < 0.3


def _goes_on(before: Line, after: Line) -> bool:
    """Whether a line continues the heading above it: of the same style, close below."""
    return (
        not after.role
        and after.page == before.page
        and after.block == before.block
        and abs(after.size - before.size) < 0.3
        and after.bold == before.bold
        and after.main.italic == before.main.italic
        and 0 < after.baseline - before.baseline <= 1.6 * before.size
        and not begins_heading(before, after)
    )


def begins_heading(before: Line, after: Line) -> bool:
    """Whether a line right below a heading is another one: it begins with a number, and the one above has ended."""
    if not NUMBERING.match(after.text) or before.text.count("(") > before.text.count(")"):
        return False
    full = before.right > before.right_edge - 0.2 * (before.right_edge - before.left_edge)
    return not full or after.baseline - before.baseline > 1.4 * before.size


def _stands_alone(lines: Sequence[Line], start: int, stop: int, body: Body) -> bool:
    """Whether text above has ended, and text below begins anew."""
    line = lines[start]
    if (
        start
        and (above := lines[start - 1]).page == line.page
        and above.block == line.block
        and above.role != "heading"
    ):
        gap = line.baseline - above.baseline > 1.25 * body.leading * body.size
        short = above.right < above.right_edge - 0.1 * (above.right_edge - above.left_edge)
        if not gap and not (_SENTENCE_END.search(above.text) or short):
            return False
    last = lines[stop - 1]
    if stop < len(lines) and (below := lines[stop]).page == last.page and below.block == last.block:
        return below.baseline - last.baseline > 0.5 * body.size and not below.text[:1].islower()
    return True
