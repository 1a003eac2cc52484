"""What a question is about, without the editions and series that it names. Pure.

"How did escorts change between the 2016 and the 2020 Bluebook?" is about escorts. Where it is to be looked for is a
preference of its own; left in the text it draws passages that speak of books and years. On the comparing questions of
the development set this lifted the mean reciprocal rank by about a tenth.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]")
_BEFORE = frozenset(
    "according to in from between compared with by of for and or the one both as per than versus vs".split()
)
"""Words that lead to a name and mean nothing without it."""

_AFTER = frozenset("edition editions one ones , )".split())
_LEAST_WORDS = 4


def topic(question: str, mentions: Sequence[tuple[int, int]]) -> str:
    """The question without these spans and the words that led to them; itself where little would be left."""
    if not mentions:
        return question
    words = [match.span() for match in _WORD.finditer(question)]
    gone = [any(start < b and a < end for a, b in mentions) for start, end in words]
    for at, (start, end) in enumerate(words):  # what follows a name ("2016 edition"), from left to right
        if at and gone[at - 1] and question[start:end].casefold() in _AFTER:
            gone[at] = True
    for at in range(len(words) - 2, -1, -1):  # what leads to a name ("in the"), from right to left
        start, end = words[at]
        if gone[at + 1] and question[start:end].casefold() in _BEFORE | _AFTER | {"("}:
            gone[at] = True
    kept = [span for span, out in zip(words, gone, strict=True) if not out]
    if sum(question[start:end].isalnum() for start, end in kept) < _LEAST_WORDS:
        return question
    pieces = [question[a:b] for a, b in kept]
    return re.sub(r"\s+([?.,;:!])", r"\1", " ".join(pieces))
