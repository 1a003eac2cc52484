"""Bounded concurrency: run N calls at once, queue M, reject the rest with Busy."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

import anyio

from corpus.translation import gettext as _
from corpus.translation import gettext_noop
from qa.errors import Busy

Result = TypeVar("Result")

_FORM_IS_BUSY = gettext_noop("The form is busy: try again in a moment.")


class ConcurrencyLimit:
    """Runs calls in its own threads, so that one kind of work never takes the threads of another."""

    def __init__(self, concurrent: int, queued: int, busy: str = _FORM_IS_BUSY) -> None:
        """`busy` is the message, translated later, of the Busy error when `queued` calls are queued already."""
        self._limiter = anyio.CapacityLimiter(concurrent)
        self._capacity = concurrent + queued
        self._busy = busy
        self._entered = 0

    async def __call__(self, call: Callable[[], Result]) -> Result:
        """Run the call in a thread when its turn comes and return its result. Raises Busy, and what the call raises."""
        with self._admit():
            return await anyio.to_thread.run_sync(call, limiter=self._limiter)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a slot and hold it for the block. Raises Busy."""
        with self._admit():
            async with self._limiter:
                yield

    @contextmanager
    def _admit(self) -> Iterator[None]:
        # Our own count: the limiter does not count the tasks of a burst before each has been awaited once.
        if self._entered >= self._capacity:
            raise Busy(_(self._busy))
        self._entered += 1
        try:
            yield
        finally:
            self._entered -= 1
