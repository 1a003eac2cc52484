"""A door to what takes time: so many are let through at once, so many wait before it, and who comes then is told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

import anyio

from qa.errors import Busy

Given = TypeVar("Given")


class ConcurrencyLimit:
    """Lets calls into threads of their own number, so that nobody else's are held by them, or tasks to go on."""

    def __init__(self, at_once: int, waiting: int, busy: str = "The form is busy: try again in a moment.") -> None:
        """`busy` is what those are told who come when so many wait."""
        self._limiter = anyio.CapacityLimiter(at_once)
        self._most = at_once + waiting
        self._busy = busy
        self._inside = 0

    async def __call__(self, call: Callable[[], Given]) -> Given:
        """What the call gives in a thread, once its turn has come. Raises Busy, and what the call raises."""
        with self._counted():
            return await anyio.to_thread.run_sync(call, limiter=self._limiter)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for one's turn, which lasts until the block is left. Raises Busy."""
        with self._counted():
            async with self._limiter:
                yield

    @contextmanager
    def _counted(self) -> Iterator[None]:
        # counted here: those of a burst are not among the limiter's own before each of them has been waited for once
        if self._inside >= self._most:
            raise Busy(self._busy)
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1
