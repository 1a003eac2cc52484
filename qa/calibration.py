"""From what speaks for and against an answer to a probability: a logistic regression, by its coefficients. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from qa.support import Support


@dataclass(frozen=True, slots=True)
class Coefficient:
    """Of one feature: what is taken off, what it is divided by, and what it then counts (in log odds)."""

    mean: float
    spread: float
    weight: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Coefficients fitted for one model.

    `near` counts besides the features: the similarity up to `knot`, the least that an answered question usually has.
    Below it a passage is about something else, so that the probability falls faster there.
    """

    model: str
    knot: float
    intercept: float
    coefficients: Mapping[str, Coefficient]

    def probability(self, support: Support) -> float:
        """In [0, 1]."""
        values = inputs(support, self.knot)
        log_odds = self.intercept + sum(
            one.weight * (values[name] - one.mean) / one.spread for name, one in self.coefficients.items()
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))


def inputs(support: Support, knot: float) -> dict[str, float]:
    """What the regression counts, by name."""
    return {"near": min(support.similarity, knot), **asdict(support)}
