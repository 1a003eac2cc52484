"""Detect passages that one edition repeats from another with nearly the same wording."""

from __future__ import annotations

import re
from functools import lru_cache

SHINGLE = 3
"""Words per shingle (Broder, "On the resemblance and containment of documents", 1997)."""

MIN_RESEMBLANCE = 0.7
"""Minimum Jaccard index of the shingles of two near-identical passages."""


@lru_cache(maxsize=4096)
def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return frozenset(tuple(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1)))


@lru_cache(maxsize=4096)
def _figures(text: str) -> tuple[str, ...]:
    return tuple(sorted(re.findall(r"\d+(?:[.,]\d+)*", text)))


def near_identical(text: str, other: str) -> bool:
    """Whether two texts are so similar that only one needs to be shown.

    Texts with different figures never are: a figure that changed is what a reader of several editions looks for.
    """
    if _figures(text) != _figures(other):
        return False
    shingles, others = _shingles(text), _shingles(other)
    if min(len(shingles), len(others)) < MIN_RESEMBLANCE * max(len(shingles), len(others)):
        return False
    common = len(shingles & others)
    return common >= MIN_RESEMBLANCE * (len(shingles) + len(others) - common)
