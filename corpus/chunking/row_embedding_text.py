"""Read the lines of a table: which are header rows, what labels a row, and each row in words.

A row says nothing without its header: "Arvik | 4.35 | 3.05" answers no question. In words it is "Arvik, Households:
4.35; Industry: 3.05", which is what is embedded and compared with a question; the row itself is what is quoted. Formats
that declare header rows and merged cells state them in a `TableShape`; what is not declared is inferred from the cells.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.chunking.sentences import split_sentences
from corpus.records import TableShape
from corpus.scripts import BULLETS, SUPERSCRIPT_DIGITS
from corpus.structure.lines import Line
from corpus.structure.text_tables import (
    BAR,
    DRAWN_BARS,
    UNIT,
    cell_grid,
    count_joined_figures,
    has_cells,
    has_cells_of,
    has_values,
    is_period,
    is_rule,
    is_value,
    without_dates,
)

LineKind = Literal["header", "label", "row", "text"]
"""A label is a row with one cell, which groups the rows below it; text is a line without cells, such as a caption."""

_RULE = re.compile(r"(?=.*-)[|:\- \t]+$")
_SPLIT = re.compile(r"(?<!\\)\|")
_SPACED = re.compile(r"(?:^|(?<=\s))\|(?=\s|$)")
"""The separator that readers write; a bar without spaces is part of a cell."""
_LEADERS = re.compile(r"(?:\s?[.·…]){4,}$")
_MARKUP = re.compile(r"\*\*|__|`|(?<=\w)\*|\\(?=\|)|\[\^[^\]\s]+\]")
_NOTE_REFERENCE = re.compile(
    r"(?<=[\w%.)’'”])\s*(?:\((?:\d|[a-z]|\*{1,3})\)|[*†‡§]{1,3})$|(?<=\d)(?<!\b10)[¹²³]$|(?<=[^\W\d]{3})\s?[¹²³⁴-⁹]{1,2}$"
    rf"|(?<=[\w%.)])\s?(?:⁽?[{SUPERSCRIPT_DIGITS}ᵃ-ᶻʰʲʳʷʸˡˢˣⁱⁿ]{{1,2}}⁾|[¹²³⁴-⁹]{{1,2}}(?:[,⁻] ?[¹²³⁴-⁹]{{1,2}})+)$"
    r"|(?<=[^\W_]{3})[ᵃ-ᶻʰʲʳʷʸˡˢˣ]$"
)
_UNPAIRED_REFERENCE = re.compile(r"(?<=[^\W\d]{2})\d{1,2}\)$|(?<=\w)\s(?:\d{1,2}|[a-z])\)$")
"""A note reference with one bracket, in a cell without another bracket."""
_INTRODUCES = re.compile(
    r"\b(?:following|next)\s(?:\w+\s){0,3}tables?\b|\btables?\s(?:\w+\s){0,4}(?:below|shows?|presents?|sets?|summari[sz]es?)\b"
    r"|\b(?:as follows|shown below|set out below|set forth below|listed below|the following)\b"
    r"|\b(?:folgende|nachstehende)\w*\s|\bwie folgt\b|\bsuivante?s?\b|\bci-(?:dessous|après)\b|\bsiguientes?\b"
    r"|次の(?:とおり|通り|表)",
    re.IGNORECASE,
)
_LIST_ITEM = re.compile(rf"\s*(?:[{BULLETS}]|\d{{1,2}}[.)])\s")
"""An item of a list above a table. Unlike `LIST_ITEM`, without letters: "A. Assets" can be the title of the table."""

_MAX_TITLES, _TITLE_WORDS = 3, 15
"""Lines above a table that are not sentences, and their words: its title, unit or date."""
_INTRODUCTION_WORDS = 15
"""Words of a paragraph that introduces a table as a whole; of a longer one only the last sentence does."""

_MAX_HEADER_ROWS, _MAX_LABEL_COLUMNS, _MAX_UNIT = 5, 3, 80
_MAX_CHARACTERS = 600
"""Maximum length of a caption or of a row in words, which bounds the work on huge cells."""


@dataclass(frozen=True, slots=True)
class TableLine:
    """A line of a table: its trimmed span, its kind, and for a row its text with the headers of its cells."""

    start: int
    end: int
    kind: LineKind
    wording: str = ""


@dataclass(frozen=True, slots=True)
class TableText:
    """The lines of a table, the header of its columns as one line, and the headers that all columns share.

    `common` is the header cell over several columns, such as a year; `unit` the unit in the corner over the labels.
    """

    lines: tuple[TableLine, ...]
    header: str = ""
    common: str = ""
    unit: str = ""


def row_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the trimmed spans of the lines of `text[start:end]`; the rule below a Markdown header belongs to it."""
    spans: list[tuple[int, int]] = []
    for line in re.finditer(r"[^\n]+", text[start:end]):
        stripped = line[0].strip()
        if not stripped:
            continue
        begin = start + line.start() + len(line[0]) - len(line[0].lstrip())
        stop = begin + len(stripped)
        if spans and BAR in text[slice(*spans[-1])] and _RULE.match(line[0]):
            spans[-1] = (spans[-1][0], stop)
        else:
            spans.append((begin, stop))
    return spans


def read_table(text: str, start: int, end: int, shape: TableShape | None = None) -> TableText:
    """Read the table `text[start:end]`.

    Args:
        text: The canonical text.
        start: Offset of the first line, which may be a caption.
        end: Offset of the end of the last line.
        shape: Header rows and merged cells, as far as the format declares them.

    Returns:
        All lines in order. Lines above the first row are of kind "text".
    """
    if shape is None and (table := text[start:end].translate(DRAWN_BARS)) != text[start:end]:
        text = f"{text[:start]}{table}{text[end:]}"
    spans = row_spans(text, start, end)
    rules = [span for span in spans if is_rule(text[slice(*span)])]
    spans = [span for span in spans if span not in rules]
    if shape is not None and shape.rows > len(spans):
        shape = None  # its first row became the heading of an inset
    first = _first_row(text, spans, shape)
    if first == len(spans):
        return TableText(tuple(TableLine(*span, "text") for span in sorted((*spans, *rules))))
    rows = spans[first:]
    barred = shape is not None or any(BAR in text[slice(*span)] for span in rows)
    if barred:
        grid, has_rule, misfits = _grid([text[slice(*span)] for span in rows], shape)
    else:
        grid, has_rule, misfits = (
            [[_clean(cell) for cell in row] for row in cell_grid(_lines(text, rows))],
            False,
            set(),
        )
    declared = 0 if shape is None else shape.header_rows or _merged_header_rows(grid, shape)
    kinds = _kinds(grid, max(declared, int(has_rule)))
    header_rows = next((number for number, kind in enumerate(kinds) if kind != "header"), len(kinds))
    label_columns = _label_columns(grid, kinds)
    headers = [row for number, row in enumerate(grid[:header_rows]) if number not in misfits]
    columns, common = _columns(headers, label_columns, shape is not None and bool(shape.merged))
    group_ends = () if barred else {bisect_left(rows, rule) for rule in rules}
    described = _describe(grid, kinds, columns, label_columns, group_ends, misfits)
    lines = [TableLine(*span, "text") for span in spans[:first]]
    lines += [TableLine(*span, kind, wording) for span, kind, wording in zip(rows, kinds, described, strict=True)]
    lines += [TableLine(*span, "label" if span > rows[0] else "text") for span in rules]
    lines.sort(key=lambda line: line.start)
    header = " ".join(f" {BAR} ".join(columns).split()) if any(columns) else ""
    units = [cell for row in grid[:header_rows] for cell in row[:label_columns] if UNIT.fullmatch(cell[:_MAX_UNIT])]
    return TableText(tuple(lines), header[:_MAX_CHARACTERS], common[:_MAX_CHARACTERS], ", ".join(dict.fromkeys(units)))


def _first_row(text: str, spans: Sequence[tuple[int, int]], shape: TableShape | None) -> int:
    if shape is not None:
        return len(spans) - shape.rows
    barred = next((i for i, span in enumerate(spans) if BAR in text[slice(*span)]), len(spans))
    if barred < len(spans):
        return barred
    return next((i for i, span in enumerate(spans) if has_cells(text[slice(*span)])), len(spans))


def _lines(text: str, spans: Sequence[tuple[int, int]]) -> list[Line]:
    """Return the lines of a text that hold these spans."""
    starts = (text.rfind("\n", 0, start) + 1 for start, _ in spans)
    return [Line(start, end, text[first:end], first - start) for start, (first, end) in zip(starts, spans, strict=True)]


def _grid(lines: Sequence[str], shape: TableShape | None) -> tuple[list[list[str]], bool, set[int]]:
    """Return the cells of each row, all rows equally long, whether a rule follows the first row, and the misfits.

    Misfits are the numbers of the rows whose cells are not those of the columns, since some were read as one cell.
    """
    has_rule = "\n" in lines[0]
    lines = [line.split("\n")[0].strip() for line in lines]
    bordered = shape is None and all(line.startswith(BAR) for line in lines if BAR in line)
    if bordered:
        lines = [line.removeprefix(BAR) for line in lines]
        lines = [line if line.endswith("\\|") else line.removesuffix(BAR) for line in lines]
    separator = _SPLIT if shape is None else _SPACED
    grid = [[_clean(cell) for cell in separator.split(line)] for line in lines]
    width = max(map(len, grid))
    misfits = {number for number, row in enumerate(grid) if not has_cells_of(row, width)}
    if shape is None and not bordered and len(grid) > 1:
        usual = Counter(len(row) + count_joined_figures(row) for row in grid[1:]).most_common(1)[0][0]
        values = _value_columns(grid, usual)
        if not has_values(grid[0]):
            misfits |= {number for number, row in enumerate(grid) if _is_wider(row, max(len(grid[0]), usual))}
        for number, row in enumerate(grid):
            if not 1 < len(row) < usual or has_values(row):
                continue
            if len(row) >= values and (is_period(row[0]) or not all(map(is_period, row[1:]))):
                grid[number] = [""] * (usual - len(row)) + row  # a header over the columns of figures only
            else:
                misfits.add(number)
    for row in grid:
        row += [""] * (width - len(row))
    for top, left, columns, rows in shape.merged if shape is not None else ():
        if columns == width:
            continue  # one cell over the whole row labels the rows below
        for row in grid[top : top + rows]:
            row[left : left + columns] = [cell or grid[top][left] for cell in row[left : left + columns]]
    return grid, has_rule, misfits


def _is_wider(row: Sequence[str], width: int) -> bool:
    """Return whether a row has a value, and not a mark or remark, behind the columns of its table."""
    return len(row) > width and is_value(row[width])


def _value_columns(grid: Sequence[Sequence[str]], width: int) -> int:
    """Return how many of the `width` columns of a table have values: those from the first with values on."""
    rows = [row for row in grid if len(row) == width and has_values(row)]
    for column in range(1, width):
        if 2 * sum(is_value(row[column]) for row in rows) > len(rows):
            return width - column
    return width - 1


def _clean(cell: str) -> str:
    """Return a cell without markup and without note references; "m²" and "10³" have none."""
    cell = _LEADERS.sub("", " ".join(_MARKUP.sub("", cell).split()))
    while stripped := _NOTE_REFERENCE.search(cell) or ("(" not in cell and _UNPAIRED_REFERENCE.search(cell)):
        cell = cell[: stripped.start()].rstrip()
    return cell


def _is_label(row: Sequence[str]) -> bool:
    """Return whether a row has one cell with text, perhaps repeated over the columns of values, but no value itself."""
    cells = [cell for cell in row if cell]
    return len(cells) == 1 if row[0] else len(set(cells)) == 1 and not is_value(cells[0])


def _merged_header_rows(grid: Sequence[Sequence[str]], shape: TableShape) -> int:
    """Return the header rows of a table whose first row has a cell over several columns, above their names; 0 if none.

    The corner is blank or as high as these rows, unlike in a form such as "Name | Anna Clay".
    """
    spans = [(columns, rows) for top, left, columns, rows in shape.merged if top == 0 < left]
    corner = max((rows for top, left, _, rows in shape.merged if top == left == 0), default=1)
    names = max((rows for columns, rows in spans if columns > 1), default=len(grid))
    is_header = names + 1 < len(grid) and (corner > names or not grid[0][0]) and not has_values(grid[names])
    return names + 1 if is_header else 0


def _kinds(grid: Sequence[Sequence[str]], declared: int) -> list[LineKind]:
    """Return the kinds of the rows: header rows down to the first row with values, labels of groups, rows."""
    first_value = next((number for number, row in enumerate(grid) if number >= declared and has_values(row)), None)
    if first_value is not None:
        headers = min(first_value, max(declared, _MAX_HEADER_ROWS))
        while headers > declared and _is_label(row := grid[headers - 1]) and row[0] and not _is_unit(grid, headers - 1):
            headers -= 1  # the label of the first group
    else:
        width = max(sum(map(bool, row)) for row in grid)
        headers = declared or int(width > 2 and len(grid) > 2)
        while headers and headers < len(grid) and not grid[headers][0] and not _is_label(grid[headers]):
            headers += 1
    headers = min(headers, len(grid) - 1)
    kinds: list[LineKind] = ["header"] * headers
    kinds += ["label" if len(row) > 1 and _is_label(row) else "row" for row in grid[headers:]]
    for number in range(len(kinds) - 1, headers - 1, -1):
        if kinds[number] != "label":
            break
        kinds[number] = "text"  # nothing below it to be grouped: a note
    header_rows = [row for row in grid[:headers] if sum(map(bool, row)) > 1]
    return ["header" if row in header_rows else kind for row, kind in zip(grid, kinds, strict=True)]  # on each page


def _is_unit(grid: Sequence[Sequence[str]], number: int) -> bool:
    """Return whether the label in a row below header rows, if there are any, is the only unit: that of the table."""
    units = {row[0] for row in grid[1:] if _is_label(row) and UNIT.fullmatch(row[0][:_MAX_UNIT])}
    return number > 0 and units == {grid[number][0]}


def _columns(headers: Sequence[Sequence[str]], label_columns: int, merged: bool) -> tuple[list[str], str]:
    """Return the header of each column from all header rows, and the headers common to all columns of values.

    Blank cells beside a cell of an upper header row count as parts of it where no merged cells are declared, and where
    the lowest row repeats its cells: "2021 | 2020 | 2021 | 2020" below "Sales | | Profit |".
    """
    if not headers:
        return [], ""
    filled = [list(row) for row in headers]
    names = [cell for cell in headers[-1][label_columns:] if cell]
    if len(headers) > 1 and (not merged or len(set(names)) < len(names)):
        for row in filled:
            named = [column for column, cell in enumerate(row) if cell and column]
            if named and (row is not filled[-1] or len(named) == 1):
                for column in range(max(label_columns, 1), len(row)):
                    before = [position for position in named if position <= column]
                    row[column] = row[before[-1] if before else named[0]]
    parts = [[part for part in dict.fromkeys(cells) if part] for cells in zip(*filled, strict=True)]
    values = parts[label_columns:]
    common = [part for part in values[0] if all(part in others for others in values)] if len(values) > 1 else []
    columns = [", ".join(part for part in cells if part not in common).replace(",,", ",") for cells in parts]
    return columns, ", ".join(common)


def _label_columns(grid: Sequence[Sequence[str]], kinds: Sequence[LineKind]) -> int:
    """Return the number of leading columns that label the rows."""
    rows = [row for row, kind in zip(grid, kinds, strict=True) if kind == "row"]
    width = len(grid[0])
    if width < 2 or not any(map(has_values, rows)):
        return min(1, width - 1)
    count = 0
    while count < min(_MAX_LABEL_COLUMNS, width - 1):
        cells = [row[count] for row in rows if row[count]]
        if count and sum(map(is_value, cells)) * 2 >= len(cells):
            break
        count += 1
    return count


def _describe(
    grid: Sequence[Sequence[str]],
    kinds: Sequence[LineKind],
    columns: Sequence[str],
    label_columns: int,
    group_ends: Collection[int],
    misfits: Collection[int],
) -> list[str]:
    """Return each row in words: group and label, then header and value of each filled cell.

    A group ends above the rows in `group_ends`, which a rule separates from the rows above them. The values of rows in
    `misfits` have no headers: those of the columns would be wrong.
    """
    described: list[str] = []
    group: list[str] = []
    above = ""
    for number, (row, kind) in enumerate(zip(grid, kinds, strict=True)):
        if number in group_ends:
            group = []
        if kind == "label":
            group = [*(group if number and kinds[number - 1] == "label" else []), next(filter(None, row))]
        if kind != "row":
            described.append("")
            continue
        if label_columns > 1 and row[1]:  # a blank label repeats that above it
            above = row[0] or above
        first = above if label_columns > 1 and not row[0] and row[1] else row[0]
        row_label = [first, *row[1:label_columns]][:label_columns]
        name = ", ".join(dict.fromkeys(part.rstrip(":") for part in (*group, *row_label) if part))
        values = [
            (columns[column] if column < len(columns) and number not in misfits else "", row[column])
            for column in range(label_columns, len(row))
            if row[column]
        ]
        cells = "; ".join(f"{header}: {value}" if header else value for header, value in values)
        words = f"{name}, {cells}" if name and cells and values[0][0] else f"{name} {cells}".strip()
        described.append(words[:_MAX_CHARACTERS])
    return described


def only_announces(line: str) -> bool:
    """Return whether a line above a table only names or announces it: a title, or a sentence without any figure."""
    if line[-1] not in ".!?。":
        return True
    return _INTRODUCES.search(line) is not None and not any(map(str.isdigit, without_dates(line)))


def introduction_start(text: str, start: int, end: int) -> int:
    """Return where the introduction of a table at `end` begins: titles, units and dates, below a sentence about it.

    Args:
        text: The canonical text.
        start: Offset of the text above the table.
        end: Offset of the table.

    Returns:
        An offset from `start` to `end`; `end` if nothing above the table introduces it.
    """
    begin = end
    for _ in range(_MAX_TITLES + 1):
        spans = split_sentences(text, max(start, text.rfind("\n\n", start, len(text[:begin].rstrip()))), begin)
        if not spans:
            break
        paragraph = text[spans[0][0] : spans[-1][1]]
        last = text[slice(*spans[-1])]
        if _LIST_ITEM.match(paragraph):
            break
        if len(spans) == 1 and len(last.split()) <= _TITLE_WORDS and last[-1] not in ".!?。":
            begin = spans[0][0]
            continue
        if last.endswith((":", "：")) or _INTRODUCES.search(last):
            begin = spans[0 if len(paragraph.split()) <= _INTRODUCTION_WORDS else -1][0]
        break
    return start if not text[start:begin].strip() else begin
