"""Plain text in any common encoding, with pages where it has form feeds. The outline is inferred from the text.

A line at the edge of a page is furniture only with positive evidence: it holds a number that counts up with the pages,
or the same words are at the same edge of other pages with a blank line towards the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.errors import UnreadableFile
from corpus.readers.base import COMPOUND_FILE, ZIP_FILE, FileContent
from corpus.readers.page_numbers import PageNumberCandidate, fill_gaps, find_page_numbers, min_repeats, parse_numbers
from corpus.readers.text import encodings
from corpus.readers.text.encodings import Decoded
from corpus.records import PageSpan
from corpus.structure.heading_candidates import is_underline
from corpus.structure.lines import ends_sentence
from corpus.translation import gettext as _

_SIGNATURES = (
    (b"%PDF-", "a PDF file"),
    (ZIP_FILE, "a ZIP archive or an office document"),
    (COMPOUND_FILE, "an office document in an old format"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"\x1f\x8b", "a compressed file"),
)
_SOFT_HYPHEN = re.compile("\u00ad")
_FORM_FEED = re.compile(r"(?<![^\n])\f|\f(?=\n|\Z)")
"""A form feed on a separate line, or at the edge of a line."""

_EDGE_LINES = 2
"""Lines at the top and at the bottom of a page that may be furniture."""

_MAX_WORDS = 20
"""Words of a running head."""

_CELLS = re.compile(r"\S\s{3,}\S.*\S\s{3,}\S")
"""Three cells or more: a row or the header of a table."""

_GAP = re.compile(r"\S(?:\s{2,}|\t|\s*[|•·]\s*)\S")

_FULL_LINE, _MIN_LINE = 0.75, 40
"""Minimum length of a line that continues on the next page: as a share of the page's longest line, and absolute."""

_PORTRAIT = (1.0, 2.0)


def read(data: bytes) -> FileContent:
    """Read a text file. Raises UnreadableFile if the bytes are not text."""
    decoded = decode_text(data)
    text, soft_hyphens = without_soft_hyphens(decoded.text)
    if not text.strip():
        raise UnreadableFile(_("empty: the file contains only soft hyphens"))
    furniture = (*decoded.replaced, *soft_hyphens)
    if (pages := _split_pages(text)) is None:
        return FileContent(text, furniture=furniture, warnings=decoded.warnings)
    return FileContent(
        pages.text, pages=pages.spans, furniture=(*pages.furniture, *furniture), warnings=decoded.warnings
    )


def decode_text(data: bytes, declared: str | None = None) -> Decoded:
    """Decode bytes to canonical text: byte order mark dropped, CRLF and CR replaced by LF, invalid bytes replaced.

    Args:
        data: The bytes of a file.
        declared: The name of a Python codec that the file states, if any.

    Raises:
        UnreadableFile: The data is empty, binary, or in no known encoding.
    """
    reject_binary_formats(data)
    decoded = encodings.decode(data, declared)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise UnreadableFile(_("empty: the file contains no text"))
    return replace(decoded, text=text)


def reject_binary_formats(data: bytes) -> None:
    """Raise UnreadableFile if the first bytes are the signature of a known binary format."""
    for signature, description in _SIGNATURES:
        if data.startswith(signature):
            raise UnreadableFile(_("not text but %(description)s, by its first bytes", description=description))


def without_soft_hyphens(text: str, pattern: re.Pattern[str] = _SOFT_HYPHEN) -> tuple[str, tuple[str, ...]]:
    """Return the text without soft hyphens, which no renderer shows, and a line that counts them."""
    text, count = pattern.subn("", text)
    return text, (f"{count} soft hyphens",) if count else ()


@dataclass(frozen=True, slots=True)
class _Pages:
    """The text without furniture, the span of each page, and the lines taken out."""

    text: str
    spans: tuple[PageSpan, ...]
    furniture: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Edge:
    """A line at the edge of a page; `apart` means that a blank line separates it from the text."""

    page: int
    line: int
    zone: str
    text: str
    apart: bool


def _split_pages(text: str) -> _Pages | None:
    """Return the pages of a text that has form feeds between pages, else None."""
    pages = [page.split("\n") for page in _FORM_FEED.split(text)]
    if not any(line.strip() for line in pages[-1]):
        pages.pop()  # a form feed ends the last page
    if len(pages) < 2:
        return None
    edges = [edge for number, lines in enumerate(pages) for edge in _edges(number, lines)]
    numbers = find_page_numbers(
        [PageNumberCandidate(edge.page, parse_numbers(edge.text), edge.apart, edge.zone) for edge in edges],
        dict.fromkeys(range(len(pages)), _PORTRAIT),
    )
    labels: dict[int, str] = {}
    furniture = _repeated_lines(edges, len(pages))
    numbered = [(edge, label) for edge in edges if (label := numbers.label(edge.page, parse_numbers(edge.text)))]
    beside = Counter(_words_beside(edge, label) for edge, label in numbered)
    for edge, label in numbered:
        if _is_page_number(edge, label, beside):
            labels.setdefault(edge.page, label)
            furniture.add((edge.page, edge.line))
    fill_gaps(labels, numbers)
    return _join(pages, furniture, labels)


def _edges(number: int, lines: Sequence[str]) -> list[_Edge]:
    filled = [position for position, line in enumerate(lines) if line.strip()]
    edges: dict[int, _Edge] = {}
    for zone, step in (("top", 1), ("bottom", -1)):
        apart = False
        for position in filled[::step][:_EDGE_LINES][::-1]:  # from the text outwards
            inner = position + step
            apart = apart or not 0 <= inner < len(lines) or not lines[inner].strip()
            edges.setdefault(position, _Edge(number, position, zone, lines[position].strip(), apart))
    return list(edges.values())


def _words_beside(edge: _Edge, label: str) -> str:
    return " ".join(word for word in edge.text.casefold().split() if word.strip("-–—|[]()") != label.casefold())


def _is_page_number(edge: _Edge, label: str, beside: Mapping[str, int]) -> bool:
    """Return whether a line with the number of its page is furniture: alone, or beside words of other such lines."""
    words = _words_beside(edge, label)
    if not words or any(number.alone for number in parse_numbers(edge.text)):
        return True
    if _CELLS.search(edge.text) or ends_sentence(edge.text) or len(words.split()) > _MAX_WORDS:
        return False
    return beside[words] >= 2 or (edge.apart and _GAP.search(edge.text) is not None)


def _repeated_lines(edges: Sequence[_Edge], pages: int) -> set[tuple[int, int]]:
    """Return the lines, as page and line, whose words are at the same edge of several pages, apart from the text."""
    able = [
        edge
        for edge in edges
        if edge.apart
        and len(edge.text.split()) <= _MAX_WORDS
        and not _CELLS.search(edge.text)
        and edge.text[0] not in "(（["
    ]
    counts = Counter((edge.zone, " ".join(edge.text.casefold().split())) for edge in able)
    least = min_repeats(pages)
    return {
        (edge.page, edge.line)
        for edge in able
        if counts[edge.zone, " ".join(edge.text.casefold().split())] >= least and not ends_sentence(edge.text)
    }


def _join(pages: Sequence[Sequence[str]], furniture: set[tuple[int, int]], labels: dict[int, str]) -> _Pages:
    text = ""
    starts: list[int] = []
    for number, lines in enumerate(pages):
        body = "\n".join(line for position, line in enumerate(lines) if (number, position) not in furniture)
        body = body.strip("\n")
        if text and body.strip():
            text += "\n" if _runs_on(text, body) else "\n\n"
        starts.append(len(text))
        text += body
    text += "\n"
    spans = tuple(
        PageSpan(start, stop, number + 1, labels.get(number))
        for number, (start, stop) in enumerate(zip(starts, [*starts[1:], len(text)], strict=True))
    )
    lines_out = tuple(pages[page][line].strip() for page, line in sorted(furniture))
    return _Pages(text, spans, lines_out)


def _runs_on(before: str, after: str) -> bool:
    """Return whether a paragraph, or a title with its underline, at the end of a page goes on at the top of another."""
    lines = before.split("\n")[-60:]
    last, first = lines[-1].strip(), after.lstrip()
    is_title = len(lines) < 2 or not lines[-2].strip()
    if is_title and is_underline(first.partition("\n")[0].rstrip(), last):
        return True
    if not last or ends_sentence(last) or last.endswith((":", ";", "：")):
        return False
    return first[0].islower() or len(lines[-1]) >= max(_MIN_LINE, _FULL_LINE * max(map(len, lines)))
