"""BM25 as a fraction of what a perfect match would get. Pure; the statistics come from the store.

score = sum over the question's distinct terms of idf * tf / (tf + k1 * (1 - b + b * length / mean length)): Okapi BM25
(Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009, section 3.2) without the factor (k1 + 1), and
with Lucene's idf = ln(1 + (N - n + 0.5) / (n + 0.5)), which is never negative. Divided by the sum of idf this lies in
[0, 1) and means the same for every question and every corpus, so that it can be added to similarities.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

K1 = 0.4
"""Low: a term's first mention counts almost as much as all of them. Beside the similarities, which see repetition too,
the usual 1.5 lost on every development set (SQuAD .883 against .890, TimeQA .60 against .63)."""

B = 0.75


def idf(passages: int, containing: int) -> float:
    """Lucene's inverse document frequency of a term that `containing` of the `passages` hold."""
    return math.log(1 + (passages - containing + 0.5) / (containing + 0.5))


def fraction(weights: Mapping[str, float], terms: Sequence[str], mean_length: float, k1: float = K1) -> float:
    """BM25 of a passage's terms over the sum of the question's weights (term -> idf); 0 where there are none."""
    found = [term for term in terms if term in weights]
    if not found:
        return 0.0
    norm = k1 * (1 - B + B * len(terms) / mean_length) if mean_length else k1
    counts = sorted(Counter(found).items())
    return sum(weights[term] * count / (count + norm) for term, count in counts) / sum(weights.values())
