"""Where a text comes nearest to a quotation that it does not hold, and how near. Pure.

An alignment of words after Sellers ("The theory and computation of evolutionary distances: pattern recognition", 1980):
the quotation may begin and end anywhere in the text. Words of content cost more than others; words left out cost less
than words changed, and nothing where an ellipsis says so.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from qa.checking.quotation_pattern import Token, TokenRun
from qa.editions.numerals import STOPPERS

_LEFT_OUT = 0.2
_FUNCTION = 0.3
_OMITTED = 0.004

Costs = npt.NDArray[np.float64]


def nearest(found: Sequence[TokenRun], source: Sequence[Token]) -> tuple[float, int, int]:
    """Cost in [0, 1] (0 is verbatim), and the first and last-but-one token of the source where it is least."""
    tokens = [token for run in found for token in run.tokens]
    if not tokens or not source:
        return 1.0, 0, 0
    known: dict[str, int] = {}
    mine = np.array([known.setdefault(token.word.casefold(), len(known)) for token in tokens])
    theirs = np.array([known.setdefault(token.word.casefold(), len(known)) for token in source])
    weights = np.array([_weight(token) for token in tokens])
    skips = np.full(len(tokens), _LEFT_OUT)
    place = 0
    for run, following in zip(found, [*found[1:], None], strict=True):
        place += len(run.tokens)
        if following is not None:
            skips[place - 1] = _OMITTED
    last = _last_row(mine, theirs, weights, skips)
    end = int(last.argmin())
    backwards = np.append(skips[:-1][::-1], _LEFT_OUT)
    start = end - int(_last_row(mine[::-1], theirs[:end][::-1], weights[::-1], backwards).argmin())
    return min(float(last[end] / weights.sum()), 1.0), start, end


def _last_row(mine: npt.NDArray[np.int64], theirs: npt.NDArray[np.int64], weights: Costs, skips: Costs) -> Costs:
    """The least cost of the whole quotation ending behind each word of the text, shape (words + 1,)."""
    steps = np.arange(len(theirs) + 1)
    row: Costs = np.zeros(len(theirs) + 1)
    for at, word in enumerate(mine):
        base = row + weights[at]
        base[1:] = np.minimum(base[1:], row[:-1] + np.where(theirs == word, 0.0, weights[at]))
        # what stands in the text and not in the quotation is paid for by the word, but not behind its end
        row = base if at == len(mine) - 1 else np.minimum.accumulate(base - skips[at] * steps) + skips[at] * steps
    return row


def _weight(token: Token) -> float:
    if not token.word[0].isalnum():
        return 0.1
    return _FUNCTION if token.word.casefold() in STOPPERS else 1.0
