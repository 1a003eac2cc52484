"""Who owns each character: a text and its outline in, the text cut into runs out.

Passages are built from these runs, so that no character is lost and none is counted twice, however sections, insets and
notes interrupt each other. It knows nothing of how an outline is found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.records import HEADED_KINDS, Section


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch `[start, end)` of the text that one item owns.

    `item` is the position in the outline of the innermost item around it (None before the first and outside all),
    `heading` says that the run is the heading's own line, which no passage repeats.
    """

    start: int
    end: int
    item: int | None
    heading: bool = False


def owner_runs(text: str, outline: Sequence[Section]) -> list[Run]:
    """Cut the whole text into runs, in order, each with the innermost item that owns it.

    The runs tile `[0, len(text))`. Where an inset stands inside a section's interval the inset owns its lines and the
    section goes on after it in a run of its own. White space between two runs goes with the one before it, so that
    no run is blank (unless the text is).
    """
    runs: list[Run] = []
    cursor = 0
    open_items: list[int] = []

    def emit(end: int, item: int | None, heading: bool = False) -> None:
        nonlocal cursor
        if end <= cursor:
            return
        if runs and not text[cursor:end].strip():
            last = runs[-1]
            runs[-1] = Run(last.start, end, last.item, last.heading)
        elif runs and not heading and not runs[-1].heading and runs[-1].item == item:
            runs[-1] = Run(runs[-1].start, end, item)
        else:
            start = 0 if not runs else cursor
            runs.append(Run(start, end, item, heading))
        cursor = end

    def close_until(offset: int) -> None:
        while open_items:
            inner = open_items[-1]
            if outline[inner].end > offset:
                return
            emit(outline[inner].end, inner)
            open_items.pop()

    for position, item in enumerate(outline):
        close_until(item.start)
        emit(item.start, open_items[-1] if open_items else None)
        emit(item.heading_end if item.kind in HEADED_KINDS else item.end, position, item.kind in HEADED_KINDS)
        if item.end > cursor:
            open_items.append(position)
    close_until(len(text))
    emit(len(text), None)
    if runs and not text[: runs[0].end].strip() and len(runs) > 1:
        runs[1] = Run(0, runs[1].end, runs[1].item, runs[1].heading)
        del runs[0]
    return runs
