"""Split a text into lines with their offsets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.scripts import BULLETS, SUPERSCRIPT_DIGITS

PAGE_HEADER_REPEATS = 3
"""Occurrences of a short line that make it a page header rather than a heading."""

PAGE_NUMBER = r"\d{1,4}|[ivxlc]{1,8}"
"""Pattern of a page number in decimal digits, or in roman ones up to lxxxviii."""

ITEM_NUMBER = r"\(?(?:\d{1,3}|[^\W\d_]|[ivxlIVXL]{1,5})"
"""Pattern of the number or letter of an item of a list, up to its full stop or closing bracket. Roman numerals have no
"c", or "civil." would be one."""

LIST_ITEM = re.compile(rf"[ \t]*(?:[–—{BULLETS}]|{ITEM_NUMBER}[.)]|[①-⑳])\s")
"""The beginning of an item of a list: its bullet, number or letter."""

LEADERS = re.compile(r"(?:\.\s?){5,}|…{2,}|(?:·\s?){5,}")
"""Dots between the title of a section and its page."""

_PAGE_AT_END = re.compile(r"\s(\d{1,3})$")
_LETTERS = re.compile(r"[^\W\d_]{2}")
_LAST_NUMBER = re.compile(r"(\d{1,4})$")
_MIN_ENTRIES = 4
"""Lines in a row that end in ascending numbers, but not in years: with fewer, they may be values."""

_FULL_LINE = 50
"""Minimum characters of a line that was wrapped."""

_FULL_SHARE = 0.75
"""Minimum length of a line that was wrapped, relative to the line below."""

FULL_STOPS = ".!?。！？"
"""Signs that end a sentence; texts in the layout of a page may also have those of Arabic and Urdu."""

CLOSERS = r"""[)\]"'’”»」』）]*"""
"""Pattern of the brackets and quotation marks that may follow the end of a sentence."""

_SENTENCE_END = re.compile(
    rf"[{FULL_STOPS}]{CLOSERS}(?:[0-9]{{1,3}}|⁽?[{SUPERSCRIPT_DIGITS}]{{1,3}}⁾?|\[[0-9]{{1,3}}\]|\((?:Note|注)[^)]{{1,8}}\))?\s*$"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line: its offsets without the line break, its stripped text, and its indentation in characters."""

    start: int
    end: int
    text: str
    indent: int

    @property
    def blank(self) -> bool:
        """Whether the line is only white space."""
        return not self.text


def split_lines(text: str) -> list[Line]:
    """Return the lines of a canonical text, in which only line feeds break lines."""
    lines: list[Line] = []
    start = 0
    for raw in text.split("\n"):
        stripped = raw.strip()
        lines.append(Line(start, start + len(raw), stripped, len(raw) - len(raw.lstrip())))
        start += len(raw) + 1
    return lines


def contents_entries(text: str) -> frozenset[str]:
    """Return the lines of a text that are entries of a table of contents: with leaders, or four in the order of pages.

    Leaders before numbers in another order are those of a table.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    entries = {line for line in lines if LEADERS.search(line)}
    values = [int(match[1]) for line in lines if line in entries and (match := _LAST_NUMBER.search(line))]
    if any(after < before for before, after in pairwise(values)):
        entries = set()
    pages: list[tuple[str, int]] = []
    for line in [*lines, ""]:
        page = _page_of_entry(line)
        if page is not None and (not pages or page >= pages[-1][1]):
            pages.append((line, page))
            continue
        if len(pages) >= _MIN_ENTRIES:
            entries.update(entry for entry, _ in pages)
        pages = [(line, page)] if page is not None else []
    return frozenset(entries)


def _page_of_entry(line: str) -> int | None:
    """Return the number at the end of a line of words; None without one, and for cells of a table."""
    match = _PAGE_AT_END.search(line)
    if match is None:
        return None
    title = line[: match.start()]
    return None if "|" in title or "\t" in title or not _LETTERS.search(title) else int(match[1])


def ends_sentence(text: str) -> bool:
    """Return whether a line ends like a sentence, with or without a note number after the full stop."""
    return _SENTENCE_END.search(text) is not None


def sentence_lines(lines: Sequence[Line]) -> set[int]:
    """Return the positions of lines that end a sentence, and of the full lines above them in the same paragraph."""
    positions: set[int] = set()
    below = 0  # the length of the line below in the same paragraph
    for position in range(len(lines) - 1, -1, -1):
        text = lines[position].text
        if ends_sentence(text) or (below and len(text) >= max(_FULL_LINE, _FULL_SHARE * below)):
            positions.add(position)
            below = len(text)
        else:
            below = 0
    return positions
