"""Assemble items with levels into an outline: find the parents and the ends of sections, insets, notes and captions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.records import HEADED_KINDS, Section, SectionKind, TableShape
from corpus.structure.lines import Line


@dataclass(frozen=True, slots=True)
class Item:
    """A heading, or a line that is its own body, before its parent is known.

    The parent of a heading is the nearest heading above it with a lower `level`. A level can be a fraction, for the
    title line between "Chapter 3" and its sections. `stop` is the end of an inset or table if it is known; otherwise
    an inset ends at the next section.
    """

    kind: SectionKind
    level: float | None
    start: int
    heading_end: int
    stop: int | None = None
    table: TableShape | None = None


@dataclass(slots=True)
class _OpenItem:
    item: Item
    parent: int | None
    end: int


def assemble(
    text: str, lines: Sequence[Line], items: Iterable[Item], declared: bool, note_parents: dict[int, int | None]
) -> tuple[Section, ...]:
    """Return the outline of items that are in text order.

    A section ends with its last line; the lines of an inset do not belong to the section around it. Levels are those of
    the items if `declared`, else the depths of the headings. `note_parents` replaces the parents of items that are
    their own body, by position.
    """
    open_items: list[_OpenItem] = []
    open_sections: list[int] = []
    inset: int | None = None
    pending = list(items)
    upcoming = 0
    covered = 0  # end of the text owned by an item without a heading
    for line in lines:
        if line.blank:
            continue
        if inset is not None and (stop := open_items[inset].item.stop) is not None and line.start >= stop:
            inset = None
        if upcoming == len(pending) or pending[upcoming].start > line.end:
            if line.start >= covered:
                owner = inset if inset is not None else open_sections[-1] if open_sections else None
                _extend(open_items, owner, line.end)
            continue
        while upcoming < len(pending) and pending[upcoming].start <= line.end:
            item = pending[upcoming]
            position = upcoming
            upcoming += 1
            if item.kind == "section":
                if inset is not None and item.start >= (open_items[inset].item.stop or 0):
                    inset = None
                level = item.level or 0
                while open_sections and (open_items[open_sections[-1]].item.level or 0) >= level:
                    open_sections.pop()
                parent = open_sections[-1] if open_sections else None
                open_sections.append(position)
            elif item.kind == "inset":
                parent, inset = None, position
            else:
                parent = inset if inset is not None else open_sections[-1] if open_sections else None
                parent = note_parents.get(position, parent)
            own_end = item.heading_end if item.kind in HEADED_KINDS else max(item.heading_end, item.stop or 0)
            covered = max(covered, own_end)
            open_items.append(_OpenItem(item, parent, own_end))
            _extend(open_items, position, own_end)
    return tuple(_sections(text, open_items, declared))


def _extend(open_items: list[_OpenItem], position: int | None, end: int) -> None:
    """Extend an item and its ancestors to an offset."""
    while position is not None:
        open_items[position].end = max(open_items[position].end, end)
        position = open_items[position].parent


def _sections(text: str, open_items: Sequence[_OpenItem], declared: bool) -> Iterable[Section]:
    depths: list[int] = []
    for open_item in open_items:
        item = open_item.item
        depths.append(0 if open_item.parent is None else depths[open_item.parent] + 1)
        level = (int(item.level or 0) if declared else depths[-1]) if item.kind == "section" else None
        yield Section(
            text=text[item.start : item.heading_end],
            kind=item.kind,
            level=level,
            parent=open_item.parent,
            start=item.start,
            heading_end=item.heading_end,
            end=open_item.end,
            table=item.table,
        )
