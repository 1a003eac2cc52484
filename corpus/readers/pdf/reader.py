"""PDF: the text in reading order, with headings, tables, notes, captions and insets, and the page of each part.

The stages, each in its module: `document` and `glyphs` extract spans of text, `furniture` removes running heads,
`text_lines` and `frames` order the lines, `roles` and `headings` classify them, `paragraphs` composes the text and
`footnotes` moves notes to their section. All depend on the bytes alone, so that `locate_text` can locate text later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.errors import UnreadableFile
from corpus.readers.base import Reading
from corpus.readers.pdf.document import Bookmark, PdfFile, load_file
from corpus.readers.pdf.footnotes import move_footnotes
from corpus.readers.pdf.frames import is_title, order_lines_with_frames
from corpus.readers.pdf.furniture import find_furniture
from corpus.readers.pdf.headings import Heading, assign_levels, normalize_title
from corpus.readers.pdf.paragraphs import FLOATS, ComposedText, Paragraph, compose_text, group_paragraphs
from corpus.readers.pdf.roles import assign_roles
from corpus.readers.pdf.text_lines import Line, detect_body_style, most_common_size
from corpus.readers.text_builder import line_marks
from corpus.records import Mark, SectionKind
from corpus.structure.outline import infer_outline

_PLACEHOLDER_TITLE = re.compile(
    r"\(?(?:untitled|anonymous|unspecified|powerpoint presentation|microsoft \w+.*|document\d*|title"
    r"|.*\.(?:docx?|pptx?|xlsx?|od[tp]|indd|qxd|tex|pdf|rtf|txt|html?))\)?",
    re.IGNORECASE,
)
_KINDS: dict[str, SectionKind] = {"caption": "caption", "notes": "notes", "front": "front"}
_ROTATED_BLOCK = 10_000
"""Block number on a page, beyond those of its columns, of text in another direction."""
_MAX_COVER_LINES, _MAX_COVER_PARAGRAPH = 30, 250
"""Lines, and characters of a paragraph, of a cover; a first page with more has running text."""
_TITLE_SIZE = 0.97
"""Share of the largest type size on a cover from which on a heading is part of the title."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page (from 1) as displayed, in points from its upper left corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


def read(data: bytes) -> Reading:
    """Read a PDF file in this process; `isolated.read` does it in a child process.

    Raises:
        UnreadableFile: The data is not a PDF file, encrypted, damaged, too large, or a scan without text.
    """
    file = load_file(data)
    composed, paragraphs, furniture = _compose(file)
    cover = _find_cover(paragraphs)
    title: str | None = file.information.get("Title")
    if not title or _PLACEHOLDER_TITLE.fullmatch(title):
        title = _cover_title(cover)
    for paragraph in cover:
        paragraph.role = "front"
    marks = _marks(composed, paragraphs, file.bookmarks)
    return Reading(composed.text, marks, {"title": title} if title else {}, composed.pages, furniture)


def locate_text(data: bytes, start: int, end: int) -> tuple[Box, ...]:
    """Locate `[start, end)` of the text read from these bytes: one box per line, in text order.

    Raises:
        UnreadableFile: See `read`.
    """
    file = load_file(data, keep_glyphs=True)
    composed = _compose(file)[0]
    glyphs = {page.number: page.glyphs for page in file.pages}
    located = zip(composed.on_page[start:end], composed.glyphs[start:end], strict=True)
    shown = ((page, glyphs[page][number]) for page, number in located if number >= 0)
    return merge_boxes(Box(page, glyph.left, glyph.top, glyph.right, glyph.bottom) for page, glyph in shown)


def merge_boxes(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """Merge the boxes of characters, in text order, to one box per line."""
    merged: list[Box] = []
    for box in boxes:
        last = merged[-1] if merged else None
        middle = (box.top + box.bottom) / 2
        if last is not None and last.page == box.page and last.top < middle < last.bottom and box.left > last.left - 1:
            top, bottom = min(last.top, box.top), max(last.bottom, box.bottom)
            merged[-1] = Box(box.page, last.left, top, max(last.right, box.right), bottom)
        else:
            merged.append(box)
    return tuple(merged)


def _compose(file: PdfFile) -> tuple[ComposedText, list[Paragraph], tuple[str, ...]]:
    """Return the text, its paragraphs and the furniture rows."""
    if not any(page.spans for page in file.pages):
        if any(page.has_images for page in file.pages):
            raise UnreadableFile("no text: the file is a scan; run text recognition (OCR) on it first")
        raise UnreadableFile("empty: the file contains no text")
    spans = {page.number: page.spans for page in file.pages}
    heights = {page.number: page.height for page in file.pages}
    labels = {page.number: page.label for page in file.pages}
    body_size = most_common_size(span for page in file.pages for span in page.spans)
    furniture = find_furniture(spans, heights, body_size, labels)
    lines: list[Line] = []
    next_block, next_inset = 0, 1
    for page in file.pages:
        furniture_ids = furniture.span_ids(page.number)
        text_spans = [span for span in page.spans if id(span) not in furniture_ids]
        page_lines = order_lines_with_frames(page, text_spans, next_inset)
        next_inset = max([next_inset, *(line.inset + 1 for line in page_lines)])
        page_lines += [Line(page.number, [span], _ROTATED_BLOCK, span.left, span.right) for span in page.rotated]
        for line in page_lines:
            line.block += next_block
        next_block = max([next_block, *(line.block + 1 for line in page_lines)])
        lines += page_lines
    if not lines:
        raise UnreadableFile("empty: the pages contain only page numbers and running heads")
    body = detect_body_style(lines)
    assign_roles(lines, body, {(bookmark.page, normalize_title(bookmark.title)) for bookmark in file.bookmarks})
    _join_frames(lines, body.size)
    paragraphs = group_paragraphs(lines, body)
    printed = furniture.labels | {number: label for number, label in labels.items() if label is not None}
    composed = compose_text(paragraphs, printed)
    moved = move_footnotes(paragraphs, composed)
    if moved != paragraphs:
        paragraphs, composed = moved, compose_text(moved, printed)
    rows = [row.text for page in file.pages for row in furniture.rows.get(page.number, ())]
    return composed, paragraphs, tuple(rows)


def _join_frames(lines: list[Line], size: float) -> None:
    """Join a frame without a title to the one before it, in the previous column; alone it is no inset."""
    previous = 0
    joined: dict[int, int] = {0: 0}
    for line in lines:
        if line.inset not in joined:
            joined[line.inset] = line.inset if is_title(line, size) else previous
        line.inset = joined[line.inset]
        if line.role not in FLOATS:
            previous = line.inset


def _marks(composed: ComposedText, paragraphs: list[Paragraph], bookmarks: list[Bookmark]) -> tuple[Mark, ...]:
    levels = {(bookmark.page, normalize_title(bookmark.title)): bookmark.level for bookmark in bookmarks}
    marks: list[Mark] = []
    spans: list[tuple[int, int]] = []
    headings: list[Heading] = []
    insets: dict[int, tuple[int, int]] = {}
    roles = ["", *(paragraph.role for paragraph in paragraphs), ""]
    for position, (paragraph, (start, end)) in enumerate(zip(paragraphs, composed.spans, strict=True)):
        role, before, after = paragraph.role, roles[position], roles[position + 2]
        if paragraph.inset:
            insets[paragraph.inset] = (insets.get(paragraph.inset, (start, end))[0], end)
        if role == "heading" and not paragraph.inset:  # headings in an inset are plain lines
            text, style = composed.text[start:end], paragraph.lines[0].main
            bold = all(line.bold for line in paragraph.lines)
            level = levels.get((paragraph.page, normalize_title(text)))
            spans.append((start, end))
            headings.append(Heading(text, style.size, bold, style.italic, level))
        elif role == "table":
            marks.append(Mark("table", None, composed.spans[position - 1][0] if before == "caption" else start, end))
        elif role == "contents":
            marks += line_marks(composed.text[start:end], start, "front")
        elif role in _KINDS and not (role == "caption" and after == "table"):
            marks.append(Mark(_KINDS[role], None, start, end))
    marks += [Mark("inset", None, *span) for span in insets.values()]
    if headings:
        marks += [Mark("section", level, *span) for span, level in zip(spans, assign_levels(headings), strict=True)]
    else:
        marks += _infer_headings(composed.text, marks)
    return tuple(sorted(marks, key=lambda mark: (mark.start, -mark.end)))


def _infer_headings(text: str, marks: Sequence[Mark]) -> list[Mark]:
    """Infer headings outside the marks from words and numbers, for a file without typographic headings."""
    return [
        Mark("section", item.level or 0, item.start, item.heading_end)
        for item in infer_outline(text)
        if item.kind in ("section", "inset") and not any(mark.start <= item.start < mark.end for mark in marks)
    ]


def _find_cover(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Return the paragraphs of the cover: a first page without running text, before pages with headings."""
    first = [paragraph for paragraph in paragraphs if paragraph.page == 1]
    roles = {paragraph.role for paragraph in first}
    is_cover = (
        any(paragraph.role == "heading" and paragraph.page > 1 for paragraph in paragraphs)
        and "heading" in roles
        and "table" not in roles
        and all(sum(len(line.text) for line in paragraph.lines) <= _MAX_COVER_PARAGRAPH for paragraph in first)
        and sum(len(paragraph.lines) for paragraph in first) <= _MAX_COVER_LINES
    )
    return first if is_cover else []


def _cover_title(cover: Sequence[Paragraph]) -> str | None:
    """Return the text in the largest type; a single word, such as a publisher's name, only if there is nothing else."""
    headings = [
        paragraph
        for paragraph in cover
        if paragraph.role == "heading" and any(map(str.isalpha, paragraph.lines[0].text))
    ]
    headings = [one for one in headings if sum(len(line.text.split()) for line in one.lines) > 1] or headings
    least = _TITLE_SIZE * max((heading.lines[0].size for heading in headings), default=0)
    return " ".join(line.text for one in headings if one.lines[0].size > least for line in one.lines) or None
