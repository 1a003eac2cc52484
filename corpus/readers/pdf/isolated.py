"""Reads, searches and renders PDF files in child processes, so that a file that crashes PDFium affects no other.

PDFium is a C++ library that processes untrusted files: page labels that refer to themselves, for example, crash it.
Such a file is reported as unreadable, and so is one that takes too long. Some children read and another renders, so
that a page does not wait for a file of thousands of pages.

The children run this module, which imports little besides the reader: its memory counts for each process that reads.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Generator, Sequence
from dataclasses import astuple, dataclass, replace
from functools import partial
from queue import LifoQueue
from typing import Any

from corpus import limits
from corpus.errors import LimitError, UnreadableFile
from corpus.limits import Limit
from corpus.processes import ChildProcess, Json, Message, ProcessEnded, RemoteError, serve
from corpus.readers.base import READERS, FileContent, OnPage
from corpus.readers.ocr import page_cache
from corpus.readers.pdf import reader
from corpus.readers.pdf.reader import Box
from corpus.records import Document, PageSpan, RecognizedWord, StructureMark, TableShape
from corpus.translation import english
from corpus.translation import gettext as _

MAX_DRAWING_MEMORY = 4 * 2**30
"""Address space of the child that draws, in bytes; drawing a page takes a hundredth of it."""

_LIMIT_VARIABLES = "YEARBOOK_QA_MAX_"
"""The beginning of the names of environment variables that a request sets."""


class _PdfChild:
    """A child that runs `corpus.readers.pdf.isolated`, with a time limit for each request."""

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
            raise UnreadableFile(
                _(
                    "takes too long, more than %(seconds)s seconds; %(remedy)s",
                    seconds=f"{seconds:,}",
                    remedy=self._seconds.remedy,
                )
            ) from error
        except RemoteError as error:
            if error.name == LimitError.__name__:
                raise LimitError(error.message) from error
            if error.name == UnreadableFile.__name__:
                raise UnreadableFile(error.message) from error
            self._child.stop()  # an error of PDFium: do not trust its memory any more
            raise UnreadableFile(_crash(str(error))) from error
        except ProcessEnded as error:
            raise UnreadableFile(_crash(error.ending)) from error


class _PdfChildren:
    """Children for as many requests at the same time; the one that was used last serves first, others start later."""

    def __init__(self, children: Sequence[_PdfChild]) -> None:
        self._free = LifoQueue[_PdfChild]()
        for child in children:
            self._free.put(child)

    def request(self, request: Json, data: bytes) -> Message:
        """Return a child's reply; see `_PdfChild.request`."""
        child = self._free.get()
        try:
            return child.request(request, data)
        finally:
            self._free.put(child)


CRASHED = "crashes PDFium, the PDF library"


def _crash(reason: str) -> str:
    return f"{CRASHED} ({reason}): print it to a new PDF file and add that"


def _child(memory: int | None = None) -> ChildProcess:
    return ChildProcess("corpus.readers.pdf.isolated", memory=memory, stderr="discard")  # PDFium's own messages


_reader_children = _PdfChildren([_PdfChild(_child(), limits.SECONDS) for _unused in range(READERS)])
_drawing = _PdfChild(_child(MAX_DRAWING_MEMORY), limits.PAGE_SECONDS)


@dataclass(frozen=True, slots=True)
class PageTextRange:
    """`[start, end)` of a document's text, the part of it on each page (from 1), and the boxes of recognised words.

    `pieces` leave out pages whose text was recognised; `start` is -1 in a document that has such pages, since it counts
    their text and the file does not have it.
    """

    start: int
    end: int
    pieces: tuple[tuple[int, str], ...]
    recognized: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class TextLocations:
    """The boxes of text ranges, and the width and height in points of each page involved."""

    boxes: tuple[Box, ...]
    sizes: dict[int, tuple[float, float]]


def text_range(document: Document, start: int, end: int) -> PageTextRange:
    """Return `[start, end)` of a document in the form that `locate` needs."""
    words = document.recognized_in(start, end)
    pages = {word.page for word in words}
    spans = ((span.page, max(start, span.start), min(end, span.end)) for span in document.pages)
    pieces = tuple(
        (page, document.text[first:last]) for page, first, last in spans if first < last and page not in pages
    )
    boxes = reader.merge_boxes(_box(word, start, end) for word in words)
    return PageTextRange(-1 if document.recognized else start, end, pieces, boxes)


def _box(word: RecognizedWord, start: int, end: int) -> Box:
    """Return the box of the part of a word that is in `[start, end)`, as if its letters had the same width."""
    width = (word.right - word.left) / (word.end - word.start)
    left = word.left + width * (max(start, word.start) - word.start)
    return Box(word.page, left, word.top, left + width * (min(end, word.end) - max(start, word.start)), word.bottom)


def read(data: bytes) -> FileContent:
    """Read a PDF file.

    Raises:
        UnreadableFile: See `reader.read`; also if PDFium crashes or the time limit is exceeded.
        LimitError: A limit in the environment is not a number.
    """
    return _file_content(_reader_children.request({"do": "read", "recognized": []}, data)[0])


def _file_content(reply: Json) -> FileContent:
    return FileContent(
        reply["text"],
        None if reply["marks"] is None else tuple(map(_as_mark, reply["marks"])),
        reply["metadata"],
        tuple(PageSpan(*span) for span in reply["pages"]),
        tuple(reply["furniture"]),
        tuple(reply["warnings"]),
        recognized=tuple(RecognizedWord(*word) for word in reply["recognized"]),
        title=reply["title"],
    )


def _as_mark(values: list[Any]) -> StructureMark:
    kind, level, start, end, shape = values
    return StructureMark(kind, level, start, end, None if shape is None else TableShape.from_json(shape))


def find_scans(data: bytes) -> list[int]:
    """Return the pages (from 1) without usable text that `read_with_ocr` recognises; none without its engine.

    Raises:
        UnreadableFile: See `read`.
        LimitError: See `read`.
    """
    if page_cache.engine_version() is None:
        return []
    scans: list[int] = _reader_children.request({"do": "find scans"}, data)[0]["pages"]
    return scans


def read_with_ocr(data: bytes, on_page: OnPage | None = None) -> FileContent:
    """Read a PDF file; pages without usable text by text recognition, if its engine is installed.

    Args:
        data: The bytes of the file.
        on_page: Called before each page that is recognised, with the number of pages done and their total.

    Raises:
        UnreadableFile: See `read`.
        LimitError: See `read`.
    """
    key = hashlib.sha256(data).hexdigest()
    scans = find_scans(data)
    if not scans:
        return read(data)
    recognized: dict[int, Json] = {}
    failed: dict[str, list[int]] = {}
    for done, number in enumerate(scans):
        if on_page is not None:
            on_page(done, len(scans))
        try:
            recognized[number] = page_cache.recognize_page(key, number, partial(_draw_level, data, key, number))
        except (page_cache.RecognitionFailed, UnreadableFile) as error:
            failed.setdefault(str(error), []).append(number)
    if not recognized:
        raise UnreadableFile(_("text recognition failed: %(failed)s", failed=next(iter(failed))))
    reply, _payload = _reader_children.request({"do": "read", "recognized": [*recognized.items()]}, data)
    warnings = [
        english("%(pages)s not recognised: %(reason)s", pages=reader.name_pages(pages), reason=reason)
        for reason, pages in failed.items()
    ]
    if vertical := [number for number, page in recognized.items() if any("vertical" in line for line in page["lines"])]:
        warnings.append(
            english("lines that run up or down on %(pages)s were not recognised", pages=reader.name_pages(vertical))
        )
    pages = reader.name_pages([*recognized])
    warnings.append(english("text of %(pages)s is from text recognition (OCR) and can have errors", pages=pages))
    content = _file_content(reply)
    return replace(content, warnings=(*content.warnings, *warnings))


def _draw_level(data: bytes, key: str, page: int, quarter_turns: int) -> page_cache.PageImage:
    header, pixels = _drawing.request({"do": "draw level", "page": page, "turns": quarter_turns}, data, key)
    return page_cache.PageImage(pixels=pixels, **header)


def locate(data: bytes, key: str, ranges: Sequence[PageTextRange], page: int) -> TextLocations:
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
    recognized = [box for text in ranges for box in text.recognized]
    pages = sorted({page, *(box.page for box in recognized)})
    request = {"do": "locate", "ranges": [(text.start, text.end, text.pieces) for text in ranges], "pages": pages}
    reply, _payload = _drawing.request(request, data, key)
    sizes = {number: (width, height) for number, width, height in reply["sizes"]}
    return TextLocations((*recognized, *(Box(*box) for box in reply["boxes"])), sizes)


def render_page(data: bytes, key: str, page: int, marks: Sequence[Box]) -> bytes:
    """Render a page (from 1) as PNG with highlighted boxes; `key` and errors as for `locate`."""
    return _drawing.request({"do": "render", "page": page, "marks": [astuple(box) for box in marks]}, data, key)[1]


_held: tuple[str | None, bytes] | None = None
"""The key and the bytes of the last file."""


def _handle(request: Json, data: bytes) -> Generator[Message, None, None]:
    """In the child: read, search or draw a file."""
    global _held  # noqa: PLW0603 - the process serves one request at a time
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
    if request["do"] == "find scans":
        return {"pages": reader.find_scans(data)}, b""
    if request["do"] == "read":
        content = reader.read(data, dict(request["recognized"]))
        return {
            "text": content.text,
            "marks": None if content.marks is None else [astuple(mark) for mark in content.marks],
            "metadata": {key: str(value) for key, value in content.metadata.items()},
            "pages": [astuple(span) for span in content.pages],
            "furniture": content.furniture,
            "warnings": content.warnings,
            "recognized": [astuple(word) for word in content.recognized],
            "title": content.title,
        }, b""
    from corpus.readers.pdf import page_images  # late: reading does not need numpy

    if request["do"] == "draw level":
        header = page_images.draw_level(data, request["page"], request["turns"])._asdict()
        return header, header.pop("pixels")
    if request["do"] == "render":
        return {}, page_images.render_page(data, request["page"], [Box(*box) for box in request["marks"]])
    boxes = [box for start, end, pieces in request["ranges"] for box in page_images.locate(data, start, end, pieces)]
    pages = {box.page for box in boxes} | set(request["pages"])
    sizes = [(page, *page_images.page_size(data, page)) for page in sorted(pages)]
    return {"boxes": [astuple(box) for box in boxes], "sizes": sizes}, b""


if __name__ == "__main__":
    serve(_handle, expected=(UnreadableFile, LimitError))
