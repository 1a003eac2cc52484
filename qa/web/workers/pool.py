"""Perform tasks in two child processes: one answers questions, the other runs long tasks.

Both work on several requests in parallel threads; the models, which take most of the time of a question, release the
GIL. In the server's own process questions and the event loop shared the GIL, and two cores did little more than one.
Batches, comparisons, checks and changes have a lower priority: four of them in the server's process tripled the 95th
percentile of a question's time. While a document of 200 passages was added on two busy cores, the median question took
1.3 times as long as without it; 2.2 times with the normal priority, 3.2 times with the build in the server's process.

Each request names the index folder; a child opens it and follows its changes as every reader does.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable, Generator
from contextlib import closing
from pathlib import Path
from threading import Lock
from typing import Protocol

import anyio
from starlette.concurrency import run_in_threadpool

from corpus import processes
from corpus.processes import ChildProcess, Json, Message, ProcessEnded, RemoteError, serve
from corpus.translation import gettext_noop
from index.models.encoder import encode_questions, load
from qa.answering.library import Library
from qa.api.concurrency import ConcurrencyLimit, LibraryLoader
from qa.errors import USER_ERRORS, WorkerCrashed, rebuild_error
from qa.web.security.request_limits import temporary_folder
from qa.web.workers.tasks import answer, perform

NICENESS = 5
"""Increment of the nice value of the child that runs long tasks."""

_MODULE = "qa.web.workers.pool"
_BACKGROUND = "background"

Answerer = Callable[[Json], Awaitable[Json]]
"""Answers a request of `tasks.answer`."""


class BoundedAnswerer:
    """Limits the requests that an answerer works on at once."""

    def __init__(self, answerer: Answerer, concurrent: int, queued: int) -> None:
        self._answerer = answerer
        self._limit = ConcurrencyLimit(
            concurrent, queued, gettext_noop("Too many questions are waiting: try again in a moment.")
        )

    async def __call__(self, request: Json) -> Json:
        """Answer when its turn comes. Raises Busy, and what the answerer raises."""
        async with self._limit.turn():
            return await self._answerer(request)


class ThreadAnswerer:
    """Answers in a thread of this process."""

    def __init__(self, loader: LibraryLoader) -> None:
        self._loader = loader

    async def __call__(self, request: Json) -> Json:
        """Answer once the library is open. Raises what `tasks.answer` and opening the library raise."""
        return await run_in_threadpool(lambda: answer(self._loader.library(), request))

    async def warm_up(self) -> None:
        """Do nothing: the library is opened by its loader."""

    def close(self) -> None:
        """Do nothing."""


class ProcessAnswerer:
    """Answers in a child process, which is restarted after a crash."""

    def __init__(self, loader: LibraryLoader) -> None:
        self._loader = loader
        self._child = ChildProcess(_MODULE)
        self._submitting = anyio.CapacityLimiter(4)  # separate threads, so that other work does not delay questions

    async def __call__(self, request: Json) -> Json:
        """Answer once the library is open. Cancelling the call drops a question that waits in the child.

        Raises what `tasks.answer` and opening the library raise, and WorkerCrashed.
        """
        is_open = self._loader.is_open
        library = self._loader.library() if is_open else await run_in_threadpool(self._loader.library)
        message = _message(library, request)
        try:
            reply = await anyio.to_thread.run_sync(self._child.submit, message, limiter=self._submitting)
            result: Json = (await asyncio.wrap_future(reply))[0]["result"]
        except (ProcessEnded, RemoteError) as error:
            raise _translate(error) from error
        return result

    async def warm_up(self) -> None:
        """Start the child and have it open the index and the model, once the library is open."""
        with contextlib.suppress(*USER_ERRORS):  # the first question reports it
            await self({"warm_up": True})

    def close(self) -> None:
        """End the child."""
        self._child.close()


class TaskRunner(Protocol):
    """Performs long tasks: in this process (`InlineTaskRunner`) or in a child (`ProcessTaskRunner`)."""

    def steps(self, request: Json) -> Generator[Json, None, None]:
        """Yield what `tasks.perform` yields, once the library is open.

        Raises what `tasks.perform` and opening the library raise, and WorkerCrashed.
        """

    def close(self) -> None:
        """End what has been started."""


def run_to_completion(runner: TaskRunner, request: Json, watch: Callable[[Json], None] = lambda _: None) -> Json:
    """Perform a task and return its result; call `watch` with each step. Raises what `TaskRunner.steps` raises."""
    with closing(runner.steps(request)) as steps:
        for step in steps:
            if "result" in step:
                result: Json = step["result"]
                return result
            watch(step)
    raise WorkerCrashed


class InlineTaskRunner:
    """Performs tasks in the calling thread."""

    def __init__(self, loader: LibraryLoader) -> None:
        self._loader = loader

    def steps(self, request: Json) -> Generator[Json, None, None]:
        yield from perform(self._loader.library(), request)

    def close(self) -> None:
        pass


class ProcessTaskRunner:
    """Performs tasks in a child process with a low priority, which is restarted after a crash. Thread-safe."""

    def __init__(self, loader: LibraryLoader) -> None:
        self._loader = loader
        # its temporary files go with those of this process
        folders = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary_folder()))
        self._child = ChildProcess(_MODULE, _BACKGROUND, niceness=NICENESS, environment=folders)

    def steps(self, request: Json) -> Generator[Json, None, None]:
        message = _message(self._loader.library(), request)
        try:
            with closing(self._child.stream(message)) as replies:
                for step, _ in replies:
                    yield step
        except (ProcessEnded, RemoteError) as error:
            raise _translate(error) from error

    def close(self) -> None:
        self._child.close()


def _message(library: Library, request: Json) -> Json:
    return {"index": str(library.folder), "notices": library.notices, "request": request}


def _translate(error: ProcessEnded | RemoteError) -> Exception:
    return rebuild_error(error.name, error.message) if isinstance(error, RemoteError) else WorkerCrashed()


class _Worker:
    """In the child: the library that was used last."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._library: Library | None = None

    def __call__(self, message: Json, _: bytes) -> Generator[Message, None, None]:
        library = self._open(Path(message["index"]), tuple(message["notices"]))
        if "warm_up" in message["request"]:
            encode_questions(library.encoder, ["x"])
            yield {"result": {}}, b""
            return
        with closing(perform(library, message["request"])) as steps:
            for step in steps:
                yield step, b""

    def _open(self, folder: Path, notices: tuple[str, ...]) -> Library:
        with self._lock:
            if self._library is None or (self._library.folder, self._library.notices) != (folder, notices):
                self._library = Library(folder, load, notices=notices)
            return self._library


if __name__ == "__main__":
    processes.set_trim_threshold()
    expected = (*USER_ERRORS, OSError) if _BACKGROUND in sys.argv else USER_ERRORS
    serve(_Worker(), expected=expected, parallel=True)
