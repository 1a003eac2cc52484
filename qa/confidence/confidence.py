"""The probability that the passages answer the question, calibrated per model.

A logistic regression over the features of a question and its hits (`qa.confidence.features`). The file of coefficients
holds the fitted weights with their figures; `python -m tests.benchmarks.confidence --write [--model NAME]` writes it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from corpus.translation import gettext_noop
from index.models.similarity_scale import SimilarityScale
from index.ranking.search import Hit
from qa.confidence.features import Features, compute_features
from qa.question.corpus_facts import CorpusFacts

COEFFICIENTS = Path(__file__).with_name("coefficients.json")

THRESHOLD = 0.08
"""Below this probability the answer says that the documents do not answer the question.

With one set left out of the fit, .08 refuses .03 of the answerable questions about the yearbooks and of bare search
terms, none of those about addresses, .84 of the questions about other things and .45 of those whose documents were
removed; .1 refuses .06, .07, none, .90 and .52; .2 refuses .17, .17, .04, .98 and .65.
`python -m tests.benchmarks.confidence` prints others.
"""

HIGH, FAIR = 0.85, 0.6
"""Least probabilities of "high" and "fair" confidence; below FAIR the answer is called a possible one.

Chosen for the reader, not fitted: of answers at FAIR two in five are wrong, at HIGH one in seven.
"""


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


@cache
def calibrations() -> Mapping[str, Calibration]:
    """Return the calibration of each model by its fingerprint, the default model first."""
    stored = json.loads(COEFFICIENTS.read_text(encoding="utf-8"))
    by_fingerprint = {
        fingerprint: Calibration(
            entry["model"],
            entry["intercept"],
            {name: Coefficient(**values) for name, values in entry["coefficients"].items()},
        )
        for entry in stored["models"]
        for fingerprint in entry["fingerprints"]
    }
    return {stored["default"]: by_fingerprint[stored["default"]], **by_fingerprint}


def estimate_confidence(
    question: str,
    hits: Sequence[Hit],
    term_weights: Mapping[str, float],
    corpus_facts: CorpusFacts,
    scale: SimilarityScale,
    fingerprint: str | None = None,
) -> float:
    """Estimate the probability that the first hits answer the question.

    Args:
        question: The normalised question.
        hits: Hits, best first.
        term_weights: The question's terms with their idf (`SearchResult.term_weights`).
        corpus_facts: The documents that were searched.
        scale: The scale of the model's cosines.
        fingerprint: That of the model; the calibration of the default model is used for a model that has none.

    Returns:
        A probability in [0, 1], rounded to four digits; 0 without hits.
    """
    if not hits:
        return 0.0
    default = next(iter(calibrations().values()))
    calibration = calibrations().get(fingerprint or "", default)
    return round(calibration.probability(compute_features(question, hits, term_weights, corpus_facts, scale)), 4)


def is_calibrated(fingerprint: str) -> bool:
    """Return whether the probability was fitted for this model; otherwise it only ranks questions."""
    return fingerprint in calibrations()


def confidence_label(probability: float) -> str:
    """Return "high", "fair", "low" or "too low to answer"."""
    if probability >= HIGH:
        return gettext_noop("high")
    if probability >= FAIR:
        return gettext_noop("fair")
    return gettext_noop("low") if probability >= THRESHOLD else gettext_noop("too low to answer")


def answer_heading(probability: float) -> str:
    """Return the heading of an answer sentence: "Answer", or "Possible answer" where the confidence is low."""
    return gettext_noop("Possible answer") if confidence_label(probability) == "low" else gettext_noop("Answer")
