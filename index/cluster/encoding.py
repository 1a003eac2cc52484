"""An encoder whose texts are encoded by the actors of a cluster, begun before they are asked for (`index.ahead`).

Texts go to the actors some at a time, about as many characters to each, in the order in which they will be asked for;
whichever actor is free takes the next. Each has at most two such pieces, so that it does not wait for the next while
the driver writes. What a text's vector is depends on the text alone, so nothing depends on who encoded it and when.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Self

import numpy as np
from ray.util import ActorPool

from index.ahead import Job
from index.cluster.faults import told
from index.cluster.work import EncodingActor, Recipe
from index.embedding import spanning
from index.encoder import Encoder, Spans, Vectors
from index.models import Precision

AT_ONCE = 2
"""Pieces that an actor has: one that it encodes, one that waits for it."""

PIECE = 8_000
"""Characters of a piece, about: half a second of work, against some 3 ms to send it."""

AHEAD = 4
"""Pieces for each that can be with an actor, before no further batch is begun."""

_TEXTS = 64


class ClusterEncoder:
    """As the encoder it is given, which answers for the model and encodes questions.

    What its methods do stands in `index.encoder.SpanEncoder` and `index.ahead.Foreseeing`.
    """

    def __init__(self, local: Encoder, recipe: Recipe, workers: int) -> None:
        self._local, self._recipe, self._workers = local, recipe, workers
        self._started: ActorPool | None = None
        self._most = AT_ONCE * AHEAD * workers
        self._asked: Counter[Job] = Counter()
        self._done: dict[Job, Any] = {}
        self._pieces = 0
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
        return self._pieces >= self._most

    def expect(self, jobs: Sequence[Job]) -> None:
        new = [one for one in dict.fromkeys(jobs) if one not in self._asked]
        self._asked.update(jobs)
        for piece in pieces(new):
            self._pool.submit(_encode, piece)
            self._pieces += 1

    def forget(self, jobs: Sequence[Job]) -> None:
        self._asked.subtract(jobs)
        for one in jobs:
            if self._asked[one] <= 0:
                del self._asked[one]
                self._done.pop(one, None)

    def _results(self, jobs: Sequence[Job], progress: Callable[[int], None] | None) -> list[Any]:
        """What was made of these, in their order; waited for where it is under way."""
        self.expect(jobs)
        for one in jobs:
            while one not in self._done:
                self._receive()
            if progress is not None:
                progress(1)
        found = [self._done[one] for one in jobs]
        self.forget(jobs)
        return found

    def _receive(self) -> None:
        """Take one piece from whoever has finished one. Raises ModelError; ClusterError where workers are lost."""
        with told("encoding"):
            jobs, vectors = self._pool.get_next_unordered()
        self._pieces -= 1
        of_texts = vectors if jobs[0].spans is None else zip(*vectors, strict=True)
        for one, vector in zip(jobs, of_texts, strict=True):
            if one in self._asked:
                self._done[one] = vector


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


def _encode(actor: Any, piece: Sequence[Job]) -> Any:
    return actor.encode.remote(piece)
