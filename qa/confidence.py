"""How likely the passages answer the question: a calibrated probability from a few features. Pure.

A logistic regression, fitted on development data by `tests/benchmarks/confidence.py`, which prints what it is worth
out of fold. Below `THRESHOLD` the answer says that the corpus does not answer the question.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from index.search import Hit

THRESHOLD = 0.35
"""Below this probability the corpus is said not to answer."""


@dataclass(frozen=True, slots=True)
class Coefficients:
    """Of the logistic regression; features as in `features`."""

    intercept: float = -5.2
    similarity: float = 7.5
    lexical: float = 6.5


COEFFICIENTS = Coefficients()


def confidence(hits: Sequence[Hit], coefficients: Coefficients = COEFFICIENTS) -> float:
    """Probability, in [0, 1], that the first hits answer the question; 0 without hits."""
    if not hits:
        return 0.0
    similarity = max(max(hit.similarities) for hit in hits[:5])
    lexical = max(hit.lexical for hit in hits[:5])
    logit = coefficients.intercept + coefficients.similarity * similarity + coefficients.lexical * lexical
    return round(1 / (1 + math.exp(-logit)), 4)


def in_words(probability: float) -> str:
    """A probability as a person says it."""
    if probability >= 0.9:
        return "very likely"
    if probability >= 0.7:
        return "likely"
    if probability >= THRESHOLD:
        return "possibly"
    return "unlikely"
