"""A text as its lines: where each begins and ends, and whether it reads as a sentence.

What a line is (heading, note, caption) is decided elsewhere, from what is measured here. Nothing here looks at a
numbering.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_FULL_STOP = re.compile(
    r"""[.!?。！？][)\]"'’”»」』）]*(?:[0-9]{1,3}|[⁰¹²³⁴-⁹]{1,3}|\[[0-9]{1,3}\]|\((?:Note|注)[^)]{1,8}\))?\s*$"""
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its offsets without the break, and its text without white space around it."""

    start: int
    end: int
    text: str
    indent: int

    @property
    def blank(self) -> bool:
        """Whether there is nothing on it but white space."""
        return not self.text


def split_lines(text: str) -> list[Line]:
    """The lines of a canonical text, in which only a line feed breaks lines."""
    lines: list[Line] = []
    start = 0
    for raw in text.split("\n"):
        stripped = raw.strip()
        lines.append(Line(start, start + len(raw), stripped, len(raw) - len(raw.lstrip())))
        start += len(raw) + 1
    return lines


def ends_sentence(text: str) -> bool:
    """Whether a line ends as a sentence does (a glued note number after the full stop is looked through)."""
    return _FULL_STOP.search(text) is not None
