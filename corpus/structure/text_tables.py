"""Find tables in the lines of a plain text, and the cells of their rows.

Cells are separated by bars, by tabs, or by leaders or spaces where they are aligned. Consecutive lines with bars are
evidence enough. Other tables need figures in most rows, unlike verse, two columns of prose and lists. A table of
contents, whose page numbers only count up, is not a table.

In tables of all formats, figures are distinguished from years, dates and labels here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from statistics import mode
from typing import NamedTuple
from unicodedata import east_asian_width

from corpus.structure.captions import is_label
from corpus.structure.lines import PAGE_NUMBER, Line, ends_sentence
from corpus.vocabulary import CURRENCY_SIGNS, ERA_NAMES, MEASURES, SCALES

BAR = "|"
"""Separates the cells of a table row in all texts."""

DRAWN_BARS = dict.fromkeys(map(ord, "│┃║┆┊"), BAR)
"""Translates the bars of a table that is drawn with box characters."""

_STROKES = frozenset("-=_─━═")
_RULE = _STROKES | frozenset("┄┈|+:│┃┼╋├┤┬┴┌┐└┘╔╗╚╝╠╣╦╩╬║ \t")
_BARRED = re.compile(r"\S\s*\|\s|\s\|\s*\S|\|.*\|")
_GAP = re.compile(rf"(?<!\s)\s*+(?:\. ?){{4,}}+\s*+|(?<=[^\s{CURRENCY_SIGNS}(])(?:[ \u3000]{{2,}}+|\u3000)")
_NUMBERED_HEADING = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2})*\.?|[A-Z]\.|[IVX]{1,5}\.)[ \u3000]{2,}[^\W\d_](?:\S|[ \u3000](?![ \u3000]))*"
)
"""A number and words, though several blanks are between them ("2.  Accounts")."""

_PAGE_NUMBER = re.compile(PAGE_NUMBER, re.IGNORECASE)
_PAGE_HEADER = re.compile(r"pages?|p\.|seiten?|páginas?|頁|ページ", re.IGNORECASE)

_MAX_LINE = 200
"""Characters of a row whose cells spaces separate; longer lines are paragraphs with spaces in them."""

_MAX_HEADER_LINES = 4
"""Lines above the first row with figures."""

_MAX_LABEL = 60
"""Characters of the label of a group of rows."""

_MAX_LABELS = 2
"""Labels in succession."""

_TOLERANCE = 2
"""Columns by which the edges of aligned cells differ at most."""

_MIN_ALIGNED_SHARE = 0.8
"""Minimum share of the cells that are aligned."""


_BLANK_VALUE = re.compile(r"(?:[-–—.…·\s]|n/?[am]\.?|n\.?m\.?)+", re.IGNORECASE)
_YEAR = r"(?:1[89]|2[01])\d\d"
"""Years 1800 to 2199: earlier ones are figures where they are in cells, and projections have later ones."""

_PERIOD = re.compile(
    rf"(?<!\d)\d{{1,2}}[./-]\d{{1,2}}[./-]{_YEAR}(?!\d)|(?<!\d)(?:FY|CY)?\s?'?{_YEAR}(?!\d)|\bFY\s?'?\d\d\b"
    r"|\b(?:[QH][1-4]|[1-4][QH])\b"
    rf"|(?:{ERA_NAMES})\s?(?:\d{{1,3}}|元)|(?<!\d)\d{{1,2}}月"
)
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?![\d.,]\d)")
_FIGURE = re.compile(rf"[-−–+]?[{CURRENCY_SIGNS}]?\d(?:[\d.,]*\d)?%?|\([{CURRENCY_SIGNS}]?\d(?:[\d.,]*\d)?%?\)")
_FORMATTED = re.compile(r"\d[.,]\d|%")
"""What only a figure has, unlike a number in a name such as "Berth 7"."""
_SHORT_NUMBER = re.compile(r"(?<!\d)(?<!\d[.,])\d{1,2}(?!\d|[.,]\d)")
UNIT = re.compile(
    r"\([^()]*[^\W\d][^()]*\)|(?:in|all amounts|amounts|expressed|figures)\s.+|[^\w\s]{1,3}"
    rf"|(?:[A-Z]{{2,3}})?[{CURRENCY_SIGNS}]?\s?['’]?(?:000s?|m|bn|millions?|billions?|thousands?)"
    rf"|(?:(?:{SCALES})\s(?:of\s|de\s|di\s|d['’])?)?(?:{MEASURES})|(?:{SCALES})\s(?:of\s|de\s|di\s|d['’])?[^\W\d]+",
    re.IGNORECASE,
)
"""Text of a cell or line that only states the unit of a table."""


class _Cell(NamedTuple):
    """The text of a cell and the columns of the page that it fills."""

    text: str
    left: int
    right: int


def is_rule(line: str) -> bool:
    """Return whether a line has only the strokes of a rule."""
    return _RULE.issuperset(line) and sum(map(line.count, _STROKES)) > 2


def has_cells(line: str) -> bool:
    """Return whether a line has several cells."""
    return _separator(line) is not None


def find_tables(lines: Sequence[Line]) -> list[range]:
    """Return the positions of the lines of each table, with its caption if it is labelled as one ("Table 3 ...")."""
    tables: list[range] = []
    position = 0
    while position < len(lines):
        separator = _separator(lines[position].text)
        if separator is None:
            position += 1
            continue
        stop = _last_line(lines, position, separator) + 1
        table = _trim_to_table(lines, range(position, stop), separator)
        if table:
            tables.append(_with_frame(lines, table, tables[-1].stop if tables else 0))
        position = max(stop, tables[-1].stop if table else 0)
    return tables


def _separator(line: str) -> str | None:
    """Return what separates the cells of a line: a bar, a tab or a space; None if it has one cell or is not a row."""
    if is_rule(line) or is_label(line):
        return None
    if not line.isascii():
        line = line.translate(DRAWN_BARS)
    if BAR in line and _BARRED.search(line):
        return BAR
    if "\t" in line:
        return "\t"
    if len(line) > _MAX_LINE or _GAP.search(line) is None:
        return None
    return " " if _NUMBERED_HEADING.fullmatch(line) is None or re.search(r"\d$", line) else None


def _with_frame(lines: Sequence[Line], table: range, lowest: int) -> range:
    """Extend a table by the rules around it and its caption, but not above the line `lowest`."""
    first, stop = table.start, table.stop
    if first > lowest and is_rule(lines[first - 1].text):
        first -= 1
    if stop < len(lines) and is_rule(lines[stop].text):
        stop += 1
    above = next((at for at in (first - 1, first - 2) if at >= lowest and not lines[at].blank), None)
    if above is not None and is_label(lines[above].text):
        first = above
    return range(first, stop)


def _last_line(lines: Sequence[Line], first: int, separator: str) -> int:
    """Return the last line with cells that follows others with nothing but rules, labels and blank lines between."""
    last, labels, blanks = first, 0, 0
    for position in range(first + 1, len(lines)):
        text = lines[position].text
        if _separator(text) == separator:
            last, labels, blanks = position, 0, 0
        elif not text:
            blanks += 1
        elif not is_rule(text):
            labels += 1
            if len(text) > _MAX_LABEL or ends_sentence(text) or is_label(text):
                break
        if labels > _MAX_LABELS or blanks > 1:
            break
    return last


def _trim_to_table(lines: Sequence[Line], block: range, separator: str) -> range:
    """Return the part of a block of lines that is a table; empty if there is no table."""
    cells = {at: row for at in block if len(row := split_cells(lines[at].text, separator)) > 1}
    rows = [at for at, row in cells.items() if has_values(row)]
    if separator == BAR:
        labels = sum(not lines[at].blank and not is_rule(lines[at].text) for at in block) - len(cells)
        return block if len(cells) > 1 and (labels == 0 or 2 * len(rows) >= len(cells)) else range(0)
    if len(rows) < 2 or 2 * len(rows) < len(cells) or _is_contents(list(cells.values())):
        return range(0)
    above = [at for at in cells if at < rows[0]][-_MAX_HEADER_LINES:]
    wide = max(len(cells[at]) for at in rows) > 2
    if len(rows) + bool(above) < 3 and not wide:
        return range(0)
    if separator == " " and not _is_aligned([_place_cells(lines[at]) for at in rows]):
        return range(0)
    return range(min([*above, rows[0]]), rows[-1] + 1)


def _is_contents(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the last cells are page numbers: they count up, beside words, below no header but "Page"."""
    if _PAGE_HEADER.fullmatch(rows[0][-1]):
        return True
    last = [row[-1] for row in rows]
    if not all(map(_PAGE_NUMBER.fullmatch, last)) or not all(any(map(str.isalpha, row[-2])) for row in rows):
        return False
    numbers = [int(text) for text in last if text.isdecimal()]
    return numbers == sorted(numbers)


def _place_cells(line: Line) -> list[_Cell]:
    """Return the cells of a line that spaces separate, with their columns; a wide character fills two."""
    cells: list[_Cell] = []
    start = 0
    for gap in (*_GAP.finditer(line.text), None):
        end = len(line.text) if gap is None else gap.start()
        left = line.indent + _width(line.text[:start])
        cells.append(_Cell(line.text[start:end], left, left + _width(line.text[start:end])))
        start = end if gap is None else gap.end()
    return cells


def _width(text: str) -> int:
    return len(text) if text.isascii() else sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def _is_aligned(rows: Sequence[Sequence[_Cell]]) -> bool:
    """Return whether the cells of most rows begin or end one below another."""
    count = mode(map(len, rows))
    usual = [row for row in rows if len(row) == count]
    if 2 * len(usual) < len(rows):
        return False
    for column in zip(*usual, strict=True):
        edges = [cell.left for cell in column], [cell.right for cell in column]
        if max(map(_count_aligned, edges)) < _MIN_ALIGNED_SHARE * len(column):
            return False
    return True


def _count_aligned(edges: Sequence[int]) -> int:
    """Return how many edges of cells are close to the most frequent position."""
    usual = mode(edges)
    return sum(abs(edge - usual) <= _TOLERANCE for edge in edges)


def split_cells(line: str, separator: str) -> list[str]:
    """Return the cells of a line."""
    if separator == " ":
        return _GAP.split(line)
    line = line.translate(DRAWN_BARS)
    return [cell.strip() for cell in line.strip(BAR if separator == BAR else "").split(separator)]


def cell_grid(lines: Sequence[Line]) -> list[list[str]]:
    """Return the cells of each line of a table without bars, all rows equally long.

    A cell over several columns, in a line with fewer cells than others, is in each of them.
    """
    if any("\t" in line.text for line in lines):
        rows = [split_cells(line.text, "\t") for line in lines]
        width = max(map(len, rows))
        return [row + [""] * (width - len(row)) for row in rows]
    placed = [_place_cells(line) for line in lines]
    count = Counter(len(row) for row in placed if has_values([cell.text for cell in row])).most_common(1)
    width = count[0][0] if count else max(map(len, placed))
    usual = [row for row in placed if len(row) == width and has_values([cell.text for cell in row])] or placed[:1]
    columns = [(min(c.left for c in column), max(c.right for c in column)) for column in zip(*usual, strict=True)]
    return [_assign_columns(row, columns) for row in placed]


def _assign_columns(row: Sequence[_Cell], columns: Sequence[tuple[int, int]]) -> list[str]:
    """Return the text of a row in each column: of the cell that fills a part of it, or is nearest to it."""
    if len(row) == len(columns):
        return [cell.text for cell in row]
    texts = [""] * len(columns)
    for cell in row:
        over = [at for at, (left, right) in enumerate(columns) if cell.left < right and left < cell.right]
        over = over[:1] if cell.left <= columns[0][0] else over  # a long label is over the cells of other rows
        nearest = min(
            range(len(columns)), key=lambda at: min(abs(cell.left - columns[at][0]), abs(cell.right - columns[at][1]))
        )
        for at in over or [nearest]:
            texts[at] = f"{texts[at]} {cell.text}".strip()
    return texts


def is_value(cell: str) -> bool:
    """Return whether a cell has a figure, or a placeholder for one ("n/a", "-")."""
    if _BLANK_VALUE.fullmatch(cell):
        return True
    digits = sum(map(str.isdigit, cell))
    letters = sum(map(str.isalpha, cell))
    return digits > 0 and letters <= max(3, digits) and not is_period(cell)


def has_values(row: Sequence[str]) -> bool:
    """Return whether a cell after the first one of a row is a value."""
    return any(is_value(cell) for cell in row[1:])


def count_joined_figures(row: Sequence[str]) -> int:
    """Return how many figures of a row are in one cell with a figure before them, or with the label of the row.

    "Rye 1,663 | 17.5" has one; "Berth 7 | 17.5" has none, and in "1 663 | 17.5" spaces separate the thousands.
    """
    joined = 0
    for number, cell in enumerate(row):
        tokens = _THOUSANDS.sub("0", cell).split() if " " in cell else [cell]
        figures = 0
        while figures < len(tokens) and _FIGURE.fullmatch(tokens[-1 - figures]):
            figures += 1
        if figures == len(tokens):
            joined += figures - 1
        elif number == 0 and (figures > 1 or (figures and _FORMATTED.search(tokens[-1]))) and not is_period(cell):
            joined += figures
    return joined


def has_cells_of(row: Sequence[str], columns: int) -> bool:
    """Return whether the cells of a row fit a number of columns: no figures share a cell while others are missing.

    Empty cells at the end of a row are not written.
    """
    return len(row) >= columns or not count_joined_figures(row)


def is_period(cell: str) -> bool:
    """Return whether a cell names a year or a date and has no other number than that of a day or a quarter."""
    return _PERIOD.search(cell) is not None and not any(map(str.isdigit, without_dates(cell)))


def without_dates(text: str) -> str:
    """Return a text without years and without numbers of days and quarters."""
    return _SHORT_NUMBER.sub("", _PERIOD.sub("", text))
