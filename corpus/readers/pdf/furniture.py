"""Page furniture: running heads, running feet and page numbers, which are shown on pages but are not part of the text.

A row is furniture only with positive evidence: it is at the edge of its page with nothing but furniture beyond it; the
same words are at the same height of other pages, or it holds a number that counts up with the pages; and a gap or
smaller type separates it from the text. Rows of tables and lists next to the text are never furniture.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.readers.page_numbers import (
    MAX_LONE_NUMBER,
    Number,
    PageNumberCandidate,
    fill_gaps,
    find_page_numbers,
    min_repeats,
    parse_numbers,
)
from corpus.readers.pdf.extraction.directions import Flow
from corpus.readers.pdf.extraction.glyphs import Span, group_rows
from corpus.structure.lines import LIST_ITEM

_ROWS = 3
"""Rows at the top and at the bottom that may be furniture."""
_ZONE = 0.2
"""Share of the page's height at the top and at the bottom in which furniture is searched."""
_HEIGHT_TOLERANCE = 8.0
"""Points by which the same row varies in height from page to page."""
_MAX_WORDS = 24
"""Words of a running head."""
_MAX_SIZE, _SMALL = 1.1, 0.96
"""Multiples of the body's size: larger rows are headings; smaller or italic rows need no gap to the text."""
_LARGEST_PAGE_HEADER, _MARGIN, _MIN_LARGE, _LARGE_SHARE = 2.0, 0.08, 4, 0.8
"""For a running head in large type: maximum size as a multiple of the body's, share of the page's height that is its
margin, minimum pages with its words, and minimum share of the pages between the first and the last that have a head."""
_MIN_NUMBERED = 3
"""Minimum pages with page numbers at one height for rows whose words beside the number may differ."""
_MIN_ALIKE, _SAME_HEIGHT = 3, 1.0
"""Pages with furniture in one type at one height, within points, where other words in it are furniture as well."""
_PAGE_HEADER_MARGIN, _HEADING_SIZE = 0.1, 1.15
"""Upper margin as a share of the page's height; minimum type size of a heading relative to the running head that
repeats it."""
_FAR = 0.3
"""Share of the page's width between the words and the number of a foot on the only page."""
_DASHES = "-–—|•·[] "
_GAP_OF_SMALL = 0.8
"""Minimum distance, in leadings, between the text and furniture in a smaller or italic font."""
_GAP = 1.5
"""The same for furniture in the font of the text."""
_GAP_OF_BOLD = 2.2
"""The same for bold furniture, and where a table follows."""
_MIN_LEADING = 1.15
"""Multiple of the body's size, for pages whose columns have lines at different heights."""
_ALIGNMENT = 4.0
"""Points by which the edges or middles of aligned cells differ at most."""


@dataclass(slots=True, eq=False)
class EdgeRow:
    """A row near the top or bottom ("top" or "bottom") of a page, and the rows after it towards the middle."""

    page: int
    zone: str
    spans: list[Span]
    rows_inwards: list[list[Span]]
    leading: float
    numbers: list[Number]
    turned: bool

    @property
    def height(self) -> float:
        return self.spans[0].baseline

    @property
    def text(self) -> str:
        return " ".join(span.text for span in self.spans)

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self.text.casefold().split())

    def is_level_with(self, other: EdgeRow) -> bool:
        """Return whether two rows are at the same height of the same edge within a tolerance."""
        return self.zone == other.zone and abs(self.height - other.height) <= _HEIGHT_TOLERANCE

    @property
    def style(self) -> tuple[str, float, bool, bool]:
        """The edge of the page, and the type of the longest span."""
        longest = max(self.spans, key=lambda span: len(span.text))
        return self.zone, longest.size, longest.bold, longest.italic

    def is_cell(self) -> bool:
        """Return whether the row continues a table or a list: next to an aligned row, or items at a line's distance."""
        if not self.rows_inwards or self.gap >= _GAP_OF_BOLD:
            return False
        if LIST_ITEM.match(f"{self.text} ") and LIST_ITEM.match(f"{self.rows_inwards[0][0].text} "):
            return self.gap < _GAP
        return _aligned_cells(self.spans, self.rows_inwards[0]) >= 2

    def is_apart(self, body_size: float) -> bool:
        """Return whether a gap, or smaller or italic type, separates the row from the text."""
        if not self.rows_inwards:
            return True
        if len(self.rows_inwards) > 1 and _aligned_cells(*self.rows_inwards[:2]) >= 2:
            return self.gap >= _GAP_OF_BOLD
        longest = max(self.spans, key=lambda span: len(span.text))
        if longest.size < _SMALL * body_size or (longest.italic and not longest.bold):
            return self.gap >= _GAP_OF_SMALL
        return self.gap >= (_GAP_OF_BOLD if longest.bold else _GAP)

    @property
    def gap(self) -> float:
        """Leadings between the row and the next one inwards."""
        return abs(self.rows_inwards[0][0].baseline - self.height) / self.leading


def _aligned_cells(row: Sequence[Span], other: Sequence[Span]) -> int:
    """Count the cells of a row that are aligned left, right or by their middles with a cell of another."""
    if min(len(row), len(other)) < 2:
        return 0
    return sum(
        any(
            min(abs(a.left - b.left), abs(a.right - b.right)) <= _ALIGNMENT
            or abs(a.left + a.right - b.left - b.right) <= 2 * _ALIGNMENT
            for b in other
        )
        for a in row
    )


@dataclass(slots=True)
class Furniture:
    """Furniture rows and printed labels by page; `halves` has the two labels of sheets that hold two pages."""

    rows: dict[int, list[EdgeRow]]
    labels: dict[int, str]
    halves: dict[int, tuple[str, str]]

    def span_ids(self, page: int) -> set[int]:
        """Return the identities of the furniture spans of a page."""
        return {id(span) for row in self.rows.get(page, ()) for span in row.spans}


def find_furniture(
    pages: Mapping[int, Sequence[Flow]], body_size: float, declared: Mapping[int, str | None]
) -> Furniture:
    """Find the furniture of a file.

    Args:
        pages: The text of each page by page number, in each direction; the first is the main one.
        body_size: The type size of the running text in points.
        declared: The page labels stored in the file; a row that consists of such a label is a page number.
    """
    return _FurnitureFinder(pages, body_size, declared).find()


class _FurnitureFinder:
    """Finds the furniture of one file in steps: page numbers, recurring rows, and rows in their place or style."""

    def __init__(
        self, pages: Mapping[int, Sequence[Flow]], body_size: float, declared: Mapping[int, str | None]
    ) -> None:
        self._pages, self._body_size, self._declared = pages, body_size, declared
        self._find_rows(())
        sizes = {page: (flows[0].width, flows[0].height) if flows else (0.0, 0.0) for page, flows in pages.items()}
        self._numbers = find_page_numbers(_candidates(self._possible, body_size), sizes)
        if self._numbers.halves:
            self._find_rows(self._numbers.halves)

    def find(self) -> Furniture:
        pages, numbers = self._pages, self._numbers
        rows = [row for edge in self._edges for row in edge]
        labels_of = self._labels()
        recurring = _recurring(self._possible, labels_of, min_repeats(len(pages)))
        recurring |= {row: label for row, label in labels_of.items() if row.page in numbers.halves}
        accepted = self._accepted(recurring, labels_of)
        furniture: dict[int, list[EdgeRow]] = defaultdict(list)
        labels: dict[int, str] = {}
        for row in sorted((row for row in rows if row in accepted), key=lambda row: row not in labels_of):
            furniture[row.page].append(row)
            label = labels_of.get(row) or recurring.get(row)
            if label:
                labels.setdefault(row.page, label)
        spans = {page: sum(len(flow.spans) for flow in flows) for page, flows in pages.items()}
        if all(sum(len(row.spans) for row in furniture[page]) == count for page, count in spans.items()):
            furniture.clear()  # the repeated rows are all the text there is
        if len(pages) < _MIN_ALIKE:
            for row, label in _page_headers_of_few(self._edges, pages, self._body_size):
                if row not in accepted:
                    furniture[row.page].append(row)
                    if label is not None:
                        labels.setdefault(row.page, label)
        if len(pages) == 1:
            _add_lone_numbers(rows, furniture, labels)
        fill_gaps(labels, numbers)
        return Furniture(dict(furniture), labels, numbers.halves)

    def _find_rows(self, halves: Collection[int]) -> None:
        """Find the edges of all pages, and their rows that may be furniture; sheets in `halves` hold two pages."""
        self._edges = [
            edge
            for page, flows in self._pages.items()
            for part in (flows[0].halves() if page in halves else [flows[0]] if flows else [])
            for edge in _edges(page, [part, *flows[1:]], self._body_size)
        ]
        page_headers = _large_page_headers(self._edges, self._pages, self._body_size)
        self._possible = [
            row for edge in self._edges for row in edge if _is_possible(row, self._body_size, page_headers)
        ]

    def _labels(self) -> dict[EdgeRow, str]:
        """Return the rows with a page number that counts up or that the file declares, each with the page's label."""
        labels = {row: label for row in self._possible if (label := self._numbers.label(row.page, row.numbers))}
        labels |= {
            row: label
            for row in self._possible
            if (label := self._declared.get(row.page)) is not None and label == row.text.strip(_DASHES)
        }
        alone = {row.page for row in labels if any(number.alone for number in row.numbers)}
        # "1 See the report." at the foot of page 1 is a note if the page's number stands alone below it
        return {
            row: labels[row]
            for row in self._possible
            if row in labels and (row.page not in alone or any(number.alone for number in row.numbers))
        }

    def _accepted(self, recurring: Mapping[EdgeRow, str | None], labels_of: Mapping[EdgeRow, str]) -> set[EdgeRow]:
        accepted = {row for edge in self._edges for row in _furniture_of(edge, recurring, labels_of, self._body_size)}
        accepted |= _in_place(self._edges, recurring, accepted, min_repeats(len(self._pages)))
        accepted |= _chapter_page_headers(self._edges, self._pages, self._body_size)
        accepted |= _in_style(set(self._possible), self._edges, accepted, self._body_size)
        return accepted


def _candidates(rows: Sequence[EdgeRow], body_size: float) -> list[PageNumberCandidate]:
    """Return the possible page numbers, with rows of one type size at one height in one place."""
    candidates: list[PageNumberCandidate] = []
    last: tuple[str, float, float] | None = None
    place = 0
    for row in sorted(rows, key=lambda row: (row.zone, round(row.spans[0].size), row.height)):
        this = (row.zone, round(row.spans[0].size), row.height)
        if last is None or this[:2] != last[:2] or this[2] - last[2] > _HEIGHT_TOLERANCE:
            place += 1
        last = this
        candidates.append(PageNumberCandidate(row.page, row.numbers, row.is_apart(body_size), place))
    return candidates


def _edges(page: int, flows: Sequence[Flow], body_size: float) -> Iterator[list[EdgeRow]]:
    """Yield the rows at the top and at the bottom of a page, each from the edge inwards, in each direction of text."""
    for number, flow in enumerate(flows):
        yield from _edges_of(page, flow, body_size, turned=number > 0)


def _edges_of(page: int, flow: Flow, body_size: float, *, turned: bool) -> Iterator[list[EdgeRow]]:
    rows = group_rows(flow.spans)
    distances = sorted(after[0].baseline - before[0].baseline for before, after in pairwise(rows))
    leading = max([_MIN_LEADING * body_size, *([median(distances)] if len(distances) > 3 else [])])
    for zone, inwards in (("top", rows), ("bottom", rows[::-1])):
        edge: list[EdgeRow] = []
        for position, row in enumerate(inwards[:_ROWS]):
            height = row[0].baseline / flow.height if flow.height else 0.5
            if (height > _ZONE) if zone == "top" else (height < 1 - _ZONE):
                break
            text = " ".join(span.text for span in row)
            rows_inwards = inwards[position + 1 : position + 3]
            edge.append(EdgeRow(page, zone, row, rows_inwards, leading, parse_numbers(text), turned))
        yield edge


def _is_possible(row: EdgeRow, body_size: float, page_headers: Set[EdgeRow]) -> bool:
    """Return whether a row may be furniture: small or a running head, short, and not part of a table or list."""
    small = max(span.size for span in row.spans) <= _MAX_SIZE * body_size
    small = small or row in page_headers or row.turned or any(number.alone for number in row.numbers)
    return small and len(row.words) <= _MAX_WORDS and not row.is_cell()


def _large_page_headers(
    edges: Sequence[Sequence[EdgeRow]], pages: Mapping[int, Sequence[Flow]], body_size: float
) -> set[EdgeRow]:
    """Return the running heads in larger type than the text: nearly all pages have one of a few at one height.

    The first with its words stays in the text, as a heading, unless the same words are elsewhere in the text.
    """
    groups: dict[tuple[tuple[str, float, bool, bool], tuple[str, ...]], dict[int, EdgeRow]] = defaultdict(dict)
    for row in (edge[0] for edge in edges if edge and not edge[0].turned):
        height = pages[row.page][0].height
        in_margin = min(row.height, height - row.height) <= _MARGIN * height
        if (
            in_margin
            and _MAX_SIZE * body_size < max(span.size for span in row.spans) <= _LARGEST_PAGE_HEADER * body_size
        ):
            groups[row.style, _without_numbers(row)].setdefault(row.page, row)
    groups = {key: rows for key, rows in groups.items() if len(rows) >= _MIN_LARGE and any(key[1])}
    page_headers = [row for rows in groups.values() for row in rows.values()]
    if not page_headers:
        return set()
    all_rows = [row for flows in pages.values() for flow in flows for row in group_rows(flow.spans)]
    known = {id(span) for row in page_headers for span in row.spans}
    text = "\n".join(" ".join(span.text for span in row) for row in all_rows if id(row[0]) not in known).casefold()
    result: set[EdgeRow] = set()
    for (style, _), rows in groups.items():
        first, last = min(rows), max(rows)
        same_height = {
            row.page
            for row in page_headers
            if row.style == style and first <= row.page <= last and abs(row.height - rows[first].height) <= _SAME_HEIGHT
        }
        if len(same_height) >= _LARGE_SHARE * (last - first + 1):
            word_sequences = {row.words for row in rows.values()}
            keeps_first = len(word_sequences) == 1 and " ".join(rows[first].words) not in text
            result |= {row for page, row in rows.items() if page in same_height and not (keeps_first and page == first)}
    return result


def _chapter_page_headers(
    edges: Sequence[Sequence[EdgeRow]], pages: Mapping[int, Sequence[Flow]], body_size: float
) -> set[EdgeRow]:
    """Return the running heads that repeat a heading in larger type of their page or of one before.

    They are at one height of several pages in one type; each may be on the only page of its chapter.
    """
    groups: dict[tuple[tuple[str, float, bool, bool], int], list[EdgeRow]] = defaultdict(list)
    for row in (edge[0] for edge in edges if edge and edge[0].zone == "top" and not edge[0].turned):
        if row.height <= _PAGE_HEADER_MARGIN * pages[row.page][0].height and row.is_apart(body_size):
            groups[row.style, round(row.height)].append(row)
    result: set[EdgeRow] = set()
    for ((_, size, *_), _), rows in groups.items():
        if len(rows) < _MIN_ALIKE:
            continue
        headings: set[str] = set()
        page_headers: set[EdgeRow] = set()
        by_page: dict[int, list[EdgeRow]] = defaultdict(list)
        for row in rows:
            by_page[row.page].append(row)
        for page in sorted(pages):
            larger = (span for flow in pages[page] for span in flow.spans if span.size >= _HEADING_SIZE * size)
            headings |= {" ".join(span.text for span in line).casefold() for line in group_rows(larger)}
            page_headers |= {row for row in by_page[page] if " ".join(_without_numbers(row)) in headings}
        result |= page_headers if len(page_headers) >= _MIN_ALIKE else set()
    return result


def _page_headers_of_few(
    edges: Sequence[Sequence[EdgeRow]], pages: Mapping[int, Sequence[Flow]], body_size: float
) -> Iterator[tuple[EdgeRow, str | None]]:
    """Yield the running heads and feet of a file with too few pages to repeat them, and their page numbers.

    They are small outermost rows in a margin, apart from the text.

    Such a row repeats headings in larger type of its page or of one before, apart from a number, or it is a foot of two
    parts far from each other, one of which is a number.
    """
    headings: dict[int, str] = {}
    text = ""
    for page in sorted(pages):
        larger = [span for flow in pages[page] for span in flow.spans if span.size >= _HEADING_SIZE * body_size]
        larger.sort(key=lambda span: span.baseline)
        text = headings[page] = " ".join([text, *(span.text.casefold() for span in larger), ""])
    for row in (edge[0] for edge in edges if edge and not edge[0].turned):
        width, height, known = pages[row.page][0].width, pages[row.page][0].height, headings[row.page]
        if (
            min(row.height, height - row.height) > _MARGIN * height
            or max(span.size for span in row.spans) >= _SMALL * body_size
            or row.is_cell()
            or not (row.rows_inwards and row.is_apart(body_size))
            or row.gap * row.leading < _GAP * _MIN_LEADING * body_size
        ):
            continue
        numbers = [number for number in row.numbers if number.value < MAX_LONE_NUMBER]
        label = numbers[-1].text if numbers else None
        texts = [span.text.strip(_DASHES).casefold() for span in row.spans]
        is_far = len(texts) == 2 and row.spans[1].left - row.spans[0].right >= _FAR * width
        words = " ".join(_without_numbers(row))
        if not any(map(str.isalpha, words)):
            continue
        if any(all(f" {part} " in known for part in parts) for parts in ([" ".join(row.words)], texts)):
            yield row, None
        elif label is not None and (f" {words} " in known or (row.zone == "bottom" and is_far and label in texts)):
            yield row, label


def _without_numbers(row: EdgeRow) -> tuple[str, ...]:
    """Return the words of a row without the numbers that may be those of pages."""
    numbers = {number.text.casefold() for number in row.numbers}
    return tuple(word for word in row.words if word.strip(_DASHES) not in numbers)


def _recurring(rows: Sequence[EdgeRow], labels_of: Mapping[EdgeRow, str], min_pages: int) -> dict[EdgeRow, str | None]:
    """Return the rows that have the same words, apart from a running number, at the same height of `min_pages` pages.

    Rows with page numbers at the same height need not have the same words. The values are the running numbers: the
    labels of pages, which need not follow each other.
    """
    groups: dict[tuple[str, tuple[str, ...]], list[tuple[EdgeRow, str | None]]] = defaultdict(list)
    for row in rows:
        label = labels_of.get(row)
        numbers = [label] if label else [None, *(number.text for number in row.numbers)]
        for number in numbers:
            key = tuple("#" if number and word.strip(_DASHES) == number.casefold() else word for word in row.words)
            if any(map(str.isalpha, "".join(key))) or number:
                groups[row.zone, key].append((row, number))
    numbered = [row for row in rows if row in labels_of]
    recurring: dict[EdgeRow, str | None] = {
        row: labels_of[row]
        for row in numbered
        if len({other.page for other in numbered if other.is_level_with(row)}) >= _MIN_NUMBERED
    }
    for (_, key), group in groups.items():
        for row, number in group:
            same_height = sorted((other.page, text or "") for other, text in group if other.is_level_with(row))
            if len({page for page, _ in same_height}) < min_pages:
                continue
            if "#" not in key:
                recurring[row] = None
            elif number and (number == labels_of.get(row) or _are_increasing([text for _, text in same_height])):
                recurring.setdefault(row, number)
    return recurring


def _are_increasing(texts: Sequence[str]) -> bool:
    numbers = sorted((number for text in texts for number in parse_numbers(text)), key=lambda number: number.style)
    return all(a.style != b.style or a.value < b.value for a, b in pairwise(numbers))


def _furniture_of(
    edge: Sequence[EdgeRow], recurring: Mapping[EdgeRow, str | None], labels_of: Mapping[EdgeRow, str], body_size: float
) -> Sequence[EdgeRow]:
    """Return the rows from the edge to the innermost one that is apart from the text."""
    end = 0
    for position, row in enumerate(edge):
        alone = row in labels_of and all(number.alone for number in row.numbers)
        if row not in recurring and not alone:
            break
        if alone or row.is_apart(body_size):
            end = position + 1
    return edge[:end]


def _in_place(
    edges: Sequence[Sequence[EdgeRow]], recurring: Mapping[EdgeRow, str | None], accepted: Set[EdgeRow], min_pages: int
) -> set[EdgeRow]:
    """Return the rows that touch the text on their page but not on others, where the same words are at their height."""
    places: dict[tuple[str, ...], list[EdgeRow]] = defaultdict(list)
    for row in (row for edge in edges for row in edge if row in accepted):
        places[row.words].append(row)
    result: set[EdgeRow] = set()
    for edge in edges:
        for row in edge:
            if row not in accepted:
                same_height = [other for other in places.get(row.words, ()) if other.is_level_with(row)]
                if row not in recurring or len(same_height) < min_pages:
                    break
                result.add(row)
    return result


def _in_style(
    possible: Set[EdgeRow], edges: Sequence[Sequence[EdgeRow]], accepted: Set[EdgeRow], body_size: float
) -> set[EdgeRow]:
    """Return the rows in the place and the type of furniture of other pages: names of chapters with few pages.

    A small head needs only the pages before and after its own, such as the one right-hand page between two others.
    """
    known: dict[tuple[str, float, bool, bool], list[tuple[float, int]]] = defaultdict(list)
    for row in (row for edge in edges for row in edge if row in accepted):
        known[row.style].append((row.height, row.page))
    for places in known.values():
        places.sort()
    result: set[EdgeRow] = set()
    for edge in edges:
        for row in edge:
            if row in accepted:
                continue
            if (
                row not in possible
                or not (_is_on_pages(row.height, known.get(row.style, ())) or _is_between(row, known, body_size))
                or not row.is_apart(body_size)
            ):
                break
            result.add(row)
    return result


def _is_between(
    row: EdgeRow, known: Mapping[tuple[str, float, bool, bool], Sequence[tuple[float, int]]], body_size: float
) -> bool:
    """Return whether a small head is level with furniture in its type on the pages before and after its own."""
    if row.zone != "top" or row.turned or max(span.size for span in row.spans) >= _SMALL * body_size:
        return False
    if not row.rows_inwards or row.gap < _GAP:
        return False
    level = {page for height, page in known.get(row.style, ()) if abs(height - row.height) <= _SAME_HEIGHT}
    return {row.page - 1, row.page + 1} <= level


def _is_on_pages(height: float, places: Sequence[tuple[float, int]]) -> bool:
    """Return whether enough pages are among sorted pairs of height and page that are level with a height."""
    pages: set[int] = set()
    for at in range(bisect_left(places, (height - _SAME_HEIGHT, 0)), len(places)):
        other, page = places[at]
        if other > height + _SAME_HEIGHT or len(pages) == _MIN_ALIKE:
            break
        pages.add(page)
    return len(pages) == _MIN_ALIKE


def _add_lone_numbers(rows: Sequence[EdgeRow], furniture: dict[int, list[EdgeRow]], labels: dict[int, str]) -> None:
    """On a single page only a number alone at the very top or bottom is a page number."""
    for zone in ("top", "bottom"):
        row = next((row for row in rows if row.zone == zone), None)
        number = row.numbers[0] if row is not None and row.numbers and not row.is_cell() else None
        if row is not None and number is not None and number.alone and number.value < MAX_LONE_NUMBER:
            furniture[row.page].append(row)
            labels.setdefault(row.page, number.text)
