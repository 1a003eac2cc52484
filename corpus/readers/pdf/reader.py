"""PDF: the text in reading order, with headings, tables, notes, captions and insets, and the page of each part.

The stages, most in their own module: `extraction` gives the spans of text of each page, drop caps are joined to their
words here, `furniture` removes some spans, `ruled_tables` reads tables drawn with rules, `text_lines` and `frames`
order the lines, `cells` joins those of other tables' cells, `roles` and `headings` classify them, `paragraphs` moves
notes to their section and composes the text. All depend on the bytes alone, so that `locate_text` can locate text
later.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.errors import UnreadableFile
from corpus.metadata.cover import is_placeholder_title
from corpus.metadata.language import Lexicon
from corpus.processes import Json
from corpus.readers.base import FileContent, line_marks
from corpus.readers.pdf.cells import join_cell_lines, join_wrapped_cells, split_cut_headers
from corpus.readers.pdf.extraction.directions import Flow
from corpus.readers.pdf.extraction.document import Bookmark, PdfFile, PdfPage, load_file
from corpus.readers.pdf.extraction.glyphs import CAP_SIZE, WIDE_LETTER, Span
from corpus.readers.pdf.frames import is_title, order_lines_with_frames
from corpus.readers.pdf.furniture import Furniture, find_furniture
from corpus.readers.pdf.headings import MIN_SENTENCE_WORDS, Heading, assign_levels, normalize_title
from corpus.readers.pdf.paragraphs import (
    FLOATS,
    ComposedText,
    Paragraph,
    compose_text,
    group_paragraphs,
    move_footnotes,
    whole_words,
)
from corpus.readers.pdf.recognized_pages import locate_words, place_pages
from corpus.readers.pdf.roles import assign_roles
from corpus.readers.pdf.ruled_tables import with_ruled_rows
from corpus.readers.pdf.text_lines import (
    SENTENCE_END,
    PdfLine,
    append_column_blocks,
    detect_body_style,
    find_used_gutter,
    most_common_size,
    order_lines,
)
from corpus.records import SectionKind, StructureMark, TableShape
from corpus.structure.lines import LIST_ITEM, split_lines
from corpus.structure.notes import find_notes
from corpus.structure.outline import infer_outline
from corpus.translation import english, english_plural, gettext_noop
from corpus.translation import gettext as _

_KINDS: dict[str, SectionKind] = {"caption": "caption", "notes": "notes", "front": "front"}
_ILLEGIBLE = gettext_noop("its text has no letters, since its fonts do not say which they show")
_REMEDY = gettext_noop("`index --ocr` reads it by text recognition (OCR)")
_MAX_DROPPED = 0.1
"""Share of a page's characters above which the characters left out are reported."""
_SHORT_PAGE = 500
"""Characters for which a page with fewer is taken: its running head is a large part of the last page of a chapter."""
_NUMBERED = re.compile(r"\d{1,2}(?:\.\d{1,2})*[.)]?\s")
"""The number of a section: a page with such a heading is not a cover."""
_SENTENCE_INSIDE = re.compile(r"[^\W\d_]{3}[.!?:;](?:\s|$)")
"""The end of a sentence or clause: a long paragraph that contains one is running text."""
_MAX_COVER_LINES, _MAX_COVER_TEXT = 30, 250
"""Lines, and characters of a paragraph or of all sentences, of a cover; a first page with more has running text."""
_MAX_INFERRED_WORDS = 20
"""Words of a heading that nothing but its wording shows; more is a numbered paragraph or question."""
_TITLE_LINES, _LARGER_TITLE = 4, 1.25
"""Lines of the title of a frame, and multiple of its size from which on a later line is the title of a page that the
frame only encloses."""
_TITLE_SIZE = 0.97
"""Minimum size of a heading that is part of the title, as a share of the largest type size on the cover."""
_MAX_CAP_LETTERS = 2
"""Characters of a drop cap: a letter, perhaps with a quotation mark."""
_MAX_CAP_DISTANCE = 0.7
"""Multiple of the drop cap's size between it and the lines beside it."""
_RAISED_CAP_DISTANCE = 0.2
"""The same between a letter on the line of its word and the rest of the word."""
_MIN_CAP_LINES = 2
_SAME_CAP_EDGE, _MAX_CAP_LEADING = 1.0, 1.7
"""Points by which the edges of lines beside a drop cap differ, and ems from the last of them to one more."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page (from 1) as displayed, in points from its upper left corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


def find_scans(data: bytes) -> list[int]:
    """Return the pages (from 1) that text recognition can read, because they have no text or none that is legible.

    Raises:
        UnreadableFile: See `read`.
    """
    return [page.number for page in load_file(data).pages if page.is_scan or not page.legible]


def read(data: bytes, recognized: Mapping[int, Json] | None = None) -> FileContent:
    """Read a PDF file in this process; `isolated.read` does it in a child process.

    Args:
        data: The bytes of the file.
        recognized: What was recognised on pages, by page number, as `page_cache.recognize_page` returns it.

    Raises:
        UnreadableFile: The data is not a PDF file, encrypted, damaged, too large, or a scan without text.
    """
    file = load_file(data)
    placed = place_pages(file, recognized) if recognized else {}
    composition = _compose(file)
    composed, paragraphs = composition.composed, composition.paragraphs
    cover = _find_cover(paragraphs)
    shown = _cover_title(cover)
    declared = {"title": file.information.get("Title", ""), "author": file.information.get("Author", "")}
    for paragraph in cover:
        paragraph.role = "front"
    marks = _marks(composed, paragraphs, file.bookmarks)
    return FileContent(
        composed.text,
        marks,
        {key: value for key, value in declared.items() if not is_placeholder_title(value)},
        composed.pages,
        composition.furniture,
        composition.warnings,
        recognized=tuple(locate_words(composed, placed)),
        title=shown,
    )


def locate_text(data: bytes, start: int, end: int) -> tuple[Box, ...]:
    """Locate `[start, end)` of the text read from these bytes: one box per line, in text order.

    Raises:
        UnreadableFile: See `read`.
    """
    file = load_file(data, keep_glyphs=True)
    composed = _compose(file).composed
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


@dataclass(frozen=True, slots=True)
class _Composition:
    """The text of a file, its paragraphs, its furniture rows, and what could not be read."""

    composed: ComposedText
    paragraphs: list[Paragraph]
    furniture: tuple[str, ...]
    warnings: tuple[str, ...]


def _compose(file: PdfFile) -> _Composition:
    if not any(page.spans for page in file.pages):
        if not all(page.legible for page in file.pages):
            raise UnreadableFile(_("%(illegible)s; %(remedy)s", illegible=_(_ILLEGIBLE), remedy=_(_REMEDY)))
        if any(page.is_scan for page in file.pages):
            raise UnreadableFile(_("no text: the file is a scan; %(remedy)s", remedy=_(_REMEDY)))
        raise UnreadableFile(_("empty: the file contains no text"))
    declared = {page.number: page.label for page in file.pages}
    if all(label in (None, str(page)) for page, label in declared.items()):
        declared = dict.fromkeys(declared)  # they only count the pages: printed numbers say more
    body_size = most_common_size(span for page in file.pages for span in page.spans)
    lexicon = Lexicon(whole_words(span.text for page in file.pages for span in page.spans))
    for flow in (flow for page in file.pages for flow in page.flows[:1]):
        flow.spans = _join_drop_caps(flow.spans, lexicon)
    furniture = find_furniture({page.number: page.flows for page in file.pages}, body_size, declared)
    lines: list[PdfLine] = []
    gutter: float | None = None
    for page in file.pages:
        ordered = _order_page(page, furniture, declared[page.number], gutter)
        gutter = find_used_gutter(ordered)
        append_column_blocks(lines, ordered)
    if not lines:
        raise UnreadableFile(_("empty: the pages contain only page numbers and running heads"))
    lines = join_cell_lines(lines)
    split_cut_headers(lines)
    body = detect_body_style(lines)
    assign_roles(lines, body, {(bookmark.page, normalize_title(bookmark.title)) for bookmark in file.bookmarks})
    lines = join_wrapped_cells(lines)
    _join_frames(lines, body.size)
    paragraphs = group_paragraphs(lines, body)
    composed = compose_text(paragraphs)
    moved = move_footnotes(paragraphs, composed)
    if moved != paragraphs:
        paragraphs, composed = moved, compose_text(moved)
    rows = tuple(row.text for page in file.pages for row in furniture.rows.get(page.number, ()))
    return _Composition(composed, paragraphs, rows, tuple(_warnings(file, furniture)))


def _join_drop_caps(spans: Sequence[Span], lexicon: Lexicon) -> list[Span]:
    """Return the spans of a page without drop caps; the lines beside one begin where it does."""
    caps = [span for span in spans if len(span.text) <= _MAX_CAP_LETTERS and span.text[-1:].isupper()]
    joined: set[int] = set()
    for cap in caps:
        beside = sorted((span for span in spans if _is_beside_cap(span, cap)), key=lambda span: span.baseline)
        heights = {round(span.baseline) for span in beside}
        is_raised = heights == {round(cap.baseline)} and beside[0].left - cap.right <= _RAISED_CAP_DISTANCE * cap.size
        if (len(heights) < _MIN_CAP_LINES and not is_raised) or not beside[0].text[:1].isalpha():
            continue
        first, *others = beside
        space = " " if _is_separate_word(cap.text, first.text, lexicon) else ""
        first.text = f"{cap.text}{space}{first.text}"
        first.sources = cap.sources + array("i", [-1] * len(space)) + first.sources
        indented = abs(others[-1].left - first.left) <= _SAME_CAP_EDGE if others else False
        for span in (first, *others, *(_lines_below(spans, beside[-1]) if indented else ())):
            span.left = cap.left
        joined.add(id(cap))
    return [span for span in spans if id(span) not in joined]


def _is_beside_cap(span: Span, cap: Span) -> bool:
    near = -0.5 * span.size <= span.left - cap.right <= _MAX_CAP_DISTANCE * cap.size
    return near and cap.size >= CAP_SIZE * span.size and cap.top <= span.baseline <= cap.baseline + 0.3 * span.size


def _lines_below(spans: Sequence[Span], last: Span) -> list[Span]:
    """Return the line right below the last one beside a drop cap if it begins at the same edge: it is beside too."""
    return [
        span
        for span in spans
        if abs(span.left - last.left) <= _SAME_CAP_EDGE
        and 0 < span.baseline - last.baseline <= _MAX_CAP_LEADING * last.size
    ]


def _is_separate_word(cap: str, rest: str, lexicon: Lexicon) -> bool:
    """Return whether a drop cap is a word by itself ("A", "I", "À"): the rest is a word, and joined they are none."""
    following = rest.split(maxsplit=1)[0].rstrip(".,;:!?")
    if len(following) > 1 and following.isupper():
        return False
    apart = lexicon.occurs_elsewhere(cap[-1]) and lexicon.occurs_elsewhere(following)
    return apart and cap[-1] + following not in lexicon


def _order_page(page: PdfPage, furniture: Furniture, declared: str | None, gutter: float | None) -> list[PdfLine]:
    """Return the lines of a page in reading order, the text in its main direction first.

    `gutter` is the x coordinate of the gutter on the previous page.
    """
    excluded = furniture.span_ids(page.number)
    lines: list[PdfLine] = []
    for number, flow in enumerate(page.flows):
        parts: list[tuple[str | None, Flow]]
        if number == 0 and page.number in furniture.halves:
            parts = list(zip(furniture.halves[page.number], flow.halves(), strict=True))
        else:
            parts = [(furniture.labels.get(page.number), flow)]
        for label, part in parts:
            spans = [span for span in part.spans if id(span) not in excluded]
            if number == 0:
                spans = with_ruled_rows(spans, page.rules, page.sides)
            ordered = order_lines(page.number, spans) if number else order_lines_with_frames(page, spans, 1, gutter)
            for line in ordered:
                line.label = declared or label
            append_column_blocks(lines, ordered)
    return lines


def _warnings(file: PdfFile, furniture: Furniture) -> Iterator[str]:
    """Yield what of a file is not in its text, with the pages."""
    dropped = []
    for page in file.pages:
        shown = sum(len(span.text) for flow in page.flows for span in flow.spans)
        left_out = sum(len(span.text) for row in furniture.rows.get(page.number, ()) for span in row.spans)
        if left_out > _MAX_DROPPED * max(shown, _SHORT_PAGE):
            dropped.append(page.number)
    if dropped:
        yield english(
            "more than %(share)s of the characters were left out as running heads or page numbers on %(pages)s: "
            "`outline --furniture` lists them",
            share=f"{_MAX_DROPPED:.0%}",
            pages=name_pages(dropped),
        )
    if illegible := [page.number for page in file.pages if not page.legible]:
        yield english(
            "text of %(pages)s not read: %(illegible)s; %(remedy)s",
            pages=name_pages(illegible),
            illegible=_ILLEGIBLE,
            remedy=_REMEDY,
        )
    if gaps := {page.number: page.unread_signs for page in file.pages if page.unread_signs and page.legible}:
        yield english_plural(
            "%(count)s sign on %(pages)s is not read: its font does not say which character it is",
            "%(count)s signs on %(pages)s are not read: their fonts do not say which characters they are",
            sum(gaps.values()),
            pages=name_pages(list(gaps)),
        )
    if scanned := [page.number for page in file.pages if page.is_scan and page.legible]:
        yield english(
            "images with no text, or only a few words, on %(pages)s: %(remedy)s",
            pages=name_pages(scanned),
            remedy=_REMEDY,
        )


def name_pages(pages: Sequence[int]) -> str:
    """Return page numbers in words: "pages 3, 5-7 of the file"."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    named = ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
    return english_plural("page %(pages)s of the file", "pages %(pages)s of the file", len(pages), pages=named)


def _join_frames(lines: list[PdfLine], size: float) -> None:
    """Join a frame without a title to the one before it, in the previous column; alone it is not an inset."""
    previous = 0
    joined: dict[int, int] = {0: 0}
    framed: dict[int, list[PdfLine]] = {}
    for line in lines:
        framed.setdefault(line.inset, []).append(line)
    for line in lines:
        if line.inset not in joined:
            later = max((other.size for other in framed[line.inset][_TITLE_LINES:]), default=0.0)
            titled = is_title(line, size) and later <= _LARGER_TITLE * line.size
            joined[line.inset] = line.inset if titled else previous
        line.inset = joined[line.inset]
        if line.role not in FLOATS:
            previous = line.inset


def _marks(composed: ComposedText, paragraphs: list[Paragraph], bookmarks: list[Bookmark]) -> tuple[StructureMark, ...]:
    levels = {(bookmark.page, normalize_title(bookmark.title)): bookmark.level for bookmark in bookmarks}
    marks: list[StructureMark] = []
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
            first = composed.spans[position - 1][0] if before == "caption" else start
            marks.append(StructureMark("table", None, first, end, _shape(paragraph)))
        elif role == "contents":
            marks += line_marks(composed.text[start:end], start, "front")
        elif role in _KINDS and not (role == "caption" and after == "table"):
            marks.append(StructureMark(_KINDS[role], None, start, end))
    marks += _notes_by_form(composed, paragraphs)
    marks += [StructureMark("inset", None, *span) for span in insets.values()]
    if headings:
        marks += [
            StructureMark("section", level, *span) for span, level in zip(spans, assign_levels(headings), strict=True)
        ]
    else:
        marks += _infer_headings(composed.text, marks)
    return tuple(sorted(marks, key=lambda mark: (mark.start, -mark.end)))


def _notes_by_form(composed: ComposedText, paragraphs: Sequence[Paragraph]) -> Iterator[StructureMark]:
    """Yield the notes that are set like the text, such as those of a printed web page ("Note 3: ...")."""
    body = {
        start: end
        for paragraph, (start, end) in zip(paragraphs, composed.spans, strict=True)
        if paragraph.role == "body"
    }
    lines = split_lines(composed.text)
    for start in (lines[position].start for position in find_notes(lines)):
        if start in body:
            yield StructureMark("notes", None, start, body[start])


def _shape(table: Paragraph) -> TableShape | None:
    """Return the merged cells of a table, and the header rows as far as they show them; None if none are known."""
    if not all(line.table for line in table.lines) and not any(line.extents for line in table.lines):
        return None
    merged = [
        (number, column, columns, rows)
        for number, line in enumerate(table.lines)
        for column, (columns, rows) in zip(line.columns, line.extents, strict=True)
        if columns > 1 or rows > 1
    ]
    header_rows = max((rows for row, column, _, rows in merged if row == 0 < column and rows > 1), default=0)
    return TableShape(len(table.lines), header_rows, tuple(merged))


def _infer_headings(text: str, marks: Sequence[StructureMark]) -> list[StructureMark]:
    """Infer headings outside the marks from words and numbers, for a file without typographic headings."""
    return [
        StructureMark("section", item.level or 0, item.start, item.heading_end)
        for item in infer_outline(text)
        if item.kind in ("section", "inset")
        and len(item.text.split()) <= _MAX_INFERRED_WORDS
        and not item.text.startswith(("(", "（"))
        and not any(mark.start <= item.start < mark.end for mark in marks)
    ]


def _find_cover(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Return the paragraphs of the cover: a first page without running text or list, before pages with headings."""
    first = [paragraph for paragraph in paragraphs if paragraph.page == 1]
    roles = {paragraph.role for paragraph in first}
    is_cover = (
        any(paragraph.role == "heading" and paragraph.page > 1 for paragraph in paragraphs)
        and "heading" in roles
        and "table" not in roles
        and not any(paragraph.role == "heading" and _NUMBERED.match(paragraph.lines[0].text) for paragraph in first)
        and sum(LIST_ITEM.match(f"{paragraph.lines[0].text} ") is not None for paragraph in first) <= 1
        and all(_count_letters(paragraph) <= _MAX_COVER_TEXT for paragraph in first)
        and sum(_count_letters(paragraph) for paragraph in first if _has_sentence(paragraph)) <= _MAX_COVER_TEXT
        and sum(len(paragraph.lines) for paragraph in first) <= _MAX_COVER_LINES
    )
    return first if is_cover else []


def _has_sentence(paragraph: Paragraph) -> bool:
    text = " ".join(line.text for line in paragraph.lines)
    is_long = len(text.split()) >= MIN_SENTENCE_WORDS
    return SENTENCE_END.search(text) is not None or (is_long and _SENTENCE_INSIDE.search(text) is not None)


def _count_letters(paragraph: Paragraph) -> int:
    """Return the length of a paragraph; characters that stand for a syllable or a word count twice."""
    return sum(len(line.text) + len(WIDE_LETTER.findall(line.text)) for line in paragraph.lines)


def _cover_title(cover: Sequence[Paragraph]) -> str | None:
    """Return the text in the largest type; a single word, such as a publisher's name, only if there is nothing else."""
    headings = [
        paragraph
        for paragraph in cover
        if paragraph.role == "heading" and any(map(str.isalpha, paragraph.lines[0].text))
    ]
    headings = [
        heading for heading in headings if sum(len(line.text.split()) for line in heading.lines) > 1
    ] or headings
    least = _TITLE_SIZE * max((heading.lines[0].size for heading in headings), default=0)
    titles = (line.text for heading in headings if heading.lines[0].size > least for line in heading.lines)
    return " ".join(titles) or None
