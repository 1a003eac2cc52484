"""An encoder whose texts are encoded by the actors of a cluster, begun before they are asked for
(`index.building.prefetch`).

Texts go to the actors some at a time, about as many characters to each, in the order in which they will be asked for;
whichever actor is free takes the next. Each has at most two such pieces, so that it does not wait for the next while
the driver writes. What a text's vector is depends on the text alone, so nothing depends on who encoded it and when.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any, Self

import numpy as np
from ray.util import ActorPool

from index.building.embed import spanning
from index.building.prefetch import Job
from index.cluster.faults import told
from index.cluster.tasks import EncodingActor, Recipe
from index.models.encoder import Encoder, Spans, Vectors
from index.models.model_store import Precision

AT_ONCE = 2
"""Pieces that an actor has: one that it encodes, one that waits for it."""

PIECE = 16_000
"""Characters of a piece, about: a second of work. Each costs the driver a millisecond, however large it is."""

AHEAD = 4
"""Pieces for each that can be with an actor, before no further batch is begun."""

_TEXTS = 256

Key = str | Job
"""What stands for a job: its text where that is all, which says whether it is the same at a tenth of the cost."""


class ClusterEncoder:
    """As the encoder it is given, which answers for the model and encodes questions.

    What its methods do stands in `index.models.encoder.SpanEncoder` and `index.building.prefetch.Foreseeing`.
    """

    def __init__(self, local: Encoder, recipe: Recipe, workers: int) -> None:
        self._local, self._recipe, self._workers = local, recipe, workers
        self._started: ActorPool | None = None
        self._most = AT_ONCE * AHEAD * workers
        self._asked: Counter[Key] = Counter()
        self._done: dict[Key, Any] = {}
        self._begun: dict[int, Sequence[Job]] = {}
        self._numbers = count()
        self._actors: list[Any] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End the actors: nothing else holds them."""
        self._started = None
        self._actors.clear()

    @property
    def _pool(self) -> ActorPool:
        if self._started is None:  # by the first text: a build that finds nothing new starts none
            start = EncodingActor.options(scheduling_strategy="SPREAD").remote
            self._actors = [start(self._recipe) for _ in range(self._workers)]
            self._started = ActorPool([actor for actor in self._actors for _ in range(AT_ONCE)])
        return self._started

    @property
    def name(self) -> str:
        return self._local.name

    @property
    def precision(self) -> Precision:
        return self._local.precision

    @property
    def fingerprint(self) -> str:
        return self._local.fingerprint

    @property
    def dimension(self) -> int:
        return self._local.dimension

    @property
    def max_tokens(self) -> int:
        return self._local.max_tokens

    @property
    def special_tokens(self) -> int:
        return self._local.special_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._local.count_tokens(texts)

    def encode(
        self, texts: Sequence[str], *, query: bool = False, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        if query or not texts:
            return self._local.encode(texts, query=query, progress=progress)
        return np.stack(self._results([Job(text) for text in texts], progress))

    def encode_spans(
        self, texts: Sequence[str], spans: Sequence[Spans], *, progress: Callable[[int], None] | None = None
    ) -> tuple[Vectors, list[Vectors]]:
        if not texts:
            return spanning(self._local).encode_spans(texts, spans)
        jobs = [Job(text, tuple(some)) for text, some in zip(texts, spans, strict=True)]
        results = self._results(jobs, progress)
        return np.stack([vector for vector, _ in results]), [of_spans for _, of_spans in results]

    @property
    def full(self) -> bool:
        return len(self._begun) >= self._most

    def expect(self, jobs: Sequence[Job]) -> None:
        new = {key: one for one in jobs if (key := _key(one)) not in self._asked}
        self._asked.update(map(_key, jobs))
        for piece in pieces(list(new.values())):
            number = next(self._numbers)
            self._begun[number] = piece
            self._pool.submit(_encode, (number, piece))

    def forget(self, jobs: Sequence[Job]) -> None:
        for key in map(_key, jobs):
            self._asked[key] -= 1
            if self._asked[key] <= 0:
                del self._asked[key]
                self._done.pop(key, None)

    def _results(self, jobs: Sequence[Job], progress: Callable[[int], None] | None) -> list[Any]:
        """What was made of these, in their order; waited for where it is under way."""
        self.expect(jobs)
        found = []
        for key in map(_key, jobs):
            while key not in self._done:
                self._receive()
            found.append(self._done[key])
            if progress is not None:
                progress(1)
        self.forget(jobs)
        return found

    def _receive(self) -> None:
        """Take one piece from whoever has finished one. Raises ModelError; ClusterError where workers are lost."""
        with told("encoding"):
            number, vectors = self._pool.get_next_unordered()
        jobs = self._begun.pop(number)
        of_texts = vectors if jobs[0].spans is None else zip(*vectors, strict=True)
        for key, vector in zip(map(_key, jobs), of_texts, strict=True):
            if key in self._asked:
                self._done[key] = vector


def _key(job: Job) -> Key:
    return job.text if job.spans is None else job


def pieces(jobs: Sequence[Job]) -> Iterator[list[Job]]:
    """The jobs in order, in pieces of about as many characters each."""
    piece: list[Job] = []
    size = 0
    for one in jobs:
        piece.append(one)
        size += len(one.text)
        if size >= PIECE or len(piece) == _TEXTS:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


def _encode(actor: Any, numbered: tuple[int, Sequence[Job]]) -> Any:
    number, piece = numbered
    spans = None if piece[0].spans is None else [one.spans or () for one in piece]
    return actor.encode.remote(number, [one.text for one in piece], spans)  # plain ones: a Job is slow to pickle
