"""Find headings of a plain text by their form: underlined titles, months of a chronology."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.records import UNDERLINE
from corpus.structure.captions import is_title
from corpus.structure.heading_candidates import HeadingCandidate
from corpus.structure.lines import PAGE_HEADER_REPEATS, Line, ends_sentence
from corpus.structure.numbering import parse_markers
from corpus.vocabulary import MONTH, MONTHS, YEAR

_UNDERLINE = re.compile(rf"({UNDERLINE})\1{{2,}}")
_MIN_SHARE = 0.75
"""Minimum length of the underline, relative to the title."""
_MIN_HEADINGS = 2
_MAX_MONTHS = 6
"""Months from one with entries to the next."""
_MONTH_LINE = re.compile(rf"(?P<month>{MONTH})(?:\s+{YEAR})?:?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class UnderlinedHeading:
    """Offsets of a title with its underline, and its level: the rank of that kind of underline by first appearance."""

    start: int
    end: int
    level: int


def find_underlined_headings(lines: Sequence[Line], taken: Collection[int]) -> Mapping[int, UnderlinedHeading]:
    """Return the underlined headings by the position of their title; empty if there is one only.

    `taken` are the positions of lines of tables.
    """
    styles: dict[tuple[str, bool], int] = {}
    headings: dict[int, UnderlinedHeading] = {}
    for position in range(len(lines) - 1):
        below = lines[position + 1].text
        if _UNDERLINE.fullmatch(below) is None or position in taken or position + 1 in taken:
            continue
        above = lines[position - 1].text if position else ""
        text = lines[position].text
        is_apart = not above or _UNDERLINE.fullmatch(above) is not None
        if not (is_apart and is_underline(below, text)):
            continue
        is_between = above == below
        level = styles.setdefault((below[0], is_between), len(styles))
        first = lines[position - is_between]
        headings[position] = UnderlinedHeading(first.start, lines[position + 1].end, level)
    counts = Counter(lines[position].text.casefold() for position in headings)
    headings = {
        at: heading for at, heading in headings.items() if counts[lines[at].text.casefold()] < PAGE_HEADER_REPEATS
    }
    return headings if len(headings) >= _MIN_HEADINGS else {}


def is_underline(below: str, text: str) -> bool:
    """Return whether a line below a text that can be a heading has only strokes and is nearly as long."""
    is_long = len(below) >= _MIN_SHARE * len(text)
    return is_long and _UNDERLINE.fullmatch(below) is not None and _can_be_heading(text)


def find_months(lines: Sequence[Line]) -> Mapping[int, UnderlinedHeading]:
    """Return the months that head the entries of a chronology: they follow each other, with no numbered line above."""
    headings: dict[int, UnderlinedHeading] = {}
    months: list[int] = []
    for position, line in enumerate(lines):
        match = _MONTH_LINE.fullmatch(line.text)
        if match and (position == 0 or lines[position - 1].blank):
            headings[position] = UnderlinedHeading(line.start, line.end, 0)
            months.append(MONTHS[match["month"].rstrip(".").casefold()])
        elif not headings and any(not marker.weak for marker in parse_markers(line.text)):
            return {}
    follow = sum(0 < (after - before) % 12 <= _MAX_MONTHS for before, after in pairwise(months))
    return headings if len(headings) >= _MIN_HEADINGS and follow == len(months) - 1 else {}


def underline_lines(lines: Sequence[Line], headings: Mapping[int, UnderlinedHeading]) -> set[int]:
    """Return the positions of the underlines, and of the lines above such titles."""
    near = [(position + step, heading) for position, heading in headings.items() for step in (-1, 1)]
    return {at for at, heading in near if at >= 0 and heading.start <= lines[at].start < heading.end}


def are_complete(headings: Mapping[int, UnderlinedHeading], candidates: Sequence[HeadingCandidate]) -> bool:
    """Return whether the underlined headings are all headings, rather than those below chapters without underlines."""
    labelled = (candidate for candidate in candidates if len(candidate.markers[0].style.split()) > 1)
    return bool(headings) and all(candidate.line in headings for candidate in labelled)


def _can_be_heading(text: str) -> bool:
    if not text or _UNDERLINE.fullmatch(text):
        return False
    return is_title(text) or (not ends_sentence(text) and any(marker.title for marker in parse_markers(text)))
