"""Read a draft with its block quotes from text, Markdown, CSV, DOCX or another format that the corpus readers know."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePath

from corpus.errors import UnreadableFile
from corpus.readers.registry import missing_reader, reader_for
from corpus.readers.text.plain_text import decode
from corpus.translation import gettext as _

Span = tuple[int, int]

PLAIN = frozenset({"", ".txt", ".text", ".md", ".markdown"})
"""Suffixes of plain text, in which lines that start with ">" are block quotes."""

UNNAMED = "draft"
"""Name of a draft without a file."""

_QUOTED_LINE = re.compile(r"^[ \t]{0,3}>[ \t]?", re.MULTILINE)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_QUOTE_STYLE = re.compile(r"quote|zitat|citation|cita\b|citazione|引用", re.IGNORECASE)
_PART = "word/document.xml"
_LARGEST = 50_000_000


@dataclass(frozen=True, slots=True)
class Draft:
    """A text to check; `blocks` are the spans of its block quotes, in order.

    In markup a backslash before a sign stands for the sign, as in Markdown and TeX.
    """

    name: str
    text: str
    blocks: tuple[Span, ...]
    is_markup: bool = False
    note_labels: tuple[Span, ...] = ()
    """Numbers of footnotes and endnotes, which precede their text."""

    def line(self, offset: int) -> int:
        """Return the line of an offset, from 1."""
        return self.text.count("\n", 0, offset) + 1


def from_text(text: str, name: str = UNNAMED) -> Draft:
    """Return a draft from plain text or Markdown."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return Draft(name, plain, tuple(_quoted_lines(plain)), is_markup=True)


def read(path: Path) -> Draft:
    """Read a draft from a file. Raises UnreadableFile, and OSError if it cannot be opened."""
    return from_bytes(path.name, path.read_bytes())


def from_bytes(name: str, data: bytes) -> Draft:
    """Read a draft from the bytes of a file with this name. Raises UnreadableFile."""
    path = PurePath(name)
    suffix = path.suffix.casefold()
    if suffix in PLAIN:
        return from_text(decode(data), path.name)
    if suffix == ".csv" and (table := _from_table(path.name, decode(data).removeprefix("\ufeff"))) is not None:
        return table
    reader = reader_for(path)
    if reader is None:
        raise UnreadableFile(missing_reader(path))
    reading = reader(data)
    blocks = _styled_quotations(reading.text, data) if suffix == ".docx" else []
    labels = [
        (mark.start, mark.start + label.end())
        for mark in reading.marks or ()
        if mark.kind == "notes" and (label := re.match(r"\[?\d+", reading.text[mark.start : mark.end]))
    ]
    return Draft(path.name, reading.text, tuple(blocks), note_labels=tuple(labels))


QUOTATION_COLUMN = "quotation"
"""Column of a table whose cells are quotations, as in the export of a collection."""


def _from_table(name: str, text: str) -> Draft | None:
    """Return a draft of a table's cells, whose block quotes are those of `QUOTATION_COLUMN`; None if it has none."""
    pieces: list[str] = []
    blocks: list[Span] = []
    length = 0
    try:
        for row in csv.DictReader(io.StringIO(text, newline="")):
            for column, value in row.items():
                cell = "; ".join(value) if isinstance(value, list) else value or ""  # surplus cells are a list
                if column == QUOTATION_COLUMN and cell.strip():
                    blocks.append((length, length + len(cell)))
                pieces.append(f"{cell}\n\n")
                length += len(pieces[-1])
    except csv.Error:
        return None
    return Draft(name, "".join(pieces), tuple(blocks)) if blocks else None


def _quoted_lines(text: str) -> list[Span]:
    """Return the spans of consecutive lines that start with ">"."""
    spans: list[Span] = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if _QUOTED_LINE.match(line):
            if spans and spans[-1][1] + 1 == start:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
        start = end + 1
    return spans


def without_marks(text: str) -> str:
    """Replace the ">" of a block quote's lines by blanks, so that offsets stay valid."""
    return _QUOTED_LINE.sub(lambda match: " " * len(match.group()), text)


def without_escapes(text: str, instead: str = "") -> str:
    """Replace the backslash of each escaped sign; by a blank, offsets stay valid."""
    return _ESCAPED.sub(lambda match: instead + match[1], text)


def _styled_quotations(text: str, data: bytes) -> list[Span]:
    """Return the spans of DOCX paragraphs with a quotation style, found by their words in the text."""
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if _PART not in package.namelist():  # an unusual package: check the draft without block quotes
            return []
        if package.getinfo(_PART).file_size > _LARGEST:
            raise UnreadableFile(_("the draft is too large: save it as .txt"))
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        root = etree.fromstring(package.read(_PART), parser)
    spans: list[Span] = []
    cursor = 0
    for paragraph in root.iter(f"{_WORD}p"):
        style = paragraph.find(f"{_WORD}pPr/{_WORD}pStyle")
        if style is None or not _QUOTE_STYLE.search(style.get(f"{_WORD}val") or ""):
            continue
        parts = paragraph.iter(f"{_WORD}t", f"{_WORD}br", f"{_WORD}tab")
        words = re.escape(" ".join("".join(part.text or " " for part in parts).split()))
        found = re.compile(words.replace(r"\ ", r"\s+")).search(text, cursor) if words else None
        if found is not None:
            spans.append(found.span())
            cursor = found.end()
    return spans
