"""A document as HTML: what is known of it and from where, and its outline as a tree that leads to sections. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath

from corpus.records import HEADED_KINDS, Document, Section
from index.storage.reader import DocumentInfo
from qa.web.render.answer import badges
from qa.web.render.library import value_html
from qa.web.render.markup import context_link, escape, language, web_link

MOST_ITEMS = 3000
"""Items of an outline that are shown."""

_OPEN_AT_ONCE = 60
"""A tree of no more headings than this is shown open, one of more closed below its first level."""

_LONGEST = 160
_NAMES = {
    "series": "Series",
    "title": "Title",
    "publisher": "Publisher",
    "edition": "Edition (year on the cover)",
    "covers": "Covers (years described)",
    "published": "Published",
    "part": "Part",
    "language": "Language",
}
_LINES = {
    "notes": ("note", "notes"),
    "glossary": ("glossary entry", "glossary entries"),
    "caption": ("caption", "captions"),
    "table": ("table", "tables"),
    "front": ("line of front matter", "lines of front matter"),
}
"""What outline items that are no headings are called."""


def document_html(info: DocumentInfo, document: Document) -> str:
    """The page of a document."""
    values = "".join(f"<div><dt>{label}</dt><dd>{value_html(info, key)}</dd></div>" for key, label in _NAMES.items())
    url = web_link(info.url, info.url or "")
    checks = "".join(f"<li>{escape(one[:1].upper() + one[1:])}.</li>" for one in info.contradictions)
    return (
        f'<main class="yq-section yq-document"><h1>{escape(info.title)}</h1><p class="yq-badges">{badges(info)}</p>'
        + (f'<h2>What does not fit</h2><ul class="yq-notices">{checks}</ul>' if checks else "")
        + f'<h2>Outline</h2>{outline_html(document)}<h2>About the document</h2><dl class="yq-facts-list">{values}'
        + (f"<div><dt>Address</dt><dd>{url}</dd></div>" if url else "")
        + f"<div><dt>File</dt><dd>{escape(PurePath(info.source).name)}</dd></div>"
        + f"<div><dt>Id</dt><dd>{escape(info.id)}</dd></div>"
        + f"<div><dt>Length</dt><dd>{len(document.text):,} characters, {info.passages:,} passages</dd></div>"
        + "</dl></main>"
    )


def outline_html(document: Document) -> str:
    """The outline as nested lists; what is no heading stands folded under its section."""
    outline = document.outline[:MOST_ITEMS]
    if not outline:
        return '<p class="yq-soft">No heading was found in it.</p>'
    children: dict[int | None, list[int]] = {}
    for position, item in enumerate(outline):
        children.setdefault(item.parent, []).append(position)
    is_open = sum(one.kind in HEADED_KINDS for one in outline) <= _OPEN_AT_ONCE
    tree = _Tree(document, outline, children, is_open).html()
    more = len(document.outline) - len(outline)
    return f'<div class="yq-tree"{language(document.language)} dir="auto">{tree}</div>' + (
        f'<p class="yq-soft">{more:,} more items are not shown.</p>' if more else ""
    )


class _Tree:
    """Writes an outline without recursion, since a hostile file can nest as deep as it likes."""

    def __init__(
        self, document: Document, outline: Sequence[Section], children: dict[int | None, list[int]], is_open: bool
    ) -> None:
        self.document, self.outline, self.children, self.is_open = document, outline, children, is_open

    def html(self) -> str:
        pieces: list[str] = []
        # what is still to be written, the next at the end: a position of the outline, or HTML as it is
        waiting: list[int | str] = list(reversed(self._list(None)))
        while waiting:
            one = waiting.pop()
            if isinstance(one, str):
                pieces.append(one)
            else:
                waiting += reversed(self._item(one))
        return "".join(pieces)

    def _list(self, parent: int | None) -> list[int | str]:
        below = self.children.get(parent, [])
        headed = [one for one in below if self.outline[one].kind in HEADED_KINDS]
        lines = [one for one in below if self.outline[one].kind not in HEADED_KINDS]
        return ["<ul>", *([self._lines(lines)] if lines else []), *headed, "</ul>"] if below else []

    def _item(self, position: int) -> list[int | str]:
        item = self.outline[position]
        column = ' <span class="yq-badge">column</span>' if item.kind == "inset" else ""
        link = self._link(item, item.start, item.heading_end) + column
        below = self._list(position)
        if not below:
            return [f'<li class="yq-leaf">{link}</li>']
        opened = " open" if self.is_open or item.parent is None else ""
        # beside the link, not around it: what can be pressed must not hold what can be pressed
        under = f'<summary><span class="yq-unseen" lang="en">What stands under {escape(_short(item))}</span></summary>'
        return [f"<li>{link}<details{opened}>{under}", *below, "</details></li>"]

    def _lines(self, positions: Sequence[int]) -> str:
        """Notes, captions and the like, which are many: folded, and named by how many there are."""
        counts = Counter(self.outline[one].kind for one in positions)
        words = ", ".join(f"{count:,} {_LINES[kind][count != 1]}" for kind, count in counts.items() if kind in _LINES)
        items = "".join(
            f'<li class="yq-leaf">{self._link(self.outline[one], self.outline[one].start, self.outline[one].end)}</li>'
            for one in positions
        )
        under = f'<summary><span class="yq-unseen" lang="en">Show {words}</span></summary>'
        return f'<li><span class="yq-soft" lang="en">{words}</span><details>{under}<ul>{items}</ul></details></li>'

    def _link(self, item: Section, start: int, end: int) -> str:
        text = _short(item)
        page = item.page_label or item.page
        number = f' <span class="yq-soft" lang="en">p. {escape(str(page))}</span>' if page else ""
        if not start < end:
            return f"{escape(text)}{number}"
        address = escape(context_link(f"{self.document.id}@{start}-{end}"))
        return f'<a class="yq-context" href="{address}">{escape(text) or "(no heading)"}</a>{number}'


def _short(item: Section) -> str:
    text = " ".join(item.text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
