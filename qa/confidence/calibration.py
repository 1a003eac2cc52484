"""From what speaks for and against an answer to a probability: a logistic regression, by its coefficients. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from qa.confidence.features import Support


@dataclass(frozen=True, slots=True)
class Coefficient:
    """Of one feature: what is taken off, what it is divided by, and what it then counts (in log odds)."""

    mean: float
    spread: float
    weight: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Coefficients fitted for one model.

    `near` counts besides the features: the similarity up to `knot`. The lower it is below, the surer a passage is about
    something else; above, more of it says less, since what lacks the answer can be as similar.
    """

    model: str
    knot: float
    intercept: float
    coefficients: Mapping[str, Coefficient]

    def probability(self, support: Support) -> float:
        """In [0, 1]."""
        values = inputs(support, self.knot)
        log_odds = self.intercept + sum(
            one.weight * (values[name] - one.mean) / one.spread
            for name, one in self.coefficients.items()
            if name in values  # else it was fitted for what is no longer counted, and is to be fitted anew
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))


def inputs(support: Support, knot: float) -> dict[str, float]:
    """What the regression counts, by name."""
    return {"near": min(support.similarity, knot), **asdict(support)}
