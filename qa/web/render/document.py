"""A document as HTML: its metadata with the origin of each value, and its outline as a tree of links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from markupsafe import Markup

from corpus.records import HEADED_KINDS, Document, Section
from corpus.translation import gettext_noop, join_items, ngettext
from index.storage.reader import DocumentInfo
from qa.templating import render

MAX_ITEMS = 3000
"""Outline items shown; more make the page slow in a browser."""

_OPEN_AT_ONCE = 60
"""A tree with at most this many headings is shown expanded, a larger one closed below its first level."""

_FIELDS = {
    "series": gettext_noop("Series"),
    "title": gettext_noop("Title"),
    "publisher": gettext_noop("Publisher"),
    "edition": gettext_noop("Edition (year on the cover)"),
    "covers": gettext_noop("Covers (years described)"),
    "published": gettext_noop("Published"),
    "part": gettext_noop("Part"),
    "language": gettext_noop("Language"),
}
_IN_WORDS: Mapping[str, Callable[[int], str]] = {
    "notes": lambda count: ngettext("%(count)s note", "%(count)s notes", count),
    "glossary": lambda count: ngettext("%(count)s glossary entry", "%(count)s glossary entries", count),
    "caption": lambda count: ngettext("%(count)s caption", "%(count)s captions", count),
    "table": lambda count: ngettext("%(count)s table", "%(count)s tables", count),
    "front": lambda count: ngettext("%(count)s line of front matter", "%(count)s lines of front matter", count),
}
"""Words for the outline items that are not headings, by their number."""

_Step = tuple[str, Any, bool]
"""A part of the tree for the template: its kind, an item, and whether the item is expanded."""


def document_html(info: DocumentInfo, document: Document) -> Markup:
    """Render the page of a document."""
    return render(
        "document.html",
        characters=len(document.text),
        fields=_FIELDS,
        file=PurePath(info.source).name,
        info=info,
        outline=outline_html(document),
    )


def outline_html(document: Document) -> Markup:
    """Render the outline as nested lists; items that are not headings are collapsed under their section."""
    outline = document.outline[:MAX_ITEMS]
    children: dict[int | None, list[int]] = {}
    for position, item in enumerate(outline):
        children.setdefault(item.parent, []).append(position)
    is_open = sum(item.kind in HEADED_KINDS for item in outline) <= _OPEN_AT_ONCE
    steps = _steps(outline, children, is_open=is_open) if outline else []
    return render("outline.html", document=document, steps=steps, more=len(document.outline) - len(outline))


def _steps(outline: Sequence[Section], children: dict[int | None, list[int]], *, is_open: bool) -> list[_Step]:
    """Flatten the tree into the order of the page; without recursion, because a hostile file can nest without limit."""
    steps: list[_Step] = []
    pending: list[int | _Step] = list(reversed(_list(outline, children, None)))
    while pending:
        entry = pending.pop()
        if isinstance(entry, tuple):
            steps.append(entry)
            continue
        item, below = outline[entry], _list(outline, children, entry)
        steps.append(("open" if below else "leaf", item, is_open or item.parent is None))
        if below:
            pending += [("close", None, False), *reversed(below)]
    return steps


def _list(outline: Sequence[Section], children: dict[int | None, list[int]], parent: int | None) -> list[int | _Step]:
    """Return the list below an item: first its notes, captions and the like, collapsed, then its sections."""
    below = children.get(parent, [])
    if not below:
        return []
    lines = [outline[position] for position in below if outline[position].kind not in HEADED_KINDS]
    counts = Counter(line.kind for line in lines)
    label = join_items(_IN_WORDS[kind](count) for kind, count in counts.items() if kind in _IN_WORDS)
    return [
        ("open list", None, False),
        *([("lines", (label, lines), False)] if lines else []),
        *(position for position in below if outline[position].kind in HEADED_KINDS),
        ("close list", None, False),
    ]
