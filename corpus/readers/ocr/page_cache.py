"""Recognise page images in a child process, with limits of time and memory, and cache the results.

Recognising a page takes seconds. Each page is stored in the cache as soon as it is done, by the hash of its file, so
that an interrupted run continues where it stopped, and no page is recognised twice.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from corpus import limits
from corpus.filesystem import cache_folder
from corpus.processes import ChildProcess, Json, ProcessEnded, RemoteError

MAX_MEMORY = 8 * 2**30
"""Address space of the child that recognises text, in bytes; a page takes a fifth of it."""

INSTALL = "pip install 'yearbook-qa[ocr]'"

_LAYOUT = 3
"""Raise it when the recorded lines, or the image that is recognised, change: pages are then recognised again."""

_MIN_LEGIBLE = 0.75
"""Mean confidence below which a page may be upside down; noisy scans have .9 and more."""

_child = ChildProcess("corpus.readers.ocr.engine", memory=MAX_MEMORY, niceness=5, stderr="discard")


class PageImage(NamedTuple):
    """A grey image of a page, turned until its lines are level.

    `scale` is in pixels per point. The page was turned clockwise by `quarter_turns`, then counterclockwise by `angle`
    degrees. `pixels` has a byte for each.
    """

    width: int
    height: int
    scale: float
    quarter_turns: int
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


def recognize_page(digest: str, number: int, draw: Callable[[int], PageImage]) -> Json:
    """Return the lines of a page as `engine` found them, with the image's size, scale and turns.

    A page whose lines run up or down, or are hardly legible, is also read sideways, or upside down.

    Args:
        digest: The SHA-256 of the file.
        number: The page, from 1.
        draw: Draws the page after some quarter turns, if it is not in the cache.

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
    page = _read_turned(draw, 0)
    if pages := [_read_turned(draw, turns) for turns in _other_turns(page["lines"])]:
        page = max([page, *pages], key=lambda read: _certain_letters(read["lines"]))
    _store(file, page)
    return page


def _read_turned(draw: Callable[[int], PageImage], quarter_turns: int) -> Json:
    image = draw(quarter_turns)
    page = {**image._asdict(), "lines": recognize_image(image)}
    del page["pixels"]
    return page


def _other_turns(lines: Sequence[Json]) -> tuple[int, ...]:
    """Return the quarter turns by which a page should also be read."""
    level = [line for line in lines if "words" in line]
    if 2 * len(level) < len(lines):
        return 1, 3
    letters = sum(len(word[0]) for line in level for word in line["words"])
    return (2,) if _certain_letters(level) < _MIN_LEGIBLE * letters else ()


def _certain_letters(lines: Sequence[Json]) -> float:
    words = (word for line in lines for word in line.get("words", ()))
    return sum((len(text) * float(confidence) for text, confidence, *_ in words), 0.0)


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
    """Cache a page atomically; on a full disk it is not cached and will be recognised again."""
    temporary = file.with_suffix(f".{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(page, ensure_ascii=False), encoding="utf-8")
        temporary.replace(file)
    except OSError:
        temporary.unlink(missing_ok=True)
