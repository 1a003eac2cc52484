"""Glyphs of a page to spans: stretches of text on one baseline, with the spaces between their words. Pure."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.readers.pdf.glyphs import Glyph

WIDE = re.compile(r"[\u1100-\u11ff\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef]")
"""Letters that are a syllable or a word, set without spaces."""
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff]")
_GAP, _BACK = 1.2, 0.6
"""Ems between two glyphs from which they are two spans, and by which the second may reach back over the first."""
_WORD_GAP = 0.45
"""Ems between two glyphs from which a space stands between them, also where the file has none."""
_HIGH, _RAISED = 0.4, 0.7
"""The share of the lower one's height that two glyphs of a span have in common, and the ems between their baselines."""
_LEVEL = 0.5
"""The share of the lower one's height that two spans of a row have in common."""
_LAST_ROWS = 3
"""Rows back that a span is looked for in: raised and lowered ones come between."""
_SIZE_ALIKE = 0.25
"""Points, which sizes are counted by: glyphs within them of the span's size say how high it is."""
_NEARLY_ALL = 0.9
"""The share of its glyphs that is bold or italic where a span is."""


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
    if overlap < _HIGH * height or abs(last.baseline - glyph.baseline) > _RAISED * max(last.size, glyph.size):
        return False
    if last.left <= glyph.left and glyph.right <= last.right:
        return True  # letters of a ligature share its box, accents stand over a letter
    em = max(last.size, glyph.size)
    gap = glyph.left - last.right
    if gap < -_BACK * em and _RIGHT_TO_LEFT.match(glyph.text + last.text):
        gap = last.left - glyph.right
    return -_BACK * em <= gap <= _GAP * em


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
    main = [glyph for glyph in group if abs(glyph.size - size) <= _SIZE_ALIKE] or list(group)
    return Span(
        "".join(parts),
        sources,
        min(glyph.left for glyph in group),
        min(glyph.top for glyph in main),
        max(glyph.right for glyph in group),
        max(glyph.bottom for glyph in main),
        main[0].baseline,
        size,
        sum(glyph.bold for glyph in group) >= _NEARLY_ALL * len(group),
        sum(glyph.italic for glyph in group) >= _NEARLY_ALL * len(group),
    )


def _apart(before: Glyph, after: Glyph) -> bool:
    """Whether a space stands between two glyphs: where the file has one, or the gap is as wide."""
    if after.space:
        return True
    gap = max(after.left - before.right, before.left - after.right)
    wide = WIDE.match(before.text) is not None and WIDE.match(after.text) is not None
    return not wide and gap > _WORD_GAP * min(before.size, after.size)


def rows_of(spans: Iterable[Span]) -> list[list[Span]]:
    """Spans on one height, from top to bottom, each row from left to right (to left where most of it is so written)."""
    rows: list[list[Span]] = []
    for span in sorted(spans, key=lambda one: (one.baseline, one.left)):
        for row in reversed(rows[-_LAST_ROWS:]):
            near = row[0]
            overlap = min(near.bottom, span.bottom) - max(near.top, span.top)
            if overlap > _LEVEL * min(near.bottom - near.top, span.bottom - span.top):
                row.append(span)
                break
        else:
            rows.append([span])
    for row in rows:
        turned = sum(bool(_RIGHT_TO_LEFT.search(span.text)) for span in row) * 2 > len(row)
        row.sort(key=lambda one: -one.right if turned else one.left)
    return rows
