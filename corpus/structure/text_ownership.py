"""Partition a text into runs, each owned by one item of its outline.

Passages are built from runs, so that no character is lost or duplicated where sections, insets and notes interrupt each
other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from corpus.records import HEADED_KINDS, Section


class Run(NamedTuple):
    """A part `[start, end)` of the text that one item owns.

    `item` is the outline position of the innermost item around it, None outside all items. The line of a heading is a
    separate run, which begins at the `start` of the item.
    """

    start: int
    end: int
    item: int | None


def owner_runs(text: str, outline: Sequence[Section]) -> list[Run]:
    """Cut a text into runs, in order, each with the innermost item that owns it.

    The runs cover `[0, len(text))` without gaps or overlaps. An inset within a section owns its lines, and the section
    continues in another run after it. White space between two runs belongs to the first, so that no run is blank unless
    the text is.
    """
    raw: list[tuple[Run, bool]] = []  # each with whether it is the line of a heading
    cursor = 0
    open_items: list[int] = []

    def emit(end: int, item: int | None, heading: bool = False) -> None:
        nonlocal cursor
        if end > cursor:
            raw.append((Run(cursor, end, item), heading))
            cursor = end

    def close_until(offset: int) -> None:
        while open_items and outline[open_items[-1]].end <= offset:
            inner = open_items.pop()
            emit(outline[inner].end, inner)

    for position, item in enumerate(outline):
        close_until(item.start)
        emit(item.start, open_items[-1] if open_items else None)
        headed = item.kind in HEADED_KINDS
        emit(item.heading_end if headed else item.end, position, headed)
        if item.end > cursor:
            open_items.append(position)
    close_until(len(text))
    emit(len(text), None)
    return _join_runs(text, raw)


def _join_runs(text: str, raw: Sequence[tuple[Run, bool]]) -> list[Run]:
    """Append blank lines to the run before them, and merge adjacent runs of the same owner."""
    runs: list[Run] = []
    headings: list[bool] = []
    for run, heading in raw:
        start = run.start
        if len(runs) == 1 and not text[: runs[0].end].strip():  # only white space so far
            runs, headings, start = [], [], 0
        elif runs:
            body = text[start : run.end]
            blank = len(body) - len(body.lstrip())
            start = run.end if blank == len(body) else text.rfind("\n", start, start + blank) + 1 or start
            runs[-1] = runs[-1]._replace(end=max(start, run.start))
            start = max(start, run.start)
        if start == run.end:
            continue
        if runs and runs[-1].item == run.item and not heading and not headings[-1]:
            runs[-1] = runs[-1]._replace(end=run.end)
        else:
            runs.append(Run(start, run.end, run.item))
            headings.append(heading)
    return runs
