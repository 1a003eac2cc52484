"""Items with levels in, an outline out: parents and ends of sections, columns, notes and captions.

How the items were found (inferred from numbers, declared by a format) is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.records import HEADED_KINDS, Section, SectionKind
from corpus.structure.lines import Line


@dataclass(frozen=True, slots=True)
class Item:
    """A heading or a line that is its own body, before its parent is known.

    `level` orders headings: one stands under the nearest heading above it whose level is lower. It may be a fraction,
    for the title line between "Chapter 3" and its sections. `stop` is the end of an inset or table where it is known;
    without it an inset lasts until the next section.
    """

    kind: SectionKind
    level: float | None
    start: int
    heading_end: int
    stop: int | None = None


@dataclass(slots=True)
class _Growing:
    item: Item
    parent: int | None
    end: int


def assemble(
    text: str, lines: Sequence[Line], items: Iterable[Item], declared: bool, homes: dict[int, int | None]
) -> tuple[Section, ...]:
    """The outline of items in text order.

    A section ends with the last line that stands under it; a line under an inset is not under the section around it.
    Levels are those `declared`, else each heading's depth. `homes` moves items that are their own body (by position)
    under another section than the one they stand in: end notes belong to all that they explain.
    """
    grown: list[_Growing] = []
    open_sections: list[int] = []
    inset: int | None = None
    pending = list(items)
    upcoming = 0
    covered = 0  # up to here an item without heading owns the text
    for line in lines:
        if line.blank:
            continue
        if inset is not None and (stop := grown[inset].item.stop) is not None and line.start >= stop:
            inset = None
        if upcoming == len(pending) or pending[upcoming].start > line.end:
            if line.start >= covered:
                owner = inset if inset is not None else open_sections[-1] if open_sections else None
                _reach(grown, owner, line.end)
            continue
        while upcoming < len(pending) and pending[upcoming].start <= line.end:
            item = pending[upcoming]
            position = upcoming
            upcoming += 1
            if item.kind == "section":
                if inset is not None and item.start >= (grown[inset].item.stop or 0):
                    inset = None
                level = item.level or 0
                while open_sections and (grown[open_sections[-1]].item.level or 0) >= level:
                    open_sections.pop()
                parent = open_sections[-1] if open_sections else None
                open_sections.append(position)
            elif item.kind == "inset":
                parent, inset = None, position
            else:
                parent = inset if inset is not None else open_sections[-1] if open_sections else None
                parent = homes.get(position, parent)
            own_end = item.heading_end if item.kind in HEADED_KINDS else max(item.heading_end, item.stop or 0)
            covered = max(covered, own_end)
            grown.append(_Growing(item, parent, own_end))
            _reach(grown, position, own_end)
    return tuple(_sections(text, grown, declared))


def _reach(grown: list[_Growing], position: int | None, end: int) -> None:
    """Let an item and all above it extend to an offset."""
    while position is not None:
        grown[position].end = max(grown[position].end, end)
        position = grown[position].parent


def _sections(text: str, grown: Sequence[_Growing], declared: bool) -> Iterable[Section]:
    depths: list[int] = []
    for growing in grown:
        item = growing.item
        depths.append(0 if growing.parent is None else depths[growing.parent] + 1)
        level = (int(item.level or 0) if declared else depths[-1]) if item.kind == "section" else None
        yield Section(
            text=text[item.start : item.heading_end],
            kind=item.kind,
            level=level,
            parent=growing.parent,
            start=item.start,
            heading_end=item.heading_end,
            end=growing.end,
        )
