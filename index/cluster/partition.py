"""Which shard searches which documents: stretches of neighbours, each of about as many passages. Pure.

Passages are numbered in the order in which documents came, and their vectors lie in that order, too: the documents of a
stretch have one part of each file, which its machine alone has to hold in memory. Where each stretch ends follows from
the generation, so that it needs no table, and every new generation is shared out evenly again.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Span = tuple[int, int, int]
"""A document's number, the number of its first passage, and how many passages it has."""


def shards_of(spans: Sequence[Span], shards: int) -> npt.NDArray[np.int64]:
    """The shard of each document, shape (documents,), for spans sorted by first passage: ascending from 0.

    A document goes where the middle of its passages lies, so that shards differ by one document's passages at most.
    """
    passages = np.array([count for _, _, count in spans], dtype=np.float64)
    ends = np.cumsum(passages)
    if not len(ends) or not ends[-1]:
        return np.zeros(len(spans), dtype=np.int64)
    middles = ends - passages / 2
    found: npt.NDArray[np.int64] = np.minimum((middles * shards / ends[-1]).astype(np.int64), shards - 1)
    return found
