"""Find footnotes, end notes and glossary entries by the form of their lines, and the references to them in the text.

Marks such as "award3", "(FATF)4has", "(Note 31)" and "persons,*" connect a note with the passage that it explains. The
text is never changed. End notes are moved to the section that they explain: the innermost section that contains all
the references to them. A block of end notes below the last section belongs to the sections above it as well.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.records import HEADED_KINDS, Section
from corpus.scripts import FROM_SUPERSCRIPT, SUPERSCRIPT_DIGITS
from corpus.structure.lines import Line, ends_sentence

Form = Literal["number", "star number", "label", "bracket", "sign", "term", "none"]


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A line that begins or continues a note: form and value of its mark ("" for a continuation)."""

    kind: Literal["notes", "glossary"]
    form: Form
    mark: str


_BULLETS = "•·‣・–"
"""Without the asterisk, which is also the sign of a note."""

_BULLET = rf"(?:[{_BULLETS}*-]\s+)?"
_LABEL = re.compile(
    _BULLET
    + r"[(（\[]?(?:Foot|End)?[Nn]otes?\s*(?P<mark>[0-9]{1,4}|[*†‡]+|[A-Za-z])?\s*[)）\]]?\s*[:：]\s*\S"
    + r"|"
    + _BULLET
    + r"[(（]?(?:脚?注|註|備考)\s*(?P<wide>[0-9０-９]{1,3})?\s*[)）]?\s*[:：　 ]?\s*\S"
)
_STAR_NUMBER = re.compile(_BULLET + r"[*＊※]\s?(?P<mark>[0-9]{1,3})\s*[:：.)]?\s*\S")
_BULLET_NUMBER = re.compile(rf"[{_BULLETS}-]\s+(?P<mark>[0-9]{{1,3}})[.)]?\s+\S")
_BRACKET = re.compile(r"(?:\.\. )?\[#?(?P<mark>[0-9]{1,3})\]\s*\S|\[(?P<named>\^[^\]\s]{1,80})\]:\s*\S")
_SIGN = re.compile(_BULLET + rf"(?P<mark>[†‡]+)\s*\S|(?P<raised>[{SUPERSCRIPT_DIGITS}]{{1,3}})\s*\S")
_TERM = re.compile(rf"(?:[{_BULLETS}-]\s+)?[*＊※]\s*(?P<mark>[^\s*＊※].*)")
_LEADING_SIGNS = re.compile(rf"^[{_BULLETS}*＊※-]+\s*")

_SURE_NUMBER = re.compile(
    r"""(?:(?<=[a-z)\]”’"»])|(?<=[^\W\d]\.)|(?<=[^\W\d],))(?P<mark>[0-9]{1,3})(?![0-9%]|[.,:][0-9])"""
    rf"|(?<!\bm)(?<!\b[kcdm]m)(?<!\b10)(?P<raised>[{SUPERSCRIPT_DIGITS}]{{1,3}})(?![{SUPERSCRIPT_DIGITS}⁺⁻])"
)
_NAME_NUMBER = re.compile(r"(?<=[A-Z][A-Z])(?P<mark>[0-9]{1,3})(?![0-9])")
_STAR_REFERENCE = re.compile(r"(?<=\S)[*＊※]\s?(?P<mark>[0-9]{1,3})(?![0-9])")
_LABEL_REFERENCE = re.compile(
    r"[(（\[]\s*(?:(?:[Ff]oot|[Ee]nd)?[Nn]otes?|脚?注|註)\s*(?P<mark>(?:[0-9０-９]{1,4}|[*†‡A-Za-z])(?:\s*(?:,|and|&|、)\s*[0-9]{1,4})*)"
    r"\s*[)）\]]"
)
_BRACKET_REFERENCE = re.compile(r"(?<=\S)\s?\[(?P<mark>[0-9]{1,3}|\^[^\]\s]{1,80})\](?!:)")
_SIGN_REFERENCE = re.compile(r"(?<=\S)(?P<mark>[†‡]+)")
_TERM_REFERENCE = re.compile(r"(?<!\w)(?P<word>\w++)[,.;:)”’]?(?P<star>[*＊※])(?![0-9*＊※])")
_PLAIN = re.compile(r"[(（]?(?P<mark>[0-9]{1,3})[)）.]?\s+\S")

_References = Mapping[tuple[str, str], Sequence[int]]
"""Offsets of references in order, by form and value."""


def find_notes(lines: Sequence[Line]) -> dict[int, NoteLine]:
    """Return the lines whose form makes them notes or glossary entries, by position."""
    note_lines: dict[int, NoteLine] = {}
    filled = [position for position, line in enumerate(lines) if not line.blank]
    expected = 1
    for place, position in enumerate(filled):
        if position in note_lines:
            continue
        line = lines[position]
        following = filled[place + 1] if place + 1 < len(filled) else None
        if following is not None and is_definition(line.text, lines[following].text):
            note_lines[position] = NoteLine("glossary", "term", _parse_term(line.text) or "")
            note_lines[following] = NoteLine("glossary", "none", "")
            continue
        note = _parse_note_head(line.text)
        if note is not None and note.form == "number":
            # "• 3 new embassies" is not a note: numbers of notes start at 1 and increase by 1.
            number = int(note.mark)
            if number not in (1, expected) or not _is_note_text(line.text):
                note = None
            else:
                expected = number + 1
        if note is not None:
            note_lines[position] = note
        elif place and (before := note_lines.get(filled[place - 1])) and _continues(lines[filled[place - 1]], line):
            note_lines[position] = NoteLine(before.kind, "none", "")
    return note_lines


def _parse_note_head(text: str) -> NoteLine | None:
    """Return the note that a line begins, by its form alone."""
    forms: tuple[tuple[re.Pattern[str], Form], ...] = (
        (_LABEL, "label"),
        (_STAR_NUMBER, "star number"),
        (_BULLET_NUMBER, "number"),
        (_BRACKET, "bracket"),
        (_SIGN, "sign"),
    )
    for pattern, form in forms:
        if match := pattern.match(text):
            mark = next((value for value in match.groups() if value), "").translate(FROM_SUPERSCRIPT)
            return NoteLine("notes", "number" if form == "sign" and mark.isdigit() else form, mark)
    return None


def _is_note_text(text: str) -> bool:
    """Return whether a line begins with a capital and is a sentence or has at least four words."""
    words = _LEADING_SIGNS.sub("", text).lstrip("0123456789.) ").split()
    return bool(words) and (not words[0][0].islower()) and (ends_sentence(text) or len(words) >= 4)


def is_definition(text: str, following: str) -> bool:
    """Return whether `text` is a line "* Term" and `following` is its definition, which begins with the term."""
    name = (_parse_term(text) or "").casefold()
    if not name or ends_sentence(text) or len(name.split()) > 8:
        return False
    definition = _LEADING_SIGNS.sub("", following)
    return len(definition) > len(name) and name in definition[: len(name) + 40].casefold()


def _continues(before: Line, line: Line) -> bool:
    """Return whether a line continues the note directly above it: indented, or in mid-sentence."""
    if before.end + 1 != line.start:
        return False
    if line.indent >= 2 and line.indent >= before.indent and not _LEADING_SIGNS.match(line.text):
        return True
    return not ends_sentence(before.text) and line.text[0].islower()


def _parse_term(text: str) -> str | None:
    """Return the term of a glossary line "* Term"."""
    match = _TERM.match(text)
    return match["mark"].strip() if match else None


def find_note_references(text: str, outline: Sequence[Section]) -> dict[int, tuple[int, ...]]:
    """Return the offsets of the references to each note or glossary item, by position in the outline.

    Continuation lines share the offsets of their note; a note without a reference has none. Numbers can restart in each
    chapter, so references are searched between the last note of the same number and the note itself. Glossaries and
    labelled notes can also precede the text.
    """
    positions = [position for position, item in enumerate(outline) if item.kind in ("notes", "glossary")]
    if not positions:
        return {}
    references = _find_references(text, [(outline[position].start, outline[position].end) for position in positions])
    offsets: dict[int, tuple[int, ...]] = {}
    last_of: dict[tuple[str, str], int] = {}
    previous: tuple[int, ...] = ()
    for position in positions:
        item = outline[position]
        note = _parse(item)
        if note is not None:
            kind = (note.form, note.mark)
            since = last_of.get(kind, 0)
            hits = _references_to(text, references, note, since, item.start)
            if not hits and note.form in ("label", "term"):
                hits = _references_to(text, references, note, item.end, len(text))
            previous = tuple(hits)
            last_of[kind] = item.end
        offsets[position] = previous
    return offsets


def plain_notes(text: str, lines: Sequence[Line], open_lines: Sequence[int]) -> list[int]:
    """Return lines that are notes although their form is not ("4 See the website."): the number is a reference above.

    `open_lines` are the positions, in order, of the lines without any other role.
    """
    references: _References | None = None
    positions: list[int] = []
    expected, since = 1, 0
    for position in open_lines:
        line = lines[position]
        match = _PLAIN.match(line.text)
        if match is None or not ends_sentence(line.text) or line.text[match.end() - 1].islower():
            continue
        number = int(match["mark"])
        if number not in (1, expected):
            continue
        above = lines[position - 1] if position else None
        if (
            above is not None
            and not above.blank
            and position - 1 not in positions[-1:]
            and not ends_sentence(above.text)
        ):
            continue
        if references is None:
            references = _find_references(text, [])
        search_start = max(since, line.start - 20_000) if number == 1 else since
        if _between(references.get(("number", match["mark"]), ()), search_start, line.start):
            positions.append(position)
            expected = number + 1
            since = since if number > 1 else search_start
    return positions


def _parse(item: Section) -> NoteLine | None:
    """Return the note or entry that an item begins, None for a continuation line."""
    text = item.text.strip()
    if item.kind == "glossary":
        name = _parse_term(text)
        return NoteLine("glossary", "term", name) if name else None
    note = _parse_note_head(text)
    if note is None and (match := _PLAIN.match(text)):
        return NoteLine("notes", "number", match["mark"])
    return note


def _find_references(text: str, notes: Sequence[tuple[int, int]]) -> _References:
    """Return all note references of a text outside its notes."""
    starts = [start for start, _ in notes]

    def in_note(offset: int) -> bool:
        place = bisect_left(starts, offset + 1) - 1
        return place >= 0 and offset < notes[place][1]

    references: dict[tuple[str, str], list[int]] = {}
    for form, pattern in (
        ("number", _SURE_NUMBER),
        ("name number", _NAME_NUMBER),
        ("star number", _STAR_REFERENCE),
        ("label", _LABEL_REFERENCE),
        ("bracket", _BRACKET_REFERENCE),
        ("sign", _SIGN_REFERENCE),
        ("term", _TERM_REFERENCE),
    ):
        for match in pattern.finditer(text):
            offset = match.start(pattern.groupindex.get("star", 0))
            if in_note(offset):
                continue
            if form == "term":
                values = [match["word"].casefold()]
            elif form == "label":
                values = re.findall(r"[0-9]+|[*†‡A-Za-z](?![a-z])", unicodedata.normalize("NFKC", match["mark"]))
            else:
                values = [next(value for value in match.groups() if value).translate(FROM_SUPERSCRIPT)]
            for value in values:
                references.setdefault((form, value), []).append(offset)
    return references


def _references_to(text: str, references: _References, note: NoteLine, start: int, end: int) -> Sequence[int]:
    """Return the offsets of the references to a note in `[start, end)`.

    A number after a name ("TICAD7") is a reference only if there is no other.
    """
    if note.form == "term":
        words = re.findall(r"\w+", note.mark.casefold())
        near = _between(references.get(("term", words[-1]), ()), start, end) if words else ()
        spelled = re.compile(r"\W+".join(map(re.escape, words)) + r"\W{1,2}$")
        return [hit for hit in near if spelled.search(text[max(0, hit - 2 * len(note.mark) - 4) : hit + 1].casefold())]
    mark = unicodedata.normalize("NFKC", note.mark)
    hits = _between(references.get((note.form, mark), ()), start, end)
    if not hits and note.form == "number":
        hits = _between(references.get(("name number", mark), ()), start, end)
    return hits


def _between(offsets: Sequence[int], start: int, end: int) -> Sequence[int]:
    return offsets[bisect_left(offsets, start) : bisect_left(offsets, end)]


def find_note_parents(text: str, lines: Sequence[Line], outline: Sequence[Section]) -> dict[int, int | None]:
    """Return the new parent of each note item that does not belong to the section around it, by position."""
    references = find_note_references(text, outline)
    moved: dict[int, int | None] = {}
    sections = [position for position, item in enumerate(outline) if item.kind in HEADED_KINDS]
    starts = [outline[position].start for position in sections]
    filled = [line for line in lines if not line.blank]
    line_starts = [line.start for line in filled]
    block: list[int] = []
    for position in [*references, -1]:
        if block and (position != block[-1] + 1):
            below = bisect_left(line_starts, outline[block[-1]].end)
            closes = below == len(filled) or (
                block[-1] + 1 < len(outline)
                and outline[block[-1] + 1].start <= filled[below].end
                and outline[block[-1] + 1].kind in HEADED_KINDS
            )
            offsets = [offset for note in block for offset in references[note]]
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
    """Return whether notes follow directly after their own heading ("Notes")."""
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
