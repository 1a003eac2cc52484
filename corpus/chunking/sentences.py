"""Split text into sentences. Pure.

Rules are used instead of a model because every offset must be exact and publications are regular: a sentence ends at a
terminator with its closing quotation marks, before white space and something that can begin a sentence. Abbreviations,
initials and acronyms with dots ("the U.S. Government") do not end it. A line break does, unless lines are hard-wrapped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

_CLOSERS = r"[\"'”’»）)\]\}」』】〉》]*+"
_END = re.compile(
    rf"(?P<wide>[。！？｡]+{_CLOSERS})"
    rf"|(?P<narrow>(?<![.!?…])[.!?…]++{_CLOSERS}(?:\[\^\S{{1,80}}?\]|\[?\d{{1,3}}\]?|[⁰¹²³⁴-⁹]{{1,3}})?)(?=\s)"
    r"|(?P<line>\n)"
)
"""Possessive quantifiers (`++`): with backtracking, a line of 40,000 full stops or blanks took minutes."""

_STARTER = re.compile(r"[\s\"'“‘«（(\[\{「『【〈《•*\-–—¿¡]*(?P<first>\S)")
_LAST_WORD = re.compile(r"[^\s(\[“\"‘']+$")
_LIST_ITEM = re.compile(r"[ \t]*(?:[-*•·‣▪|]|\(?(?:\d{1,3}|[A-Za-z]|[ivxlcIVXLC]{1,5})[.)]|[（(]\d)\s*")
_ITEM_NUMBER = re.compile(r"\n[ \t]*\(?(?:\d{1,3}|[A-Za-z]|[ivxlcIVXLC]{1,5})$")
"""A list item's number at the beginning of a line, up to its full stop."""

_ITEM_NUMBER_LENGTH = 12

_DOTTED = re.compile(r"(?:[^\W\d_]\.){2,}$")

# Abbreviations that are followed by a name or a number and never end a sentence.
_TITLES = frozenset(
    """
    mr mrs ms messrs mme mlle sr sra dr prof hon rev st mt gen maj col lt sgt capt cmdr gov sen rep pres amb min vol art
    arts sec sect ch fig figs abs pp p para paras ed eds vs cf e.g i.e ca approx al op jan feb mar apr jun jul aug sep
    sept oct nov dec
    """.split()
)
# Abbreviations only before a number: "He said no. We left." is two sentences.
_BEFORE_NUMBERS = frozenset("no nos nr".split())
_GERMAN_MONTHS = frozenset("januar februar märz april mai juni juli august september oktober november dezember".split())
_QUOTED_ON = "とはがをにのでもや、。"
"""After a closing quotation mark these continue the sentence: 「行こう。」と言った。"""

# Abbreviations that end a sentence if the next word is rarely capitalised within a sentence (_OPENERS).
_PERHAPS_LAST = frozenset("etc inc ltd co corp dept est a.m p.m".split())
_OPENERS = frozenset(
    "the this that these those there in on at as by for from with it its he she they we i you a an and but or if when "
    "while after before since although however moreover furthermore meanwhile in addition also such both each some "
    "under through during to of what who how why where our their his her".split()
)

WRAPPED_WIDTH = 110
"""Maximum line length of hard-wrapped text in characters."""


def split_sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the sentence spans of `text[start:end]` in order, trimmed; each non-blank character is in exactly one."""
    spans: list[tuple[int, int]] = []
    begin = start
    for stop in _ends(text, start, end):
        _append_trimmed(spans, text, begin, stop)
        begin = stop
    _append_trimmed(spans, text, begin, end)
    return spans


def _append_trimmed(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        start += len(piece) - len(piece.lstrip())
        spans.append((start, start + len(stripped)))


def _ends(text: str, start: int, end: int) -> Iterator[int]:
    wrapped = _is_wrapped(text, start, end)
    for match in _END.finditer(text, start, end):
        stop = match.end()
        if match["wide"] is not None:
            if text[stop - 1] in "。！？｡" or text[stop : min(end, stop + 1)] not in tuple(_QUOTED_ON):
                yield stop
        elif match["line"] is not None:
            if not wrapped or _line_ends_sentence(text, match.start(), stop, end):
                yield stop
        elif _ends_sentence(text, match.start(), stop, start, end):
            yield stop


def _is_wrapped(text: str, start: int, end: int) -> bool:
    """Whether line breaks are mostly layout: many lines, none of them long, few that end a sentence."""
    lines = [line.strip() for line in text[start:end].split("\n")]
    filled = [line for line in lines if line]
    if len(filled) < 2 or max(map(len, filled)) > WRAPPED_WIDTH:
        return False
    followed = [line for line, after in pairwise(lines) if line and after]
    open_ended = [line for line in followed if not line.endswith((".", "!", "?", ":", ";", "”", '"', "。"))]
    return bool(followed) and len(open_ended) * 2 >= len(followed) and sum(map(len, followed)) >= 40 * len(followed)


def _line_ends_sentence(text: str, line_end: int, after: int, end: int) -> bool:
    """Whether a line break in hard-wrapped text ends a sentence: at a blank line or before a list item."""
    stop = text.find("\n", after, end)
    next_line = text[after : stop if stop >= 0 else end]
    if not next_line.strip() or _LIST_ITEM.match(next_line):
        return True
    line = text[text.rfind("\n", 0, line_end) + 1 : line_end].strip()
    return not line


def _ends_sentence(text: str, mark: int, stop: int, start: int, end: int) -> bool:
    following = _STARTER.match(text, stop, end)
    if following is None:
        return True
    first = following["first"]
    # Tokenised text has spaces around marks and is often in lower case: "in the flow . the wall", "St . Louis".
    apart = stop - mark == 1 and mark > start and text[mark - 1] == " " and text[mark] != "…"
    if (first.islower() and not apart) or first in ".,;:!?)":
        return False
    if text[mark] != ".":
        return True
    head = ("\n" if mark - _ITEM_NUMBER_LENGTH <= start else "") + text[max(start, mark - _ITEM_NUMBER_LENGTH) : mark]
    if _ITEM_NUMBER.search(head) is not None:
        return False
    before = _LAST_WORD.search(text, max(start, mark - 30), mark - apart)
    word = before.group() if before else ""
    after = re.match(r"\w+\.?", text[following.start("first") : min(end, following.start("first") + 20)])
    next_word = after.group().lower() if after is not None else ""
    bare = word.rstrip(".").lower()
    if bare in _TITLES or (bare in _BEFORE_NUMBERS and first.isdigit()):
        return False
    if len(word) <= 2 and word.isdigit():
        return next_word not in _GERMAN_MONTHS  # "am 3. Oktober"
    is_initial = len(word) == 1 and word.isalpha() and word.isupper()  # "Newton D. Baker"
    if is_initial or bare in _PERHAPS_LAST or _DOTTED.search(word + "."):
        return next_word.rstrip(".") in _OPENERS and not re.fullmatch(r"\w\.", next_word)
    return True
