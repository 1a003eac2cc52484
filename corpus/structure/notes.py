"""Find footnotes, end notes and glossary entries by the form of their lines.

`corpus.structure.note_references` finds their marks in the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.structure.lines import Line, ends_sentence

Form = Literal["number", "star number", "label", "bracket", "sign", "term", "none"]


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A line that begins or continues a note: form and value of its mark ("" for a continuation)."""

    kind: Literal["notes", "glossary"]
    form: Form
    mark: str


_BULLET = r"(?:[•·‣・*–-]\s+)?"
_LABEL = re.compile(
    _BULLET
    + r"[(（\[]?(?:Foot|End)?[Nn]otes?\s*(?P<mark>[0-9]{1,4}|[*†‡]+|[A-Za-z])?\s*[)）\]]?\s*[:：]\s*\S"
    + r"|"
    + _BULLET
    + r"[(（]?(?:脚?注|註|備考)\s*(?P<wide>[0-9０-９]{1,3})?\s*[)）]?\s*[:：　 ]?\s*\S"
)
_STAR_NUMBER = re.compile(_BULLET + r"[*＊※]\s?(?P<mark>[0-9]{1,3})\s*[:：.)]?\s*\S")
_BULLET_NUMBER = re.compile(r"[•·‣・–-]\s+(?P<mark>[0-9]{1,3})[.)]?\s+\S")
_BRACKET = re.compile(r"(?:\.\. )?\[#?(?P<mark>[0-9]{1,3})\]\s*\S|\[(?P<named>\^[^\]\s]{1,80})\]:\s*\S")
_SIGN = re.compile(_BULLET + r"(?P<mark>[†‡]+)\s*\S|(?P<raised>[¹²³⁰⁴-⁹]{1,3})\s*\S")
_TERM = re.compile(r"(?:[•·‣・–-]\s+)?[*＊※]\s*(?P<mark>[^\s*＊※].*)")
_LEAD = re.compile(r"^[•·‣・*＊※–-]+\s*")
RAISED_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


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
            note_lines[position] = NoteLine("glossary", "term", parse_term(line.text) or "")
            note_lines[following] = NoteLine("glossary", "none", "")
            continue
        note = parse_note_head(line.text)
        if note is not None and note.form == "number":
            # "• 3 new embassies" is no note: numbers of notes start at 1 and increase by 1.
            number = int(note.mark)
            if number not in (1, expected) or not _reads_as_note(line.text):
                note = None
            else:
                expected = number + 1
        if note is not None:
            note_lines[position] = note
        elif place and (before := note_lines.get(filled[place - 1])) and _continues(lines[filled[place - 1]], line):
            note_lines[position] = NoteLine(before.kind, "none", "")
    return note_lines


def parse_note_head(text: str) -> NoteLine | None:
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
            mark = next((value for value in match.groups() if value), "").translate(RAISED_DIGITS)
            return NoteLine("notes", "number" if form == "sign" and mark.isdigit() else form, mark)
    return None


def _reads_as_note(text: str) -> bool:
    """Whether a line begins with a capital and is a sentence or has at least four words."""
    words = _LEAD.sub("", text).lstrip("0123456789.) ").split()
    return bool(words) and (not words[0][0].islower()) and (ends_sentence(text) or len(words) >= 4)


def is_definition(text: str, following: str) -> bool:
    """Whether `text` is a line "* Term" and `following` is its definition, which begins with the term."""
    name = (parse_term(text) or "").casefold()
    if not name or ends_sentence(text) or len(name.split()) > 8:
        return False
    definition = _LEAD.sub("", following)
    return len(definition) > len(name) and name in definition[: len(name) + 40].casefold()


def _continues(before: Line, line: Line) -> bool:
    """Whether a line continues the note directly above it: indented, or in mid-sentence."""
    if before.end + 1 != line.start:
        return False
    if line.indent >= 2 and line.indent >= before.indent and not _LEAD.match(line.text):
        return True
    return not ends_sentence(before.text) and line.text[0].islower()


def parse_term(text: str) -> str | None:
    """Return the term of a glossary line "* Term"."""
    match = _TERM.match(text)
    return match["mark"].strip() if match else None
