"""Composes slides to one text: each slide is a page, its title a heading, what the speaker says a note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from corpus.errors import UnreadableFile
from corpus.readers.base import Reading
from corpus.readers.text_builder import TextBuilder, collapse_spaces
from corpus.records import PageSpan, TableShape
from corpus.translation import gettext as _

_TITLE_WORDS = 15
"""Words of the first line of a slide without a title that still name it."""


@dataclass(frozen=True, slots=True)
class SlideTable:
    """A table: its lines and its shape."""

    lines: Sequence[str]
    shape: TableShape


@dataclass(slots=True)
class Slide:
    """A slide: its title, its paragraphs and tables in reading order, the speaker's notes, and headers and footers."""

    title: str = ""
    blocks: list[str | SlideTable] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    furniture: list[str] = field(default_factory=list)


def compose(
    slides: Mapping[int, Slide], hidden: Sequence[int], metadata: Mapping[str, object], warnings: Sequence[str] = ()
) -> Reading:
    """Return the text of the slides that are shown.

    Args:
        slides: The slides by their numbers, from 1, in order.
        hidden: The numbers of the slides that are not shown.
        metadata: What the file states about itself.
        warnings: Sentences on what was not read.

    Raises:
        UnreadableFile: No slide has text.
    """
    builder = TextBuilder()
    starts: list[tuple[int, int]] = []
    for number, slide in slides.items():
        starts.append((builder.length, number))
        blocks = list(slide.blocks)
        title = one_line(slide.title)
        first = blocks[0] if blocks else ""
        if not title and isinstance(first, str) and 0 < len(first.split()) <= _TITLE_WORDS:
            title = one_line(first)
            del blocks[0]
        builder.add_heading(title, 0)
        for block in blocks:
            if isinstance(block, SlideTable):
                builder.add_table(block.lines, shape=block.shape)
            else:
                builder.add_paragraph(one_line(block))
        for note in slide.notes:
            builder.add_paragraph(one_line(note), "notes")
    text = builder.text
    if not text.strip():
        raise UnreadableFile(_("empty: no slide has text"))
    ends = [*(start for start, _ in starts[1:]), len(text)]
    pages = [PageSpan(start, end, number) for (start, number), end in zip(starts, ends, strict=True) if start < end]
    furniture = (one_line(line) for slide in slides.values() for line in slide.furniture)
    said = [*warnings]
    if hidden:
        said.append(f"hidden slides are left out ({len(hidden)}): {', '.join(map(str, hidden[:20]))}")
    return Reading(text, builder.marks, metadata, tuple(pages), tuple(line for line in furniture if line), tuple(said))


def one_line(text: str) -> str:
    """Return a text with its line breaks as spaces."""
    return " ".join(collapse_spaces(text.replace("\v", " ")).split())
