"""Read a draft from text, Markdown, CSV, DOCX or another format that the corpus readers know, and find its quotations.

Quotations are block quotes, and what is between any common quotation marks. Only the outermost of nested marks form a
quotation. Straight marks open after a blank and close before one; apostrophes are not marks.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from corpus.chunking.sentences import split_sentences
from corpus.errors import UnreadableFile
from corpus.readers.registry import missing_reader, reader_for
from corpus.readers.text.plain_text import decode_text
from corpus.readers.zipped_xml import W
from corpus.records import Span
from corpus.translation import gettext as _

PLAIN = frozenset({"", ".txt", ".text", ".md", ".markdown"})
"""Suffixes of plain text, in which lines that start with ">" are block quotes."""

UNNAMED = "draft"
"""Name of a draft without a file."""

_QUOTED_LINE = re.compile(r"^[ \t]{0,3}>[ \t]?", re.MULTILINE)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_QUOTE_STYLE = re.compile(r"quote|zitat|citation|cita\b|citazione|引用", re.IGNORECASE)
_PART = "word/document.xml"
_LARGEST = 50_000_000
_PAIRS = {
    "“": "”“", "„": "“”„", "«": "»", "»": "«", "‹": "›", "›": "‹", "「": "」", "『": "』", "《": "》", "〝": "〟〞",
    "‘": "’‘", "‚": "‘’", '"': '"', "'": "'", "＂": "＂", "”": "”",
}  # fmt: skip
"""Opening marks and their closing marks: “English”, „German“, »Danish« and «French», ”Swedish”."""

_MARKS = frozenset("".join([*_PAIRS, *_PAIRS.values()]))
_PARAGRAPH = re.compile(r"\n[ \t]*\n|\n(?=[ \t]{0,3}>)")
_APOSTROPHES = frozenset("'’‘")
_NOT_BLANK = re.compile(r"\S")
_MAX_UNCLOSED_MARKS = 100
"""With more unclosed opening marks than this, a paragraph is given up: searching on would take quadratic time."""

_SOURCE = re.compile(
    r"(?:\([^()]{3,200}\)|\[[^\[\]]{3,200}\]|（[^（）]{2,200}）|[—–]\s[^—–\n]{3,200}$)[.。;]?(?=\s*$|\s*\n|\s+[^\W\d_a-zà-ÿ])"
)
"""A source in brackets, or after a dash, that follows the full stop of its sentence."""

_TEX = re.compile(r"``(.+?)''", re.DOTALL)


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


def split_claims(text: str) -> list[Span]:
    """Return the sentences of a text, each with its source in brackets or after a dash that follows the full stop."""
    claims: list[Span] = []
    for start, end in split_sentences(text, 0, len(text)):
        source = _SOURCE.match(text, start, end)
        if claims and source is not None and "\n" not in text[claims[-1][1] : start]:
            claims[-1] = claims[-1][0], source.end()
            start = end - len(text[source.end() : end].lstrip())
        if start < end:
            claims.append((start, end))
    return claims


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
        return from_text(decode_text(data).text, path.name)
    if (
        suffix == ".csv"
        and (table := _from_table(path.name, decode_text(data).text.removeprefix("\ufeff"))) is not None
    ):
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


def _without_marks(text: str) -> str:
    """Replace the ">" of a block quote's lines by blanks, so that offsets stay valid."""
    return _QUOTED_LINE.sub(lambda match: " " * len(match.group()), text)


def _without_escapes(text: str, instead: str = "") -> str:
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
    for paragraph in root.iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        if style is None or not _QUOTE_STYLE.search(style.get(f"{W}val") or ""):
            continue
        parts = paragraph.iter(f"{W}t", f"{W}br", f"{W}tab")
        words = re.escape(" ".join("".join(part.text or " " for part in parts).split()))
        match = re.compile(words.replace(r"\ ", r"\s+")).search(text, cursor) if words else None
        if match is not None:
            spans.append(match.span())
            cursor = match.end()
    return spans


@dataclass(frozen=True, slots=True)
class Quotation:
    """`[start, end)` of the draft, without the marks; `block` for block quotes, `escaped` in a draft with markup."""

    start: int
    end: int
    text: str
    block: bool = False
    escaped: bool = False

    def plain_text(self, escape: str = "") -> str:
        """Return the text without marks of a block quote and with `escape` for the backslash of an escaped sign."""
        text = _without_marks(self.text) if self.block else self.text
        return _without_escapes(text, escape) if self.escaped else text


def find_quotations(draft: Draft) -> list[Quotation]:
    """Return all quotations of a draft in order, without nesting."""
    quotations = [_block(draft.text, start, end) for start, end in draft.blocks]
    blocks = sorted(draft.blocks)
    for start, end in _paragraphs(draft.text):
        for a, b in _Paragraph(draft.text, start, end).marked():
            before = bisect_left(blocks, (b, b)) - 1
            if before < 0 or blocks[before][1] <= a:
                quotations.append(Quotation(a, b, draft.text[a:b]))
    marked = (replace(quotation, escaped=draft.is_markup) for quotation in quotations)
    return sorted(marked, key=lambda quotation: quotation.start)


_ATTRIBUTION = re.compile(r"\n[ \t>]*(?:(?:—|–|―|--|-)[ \t]*[^\W\d_]|\([^()\n]+\)[ \t]*$)[^\n]{0,200}\s*\Z")
"""A last line that names the source: "— Yearbook 2020, p. 3", "(Yearbook 2020)"."""


def _block(text: str, start: int, end: int) -> Quotation:
    attribution = _ATTRIBUTION.search(text, start, end)
    stop = start + len(text[start : attribution.start()].rstrip(" \t\n>")) if attribution else end
    return Quotation(start, stop, text[start:stop], block=True)


def attribution_end(text: str, quotation: Quotation) -> int:
    """Return where the attribution line of a block quotation ends, inside or below it; the block's end without one."""
    match = re.match(r"[ \t>]*\n(?:[ \t>]*\n)?[ \t>]*(?:—|–|―|--|\()[^\n]{1,200}", text[quotation.end :])
    return quotation.end + match.end() if quotation.block and match else quotation.end


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _PARAGRAPH.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


class _Paragraph:
    """A paragraph with the positions of all closing marks: searching for each took hours on some texts."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text, self._start, self._end = text, start, end
        self._closing_positions: dict[str, list[int]] = {}
        for place in range(start + 1, end):
            if text[place] in _MARKS and _can_close(text, place, end):
                self._closing_positions.setdefault(text[place], []).append(place)
        following = _NOT_BLANK.search(text, end)
        self._following = following[0] if following is not None else ""

    def marked(self) -> Iterator[tuple[int, int]]:
        """Yield the spans between marks, first TeX's, then all others."""
        text, end = self._text, self._end
        # only up to the last closing mark, or each opening mark after it would be followed to the end
        last = text.rfind("''", self._start, end)
        tex = [match.span(1) for match in _TEX.finditer(text, self._start, last + 2)] if last >= 0 else []
        yield from tex
        at, upcoming, unclosed = self._start, 0, 0
        while at < end:
            while upcoming < len(tex) and tex[upcoming][1] <= at:
                upcoming += 1
            if upcoming < len(tex) and tex[upcoming][0] <= at:
                at = tex[upcoming][1] + 2
                continue
            if text[at] in _PAIRS and _opens(text, at, self._start):
                stop = self._find_closing_mark(at)
                if stop is not None:
                    if text[at + 1 : stop].strip():
                        yield at + 1, stop
                    at = stop + 1
                    continue
                if (
                    self._following == text[at]
                ):  # a quotation that continues in the next paragraph, which repeats the mark
                    yield at + 1, end
                    return
                unclosed += self._next_closing(at, _PAIRS[text[at]]) is not None
                if unclosed > _MAX_UNCLOSED_MARKS:
                    return
            at += 1

    def _find_closing_mark(self, at: int) -> int | None:
        """Return where the mark at a position is closed, after the marks nested in it; None if it is not."""
        text, end = self._text, self._end
        closers = _PAIRS[text[at]]
        if self._next_closing(at, closers) is None:
            return None
        depth: list[str] = [closers]
        place = at + 1
        while place < end:
            mark = text[place]
            if mark in _MARKS:
                if mark in depth[-1] and _can_close(text, place, end):
                    depth.pop()
                    if not depth:
                        return place
                elif mark in _PAIRS and mark not in closers and _opens(text, place, at + 1):
                    if self._is_nested(place, closers):
                        depth.append(_PAIRS[mark])
                elif mark in closers and _can_close(text, place, end):
                    return place  # an inner mark is never closed
            place += 1
        return None

    def _is_nested(self, at: int, outer: str) -> bool:
        """Return whether a mark inside a quotation is closed before the quotation."""
        inner, outside = self._next_closing(at, _PAIRS[self._text[at]]), self._next_closing(at, outer)
        return inner is not None and (outside is None or inner <= outside)

    def _next_closing(self, at: int, closers: str) -> int | None:
        """Return the next position after `at` where one of these marks closes."""
        positions: list[int] = []
        for mark in closers:
            places = self._closing_positions.get(mark, [])
            position = bisect_right(places, at)
            positions += places[position : position + 1]
        return min(positions, default=None)


def _opens(text: str, at: int, start: int) -> bool:
    mark = text[at]
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    if mark in "「『《〝":
        return True
    if mark in "«»‹›":  # French marks have a blank inside
        return not before.isalnum()
    if after.isspace():
        return False
    return not (before.isalnum() and before < "\u3000") and before not in ".,;!?"


def _can_close(text: str, at: int, end: int) -> bool:
    mark = text[at]
    before = text[at - 1]
    after = text[at + 1] if at + 1 < end else " "
    if mark in _APOSTROPHES and after.isalnum():
        return False  # an apostrophe: "Japan’s"
    if mark in "」』》〟〞«»‹›":
        return True
    if mark in '"＂' and before.isspace() and not after.isspace():
        return False
    return not (before.isspace() and after.isalnum())
