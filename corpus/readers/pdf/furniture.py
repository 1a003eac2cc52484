"""Running heads, running feet and page numbers: what stands on the pages but not in the text. Pure.

Rows at the top and bottom of pages are furniture where they come again on other pages, at the same height and but for
their numbers with the same words, or where they bear a number that counts on from page to page. Those numbers are the
printed labels of the pages.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.readers.pdf.spans import Span, rows_of

_ROWS = 3
"""How many rows at the top and at the bottom may be furniture."""
_ZONE = 0.2
_SAME_HEIGHT = 8.0
_MOST_WORDS = 24
_LARGEST = 1.1
"""Ems of the body up to which words beside a number are a running head; "2 Results" in larger type is a heading."""
_ROMAN = re.compile(r"(?=[ivxlc])(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})", re.IGNORECASE)
_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@dataclass(slots=True, eq=False)
class Row:
    """A row near a page's edge; `key` is its text with any number for a number."""

    page: int
    zone: str
    height: float
    spans: list[Span]
    text: str
    key: str


@dataclass(slots=True)
class Furniture:
    """Rows that are no text, by page, and printed labels by page."""

    rows: dict[int, list[Row]]
    labels: dict[int, str]

    def spans(self, page: int) -> set[int]:
        """Identities of the spans to leave out on a page."""
        return {id(span) for row in self.rows.get(page, ()) for span in row.spans}


def find(
    pages: Mapping[int, Sequence[Span]],
    heights: Mapping[int, float],
    size: float,
    declared: Mapping[int, str | None] | None = None,
) -> Furniture:
    """`pages` are the spans of each page by its number, `heights` the pages' heights, `size` is that of the body.

    `declared` are the labels that the file itself gives: a row that says nothing else is the number of its page.
    """
    rows = [row for number, spans in pages.items() for row in _edge_rows(number, spans, heights[number])]
    expected = _expected(rows)
    repeated = _repeated(rows, len(pages))
    counted: list[tuple[Row, str]] = []
    for row in rows:
        right = [written for style, value, written in _numbers(row) if expected.get((style, row.page)) == value]
        small = max(span.size for span in row.spans) <= _LARGEST * size
        if not right and (label := (declared or {}).get(row.page)) and row.text.strip("-–—|•·[] ") == label:
            right = [label]
        if right and (len(row.text.split()) == 1 or (small and len(row.text.split()) <= _MOST_WORDS)):
            counted.append((row, right[0]))
    labels: dict[int, str] = {}
    found: dict[int, list[Row]] = defaultdict(list)
    for row, written in counted:
        # Words beside a number make a running head only where the others stand, too: it may be a numbered paragraph.
        near = sum(other.zone == row.zone and abs(other.height - row.height) <= _SAME_HEIGHT for other, _ in counted)
        if len(row.text.split()) == 1 or near >= 2:
            found[row.page].append(row)
            labels.setdefault(row.page, written)
    for row in rows:
        if id(row) in repeated and row not in found[row.page]:
            found[row.page].append(row)
            if row.page not in labels and (counting := _counting(row, rows)):
                labels[row.page] = counting
    if all(sum(len(row.spans) for row in found[number]) == len(spans) for number, spans in pages.items()):
        found.clear()  # what stands on every page is all that there is
    if len(pages) == 1:
        _single_page(rows, found, labels)
    _fill(labels, expected)
    return Furniture(dict(found), labels)


def _counting(row: Row, rows: Sequence[Row]) -> str | None:
    """The number in a running head that comes again with another number on every page (of a part of a book, too)."""
    for place, (_, _, written) in enumerate(_numbers(row)):
        alike = [_numbers(other) for other in rows if other.key == row.key and other.zone == row.zone]
        values = [numbers[place][2] for numbers in alike if len(numbers) > place]
        if len(values) == len(alike) == len(set(values)):
            return written
    return None


def _edge_rows(number: int, spans: Sequence[Span], height: float) -> list[Row]:
    rows = rows_of(spans)
    result: list[Row] = []
    for zone, some in (("top", rows[:_ROWS]), ("bottom", rows[-_ROWS:][::-1])):
        for row in some:
            middle = row[0].baseline
            if (middle > _ZONE * height) if zone == "top" else (middle < (1 - _ZONE) * height):
                break
            text = " ".join(span.text for span in row)
            result.append(Row(number, zone, middle, row, text, _key(text)))
    return result


def _key(text: str) -> str:
    """The words of a row, with any number for a number."""
    words = ("#" if _ROMAN.fullmatch(word) else re.sub(r"\d+", "#", word) for word in text.lower().split())
    return " ".join(words)


def _repeated(rows: Sequence[Row], pages: int) -> set[int]:
    """Identities of the rows that come again at their height on enough other pages."""
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if any(character.isalpha() for character in row.key):
            groups[row.zone, row.key].append(row)
    repeated: set[int] = set()
    least = 2 if pages < 8 else 3
    for group in groups.values():
        for row in group:
            near = {other.page for other in group if abs(other.height - row.height) <= _SAME_HEIGHT}
            if len(near) >= least:
                repeated.add(id(row))
    return repeated


def _numbers(row: Row) -> list[tuple[str, int, str]]:
    """Page numbers that a row may bear, at its start or its end: style, value, as written."""
    words = [word.strip("-–—|•·[]") for word in row.text.split()]
    ends = dict.fromkeys(word for word in (words[:1] + words[-1:]) if word)
    numbers: list[tuple[str, int, str]] = []
    for word in ends:
        if word.isascii() and word.isdecimal() and len(word) <= 4:
            numbers.append(("1", int(word), word))
        elif _ROMAN.fullmatch(word) and (word.islower() or word.isupper()):
            numbers.append(("i" if word.islower() else "I", _roman(word), word))
        elif (match := re.fullmatch(r"([A-Z]|[IVX]{1,4}|\d{1,2})[-–.](\d{1,3})", word)) is not None:
            numbers.append((match[1], int(match[2]), word))
    return numbers


def _roman(text: str) -> int:
    values = [_VALUES[letter] for letter in text.lower()]
    return sum(-one if after > one else one for one, after in zip(values, [*values[1:], 0], strict=True))


def _expected(rows: Sequence[Row]) -> dict[tuple[str, int], int]:
    """What each page's number is in each style, where numbers of that style count on with the pages."""
    runs: dict[tuple[str, int], set[int]] = defaultdict(set)
    for row in rows:
        for style, value, _ in _numbers(row):
            runs[style, value - row.page].add(row.page)
    expected: dict[tuple[str, int], int] = {}
    for (style, offset), pages in sorted(runs.items(), key=lambda item: (-len(item[1]), item[0])):
        if len(pages) < 2:
            continue
        for page in pages:
            expected.setdefault((style, page), page + offset)
    # A page has one number: that of the style with the longer run.
    sizes = Counter({run: len(pages) for run, pages in runs.items()})
    best: dict[int, tuple[int, str]] = {}
    for (style, page), value in expected.items():
        best[page] = max(best.get(page, (0, "")), (sizes[style, value - page], style))
    return {(style, page): value for (style, page), value in expected.items() if best[page][1] == style}


def _single_page(rows: Sequence[Row], found: dict[int, list[Row]], labels: dict[int, str]) -> None:
    """Of a page alone only a number that stands by itself at the very edge is known for its number."""
    for zone in ("top", "bottom"):
        row = next((one for one in rows if one.zone == zone), None)
        if row is not None and len(row.text.split()) == 1 and (numbers := _numbers(row)) and numbers[0][1] < 1000:
            found[row.page].append(row)
            labels.setdefault(row.page, numbers[0][2])


def _fill(labels: dict[int, str], expected: Mapping[tuple[str, int], int]) -> None:
    """Pages between two of one run bear a number too, though none is printed on them; so does the first, before a 2."""
    for style in {style for style, _ in expected}:
        if style not in ("1", "i"):
            continue
        pages = sorted(page for known, page in expected if known == style)
        for before, after in pairwise(pages):
            value = expected[style, before]
            if expected[style, after] - value == after - before:
                for page in range(before + 1, after):
                    labels.setdefault(page, _write(value + page - before, style))
        first = pages[0]
        if expected[style, first] == 2 and first > 1:
            labels.setdefault(first - 1, _write(1, style))


def _write(value: int, style: str) -> str:
    if style == "1":
        return str(value)
    written = ""
    for amount, letters in (
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ):
        written += letters * (value // amount)
        value %= amount
    return written
