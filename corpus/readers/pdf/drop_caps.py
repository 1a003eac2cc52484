"""Join large letters at the beginning of a paragraph to their word: drop caps, and letters on its line."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from corpus.metadata.language import Lexicon
from corpus.readers.pdf.extraction.glyphs import CAP_SIZE, Span

_MAX_LETTERS = 2
"""A letter, perhaps with a quotation mark."""
_MAX_DISTANCE = 0.7
"""Multiple of the drop cap's size between it and the lines beside it."""
_RAISED_DISTANCE = 0.2
"""The same between a letter on the line of its word and the rest of the word."""
_MIN_LINES = 2
_SAME_EDGE, _MAX_LEADING = 1.0, 1.7
"""Points by which the edges of lines beside a drop cap differ, and ems from the last of them to one more."""


def join_drop_caps(spans: Sequence[Span], lexicon: Lexicon) -> list[Span]:
    """Return the spans of a page without drop caps; the lines beside one begin where it does."""
    caps = [span for span in spans if len(span.text) <= _MAX_LETTERS and span.text[-1:].isupper()]
    joined: set[int] = set()
    for cap in caps:
        beside = sorted((span for span in spans if _is_beside(span, cap)), key=lambda span: span.baseline)
        heights = {round(span.baseline) for span in beside}
        is_raised = heights == {round(cap.baseline)} and beside[0].left - cap.right <= _RAISED_DISTANCE * cap.size
        if (len(heights) < _MIN_LINES and not is_raised) or not beside[0].text[:1].isalpha():
            continue
        first, *others = beside
        space = " " if _is_word(cap.text, first.text, lexicon) else ""
        first.text = f"{cap.text}{space}{first.text}"
        first.sources = cap.sources + array("i", [-1] * len(space)) + first.sources
        indented = abs(others[-1].left - first.left) <= _SAME_EDGE if others else False
        for span in (first, *others, *(_below(spans, beside[-1]) if indented else ())):
            span.left = cap.left
        joined.add(id(cap))
    return [span for span in spans if id(span) not in joined]


def _is_beside(span: Span, cap: Span) -> bool:
    near = -0.5 * span.size <= span.left - cap.right <= _MAX_DISTANCE * cap.size
    return near and cap.size >= CAP_SIZE * span.size and cap.top <= span.baseline <= cap.baseline + 0.3 * span.size


def _below(spans: Sequence[Span], last: Span) -> list[Span]:
    """Return the line right below the last one beside a drop cap if it begins at the same edge: it is beside too."""
    return [
        span
        for span in spans
        if abs(span.left - last.left) <= _SAME_EDGE and 0 < span.baseline - last.baseline <= _MAX_LEADING * last.size
    ]


def _is_word(cap: str, rest: str, lexicon: Lexicon) -> bool:
    """Return whether a drop cap is a word by itself ("A", "I", "À"): the rest is a word, and joined they are none."""
    following = rest.split(maxsplit=1)[0].rstrip(".,;:!?")
    if len(following) > 1 and following.isupper():
        return False
    apart = lexicon.occurs_elsewhere(cap[-1]) and lexicon.occurs_elsewhere(following)
    return apart and cap[-1] + following not in lexicon
