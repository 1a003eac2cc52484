"""PDF files read, searched for words and drawn by processes of their own: what breaks PDFium breaks nothing else.

Bytes in; a `Reading`, boxes or a picture out. One process reads, another draws, so that a page is not waited for until
a file of thousands is read. Both are started when they are needed and end with the process that they serve.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

from corpus import limits, processes
from corpus.readers.base import Reading
from corpus.readers.pdf import reader
from corpus.readers.pdf.process import Json, PdfProcess, work
from corpus.readers.pdf.reader import Box
from corpus.records import Document, Mark, PageSpan

MOST_MEMORY = 4 * 2**30
"""Bytes of addresses that the process that draws may have; drawing a page takes a hundredth of that."""

_COMMAND = processes.command("corpus.readers.pdf.isolated")

_reading = PdfProcess(_COMMAND, limits.SECONDS)
_drawing = PdfProcess(_COMMAND, limits.PAGE_SECONDS, MOST_MEMORY)


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
    said, _ = _reading.ask({"do": "read"}, data)
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
    said, _ = _drawing.ask({"do": "find", "stretches": [astuple(one) for one in stretches], "page": page}, data, key)
    return Found(
        tuple(Box(*one) for one in said["boxes"]), {number: (width, height) for number, width, height in said["sizes"]}
    )


def picture(data: bytes, key: str, page: int, marks: Sequence[Box]) -> bytes:
    """As `pdf_images.picture`. Raises UnreadableFile as `read` does, and LimitError."""
    return _drawing.ask({"do": "draw", "page": page, "marks": [astuple(one) for one in marks]}, data, key)[1]


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


def _do(asked: Json, data: bytes) -> tuple[Json, bytes]:
    if asked["do"] == "read":
        return _read(data), b""
    from corpus.readers.pdf import page_images  # late: who only reads needs no picture

    if asked["do"] == "draw":
        return {}, page_images.picture(data, asked["page"], [Box(*one) for one in asked["marks"]])
    boxes = [box for start, end, pieces in asked["stretches"] for box in page_images.places(data, start, end, pieces)]
    pages = {box.page for box in boxes} | {asked["page"]}
    sizes = [(page, *page_images.size(data, page)) for page in sorted(pages)]
    return {"boxes": [astuple(one) for one in boxes], "sizes": sizes}, b""


if __name__ == "__main__":
    work(_do)
