"""Fuse the signals of a passage into one score. All ranking weights of the program are in this module. Pure.

`python -m tests.benchmarks.fit` fits the weights out of fold, `python -m tests.benchmarks.ranking` compares the ranking
with others. One set of weights serves all corpora. Measured nDCG@10 (yearbooks: MRR@10):

    set                      BM25   dense    RRF   out of fold   in use
    three yearbooks          .661    .787   .794          .917     .926
    XQuAD                    .969    .947   .969          .987     .987
    SQuAD 2                  .897    .804   .880          .933     .934
    Cranfield                .388    .399   .423          .438     .439
    TimeQA                   .604    .571   .621          .759     .758
    TimeQA, hard wording     .481    .558   .554          .696     .698

Tried and dropped, because at most one set improved: neighbouring sentences, the mean of the two best sentences,
clauses, windows of two and three sentences, the section's mean vector, its BM25 and the scores of its neighbours,
pseudo-relevance feedback, character n-grams, bigrams, term coverage of the best sentence, acronyms expanded by
definitions in the text, a number or date where the question asks for one, other forms of the prefix.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol, overload

import numpy as np
import numpy.typing as npt

from index.models.similarity_scale import SimilarityScale

Column = npt.NDArray[np.float64]
"""One value per passage, shape (passages,)."""


@dataclass(frozen=True, slots=True)
class SignalWeights:
    """Weights of the signals of a passage, fitted by `tests.benchmarks.fit`; cosines are standardised first."""

    passage: float = 0.4
    sentence: float = 0.6
    lexical: float = 0.55
    period: float = 0.18
    stub: float = -0.15


@dataclass(frozen=True, slots=True)
class PreferenceWeights:
    """Bonuses for passages of documents that match a year, edition or series named in the question.

    Higher ones favour the right edition, lower ones the most similar passage; a preference never excludes a passage.
    """

    covered_year: float = 0.15
    edition_year: float = 0.07
    edition: float = 0.2
    series: float = 0.05


WEIGHTS = SignalWeights()
PREFERENCES = PreferenceWeights()

RERANKER_WEIGHT = 2.0
"""Weight of a reranker's probability: more than all other signals together differ among good hits."""

COMPARED_EDITION_STEP = 3.0
"""Bonus that lifts the best passage of each compared edition to the top, one step per edition, earliest edition first.

In that order they read as a story. Sorted by score, an edition with similar wording came first: of eight comparing
questions of the development set four had the right first hit by score, all eight by year.
"""

STUB_WORDS = 15
"""Passages of fewer words (bylines, captions) say little; their prefix makes them similar to their whole section."""

STUB_LENGTH = 20 * STUB_WORDS
"""Characters from which on a passage is never a stub, so that its words need not be counted."""

REFERENCE_SCALE = SimilarityScale(mean=0.06348, spread=0.557201)
"""The cosine scale of the default model, on which the weights were fitted."""

NO_BONUS: Mapping[str, float] = MappingProxyType({})

_DIGITS = 6
_ALWAYS_SHOWN = frozenset({"passage", "sentence", "lexical"})


@overload
def standardise(similarity: float, scale: SimilarityScale) -> float: ...
@overload
def standardise(similarity: Column, scale: SimilarityScale) -> Column: ...
def standardise(similarity: float | Column, scale: SimilarityScale) -> float | Column:
    """Map cosines of a model with this scale linearly to the scale of the default model."""
    return REFERENCE_SCALE.mean + (similarity - scale.mean) / scale.spread * REFERENCE_SCALE.spread


def stubness(words: int) -> float:
    """Return how much a passage of this many words is a stub: 1 for no words, falling to 0 at STUB_WORDS."""
    return max(0.0, 1 - words / STUB_WORDS)


@dataclass(frozen=True, slots=True)
class FusedScores:
    """Weighted signals and their sums, all rounded so that equal scores compare as equal."""

    parts: Mapping[str, Column]
    bonuses: Sequence[Mapping[str, float]]
    totals: Column

    def explain(self, position: int) -> dict[str, float]:
        """Return the parts of one passage's score, which add up to it; optional parts of value 0 are omitted."""
        signals = {name: float(values[position]) for name, values in self.parts.items()}
        bonuses = {name: _rounded(value) for name, value in self.bonuses[position].items()}
        return {name: value for name, value in (signals | bonuses).items() if value or name in _ALWAYS_SHOWN}


def fuse(
    passage: Column,
    sentence: Column,
    lexical: Column,
    period: Column,
    stub: Column,
    bonuses: Sequence[Mapping[str, float]],
    *,
    weights: SignalWeights = WEIGHTS,
) -> FusedScores:
    """Weight and add the signals of some passages; `bonuses` are added unweighted."""
    parts = {
        "passage": np.round(weights.passage * passage, _DIGITS),
        "sentence": np.round(weights.sentence * sentence, _DIGITS),
        "lexical": np.round(weights.lexical * lexical, _DIGITS),
        "period": np.round(weights.period * period, _DIGITS),
        "stub": np.round(weights.stub * stub, _DIGITS),
    }
    added = np.array([sum(map(_rounded, bonus.values())) if bonus else 0.0 for bonus in bonuses], dtype=np.float64)
    return FusedScores(parts, bonuses, np.round(np.sum([*parts.values(), added], axis=0), _DIGITS))


def _rounded(value: float) -> float:
    return round(value, _DIGITS)


class Ranked(Protocol):
    """An item of a ranking."""

    @property
    def id(self) -> str: ...
    @property
    def score(self) -> float: ...


def ranking_key(item: Ranked) -> tuple[float, str]:
    """Return the sort key of every ranking: descending score, ties by id. Total."""
    return -item.score, item.id
