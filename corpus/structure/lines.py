"""Split a text into lines with their offsets."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FULL_STOP = re.compile(
    r"""[.!?。！？][)\]"'’”»」』）]*(?:[0-9]{1,3}|[⁰¹²³⁴-⁹]{1,3}|\[[0-9]{1,3}\]|\((?:Note|注)[^)]{1,8}\))?\s*$"""
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


def ends_sentence(text: str) -> bool:
    """Whether a line ends like a sentence, with or without a note number after the full stop."""
    return _FULL_STOP.search(text) is not None
