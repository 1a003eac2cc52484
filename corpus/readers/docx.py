"""DOCX: paragraphs, headings, lists, tables and notes as text in document order; document properties as metadata.

Automatic numbers, which Word shows but does not store in the text, are written before their paragraphs, and notes
after the section that refers to them. Tables of contents, headers and footers are furniture. Styles are resolved with
their inheritance, and parts in other formats that the file shows in place (`w:altChunk`) are read by their readers.
The text of a paragraph is as it is printed: hidden and deleted text is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from functools import cache
from itertools import takewhile
from pathlib import PurePosixPath
from typing import Any

from corpus.errors import UnreadableFile
from corpus.readers.base import FileContent, collapse_spaces, one_line, parse_int, raise_digits
from corpus.readers.html import reader as html
from corpus.readers.table_to_text import Cell, render_table
from corpus.readers.text import plain_text
from corpus.readers.word_processing import DocumentWalker
from corpus.readers.zipped_xml import COMPATIBILITY, MAX_DEPTH, MAX_INHERITANCE, DocxPackage, M, R, W
from corpus.scripts import from_symbol_font, is_symbol_font
from corpus.structure.numbering import format_count
from corpus.translation import english
from corpus.translation import gettext as _

_MAX_CHUNK_DEPTH = 3
_HEADING = re.compile(r"heading ([1-9])")
_CONTENTS = re.compile(r"toc \d|toc heading|table of figures|index \d")
_BODY_TEXT = 10
_LIST_LEVELS = 9


def read(data: bytes, depth: int = 0) -> FileContent:
    """Read a DOCX file, `depth` levels inside others.

    Raises:
        UnreadableFile: It is another format, encrypted, damaged, without text or nested too deep.
    """
    if depth > _MAX_CHUNK_DEPTH:
        raise UnreadableFile(_("nested too deeply in other documents"))
    package = DocxPackage(data)
    body = package.document().find(f"{W}body")
    walker = _Walker(package, depth)
    if body is not None:
        walker.add_blocks(body)
    running_heads = [line for kind in ("header", "footer") for root in package.parts_of(kind) for line in _lines(root)]
    return walker.content(package.properties(), running_heads)


class _Walker(DocumentWalker):
    def __init__(self, package: DocxPackage, depth: int) -> None:
        super().__init__()
        self._depth = depth
        self._package = package
        styles = package.parts_of("styles")
        self._hidden = _hidden_styles(styles)
        self._begun = ""  # text before a deleted paragraph mark, or a drop cap: the next paragraph continues it
        self._styles = _read_styles(styles)
        self._default = next((style for style in self._styles.values() if style.name == "normal"), _Style())
        self._numbering = _Numbering(package.parts_of("numbering"))
        self._note_elements = {
            (kind, element.get(f"{W}id")): element
            for kind in ("footnote", "endnote")
            for root in package.parts_of(f"{kind}s")
            for element in root.iter(f"{W}{kind}")
        }
        self._note_counts = {"footnote": 0, "endnote": 0}

    def lines(self, element: Any) -> list[str]:
        return _lines(element)

    def add_blocks(self, container: Any, depth: int = 0) -> None:
        if depth > MAX_DEPTH:
            return
        for element in container:
            if element.tag == f"{W}p":
                self._add_paragraph(element, depth)
            elif element.tag == f"{W}tbl":
                self._add_table(element, depth)
            elif element.tag == f"{W}sdt" and (_is_contents(element) or is_placeholder(element)):
                self.furniture += _lines(element)
            elif element.tag == f"{W}altChunk":
                self._add_chunk(element.get(f"{R}id") or "")
            elif isinstance(element.tag, str) and element.tag.startswith(W) and not element.tag.endswith("Pr"):
                self.add_blocks(element, depth + 1)

    def end_section(self) -> None:
        """Add what is pending: a begun paragraph, a caption without a table, and the notes of the section."""
        text, self._begun = collapse_spaces(self._begun), ""
        self.builder.add_paragraph(text)
        super().end_section()

    def _style(self, paragraph: Any) -> _Style:
        return self._styles.get(attribute(paragraph, "pPr", "pStyle"), self._default)

    def _add_paragraph(self, paragraph: Any, depth: int) -> None:
        style = self._style(paragraph)
        raw, boxes = paragraph_text(paragraph, self._cite_note, self._hidden)
        if not style.is_contents:
            raw, self._begun = self._begun + raw, ""
        text = collapse_spaces(raw)
        if style.is_contents:
            self.furniture += [text] if text else []
            return
        if _is_drop_cap(paragraph):
            self._begun = text
        elif paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None:
            self._begun = f"{raw} "
        elif text:
            level, label = _heading_level(paragraph, style), self._next_label(paragraph, style)
            bold, size = _type(paragraph)
            self.add_text(raw, label, level, is_caption=style.name.endswith("caption"), bold=bold, size=size)
        for box in boxes:
            self.add_box(box, depth)

    def _add_chunk(self, identifier: str) -> None:
        """Add the content of a part in another format, or a warning that names it."""
        name, data = self._package.part(identifier) or ("without a name", b"")
        try:
            content = _read_chunk(name, data, lambda part: read(part, self._depth + 1))
        except UnreadableFile as error:
            self.warnings.append(
                english("a part of the document is not read: %(name)s: %(error)s", name=name, error=error)
            )
            return
        self.end_section()
        self.builder.add_content(content.text, content.marks or (), 1)
        self.furniture += content.furniture
        self.warnings += content.warnings

    def _next_label(self, paragraph: Any, style: _Style) -> str:
        numbering = paragraph.find(f"{W}pPr/{W}numPr")
        number = style.list_number if numbering is None else attribute(numbering, "numId") or style.list_number
        value = "" if numbering is None else attribute(numbering, "ilvl")
        level = int(value) if value.isdecimal() and len(value) < 3 else style.list_level
        return "" if number in (None, "0") else self._numbering.next_label(number, level)

    def _add_table(self, table: Any, depth: int) -> None:
        elements = [row for row in table.iter(f"{W}tr") if next(row.iterancestors(f"{W}tbl")) is table]
        elements = [row for row in elements if row.find(f"{W}trPr/{W}del") is None]
        rows = [list(_cells(row)) for row in elements]
        if len(rows) == 1 and len(rows[0]) == 1:
            self.add_box(rows[0][0], depth)
            return
        header_rows = sum(1 for _ in takewhile(_is_header_row, elements))
        self.add_table(*render_table(_grid(rows, self._cell_text), header_rows))

    def _cell_text(self, cell: Any) -> str:
        lines: list[str] = []
        has_boxes = cell.tag == f"{W}tc" and next(cell.iter(f"{W}txbxContent"), None) is not None
        for paragraph in cell.iter(f"{W}p"):
            if has_boxes and next(paragraph.iterancestors(f"{W}txbxContent"), None) is not None:
                continue  # read with the paragraph that the box is anchored in
            text, boxes = paragraph_text(paragraph, self._cite_note, self._hidden)
            label = self._next_label(paragraph, self._style(paragraph))
            lines.append(f"{label} {text}" if label and text.strip() else text)
            lines += [line for box in boxes for line in _lines(box)]
        return " ".join(one_line(line) for line in lines if line.strip())

    def _cite_note(self, kind: str, identifier: str) -> str:
        element = self._note_elements.get((kind, identifier))
        if element is None:
            return ""
        self._note_counts[kind] += 1
        return self.add_note(str(self._note_counts[kind]), _lines(element))


def _cells(row: Any) -> Iterator[Any]:
    for child in row:
        if child.tag == f"{W}tc":
            yield child
        elif child.tag == f"{W}sdt":
            yield from child.iter(f"{W}tc")


def _is_drop_cap(paragraph: Any) -> bool:
    """Return whether a paragraph is a frame with the large first letter of the next paragraph."""
    frame = paragraph.find(f"{W}pPr/{W}framePr")
    return frame is not None and frame.get(f"{W}dropCap") in ("drop", "margin")


def _type(paragraph: Any) -> tuple[bool, float]:
    """Return whether all text of a paragraph is bold by direct formatting, and its size in points (0: unknown)."""
    runs = [run for run in paragraph.iter(f"{W}r") if (run.findtext(f"{W}t") or "").strip()]
    bold = all((own := run.find(f"{W}rPr/{W}b")) is not None and is_on(own) for run in runs)
    size = attribute(runs[0], "rPr", "sz") if runs else ""
    return bool(runs) and bold, int(size) / 2 if size.isdecimal() and len(size) < 4 else 0.0


def _is_header_row(row: Any) -> bool:
    """Return whether a row is repeated at the top of each page."""
    header = row.find(f"{W}trPr/{W}tblHeader")
    return header is not None and is_on(header)


def _grid(rows: list[list[Any]], cell_text: Callable[[Any], str]) -> list[list[Cell]]:
    """Return the cells with their spans; vertically merged cells (`vMerge`) become one cell over several rows."""
    grid: list[list[Cell]] = []
    merged: dict[int, tuple[int, int]] = {}  # by column: row and position of the cell that may be continued below
    for number, row in enumerate(rows):
        grid.append([])
        column = 0
        for cell in row:
            properties = cell.find(f"{W}tcPr")
            span = "" if properties is None else attribute(properties, "gridSpan")
            width = max(1, int(span)) if span.isdecimal() and len(span) < 4 else 1
            has_merge = properties is not None and properties.find(f"{W}vMerge") is not None
            if has_merge and attribute(properties, "vMerge") != "restart" and column in merged:
                at, position = merged[column]
                grid[at][position] = replace(grid[at][position], rows=number - at + 1)
            else:
                grid[-1].append(Cell(cell_text(cell), width))
                merged.pop(column, None)
                if has_merge:
                    merged[column] = (number, len(grid[-1]) - 1)
            column += width
    return grid


def _heading_level(paragraph: Any, style: _Style) -> int | None:
    own = attribute(paragraph, "pPr", "outlineLvl")
    if re.fullmatch("[0-8]", own):
        return int(own) + 1
    return None if own == "9" else style.level


def _lines(element: Any) -> list[str]:
    """Return the paragraphs of a note, a text box or a header, without note references."""
    texts = (paragraph_text(paragraph, lambda _kind, _id: "")[0] for paragraph in element.iter(f"{W}p"))
    return [one_line(text) for text in texts if text.strip()]


def _is_contents(block: Any) -> bool:
    return attribute(block, "sdtPr", "docPartObj", "docPartGallery") == "Table of Contents"


def _read_chunk(name: str, data: bytes, read_docx: Callable[[bytes], FileContent]) -> FileContent:
    """Read a part by the suffix of its name. Raises UnreadableFile if its format is unknown or it cannot be read."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in (".html", ".htm", ".xhtml"):
        return html.read(data)
    if suffix in (".mht", ".mhtml"):
        for part in message_from_bytes(data).walk():
            if part.get_content_type() == "text/html" and isinstance(page := part.get_payload(decode=True), bytes):
                return html.read(page)
    if suffix == ".txt":
        return plain_text.read(data)
    if suffix == ".docx":
        return read_docx(data)
    raise UnreadableFile(_("no reader for %(suffix)s", suffix=suffix or "its format"))


@dataclass(frozen=True, slots=True)
class _Style:
    """A paragraph style with inherited values. `level` is 0 for the title, from 1 for headings, None otherwise."""

    name: str = ""
    level: int | None = None
    list_number: str | None = None
    list_level: int = 0

    @property
    def is_contents(self) -> bool:
        """Whether paragraphs of this style are entries of a table of contents or an index."""
        return _CONTENTS.fullmatch(self.name) is not None


def _read_styles(roots: Iterable[Any]) -> Mapping[str, _Style]:
    """Return all paragraph styles by id."""
    elements = {
        element.get(f"{W}styleId"): element
        for root in roots
        for element in root.iter(f"{W}style")
        if element.get(f"{W}type") in ("paragraph", None)
    }
    return {identifier: _resolve(identifier, elements) for identifier in elements if identifier}


def _hidden_styles(roots: Iterable[Any]) -> frozenset[str]:
    """Return the ids of the paragraph and character styles whose text is hidden, by themselves or by inheritance."""
    elements = {element.get(f"{W}styleId") or "": element for root in roots for element in root.iter(f"{W}style")}

    def is_hidden(identifier: str) -> bool:
        for _step in range(MAX_INHERITANCE):
            element = elements.get(identifier)
            if element is None:
                return False
            if (own := element.find(f"{W}rPr/{W}vanish")) is not None:
                return is_on(own)
            identifier = attribute(element, "basedOn")
        return False

    return frozenset(identifier for identifier in elements if is_hidden(identifier))


def _resolve(identifier: str, elements: Mapping[Any, Any]) -> _Style:
    name = attribute(elements[identifier], "name").lower()
    level = list_number = list_level = None
    current: str | None = identifier
    for _step in range(MAX_INHERITANCE):
        element = elements.get(current)
        if element is None:
            break
        if level is None:
            level = _level(element)
        list_number = list_number or attribute(element, "pPr", "numPr", "numId") or None
        if list_level is None and (value := attribute(element, "pPr", "numPr", "ilvl")).isdecimal():
            list_level = int(value)
        current = attribute(element, "basedOn") or None
    if name == "title":
        level = 0
    return _Style(name, None if level == _BODY_TEXT else level, list_number, list_level or 0)


def _level(style: Any) -> int | None:
    """Return the outline level from 1, `_BODY_TEXT` for styles that declare body text, None to inherit."""
    if match := _HEADING.fullmatch(attribute(style, "name").lower()):
        return int(match[1])
    outline = attribute(style, "pPr", "outlineLvl")
    return min(int(outline), _BODY_TEXT - 1) + 1 if outline.isdecimal() else None


@dataclass(slots=True)
class _ListLevel:
    start: int = 1
    format: str = "decimal"
    text: str = "%1."


@dataclass(slots=True)
class _List:
    """The levels of a list and its counters, which lists of the same abstract definition share, as in Word."""

    levels: dict[int, _ListLevel]
    counts: dict[int, int] = field(default_factory=dict)

    def level(self, number: int) -> _ListLevel:
        return self.levels.get(number, _ListLevel())


class _Numbering:
    """Counts the numbered paragraphs of a document in order, as Word shows their numbers ("1.2", "(a)")."""

    def __init__(self, roots: Iterable[Any]) -> None:
        self._abstract: dict[str, _List] = {}
        self._lists: dict[str, _List] = {}
        self._start_overrides: dict[str, dict[int, int]] = {}
        self._started: set[tuple[str, int]] = set()
        for root in roots:
            for abstract in root.iter(f"{W}abstractNum"):
                levels = {parse_int(level.get(f"{W}ilvl"), 0): _list_level(level) for level in abstract.iter(f"{W}lvl")}
                self._abstract[abstract.get(f"{W}abstractNumId") or ""] = _List(levels)
            for number in root.iter(f"{W}num"):
                self._define(number)

    def _define(self, number: Any) -> None:
        identifier = number.get(f"{W}numId") or ""
        base = self._abstract.get(attribute(number, "abstractNumId"))
        if base is None:
            return
        starts: dict[int, int] = {}
        levels = dict(base.levels)
        for override in number.iter(f"{W}lvlOverride"):
            at = parse_int(override.get(f"{W}ilvl"), 0)
            if override.find(f"{W}startOverride") is not None:
                starts[at] = parse_int(attribute(override, "startOverride"), 1)
            if (level := override.find(f"{W}lvl")) is not None:
                levels[at] = _list_level(level)
        self._start_overrides[identifier] = starts
        self._lists[identifier] = _List(levels, base.counts) if levels != base.levels else base

    def next_label(self, number: str, level: int) -> str:
        """Count the next paragraph of a list and return its label: "-" for a bullet, "" for none."""
        numbered = self._lists.get(number)
        if numbered is None or not 0 <= level < _LIST_LEVELS:
            return ""
        own = numbered.level(level)
        counts = numbered.counts
        if (number, level) not in self._started:
            self._started.add((number, level))
            if level in self._start_overrides[number]:
                counts[level] = self._start_overrides[number][level] - 1
        for above in range(level):  # a skipped level counts as started, as in Word
            counts.setdefault(above, numbered.level(above).start)
        counts[level] = counts.get(level, own.start - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        if own.format in ("bullet", "none"):
            return "-" if own.format == "bullet" else ""

        def format_level(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            of = numbered.level(at)
            return format_count(counts.get(at, of.start), of.format)

        return re.sub(r"%([1-9])", format_level, own.text).strip()


def _list_level(element: Any) -> _ListLevel:
    start = parse_int(attribute(element, "start"), 1)
    return _ListLevel(start, attribute(element, "numFmt") or "decimal", attribute(element, "lvlText"))


_SKIPPED = frozenset(
    f"{W}{name}" for name in "del moveFrom instrText delText pPr rPr rt sdtPr sdtEndPr tblPr".split()
) | {f"{COMPATIBILITY}Fallback"}
_BOX_CONTENT = f"{W}txbxContent"
_CHARACTERS = {
    f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}softHyphen": ""
}  # fmt: skip


def paragraph_text(
    paragraph: Any, cite_note: Callable[[str, str], str], hidden_styles: Collection[str] = ()
) -> tuple[str, list[Any]]:
    """Extract the text of a paragraph and the contents of its text boxes.

    Args:
        paragraph: A `w:p` element.
        cite_note: Called for each note reference, in order, with "footnote" or "endnote" and the note's id; returns the
            reference as text.
        hidden_styles: Ids of the paragraph and character styles whose text is hidden.

    Returns:
        The text, and the `w:txbxContent` elements.
    """
    hidden = bool(hidden_styles) and attribute(paragraph, "pPr", "pStyle") in hidden_styles
    collector = _Collector(cite_note, hidden_styles, hidden)
    collector.gather(paragraph, 0)
    collector.end_superscript()
    return "".join(collector.parts), collector.boxes


_RUN, _RUN_PROPERTIES, _FONTS, _TEXT, _CONTROL = (f"{W}{name}" for name in ("r", "rPr", "rFonts", "t", "sdt"))
_REFERENCES = (f"{W}footnoteReference", f"{W}endnoteReference")
_FORMULAS = (f"{M}oMath", f"{M}oMathPara")


class _Collector:
    """Walks a paragraph once; `parts` is its text, `boxes` are its text boxes."""

    def __init__(self, cite_note: Callable[[str, str], str], hidden_styles: Collection[str], hidden: bool) -> None:
        self.parts: list[str] = []
        self.boxes: list[Any] = []
        self._cite_note = cite_note
        self._hidden_styles = hidden_styles
        self._hidden = hidden
        self._references: set[str] = set()
        self._raised: list[str] = []  # superscript text, which further runs can continue

    def gather(self, element: Any, depth: int, superscript: bool = False, font: str = "") -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIPPED or depth > MAX_DEPTH:
            return
        if tag == _RUN:
            properties = element.find(_RUN_PROPERTIES)
            if _is_hidden(properties, self._hidden_styles, self._hidden):
                return
            superscript, font = False, ""
            if properties is not None:
                is_higher = parse_int(attribute(properties, "position"), 0) > 0  # written by LibreOffice
                superscript = is_higher or attribute(properties, "vertAlign") == "superscript"
                fonts = properties.find(_FONTS)
                font = "" if fonts is None else fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi") or ""
        if tag == _BOX_CONTENT:
            self.boxes.append(element)
        elif (text := _printed_text(element, font)) is not None:
            self._add(text, superscript)
        elif tag in _REFERENCES:
            self._add_reference(tag.removeprefix(W).removesuffix("Reference"), element.get(f"{W}id") or "")
        elif tag in _FORMULAS:
            self.end_superscript()
            before = " " if self.parts and not self.parts[-1].endswith((" ", "\n")) else ""
            self.parts.append(f"{before}{formula(element)} ")
        elif tag != _CONTROL or not is_placeholder(element):
            for child in element:
                self.gather(child, depth + 1, superscript, font)

    def end_superscript(self) -> None:
        """Add the pending superscript text, in superscript characters if it is a number."""
        text = "".join(self._raised)
        self._raised.clear()
        if text:
            self.parts.append(raise_digits(text, "".join(self.parts[-3:])) or text)

    def _add(self, text: str, superscript: bool) -> None:
        if superscript:
            self._raised.append(text)
        elif text:
            self.end_superscript()
            self.parts.append(text)

    def _add_reference(self, kind: str, identifier: str) -> None:
        self.end_superscript()
        reference = self._cite_note(kind, identifier)
        # Two adjacent references would read as one number.
        adjacent = reference and self.parts and self.parts[-1].strip() in self._references
        self.parts.append(f" {reference}" if adjacent else reference)
        self._references.add(reference)


def _printed_text(element: Any, font: str) -> str | None:
    """Return the text that an element without children prints, None for other elements."""
    tag = element.tag
    if tag == _TEXT:
        return _run_text(element.text or "", font)
    if tag == f"{W}sym":
        code = element.get(f"{W}char") or ""
        return from_symbol_font(int(code, 16), element.get(f"{W}font") or "") if _is_code(code) else ""
    if tag == f"{W}fldChar":
        return _form_value(element)
    if tag == f"{W}br":
        return "\n" if element.get(f"{W}type") in (None, "textWrapping") else " "
    return _CHARACTERS.get(tag)


def _is_hidden(properties: Any, hidden_styles: Collection[str], by_paragraph: bool) -> bool:
    """Return whether a run with these properties (None if it has none) is hidden."""
    if properties is None:
        return by_paragraph or "" in hidden_styles
    own = properties.find(f"{W}vanish")
    if own is not None:
        return is_on(own)
    return by_paragraph or (bool(hidden_styles) and attribute(properties, "rStyle") in hidden_styles)


def _run_text(text: str, font: str) -> str:
    """Return the text of a run, with the characters of symbol fonts as Unicode."""
    if is_symbol_font(font):
        return "".join(from_symbol_font(ord(character), font) for character in text)
    if text.isascii():
        return text
    return "".join(from_symbol_font(ord(c), font) if "\uf000" <= c <= "\uf0ff" else c for c in text)


def _is_code(code: str) -> bool:
    return 0 < len(code) <= 4 and all(character in "0123456789abcdefABCDEF" for character in code)


def _form_value(field: Any) -> str:
    """Return what a form field shows that is not a text run: a ticked box, or the chosen entry of a list."""
    box = field.find(f"{W}ffData/{W}checkBox")
    if box is not None:
        state = box.find(f"{W}checked")
        state = box.find(f"{W}default") if state is None else state
        return "☒" if state is not None and is_on(state) else "☐"
    entries = field.find(f"{W}ffData/{W}ddList")
    if entries is None:
        return ""
    chosen = attribute(entries, "result") or attribute(entries, "default") or "0"
    names = [entry.get(f"{W}val") or "" for entry in entries.findall(f"{W}listEntry")]
    return names[int(chosen)] if chosen.isdecimal() and int(chosen) < len(names) else ""


def formula(element: Any, depth: int = 0) -> str:
    """Return a formula on one line, as it would be typed: "a/b", "x^2", "√(a+b)"."""
    if not isinstance(element.tag, str) or depth > MAX_DEPTH:
        return ""
    name = element.tag.removeprefix(M)

    def operand(role: str) -> str:
        part = element.find(f"{M}{role}")
        text = "" if part is None else formula(part, depth + 1).strip()
        bracketed = text.startswith("(") and text.endswith(")") and text.count("(") == 1
        return text if text.isalnum() or len(text) <= 1 or bracketed else f"({text})"

    if name == "t":
        return str(element.text or "")
    if name == "f":
        return f"{operand('num')}/{operand('den')}"
    if name in ("sSup", "sSub", "sSubSup"):
        below = f"_{operand('sub')}" if name != "sSup" else ""
        above = f"^{operand('sup')}" if name != "sSub" else ""
        return f"{operand('e')}{below}{above}"
    if name == "rad":
        return f"√{operand('e')}"
    if name == "d":
        return f"({', '.join(formula(part, depth + 1) for part in element.findall(f'{M}e'))})"
    if name.endswith("Pr"):
        return ""
    return "".join(formula(child, depth + 1) for child in element)


def attribute(element: Any, *path: str) -> str:
    """Return the `w:val` of the element itself or of the descendant at a path of names below it; "" if missing."""
    node = element.find(_qualified(path)) if path else element
    return "" if node is None else (node.get(f"{W}val") or "").strip()


@cache
def _qualified(path: tuple[str, ...]) -> str:
    return "/".join(f"{W}{name}" for name in path)


def is_on(toggle: Any) -> bool:
    """Return whether a toggle property such as `w:b` or `w:vanish` is on."""
    return toggle.get(f"{W}val") not in ("0", "false", "off")


def is_placeholder(control: Any) -> bool:
    """Return whether a content control (`w:sdt`) shows its prompt ("Click here to enter text") and no content."""
    prompt = control.find(f"{W}sdtPr/{W}showingPlcHdr")
    return prompt is not None and is_on(prompt)
