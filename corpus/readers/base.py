"""What every reader returns, and how its text is built block by block where the source is not plain text."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from corpus.records import CellSpan, PageSpan, RecognizedWord, SectionKind, StructureMark, TableShape
from corpus.structure.captions import is_label
from corpus.structure.lines import split_lines
from corpus.structure.text_tables import BAR, find_tables

READERS = min(os.cpu_count() or 1, 4)
"""Files read at the same time by one build. Each can take memory, see `corpus.limits.FILE`."""

COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The first bytes of office documents in old formats, and of encrypted ones in newer formats."""

ZIP_FILE = b"PK\x03\x04"

OnPage = Callable[[int, int], None]
"""Progress callback: receives the number of pages done and their total."""


@dataclass(frozen=True, slots=True)
class FileContent:
    """The content of one file.

    Attributes:
        text: The canonical text. All offsets count its Unicode code points.
        marks: The structure that the format declares, in text order, an enclosing mark before the marks inside it. None
            if the format declares no structure: the outline is then inferred from the text.
        metadata: Values that the file declares in its own metadata, such as `title` and `lang`.
        pages: The page of each span of the text, in text order; empty for formats without pages.
        furniture: Lines shown in the file that are not part of the text: running heads and feet, page numbers.
        warnings: Sentences on what could not be read or had to be assumed, with the pages or positions concerned.
        cells: The cells of each row of a spreadsheet, in text order; empty for other formats.
        recognized: The words that were recognised on images of pages, in text order.
        title: The title that the format shows in the text, such as the largest type on a cover; None if it shows none.
    """

    text: str
    marks: tuple[StructureMark, ...] | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)
    pages: tuple[PageSpan, ...] = ()
    furniture: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    cells: tuple[CellSpan, ...] = ()
    recognized: tuple[RecognizedWord, ...] = ()
    title: str | None = None


_SPACES = re.compile(r"[^\S\n]+")
_AROUND_BREAK = re.compile(r" *\n\s*")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\ufeff"))  # soft hyphen, zero-width space, byte order mark
CELL_SEPARATOR = f" {BAR} "

_RAISED = re.compile(r"[-−–+]?[0-9]{1,3}|[ni]|\(?(?:[0-9]{1,2}|[a-pr-z])\)|[0-9]{1,2}(?:(?:, ?|[-–])[0-9]{1,2})+")
_RAISED_LETTER = re.compile(r"[a-pr-z]")
_AFTER_WORD = re.compile(r"[^\W\d_]{2}[^\W\d_A-Z]$")
"""The end of a word with a small last letter: after it a raised letter marks a note, unlike in "XIXe" and "no"."""
_RAISED_SIGNS = str.maketrans("0123456789-−–+()abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁻⁺⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")


def raise_digits(text: str, before: str = "") -> str:
    """Return a short number, or the mark of a note, in superscript characters; "" for any other text.

    White space around it is kept. A letter without a bracket is a mark after a word, which is the end of `before`.
    """
    mark = text.strip()
    is_raised = _RAISED.fullmatch(mark) or (_RAISED_LETTER.fullmatch(mark) and _AFTER_WORD.search(before))
    return text.translate(_RAISED_SIGNS) if is_raised else ""


def collapse_spaces(text: str) -> str:
    """Replace runs of white space by one space or line feed, and remove invisible characters."""
    return _AROUND_BREAK.sub("\n", _SPACES.sub(" ", text.translate(_INVISIBLE))).strip()


def one_line(text: str) -> str:
    """Return the text of a file on one line: runs of white space as one space, without invisible characters."""
    return " ".join(text.translate(_INVISIBLE).split())


def split_at_tabs(text: str) -> list[str]:
    """Return the parts of a line between tabs, each on one line; the first is empty if the line begins with a tab."""
    return [one_line(part) for part in re.split(r"\t+", text.rstrip())]


def parse_int(text: str | None, default: int) -> int:
    """Return a number of up to nine digits, the default for any other text."""
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else default


class TextBuilder:
    """Collects blocks; `text` and `marks` give the result."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._marks: list[StructureMark] = []

    @property
    def text(self) -> str:
        """The canonical text so far; it ends with a line feed unless it is empty."""
        return "".join(self._parts) + ("\n" if self._parts else "")

    @property
    def marks(self) -> tuple[StructureMark, ...]:
        """The marks in text order, an enclosing mark before the marks inside it."""
        return tuple(sorted(self._marks, key=lambda mark: (mark.start, -mark.end)))

    @property
    def length(self) -> int:
        """The length of the text so far, without the line feed at its end."""
        return self._length

    def bookmark(self) -> int:
        """Return the current position, to be passed to `mark_inset` later."""
        return len(self._parts)

    def add_paragraph(
        self, text: str, kind: SectionKind | None = None, *, tight: bool = False
    ) -> tuple[int, int] | None:
        """Add a paragraph after a blank line, or (`tight`) on the next line.

        Args:
            text: The paragraph; nothing is added if it is blank.
            kind: The kind of the mark that each line of the paragraph gets, if any.
            tight: Whether to leave out the blank line.

        Returns:
            The span of the paragraph, or None if nothing was added.
        """
        if not text.strip():
            return None
        if self._parts:
            self._add("\n" if tight else "\n\n")
        start = self._length
        self._add(text)
        if kind is not None:
            self._marks += line_marks(text, start, kind)
        return start, self._length

    def add_heading(self, text: str, level: int) -> None:
        """Add a heading as one line."""
        span = self.add_paragraph(" ".join(text.split()))
        if span is not None:
            self._marks.append(StructureMark("section", level, *span))

    def add_table(self, rows: Sequence[str], caption: str = "", shape: TableShape | None = None) -> int:
        """Add a table with one line per row, and its shape if the format declares it. Return where its lines begin.

        The caption is the first line of the table, so that both end up in one passage. Without `caption`, a preceding
        paragraph of the form "Table 3 ..." is the caption.
        """
        lines = [line for line in (" ".join(line.split()) for line in (caption, *rows)) if line]
        above = len(self._parts[-1]) if self._parts and not caption and is_label(self._parts[-1]) else 0
        start = self._length - above
        if any(start <= mark.start and mark.kind != "caption" for mark in self._marks):
            above = 0  # a heading or a note, not a caption
        span = self.add_paragraph("\n".join(lines), tight=above > 0)
        if span is not None:
            if above:
                self._marks = [mark for mark in self._marks if mark.start < start]
            self._marks.append(StructureMark("table", None, start if above else span[0], span[1], shape))
        return self._length if span is None else span[0]

    def add_preformatted(self, text: str) -> None:
        """Add lines as they are, with marks for the tables whose cells are aligned in them."""
        span = self.add_paragraph(text)
        if span is not None:
            lines = split_lines(text)
            self._marks += [
                StructureMark("table", None, span[0] + lines[table.start].start, span[0] + lines[table.stop - 1].end)
                for table in find_tables(lines)
            ]

    def add_content(self, text: str, marks: Sequence[StructureMark], lower: int) -> None:
        """Add the text of another file with its marks, the levels of its headings lowered."""
        span = self.add_paragraph(text.rstrip("\n"))
        if span is not None:
            self._marks += [
                replace(
                    mark,
                    level=None if mark.level is None else mark.level + lower,
                    start=span[0] + mark.start,
                    end=min(span[1], span[0] + mark.end),
                )
                for mark in marks
            ]

    def mark_inset(self, bookmark: int) -> None:
        """Mark the text added since `bookmark` as an inset, with its first line as the heading.

        Headings inside the inset become plain lines. A caption, note or table that provides the first line keeps its
        mark only for the lines below.
        """
        added = "".join(self._parts[bookmark:]).lstrip()
        first = self._length - len(added)
        if first < self._length:
            heading, _, below = added.partition("\n")
            rest = self._length - len(below.lstrip("\n")) if below else first + len(heading)
            self._marks = [mark for mark in self._marks if mark.start < first] + [
                mark if mark.start >= rest else replace(mark, start=rest)
                for mark in self._marks
                if mark.start >= first and mark.kind != "section" and mark.end > rest
            ]
            self._marks.append(StructureMark("inset", None, first, self._length))

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


def line_marks(text: str, start: int, kind: SectionKind) -> list[StructureMark]:
    """Return a mark for each non-blank line of a text that begins at the offset `start`."""
    marks: list[StructureMark] = []
    for line in text.split("\n"):
        if line.strip():
            marks.append(StructureMark(kind, None, start, start + len(line)))
        start += len(line) + 1
    return marks


def levels_from_zero(marks: Sequence[StructureMark]) -> tuple[StructureMark, ...]:
    """Shift heading levels so that the highest is 0."""
    highest = min((mark.level for mark in marks if mark.level is not None), default=0)
    return tuple(mark if mark.level is None else replace(mark, level=mark.level - highest) for mark in marks)
