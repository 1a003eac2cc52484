"""Recognise the text of an image with RapidOCR, in a child process: the one module that knows the engine.

Its models, PP-OCRv6 for Chinese, Japanese and Latin letters, are in its package; it downloads nothing.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np

from corpus.processes import Json, Message, serve

Pixels = np.ndarray[Any, np.dtype[np.uint8]]

_CHUNK = 12
"""Maximum characters of a word: scripts without spaces are cut, so that boxes are more exact than the line's."""
_MAX_SLOPE = 1.5
"""Ratio of height to width above which a line runs up or down the page; single letters are excepted."""
_INK = 5.0
"""Percentage of the pixels of a line that are ink for sure; of a page with little text it is less than 1."""
_MIN_RUN = 2
"""Minimum length in pixels of a run of ink; shorter runs are noise."""


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.use_cls": False,  # scans are upright
            "Global.max_side_len": 10_000,  # the image has the right size
            "Rec.rec_batch_num": 1,  # larger batches pad each line to the longest
        }
    )


def find_lines(pixels: Pixels) -> Iterator[Json]:
    """Yield the lines of an image with their words; all positions are in pixels from its upper left corner."""
    result = _engine()(np.dstack([pixels] * 3), return_word_box=True)
    if result.boxes is None:
        return
    edges = [(*corners.min(axis=0).tolist(), *corners.max(axis=0).tolist()) for corners in result.boxes]
    boxes = [pixels[int(top) : int(bottom) + 1, int(left) : int(right) + 1] for left, top, right, bottom in edges]
    threshold = _threshold(pixels, boxes)
    for (left, top, right, bottom), box, text, confidence, parts in zip(
        edges, boxes, result.txts, result.scores, result.word_results, strict=True
    ):
        if len(text) > 2 and bottom - top > _MAX_SLOPE * (right - left):
            yield {"vertical": True}
            continue
        yield {
            "top": top,
            "bottom": bottom,
            "stroke": _stroke(box < threshold),
            "words": list(_words(text, float(confidence), parts, left, right)),
        }


def _words(text: str, confidence: float, parts: Sequence[Any], left: float, right: float) -> Iterator[list[Any]]:
    """Yield the text, confidence, left and right edge of each word, and whether a space precedes it.

    Args:
        text: The text of the line.
        confidence: That of the whole line.
        parts: The engine's parts of the line, each with text, confidence and corners: words, or in other scripts
            letters.
        left: The left edge of the line.
        right: Its right edge.
    """
    if "".join(str(part[0]) for part in parts) != "".join(text.split()):
        width = (right - left) / max(len(text), 1)  # the engine lost a part: all letters get the same width
        parts = [
            (letter, confidence, [(left + at * width, 0.0), (left + (at + 1) * width, 0.0)])
            for at, letter in enumerate(text)
            if not letter.isspace()
        ]
    position = 0
    word: list[Any] | None = None
    for content, score, corners in parts:
        if not content:
            continue
        space = text[position : position + 1].isspace()
        position = text.index(content[0], position) + len(content)
        first, last = min(float(corner[0]) for corner in corners), max(float(corner[0]) for corner in corners)
        if word is not None and not space and len(word[0]) + len(content) <= _CHUNK:
            length = len(word[0]) + len(content)
            word[1] = (len(word[0]) * word[1] + len(content) * float(score)) / length
            word[0] += content
            word[3] = max(last, word[3])
            continue
        if word is not None:
            yield word
        word = [content, float(score), first, last, space]
    if word is not None:
        yield word


def _threshold(pixels: Pixels, lines: Sequence[Pixels]) -> float:
    """Return the brightness between ink and paper: the middle between the lines' dark pixels and the page's median."""
    ink = np.concatenate([line[::2, ::2].ravel() for line in lines])
    return float(np.percentile(ink, _INK) + np.median(pixels[::4, ::4])) / 2


def _stroke(ink: np.ndarray[Any, np.dtype[np.bool_]]) -> float:
    """Return the mean length in pixels of horizontal runs of ink, which is larger in bold type."""
    rows = np.pad(ink, ((0, 0), (1, 1))).astype(np.int8)
    steps = np.diff(rows, axis=1)
    lengths = np.nonzero(steps == -1)[1] - np.nonzero(steps == 1)[1]
    lengths = lengths[lengths >= _MIN_RUN]
    return round(float(lengths.mean()), 2) if len(lengths) else 0.0


def _handle(request: Json, data: bytes) -> Generator[Message, None, None]:
    """In the child: recognise a grey image of `height` rows."""
    pixels = np.frombuffer(data, np.uint8).reshape(request["height"], -1)
    yield {"lines": list(find_lines(pixels))}, b""


if __name__ == "__main__":
    serve(_handle)
