"""A PDF file opened by PDFium and read to the end: its pages with their glyphs, rules and frames, its own outline.

Bytes in, a `File` out; afterwards PDFium is not needed. Every error of its own becomes UnreadableFile here.
"""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from threading import Lock
from typing import Any

from corpus.errors import UnreadableFile
from corpus.readers.pdf_glyphs import Frame, Page, Rule, Turn, glyphs_of, turned

MOST_PAGES = 10_000
MOST_GLYPHS = 30_000_000
"""Beyond these a file is refused: no publication is so long, and its characters would take gigabytes."""

_ALONE = Lock()  # PDFium may be called by one thread at a time
_MOST_DRAWN = 3000
_MOST_FRAMES = 40
_SHORTEST_RULE = 15.0
_NARROWEST_FRAME, _LOWEST_FRAME = 80.0, 36.0
_THICKEST_RULE = 3.0


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


def load(data: bytes) -> File:
    """Raises UnreadableFile for what is no PDF file, encrypted, damaged or too large."""
    import pypdfium2

    if b"%PDF-" not in data[:1024]:
        raise UnreadableFile("not a PDF file, by its first bytes")
    with _ALONE:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise UnreadableFile(_reason(error)) from error
        try:
            if len(document) > MOST_PAGES:
                raise UnreadableFile(f"{len(document):,} pages, at most {MOST_PAGES:,} are read")
            pages: list[Page] = []
            total = 0
            for number in range(len(document)):
                pages.append(_page(document, number))
                total += len(pages[-1].glyphs)
                if total > MOST_GLYPHS:
                    raise UnreadableFile(f"more than {MOST_GLYPHS:,} characters")
            return File(pages, list(_bookmarks(document)), _information(document))
        # A damaged page, outline or dictionary; UnicodeError where PDFium hands on what is no UTF-16.
        except (pypdfium2.PdfiumError, UnicodeError, ctypes.ArgumentError) as error:
            raise UnreadableFile(f"damaged: {error}") from error
        finally:
            document.close()


def _reason(error: Exception) -> str:
    text = str(error).lower()
    if "password" in text:
        return "encrypted: it opens with a password only; save it without one"
    if "security" in text:
        return "encrypted in a way that is not known here; save it without encryption"
    return f"damaged, or not a PDF file ({error})"


def _page(document: Any, number: int) -> Page:
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
    upright = Counter(quarter for _, quarter in found).most_common(1)
    main = upright[0][0] if upright else 0
    for glyph, quarter in found:
        (result.glyphs if quarter == main else result.turned).append(glyph)
    if main:
        result.shown = {glyph.number: glyph for glyph in result.glyphs}
        result.glyphs = [turned(glyph, main, width, height) for glyph in result.glyphs]
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
