"""Moves footnotes to the section that refers to them, although they are printed below the next section's heading."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from corpus.readers.pdf.paragraphs import ComposedText, Paragraph
from corpus.records import Section
from corpus.structure.note_references import note_marks


def move_footnotes(paragraphs: Sequence[Paragraph], composed: ComposedText) -> list[Paragraph]:
    """Return the paragraphs with each note at the end of the section that refers to it, in the order of the notes."""
    text, spans = composed.text, composed.spans
    starts = [start for start, _ in spans]
    notes = [position for position, paragraph in enumerate(paragraphs) if paragraph.role == "notes"]
    bounds = [spans[position] for position in notes]
    sections = [Section(text[start:end], "notes", None, None, start, end, end) for start, end in bounds]
    moved: dict[int, list[int]] = {}  # by position: the notes to insert before it
    target: int | None = None
    for item, offsets in sorted(note_marks(text, sections).items()):
        position = notes[item]
        if offsets and offsets[0] < starts[position]:
            referrer = bisect_right(starts, offsets[0]) - 1
            near = paragraphs[position].page - paragraphs[referrer].lines[-1].page <= 1
            target = _end_of_section(paragraphs, referrer, position) if near else None
            if target is not None and paragraphs[referrer].inset:
                for line in paragraphs[position].lines:
                    line.inset = paragraphs[referrer].inset
        elif offsets or not item or notes[item - 1] != position - 1:
            target = None  # otherwise it continues the note above
        if target is not None:
            moved.setdefault(target, []).append(position)
    taken = {position for positions in moved.values() for position in positions}
    result: list[Paragraph] = []
    for position, paragraph in enumerate(paragraphs):
        result += [paragraphs[note] for note in moved.get(position, ())]
        if position not in taken:
            result.append(paragraph)
    return result


def _end_of_section(paragraphs: Sequence[Paragraph], referrer: int, note: int) -> int | None:
    """Return the first paragraph of another section or frame between a reference and its note, if any."""
    inset = paragraphs[referrer].inset
    for position in range(referrer + 1, note):
        paragraph = paragraphs[position]
        if (paragraph.role == "heading" and not paragraph.inset) or (
            paragraph.inset != inset and paragraph.role != "notes"
        ):
            return position
    return None
