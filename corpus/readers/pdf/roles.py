"""Assigns a role to each line of a PDF file: heading, table row, caption, note, contents entry or body.

A line is judged by its size and weight against the body's, by the lines around it and by its first words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby, pairwise
from statistics import median

from corpus.readers.pdf.cells import is_cut_header, mark_spanning_headers, row_has_values
from corpus.readers.pdf.extraction.drawings import Frame
from corpus.readers.pdf.extraction.glyphs import Span
from corpus.readers.pdf.headings import Titles, have_same_size, mark_headings, normalize_title
from corpus.readers.pdf.text_lines import (
    FREE_END,
    NOTE_LABEL,
    SENTENCE_END,
    BodyStyle,
    PdfLine,
    is_running_text,
    most_common_size,
)
from corpus.scripts import SUPERSCRIPT_DIGITS, TO_SUPERSCRIPT
from corpus.structure.captions import is_caption, is_inset_label, is_label
from corpus.structure.lines import LEADERS, LIST_ITEM, PAGE_NUMBER
from corpus.structure.text_tables import UNIT, is_value
from corpus.vocabulary import FIGURE_LABELS, SOURCE_LABEL, TABLE_LABELS

_PAGE_NUMBER = re.compile(rf"[A-Z]-?\d{{1,4}}|{PAGE_NUMBER}")
"""A page number, in an appendix with its letter."""
_FALLS = 4
"""Page numbers rise. If at least one number in this many is lower than the one before it, they are not page numbers."""
_CAPTION = re.compile(
    rf"(?:(?:{FIGURE_LABELS}|{TABLE_LABELS}|fig|box|listing|plate)\s*[A-Z]?\d+(?:[.\-–]\d+)*\s*[:.|)–—-]"
    r"|[\[<【（(]?\s*(?:図表|図|表|写真|그림|표)\s*\d+)",
    re.IGNORECASE,
)
_FIGURE = re.compile(rf"[\[<【（(]?\s*(?:{FIGURE_LABELS}|fig|図|写真|그림)", re.IGNORECASE)
_NOTE = re.compile(rf"{NOTE_LABEL}|notes?\b|{SOURCE_LABEL}", re.IGNORECASE)
_NOTE_NUMBER = re.compile(rf"[{SUPERSCRIPT_DIGITS}]{{1,3}}|\d{{1,3}}(?=[.)]?\s)")
_RAISED_LABEL = re.compile(rf"([{SUPERSCRIPT_DIGITS}]{{1,3}})\s")
_NOTE_LEADING = 1.45
"""Ems between the lines of a note."""
_MAX_NOTE_DISTANCE = 100
"""Maximum lines between a note reference and the note below its section."""
_SMALL = 0.93
"""Multiple of the body's size up to which a line may be a note or a caption."""
_ALIGNMENT = 4
"""Points by which the edges of aligned cells differ at most, and twice the same for their middles."""
_MIN_ROWS = 3
"""Aligned lines that make a table; two are enough if they have more than two cells."""
_MAX_ROW_LINES, _ROW_DISTANCE, _AIRY_ROW_DISTANCE = 3, 2.6, 6.5
"""Lines from one row to the next, since cells may have several, and ems between them; the same if all cells align."""
_MAX_TITLE_DISTANCE = 4
"""Lines from the last row of a table to the header of the next one: lines of its cells, and the title of the other."""
_TEXT_WIDTH = 0.7
"""Share of the column's width above which a line between two rows is text and not part of a cell."""
_CAPTION_DISTANCE = 1.45
"""Ems between the lines of a caption."""
_MAX_BOX_TITLE = 3
"""Lines of the title of a box."""
_LABELS_DISTANCE = 2.5
"""Ems between a caption and the frame of its drawing."""
_CAPTION_FREE = 0.25
"""Share of the column's width that the last line of a caption leaves free."""
_MIN_PROSE_LINES, _SAME_SIZE = 3, 0.25
"""Full lines that show the edge of prose, at least, and points by which their sizes differ at most."""
_RAGGED = 0.85
"""Share of the longest line from which on the usual line fills the width, as in prose."""
_MAX_CAPTION_LINES, _MIN_CAPTION_WORDS, _MAX_CAPTION_WORDS = 8, 2, 120
"""Small print between other lines that is a caption; more is text in a smaller size."""


def assign_roles(lines: Sequence[PdfLine], body: BodyStyle, titles: Titles) -> None:
    """Set the `role` of every line; `titles` are the bookmarks of the file."""
    _mark_contents(lines)
    _mark_tables(lines)
    mark_spanning_headers(lines)
    _narrow_to_prose(lines)
    boxes = _mark_box_titles(lines)
    for position, line in enumerate(lines):
        if not line.role and (_CAPTION.match(line.text) or is_caption(line.text)):
            line.role = "caption"
            _extend_caption(lines, position)
    _mark_notes(lines, body)
    _mark_large_notes(lines)
    _mark_code(lines, body)
    for line in lines:
        if line.inset in boxes and not line.role:
            line.role = "body"  # in any size
    _mark_small_print(lines, body)
    _mark_labels(lines)
    listed = {normalize_title(LEADERS.split(line.text)[0]) for line in lines if line.role == "contents"}
    mark_headings(lines, body, titles, listed)
    for line in lines:
        line.role = line.role or "body"


def _mark_contents(lines: Sequence[PdfLine]) -> None:
    """Mark the entries of a table of contents: lines with leaders, and lines with a page number where these have it.

    Other leaders are between the cells of a table; they separate them as rules do.
    """
    for _, on_page in groupby(lines, lambda line: line.page):
        lines_of_page = list(on_page)
        tails = [(line, LEADERS.split(line.text)[-1].strip()) for line in lines_of_page if LEADERS.search(line.text)]
        entries = [(line, tail) for line, tail in tails if not tail or _PAGE_NUMBER.fullmatch(tail)]
        numbers = [int(tail) for _, tail in entries if tail.isdecimal()]
        if _FALLS * sum(after < before for before, after in pairwise(numbers)) >= max(len(numbers), 1):
            entries = []  # values of a table
        edges = {round(line.right) for line, _ in entries}
        for line, _ in entries:
            line.role = "contents"
        for line, _ in tails:
            if not line.role:
                line.spans = [span for span in line.spans if not LEADERS.fullmatch(span.text)] or line.spans
        for line in lines_of_page:
            has_number = len(line.spans) > 1 and _PAGE_NUMBER.fullmatch(line.spans[-1].text)
            if has_number and any(abs(line.right - edge) <= _ALIGNMENT for edge in edges):
                line.role = "contents"


def _is_row(line: PdfLine) -> bool:
    if line.role or len(line.spans) < 2:
        return False
    return len(line.spans) > 2 or not (LIST_ITEM.fullmatch(f"{line.spans[0].text} ") or len(line.spans[0].text) < 2)


def _are_aligned(before: PdfLine, after: PdfLine) -> bool:
    """Return whether any cells of two rows, except the first ones, are aligned left, right or by their middles."""
    return any(_are_level(cell, other) for cell in before.spans[1:] for other in after.spans[1:])


def _are_level(cell: Span, other: Span) -> bool:
    return (
        min(abs(cell.left - other.left), abs(cell.right - other.right)) <= _ALIGNMENT
        or abs(cell.left + cell.right - (other.left + other.right)) <= _ALIGNMENT
    )


def _mark_tables(lines: Sequence[PdfLine]) -> None:
    """Mark runs of rows with aligned cells; a narrow line between two rows continues a cell."""
    start = 0
    while start < len(lines):
        if not _is_row(lines[start]):
            start += 1
            continue
        rows, last, stop = 1, start, start + 1
        while stop < len(lines) and stop - last <= _MAX_ROW_LINES:
            above, line = lines[last], lines[stop]
            is_near = _is_near(above, line, stop - last) or _have_same_cells(above, line)
            is_next = stop == last + 1 and line.begins_page_after(above)
            is_cut = is_next and (is_cut_header(lines[start:stop], line) or _are_level_rows(above, line))
            if _is_table_caption(line) or not (is_near or is_cut):
                break
            # a row without some of the cells may be aligned with the header alone
            if _is_row(line) and (_are_aligned(above, line) or _are_aligned(lines[start], line)):
                rows, last = rows + 1, stop
            elif line.right - line.left > _TEXT_WIDTH * (line.right_edge - line.left_edge):
                break
            stop += 1
        if rows >= _MIN_ROWS or (rows == 2 and len(lines[start].spans) > 2):
            for line in lines[start : last + 1]:
                line.role = "table"
            _mark_further_tables(lines[start : last + 1])
        start = last + 1


def _is_table_caption(line: PdfLine) -> bool:
    return len(line.spans) == 1 and (_CAPTION.match(line.text) is not None or is_label(line.text))


def _mark_further_tables(rows: Sequence[PdfLine]) -> None:
    """Mark the first row of each table among rows: a header, or the title right above one, below rows with values."""
    begin = 0
    for position, row in enumerate(rows):
        above = rows[begin:position]
        if not any(map(row_has_values, above)) or not _is_header(row, above):
            continue
        first = position
        if len(rows[position - 1].spans) == 1 and not SENTENCE_END.search(rows[position - 1].text):
            first -= 1  # its title
        begin = first if any(map(row_has_values, rows[begin:first])) else position
        rows[begin].begins_table = True


def _is_header(row: PdfLine, above: Sequence[PdfLine]) -> bool:
    """Return whether a row below others is the header of another table: it has no values, and is bold or below a title.

    A table that goes on repeats its header, and one with words among its values can have a row of words, but not of
    more cells than its other rows, or at other places.
    """
    cells = [span.text for span in row.spans[1:]]
    if len(row.spans) < 2 or row_has_values(row) or row.text == above[0].text:
        return False
    last = next(line for line in reversed(above) if len(line.spans) > 1)
    if row.bold and not last.bold:
        return len(cells) > 1 or above[0].bold
    values = [line.spans[1:] for line in above if row_has_values(line)]
    is_below_title = len(above[-1].spans) == 1 and any(map(row_has_values, above[-_MAX_TITLE_DISTANCE:-1]))
    if not is_below_title or len(cells) < 2:
        return False
    is_wider = len(row.spans) > max(len(line.spans) for line in above)
    level = sum(any(_are_level(cell, other) for other in last.spans) for cell in row.spans)
    return is_wider or 2 * level < len(row.spans) or all(is_value(cell.text) for cells in values for cell in cells)


def _have_same_cells(before: PdfLine, after: PdfLine) -> bool:
    """Return whether two rows have the same number of cells, all of them aligned, at most a few lines apart."""
    return (
        before.is_beside(after)
        and after.baseline - before.baseline <= _AIRY_ROW_DISTANCE * max(before.size, after.size)
        and _are_level_rows(before, after)
    )


def _are_level_rows(before: PdfLine, after: PdfLine) -> bool:
    """Return whether two rows have the same number of cells, three or more, all of them aligned."""
    return len(before.spans) == len(after.spans) > 2 and all(
        _are_level(cell, other) for cell, other in zip(before.spans, after.spans, strict=True)
    )


def _is_near(before: PdfLine, after: PdfLine, steps: int) -> bool:
    distance = after.baseline - before.baseline
    return before.is_beside(after) and distance <= _ROW_DISTANCE * steps * max(before.size, after.size)


def _mark_box_titles(lines: Sequence[PdfLine]) -> set[int]:
    """Mark the titles of frames with prose that name a box ("Box 2. ..."); return the insets that have one."""
    framed: dict[int, list[PdfLine]] = {}
    for line in lines:
        if line.inset:
            framed.setdefault(line.inset, []).append(line)
    boxes = {inset for inset, group in framed.items() if not group[0].role and is_inset_label(group[0].text)}
    for group in (framed[inset] for inset in boxes):
        title = group[0]
        for line in group[:_MAX_BOX_TITLE]:
            if line.role or not have_same_size(title, line) or line.bold != title.bold:
                break
            line.role = "heading"
    return boxes


def _narrow_to_prose(lines: Sequence[PdfLine]) -> None:
    """Move the right edge of the lines of a column to that of its prose, where only a table or a page header is wider.

    Most lines of the prose end near its edge; otherwise it is not known.
    """
    for _, group in groupby(lines, key=lambda line: (line.page, line.block)):
        single = [line for line in group if len(line.spans) == 1 and not line.role]
        prose = [line for line in single if is_running_text(line)]
        size = most_common_size(line.main for line in prose)
        prose = [line for line in prose if abs(line.size - size) <= _SAME_SIZE]
        edge = max((line.right for line in prose), default=0.0)
        full = sum(edge - line.right <= FREE_END * (edge - line.left) for line in prose)
        if full >= _MIN_PROSE_LINES and 2 * full >= len(prose):
            for line in single:
                if line.right <= edge:
                    line.right_edge = edge


def _extend_caption(lines: Sequence[PdfLine], position: int) -> None:
    """Extend a caption to the lines below it of the same style, without a gap, and to the unit below a short one."""
    for before, after in zip(lines[position:], lines[position + 1 :], strict=False):
        if (
            after.role
            or not before.is_beside(after)
            or not have_same_size(before, after)
            or after.baseline - before.baseline > _CAPTION_DISTANCE * before.size
            or SENTENCE_END.search(before.text)
            or (before.right < before.x_at(_CAPTION_FREE) and UNIT.fullmatch(after.text) is None)
        ):
            break
        after.role = "caption"


def _mark_labels(lines: Sequence[PdfLine]) -> None:
    """Mark what a frame right above or below a caption holds: the labels of a drawing, which are not headings."""
    for _, group in groupby(lines, key=lambda line: line.page):
        page = list(group)
        captions = [line for line in page if line.role == "caption"]
        frames = {line.frame for line in page if line.frame is not None}
        drawings = {frame for frame in frames if any(_is_caption_of(caption, frame) for caption in captions)}
        figures = {
            frame
            for frame in drawings
            if any(_FIGURE.match(caption.text) and _is_caption_of(caption, frame) for caption in captions)
        }
        for line in page:
            if line.frame in drawings and not line.role:
                line.role = "body"
            if line.frame in figures:
                line.inset = 0  # a drawing, and no box with text of its own


def _is_caption_of(caption: PdfLine, frame: Frame) -> bool:
    distance = min(abs(caption.baseline - frame.bottom), abs(frame.top - caption.baseline))
    beside = frame.left < caption.right and caption.left < frame.right
    return beside and distance <= _LABELS_DISTANCE * caption.size and caption.frame != frame


def _mark_notes(lines: Sequence[PdfLine], body: BodyStyle) -> None:
    """Mark small print at the end of a column from the first line that begins like a note."""
    for _, group in groupby(lines, key=lambda line: (line.page, line.block)):
        column = list(group)
        first = len(column)
        while first > 0 and column[first - 1].size <= _SMALL * body.size and not column[first - 1].role:
            first -= 1
        begin = next((at for at in range(first, len(column)) if _NOTE.match(column[at].text)), len(column))
        for line in column[begin:]:
            line.role = "notes"


def _mark_large_notes(lines: Sequence[PdfLine]) -> None:
    """Mark notes in the type of the text: the last lines of a column, from a raised number that is also above."""
    for _, group in groupby(lines, key=lambda line: line.page):
        page = list(group)
        first = 0
        for _, lines_of_block in groupby(page, key=lambda line: line.block):
            column = list(lines_of_block)
            for at in range(len(column)):
                if _are_notes(column[at:]) and _is_referred_to(page[: first + at + 1], first + at):
                    for each in column[at:]:
                        each.role = "notes"
                    break
            first += len(column)


def _are_notes(lines: Sequence[PdfLine]) -> bool:
    """Return whether lines without another role are notes with raised numbers, each at a line's distance."""
    return (
        _RAISED_LABEL.match(lines[0].text) is not None
        and not any(line.role or line.inset for line in lines)
        and all(
            _RAISED_LABEL.match(after.text) or after.baseline - before.baseline <= _NOTE_LEADING * before.size
            for before, after in pairwise(lines)
        )
    )


def _mark_code(lines: Sequence[PdfLine], body: BodyStyle) -> None:
    """Mark ragged lines whose letters have one width, unlike those of the text: program code keeps its lines."""
    for (is_code, *_), group in groupby(lines, key=lambda line: (_is_code(line, body), line.page, line.block)):
        block = list(group)
        widths = [line.right - line.left for line in block]
        if is_code and len(block) > 1 and median(widths[:-1]) <= _RAGGED * max(widths):
            for line in block:
                line.role = "code"


def _is_code(line: PdfLine, body: BodyStyle) -> bool:
    return line.fixed and not (line.role or line.bold or body.fixed) and line.size <= body.size


def _mark_small_print(lines: Sequence[PdfLine], body: BodyStyle) -> None:
    """Mark small lines between others: notes below a section, or a few lines that are the caption of a picture."""
    start = 0
    while start < len(lines):
        stop = start
        while stop < len(lines) and lines[stop].size <= _SMALL * body.size and not lines[stop].role:
            if not lines[stop].is_beside(lines[start]):
                break
            stop += 1
        words = sum(len(re.findall(r"[^\W\d_]{2,}", line.text)) for line in lines[start:stop])
        if start < stop and _is_referred_to(lines, start):
            for line in lines[start:stop]:
                line.role = "notes"
        elif start < stop <= start + _MAX_CAPTION_LINES and _MIN_CAPTION_WORDS <= words <= _MAX_CAPTION_WORDS:
            for line in lines[start:stop]:
                line.role = "caption"
        start = max(stop, start + 1)


def _is_referred_to(lines: Sequence[PdfLine], position: int) -> bool:
    """Return whether a line begins with a number that is raised in a line shortly above."""
    number = _NOTE_NUMBER.match(lines[position].text)
    if number is None:
        return False
    mark = re.compile(rf"(?<![{SUPERSCRIPT_DIGITS}]){number[0].translate(TO_SUPERSCRIPT)}(?![{SUPERSCRIPT_DIGITS}])")
    return any(mark.search(line.text, 1) for line in lines[max(0, position - _MAX_NOTE_DISTANCE) : position])
