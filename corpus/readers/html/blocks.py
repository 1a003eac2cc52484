"""Convert the elements of a page to blocks: paragraphs, headings, list items, tables, notes, captions, insets.

Inline elements are part of the paragraph around them. White space is collapsed as in a browser; the wording is not
changed. Formulas (MathML) are written on one line, as they would be typed: "a/b", "10⁻⁶", "√(a+b)".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from corpus.readers.base import TextBuilder, collapse_spaces, one_line, parse_int, raise_digits
from corpus.readers.inferred_headings import BodyParagraph
from corpus.readers.table_to_text import MAX_CELLS, Cell, render_table
from corpus.records import SectionKind
from corpus.structure.numbering import to_roman

_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dir div dl dt fieldset figcaption figure footer form"
    " header hgroup hr html legend li main ol p pre section summary table tbody td tfoot th thead tr ul"
    " h1 h2 h3 h4 h5 h6 caption option optgroup".split()
)
HEADINGS = {f"h{number}": number - 1 for number in range(1, 7)}
_NOTE_ROLES = frozenset("doc-footnote doc-endnote doc-endnotes doc-footnotes".split())
_NOTE_NAMES = re.compile(
    r"(?:foot|end)[-_]?notes?(?:[-_]?(?:list|text|item|\d+))?|fn[-_:]?\d+|fn|ftn\d+|edn\d+|cite[-_]note[-_].*|references|reflist"
    r"|note[-_]?\d+"
)
_NOTE_LINK_NAMES = re.compile(r".*(?:ref|back|link)\d*")
_INSET_NAMES = frozenset(
    "column inset box special feature special-feature callout infobox-column sidebar-column".split()
)
_MAX_DEPTH = 200
"""Elements nested deeper contribute their text without structure, which bounds the recursion."""
_MAX_CELL = 1500
"""Characters; a table with a longer cell and no header cells arranges prose on the page."""
_ITEM_VALUE = "data-item-value"
_LIST_TYPES = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([a-z-]+)", re.IGNORECASE)

_PAGE_BREAK = "\x01"
"""Stands for a page break inside a paragraph; the source has no such character."""
_AROUND_PAGE_BREAK = re.compile(rf"(?<=\s){_PAGE_BREAK}\s+")
_PAGE_WORD = re.compile(r"(?:page|p\.)\s+(?=\S)", re.IGNORECASE)
_MAX_FORMULA_DEPTH = 100


class BlockWalker:
    """Walks an element once; `builder` has the result, `paragraphs` the type of the paragraphs of body text.

    `breaks` are the offsets where printed pages begin, with their labels: at page breaks of digital books, and at the
    elements whose ids `page_labels` names.
    """

    def __init__(self, styles: Styles, page_labels: Mapping[str, str] | None = None) -> None:
        self.builder = TextBuilder()
        self.paragraphs: list[BodyParagraph] = []
        self.breaks: list[tuple[int, str]] = []
        self._page_labels = page_labels or {}
        self._labels_within: list[str] = []  # of the page breaks in the current paragraph
        self._styles = styles
        self._bold = False
        self._all_bold = True  # all text of the current paragraph so far
        self._size = 0.0
        self._inline: list[str] = []
        self._kind: SectionKind | None = None
        self._label = ""  # the bullet or number before the next paragraph
        self._tight = False
        self._in_inset = False

    def walk(self, element: Any, depth: int = 0) -> None:
        """Add the content of an element to the text."""
        tag = element.tag
        if not isinstance(tag, str):
            return
        inherited = self._bold, self._size
        bold = self._styles.is_bold(element)
        self._bold = self._bold if bold is None else bold
        self._size = self._styles.size(element) or self._size
        self._walk(element, tag, depth)
        self._bold, self._size = inherited

    def _walk(self, element: Any, tag: str, depth: int) -> None:
        if (label := self._page_label(element)) is not None:
            self._labels_within.append(label)
            self._inline.append(_PAGE_BREAK)
            if _is_page_break(element):
                return
        if depth > _MAX_DEPTH:
            self._inline.append(f" {_unbreak(' '.join(element.itertext()))} ")
        elif tag == "br":
            self._inline.append("\n")
        elif raised := _superscript(element, self._inline):
            self._inline.append(raised)
        elif tag == "math":
            self._inline.append(_formula(element))
        elif tag == "q":
            self._inline.append("“")
            self._add_children(element, depth)
            self._inline.append("”")
        elif tag not in _BLOCKS and element.get("role") != "heading":
            self._add_children(element, depth)
        else:
            self._flush()
            self._add_block(element, tag, depth)
            self._flush()
        if depth == 0:
            self._flush()

    def _page_label(self, element: Any) -> str | None:
        """Return the label of the printed page that begins at an element, None if none does."""
        label = self._page_labels.get(element.get("id") or "")
        if label is None and _is_page_break(element):
            text = element.get("aria-label") or element.get("title") or "".join(element.itertext())
            label = _PAGE_WORD.sub("", " ".join(text.split()))
        return label or None

    def _break_pages(self, element: Any) -> None:
        """Note the page breaks in an element that is read as a whole as if they were before it."""
        labels = (self._page_label(inner) for inner in element.iterdescendants() if isinstance(inner.tag, str))
        self.breaks += [(self.builder.length, label) for label in labels if label is not None]

    def _add_block(self, element: Any, tag: str, depth: int) -> None:
        level = _heading_level(element)
        is_data = tag == "table" and is_data_table(element)
        if level is not None or tag == "pre" or is_data:
            self._break_pages(element)
        if level is not None:
            self._add_heading(element, level)
        elif is_data:
            caption = element.find("caption")
            rows, shape = render_table(_cells(element), _count_header_rows(element))
            self.builder.add_table(rows, "" if caption is None else flatten(caption), shape)
        elif tag == "figure":
            _move_caption(element)
            self._add_children(element, depth)
        elif tag == "pre":
            lines = (line.rstrip() for line in element.text_content().strip("\n").split("\n"))
            if self._kind is None and not self._label:
                self.builder.add_preformatted("\n".join(lines))
            else:
                self._add_paragraph("\n".join(lines))
        elif tag == "li":
            self._add_item(element, depth)
        elif tag in ("figcaption", "caption"):
            self._add_as("caption", element, depth)
        elif self._kind is None and _is_notes(element):
            self._add_as("notes", element, depth)
        elif self._kind is None and not self._in_inset and _is_inset(element):
            bookmark = self.builder.bookmark()
            self._in_inset = True
            self._add_children(element, depth)
            self._flush()
            self._in_inset = False
            self.builder.mark_inset(bookmark)
        else:
            if tag in ("dd", "dt"):
                self._tight = tag == "dd"
            self._add_children(element, depth)

    def _add_children(self, element: Any, depth: int) -> None:
        self._add_inline(element.text)
        for child in element:
            self.walk(child, depth + 1)
            self._add_inline(child.tail)

    def _add_inline(self, text: str | None) -> None:
        if text:
            self._inline.append(_unbreak(text))
            self._all_bold = self._all_bold and (self._bold or not text.strip())

    def _add_heading(self, element: Any, level: int) -> None:
        text = flatten(element)
        if self._kind is not None:
            self.builder.add_paragraph(text, self._kind)
        else:
            self.builder.add_heading(text, level)
        self._label, self._tight = "", False

    def _add_item(self, element: Any, depth: int) -> None:
        kind = "notes" if self._kind is None and _is_notes(element) else self._kind
        self._label, self._tight = _item_label(element), element.getprevious() is not None or _is_nested(element)
        self._add_as(kind, element, depth)
        self._label = ""

    def _add_as(self, kind: SectionKind | None, element: Any, depth: int) -> None:
        before, self._kind = self._kind, kind
        self._add_children(element, depth)
        self._flush()
        self._kind = before

    def _flush(self) -> None:
        pieces = collapse_spaces(_AROUND_PAGE_BREAK.sub(_PAGE_BREAK, "".join(self._inline))).split(_PAGE_BREAK)
        self._inline.clear()
        labels, self._labels_within = self._labels_within, []
        text = "".join(pieces).strip()
        before = self.builder.length
        self._add_paragraph(text)
        start, seen = self.builder.length - len(text), ""
        for piece, label in zip(pieces, labels, strict=False):
            seen = (seen + piece).lstrip()
            self.breaks.append((start + len(seen) if seen else before, label))
        self._all_bold = True

    def _add_paragraph(self, text: str) -> None:
        if not text.strip():
            return
        if self._kind == "notes":
            text = " ".join(text.split("\n"))
        span = self.builder.add_paragraph(self._label + text, self._kind, tight=self._tight)
        if span is not None and self._kind is None and not self._in_inset:
            self.paragraphs.append(BodyParagraph(*span, self._all_bold and not self._label, self._size))
        self._label, self._tight = "", False


def _is_page_break(element: Any) -> bool:
    """Return whether an element marks where a printed page begins; the number in it is not part of the text."""
    kind = element.get("epub:type")
    return (kind is not None and "pagebreak" in kind.split()) or element.get("role") == "doc-pagebreak"


def _unbreak(text: str) -> str:
    """Replace white space of the source, whose line feeds break no line of the page, by single spaces."""
    return re.sub(r"[^\S\xa0]+", " ", text)


def _superscript(element: Any, before: Sequence[str]) -> str:
    """Return a raised number in superscript characters ("10⁻⁶", "m²", the mark of a note), else ""."""
    is_note = element.tag == "a" and (element.get("epub:type") == "noteref" or element.get("role") == "doc-noteref")
    if not (is_note or element.tag == "sup"):
        return ""
    return raise_digits(" ".join(element.itertext()).strip(), "".join(before[-3:]))


def flatten(element: Any) -> str:
    """Return all text of an element on one line."""
    parts: list[str] = []

    def gather(node: Any, depth: int) -> None:
        if not isinstance(node.tag, str):
            return
        if depth > _MAX_DEPTH:
            parts.append(f" {' '.join(node.itertext())} ")
            return
        if _is_page_break(node):
            return
        if raised := _superscript(node, parts):
            parts.append(raised)
            return
        if node.tag == "math":
            parts.append(_formula(node))
            return
        space = " " if node.tag in _BLOCKS or node.tag == "br" else ""
        opening, closing = ("“", "”") if node.tag == "q" else (space, space)
        parts.append(opening)
        if node.tag == "li" and node.getparent() is not None and node.getparent().tag == "ol":
            parts.append(_item_label(node))
        if node.text:
            parts.append(node.text)
        for child in node:
            gather(child, depth + 1)
            if child.tail:
                parts.append(child.tail)
        parts.append(closing)

    gather(element, 0)
    return one_line("".join(parts))


def is_data_table(table: Any) -> bool:
    """Return whether a table holds data; a table used for page layout has headings or long prose in its cells."""
    if table.get("role") in ("presentation", "none"):
        return False
    rows = list(_rows(table))
    widest = max((len(row) for row in rows), default=0)
    if any(True for _ in table.iter("h1", "h2", "h3", "h4")) or widest < 2:
        return False
    if table.find("caption") is not None or table.find(".//th") is not None:
        return True
    return all(len(flatten(cell)) < _MAX_CELL for row in rows for cell in row)


def _move_caption(figure: Any) -> None:
    """Make the caption of a figure that is one table the caption of the table, above or below which it is."""
    tables, caption = list(figure.iter("table")), figure.find("figcaption")
    if len(tables) == 1 and caption is not None and tables[0].find("caption") is None and is_data_table(tables[0]):
        caption.tag, tail, caption.tail = "caption", caption.tail, None
        tables[0].tail = (tables[0].tail or "") + (tail or "")
        tables[0].insert(0, caption)


def _rows(table: Any) -> Iterator[list[Any]]:
    """Yield the cells of each row of a table, without those of nested tables; its foot is last, as shown."""
    for part in sorted(table, key=lambda part: part.tag == "tfoot"):
        for row in [part] if part.tag == "tr" else part if part.tag in ("thead", "tbody", "tfoot") else ():
            if row.tag == "tr":
                yield [cell for cell in row if cell.tag in ("td", "th")]


def _cells(table: Any) -> list[list[Cell]]:
    def span(cell: Any, name: str) -> int:
        return max(1, min(parse_int(cell.get(name), 1), MAX_CELLS))

    return [[Cell(flatten(cell), span(cell, "colspan"), span(cell, "rowspan")) for cell in row] for row in _rows(table)]


def _count_header_rows(table: Any) -> int:
    """Return the number of leading rows that are in the table's head or, without one, have header cells only.

    A single header cell below others is the label of a group.
    """
    count = 0
    has_head = table.find("thead") is not None
    for row in _rows(table):
        if not row or (has_head and row[0].getparent().getparent().tag != "thead"):
            break
        if not has_head and (any(cell.tag != "th" for cell in row) or (count and len(row) == 1)):
            break
        count += 1
    return count


def _heading_level(element: Any) -> int | None:
    level: int | None = HEADINGS.get(element.tag)
    if element.get("role") != "heading":
        return level
    declared = element.get("aria-level") or ""
    return int(declared) - 1 if re.fullmatch("[1-9]", declared) else 1 if level is None else level


def _names(element: Any) -> list[str]:
    return f"{element.get('id') or ''} {element.get('class') or ''}".lower().split()


def _is_notes(element: Any) -> bool:
    if element.get("role") in _NOTE_ROLES or (element.get("epub:type") or "") in ("footnote", "footnotes", "endnotes"):
        return True
    return any(_NOTE_NAMES.fullmatch(name) and not _NOTE_LINK_NAMES.fullmatch(name) for name in _names(element))


def _is_inset(element: Any) -> bool:
    """Return whether an element is an aside within the content, or a box named as one, that has a paragraph."""
    named = element.tag == "aside" or any(name in _INSET_NAMES for name in _names(element))
    return named and element.tag in ("aside", "div", "section") and element.find(".//p") is not None


def _is_nested(item: Any) -> bool:
    outer = item.getparent()
    return outer is not None and outer.getparent() is not None and outer.getparent().tag == "li"


def _item_label(item: Any) -> str:
    """Return the bullet or number that a browser shows before a list item."""
    outer = item.getparent()
    if outer is None or outer.tag != "ol":
        return "- "
    previous = next(item.itersiblings("li", preceding=True), None)
    step = -1 if outer.get("reversed") is not None else 1
    value = parse_int(item.get("value"), -1)
    if value < 0 and previous is not None:
        value = int(previous.get(_ITEM_VALUE) or 0) + step
    elif value < 0:
        value = parse_int(outer.get("start"), 1 if step > 0 else sum(child.tag == "li" for child in outer))
    item.set(_ITEM_VALUE, str(value))  # cached, or a list of a hundred thousand items would take quadratic time
    declared = _LIST_STYLE.search(f"{outer.get('style') or ''};{item.get('style') or ''}")
    style = declared[1].lower() if declared else _LIST_TYPES.get(item.get("type") or outer.get("type") or "", "")
    if style == "none":
        return ""
    return f"{_format_number(value, style)}. "


def _format_number(value: int, style: str) -> str:
    """Return a number in a list style of CSS; unknown styles are decimal. Unlike Word, CSS counts "z", "aa", "ab"."""
    number = str(value)
    if style.endswith("-roman") and 0 < value < 4000:
        number = to_roman(value)
    elif style.endswith(("-alpha", "-latin")) and value > 0:
        number = ""
        while value:
            value, letter = divmod(value - 1, 26)
            number = chr(ord("a") + letter) + number
    elif style == "decimal-leading-zero":
        number = f"{value:02d}"
    return number.upper() if style.startswith("upper-") else number


def _formula(element: Any, depth: int = 0) -> str:
    """Return the text of a MathML element, without annotations, which repeat it in another notation."""
    tag = element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""
    if not tag or tag.startswith("annotation") or depth > _MAX_FORMULA_DEPTH:
        return ""
    parts = [_formula(child, depth + 1) for child in element]
    if tag == "mfrac" and len(parts) == 2:
        return f"{_operand(parts[0])}/{_operand(parts[1])}"
    if tag in ("msup", "msub") and len(parts) == 2:
        return parts[0] + (_raise(parts[1]) if tag == "msup" else f"_{_operand(parts[1])}")
    if tag == "msubsup" and len(parts) == 3:
        return f"{parts[0]}_{_operand(parts[1])}{_raise(parts[2])}"
    if tag == "msqrt":
        return f"√{_operand(''.join(parts))}"
    if tag in ("mtext", "mspace"):
        return f" {(element.text or '').strip()} "
    tails = [(child.tail or "").strip() for child in element]
    return (element.text or "").strip() + "".join(a + b for a, b in zip(parts, tails, strict=True))


def _raise(text: str) -> str:
    return raise_digits(text) or f"^{_operand(text)}"


def _operand(text: str) -> str:
    return text if text.isalnum() or len(text) <= 1 else f"({text})"


_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_BLOCK = re.compile(r"@[^{};]*(?:[{;]|\Z)|[{}]")
"""The beginning of an at-rule, or a brace. This and `_COMMENT` match an unclosed one to the end, in linear time."""
_SELECTOR = re.compile(r"(?P<tag>[a-z][a-z0-9]*)?(?P<name>[.#][\w-]+)?")
_DECLARATION = re.compile(r"(display|visibility|vertical-align|font-weight|font-size|font)\s*:\s*([^;!]+)")
_SIZE = re.compile(r"(?<![\w.])(\d{1,3}(?:\.\d+)?)\s*(pt|px|em|rem|%)")
_POINTS = {"pt": 1.0, "px": 0.75, "em": 12.0, "rem": 12.0, "%": 0.12}
_BOLD_TAGS = frozenset("b strong".split())

Declarations = dict[str, str]


class Styles:
    """The style rules of a page."""

    def __init__(self, root: Any) -> None:
        self._rules: dict[str, Declarations] = {}
        self._known: dict[tuple[Any, ...], Declarations] = {}
        for sheet in root.iter("style"):
            *rules, _unclosed = _without_blocks(_COMMENT.sub("", sheet.text or "").lower()).split("}")
            for rule in rules:
                before, _brace, body = rule.rpartition("{")
                selectors = before.rpartition("{")[2]
                if declarations := dict(_DECLARATION.findall(body)):
                    for selector in selectors.split(","):
                        if (simple := selector.strip()) and _SELECTOR.fullmatch(simple):
                            self._rules.setdefault(simple, {}).update(declarations)

    def of(self, element: Any) -> Declarations:
        """Return the declarations that apply to an element itself, without inherited ones."""
        key = element.tag, element.get("style"), element.get("class"), element.get("id")
        if key not in self._known:
            self._known[key] = self._declarations(*key)
        return self._known[key]

    def _declarations(self, tag: Any, style: str | None, classes: str | None, identifier: str | None) -> Declarations:
        own = dict(_DECLARATION.findall(style.lower())) if style else {}
        if not self._rules:
            return own
        names = [*(f".{name}" for name in (classes or "").lower().split()), f"#{(identifier or '').lower()}"]
        matching = [tag, *names, *(f"{tag}{name}" for name in names)]
        return {key: value for name in matching for key, value in self._rules.get(name, {}).items()} | own

    def is_hidden(self, element: Any) -> bool:
        """Return whether an element is not displayed."""
        own = self.of(element)
        return own.get("display", "").strip() == "none" or own.get("visibility", "").strip() == "hidden"

    def is_raised(self, element: Any) -> bool:
        """Return whether an element is a superscript."""
        return self.of(element).get("vertical-align", "").strip() in ("super", "text-top")

    def is_bold(self, element: Any) -> bool | None:
        """Return whether an element makes its text bold; None if that is inherited."""
        own = self.of(element)
        if weight := re.match(r"\s*(?:(bold)|(\d{3,4})|normal|lighter)", own.get("font-weight", "")):
            return weight[1] is not None or int(weight[2] or 0) >= 600
        return True if element.tag in _BOLD_TAGS or re.search(r"\bbold\b", own.get("font", "")) else None

    def size(self, element: Any) -> float | None:
        """Return the font size that an element sets in points (1 em as 12 points); None if it is inherited."""
        own = self.of(element)
        size = _SIZE.search(own.get("font-size", "") or own.get("font", ""))
        return float(size[1]) * _POINTS[size[2]] if size else None


def _without_blocks(sheet: str) -> str:
    """Return a style sheet without its nested blocks such as `@media print {...}`."""
    parts: list[str] = []
    depth = start = 0
    for mark in _BLOCK.finditer(sheet):
        if depth == 0 and mark[0][0] == "@":
            parts.append(sheet[start : mark.start()])
            start = mark.end()
            depth = mark[0][-1] == "{"
        elif depth:
            depth += 1 if mark[0][-1] == "{" else -1 if mark[0] == "}" else 0
            start = mark.end()
    return "".join((*parts, "" if depth else sheet[start:]))
