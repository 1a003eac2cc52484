"""The library as HTML: its series by year, its documents as a table, each with its outline; facts about the index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from markupsafe import Markup

from corpus.records import HEADED_KINDS, Document, Section
from corpus.translation import gettext as _
from corpus.translation import gettext_noop, join_items, ngettext
from index.ranking.search import Index
from index.storage.reader import DocumentInfo
from qa.citation import format_years, year_spans
from qa.templating import render
from qa.web.render.page import table_page

PAGE = 50
"""Documents on a page of the table."""

MAX_SERIES, MAX_YEARS = 60, 60
"""Series and years in the chart: the first series by name, the latest years."""

_COLUMNS: dict[str, tuple[str, Callable[[DocumentInfo], Any]]] = {
    "series": (
        gettext_noop("Series"),
        lambda info: ((info.series or "\uffff").casefold(), info.edition or 0, info.part or "", info.id),
    ),
    "title": (gettext_noop("Title"), lambda info: (info.title.casefold(), info.id)),
    "edition": (gettext_noop("Edition"), lambda info: (info.edition or 0, info.id)),
    "covers": (gettext_noop("Covers"), lambda info: (info.covers or (0, 0), info.id)),
    "passages": (gettext_noop("Passages"), lambda info: (info.passage_count, info.id)),
}
"""Heading and sort key of each column of the table."""

_MAX_GAPS = 5
"""Gaps between covered years that are named; if there are more, only the number of years is shown."""

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


@dataclass(frozen=True, slots=True)
class SeriesCoverage:
    """A series: number of documents per edition and per covered year, and of those where these are unknown.

    Edition and covered years are never mixed. The name of documents without a series is empty.
    """

    name: str
    documents: int
    editions: Mapping[int, int]
    covered: Mapping[int, int]
    no_edition: int
    no_covers: int

    @property
    def missing(self) -> list[int]:
        """Years between the first and the last covered year that no document covers.

        A gap between editions is not reported: some publications come out every other year.
        """
        if not self.covered:
            return []
        return [year for year in range(min(self.covered), max(self.covered)) if year not in self.covered]

    def gaps_in_words(self) -> str:
        """Return what is missing or unknown, or an empty string."""
        gaps: list[str] = []
        if self.missing:
            runs = year_spans(self.missing)
            between = format_years((min(self.covered), max(self.covered)))
            gaps.append(
                _("no document covers %(years)s", years=join_items(map(format_years, runs)))
                if len(runs) <= _MAX_GAPS
                else _("%(count)s years of %(years)s are not covered", count=len(self.missing), years=between)
            )
        if self.no_edition:
            gaps.append(_("edition unknown for %(documents)s", documents=_documents(self.no_edition)))
        if self.no_covers:
            gaps.append(_("covered years unknown for %(documents)s", documents=_documents(self.no_covers)))
        return _("; ").join(gaps)


def coverage_by_series(documents: Sequence[DocumentInfo]) -> list[SeriesCoverage]:
    """Return the coverage of each series, by name; documents without a series come last."""
    groups: dict[str, list[DocumentInfo]] = {}
    for info in documents:
        groups.setdefault(info.series or "", []).append(info)
    return [
        SeriesCoverage(
            name,
            len(group),
            Counter(info.edition for info in group if info.edition is not None),
            Counter(year for info in group if info.covers for year in range(info.covers[0], info.covers[1] + 1)),
            sum(info.edition is None for info in group),
            sum(info.covers is None for info in group),
        )
        for name, group in sorted(groups.items(), key=lambda pair: (not pair[0], pair[0].casefold()))
    ]


def _documents(count: int) -> str:
    return ngettext("%(count)s document", "%(count)s documents", count)


def library_html(index: Index) -> Markup:
    """Render the page of a library."""
    documents = index.documents
    if not documents:
        return render("library.html", part="page", facts={})
    return render(
        "library.html",
        part="page",
        documents=rows_html(documents),
        facts=_facts(index),
        picture=coverage_chart(coverage_by_series(documents)),
    )


def coverage_chart(series: Sequence[SeriesCoverage]) -> Markup:
    """Render a table of series by year: editions present, years covered, years missing."""
    dated = [group for group in series if group.editions or group.covered]
    known = [year for group in dated for year in (*group.editions, *group.covered)]
    first = max(min(known), max(known) - MAX_YEARS + 1) if known else 0
    left_out = [_("years before %(first)s", first=first)] if known and first > min(known) else []
    if len(dated) > MAX_SERIES:
        left_out.append(_("%(count)s more series", count=f"{len(dated) - MAX_SERIES:,}"))
    if undated := sum(group.documents for group in series if group not in dated):
        left_out.append(_("%(documents)s with no known year", documents=_documents(undated)))
    # the newest first: a narrow screen shows the first columns
    shown = range(max(known), first - 1, -1) if known else ()
    return render("library.html", part="timeline", series=dated[:MAX_SERIES], years=shown, left_out=left_out)


def rows_html(
    documents: Sequence[DocumentInfo], find: str = "", order: str = "", *, descending: bool = False, page: int = 1
) -> Markup:
    """Render a page of the table of documents whose metadata contain all words of `find`."""
    words = find.casefold().split()
    matching = [info for info in documents if all(word in _searchable(info) for word in words)]
    orders = {name: key for name, (_heading, key) in _COLUMNS.items()}
    table = table_page(matching, orders, order, descending=descending, page=page, size=PAGE)
    return render(
        "library.html",
        part="rows",
        columns=[(name, _(heading)) for name, (heading, _key) in _COLUMNS.items()],
        find=find if words else "",
        order_label=_(_COLUMNS[table.order][0]),
        link=table.link("library-rows", find=find),
        table=table,
    )


def _searchable(info: DocumentInfo) -> str:
    values = (info.id, info.title, info.series, info.part, info.publisher, info.edition)
    return " ".join(str(value) for value in values if value is not None).casefold()


def _facts(index: Index) -> dict[str, str]:
    manifest = index.manifest
    return {
        _("Model"): manifest.model.name,
        _("Vector dimensions"): f"{manifest.model.dimension:,}",
        _("Maximum tokens per passage"): f"{manifest.model.max_tokens:,}",
        _("Documents"): f"{len(index.documents):,}",
        _("Passages"): f"{manifest.passages:,}",
        _("Sentences"): f"{manifest.sentences:,}",
        _("Overlong sentences that were split"): f"{sum(info.long_sentences for info in index.documents):,}",
        _("Size"): f"{sum(record.size for record in manifest.files.values()) / 2**20:,.1f} MB",
        _("Generation"): f"{manifest.generation:,}",
        _("Format"): str(manifest.format),
    }


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
