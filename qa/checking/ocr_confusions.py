"""Find a quotation in a recognised text (OCR) that differs only in similar letters and spaces, which engines confuse.

No two digits count as similar, so that another figure is never taken for the quoted one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from qa.checking.quotation_pattern import TokenRun
from qa.editions.word_diff import MARKS

_ALIKE = (
    *("lI1|", "oO0", "sS5", "bB8", "zZ2"),
    *("ー一", "ニ二", "ロ口", "カ力", "エ工", "タ夕", "ハ八", "ヘへ", "ベべ", "ペぺ", "ト卜", "オ才", "チ千", "ミ三"),
    *("つっ", "やゃ", "ゆゅ", "よょ", "ツッ", "ヤャ", "ユュ", "ヨョ", "アァ", "イィ", "ウゥ", "エェ", "オォ"),
)
"""Letters that look alike, in common fonts; also small letters, whose size an engine does not see."""
_SINGLE = str.maketrans({letter: group[0] for group in _ALIKE for letter in group[1:]})
_PAIRS = {"rn": "m", "vv": "w", "cl": "d"}
_MIN_SHAPES = 12
"""Minimum letters of a quotation that may begin and end inside a word, where a space is missing."""
_GAP_CHARACTERS = 12
"""Characters per word that an ellipsis omits."""


@dataclass(frozen=True, slots=True)
class _Shapes:
    """A text with similar letters replaced by one of them, each with the offsets of the letters that it replaces."""

    letters: str
    starts: Sequence[int]
    ends: Sequence[int]


def _shapes(text: str) -> _Shapes:
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for offset, character in enumerate(text.translate(MARKS)):
        if character.isspace():
            continue
        for letter in unicodedata.normalize("NFKC", character).translate(_SINGLE).casefold():
            pair = _PAIRS.get((letters[-1] if letters else "") + letter)
            if pair is not None:
                letters[-1], ends[-1] = pair, offset + 1
                continue
            letters.append(letter)
            starts.append(offset)
            ends.append(offset + 1)
    return _Shapes("".join(letters), starts, ends)


def find_confused(quotation: str, runs: Sequence[TokenRun], source: str) -> list[tuple[int, int]] | None:
    """Return the spans of the source that match the runs of a quotation in order apart from confusions, or None."""
    within = _shapes(source)
    spans: list[tuple[int, int]] = []
    for run in runs:
        wanted = _shapes(quotation[run.tokens[0].start : run.tokens[-1].end]).letters
        last = spans[-1][1] if spans else 0
        span = _find(wanted, within, source, last)
        if span is None or (spans and span[0] - last > (1 + run.gap) * _GAP_CHARACTERS):
            return None
        spans.append(span)
    return spans or None


def _find(wanted: str, within: _Shapes, source: str, begin: int) -> tuple[int, int] | None:
    """Return the first span from an offset on with these letters; a short one only as whole words."""
    at = within.letters.find(wanted)
    while wanted and at >= 0:
        start, end = within.starts[at], within.ends[at + len(wanted) - 1]
        whole = not (source[start - 1 : start].isalnum() or source[end : end + 1].isalnum())
        if start >= begin and (whole or len(wanted) >= _MIN_SHAPES):
            return start, end
        at = within.letters.find(wanted, at + 1)
    return None
