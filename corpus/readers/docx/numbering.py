"""Automatic numbers of a DOCX file's lists and headings: definitions in, the label of each paragraph out.

What Word shows before a numbered paragraph ("1.2", "(a)") stands nowhere in its text; it is counted here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from corpus.readers.docx.package import W
from corpus.structure.numbering import roman

_LEVELS = 9
_KANJI = "〇一二三四五六七八九"


@dataclass(slots=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = "%1."


@dataclass(slots=True)
class _List:
    """The counters of one abstract definition: Word counts on where several lists share it."""

    levels: dict[int, _Level]
    counts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the numbered paragraphs of a document in order."""

    def __init__(self, roots: Iterable[Any]) -> None:
        self._lists: dict[str, _List] = {}
        self._of_number: dict[str, _List] = {}
        self._overrides: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        for root in roots:
            for abstract in root.iter(f"{W}abstractNum"):
                levels = {_int(one.get(f"{W}ilvl"), 0): _level(one) for one in abstract.iter(f"{W}lvl")}
                self._lists[abstract.get(f"{W}abstractNumId") or ""] = _List(levels)
            for number in root.iter(f"{W}num"):
                self._define(number)

    def _define(self, number: Any) -> None:
        identifier = number.get(f"{W}numId") or ""
        reference = number.find(f"{W}abstractNumId")
        base = self._lists.get(reference.get(f"{W}val") or "" if reference is not None else "")
        if base is None:
            return
        overrides: dict[int, int] = {}
        levels = dict(base.levels)
        for override in number.iter(f"{W}lvlOverride"):
            at = _int(override.get(f"{W}ilvl"), 0)
            start, level = override.find(f"{W}startOverride"), override.find(f"{W}lvl")
            if start is not None:
                overrides[at] = _int(start.get(f"{W}val"), 1)
            if level is not None:
                levels[at] = _level(level)
        self._overrides[identifier] = overrides
        self._of_number[identifier] = _List(levels, base.counts) if levels != base.levels else base

    def label(self, number: str, level: int) -> str:
        """The label of the next paragraph of a list ("-" for a bullet), "" where it has none."""
        found = self._of_number.get(number)
        if found is None or not 0 <= level < _LEVELS:
            return ""
        own = found.levels.get(level, _Level())
        if (number, level) not in self._begun:
            self._begun.add((number, level))
            if level in self._overrides[number]:
                found.counts[level] = self._overrides[number][level] - 1
        for above in range(level):  # a level that was skipped counts as begun, as in Word
            found.counts.setdefault(above, found.levels.get(above, _Level()).start)
        found.counts[level] = found.counts.get(level, own.start - 1) + 1
        for deeper in [one for one in found.counts if one > level]:
            del found.counts[deeper]
        if own.form == "bullet":
            return "-"
        if own.form == "none":
            return ""

        def count(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            of = found.levels.get(at, _Level())
            return _format(found.counts.get(at, of.start), of.form)

        return re.sub(r"%([1-9])", count, own.text).strip()


def _level(element: Any) -> _Level:
    values = {name: element.find(f"{W}{name}") for name in ("start", "numFmt", "lvlText")}
    said = {name: "" if one is None else one.get(f"{W}val") or "" for name, one in values.items()}
    return _Level(_int(said["start"], 1), said["numFmt"] or "decimal", said["lvlText"])


def _int(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdecimal() and len(text) < 7 else default


def _format(count: int, form: str) -> str:
    if form in ("lowerRoman", "upperRoman"):
        text = roman(count) if 0 < count < 50 else str(count)
        return text.lower() if form == "lowerRoman" else text.upper()
    if form in ("lowerLetter", "upperLetter"):
        text = chr(ord("a") + (count - 1) % 26) * min(1 + (count - 1) // 26, 9) if count > 0 else str(count)
        return text if form == "lowerLetter" else text.upper()
    if form == "decimalFullWidth":
        return str(count).translate({ord("0") + digit: chr(0xFF10 + digit) for digit in range(10)})
    if form == "decimalZero":
        return f"{count:02d}"
    if form == "decimalEnclosedCircle" and 0 < count <= 20:
        return chr(0x2460 + count - 1)
    if form.startswith(("ideograph", "japanese", "chinese", "taiwanese")) and 0 < count < 100:
        tens, ones = divmod(count, 10)
        return ("" if tens < 2 else _KANJI[tens]) + ("十" if tens else "") + (_KANJI[ones] if ones else "")
    return str(count)
