"""A quotation as a pattern over words: what must stand, where words may be left out or replaced. Pure.

An ellipsis says that words were left out, brackets that words were put in. Marks, hyphens, white space, the number of a
note glued to a word and the case of a first letter are no part of the wording.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from qa.editions import words

_DOTS = r"(?:…+|⋯+|・{3,}|\.{3,}|\.(?:\s\.){2,})"
_ELLIPSIS = re.compile(rf"\[\s*{_DOTS}\s*\]|\(\s*{_DOTS}\s*\)|{_DOTS}")
_BRACKETS = re.compile(r"\[([^\[\]]{0,120})\]")
_NOTE = re.compile(r"(?<=[^\W\d_]{4})[.,]?\d{1,2}$")
_ENDS = ".,;:!?。、，；：！？"
_SILENT = frozenset({"-", "."})

LEFT_OUT = 400
"""Words that an ellipsis stands for at most."""

PUT_IN = 12
"""Words of the source that brackets stand for at most."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word or sign as it is compared, and where it stands."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TokenRun:
    """Words that stand one behind the other; up to `gap` words of the source may stand before them."""

    tokens: tuple[Token, ...]
    gap: int


def read(text: str) -> list[Token]:
    """The tokens of a text: hyphens and full stops are silent, all quotation marks alike."""
    found: list[Token] = []
    for word, start, end in words.tokens(text):
        if word in _SILENT:
            continue
        plain = unicodedata.normalize("NFKC", word)
        plain = '"' if plain in "'\"" else _NOTE.sub("", plain) or plain
        found.append(Token(plain, start, end))
    return found


def runs(quotation: str) -> list[TokenRun]:
    """The runs of a quotation in order; none where it has no word."""
    found: list[TokenRun] = []
    gap = 0
    for start, end, following in _pieces(quotation):
        tokens = _trimmed([Token(one.word, one.start + start, one.end + start) for one in read(quotation[start:end])])
        if tokens:
            found.append(TokenRun(tuple(tokens), gap))
            gap = following
        else:
            gap = max(gap, following)
    return found


def _pieces(quotation: str) -> list[tuple[int, int, int]]:
    """Stretches between ellipses and brackets, each with how many words may stand behind it."""
    cuts: list[tuple[int, int, int]] = [(*match.span(), LEFT_OUT) for match in _ELLIPSIS.finditer(quotation)]
    for match in _BRACKETS.finditer(quotation):
        inside = match[1].strip()
        glued = quotation[match.end() : match.end() + 1].isalpha() and len(inside) == 1
        if not any(a < match.end() and match.start() < b for a, b, _ in cuts) and not glued:
            cuts.append((*match.span(), PUT_IN))
    pieces: list[tuple[int, int, int]] = []
    cursor = 0
    for start, end, gap in sorted(cuts):
        pieces.append((cursor, start, gap))
        cursor = end
    pieces.append((cursor, len(quotation), 0))
    return pieces


def unbracketed(quotation: str) -> str:
    """A letter put in brackets as the letter, "[T]he" as "The", padded so that offsets stay."""
    return re.sub(r"\[([^\W\d_])\](?=[^\W\d_])", lambda match: f"  {match[1]}", quotation)


def _trimmed(tokens: Sequence[Token]) -> list[Token]:
    """Without signs at the ends: a comma that the draft's own sentence needs stands inside American marks."""
    kept = list(tokens)
    while kept and (kept[-1].word in _ENDS or kept[-1].word == '"'):
        kept.pop()
    while kept and (kept[0].word in _ENDS or kept[0].word == '"'):
        kept.pop(0)
    return kept


def find(found: Sequence[TokenRun], source: Sequence[Token]) -> tuple[int, int] | None:
    """First and last-but-one token of the first place where a source has the runs in order; None where it has not."""
    if not found:
        return None
    heads = [at for at, token in enumerate(source) if _same(found[0].tokens[0], token, first=True)]
    for head in heads:
        end = _matched(found[0], source, head)
        place = end
        for run in found[1:]:
            if place is None:
                break
            place = next(
                (
                    stop
                    for at in range(place, min(place + run.gap, len(source) - 1) + 1)
                    if (stop := _matched(run, source, at)) is not None
                ),
                None,
            )
        if place is not None:
            return head, place
    return None


def _matched(run: TokenRun, source: Sequence[Token], at: int) -> int | None:
    """Where the run ends that begins at a token of the source."""
    if at + len(run.tokens) > len(source):
        return None
    for place, token in enumerate(run.tokens):
        if not _same(token, source[at + place], first=place == 0):
            return None
    return at + len(run.tokens)


def _same(one: Token, other: Token, *, first: bool) -> bool:
    if one.word == other.word:
        return True
    return first and one.word[1:] == other.word[1:] and one.word[:1].casefold() == other.word[:1].casefold()
