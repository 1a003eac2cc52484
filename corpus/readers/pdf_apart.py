"""PDF files read by a process of their own: bytes in, a `Reading` out. What breaks PDFium breaks nothing else.

PDFium is a library in C++ to which the files of strangers are given: page labels that refer to themselves, for one, end
the process that asks for them. Such a file is reported like any other that cannot be read, and so is one that takes for
ever. The process is started with the first PDF file, reads one after the other, and ends with the one that it serves.
Messages (`corpus.child`) are JSON, and the file's bytes as they are.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import subprocess
import sys
from threading import Event, Lock, Timer
from typing import Any

from corpus import child, limits
from corpus.errors import LimitError, UnreadableFile
from corpus.readers import pdf
from corpus.readers.reading import Mark, Reading
from corpus.records import PageSpan

_COMMAND = child.command("corpus.readers.pdf_apart")
_SET = "YEARBOOK_QA_MAX_"
_PATIENCE = 3.0
"""Seconds in which a process that has nothing more to do ends."""


class _Apart:
    """The process, and who may speak to it: one thread at a time."""

    def __init__(self) -> None:
        self._alone = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def ask(self, data: bytes) -> dict[str, Any]:
        """What the process says of a file. Raises UnreadableFile where it dies of it."""
        limit = limits.SECONDS.value
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
                return self._told(process, data)
            except (EOFError, BrokenPipeError) as error:
                self._end()
                if not too_late.is_set():
                    raise UnreadableFile(
                        f"PDFium, which reads PDF files, breaks down on it ({_ending(process.returncode)}): "
                        "print it to a new PDF file and give that"
                    ) from error
                raise UnreadableFile(f"it takes longer to read, in seconds {limits.SECONDS.remedy}") from error
            except BaseException:
                self._end()  # an answer that nobody has read would be taken for that to the next file
                raise
            finally:
                late.cancel()

    def _told(self, process: subprocess.Popen[bytes], data: bytes) -> dict[str, Any]:
        requests, replies = process.stdin, process.stdout
        if requests is None or replies is None:
            raise EOFError
        limits_set = {name: value for name, value in os.environ.items() if name.startswith(_SET)}
        requests.write(child.packed(json.dumps(limits_set).encode()))
        requests.write(child.packed(data))
        requests.flush()
        said: dict[str, Any] = json.loads(child.read(replies))
        return said

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None or self._owner != os.getpid():
            if self._owner == os.getpid():
                self._end()
            self._process = subprocess.Popen(
                _COMMAND,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # PDFium's own remarks, and how it broke down
                env=child.environment(),
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
        with contextlib.suppress(OSError):
            if process.stdin is not None:
                process.stdin.close()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


_apart = _Apart()
atexit.register(_apart.close)


def read(data: bytes) -> Reading:
    """As `pdf.read`. Raises UnreadableFile, also for a file that PDFium does not survive, and LimitError."""
    said = _apart.ask(data)
    if "unreadable" in said:
        raise UnreadableFile(said["unreadable"])
    if "limit" in said:
        raise LimitError(said["limit"])
    return Reading(
        said["text"],
        tuple(Mark(*one) for one in said["marks"]) if said["marks"] is not None else None,
        said["metadata"],
        tuple(PageSpan(*one) for one in said["pages"]),
        tuple(said["furniture"]),
    )


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit code {code}"


def _answer(data: bytes) -> dict[str, Any]:
    try:
        reading = pdf.read(data)
    except UnreadableFile as error:
        return {"unreadable": str(error)}
    except LimitError as error:
        return {"limit": str(error)}
    marks = reading.marks
    return {
        "text": reading.text,
        "marks": None if marks is None else [[one.kind, one.level, one.start, one.end] for one in marks],
        "metadata": {key: str(value) for key, value in reading.metadata.items()},
        "pages": [[one.start, one.end, one.page, one.label] for one in reading.pages],
        "furniture": list(reading.furniture),
    }


def main() -> None:
    """Read what comes in until nothing more does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to both; the one that is served decides
    replies = child.replies()
    while True:
        try:
            asked, data = json.loads(child.read(sys.stdin.buffer)), child.read(sys.stdin.buffer)
        except EOFError:
            return
        for name in [name for name in os.environ if name.startswith(_SET)]:
            del os.environ[name]
        os.environ.update(asked)
        replies.write(child.packed(json.dumps(_answer(data)).encode()))
        replies.flush()


if __name__ == "__main__":
    main()
