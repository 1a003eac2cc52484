"""What is to be encoded soon: told in time to an encoder that has others at work, so that none of them waits.

A build asks for the vectors of one batch after the other and writes them in that order. An encoder that computes by
itself has nothing of knowing what comes next; one that has many at work (`index.cluster`) is told of the batches to
come, as many as it takes, while it is asked for the vectors of the first. What it computed is forgotten when its batch
is written, so that memory is bounded however many batches there are.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, runtime_checkable

from index.building.prepare import Prepared, PreparedPassage
from index.models.encoder import Encoder


@runtime_checkable
class Foreseeing(Encoder, Protocol):
    """An encoder that is told what it will be asked for."""

    @property
    def full(self) -> bool:
        """Whether enough is under way to keep all at work."""

    def expect(self, texts: Sequence[str]) -> None:
        """Begin with these: their vectors will be asked for."""

    def forget(self, texts: Sequence[str]) -> None:
        """They were asked for, or will not be: what `expect` began for them is dropped."""


def looking_ahead(
    batches: Iterable[Sequence[Prepared]],
    encoder: Encoder,
    texts_of: Callable[[Sequence[PreparedPassage]], Sequence[str]],
) -> Iterator[Sequence[Prepared]]:
    """The same batches; an encoder that foresees has begun with the next ones when one is given out."""
    if not isinstance(encoder, Foreseeing):
        yield from batches
        return
    waiting: deque[tuple[Sequence[Prepared], Sequence[str]]] = deque()
    for batch in batches:
        wanted = texts_of([passage for one in batch for passage in one.passages])
        encoder.expect(wanted)
        waiting.append((batch, wanted))
        while len(waiting) > 1 and encoder.full:  # one stays begun, however large batches are
            done, asked = waiting.popleft()
            yield done
            encoder.forget(asked)
    while waiting:
        done, asked = waiting.popleft()
        yield done
        encoder.forget(asked)
