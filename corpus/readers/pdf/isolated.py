"""Read, search and draw PDF files in child processes, so that a file that crashes PDFium ends only its own reading.

PDFium is a C++ library that is given files of strangers: page labels that refer to themselves, for example, crash the
process. Such a file is refused like any other unreadable file, and so is one that takes too long. One child reads and
another draws, so that a page is not kept waiting by a file of thousands of pages.
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
        """Return the child's reply about a file; a file with a `key` is sent once for successive requests.

        Raises UnreadableFile, also where the child crashes or takes too long, and LimitError.
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
            raise UnreadableFile(f"it takes longer to read, in seconds {self._seconds.remedy}") from error
        except RemoteError as error:
            if error.name == LimitError.__name__:
                raise LimitError(error.message) from error
            if error.name == UnreadableFile.__name__:
                raise UnreadableFile(error.message) from error
            self._child.stop()  # an error of PDFium: do not trust its memory any more
            raise UnreadableFile(_crash(str(error))) from error
        except ProcessEnded as error:
            raise UnreadableFile(_crash(error.ending)) from error


def _crash(reason: str) -> str:
    return f"PDFium, which reads PDF files, breaks down on it ({reason}): print it to a new PDF file and give that"


def _child(memory: int | None = None) -> ChildProcess:
    return ChildProcess("corpus.readers.pdf.isolated", memory=memory, stderr="discard")  # PDFium's own messages


_reading = _PdfChild(_child(), limits.SECONDS)
_drawing = _PdfChild(_child(MAX_DRAWING_MEMORY), limits.PAGE_SECONDS)


@dataclass(frozen=True, slots=True)
class Stretch:
    """`[start, end)` of a document's text, and what of it stands on which page, from 1."""

    start: int
    end: int
    pieces: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Where stretches stand, and width and height, in points, of each page with some of them."""

    boxes: tuple[Box, ...]
    sizes: dict[int, tuple[float, float]]


def stretch(document: Document, start: int, end: int) -> Stretch:
    """`[start, end)` of a document, to be looked for in its file."""
    spans = ((one.page, max(start, one.start), min(end, one.end)) for one in document.pages)
    return Stretch(start, end, tuple((page, document.text[first:last]) for page, first, last in spans if first < last))


def read(data: bytes) -> Reading:
    """As `pdf.read`. Raises UnreadableFile, also for a file that PDFium does not survive, and LimitError."""
    said, _ = _reading.request({"do": "read"}, data)
    return Reading(
        said["text"],
        tuple(Mark(*one) for one in said["marks"]) if said["marks"] is not None else None,
        said["metadata"],
        tuple(PageSpan(*one) for one in said["pages"]),
        tuple(said["furniture"]),
    )


def find(data: bytes, key: str, stretches: Sequence[Stretch], page: int) -> Found:
    """Where these stretches stand in the file of these bytes, whose hash is the `key`; the size of `page` in any case.

    Raises UnreadableFile as `read` does, and LimitError.
    """
    said, _ = _drawing.request(
        {"do": "find", "stretches": [astuple(one) for one in stretches], "page": page}, data, key
    )
    return Found(
        tuple(Box(*one) for one in said["boxes"]), {number: (width, height) for number, width, height in said["sizes"]}
    )


def picture(data: bytes, key: str, page: int, marks: Sequence[Box]) -> bytes:
    """As `pdf_images.picture`. Raises UnreadableFile as `read` does, and LimitError."""
    return _drawing.request({"do": "draw", "page": page, "marks": [astuple(one) for one in marks]}, data, key)[1]


def _read(data: bytes) -> Json:
    reading = reader.read(data)
    marks = reading.marks
    return {
        "text": reading.text,
        "marks": None if marks is None else [[one.kind, one.level, one.start, one.end] for one in marks],
        "metadata": {key: str(value) for key, value in reading.metadata.items()},
        "pages": [[one.start, one.end, one.page, one.label] for one in reading.pages],
        "furniture": list(reading.furniture),
    }


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
        return _read(data), b""
    from corpus.readers.pdf import page_images  # late: reading needs no pictures

    if request["do"] == "draw":
        return {}, page_images.picture(data, request["page"], [Box(*box) for box in request["marks"]])
    stretches = request["stretches"]
    boxes = [box for start, end, pieces in stretches for box in page_images.places(data, start, end, pieces)]
    pages = {box.page for box in boxes} | {request["page"]}
    sizes = [(page, *page_images.size(data, page)) for page in sorted(pages)]
    return {"boxes": [astuple(box) for box in boxes], "sizes": sizes}, b""


if __name__ == "__main__":
    serve(_handle, expected=(UnreadableFile, LimitError))
