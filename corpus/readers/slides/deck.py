"""Compose slides to one text: each slide is a page, its title a heading, the speaker's notes are notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from corpus.errors import UnreadableFile
from corpus.readers.base import FileContent, TextBuilder, one_line, split_at_tabs
from corpus.readers.table_to_text import render_tabbed_rows
from corpus.records import HEADED_KINDS, PageSpan, StructureMark, TableShape
from corpus.structure.lines import ends_sentence
from corpus.structure.outline import infer_outline
from corpus.translation import english, join_first
from corpus.translation import gettext as _

_TITLE_WORDS, _SENTENCE = 15, 40
"""Maximum words of the first line of a slide without a title that serves as the title, and minimum characters of a
sentence that does not, since a sentence in a script without spaces is one word."""

_ALIGNMENT, _SAME_ROW = 0.1, 0.5
"""Share of the width of text boxes by which those of a column may be apart, and of the height for those of a row."""

_CONTINUED = re.compile(
    r"\s*[(（\[]?(?:\bcont(?:inued|'d|d|\.)?|続き?|つづき|(?<![0-9A-Za-z/.])[1-9]\s?/\s?[1-9])[)）\]]?\s*$",
    re.IGNORECASE,
)
"""The end of a title that says which part of a section a slide is, but not of a fiscal year ("2015/16")."""

_MIN_NUMBERED = 2
"""Minimum number of numbered titles for the numbering to define the levels."""


@dataclass(frozen=True, slots=True)
class SlideTable:
    """A table: its lines and its shape."""

    lines: Sequence[str]
    shape: TableShape


@dataclass(frozen=True, slots=True)
class TextBox:
    """A box with one line of text, in any unit, and what its position refers to: the slide, or a group of shapes."""

    text: str
    left: float
    top: float
    width: float
    height: float
    container: int

    @property
    def middle(self) -> float:
        return self.top + self.height / 2

    def is_aligned(self, other: TextBox) -> bool:
        """Return whether two boxes are in one column: their left or right edges or their middles are close."""
        edges = (0.0, 0.5, 1.0)
        tolerance = _ALIGNMENT * min(self.width, other.width)
        return any(abs(self.left + at * self.width - other.left - at * other.width) <= tolerance for at in edges)


Block = str | SlideTable | TextBox


@dataclass(slots=True)
class Slide:
    """A slide: its title, its paragraphs and tables in reading order, the speaker's notes, and headers and footers."""

    title: str = ""
    blocks: list[Block] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    furniture: list[str] = field(default_factory=list)


def compose(
    slides: Mapping[int, Slide], hidden: Sequence[int], metadata: Mapping[str, object], warnings: Sequence[str] = ()
) -> FileContent:
    """Return the text of the slides that are shown.

    Args:
        slides: The slides by their numbers, from 1, in order.
        hidden: The numbers of the slides that are not shown.
        metadata: The metadata declared by the file.
        warnings: Sentences about parts that were not read.

    Raises:
        UnreadableFile: No slide has text.
    """
    builder = TextBuilder()
    starts: list[tuple[int, int]] = []
    for slide in slides.values():
        slide.blocks = _join_boxes(slide.blocks)
    _complete_titles(slides.values())
    for number, slide in slides.items():
        starts.append((builder.length, number))
        builder.add_heading(slide.title, 0)
        for block in _with_tables(slide.blocks):
            if isinstance(block, SlideTable):
                builder.add_table(block.lines, shape=block.shape)
            elif isinstance(block, str):
                builder.add_paragraph(one_line(block))
        for note in slide.notes:
            builder.add_paragraph(one_line(note), "notes")
    text = builder.text
    if not text.strip():
        raise UnreadableFile(_("empty: no slide has text"))
    ends = [*(start for start, _ in starts[1:]), len(text)]
    pages = [PageSpan(start, end, number) for (start, number), end in zip(starts, ends, strict=True) if start < end]
    furniture = (one_line(line) for slide in slides.values() for line in slide.furniture)
    all_warnings = [*warnings]
    if hidden:
        numbers = join_first([str(number) for number in hidden], 20)
        all_warnings.append(
            english("hidden slides are left out (%(count)s): %(numbers)s", count=len(hidden), numbers=numbers)
        )
    marks = _infer_structure(text, builder.marks)
    return FileContent(text, marks, metadata, tuple(pages), tuple(filter(None, furniture)), tuple(all_warnings))


def _join_boxes(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with the text boxes that form a grid as tables, each in the place of its first box."""
    rows: list[list[TextBox]] = []
    for box in sorted((block for block in blocks if isinstance(block, TextBox)), key=lambda box: box.middle):
        same = next((row for row in rows if _is_beside(row[0], box)), None)
        if same is None:
            rows.append([box])
        else:
            same.append(box)
    tables: dict[int, Block] = {}  # by the identity of a box: the table that it is in
    grid: list[list[TextBox]] = []
    for row in [*(sorted(row, key=lambda box: box.left) for row in rows), []]:
        if grid and len(row) == len(grid[-1]) and all(map(TextBox.is_aligned, row, grid[-1])):
            grid.append(row)
            continue
        table = (
            render_tabbed_rows([[box.text for box in cells] for cells in grid]) if grid and len(grid[0]) > 1 else None
        )
        if table is not None:
            tables |= dict.fromkeys((id(box) for cells in grid for box in cells), SlideTable(*table))
        grid = [row]
    joined: list[Block] = []
    for block in blocks:
        table_of = tables.get(id(block))
        if table_of is None:
            joined.append(block.text if isinstance(block, TextBox) else block)
        elif not any(before is table_of for before in joined):
            joined.append(table_of)
    return joined


def _is_beside(box: TextBox, other: TextBox) -> bool:
    distance = abs(box.middle - other.middle)
    return box.container == other.container and distance < _SAME_ROW * min(box.height, other.height)


def _with_tables(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks; lines of values that are aligned by tabs become tables."""
    for width, group in groupby(blocks, key=lambda block: block.count("\t") if isinstance(block, str) else 0):
        lines = list(group)
        rows = [split_at_tabs(line) for line in lines if isinstance(line, str)]
        table = render_tabbed_rows(rows) if width else None
        yield from lines if table is None else [SlideTable(*table)]


def _complete_titles(slides: Iterable[Slide]) -> None:
    """Use the short first line of a slide without a title as its title, and move repeated titles to the furniture.

    A slide that repeats the title of the one before continues its section.
    """
    before = ""
    for slide in slides:
        slide.title = one_line(slide.title)
        first = slide.blocks[0] if slide.blocks else ""
        if not slide.title and isinstance(first, str) and _can_be_title(first):
            slide.title = one_line(first)
            del slide.blocks[0]
        title = _CONTINUED.sub("", slide.title)
        if title and title == before and slide.blocks:
            slide.furniture.insert(0, slide.title)
            slide.title = ""
        before = title


def _can_be_title(text: str) -> bool:
    is_sentence = ends_sentence(text) and len(text) > _SENTENCE
    return 0 < len(text.split()) <= _TITLE_WORDS and not is_sentence


def _infer_structure(text: str, marks: Sequence[StructureMark]) -> tuple[StructureMark, ...]:
    """Return the marks with the levels of titles by their numbering ("2.", "(1)"), and with marks for notes.

    Without numbers all titles have the same level. A title without a number has the level of the previous title.
    """
    plain = list(text)
    for mark in marks:
        if mark.kind != "section":
            plain[mark.start : mark.end] = " " * (mark.end - mark.start)
    outline = infer_outline("".join(plain))
    depths: dict[int, int] = {}
    for item in outline:
        if item.kind in HEADED_KINDS:
            above = None if item.parent is None else depths.get(outline[item.parent].start)
            depths[item.start] = 0 if above is None else above + 1
    titles = [mark for mark in marks if mark.kind == "section"]
    if sum(mark.start in depths for mark in titles) < _MIN_NUMBERED:
        depths.clear()
    level = 0
    nested: list[StructureMark] = [mark for mark in marks if mark.kind != "section"]
    for mark in titles:
        level = depths.get(mark.start, level)
        nested.append(replace(mark, level=level))
    taken = {mark.start for mark in titles}
    nested += [
        StructureMark(item.kind, None, item.start, item.heading_end)
        for item in outline
        if item.kind in ("notes", "glossary") and item.start not in taken
    ]
    return tuple(sorted(nested, key=lambda mark: (mark.start, -mark.end)))
