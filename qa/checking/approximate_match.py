"""Find the part of a text that is nearest to a quotation, by approximate matching of words.

Sellers, "The theory and computation of evolutionary distances: pattern recognition", 1980: the quotation may start and
end anywhere in the text. Content words cost more than function words; omitted words cost less than changed ones, and
almost nothing at an ellipsis.

In a recognised text (OCR) a quotation may differ in similar letters and in spaces, which engines confuse. No two digits
count as similar, so that another figure is never taken for the quoted one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.lexical.analysis import FUNCTION_WORDS
from qa.checking.quotation_pattern import Token, TokenRun
from qa.editions.word_diff import MARKS

_OMITTED_WORD = 0.2
"""Cost of a source word missing from the quotation. A content word costs 1. All costs were tuned on
`python -m tests.benchmarks.checking`."""

_FUNCTION_WORD = 0.3
"""Cost of a function word."""

_ELLIPSIS_WORD = 0.004
"""Cost of a source word at an ellipsis."""

_SAME_COST = 1e-9
"""Costs that differ less differ by rounding only."""

Costs = npt.NDArray[np.float64]
_SIMILAR_LETTERS = (
    *("lI1|", "oO0", "sS5", "bB8", "zZ2"),
    *("ー一", "ニ二", "ロ口", "カ力", "エ工", "タ夕", "ハ八", "ヘへ", "ベべ", "ペぺ", "ト卜", "オ才", "チ千", "ミ三"),
    *("つっ", "やゃ", "ゆゅ", "よょ", "ツッ", "ヤャ", "ユュ", "ヨョ", "アァ", "イィ", "ウゥ", "エェ", "オォ"),
)
"""Letters that look alike, in common fonts; also small letters, whose size an engine does not see."""
_ONE_OF_SIMILAR = str.maketrans({letter: group[0] for group in _SIMILAR_LETTERS for letter in group[1:]})
_SIMILAR_PAIRS = {"rn": "m", "vv": "w", "cl": "d"}
"""Pairs of letters that look like one letter."""

_MIN_SHAPES = 12
"""Minimum letters of a quotation that may begin and end inside a word, where a space is missing."""
_GAP_CHARACTERS = 12
"""Characters per word that an ellipsis omits."""


class NearestTokens(NamedTuple):
    """The tokens of a source that are nearest to a quotation.

    `cost` is in [0, 1]; 0 is verbatim. `start` and `end` are the fewest tokens of that cost, `widest_start` and
    `widest_end` the most: where the first or the last word was replaced, they include what it replaced.
    """

    cost: float
    start: int
    end: int
    widest_start: int
    widest_end: int


def nearest_tokens(quotation: Sequence[TokenRun], source: Sequence[Token]) -> NearestTokens:
    """Return the tokens of a source that are nearest to a quotation."""
    tokens = [token for run in quotation for token in run.tokens]
    if not tokens or not source:
        return NearestTokens(1.0, 0, 0, 0, 0)
    known: dict[str, int] = {}
    draft_words = np.array([known.setdefault(token.word.casefold(), len(known)) for token in tokens])
    source_words = np.array([known.setdefault(token.word.casefold(), len(known)) for token in source])
    weights = np.array([_weight(token) for token in tokens])
    skip_costs = np.full(len(tokens), _OMITTED_WORD)
    position = 0
    for run, following in zip(quotation, [*quotation[1:], None], strict=True):
        position += len(run.tokens)
        if following is not None:
            skip_costs[position - 1] = _ELLIPSIS_WORD
    last = _last_row(draft_words, source_words, weights, skip_costs)
    end = int(last.argmin())
    backwards = np.append(skip_costs[:-1][::-1], _OMITTED_WORD)
    first = _last_row(draft_words[::-1], source_words[:end][::-1], weights[::-1], backwards)
    length = int(first.argmin())
    return NearestTokens(
        min(float(last[end] / weights.sum()), 1.0),
        end - length,
        end,
        end - _last_tie(first, length),
        _last_tie(last, end),
    )


def _last_tie(row: Costs, position: int) -> int:
    """Return the last of the positions with the same cost that follow one another from a position."""
    while position + 1 < len(row) and abs(row[position + 1] - row[position]) < _SAME_COST:
        position += 1
    return position


def _last_row(
    draft_words: npt.NDArray[np.int64], source_words: npt.NDArray[np.int64], weights: Costs, skip_costs: Costs
) -> Costs:
    """Return the lowest cost of the quotation ending after each word of the text, shape (words + 1,)."""
    steps = np.arange(len(source_words) + 1)
    row: Costs = np.zeros(len(source_words) + 1)
    for at, word in enumerate(draft_words):
        base = row + weights[at]
        base[1:] = np.minimum(base[1:], row[:-1] + np.where(source_words == word, 0.0, weights[at]))
        # words of the text that the quotation omits cost something, except after its end
        row = (
            base
            if at == len(draft_words) - 1
            else np.minimum.accumulate(base - skip_costs[at] * steps) + skip_costs[at] * steps
        )
    return row


def _weight(token: Token) -> float:
    if not token.word[0].isalnum():
        return 0.1
    return _FUNCTION_WORD if token.word.casefold() in FUNCTION_WORDS else 1.0


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
        for letter in unicodedata.normalize("NFKC", character).translate(_ONE_OF_SIMILAR).casefold():
            pair = _SIMILAR_PAIRS.get((letters[-1] if letters else "") + letter)
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
