"""Levels of a PDF file's headings: from the file's own outline, else from size, weight and numbering. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_Style = tuple[int, bool, bool]
_SAME_SIZE = 0.35
_CLASSES = (
    ("decimal", re.compile(r"\d+(?:\.\d+)+\b")),
    ("chapter", re.compile(r"(?:chapter|part)\s+[\dA-Z]+\b|第.{1,4}[章部編]", re.IGNORECASE)),
    ("section", re.compile(r"(?:section|article)\s+[\dA-Z]+\b|第.{1,4}[節条]", re.IGNORECASE)),
    ("1", re.compile(r"\d+(?:[.．)]|\s)")),
    ("(1)", re.compile(r"[(（]\d+[)）]")),
    ("I", re.compile(r"[IVX]{2,}[.)]\s|[IVX][.)]\s(?=[A-Z])")),
    ("A", re.compile(r"[A-Z][.)]\s?")),
    ("(a)", re.compile(r"[(（][a-z][)）]")),
    ("a", re.compile(r"[a-z][.)]\s")),
    ("(A)", re.compile(r"[(（][A-Z][)）]")),
)


@dataclass(frozen=True, slots=True)
class Styled:
    """A heading's text and how it is set; `bookmarked` is its level in the file's own outline, where it is there."""

    text: str
    size: float
    bold: bool
    italic: bool
    bookmarked: int | None = None

    @property
    def numbering(self) -> str:
        """The kind of number it begins with, "" for none; of 1.2.3 its depth as well."""
        for name, pattern in _CLASSES:
            if match := pattern.match(self.text):
                return f"decimal {match[0].count('.')}" if name == "decimal" else name
        return ""


def levels(headings: Sequence[Styled]) -> list[int]:
    """The level of each heading, from 0.

    Larger type stands above smaller, bold above regular. Where headings of one style bear several kinds of numbers, the
    kind that comes first stands above the others.
    """
    sizes = _sizes(headings)
    styles = [(sizes[heading.size], not heading.bold, heading.italic) for heading in headings]
    kinds = _kinds(headings, styles)
    keys = [(*style, kinds[style].get(heading.numbering, 0)) for heading, style in zip(headings, styles, strict=True)]
    order = {key: level for level, key in enumerate(sorted(set(keys)))}
    own = [order[key] for key in keys]
    return _with_bookmarks(headings, own)


def _sizes(headings: Sequence[Styled]) -> dict[float, int]:
    """Each size's rank, the largest first; sizes that hardly differ are one."""
    ranks: dict[float, int] = {}
    last: float | None = None
    for size in sorted({heading.size for heading in headings}, reverse=True):
        ranks[size] = 0 if last is None else ranks[last] + (last - size > _SAME_SIZE)
        last = size
    return ranks


def _kinds(
    headings: Sequence[Styled], styles: Sequence[tuple[int, bool, bool]]
) -> Mapping[tuple[int, bool, bool], dict[str, int]]:
    """Of each style the kinds of numbers that come more than once, in the order in which they begin."""
    ranks: dict[_Style, dict[str, int]] = {}
    counts = Counter((style, heading.numbering) for heading, style in zip(headings, styles, strict=True))
    for heading, style in zip(headings, styles, strict=True):
        known = ranks.setdefault(style, {})
        kind = heading.numbering
        if kind and kind not in known and counts[style, kind] > 1:
            known[kind] = len(known)
    for known in ranks.values():
        deep = sorted(kind for kind in known if kind.startswith("decimal"))
        places = sorted(known[kind] for kind in deep)
        known.update(zip(deep, places, strict=True))
    return ranks


def _with_bookmarks(headings: Sequence[Styled], own: Sequence[int]) -> list[int]:
    """Levels of the file's outline where it has the heading; those of its style that it lacks are on that level."""
    known: dict[int, Counter[int]] = {}
    for heading, level in zip(headings, own, strict=True):
        if heading.bookmarked is not None:
            known.setdefault(level, Counter())[heading.bookmarked] += 1
    if not known:
        return list(own)
    result: list[int] = []
    for heading, level in zip(headings, own, strict=True):
        if heading.bookmarked is not None:
            result.append(heading.bookmarked)
        elif level in known:
            result.append(known[level].most_common(1)[0][0])
        else:
            nearest = max((one for one in known if one < level), default=-1)
            base = max(known[nearest]) if nearest in known else -1
            result.append(base + sum(nearest < one <= level and one not in known for one in set(own)))
    return result
