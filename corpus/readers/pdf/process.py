"""A process that calls PDFium for this one, and is ended where a file breaks it or holds it up.

PDFium is a library in C++ to which the files of strangers are given: page labels that refer to themselves, for one, end
the process that asks for them. Such a file is refused like any other that cannot be read, and so is one that takes for
ever; the next one finds a new process. Knows nothing of what is asked: messages (`corpus.processes`) are a JSON
object and
bytes, there and back.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import subprocess
import sys
import weakref
from collections.abc import Callable, Mapping
from threading import Event, Lock, Timer
from typing import Any

from corpus import processes
from corpus.errors import LimitError, UnreadableFile
from corpus.limits import Limit

Json = dict[str, Any]
Work = Callable[[Json, bytes], tuple[Json, bytes]]

_SET = "YEARBOOK_QA_MAX_"
_PATIENCE = 3.0
"""Seconds in which a process that has nothing more to do ends."""


class PdfProcess:
    """The process, and who may speak to it: one thread at a time. It is started with the first question."""

    def __init__(self, command: list[str], seconds: Limit, memory: int | None = None) -> None:
        """`command` runs a module that calls `work`; `seconds` bounds one question, `memory` the process, in bytes."""
        self._command = command
        self._seconds = seconds
        self._memory = memory
        self._alone = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._held: str | None = None
        _all.add(self)

    def ask(self, asked: Mapping[str, Any], data: bytes, key: str | None = None) -> tuple[Json, bytes]:
        """What the process says of a file; one that has a `key` is sent once for questions that follow each other.

        Raises UnreadableFile where the file cannot be read, the process dies of it, or it takes too long; LimitError.
        """
        limit = self._seconds.value
        with self._alone:
            process = self._started()
            too_late = Event()

            def give_up() -> None:
                too_late.set()
                process.kill()

            late = Timer(limit, give_up)
            late.daemon = True
            late.start()
            try:
                said, given = self._told(process, asked, data, key)
            except (EOFError, BrokenPipeError) as error:
                self._end()
                if not too_late.is_set():
                    raise UnreadableFile(
                        f"PDFium, which reads PDF files, breaks down on it ({_ending(process.returncode)}): "
                        "print it to a new PDF file and give that"
                    ) from error
                raise UnreadableFile(f"it takes longer to read, in seconds {self._seconds.remedy}") from error
            except BaseException:
                self._end()  # an answer that nobody has read would be taken for that to the next question
                raise
            finally:
                late.cancel()
        if "unreadable" in said:
            raise UnreadableFile(said["unreadable"])
        if "limit" in said:
            raise LimitError(said["limit"])
        return said, given

    def _told(
        self, process: subprocess.Popen[bytes], asked: Mapping[str, Any], data: bytes, key: str | None
    ) -> tuple[Json, bytes]:
        requests, replies = process.stdin, process.stdout
        if requests is None or replies is None:
            raise EOFError
        is_held = key is not None and key == self._held
        limits_set = {name: value for name, value in os.environ.items() if name.startswith(_SET)}
        message = {"asked": asked, "limits": limits_set, "held": is_held, "memory": self._memory}
        requests.write(processes.packed(json.dumps(message).encode()))
        requests.write(processes.packed(b"" if is_held else data))
        requests.flush()
        self._held = key
        said: Json = json.loads(processes.read(replies))
        return said, processes.read(replies)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None or self._owner != os.getpid():
            if self._owner == os.getpid():
                self._end()
            self._held = None
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # PDFium's own remarks, and how it broke down
                env=processes.environment(),
            )
            self._owner = os.getpid()
        return self._process

    def close(self) -> None:
        """End the process, if it is this one's."""
        if self._owner == os.getpid():
            with self._alone:
                self._end(_PATIENCE)

    def _end(self, patience: float = 0.05) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        processes.end(process, patience)
        if process.stdout is not None:
            process.stdout.close()


_all: weakref.WeakSet[PdfProcess] = weakref.WeakSet()


def _close_all() -> None:
    for one in list(_all):
        one.close()


atexit.register(_close_all)


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit code {code}"


def work(do: Work) -> None:
    """In the other process: answer what comes in until nothing more does.

    What `do` raises beside errors of this package ends the process.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to both; the one that is served decides
    replies = processes.replies()
    held = b""
    while True:
        try:
            message, data = json.loads(processes.read(sys.stdin.buffer)), processes.read(sys.stdin.buffer)
        except EOFError:
            return
        held = held if message["held"] else data
        for name in [name for name in os.environ if name.startswith(_SET)]:
            del os.environ[name]
        os.environ.update(message["limits"])
        _bound(message["memory"])
        try:
            said, given = do(message["asked"], held)
        except UnreadableFile as error:
            said, given = {"unreadable": str(error)}, b""
        except LimitError as error:
            said, given = {"limit": str(error)}, b""
        replies.write(processes.packed(json.dumps(said).encode()))
        replies.write(processes.packed(given))
        replies.flush()


def _bound(memory: int | None) -> None:
    """Have the system refuse this process more, where it can."""
    if memory is not None and sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, resource.getrlimit(resource.RLIMIT_AS)[1]))
