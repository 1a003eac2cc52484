"""Batches, comparisons, checks and changes done by a process of their own, so that questions do not wait for them.

In the server's own process four of them at once took its lock from what passes questions on: 95 of 100 questions took
three times as long as beside the same work elsewhere. It gives way to the process that answers, where the system knows
how; several requests share it, each in a thread. It is started with the first of them, and ends with the pipe it reads
from. Messages (`corpus.processes`) are JSON.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Generator
from contextlib import closing
from itertools import count
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, BinaryIO, Protocol

from corpus import processes
from index.models.encoder import load
from qa.answering.library import Library
from qa.api.library_loader import USER_ERRORS, LibraryLoader, error_named
from qa.errors import WorkerCrashed
from qa.output.json_objects import Json
from qa.web import malloc
from qa.web.security.upload_folder import home
from qa.web.workers.bulk_tasks import work

GIVES_WAY = 5
"""How much less of the processor it gets than others, as `nice` counts."""

_PATIENCE = 3.0
"""Seconds after which a process that does not end is killed."""


class TaskRunner(Protocol):
    """Does what takes long: here (`InlineTaskRunner`) or in a process of its own (`ProcessTaskRunner`)."""

    def steps(self, request: Json) -> Generator[Json, None, None]:
        """As `bulk_work.work`, once the library is open. Raises also what opening it raised, and WorkerCrashed."""

    def close(self) -> None:
        """End what was begun."""


def run_to_completion(bulk: TaskRunner, request: Json, watch: Callable[[Json], None] = lambda _: None) -> Json:
    """What a request gives in the end; `watch` is called with each step until then. Raises as `TaskRunner.steps`."""
    with closing(bulk.steps(request)) as steps:
        for step in steps:
            if "given" in step:
                found: Json = step["given"]
                return found
            watch(step)
    raise WorkerCrashed


class InlineTaskRunner:
    """Works in the thread that asks."""

    def __init__(self, opening: LibraryLoader) -> None:
        self._opening = opening

    def steps(self, request: Json) -> Generator[Json, None, None]:
        yield from work(self._opening.library(), request)

    def close(self) -> None:
        pass


class ProcessTaskRunner:
    """Works in a process of its own, which is started anew where it has ended. Safe to share between threads."""

    def __init__(self, opening: LibraryLoader) -> None:
        self._opening = opening
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = count()
        self._waiting: dict[int, tuple[subprocess.Popen[bytes], queue.SimpleQueue[Json]]] = {}
        self._is_closed = False

    def steps(self, request: Json) -> Generator[Json, None, None]:
        library = self._opening.library()
        number = next(self._numbers)
        said: queue.SimpleQueue[Json] = queue.SimpleQueue()
        message = {"number": number, "index": str(library.folder), "notices": library.notices, "request": request}
        has_ended = False
        try:
            self._send(number, said, message)
            while True:
                reply = said.get()
                has_ended = "step" not in reply
                if "fault" in reply:
                    raise error_named(reply["fault"], reply["says"])
                yield reply
                if has_ended:
                    return
        finally:
            with self._lock:
                self._waiting.pop(number, None)
            if not has_ended:
                with contextlib.suppress(OSError, WorkerCrashed):
                    self._send(None, said, {"stop": number})

    def _send(self, number: int | None, said: queue.SimpleQueue[Json], message: Json) -> None:
        with self._lock:
            process = self._process
            if process is None or process.poll() is not None:
                if number is None:
                    return
                if self._is_closed:
                    raise WorkerCrashed
                process = self._process = self._started()
            if number is not None:
                self._waiting[number] = process, said
            if process.stdin is None:
                raise WorkerCrashed
            try:
                process.stdin.write(processes.packed(json.dumps(message).encode()))
                process.stdin.flush()
            except (OSError, ValueError) as error:  # ValueError: it has ended, and its pipe is closed
                raise WorkerCrashed from error

    def _started(self) -> subprocess.Popen[bytes]:
        # its temporary files lie where those of this process do, and go with them
        folder = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(home()))
        process = subprocess.Popen(
            processes.command("qa.web.workers.bulk_process"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=processes.environment() | folder,
        )
        Thread(target=self._read, args=(process,), name="bulk-replies", daemon=True).start()
        return process

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        """Hand the replies to those who wait for them, until the process ends."""
        replies = process.stdout
        with contextlib.suppress(EOFError, OSError, ValueError):
            while replies is not None:
                message: Json = json.loads(processes.read(replies))
                with self._lock:
                    asked = self._waiting.get(message["number"])
                if asked is not None:
                    asked[1].put(message)
        process.wait()
        for stream in (process.stdin, replies):
            with contextlib.suppress(OSError):
                if stream is not None:
                    stream.close()
        with self._lock:
            if self._process is process:
                self._process = None
            ended = WorkerCrashed()
            for asked_of, said in self._waiting.values():
                if asked_of is process:  # another may have been begun meanwhile, and others wait for that
                    said.put({"fault": type(ended).__name__, "says": str(ended)})

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            process = self._process
        if process is not None:
            processes.end(process, _PATIENCE)


class _Working:
    """In the other process: the library, what is under way, and where replies go."""

    def __init__(self, replies: BinaryIO) -> None:
        self._replies = replies
        self._lock = Lock()
        self._library: Library | None = None
        self._stopped: dict[int, Event] = {}

    def begin(self, message: Json) -> None:
        """Begin what is asked, in a thread, or stop what is under way."""
        if "stop" in message:
            if (stopped := self._stopped.get(message["stop"])) is not None:
                stopped.set()
            return
        self._stopped[message["number"]] = Event()
        Thread(target=self._work, args=(message,), daemon=True).start()

    def _work(self, message: Json) -> None:
        number = message["number"]
        stopped = self._stopped[number]
        try:
            with closing(work(self._open(message), message["request"])) as steps:
                for step in steps:
                    if stopped.is_set():
                        return
                    self._reply(number, step)
        except (*USER_ERRORS, OSError) as error:
            self._reply(number, {"fault": type(error).__name__, "says": str(error)})
        except BaseException as error:  # noqa: BLE001 - a fault of the program, as a panic of tantivy, which is no Exception
            traceback.print_exc()
            self._reply(number, {"fault": type(error).__name__, "says": str(error)})
        finally:
            self._stopped.pop(number, None)

    def _open(self, message: Json) -> Library:
        folder, notices = Path(message["index"]), tuple(message["notices"])
        with self._lock:
            if self._library is None or (self._library.folder, self._library.notices) != (folder, notices):
                self._library = Library(folder, load, notices=notices)
            return self._library

    def _reply(self, number: int, said: dict[str, Any]) -> None:
        packed = processes.packed(json.dumps({"number": number, **said}).encode())
        with self._lock, contextlib.suppress(OSError):
            self._replies.write(packed)
            self._replies.flush()


def main() -> None:
    """Do what comes in by standard input, until nothing more does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then closes the pipe
    if hasattr(os, "nice"):
        os.nice(GIVES_WAY)
    malloc.limit_malloc_arenas()
    working = _Working(processes.replies())
    with contextlib.suppress(EOFError):
        while True:
            working.begin(json.loads(processes.read(sys.stdin.buffer)))
    os._exit(0)  # what is under way is nobody's any more


if __name__ == "__main__":
    main()
