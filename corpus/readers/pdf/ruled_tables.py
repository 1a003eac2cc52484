"""Tables drawn with rules: the cells between horizontal and vertical rules, each with all its lines.

What is in a cell belongs together, however many lines it has and whatever stands at the same height beside it. A table
without vertical rules, or with a dozen rows between two rules, is left to `text_lines` and `cells`.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from corpus.readers.pdf.extraction.drawings import Rule, Side
from corpus.readers.pdf.extraction.glyphs import UNSPACED_LETTER, Span, group_rows
from corpus.structure.text_tables import is_value

_NEAR = 3.0
"""Points between the end of a rule and the rule that it meets, and between parts of one rule."""
_COVERED = 0.5
"""Share of the side of a cell that a rule must cover to divide it from the next cell."""
_MIN_SIDE = 4.0
"""Height or width of a cell in points: rules that are closer are a double rule."""
_MIN_CELLS, _MAX_CROSSED = 4, 0.1
"""Cells with text, and share of the text that rules cross, as in a chart."""
_MAX_CELL, _MAX_MEDIAN = 400, 120
"""Characters of a cell, and of the median one: boxes with more hold running text."""
_MAX_SPLIT = 3
"""Rows of values between two rules that are told apart by their heights; more are left to `cells`."""
_MAX_RULES, _MAX_SLOTS = 400, 4000
"""Horizontal rules of a page, and slots between rules: drawings have more."""


@dataclass(slots=True)
class RuledRow(Span):
    """A row of a ruled table as one span: its cells, the column and extent of each, and the table."""

    cells: list[Span] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    extents: list[tuple[int, int]] = field(default_factory=list)
    table: object = None


@dataclass(frozen=True, slots=True)
class _Region:
    """A cell, which may span several slots of the grid, with its lines of text."""

    row: int
    column: int
    rows: int
    columns: int
    is_rectangle: bool
    lines: list[list[Span]]

    @property
    def text(self) -> str:
        return " ".join(span.text for line in self.lines for span in line)


def with_ruled_rows(spans: Sequence[Span], rules: Sequence[Rule], sides: Sequence[Side]) -> list[Span]:
    """Return the spans, those of ruled tables joined to a span for each row."""
    left = list(spans)
    for across, down in _meeting_rules(rules, sides):
        xs = _positions([side.across for side in down] + [end for rule in across for end in (rule.left, rule.right)])
        ys = _positions([rule.height for rule in across] + [end for side in down for end in (side.top, side.bottom)])
        if len(xs) < 3 or len(ys) < 3 or len(xs) * len(ys) > _MAX_SLOTS:
            continue
        inside = [span for span in left if xs[0] <= _middle(span) <= xs[-1] and ys[0] <= _height(span) <= ys[-1]]
        crossed = sum(any(_crosses(side, span) for side in down) for span in inside)
        if crossed > _MAX_CROSSED * len(inside):
            continue
        regions = _regions(inside, xs, ys, across, down)
        if (rows := _read_rows(regions)) is not None:
            taken = {id(span) for span in inside}
            left = [*(span for span in left if id(span) not in taken), *rows]
    return left


def _meeting_rules(rules: Sequence[Rule], sides: Sequence[Side]) -> Iterator[tuple[list[Rule], list[Side]]]:
    """Yield the rules that meet each other, largest group first."""
    if not 0 < len(rules) <= _MAX_RULES:
        return
    groups: list[tuple[list[Rule], list[Side]]] = []
    for side in sides:
        across = [
            rule
            for rule in rules
            if rule.left - _NEAR <= side.across <= rule.right + _NEAR
            and side.top - _NEAR <= rule.height <= side.bottom + _NEAR
        ]
        if not across:
            continue
        meeting = [group for group in groups if any(rule in group[0] for rule in across)]
        groups = [group for group in groups if group not in meeting]
        joined = dict.fromkeys([*(rule for group in meeting for rule in group[0]), *across])
        groups.append((list(joined), [*(other for group in meeting for other in group[1]), side]))
    yield from sorted(groups, key=lambda group: -len(group[0]) * len(group[1]))


def _positions(values: Sequence[float]) -> list[float]:
    """Return the sorted values without those that are close to the one before."""
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] >= _MIN_SIDE:
            kept.append(value)
    return kept


def _middle(span: Span) -> float:
    return (span.left + span.right) / 2


def _height(span: Span) -> float:
    return span.baseline - 0.3 * span.size


def _crosses(side: Side, span: Span) -> bool:
    return span.left + _NEAR < side.across < span.right - _NEAR and side.top <= _height(span) <= side.bottom


def _covers(start: float, end: float, parts: Sequence[tuple[float, float]]) -> bool:
    covered = sum(max(0.0, min(end, last) - max(start, first)) for first, last in parts)
    return covered >= _COVERED * (end - start)


def _regions(
    spans: Sequence[Span], xs: Sequence[float], ys: Sequence[float], across: Sequence[Rule], down: Sequence[Side]
) -> list[_Region]:
    """Return the cells with text: spaces between which there is no rule are one cell."""
    rows, columns = len(ys) - 1, len(xs) - 1
    root = list(range(rows * columns))

    def find(slot: int) -> int:
        while root[slot] != slot:
            slot = root[slot]
        return slot

    for column in range(1, columns):
        parts = [(side.top, side.bottom) for side in down if abs(side.across - xs[column]) < _MIN_SIDE]
        for row in range(rows):
            if not _covers(ys[row], ys[row + 1], parts):
                root[find(row * columns + column)] = find(row * columns + column - 1)
    for row in range(1, rows):
        parts = [(rule.left, rule.right) for rule in across if abs(rule.height - ys[row]) < _MIN_SIDE]
        for column in range(columns):
            if not _covers(xs[column], xs[column + 1], parts):
                root[find(row * columns + column)] = find((row - 1) * columns + column)
    slots: dict[int, list[int]] = {}
    for slot in range(rows * columns):
        slots.setdefault(find(slot), []).append(slot)
    texts: dict[int, list[Span]] = {}
    for span in spans:
        row = min(bisect_right(ys, _height(span)), rows) - 1
        column = min(bisect_right(xs, _middle(span)), columns) - 1
        texts.setdefault(find(row * columns + column), []).append(span)
    regions = []
    for key, content in texts.items():
        own_rows = [slot // columns for slot in slots[key]]
        own_columns = [slot % columns for slot in slots[key]]
        first, left = min(own_rows), min(own_columns)
        height, width = max(own_rows) - first + 1, max(own_columns) - left + 1
        is_rectangle = len(slots[key]) == height * width  # unlike the box around another one
        regions.append(_Region(first, left, height, width, is_rectangle, group_rows(content)))
    return regions


def _read_rows(regions: Sequence[_Region]) -> list[RuledRow] | None:
    """Return the rows of a table; None if the rules do not draw one."""
    lengths = sorted(len(region.text) for region in regions)
    if (
        len(regions) < _MIN_CELLS
        or not all(region.is_rectangle for region in regions)
        or lengths[-1] > _MAX_CELL
        or lengths[len(lengths) // 2] > _MAX_MEDIAN
        or len({region.row for region in regions}) < 2
        or len({region.column for region in regions}) < 2
    ):
        return None
    table = object()
    columns = sorted({region.column for region in regions})
    bands: list[tuple[int, list[list[tuple[_Region, list[list[Span]]]]]]] = []
    for number in sorted({region.row for region in regions}):
        starting = sorted((r for r in regions if r.row == number), key=lambda region: region.column)
        heights = _heights_of_values(starting)
        if len(heights) > _MAX_SPLIT:
            return None
        rows: list[list[tuple[_Region, list[list[Span]]]]] = [[] for _ in heights or [0.0]]
        for region in starting:
            if len(region.lines) == len(heights):
                for row, line in zip(rows, region.lines, strict=True):
                    row.append((region, [line]))
            else:
                rows[0].append((region, region.lines))
        bands.append((number, rows))
    result: list[RuledRow] = []
    for number, rows in bands:
        for parts in rows:
            extents = [
                (
                    bisect_left(columns, region.column + region.columns) - bisect_left(columns, region.column),
                    1
                    if len(lines) < len(region.lines)
                    else sum(len(others) for first, others in bands if number <= first < number + region.rows),
                )
                for region, lines in parts
            ]
            cells = [_cell(lines) for _, lines in parts]
            result.append(_row(cells, [bisect_left(columns, r.column) for r, _ in parts], extents, table))
    return result


def _heights_of_values(regions: Sequence[_Region]) -> list[float]:
    """Return the heights of the rows between two rules, none for one row: several cells have values at each of them."""
    values = [
        [line[0].baseline for line in region.lines]
        for region in regions
        if len(region.lines) > 1 and all(len(line) == 1 and is_value(line[0].text) for line in region.lines)
    ]
    if len(values) < 2:
        return []
    usual = max(values, key=lambda heights: sum(len(other) == len(heights) for other in values))
    level = [
        heights
        for heights in values
        if len(heights) == len(usual) and all(abs(a - b) <= 1.5 for a, b in zip(heights, usual, strict=True))
    ]
    return usual if len(level) > 1 else []


def _row(cells: list[Span], columns: list[int], extents: list[tuple[int, int]], table: object) -> RuledRow:
    longest = max(cells, key=lambda cell: len(cell.text))
    first = min(cells, key=lambda cell: cell.baseline)  # a span only as high as a line: nothing else is in the row
    return RuledRow(
        " ".join(cell.text for cell in cells),
        array("i"),
        left=min(cell.left for cell in cells),
        top=first.baseline - 0.8 * first.size,
        right=max(cell.right for cell in cells),
        bottom=first.baseline + 0.2 * first.size,
        baseline=first.baseline,
        size=longest.size,
        bold=longest.bold,
        italic=longest.italic,
        cells=cells,
        columns=columns,
        extents=extents,
        table=table,
    )


def _cell(lines: Sequence[Sequence[Span]]) -> Span:
    """Return the lines of a cell as one span, with the baseline of the first."""
    spans = [span for line in lines for span in line]
    text, sources = spans[0].text, array("i", spans[0].sources)
    for before, span in pairwise(spans):
        separator = "" if UNSPACED_LETTER.match(before.text[-1:]) and UNSPACED_LETTER.match(span.text[:1]) else " "
        text += separator + span.text
        sources += array("i", [-1] * len(separator)) + span.sources
    return replace(
        spans[0],
        text=text,
        sources=sources,
        left=min(span.left for span in spans),
        top=min(span.top for span in spans),
        right=max(span.right for span in spans),
        bottom=max(span.bottom for span in spans),
    )
