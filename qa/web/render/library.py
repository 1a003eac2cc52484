"""What a library holds, as HTML: its series through the years, its documents, and facts of its index. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from index.ranking.search import Index
from index.storage.reader import DocumentInfo
from qa.citation import format_years
from qa.web.render.markup import column_head, escape
from qa.web.render.timeline import NO_SERIES, Series, by_series, in_words, span

PAGE = 50
"""Documents on one page of the table."""

MOST_SERIES, MOST_YEARS = 60, 60
"""Series and years that the picture shows: the first by name, and the latest."""

_NOTHING = '<p class="yq-summary">There are no documents here yet.</p>'
_ORIGINS = {"inferred": "inferred", "file": "from the file"}
"""Where a value comes from, where that is not the catalogue."""

_ORDERS: dict[str, Callable[[DocumentInfo], Any]] = {
    "series": lambda one: ((one.series or "\uffff").casefold(), one.edition or 0, one.part or "", one.id),
    "title": lambda one: (one.title.casefold(), one.id),
    "edition": lambda one: (one.edition or 0, one.id),
    "covers": lambda one: (one.covers or (0, 0), one.id),
    "passages": lambda one: (one.passages, one.id),
}


def library_html(index: Index) -> str:
    """The page of a library."""
    documents = index.documents
    if not documents:
        return f'<main class="yq-library"><h1>Library</h1>{_NOTHING}</main>'
    return (
        f'<main class="yq-library"><h1>Library</h1><h2>Editions and the years they cover</h2>'
        f"{picture(by_series(documents))}<h2>Documents</h2>{_find()}{rows_html(documents)}{_facts(index)}</main>"
    )


def picture(series: Sequence[Series]) -> str:
    """A table of series and years: which editions are there, which years they cover, which are missing."""
    found = span(series)
    if found is None:
        return '<p class="yq-soft">Neither an edition nor a covered year is known of any document here.</p>'
    first, last = max(found[0], found[1] - MOST_YEARS + 1), found[1]
    dated = [one for one in series if one.editions or one.covered]
    shown = dated[:MOST_SERIES]
    heads = "".join(f'<th scope="col">{year}</th>' for year in range(first, last + 1))
    body = "".join(_series_html(one, range(first, last + 1)) for one in shown)
    left_out = [f"years before {first}"] if first > found[0] else []
    if len(shown) < len(dated):
        left_out.append(f"{len(dated) - len(shown):,} further series")
    undated = sum(one.documents for one in series if not (one.editions or one.covered))
    if undated:
        left_out.append(f"{undated:,} document{'s' * (undated > 1)} of which no year is known")
    return (
        '<div class="yq-scroll" role="region" tabindex="0" aria-label="Editions and covered years by series">'
        f'<table class="yq-years"><thead><tr><th scope="col">Series</th><td></td>{heads}</tr></thead>'
        f"{body}</table></div>"
        '<p class="yq-legend yq-soft"><span class="yq-key yq-edition"></span> edition of that year '
        '<span class="yq-key yq-covered"></span> year covered '
        '<span class="yq-key yq-missing"></span> year between that nothing here covers</p>'
        + (f'<p class="yq-soft">Not shown: {escape(", ".join(left_out))}.</p>' if left_out else "")
    )


def _series_html(series: Series, shown: range) -> str:
    name = series.name if series.name != NO_SERIES else "No series known"
    words = in_words(series)
    editions = "".join(_cell("yq-edition", series.editions.get(year, 0), f"edition {year}") for year in shown)
    missing = set(series.missing)
    covered = "".join(
        '<td><span class="yq-key yq-missing"><span class="yq-unseen">missing</span></span></td>'
        if year in missing
        else _cell("yq-covered", series.covered.get(year, 0), f"covers {year}")
        for year in shown
    )
    return (
        f'<tbody><tr><th scope="rowgroup" rowspan="2">{escape(name)}'
        + (f'<span class="yq-source">{escape(words[:1].upper() + words[1:])}</span>' if words else "")
        + f'</th><th scope="row">editions</th>{editions}</tr><tr><th scope="row">covers</th>{covered}</tr></tbody>'
    )


def _cell(kind: str, count: int, what: str) -> str:
    if not count:
        return "<td></td>"
    documents = "1 document" if count == 1 else f"{count:,} documents"
    number = f'<span aria-hidden="true">{count:,}</span>' if count > 1 else ""
    return (
        f'<td><span class="yq-key {kind}" title="{what}: {documents}">{number}'
        f'<span class="yq-unseen">{documents}</span></span></td>'
    )


def _find() -> str:
    return (
        '<form class="yq-find" action="./library-rows" method="get" role="search"><label>Find a document '
        '<input type="search" name="find" autocomplete="off"></label> '
        '<button type="submit" class="yq-button">Find</button></form>'
    )


def rows_html(
    documents: Sequence[DocumentInfo], find: str = "", order: str = "series", *, descending: bool = False, page: int = 1
) -> str:
    """A page of the table of documents, of those in which all words of `find` stand; an unknown order is the usual."""
    words = find.casefold().split()
    kept = [one for one in documents if all(word in _searched(one) for word in words)] if words else list(documents)
    order = order if order in _ORDERS else "series"
    ordered = sorted(kept, key=_ORDERS[order], reverse=descending)
    pages = max(1, -(-len(ordered) // PAGE))
    page = min(max(page, 1), pages)

    def view(**values: Any) -> str:
        query = {"find": find, "sort": order, "down": int(descending), "at": 1} | values
        return escape(f"./library-rows?{urlencode(query)}")

    heads = "".join(column_head(key, key.capitalize(), order, descending, view) for key in _ORDERS)
    body = "".join(_row(one) for one in ordered[(page - 1) * PAGE : page * PAGE])
    steps = "".join(
        f'<a class="yq-action yq-view" href="{view(at=page + step)}">{label}</a>'
        for step, label in ((-1, "← Before"), (1, "Next →"))
        if 1 <= page + step <= pages
    )
    counted = "1 document" if len(ordered) == 1 else f"{len(ordered):,} documents"
    shown = (
        f"{(page - 1) * PAGE + 1:,} to {min(page * PAGE, len(ordered)):,} of {counted}" if ordered else "No document"
    )
    about = f" with “{escape(find[:100])}”" if words else ""
    return (
        f'<div class="yq-rows"><table role="table" class="yq-table yq-documents"><caption class="yq-unseen">'
        f'Documents{about}, by {order}, {shown}</caption><thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table>'
        f'<p class="yq-actions"><span class="yq-soft">{shown}{about}</span>{steps}</p></div>'
    )


def _searched(document: DocumentInfo) -> str:
    values = (document.id, document.title, document.series, document.part, document.publisher, document.edition)
    return " ".join(str(one) for one in values if one is not None).casefold()


def _row(document: DocumentInfo) -> str:
    wrong = len(document.contradictions)
    check = (
        f'<span class="yq-check">{"1 value does" if wrong == 1 else f"{wrong} values do"} not fit</span>'
        if wrong
        else ""
    )
    part = f'<span class="yq-source">{escape(document.part)}</span>' if document.part else ""
    link = escape(document_link(document.id))
    return (
        f'<tr role="row"><td role="cell">{value_html(document, "series")}</td>'
        f'<td role="cell"><a class="yq-context" href="{link}">{escape(document.title)}</a>{part}{check}</td>'
        f'<td role="cell"><span class="yq-narrow">edition </span>{value_html(document, "edition")}</td>'
        f'<td role="cell"><span class="yq-narrow">covers </span>{value_html(document, "covers")}</td>'
        f'<td role="cell" class="yq-number-cell">{document.passages:,}'
        f'<span class="yq-narrow"> passage{"s" * (document.passages != 1)}</span></td>'
        "</tr>"
    )


def value_html(document: DocumentInfo, key: str) -> str:
    """A value of a document with where it comes from; what is not known is said to be unknown."""
    value = getattr(document, key)
    if value is None:
        return '<span class="yq-soft">unknown</span>'
    text = format_years(value) if key == "covers" else str(value)
    origin = _ORIGINS.get(document.origins.get(key, ""), "")
    return escape(text) + (f' <span class="yq-origin">{origin}</span>' if origin else "")


def document_link(identifier: str) -> str:
    """The address of a document's page."""
    return f"document?{urlencode({'id': identifier})}"


def _facts(index: Index) -> str:
    manifest = index.manifest
    size = sum(record.size for record in manifest.files.values())
    facts = {
        "Model": manifest.model.name,
        "Dimensions of its vectors": f"{manifest.model.dimension:,}",
        "Tokens that it reads at most": f"{manifest.model.max_tokens:,}",
        "Documents": f"{len(index.documents):,}",
        "Passages": f"{manifest.passages:,}",
        "Sentences": f"{manifest.sentences:,}",
        "Sentences cut because they are too long": f"{sum(one.long_sentences for one in index.documents):,}",
        "Size": f"{size / 2**20:,.1f} MB",
        "Generation": f"{manifest.generation:,}",
        "Format": str(manifest.format),
    }
    rows = "".join(f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in facts.items())
    return f'<details class="yq-details"><summary>The index</summary><dl class="yq-facts-list">{rows}</dl></details>'
