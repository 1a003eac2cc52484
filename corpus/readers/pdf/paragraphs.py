"""Joins lines with roles to paragraphs, and paragraphs to the canonical text with the source of every character.

The lines of a paragraph become one line of the text. A paragraph continues across columns and pages; notes and tables
in between follow it. Footnotes move to the section that refers to them, although they are printed below the
next heading.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from corpus.metadata.language import Lexicon
from corpus.readers.base import CELL_SEPARATOR
from corpus.readers.pdf.cells import column_numbers, is_cut_header
from corpus.readers.pdf.extraction.glyphs import UNSPACED_LETTER, Span
from corpus.readers.pdf.headings import NUMBERING, begins_heading
from corpus.readers.pdf.text_lines import FREE_END, NOTE_LABEL, BodyStyle, PdfLine
from corpus.records import PageSpan, Section
from corpus.scripts import SUPERSCRIPT_DIGITS
from corpus.structure.lines import CLOSERS, FULL_STOPS, LIST_ITEM
from corpus.structure.notes import find_note_references, is_definition
from corpus.structure.text_tables import is_value
from corpus.vocabulary import YEAR

FLOATS = frozenset({"notes", "caption", "table", "contents"})
_CLAUSE_SIGN = f"[{FULL_STOPS}؟۔:;：；؛]"
_CLAUSE_END = re.compile(
    rf"(?:{_CLAUSE_SIGN}{CLOSERS}[{SUPERSCRIPT_DIGITS}]{{0,3}}|(?<!\d){_CLAUSE_SIGN}{CLOSERS}\d{{1,3}})$"
)
"""The end of a sentence or clause, with or without the number of a note; "3.0" and "4:30" are numbers."""
_DECIMAL_END = re.compile(r"\d[.:]\d{1,3}$")
"""A number that ends no sentence, but perhaps an item, such as a line of a receipt: "USB hub $79.99"."""
_NOTE_NUMBER = re.compile(r"[(\[]?([0-9]{1,3})([.)\]])\s")
_NOTE_START = re.compile(rf"{NOTE_LABEL}|[Nn]otes?\s*(?:\d|[:：])")
_NOT_FIRST = re.compile(r"\(?(?!1[.)]|[aAiI][.)])\w+[.)]")
"""The number of a list item but the first: "12. May" and "Abb./12. Die" at line ends are not items."""
_CELL_EDGE = 4.0
"""Points by which the edges of cells in one column differ at most, and twice the same for their middles."""
_LARGE_NUMBER = re.compile(r"\d{3,}\s")
"""A number too large to be that of a heading."""
_YEAR = re.compile(rf"{YEAR}(?:[/–-]\d{{2,4}})?")
"""A year in a header, which is no value."""
_NOTE = re.compile(r"[a-z]\)? [A-Z]")
"""The mark of a note below a table and the beginning of the note: "a Interbank rate."."""
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-‐]$")
_WORD = re.compile(r"[^\W\d_]+(?:[-‐'’][^\W\d_]+)*")
_INDENT = 0.8
"""Minimum indent in ems."""
_ROW_DISTANCE = (4.0, 6.5)
"""Ems between two rows of a table, and between two rows with the same number of cells."""
_CODE_DISTANCE = 3.0
"""Ems between two lines of program code, of which one may be blank."""
_OUTDENT = 0.25
"""Minimum ems by which a line begins left of a list item that has ended."""
_FREE_BEFORE_FLOAT = 0.6
"""Share of the width left free by a line above a table, above which it is a unit, not the beginning of a sentence."""
_FREE_OF_ITEM, _FREE_OF_LINE = 0.35, 0.3
"""Shares of the width left free by an indented line, and by any line, above which the next word would have fitted."""


@dataclass(slots=True)
class Paragraph:
    """Lines of the same role that belong together."""

    role: str
    lines: list[PdfLine]

    @property
    def inset(self) -> int:
        return self.lines[0].inset

    @property
    def page(self) -> int:
        return self.lines[0].page


@dataclass(slots=True)
class ComposedText:
    """The text with the page and glyph number of each character (-1 if inserted), and the spans of the paragraphs."""

    text: str = ""
    on_page: array[int] = field(default_factory=lambda: array("i"))
    glyphs: array[int] = field(default_factory=lambda: array("i"))
    spans: list[tuple[int, int]] = field(default_factory=list)
    pages: tuple[PageSpan, ...] = ()


def group_paragraphs(lines: Sequence[PdfLine], body: BodyStyle) -> list[Paragraph]:
    """Return the paragraphs in reading order."""
    paragraphs: list[Paragraph] = []
    open_paragraphs: dict[int, Paragraph] = {}  # by inset: the last body paragraph, if only floats followed it
    for line in lines:
        last = paragraphs[-1] if paragraphs else None
        same_role = last if last is not None and last.role == line.role and last.inset == line.inset else None
        candidate = open_paragraphs.get(line.inset) if line.role == "body" else same_role
        if candidate is not None and (
            _follows(candidate, line, body)
            or (line.role == "table" and not line.begins_table and _continues_table(candidate.lines, line))
            or (line.role == "body" and _continues_elsewhere(candidate.lines, line, candidate is not last))
        ):
            candidate.lines.append(line)
            continue
        paragraphs.append(Paragraph(line.role, [line]))
        if line.role == "body":
            open_paragraphs[line.inset] = paragraphs[-1]
        elif line.role not in FLOATS:
            open_paragraphs.pop(line.inset, None)
    return paragraphs


def _follows(paragraph: Paragraph, line: PdfLine, body: BodyStyle) -> bool:
    """Return whether a line of the same role continues the paragraph directly above it."""
    last = paragraph.lines[-1]
    if not last.is_beside(line) or line.begins_table:
        return False
    drop = line.baseline - last.baseline
    if line.table or last.table:
        return line.table is last.table
    if paragraph.role == "code":
        return 0 < drop <= _CODE_DISTANCE * line.size
    if paragraph.role in ("table", "contents"):
        limit = _ROW_DISTANCE[len(line.spans) == len(last.spans)]
        return 0 <= drop <= limit * max(line.size, last.size)
    max_drop = 1.35 * max(body.leading, 1.0) * line.size
    if abs(line.size - last.size) > 0.1 * last.size or not -0.2 * line.size < drop <= max_drop:
        return False
    if paragraph.role == "heading":
        same_style = line.bold == last.bold and line.main.italic == last.main.italic
        return same_style and len(paragraph.lines) < 6 and not begins_heading(last, line)
    if paragraph.role == "notes":
        ended = last.right < last.x_at(0.2) or _CLAUSE_END.search(last.text) is not None
        ended = ended or _is_next_note(paragraph.lines[0].text, line.text)
        return not (ended and (_NOTE_START.match(line.text) or is_definition(last.text, line.text)))
    return paragraph.role == "caption" or not _begins_paragraph(paragraph, line)


def _is_next_note(first: str, line: str) -> bool:
    """Return whether a line begins with the number after that of a note, in the same notation."""
    number, next_number = (_NOTE_NUMBER.match(text) for text in (first, line))
    return (
        number is not None
        and next_number is not None
        and number[2] == next_number[2]
        and int(number[1]) + 1 == int(next_number[1])
    )


def _begins_paragraph(paragraph: Paragraph, line: PdfLine) -> bool:
    """Return whether a body line begins a paragraph: after a short line, by a bullet or by an indent."""
    last = paragraph.lines[-1]
    short = last.right < last.x_at(FREE_END) and last.right_edge - last.right > _first_word_width(line)
    is_lower = line.text[:1].islower()
    ended = _CLAUSE_END.search(last.text) is not None
    is_item = (short or len(last.spans) > 1) and not is_lower
    ended = ended or (is_item and _DECIMAL_END.search(last.text) is not None)
    if (bullet := LIST_ITEM.match(line.text)) and (
        short or LIST_ITEM.match(paragraph.lines[0].text) or (ended and not _NOT_FIRST.match(bullet[0]))
    ):
        return True
    is_box_title = bool(line.inset) and line.text[:1].isupper()
    if last.bold and not line.bold and len(paragraph.lines) == 1 and (short or is_box_title):
        return True
    if LIST_ITEM.match(paragraph.lines[0].text) and _is_left_of_item(paragraph.lines, line):
        return True
    if _is_broken_off(paragraph.lines, line):
        return True
    indent = line.left - last.left
    hanging = len(paragraph.lines) == 1 and (
        any(label.match(last.text) for label in (LIST_ITEM, NUMBERING, _NOTE_NUMBER)) or not (ended or short)
    )
    if indent > _INDENT * line.size and not hanging and (ended or line.left > line.left_edge + _INDENT * line.size):
        return ended or short or indent < 4 * line.size
    return ended and short and not (is_lower and last.text.endswith("."))  # after an abbreviation: "approx."


def _is_broken_off(lines: Sequence[PdfLine], line: PdfLine) -> bool:
    """Return whether a line is so short that the next word would have fitted: an item without a sign, a line of verse.

    The width of the text is that of the widest line around; the width of the column also counts pictures beside it.
    """
    last = lines[-1]
    if _HYPHEN.search(last.text):
        return False
    is_indented = last.left > last.left_edge + _INDENT * last.size
    if is_indented and abs(line.left - last.left) < _OUTDENT * line.size and last.right < last.x_at(_FREE_OF_ITEM):
        return True
    right = max(beside.right for beside in (*lines, line) if beside.is_beside(line))
    least = max(_FREE_OF_LINE * (right - last.left), _first_word_width(line))
    return right - last.right > least and not line.text[:1].islower()


def _first_word_width(line: PdfLine) -> float:
    """Return the approximate width of a space and the first word of a line in points."""
    if UNSPACED_LETTER.match(line.text):
        return line.size
    return (line.right - line.left) * (len(line.text.partition(" ")[0]) + 1) / len(line.text)


def _is_left_of_item(item: Sequence[PdfLine], line: PdfLine) -> bool:
    """Return whether a line begins left of the sign of a list item, or of the item's indented further lines."""
    edge = item[0].left if len(item) == 1 else min(item[0].left + _INDENT * line.size, item[-1].left)
    return line.left < edge - _OUTDENT * line.size


def _continues_elsewhere(lines: Sequence[PdfLine], line: PdfLine, interrupted: bool) -> bool:
    """Return whether a paragraph continues in the next column, on the next page, or below a picture or notes."""
    last = lines[-1]
    if not interrupted and last.is_beside(line):
        return False
    if line.page - last.page > 1 or abs(line.size - last.size) > 0.05 * last.size or line.bold != last.bold:
        return False
    if LIST_ITEM.match(line.text) or (NUMBERING.match(line.text) and not _LARGE_NUMBER.match(line.text)):
        return False
    if _HYPHEN.search(last.text):
        return True
    if _NOTE.match(line.text) and _CLAUSE_END.search(last.text):
        return False
    if line.text[:1].islower() and not last.text.endswith((":", ";", "!", "?")):  # after a full stop: "p. ej."
        return not interrupted or last.right > last.x_at(_FREE_BEFORE_FLOAT)
    if _CLAUSE_END.search(last.text):
        return False
    indent = line.left - line.left_edge
    if LIST_ITEM.match(lines[0].text):  # further lines of an item are not left of it
        return indent >= last.left - last.left_edge - _OUTDENT * line.size and last.right > last.x_at(0.15)
    return last.right > last.x_at(0.15) and indent <= _INDENT * line.size


def _continues_table(rows: Sequence[PdfLine], line: PdfLine) -> bool:
    """Return whether a row at the top of a page or column continues the table at the end of the one before.

    It repeats the table's header, or is a row of values in its columns.
    """
    last = rows[-1]
    shift = 0.0
    if line.page == last.page and line.block == last.block + 1 and line.baseline < last.baseline:
        shift = line.left - last.left
        is_header = line.text == rows[0].text or (line.bold and not last.bold) or all(map(_is_year, line.spans[1:]))
        if line.table or last.table or is_header or shift < last.right - last.left:
            return False  # another table beside
    elif not line.begins_page_after(last):
        return False
    elif is_cut_header(rows, line):
        return line.table is last.table
    return line.text == rows[0].text or (
        len(line.spans) == len(last.spans) > 1
        and any(is_value(cell.text) for cell in line.spans[1:])
        and all(
            min(abs(cell.left - shift - above.left), abs(cell.right - shift - above.right)) <= _CELL_EDGE
            or abs(cell.left + cell.right - 2 * shift - above.left - above.right) <= _CELL_EDGE
            for cell, above in zip(line.spans, last.spans, strict=True)
        )
    )


def _is_year(cell: Span) -> bool:
    return _YEAR.fullmatch(cell.text) is not None


def compose_text(paragraphs: Sequence[Paragraph]) -> ComposedText:
    """Compose the text of the paragraphs, in their order, separated by blank lines; a table follows its caption."""
    lexicon = Lexicon(word for paragraph in paragraphs for word in whole_words(line.text for line in paragraph.lines))
    result = ComposedText()
    parts: list[str] = []
    length = 0
    starts: list[tuple[int, int, str | None]] = []  # offset, page and label

    def add(text: str, line: PdfLine, sources: Sequence[int] | None = None) -> None:
        nonlocal length
        if text and (not starts or starts[-1][1:] != (line.page, line.label)):
            starts.append((length, line.page, line.label))
        parts.append(text)
        result.on_page.extend([line.page] * len(text))
        result.glyphs.extend([-1] * len(text) if sources is None else sources)
        length += len(text)

    for position, paragraph in enumerate(paragraphs):
        if position:
            captioned = paragraph.role == "table" and paragraphs[position - 1].role == "caption"
            add("\n" if captioned else "\n\n", paragraphs[position - 1].lines[-1])
        begin = length
        keeps_lines = paragraph.role in ("table", "contents", "code")
        following = [line.text for line in paragraph.lines[1:]]
        columns = column_numbers(paragraph.lines) if paragraph.role == "table" else []
        for number, line in enumerate(paragraph.lines):
            text, sources = _line_text(line, columns[number] if columns else None)
            separator = ""
            if number < len(following):
                separator = "\n" if keeps_lines else _separator(text, following[number], lexicon)
            if separator == "-":
                text, sources, separator = text[:-1], sources[:-1], ""
            add(text, line, sources)
            add(separator, line)
        result.spans.append((begin, length))
    parts.append("\n")
    result.text = "".join(parts)
    ends = [start for start, *_ in starts[1:]] + [length]
    result.pages = tuple(
        PageSpan(start, end, page, label) for (start, page, label), end in zip(starts, ends, strict=True)
    )
    return result


def _line_text(line: PdfLine, columns: Sequence[int] | None) -> tuple[str, array[int]]:
    """Return the text of a line; that of a table row, the columns of whose cells are given, with its empty cells."""
    parts: list[str] = []
    sources = array("i")
    column = 0
    for position, span in enumerate(line.spans):
        separator = " " if position else ""
        if columns is not None:
            separator = CELL_SEPARATOR * (columns[position] - column)
            column = columns[position]
        parts += [separator, span.text]
        sources.extend([-1] * len(separator))
        sources.extend(span.sources)
    text = "".join(parts)
    return text.lstrip(), sources[len(text) - len(text.lstrip()) :]


def _separator(text: str, following: str, lexicon: Lexicon) -> str:
    """Return what separates two lines of a paragraph; "-" if the hyphen at the end of the first is to be removed."""
    if _HYPHEN.search(text):
        before = _WORD.findall(text[:-1])[-1:]
        after = _WORD.match(following)
        return "-" if before and after and lexicon.is_divided(before[0], after[0]) else ""
    wide = len(UNSPACED_LETTER.findall(text + following)) * 2 > len(text + following)
    edges = [UNSPACED_LETTER.match(text[-1:]), UNSPACED_LETTER.match(following[:1])]
    return "" if all(edges) or (wide and any(edges)) else " "


def whole_words(lines: Iterable[str]) -> Iterator[str]:
    """Yield the words of consecutive lines, without those broken at a line's end."""
    broken = False
    for text in lines:
        words = _WORD.findall(text)[broken:]
        broken = _HYPHEN.search(text) is not None
        yield from words[:-1] if broken else words


def move_footnotes(paragraphs: Sequence[Paragraph], composed: ComposedText) -> list[Paragraph]:
    """Return the paragraphs with each note at the end of the section that refers to it, in the order of the notes."""
    text, spans = composed.text, composed.spans
    starts = [start for start, _ in spans]
    notes = [position for position, paragraph in enumerate(paragraphs) if paragraph.role == "notes"]
    bounds = [spans[position] for position in notes]
    sections = [Section(text[start:end], "notes", None, None, start, end, end) for start, end in bounds]
    moved: dict[int, list[int]] = {}  # by position: the notes to insert before it
    target: int | None = None
    for item, offsets in sorted(find_note_references(text, sections).items()):
        position = notes[item]
        if offsets and offsets[0] < starts[position]:
            referrer = bisect_right(starts, offsets[0]) - 1
            near = paragraphs[position].page - paragraphs[referrer].lines[-1].page <= 1
            target = _end_of_section(paragraphs, referrer, position) if near else None
            if target is not None and paragraphs[referrer].inset:
                for line in paragraphs[position].lines:
                    line.inset = paragraphs[referrer].inset
        elif offsets or not item or notes[item - 1] != position - 1:
            target = None  # otherwise it continues the note above
        if target is not None:
            moved.setdefault(target, []).append(position)
    taken = {position for positions in moved.values() for position in positions}
    result: list[Paragraph] = []
    for position, paragraph in enumerate(paragraphs):
        result += [paragraphs[note] for note in moved.get(position, ())]
        if position not in taken:
            result.append(paragraph)
    return result


def _end_of_section(paragraphs: Sequence[Paragraph], referrer: int, note: int) -> int | None:
    """Return the first paragraph of another section or frame between a reference and its note, if any."""
    inset = paragraphs[referrer].inset
    for position in range(referrer + 1, note):
        paragraph = paragraphs[position]
        if (paragraph.role == "heading" and not paragraph.inset) or (
            paragraph.inset != inset and paragraph.role != "notes"
        ):
            return position
    return None
