"""Headings of a PDF file: which lines are headings, by size and weight against the body's, and their levels."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from corpus.readers.pdf.text_lines import SENTENCE_END, BodyStyle, Line

NUMBERING = re.compile(
    r"(?:(?:chapter|part|section|annex|appendix|article)\s+[\dA-Z]+\b|第.{1,4}[章節部編条]|\d+(?:\.\d+)*[.)]?\s|[(（]\w{1,4}[)）]"
    r"|[A-Z][.)]\s|[a-z][.)]\s|[IVX]+[.)]\s|§)",
    re.IGNORECASE,
)
BULLET = re.compile(r"(?:[•●○◦▪▫■□◆◇❖▶►➢✓✔·‣⁃※*–—-]|\(?(?:\d{1,3}|[^\W\d_]|[ivxlIVXL]{1,5})[.)]|[①-⑳])\s")
_NUMBERING_KINDS = (
    ("decimal", re.compile(r"\d+(?:\.\d+)+\b")),
    ("chapter", re.compile(r"(?:chapter|part)\s+[\dA-Z]+\b|第.{1,4}[章部編]", re.IGNORECASE)),
    ("section", re.compile(r"(?:section|article)\s+[\dA-Z]+\b|第.{1,4}[節条]", re.IGNORECASE)),
    ("1", re.compile(r"\d+(?:[.．)]|\s)")),
    ("(1)", re.compile(r"[(（]\d+[)）]")),
    ("I", re.compile(r"[IVX]{2,}[.)]\s|[IVX][.)]\s(?=[A-Z])")),
    ("A", re.compile(r"[A-Z][.)]\s?")),
    ("(a)", re.compile(r"[(（][a-z][)）]")),
    ("a", re.compile(r"[a-z][.)]\s")),
    ("(A)", re.compile(r"[(（][A-Z][)）]")),
)

_LARGER, _SLIGHTLY_LARGER = 1.12, 1.04
"""Multiples of the body's size: of a heading anywhere, and of a heading that must stand alone."""
_MIN_BOLD_SIZE = 0.95
"""Multiple of the body's size of a bold heading; smaller bold lines are table heads or notes."""
_MAX_LENGTH, _MAX_LINES = 250, 6
"""Characters and lines of a heading; more is a paragraph set larger, such as a lead."""
_MIN_SENTENCE_WORDS = 10
"""Words from which on a line that ends like a sentence is one; a shorter one may be a heading ("What is new?")."""
_LIST = 3
"""Headings right below each other from which on they are a list or a cover."""
_LINE_SIZE_TOLERANCE, _LEVEL_SIZE_TOLERANCE = 0.3, 0.35
"""Points by which lines of one style, and headings of one level, differ at most."""
_MAX_LINE_DISTANCE, _MIN_HEADING_DISTANCE = 1.6, 1.4
"""Ems: between lines of a heading, and between two headings of which the first fills its line."""
_FULL_LINE, _SHORT_LINE = 0.2, 0.1
"""Shares of a column's width: a continued line of a heading leaves less than the first free, the last line of a
paragraph more than the second."""
_GAP = 1.25
"""Multiple of the body's leading that separates a heading from text above that has not visibly ended."""
_MIN_DROP = 0.5
"""Ems by which the text below a heading is lower; less, and it is beside the heading."""

Titles = Collection[tuple[int | None, str]]
"""Page and normalized title of each bookmark of the file."""


def normalize_title(text: str) -> str:
    """Return the words of a title in lower case, for comparison with bookmarks."""
    return " ".join(re.findall(r"\w+", text.lower()))


def have_same_size(line: Line, other: Line) -> bool:
    """Return whether two lines have the same type size within a tolerance."""
    return abs(line.size - other.size) < _LINE_SIZE_TOLERANCE


def mark_headings(lines: Sequence[Line], body: BodyStyle, titles: Titles) -> None:
    """Assign the role "heading" to lines without a role."""
    headings: list[tuple[int, int]] = []
    position = 0
    while position < len(lines):
        stop = _heading_end(lines, position, body, titles)
        for line in lines[position:stop]:
            line.role = "heading"
        if stop > position:
            headings.append((position, stop))
        position = max(stop, position + 1)
    _demote_lists(lines, headings)


def _heading_end(lines: Sequence[Line], position: int, body: BodyStyle, titles: Titles) -> int:
    """Return the end of the heading that begins at a line, or `position` if none begins there."""
    line = lines[position]
    if line.role or not any(map(str.isalpha, line.text)):
        return position
    stop = position + 1
    while stop < len(lines) and stop - position <= _MAX_LINES and _continues(lines[stop - 1], lines[stop]):
        stop += 1
    for end in range(stop, position, -1):
        title = normalize_title(" ".join(part.text for part in lines[position:end]))
        if (line.page, title) in titles or (None, title) in titles:
            return end
    text = " ".join(part.text for part in lines[position:stop])
    is_item = BULLET.match(text) and not NUMBERING.match(text)
    if stop - position > _MAX_LINES or len(text) > _MAX_LENGTH or is_item:
        return position
    if line.size >= _LARGER * body.size:
        return stop
    bold = line.bold and not body.bold and line.size >= _MIN_BOLD_SIZE * body.size
    sentence = SENTENCE_END.search(text) is not None and len(text.split()) >= _MIN_SENTENCE_WORDS
    if not (bold or line.size >= _SLIGHTLY_LARGER * body.size) or sentence or text.endswith((",", ";")):
        return position
    return stop if _stands_alone(lines, position, stop, body) else position


def _demote_lists(lines: Sequence[Line], headings: Sequence[tuple[int, int]]) -> None:
    """Turn three or more headings of one style without text between them, a list or a cover, into body text."""
    run: list[tuple[int, int]] = []
    for heading in [*headings, None]:
        if run and heading and heading[0] == run[-1][1] and _have_same_style(lines[run[-1][0]], lines[heading[0]]):
            run.append(heading)
            continue
        if len(run) >= _LIST:
            for line in lines[run[0][0] : run[-1][1]]:
                line.role = "body"
        run = [heading] if heading else []


def _have_same_style(line: Line, other: Line) -> bool:
    same = line.page == other.page and line.bold == other.bold and line.main.italic == other.main.italic
    return same and have_same_size(line, other)


def _continues(before: Line, after: Line) -> bool:
    """Return whether a line continues the heading above it: in the same style, close below."""
    return (
        not after.role
        and after.block == before.block
        and _have_same_style(before, after)
        and 0 < after.baseline - before.baseline <= _MAX_LINE_DISTANCE * before.size
        and not begins_heading(before, after)
    )


def begins_heading(before: Line, after: Line) -> bool:
    """Return whether a line right below a heading begins another: it is numbered, and the line above has ended."""
    if not NUMBERING.match(after.text) or before.text.count("(") > before.text.count(")"):
        return False
    is_full = before.right > before.x_at(_FULL_LINE)
    return not is_full or after.baseline - before.baseline > _MIN_HEADING_DISTANCE * before.size


def _stands_alone(lines: Sequence[Line], start: int, stop: int, body: BodyStyle) -> bool:
    """Return whether the text above has ended and the text below begins a paragraph."""
    line, last = lines[start], lines[stop - 1]
    if start and (above := lines[start - 1]).is_beside(line) and above.role != "heading":
        gap = line.baseline - above.baseline > _GAP * body.leading * body.size
        if not (gap or SENTENCE_END.search(above.text) or above.right < above.x_at(_SHORT_LINE)):
            return False
    if stop < len(lines) and (below := lines[stop]).is_beside(last):
        return below.baseline - last.baseline > _MIN_DROP * body.size and not below.text[:1].islower()
    return True


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading's text and style; `bookmark_level` is its level in the file's own outline, if it is there."""

    text: str
    size: float
    bold: bool
    italic: bool
    bookmark_level: int | None = None

    @property
    def numbering(self) -> str:
        """The kind of number it begins with, "" for none; for 1.2.3 including its depth."""
        for name, pattern in _NUMBERING_KINDS:
            if match := pattern.match(self.text):
                return f"decimal {match[0].count('.')}" if name == "decimal" else name
        return ""


_Style = tuple[int, bool, bool]


def assign_levels(headings: Sequence[Heading]) -> list[int]:
    """Return the level of each heading, from 0.

    Larger type ranks above smaller, bold above regular. Within a style, kinds of numbering rank in the order in which
    they first occur. The levels of bookmarks override this ranking.
    """
    sizes = _rank_sizes(headings)
    styles = [(sizes[heading.size], not heading.bold, heading.italic) for heading in headings]
    kinds = _rank_numbering(headings, styles)
    keys = [(*style, kinds[style].get(heading.numbering, 0)) for heading, style in zip(headings, styles, strict=True)]
    order = {key: level for level, key in enumerate(sorted(set(keys)))}
    return _apply_bookmarks(headings, [order[key] for key in keys])


def _rank_sizes(headings: Sequence[Heading]) -> dict[float, int]:
    """Rank sizes, the largest first; nearly equal sizes share a rank."""
    ranks: dict[float, int] = {}
    last: float | None = None
    for size in sorted({heading.size for heading in headings}, reverse=True):
        ranks[size] = 0 if last is None else ranks[last] + (last - size > _LEVEL_SIZE_TOLERANCE)
        last = size
    return ranks


def _rank_numbering(headings: Sequence[Heading], styles: Sequence[_Style]) -> dict[_Style, dict[str, int]]:
    """Rank, for each style, the kinds of numbering that occur more than once; decimal numbers rank by their depth."""
    ranks: dict[_Style, dict[str, int]] = {}
    counts = Counter((style, heading.numbering) for heading, style in zip(headings, styles, strict=True))
    for heading, style in zip(headings, styles, strict=True):
        known = ranks.setdefault(style, {})
        kind = heading.numbering
        if kind and kind not in known and counts[style, kind] > 1:
            known[kind] = len(known)
    for known in ranks.values():
        decimal = sorted(kind for kind in known if kind.startswith("decimal"))
        known.update(zip(decimal, sorted(known[kind] for kind in decimal), strict=True))
    return ranks


def _apply_bookmarks(headings: Sequence[Heading], levels: Sequence[int]) -> list[int]:
    """Use the levels of bookmarks; headings without one get the bookmark level that is usual at their own level."""
    bookmarked: dict[int, Counter[int]] = {}
    for heading, level in zip(headings, levels, strict=True):
        if heading.bookmark_level is not None:
            bookmarked.setdefault(level, Counter())[heading.bookmark_level] += 1
    result: list[int] = []
    for heading, level in zip(headings, levels, strict=True):
        if heading.bookmark_level is not None:
            result.append(heading.bookmark_level)
        elif level in bookmarked:
            result.append(bookmarked[level].most_common(1)[0][0])
        else:
            nearest = max((other for other in bookmarked if other < level), default=-1)
            base = max(bookmarked[nearest]) if nearest in bookmarked else -1
            result.append(base + sum(nearest < other <= level and other not in bookmarked for other in set(levels)))
    return result
