"""Read the few properties of CSS that decide what a page shows: hidden and raised elements, bold text, font sizes.

Inline styles and rules of style sheets in the page with simple selectors (`.name`, `#name`, `tag`, `tag.name`) count;
rules inside `@media` and other blocks do not.
"""

from __future__ import annotations

import re
from typing import Any

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_BLOCK = re.compile(r"@[^{};]*(?:[{;]|\Z)|[{}]")
"""The beginning of an at-rule, or a brace. This and `_COMMENT` match an unclosed one to the end, in linear time."""
_SELECTOR = re.compile(r"(?P<tag>[a-z][a-z0-9]*)?(?P<name>[.#][\w-]+)?")
_DECLARATION = re.compile(r"(display|visibility|vertical-align|font-weight|font-size|font)\s*:\s*([^;!]+)")
_SIZE = re.compile(r"(?<![\w.])(\d{1,3}(?:\.\d+)?)\s*(pt|px|em|rem|%)")
_POINTS = {"pt": 1.0, "px": 0.75, "em": 12.0, "rem": 12.0, "%": 0.12}
_BOLD_TAGS = frozenset("b strong".split())

Declarations = dict[str, str]


class Styles:
    """The style rules of a page."""

    def __init__(self, root: Any) -> None:
        self._rules: dict[str, Declarations] = {}
        self._known: dict[tuple[Any, ...], Declarations] = {}
        for sheet in root.iter("style"):
            *rules, _unclosed = _without_blocks(_COMMENT.sub("", sheet.text or "").lower()).split("}")
            for rule in rules:
                before, _brace, body = rule.rpartition("{")
                selectors = before.rpartition("{")[2]
                if declarations := dict(_DECLARATION.findall(body)):
                    for selector in selectors.split(","):
                        if (simple := selector.strip()) and _SELECTOR.fullmatch(simple):
                            self._rules.setdefault(simple, {}).update(declarations)

    def of(self, element: Any) -> Declarations:
        """Return the declarations that apply to an element itself, without inherited ones."""
        key = element.tag, element.get("style"), element.get("class"), element.get("id")
        if key not in self._known:
            self._known[key] = self._declarations(*key)
        return self._known[key]

    def _declarations(self, tag: Any, style: str | None, classes: str | None, identifier: str | None) -> Declarations:
        own = dict(_DECLARATION.findall(style.lower())) if style else {}
        if not self._rules:
            return own
        names = [*(f".{name}" for name in (classes or "").lower().split()), f"#{(identifier or '').lower()}"]
        matching = [tag, *names, *(f"{tag}{name}" for name in names)]
        return {key: value for name in matching for key, value in self._rules.get(name, {}).items()} | own

    def is_hidden(self, element: Any) -> bool:
        """Return whether an element is not displayed."""
        own = self.of(element)
        return own.get("display", "").strip() == "none" or own.get("visibility", "").strip() == "hidden"

    def is_raised(self, element: Any) -> bool:
        """Return whether an element is a superscript."""
        return self.of(element).get("vertical-align", "").strip() in ("super", "text-top")

    def is_bold(self, element: Any) -> bool | None:
        """Return whether an element makes its text bold; None if that is inherited."""
        own = self.of(element)
        if weight := re.match(r"\s*(?:(bold)|(\d{3,4})|normal|lighter)", own.get("font-weight", "")):
            return weight[1] is not None or int(weight[2] or 0) >= 600
        return True if element.tag in _BOLD_TAGS or re.search(r"\bbold\b", own.get("font", "")) else None

    def size(self, element: Any) -> float | None:
        """Return the font size that an element sets in points (1 em as 12 points); None if it is inherited."""
        own = self.of(element)
        size = _SIZE.search(own.get("font-size", "") or own.get("font", ""))
        return float(size[1]) * _POINTS[size[2]] if size else None


def _without_blocks(sheet: str) -> str:
    """Return a style sheet without its nested blocks such as `@media print {...}`."""
    parts: list[str] = []
    depth = start = 0
    for mark in _BLOCK.finditer(sheet):
        if depth == 0 and mark[0][0] == "@":
            parts.append(sheet[start : mark.start()])
            start = mark.end()
            depth = mark[0][-1] == "{"
        elif depth:
            depth += 1 if mark[0][-1] == "{" else -1 if mark[0] == "}" else 0
            start = mark.end()
    return "".join((*parts, "" if depth else sheet[start:]))
