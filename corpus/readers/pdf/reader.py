"""PDF: the text in reading order, with headings, tables, notes and captions, and the page of every part of it.

Bytes in, a `Reading` out. The characters come from `pdf_glyphs` and `pdf_spans`, their order from `pdf_lines`, what is
no text from `pdf_furniture`, what each line is from `pdf_roles` and `pdf_levels`, the text itself from
`pdf_paragraphs`. All of it depends on the bytes alone, so that `boxes` finds again where a stretch of the text stands
on its pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from corpus.errors import UnreadableFile
from corpus.readers.base import Reading
from corpus.readers.pdf.body_style import body_of, common_size
from corpus.readers.pdf.cover_page import cover_of, title_of
from corpus.readers.pdf.document import Bookmark, File, load
from corpus.readers.pdf.footnotes import in_place
from corpus.readers.pdf.frames import is_title, lines_with_boxes
from corpus.readers.pdf.furniture import find
from corpus.readers.pdf.headings import plain
from corpus.readers.pdf.levels import Styled, levels
from corpus.readers.pdf.paragraphs import FLOATS, Composed, Paragraph, compose, group
from corpus.readers.pdf.roles import assign
from corpus.readers.pdf.spans import Span
from corpus.readers.pdf.text_lines import Line
from corpus.readers.text_builder import line_marks
from corpus.records import Mark, SectionKind
from corpus.structure.outline import infer_outline

_MEANINGLESS_TITLE = re.compile(
    r"\(?(?:untitled|anonymous|unspecified|powerpoint presentation|microsoft \w+.*|document\d*|title"
    r"|.*\.(?:docx?|pptx?|xlsx?|od[tp]|indd|qxd|tex|pdf|rtf|txt|html?))\)?",
    re.IGNORECASE,
)
_KINDS: dict[str, SectionKind] = {"caption": "caption", "notes": "notes", "front": "front"}


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page as it is shown, in points from its upper left corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


def read(data: bytes) -> Reading:
    """Raises UnreadableFile for what is no PDF file, is encrypted, damaged, or a scan without text."""
    file = load(data)
    composed, paragraphs, furniture = _compose(file)
    cover = cover_of(paragraphs)
    title = title_of(cover)
    for paragraph in cover:
        paragraph.role = "front"
    marks = _marks(composed, paragraphs, file.bookmarks)
    return Reading(composed.text, marks, _metadata(file, title), composed.pages, furniture)


def boxes(data: bytes, start: int, end: int) -> tuple[Box, ...]:
    """Where `[start, end)` of the text read from these bytes stands: a box for each line of it, in text order.

    Raises UnreadableFile.
    """
    file = load(data, shown=True)
    composed = _compose(file)[0]
    shown = {page.number: page.shown for page in file.pages}
    found: list[Box] = []
    for number, index in zip(composed.on_page[start:end], composed.glyphs[start:end], strict=True):
        if index >= 0:
            glyph = shown[number][index]
            found.append(Box(number, glyph.left, glyph.top, glyph.right, glyph.bottom))
    return joined(found)


def joined(found: Iterable[Box]) -> tuple[Box, ...]:
    """Boxes of characters, in text order, as one box a line."""
    result: list[Box] = []
    for box in found:
        last = result[-1] if result else None
        middle = (box.top + box.bottom) / 2
        if last is not None and last.page == box.page and last.top < middle < last.bottom and box.left > last.left - 1:
            top, bottom = min(last.top, box.top), max(last.bottom, box.bottom)
            result[-1] = Box(box.page, last.left, top, max(last.right, box.right), bottom)
        else:
            result.append(box)
    return tuple(result)


def _compose(file: File) -> tuple[Composed, list[Paragraph], tuple[str, ...]]:
    if not any(page.spans for page in file.pages):
        if any(page.pictures for page in file.pages):
            raise UnreadableFile("no text in it: a scan; run it through text recognition (OCR) first")
        raise UnreadableFile("empty: no text in it")
    spans = {page.number: page.spans for page in file.pages}
    size = common_size([span for some in spans.values() for span in some])
    declared = {page.number: page.label for page in file.pages}
    furniture = find(spans, {page.number: page.height for page in file.pages}, size, declared)
    lines: list[Line] = []
    insets = 1
    for page in file.pages:
        left_out = furniture.spans(page.number)
        kept = [span for span in spans[page.number] if id(span) not in left_out]
        first = max(line.block for line in lines) + 1 if lines else 0
        found = lines_with_boxes(page, kept, insets)
        insets = max([insets, *(line.inset + 1 for line in found)])
        found += [Line(page.number, [span], 10_000, span.left, span.right) for span in page.turned]
        for line in found:
            line.block += first
        lines += found
    if not lines:
        raise UnreadableFile("empty: nothing on its pages but page numbers and running heads")
    body = body_of(lines)
    assign(lines, body, {(mark.page, plain(mark.title)) for mark in file.bookmarks})
    _join_boxes(lines, body.size)
    paragraphs = group(lines, body)
    labels = furniture.labels | {number: label for number, label in declared.items() if label is not None}
    rows = [row.text for page in file.pages for row in furniture.rows.get(page.number, ())]
    composed = compose(paragraphs, labels)
    placed = in_place(paragraphs, composed)
    if placed != paragraphs:
        paragraphs, composed = placed, compose(placed, labels)
    return composed, paragraphs, tuple(rows)


def _join_boxes(lines: list[Line], size: float) -> None:
    """A box without a title goes on with the one before it, in the next column; by itself it is none."""
    before = 0
    joined: dict[int, int] = {0: 0}
    for line in lines:
        if line.inset not in joined:
            joined[line.inset] = line.inset if is_title(line, size) else before
        line.inset = joined[line.inset]
        if line.role not in FLOATS:
            before = line.inset


def _marks(composed: Composed, paragraphs: list[Paragraph], bookmarks: list[Bookmark]) -> tuple[Mark, ...]:
    known = {(mark.page, plain(mark.title)): mark.level for mark in bookmarks}
    marks: list[Mark] = []
    headings: list[tuple[tuple[int, int], Styled]] = []
    insets: dict[int, tuple[int, int]] = {}
    for position, (paragraph, (start, end)) in enumerate(zip(paragraphs, composed.spans, strict=True)):
        role = paragraph.role
        if paragraph.inset:
            begin, _ = insets.get(paragraph.inset, (start, end))
            insets[paragraph.inset] = (begin, end)
        if role == "heading" and paragraph.inset:
            continue  # the box is one piece
        if role == "heading":
            text = composed.text[start:end]
            main: Span = paragraph.lines[0].main
            bold = all(line.bold for line in paragraph.lines)
            level = known.get((paragraph.lines[0].page, plain(text)))
            headings.append(((start, end), Styled(text, main.size, bold, main.italic, level)))
        elif role == "table":
            titled = position > 0 and paragraphs[position - 1].role == "caption"
            marks.append(Mark("table", None, composed.spans[position - 1][0] if titled else start, end))
        elif role == "caption" and position + 1 < len(paragraphs) and paragraphs[position + 1].role == "table":
            continue  # a line of its table
        elif role == "contents":
            marks += line_marks(composed.text[start:end], start, "front")
        elif role in _KINDS:
            marks.append(Mark(_KINDS[role], None, start, end))
    marks += [Mark("inset", None, *span) for span in insets.values()]
    if not headings:
        return _inferred(composed.text, marks)
    found = levels([styled for _, styled in headings])
    marks += [Mark("section", level, *span) for (span, _), level in zip(headings, found, strict=True)]
    return tuple(sorted(marks, key=lambda mark: (mark.start, -mark.end)))


def _inferred(text: str, marks: list[Mark]) -> tuple[Mark, ...]:
    """Nothing is set as a heading: then the words and numbers must tell, beside what the print has told."""
    for item in infer_outline(text):
        if item.kind in ("section", "inset") and not any(one.start <= item.start < one.end for one in marks):
            marks.append(Mark("section", item.level or 0, item.start, item.heading_end))
    return tuple(sorted(marks, key=lambda mark: (mark.start, -mark.end)))


def _metadata(file: File, cover: str | None) -> dict[str, object]:
    """The title that the file declares, unless a program wrote it there; else the one on its cover."""
    title = file.information.get("Title", "")
    if title and not _MEANINGLESS_TITLE.fullmatch(title):
        return {"title": title}
    return {} if cover is None else {"title": cover}
