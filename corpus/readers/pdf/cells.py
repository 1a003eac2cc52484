"""The cells of table rows: join the lines of multi-line cells, and find the column or columns of each cell.

Multi-line cells show as lines at less than the usual distance, because their lines alternate with other cells', or as
further lines below a row, closer to it than the next row.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile

from corpus.readers.pdf.extraction.glyphs import Span
from corpus.readers.pdf.extraction.narrow_gaps import Cell, Word, split_head
from corpus.readers.pdf.text_lines import PdfLine
from corpus.structure.captions import is_label
from corpus.structure.text_tables import UNIT, has_values, is_value

_MAX_DISTANCE = 0.95
"""Ems between lines that can only be in one row, since they would touch each other otherwise."""
_LEADING, _ROW_GAP, _SAME = 1.45, 0.87, 0.3
"""Limits of the distance between two lines of a cell: in ems, and as a share of the distance to the next row; points by
which two such distances on a page may differ."""
_MIN_COLUMNS = 3
"""Columns of a table in which rows without some of the cells are recognized."""
_UNFINISHED = re.compile(r"(?:[,;&/–-]|(?:^|\s)[^\W\d_A-Z]{1,3})$")
"""The end of a line that goes on: a comma, a hyphen, or a short word such as "of"."""
_MAX_HEADER_LINES, _HEADER_DISTANCE, _CENTRED = 4, 2.6, 1.2
"""Lines of a header, ems from one to the next, and ems between the middle of a header cell and that of its columns."""
_MAX_ROWS = 12
"""Rows on the next page that show the cells of a header."""
_MIN_CELLS, _MAX_LINES = 3, 7
"""Cells of one of the lines, and lines of a row; more are columns side by side."""


def join_cell_lines(lines: Sequence[PdfLine]) -> list[PdfLine]:
    """Return the lines, with those of each table row joined to one."""
    groups: list[list[PdfLine]] = []
    for line in lines:
        if groups and not line.table and not groups[-1][-1].table and _touches(groups[-1][-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    result: list[PdfLine] = []
    for group in groups:
        fullest = max(group, key=lambda line: len(line.spans))
        is_row = len(fullest.spans) >= _MIN_CELLS or _are_values_of(fullest, group)
        if len(group) == 1 or len(group) > _MAX_LINES or not is_row:
            result += group
        else:
            result.append(replace(fullest, spans=_join_spans(group)))
    return result


def _are_values_of(line: PdfLine, group: Sequence[PdfLine]) -> bool:
    """Return whether a line has only values, two or more, beside the lines of their label."""
    return len(line.spans) > 1 and all(
        all(is_value(span.text) for span in line.spans)
        if other is line
        else len(other.spans) == 1 and other.right < line.left
        for other in group
    )


def join_wrapped_cells(lines: Sequence[PdfLine]) -> list[PdfLine]:
    """Return the lines, joining to a table row those that continue its cells, and the first lines of its label.

    A line that continues a cell begins with a small letter, follows a word such as "of", or is closer to the row than
    to the next one. Below the last row, it must be as close as the lines that were joined in the rows before.
    """
    lines = _join_labels(lines)
    result: list[PdfLine] = []
    wraps: dict[tuple[int, int], float] = {}  # by page and column: the distance of the lines of a cell
    position = 0
    while position < len(lines):
        row = lines[position]
        result.append(row)
        stop = position + 1
        while (
            row.role == "table" and not row.table and stop < len(lines) and _goes_on(row, lines[stop - 1], lines[stop])
        ):
            stop += 1
        if stop > position + 1:
            distance = lines[stop - 1].baseline - lines[stop - 2].baseline
            block = row.page, row.block
            if _goes_on_in_words(lines[position:stop]):
                result[-1] = replace(row, spans=_join_spans(lines[position:stop]))
                position = stop
                continue
            if stop < len(lines) and lines[stop].role == "table" and lines[stop].is_beside(row):
                is_wrapped = distance < _ROW_GAP * (lines[stop].baseline - lines[stop - 1].baseline)
            else:
                is_wrapped = distance <= wraps.get(block, 0.0) + _SAME
            if is_wrapped:
                wraps[block] = distance
                result[-1] = replace(row, spans=_join_spans(lines[position:stop]))
            else:
                stop = position + 1
        position = stop
    return result


def _join_labels(lines: Sequence[PdfLine]) -> list[PdfLine]:
    """Return the lines, joining the first line of a label with the row of its last one: "Profit of" and "the year | 5".

    The row begins with a small letter and the next one does not, unlike those below a heading such as "of which".
    """
    result: list[PdfLine] = []
    for position, line in enumerate(lines):
        label = result[-1] if result else line
        following = lines[position + 1 : position + 2]
        if (
            line.role == label.role == "table"
            and not (line.table or label.table or line.begins_table or label.text.endswith(":"))
            and len(label.spans) == 1 < len(line.spans)
            and _begins_small(line.spans[0])
            and not (following and len(following[0].spans) > 1 and _begins_small(following[0].spans[0]))
            and _touches(label, line, _LEADING)
            and _column_of(label.spans[0], [(cell.left, cell.right) for cell in line.spans]) == 0
        ):
            result[-1] = replace(line, spans=_join_spans([label, line]))
        else:
            result.append(line)
    return result


def _goes_on_in_words(lines: Sequence[PdfLine]) -> bool:
    """Return whether each line begins with a small letter, or is in later columns and below a line that goes on."""
    first = lines[0].spans[0]
    for above, line in pairwise(lines):
        if _begins_small(line):
            continue
        over = [cell for cell in above.spans for own in line.spans if cell.left < own.right and own.left < cell.right]
        in_first = line.left < first.right
        if in_first or not over or not all(_UNFINISHED.search(cell.text) for cell in over):
            return False
    return True


def _begins_small(text: PdfLine | Span) -> bool:
    return all(span.text[:1].islower() for span in (text.spans if isinstance(text, PdfLine) else (text,)))


def _goes_on(row: PdfLine, above: PdfLine, line: PdfLine) -> bool:
    """Return whether all cells of a line right below another are below some of the cells of a row."""
    columns = [(cell.left, cell.right) for cell in row.spans]
    return (
        len(line.spans) < len(row.spans)
        and (line.role in ("table", "body") or (line.role == "caption" and _begins_small(line)))
        and not (line.table or line.begins_table or (line.extents and _is_unit(line)))
        and _touches(above, line, _LEADING)
        and all(_column_of(cell, columns) is not None for cell in line.spans)
    )


def _touches(before: PdfLine, after: PdfLine, limit: float = _MAX_DISTANCE) -> bool:
    distance = after.baseline - before.baseline
    return before.is_beside(after) and 0 < distance < limit * min(before.size, after.size)


def _join_spans(group: Sequence[PdfLine]) -> list[Span]:
    """Return the cells of a row from left to right; spans below each other are one cell."""
    cells: list[Span] = []
    for span in (span for line in group for span in line.spans):
        cell = next((cell for cell in cells if span.left < cell.right and cell.left < span.right), None)
        if cell is None:
            cells.append(replace(span))
            continue
        cell.text, cell.sources = f"{cell.text} {span.text}", cell.sources + array("i", [-1]) + span.sources
        cell.left, cell.right = min(cell.left, span.left), max(cell.right, span.right)
    return sorted(cells, key=lambda cell: cell.left)


def mark_spanning_headers(lines: Sequence[PdfLine]) -> None:
    """Set the columns of header cells over several columns, and make lines of such cells above a table rows of it."""
    for positions in _runs_of_rows(lines):
        rows = [lines[position] for position in positions]
        values = [row for row in rows if row_has_values(row)]
        width = max(map(len, (row.spans for row in values)), default=0)
        if width < _MIN_COLUMNS:
            continue
        full = [row for row in values if len(row.spans) == width]
        columns = [
            (min(row.spans[n].left for row in full), max(row.spans[n].right for row in full)) for n in range(width)
        ]
        first_values = positions[rows.index(values[0])]
        labels: list[PdfLine] = []  # heads of the labels, between the rows of the header if they are centred
        for position in range(first_values - 1, max(-1, first_values - 1 - _MAX_HEADER_LINES), -1):
            line, below = lines[position], lines[position + 1]
            near = line.is_beside(below) and below.baseline - line.baseline <= _HEADER_DISTANCE * line.size
            is_cut = below.begins_page_after(line) and len(line.spans) > 1 and not row_has_values(line)
            if not (near or is_cut) or line.role not in ("", "table") or is_label(line.text):
                break
            numbers = [_column_of(cell, columns) for cell in line.spans]
            if len(line.spans) > 1 and None not in numbers and len(set(numbers)) == len(numbers):
                columns = _extended(columns, line.spans, [number for number in numbers if number is not None])
            if spanned := [(1, width - 1)] if _is_unit_of_all(line, columns) else _spanned_columns(line, columns):
                line.role, line.columns = "table", [first for first, _ in spanned]
                line.extents = [(count, 1) for _, count in spanned]
                for label in labels:
                    label.role = "table"
            elif line.role != "table" and len(line.spans) == 1 and _column_of(line.spans[0], columns) == 0:
                labels.append(line)
            elif line.role != "table":
                break


def _is_unit_of_all(line: PdfLine, columns: Sequence[tuple[float, float]]) -> bool:
    """Return whether a line is only the unit of all columns of values, in their middle; "%" may be that of one."""
    middle = (columns[1][0] + columns[-1][1]) / 2
    is_centred = abs((line.left + line.right) / 2 - middle) <= _CENTRED * line.size
    return is_centred and _is_unit(line)


def _is_unit(line: PdfLine) -> bool:
    return len(line.spans) == 1 and " " in line.text and UNIT.fullmatch(line.text) is not None


def _extended(
    columns: Sequence[tuple[float, float]], cells: Sequence[Span], numbers: Sequence[int]
) -> list[tuple[float, float]]:
    """Return the edges of columns, extended to the cells of a header, each in one of the columns."""
    result = list(columns)
    for cell, number in zip(cells, numbers, strict=True):
        result[number] = min(cell.left, result[number][0]), max(cell.right, result[number][1])
    return result


def split_cut_headers(lines: Sequence[PdfLine]) -> None:
    """Split the cells of headers at the end of a page that were read as one, where the rows are on the next page.

    A ruled table that begins there without a header gets these rows.
    """
    for position, (before, first) in enumerate(pairwise(lines), 1):
        if not first.begins_page_after(before):
            continue
        rows = [
            row
            for row in lines[position : position + _MAX_ROWS]
            if row.is_beside(first) and len(row.spans) >= _MIN_CELLS and row_has_values(row)
        ]
        cells = [[Cell(cell.left, cell.right, is_value(cell.text)) for cell in row.spans] for row in rows]
        heads = list(
            takewhile(
                lambda line: not (line.role or row_has_values(line) or is_label(line.text)),
                reversed(lines[max(0, position - _MAX_HEADER_LINES) : position]),
            )
        )
        for line in heads if cells else ():
            spans: list[Span] = []
            for number, span in enumerate(line.spans):
                is_whole = [word.text for word in span.words] == span.text.split()
                parts = split_head(span.words, number == 0, len(line.spans), cells) if is_whole else []
                spans += _split_span(span, parts) if len(parts) > 1 else [span]
            line.spans = spans
        if first.table and rows and rows[0] is first:
            _adopt_header(heads, [line for line in lines[position:] if line.table is first.table])


def _split_span(span: Span, parts: Sequence[Sequence[Word]]) -> list[Span]:
    """Return the parts of a span, whose words are given."""
    spans: list[Span] = []
    offset = 0
    for part in parts:
        text = " ".join(word.text for word in part)
        offset = span.text.find(part[0].text, offset)
        end = span.text.find(part[-1].text, max(offset, offset + len(text) - len(part[-1].text))) + len(part[-1].text)
        left, right = part[0].left, part[-1].right
        spans.append(
            replace(
                span, text=span.text[offset:end], sources=span.sources[offset:end], left=left, right=right, words=part
            )
        )
        offset = end
    return spans


def _adopt_header(heads: Sequence[PdfLine], rows: Sequence[PdfLine]) -> None:
    """Make lines above a ruled table without a header rows of it, as far as all of their cells are over its columns."""
    cells: dict[int, list[Span]] = {}
    for row in rows:
        for column, cell in zip(row.columns, row.spans, strict=True):
            cells.setdefault(column, []).append(cell)
    columns = [(min(cell.left for cell in cells[n]), max(cell.right for cell in cells[n])) for n in sorted(cells)]
    if sorted(cells) != list(range(len(cells))):
        return
    for line in heads:
        numbers = [_column_of(cell, columns) for cell in line.spans]
        own = [number for number in numbers if number is not None]
        if len(line.spans) > 1 and len(own) == len(set(own)) == len(numbers):
            columns = _extended(columns, line.spans, own)
            spanned = [(number, 1) for number in own]
        elif not (spanned := _spanned_columns(line, columns)):
            return
        line.table, line.role = rows[0].table, "table"
        line.columns, line.extents = [first for first, _ in spanned], [(count, 1) for _, count in spanned]


def _runs_of_rows(lines: Sequence[PdfLine]) -> Iterator[list[int]]:
    """Yield the positions of the rows of each table without rules, on one page but for the header at the end of one."""
    run: list[int] = []
    for position, line in enumerate(lines):
        if line.role == "table" and not line.table:
            if run and (
                run[-1] != position - 1
                or line.begins_table
                or not (line.is_beside(lines[run[-1]]) or is_cut_header([lines[row] for row in run], line))
            ):
                yield run
                run = []
            run.append(position)
    if run:
        yield run


def is_cut_header(rows: Sequence[PdfLine], line: PdfLine) -> bool:
    """Return whether rows at the end of a page are the header of a table that begins with a line on the next one."""
    return line.begins_page_after(rows[-1]) and not any(map(row_has_values, rows))


def row_has_values(row: PdfLine) -> bool:
    """Return whether a cell after the first one of a row is a value."""
    return has_values([span.text for span in row.spans])


def _spanned_columns(line: PdfLine, columns: Sequence[tuple[float, float]]) -> list[tuple[int, int]]:
    """Return the first column and the number of columns of each cell of a header; empty unless a cell has several.

    A cell is over the middle of its columns, or begins with the first of them and ends with the last.
    """
    middles = [(left + right) / 2 for left, right in columns]
    spanned: list[tuple[int, int]] = []
    for cell in line.spans:
        middle = (cell.left + cell.right) / 2
        nearest = [
            number
            for number, column in enumerate(middles)
            if min(line.spans, key=lambda span: abs((span.left + span.right) / 2 - column)) is cell
        ]
        below = [number for number, (left, right) in enumerate(columns) if left < cell.right and cell.left < right]
        runs = [
            (first, last)
            for first in nearest
            for last in nearest
            if first <= last and (not below or (first <= below[0] and below[-1] <= last))
        ]
        centred = [
            run for run in runs if abs((columns[run[0]][0] + columns[run[1]][1]) / 2 - middle) <= _CENTRED * cell.size
        ]
        if not centred and len(below) == 1:
            centred = [(below[0], below[0])]
        if not centred:
            return []
        first, last = max(centred, key=lambda run: run[1] - run[0])
        spanned.append((first, last - first + 1))
    in_order = all(first + count <= after for (first, count), (after, _) in pairwise(spanned))
    has_labels = any(first == 0 < count - 1 for first, count in spanned)
    return spanned if in_order and not has_labels and any(count > 1 for _, count in spanned) else []


def column_numbers(rows: Sequence[PdfLine]) -> list[list[int]]:
    """Return for each row of a table the column of each cell, from 0.

    The columns are those of the first row with the most cells. A row whose cells cannot be assigned to one column each,
    such as a header over several columns, counts as having all cells from the left.
    """
    fullest = max(rows, key=lambda row: len(row.spans))
    columns = [(cell.left, cell.right) for cell in fullest.spans]
    result: list[list[int]] = []
    for row in rows:
        if row.columns:
            result.append(list(row.columns))
            continue
        numbers = [_column_of(cell, columns) for cell in row.spans]
        clear = len(columns) >= _MIN_COLUMNS and len(row.spans) > 1 and None not in numbers
        in_order = clear and all(a < b for a, b in pairwise(number for number in numbers if number is not None))
        result.append([number for number in numbers if number is not None] if in_order else list(range(len(numbers))))
        if in_order:
            for cell, number in zip(row.spans, result[-1], strict=True):
                columns[number] = min(cell.left, columns[number][0]), max(cell.right, columns[number][1])
    return result


def _column_of(cell: Span, columns: Sequence[tuple[float, float]]) -> int | None:
    """Return the only column that a cell overlaps; None if there is none or more than one."""
    beside = [number for number, (left, right) in enumerate(columns) if cell.left < right and left < cell.right]
    return beside[0] if len(beside) == 1 else None
