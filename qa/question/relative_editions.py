"""Editions named by position ("the latest", "the third") or by number ("the two Bluebooks"), and relative years.

English, German, French and Japanese are understood.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.metadata.years import LAST_YEAR, NEXT_YEAR, THIS_YEAR
from qa.question.series_names import Span

_ORDINALS = "second third fourth fifth sixth seventh eighth ninth tenth".split()
EDITION_WORD = r"(?:editions?|issues?|volumes?|Ausgaben?|Auflagen?|éditions?|numéros?)"
_POSITION = re.compile(
    r"\b(?:(?P<last>latest|newest|most\s+recent|current|last|neuest\w+|aktuell\w*|letzt\w+|jüngst\w+|derni(?:er|ère)s?|plus\s+récente?s?)"
    r"|(?P<previous>previous|preceding|prior|last\s+but\s+one|penultimate|vorig\w+|vorletzt\w+|précédente?|avant-derni(?:er|ère))"
    r"|(?P<first>first|earliest|oldest|original|erst\w+|ältest\w+|premi(?:er|ère))"
    rf"|(?P<nth>{'|'.join(_ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th)))\s+(?P<noun>{EDITION_WORD}\b)?",
    re.IGNORECASE,
)
_POSITION_AFTER = re.compile(
    rf"\b{EDITION_WORD}\s+(?:la\s+plus\s+récente(?P<last>)|précédente(?P<previous>))", re.IGNORECASE
)
_JAPANESE_POSITION = re.compile(
    r"(?:(?P<last>最新)|(?P<previous>前回|一つ前|前)|(?P<first>最初|初))の?(?P<noun>年?版|号)?"
)
_CONJUNCTION = re.compile(
    r"(?:to|and|or|with|,|and\s+to|und|bis|zur?|et|à)\s+(?:the\s+|der\s+|die\s+|la\s+)?", re.IGNORECASE
)

_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "two both beiden zwei beide deux 2",
            "three drei trois 3",
            "four vier quatre 4",
            "five fünf cinq 5",
        ),
        2,
    )
    for word in words.split()
}
_JAPANESE_NUMBERS = {
    "両方": 2,
    "両": 2,
    "二つ": 2,
    "三つ": 3,
    "四つ": 4,
    "五つ": 5,
    "2つ": 2,
    "3つ": 3,
    "4つ": 4,
    "5つ": 5,
}
_COUNT = re.compile(
    rf"\b(?P<end>(?:last|latest|newest|most\s+recent|letzten|neuesten)\s+)?(?P<number>{'|'.join(_NUMBERS)})"
    rf"(?P<end_after>\s+derni(?:er|ère)s)?\s+(?:(?P<noun>{EDITION_WORD})\b)?"
    rf"|(?P<japanese>{'|'.join(_JAPANESE_NUMBERS)})の?(?P<counter>年?版|号)?",
    re.IGNORECASE,
)
_ALL = re.compile(
    rf"\b(?:all|every|each|alle[nr]?|sämtliche[nr]?|jede[rn]?|toutes|tous|chaque)\s+(?:(?:the|der|die|den|les)\s+)?"
    rf"(?:(?P<noun>{EDITION_WORD})\b)?|(?:すべて|全て|全)の?(?P<counter>年?版|号)?",
    re.IGNORECASE,
)
_MOST_OF_ALL = 12
"""Editions up to which "all editions" names each of them."""


def find_relative_editions(question: str, editions: Sequence[int], series: Sequence[Span]) -> list[tuple[int, Span]]:
    """Resolve "the latest edition", "the two Bluebooks" and the like.

    A position counts only before "edition" or before the name of a series ("the latest Bluebook", not "the latest
    attack"), or where it is joined to one that counts ("from the first to the latest edition"). A number counts if
    there are so many editions, or more and the last ones are meant.

    `editions` are the existing ones, sorted; `series` the spans of the names of series in the text. Returns editions
    with the spans that name them, in text order; positions without an edition are omitted.
    """
    resolved: list[tuple[int, Span]] = []
    next_start: int | None = None
    name_starts = {start for start, _ in series}
    for match in reversed(list(_POSITION.finditer(question))):
        joined = next_start is not None and _CONJUNCTION.fullmatch(question, match.end(), next_start) is not None
        if not (match["noun"] or match.end() in name_starts or joined):
            continue
        next_start = match.start()
        resolved += _at_position(match, editions)
    resolved.reverse()
    for match in _POSITION_AFTER.finditer(question):
        resolved += _at_position(match, editions)
    for match in _JAPANESE_POSITION.finditer(question):
        if match["noun"] or match.end() in name_starts:
            resolved += _at_position(match, editions)
    for match in _COUNT.finditer(question):
        if not (match["noun"] or match["counter"] or match.end() in name_starts):
            continue
        number = _NUMBERS[match["number"].casefold()] if match["number"] else _JAPANESE_NUMBERS[match["japanese"]]
        if number == len(editions) or (number < len(editions) and (match["end"] or match["end_after"])):
            resolved += _spanned(editions[-number:], match)
    for match in _ALL.finditer(question):
        if len(editions) <= _MOST_OF_ALL and (match["noun"] or match["counter"] or match.end() in name_starts):
            resolved += _spanned(editions, match)
    return resolved


def _spanned(editions: Sequence[int], match: re.Match[str]) -> list[tuple[int, Span]]:
    """Return editions, each with the span of the words that mean them."""
    span = match.start(), match.start() + len(match.group().rstrip())
    return [(edition, span) for edition in editions]


def noun_starts(question: str) -> list[int]:
    """Return where the noun begins after "the latest", "the previous" and "the two", unless it is "edition"."""
    matches = [match for match in _POSITION.finditer(question) if match["last"] or match["previous"]]
    return [match.end() for match in (*matches, *_COUNT.finditer(question)) if not match["noun"]]


def _at_position(match: re.Match[str], editions: Sequence[int]) -> list[tuple[int, Span]]:
    position = _position(match.groupdict(), len(editions))
    if not 0 <= position < len(editions):
        return []
    return _spanned([editions[position]], match)


def _position(groups: dict[str, str | None], count: int) -> int:
    """Return the index that a match means among `count` editions; it may be out of range."""
    if groups["last"] is not None:
        return count - 1
    if groups.get("previous") is not None:
        return count - 2
    if groups.get("first") is not None:
        return 0
    ordinal = (groups["nth"] or "").lower()
    return _ORDINALS.index(ordinal) + 1 if ordinal in _ORDINALS else int(ordinal[:-2]) - 1


def find_relative_years(question: str, edition: int) -> list[int]:
    """Return the years that "last year", "this year" and "next year" mean within an edition."""
    meant = ((LAST_YEAR, edition - 1), (THIS_YEAR, edition), (NEXT_YEAR, edition + 1))
    return [year for pattern, year in meant if pattern.search(question)]
