"""A door to what takes time: so many calls run at once, in threads of their own number, so many wait before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import anyio

from qa.errors import Busy

Given = TypeVar("Given")


class Door:
    """Lets calls in; nobody else's threads are held by them."""

    def __init__(self, at_once: int, waiting: int, busy: str = "The form is busy: try again in a moment.") -> None:
        """`busy` is what those are told who come when so many wait."""
        self._limiter = anyio.CapacityLimiter(at_once)
        self._most = at_once + waiting
        self._busy = busy
        self._inside = 0

    async def __call__(self, call: Callable[[], Given]) -> Given:
        """What the call gives, once its turn has come. Raises Busy, and what the call raises."""
        # counted here: those of a burst are not among the limiter's own before each of them has been waited for once
        if self._inside >= self._most:
            raise Busy(self._busy)
        self._inside += 1
        try:
            return await anyio.to_thread.run_sync(call, limiter=self._limiter)
        finally:
            self._inside -= 1
