"""BM25 of a passage or a sentence, as a fraction of the score of a perfect match."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

BM25_K1 = 0.4
"""Term saturation: with a low value, the first mention of a term counts almost as much as all of them together. The
usual 1.5 lost on every development set (SQuAD .883 against .890, TimeQA .60 against .63, `tests.benchmarks.ranking`),
as the similarities reward repetition already."""

BM25_B = 0.75
"""Length normalisation: Lucene's default."""

SENTENCE_LENGTH = 20.0
"""Mean number of terms of a sentence, for the BM25 of single sentences."""


def idf(passages: int, containing: int) -> float:
    """Return the inverse document frequency of a term that `containing` of `passages` contain.

    Lucene's form, ln(1 + (N - n + 0.5) / (n + 0.5)), is never negative.
    """
    return math.log(1 + (passages - containing + 0.5) / (containing + 0.5))


def bm25_fraction(weights: Mapping[str, float], terms: Sequence[str], mean_length: float) -> float:
    """Return the BM25 of a passage as a fraction of the score of a perfect match.

    score = sum over the question's distinct terms of idf * tf / (tf + k1 * (1 - b + b * length / mean length)): Okapi
    BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009, section 3.2) without the factor
    (k1 + 1). Divided by the sum of the idf the score is in [0, 1) and is comparable between questions and corpora, so
    that it can be added to similarities.

    Args:
        weights: The question's terms with their idf.
        terms: The passage's terms, with repetitions.
        mean_length: Mean number of terms of a passage.

    Returns:
        A number in [0, 1); 0 if the passage contains none of the question's terms.
    """
    matches = [term for term in terms if term in weights]
    if not matches:
        return 0.0
    norm = BM25_K1 * (1 - BM25_B + BM25_B * len(terms) / mean_length) if mean_length else BM25_K1
    counts = sorted(Counter(matches).items())
    return sum(weights[term] * count / (count + norm) for term, count in counts) / sum(weights.values())
