"""Questions and what shards propose, as lists of bytes, texts and numbers: Ray sends these at a fraction of the cost.

It pickles anything else, argument by argument; of that the driver of a question pays a share for each shard.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from index.cluster.shard import Proposals
from index.models.encoder import Vectors

Sent = list[Any]
"""What msgpack can write."""


def question(vector: Vectors, terms: Sequence[str], wanted: int, documents: npt.NDArray[np.int64] | None) -> Sent:
    """The arguments of `Part.propose`, to be sent."""
    numbers = None if documents is None else documents.astype("<i8").tobytes()
    return [vector.astype("<f4").tobytes(), list(terms), wanted, numbers]


def asked(sent: Sent) -> tuple[Vectors, list[str], int, npt.NDArray[np.int64] | None]:
    """The same, received."""
    vector, terms, wanted, documents = sent
    numbers = None if documents is None else np.frombuffer(documents, "<i8")
    return np.frombuffer(vector, "<f4"), terms, wanted, numbers


def proposals(found: Proposals) -> Sent:
    """What a shard proposes, to be sent."""
    scores = np.array([score for score, _ in found.passages], "<f8")
    numbers = np.array([number for _, number in found.passages], "<i8")
    return [one.tobytes() for one in (found.cosines.astype("<f4"), found.rows.astype("<i8"), scores, numbers)]


def proposed(sent: Sent) -> Proposals:
    """The same, received."""
    cosines, rows, scores, numbers = (
        np.frombuffer(one, kind) for one, kind in zip(sent, ("<f4", "<i8", "<f8", "<i8"), strict=True)
    )
    return Proposals(cosines, rows, list(zip(scores.tolist(), numbers.tolist(), strict=True)))
