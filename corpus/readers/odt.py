"""ODT: headings, paragraphs, lists, tables and notes of an OpenDocument text in their order.

Numbers of lists and headings are written before their paragraphs, and notes after the section that refers to them.
Tables of contents, indexes, headers and footers are furniture.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from corpus.readers.base import FileContent, one_line
from corpus.readers.opendocument import (
    DRAW,
    FO,
    OFFICE,
    STYLE,
    TABLE,
    TEXT,
    OpenDocument,
    ParagraphReader,
    TextStyles,
    parse_count,
    render_odf_table,
    table_rows,
)
from corpus.readers.word_processing import DocumentWalker
from corpus.readers.zipped_xml import MAX_DEPTH, MAX_INHERITANCE
from corpus.structure.numbering import format_count

_FURNITURE = frozenset(
    f"{TEXT}{name}"
    for name in "table-of-content alphabetical-index illustration-index object-index table-index user-index".split()
)
_SKIPPED = frozenset((f"{TEXT}tracked-changes", f"{TEXT}sequence-decls", f"{TEXT}variable-decls", f"{OFFICE}forms"))
_FORMATS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman", "1": "decimal"}


def read(data: bytes) -> FileContent:
    """Read an ODT file. Raises UnreadableFile if it is another format, encrypted, damaged or without text."""
    document = OpenDocument(data, "ODT", "text")
    walker = _Walker(document)
    walker.add_blocks(document.body)
    running = [
        line
        for name in ("header", "footer", "header-left", "footer-left")
        for element in document.style_elements(f"{STYLE}{name}")
        for line in walker.lines(element)
    ]
    return walker.content(document.metadata(), running)


@dataclass(slots=True)
class _List:
    """A list around the current paragraph: style and level, the count of its items, whether the next has a label."""

    style: str
    level: int
    count: int = 0
    has_label: bool = False


class _Walker(DocumentWalker):
    def __init__(self, document: OpenDocument) -> None:
        super().__init__()
        self._styles = document.styles("paragraph")
        self._text_styles = document.styles("text")
        shown = TextStyles(document)
        self._reader = ParagraphReader(shown, self._cite_note)
        self._plain = ParagraphReader(shown)
        self._levels = _list_levels(document)
        self._outline = {
            parse_count(level.get(f"{TEXT}level"), 10): level
            for level in document.style_elements(f"{TEXT}outline-level-style")
        }
        self._heading_counts: dict[int, int] = {}
        self._lists: list[_List] = []
        self._finished: dict[tuple[str, int], int] = {}  # counts of lists that others can continue

    def add_blocks(self, container: Any, depth: int = 0) -> None:
        if depth > MAX_DEPTH:
            return
        for element in container:
            tag = element.tag
            if tag in _FURNITURE:
                self.furniture += self.lines(element)
            elif tag in (f"{TEXT}p", f"{TEXT}h"):
                self._add_paragraph(element, depth)
            elif tag == f"{TEXT}list":
                self._add_list(element, depth)
            elif tag == f"{TABLE}table":
                self._add_table(element, depth)
            elif tag in (f"{DRAW}text-box", f"{DRAW}custom-shape"):
                self.add_box(element, depth)
            elif isinstance(tag, str) and tag not in _SKIPPED and element.get(f"{TEXT}display") != "none":
                self.add_blocks(element, depth + 1)

    def lines(self, element: Any) -> list[str]:
        texts = (self._plain.text(paragraph) for paragraph in element.iter(f"{TEXT}p", f"{TEXT}h"))
        return [line for text in texts if (line := one_line(text))]

    def _add_paragraph(self, paragraph: Any, depth: int) -> None:
        text = self._reader.text(paragraph)
        boxes, self._reader.boxes = self._reader.boxes, []
        if text.strip():
            self._add_text(paragraph, text)
        for box in boxes:
            self.add_box(box, depth)

    def _add_text(self, paragraph: Any, text: str) -> None:
        styles = dict(self._styles_of(paragraph))
        level = self._heading_level(paragraph, styles)
        label = self._heading_label(paragraph, level) if level is not None and not self._in_inset else ""
        label = label or ("" if "caption" in styles else self._label())
        bold = self._is_bold(paragraph)
        self.add_text(text, label, level, is_caption="caption" in styles, bold=bold, size=0.0)

    def _styles_of(self, paragraph: Any) -> Iterator[tuple[str, Any]]:
        """Yield the style of a paragraph and those that it inherits from, with their names in lower case."""
        name = paragraph.get(f"{TEXT}style-name")
        for _repeat in range(MAX_INHERITANCE):
            style = self._styles.get(name or "")
            if style is None:
                return
            yield name.lower(), style
            name = style.get(f"{STYLE}parent-style-name")

    def _heading_level(self, paragraph: Any, styles: Mapping[str, Any]) -> int | None:
        if paragraph.tag == f"{TEXT}h":
            return parse_count(paragraph.get(f"{TEXT}outline-level"), 10)
        if "title" in styles:
            return 0
        levels = (style.get(f"{STYLE}default-outline-level") for style in styles.values())
        declared = next(filter(None, levels), None)
        return parse_count(declared, 10) if declared else None

    def _heading_label(self, heading: Any, level: int) -> str:
        """Count a heading, and return its number in the outline; "" if headings of its level have none."""
        style = self._outline.get(level)
        if style is None or not style.get(f"{STYLE}num-format") or heading.get(f"{TEXT}is-list-header") == "true":
            return ""
        counts = self._heading_counts
        start = parse_count(style.get(f"{TEXT}start-value"), 9999)
        counts[level] = counts.get(level, start - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        return _format_label(style, level, counts, self._outline)

    def _add_list(self, element: Any, depth: int) -> None:
        outer = self._lists[-1] if self._lists else None
        style = element.get(f"{TEXT}style-name") or (outer.style if outer is not None else "")
        level = 1 if outer is None else outer.level + 1
        continued = element.get(f"{TEXT}continue-numbering") == "true" or element.get(f"{TEXT}continue-list")
        own = self._levels.get(style, {}).get(level)
        start = 0 if own is None else parse_count(own.get(f"{TEXT}start-value"), 9999) - 1
        current = _List(style, level, self._finished.get((style, level), start) if continued else start)
        self._lists.append(current)
        for item in element:
            if item.tag not in (f"{TEXT}list-item", f"{TEXT}list-header"):
                continue
            if item.tag == f"{TEXT}list-item":
                if item.get(f"{TEXT}start-value") is not None:
                    current.count = parse_count(item.get(f"{TEXT}start-value"), 9999) - 1
                is_wrapper = len(item) > 0 and item[0].tag == f"{TEXT}list"  # only indents the list inside it
                current.count += not is_wrapper
                current.has_label = not is_wrapper
            self.add_blocks(item, depth + 1)
        self._lists.pop()
        self._finished[style, level] = current.count

    def _label(self) -> str:
        """Return the number or bullet of the current list item, for its first paragraph."""
        current = self._lists[-1] if self._lists else None
        if current is None or not current.has_label:
            return ""
        current.has_label = False
        levels = self._levels.get(current.style, {})
        own = levels.get(current.level)
        if own is None or own.tag != f"{TEXT}list-level-style-number":
            return "-"
        counts = {each.level: each.count for each in self._lists}
        return _format_label(own, current.level, counts, levels)

    def _is_bold(self, paragraph: Any) -> bool:
        weights = (_weight(style) for _, style in self._styles_of(paragraph))
        if next(filter(None, weights), "") == "bold":
            return True
        spans = [child for child in paragraph if child.tag == f"{TEXT}span" and "".join(child.itertext()).strip()]
        loose = [paragraph.text, *(child.tail for child in paragraph)]
        return (
            bool(spans)
            and not any((text or "").strip() for text in loose)
            and all(_weight(self._text_styles.get(span.get(f"{TEXT}style-name") or "")) == "bold" for span in spans)
        )

    def _add_table(self, table: Any, depth: int) -> None:
        cells = [cell for row, _ in table_rows(table) for cell in row.iterfind(f"{TABLE}table-cell")]
        if len(cells) == 1:
            self.add_box(cells[0], depth)
        else:
            self.add_table(*render_odf_table(table, self._cell_text))

    def _cell_text(self, cell: Any) -> str:
        texts = [self._reader.text(paragraph) for paragraph in cell.iter(f"{TEXT}p", f"{TEXT}h")
                 if next(paragraph.iterancestors(f"{TEXT}note", f"{OFFICE}annotation"), None) is None]  # fmt: skip
        self._reader.boxes = []  # their paragraphs are among those of the cell
        return " ".join(one_line(text) for text in texts if text.strip())

    def _cite_note(self, note: Any) -> str:
        body = note.find(f"{TEXT}note-body")
        citation = note.find(f"{TEXT}note-citation")
        label = "" if citation is None else (citation.get(f"{TEXT}label") or "".join(citation.itertext())).strip()
        if body is None or not label:
            return ""
        return self.add_note(label, self.lines(body))


def _weight(style: Any | None) -> str:
    properties = None if style is None else style.find(f"{STYLE}text-properties")
    return "" if properties is None else properties.get(f"{FO}font-weight") or ""


def _list_levels(document: OpenDocument) -> dict[str, dict[int, Any]]:
    """Return the definition of each level of each list style."""
    return {
        style.get(f"{STYLE}name") or "": {
            parse_count(level.get(f"{TEXT}level"), 10): level for level in style if isinstance(level.tag, str)
        }
        for style in document.style_elements(f"{TEXT}list-style")
    }


def _format_label(own: Any, level: int, counts: Mapping[int, int], levels: Mapping[int, Any]) -> str:
    """Return a number with as many levels above as its style displays, such as "2.1." or "(a)"."""
    if not own.get(f"{STYLE}num-format"):
        return ""
    displayed = parse_count(own.get(f"{TEXT}display-levels"), level)
    parts: list[str] = []
    for each in range(level - displayed + 1, level + 1):
        element = levels.get(each)
        form = "" if element is None else element.get(f"{STYLE}num-format") or ""
        if form:
            parts.append(
                format_count(counts.get(each, 1), _FORMATS.get(form, "japaneseCounting" if "一" in form else ""))
            )
    return f"{own.get(f'{STYLE}num-prefix') or ''}{'.'.join(parts)}{own.get(f'{STYLE}num-suffix') or ''}".strip()
