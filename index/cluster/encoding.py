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

from index.cluster.faults import told
from index.cluster.tasks import EncodingActor, Recipe
from index.models.encoder import Encoder, Vectors
from index.models.model_store import Precision

AT_ONCE = 2
"""Pieces that an actor has: one that it encodes, one that waits for it."""

PIECE = 16_000
"""Characters of a piece, about: a second of work. Each costs the driver a millisecond, however large it is."""

AHEAD = 4
"""Pieces for each that can be with an actor, before no further batch is begun."""

_TEXTS = 256


class ClusterEncoder:
    """As the encoder it is given, which answers for the model and encodes questions.

    What its methods do stands in `index.models.encoder.Encoder` and `index.building.prefetch.Foreseeing`.
    """

    def __init__(self, local: Encoder, recipe: Recipe, workers: int) -> None:
        self._local, self._recipe, self._workers = local, recipe, workers
        self._started: ActorPool | None = None
        self._most = AT_ONCE * AHEAD * workers
        self._asked: Counter[str] = Counter()
        self._done: dict[str, Any] = {}
        self._begun: dict[int, Sequence[str]] = {}
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
        return np.stack(self._results(texts, progress))

    @property
    def full(self) -> bool:
        return len(self._begun) >= self._most

    def expect(self, texts: Sequence[str]) -> None:
        new = [text for text in dict.fromkeys(texts) if text not in self._asked]
        self._asked.update(texts)
        for piece in pieces(new):
            number = next(self._numbers)
            self._begun[number] = piece
            self._pool.submit(_encode, (number, piece))

    def forget(self, texts: Sequence[str]) -> None:
        for text in texts:
            self._asked[text] -= 1
            if self._asked[text] <= 0:
                del self._asked[text]
                self._done.pop(text, None)

    def _results(self, texts: Sequence[str], progress: Callable[[int], None] | None) -> list[Any]:
        """What was made of these, in their order; waited for where it is under way."""
        self.expect(texts)
        found = []
        for text in texts:
            while text not in self._done:
                self._receive()
            found.append(self._done[text])
            if progress is not None:
                progress(1)
        self.forget(texts)
        return found

    def _receive(self) -> None:
        """Take one piece from whoever has finished one. Raises ModelError; ClusterError where workers are lost."""
        with told("encoding"):
            number, vectors = self._pool.get_next_unordered()
        for text, vector in zip(self._begun.pop(number), vectors, strict=True):
            if text in self._asked:
                self._done[text] = vector


def pieces(texts: Sequence[str]) -> Iterator[list[str]]:
    """The texts in order, in pieces of about as many characters each."""
    piece: list[str] = []
    size = 0
    for text in texts:
        piece.append(text)
        size += len(text)
        if size >= PIECE or len(piece) == _TEXTS:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


def _encode(actor: Any, numbered: tuple[int, Sequence[str]]) -> Any:
    number, piece = numbered
    return actor.encode.remote(number, list(piece))
