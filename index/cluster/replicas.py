"""The shards of an index as actors, each on several machines: a question goes to one of each, another where it fails.

Ray keeps the replicas of a shard on different machines and starts one anew where it is lost. What is left to do here is
not to wait for one that does not answer: after its time the next is asked, and it is asked last until it is heard of.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import ray
from ray import exceptions
from ray.util.placement_group import placement_group, remove_placement_group
from ray.util.scheduling_strategies import PlacementGroupSchedulingStrategy

from index.cluster import serialization
from index.cluster.faults import LOST
from index.cluster.shard import Part, Proposals

PATIENCE = 5.0
"""Seconds that a replica has for its answer, before the next is asked."""

_ILL = 0.2
"""Of that a shard gets this share where none of its replicas has been heard of since it failed."""

_ROOM = 0.001
"""Of a processor that a replica has to be given: it is placed by machines, not by processors."""


class Searching:
    """A replica of a shard. It opens a generation when it is first asked for it, and forgets the one before."""

    def __init__(self, folder: str, shard: int, shards: int) -> None:
        self._folder, self._shard, self._shards = Path(folder), shard, shards
        self._open: dict[int, Part] = {}

    def propose(self, generation: int, question: serialization.Sent) -> serialization.Sent:
        """See `Part.propose`. Raises what opening an index raises."""
        part = self._open.get(generation)
        if part is None:
            part = Part(self._folder, generation, self._shard, self._shards)
            self._open = {generation: part}
        return serialization.proposals(part.propose(*serialization.asked(question)))

    def ready(self) -> None:
        """Answer that it is there."""


SearchingActor: Any = ray.remote(num_cpus=0, max_restarts=-1, max_task_retries=0)(Searching)


_nodes: Any = ray.nodes


class Replicas:
    """All replicas of all shards of the index in a folder, which has to be there on each machine."""

    def __init__(self, folder: Path, shards: int, replicas: int) -> None:
        self.shards = shards
        machines = sum(bool(one["Alive"] and one["Resources"].get("CPU")) for one in _nodes())
        apart = "STRICT_SPREAD" if machines >= replicas else "SPREAD"
        self._groups = [placement_group([{"CPU": _ROOM}] * replicas, strategy=apart) for _ in range(shards)]
        self._actors = [
            [
                SearchingActor.options(
                    scheduling_strategy=PlacementGroupSchedulingStrategy(group, placement_group_bundle_index=place)
                ).remote(str(folder.resolve()), shard, shards)
                for place in range(replicas)
            ]
            for shard, group in enumerate(self._groups)
        ]
        self._turns = count()
        self._ill: dict[tuple[int, int], Any] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        """End them."""
        self._actors.clear()
        for group in self._groups:
            remove_placement_group(group)

    def wait(self, seconds: float = 60.0) -> None:
        """Until all are there, but no longer."""
        signs = [one.ready.remote() for some in self._actors for one in some]
        ray.wait(signs, num_returns=len(signs), timeout=seconds)

    def ask(self, generation: int, questions: Mapping[int, Sequence[Any]]) -> dict[int, Proposals]:
        """What each of these shards proposes to its question; a shard whose replicas do not answer is left out.

        Raises what opening an index raises on the machines of the shards.
        """
        return _Asking(self, generation, questions).answers()

    def order(self, shard: int) -> tuple[deque[int], bool]:
        """The replicas of a shard as they are to be asked, in turn, the ill ones last; and whether one is well."""
        turn = next(self._turns)
        every = range(len(self._actors[shard]))
        turned = [(one + turn) % len(every) for one in every]
        ill = {one for one in every if self._is_ill(shard, one)}
        return deque(sorted(turned, key=lambda one: one in ill)), len(ill) < len(every)

    def submit(self, shard: int, replica: int, generation: int, question: serialization.Sent) -> Any:
        """Ask one replica."""
        return self._actors[shard][replica].propose.remote(generation, question)

    def failed(self, shard: int, replica: int) -> None:
        """It did not answer: it is asked last until it answers that it is there."""
        with self._lock:
            if (shard, replica) not in self._ill:
                self._ill[shard, replica] = self._actors[shard][replica].ready.remote()

    def _is_ill(self, shard: int, replica: int) -> bool:
        with self._lock:
            sign = self._ill.get((shard, replica))
            if sign is None:
                return False
            done, _ = ray.wait([sign], timeout=0)
            if not done:
                return True
            try:
                ray.get(sign)
            except LOST:
                self._ill[shard, replica] = self._actors[shard][replica].ready.remote()
                return True
            del self._ill[shard, replica]
            return False


class _Asking:
    """One question, on its way to all shards."""

    def __init__(self, replicas: Replicas, generation: int, questions: Mapping[int, Sequence[Any]]) -> None:
        self._replicas, self._generation = replicas, generation
        self._questions = {shard: serialization.question(*question) for shard, question in questions.items()}
        self._found: dict[int, Proposals] = {}
        self._open = set(questions)
        self._next: dict[int, deque[int]] = {}
        self._patience: dict[int, float] = {}
        self._until: dict[int, float] = {}
        self._running: dict[Any, tuple[int, int]] = {}

    def answers(self) -> dict[int, Proposals]:
        for shard in sorted(self._open):
            self._next[shard], well = self._replicas.order(shard)
            self._patience[shard] = PATIENCE * (1 if well else _ILL)
            self._submit(shard)
        while self._open:
            rest = min(self._until[one] for one in self._open) - time.monotonic()
            waiting = [reference for reference, (shard, _) in self._running.items() if shard in self._open]
            done, _ = ray.wait(waiting, timeout=max(rest, 0.0))
            for reference in done:
                self._take(reference)
            self._pass_over()
        return self._found

    def _submit(self, shard: int) -> bool:
        """Ask the next replica of a shard; False where there is no other."""
        if not self._next[shard]:
            return False
        replica = self._next[shard].popleft()
        reference = self._replicas.submit(shard, replica, self._generation, self._questions[shard])
        self._running[reference] = shard, replica
        self._until[shard] = time.monotonic() + self._patience[shard]
        return True

    def _take(self, reference: Any) -> None:
        shard, replica = self._running.pop(reference)
        try:
            self._found[shard] = serialization.proposed(ray.get(reference))
            self._open.discard(shard)
        except exceptions.RayTaskError as error:
            cause = getattr(error, "cause", None)
            raise (cause if isinstance(cause, Exception) else error) from None
        except LOST:
            self._replicas.failed(shard, replica)
            if not self._submit(shard) and not any(one == shard for one, _ in self._running.values()):
                self._open.discard(shard)  # none is left that could answer

    def _pass_over(self) -> None:
        """Where a replica's time is over, ask the next; what the first answers still counts."""
        now = time.monotonic()
        for shard in [one for one in self._open if self._until[one] <= now]:
            for known, replica in self._running.values():
                if known == shard:
                    self._replicas.failed(shard, replica)
            if not self._submit(shard):
                self._open.discard(shard)
