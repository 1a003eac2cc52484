"""Lines with roles to paragraphs, and paragraphs to canonical text with the place of every character. Pure.

Lines of a paragraph become one line of the text; a paragraph goes on across columns and pages, and the notes in between
come after it. A hyphen at a line's end goes only where the joined word stands elsewhere in the document.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from corpus.readers.pdf.body_style import Body
from corpus.readers.pdf.headings import BULLET, NUMBERING, begins_heading
from corpus.readers.pdf.text_lines import Line
from corpus.readers.text_builder import CELL_SEPARATOR
from corpus.records import PageSpan
from corpus.structure.notes import is_definition

FLOATS = frozenset({"notes", "caption", "table", "contents"})
_SENTENCE_END = re.compile(r"[.!?:;。！？：；][)\]\"'’”»」』）]*\d{0,3}$")
_NOTE_BEGINS = re.compile(r"\d{1,3}[.)]?\s|[(（\[]\d{1,3}[)）\]]|[*†‡§※]|[Nn]otes?\s*(?:\d|[:：])|注")
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-‐]$")
_WORD = re.compile(r"[^\W\d_]+(?:[-‐'’][^\W\d_]+)*")
_UNSPACED = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
_INDENT = 0.8


@dataclass(slots=True)
class Paragraph:
    """Lines of one role that belong together."""

    role: str
    lines: list[Line]

    @property
    def inset(self) -> int:
        """The box it stands in, 0 for none."""
        return self.lines[0].inset


@dataclass(slots=True)
class Composed:
    """The text; page and glyph of each character (-1 for what was put between); where the paragraphs stand."""

    text: str = ""
    on_page: array[int] = field(default_factory=lambda: array("i"))
    glyphs: array[int] = field(default_factory=lambda: array("i"))
    spans: list[tuple[int, int]] = field(default_factory=list)
    pages: tuple[PageSpan, ...] = ()


def group(lines: Sequence[Line], body: Body) -> list[Paragraph]:
    """The paragraphs in reading order."""
    paragraphs: list[Paragraph] = []
    running: dict[int, Paragraph] = {}  # by inset, the last paragraph of the body if only floats came after it
    for line in lines:
        last = paragraphs[-1] if paragraphs else None
        same = last if last is not None and last.role == line.role and last.inset == line.inset else None
        candidate = running.get(line.inset) if line.role == "body" else same
        if candidate is not None and (
            _follows(candidate, line, body)
            or (line.role == "body" and _goes_over(candidate.lines[-1], line, candidate is not last))
        ):
            candidate.lines.append(line)
            continue
        paragraphs.append(Paragraph(line.role, [line]))
        if line.role == "body":
            running[line.inset] = paragraphs[-1]
        elif line.role not in FLOATS:
            running.pop(line.inset, None)
    return paragraphs


def _follows(paragraph: Paragraph, line: Line, body: Body) -> bool:
    """Whether a line of the same role continues a paragraph directly above it."""
    last = paragraph.lines[-1]
    if (last.page, last.block) != (line.page, line.block):
        return False
    drop = line.baseline - last.baseline
    if paragraph.role in ("table", "contents"):
        return 0 <= drop <= 4 * max(line.size, last.size)
    if (
        abs(line.size - last.size) > 0.1 * last.size
        or not -0.2 * line.size < drop <= 1.35 * max(body.leading, 1.0) * line.size
    ):
        return False
    if paragraph.role == "heading":
        alike = line.bold == last.bold and line.main.italic == last.main.italic
        return alike and len(paragraph.lines) < 6 and not begins_heading(last, line)
    if paragraph.role == "notes":
        short = last.right < last.right_edge - 0.2 * (last.right_edge - last.left_edge)
        ended = short or _SENTENCE_END.search(last.text) is not None
        return not (ended and (_NOTE_BEGINS.match(line.text) or is_definition(last.text, line.text)))
    if paragraph.role == "caption":
        return True
    return not _begins_anew(paragraph, line)


def _begins_anew(paragraph: Paragraph, line: Line) -> bool:
    """Whether a line of the body right below another begins a paragraph: by a bullet, an indent, a short line above."""
    last = paragraph.lines[-1]
    ended = _SENTENCE_END.search(last.text) is not None
    width = last.right_edge - last.left_edge
    short = last.right < last.right_edge - 0.12 * width
    if BULLET.match(line.text) and (short or ended or BULLET.match(paragraph.lines[0].text)):
        return True
    if last.bold and not line.bold and len(paragraph.lines) == 1 and short:
        return True
    indent = line.left - last.left
    hanging = len(paragraph.lines) == 1 and (BULLET.match(last.text) or NUMBERING.match(last.text))
    if indent > _INDENT * line.size and not hanging and (ended or line.left > line.left_edge + _INDENT * line.size):
        return ended or short or indent < 4 * line.size
    return ended and short


def _goes_over(last: Line, line: Line, between: bool) -> bool:
    """Whether a paragraph goes on in the next column, on the next page, or below a picture or notes."""
    if not between and (last.page, last.block) == (line.page, line.block):
        return False
    if line.page - last.page > 1 or abs(line.size - last.size) > 0.05 * last.size or line.bold != last.bold:
        return False
    if BULLET.match(line.text) or NUMBERING.match(line.text):
        return False
    if _HYPHEN.search(last.text):
        return True
    if _SENTENCE_END.search(last.text):
        return False
    full = last.right > last.right_edge - 0.15 * (last.right_edge - last.left_edge)
    indented = line.left > line.left_edge + _INDENT * line.size
    return line.text[:1].islower() or (full and not indented)


def compose(paragraphs: Sequence[Paragraph], labels: dict[int, str]) -> Composed:
    """The text of the paragraphs, a blank line between two; a table's caption stands right above it."""
    words = _words(paragraphs)
    result = Composed()
    parts: list[str] = []
    length = 0
    starts: list[tuple[int, int]] = []  # offset, page

    def add(text: str, page: int, sources: Sequence[int] | None = None) -> None:
        nonlocal length
        if text and (not starts or starts[-1][1] != page):
            starts.append((length, page))
        parts.append(text)
        result.on_page.extend([page] * len(text))
        result.glyphs.extend([-1] * len(text) if sources is None else sources)
        length += len(text)

    for position, paragraph in enumerate(paragraphs):
        if position:
            close = paragraph.role == "table" and paragraphs[position - 1].role == "caption"
            add("\n" if close else "\n\n", starts[-1][1])
        begin = length
        rows = paragraph.role in ("table", "contents")
        for number, line in enumerate(paragraph.lines):
            text, sources = _line_text(line, CELL_SEPARATOR if paragraph.role == "table" else " ")
            following = paragraph.lines[number + 1] if number + 1 < len(paragraph.lines) else None
            glue = "" if following is None else "\n" if rows else _glue(text, following.text, words)
            if glue == "-":  # the word is written in one elsewhere
                text, sources, glue = text[:-1], sources[:-1], ""
            add(text, line.page, sources)
            add(glue, line.page)
        result.spans.append((begin, length))
    parts.append("\n")
    result.text = "".join(parts)
    ends = [start for start, _ in starts[1:]] + [length]
    result.pages = tuple(
        PageSpan(start, end, page, labels.get(page)) for (start, page), end in zip(starts, ends, strict=True)
    )
    return result


def _line_text(line: Line, separator: str) -> tuple[str, array[int]]:
    parts: list[str] = []
    sources = array("i")
    for position, span in enumerate(line.spans):
        if position:
            parts.append(separator)
            sources.extend([-1] * len(separator))
        parts.append(span.text)
        sources.extend(span.sources)
    return "".join(parts), sources


def _glue(text: str, following: str, words: frozenset[str]) -> str:
    """What stands between two lines of a paragraph; "-" says that the hyphen at the first one's end goes."""
    if _HYPHEN.search(text):
        before = _WORD.findall(text[:-1])[-1:]
        after = _WORD.match(following)
        joined = f"{before[0]}{after[0]}".lower() if before and after else ""
        return "-" if joined in words else ""
    if _UNSPACED.match(text[-1:]) and _UNSPACED.match(following[:1]):
        return ""
    return " "


def _words(paragraphs: Sequence[Paragraph]) -> frozenset[str]:
    """The words of the document in small letters, but for those that a line's end breaks."""
    return frozenset(word for paragraph in paragraphs for word in _whole_words(paragraph))


def _whole_words(paragraph: Paragraph) -> Iterator[str]:
    broken = False
    for line in paragraph.lines:
        found = [word.lower() for word in _WORD.findall(line.text)]
        if broken:
            found = found[1:]
        broken = _HYPHEN.search(line.text) is not None
        yield from found[:-1] if broken else found
