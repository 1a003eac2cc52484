"""How likely the passages answer the question: a calibrated probability. Pure.

`qa.confidence.features` counts, `qa.confidence.calibration` weighs, `qa.confidence.coefficients` holds what was
fitted, and what it is worth, by

    python -m tests.benchmarks.confidence --write [--model NAME]

Below `THRESHOLD` the answer says that the corpus does not answer the question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.models.similarity_scale import SimilarityScale
from index.ranking.search import Hit
from qa.confidence.coefficients import CALIBRATIONS, DEFAULT
from qa.confidence.features import support
from qa.question.corpus_facts import CorpusFacts

THRESHOLD = 0.3
"""Below this probability the corpus is said not to answer.

An answer withheld is taken to cost its reader a good two times as much as one given in vain, which can be checked at a
glance. On the yearbooks no short answer held was lost between .2 and .3, and near misses refused rose from .38 to .48.
What other thresholds would refuse is printed by the command above.
"""


def confidence(
    question: str,
    hits: Sequence[Hit],
    weights: Mapping[str, float],
    asked: CorpusFacts,
    scale: SimilarityScale,
    fingerprint: str = DEFAULT,
) -> float:
    """Probability, in [0, 1], that the first hits answer the question; 0 without hits.

    `weights` are the question's terms with their idf (`Index.weights`), `asked` what the filters leave, `scale` and
    `fingerprint` those of the model; for one without a calibration of its own the default model's is taken.
    """
    if not hits:
        return 0.0
    calibration = CALIBRATIONS.get(fingerprint, CALIBRATIONS[DEFAULT])
    return round(calibration.probability(support(question, hits, weights, asked, scale)), 4)


def is_calibrated(fingerprint: str) -> bool:
    """Whether the probability was fitted for the model of this fingerprint; else it orders, but promises nothing."""
    return fingerprint in CALIBRATIONS


def confidence_label(probability: float) -> str:
    """A probability as a person is told it: high, fair, low, or too low to answer."""
    if probability >= 0.85:
        return "high"
    if probability >= 0.6:
        return "fair"
    return "low" if probability >= THRESHOLD else "too low to answer"
