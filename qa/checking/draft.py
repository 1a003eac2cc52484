"""A draft's text and where its block quotes stand: text, Markdown, DOCX and whatever else the corpus readers read."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePath

from corpus.errors import UnreadableFile
from corpus.readers.plain_text import decode
from corpus.readers.registry import reader_for

Span = tuple[int, int]

PLAIN = frozenset({"", ".txt", ".text", ".md", ".markdown"})
"""Suffixes of drafts that are read as they stand, with lines that begin with ">" as block quotes."""

UNNAMED = "draft"
"""Stands for the name of a draft that came in no file."""

_QUOTED_LINE = re.compile(r"^[ \t]{0,3}>[ \t]?", re.MULTILINE)
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_QUOTE_STYLE = re.compile(r"quote|zitat|citation|cita\b|citazione|引用", re.IGNORECASE)
_PART = "word/document.xml"
_LARGEST = 50_000_000


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be checked. `blocks` are spans of `text` that are block quotes, in order."""

    name: str
    text: str
    blocks: tuple[Span, ...]

    def line(self, offset: int) -> int:
        """The line, from 1, that an offset stands on."""
        return self.text.count("\n", 0, offset) + 1


def from_text(text: str, name: str = UNNAMED) -> Draft:
    """A draft of plain text or Markdown, in which lines that begin with ">" are block quotes."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return Draft(name, plain, tuple(_quoted_lines(plain)))


def read(path: Path) -> Draft:
    """A draft from a file. Raises UnreadableFile with the reason, OSError where it cannot be opened."""
    return from_bytes(path.name, path.read_bytes())


def from_bytes(name: str, data: bytes) -> Draft:
    """A draft from the bytes of a file of this name. Raises UnreadableFile with the reason."""
    path = PurePath(name)
    suffix = path.suffix.casefold()
    if suffix in PLAIN:
        return from_text(decode(data), path.name)
    reader = reader_for(path)
    if reader is None:
        raise UnreadableFile(f"no reader for {path.suffix} files: save the draft as .txt, .md or .docx")
    text = reader(data).text
    blocks = _styled(text, data) if suffix == ".docx" else []
    return Draft(path.name, text, tuple(blocks))


def _quoted_lines(text: str) -> list[Span]:
    """Runs of lines that begin with ">", as one span each."""
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
    """A block quote's text with the ">" of its lines as blanks, so that offsets stay."""
    return _QUOTED_LINE.sub(lambda match: " " * len(match.group()), text)


def _styled(text: str, data: bytes) -> list[Span]:
    """Paragraphs of a DOCX file whose style is one of quotations, by where their words stand in the text as read."""
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if _PART not in package.namelist():  # the text lies elsewhere: it is checked without its block quotes
            return []
        if package.getinfo(_PART).file_size > _LARGEST:
            raise UnreadableFile("too large for a draft: save it as .txt")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        root = etree.fromstring(package.read(_PART), parser)
    spans: list[Span] = []
    cursor = 0
    for paragraph in root.iter(f"{_WORD}p"):
        style = paragraph.find(f"{_WORD}pPr/{_WORD}pStyle")
        if style is None or not _QUOTE_STYLE.search(style.get(f"{_WORD}val") or ""):
            continue
        words = re.escape(" ".join("".join(one.text or "" for one in paragraph.iter(f"{_WORD}t")).split()))
        found = re.compile(words.replace(r"\ ", r"\s+")).search(text, cursor) if words else None
        if found is not None:
            spans.append(found.span())
            cursor = found.end()
    return spans
