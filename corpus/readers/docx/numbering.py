"""Automatic numbers of lists and headings, which Word shows ("1.2", "(a)") but does not store in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from corpus.readers.docx.package import W, attribute
from corpus.readers.text_builder import parse_int
from corpus.structure.numbering import format_count

_LEVELS = 9


@dataclass(slots=True)
class _Level:
    start: int = 1
    format: str = "decimal"
    text: str = "%1."


@dataclass(slots=True)
class _List:
    """The levels of a list and its counters, which lists of the same abstract definition share, as in Word."""

    levels: dict[int, _Level]
    counts: dict[int, int] = field(default_factory=dict)

    def level(self, number: int) -> _Level:
        return self.levels.get(number, _Level())


class Numbering:
    """Counts the numbered paragraphs of a document in order."""

    def __init__(self, roots: Iterable[Any]) -> None:
        self._abstract: dict[str, _List] = {}
        self._lists: dict[str, _List] = {}
        self._start_overrides: dict[str, dict[int, int]] = {}
        self._started: set[tuple[str, int]] = set()
        for root in roots:
            for abstract in root.iter(f"{W}abstractNum"):
                levels = {parse_int(level.get(f"{W}ilvl"), 0): _level(level) for level in abstract.iter(f"{W}lvl")}
                self._abstract[abstract.get(f"{W}abstractNumId") or ""] = _List(levels)
            for number in root.iter(f"{W}num"):
                self._define(number)

    def _define(self, number: Any) -> None:
        identifier = number.get(f"{W}numId") or ""
        base = self._abstract.get(attribute(number, "abstractNumId"))
        if base is None:
            return
        starts: dict[int, int] = {}
        levels = dict(base.levels)
        for override in number.iter(f"{W}lvlOverride"):
            at = parse_int(override.get(f"{W}ilvl"), 0)
            if override.find(f"{W}startOverride") is not None:
                starts[at] = parse_int(attribute(override, "startOverride"), 1)
            if (level := override.find(f"{W}lvl")) is not None:
                levels[at] = _level(level)
        self._start_overrides[identifier] = starts
        self._lists[identifier] = _List(levels, base.counts) if levels != base.levels else base

    def next_label(self, number: str, level: int) -> str:
        """Count the next paragraph of a list and return its label: "-" for a bullet, "" for none."""
        numbered = self._lists.get(number)
        if numbered is None or not 0 <= level < _LEVELS:
            return ""
        own = numbered.level(level)
        counts = numbered.counts
        if (number, level) not in self._started:
            self._started.add((number, level))
            if level in self._start_overrides[number]:
                counts[level] = self._start_overrides[number][level] - 1
        for above in range(level):  # a skipped level counts as started, as in Word
            counts.setdefault(above, numbered.level(above).start)
        counts[level] = counts.get(level, own.start - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        if own.format in ("bullet", "none"):
            return "-" if own.format == "bullet" else ""

        def format_level(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            of = numbered.level(at)
            return format_count(counts.get(at, of.start), of.format)

        return re.sub(r"%([1-9])", format_level, own.text).strip()


def _level(element: Any) -> _Level:
    start = parse_int(attribute(element, "start"), 1)
    return _Level(start, attribute(element, "numFmt") or "decimal", attribute(element, "lvlText"))
