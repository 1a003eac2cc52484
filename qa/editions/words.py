"""What differs between two texts, by word: spans in the one and spans in the other. Pure.

White space, the form of quotation marks and of hyphens are no differences. Identical text has none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Span = tuple[int, int]

_TOKEN = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]"
    r"|[^\W_](?:[^\W_]|[.,'’](?=[^\W_]))*|[^\w\s]|_"
)
"""A word with the points and commas inside it ("371.37", "U.S"), a sign, or a character of a script without spaces."""

_MARKS = str.maketrans(
    dict.fromkeys("‘’‚‛′`´", "'") | dict.fromkeys("“”„‟″«»「」『』＂", '"') | dict.fromkeys("‐‑‒–—−", "-")
)


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two texts differ: `one` and `other` are spans of words that the other text lacks, in order."""

    deleted: tuple[Span, ...] = ()
    inserted: tuple[Span, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.deleted or self.inserted)


NONE = Difference()


def tokens(text: str) -> list[tuple[str, int, int]]:
    """Words and signs, with marks made alike, and where each stands."""
    return [(match.group().translate(_MARKS), match.start(), match.end()) for match in _TOKEN.finditer(text)]


def same(one: str, other: str) -> bool:
    """Whether two texts are the same but for white space and the form of marks."""
    return [word for word, _, _ in tokens(one)] == [word for word, _, _ in tokens(other)]


def difference(one: str, other: str) -> Difference:
    """The words in which two texts differ."""
    first, second = tokens(one), tokens(other)
    a, b = [word for word, _, _ in first], [word for word, _, _ in second]
    if a == b:
        return NONE
    gone: list[Span] = []
    come: list[Span] = []
    for kind, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind != "equal":
            gone += _span(first[i:j])
            come += _span(second[k:m])
    return Difference(tuple(gone), tuple(come))


Segment = tuple[Literal["same", "gone", "come"], str]


def segments(one: str, other: str) -> list[Segment]:
    """A text as it became another: what both have (as the other writes it), what is gone, what has come, in order.

    What is `same` and what has `come` joined is the other text, whole; what is `gone` are words of the one, with a
    blank before or behind where they would run into what stands beside them and did not in the one (see `parted`).
    """
    first, second = tokens(one), tokens(other)
    a, b = [word for word, _, _ in first], [word for word, _, _ in second]
    found: list[Segment] = []
    cursor = 0
    for kind, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        begin = second[k][1] if k < len(second) else len(other)
        if kind != "equal":
            if begin > cursor:
                found.append(("same", other[cursor:begin]))
            if j > i:
                start, end = first[i][1], first[j - 1][2]
                joins_before = begin > 0 and not other[begin - 1].isspace()
                joins_after = begin < len(other) and not other[begin].isspace()
                before = " " if joins_before and not one[:start][-1:].strip() else ""
                after = " " if joins_after and not one[end : end + 1].strip() else ""
                found.append(("gone", before + one[start:end] + after))
            if m > k:
                found.append(("come", other[begin : second[m - 1][2]]))
                begin = second[m - 1][2]
            cursor = begin
    if cursor < len(other):
        found.append(("same", other[cursor:]))
    return found


def parted(gone: str) -> tuple[str, str, str]:
    """The blank before, the words, and the blank behind what is `gone`."""
    words = gone.strip()
    before, _, after = gone.partition(words)
    return before, words, after


def _span(found: Sequence[tuple[str, int, int]]) -> list[Span]:
    return [(found[0][1], found[-1][2])] if found else []


def stayed(one: str, other: str) -> float:
    """The share of a text's words that stand in another in runs of three and more: 1 where all of it stayed.

    Linear in the texts; a shorter text counts as one run.
    """
    a, b = [word for word, _, _ in tokens(one)], [word for word, _, _ in tokens(other)]
    if not a:
        return 1.0 if not b else 0.0
    length = min(3, len(a))
    there = {tuple(b[at : at + length]) for at in range(len(b) - length + 1)}
    kept = [False] * len(a)
    for at in range(len(a) - length + 1):
        if tuple(a[at : at + length]) in there:
            kept[at : at + length] = [True] * length
    return round(sum(kept) / len(kept), 4)
