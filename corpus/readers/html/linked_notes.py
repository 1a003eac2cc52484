"""Find the notes of a page by the links from their marks, whatever the program that wrote the page calls them."""

from __future__ import annotations

import re
from typing import Any

_MARK = re.compile(r"(?P<open>[\[(]?)(?P<mark>\d{1,3}|[a-z]|[*†‡§]{1,3})(?P<close>[\])]?)")
_LONGEST_START = 100
"""Characters of a note in which its mark is searched."""
_BLOCKS = ("p", "li", "div", "dd", "aside")


def mark_linked_notes(body: Any) -> list[Any]:
    """Give the role of a note to the blocks to which marks link, and which begin with the same mark. Return them.

    A mark is raised, in brackets, or linked from the note; a bare number may also refer to a numbered paragraph.
    """
    positions: dict[Any, int] = {}
    targets: dict[str, Any] = {}
    links = body.xpath(".//a[starts-with(@href, '#')]")
    for position, element in enumerate(body.xpath(".//*[@id or @name or @href]") if links else ()):
        positions[element] = position
        for name in (element.get("id"), element.get("name")):
            if name:
                targets.setdefault(name, element)
    notes: dict[Any, None] = {}
    texts: dict[Any, str] = {}
    for link in links:
        target = targets.get(link.get("href")[1:])
        mark = _MARK.fullmatch("".join(link.text_content().split())) if target is not None else None
        if target is None or mark is None or positions[target] <= positions[link]:
            continue
        block = target if target.tag in _BLOCKS else next(target.iterancestors(*_BLOCKS), None)
        if block is None:
            continue
        if block not in texts:
            texts[block] = block.text_content()[:_LONGEST_START].lstrip().lstrip("[(")
        begins = block.tag == "li" or _begins_with(texts[block], target, mark["mark"])
        if begins and (_is_raised(link) or mark["close"] or _leads_back(block, link)):
            block.set("role", "doc-footnote")
            notes[block] = None
    return list(notes)


def _is_raised(link: Any) -> bool:
    return link.find(".//sup") is not None or next(link.iterancestors("sup"), None) is not None


def _leads_back(block: Any, link: Any) -> bool:
    names = {element.get(key) for element in (link, *link.iterancestors()) for key in ("id", "name")} - {None}
    return any((back.get("href") or "").removeprefix("#") in names for back in block.iter("a"))


def _begins_with(start: str, target: Any, mark: str) -> bool:
    is_marked = "".join(target.text_content()[:_LONGEST_START].split()).strip("[]().") == mark
    return start.startswith(mark) and (is_marked or not start[len(mark) : len(mark) + 1].isalnum())
