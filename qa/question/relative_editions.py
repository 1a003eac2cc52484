"""Editions named by their position: the latest, the previous, the first, the third."""

from __future__ import annotations

import re
from collections.abc import Sequence

_ORDINALS = "second third fourth fifth sixth seventh eighth ninth tenth".split()
_POSITION = re.compile(
    r"\b(?:(?P<last>latest|newest|most\s+recent|current|last)"
    r"|(?P<previous>previous|preceding|prior|last\s+but\s+one|penultimate)"
    r"|(?P<first>first|earliest|oldest|original)"
    rf"|(?P<nth>{'|'.join(_ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th)))\s+(?P<noun>(?:editions?|issues?|volumes?)\b)?",
    re.IGNORECASE,
)
_CONJUNCTION = re.compile(r"(?:to|and|or|with|,|and\s+to)\s+(?:the\s+)?", re.IGNORECASE)


def find_relative_editions(
    question: str, editions: Sequence[int], series: Sequence[tuple[int, int]]
) -> list[tuple[int, tuple[int, int]]]:
    """Resolve "the latest edition" and the like.

    A position counts only before "edition" or before the name of a series ("the latest Bluebook", not "the latest
    attack"), or where it is joined to one that counts ("from the first to the latest edition").

    `editions` are the existing ones, sorted; `series` the spans of the names of series in the text. Returns editions
    with the spans that name them, in text order; positions without an edition are omitted.
    """
    resolved: list[tuple[int, tuple[int, int]]] = []
    next_start: int | None = None
    name_starts = {start for start, _ in series}
    for match in reversed(list(_POSITION.finditer(question))):
        joined = next_start is not None and _CONJUNCTION.fullmatch(question, match.end(), next_start) is not None
        if not (match["noun"] or match.end() in name_starts or joined):
            continue
        next_start = match.start()
        position = _position(match, len(editions))
        if 0 <= position < len(editions):
            resolved.append((editions[position], (match.start(), match.start() + len(match.group().rstrip()))))
    return resolved[::-1]


def _position(match: re.Match[str], count: int) -> int:
    """Return the index that a match means among `count` editions; it may be out of range."""
    if match["last"]:
        return count - 1
    if match["previous"]:
        return count - 2
    if match["first"]:
        return 0
    ordinal = match["nth"].lower()
    return _ORDINALS.index(ordinal) + 1 if ordinal in _ORDINALS else int(ordinal[:-2]) - 1
