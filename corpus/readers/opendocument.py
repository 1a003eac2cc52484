"""Parts and texts that the formats of OpenDocument (ODT, ODS, ODP) share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from corpus.errors import UnreadableFile
from corpus.readers.base import parse_int, raise_digits
from corpus.readers.table_to_text import MAX_CELLS, MAX_COLUMNS, Cell, render_table
from corpus.readers.zipped_xml import MAX_DEPTH, MAX_INHERITANCE, Archive, dublin_core
from corpus.records import TableShape
from corpus.translation import gettext as _

_BASE = "urn:oasis:names:tc:opendocument:xmlns"
OFFICE, TEXT, TABLE, STYLE, DRAW, PRESENTATION, FO, SVG = (
    f"{{{_BASE}:{name}:1.0}}"
    for name in ("office", "text", "table", "style", "drawing", "presentation", "xsl-fo-compatible", "svg-compatible")
)
_MANIFEST = f"{{{_BASE}:manifest:1.0}}"


class OpenDocument(Archive):
    """An opened file of OpenDocument; `body` is the element with its content, such as `office:text`."""

    def __init__(self, data: bytes, kind: str, body: str) -> None:
        """Raises UnreadableFile if the bytes are another format, or encrypted."""
        super().__init__(data, kind)
        manifest = self.xml("META-INF/manifest.xml")
        if manifest is not None and any(True for _ in manifest.iter(f"{_MANIFEST}encryption-data")):
            raise UnreadableFile.encrypted()
        root = self.xml("content.xml")
        content = root.find(f"{OFFICE}body/{OFFICE}{body}") if root is not None else None
        if content is None:
            raise UnreadableFile(_("not a file of the format %(kind)s: it has no content of this kind", kind=kind))
        self.body = content
        styles = self.xml("styles.xml")
        self._style_roots = [each for each in (styles, root) if each is not None]

    def styles(self, family: str) -> dict[str, Any]:
        """Return the styles of a family ("paragraph", "table-row") by name."""
        return {
            style.get(f"{STYLE}name") or "": style
            for root in self._style_roots
            for style in root.iter(f"{STYLE}style")
            if style.get(f"{STYLE}family") == family
        }

    def style_elements(self, tag: str) -> Iterator[Any]:
        """Yield the elements of the styles with a tag."""
        for root in self._style_roots:
            yield from root.iter(tag)

    def metadata(self) -> dict[str, object]:
        """Return title, publisher and language, as far as the file states them."""
        meta = self.xml("meta.xml")
        return {} if meta is None else dublin_core(meta)


def parse_count(value: str | None, maximum: int) -> int:
    """Return a number of repeated or spanned cells, from 1 to `maximum`."""
    return max(1, min(parse_int(value, 1), maximum))


class TextStyles:
    """Which text styles are hidden or raised, with inheritance."""

    def __init__(self, document: OpenDocument) -> None:
        self._styles = document.styles("text") | {f"p:{name}": s for name, s in document.styles("paragraph").items()}

    def is_hidden(self, name: str | None, *, paragraph: bool = False) -> bool:
        """Return whether the text of a style is not shown."""
        key = f"p:{name}" if paragraph else name or ""
        return self._property(key, f"{TEXT}display") == "none"

    def is_raised(self, name: str | None) -> bool:
        """Return whether a text style is superscript."""
        position = self._property(name or "", f"{STYLE}text-position").split(" ")[0]
        return position == "super" or (position.endswith("%") and position[:-1].isdecimal() and position != "0%")

    def _property(self, key: str, attribute: str) -> str:
        for _level in range(MAX_INHERITANCE):
            style = self._styles.get(key)
            if style is None:
                return ""
            properties = style.find(f"{STYLE}text-properties")
            if properties is not None and (value := properties.get(attribute)) is not None:
                return str(value)
            parent = style.get(f"{STYLE}parent-style-name") or ""
            key = f"p:{parent}" if key.startswith("p:") else parent
        return ""


_SKIPPED = frozenset(
    f"{prefix}{name}"
    for prefix, names in (
        (OFFICE, "annotation annotation-end forms"),
        (TEXT, "ruby-text tracked-changes note bookmark-start hidden-text"),
        (PRESENTATION, "notes"),
    )
    for name in names.split()
)
_BREAKS = {f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}


class ParagraphReader:
    """Reads the text of paragraphs; `boxes` collects the text boxes anchored in them."""

    def __init__(self, styles: TextStyles, cite_note: Callable[[Any], str] | None = None) -> None:
        self.boxes: list[Any] = []
        self._styles = styles
        self._cite_note = cite_note

    def text(self, paragraph: Any) -> str:
        """Return what a `text:p` or `text:h` shows, with line breaks."""
        if self._styles.is_hidden(paragraph.get(f"{TEXT}style-name"), paragraph=True):
            return ""
        parts: list[str] = []
        self._gather(paragraph, parts, 0)
        return "".join(parts)

    def _gather(self, element: Any, parts: list[str], depth: int) -> None:
        if depth > MAX_DEPTH:
            return
        parts.append(_unbreak(element.text))
        for child in element:
            if isinstance(child.tag, str):
                self._gather_child(child, parts, depth)
            parts.append(_unbreak(child.tail))

    def _gather_child(self, child: Any, parts: list[str], depth: int) -> None:
        tag = child.tag
        if tag == f"{TEXT}note" and self._cite_note is not None:
            parts.append(self._cite_note(child))
        elif tag == f"{TEXT}s":
            parts.append(" " * parse_count(child.get(f"{TEXT}c"), 100))
        elif tag in _BREAKS:
            parts.append(_BREAKS[tag])
        elif tag in (f"{DRAW}text-box", f"{DRAW}custom-shape"):
            self.boxes.append(child)
        elif tag == f"{TEXT}span" and self._styles.is_hidden(child.get(f"{TEXT}style-name")):
            return
        elif tag == f"{TEXT}span" and self._styles.is_raised(child.get(f"{TEXT}style-name")):
            inner: list[str] = []
            self._gather(child, inner, depth + 1)
            text = "".join(inner)
            parts.append(raise_digits(text, "".join(parts[-3:])) or text)
        elif tag not in _SKIPPED:
            self._gather(child, parts, depth + 1)


def _unbreak(text: str | None) -> str:
    """Replace white space of the file, which breaks no line, by single spaces."""
    return re.sub(r"[ \t\r\n]+", " ", text) if text else ""


def render_odf_table(table: Any, cell_text: Callable[[Any], str]) -> tuple[list[str], TableShape]:
    """Return the lines and the shape of a `table:table`; `cell_text` returns the text of a cell."""
    rows = list(table_rows(table))
    grid: list[list[Cell]] = []
    repeated = 0
    for row, _rest in rows:
        grid.append([])
        for cell in row.iterfind(f"{TABLE}table-cell"):
            columns = parse_count(cell.get(f"{TABLE}number-columns-spanned"), MAX_COLUMNS)
            height = parse_count(cell.get(f"{TABLE}number-rows-spanned"), MAX_CELLS)
            count = parse_count(cell.get(f"{TABLE}number-columns-repeated"), MAX_COLUMNS)
            repeated += count - 1
            grid[-1] += [Cell(cell_text(cell), columns, height)] * (count if repeated <= MAX_CELLS else 1)
    return render_table(grid, sum(is_header for _, is_header in rows))


ROW_GROUPS = frozenset(f"{TABLE}table-{name}" for name in ("rows", "row-group", "header-rows"))


def table_rows(table: Any, *, is_header: bool = False) -> Iterator[tuple[Any, bool]]:
    """Yield the rows of a table, and whether they are repeated at the top of each page."""
    for child in table:
        if child.tag == f"{TABLE}table-row":
            yield child, is_header
        elif child.tag in ROW_GROUPS:
            yield from table_rows(child, is_header=is_header or child.tag == f"{TABLE}table-header-rows")
