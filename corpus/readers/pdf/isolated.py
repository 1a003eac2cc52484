"""Reads, searches and renders PDF files in child processes, so that a file that crashes PDFium affects no other.

PDFium is a C++ library that processes untrusted files: page labels that refer to themselves, for example, crash it.
Such a file is reported as unreadable, and so is one that takes too long. One child reads and another renders, so that
a page does not wait for a file of thousands of pages.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from dataclasses import astuple, dataclass

from corpus import limits
from corpus.errors import LimitError, UnreadableFile
from corpus.limits import Limit
from corpus.processes import ChildProcess, Json, Message, ProcessEnded, RemoteError, serve
from corpus.readers.base import Reading
from corpus.readers.pdf import reader
from corpus.readers.pdf.reader import Box
from corpus.records import Document, Mark, PageSpan

MAX_DRAWING_MEMORY = 4 * 2**30
"""Address space of the child that draws, in bytes; drawing a page takes a hundredth of it."""

_LIMIT_VARIABLES = "YEARBOOK_QA_MAX_"


class _PdfChild:
    """A child that runs this module, with a time limit for each request."""

    def __init__(self, child: ChildProcess, seconds: Limit) -> None:
        self._child = child
        self._seconds = seconds

    def request(self, request: Json, data: bytes, key: str | None = None) -> Message:
        """Return the child's reply; a file with a `key` is sent once for successive requests.

        Raises UnreadableFile, also if the child crashes or takes too long, and LimitError.
        """
        variables = {name: value for name, value in os.environ.items() if name.startswith(_LIMIT_VARIABLES)}
        message = {**request, "limits": variables, "key": key}
        seconds = self._seconds.value
        try:
            if key is not None:
                reply = self._child.request(message | {"has_data": False}, timeout=seconds)
                if "missing" not in reply[0]:
                    return reply
            return self._child.request(message | {"has_data": True}, data, timeout=seconds)
        except TimeoutError as error:
            raise UnreadableFile(f"takes too long, more than {seconds:,} seconds; {self._seconds.remedy}") from error
        except RemoteError as error:
            if error.name == LimitError.__name__:
                raise LimitError(error.message) from error
            if error.name == UnreadableFile.__name__:
                raise UnreadableFile(error.message) from error
            self._child.stop()  # an error of PDFium: do not trust its memory any more
            raise UnreadableFile(_crash(str(error))) from error
        except ProcessEnded as error:
            raise UnreadableFile(_crash(error.ending)) from error


CRASHED = "crashes PDFium, the PDF library"


def _crash(reason: str) -> str:
    return f"{CRASHED} ({reason}): print it to a new PDF file and add that"


def _child(memory: int | None = None) -> ChildProcess:
    return ChildProcess("corpus.readers.pdf.isolated", memory=memory, stderr="discard")  # PDFium's own messages


_reading = _PdfChild(_child(), limits.SECONDS)
_drawing = _PdfChild(_child(MAX_DRAWING_MEMORY), limits.PAGE_SECONDS)


@dataclass(frozen=True, slots=True)
class TextRange:
    """`[start, end)` of a document's text, and the part of it on each page (from 1)."""

    start: int
    end: int
    pieces: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class TextLocations:
    """The boxes of text ranges, and the width and height in points of each page involved."""

    boxes: tuple[Box, ...]
    sizes: dict[int, tuple[float, float]]


def text_range(document: Document, start: int, end: int) -> TextRange:
    """Return `[start, end)` of a document in the form that `locate` needs."""
    spans = ((span.page, max(start, span.start), min(end, span.end)) for span in document.pages)
    pieces = tuple((page, document.text[first:last]) for page, first, last in spans if first < last)
    return TextRange(start, end, pieces)


def read(data: bytes) -> Reading:
    """Read a PDF file.

    Raises:
        UnreadableFile: See `reader.read`; also if PDFium crashes or the time limit is exceeded.
        LimitError: A limit in the environment is not a number.
    """
    reply, _ = _reading.request({"do": "read"}, data)
    return Reading(
        reply["text"],
        None if reply["marks"] is None else tuple(Mark(*mark) for mark in reply["marks"]),
        reply["metadata"],
        tuple(PageSpan(*span) for span in reply["pages"]),
        tuple(reply["furniture"]),
        tuple(reply["warnings"]),
    )


def locate(data: bytes, key: str, ranges: Sequence[TextRange], page: int) -> TextLocations:
    """Locate text ranges in a PDF file.

    Args:
        data: The bytes of the file.
        key: The SHA-256 of the file; successive requests with the same key send it once.
        ranges: The ranges to locate.
        page: A page (from 1) whose size is returned in any case.

    Raises:
        UnreadableFile: See `read`.
        LimitError: See `read`.
    """
    request = {"do": "locate", "ranges": [astuple(text) for text in ranges], "page": page}
    reply, _ = _drawing.request(request, data, key)
    sizes = {number: (width, height) for number, width, height in reply["sizes"]}
    return TextLocations(tuple(Box(*box) for box in reply["boxes"]), sizes)


def render_page(data: bytes, key: str, page: int, marks: Sequence[Box]) -> bytes:
    """Render a page (from 1) as PNG with highlighted boxes; `key` and errors as for `locate`."""
    return _drawing.request({"do": "render", "page": page, "marks": [astuple(box) for box in marks]}, data, key)[1]


_held: tuple[str | None, bytes] | None = None
"""In the child: the key and the bytes of the last file."""


def _handle(request: Json, data: bytes) -> Generator[Message, None, None]:
    """In the child: read, search or draw a file."""
    global _held  # noqa: PLW0603 - a child serves one request at a time
    for name in [name for name in os.environ if name.startswith(_LIMIT_VARIABLES)]:
        del os.environ[name]
    os.environ.update(request["limits"])
    if request["has_data"]:
        _held = request["key"], data
    elif _held is None or _held[0] != request["key"]:
        yield {"missing": True}, b""
        return
    yield _answer(request, _held[1])


def _answer(request: Json, data: bytes) -> Message:
    if request["do"] == "read":
        reading = reader.read(data)
        return {
            "text": reading.text,
            "marks": None if reading.marks is None else [astuple(mark) for mark in reading.marks],
            "metadata": {key: str(value) for key, value in reading.metadata.items()},
            "pages": [astuple(span) for span in reading.pages],
            "furniture": reading.furniture,
            "warnings": reading.warnings,
        }, b""
    from corpus.readers.pdf import page_images  # late: reading does not need numpy

    if request["do"] == "render":
        return {}, page_images.render_page(data, request["page"], [Box(*box) for box in request["marks"]])
    boxes = [box for start, end, pieces in request["ranges"] for box in page_images.locate(data, start, end, pieces)]
    pages = {box.page for box in boxes} | {request["page"]}
    sizes = [(page, *page_images.page_size(data, page)) for page in sorted(pages)]
    return {"boxes": [astuple(box) for box in boxes], "sizes": sizes}, b""


if __name__ == "__main__":
    serve(_handle, expected=(UnreadableFile, LimitError))
