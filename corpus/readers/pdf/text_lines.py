"""Spans of a page to lines, in reading order, columns one after the other. Pure.

Spans side by side are a line, unless a gutter runs between them: a vertical strip that no span crosses over some lines
of prose.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from corpus.readers.pdf.spans import WIDE, Span, rows_of

_GUTTER = 6.0
"""Points that a gutter is wide at least."""
_STEP, _MOST_STEPS = 3.0, 2000
"""Points from one place that is tried for a gutter to the next, and how many are tried of a page however wide."""
_MARGIN = 0.1
"""The share of the width at either side in which no gutter is looked for."""
_LEAST_LINES, _LEAST_LINES_INSIDE = 3, 8
"""Lines at both sides of a gutter of the page, and of one in a column, which cells of a table look like more easily."""
_PROSE, _LEAST_PROSE = 20, 10
"""Letters of a column's middle line: where the lines beside it are at the same heights, as cells are, and elsewhere."""
_LEVEL = 0.6
"""The share of the lines at the same heights, to a point, from which on that is so."""
_DEEPEST = 4
"""How often what was cut is cut again."""
_MOST_SPANS = 3000
"""A page with more is a drawing or a map: there are no columns in it, and looking for them would take minutes."""
_NEARLY_ALL = 0.9
"""The share of its letters that is bold where a line is."""


class Rule(NamedTuple):
    """A horizontal line drawn on a page: of a table, under a heading, over notes."""

    left: float
    right: float
    height: float


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
        """Whether nearly all of it is bold."""
        letters = sum(len(span.text) for span in self.spans)
        return sum(len(span.text) for span in self.spans if span.bold) >= _NEARLY_ALL * letters


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
    x = left + _MARGIN * (right - left)
    while x < right - _MARGIN * (right - left):
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
    least = _PROSE if level > _LEVEL * len(behind) else _LEAST_PROSE
    return min(_median_length(before), _median_length(behind)) >= least


def _median_length(spans: Sequence[Span]) -> int:
    """Letters of the middle span; those of scripts in which a letter is a syllable or a word count twice."""
    lengths = sorted(sum(map(str.isalpha, span.text)) * (2 if WIDE.search(span.text) else 1) for span in spans)
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
