"""Move end notes to the section that they explain: the innermost section that contains all their marks.

A block of end notes below the last section belongs to the sections above it as well.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from corpus.records import HEADED_KINDS, Section
from corpus.structure.lines import Line
from corpus.structure.note_references import note_marks


def find_note_parents(text: str, lines: Sequence[Line], outline: Sequence[Section]) -> dict[int, int | None]:
    """Return the new parent of each note item that does not belong to the section around it, by position."""
    marks = note_marks(text, outline)
    moved: dict[int, int | None] = {}
    sections = [position for position, item in enumerate(outline) if item.kind in HEADED_KINDS]
    starts = [outline[position].start for position in sections]
    filled = [line for line in lines if not line.blank]
    line_starts = [line.start for line in filled]
    block: list[int] = []
    for position in [*marks, -1]:
        if block and (position != block[-1] + 1):
            below = bisect_left(line_starts, outline[block[-1]].end)
            closes = below == len(filled) or (
                block[-1] + 1 < len(outline)
                and outline[block[-1] + 1].start <= filled[below].end
                and outline[block[-1] + 1].kind in HEADED_KINDS
            )
            offsets = [offset for note in block for offset in marks[note]]
            if closes and offsets and not _is_notes_section(text, outline, block[0]):
                owners = {_owner(outline, sections, starts, offset) for offset in offsets}
                if len(owners) > 1:  # notes of an inset and of the text around it belong to the text
                    owners = {_around(outline, owner) for owner in owners}
                home = _common(outline, list(owners))
                around = _ancestors(outline, outline[block[0]].parent)
                if home in around:
                    moved |= dict.fromkeys(block, home)
            block = []
        block.append(position)
    return moved


def _owner(outline: Sequence[Section], sections: Sequence[int], starts: Sequence[int], offset: int) -> int | None:
    """Return the innermost section or inset around an offset."""
    place = bisect_left(starts, offset + 1) - 1
    position: int | None = sections[place] if place >= 0 else None
    while position is not None and outline[position].end <= offset:
        position = outline[position].parent
    return position


def _around(outline: Sequence[Section], position: int | None) -> int | None:
    """Return the section itself, or the section that an inset interrupts."""
    if position is None or outline[position].kind != "inset":
        return position
    start = outline[position].start
    return next(
        (
            above
            for above in range(position - 1, -1, -1)
            if outline[above].kind == "section" and outline[above].end > start
        ),
        None,
    )


def _is_notes_section(text: str, outline: Sequence[Section], first: int) -> bool:
    """Whether notes follow directly after their own heading ("Notes")."""
    parent = outline[first].parent
    return parent is not None and not text[outline[parent].heading_end : outline[first].start].strip()


def _ancestors(outline: Sequence[Section], position: int | None) -> list[int | None]:
    """Return a position and its ancestors, outermost (None) first."""
    chain: list[int | None] = []
    while position is not None:
        chain.append(position)
        position = outline[position].parent
    return [None, *reversed(chain)]


def _common(outline: Sequence[Section], positions: Sequence[int | None]) -> int | None:
    """Return the innermost common ancestor."""
    common = _ancestors(outline, positions[0])
    for position in positions[1:]:
        chain = _ancestors(outline, position)
        common = [ancestor for ancestor, other in zip(common, chain, strict=False) if ancestor == other]
    return common[-1]
