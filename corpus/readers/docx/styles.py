"""Paragraph styles of a DOCX file: what a style says of a heading's level, a caption, a note, a list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from corpus.readers.docx.package import W

_HEADING = re.compile(r"heading ([1-9])")
_DEEPEST_INHERITANCE = 20


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style with what it inherits. `level` is a heading's, from 1; the title is 0; None is no heading."""

    name: str = ""
    level: int | None = None
    list_number: str | None = None
    list_level: int = 0

    @property
    def role(self) -> str:
        """What a style of that name is for: "title", "caption", "contents"; "" for all others."""
        if self.name in ("title", "caption", "subtitle"):
            return self.name
        if re.fullmatch(r"toc \d|toc heading|table of figures|index \d", self.name):
            return "contents"
        return ""


def read_styles(roots: Iterable[Any]) -> Mapping[str, Style]:
    """All paragraph styles by id."""
    elements = {
        element.get(f"{W}styleId"): element
        for root in roots
        for element in root.iter(f"{W}style")
        if element.get(f"{W}type") in ("paragraph", None)
    }
    return {identifier: _style(identifier, elements) for identifier in elements if identifier}


def _style(identifier: str, elements: Mapping[Any, Any]) -> Style:
    own_name = _value(elements[identifier], "name").lower()
    level = list_number = None
    list_level: int | None = None
    current: str | None = identifier
    for _ in range(_DEEPEST_INHERITANCE):
        element = elements.get(current)
        if element is None:
            break
        if level is None:
            level = _level(element)
        number = element.find(f"{W}pPr/{W}numPr")
        if number is not None:
            list_number = list_number or _value(number, "numId") or None
            if list_level is None and (text := _value(number, "ilvl")).isdecimal():
                list_level = int(text)
        current = _value(element, "basedOn") or None
    if own_name == "title":
        level = 0
    return Style(own_name, None if level == 10 else level, list_number, list_level or 0)


def _level(style: Any) -> int | None:
    """From 1; 10 says that it is body text, whatever it inherits."""
    if match := _HEADING.fullmatch(_value(style, "name").lower()):
        return int(match[1])
    outline = _value(style, "pPr", "outlineLvl")
    return min(int(outline), 9) + 1 if outline.isdecimal() else None


def _value(element: Any, *path: str) -> str:
    """The `val` of the element at a path below, "" where there is none."""
    found = element.find("/".join(f"{W}{name}" for name in path))
    return "" if found is None else (found.get(f"{W}val") or "").strip()
