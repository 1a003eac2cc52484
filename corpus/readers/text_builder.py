"""Builds a canonical text block by block, and the marks of the blocks whose role a format declares.

For formats whose source is not readable as it stands (HTML, DOCX): the text is made here, one line a paragraph. It
knows nothing of the formats themselves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.records import Mark, SectionKind
from corpus.structure.captions import is_label

_SPACES = re.compile(r"[^\S\n]+")
_AROUND_BREAK = re.compile(r" *\n\s*")
CELL_SEPARATOR = " | "
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
"""For numbers that a format raises where a plain digit would read as part of the word: "in 2016³", "10⁶"."""


def collapse(text: str) -> str:
    """White space as a reader sees it: runs are one space, a line feed in them one line feed, none at the ends.

    Soft hyphens and zero-width spaces, which only say where a line may break, are dropped.
    """
    text = text.replace("\u00ad", "").replace("\u200b", "").replace("\ufeff", "")
    return _AROUND_BREAK.sub("\n", _SPACES.sub(" ", text)).strip()


class TextBuilder:
    """Collects blocks; `text` and `marks` give the result."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._marks: list[Mark] = []

    @property
    def text(self) -> str:
        """The canonical text so far; it ends with a line feed unless it is empty."""
        return "".join(self._parts) + ("\n" if self._parts else "")

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The marks in text order, an enclosing one before what it encloses."""
        return tuple(sorted(self._marks, key=lambda mark: (mark.start, -mark.end)))

    def bookmark(self) -> int:
        """Where the text ends so far, for `inset`."""
        return len(self._parts)

    def block(self, text: str, kind: SectionKind | None = None, *, tight: bool = False) -> tuple[int, int] | None:
        """Add a paragraph, after a blank line or (`tight`) on the next line; every line of it gets the kind's mark.

        Returns where it stands, None where there is nothing to add.
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

    def heading(self, text: str, level: int) -> None:
        """Add a heading, on one line whatever breaks stand in it."""
        span = self.block(" ".join(text.split()))
        if span is not None:
            self._marks.append(Mark("section", level, *span))

    def table(self, rows: Sequence[str], caption: str = "") -> None:
        """Add a table, one row a line; its caption is its first line, so that both are one passage.

        Without a caption of its own, a paragraph "Table 3 ..." right above it is that.
        """
        lines = [line for line in (" ".join(line.split()) for line in (caption, *rows)) if line]
        above = len(self._parts[-1]) if self._parts and not caption and is_label(self._parts[-1]) else 0
        start = self._length - above
        if any(start <= mark.start and mark.kind != "caption" for mark in self._marks):
            above = 0  # a heading, or a note
        span = self.block("\n".join(lines), tight=above > 0)
        if span is not None:
            if above:
                self._marks = [mark for mark in self._marks if mark.start < start]
            self._marks.append(Mark("table", None, start if above else span[0], span[1]))

    def inset(self, bookmark: int) -> None:
        """Mark what was added since a bookmark as a column of its own; headings in it are lines of the column.

        Its first line is its heading, whatever it was: of a caption or a note there nothing else is marked, of a table
        the rows below.
        """
        added = "".join(self._parts[bookmark:]).lstrip()
        first = self._length - len(added)
        if first < self._length:
            heading, _, below = added.partition("\n")
            rest = self._length - len(below.lstrip("\n")) if below else first + len(heading)
            inside: list[Mark] = []
            while self._marks and self._marks[-1].start >= first:
                inside.append(self._marks.pop())
            self._marks += [
                mark if mark.start >= rest else replace(mark, start=rest)
                for mark in inside[::-1]
                if mark.kind != "section" and mark.end > rest
            ]
            self._marks.append(Mark("inset", None, first, self._length))

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


def line_marks(text: str, start: int, kind: SectionKind) -> list[Mark]:
    """A mark for each line of a text that begins at the offset `start`; blank lines get none."""
    marks: list[Mark] = []
    for line in text.split("\n"):
        if line.strip():
            marks.append(Mark(kind, None, start, start + len(line)))
        start += len(line) + 1
    return marks
