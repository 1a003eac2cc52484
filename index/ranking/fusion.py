"""Scores to one order: the weighted parts of a passage's score, and the ranking. Pure.

Every weight of the ranking lives here, one set for all corpora. `python -m tests.benchmarks.fit` fits them out of fold,
`python -m tests.benchmarks.ranking` holds the ranking against others. What they earned, nDCG@10 (yearbooks: MRR@10):

    set                      BM25   dense    RRF   out of fold   in use
    three yearbooks          .661    .787   .794          .917     .926
    XQuAD                    .969    .947   .969          .987     .987
    SQuAD 2                  .897    .804   .880          .933     .934
    Cranfield                .388    .399   .423          .438     .439
    TimeQA                   .604    .571   .621          .759     .758
    TimeQA, hard wording     .481    .558   .554          .696     .698

Tried, and left out since nothing or only one set gained: a sentence's neighbours, the mean of the best two sentences,
clauses, windows of two and three sentences, the section's mean vector, its BM25 and its neighbours' scores, feedback
from the first hits, character n-grams, pairs of words, what share of the terms the best sentence has, acronyms expanded
by the definitions found in the text, a number or a date where the question asks for one, other forms of the prefix.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol, overload

import numpy as np
import numpy.typing as npt

from index.manifest import Scale

Column = npt.NDArray[np.float64]

NO_BONUS: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part counts. Similarities are standardised, see `standardise`."""

    passage: float = 0.4
    sentence: float = 0.6
    lexical: float = 0.55
    period: float = 0.18
    stub: float = -0.15


WEIGHTS = Weights()

_DIGITS = 6
_ALWAYS = frozenset({"passage", "sentence", "lexical"})

STUB_WORDS = 15
STUB_LENGTH = 20 * STUB_WORDS
"""In characters: no text of this length has fewer words."""

REFERENCE = Scale(mean=0.06348, spread=0.557201)
"""The scale on which the weights were fitted: that of the default model."""


@overload
def standardise(similarity: float, scale: Scale) -> float: ...
@overload
def standardise(similarity: Column, scale: Scale) -> Column: ...
def standardise(similarity: float | Column, scale: Scale) -> float | Column:
    """Cosines of one model on the scale of the default one: what does not belong together and what does stay so."""
    return REFERENCE.mean + (similarity - scale.mean) / scale.spread * REFERENCE.spread


def stub(words: int) -> float:
    """How much a passage of so many words is one that says nothing: a byline, a caption. 1 for no word, 0 from 15 on.

    What stands in front of it makes it look like all of its section at once.
    """
    return max(0.0, 1 - words / STUB_WORDS)


@dataclass(frozen=True, slots=True)
class Scores:
    """The weighted parts of some passages' scores, in the passages' order."""

    parts: Mapping[str, Column]
    """Of each name a float64 array of shape (passages,), rounded so that equal scores compare as equal."""
    bonuses: Sequence[Mapping[str, float]]
    totals: Column
    """The scores: the sums of their parts, rounded likewise."""

    def of(self, place: int) -> dict[str, float]:
        """The parts of one passage's score; they add up to it. Those that only some passages have are left out at 0."""
        found = {name: float(values[place]) for name, values in self.parts.items()}
        further = {name: _rounded(value) for name, value in self.bonuses[place].items()}
        return {name: value for name, value in (found | further).items() if value or name in _ALWAYS}


def scores(
    passage: Column,
    sentence: Column,
    lexical: Column,
    period: Column,
    stub: Column,
    bonuses: Sequence[Mapping[str, float]],
    *,
    weights: Weights = WEIGHTS,
) -> Scores:
    """Score passages by what each part is worth, unweighted; `bonuses` are further parts, weighted already."""
    parts = {
        "passage": np.round(weights.passage * passage, _DIGITS),
        "sentence": np.round(weights.sentence * sentence, _DIGITS),
        "lexical": np.round(weights.lexical * lexical, _DIGITS),
        "period": np.round(weights.period * period, _DIGITS),
        "stub": np.round(weights.stub * stub, _DIGITS),
    }
    further = np.array([sum(map(_rounded, one.values())) if one else 0.0 for one in bonuses], dtype=np.float64)
    return Scores(parts, bonuses, np.round(np.sum([*parts.values(), further], axis=0), _DIGITS))


def _rounded(value: float) -> float:
    return round(value, _DIGITS)


class Ranked(Protocol):
    """What a ranking orders."""

    @property
    def id(self) -> str:
        """The passage's id."""

    @property
    def score(self) -> float:
        """Its score, rounded."""


def order(one: Ranked) -> tuple[float, str]:
    """The key that every ranking is sorted by: falling score, equal scores by id. Total."""
    return -one.score, one.id
