"""Similarity matrices of the sections of two editions, by heading, terms and vectors.

All matrices have shape (earlier sections, later sections), dtype float64 and values in [0, 1].
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from index.lexical.analysis import terms
from qa.editions.sections import EditionSection

Matrix = npt.NDArray[np.float64]

_BRACKETS = re.compile(r"\s*[(（\[][^()（）\[\]]*(?:[(（][^()（）]*[)）][^()（）\[\]]*)*[)）\]]")
"""Brackets in a heading: cross-references, alternative names."""


def inverse_frequencies(bags: Sequence[Sequence[str]]) -> dict[str, float]:
    """Return the weight of each term, ln(1 + texts / texts with the term)."""
    holding = Counter(term for bag in bags for term in set(bag))
    return {term: math.log(1 + len(bags) / count) for term, count in holding.items()}


def cosines(left: Sequence[Sequence[str]], right: Sequence[Sequence[str]], weights: Mapping[str, float]) -> Matrix:
    """Return cosines of term vectors weighted by (1 + ln count) * weight; 0 for a text without terms.

    Works term by term through postings: dense vectors of two editions with 1,200 sections took 700 MB.

    Args:
        left: Terms of each text of the first side.
        right: Terms of each text of the second side.
        weights: Weight of every term.
    """
    sides = [_postings(side, weights) for side in (left, right)]
    cosine: Matrix = np.zeros((len(left), len(right)))
    for term, (rows, row_values) in sides[0].items():
        if term in sides[1]:
            columns, column_values = sides[1][term]
            cosine[rows[:, None], columns] += row_values[:, None] * column_values
    return np.clip(cosine, 0.0, 1.0)


Postings = dict[str, tuple[npt.NDArray[np.int64], Matrix]]


def _postings(bags: Sequence[Sequence[str]], weights: Mapping[str, float]) -> Postings:
    """Map each term to the texts that contain it and its component of each text's unit vector."""
    gathered: dict[str, tuple[list[int], list[float]]] = {}
    for row, bag in enumerate(bags):
        counts = {term: (1 + math.log(count)) * weights[term] for term, count in Counter(bag).items()}
        norm = math.sqrt(sum(value * value for value in counts.values())) or 1.0
        for term, value in counts.items():
            rows, values = gathered.setdefault(term, ([], []))
            rows.append(row)
            values.append(value / norm)
    return {term: (np.array(rows), np.array(values)) for term, (rows, values) in gathered.items()}


def containment(left: Sequence[str], right: Sequence[str], weights: Mapping[str, float]) -> float:
    """Return the weighted share of a text's terms that another text contains; 0 for a text without terms."""
    mine, theirs = Counter(left), Counter(right)
    total = sum(count * weights[term] for term, count in mine.items())
    common = sum(min(count, theirs[term]) * weights[term] for term, count in mine.items() if term in theirs)
    return common / total if total else 0.0


def heading_similarity(left: Sequence[EditionSection], right: Sequence[EditionSection]) -> Matrix:
    """Return heading cosines without numbers, the better of with and without brackets; 1 if equal but for case."""
    whole = [[_words(section.title) for section in side] for side in (left, right)]
    bare = [
        [_without_brackets(section.title, words) for section, words in zip(side, full, strict=True)]
        for side, full in zip((left, right), whole, strict=True)
    ]
    weights = inverse_frequencies([*whole[0], *whole[1]])
    equal = np.array([[a.title.casefold() == b.title.casefold() for b in right] for a in left], dtype=np.float64)
    return np.maximum(equal, np.maximum(cosines(whole[0], whole[1], weights), cosines(bare[0], bare[1], weights)))


def _without_brackets(title: str, words: list[str]) -> list[str]:
    """Return the words outside brackets, or all words of a heading such as "(in millions)."."""
    return [word for word in terms(_BRACKETS.sub(" ", title)) if word in words] or words


def _words(title: str) -> list[str]:
    return terms(title) or title.casefold().split()


def dense(left: Sequence[EditionSection], right: Sequence[EditionSection]) -> Matrix:
    """Return cosines of section vectors, rescaled so that the median cosine is 0; 0 if either section has no vector.

    All sections of a series are about similar subjects, so the median is the cosine of unrelated ones.
    """
    size = next((len(s.vector) for s in [*left, *right] if s.vector is not None), 1)
    zero = np.zeros(size, dtype=np.float32)
    a, b = (np.stack([s.vector if s.vector is not None else zero for s in side]) for side in (left, right))
    cosine = (a @ b.T).astype(np.float64)
    have_vectors: npt.NDArray[np.bool_] = np.outer(
        [s.vector is not None for s in left], [s.vector is not None for s in right]
    )
    if not have_vectors.any():
        return np.zeros_like(cosine)
    floor = min(float(np.median(cosine[have_vectors])), 0.9)
    return np.where(have_vectors, np.clip((cosine - floor) / (1 - floor), 0.0, 1.0), 0.0)
