"""Child processes that run a module of this program and exchange messages with it.

The parent sends numbered requests to the child's standard input and reads replies from its standard output. A message
is a JSON object and a payload of bytes. A request gets any number of messages in reply, then an end mark or an error.
The child exits when its input is closed, however the parent ended, so no child outlives its parent. Children are
started with `subprocess`: nothing depends on fork.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import traceback
import weakref
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, InvalidStateError, ThreadPoolExecutor
from contextlib import closing, suppress
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Lock, Thread, Timer, current_thread
from typing import IO, Any, Literal

from corpus.translation import current_language, use_language

Json = dict[str, Any]
Message = tuple[Json, bytes]
"""A JSON object and a payload."""

Handler = Callable[[Json, bytes], Generator[Message, None, None]]
"""Answers a request in the child: yields the messages of the reply."""

_Deliver = Callable[[Message | Exception | None], None]
"""Receives each message of a reply, then None, or an exception instead."""

_EXIT_TIMEOUT = 3.0
"""Seconds that a child has to exit once its input is closed, before it is killed."""

_MAX_THREADS = 64
"""Requests that a child with `parallel` handles at once; callers limit themselves to far fewer."""


class ProcessEnded(Exception):
    """The child ended before it had answered: `reason` is its last error message, else how it ended."""

    def __init__(self, exit_code: int | None, stderr: str = "") -> None:
        self.exit_code, self.stderr = exit_code, stderr
        super().__init__(self.reason)

    @property
    def ending(self) -> str:
        """The name of the signal that ended it, else its exit code."""
        if self.exit_code is not None and self.exit_code < 0:
            with suppress(ValueError):
                return signal.Signals(-self.exit_code).name
        return f"exit code {self.exit_code}"

    @property
    def reason(self) -> str:
        """The last line of standard error that names an exception, else its last line, else `ending`."""
        lines = [line.strip() for line in self.stderr.splitlines() if line.strip()]
        exceptions = [line for line in lines if re.match(r"[\w.]*(?:Error|Exception|NotFound)\b: ", line)]
        return (exceptions or lines or [self.ending])[-1].rstrip(".")


class RemoteError(Exception):
    """The child's handler raised an exception: its class name and its message."""

    def __init__(self, name: str, message: str) -> None:
        self.name, self.message = name, message
        super().__init__(f"{name}: {message}")


class ChildProcess:
    """A child that runs a module which calls `serve`. Safe to share between threads.

    It starts with the first request, and again with the first request after it ended. It is ended when this object is
    garbage-collected, and at exit.
    """

    def __init__(
        self,
        module: str,
        *arguments: str,
        memory: int | None = None,
        niceness: int = 0,
        environment: dict[str, str] | None = None,
        stderr: Literal["inherit", "discard", "capture"] = "inherit",
    ) -> None:
        """Describe the child; nothing is started yet.

        Args:
            module: Dotted name of a module that calls `serve` when it is run.
            arguments: Its command-line arguments.
            memory: Limit of its address space in bytes, where the system supports one (Linux).
            niceness: Increment of its nice value: lowers its CPU priority, where the system supports it.
            environment: Variables to set besides those of this process.
            stderr: Destination of its standard error; `capture` keeps it for `ProcessEnded.stderr`.
        """
        self._command = _command(module, *arguments)
        self._settings: Json = {"memory": memory, "niceness": niceness}
        self._environment = environment or {}
        self._stderr = stderr
        self._lock = Lock()
        self._exclusive = Lock()
        self._numbers = count()
        self._connection: _Connection | None = None
        self._finalizer: weakref.finalize[Any, Any] | None = None
        self._is_closed = False

    @property
    def pid(self) -> int | None:
        """The process id of the running child; None if there is none."""
        connection = self._connection
        return None if connection is None or connection.has_ended() else connection.pid

    def stream(self, message: Json, payload: bytes = b"") -> Generator[Message, None, None]:
        """Send a request and yield the messages of the reply as they arrive; closing the generator cancels the request.

        Raises:
            RemoteError: The handler raised an exception.
            ProcessEnded: The child ended, or this object was closed.
        """
        replies: SimpleQueue[Message | Exception | None] = SimpleQueue()
        number, connection = next(self._numbers), self._connect()
        connection.submit(number, message, payload, replies.put)
        is_complete = False
        try:
            while True:
                reply = replies.get()
                is_complete = reply is None or isinstance(reply, Exception)
                if isinstance(reply, Exception):
                    raise reply
                if reply is None:
                    return
                yield reply
        finally:
            if not is_complete:
                connection.cancel(number)

    def submit(self, message: Json, payload: bytes = b"") -> Future[Message]:
        """Send a request; the future gets the first message of the reply, RemoteError or ProcessEnded.

        Cancelling the future cancels the request. Raises ProcessEnded once this object is closed.
        """
        return self._submit(self._connect(), message, payload)

    def request(self, message: Json, payload: bytes = b"", *, timeout: float | None = None) -> Message:
        """Send a request and return the first message of the reply; requests made this way run one at a time.

        Args:
            message: JSON object for the handler.
            payload: Bytes for the handler.
            timeout: Seconds after which the child is killed; None waits without limit.

        Raises:
            TimeoutError: The child took longer than `timeout` and was killed.
            RemoteError: The handler raised an exception.
            ProcessEnded: The child ended, or this object was closed.
        """
        with self._exclusive:
            connection = self._connect()
            is_late = Event()

            def expire() -> None:
                is_late.set()
                connection.kill()

            timer = Timer(timeout or 0, expire)
            timer.daemon = True
            if timeout is not None:
                timer.start()
            try:
                return self._submit(connection, message, payload).result()
            except ProcessEnded as error:
                if is_late.is_set():
                    raise TimeoutError(f"no reply within {timeout} seconds") from error
                raise
            except KeyboardInterrupt:
                connection.kill()  # the result is no longer wanted
                raise
            finally:
                timer.cancel()

    def stop(self) -> None:
        """End the child; the next request starts another."""
        with self._lock:
            connection, self._connection = self._connection, None
        if connection is not None:
            connection.end()

    def close(self) -> None:
        """End the child for good: later requests raise ProcessEnded."""
        self._is_closed = True
        self.stop()

    def _submit(self, connection: _Connection, message: Json, payload: bytes) -> Future[Message]:
        future: Future[Message] = Future()
        number = next(self._numbers)

        def deliver(reply: Message | Exception | None) -> None:
            with suppress(InvalidStateError):  # cancelled, or this is the end mark
                if isinstance(reply, Exception):
                    future.set_exception(reply)
                elif reply is not None:
                    future.set_result(reply)

        connection.submit(number, message, payload, deliver)
        future.add_done_callback(lambda done: connection.cancel(number) if done.cancelled() else None)
        return future

    def _connect(self) -> _Connection:
        """Return the connection to the running child; start a child if there is none that this process started."""
        with self._lock:
            if self._is_closed:
                raise ProcessEnded(None, "the child process was closed")
            if self._connection is None or self._connection.has_ended():
                if self._finalizer is not None:
                    self._finalizer.detach()
                environment = _environment() | self._environment
                self._connection = _Connection(self._command, self._settings, environment, self._stderr)
                self._finalizer = weakref.finalize(self, self._connection.end)
            return self._connection


class _Connection:
    """One run of a child: its pipes, the thread that reads its replies, and the requests under way."""

    def __init__(
        self,
        command: list[str],
        settings: Json,
        environment: dict[str, str],
        stderr: Literal["inherit", "discard", "capture"],
    ) -> None:
        self._owner = os.getpid()
        self._errors = tempfile.TemporaryFile() if stderr == "capture" else None  # noqa: SIM115 - closed by the reader
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors or (subprocess.DEVNULL if stderr == "discard" else None),
            env=environment,
        )
        if self._process.stdin is None or self._process.stdout is None:
            raise OSError("no pipes to the child process")
        self.pid = self._process.pid
        self._requests, self._replies = self._process.stdin, self._process.stdout
        self._writing, self._lock = Lock(), Lock()
        self._waiting: dict[int, _Deliver] = {}
        self._ended: tuple[int, str] | None = None
        self._reader = Thread(target=self._read_replies, name="child-replies", daemon=True)
        self._reader.start()
        self._write(settings)

    def has_ended(self) -> bool:
        return self._owner != os.getpid() or self._ended is not None or self._process.poll() is not None

    def submit(self, number: int, message: Json, payload: bytes, deliver: _Deliver) -> None:
        with self._lock:
            if self._ended is not None:
                raise ProcessEnded(*self._ended)
            self._waiting[number] = deliver
        self._write({"number": number, "message": message, "language": current_language()}, payload)

    def cancel(self, number: int) -> None:
        with self._lock:
            is_waiting = self._waiting.pop(number, None) is not None
        if is_waiting:
            self._write({"cancel": number})

    def _write(self, header: Json, payload: bytes = b"") -> None:
        try:
            with self._writing:
                _write(self._requests, header, payload)
        except (OSError, ValueError):  # it has ended: the reader thread notifies the callers
            self.kill()

    def _read_replies(self) -> None:
        try:
            self._deliver_replies()
        except (EOFError, OSError):
            pass
        except (ValueError, LookupError, TypeError, MemoryError, OverflowError):
            # no frame, such as a greeting that is printed when Python starts: its length is any number
            self._process.kill()
        try:
            code = self._process.wait(_EXIT_TIMEOUT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        with self._writing:  # a writer has got its BrokenPipeError by now
            for stream in (self._requests, self._replies):
                with suppress(OSError):
                    stream.close()
        stderr = ""
        if self._errors is not None:
            with self._errors:
                self._errors.seek(0)
                stderr = self._errors.read().decode("utf-8", "replace")
        with self._lock:
            self._ended = code, stderr
            waiting, self._waiting = self._waiting, {}
        for deliver in waiting.values():
            deliver(ProcessEnded(code, stderr))

    def _deliver_replies(self) -> None:
        while True:
            header, payload = _read(self._replies)
            number = header["number"]
            with self._lock:
                deliver = self._waiting.get(number)
                if "message" not in header:
                    self._waiting.pop(number, None)
            if deliver is None:
                continue  # cancelled
            if "message" in header:
                deliver((header["message"], payload))
            else:
                deliver(RemoteError(*header["error"]) if "error" in header else None)

    def kill(self) -> None:
        if self._owner == os.getpid():
            self._process.kill()

    def end(self) -> None:
        """Close the child's input, upon which it exits; kill it if it does not."""
        if self._owner != os.getpid():
            return
        if self._writing.acquire(timeout=_EXIT_TIMEOUT):
            with suppress(OSError):
                self._requests.close()
            self._writing.release()
        else:
            self._process.kill()
        try:
            self._process.wait(_EXIT_TIMEOUT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if current_thread() is not self._reader:
            self._reader.join(_EXIT_TIMEOUT)


def run(module: str, *arguments: str) -> None:
    """Run a module of this program as a child until it ends. Raises ProcessEnded where its exit code is not 0."""
    done = subprocess.run(
        _command(module, *arguments),
        env=_environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        raise ProcessEnded(done.returncode, done.stderr)


def serve(handle: Handler, *, expected: tuple[type[BaseException], ...] = (), parallel: bool = False) -> None:
    """In the child: answer requests until standard input ends.

    Libraries may print: their standard output goes to standard error. Ctrl-C is left to the parent, which closes the
    pipe. When that happens while a request is under way, the child exits at once.

    Args:
        handle: Yields the messages of the reply to a request. Between two of them the request can be cancelled.
        expected: Exceptions that are reported to the caller only; for others the traceback is printed, too.
        parallel: Handle requests in threads side by side, not one after the other.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    server = _Server(handle, expected, replies, _MAX_THREADS if parallel else 1)
    with suppress(EOFError):
        settings, _ = _read(sys.stdin.buffer)
        _limit(settings["memory"], settings["niceness"])
        while True:
            server.receive(*_read(sys.stdin.buffer))
    if server.is_busy:
        os._exit(0)


class _Server:
    """The child's side: the requests under way and the stream of replies."""

    def __init__(
        self, handle: Handler, expected: tuple[type[BaseException], ...], replies: IO[bytes], threads: int
    ) -> None:
        self._handle, self._expected, self._replies = handle, expected, replies
        self._threads = ThreadPoolExecutor(threads, "request")
        self._lock = Lock()
        self._cancelled: dict[int, Event] = {}

    @property
    def is_busy(self) -> bool:
        return bool(self._cancelled)

    def receive(self, header: Json, payload: bytes) -> None:
        """Start to handle a request, or cancel one."""
        if "cancel" in header:
            if (cancelled := self._cancelled.get(header["cancel"])) is not None:
                cancelled.set()
            return
        number = header["number"]
        self._cancelled[number] = cancelled = Event()
        self._threads.submit(self._answer, header, payload, cancelled)

    def _answer(self, header: Json, payload: bytes, cancelled: Event) -> None:
        number = header["number"]
        last: Json = {"number": number}
        try:
            with use_language(header["language"]):
                for body, data in self._steps(header["message"], payload, cancelled):
                    self._reply({"number": number, "message": body}, data)
        except self._expected as error:
            last["error"] = [type(error).__name__, str(error)]
        except BaseException as error:  # noqa: BLE001 - also panics of tantivy, which are not an Exception
            traceback.print_exc()
            last["error"] = [type(error).__name__, str(error)]
        finally:
            self._cancelled.pop(number, None)
        self._reply(last)

    def _steps(self, message: Json, payload: bytes, cancelled: Event) -> Iterator[Message]:
        if cancelled.is_set():
            return
        with closing(self._handle(message, payload)) as steps:
            for step in steps:
                if cancelled.is_set():
                    return
                yield step

    def _reply(self, header: Json, payload: bytes = b"") -> None:
        with self._lock, suppress(OSError):  # the parent has gone
            _write(self._replies, header, payload)


def _command(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", module, *arguments]


def _environment() -> dict[str, str]:
    """Return the variables of this process, with its module search path.

    The first entry is left out, unless Python was told to leave it out itself (`-P`): the folder of a script, or the
    current folder. A file `types.py` there would replace a module of the standard library.
    """
    own = sys.path if sys.flags.safe_path else sys.path[1:]
    paths = [*filter(None, own), str(Path(__file__).resolve().parents[1])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths))}


def _limit(memory: int | None, niceness: int) -> None:
    """Limit the address space of this process and lower its priority, where the system supports it."""
    if memory is not None and sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, resource.getrlimit(resource.RLIMIT_AS)[1]))
    if niceness and hasattr(os, "nice"):
        os.nice(niceness)


def _write(stream: IO[bytes], header: Json, payload: bytes = b"") -> None:
    """Write a frame: the lengths of header and payload, eight bytes each, then both."""
    head = json.dumps(header).encode("ascii")
    stream.write(len(head).to_bytes(8, "big") + len(payload).to_bytes(8, "big") + head)
    stream.write(payload)
    stream.flush()


def _read(stream: IO[bytes]) -> Message:
    """Read a frame. Raises EOFError where the stream ends."""
    lengths = _read_exactly(stream, 16)
    header: Json = json.loads(_read_exactly(stream, int.from_bytes(lengths[:8], "big")))
    return header, _read_exactly(stream, int.from_bytes(lengths[8:], "big"))


def _read_exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


TRIM_THRESHOLD = 1 << 20
"""Bytes that a heap of glibc may keep at its end, and the size from which a block gets a separate mapping.

glibc keeps a heap for every thread that allocates concurrently, up to eight per core. It returns the free end of a
heap only when that is twice as long as the largest block ever freed: up to 64 MB of each heap, which `malloc_trim` does
not touch. Each build, batch and comparison runs in separate threads: a server that built in its own process grew by
14 MB with each change, from 440 MB to 700, while 111 MB were in use. With glibc's initial 128 kB memory is the same,
but a question takes 200 more page faults, some .4 ms.
"""

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # <malloc.h>; setting either also ends their automatic growth


def set_trim_threshold() -> None:
    """Make glibc return the free end of each heap early; call once, at start."""
    if sys.platform == "linux":
        with suppress(AttributeError):  # another C library
            libc = ctypes.CDLL(None)
            libc.mallopt(_M_TRIM_THRESHOLD, TRIM_THRESHOLD)
            libc.mallopt(_M_MMAP_THRESHOLD, TRIM_THRESHOLD)


def trim_heap() -> None:
    """Return free pages between blocks in use; after work that freed much: 293 MB instead of 310 after 25 changes."""
    if sys.platform == "linux":
        with suppress(AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
