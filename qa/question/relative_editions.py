"""Editions named by position ("the latest", "the third") or by number ("the two Bluebooks"), and relative years.

English, German, French, Spanish and Japanese are understood.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from corpus.metadata.years import LAST_YEAR_WORDS, NEXT_YEAR_WORDS, THIS_YEAR_WORDS
from corpus.records import Span
from corpus.vocabulary import ORDINALS

_ORDINALS = list(ORDINALS)[1:10]
EDITION_WORD = r"(?:editions?|issues?|volumes?|Ausgaben?|Auflagen?|éditions?|numéros?|edición|ediciones|números?)"
_LAST = (
    r"latest|newest|most\s+recent|last|neuest\w+|letzt\w+|jüngst\w+|derni(?:er|ère)s?|plus\s+récente?s?"
    r"|últim[oa]s?|más\s+recientes?"
)
_FIRST = r"first|earliest|oldest|original|erst\w+|ältest\w+|premi(?:er|ère)s?|primer[oa]?s?"
_POSITION = re.compile(
    rf"\b(?:(?P<last>{_LAST}|current|aktuell\w*)"
    r"|(?P<previous>previous|preceding|prior|last\s+but\s+one|penultimate|vorig\w+|vorletzt\w+|précédente?|avant-derni(?:er|ère)|penúltim[oa])"
    rf"|(?P<first>{_FIRST})"
    rf"|(?P<nth>{'|'.join(_ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th)))\s+(?P<noun>{EDITION_WORD}\b)?",
    re.IGNORECASE,
)
_POSITION_AFTER = re.compile(
    rf"\b{EDITION_WORD}\s+(?:(?:la\s+)?(?:plus\s+récente|más\s+reciente)(?P<last>)|(?:précédente|anterior)\b(?P<previous>))",
    re.IGNORECASE,
)
_BUT_ONE = re.compile(r"\blast\s+(?P<noun>[\w ]+?)\s+but\s+one\b", re.IGNORECASE)
_JAPANESE_POSITION = re.compile(
    r"(?:(?P<last>最新|直近)|(?P<previous>前回|一つ前|前)|(?P<first>最初|初))の?(?P<noun>年?版|号)?"
)
_CONJUNCTION = re.compile(
    r"(?:to|and|or|with|,|and\s+to|und|bis|zur?|et|à|y|a)\s+(?:the\s+|der\s+|die\s+|la\s+)?", re.IGNORECASE
)

_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "two both beiden zwei beide deux dos ambas ambos 2",
            "three drei trois tres 3",
            "four vier quatre cuatro 4",
            "five fünf cinq cinco 5",
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
    rf"\b(?:(?P<end>{_LAST})\s+|(?P<begin>{_FIRST})\s+)?(?P<number>{'|'.join(_NUMBERS)})"
    rf"(?:\s+(?P<end_after>{_LAST})|\s+(?P<begin_after>{_FIRST}))?\s+(?:(?P<noun>{EDITION_WORD})\b)?"
    rf"|(?:(?P<japanese_end>最新|最近|直近)|(?P<japanese_begin>最初))?の?(?P<japanese>{'|'.join(_JAPANESE_NUMBERS)})の?(?P<counter>年?版|号)?",
    re.IGNORECASE,
)
_NEAR = 100
"""Characters searched before a named edition: with all of them, a text of years takes quadratic time."""

_ALL = re.compile(
    rf"\b(?:all|every|each|alle[nr]?|sämtliche[nr]?|jede[rn]?|toutes|tous|chaque|tod[oa]s|cada)\s+(?:(?:the|der|die|den|l[eoa]s)\s+)?"
    rf"(?:(?P<noun>{EDITION_WORD})\b)?|(?:すべて|全て|全)の?(?P<counter>年?版|号)?",
    re.IGNORECASE,
)
_NEIGHBOUR_BEFORE = re.compile(
    r"\s+(?:(?P<earlier>before|preceding|prior\s+to|vor|(?:qui\s+)?précéd(?:e|ant)|avant|anterior\s+a)"
    r"|(?P<later>after|following|nach|suivant|(?:qui\s+)?suit|après|(?:posterior|siguiente)\s+al?))\s+"
    rf"(?:(?:the|that|de[mr]|das|die|le|la|l['’]|el)\s*)*(?:(?:{EDITION_WORD}\s+)?(?:of|von|de|für)\s+)?$",
    re.IGNORECASE,
)
"""Words before a named edition that mean the one beside it, if "edition" or the name of its series precedes them."""

_EDITION_LAST = re.compile(rf"\b{EDITION_WORD}$", re.IGNORECASE)
_NEIGHBOUR_AFTER = re.compile(r"(?:年?版)?の(?:(?P<earlier>一つ前|前)|(?P<later>次))の?(?:年?版|号)")
MAX_COMPARED_EDITIONS = 12
"""A question that could mean more editions than this is answered from the best passages of any edition."""


def find_relative_editions(question: str, editions: Sequence[int], series: Sequence[Span]) -> list[tuple[int, Span]]:
    """Resolve "the latest edition", "the two Bluebooks" and the like.

    A position counts only before "edition" or before the name of a series ("the latest Bluebook", not "the latest
    attack"), or where it is joined to one that counts ("from the first to the latest edition"). A number counts if
    it is the number of editions, or smaller and the last ones are meant.

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
    resolved = _last_but_one(question, editions, name_starts, resolved)
    for match in _POSITION_AFTER.finditer(question):
        resolved += _at_position(match, editions)
    for match in _JAPANESE_POSITION.finditer(question):
        if match["noun"] or match.end() in name_starts:
            resolved += _at_position(match, editions)
    resolved += _resolve_counts(question, editions, name_starts)
    for match in _ALL.finditer(question):
        if len(editions) <= MAX_COMPARED_EDITIONS and (match["noun"] or match["counter"] or match.end() in name_starts):
            resolved += _with_span(editions, match)
    return resolved


def _last_but_one(
    question: str, editions: Sequence[int], name_starts: Collection[int], resolved: list[tuple[int, Span]]
) -> list[tuple[int, Span]]:
    """Replace "the last Bluebook", where "but one" follows."""
    for match in _BUT_ONE.finditer(question):
        if len(editions) > 1 and (match.start("noun") in name_starts or _EDITION_LAST.fullmatch(match["noun"])):
            resolved = [(year, span) for year, span in resolved if span[0] != match.start()]
            resolved += _with_span([editions[-2]], match)
    return resolved


def _resolve_counts(question: str, editions: Sequence[int], name_starts: Collection[int]) -> list[tuple[int, Span]]:
    """Resolve "the two Bluebooks", "the last two editions" and "the first two editions"."""
    resolved: list[tuple[int, Span]] = []
    for match in _COUNT.finditer(question):
        if not (match["noun"] or match["counter"] or match.end() in name_starts):
            continue
        number = _NUMBERS[match["number"].casefold()] if match["number"] else _JAPANESE_NUMBERS[match["japanese"]]
        at_end = match["end"] or match["end_after"] or match["japanese_end"]
        at_begin = match["begin"] or match["begin_after"] or match["japanese_begin"]
        if number == len(editions) or (number < len(editions) and (at_end or at_begin)):
            resolved += _with_span(editions[:number] if at_begin else editions[-number:], match)
    return resolved


def find_neighbour(
    question: str, named: Span, edition: int, editions: Sequence[int], series: Sequence[Span]
) -> tuple[int, Span] | None:
    """Return the edition beside a named one and the words that mean it: "the edition before the 2020 Bluebook".

    Args:
        question: The question.
        named: Span of the words that name an edition, with its series if that is beside the year.
        edition: The edition that they name.
        editions: The existing editions, sorted.
        series: Spans of the names of series.

    Returns:
        None if the named edition itself is meant, or if there is none beside it.
    """
    start, end = named
    first = max(0, start - _NEAR)
    if (match := _NEIGHBOUR_BEFORE.search(question, first, start)) is not None:
        word = _EDITION_LAST.search(question, first, match.start())
        begins = [begin for begin, stop in series if stop == match.start()] + ([word.start()] if word else [])
        span = min(begins, default=-1), match.end()
    else:
        match = _NEIGHBOUR_AFTER.match(question, end)
        span = (end, match.end()) if match is not None else (-1, -1)
    if match is None or span[0] < 0:
        return None
    if match["earlier"]:
        return next(((other, span) for other in reversed(editions) if other < edition), None)
    return next(((other, span) for other in editions if other > edition), None)


def _with_span(editions: Sequence[int], match: re.Match[str]) -> list[tuple[int, Span]]:
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
    return _with_span([editions[position]], match)


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
    meant = ((LAST_YEAR_WORDS, edition - 1), (THIS_YEAR_WORDS, edition), (NEXT_YEAR_WORDS, edition + 1))
    return [year for pattern, year in meant if pattern.search(question)]
