"""Sort the glyphs of a page by the direction of their text, and group them to spans as if all ran to the right.

Text that runs down or up is turned. East Asian text in vertical columns counts as running down, so that its columns
are lines from right to left. Right-to-left scripts are put into the order in which they are spelt, by the positions of
their letters, since files store them in either order; a page of such a script is mirrored, so that its first column,
and the indent of a line, are on the left as on other pages.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.readers.pdf.extraction.glyphs import (
    OBLIQUE,
    RIGHT_TO_LEFT,
    WIDE_LETTER,
    Glyph,
    Span,
    build_span,
    group_spans,
)

_MIN_VERTICAL = 5
"""Minimum pairs of letters below each other on a page that may be set in vertical columns."""
_ALIGNED, _NEXT = 0.3, 2.0
"""Ems by which letters of a column differ sideways at most, and from one to the next."""
_MAX_GAP, _WORD_GAP = 1.2, 0.15
"""Ems between letters of a right-to-left script: a wider gap ends a span, or separates words."""
_NO_GAP = 0.1
"""Ems between letters of a word."""
_STORED_TOGETHER = 4
"""Difference between the numbers of letters that follow each other in the file, with a space or marks in between."""
_ROW_TOLERANCE = 0.5
"""Ems between the baselines of letters in one row."""

Edges = tuple[float, float, float, float]


@dataclass(slots=True)
class Flow:
    """The text of a page in one direction, and the size in points of the page turned to read it.

    `quarter_turns` are those of its text, clockwise; 0 where it is oblique.
    """

    spans: list[Span]
    width: float
    height: float
    mirrored: bool = False
    quarter_turns: int = 0

    def halves(self) -> tuple[Flow, Flow]:
        """Return the text on the left and on the right half of a sheet that holds two pages."""
        on_left = [span for span in self.spans if span.left + span.right <= self.width]
        on_right = [span for span in self.spans if span.left + span.right > self.width]
        return replace(self, spans=on_left), replace(self, spans=on_right)


def group_flows(glyphs: Sequence[tuple[Glyph, int]], width: float, height: float) -> list[Flow]:
    """Return the text of a page by direction, most of it first.

    Args:
        glyphs: Displayed glyphs in file order, with the clockwise quarter turns of their text.
        width: The page's displayed width in points.
        height: The page's displayed height in points.
    """
    by_direction: dict[int, list[Glyph]] = {}
    for glyph, turns in _turn_columns(glyphs):
        by_direction.setdefault(turns, []).append(glyph)
    flows: list[Flow] = []
    for turns, group in sorted(by_direction.items(), key=lambda item: (-len(item[1]), item[0])):
        if turns == OBLIQUE:
            # A watermark, read as it is stored; infinitely high, its page has it at the edge.
            flows.append(Flow([build_span(group, _file_order(group))], width, float("inf")))
            continue
        extent = (height, width) if turns % 2 else (width, height)
        if turns:
            group = _without_false_spaces([rotate_glyph(glyph, turns, width, height) for glyph in group])
        flows.append(replace(_flow(group, *extent), quarter_turns=turns))
    return flows


def rotate_glyph(glyph: Glyph, quarter_turns: int, width: float, height: float) -> Glyph:
    """Return a glyph of text that runs down (1), upside down (2) or up (3) as if the page were turned to read it."""
    _, left, top, right, bottom, *_ = glyph
    left, top, right, bottom = turn_box((left, top, right, bottom), quarter_turns, width, height)
    return glyph._replace(left=left, top=top, right=right, bottom=bottom, baseline=bottom)


def turn_box(box: Edges, quarter_turns: int, width: float, height: float) -> Edges:
    """Return the left, top, right and bottom edges of a box as if the page were turned to read its text."""
    left, top, right, bottom = box
    if quarter_turns == 3:
        return height - bottom, left, height - top, right
    if quarter_turns == 2:
        return width - right, height - bottom, width - left, height - top
    if quarter_turns == 1:
        return top, width - right, bottom, width - left
    return box


def _without_false_spaces(glyphs: list[Glyph]) -> list[Glyph]:
    """Return turned glyphs without the spaces that PDFium inserts between letters that are drawn one by one."""
    for position, (before, after) in enumerate(pairwise(glyphs), 1):
        if after.space and abs(after.left - before.right) < _NO_GAP * after.size and after.top < before.bottom:
            glyphs[position] = after._replace(space=False)
    return glyphs


def _file_order(glyphs: Sequence[Glyph]) -> Iterator[tuple[str, int]]:
    for position, glyph in enumerate(glyphs):
        if position and glyph.space:
            yield " ", -1
        yield glyph.text, glyph.number


def _turn_columns(glyphs: Sequence[tuple[Glyph, int]]) -> Iterator[tuple[Glyph, int]]:
    """Yield the glyphs; on a page of vertical columns, upright letters in columns as running down, one em wide."""
    wide = [glyph for glyph, turns in glyphs if turns == 0 and WIDE_LETTER.match(glyph.text)]
    down = sum(_is_below(before, after) for before, after in pairwise(wide))
    if down < _MIN_VERTICAL or 2 * down < len(wide):
        yield from glyphs
        return
    column, last = 0.0, None  # the middle of the column, and the glyph above
    for position, (glyph, turns) in enumerate(glyphs):
        following = glyphs[position + 1][0] if position + 1 < len(glyphs) else None
        middle = (glyph.left + glyph.right) / 2
        below = last is not None and abs(middle - column) < glyph.size and glyph.top > last.top - _ALIGNED * glyph.size
        begins = WIDE_LETTER.match(glyph.text) and (following is None or not _is_beside(glyph, following))
        if turns or not (begins or (below and last is not None and glyph.top < last.bottom + glyph.size)):
            last = None
            yield glyph, turns
            continue
        if last is None or not below or _is_below(last, glyph):
            column = middle
        top, bottom = glyph.top, glyph.bottom
        if last is not None and below and glyph.top < last.top + _ALIGNED * glyph.size:
            top = bottom = last.bottom  # digits side by side in a column
        last = glyph._replace(
            left=column - glyph.size / 2, right=column + glyph.size / 2, top=top, bottom=bottom, space=False
        )
        yield last, 1


def _is_below(before: Glyph, after: Glyph) -> bool:
    sideways = abs(before.left + before.right - after.left - after.right) / 2
    return sideways < _ALIGNED * after.size and 0.5 < (after.top - before.top) / after.size < _NEXT


def _is_beside(before: Glyph, after: Glyph) -> bool:
    level = abs(before.baseline - after.baseline) < _ALIGNED * after.size
    return level and 0.5 < (after.left - before.left) / after.size < _NEXT


def _flow(glyphs: Sequence[Glyph], width: float, height: float) -> Flow:
    right_to_left = len(RIGHT_TO_LEFT.findall("".join(glyph.text for glyph in glyphs)))
    if not right_to_left:
        return Flow(group_spans(glyphs), width, height)
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: glyph.baseline):
        if rows and glyph.baseline - rows[-1][0].baseline <= _ROW_TOLERANCE * glyph.size:
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    ordered = [row for row in rows if any(RIGHT_TO_LEFT.match(glyph.text) for glyph in row)]
    numbers = {glyph.number for row in ordered for glyph in row}
    spans = group_spans([glyph for glyph in glyphs if glyph.number not in numbers])
    mirrored = 2 * right_to_left > sum(glyph.text.isalpha() for glyph in glyphs)
    spans += [_spell(segment, mirrored) for row in ordered for segment in _segments(row)]
    for span in spans if mirrored else ():
        span.left, span.right, span.mirrored = width - span.right, width - span.left, True
    return Flow(spans, width, height, mirrored)


def _segments(row: Sequence[Glyph]) -> list[list[list[Glyph]]]:
    """Return the parts of a row between wide gaps, each as letters from left to right with the marks on them."""
    segments: list[list[list[Glyph]]] = []
    letters = sorted((glyph for glyph in row if not unicodedata.combining(glyph.text[0])), key=_left_edge)
    for letter in letters:
        if segments and letter.left - segments[-1][-1][0].right <= _MAX_GAP * letter.size:
            segments[-1].append([letter])
        else:
            segments.append([[letter]])
    clusters = [cluster for segment in segments for cluster in segment]
    for mark in (glyph for glyph in row if unicodedata.combining(glyph.text[0])) if clusters else ():
        middle = (mark.left + mark.right) / 2
        min(clusters, key=lambda cluster: abs(cluster[0].left + cluster[0].right - 2 * middle)).append(mark)
    return segments


def _left_edge(glyph: Glyph) -> tuple[float, int]:
    return glyph.left, glyph.number


def _spell(clusters: Sequence[Sequence[Glyph]], mirrored: bool) -> Span:
    """Return a span with the letters of a segment in the order in which they are spelt."""
    pieces: list[tuple[str, array[int]]] = []
    spaced = {glyph.number for cluster in clusters for glyph in cluster if glyph.space}
    for position, cluster in enumerate(clusters):
        if position and _has_space_between(clusters[position - 1], cluster, spaced):
            pieces.append((" ", array("i", [-1])))
        text = "".join(glyph.text for glyph in cluster)
        pieces.append((text, array("i", [glyph.number for glyph in cluster for _ in glyph.text])))
    directions = [_direction(text[0]) for text, _ in pieces]
    counts = Counter(directions)
    base = "R" if mirrored or counts["R"] >= counts["L"] else "L"
    # A neutral between letters or digits of one direction has that direction, else the direction of the segment.
    strong = [at for at, direction in enumerate(directions) if direction != "N"]
    for before, after in pairwise(strong):
        if directions[before] == directions[after]:
            directions[before:after] = [directions[before]] * (after - before)
    resolved = [base if direction == "N" else "L" if direction == "D" else direction for direction in directions]
    runs: list[list[int]] = []
    for at, direction in enumerate(resolved):
        if runs and resolved[runs[-1][-1]] == direction:
            runs[-1].append(at)
        else:
            runs.append([at])
    ordered = [run[::-1] if resolved[run[0]] == "R" else run for run in (runs[::-1] if base == "R" else runs)]
    glyphs = [glyph for cluster in clusters for glyph in cluster]
    spelt = (pieces[at] for run in ordered for at in run)
    return build_span(glyphs, (piece for text, numbers in spelt for piece in zip(text, numbers, strict=True)))


def _has_space_between(left: Sequence[Glyph], right: Sequence[Glyph], spaced: set[int]) -> bool:
    """Return whether the file has a space between neighbours, or a gap if they are not stored together."""
    before, after = sorted((left[0].number, right[0].number))
    if after - before <= _STORED_TOGETHER:
        return any(before < number <= after for number in spaced)
    return right[0].left - left[0].right > _WORD_GAP * right[0].size


def _direction(letter: str) -> str:
    """Return R, L, D (digits, which run to the right in all scripts) or N (neutral) for a letter."""
    kind = unicodedata.bidirectional(letter)
    return {"R": "R", "AL": "R", "L": "L", "EN": "D", "AN": "D"}.get(kind, "N")
