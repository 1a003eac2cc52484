"""Who owns each character: a text and its outline in, the text cut into runs out.

Passages are built from these runs, so that no character is lost and none is counted twice, however sections, insets and
notes interrupt each other. It knows nothing of how an outline is found.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from corpus.records import HEADED_KINDS, Section


class Run(NamedTuple):
    """A stretch `[start, end)` of the text that one item owns.

    `item` is the position in the outline of the innermost item around it, None where the text stands outside all.
    A heading's own line, which no passage repeats, is a run of its own: the one that begins at the item's `start`.
    """

    start: int
    end: int
    item: int | None


def owner_runs(text: str, outline: Sequence[Section]) -> list[Run]:
    """Cut the whole text into runs, in order, each with the innermost item that owns it.

    The runs tile `[0, len(text))`. Where an inset stands inside a section's interval the inset owns its lines and the
    section goes on after it in a run of its own. White space between two runs goes with the one before it, so that
    no run is blank (unless the text is).
    """
    raw: list[tuple[Run, bool]] = []  # each with whether it is a heading's line
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
    return _joined(text, raw)


def _joined(text: str, raw: Sequence[tuple[Run, bool]]) -> list[Run]:
    """The runs with blank lines given to the run before them, and neighbours of one owner made one."""
    runs: list[Run] = []
    headings: list[bool] = []
    for run, heading in raw:
        start = run.start
        if len(runs) == 1 and not text[: runs[0].end].strip():  # nothing but white space so far
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
