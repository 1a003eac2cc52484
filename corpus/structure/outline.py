"""Build the outline of a text: infer it from the numbering, or use the headings that the format declares. Pure.

Inference has four steps: tables, whose lines then count as blank; lines whose form determines their role (notes,
captions, front matter); headings, by the strokes drawn below them or else their numbers and hierarchy; the remaining
lines (insets, captions, headings without numbers).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise

from corpus.imprint import is_imprint
from corpus.records import Mark, Section, SectionKind
from corpus.structure import (
    captions,
    drawn_headings,
    front_matter,
    heading_candidates,
    hierarchy,
    notes,
)
from corpus.structure.heading_candidates import Candidate
from corpus.structure.lines import Line, split_lines
from corpus.structure.note_references import find_note_parents, plain_notes
from corpus.structure.notes import NoteLine
from corpus.structure.numbering import parse_markers
from corpus.structure.text_tables import find_tables
from corpus.structure.tree import Item, assemble

_LOWEST = 1000.0
"""The level of a heading without a number among numbered ones: below all of them."""

_TOP_LINES = 60
"""Lines at the beginning, most of them blank, within which title and bylines are searched."""


def infer_outline(text: str) -> tuple[Section, ...]:
    """Infer the outline of a text whose format declares no structure; items are in text order."""
    all_lines = split_lines(text)
    tables = find_tables(all_lines)
    in_tables = {position for table in tables for position in table}
    drawn = drawn_headings.find_drawn_headings(all_lines, in_tables) or drawn_headings.find_months(all_lines)
    hidden = in_tables | drawn_headings.stroke_lines(all_lines, drawn)
    lines = [replace(line, text="") if position in hidden else line for position, line in enumerate(all_lines)]
    note_lines = notes.find_notes(lines)
    caption_lines = {
        p for p, line in enumerate(lines) if not line.blank and p not in note_lines and captions.is_caption(line.text)
    }
    candidates = heading_candidates.find_candidates(lines, note_lines.keys() | caption_lines)
    dates = {candidate.line for candidate in candidates if is_imprint(lines[candidate.line].text)}  # "14 March 2016"
    candidates = heading_candidates.without_lines(candidates, dates)
    candidates = heading_candidates.without_lines(candidates, front_matter.contents_lines(candidates, lines))
    is_drawn = drawn_headings.are_complete(drawn, candidates)
    candidates = [] if is_drawn else candidates
    first_prose = front_matter.first_prose(lines, note_lines.keys(), candidates)
    candidates = heading_candidates.without_lines(candidates, front_matter.book_label_lines(candidates, first_prose))
    tree = hierarchy.find_parents(candidates, _body_lines(lines, note_lines.keys() | caption_lines, candidates))
    depth: dict[int, int] = {}
    for position, parent in tree.items():
        depth[position] = 0 if parent is None else depth[parent] + 1
    heading_levels = {candidates[position].line: float(level) for position, level in depth.items()}
    heading_levels |= {position: float(heading.level) for position, heading in drawn.items() if is_drawn}
    title_lines = front_matter.title_lines(lines, heading_levels, note_lines.keys() | caption_lines, first_prose)
    classified = heading_levels.keys() | caption_lines | note_lines.keys() | set(title_lines)
    unclassified = [position for position, line in enumerate(lines) if not line.blank and position not in classified]
    for position in plain_notes(text, lines, unclassified):
        note_lines[position] = NoteLine("notes", "none", "")
    heading_levels |= _chapter_titles(lines, candidates, tree, heading_levels, note_lines.keys() | caption_lines)
    begin = max(title_lines, default=-1) + 1
    roles = captions.classify(lines, heading_levels, note_lines.keys(), caption_lines, begin)
    sections = list(roles.values()).count("section")
    repeated = len(title_lines) > 1 and lines[title_lines[-1]].text in {
        lines[position].text for position in title_lines[:-1]
    }
    # the first heading is among the title lines
    if (
        not heading_levels
        and len(title_lines) > 1
        and sections > (not repeated)
        and not is_imprint(lines[title_lines[-1]].text)
    ):
        roles |= captions.classify(lines, heading_levels, note_lines.keys(), caption_lines, title_lines[-1])
        title_lines = [position for position in title_lines if position not in roles]
    items: dict[int, Item] = {}

    def put(position: int, kind: SectionKind, level: float | None = None) -> None:
        line = lines[position]
        items[position] = Item(kind, level, line.start, line.end)

    for position, role in roles.items():
        put(position, role, (_LOWEST if heading_levels else 0.0) if role == "section" else None)
    for position in title_lines:
        put(position, "front")
    for position in caption_lines:
        put(position, "caption")
    for position, note in note_lines.items():
        put(position, note.kind)
    for position, level in heading_levels.items():
        heading = drawn.get(position, lines[position])
        items[position] = Item("section", level, heading.start, heading.end)
    for table in tables:
        put(table.start, "table")
        items[table.start] = replace(items[table.start], stop=all_lines[table[-1]].end)
    ordered = [items[position] for position in sorted(items)]
    outline = assemble(text, all_lines, ordered, declared=False, note_parents={})
    if note_parents := find_note_parents(text, all_lines, outline):
        outline = assemble(text, all_lines, ordered, declared=False, note_parents=note_parents)
    return outline


def outline_from_marks(text: str, marks: Sequence[Mark]) -> tuple[Section, ...]:
    """Build the outline from the marks of a format; a mark of an inset or table can cover several lines."""
    items: list[Item] = []
    lines = split_lines(text)
    glossary = _glossary(text, marks)
    marks = sorted(marks, key=lambda mark: (mark.start, -mark.end))
    headings = [mark for mark in marks if mark.kind == "section"]
    others = [mark for mark in marks if mark.kind != "section"]
    cover, signatures = front_matter.heading_bylines(text, headings, others)
    titled = _titled_labels(text, headings)
    for mark in marks:
        heading_end, stop = mark.end, None
        if mark.kind in ("inset", "table") and (stop_of_line := text.find("\n", mark.start, mark.end)) >= 0:
            heading_end, stop = stop_of_line, mark.end
        if mark.end > mark.start:
            kind: SectionKind = "glossary" if mark.start in glossary else mark.kind
            if kind == "section" and mark.start in signatures:
                continue
            if kind == "section" and mark.start in cover:
                kind = "front"
            level = None if mark.level is None or kind == "front" else titled.get(mark.start, float(mark.level))
            items.append(Item(kind, level, mark.start, heading_end, stop, mark.table))
    items += _declared_bylines(lines, items)
    items.sort(key=lambda item: item.start)
    outline = assemble(text, lines, items, declared=True, note_parents={})
    if note_parents := find_note_parents(text, lines, outline):
        outline = assemble(text, lines, items, declared=True, note_parents=note_parents)
    return outline


def _titled_labels(text: str, headings: Sequence[Mark]) -> dict[int, float]:
    """Return the levels of labels such as "Chapter 1" and of the title right below each, by the start of the heading.

    Both are often marked as headings of one level, or the label, in smaller type, as the lower one: but the title and
    all below it belong to the label.
    """
    levels: dict[int, float] = {}
    for label, title in pairwise(headings):
        if label.level is None or title.level is None or label.level < title.level:
            continue
        markers = parse_markers(text[label.start : label.end].strip())
        if markers and not markers[0].title and not text[label.end : title.start].strip():
            levels |= {label.start: float(title.level), title.start: title.level + 0.5}
    return levels


def _declared_bylines(lines: Sequence[Line], items: Sequence[Item]) -> list[Item]:
    """Return the lines of date, author and place below the title as front matter, which few formats declare."""
    spans = [(item.start, max(item.heading_end, item.stop or 0)) for item in items]
    taken = {
        position
        for position, line in enumerate(lines[:_TOP_LINES])
        if any(start <= line.end and line.start < end for start, end in spans)
    }
    return [
        Item("front", None, lines[position].start, lines[position].end)
        for position in front_matter.bylines(lines[:_TOP_LINES], taken)
    ]


def _glossary(text: str, marks: Sequence[Mark]) -> set[int]:
    """Return the offsets of lines that a format declares to be notes but whose form is that of a glossary."""
    spans = sorted({(mark.start, mark.end) for mark in marks if mark.kind == "notes"})
    lines = [Line(start, end, text[start:end].strip(), 0) for start, end in spans]
    return {lines[position].start for position, note in notes.find_notes(lines).items() if note.kind == "glossary"}


def _body_lines(lines: Sequence[Line], taken: Collection[int], candidates: Sequence[Candidate]) -> int:
    candidate_lines = {candidate.line for candidate in candidates}
    return sum(not line.blank and p not in taken and p not in candidate_lines for p, line in enumerate(lines))


def _chapter_titles(
    lines: Sequence[Line],
    candidates: Sequence[Candidate],
    tree: dict[int, int | None],
    heading_levels: dict[int, float],
    taken: Collection[int],
) -> dict[int, float]:
    """Return titles on the line below their label ("Chapter 3"): headings half a level below the label."""
    titles: dict[int, float] = {}
    for position in tree:
        if candidates[position].title:
            continue
        label = candidates[position].line
        below = next((p for p in range(label + 1, min(label + 4, len(lines))) if not lines[p].blank), None)
        if below is None or below in heading_levels or below in taken or lines[below].text[0] in "(（[":
            continue
        if captions.is_title(lines[below].text):
            titles[below] = heading_levels[label] + 0.5
    return titles
