"""What runs on the workers of a cluster when an index is built: sources are prepared, texts are encoded.

Each process opens the model once, of one thread: a machine has as many as it has cores. The model is found there by its
name, and held against the fingerprint of the driver's, since a vector of another model would be worth nothing.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import ray

from corpus.chunking.passages import Lengths
from corpus.limits import LIMITS
from index.building.diff import PlannedSource
from index.building.prepare import Prepared, ReadDocument, prepare
from index.errors import ModelError
from index.models.encoder import Encoder, Vectors, load
from index.models.model_store import Precision

RETRIES = 10
"""So often a piece of work that was lost with its worker is begun again; each time is some worker's end."""

RESTARTS = 100
"""So often an encoder is started anew: a build takes days, and machines come and go."""


class Recipe(Protocol):
    """How a worker comes by its encoder; equal recipes give the same."""

    def __call__(self) -> Encoder: ...
    def __hash__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class ModelRecipe:
    """A model by name or path, which has to be there on each machine."""

    name: str
    precision: Precision
    fingerprint: str

    def __call__(self) -> Encoder:
        """Raises ModelError where the machine's model cannot be loaded, or is another."""
        encoder = load(self.name, self.precision, threads=1)
        if encoder.fingerprint != self.fingerprint:
            raise ModelError(
                f"on {socket.gethostname()} the model {self.name} has the hash {encoder.fingerprint}, here "
                f"{self.fingerprint}: install the same model on all machines"
            )
        return encoder


@lru_cache(maxsize=2)
def encoder_of(recipe: Recipe) -> Encoder:
    """The encoder of this process."""
    return recipe()


def limits() -> dict[str, str]:
    """The limits that the user set for what is read: workers keep to them, too."""
    return {one.variable: os.environ[one.variable] for one in LIMITS if one.variable in os.environ}


@ray.remote(num_cpus=1, max_retries=RETRIES)
def prepare_some(
    sources: Sequence[PlannedSource], recipe: Recipe, lengths: Lengths, read: ReadDocument, bounds: Mapping[str, str]
) -> list[Prepared]:
    """Some sources, read and cut."""
    os.environ.update(bounds)
    measure = encoder_of(recipe).count_tokens
    return [prepare(source, measure, lengths, read) for source in sources]


class Encoding:
    """An encoder of one thread. When its machine is lost it is started on another, and does again what it had begun.

    It asks for a processor to be placed and for none to run, so that there is always a machine to start it on.
    """

    def __init__(self, recipe: Recipe) -> None:
        self._encoder: Any = encoder_of(recipe)

    def encode(self, number: int, texts: Sequence[str]) -> tuple[int, Vectors]:
        """Return the number of the piece and the vectors of its texts, shape (texts, dimension)."""
        return number, self._encoder.encode(texts)


EncodingActor: Any = ray.remote(max_restarts=RESTARTS, max_task_retries=-1)(Encoding)
