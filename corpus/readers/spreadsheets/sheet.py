"""The cells of a sheet as shown, where its tables are, and the text of all sheets.

A sheet is a plane on which people arrange titles, units, headers, rows, groups and notes as they please, with blank
rows and columns between and inside tables. Rows are taken from top to bottom. A row with one cell is a title, the label
of a group or a note, depending on what follows; a row with several cells but no value is a header; any other is a row
of values. Blank columns separate tables only if the part on the right also has labels and several rows.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from corpus import limits
from corpus.errors import UnreadableFile
from corpus.readers.base import FileContent, TextBuilder
from corpus.readers.table_to_text import MAX_CELLS, MAX_COLUMNS, Cell, render_table
from corpus.records import CellSpan
from corpus.structure.captions import is_label
from corpus.structure.text_tables import UNIT, has_values, is_value
from corpus.translation import english, join_first
from corpus.translation import gettext as _
from corpus.vocabulary import SOURCE_LABEL

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""Numbers of the last row and column of a sheet in office programs."""

_NOTE = re.compile(
    rf"\s*(?:(?:foot)?notes?\b|{SOURCE_LABEL}|\(?\d{{1,2}}[)）:]|[a-z]\)|[*†‡※]|[¹²³⁴-⁹]|[（(]?注|備考"
    r"|anmerkung(?:en)?\b|notas?\b"
    r"|(?:n/?a|\.\.\.?|[-–—])\s*[:=])",
    re.IGNORECASE,
)
_LONG_NOTE_WORDS = 12
"""Words of a line below a table that make it a note rather than the title of the next table."""
_DEFAULT_NAME = re.compile(
    r"(?:sheet|worksheet|tabelle|feuil(?:le)?|hoja|planilha|foglio|blad|arkusz|лист|シート)[ _]?1?", re.IGNORECASE
)
"""The name of the first sheet of a new file: no heading where it is the only one."""

_MAX_NAMED = 10


@dataclass(slots=True)
class Sheet:
    """A sheet: the texts of its cells by row and column, both from 1, as shown. Cells without text are left out.

    `merged` has the numbers of rows and columns of each merged cell by its first row and column.
    """

    name: str
    cells: dict[int, dict[int, str]] = field(default_factory=dict)
    merged: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def hide(self) -> tuple[int, int]:
        """Remove the cells in hidden rows and columns, and return how many of both had text.

        A merged cell that is hidden in part is shown in what remains of it.
        """
        row_after, column_after = _following(self.hidden_rows), _following(self.hidden_columns)
        changed: set[int] = set()
        for (top, left), (rows, columns) in list(self.merged.items()):
            row, column = row_after.get(top, top), column_after.get(left, left)
            row, column = row if row < top + rows else top, column if column < left + columns else left
            if (row, column) != (top, left) and (text := self.cells.get(top, {}).get(left)):
                del self.cells[top][left], self.merged[top, left]
                self.cells.setdefault(row, {})[column] = text
                self.merged[row, column] = rows - (row - top), columns - (column - left)
                changed.add(row)
        for row in changed:
            self.cells[row] = dict(sorted(self.cells[row].items()))
        used = {column for row in self.cells.values() for column in row}
        hidden = self.hidden_rows & self.cells.keys(), self.hidden_columns & used
        for row in hidden[0]:
            del self.cells[row]
        if hidden[1]:
            for row in list(self.cells):
                visible = {column: text for column, text in self.cells[row].items() if column not in hidden[1]}
                self.cells[row] = visible
                if not visible:
                    del self.cells[row]
        return len(hidden[0]), len(hidden[1])


def _following(hidden: Collection[int]) -> dict[int, int]:
    """Return the first visible row or column after each hidden one."""
    visible: dict[int, int] = {}
    for number in sorted(hidden, reverse=True):
        visible[number] = visible.get(number + 1, number + 1)
    return visible


class CellCounter:
    """Counts the cells and the merged areas of a file against the limit."""

    def __init__(self) -> None:
        self._count = 0

    def add(self, cells: int = 1) -> None:
        """Raises UnreadableFile if there are too many."""
        self._count += cells
        if self._count > limits.BLOCKS.value:
            raise UnreadableFile(
                _(
                    "a spreadsheet of %(count)s cells or more; %(remedy)s",
                    count=f"{self._count:,}",
                    remedy=limits.BLOCKS.remedy,
                )
            )


@dataclass(slots=True)
class _Table:
    """Lines in their order: `titles` above the header, `rows` with header rows and labels of groups, `notes` below."""

    titles: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)
    has_values: bool = False


class SheetWriter:
    """Adds sheets to a text. `cells` are the cells of each line, `warnings` list omissions."""

    def __init__(self) -> None:
        self.builder = TextBuilder()
        self.cells: list[CellSpan] = []
        self.warnings: list[str] = []

    def add(self, sheet: Sheet, heading: str) -> None:
        """Add the tables and lines of a sheet under a heading, if it has one."""
        if not sheet.cells:
            return
        if heading:
            self.builder.add_heading(heading, 0)
        for strip in _strips(sheet):
            for table in _tables(strip):
                self._add_table(sheet, strip, table)

    def _add_table(self, sheet: Sheet, strip: _Strip, table: _Table) -> None:
        if table.rows:
            columns = sorted({column for row in table.rows for column in strip.cells[row]})
            if len(columns) > MAX_COLUMNS:
                count = f"{len(columns):,}"
                self.warnings.append(
                    english(
                        "sheet “%(sheet)s”: of %(count)s columns only the first %(most)s are read",
                        sheet=sheet.name,
                        count=count,
                        most=MAX_COLUMNS,
                    )
                    if sheet.name
                    else english("of %(count)s columns only the first %(most)s are read", count=count, most=MAX_COLUMNS)
                )
                columns = columns[:MAX_COLUMNS]
            filled = [row for row in table.rows if any(column in strip.cells[row] for column in columns)]
            titles = [_join_cells(strip.cells[row]) for row in table.titles]
            rendered, shape = render_table(_grid(sheet, strip, filled, columns))
            lines = [" ".join(line.split()) for line in rendered]  # as the builder writes them
            start = self.builder.add_table([*titles, *lines], shape=shape)
            self._add_spans(sheet, strip, [*table.titles, *filled], [*titles, *lines], start)
        else:
            for row in table.titles:
                self._add_line(sheet, strip, row, is_note=False)
        for row in table.notes:
            self._add_line(sheet, strip, row, is_note=True)

    def _add_line(self, sheet: Sheet, strip: _Strip, row: int, *, is_note: bool) -> None:
        line = _join_cells(strip.cells[row])
        span = self.builder.add_paragraph(line, "notes" if is_note else None)
        if span is not None:
            self._add_spans(sheet, strip, [row], [line], span[0])

    def _add_spans(self, sheet: Sheet, strip: _Strip, rows: Sequence[int], lines: Sequence[str], start: int) -> None:
        for row, line in zip(rows, lines, strict=True):
            end = start + len(line)
            columns = strip.cells[row]
            self.cells.append(CellSpan(start, end, sheet.name, row, row, min(columns), max(columns)))
            start = end + 1


@dataclass(frozen=True, slots=True)
class _Strip:
    """Some columns of some rows: cells by row and column, and the rows before which a blank row is shown."""

    cells: Mapping[int, Mapping[int, str]]
    after_gap: frozenset[int]

    def is_line(self, row: int) -> bool:
        """Return whether a row has one cell, or a title or note in two: "Table 3 | (in millions)", "1) | Estimated"."""
        texts = list(self.cells[row].values())
        if len(texts) == 1:
            return True
        if len(texts) != 2 or is_value(texts[1]):
            return False
        return is_label(texts[0]) or (_NOTE.match(texts[0]) is not None and len(texts[0]) < 12) or _is_unit(texts[1])

    def has_values(self, row: int) -> bool:
        return has_values(list(self.cells[row].values()))


def _is_unit(text: str) -> bool:
    return re.match(r"[（(]?\s*(?:unit\b|単位)", text, re.IGNORECASE) is not None or (
        text[0] in "(（" and UNIT.fullmatch(text) is not None
    )


def _join_cells(cells: Mapping[int, str]) -> str:
    return " ".join(" ".join(cells[column].split()) for column in sorted(cells))


def _grid(sheet: Sheet, strip: _Strip, rows: Sequence[int], columns: Sequence[int]) -> list[list[Cell]]:
    """Return the cells of a table with the rows and columns that they span, without those that a merged cell covers.

    A merged cell that covers text, which some programs leave behind, spans nothing: no cell may move aside.
    """
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    examined = 0
    for number, row in enumerate(rows):
        for column in strip.cells[row]:
            height, width = sheet.merged.get((row, column), (1, 1))
            place, right = bisect_left(columns, column), bisect_left(columns, column + width)
            end = bisect_left(rows, row + height)
            wide, high = right - place, end - number
            if not 1 < wide * high <= MAX_CELLS - examined:
                continue
            examined += wide * high
            area = [(r, c) for r in rows[number:end] for c in columns[place:right] if (r, c) != (row, column)]
            if not any(c in strip.cells[r] for r, c in area):
                spans[row, column] = wide, high
                covered.update(area)
    return [
        [
            Cell(strip.cells[row].get(column, ""), *spans.get((row, column), (1, 1)))
            for column in columns
            if (row, column) not in covered
        ]
        for row in rows
    ]


def _strips(sheet: Sheet) -> Iterator[_Strip]:
    """Yield the parts of a sheet from top to bottom, those beside each other from left to right."""
    rows = sorted(sheet.cells)
    below: dict[int, int] = {}  # by the first row of merged cells: the row below the tallest one
    for (row, _column), (height, _width) in sheet.merged.items():
        below[row] = max(below.get(row, 0), row + height)
    after_gap = {rows[0]}
    reached = 0  # the row below all merged cells so far
    for before, row in pairwise(rows):
        reached = max(reached, below.get(before, 0))
        between = range(max(before + 1, reached), row)
        if any(number not in sheet.hidden_rows for number in between):
            after_gap.add(row)
    groups: list[tuple[list[tuple[int, int]], list[int]]] = []  # column ranges of the parts, and rows
    band: list[int] = []
    for row in [*rows, 0]:
        if band and (not row or row in after_gap):
            ranges = _ranges(sheet, band)
            has_table = any(len(sheet.cells[number]) > 1 for number in band)
            if groups and (ranges == groups[-1][0] or not has_table):
                groups[-1][1].extend(band)
            elif groups and not any(len(sheet.cells[number]) > 1 for number in groups[-1][1]):
                groups[-1] = ranges, [*groups[-1][1], *band]
            else:
                groups.append((ranges, band))
            band = []
        band.append(row)
    gaps = frozenset(after_gap)
    for ranges, members in groups:
        starts = [first for first, _last in ranges]
        parts: list[dict[int, dict[int, str]]] = [{} for _start in starts]
        for row in members:
            for column, text in sheet.cells[row].items():
                parts[bisect_right(starts, column) - 1].setdefault(row, {})[column] = text
        yield from (_Strip(part, gaps) for part in parts)


_ALL_COLUMNS = (1, 1 << 20)


def _ranges(sheet: Sheet, band: Sequence[int]) -> list[tuple[int, int]]:
    """Return the column ranges of the tables beside each other in some rows; one range if there is one table."""
    several = [sorted(sheet.cells[row].items()) for row in band if len(sheet.cells[row]) > 1]
    used = sorted({column for row in several for column, _text in row})
    gaps = [b for a, b in pairwise(used) if any(c not in sheet.hidden_columns for c in range(a + 1, b))]
    starts = [1]
    for start in gaps:
        end = next((gap for gap in gaps if gap > start), _ALL_COLUMNS[1])
        if _is_table(_between(several, start, end)) and _is_table(_between(several, starts[-1], start)):
            starts.append(start)
    return [*pairwise(starts), (starts[-1], _ALL_COLUMNS[1])] if len(starts) > 1 else [_ALL_COLUMNS]


def _between(rows: Sequence[Sequence[tuple[int, str]]], first: int, last: int) -> list[list[str]]:
    """Return the texts of rows in the columns `[first, last)`."""
    return [[text for _column, text in row[bisect_left(row, (first,)) : bisect_left(row, (last,))]] for row in rows]


def _is_table(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether some columns are a table by themselves: two rows or more of a label and values."""
    with_values = [row for row in rows if has_values(row)]
    return len(with_values) > 1 and 2 * sum(is_value(row[0]) for row in with_values) < len(with_values)


def _tables(strip: _Strip) -> Iterator[_Table]:
    """Yield the tables of a strip with the lines above and below them; lines without a table make one without rows."""
    table = _Table()
    lines: list[int] = []  # rows with one cell whose role depends on what follows
    for row in sorted(strip.cells):
        if strip.is_line(row):
            lines.append(row)
            continue
        values = strip.has_values(row)
        begins = not table.rows or (
            table.has_values and not values and (bool(lines) or row in strip.after_gap)
        ) or _next_title(strip, lines) is not None  # fmt: skip
        if begins:
            notes = _count_notes(strip, lines) if table.rows else 0
            if table.rows:
                table.notes += lines[:notes]
                yield table
            table = _Table(titles=lines[notes:])
        else:
            table.rows += lines
        lines = []
        table.rows.append(row)
        table.has_values = table.has_values or values
    if not table.rows:
        yield _Table(titles=lines)
        return
    notes = _count_notes(strip, lines)
    table.notes += lines[:notes]
    yield table
    if lines[notes:]:
        yield _Table(titles=lines[notes:])


def _next_title(strip: _Strip, lines: Sequence[int]) -> int | None:
    """Return the position of the first line that is labelled as a table ("Table 4")."""
    return next((at for at, row in enumerate(lines) if is_label(_join_cells(strip.cells[row]))), None)


def _count_notes(strip: _Strip, lines: Sequence[int]) -> int:
    """Return how many of the lines below a table are its notes; the others are about what follows."""
    title = _next_title(strip, lines)
    if title is not None:
        return title
    count = 0
    for number, row in enumerate(lines, 1):
        text = _join_cells(strip.cells[row])
        starts = _NOTE.match(text) is not None or len(text.split()) > _LONG_NOTE_WORDS or text[-1] in ".。"
        if starts or (count == number - 1 and count and row not in strip.after_gap):
            count = number
    return count


def compose(
    sheets: Sequence[Sheet], hidden: Sequence[str], metadata: Mapping[str, object], warnings: Sequence[str] = ()
) -> FileContent:
    """Return the visible cells of a workbook, each sheet under its name. Hidden ones are counted in warnings.

    Args:
        sheets: The visible sheets.
        hidden: The names of the hidden sheets.
        metadata: The metadata declared by the file.
        warnings: Sentences about parts that were not read.

    Raises:
        UnreadableFile: No visible cell has text.
    """
    writer = SheetWriter()
    left_out = {sheet.name: counts for sheet in sheets if any(counts := sheet.hide())}
    named = [sheet for sheet in sheets if sheet.cells]
    for sheet in named:
        is_alone = len(named) == 1 and (_DEFAULT_NAME.fullmatch(sheet.name) or not sheet.name)
        writer.add(sheet, "" if is_alone else sheet.name)
    if not writer.builder.text.strip():
        raise UnreadableFile(_("empty: no visible cell has text"))
    all_warnings = [*warnings, *writer.warnings]
    if hidden:
        names = join_first(hidden, _MAX_NAMED)
        all_warnings.append(
            english("hidden sheets are left out (%(count)s): %(names)s", count=f"{len(hidden):,}", names=names)
        )
    if left_out:
        rows, columns = (sum(counts) for counts in zip(*left_out.values(), strict=True))
        all_warnings.append(
            english(
                "hidden rows (%(rows)s) and columns (%(columns)s) are left out: %(names)s",
                rows=f"{rows:,}",
                columns=f"{columns:,}",
                names=join_first(list(left_out), _MAX_NAMED),
            )
        )
    text, marks = writer.builder.text, writer.builder.marks
    return FileContent(text, marks, metadata, warnings=tuple(all_warnings), cells=tuple(writer.cells))
