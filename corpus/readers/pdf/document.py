"""A PDF file opened by PDFium and read to the end: its pages with their glyphs, rules and frames, its own outline.

Bytes in, a `File` out; afterwards PDFium is not needed. Every error of its own becomes UnreadableFile here.
"""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from threading import Lock
from typing import Any, NamedTuple

from corpus import limits
from corpus.errors import UnreadableFile
from corpus.readers.pdf.glyphs import Glyph, Turn, glyphs_of, turned
from corpus.readers.pdf.spans import Span, spans_of
from corpus.readers.pdf.text_lines import Rule

ALONE = Lock()
"""PDFium may be called by one thread at a time."""

_MOST_DRAWN = 3000
_MOST_FRAMES = 40
_SHORTEST_RULE = 15.0
_NARROWEST_FRAME, _LOWEST_FRAME = 80.0, 36.0
_THICKEST_RULE = 3.0


class Frame(NamedTuple):
    """A rectangle drawn on a page, with or without a background."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(slots=True)
class Page:
    """A page: its number from 1, its size, its label in the file, its text in the order of the file.

    `turned` is the text that does not run as most does. `pictures` says whether it has images. Where most text does not
    run to the right, spans lie as if one turned the page to read it; `shown` has the glyphs as they stand on the page,
    by their numbers, if they were asked for: they take ten times the memory.
    """

    number: int
    width: float
    height: float
    label: str | None
    spans: list[Span] = field(default_factory=list)
    turned: list[Span] = field(default_factory=list)
    pictures: bool = False
    shown: dict[int, Glyph] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)


@dataclass(slots=True)
class Bookmark:
    """An entry of the file's own outline."""

    title: str
    level: int
    page: int | None


@dataclass(slots=True)
class File:
    """An opened file, read to the end."""

    pages: list[Page]
    bookmarks: list[Bookmark]
    information: dict[str, str]


def load(data: bytes, *, shown: bool = False) -> File:
    """Read all pages, with their glyphs too if they are to be `shown`.

    Raises UnreadableFile for what is no PDF file, encrypted, damaged or too large.
    """
    import pypdfium2

    if b"%PDF-" not in data[:1024]:
        raise UnreadableFile("not a PDF file, by its first bytes")
    with _opened(data) as document:
        try:
            if len(document) > limits.PAGES.value:
                raise UnreadableFile(f"{len(document):,} pages, {limits.PAGES.remedy}")
            pages: list[Page] = []
            total, most = 0, limits.GLYPHS.value
            for number in range(len(document)):
                pages.append(_page(document, number, shown))
                total += sum(len(span.text) for span in pages[-1].spans)
                if total > most:
                    raise UnreadableFile(f"more characters, {limits.GLYPHS.remedy}")
            return File(pages, list(_bookmarks(document)), _information(document))
        # A damaged page, outline or dictionary; UnicodeError where PDFium hands on what is no UTF-16.
        except (pypdfium2.PdfiumError, UnicodeError, ctypes.ArgumentError) as error:
            raise UnreadableFile(f"damaged: {error}") from error


@contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    """A file as PDFium's document, closed afterwards; nobody else calls PDFium meanwhile. Raises UnreadableFile."""
    import pypdfium2

    with ALONE:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise UnreadableFile(_reason(error)) from error
        try:
            yield document
        finally:
            document.close()


def glyphs_on(data: bytes, number: int) -> list[Glyph]:
    """The characters of a page, from 1, as they stand on it, in the order of the file; none for another number.

    Raises UnreadableFile as `load` does.
    """
    import pypdfium2

    with _opened(data) as document:
        try:
            page = document[number - 1]
            return [glyph for glyph, _ in glyphs_of(page.get_textpage(), Turn(page))]
        except (pypdfium2.PdfiumError, IndexError):
            return []


def _reason(error: Exception) -> str:
    text = str(error).lower()
    if "password" in text:
        return "encrypted: it opens with a password only; save it without one"
    if "security" in text:
        return "encrypted in a way that is not known here; save it without encryption"
    return f"damaged, or not a PDF file ({error})"


def _page(document: Any, number: int, shown: bool) -> Page:
    import pypdfium2
    from pypdfium2 import raw

    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return Page(number + 1, 0, 0, None)  # a page that cannot be loaded is empty, the others are read
    width, height = page.get_size()
    label = document.get_page_label(number) or None
    result = Page(number + 1, width, height, label)
    turn = Turn(page)
    drawn = islice(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH], max_depth=3), _MOST_DRAWN)
    for thing in drawn:
        if thing.type == raw.FPDF_PAGEOBJ_IMAGE:
            result.pictures = True
        elif not turn.quarter:
            left, bottom, right, top = thing.get_bounds()
            if right - left >= _NARROWEST_FRAME and top - bottom >= _LOWEST_FRAME:
                result.frames.append(Frame(*turn.point(left, top), *turn.point(right, bottom)))
            if right - left >= _SHORTEST_RULE:
                edges = [(top + bottom) / 2] if top - bottom < _THICKEST_RULE else [top, bottom]
                result.rules += [
                    Rule(turn.point(left, y)[0], turn.point(right, y)[0], turn.point(left, y)[1]) for y in edges
                ]
    result.rules = _joined(result.rules)
    result.frames = sorted(set(result.frames), key=_area, reverse=True)[:_MOST_FRAMES]
    text = page.get_textpage()
    found = list(glyphs_of(text, turn))
    if shown:
        result.shown = {glyph.number: glyph for glyph, _ in found}
    quarters = Counter(quarter for _, quarter in found).most_common(1)
    main = quarters[0][0] if quarters else 0
    upright = [turned(glyph, main, width, height) if main else glyph for glyph, quarter in found if quarter == main]
    result.spans = spans_of(upright)
    result.turned = spans_of([glyph for glyph, quarter in found if quarter != main])
    text.close()
    page.close()
    return result


def _area(frame: Frame) -> float:
    return (frame.right - frame.left) * (frame.bottom - frame.top)


def _joined(rules: list[Rule]) -> list[Rule]:
    """Lines that touch end to end, as the borders of cells do, are one."""
    joined: list[Rule] = []
    for rule in sorted(rules, key=lambda one: (round(one.height / _THICKEST_RULE), one.left)):
        last = joined[-1] if joined else None
        touches = last is not None and rule.left <= last.right + _THICKEST_RULE
        if last is not None and touches and abs(last.height - rule.height) < _THICKEST_RULE:
            joined[-1] = last._replace(right=max(last.right, rule.right))
        else:
            joined.append(rule)
    return joined


def _bookmarks(document: Any) -> Iterator[Bookmark]:
    for entry in document.get_toc(max_depth=12):
        title = " ".join((entry.get_title() or "").split())
        destination = entry.get_dest()
        page = destination.get_index() if destination is not None else None
        if title:
            yield Bookmark(title, entry.level, None if page is None else page + 1)


def _information(document: Any) -> dict[str, str]:
    said = document.get_metadata_dict(skip_empty=True)
    return {key: " ".join(str(value).replace("\x00", "").split()) for key, value in said.items()}
