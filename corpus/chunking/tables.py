"""Tables as text: their rows, and the caption and header that every part of a long one stands under. Pure.

A table is lines of text: perhaps a caption, a header, rows whose cells are parted by a stroke. A row is never cut in
two unless it is too long by itself, and says nothing without its header.
"""

from __future__ import annotations

import re

STROKE = "|"
_RULE = re.compile(r"(?=.*-)[|:\- \t]+$")
_MOST_CHARACTERS = 600
"""Of a caption or header: what stands in front of a part is cut to the model's measure, from no more than this."""


def rows(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The lines of `text[start:end]`, trimmed, blank ones left out; the rule below a Markdown header goes with it."""
    spans: list[tuple[int, int]] = []
    for line in re.finditer(r"[^\n]+", text[start:end]):
        stripped = line[0].strip()
        if not stripped:
            continue
        begin = start + line.start() + len(line[0]) - len(line[0].lstrip())
        stop = begin + len(stripped)
        if spans and STROKE in text[slice(*spans[-1])] and _RULE.match(line[0]):
            spans[-1] = (spans[-1][0], stop)
        else:
            spans.append((begin, stop))
    return spans


def head(text: str, start: int, end: int) -> tuple[str, ...]:
    """Caption and header row of the table `[start, end)`, each where there is one."""
    lines = [text[slice(*span)] for span in rows(text, start, end)]
    first = next((place for place, line in enumerate(lines) if STROKE in line), None)
    if first is None:
        return tuple(line[:_MOST_CHARACTERS] for line in lines[:1])
    cells = lines[first].split("\n")[0].strip(f"{STROKE} \t")
    caption = " ".join(lines[:first]).strip("*_ ")
    return tuple(one[:_MOST_CHARACTERS] for one in (caption, cells) if one)
