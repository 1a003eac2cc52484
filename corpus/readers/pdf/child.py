"""The child process of `isolated`: reads, searches or draws a PDF file for each request.

It imports little besides the reader, since its memory counts for each process that reads.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from dataclasses import astuple

from corpus.errors import LimitError, UnreadableFile
from corpus.processes import Json, Message, serve
from corpus.readers.pdf import reader
from corpus.readers.pdf.reader import Box

LIMIT_VARIABLES = "YEARBOOK_QA_MAX_"
"""The beginning of the names of environment variables that a request sets."""

_held: tuple[str | None, bytes] | None = None
"""The key and the bytes of the last file."""


def _handle(request: Json, data: bytes) -> Generator[Message, None, None]:
    """Read, search or draw a file."""
    global _held  # noqa: PLW0603 - the process serves one request at a time
    for name in [name for name in os.environ if name.startswith(LIMIT_VARIABLES)]:
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
