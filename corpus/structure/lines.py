"""Split a text into lines with their offsets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.scripts import BULLETS, SUPERSCRIPT_DIGITS
from corpus.vocabulary import MEASURES, SCALES

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

_LEADING_NUMBER = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,3})*)(?P<close>[.)]?)(?P<space>[ \t]+|$)(?P<rest>.*)")
_GOES_ON = frozenset(
    """
    of to at by for from with than between nearly almost only some roughly the an is are was were be been has have had
    its their this these that which cost costs weighs weighed totalled averaged reached numbered
    von vom zum zur für bis im am rund etwa knapp fast der die das den dem des ein eine einen einem einer ist war
    waren sind hat hatte hatten betrug betrugen wurde wurden
    de du des la le les aux en pour par sur dans avec environ est sont était étaient une un presque
    del el los las con por para unos unas es son era eran fue fueron casi di dei della delle da per circa sono
    do dos das em com van het een met voor tot til på av med för är var
    """.split()
)
"""Words that no heading and no item ends with, unlike "and" before the last item of a list."""
_PARTICLES = frozenset("in on over under about above below around zu mit um auf an aus bei über unter op i".split())
"""Words that rarely end a sentence or heading, but may do ("will go on", "fängt an")."""
_UNIT = re.compile(rf"(?:{SCALES}|{MEASURES})\b|%", re.IGNORECASE)
_STOP_INSIDE = re.compile(rf"[{FULL_STOPS}]{CLOSERS}(?:\s|$)")
_MIN_LINE = 25
"""Minimum length of a line whose sentence may go on with a figure and its unit on the next line, in characters."""

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


def stops_inside_sentence(text: str) -> bool:
    """Return whether a line ends with a word that neither a sentence nor a title ends with, or inside brackets."""
    words = text.split()
    return len(words) > 1 and (words[-1] in _GOES_ON or text.rfind("(") > text.rfind(")"))


def continues_sentence(above: str, line: str, is_marked: bool = False) -> bool:
    """Return whether a line that begins with a number goes on with the sentence of the line right above it.

    "... weighs" is followed by "1.9 tonnes.", and "a total of" by "14. The lens". A number after that of the line above
    belongs to a heading or an item, and so does "1." before a small letter.

    Args:
        above: The line above, stripped.
        line: The line, stripped.
        is_marked: Whether the line above begins like a heading or an item.
    """
    match = _LEADING_NUMBER.match(line)
    if match is None or len(above) < 2 or ends_sentence(above) or above[-1] in ":：;；":
        return False
    number, rest = match["number"], match["rest"]
    before = _LEADING_NUMBER.match(above)
    if before is not None and _follows(before["number"], number):
        return False
    is_decimal = number.count(".") == 1 and not match["close"]
    is_item = bool(match["close"]) and not is_decimal and (match["close"] == ")" or rest[:1].islower())
    if is_item:
        return False
    words = above.split()
    if len(words) > 1 and (words[-1] in _GOES_ON or (words[-1] in _PARTICLES and _STOP_INSIDE.search(rest))):
        return True
    is_quantity = _UNIT.match(rest) is not None or _STOP_INSIDE.search(rest) is not None
    return (
        is_quantity
        and not is_marked
        and (is_decimal or not match["close"])
        and rest[:1].islower()
        and len(above) >= _MIN_LINE
    )


def _follows(before: str, number: str) -> bool:
    """Return whether a number is the next one after another, on its level, below it or above it: "2.1" after "2"."""
    earlier, later = (list(map(int, each.split("."))) for each in (before, number))
    return any(later == [*earlier[:depth], earlier[depth] + 1] for depth in range(len(earlier))) or later in (
        [*earlier, 0],
        [*earlier, 1],
    )


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
