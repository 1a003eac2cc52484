"""Editions named by their place among the others: the latest, the previous, the first, the third. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

_ORDINALS = "second third fourth fifth sixth seventh eighth ninth tenth".split()
_KIND = r"(?:editions?|issues?|volumes?)"
_PLACE = re.compile(
    rf"\b(?:(?P<last>latest|newest|most\s+recent|current|last)|(?P<previous>previous|preceding|prior|last\s+but\s+one|penultimate)"
    rf"|(?P<first>first|earliest|oldest|original)|(?P<nth>{'|'.join(_ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th)))\s+(?P<what>{_KIND}\b)?",
    re.IGNORECASE,
)

_LINK = re.compile(r"(?:to|and|or|with|,|and\s+to)\s+(?:the\s+)?", re.IGNORECASE)


def named_by_place(
    question: str, editions: Sequence[int], series: Sequence[tuple[int, int]]
) -> list[tuple[int, tuple[int, int]]]:
    """Each such edition (of `editions`, sorted) with the span of the words that name it.

    The words must stand before "edition" or before a series' name, whose spans are `series`: "the latest Bluebook", not
    "the latest attack". An edition that is not there names none.
    """
    found: list[tuple[int, tuple[int, int]]] = []
    following: int | None = None  # where the next accepted place begins: "from the first to the latest edition"
    names = {begin for begin, _ in series}
    for match in reversed(list(_PLACE.finditer(question))):
        starts_name = match.end() in names
        elided = following is not None and _LINK.fullmatch(question, match.end(), following) is not None
        if not (match["what"] or starts_name or elided):
            continue
        following = match.start()
        place = _position(match, len(editions))
        if place is not None and 0 <= place < len(editions):
            found.append((editions[place], (match.start(), match.start() + len(match.group().rstrip()))))
    return found[::-1]


def _position(match: re.Match[str], count: int) -> int | None:
    """Which of `count` editions in order of years is meant, from 0."""
    if match["last"]:
        return count - 1
    if match["previous"]:
        return count - 2
    if match["first"]:
        return 0
    word = match["nth"].lower()
    return _ORDINALS.index(word) + 1 if word in _ORDINALS else int(re.sub(r"\D", "", word)) - 1
