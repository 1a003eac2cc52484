"""Page numbers printed on pages: which numbers at the edges count up with the pages, and the label of each page."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from corpus.structure.numbering import to_roman

_DASHES = "-–—|•·~<>[]()"
_MAX_DIGITS = 7
_PAGE_WORD = re.compile(
    r"(?:page|pages|p\.?|pp\.|pg\.?|seite|s\.|página|pág\.?|pagina|strana|sivu|side|sida|стр\.?)", re.IGNORECASE
)
_EAST_ASIAN_PAGE = re.compile(r"(?:第\s*)?(\d+)\s*(?:頁|页|ページ|쪽|페이지)")
_OF = re.compile(r"of|von|de|sur|di|av|af|van|из|/", re.IGNORECASE)
_PREFIXED = re.compile(r"([A-Z]{1,3}|[IVX]{1,4}|\d{1,3})[-–.](\d{1,4})|([A-Z])(\d{1,4})")
_ROMAN = {to_roman(value): value for value in range(1, 100)}
_WEIGHT_ALONE, _WEIGHT_APART, _WEIGHT_IN_TEXT = 1.0, 0.6, 0.1
"""Evidence that a number is its page's: alone in its row, in a row apart from the text, or else."""
_MIN_CHAIN, _CHAIN_SHARE = 3, 0.7
"""Pages, and share of the pages with a number in that place, of numbers that increase without counting the pages."""
MAX_LONE_NUMBER = 1000
"""On a single page, larger numbers are not taken for page numbers, because they may be years."""
_MANY_PAGES = 8
"""Number of pages above which repeated words need three pages as evidence, since two may be a coincidence."""
_SPREAD = 1.1
"""Minimum ratio of width to height of a sheet that may hold two pages."""


class Number(NamedTuple):
    """A possible page number: its style ("1", "i", "I" or the prefix before it), value and text as printed."""

    style: str
    value: int
    text: str
    alone: bool


class PageNumberCandidate(NamedTuple):
    """The possible page numbers of a row at the edge of a page; `apart` means that a gap separates it from the text.

    `place` is the same for rows of one type size at one height.
    """

    page: int
    numbers: Sequence[Number]
    apart: bool
    place: object


def min_repeats(pages: int) -> int:
    """Return on how many of the pages of a file a line must be repeated to be a page header or footer."""
    return 2 if pages < _MANY_PAGES else 3


def parse_numbers(text: str) -> list[Number]:
    """Return the possible page numbers at the start and the end of a row, in the order of the row."""
    text = _EAST_ASIAN_PAGE.sub(r"\1", unicodedata.normalize("NFKC", text))
    words = [word for word in (word.strip(_DASHES) for word in text.split()) if word]
    if len(words) > 2 and words[-1].isdecimal() and _OF.fullmatch(words[-2]):
        words = words[:-2]  # "4 of 88"
    words = [re.sub(r"(?<=\d)/\d+$", "", word) for word in words]
    alone = len(words) == 1 or (len(words) == 2 and _PAGE_WORD.fullmatch(words[0]) is not None)
    ends = {0: words[0], len(words) - 1: words[-1]} if words else {}
    parsed = (_parse_number(word, alone) for word in ends.values())
    return [number for number in parsed if number is not None]


def _parse_number(word: str, alone: bool) -> Number | None:
    if word.isdecimal():
        return Number("1", int(word), word, alone) if len(word) <= _MAX_DIGITS else None
    if word.lower() in _ROMAN and (word.islower() or word.isupper()):
        return Number("i" if word.islower() else "I", _ROMAN[word.lower()], word, alone)
    if (match := _PREFIXED.fullmatch(word)) is not None:
        return Number(match[1] or match[3], int(match[2] or match[4]), word, alone)
    return None


@dataclass(slots=True)
class PageNumbers:
    """The page numbers that count up with the pages.

    Attributes:
        styles: The style of the numbers by page, and their value.
        halves: The labels of the left and the right half of a sheet that holds two pages, by sheet.
    """

    values: dict[int, tuple[str, int]] = field(default_factory=dict)
    halves: dict[int, tuple[str, str]] = field(default_factory=dict)

    def label(self, page: int, numbers: Sequence[Number]) -> str | None:
        """Return the text of the number that is the page's; None if none of them is."""
        expected = {self.values.get(page)}
        for half in self.halves.get(page, ()):
            expected |= {(number.style, number.value) for number in parse_numbers(half)}
        return next((number.text for number in numbers if (number.style, number.value) in expected), None)


def find_page_numbers(
    candidates: Sequence[PageNumberCandidate], sizes: Mapping[int, tuple[float, float]]
) -> PageNumbers:
    """Find the numbers that count up: by one from page to page, or by two from sheet to sheet.

    Where several numbers of a page count up, the run with the most evidence over all its pages wins.

    Args:
        candidates: Numbers in rows at the edges of pages.
        sizes: Width and height of each page.
    """
    result = PageNumbers(halves=_find_spreads(candidates, sizes))
    runs: dict[tuple[str, int], dict[int, float]] = defaultdict(dict)  # by style and difference to the page: weights
    for page, numbers, apart, _ in candidates:
        for number in numbers if page not in result.halves else ():
            run = runs[number.style, number.value - page]
            weight = _WEIGHT_ALONE if number.alone else _WEIGHT_APART if apart else _WEIGHT_IN_TEXT
            run[page] = max(run.get(page, 0.0), weight)
    for (style, offset), weights in sorted(runs.items(), key=lambda run: (-sum(run[1].values()), run[0])):
        for page in weights if len(weights) >= 2 else ():
            result.values.setdefault(page, (style, page + offset))
    for page, number in _find_increasing(candidates):
        result.values.setdefault(page, (number.style, number.value))
    return result


def _find_increasing(candidates: Sequence[PageNumberCandidate]) -> Iterator[tuple[int, Number]]:
    """Yield numbers in one place that increase with the pages, in a file that leaves out pages."""
    places: dict[object, list[tuple[int, Number]]] = defaultdict(list)
    for page, numbers, apart, place in sorted(candidates, key=lambda candidate: candidate.page):
        for number in numbers if apart else ():
            places[place, number.style].append((page, number))
    for numbered in places.values():
        chains: list[list[tuple[int, Number]]] = []  # by its last number: the longest chain
        for page, number in numbered:
            before = [chain for chain in chains if 0 < page - chain[-1][0] <= number.value - chain[-1][1].value]
            chains.append([*max(before, key=len, default=[]), (page, number)])
        longest = max(chains, key=len)
        pages = len({page for page, _ in numbered})
        if len(longest) >= max(_MIN_CHAIN, _CHAIN_SHARE * pages):
            yield from longest


def _find_spreads(
    candidates: Sequence[PageNumberCandidate], sizes: Mapping[int, tuple[float, float]]
) -> dict[int, tuple[str, str]]:
    """Return the labels of the halves of sheets with two consecutive numbers, which grow by two from sheet to sheet."""
    sheets: dict[tuple[str, int], set[int]] = defaultdict(set)
    for page, numbers, *_ in candidates:
        width, height = sizes[page]
        for left, right in pairwise(numbers):
            follow = left.style == right.style and right.value == left.value + 1
            # on a single sheet "2016 ... 2017" may be years, and an odd page is on the right of a spread
            sure = len(sizes) > 1 or (left.value % 2 == 0 and right.value < MAX_LONE_NUMBER)
            if width > _SPREAD * height and follow and sure:
                sheets[left.style, left.value - 2 * page].add(page)
    halves: dict[int, tuple[str, str]] = {}
    for (style, offset), pages in sorted(sheets.items(), key=lambda item: (-len(item[1]), item[0])):
        for page in range(min(pages), max(pages) + 1) if len(pages) >= min(2, len(sizes)) else ():
            width, height = sizes.get(page, (0.0, 0.0))
            value = 2 * page + offset
            if width > _SPREAD * height:
                halves.setdefault(page, (_format(value, style), _format(value + 1, style)))
    return halves


def fill_gaps(labels: dict[int, str], numbers: PageNumbers) -> None:
    """Label unnumbered pages between two of one run, and the page before a run that begins with 2."""
    for style in ("1", "i", "I"):
        pages = sorted(page for page, (known, _) in numbers.values.items() if known == style and page in labels)
        for before, after in pairwise(pages):
            value = numbers.values[before][1]
            if numbers.values[after][1] - value == after - before:
                for page in range(before + 1, after):
                    labels.setdefault(page, _format(value + page - before, style))
        if pages and numbers.values[pages[0]][1] == 2 and pages[0] > 1:
            labels.setdefault(pages[0] - 1, _format(1, style))


def _format(value: int, style: str) -> str:
    if style not in ("i", "I"):
        return str(value) if style == "1" else f"{style}-{value}"
    text = to_roman(value)
    return text if style == "i" else text.upper()
