"""Build the outline of a text: infer it from the numbering, or use the headings that the format declares.

Inference has four steps: tables, whose lines then count as blank; lines whose form determines their role (notes,
captions, front matter); headings, by their underlines or else their numbers and hierarchy; the remaining
lines (insets, captions, headings without numbers). Then the items get their parents and ends.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from corpus.imprint import is_imprint
from corpus.records import HEADED_KINDS, Section, SectionKind, StructureMark, TableShape
from corpus.structure import captions, front_matter, heading_candidates, hierarchy, notes
from corpus.structure.heading_candidates import HeadingCandidate, UnderlinedHeading
from corpus.structure.lines import Line, split_lines
from corpus.structure.notes import NoteLine, find_note_parents, plain_notes
from corpus.structure.numbering import parse_markers
from corpus.structure.text_tables import find_tables
from corpus.vocabulary import DAY_BEFORE_MONTH, MONTH

_LEVEL_WITHOUT_NUMBER = 1000.0
"""The level of a heading without a number among numbered ones: below all of them."""

_MIN_SECTIONS = 2
"""Minimum number of headings before the first month of a chronicle that makes it one section among others."""

_DAY = re.compile(rf"{DAY_BEFORE_MONTH}(?:{MONTH})\b", re.IGNORECASE)

_TOP_LINES = 60
"""Lines at the beginning, most of them blank, within which title and bylines are searched."""


def infer_outline(text: str) -> tuple[Section, ...]:
    """Infer the outline of a text whose format declares no structure; items are in text order."""
    inference = _Inference(text)
    inference.hide_tables()
    inference.find_notes_and_captions()
    inference.find_headings()
    inference.find_front_matter()
    inference.classify_other_lines()
    return inference.outline()


class _Inference:
    """Infers an outline in the steps of `infer_outline`, each of which uses the results of those before it.

    Lines are identified by their position among all lines of the text.

    Attributes:
        lines: The lines of the text, blank where they are in a table or are underlines.
        underlined: Underlined headings, or else `months`.
        months: Months that head the entries of a chronicle.
        notes: Lines of notes and glossaries.
        captions: Lines of captions.
        candidates: Lines that may be headings by their number.
        parents: The parent of each candidate that is a heading, both as positions among the candidates.
        levels: The level of each heading.
        first_prose: The first line of prose.
        titles: Lines of the title and the bylines.
        roles: The role of each other line that has one.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.all_lines = split_lines(text)
        self.lines = self.all_lines
        self.tables: Sequence[range] = ()
        self.underlined: Mapping[int, UnderlinedHeading] = {}
        self.months: Mapping[int, UnderlinedHeading] = {}
        self.notes: dict[int, NoteLine] = {}
        self.captions: set[int] = set()
        self.candidates: list[HeadingCandidate] = []
        self.parents: dict[int, int | None] = {}
        self.levels: dict[int, float] = {}
        self.first_prose = 0
        self.titles: list[int] = []
        self.roles: dict[int, captions.Role] = {}

    def hide_tables(self) -> None:
        """Find tables and the underlines of headings, whose lines count as blank from then on."""
        self.tables = find_tables(self.all_lines)
        in_tables = {position for table in self.tables for position in table}
        underlined = heading_candidates.find_underlined_headings(self.all_lines, in_tables)
        self.months = {} if underlined else heading_candidates.find_months(self.all_lines)
        self.underlined = underlined or self.months
        hidden = in_tables | heading_candidates.underline_lines(self.all_lines, self.underlined)
        self.lines = [
            replace(line, text="") if position in hidden else line for position, line in enumerate(self.all_lines)
        ]

    def find_notes_and_captions(self) -> None:
        """Find the lines whose form makes them notes or captions."""
        self.notes = notes.find_notes(self.lines)
        self.captions = {
            position
            for position, line in enumerate(self.lines)
            if not line.blank and position not in self.notes and captions.is_caption(line.text)
        }

    def find_headings(self) -> None:
        """Find the headings: those that are drawn, if these are all of them, else those that are numbered."""
        lines, floats = self.lines, self.notes.keys() | self.captions
        candidates = heading_candidates.find_candidates(lines, floats)
        # "14 March 2016" and "14 March  Mrs Smith" are not headings.
        dates = {candidate.line for candidate in candidates if _is_date(lines[candidate.line].text)}
        candidates = heading_candidates.without_lines(candidates, dates)
        candidates = heading_candidates.without_lines(candidates, front_matter.contents_lines(candidates, lines))
        is_underlined = heading_candidates.are_all_underlined(self.underlined, candidates)
        below: dict[int, float] = {}
        if is_underlined:
            others = heading_candidates.find_candidates(lines, floats | self.underlined.keys() | dates)
            below = heading_candidates.numbered_below_underlined(self.underlined, others, lines)
        candidates = [] if is_underlined else candidates
        self.first_prose = front_matter.first_prose(lines, self.notes.keys(), candidates)
        labels = front_matter.book_label_lines(candidates, self.first_prose)
        self.candidates = heading_candidates.without_lines(candidates, labels)
        self.parents = hierarchy.find_parents(self.candidates, _body_lines(lines, floats, self.candidates))
        depth: dict[int, int] = {}
        for position, parent in self.parents.items():
            depth[position] = 0 if parent is None else depth[parent] + 1
        self.levels = {self.candidates[position].line: float(level) for position, level in depth.items()}
        if is_underlined:
            self.levels |= {position: float(heading.level) for position, heading in self.underlined.items()} | below

    def find_front_matter(self) -> None:
        """Find title and bylines, then notes that only their references reveal, and titles below chapter numbers."""
        floats = self.notes.keys() | self.captions
        self.titles = front_matter.title_lines(self.lines, self.levels, floats, self.first_prose)
        classified = self.levels.keys() | floats | set(self.titles)
        others = [at for at, line in enumerate(self.lines) if not line.blank and at not in classified]
        for position in plain_notes(self.text, self.lines, others):
            self.notes[position] = NoteLine("notes", "none", "")
        floats = self.notes.keys() | self.captions
        self.levels |= _chapter_titles(self.lines, self.candidates, self.parents, self.levels, floats)

    def classify_other_lines(self) -> None:
        """Find the insets, the captions and the headings without numbers among the other lines."""
        if self.months:
            self._find_sections_beside_months()
        self.roles = self._classify(max(self.titles, default=-1) + 1)
        if self.levels or len(self.titles) < 2:
            return
        last_title = self.lines[self.titles[-1]].text
        is_repeated = last_title in {self.lines[position].text for position in self.titles[:-1]}
        sections = list(self.roles.values()).count("section")
        if sections > (not is_repeated) and not is_imprint(last_title):  # the first heading is among the title lines
            self.roles |= self._classify(self.titles[-1])
            self.titles = [position for position in self.titles if position not in self.roles]

    def _find_sections_beside_months(self) -> None:
        """Find the headings of a text in which a chronicle by months is one section among others.

        If no headings precede the first month, the months are the sections of the text. Headings between two months are
        below these.
        """
        is_last_heading = len(self.titles) > 1 and not is_imprint(self.lines[self.titles[-1]].text)
        first = self.titles[-1] if is_last_heading else max(self.titles, default=-1) + 1
        roles = captions.classify(self.lines, (), self.notes.keys(), self.captions, first, self.months)
        sections = [position for position, role in roles.items() if role == "section"]
        start, end = min(self.months), max(self.months)
        if sum(position < start for position in sections) >= _MIN_SECTIONS:
            between = {position: 2.0 for position in sections if start < position < end}
            self.levels = dict.fromkeys(sections, 0.0) | dict.fromkeys(self.months, 1.0) | between
            self.titles = [position for position in self.titles if position not in self.levels]

    def _classify(self, first: int) -> dict[int, captions.Role]:
        return captions.classify(self.lines, self.levels, self.notes.keys(), self.captions, first)

    def outline(self) -> tuple[Section, ...]:
        """Return the items in text order, with their parents and ends."""
        items = self._items()
        outline = _assemble(self.text, self.all_lines, items, declared=False, note_parents={})
        if note_parents := find_note_parents(self.text, self.all_lines, outline):
            outline = _assemble(self.text, self.all_lines, items, declared=False, note_parents=note_parents)
        return outline

    def _items(self) -> list[_Item]:
        items: dict[int, _Item] = {}

        def put(positions: Iterable[int], kind: SectionKind, level: float | None = None) -> None:
            for position in positions:
                items[position] = _Item(kind, level, self.lines[position].start, self.lines[position].end)

        for position, role in self.roles.items():
            put([position], role, (_LEVEL_WITHOUT_NUMBER if self.levels else 0.0) if role == "section" else None)
        put(self.titles, "front")
        put(self.captions, "caption")
        for position, note in self.notes.items():
            put([position], note.kind)
        for position, level in self.levels.items():
            heading = self.underlined.get(position, self.lines[position])
            items[position] = _Item("section", level, heading.start, heading.end)
        for table in self.tables:
            line = self.lines[table.start]
            items[table.start] = _Item("table", None, line.start, line.end, self.all_lines[table[-1]].end)
        return [items[position] for position in sorted(items)]


def _is_date(text: str) -> bool:
    """Return whether a line is a date, or begins with a day and a month: its first number is none of a section."""
    return is_imprint(text) or _DAY.match(text) is not None


def outline_from_marks(text: str, marks: Sequence[StructureMark]) -> tuple[Section, ...]:
    """Build the outline from the marks of a format; a mark of an inset or table can cover several lines."""
    items: list[_Item] = []
    lines = split_lines(text)
    glossary = _glossary(text, marks)
    marks = sorted(marks, key=lambda mark: (mark.start, -mark.end))
    headings = [mark for mark in marks if mark.kind == "section"]
    others = [mark for mark in marks if mark.kind != "section"]
    cover, signatures = front_matter.heading_bylines(text, headings, others)
    cover |= _repeated_titles(text, headings)
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
            items.append(_Item(kind, level, mark.start, heading_end, stop, mark.table))
    items += _declared_bylines(lines, items)
    items.sort(key=lambda item: item.start)
    outline = _assemble(text, lines, items, declared=True, note_parents={})
    if note_parents := find_note_parents(text, lines, outline):
        outline = _assemble(text, lines, items, declared=True, note_parents=note_parents)
    return outline


def _repeated_titles(text: str, headings: Sequence[StructureMark]) -> set[int]:
    """Return the starts of headings below the title of the document that repeat it, with at most bylines between.

    A title is often both a paragraph of the style "Title" and the first heading: its sections belong to the title.
    """
    repeated: set[int] = set()
    if not headings or headings[0].level is None:
        return repeated
    title, level = headings[0], headings[0].level
    wanted = text[title.start : title.end].casefold().split()
    for heading in headings[1:]:
        below = text[title.end : heading.start].split("\n")
        is_title = text[heading.start : heading.end].casefold().split() == wanted
        if not is_title or (heading.level or 0) < level or any(map(front_matter.is_prose, below)):
            break
        repeated.add(heading.start)
    return repeated


def _titled_labels(text: str, headings: Sequence[StructureMark]) -> dict[int, float]:
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


def _declared_bylines(lines: Sequence[Line], items: Sequence[_Item]) -> list[_Item]:
    """Return the lines of date, author and place below the title as front matter, which few formats declare."""
    spans = [(item.start, max(item.heading_end, item.stop or 0)) for item in items]
    taken = {
        position
        for position, line in enumerate(lines[:_TOP_LINES])
        if any(start <= line.end and line.start < end for start, end in spans)
    }
    return [
        _Item("front", None, lines[position].start, lines[position].end)
        for position in front_matter.bylines(lines[:_TOP_LINES], taken)
    ]


def _glossary(text: str, marks: Sequence[StructureMark]) -> set[int]:
    """Return the offsets of lines that a format declares to be notes but whose form is that of a glossary."""
    spans = sorted({(mark.start, mark.end) for mark in marks if mark.kind == "notes"})
    lines = [Line(start, end, text[start:end].strip(), 0) for start, end in spans]
    return {lines[position].start for position, note in notes.find_notes(lines).items() if note.kind == "glossary"}


def _body_lines(lines: Sequence[Line], taken: Collection[int], candidates: Sequence[HeadingCandidate]) -> int:
    candidate_lines = {candidate.line for candidate in candidates}
    return sum(not line.blank and p not in taken and p not in candidate_lines for p, line in enumerate(lines))


def _chapter_titles(
    lines: Sequence[Line],
    candidates: Sequence[HeadingCandidate],
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
        if heading_candidates.is_title(lines[below].text):
            titles[below] = heading_levels[label] + 0.5
    return titles


@dataclass(frozen=True, slots=True)
class _Item:
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
    item: _Item
    parent: int | None
    end: int


def _assemble(
    text: str, lines: Sequence[Line], items: Iterable[_Item], declared: bool, note_parents: dict[int, int | None]
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


class OwnedSpan(NamedTuple):
    """A part `[start, end)` of the text that one item owns.

    `item` is the outline position of the innermost item around it, None outside all items. The line of a heading is a
    separate run, which begins at the `start` of the item.
    """

    start: int
    end: int
    item: int | None


def split_by_item(text: str, outline: Sequence[Section]) -> list[OwnedSpan]:
    """Cut a text into runs, in order, each with the innermost item that owns it.

    The runs cover `[0, len(text))` without gaps or overlaps. An inset within a section owns its lines, and the section
    continues in another run after it. White space between two runs belongs to the first, so that no run is blank unless
    the text is.
    """
    raw: list[tuple[OwnedSpan, bool]] = []  # each with whether it is the line of a heading
    cursor = 0
    open_items: list[int] = []

    def emit(end: int, item: int | None, heading: bool = False) -> None:
        nonlocal cursor
        if end > cursor:
            raw.append((OwnedSpan(cursor, end, item), heading))
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
    return _join_runs(text, raw)


def _join_runs(text: str, raw: Sequence[tuple[OwnedSpan, bool]]) -> list[OwnedSpan]:
    """Append blank lines to the run before them, and merge adjacent runs of the same owner."""
    runs: list[OwnedSpan] = []
    headings: list[bool] = []
    for run, heading in raw:
        start = run.start
        if len(runs) == 1 and not text[: runs[0].end].strip():  # only white space so far
            runs, headings, start = [], [], 0
        elif runs:
            body = text[start : run.end]
            blank = len(body) - len(body.lstrip())
            start = run.end if blank == len(body) else text.rfind("\n", start, start + blank) + 1 or start
            runs[-1] = runs[-1]._replace(end=max(start, run.start))
            start = max(start, run.start)
        if start == run.end:
            continue
        if runs and runs[-1].item == run.item and not heading and not headings[-1]:
            runs[-1] = runs[-1]._replace(end=run.end)
        else:
            runs.append(OwnedSpan(start, run.end, run.item))
            headings.append(heading)
    return runs
