"""Limit what a request may send: bytes, pauses, the number and kinds of files, and the disk that uploads take.

The page has its own limits, but other clients can ignore them.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePath
from typing import Any

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.formparsers import MultiPartException
from starlette.types import Message, Receive

from corpus.filesystem import ScratchFolder
from corpus.translation import gettext as _
from qa import limits

BODY_TIMEOUT = 30.0
"""Seconds that a client may pause within a body: enough for a poor connection, and a stalled one frees its place."""

PREFIX = "yearbook-qa-form-"

UPLOAD_GRACE = 120.0
"""Seconds before an upload that the form has not taken may be removed; the form takes its uploads at once."""

MAX_FILES_IN_FOLDER = 5_000
"""Files in the upload folder, however small: all are listed to add up their sizes."""

MIN_FILE_SIZE = 4096
"""Bytes that a file counts at least: a usual block of a file system."""


class RequestRefused(ValueError):
    """A request exceeds a limit: an HTTP status, and the reason in one line."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True, slots=True)
class UploadRules:
    """Files allowed in one request: how many, and their suffixes in lower case with the dot."""

    max_files: int
    suffixes: Collection[str]


class UploadChecker:
    """Checks the file names in an upload (multipart/form-data) while it is received."""

    def __init__(self, content_type: str, rules: UploadRules) -> None:
        """Raises RequestRefused for another content type."""
        kind, options = parse_options_header(content_type)
        if kind != b"multipart/form-data" or not options.get(b"boundary"):
            raise RequestRefused(415, _("an upload has to be multipart/form-data"))
        self._rules = rules
        self._files = 0
        self._name = self._value = b""
        self._parser = MultipartParser(
            options[b"boundary"],
            {
                "on_header_field": self._on_name,
                "on_header_value": self._on_value,
                "on_header_end": self._on_header,
            },
        )

    def feed(self, data: bytes) -> None:
        """Check the next part of the body. Raises RequestRefused."""
        try:
            self._parser.write(data)
        except MultipartParseError as error:
            raise RequestRefused(400, _("this upload is malformed: please send it again")) from error

    def _on_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header(self) -> None:
        name, value = self._name.lower(), self._value
        self._name = self._value = b""
        if name != b"content-disposition":
            return
        _kind, options = parse_options_header(value)
        if b"filename" not in options:
            return
        self._files += 1
        if self._files > self._rules.max_files:
            raise RequestRefused(
                413, _("more than %(max_files)s files: send fewer at once", max_files=self._rules.max_files)
            )
        file = PurePath(options[b"filename"].decode("utf-8", "replace")).name
        if PurePath(file).suffix.lower() not in self._rules.suffixes:
            suffixes = ", ".join(sorted(self._rules.suffixes))
            raise RequestRefused(
                415,
                _(
                    "%(file)s is not accepted here: must be one of %(suffixes)s",
                    file=repr(file[:100]),
                    suffixes=suffixes,
                ),
            )


class LimitedReceive:
    """An ASGI `receive` that reports a disconnect to the application when a limit is exceeded or the server closes.

    An upload that ends early raises MultiPartException instead, on which its parser removes the files it has begun.
    `refusal` then states the limit; `is_closing` that the server closes: what the application still sends is dropped.
    """

    def __init__(
        self, receive: Receive, max_bytes: int, closing: asyncio.Event, rules: UploadRules | None, content_type: str
    ) -> None:
        self.refusal: RequestRefused | None = None
        self.is_closing = False
        self._receive = receive
        self._max_bytes = self._bytes_left = max_bytes
        self._rules, self._content_type = rules, content_type
        self._checker: UploadChecker | None = None
        self._closing = closing
        self._is_complete = False
        # A stream asks before each message whether its client is still there, and cancels the question. The same two
        # tasks are awaited each time: two new ones were a tenth of the server's work for a question.
        self._end_tasks: tuple[asyncio.Task[Message], asyncio.Task[Any]] | None = None

    async def __call__(self) -> Message:
        if self.refusal is not None:
            return {"type": "http.disconnect"}
        if self._is_complete:
            return await self._wait_for_end()
        message: Message = {"type": "http.disconnect"}
        try:
            message = await asyncio.wait_for(self._receive(), BODY_TIMEOUT)
            self._is_complete = not message.get("more_body")
            self._check(message.get("body", b""))
        except TimeoutError:
            self.refusal = RequestRefused(
                408, _("nothing was received for %(seconds)s seconds", seconds=f"{BODY_TIMEOUT:.0f}")
            )
        except RequestRefused as refusal:
            self.refusal = refusal
        if self.refusal is None and message["type"] != "http.disconnect":
            return message
        if self._rules is not None:
            raise MultiPartException(str(self.refusal or "the client disconnected"))
        return {"type": "http.disconnect"}

    def _check(self, data: bytes) -> None:
        self._bytes_left -= len(data)
        if self._bytes_left < 0:
            raise RequestRefused(413, _("more than %(max_bytes)s bytes", max_bytes=f"{self._max_bytes:,}"))
        if self._rules is not None:
            self._checker = self._checker or UploadChecker(self._content_type, self._rules)
            self._checker.feed(data)

    async def _wait_for_end(self) -> Message:
        """Wait until the client disconnects or the server closes."""
        if self._end_tasks is None:
            self._end_tasks = asyncio.ensure_future(_call(self._receive)), asyncio.ensure_future(self._closing.wait())
        await asyncio.wait(self._end_tasks, return_when=asyncio.FIRST_COMPLETED)
        if self._end_tasks[0].done():
            return self._end_tasks[0].result()
        self.is_closing = True
        return {"type": "http.disconnect"}

    def end(self) -> None:
        """Stop waiting; to be called once the request is answered."""
        for task in self._end_tasks or ():
            task.cancel()


async def _call(receive: Receive) -> Message:
    return await receive()


@cache
def temporary_folder() -> Path:
    """Create this process's folder for uploads, removed at exit; after a crash, the next server removes it.

    Gradio gets its part of it by its environment variable.
    """
    folder = ScratchFolder(PREFIX)
    atexit.register(folder.close)
    (folder.path / "uploads").mkdir()
    os.environ["GRADIO_TEMP_DIR"] = str(folder.path / "uploads")
    return folder.path


class UploadFolder:
    """Limits the disk space of `temporary_folder`. Safe to share between threads.

    Where space is short, uploads that were never used go first, then what the owners of subfolders can spare. What is
    in use stays, and the request is refused.
    """

    def __init__(self) -> None:
        self._folder = temporary_folder()
        self._evict: list[Callable[[], bool]] = []
        self._lock = threading.Lock()
        self._reserved = 0

    def subfolder(self, evict: Callable[[], bool]) -> Path:
        """Create a subfolder; `evict` removes the oldest thing in it that is not in use, and returns whether it did."""
        self._evict.append(evict)
        return Path(tempfile.mkdtemp(dir=self._folder))

    @contextmanager
    def reserved(self, size: int) -> Iterator[None]:
        """Reserve bytes while they are written. Raises RequestRefused where there is no space."""
        self.reserve(size)
        try:
            yield
        finally:
            self.release(size)

    def reserve(self, size: int) -> None:
        """Reserve bytes until `release`. Raises RequestRefused where there is no space."""
        with self._lock:
            max_bytes = limits.UPLOADS.value
            while not self._fits(size, max_bytes):
                if not self._evict_upload() and not any(evict() for evict in self._evict):
                    raise RequestRefused(
                        507,
                        _(
                            "no space for this upload: all uploads together may take %(max_bytes)s bytes "
                            "(%(variable)s); try again in a few minutes",
                            max_bytes=f"{max_bytes:,}",
                            variable=limits.UPLOADS.variable,
                        ),
                    )
            self._reserved += size

    def release(self, size: int) -> None:
        """Release bytes that have been written, or will not be."""
        with self._lock:
            self._reserved -= size

    def _fits(self, size: int, max_bytes: int) -> bool:
        count = total = 0
        for folder, _folders, files in os.walk(self._folder):
            for name in files:
                with suppress(OSError):
                    total += max(MIN_FILE_SIZE, (Path(folder) / name).stat().st_size)
                    count += 1
        return count < MAX_FILES_IN_FOLDER and total + self._reserved + size <= max_bytes

    def _evict_upload(self) -> bool:
        """Remove the oldest upload that the form has not taken; return whether there was one."""
        uploads: list[tuple[float, Path]] = []
        for path in (self._folder / "uploads").iterdir():
            with suppress(OSError):
                uploads.append((path.stat().st_mtime, path))
        modified, path = min(uploads, default=(time.time(), self._folder))
        if time.time() - modified < UPLOAD_GRACE:
            return False
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):
                path.unlink()
        return not path.exists()
