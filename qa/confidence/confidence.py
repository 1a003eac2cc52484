"""The probability that the passages answer the question, calibrated per model.

`features` computes the inputs and applies the regression, `coefficients` holds the fitted weights with their figures.
`python -m tests.benchmarks.confidence --write [--model NAME]` fits them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus.translation import gettext_noop
from index.models.similarity_scale import SimilarityScale
from index.ranking.search import Hit
from qa.confidence.coefficients import CALIBRATIONS, DEFAULT
from qa.confidence.features import compute_features
from qa.question.corpus_facts import CorpusFacts

THRESHOLD = 0.1
"""Below this probability the answer says that the documents do not answer the question.

With one set left out of the fit, .1 refuses .06 of the answerable questions about the yearbooks, none
of those about addresses, .08 of bare search terms, .91 of the questions about other things and .45 of those whose
documents were removed; .2 refuses .17, .04, .17, .97 and .62. `python -m tests.benchmarks.confidence` prints others.
"""


def estimate_confidence(
    question: str,
    hits: Sequence[Hit],
    term_weights: Mapping[str, float],
    corpus_facts: CorpusFacts,
    scale: SimilarityScale,
    fingerprint: str = DEFAULT,
) -> float:
    """Estimate the probability that the first hits answer the question.

    Args:
        question: The normalised question.
        hits: Hits, best first.
        term_weights: The question's terms with their idf (`SearchResult.term_weights`).
        corpus_facts: The documents that were searched.
        scale: The scale of the model's cosines.
        fingerprint: That of the model. A model without a calibration uses that of the default model.

    Returns:
        A probability in [0, 1], rounded to four digits; 0 without hits.
    """
    if not hits:
        return 0.0
    calibration = CALIBRATIONS.get(fingerprint, CALIBRATIONS[DEFAULT])
    return round(calibration.probability(compute_features(question, hits, term_weights, corpus_facts, scale)), 4)


def is_calibrated(fingerprint: str) -> bool:
    """Whether the probability was fitted for this model; otherwise it only ranks questions."""
    return fingerprint in CALIBRATIONS


def confidence_label(probability: float) -> str:
    """Return "high", "fair", "low" or "too low to answer"."""
    if probability >= 0.85:
        return gettext_noop("high")
    if probability >= 0.6:
        return gettext_noop("fair")
    return gettext_noop("low") if probability >= THRESHOLD else gettext_noop("too low to answer")
