"""Page furniture: running heads, running feet and page numbers, which are shown on pages but are not part of the text.

Rows at the top and bottom of pages are furniture if they recur on other pages, at the same height and with the same
words apart from numbers, or if they have a number that counts up from page to page. Such numbers are the page labels.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from corpus.readers.pdf.glyphs import Span, group_rows

_ROWS = 3
"""Rows at the top and at the bottom that may be furniture."""
_ZONE = 0.2
"""Share of the page's height at the top and at the bottom in which furniture is searched."""
_HEIGHT_TOLERANCE = 8.0
"""Points by which the same row varies in height from page to page."""
_MAX_WORDS = 24
"""Words of a running head with a page number."""
_MAX_SIZE = 1.1
"""Multiple of the body's size of a running head with a page number; "2 Results" in larger type is a heading."""
_MAX_LONE_NUMBER = 1000
"""A number from here on is not taken for the page number of a file of one page: it may be a year."""
_DASHES = "-–—|•·[]"
_ROMAN = re.compile(r"(?=[ivxlc])(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})", re.IGNORECASE)
_ROMAN_DIGITS = (
    (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


@dataclass(slots=True, eq=False)
class Row:
    """A row near the top or bottom ("top" or "bottom") of a page; `key` is its text with numbers replaced by "#"."""

    page: int
    zone: str
    height: float
    spans: list[Span]
    text: str
    key: str

    def is_level_with(self, other: Row) -> bool:
        """Return whether two rows have the same height within a tolerance."""
        return abs(self.height - other.height) <= _HEIGHT_TOLERANCE

    @property
    def is_one_word(self) -> bool:
        return len(self.text.split()) == 1

    def numbers(self) -> list[_Number]:
        """Return the possible page numbers at the start and the end of the row."""
        words = [word.strip(_DASHES) for word in self.text.split()]
        numbers: list[_Number] = []
        for word in dict.fromkeys(word for word in (*words[:1], *words[-1:]) if word):
            if word.isascii() and word.isdecimal() and len(word) <= 4:
                numbers.append(_Number("1", int(word), word))
            elif _ROMAN.fullmatch(word) and (word.islower() or word.isupper()):
                numbers.append(_Number("i" if word.islower() else "I", _parse_roman(word), word))
            elif (match := re.fullmatch(r"([A-Z]|[IVX]{1,4}|\d{1,2})[-–.](\d{1,3})", word)) is not None:
                numbers.append(_Number(match[1], int(match[2]), word))
        return numbers


class _Number(NamedTuple):
    """A page number: its style ("1", "i", "I" or the prefix before it), value and text."""

    style: str
    value: int
    text: str


_PageNumbers = dict[tuple[str, int], int]
"""Page number by style and page."""


@dataclass(slots=True)
class Furniture:
    """Furniture rows and printed labels by page."""

    rows: dict[int, list[Row]]
    labels: dict[int, str]

    def span_ids(self, page: int) -> set[int]:
        """Return the identities of the furniture spans of a page."""
        return {id(span) for row in self.rows.get(page, ()) for span in row.spans}


def find_furniture(
    pages: Mapping[int, Sequence[Span]],
    heights: Mapping[int, float],
    body_size: float,
    declared: Mapping[int, str | None],
) -> Furniture:
    """Find the furniture of a file.

    Args:
        pages: The spans of each page by page number.
        heights: The height of each page in points.
        body_size: The type size of the running text in points.
        declared: The page labels stored in the file; a row that consists of such a label is a page number.
    """
    rows = [row for number, spans in pages.items() for row in _edge_rows(number, spans, heights[number])]
    expected = _expected_numbers(rows)
    numbered: list[tuple[Row, str]] = []
    for row in rows:
        label = next((n.text for n in row.numbers() if expected.get((n.style, row.page)) == n.value), None)
        if label is None and declared.get(row.page) == row.text.strip(f"{_DASHES} "):
            label = declared[row.page]
        small = max(span.size for span in row.spans) <= _MAX_SIZE * body_size and len(row.text.split()) <= _MAX_WORDS
        if label and (row.is_one_word or small):
            numbered.append((row, label))
    labels: dict[int, str] = {}
    furniture: dict[int, list[Row]] = defaultdict(list)
    for row, label in numbered:
        # Words beside a number are a running head only if others have the same height: it may be a numbered paragraph.
        if row.is_one_word or sum(other.zone == row.zone and other.is_level_with(row) for other, _ in numbered) >= 2:
            furniture[row.page].append(row)
            labels.setdefault(row.page, label)
    for row in _repeated_rows(rows, len(pages)):
        if row not in furniture[row.page]:
            furniture[row.page].append(row)
            if row.page not in labels and (label := _changing_number(row, rows)):
                labels[row.page] = label
    if all(sum(len(row.spans) for row in furniture[number]) == len(spans) for number, spans in pages.items()):
        furniture.clear()  # the repeated rows are all the text there is
    if len(pages) == 1:
        _add_lone_numbers(rows, furniture, labels)
    _fill_gaps(labels, expected)
    return Furniture(dict(furniture), labels)


def _changing_number(row: Row, rows: Sequence[Row]) -> str | None:
    """Return the number in a running head that differs on each page where it recurs (within a chapter, for example)."""
    similar = [other.numbers() for other in rows if other.key == row.key and other.zone == row.zone]
    for place, number in enumerate(row.numbers()):
        texts = [numbers[place].text for numbers in similar if len(numbers) > place]
        if len(texts) == len(similar) == len(set(texts)):
            return number.text
    return None


def _edge_rows(number: int, spans: Sequence[Span], height: float) -> Iterator[Row]:
    rows = group_rows(spans)
    for zone, nearest in (("top", rows[:_ROWS]), ("bottom", rows[-_ROWS:][::-1])):
        for row in nearest:
            baseline = row[0].baseline
            if (baseline > _ZONE * height) if zone == "top" else (baseline < (1 - _ZONE) * height):
                break
            text = " ".join(span.text for span in row)
            words = ("#" if _ROMAN.fullmatch(word) else re.sub(r"\d+", "#", word) for word in text.lower().split())
            yield Row(number, zone, baseline, row, text, " ".join(words))


def _repeated_rows(rows: Sequence[Row], pages: int) -> list[Row]:
    """Return the rows with words that recur at their height on enough pages."""
    similar: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if any(map(str.isalpha, row.key)):
            similar[row.zone, row.key].append(row)
    least = 2 if pages < 8 else 3
    return [
        row
        for row in rows
        if len({other.page for other in similar.get((row.zone, row.key), ()) if other.is_level_with(row)}) >= least
    ]


def _parse_roman(text: str) -> int:
    digits = {letters: value for value, letters in _ROMAN_DIGITS}
    values = [digits[letter] for letter in text.lower()]
    return sum(-value if after > value else value for value, after in zip(values, [*values[1:], 0], strict=True))


def _expected_numbers(rows: Sequence[Row]) -> _PageNumbers:
    """Return the number of each page in the style of the longest run of numbers that count up with the pages."""
    runs: dict[tuple[str, int], set[int]] = defaultdict(set)  # by style and difference to the page: pages
    for row in rows:
        for number in row.numbers():
            runs[number.style, number.value - row.page].add(row.page)
    expected: _PageNumbers = {}
    longest: dict[int, tuple[int, str]] = {}
    for (style, offset), pages in sorted(runs.items(), key=lambda run: (-len(run[1]), run[0])):
        for page in pages if len(pages) >= 2 else ():
            if (style, page) not in expected:
                expected[style, page] = page + offset
                longest[page] = max(longest.get(page, (0, "")), (len(pages), style))
    return {(style, page): value for (style, page), value in expected.items() if longest[page][1] == style}


def _add_lone_numbers(rows: Sequence[Row], furniture: dict[int, list[Row]], labels: dict[int, str]) -> None:
    """On a single page only a number alone at the very top or bottom is a page number."""
    for zone in ("top", "bottom"):
        row = next((row for row in rows if row.zone == zone), None)
        numbers = row.numbers() if row is not None and row.is_one_word else []
        if row is not None and numbers and numbers[0].value < _MAX_LONE_NUMBER:
            furniture[row.page].append(row)
            labels.setdefault(row.page, numbers[0].text)


def _fill_gaps(labels: dict[int, str], expected: _PageNumbers) -> None:
    """Label unnumbered pages between two of one run, and the page before a run that begins with 2."""
    for style in ("1", "i"):
        pages = sorted(page for known, page in expected if known == style)
        for before, after in pairwise(pages):
            value = expected[style, before]
            if expected[style, after] - value == after - before:
                for page in range(before + 1, after):
                    labels.setdefault(page, _format_number(value + page - before, style))
        if pages and expected[style, pages[0]] == 2 and pages[0] > 1:
            labels.setdefault(pages[0] - 1, _format_number(1, style))


def _format_number(value: int, style: str) -> str:
    if style == "1":
        return str(value)
    text = ""
    for amount, letters in _ROMAN_DIGITS:
        text += letters * (value // amount)
        value %= amount
    return text
