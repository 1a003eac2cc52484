"""The shards of an index as Ray actors, each with replicas on several machines.

Ray places the replicas of a shard on different machines and restarts lost ones. This module does not wait for a replica
that does not answer: after a timeout the next one is asked, and the silent one is asked last until it answers again.

Queries and proposals travel as lists of bytes, strings and numbers, which Ray sends as msgpack. It pickles anything
else, argument by argument, at a cost that the driver pays per shard.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import ray
from ray import exceptions
from ray.util.placement_group import placement_group, remove_placement_group
from ray.util.scheduling_strategies import PlacementGroupSchedulingStrategy

from index.cluster.shard import Proposals, Shard
from index.cluster.tasks import LOST
from index.models.encoder import Vectors

TIMEOUT = 5.0
"""Seconds until the next replica is asked: a shorter time asks slow replicas twice, a longer one makes users wait."""

_SUSPECT_SHARE = 0.2
"""Share of TIMEOUT for the replicas of a shard none of which has answered since it failed."""

_CPU = 0.001
"""Processors that a replica reserves: almost none, because replicas are placed by machine, not by processor."""

Message = list[Any]
"""A list that msgpack can encode."""


def pack_query(vector: Vectors, terms: Sequence[str], wanted: int, documents: npt.NDArray[np.int64] | None) -> Message:
    """Encode the arguments of `Shard.propose`."""
    numbers = None if documents is None else documents.astype("<i8").tobytes()
    return [vector.astype("<f4").tobytes(), list(terms), wanted, numbers]


def unpack_query(message: Message) -> tuple[Vectors, list[str], int, npt.NDArray[np.int64] | None]:
    """Decode the arguments of `Shard.propose`."""
    vector, terms, wanted, documents = message
    numbers = None if documents is None else np.frombuffer(documents, "<i8")
    return np.frombuffer(vector, "<f4"), terms, wanted, numbers


def pack_proposals(proposals: Proposals) -> Message:
    """Encode proposals."""
    scores = np.array([score for score, _ in proposals.passages], "<f8")
    numbers = np.array([number for _, number in proposals.passages], "<i8")
    columns = (proposals.cosines.astype("<f4"), proposals.rows.astype("<i8"), scores, numbers)
    return [column.tobytes() for column in columns]


def unpack_proposals(message: Message) -> Proposals:
    """Decode proposals."""
    types = ("<f4", "<i8", "<f8", "<i8")
    cosines, rows, scores, numbers = (np.frombuffer(data, dtype) for data, dtype in zip(message, types, strict=True))
    return Proposals(cosines, rows, list(zip(scores.tolist(), numbers.tolist(), strict=True)))


class ShardServer:
    """A replica of a shard. It opens a generation when first asked for it, and then drops the one before."""

    def __init__(self, folder: str, shard: int, shards: int) -> None:
        self._folder, self._shard, self._shards = Path(folder), shard, shards
        self._open: dict[int, Shard] = {}

    def propose(self, generation: int, query: Message) -> Message:
        """Answer a query (`Shard.propose`). Raises what opening an index raises."""
        shard = self._open.get(generation)
        if shard is None:
            shard = Shard(self._folder, generation, self._shard, self._shards)
            self._open = {generation: shard}
        return pack_proposals(shard.propose(*unpack_query(query)))

    def ready(self) -> None:
        """Answer, which shows that the replica is alive."""


ShardActor: Any = ray.remote(num_cpus=0, max_restarts=-1, max_task_retries=0)(ShardServer)

_nodes: Any = ray.nodes


class Replicas:
    """All replicas of all shards of the index in a folder, which every machine must see under the same path."""

    def __init__(self, folder: Path, shards: int, replicas: int) -> None:
        self.shards = shards
        machines = sum(bool(node["Alive"] and node["Resources"].get("CPU")) for node in _nodes())
        strategy = "STRICT_SPREAD" if machines >= replicas else "SPREAD"
        self._groups = [placement_group([{"CPU": _CPU}] * replicas, strategy=strategy) for _ in range(shards)]
        self._actors = [
            [
                ShardActor.options(
                    scheduling_strategy=PlacementGroupSchedulingStrategy(group, placement_group_bundle_index=place)
                ).remote(str(folder.resolve()), shard, shards)
                for place in range(replicas)
            ]
            for shard, group in enumerate(self._groups)
        ]
        self._turns = count()
        self._suspects: dict[tuple[int, int], Any] = {}
        """Replicas that failed, each with a pending sign of life."""
        self._lock = threading.Lock()

    def close(self) -> None:
        """End all actors."""
        self._actors.clear()
        for group in self._groups:
            remove_placement_group(group)

    def wait(self, seconds: float = 60.0) -> None:
        """Wait until all replicas answer, at most this long."""
        signs = [actor.ready.remote() for actors in self._actors for actor in actors]
        ray.wait(signs, num_returns=len(signs), timeout=seconds)

    def ask(self, generation: int, queries: Mapping[int, Sequence[Any]]) -> dict[int, Proposals]:
        """Return the proposals of each shard for its query, without shards whose replicas do not answer.

        Raises what opening an index raises on the machines of the shards.
        """
        return _Request(self, generation, queries).answers()

    def order(self, shard: int) -> tuple[deque[int], bool]:
        """Return the replicas of a shard in the order to ask them, suspects last; and whether any is no suspect."""
        turn = next(self._turns)
        replicas = range(len(self._actors[shard]))
        suspects = {replica for replica in replicas if self._is_suspect(shard, replica)}
        rotated = [(replica + turn) % len(replicas) for replica in replicas]
        return deque(sorted(rotated, key=lambda replica: replica in suspects)), len(suspects) < len(replicas)

    def submit(self, shard: int, replica: int, generation: int, query: Message) -> Any:
        """Ask one replica."""
        return self._actors[shard][replica].propose.remote(generation, query)

    def suspect(self, shard: int, replica: int) -> None:
        """Ask this replica last until it answers again."""
        with self._lock:
            if (shard, replica) not in self._suspects:
                self._suspects[shard, replica] = self._actors[shard][replica].ready.remote()

    def _is_suspect(self, shard: int, replica: int) -> bool:
        with self._lock:
            sign = self._suspects.get((shard, replica))
            if sign is None:
                return False
            done, _ = ray.wait([sign], timeout=0)
            if not done:
                return True
            try:
                ray.get(sign)
            except LOST:
                self._suspects[shard, replica] = self._actors[shard][replica].ready.remote()
                return True
            del self._suspects[shard, replica]
            return False


class _Request:
    """One query on its way to all shards."""

    def __init__(self, replicas: Replicas, generation: int, queries: Mapping[int, Sequence[Any]]) -> None:
        self._replicas, self._generation = replicas, generation
        self._queries = {shard: pack_query(*query) for shard, query in queries.items()}
        self._answers: dict[int, Proposals] = {}
        self._open = set(queries)
        self._next: dict[int, deque[int]] = {}
        self._timeout: dict[int, float] = {}
        self._deadline: dict[int, float] = {}
        self._running: dict[Any, tuple[int, int]] = {}

    def answers(self) -> dict[int, Proposals]:
        for shard in sorted(self._open):
            self._next[shard], any_healthy = self._replicas.order(shard)
            self._timeout[shard] = TIMEOUT * (1 if any_healthy else _SUSPECT_SHARE)
            self._submit(shard)
        while self._open:
            remaining = min(self._deadline[shard] for shard in self._open) - time.monotonic()
            waiting = [reference for reference, (shard, _) in self._running.items() if shard in self._open]
            done, _ = ray.wait(waiting, timeout=max(remaining, 0.0))
            for reference in done:
                self._receive(reference)
            self._expire()
        return self._answers

    def _submit(self, shard: int) -> bool:
        """Ask the next replica of a shard; return False where there is no other."""
        if not self._next[shard]:
            return False
        replica = self._next[shard].popleft()
        reference = self._replicas.submit(shard, replica, self._generation, self._queries[shard])
        self._running[reference] = shard, replica
        self._deadline[shard] = time.monotonic() + self._timeout[shard]
        return True

    def _receive(self, reference: Any) -> None:
        shard, replica = self._running.pop(reference)
        try:
            self._answers[shard] = unpack_proposals(ray.get(reference))
            self._open.discard(shard)
        except exceptions.RayTaskError as error:
            cause = getattr(error, "cause", None)
            raise (cause if isinstance(cause, Exception) else error) from None
        except LOST:
            self._replicas.suspect(shard, replica)
            if not self._submit(shard) and not any(other == shard for other, _ in self._running.values()):
                self._open.discard(shard)  # no replica is left that could answer

    def _expire(self) -> None:
        """Ask the next replica after a timeout; a late answer still counts."""
        now = time.monotonic()
        for shard in [shard for shard in self._open if self._deadline[shard] <= now]:
            for other, replica in self._running.values():
                if other == shard:
                    self._replicas.suspect(shard, replica)
            if not self._submit(shard):
                self._open.discard(shard)
