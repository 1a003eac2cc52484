"""Paragraph styles of a DOCX file: heading levels, captions, lists, with inheritance resolved."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from corpus.readers.docx.package import W, attribute, is_on

_HEADING = re.compile(r"heading ([1-9])")
_CONTENTS = re.compile(r"toc \d|toc heading|table of figures|index \d")
_MAX_INHERITANCE = 20
_BODY_TEXT = 10


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style with inherited values. `level` is 0 for the title, from 1 for headings, None otherwise."""

    name: str = ""
    level: int | None = None
    list_number: str | None = None
    list_level: int = 0

    @property
    def is_contents(self) -> bool:
        """Whether paragraphs of this style are entries of a table of contents or an index."""
        return _CONTENTS.fullmatch(self.name) is not None


def read_styles(roots: Iterable[Any]) -> Mapping[str, Style]:
    """Return all paragraph styles by id."""
    elements = {
        element.get(f"{W}styleId"): element
        for root in roots
        for element in root.iter(f"{W}style")
        if element.get(f"{W}type") in ("paragraph", None)
    }
    return {identifier: _resolve(identifier, elements) for identifier in elements if identifier}


def hidden_styles(roots: Iterable[Any]) -> frozenset[str]:
    """Return the ids of the paragraph and character styles whose text is hidden, by themselves or by inheritance."""
    elements = {element.get(f"{W}styleId") or "": element for root in roots for element in root.iter(f"{W}style")}

    def is_hidden(identifier: str) -> bool:
        for _ in range(_MAX_INHERITANCE):
            element = elements.get(identifier)
            if element is None:
                return False
            if (own := element.find(f"{W}rPr/{W}vanish")) is not None:
                return is_on(own)
            identifier = attribute(element, "basedOn")
        return False

    return frozenset(identifier for identifier in elements if is_hidden(identifier))


def _resolve(identifier: str, elements: Mapping[Any, Any]) -> Style:
    name = attribute(elements[identifier], "name").lower()
    level = list_number = list_level = None
    current: str | None = identifier
    for _ in range(_MAX_INHERITANCE):
        element = elements.get(current)
        if element is None:
            break
        if level is None:
            level = _level(element)
        list_number = list_number or attribute(element, "pPr", "numPr", "numId") or None
        if list_level is None and (value := attribute(element, "pPr", "numPr", "ilvl")).isdecimal():
            list_level = int(value)
        current = attribute(element, "basedOn") or None
    if name == "title":
        level = 0
    return Style(name, None if level == _BODY_TEXT else level, list_number, list_level or 0)


def _level(style: Any) -> int | None:
    """Return the outline level from 1, `_BODY_TEXT` for styles that declare body text, None to inherit."""
    if match := _HEADING.fullmatch(attribute(style, "name").lower()):
        return int(match[1])
    outline = attribute(style, "pPr", "outlineLvl")
    return min(int(outline), _BODY_TEXT - 1) + 1 if outline.isdecimal() else None
