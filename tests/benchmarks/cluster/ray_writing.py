"""Measure the writer of a cluster build: the driver's processor time with workers that answer at once.

With workers as slow as a model the driver mostly waits, and what Ray does meanwhile would be counted as the writer's.
"""

from __future__ import annotations

import statistics
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.ingest import Plan
from index.building.build import build
from index.models.encoder import Vectors
from index.ranking.search import Index
from tests.factories.encoders import HashEncoder

DIMENSION = 384
"""The dimension of the default model."""


class QuickEncoder(HashEncoder):
    """Returns an arbitrary vector for each text at once."""

    def __init__(self) -> None:
        super().__init__(DIMENSION)

    def encode(
        self,
        texts: Sequence[str],
        *,
        query: bool = False,  # noqa: ARG002 - all alike
        progress: Callable[[int], None] | None = None,
    ) -> Vectors:
        """Shape (texts, DIMENSION)."""
        keys = np.array([zlib.crc32(text.encode()) for text in texts], dtype=np.float32)
        vectors = np.cos(keys[:, None] * np.arange(1, DIMENSION + 1, dtype=np.float32)).astype(np.float32)
        if progress is not None:
            progress(len(texts))
        result: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return result


@dataclass(frozen=True, slots=True)
class QuickRecipe:
    """How a worker obtains the encoder."""

    def __call__(self) -> QuickEncoder:
        return QuickEncoder()


def writing(folder: Path, whole: Plan, part: Plan, rounds: int) -> float:
    """Seconds of the driver's processor time a passage, between a build of `part` and one of the whole; medians.

    Inside a connection to Ray. What a build costs however small it is falls out.
    """
    from index.cluster.indexing import ClusterEncoder, ClusterPreparation

    taken: dict[str, list[float]] = {"whole": [], "part": []}
    passages: dict[str, int] = {}
    with ClusterEncoder(QuickEncoder(), QuickRecipe(), 2) as encoder:
        encoder.encode([f"warm {number}" for number in range(256)])
        for number in range(rounds):
            for name, plan in (("whole", whole), ("part", part)):
                target = folder / f"{name}-{number}"
                before = time.process_time()
                build(target, plan, encoder, prepare=ClusterPreparation(QuickRecipe(), 2))
                taken[name].append(time.process_time() - before)
                passages[name] = Index(target).manifest.passages
    more = statistics.median(taken["whole"]) - statistics.median(taken["part"])
    return more / (passages["whole"] - passages["part"])
