"""Find front matter, which is not a heading: title lines, tables of contents, labels of the book of an extract."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from corpus.imprint import OFFICE_TITLE, is_imprint
from corpus.records import StructureMark
from corpus.scripts import WIDE_LETTER
from corpus.structure.heading_candidates import HeadingCandidate
from corpus.structure.lines import Line, ends_sentence, sentence_lines
from corpus.structure.numbering import parse_markers

_CONTENTS = re.compile(
    r"(?i)(?:table of )?contents|inhalt(?:sverzeichnis)?|sommaire|table des matières|índice|sumario|indice|目\s*次"
)

_MAX_TITLE = 250
_MAX_BYLINES = 8
_MAX_WORDS = 12
"""Maximum lines, and words of each, between a title and the first prose."""


def is_prose(text: str) -> bool:
    """Return whether a line is a sentence of more than three words, or longer than a title."""
    words = len(text.split()) + len(WIDE_LETTER.findall(text)) // 2
    return len(text) > _MAX_TITLE or (ends_sentence(text) and words > 3)


def first_prose(lines: Sequence[Line], taken: Collection[int], candidates: Sequence[HeadingCandidate]) -> int:
    """Return the position of the first line of prose; without one, `len(lines)`."""
    known = {candidate.line for candidate in candidates if candidate.penalty < 5}
    wrapped = {position for position in sentence_lines(lines) if not ends_sentence(lines[position].text)}
    for position, line in enumerate(lines):
        if line.blank or position in taken or position in known:
            continue
        if is_prose(line.text) or position in wrapped:
            return position
    return len(lines)


def bylines(lines: Sequence[Line], taken: Collection[int]) -> list[int]:
    """Return the lines of the cover: those above the first heading, and those of date, author and place below it.

    `taken` are the lines whose role the format declares, such as headings. Lines below the title count up to the first
    prose or heading, if one of them is an imprint; those above it, such as the publisher, if none is prose.
    """
    first = next((position for position in range(len(lines)) if position in taken), len(lines))
    above = _short_lines(lines, range(first)) if first < len(lines) else []
    below = _short_lines(lines, range(first if above or first == 0 else 0, len(lines)), taken)
    return [*above, *(below if any(is_imprint(lines[position].text) for position in below) else [])]


def heading_bylines(
    text: str, headings: Sequence[StructureMark], others: Sequence[StructureMark]
) -> tuple[set[int], set[int]]:
    """Return the starts of headings that are the bylines of a cover, and of those that are a signature.

    On the cover, headings follow each other at the beginning of the text: all between the title and the last date or
    author are bylines, and those below without text and subsections. A date is not a byline if more follow, as in a
    diary. Headings below prose without text and subsections are a signature if one names a date or an office.

    Args:
        text: The canonical text.
        headings: The headings in text order.
        others: The other marks, which count as text unless they are front matter.
    """
    content = list(text)
    for mark in others:
        if mark.kind == "front":
            content[mark.start : mark.end] = " " * (mark.end - mark.start)
    bounds = [0, *(offset for heading in headings for offset in (heading.start, heading.end)), len(text)]
    between = ["".join(content[start:end]).strip() for start, end in zip(bounds[::2], bounds[1::2], strict=True)]
    cover: set[int] = set()
    signatures: set[int] = set()
    first = 0
    for last in range(len(headings)):
        if not between[last + 1] and last + 1 < len(headings):
            continue
        if first == 0 and not any(map(is_prose, between[0].split("\n"))):
            cover = _cover_bylines(text, headings, last)
        else:
            stop = last if between[last + 1] else last + 1
            signatures |= _signature(text, headings, range(first, stop))
        first = last + 1
    return cover, signatures


def _cover_bylines(text: str, headings: Sequence[StructureMark], last: int) -> set[int]:
    """Return the starts of the bylines among the headings above the first text, which is below heading `last`."""
    dates = {n: heading.level for n, heading in enumerate(headings) if is_imprint(text[heading.start : heading.end])}
    later = {level for n, level in dates.items() if n > last}
    known = [n for n, level in dates.items() if n <= last and level not in later]
    if not known or last == 0:
        return set()
    among = range(min(known[0], 1), known[-1])
    below = (n for n in range(known[-1] + 1, last) if (headings[n].level or 0) >= (headings[n + 1].level or 0))
    return {headings[n].start for n in (*known, *among, *below)}


def _signature(text: str, headings: Sequence[StructureMark], positions: range) -> set[int]:
    """Return the starts of the headings of a signature at the end of headings that have no text."""
    level = headings[positions.stop].level or 0 if positions.stop < len(headings) else 0
    lines: dict[int, str] = {}
    for heading in (headings[n] for n in reversed(positions)):
        line = text[heading.start : heading.end]
        is_name = len(line.split()) <= _MAX_WORDS and all(marker.weak for marker in parse_markers(line))
        if (heading.level or 0) < level or not (is_name or is_imprint(line)):
            break
        lines[heading.start] = line
    return set(lines) if any(is_imprint(line) or OFFICE_TITLE.search(line) for line in lines.values()) else set()


def _short_lines(lines: Sequence[Line], positions: Sequence[int], taken: Collection[int] = ()) -> list[int]:
    """Return the first lines that are not taken, up to prose or a taken line; empty if they are many or long."""
    block: list[int] = []
    for position in positions:
        line = lines[position]
        if line.blank or (position in taken and not block):
            continue
        if position in taken:
            return block
        if is_prose(line.text):
            return block if taken else []
        if len(block) == _MAX_BYLINES or len(line.text.split()) > _MAX_WORDS:
            return []
        block.append(position)
    return [] if taken else block


def contents_lines(candidates: Sequence[HeadingCandidate], lines: Sequence[Line]) -> set[int]:
    """Return the lines of a table of contents without leaders.

    These are three or more in a row, or two below the title of a table of contents, nearly all repeated further down.
    """
    names = [
        " ".join(lines[candidate.line].text.rstrip("0123456789ivx ").casefold().split()) for candidate in candidates
    ]
    last_at = {name: position for position, name in enumerate(names)}
    rejected: set[int] = set()
    group: dict[str, int] = {}
    for position, candidate in enumerate([*candidates, None]):
        before = next(reversed(group.values()), None)
        joined = (
            before is not None
            and candidate is not None
            and candidate.body_before == candidates[before].body_before
            and names[position] not in group
        )
        if not joined and before is not None:
            again = [name for name in group if last_at[name] > before]
            first = candidates[next(iter(group.values()))].line
            if len(group) >= (2 if _is_below_contents_title(lines, first) else 3) and len(again) >= 0.8 * len(group):
                rejected |= {candidates[member].line for member in group.values()}
            group = {}
        if candidate is not None:
            group[names[position]] = position
    return rejected


def is_contents_title(text: str) -> bool:
    """Return whether a line is the title of a table of contents."""
    return _CONTENTS.fullmatch(text) is not None


def _is_below_contents_title(lines: Sequence[Line], below: int) -> bool:
    """Return whether the line above a line is the title of a table of contents."""
    return is_contents_title(next((lines[at].text for at in range(below - 1, -1, -1) if not lines[at].blank), ""))


def book_label_lines(candidates: Sequence[HeadingCandidate], first_prose: int) -> set[int]:
    """Return lines such as "Chapter 3" above an extract: a single label without a title names the source."""
    styles = Counter(candidate.markers[0].style for candidate in candidates)
    return {
        candidate.line
        for candidate in candidates
        if candidate.line < first_prose and not candidate.title and styles[candidate.markers[0].style] == 1
    }


def title_lines(lines: Sequence[Line], heads: Collection[int], taken: Collection[int], first_prose: int) -> list[int]:
    """Return the title lines before the first heading and the first prose."""
    stop = min([first_prose, *heads])
    if stop == len(lines):
        return []
    return [
        position
        for position in range(stop)
        if not lines[position].blank
        and position not in taken
        and lines[position].text[-1] not in ",:;"  # "My friends:"
    ]
