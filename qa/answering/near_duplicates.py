"""Whether two passages say the same in nearly the same words, as one edition repeats another. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

SHINGLE = 3
"""Words a shingle (Broder, "On the resemblance and containment of documents", 1997)."""

LEAST_RESEMBLANCE = 0.7
"""Share of common shingles among all of both texts from which two passages count as near-identical."""


@lru_cache(maxsize=4096)
def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return frozenset(tuple(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1)))


@lru_cache(maxsize=4096)
def _figures(text: str) -> tuple[str, ...]:
    return tuple(sorted(re.findall(r"\d+(?:[.,]\d+)*", text)))


def near_identical(one: str, other: str) -> bool:
    """Whether two texts differ so little that only one of them need be shown: by the Jaccard index of their shingles.

    A figure that moved is what a reader of several editions looks for: texts with other figures are never alike.
    """
    if _figures(one) != _figures(other):
        return False
    a, b = _shingles(one), _shingles(other)
    if min(len(a), len(b)) < LEAST_RESEMBLANCE * max(len(a), len(b)):
        return False
    common = len(a & b)
    return common >= LEAST_RESEMBLANCE * (len(a) + len(b) - common)
