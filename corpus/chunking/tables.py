"""Turn tables into rows of text, and find the caption and header that each part of a long table repeats. Pure.

A table is lines of text: an optional caption, a header, and rows whose cells are separated by `|`. A row is cut only if
it is too long for a passage by itself, and is embedded with the header, without which it says nothing.
"""

from __future__ import annotations

import re

CELL_SEPARATOR = "|"
_RULE = re.compile(r"(?=.*-)[|:\- \t]+$")
_HEAD_CHARACTERS = 600
"""Maximum length of a caption or header before it is cut to the tokens of a prefix; bounds the work on huge cells."""


def rows(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the trimmed spans of the rows in `text[start:end]`; the rule below a Markdown header belongs to it."""
    spans: list[tuple[int, int]] = []
    for line in re.finditer(r"[^\n]+", text[start:end]):
        stripped = line[0].strip()
        if not stripped:
            continue
        begin = start + line.start() + len(line[0]) - len(line[0].lstrip())
        stop = begin + len(stripped)
        if spans and CELL_SEPARATOR in text[slice(*spans[-1])] and _RULE.match(line[0]):
            spans[-1] = (spans[-1][0], stop)
        else:
            spans.append((begin, stop))
    return spans


def head(text: str, start: int, end: int) -> tuple[str, ...]:
    """Return the caption and the header row of the table `text[start:end]`, without those that are missing."""
    lines = [text[slice(*span)] for span in rows(text, start, end)]
    first = next((place for place, line in enumerate(lines) if CELL_SEPARATOR in line), None)
    if first is None:
        return tuple(line[:_HEAD_CHARACTERS] for line in lines[:1])
    cells = lines[first].split("\n")[0].strip(f"{CELL_SEPARATOR} \t")
    caption = " ".join(lines[:first]).strip("*_ ")
    return tuple(part[:_HEAD_CHARACTERS] for part in (caption, cells) if part)
