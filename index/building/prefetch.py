"""Announce coming texts to an encoder that works in parallel, so that its workers never wait for the writer.

A build encodes and writes one batch after another. An encoder with workers elsewhere (`index.cluster`) receives the
next batches, as many as it takes, before it is asked for the vectors of the first. Results are dropped once their batch
is written, so memory is bounded.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, runtime_checkable

from index.building.prepare import Prepared, PreparedPassage
from index.models.encoder import Encoder


@runtime_checkable
class PrefetchingEncoder(Encoder, Protocol):
    """An encoder that can start work before its result is asked for."""

    @property
    def full(self) -> bool:
        """Whether enough work is under way to keep all workers busy."""

    def expect(self, texts: Sequence[str]) -> None:
        """Start encoding these texts."""

    def forget(self, texts: Sequence[str]) -> None:
        """Drop what `expect` started for these texts."""


def prefetch(
    batches: Iterable[Sequence[Prepared]],
    encoder: Encoder,
    texts_of: Callable[[Sequence[PreparedPassage]], Sequence[str]],
) -> Iterator[Sequence[Prepared]]:
    """Yield the batches in order; when a batch is yielded, a prefetching encoder has started on the following ones."""
    if not isinstance(encoder, PrefetchingEncoder):
        yield from batches
        return
    waiting: deque[tuple[Sequence[Prepared], Sequence[str]]] = deque()
    for batch in batches:
        texts = texts_of([passage for source in batch for passage in source.passages])
        encoder.expect(texts)
        waiting.append((batch, texts))
        while len(waiting) > 1 and encoder.full:  # at least one batch stays ahead, however large batches are
            yield waiting[0][0]
            encoder.forget(waiting.popleft()[1])
    while waiting:
        yield waiting[0][0]
        encoder.forget(waiting.popleft()[1])
