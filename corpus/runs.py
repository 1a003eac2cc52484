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
    runs: list[Run] = []
    headings: set[int] = set()  # positions in `runs`
    cursor = 0
    open_items: list[int] = []

    def emit(end: int, item: int | None, heading: bool = False) -> None:
        nonlocal cursor
        if end <= cursor:
            return
        last = runs[-1] if runs else None
        break_at = text.rfind("\n", cursor, end - len(text[cursor:end].lstrip()) if text[cursor:end].strip() else end)
        if last is not None and break_at >= 0 and text[last.start : cursor].strip():
            runs[-1] = last = Run(last.start, break_at + 1, last.item)
            cursor = break_at + 1
            if cursor == end:
                return
        if last is None:
            runs.append(Run(0, end, item))
        elif not text[last.start : cursor].strip():  # only white space so far
            runs[-1] = Run(last.start, end, item)
        elif not text[cursor:end].strip():
            runs[-1] = Run(last.start, end, last.item)
        elif last.item == item and not heading and len(runs) - 1 not in headings:
            runs[-1] = Run(last.start, end, item)
        else:
            runs.append(Run(cursor, end, item))
        if heading:
            headings.add(len(runs) - 1)
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
    return runs
