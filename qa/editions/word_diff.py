"""Differences between two texts by word; white space and the form of quotation marks and hyphens are ignored."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from corpus.records import Span
from corpus.scripts import WIDE
from corpus.vocabulary import CURRENCY_SIGNS

_WIDE = f"〇{WIDE}"
_LETTER = rf"[^\W_{_WIDE}]"
_REST = rf"{_LETTER}(?:{_LETTER}|[.,'’](?={_LETTER}))*"
_TOKEN = re.compile(rf"[{_WIDE}]|(?<![^\s(\[“‘\"':;|{CURRENCY_SIGNS}{_WIDE}])[-−–+]?\.?(?=\d){_REST}|{_REST}|[^\w\s]|_")
"""A number with its sign and leading point (-1.2, .5), a word with inner points and commas ("371.37"), a sign, or
a character of a script without spaces."""

QUOTE_MARKS = str.maketrans(dict.fromkeys("‘’‚‛′`´", "'") | dict.fromkeys("“”„‟″«»「」『』＂", '"'))
"""Forms of quotation marks, with the straight ones."""

MARKS = QUOTE_MARKS | str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
"""Forms of quotation marks and hyphens."""


_BAR = "|"
"""Between the cells of a table row."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Spans of words deleted from the earlier text and inserted into the later one, in order."""

    deleted: tuple[Span, ...] = ()
    inserted: tuple[Span, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.deleted or self.inserted)


NO_DIFFERENCE = Difference()


def tokens(text: str) -> list[tuple[str, int, int]]:
    """Return words and signs with unified marks, each with its start and end."""
    return [(match.group().translate(MARKS), match.start(), match.end()) for match in _TOKEN.finditer(text)]


Edit = tuple[str, int, int, int, int]
"""As in `SequenceMatcher.get_opcodes`: the kind of edit, and the words of both texts that it concerns."""


def _edits(old: Sequence[str], new: Sequence[str]) -> Sequence[Edit]:
    """Return the edits from one list of words to another; those of two table rows are found cell by cell."""
    if not old.count(_BAR) == new.count(_BAR) > 0:
        return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    edits: list[Edit] = []
    for (i, j), (k, m) in zip(_cells(old), _cells(new), strict=True):
        matcher = SequenceMatcher(None, old[i:j], new[k:m], autojunk=False)
        edits += ((kind, a + i, b + i, c + k, d + k) for kind, a, b, c, d in matcher.get_opcodes())
        if j < len(old):
            edits.append(("equal", j, j + 1, m, m + 1))
    return edits


def _cells(words: Sequence[str]) -> Iterator[Span]:
    bars = [position for position, word in enumerate(words) if word == _BAR]
    return zip([0, *(bar + 1 for bar in bars)], [*bars, len(words)], strict=True)


def difference(old: str, new: str) -> Difference:
    """Return the words in which two texts differ."""
    first, second = tokens(old), tokens(new)
    a, b = [word for word, _, _ in first], [word for word, _, _ in second]
    if a == b:
        return NO_DIFFERENCE
    deleted: list[Span] = []
    inserted: list[Span] = []
    for kind, i, j, k, m in _edits(a, b):
        if kind != "equal":
            (i, j), (k, m) = _without_bars(a, i, j), _without_bars(b, k, m)
            deleted += _span(first[i:j])
            inserted += _span(second[k:m])
    return Difference(tuple(deleted), tuple(inserted))


Segment = tuple[Literal["equal", "deleted", "inserted"], str]


def segments(old: str, new: str) -> list[Segment]:
    """Return the edit from an old text to a new one as equal, deleted and inserted segments, in order.

    The equal and inserted segments joined are the later text. A deleted segment has a blank before or after its words
    where they would otherwise run into their neighbours (see `split_blanks`).
    """
    first, second = tokens(old), tokens(new)
    a, b = [word for word, _, _ in first], [word for word, _, _ in second]
    result: list[Segment] = []
    cursor = 0
    for kind, i, j, k, m in _edits(a, b):
        (i, j), (k, m) = (_without_bars(a, i, j), _without_bars(b, k, m)) if kind != "equal" else ((i, j), (k, m))
        begin = second[k][1] if k < len(second) else len(new)
        if kind != "equal":
            if begin > cursor:
                result.append(("equal", new[cursor:begin]))
            if j > i:
                start, end = first[i][1], first[j - 1][2]
                joins_before = begin > 0 and not new[begin - 1].isspace()
                joins_after = begin < len(new) and not new[begin].isspace()
                before = " " if joins_before and not old[:start][-1:].strip() else ""
                after = " " if joins_after and not old[end : end + 1].strip() else ""
                result.append(("deleted", before + old[start:end] + after))
            if m > k:
                result.append(("inserted", new[begin : second[m - 1][2]]))
                begin = second[m - 1][2]
            cursor = begin
    if cursor < len(new):
        result.append(("equal", new[cursor:]))
    return result


def split_blanks(deleted: str) -> tuple[str, str, str]:
    """Split a deleted segment into the blank before, the words, and the blank after."""
    words = deleted.strip()
    before, _, after = deleted.partition(words)
    return before, words, after


def _without_bars(words: Sequence[str], start: int, end: int) -> Span:
    """Return a span of words without the bars of table rows at its ends, which some formats lack."""
    while start < end and words[start] == _BAR:
        start += 1
    while start < end and words[end - 1] == _BAR:
        end -= 1
    return start, end


def _span(words: Sequence[tuple[str, int, int]]) -> list[Span]:
    return [(words[0][1], words[-1][2])] if words else []


def share_kept(old: str, new: str) -> float:
    """Return the share of a text's words found in another in runs of three or more, in linear time."""
    a, b = [word for word, _, _ in tokens(old)], [word for word, _, _ in tokens(new)]
    if not a:
        return 1.0 if not b else 0.0
    length = min(3, len(a))
    there = {tuple(b[at : at + length]) for at in range(len(b) - length + 1)}
    matched = [False] * len(a)
    for at in range(len(a) - length + 1):
        if tuple(a[at : at + length]) in there:
            matched[at : at + length] = [True] * length
    return round(sum(matched) / len(matched), 4)
