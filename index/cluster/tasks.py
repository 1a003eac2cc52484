"""Tasks and actors that prepare sources and encode texts on the workers of a cluster, and errors of workers.

Each worker process opens the model once with one thread, because a machine has as many workers as cores. The worker
finds the model by name and compares its fingerprint with that of the driver's.
"""

from __future__ import annotations

import os
import socket
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol, Self, TypeVar

import ray
from ray import exceptions

from corpus.chunking.passages import Lengths
from corpus.limits import LIMITS
from index.building.diff import PlannedSource
from index.building.prepare import Prepared, ReadDocument, prepare
from index.errors import ClusterError, ModelError
from index.models.encoder import Encoder, Vectors, load
from index.models.model_store import Precision

RETRIES = 10
"""Attempts for a task whose worker was lost; every attempt costs one worker."""

RESTARTS = 100
"""Restarts of an encoding actor: a build can take days, in which machines come and go."""

LOST = (
    exceptions.RayActorError,
    exceptions.WorkerCrashedError,
    exceptions.NodeDiedError,
    exceptions.ObjectLostError,
    exceptions.OutOfMemoryError,
)
"""Errors of a lost worker, or of a result lost with it."""

Item = TypeVar("Item")


class EncoderSpec(Protocol):
    """How a worker obtains its encoder; equal specs give equal encoders."""

    def __call__(self) -> Encoder: ...
    def __hash__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A model by name or path, which must exist on every machine."""

    name: str
    precision: Precision
    fingerprint: str

    @classmethod
    def of(cls, encoder: Encoder) -> Self:
        """Return how a worker obtains the driver's model."""
        return cls(encoder.name, encoder.precision, encoder.fingerprint)

    def __call__(self) -> Encoder:
        """Load the model. Raises ModelError where it cannot be loaded or is another model."""
        encoder = load(self.name, self.precision, threads=1)
        if encoder.fingerprint != self.fingerprint:
            raise ModelError(
                f"on {socket.gethostname()} the model {self.name} has the hash {encoder.fingerprint}, here "
                f"{self.fingerprint}: install the same model on all machines"
            )
        return encoder


@lru_cache(maxsize=2)
def encoder_of(spec: EncoderSpec) -> Encoder:
    """Return this process's encoder."""
    return spec()


def configured_limits() -> dict[str, str]:
    """Return the environment variables of the limits that the user set, for the workers."""
    return {limit.variable: os.environ[limit.variable] for limit in LIMITS if limit.variable in os.environ}


@ray.remote(num_cpus=1, max_retries=RETRIES)
def prepare_sources(
    sources: Sequence[PlannedSource],
    spec: EncoderSpec,
    lengths: Lengths,
    read: ReadDocument,
    limits: Mapping[str, str],
) -> list[Prepared]:
    """Read, cut and analyse some sources."""
    os.environ.update(limits)
    measure = encoder_of(spec).count_tokens
    return [prepare(source, measure, lengths, read) for source in sources]


class EncodingWorker:
    """A single-threaded encoder. Ray restarts it on another machine when its own is lost, and repeats its work.

    It reserves a processor to be placed but none to run, so that there is always a machine to restart it on.
    """

    def __init__(self, spec: EncoderSpec) -> None:
        self._encoder = encoder_of(spec)

    def encode(self, number: int, texts: Sequence[str]) -> tuple[int, Vectors]:
        """Return the group's number and the vectors of its texts, shape (texts, dimension)."""
        return number, self._encoder.encode(texts)


EncodingActor: Any = ray.remote(max_restarts=RESTARTS, max_task_retries=-1)(EncodingWorker)


@contextmanager
def worker_errors(stage: str) -> Iterator[None]:
    """Re-raise a worker's error; raise ClusterError with the stage if more workers were lost than Ray replaces."""
    try:
        yield
    except exceptions.RayTaskError as error:
        cause = getattr(error, "cause", None)
        raise (cause if isinstance(cause, Exception) else ClusterError(f"{stage}: {_last_line(error)}")) from None
    except LOST as error:
        raise ClusterError(
            f"{stage}: workers of the cluster were lost repeatedly, or could not be started ({_last_line(error)}); "
            "embedded passages are kept: run the same command to resume"
        ) from error


def _last_line(error: Exception) -> str:
    """Return the last line of Ray's message, which names the cause."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__


def results_in_order(tasks: Iterable[tuple[Any, str]], max_pending: int) -> Iterator[Any]:
    """Yield the results of (task, stage) pairs in order, with at most `max_pending` tasks started but not yielded."""
    running: deque[tuple[Any, str]] = deque()
    for task in tasks:
        running.append(task)
        if len(running) > max_pending:
            yield _result(*running.popleft())
    while running:
        yield _result(*running.popleft())


def _result(task: Any, stage: str) -> Any:
    with worker_errors(stage):
        return ray.get(task)


def group_by_size(
    items: Iterable[Item], size_of: Callable[[Item], int], target: int, max_items: int
) -> Iterator[list[Item]]:
    """Yield the items in order, in groups that end when they reach the target size or the largest count."""
    group: list[Item] = []
    size = 0
    for item in items:
        group.append(item)
        size += size_of(item)
        if size >= target or len(group) == max_items:
            yield group
            group, size = [], 0
    if group:
        yield group
