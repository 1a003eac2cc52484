"""Questions answered by a process of their own, so that they and the server's loop do not wait for each other.

In one process both run under Python's lock: two cores then did little more than one. The process opens the index that
it is told with each request, follows its changes as any reader does, and ends with the pipe it reads from: when it is
closed, and when the server ends in whatever way. Messages (`corpus.processes`) are JSON.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
import traceback
from asyncio.subprocess import PIPE, Process
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

from starlette.concurrency import run_in_threadpool

from corpus import processes
from index.models.encoder import load
from qa.answering.library import Library
from qa.api.library_loader import USER_ERRORS, LibraryLoader, error_named
from qa.errors import WorkerCrashed
from qa.output.json_objects import Json
from qa.web.workers.answer_tasks import given

_PATIENCE = 3.0
"""Seconds after which a process that does not end is killed."""


class ProcessAnswerer:
    """Answers in a process of its own, which is started anew where it has ended. Belongs to one event loop."""

    def __init__(self, opening: LibraryLoader) -> None:
        self._opening = opening
        self._process: Process | None = None
        self._requests: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._numbers = count()
        self._waiting: dict[int, asyncio.Future[Json]] = {}

    async def __call__(self, request: Json) -> Json:
        """Answer once the library is open.

        Raises what `given` raises, what opening the library raised, and WorkerCrashed.
        """
        is_open = self._opening.is_open
        library = self._opening.library() if is_open else await run_in_threadpool(self._opening.library)
        number = next(self._numbers)
        message = {"number": number, "index": str(library.folder), "notices": library.notices, "request": request}
        requests = await self._started()
        reply: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[number] = reply
        try:
            requests.write(_packed(message))
            await requests.drain()
            return await reply
        except ConnectionError as error:
            raise WorkerCrashed from error
        finally:
            self._waiting.pop(number, None)

    async def begin(self) -> None:
        """Start the process and have it open the index and the model, once the library is open."""
        with contextlib.suppress(*USER_ERRORS):  # whoever asks is told
            await self({"open": True})

    async def close(self) -> None:
        """End the process."""
        if self._process is None or self._requests is None or self._process.returncode is not None:
            return
        self._requests.close()
        try:
            await asyncio.wait_for(self._process.wait(), _PATIENCE)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    async def _started(self) -> asyncio.StreamWriter:
        """Where requests are written."""
        async with self._starting:
            if self._process is None or self._requests is None or self._process.returncode is not None:
                self._process = process = await asyncio.create_subprocess_exec(
                    *processes.command("qa.web.workers.answer_process"),
                    stdin=PIPE,
                    stdout=PIPE,
                    env=processes.environment(),
                )
                if process.stdin is None or process.stdout is None:
                    raise WorkerCrashed
                self._requests = process.stdin
                self._reading = asyncio.create_task(self._read(process, process.stdout))
            return self._requests

    async def _read(self, process: Process, replies: asyncio.StreamReader) -> None:
        """Hand the replies to those who wait for them, until the process ends."""
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                size = processes.length(await replies.readexactly(processes.LENGTH))
                message = json.loads(await replies.readexactly(size))
                reply = self._waiting.get(message["number"])
                if reply is None or reply.done():
                    continue  # who asked has gone
                if "given" in message:
                    reply.set_result(message["given"])
                else:
                    reply.set_exception(error_named(message["fault"], message["says"]))
        await process.wait()
        for reply in self._waiting.values():
            if not reply.done():
                reply.set_exception(WorkerCrashed())


def _packed(message: Json) -> bytes:
    return processes.packed(json.dumps(message).encode())


def _next(requests: BinaryIO) -> Json | None:
    try:
        message: Json = json.loads(processes.read(requests))
    except EOFError:
        return None
    return message


def _serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Answer one request after the other, until there are no more."""
    library: Library | None = None
    while (message := _next(requests)) is not None:
        reply: dict[str, Any] = {"number": message["number"]}
        try:
            folder, notices = Path(message["index"]), tuple(message["notices"])
            if library is None or (library.folder, library.notices) != (folder, notices):
                library = Library(folder, load, notices=notices)
            if "open" in message["request"]:
                library.encoder.encode(["x"], query=True)
                reply["given"] = {}
            else:
                reply["given"] = given(library, message["request"])
        except USER_ERRORS as error:
            reply |= {"fault": type(error).__name__, "says": str(error)}
        except Exception as error:  # noqa: BLE001 - a fault of the program: told to whoever asked, and in the server's log
            traceback.print_exc()
            reply |= {"fault": type(error).__name__, "says": str(error)}
        replies.write(_packed(reply))
        replies.flush()


def main() -> None:
    """Answer what comes in by standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then closes the pipe
    with contextlib.suppress(BrokenPipeError):
        _serve(sys.stdin.buffer, processes.replies())


if __name__ == "__main__":
    main()
