"""A logistic regression over the features of a question and its hits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from qa.confidence.features import Features


@dataclass(frozen=True, slots=True)
class Coefficient:
    """The weight of a feature (in log odds) after standardisation: `weight * (value - mean) / spread`."""

    mean: float
    spread: float
    weight: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Coefficients fitted for one model."""

    model: str
    intercept: float
    coefficients: Mapping[str, Coefficient]

    def probability(self, features: Features) -> float:
        """Return the probability, in [0, 1], that the hits answer the question."""
        values = asdict(features)
        log_odds = self.intercept + sum(
            # a feature that was renamed since the fit counts as average, so that a new fit can be made
            coefficient.weight * (values.get(name, coefficient.mean) - coefficient.mean) / coefficient.spread
            for name, coefficient in self.coefficients.items()
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))
