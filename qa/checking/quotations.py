"""Quotations in a text: by quotation marks of all usual kinds, and block quotes. Pure: spans in, spans out.

Only the outermost of nested marks make a quotation; what stands inside is part of what is quoted. Straight marks open
behind a blank and close before one; an apostrophe is no mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.checking.draft import Draft

_PAIRS = {
    "“": "”“", "„": "“”„", "«": "»", "»": "«", "‹": "›", "›": "‹", "「": "」", "『": "』", "《": "》", "〝": "〟〞",
    "‘": "’‘", "‚": "‘’", '"': '"', "'": "'", "＂": "＂", "”": "”",
}  # fmt: skip
"""Opening marks and what closes each: “English”, „German“, »Danish« and «French», ”Swedish”."""

_MARKS = frozenset("".join([*_PAIRS, *_PAIRS.values()]))
_PARAGRAPH = re.compile(r"\n[ \t]*\n|\n(?=[ \t]{0,3}>)")
_APOSTROPHES = frozenset("'’‘")
_TEX = re.compile(r"``(.+?)''", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Quotation:
    """`[start, end)` of the draft, without the marks. `block` says that it is a block quote."""

    start: int
    end: int
    text: str
    block: bool = False


def quotations(draft: Draft) -> list[Quotation]:
    """All quotations of a draft in order; none lies in another."""
    found = [Quotation(start, end, draft.text[start:end], block=True) for start, end in draft.blocks]
    for start, end in _paragraphs(draft.text):
        found += [
            Quotation(a, b, draft.text[a:b])
            for a, b in _marked(draft.text, start, end)
            if not any(begin < b and a < stop for begin, stop in draft.blocks)
        ]
    return sorted(found, key=lambda one: one.start)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _PARAGRAPH.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def _marked(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    tex = [match.span(1) for match in _TEX.finditer(text, start, end)]
    yield from tex
    at = start
    while at < end:
        inside = next((b for a, b in tex if a <= at < b), None)
        if inside is not None:
            at = inside + 2
            continue
        if text[at] in _PAIRS and _opens(text, at, start):
            stop = _closing(text, at, end)
            if stop is not None:
                if text[at + 1 : stop].strip():
                    yield at + 1, stop
                at = stop + 1
                continue
            if _continues(text, at, end):
                yield at + 1, end
                return
        at += 1


def _opens(text: str, at: int, start: int) -> bool:
    mark = text[at]
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    if mark in "「『《〝":
        return True
    if mark in "«»‹›":  # French ones have a blank inside
        return not before.isalnum()
    if after.isspace():
        return False
    return not (before.isalnum() and before < "\u3000") and before not in ".,;!?"


def _closing(text: str, at: int, end: int) -> int | None:
    """Where the mark at a place is closed; marks opened in between are closed first."""
    closers = _PAIRS[text[at]]
    depth: list[str] = [closers]
    place = at + 1
    while place < end:
        mark = text[place]
        if mark in _MARKS:
            if mark in depth[-1] and _closes(text, place, end):
                depth.pop()
                if not depth:
                    return place
            elif mark in _PAIRS and mark not in closers and _opens(text, place, at + 1):
                if _nested(text, place, end, closers):
                    depth.append(_PAIRS[mark])
            elif mark in closers and _closes(text, place, end):
                return place  # an inner mark that was never closed
        place += 1
    return None


def _nested(text: str, at: int, end: int, outer: str) -> bool:
    """Whether a mark inside a quotation is closed before the quotation is."""
    for place in range(at + 1, end):
        if text[place] in _PAIRS[text[at]] and _closes(text, place, end):
            return True
        if text[place] in outer and _closes(text, place, end):
            return False
    return False


def _closes(text: str, at: int, end: int) -> bool:
    mark = text[at]
    before = text[at - 1]
    after = text[at + 1] if at + 1 < end else " "
    if mark in _APOSTROPHES and after.isalnum():
        return False  # an apostrophe: "Japan’s"
    if mark in "」』》〟〞«»‹›":
        return True
    if mark in '"＂' and before.isspace() and not after.isspace():
        return False
    return not (before.isspace() and after.isalnum())


def _continues(text: str, at: int, end: int) -> bool:
    """Whether an unclosed quotation goes on in the next paragraph, which then begins with its mark again."""
    following = text[end:].lstrip()
    return following.startswith(text[at])
