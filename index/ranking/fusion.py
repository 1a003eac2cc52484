"""Fuse the signals of a passage into one score, with the weights in `index.ranking.weights`.

The BM25 score is divided by its maximum for the question, and this fraction is squared: low fractions come from chance
matches and should hardly count. The weight may then vary fourfold without moving any set by more than .01, where a
linear fraction suits one model and hurts another.

Tried and dropped, because at most one set improved: neighbouring sentences, the mean of the two best sentences,
clauses, windows of two and three sentences, the section's mean vector, its BM25 and the scores of its neighbours,
pseudo-relevance feedback, character n-grams, bigrams, term coverage of the best sentence, acronyms expanded by
definitions in the text, a number or date where the question asks for one, other forms of the prefix.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

import numpy as np
import numpy.typing as npt

from corpus.chunking.passages import count_words
from corpus.chunking.sentences import is_source_line
from index.models.similarity_scale import Cosines, SimilarityScale
from index.ranking.weights import SENTENCE_MODEL_SHARE, WEIGHTS, SignalWeights

Column = npt.NDArray[np.float64]
"""One value per passage, shape (passages,)."""


SHORT_PASSAGE_WORDS = 15
"""Passages of fewer words (bylines, captions) say little; their prefix makes them similar to their whole section."""

SHORT_PASSAGE_LENGTH = 20 * SHORT_PASSAGE_WORDS
"""Passages with more characters are never stubs, so that their words need not be counted."""

REFERENCE_SCALE = SimilarityScale(mean=0.06348, spread=0.557201)
"""The cosine scale of all-MiniLM-L6-v2, to which those of other models are mapped."""

NO_BONUS: Mapping[str, float] = MappingProxyType({})

_DIGITS = 6
_ALWAYS_SHOWN = frozenset({"passage", "sentence", "lexical"})


def standardise(cosines: Cosines, scale: SimilarityScale) -> Cosines:
    """Map cosines of a model with this scale linearly to REFERENCE_SCALE."""
    return REFERENCE_SCALE.mean + scale.standardise(cosines) * REFERENCE_SCALE.spread


def blend(cosines: Column, scale: SimilarityScale, second: Column, second_scale: SimilarityScale) -> Column:
    """Average the similarities of two models, and return them as cosines of the first.

    Args:
        cosines: Cosines of the first model.
        scale: Its scale.
        second: Cosines of the second model; NaN where it has not read a text, which keeps the first's cosine.
        second_scale: Scale of the second model.
    """
    as_first = scale.mean + second_scale.standardise(second) * scale.spread
    blended = (1 - SENTENCE_MODEL_SHARE) * cosines + SENTENCE_MODEL_SHARE * as_first
    return np.where(np.isnan(second), cosines, blended)


def lexical_signal(fraction: Column) -> Column:
    """Return the convex signal of BM25 fractions in [0, 1)."""
    return fraction * fraction


def lexical_fraction(part: float) -> float:
    """Return the BM25 fraction behind the part `lexical` of a score."""
    return math.sqrt(max(part, 0.0) / WEIGHTS.lexical)


def stubness(text: str) -> float:
    """Return how little a passage says: 1 if it only names sources, else from 1 for no words to 0 for enough."""
    if len(text) >= SHORT_PASSAGE_LENGTH:
        return 0.0
    if all(map(is_source_line, text.splitlines())):
        return 1.0
    return max(0.0, 1 - count_words(text) / SHORT_PASSAGE_WORDS)


@dataclass(frozen=True, slots=True)
class FusedScores:
    """Weighted signals and their sums, all rounded so that equal scores compare as equal."""

    parts: Mapping[str, Column]
    bonuses: Sequence[Mapping[str, float]]
    totals: Column

    def explain(self, position: int) -> dict[str, float]:
        """Return the parts of one passage's score, which add up to it; optional parts of value 0 are omitted."""
        signals = {name: float(values[position]) for name, values in self.parts.items()}
        bonuses = {name: round_score(value) for name, value in self.bonuses[position].items()}
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
    """Weight and add the signals of some passages; `lexical` are BM25 fractions, `bonuses` are added unweighted."""
    parts = {
        "passage": np.round(weights.passage * passage, _DIGITS),
        "sentence": np.round(weights.sentence * sentence, _DIGITS),
        "lexical": np.round(weights.lexical * lexical_signal(lexical), _DIGITS),
        "period": np.round(weights.period * period, _DIGITS),
        "stub": np.round(weights.stub * stub, _DIGITS),
    }
    added = np.array([sum(map(round_score, bonus.values())) if bonus else 0.0 for bonus in bonuses], dtype=np.float64)
    return FusedScores(parts, bonuses, np.round(np.sum([*parts.values(), added], axis=0), _DIGITS))


def round_score(value: float) -> float:
    """Return a score, or a part of one, with the precision of all scores."""
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
