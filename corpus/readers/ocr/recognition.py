"""Recognises page images in a child process, with limits of time and memory, and keeps what was recognised.

Recognising a page takes seconds. Each page is stored in the cache as soon as it is done, by the hash of its file, so
that an interrupted run continues where it stopped, and no page is recognised twice.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from corpus import limits
from corpus.cache import cache_folder
from corpus.processes import ChildProcess, Json, ProcessEnded, RemoteError

MAX_MEMORY = 8 * 2**30
"""Address space of the child that recognises text, in bytes; a page takes a fifth of it."""

INSTALL = "pip install 'yearbook-qa[ocr]'"

_LAYOUT = 1
"""Raise it when the recorded lines, or the image that is recognised, change: pages are then recognised again."""

_child = ChildProcess("corpus.readers.ocr.engine", memory=MAX_MEMORY, niceness=5, stderr="discard")


class PageImage(NamedTuple):
    """A grey image of a page, turned until its lines are level.

    `scale` is in pixels per point, `angle` the counterclockwise turn in degrees, `pixels` a byte for each.
    """

    width: int
    height: int
    scale: float
    angle: float
    pixels: bytes


class RecognitionFailed(Exception):
    """A page could not be recognised; the message is the reason."""


def engine_version() -> str | None:
    """Return the version of the engine; None if it is not installed."""
    try:
        return metadata.version("rapidocr")
    except metadata.PackageNotFoundError:
        return None


def recognize_page(digest: str, number: int, draw: Callable[[], PageImage]) -> Json:
    """Return the lines of a page as `engine` found them, with the image's size, scale and angle.

    Args:
        digest: The SHA-256 of the file.
        number: The page, from 1.
        draw: Draws the page, if it is not in the cache.

    Raises:
        RecognitionFailed: The engine crashed, or the page took too long.
    """
    file = cache_folder() / "ocr" / digest / f"{number}-{engine_version()}-{_LAYOUT}.json"
    try:
        cached: Json = json.loads(file.read_bytes())
    except (OSError, ValueError):
        pass
    else:
        return cached
    image = draw()
    page = {**image._asdict(), "lines": recognize_image(image)}
    del page["pixels"]
    _store(file, page)
    return page


def recognize_image(image: PageImage) -> list[Json]:
    """Return the lines of an image, as `engine` found them. Raises RecognitionFailed."""
    seconds = limits.OCR_SECONDS.value
    try:
        reply, _ = _child.request({"height": image.height}, image.pixels, timeout=seconds)
    except TimeoutError as error:
        raise RecognitionFailed(f"more than {seconds:,} seconds; {limits.OCR_SECONDS.remedy}") from error
    except (ProcessEnded, RemoteError) as error:
        _child.stop()
        raise RecognitionFailed(str(error)) from error
    lines: list[Json] = reply["lines"]
    return lines


def _store(file: Path, page: Json) -> None:
    """Store a page for later runs, whole or not at all; without room for it, the page is recognised again."""
    temporary = file.with_suffix(f".{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(page, ensure_ascii=False), encoding="utf-8")
        temporary.replace(file)
    except OSError:
        temporary.unlink(missing_ok=True)
