"""Footnotes, end notes and glossaries: which lines they are, and where the text bears their marks.

Lines in, `NoteLine`s out; then, given an outline, the offsets of the marks ("award3", "(FATF)4has", "(Note 31)",
"persons,*"), so that a note can be tied to the passage it explains. The text itself is never changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.lines import Line, ends_sentence
from corpus.records import Section

Form = Literal["number", "star number", "label", "bracket", "sign", "term", "none"]


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A line that is a note, or goes on with one: its mark's form and value ("" for a line that goes on)."""

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
_BRACKET = re.compile(r"\[(?P<mark>[0-9]{1,3})\]\s*\S")
_SIGN = re.compile(_BULLET + r"(?P<mark>[†‡]+)\s*\S|(?P<raised>[¹²³⁰⁴-⁹]{1,3})\s*\S")
_TERM = re.compile(r"(?:[•·‣・–-]\s+)?[*＊※]\s*(?P<mark>[^\s*＊※].*)")
_PLAIN = re.compile(r"[(（]?(?P<mark>[0-9]{1,3})[)）.]?\s+\S")
_LEAD = re.compile(r"^[•·‣・*＊※–-]+\s*")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def find(lines: Sequence[Line]) -> dict[int, NoteLine]:
    """The lines that say by their form that they are notes or glossary entries, by position."""
    found: dict[int, NoteLine] = {}
    filled = [position for position, line in enumerate(lines) if not line.blank]
    expected = 1
    for place, position in enumerate(filled):
        if position in found:
            continue
        line = lines[position]
        following = filled[place + 1] if place + 1 < len(filled) else None
        if following is not None and _defines(line.text, lines[following].text):
            term = _TERM.match(line.text)
            found[position] = NoteLine("glossary", "term", term["mark"].strip() if term else "")
            found[following] = NoteLine("glossary", "none", "")
            continue
        head = _head(line.text)
        if head is not None and head.form == "number":
            # "• 3 new embassies" is no note: a note's number begins a count or goes on with the last one.
            number = int(head.mark)
            if number not in (1, expected) or not _reads_as_note(line.text):
                head = None
            else:
                expected = number + 1
        if head is not None:
            found[position] = head
        elif place and (before := found.get(filled[place - 1])) and _goes_on(lines[filled[place - 1]], line):
            found[position] = NoteLine(before.kind, "none", "")
    return found


def _head(text: str) -> NoteLine | None:
    """The note that a line begins, by its form alone."""
    forms: tuple[tuple[re.Pattern[str], Form], ...] = (
        (_LABEL, "label"),
        (_STAR_NUMBER, "star number"),
        (_BULLET_NUMBER, "number"),
        (_BRACKET, "bracket"),
        (_SIGN, "sign"),
    )
    for pattern, form in forms:
        if match := pattern.match(text):
            mark = next((value for value in match.groups() if value), "").translate(_RAISED)
            return NoteLine("notes", "number" if form == "sign" and mark.isdigit() else form, mark)
    return None


def _reads_as_note(text: str) -> bool:
    """A note is a sentence or at least a phrase of some words that starts with a capital."""
    words = _LEAD.sub("", text).lstrip("0123456789.) ").split()
    return bool(words) and (not words[0][0].islower()) and (ends_sentence(text) or len(words) >= 4)


def _defines(text: str, following: str) -> bool:
    """Whether a line "* Term" stands over the line that defines it, in which the term comes first."""
    term = _TERM.match(text)
    if term is None or ends_sentence(text) or len(term["mark"].split()) > 8:
        return False
    definition = _LEAD.sub("", following)
    name = term["mark"].strip().casefold()
    return len(definition) > len(name) and name in definition[: len(name) + 40].casefold()


def _goes_on(before: Line, line: Line) -> bool:
    """Whether a line goes on with the note on the line just above it: indented, or in mid-sentence."""
    if before.end + 1 != line.start:
        return False
    if line.indent >= 2 and line.indent >= before.indent and not _LEAD.match(line.text):
        return True
    return not ends_sentence(before.text) and line.text[0].islower()


def find_plain(text: str, lines: Sequence[Line], open_lines: Sequence[int], known: Mapping[int, NoteLine]) -> list[int]:
    """Notes without a form of their own ("4 See the website."): their number is a mark glued to a word above.

    `open_lines` are the lines that are neither headings nor otherwise explained, in order.
    """
    found: list[int] = []
    expected, region = 1, 0
    for position in open_lines:
        line = lines[position]
        match = _PLAIN.match(line.text)
        if match is None or position in known:
            continue
        number = int(match["mark"])
        if number not in (1, expected) or not ends_sentence(line.text) or line.text[match.end() - 1].islower():
            continue
        above = lines[position - 1] if position else None
        if above is not None and not above.blank and position - 1 not in found and not ends_sentence(above.text):
            continue
        if not _occurrences(text, "number", match["mark"], region, line.start, strict=True):
            continue
        found.append(position)
        expected = number + 1
        if number == 1:
            region = max(region, line.start - 20_000)
    return found


def marks(text: str, outline: Sequence[Section]) -> dict[int, tuple[int, ...]]:
    """For each note or glossary item of an outline, by position: the offsets of its mark in the body, in order.

    A line that goes on with a note shares its offsets; a note whose mark is nowhere has none. Numbers may begin anew
    in every chapter, so a mark is looked for between the last note of the same number and the note itself.
    """
    found: dict[int, tuple[int, ...]] = {}
    last_of: dict[tuple[Form, str], int] = {}
    spans = [(item.start, item.end) for item in outline if item.kind in ("notes", "glossary")]
    previous: tuple[int, ...] = ()
    for position, item in enumerate(outline):
        if item.kind not in ("notes", "glossary"):
            continue
        note = _parse(item)
        if note is None:
            found[position] = previous
            continue
        since = last_of.get((note.form, note.mark), 0)
        hits = _occurrences(text, note.form, note.mark, since, item.start)
        if not hits and note.form in ("label", "term"):  # glossaries and lists of notes may stand in front
            hits = _occurrences(text, note.form, note.mark, item.end, len(text))
        previous = tuple(hit for hit in hits if not any(start <= hit < end for start, end in spans))
        found[position] = previous
        last_of[(note.form, note.mark)] = item.end
    return found


def _parse(item: Section) -> NoteLine | None:
    text = item.text.strip()
    if item.kind == "glossary":
        term = _TERM.match(text)
        return NoteLine("glossary", "term", term["mark"].strip()) if term else None
    head = _head(text)
    if head is None and (match := _PLAIN.match(text)):
        return NoteLine("notes", "number", match["mark"])
    return head


def _occurrences(text: str, form: Form, mark: str, start: int, end: int, *, strict: bool = False) -> list[int]:
    """Where `[start, end)` of the text bears a mark. A number glued to a name ("TICAD7") counts if no other does."""
    if not mark:
        return []
    if form == "number":
        raised = mark.translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
        sure = _search(
            rf"(?:(?<=[a-z)\]”’\"»])|(?<=[^\W\d]\.)|(?<=,)){mark}(?![\d%]|[.,:]\d)|{raised}", text, start, end
        )
        return sure or ([] if strict else _search(rf"(?<=[A-Z][A-Z]){mark}(?!\d)", text, start, end))
    if form == "star number":
        return _search(rf"(?<=\S)[*＊※]\s?{mark}(?!\d)", text, start, end)
    if form == "label":
        return _search(rf"[(（\[]\s*(?:[Nn]otes?|脚?注|註)\s*{re.escape(mark)}\s*[)）\]]", text, start, end)
    if form == "bracket":
        return _search(rf"(?<=\S)\s?\[{mark}\]", text, start, end)
    if form == "term":
        name = r"\s+".join(map(re.escape, mark.split()))
        return _search(rf"(?i){name}[,.;)]?([*＊※])(?!\d)", text, start, end)
    return _search(re.escape(mark), text, start, end)


def _search(pattern: str, text: str, start: int, end: int) -> list[int]:
    """Offsets of the matches, or of their group where the pattern has one."""
    compiled = re.compile(pattern)
    return [match.start(compiled.groups) for match in compiled.finditer(text, start, end)]
