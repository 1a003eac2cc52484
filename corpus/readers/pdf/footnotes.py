"""Footnotes to the section that refers to them, though a page prints them below the next one's heading. Pure.

Paragraphs with their composed text in, the same paragraphs in another order out: a note moves up to the end of the
section that bears its mark; nothing else moves.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from corpus.readers.pdf.paragraphs import Composed, Paragraph
from corpus.records import Section
from corpus.structure.note_references import note_marks


def in_place(paragraphs: Sequence[Paragraph], composed: Composed) -> list[Paragraph]:
    """The paragraphs with each note before the heading that parts it from its mark, in the order of the notes."""
    spans = composed.spans
    notes = [position for position, one in enumerate(paragraphs) if one.role == "notes"]
    starts = [start for start, _ in spans]
    outline = [_section(composed.text, *spans[one]) for one in notes]
    moved: dict[int, list[int]] = {}  # by position, the notes to stand before it
    place: int | None = None
    for item, offsets in sorted(note_marks(composed.text, outline).items()):
        position = notes[item]
        if offsets and offsets[0] < starts[position]:
            bearer = bisect_right(starts, offsets[0]) - 1
            near = paragraphs[position].lines[0].page - paragraphs[bearer].lines[-1].page <= 1
            place = _end_of_section(paragraphs, bearer, position) if near else None
            if place is not None and paragraphs[bearer].inset:
                for line in paragraphs[position].lines:
                    line.inset = paragraphs[bearer].inset
        elif offsets or not item or notes[item - 1] != position - 1:
            place = None  # else a line that goes on with the note above
        if place is not None:
            moved.setdefault(place, []).append(position)
    taken = {position for some in moved.values() for position in some}
    return [
        paragraphs[one]
        for position in range(len(paragraphs))
        for one in [*moved.get(position, ()), *([] if position in taken else [position])]
    ]


def _section(text: str, start: int, end: int) -> Section:
    return Section(text[start:end], "notes", None, None, start, end, end)


def _end_of_section(paragraphs: Sequence[Paragraph], bearer: int, note: int) -> int | None:
    """The first paragraph between a mark's own and its note that is of another section or box; None without one."""
    inset = paragraphs[bearer].inset
    for position in range(bearer + 1, note):
        one = paragraphs[position]
        if (one.role == "heading" and not one.inset) or (one.inset != inset and one.role != "notes"):
            return position
    return None
