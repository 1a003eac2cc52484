"""Find headings of a plain text by their form: titles with strokes below them, months of a chronology."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.calendar_words import MONTH, MONTHS, YEAR
from corpus.records import STROKE
from corpus.structure.captions import is_title
from corpus.structure.heading_candidates import HeadingCandidate
from corpus.structure.lines import PAGE_HEADER_REPEATS, Line, ends_sentence
from corpus.structure.numbering import parse_markers

_STROKES = re.compile(rf"({STROKE})\1{{2,}}")
_MIN_SHARE = 0.75
"""Length of the strokes, at least, relative to the title."""
_MIN_HEADINGS = 2
_MAX_MONTHS = 6
"""Months from one with entries to the next."""
_MONTH_LINE = re.compile(rf"(?P<month>{MONTH})(?:\s+{YEAR})?:?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DrawnHeading:
    """The offsets of a title with its strokes, and its level: the rank of its strokes in order of appearance."""

    start: int
    end: int
    level: int


def find_drawn_headings(lines: Sequence[Line], taken: Collection[int]) -> Mapping[int, DrawnHeading]:
    """Return the drawn headings by the position of their title; empty if there is one only.

    `taken` are the positions of lines of tables.
    """
    styles: dict[tuple[str, bool], int] = {}
    found: dict[int, DrawnHeading] = {}
    for position in range(len(lines) - 1):
        below = lines[position + 1].text
        if _STROKES.fullmatch(below) is None or position in taken or position + 1 in taken:
            continue
        above = lines[position - 1].text if position else ""
        text = lines[position].text
        is_apart = not above or _STROKES.fullmatch(above) is not None
        if not (is_apart and len(below) >= _MIN_SHARE * len(text) and _can_be_heading(text)):
            continue
        is_between = above == below
        level = styles.setdefault((below[0], is_between), len(styles))
        first = lines[position - is_between]
        found[position] = DrawnHeading(first.start, lines[position + 1].end, level)
    counts = Counter(lines[position].text.casefold() for position in found)
    found = {at: drawn for at, drawn in found.items() if counts[lines[at].text.casefold()] < PAGE_HEADER_REPEATS}
    return found if len(found) >= _MIN_HEADINGS else {}


def find_months(lines: Sequence[Line]) -> Mapping[int, DrawnHeading]:
    """Return the months that head the entries of a chronology: they follow each other, with no numbered line above."""
    found: dict[int, DrawnHeading] = {}
    months: list[int] = []
    for position, line in enumerate(lines):
        match = _MONTH_LINE.fullmatch(line.text)
        if match and (position == 0 or lines[position - 1].blank):
            found[position] = DrawnHeading(line.start, line.end, 0)
            months.append(MONTHS[match["month"].rstrip(".").casefold()])
        elif not found and any(not marker.weak for marker in parse_markers(line.text)):
            return {}
    follow = sum(0 < (after - before) % 12 <= _MAX_MONTHS for before, after in pairwise(months))
    return found if len(found) >= _MIN_HEADINGS and follow == len(months) - 1 else {}


def stroke_lines(lines: Sequence[Line], headings: Mapping[int, DrawnHeading]) -> set[int]:
    """Return the positions of the lines of strokes."""
    near = [(position + step, heading) for position, heading in headings.items() for step in (-1, 1)]
    return {at for at, heading in near if at >= 0 and heading.start <= lines[at].start < heading.end}


def are_complete(headings: Mapping[int, DrawnHeading], candidates: Sequence[HeadingCandidate]) -> bool:
    """Whether the drawn headings are all headings, and not those below labelled chapters that are not drawn."""
    labelled = (candidate for candidate in candidates if len(candidate.markers[0].style.split()) > 1)
    return bool(headings) and all(candidate.line in headings for candidate in labelled)


def _can_be_heading(text: str) -> bool:
    if not text or _STROKES.fullmatch(text):
        return False
    return is_title(text) or (not ends_sentence(text) and any(marker.title for marker in parse_markers(text)))
