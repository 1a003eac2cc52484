"""Joins the spans of a page to lines in reading order, column by column.

Spans side by side form a line unless a gutter separates them: a vertical strip that no span crosses over several lines
of prose.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import inf

from corpus.readers.pdf.extraction.drawings import Frame, Rule
from corpus.readers.pdf.extraction.glyphs import WIDE_LETTER, Span, group_rows
from corpus.readers.pdf.ruled_tables import RuledRow
from corpus.scripts import SUPERSCRIPT_DIGITS
from corpus.structure.lines import CLOSERS, FULL_STOPS
from corpus.structure.text_tables import is_value

SENTENCE_END = re.compile(rf"[{FULL_STOPS}؟۔]{CLOSERS}$")
NOTE_LABEL = rf"\d{{1,3}}[.)]?\s|[{SUPERSCRIPT_DIGITS}]{{1,3}}|[(（\[]\d{{1,3}}[)）\]]|[*†‡§※]|注"
"""Pattern of the number or sign that a note begins with."""


_MIN_RUNNING_LETTERS, _MAX_RUNNING_DIGITS = 20, 0.2
"""Minimum letters of a line of running text, and maximum ratio of its digits to its letters."""

_MIN_RUNNING_SHARE = 0.1
"""Minimum share of the text that is running text, where that decides on the size of the body."""

_GUTTER = 6.0
"""Minimum width of a gutter in points."""
_STEP, _MAX_STEPS = 3.0, 2000
"""Points between the positions tried for a gutter, and the number of positions on a page of any width."""
_MARGIN = 0.1
"""Share of the width at either side in which no gutter is searched."""
_MIN_LINES, _MIN_LINES_INSIDE = 3, 8
"""Lines on both sides of a gutter of the page, and of a gutter inside a column, where table cells look alike."""
_MIN_LETTERS_ALIGNED, _MIN_LETTERS = 20, 10
"""Letters of a column's median line: if both sides are aligned line by line, as table cells are, and otherwise."""
_MIN_CELLS = 3
"""Spans side by side that are a row of a table."""
_ALIGNED_SHARE = 0.6
"""Share of lines at the same heights, within a point, above which two sides are aligned."""
_NOTE_SIZE, _NOTE_LEADING, _ALIGNED_NOTES = 0.92, 1.5, 0.7
"""Size of notes in the margin as a multiple of that of the text beside them; ems between lines of a note; share of its
lines at the heights of the lines beside it, above which they are cells."""
_END_GAP, _BALANCED, _BALANCED_HEADING, _MIN_DROP = 1.25, 1.3, 2.3, 0.5
"""Leadings: above a line below both columns, between the ends of the columns, also above a heading, since no line of a
paragraph is left alone there, and from a line to one below it."""
_SAME_LINE, _NEXT_LINE = 0.3, 4.0
"""Leadings within which spans are in one line, and within which the text below a heading begins."""
_FULL_LINE = 0.8
"""Share of the width of the left column that its lines of prose fill at least."""
FREE_END = 0.12
"""Share of the width of prose that its full lines leave free at most."""
_HEADING_SIZE = 1.08
"""Multiple of the size of the column's text of a heading below it."""
_OFF_MIDDLE, _JUSTIFIED, _MAX_LEVEL, _SAME_SIZE = 0.05, 2.0, 0.2, 1.3
"""For a column of prose beside a table, at most: share of the page's width that the gutter is off its middle, points
that the ends of justified lines differ by, share of the table's rows at the heights of lines beside them, and multiple
of a row's size that those have."""
_MAX_OUTER_ROWS, _OUTER_GAP = 3, 2.5
"""Rows at the top and at the bottom of a page that may go across its columns, and ems that set a head or foot apart."""
_MAX_DEPTH = 4
"""Levels of columns within columns."""
_MAX_SPANS = 3000
"""A page with more spans is a drawing or a map: it has no columns, and searching them would take minutes."""
_ROW_DISTANCE, _HEADER_HEIGHT, _SAME_ROW = 2.8, 5.0, 0.4
"""Ems between two rows of a table, from the first row of its header to the first with values, and between the label and
the values of a row, which are centred where a note mark makes the label higher, at most."""
_CAPTION_DISTANCE = 2.6
"""Ems between tables side by side and lines over both of them."""
_COLUMN_SHARE = 2 / 3
"""Share of the rows of a ruled table that have text beside them from which on that text is a column of the table."""
_MAX_PAGES_ON = 2
"""Maximum number of pages from the header of a table to its rows."""
_BOLD_SHARE = 0.9
"""Share of bold letters that makes a line bold."""
_SIZE_TOLERANCE, _LINE_SIZE_TOLERANCE = 0.25, 0.5
"""Points within which spans, and lines, have the size of the body (sizes are counted in steps of half a point)."""
_DEFAULT_SIZE, _DEFAULT_LEADING = 10.0, 1.2
"""Points and ems, for a file with too little text to measure them."""
_LEADINGS = (0.8, 2.5)
"""Ems; less is a line beside another, more a gap between paragraphs."""


@dataclass(slots=True)
class PdfLine:
    """Spans side by side. `left_edge` and `right_edge` are those of its column; `block` numbers the column.

    `inset` is the number of the frame with prose around the line, 0 for none, `frame` any frame around it. `role`
    is assigned by `roles`, `label` is the number printed on its page. `table` is the ruled table of a row, `columns`
    are those of its cells, `extents` the columns and rows that each spans; `begins_table` marks the first row of a
    table right below another one. `bold` means nearly all letters, the other style properties are those of the longest
    span.
    """

    page: int
    spans: list[Span]
    block: int = 0
    left_edge: float = 0.0
    right_edge: float = 0.0
    role: str = ""
    inset: int = 0
    label: str | None = None
    frame: Frame | None = None
    table: object = None
    columns: Sequence[int] = ()
    extents: Sequence[tuple[int, int]] = ()
    begins_table: bool = False

    @property
    def text(self) -> str:
        return " ".join(span.text for span in self.spans)

    @property
    def left(self) -> float:
        return min(span.left for span in self.spans)

    @property
    def right(self) -> float:
        return max(span.right for span in self.spans)

    @property
    def main(self) -> Span:
        return max(self.spans, key=lambda span: len(span.text))

    @property
    def size(self) -> float:
        return self.main.size

    @property
    def baseline(self) -> float:
        return self.main.baseline

    @property
    def bold(self) -> bool:
        letters = sum(len(span.text) for span in self.spans)
        return sum(len(span.text) for span in self.spans if span.bold) >= _BOLD_SHARE * letters

    @property
    def fixed(self) -> bool:
        return all(span.fixed for span in self.spans)

    def is_beside(self, other: PdfLine) -> bool:
        """Return whether both lines are in the same column of the same page."""
        return self.page == other.page and self.block == other.block

    def begins_page_after(self, other: PdfLine) -> bool:
        """Return whether a line is on the page after that of another line; a page without text may be between them."""
        return 0 < self.page - other.page <= _MAX_PAGES_ON

    def x_at(self, free: float) -> float:
        """Return the x coordinate at which a line ends that leaves this share of the column's width free."""
        return self.right_edge - free * (self.right_edge - self.left_edge)


@dataclass(frozen=True, slots=True)
class BodyStyle:
    """The style of most text: size in points, bold or not, leading in ems, letters of one width or not."""

    size: float
    bold: bool
    leading: float
    fixed: bool = False


def most_common_size(spans: Iterable[Span]) -> float:
    """Return the size of most characters in points, rounded to half a point."""
    sizes: Counter[float] = Counter()
    for span in spans:
        sizes[max(0.5, round(span.size * 2) / 2)] += len(span.text)  # hidden text has size 0
    return max(sizes.items(), key=lambda item: (item[1], item[0]))[0] if sizes else _DEFAULT_SIZE


def detect_body_style(lines: Sequence[PdfLine]) -> BodyStyle:
    """Return the style of most of the running text, or of all text where there is hardly any, as in a book of tables.

    A report can have more characters in tables, in smaller type, than in sentences: these are no headings.
    """
    spans = [span for line in lines for span in line.spans]
    running = [span for line in lines if is_running_text(line) for span in line.spans]
    has_running_text = sum(len(span.text) for span in running) >= _MIN_RUNNING_SHARE * sum(len(s.text) for s in spans)
    size = most_common_size(running if has_running_text else spans)
    body = [span for span in spans if abs(span.size - size) <= _SIZE_TOLERANCE]
    bold = sum(len(span.text) * (1 if span.bold else -1) for span in body) > 0
    leadings: Counter[float] = Counter()
    for before, after in pairwise(lines):
        if before.is_beside(after) and abs(after.size - size) < _LINE_SIZE_TOLERANCE:
            leadings[round((after.baseline - before.baseline) / size, 1)] += 1
    plausible = (value for value, _ in leadings.most_common() if _LEADINGS[0] <= value <= _LEADINGS[1])
    fixed = sum(len(span.text) * (1 if span.fixed else -1) for span in spans) > 0
    return BodyStyle(size, bold, next(plausible, _DEFAULT_LEADING), fixed)


def is_running_text(line: PdfLine) -> bool:
    """Return whether a line is part of sentences, and not of a table: it has many letters, and few digits."""
    letters, digits = (sum(map(test, line.text)) for test in (str.isalpha, str.isdigit))
    return line.role != "table" and letters >= _MIN_RUNNING_LETTERS and digits <= _MAX_RUNNING_DIGITS * letters


def order_lines(
    page: int, spans: Sequence[Span], rules: Sequence[Rule] = (), usual_gutter: float | None = None
) -> list[PdfLine]:
    """Return the lines of a page in reading order. A rule drawn across a gutter ends the columns above it.

    Args:
        page: Number of the page.
        spans: Its spans.
        rules: Its rules.
        usual_gutter: The gutter of a page nearby (`find_used_gutter`), for one whose second column is only begun.
    """
    lines: list[PdfLine] = []
    blocks = 0

    def add(part: Sequence[Span], depth: int) -> None:
        nonlocal blocks
        if depth < _MAX_DEPTH and (bands := _divide_tables(part)):
            for band in bands:
                add(band, depth + 1)
            return
        gutter = _find_gutter(part, rules, depth, usual_gutter)
        if gutter is None:
            for block in _split_margin_notes(part):
                for rows in _split_beside_tables(group_rows(block)):
                    left = min(span.left for row in rows for span in row)
                    right = max(span.right for row in rows for span in row)
                    lines.extend(PdfLine(page, row, blocks, left, right) for row in rows)
                    blocks += 1
            return
        for band in _split_at_gutter(part, gutter):
            add(band, depth + 1)

    if spans:
        add(spans, 0)
    for line in lines:
        if rows := [span for span in line.spans if isinstance(span, RuledRow)]:
            line.table, line.role = rows[0].table, "table"
            cells, columns, extents = list[Span](), list[int](), list[tuple[int, int]]()
            for span in line.spans:
                first = 1 + columns[-1] if columns else 0
                cells += span.cells if isinstance(span, RuledRow) else [span]
                columns += [first + number for number in span.columns] if isinstance(span, RuledRow) else [first]
                extents += span.extents if isinstance(span, RuledRow) else [(1, 1)]
            line.spans, line.columns, line.extents = cells, columns, extents
    return lines


def _divide_tables(spans: Sequence[Span]) -> list[list[Span]]:
    """Return the spans above, in, and below two ruled tables side by side, table by table; none without such tables.

    Lines above or below both tables, such as captions, go with the table on their side. If no table on the right has
    labels in its first column, it continues the rows of the left one, and they are not divided.
    """
    tables: dict[object, list[RuledRow]] = {}
    for span in spans:
        if isinstance(span, RuledRow):
            tables.setdefault(span.table, []).append(span)
    for rows in tables.values():
        beside = _tables_beside(rows, tables.values())
        if not any(map(_has_labels, beside)):
            continue
        x = (max(row.right for row in rows) + min(row.left for others in beside for row in others)) / 2
        top = min(others[0].baseline for others in (rows, *beside))
        bottom = max(others[-1].baseline for others in (rows, *beside))
        bands = _bands(spans, x, *_with_captions(spans, x, top, bottom))
        if bands:
            return bands
    return []


def _tables_beside(rows: Sequence[RuledRow], tables: Collection[Sequence[RuledRow]]) -> list[Sequence[RuledRow]]:
    """Return the tables on the right of a table, at a height that both have."""
    right, top, bottom = max(row.right for row in rows), rows[0].baseline, rows[-1].baseline
    return [
        others
        for others in tables
        if min(row.left for row in others) > right and others[0].baseline <= bottom and others[-1].baseline >= top
    ]


def _with_captions(spans: Sequence[Span], x: float, top: float, bottom: float) -> tuple[float, float]:
    """Extend the range of tables beside `x` by the lines above and below that have text on both sides of `x`."""
    outside = group_rows(span for span in spans if not top <= span.baseline <= bottom)
    for row in [*reversed([row for row in outside if row[0].baseline < top]), *outside]:
        height = row[0].baseline
        if (
            len({span.left > x for span in row}) > 1
            and not any(span.left < x < span.right for span in row)
            and min(abs(height - top), abs(height - bottom)) <= _CAPTION_DISTANCE * row[0].size
        ):
            top, bottom = min(top, *(span.baseline for span in row)), max(bottom, *(span.baseline for span in row))
    return top, bottom


def _bands(spans: Sequence[Span], x: float, top: float, bottom: float) -> list[list[Span]]:
    """Return the spans above, left of `x`, right of it, and below; none if a span between top and bottom crosses it."""
    inside = [span for span in spans if top <= span.baseline <= bottom]
    if any(span.left < x < span.right for span in inside):
        return []
    bands = (
        [span for span in spans if span.baseline < top],
        [span for span in inside if span.left < x],
        [span for span in inside if span.left > x],
        [span for span in spans if span.baseline > bottom],
    )
    return [band for band in bands if band]


def _has_labels(rows: Sequence[RuledRow]) -> bool:
    """Return whether the first column of a table, but for its header, has words."""
    cells = [row.cells[0].text for row in rows[1:] if row.columns[0] == 0]
    return 2 * sum(map(is_value, cells)) < len(cells)


def _split_beside_tables(rows: Sequence[list[Span]]) -> list[list[list[Span]]]:
    """Return the rows in blocks: text beside a ruled table follows it, unless nearly all rows have one line of it."""
    tables: dict[object, list[int]] = {}
    for position, row in enumerate(rows):
        for table in {span.table for span in row if isinstance(span, RuledRow)}:
            tables.setdefault(table, []).append(position)
    notes: dict[int, list[list[Span]]] = {}  # by the last row of the table
    for table, positions in tables.items():
        table_rows = [span for n in positions for span in rows[n] if isinstance(span, RuledRow) and span.table is table]
        left, right = min(span.left for span in table_rows), max(span.right for span in table_rows)
        other_spans = {
            n: [span for span in rows[n] if not isinstance(span, RuledRow)]
            for n in range(positions[0], positions[-1] + 1)
        }
        before = {n: [span for span in spans if span.right <= left] for n, spans in other_spans.items()}
        after = {n: [span for span in spans if span.left >= right] for n, spans in other_spans.items()}
        for beside in (before, after):
            lines = {n for n, spans in beside.items() if spans}
            if not lines <= set(positions) or len(lines) < _COLUMN_SHARE * len(positions):
                notes.setdefault(positions[-1], []).extend(beside[n] for n in sorted(lines))
    moved = {id(span) for lines in notes.values() for line in lines for span in line}
    blocks: list[list[list[Span]]] = [[]]
    for position, row in enumerate(rows):
        if remaining := [span for span in row if id(span) not in moved]:
            blocks[-1].append(remaining)
        blocks += [notes[position], []] if notes.get(position) else []
    return [block for block in blocks if block]


def append_column_blocks(lines: list[PdfLine], added: list[PdfLine]) -> None:
    """Append lines with block and inset numbers that are not yet in use."""
    block = 1 + max((line.block for line in lines), default=-1)
    inset = max((line.inset for line in lines), default=0)
    for line in added:
        line.block += block
        line.inset += inset if line.inset else 0
    lines += added


def find_used_gutter(lines: Sequence[PdfLine]) -> float | None:
    """Return the gutter at the left edge of the second column of an ordered page; None without two of prose."""
    blocks: dict[int, list[PdfLine]] = {}
    for line in lines:
        if not line.inset and len(line.spans) == 1 and is_running_text(line):
            blocks.setdefault(line.block, []).append(line)
    columns = [block for block in blocks.values() if len(block) >= _MIN_LINES_INSIDE]
    if len(columns) < 2:
        return None
    first = min(columns, key=lambda block: block[0].left)
    right = max(line.right for line in first)
    beside = [min(line.left for line in block) for block in columns if min(line.left for line in block) > right]
    return min(beside) - _GUTTER / 2 if beside and min(beside) - right >= _GUTTER else None


def _begins_column(spans: Sequence[Span], x: float) -> bool:
    """Return whether full lines of prose end at a gutter, and words, not figures, begin on its right."""
    if any(isinstance(span, RuledRow) for span in spans):
        return False
    left = [span for span in spans if span.right <= x - _GUTTER / 2]
    right = [span for span in spans if span.left >= x + _GUTTER / 2]
    if len(left) < _MIN_LINES or not right or _median_letters(left) < _MIN_LETTERS_ALIGNED:
        return False
    start, end = min(span.left for span in left), max(span.right for span in left)
    full = sum(span.right - start >= _FULL_LINE * (end - start) for span in left)
    words = sum(_count_letters(span) >= _MIN_LETTERS and not is_value(span.text) for span in right)
    return 2 * full > len(left) and 2 * words > len(right)


def _crosses_gutter(span: Span, x: float) -> bool:
    return span.left < x + _GUTTER / 2 and span.right > x - _GUTTER / 2


def _find_gutter(spans: Sequence[Span], rules: Sequence[Rule], depth: int, usual: float | None) -> float | None:
    """Return the gutter of a page or column; the usual one where the text of the page shows none, but fits to it."""
    if depth >= _MAX_DEPTH:
        return None
    gutter = _search_gutter(spans, rules, depth)
    if gutter is not None or depth > 0:
        return gutter
    return usual if usual is not None and _begins_column(spans, usual) else _find_gutter_beside_table(spans)


def _find_gutter_beside_table(spans: Sequence[Span]) -> float | None:
    """Return the gutter in the middle of a page with a column of prose beside one that holds little but a table.

    Rows of the table are at other heights than the lines beside them, or these are lines of justified prose; otherwise
    they may be rows across the page. The outermost rows may be heads or feet across both columns.
    """
    if not _MIN_LINES_INSIDE <= len(spans) <= _MAX_SPANS:
        return None
    start, end = min(span.left for span in spans), max(span.right for span in spans)
    middle, tolerance = (start + end) / 2, _OFF_MIDDLE * (end - start)
    rows: dict[int, list[Span]] = {}
    for span in sorted(spans, key=lambda span: span.baseline):
        rows.setdefault(round(span.baseline), []).append(span)
    inner = list(rows.values())
    for outer, inwards in ((0, 1), (-1, -2)):
        for _ in range(_MAX_OUTER_ROWS):
            if len(inner) > _MIN_LINES and _is_outer(inner[outer], inner[inwards], middle, tolerance):
                del inner[outer]
    left, right = (
        [span for row in inner for span in row if (span.left + span.right > 2 * middle) is is_right]
        for is_right in (False, True)
    )
    if not left or not right:
        return None
    before, after = max(span.right for span in left), min(span.left for span in right)
    if after - before < _GUTTER or before > middle + tolerance or after < middle - tolerance:
        return None
    is_found = _is_prose_beside_table(left, right) or _is_prose_beside_table(right, left)
    return (before + after) / 2 if is_found else None


def _is_outer(row: Sequence[Span], inwards: Sequence[Span], x: float, tolerance: float) -> bool:
    """Return whether the outermost row of a page goes across the middle, as a title, or is apart from the next one."""
    is_apart = abs(inwards[0].baseline - row[0].baseline) > _OUTER_GAP * row[0].size
    return is_apart or any(span.left < x - tolerance and span.right > x + tolerance for span in row)


def _is_prose_beside_table(column: Sequence[Span], table: Sequence[Span]) -> bool:
    """Return whether a column of prose, with its headings and tables, is no part of the rows of the table beside it."""
    prose = [span for span in column if not isinstance(span, RuledRow) and is_running_text(PdfLine(0, [span]))]
    rows = group_rows(table)
    cells = sum(len(row) > 1 or isinstance(row[0], RuledRow) for row in rows)
    if len(prose) < _MIN_LINES_INSIDE or cells < _MIN_LINES or 2 * cells < len(rows):
        return False
    start, end = min(span.left for span in prose), max(span.right for span in prose)
    full = [span for span in prose if end - span.right <= FREE_END * (end - start)]
    if 2 * len(full) < len(prose):
        return False
    usual_end = Counter(round(span.right) for span in full).most_common(1)[0][0]
    justified = {id(span) for span in full if abs(span.right - usual_end) <= _JUSTIFIED}
    is_justified = len(justified) >= _MIN_LINES_INSIDE and 2 * len(justified) >= len(prose)
    top, bottom = rows[0][0].top, rows[-1][0].bottom
    if not is_justified and 2 * sum(top <= span.baseline <= bottom for span in prose) > len(prose):
        return False  # lines of cells may be at other heights than the values beside them
    level = sum(
        any(
            abs(span.baseline - row[0].baseline) <= 1
            and span.size <= _SAME_SIZE * row[0].size
            and not (is_justified and id(span) in justified)
            for span in column
        )
        for row in rows
    )
    return level <= _MAX_LEVEL * len(rows)


def _search_gutter(spans: Sequence[Span], rules: Sequence[Rule], depth: int) -> float | None:
    """Return the x coordinate with the most lines of prose on both sides and the fewest crossing spans, if any."""
    min_lines = _MIN_LINES if depth == 0 else _MIN_LINES_INSIDE
    if not 2 * min_lines <= len(spans) <= _MAX_SPANS:
        return None
    lefts, rights = sorted(span.left for span in spans), sorted(span.right for span in spans)
    left, right = lefts[0], rights[-1]
    best: tuple[int, int] | None = None
    positions: list[float] = []  # adjacent positions that are equally good
    step = max(_STEP, (right - left) / _MAX_STEPS)  # damaged files place letters a million pages to the right
    x = left + _MARGIN * (right - left)
    while x < right - _MARGIN * (right - left):
        before, after = bisect_right(rights, x - _GUTTER / 2), len(spans) - bisect_left(lefts, x + _GUTTER / 2)
        lines = _count_lines_beside(spans, rules, x) if min(before, after) >= min_lines else 0
        if lines >= min_lines:
            quality = (lines, before + after)
            if best is None or quality > best:
                best, positions = quality, [x]
            elif quality == best:
                positions.append(x)
        x += step
    return positions[len(positions) // 2] if positions else None


def _count_lines_beside(spans: Sequence[Span], rules: Sequence[Rule], x: float) -> int:
    """Count the lines of prose on both sides of x, in bands of several lines that nothing crosses."""
    crossing = [rule.height for rule in rules if rule.left < x - _GUTTER and rule.right > x + _GUTTER]
    beside: list[Span] = []
    for span in spans:
        if _crosses_gutter(span, x):
            crossing.append(span.baseline)
        else:
            beside.append(span)
    cuts = sorted(crossing)
    bands: dict[int, tuple[list[Span], list[Span]]] = {}
    for span in beside:
        bands.setdefault(bisect_right(cuts, span.baseline), ([], []))[span.left > x].append(span)
    columns = [sides for sides in bands.values() if min(map(len, sides)) >= _MIN_LINES and _are_columns(*sides)]
    lines = sum(min(map(len, sides)) for sides in columns)
    if columns and all(min(map(_median_letters, sides)) < _MIN_LETTERS_ALIGNED for sides in columns):
        rows = Counter(round(span.baseline) for span in spans)
        if sum(count >= _MIN_CELLS for count in rows.values()) > lines:
            return 0  # short lines beside each other among the rows of tables are cells, too
    return lines


def _are_columns(left: Sequence[Span], right: Sequence[Span]) -> bool:
    """Return whether two sides are prose and not table cells: their lines are long, or not at the same heights."""
    min_letters = _MIN_LETTERS_ALIGNED if _aligned_share(left, right) > _ALIGNED_SHARE else _MIN_LETTERS
    return min(_median_letters(left), _median_letters(right)) >= min_letters


def _aligned_share(spans: Sequence[Span], others: Sequence[Span]) -> float:
    """Return the share of the others that are at the height of one of the spans, within a point."""
    heights = {round(span.baseline) for span in spans}
    return sum(bool({round(span.baseline) + d for d in (-1, 0, 1)} & heights) for span in others) / len(others)


def _median_letters(spans: Sequence[Span]) -> int:
    """Return the median number of letters; in scripts whose letters are syllables or words, each counts twice.

    The rows of a table in a column of prose are left out.
    """
    cells = Counter(round(span.baseline) for span in spans)
    if 2 * sum(count < _MIN_CELLS for count in cells.values()) >= len(cells):
        spans = [span for span in spans if cells[round(span.baseline)] < _MIN_CELLS]
    lengths = sorted(map(_count_letters, spans))
    return lengths[len(lengths) // 2]


def _count_letters(span: Span) -> int:
    return sum(map(str.isalpha, span.text)) * (2 if WIDE_LETTER.search(span.text) else 1)


def _split_at_gutter(spans: Sequence[Span], x: float) -> list[list[Span]]:
    """Split spans at a gutter: crossing spans, and between them the left column and the right one.

    Columns also end above a heading or short lines that begin at their left below both of them.
    """
    ends = _column_ends(spans, x)
    rows = _rows_of_cells(spans, x)
    bands: list[list[Span]] = []
    crossing: list[Span] = []
    left: list[Span] = []
    right: list[Span] = []

    def close() -> None:
        if left and right and max(map(_median_letters, (left, right))) < _MIN_LETTERS:
            crossing.extend([*left, *right])  # cells of a table above or below the columns, which may go on
            left.clear()
            right.clear()
            return
        bands.extend(list(part) for part in (crossing, left, right) if part)
        for part in (crossing, left, right):
            part.clear()

    for span in sorted(spans, key=lambda span: span.baseline):
        crosses = _crosses_gutter(span, x) or round(span.baseline) in rows
        if crosses or (ends and span.baseline >= ends[0]):
            if left or right:
                close()
            del ends[: bisect_right(ends, span.baseline)]
        if crosses:
            crossing.append(span)
        else:
            (right if span.left > x else left).append(span)
    close()
    return [*bands, crossing] if crossing else bands


def _rows_of_cells(spans: Sequence[Span], x: float) -> set[int]:
    """Return the heights of the rows of tables that go across a gutter: all their parts are short.

    One of them crosses it, or there are three or more with nothing but numbers on the right, in several rows.
    """
    rows: dict[int, list[Span]] = {}
    for span in spans:
        rows.setdefault(round(span.baseline), []).append(span)
    short = {
        height: row
        for height, row in rows.items()
        if all(_crosses_gutter(span, x) or _count_letters(span) < _MIN_LETTERS for span in row)
    }
    crossing = {height for height, row in short.items() if any(_crosses_gutter(span, x) for span in row)}
    values = {height for height, row in short.items() if len(row) >= _MIN_CELLS and _has_only_values(row, x)}
    return crossing | values | _rows_near(rows, short, values, x) if len(values) > 1 else crossing


def _rows_near(
    rows: Mapping[int, Sequence[Span]], short: Mapping[int, Sequence[Span]], values: Set[int], x: float
) -> set[int]:
    """Return the rows next to those of a table across a gutter: rows with a long label, and the rows of its header.

    A part of a header is over a value on the right; the label of the first column may be between two of its rows.
    """
    heights = sorted(rows)
    near: set[int] = set()
    for ordered in (heights, heights[::-1]):
        last = inf  # the height of the row of the table before
        for height in ordered:
            right = [span for span in rows[height] if span.left > x]
            is_row = len(rows[height]) >= _MIN_CELLS and bool(right) and not any(map(_count_letters, right))
            if is_row and abs(height - last) <= _ROW_DISTANCE * rows[height][0].size:
                near.add(height)
            if height in values or height in near:
                last = height
    table = {*values, *near}
    for height in sorted(table):
        above = [at for at in heights if height - _HEADER_HEIGHT * rows[height][0].size <= at < height]
        if table.intersection(above):
            continue
        cells = [span for span in rows[height] if span.left > x]
        heads = [at for at in above if at in short and _is_over(rows[at], cells, x)]
        near |= {at for at in above if heads and at >= heads[0] and at in short}
    table |= near
    return near | {at for at in heights if any(abs(at - row) <= _SAME_ROW * rows[at][0].size for row in table)}


def _is_over(row: Sequence[Span], cells: Sequence[Span], x: float) -> bool:
    """Return whether all parts of a row on the right of a gutter are over a cell, and there are some."""
    right = [span for span in row if span.left > x]
    return bool(right) and all(any(c.left < span.right and span.left < c.right for c in cells) for span in right)


def _has_only_values(row: Sequence[Span], x: float) -> bool:
    """Return whether all that is right of a gutter is numbers, and not all that is left of it."""
    left, right = ([span for span in row if (span.left > x) is is_right] for is_right in (False, True))
    return not any(map(_count_letters, right)) and any(map(_count_letters, left)) and bool(right)


def _split_margin_notes(spans: Sequence[Span]) -> list[Sequence[Span]]:
    """Return the spans without the notes in the margin, if there are any, and the notes.

    All are smaller than what they are beside. Unlike the cells of a table, their lines go on over several of its rows,
    or none is at the height of a line beside.
    """
    ordered = sorted(spans, key=lambda span: span.left)
    reached = list(accumulate((span.right for span in ordered), max))
    gaps = [at for at in range(1, len(ordered)) if ordered[at].left - reached[at - 1] >= _GUTTER]
    for at in dict.fromkeys(gaps[:1] + gaps[-1:]):
        for notes, others in ((ordered[:at], ordered[at:]), (ordered[at:], ordered[:at])):
            if (
                len(others) >= _MIN_LINES
                and max(span.size for span in notes) <= _NOTE_SIZE * most_common_size(others)
                and _median_letters(notes) >= _MIN_LETTERS
                and (_go_on_over_rows(notes, others) or not _aligned_share(others, notes))
            ):
                ids = {id(span) for span in notes}
                return [[span for span in spans if id(span) not in ids], [span for span in spans if id(span) in ids]]
    return [spans]


def _go_on_over_rows(notes: Sequence[Span], others: Sequence[Span]) -> bool:
    """Return whether lines of one paragraph are beside several lines of the others, at other heights."""
    heights = sorted({round(span.baseline) for span in others})
    paragraphs: list[list[Span]] = []
    for span in sorted(notes, key=lambda span: span.baseline):
        if paragraphs and span.baseline - paragraphs[-1][-1].baseline <= _NOTE_LEADING * span.size:
            paragraphs[-1].append(span)
        else:
            paragraphs.append([span])
    return any(
        bisect_right(heights, lines[-1].baseline + 1) - bisect_right(heights, lines[0].baseline - 1) > 1
        and _aligned_share(others, lines) <= _ALIGNED_NOTES
        for lines in paragraphs
        if len(lines) >= _MIN_LINES
    )


def _column_ends(spans: Sequence[Span], x: float) -> list[float]:
    """Return the baselines of lines on the left above which both columns end at about the same height.

    Such a line is a heading, or the line above it ends no sentence, which then goes on in the right column. Lines of
    prose below it that are as wide as the left column, with nothing on the right, show that the left column goes on.
    """
    ordered = sorted(spans, key=lambda span: span.baseline)
    left = [span for span in ordered if span.left <= x and not _crosses_gutter(span, x)]
    heights = [span.baseline for span in ordered if span.left > x]
    across = [span.baseline for span in ordered if _crosses_gutter(span, x)]
    begin, end = min(span.left for span in left), max(span.right for span in left)
    full = [span.baseline for span in left if span.right - begin >= _FULL_LINE * (end - begin)]
    by_edge = sorted(left, key=lambda span: (round(span.left), span.baseline))  # the left side may hold columns, too
    distances = sorted(
        after.baseline - before.baseline
        for before, after in pairwise(by_edge)
        if round(after.left) == round(before.left) and after.baseline > before.baseline
    )
    leading = distances[(len(distances) - 1) // 3] if distances else 0.0  # between paragraphs they are larger
    baselines = [span.baseline for span in ordered]
    usual_size = most_common_size(left)
    ends: list[float] = []
    for above, line in pairwise(left):
        split = bisect_right(heights, line.baseline - _MIN_DROP * leading)
        below = baselines[bisect_right(baselines, line.baseline + _SAME_LINE * leading) :][:1]
        has_text = bool(below) and below[0] - line.baseline <= _NEXT_LINE * leading
        is_larger = line.size > _HEADING_SIZE * max(above.size, usual_size)
        heading = has_text and (is_larger or (line.bold and not above.bold))
        unbalanced = (_BALANCED_HEADING if heading else _BALANCED) * leading
        if (
            line.baseline - above.baseline < _END_GAP * leading
            or not split
            or abs(heights[split - 1] - above.baseline) > unbalanced
            or (split < len(heights) and heights[split] < line.baseline + _BALANCED * leading)
        ):
            continue
        next_beside = min(heights[split : split + 1] + across[bisect_right(across, line.baseline) :][:1], default=inf)
        if bisect_left(full, next_beside) - bisect_right(full, line.baseline) >= _MIN_LINES:
            continue
        if heading or (split == len(heights) and not SENTENCE_END.search(above.text)):
            ends.append(line.baseline)
    return ends
