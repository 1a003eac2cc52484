"""Find the stretch of a text that is nearest to a quotation, by approximate matching of words.

Sellers, "The theory and computation of evolutionary distances: pattern recognition", 1980: the quotation may start and
end anywhere in the text. Content words cost more than function words; omitted words cost less than changed ones, and
almost nothing at an ellipsis.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from qa.checking.quotation_pattern import Token, TokenRun
from qa.editions.figures.numerals import FUNCTION_WORDS

_OMITTED_WORD = 0.2
_FUNCTION_WORD = 0.3
_ELLIPSIS_WORD = 0.004
"""Costs of a source word missing from the quotation, of a function word, and of a word at an ellipsis; a content word
costs 1. Tuned on `python -m tests.benchmarks.checking`."""

Costs = npt.NDArray[np.float64]


def nearest_stretch(quotation: Sequence[TokenRun], source: Sequence[Token]) -> tuple[float, int, int]:
    """Return the lowest cost in [0, 1] (0 is verbatim), and start and end of the nearest tokens of the source."""
    tokens = [token for run in quotation for token in run.tokens]
    if not tokens or not source:
        return 1.0, 0, 0
    known: dict[str, int] = {}
    mine = np.array([known.setdefault(token.word.casefold(), len(known)) for token in tokens])
    theirs = np.array([known.setdefault(token.word.casefold(), len(known)) for token in source])
    weights = np.array([_weight(token) for token in tokens])
    skips = np.full(len(tokens), _OMITTED_WORD)
    place = 0
    for run, following in zip(quotation, [*quotation[1:], None], strict=True):
        place += len(run.tokens)
        if following is not None:
            skips[place - 1] = _ELLIPSIS_WORD
    last = _last_row(mine, theirs, weights, skips)
    end = int(last.argmin())
    backwards = np.append(skips[:-1][::-1], _OMITTED_WORD)
    start = end - int(_last_row(mine[::-1], theirs[:end][::-1], weights[::-1], backwards).argmin())
    return min(float(last[end] / weights.sum()), 1.0), start, end


def _last_row(mine: npt.NDArray[np.int64], theirs: npt.NDArray[np.int64], weights: Costs, skips: Costs) -> Costs:
    """Return the lowest cost of the quotation ending after each word of the text, shape (words + 1,)."""
    steps = np.arange(len(theirs) + 1)
    row: Costs = np.zeros(len(theirs) + 1)
    for at, word in enumerate(mine):
        base = row + weights[at]
        base[1:] = np.minimum(base[1:], row[:-1] + np.where(theirs == word, 0.0, weights[at]))
        # words of the text that the quotation omits cost something, except after its end
        row = base if at == len(mine) - 1 else np.minimum.accumulate(base - skips[at] * steps) + skips[at] * steps
    return row


def _weight(token: Token) -> float:
    if not token.word[0].isalnum():
        return 0.1
    return _FUNCTION_WORD if token.word.casefold() in FUNCTION_WORDS else 1.0
