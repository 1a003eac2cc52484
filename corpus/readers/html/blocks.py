"""Elements of a page to blocks of text: paragraphs, headings, list items, tables, notes, captions, columns.

What stands in an element that is no block is part of the paragraph around it. White space is collapsed as a browser
does; nothing else of the wording is changed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from corpus.readers.table_grid import MOST_CELLS, Cell, rows_of
from corpus.readers.text_builder import RAISED, TextBuilder, collapse
from corpus.records import SectionKind

_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dir div dl dt fieldset figcaption figure footer form"
    " header hgroup hr html legend li main ol p pre section summary table tbody td tfoot th thead tr ul"
    " h1 h2 h3 h4 h5 h6 caption option optgroup".split()
)
_HEADINGS = {f"h{number}": number - 1 for number in range(1, 7)}
_NOTE_ROLES = frozenset("doc-footnote doc-endnote doc-endnotes doc-footnotes".split())
_NOTE_NAMES = re.compile(
    r"(?:foot|end)[-_]?notes?(?:[-_]?(?:list|text|item|\d+))?|fn[-_:]?\d+|fn|ftn\d+|edn\d+|cite[-_]note[-_].*|references|reflist"
    r"|note[-_]?\d+"
)
_NOT_NOTE_NAMES = re.compile(r".*(?:ref|back|link)\d*")
_COLUMN_NAMES = frozenset(
    "column inset box special feature special-feature callout infobox-column sidebar-column".split()
)
_DEEPEST = 200
"""Elements inside each other whose structure is kept; of deeper ones the text is."""
_COUNTED = "data-counted-before"


class Walker:
    """Walks an element once; `builder` holds what came of it."""

    def __init__(self) -> None:
        self.builder = TextBuilder()
        self._inline: list[str] = []
        self._kind: SectionKind | None = None
        self._lead = ""  # the bullet or number before the next paragraph
        self._tight = False
        self._in_column = False

    def walk(self, element: Any, depth: int = 0) -> None:
        """Add an element's content to the text."""
        tag = element.tag
        if not isinstance(tag, str):
            return
        if depth > _DEEPEST:
            self._inline.append(f" {_loose(' '.join(element.itertext()))} ")
        elif tag == "br":
            self._inline.append("\n")
        elif tag == "sup" and (raised := _raised(element, self._inline)):
            self._inline.append(raised)
        elif tag not in _BLOCKS and element.get("role") != "heading":
            self._children(element, depth)
        else:
            self._flush()
            self._block(element, tag, depth)
            self._flush()
        if depth == 0:
            self._flush()

    def _block(self, element: Any, tag: str, depth: int) -> None:
        if (level := _heading_level(element)) is not None:
            self._heading(element, level)
        elif tag == "table" and is_data(element):
            caption = element.find("caption")
            self.builder.table(rows_of(_cells(element)), "" if caption is None else flat(caption))
        elif tag == "pre":
            self._paragraph("\n".join(line.rstrip() for line in element.text_content().strip("\n").split("\n")))
        elif tag == "li":
            self._item(element, depth)
        elif tag in ("figcaption", "caption"):
            self._as_kind("caption", element, depth)
        elif self._kind is None and _is_notes(element):
            self._as_kind("notes", element, depth)
        elif not self._in_column and _is_column(element):
            bookmark = self.builder.bookmark()
            self._in_column = True
            self._children(element, depth)
            self._flush()
            self._in_column = False
            self.builder.inset(bookmark)
        elif tag in ("dd", "dt"):
            self._tight = tag == "dd"
            self._children(element, depth)
        else:
            self._children(element, depth)

    def _children(self, element: Any, depth: int) -> None:
        if element.text:
            self._inline.append(_loose(element.text))
        for child in element:
            self.walk(child, depth + 1)
            if child.tail:
                self._inline.append(_loose(child.tail))

    def _heading(self, element: Any, level: int) -> None:
        text = flat(element)
        if self._kind is not None:
            self.builder.block(text, self._kind)
        else:
            self.builder.heading(text, level)
        self._lead, self._tight = "", False

    def _item(self, element: Any, depth: int) -> None:
        note = self._kind is None and _is_notes(element)
        before = self._kind
        if note:
            self._kind = "notes"
        self._lead, self._tight = _bullet(element), element.getprevious() is not None or _is_nested(element)
        self._children(element, depth)
        self._flush()
        self._lead, self._kind = "", before

    def _as_kind(self, kind: SectionKind, element: Any, depth: int) -> None:
        before, self._kind = self._kind, kind
        self._children(element, depth)
        self._flush()
        self._kind = before

    def _flush(self) -> None:
        text = collapse("".join(self._inline))
        self._inline.clear()
        self._paragraph(text)

    def _paragraph(self, text: str) -> None:
        if not text.strip():
            return
        if self._kind == "notes":
            text = " ".join(text.split("\n"))
        self.builder.block(self._lead + text, self._kind, tight=self._tight)
        self._lead, self._tight = "", False


def _loose(text: str) -> str:
    """Source white space: line feeds of the source break no line of the page."""
    return re.sub(r"[^\S\xa0]+", " ", text)


def _raised(element: Any, before: Sequence[str]) -> str:
    """A raised number as one, where it is a note's mark or stands behind a digit ("2016³", "10⁶"); else nothing."""
    text = " ".join(element.itertext()).strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= 3):
        return ""
    around = element.getparent()
    links = [*element.iter("a"), *([around] if around is not None and around.tag == "a" else [])]
    refers = any((link.get("href") or "").startswith("#") for link in links)
    last = next((part for part in reversed(before) if part), "")
    return text.translate(RAISED) if refers or last[-1:].isdigit() else ""


def flat(element: Any) -> str:
    """All text of an element on one line."""
    parts: list[str] = []

    def gather(one: Any, depth: int) -> None:
        if not isinstance(one.tag, str):
            return
        if depth > _DEEPEST:
            parts.append(f" {' '.join(one.itertext())} ")
            return
        if one.tag == "sup" and (raised := _raised(one, parts)):
            parts.append(raised)
            return
        apart = one.tag in _BLOCKS or one.tag == "br"
        parts.append(" " if apart else "")
        if one.tag == "li" and one.getparent() is not None and one.getparent().tag == "ol":
            parts.append(_bullet(one))
        if one.text:
            parts.append(one.text)
        for child in one:
            gather(child, depth + 1)
            if child.tail:
                parts.append(child.tail)
        parts.append(" " if apart else "")

    gather(element, 0)
    return " ".join(collapse("".join(parts)).split())


def is_data(table: Any) -> bool:
    """Whether a table holds data; one that only lays out a page has headings, or long prose, in its cells."""
    if table.get("role") in ("presentation", "none"):
        return False
    rows = list(_rows(table))
    widest = max((len(row) for row in rows), default=0)
    if any(True for _ in table.iter("h1", "h2", "h3", "h4")) or widest < 2:
        return False
    if table.find("caption") is not None or table.find(".//th") is not None:
        return True
    longest = max((len(flat(cell)) for row in rows for cell in row), default=0)
    return longest < 1500


def _rows(table: Any) -> Any:
    """The cells of each row of this table, not of the tables inside it."""
    for part in table:
        if part.tag == "tr":
            yield [cell for cell in part if cell.tag in ("td", "th")]
        elif part.tag in ("thead", "tbody", "tfoot"):
            for row in part:
                if row.tag == "tr":
                    yield [cell for cell in row if cell.tag in ("td", "th")]


def _cells(table: Any) -> list[list[Cell]]:
    return [[Cell(flat(cell), _span(cell, "colspan"), _span(cell, "rowspan")) for cell in row] for row in _rows(table)]


def _span(cell: Any, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return max(1, min(int(value), MOST_CELLS)) if value.isascii() and value.isdecimal() and len(value) < 9 else 1


def _heading_level(element: Any) -> int | None:
    if element.get("role") == "heading":
        level = element.get("aria-level") or ""
        return (
            int(level) - 1 if level in {"1", "2", "3", "4", "5", "6", "7", "8", "9"} else _HEADINGS.get(element.tag, 1)
        )
    return _HEADINGS.get(element.tag)


def _names(element: Any) -> list[str]:
    return f"{element.get('id') or ''} {element.get('class') or ''}".lower().split()


def _is_notes(element: Any) -> bool:
    if element.get("role") in _NOTE_ROLES or (element.get("epub:type") or "") in ("footnote", "footnotes", "endnotes"):
        return True
    return any(_NOTE_NAMES.fullmatch(name) and not _NOT_NOTE_NAMES.fullmatch(name) for name in _names(element))


def _is_column(element: Any) -> bool:
    """An aside within the content, or a box that is called a column, with more than a line in it."""
    named = element.tag == "aside" or any(name in _COLUMN_NAMES for name in _names(element))
    return named and element.tag in ("aside", "div", "section") and element.find(".//p") is not None


def _is_nested(item: Any) -> bool:
    up = item.getparent()
    return up is not None and up.getparent() is not None and up.getparent().tag == "li"


def _bullet(item: Any) -> str:
    above = item.getparent()
    if above is None or above.tag != "ol":
        return "- "
    start = above.get("start") or "1"
    first = int(start) if start.isascii() and start.isdecimal() and len(start) < 9 else 1
    value = item.get("value") or ""
    if value.isascii() and value.isdecimal() and len(value) < 9:
        return f"{int(value)}. "
    before = next(item.itersiblings("li", preceding=True), None)
    count = 0 if before is None else int(before.get(_COUNTED) or 0) + 1
    item.set(_COUNTED, str(count))  # so that a list of a hundred thousand items is counted once
    return f"{first + count}. "
