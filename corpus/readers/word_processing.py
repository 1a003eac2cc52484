"""What the formats of word processors share: headings, notes, captions, list items, tables and text boxes in order."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from corpus.errors import UnreadableFile
from corpus.readers.base import FileContent, TextBuilder, collapse_spaces, levels_from_zero, split_at_tabs
from corpus.readers.inferred_headings import BodyParagraph, infer_headings
from corpus.readers.table_to_text import render_tabbed_rows
from corpus.records import TableShape
from corpus.scripts import TO_SUPERSCRIPT
from corpus.translation import gettext as _

_MIN_INSET = 100
"""Minimum characters of an inset; a shorter text box or one-cell table is a label."""


class _TabbedLine(NamedTuple):
    """A paragraph with tabs, and what is between them."""

    text: str
    cells: list[str]
    bold: bool
    size: float


class DocumentWalker(ABC):
    """Walks the body of a document once, and adds its blocks to the text.

    Notes follow the section that refers to them. A caption belongs to the table below it. A text box, or a table that
    is one cell, is an inset.
    """

    def __init__(self) -> None:
        self.builder = TextBuilder()
        self.furniture: list[str] = []
        self.warnings: list[str] = []
        self._paragraphs: list[BodyParagraph] = []
        self._notes: list[tuple[str, list[str]]] = []  # label and lines
        self._caption: str | None = None
        self._rows: list[_TabbedLine] = []
        self._in_list = False
        self._in_inset = False

    @abstractmethod
    def add_blocks(self, container: Any, depth: int = 0) -> None:
        """Add the content of a body, a cell or a text box."""

    @abstractmethod
    def lines(self, element: Any) -> list[str]:
        """Return the paragraphs of a part that is not walked, without marks of notes."""

    def content(self, metadata: Mapping[str, object], running_heads: Sequence[str]) -> FileContent:
        """Return the text that was added. Raises UnreadableFile if it is empty."""
        self.end_section()
        text = self.builder.text
        if not text.strip():
            raise UnreadableFile(_("empty: the document contains no text"))
        marks = infer_headings(text, levels_from_zero(self.builder.marks), self._paragraphs)
        furniture = (*self.furniture, *running_heads)
        return FileContent(text, marks, metadata, furniture=furniture, warnings=tuple(self.warnings))

    def end_section(self) -> None:
        """Add pending blocks: lines with tabs, a caption without a table, and the notes of the section."""
        self._flush_rows()
        self._flush_caption()
        for label, lines in self._notes:
            for position, line in enumerate(lines):
                self.builder.add_paragraph(f"{label} {line}" if position == 0 else line, "notes", tight=position > 0)
        self._notes.clear()
        self._in_list = False

    def add_text(self, raw: str, label: str, level: int | None, *, is_caption: bool, bold: bool, size: float) -> None:
        """Add a paragraph.

        Args:
            raw: The paragraph without its label, with tabs as they are.
            label: Its number or bullet ("-"), if it has one.
            level: The level of a heading, None for other paragraphs.
            is_caption: Whether it is a caption.
            bold: Whether all of it is bold.
            size: Its font size in points, 0 if unknown.
        """
        text = collapse_spaces(raw)
        line = f"{label} {text}" if label else text
        if "\t" in raw.rstrip() and not (label or is_caption or self._in_inset) and level is None:
            cells = split_at_tabs(raw)
            if self._rows and len(cells) != len(self._rows[-1].cells):
                self._flush_rows()
            self._rows.append(_TabbedLine(line, cells, bold, size))
            return
        self._flush_rows()
        if level is not None and not self._in_inset:
            self.end_section()
            self.builder.add_heading(text if label == "-" else line, level)
            return
        self._flush_caption()
        if is_caption:
            self._caption = line
            return
        self._add_line(line, bold, size, in_list=bool(label))

    def _add_line(self, line: str, bold: bool, size: float, *, in_list: bool) -> None:
        span = self.builder.add_paragraph(line, tight=in_list and self._in_list)
        if span is not None and not self._in_inset:
            self._paragraphs.append(BodyParagraph(*span, bold, size))
        self._in_list = in_list

    def _flush_rows(self) -> None:
        """Add the lines with tabs since the last block: a table if they have values in columns, else paragraphs."""
        rows, self._rows = self._rows, []
        if rows and (table := render_tabbed_rows([row.cells for row in rows])) is not None:
            self.add_table(*table)
            return
        for row in rows:
            self._flush_caption()
            self._add_line(row.text, row.bold, row.size, in_list=False)

    def add_box(self, box: Any, depth: int) -> None:
        """Add the content of a text box or of the only cell of a table."""
        self._flush_rows()
        if self._in_inset or sum(map(len, self.lines(box))) < _MIN_INSET:
            self.add_blocks(box, depth + 1)
            return
        self._flush_caption()
        bookmark = self.builder.bookmark()
        self._in_inset = True
        self.add_blocks(box, depth + 1)
        self._flush_caption()
        self._in_inset = False
        self.builder.mark_inset(bookmark)

    def add_table(self, lines: Sequence[str], shape: TableShape) -> None:
        """Add a table with the caption above it."""
        self._flush_rows()
        caption, self._caption = self._caption, None
        self.builder.add_table(lines, caption or "", shape)
        self._in_list = False

    def add_note(self, label: str, lines: list[str]) -> str:
        """Add a note at the end of the section, and return the mark that refers to it."""
        self._notes.append((label, lines))
        return label.translate(TO_SUPERSCRIPT)

    def _flush_caption(self) -> None:
        if self._caption is not None:
            self.builder.add_paragraph(self._caption, "caption")
            self._caption = None
            self._in_list = False
