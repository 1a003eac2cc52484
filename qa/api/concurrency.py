"""Calls in threads: a bounded number at once, and a library opened before it is needed.

`ConcurrencyLimit` runs N calls at once, queues M and rejects the rest with Busy. `LibraryLoader` opens a library in the
background, so that the page appears before the model is loaded.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

import anyio

from corpus.translation import gettext as _
from corpus.translation import gettext_noop
from qa.answering.library import Library
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


Opener = Callable[[], Library]


class LibraryLoader:
    """A library, or a function that opens it; the function runs once, in its own thread, after `start`."""

    def __init__(self, library: Library | Opener) -> None:
        self._result: Future[Library] = Future()
        self._opener: Opener | None = None
        self._reopener = library if not isinstance(library, Library) else None
        self._lock = threading.Lock()
        if isinstance(library, Library):
            self._result.set_result(library)
        else:
            self._opener = library

    def start(self) -> None:
        """Start to open the library, unless that has been done."""
        with self._lock:
            opener, self._opener = self._opener, None
        if opener is not None:
            # a daemon thread: stopping the server does not wait for a model to load
            threading.Thread(target=self._open, args=(opener,), name="open-library", daemon=True).start()

    def _open(self, opener: Opener) -> None:
        try:
            self._result.set_result(opener())
        except Exception as error:  # noqa: BLE001 - stored, and raised by `library`
            self._result.set_exception(error)

    def reopen(self) -> None:
        """Open the library again; until that is done, the previous one answers. Raises what opening raises."""
        if self._reopener is not None:
            result: Future[Library] = Future()
            result.set_result(self._reopener())
            self._result = result

    @property
    def is_open(self) -> bool:
        """Whether `library` returns or raises without waiting."""
        return self._result.done()

    def library(self) -> Library:
        """Return the library, waiting until it is open. Raises what opening it raised."""
        self.start()
        return self._result.result()
