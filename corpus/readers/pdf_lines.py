"""Glyphs of a page to lines of text, in reading order, columns one after the other. Pure.

Glyphs that follow each other on one baseline are a span; spans side by side are a line, unless a gutter runs between
them: a vertical strip that no span crosses over some lines of prose.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from corpus.readers.pdf_glyphs import Glyph

_GAP = 1.2
"""Ems between two glyphs from which they are two spans."""
_WORD_GAP = 0.45
_GUTTER = 6.0
_STEP = 3.0
_MOST_STEPS = 2000
_LEAST_LINES = 3
_LEAST_LINES_INSIDE = 8
_PROSE = 20
_LEAST_PROSE = 10
_DEEPEST = 4
_MOST_SPANS = 3000
"""A page with more is a drawing or a map: there are no columns in it, and looking for them would take minutes."""
_WIDE = re.compile(r"[\u1100-\u11ff\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef]")
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff]")


class Rule(NamedTuple):
    """A horizontal line drawn on a page: of a table, under a heading, over notes."""

    left: float
    right: float
    height: float


@dataclass(slots=True)
class Span:
    """Glyphs in a row; `text` has one character, or more for one glyph, with spaces between words.

    `sources` gives for each character of `text` the index of its glyph, -1 for a space.
    """

    text: str
    sources: array[int]
    left: float
    top: float
    right: float
    bottom: float
    baseline: float
    size: float
    bold: bool
    italic: bool


@dataclass(slots=True)
class Line:
    """Spans side by side. `left_edge` and `right_edge` are those of the column around it, `block` numbers that.

    `inset` numbers the box that it stands in, 0 for none.
    """

    page: int
    spans: list[Span]
    block: int = 0
    left_edge: float = 0.0
    right_edge: float = 0.0
    role: str = ""
    inset: int = 0

    @property
    def text(self) -> str:
        """Its spans with a space between them."""
        return " ".join(span.text for span in self.spans)

    @property
    def left(self) -> float:
        """Its left edge, in points from that of the page."""
        return min(span.left for span in self.spans)

    @property
    def right(self) -> float:
        """Its right edge."""
        return max(span.right for span in self.spans)

    @property
    def top(self) -> float:
        """Its upper edge, in points from that of the page."""
        return min(span.top for span in self.spans)

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return max(span.bottom for span in self.spans)

    @property
    def main(self) -> Span:
        """The span with the most characters, whose style is the line's."""
        return max(self.spans, key=lambda span: len(span.text))

    @property
    def size(self) -> float:
        """The size of its type, in points."""
        return self.main.size

    @property
    def baseline(self) -> float:
        """What its letters stand on, in points from the upper edge of the page."""
        return self.main.baseline

    @property
    def bold(self) -> bool:
        """Whether nine tenths of it are bold."""
        letters = sum(len(span.text) for span in self.spans)
        return sum(len(span.text) for span in self.spans if span.bold) >= 0.9 * letters


def spans_of(glyphs: Sequence[Glyph]) -> list[Span]:
    """Cut the glyphs, in the order of the file, into spans."""
    groups: list[list[Glyph]] = []
    for glyph in glyphs:
        if groups and _continues(groups[-1], glyph):
            groups[-1].append(glyph)
        else:
            groups.append([glyph])
    return [_span(group) for group in groups]


def _continues(group: Sequence[Glyph], glyph: Glyph) -> bool:
    last = group[-1]
    height = min(last.bottom - last.top, glyph.bottom - glyph.top)
    overlap = min(last.bottom, glyph.bottom) - max(last.top, glyph.top)
    if overlap < 0.4 * height or abs(last.baseline - glyph.baseline) > 0.7 * max(last.size, glyph.size):
        return False
    if last.left <= glyph.left and glyph.right <= last.right:
        return True  # letters of a ligature share its box, accents stand over a letter
    em = max(last.size, glyph.size)
    gap = glyph.left - last.right
    if gap < -0.6 * em and _RIGHT_TO_LEFT.match(glyph.text + last.text):
        gap = last.left - glyph.right
    return -0.6 * em <= gap <= _GAP * em


def _span(group: Sequence[Glyph]) -> Span:
    parts: list[str] = []
    sources = array("i")
    for position, glyph in enumerate(group):
        if position and _apart(group[position - 1], glyph):
            parts.append(" ")
            sources.append(-1)
        parts.append(glyph.text)
        sources.extend([glyph.number] * len(glyph.text))
    size = Counter(round(glyph.size * 4) / 4 for glyph in group).most_common(1)[0][0]
    main = [glyph for glyph in group if abs(glyph.size - size) <= 0.25] or list(group)
    return Span(
        "".join(parts),
        sources,
        min(glyph.left for glyph in group),
        min(glyph.top for glyph in main),
        max(glyph.right for glyph in group),
        max(glyph.bottom for glyph in main),
        main[0].baseline,
        size,
        sum(glyph.bold for glyph in group) >= 0.9 * len(group),
        sum(glyph.italic for glyph in group) >= 0.9 * len(group),
    )


def _apart(before: Glyph, after: Glyph) -> bool:
    """Whether a space stands between two glyphs: where the file has one, or the gap is as wide."""
    if after.space:
        return True
    gap = max(after.left - before.right, before.left - after.right)
    wide = _WIDE.match(before.text) is not None and _WIDE.match(after.text) is not None
    return not wide and gap > _WORD_GAP * min(before.size, after.size)


def rows_of(spans: Iterable[Span]) -> list[list[Span]]:
    """Spans on one height, from top to bottom, each row from left to right (to left where most of it is so written)."""
    rows: list[list[Span]] = []
    for span in sorted(spans, key=lambda one: (one.baseline, one.left)):
        for row in reversed(rows[-3:]):
            near = row[0]
            overlap = min(near.bottom, span.bottom) - max(near.top, span.top)
            if overlap > 0.5 * min(near.bottom - near.top, span.bottom - span.top):
                row.append(span)
                break
        else:
            rows.append([span])
    for row in rows:
        turned = sum(bool(_RIGHT_TO_LEFT.search(span.text)) for span in row) * 2 > len(row)
        row.sort(key=lambda one: -one.right if turned else one.left)
    return rows


def lines_of(page: int, spans: Sequence[Span], rules: Sequence[Rule] = ()) -> list[Line]:
    """The lines of a page in reading order. No column goes on across a rule that is drawn through its gutter."""
    lines: list[Line] = []
    blocks = 0

    def add(part: Sequence[Span], depth: int) -> None:
        nonlocal blocks
        gutter = _gutter(part, rules, depth) if depth < _DEEPEST else None
        if gutter is None:
            left, right = min(span.left for span in part), max(span.right for span in part)
            lines.extend(Line(page, row, blocks, left, right) for row in rows_of(part))
            blocks += 1
            return
        for band in _bands(part, gutter):
            add(band, depth + 1)

    if spans:
        add(spans, 0)
    return lines


def _crosses(span: Span, x: float) -> bool:
    return span.left < x + _GUTTER / 2 and span.right > x - _GUTTER / 2


def _gutter(spans: Sequence[Span], rules: Sequence[Rule], depth: int) -> float | None:
    """Where to cut into columns: the strip with the most lines of prose at both sides, between what crosses it."""
    least = _LEAST_LINES if depth == 0 else _LEAST_LINES_INSIDE
    if not 2 * least <= len(spans) <= _MOST_SPANS:
        return None
    left, right = min(span.left for span in spans), max(span.right for span in spans)
    best: tuple[int, int, float] | None = None
    run: list[float] = []
    step = max(_STEP, (right - left) / _MOST_STEPS)  # a damaged file has a letter a million pages to the right
    x = left + 0.1 * (right - left)
    while x < right - 0.1 * (right - left):
        lines = _lines_beside(spans, rules, x)
        if lines >= least:
            crossing = sum(_crosses(span, x) for span in spans)
            if best is None or (lines, -crossing) > best[:2]:
                best, run = (lines, -crossing, x), [x]
            elif (lines, -crossing) == best[:2]:
                run.append(x)
        x += step
    return None if best is None else run[len(run) // 2]


def _lines_beside(spans: Sequence[Span], rules: Sequence[Rule], x: float) -> int:
    """How many lines of prose stand at both sides of x, in bands of at least some lines that nothing crosses."""
    through = [rule.height for rule in rules if rule.left < x - _GUTTER and rule.right > x + _GUTTER]
    cuts = sorted([span.baseline for span in spans if _crosses(span, x)] + through)
    sides: dict[int, tuple[list[Span], list[Span]]] = {}
    for span in spans:
        if not _crosses(span, x):
            sides.setdefault(bisect_right(cuts, span.baseline), ([], []))[span.left > x].append(span)
    total = 0
    for before, behind in sides.values():
        if min(len(before), len(behind)) >= _LEAST_LINES and _are_columns(before, behind):
            total += min(len(before), len(behind))
    return total


def _are_columns(before: Sequence[Span], behind: Sequence[Span]) -> bool:
    """Prose side by side and not the cells of a table: long lines, or lines that are not at the same heights."""
    heights = {round(span.baseline) for span in before}
    level = sum(bool({round(span.baseline) + d for d in (-1, 0, 1)} & heights) for span in behind)
    least = _PROSE if level > 0.6 * len(behind) else _LEAST_PROSE
    return min(_median_length(before), _median_length(behind)) >= least


def _median_length(spans: Sequence[Span]) -> int:
    """Letters of the middle span; those of scripts in which a letter is a syllable or a word count twice."""
    lengths = sorted(sum(map(str.isalpha, span.text)) * (2 if _WIDE.search(span.text) else 1) for span in spans)
    return lengths[len(lengths) // 2]


def _bands(spans: Sequence[Span], x: float) -> list[list[Span]]:
    """Cut at a gutter: what crosses it, and between that the left column and the right one."""
    bands: list[list[Span]] = []
    crossing: list[Span] = []
    left: list[Span] = []
    right: list[Span] = []

    def close() -> None:
        bands.extend(list(part) for part in (crossing, left, right) if part)
        for part in (crossing, left, right):
            part.clear()

    for span in sorted(spans, key=lambda one: one.baseline):
        if _crosses(span, x):
            if left or right:
                close()
            crossing.append(span)
        else:
            (right if span.left > x else left).append(span)
    close()
    return bands
