"""Cite passages in a citation style: plain, APA or Chicago notes; the latter two by citeproc-py and their CSL files.

CSL knows one place within a source, the page. Edition, covered years and section follow the citation in words, so that
a note leads to its passage in every style.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from corpus.translation import gettext_noop
from qa.citation import CitedSource, Reference, format_years, section_path


@dataclass(frozen=True, slots=True)
class TextRun:
    """A part of a citation, set in italics or not."""

    text: str
    italic: bool = False


TextRuns = tuple[TextRun, ...]


@dataclass(frozen=True, slots=True)
class Citations:
    """A note for each reference, in order, and the list of works cited, empty where the style has none."""

    notes: tuple[TextRuns, ...]
    works: tuple[TextRuns, ...]


STYLES: Mapping[str, str] = {"plain": gettext_noop("Plain"), "apa": "APA", "chicago": gettext_noop("Chicago notes")}
"""Labels of the citation styles, in English."""

_CSL = {"apa": "apa.csl.gz", "chicago": "chicago-notes.csl.gz"}

_BLANKS = dict.fromkeys([*range(32), 127], " ")
_PROTECTED = str.maketrans("<>&", "\ue000\ue001\ue002") | _BLANKS
_RESTORED = str.maketrans("\ue000\ue001\ue002", "<>&")
"""citeproc-py reads `<span class="nocase">` in values, does not escape them in HTML, and refuses control characters."""


def cite_all(references: Sequence[Reference], style: str) -> Citations:
    """Cite references in a style of `STYLES`. Raises ValueError for another style."""
    if style == "plain":
        return Citations(tuple((TextRun(f"{reference.citation}.".translate(_BLANKS)),) for reference in references), ())
    if style not in _CSL:
        raise ValueError(f"unknown citation style {style!r}: choose one of {', '.join(STYLES)}")
    from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, Locator, formatter
    from citeproc.source.json import CiteProcJSON

    keys = {source: f"s{number}" for number, source in enumerate({reference.source: None for reference in references})}
    with files("qa.collections").joinpath("styles", _CSL[style]).open("rb") as packed, gzip.open(packed) as csl:
        processor = CitationStylesBibliography(
            CitationStylesStyle(csl, validate=False),
            CiteProcJSON([_csl_item(key, source) for source, key in keys.items()]),
            formatter.html,
        )
    citations = []
    for reference in references:
        printed = reference.printed_page.translate(_PROTECTED)
        page = {"locator": Locator("page", printed)} if printed else {}
        citations.append(Citation([CitationItem(keys[reference.source], **page)]))
        processor.register(citations[-1])
    notes: list[TextRuns] = []
    for citation, reference in zip(citations, references, strict=True):
        runs = _runs(str(processor.cite(citation, _ignore)).removesuffix("."))
        notes.append((*runs, TextRun(_place_in_words(reference, "".join(run.text for run in runs)))))
    works: list[TextRuns] = []
    if processor.style.has_bibliography():
        processor.sort()
        works = [_runs(str(entry)) for entry in processor.bibliography()]
    return Citations(tuple(notes), tuple(works))


def _csl_item(key: str, source: CitedSource) -> dict[str, object]:
    """Return a report whose author is its publisher, which the styles then do not repeat."""
    series = source.series if source.series and source.series not in source.title else None
    item: dict[str, object | None] = {
        "id": key,
        "type": "report",
        "title": source.title,
        "collection-title": series,
        "author": [{"literal": source.publisher.translate(_PROTECTED)}] if source.publisher else None,
        "issued": {"date-parts": [[source.edition]]} if source.edition is not None else None,
        "URL": source.url,
        "language": source.language,
    }
    return {
        name: value.translate(_PROTECTED) if isinstance(value, str) else value
        for name, value in item.items()
        if value is not None
    }


def _place_in_words(reference: Reference, cited: str) -> str:
    """Return what a citation lacks: ". Edition 2016 (covers 2015), Escorts."; the title if only its author is named."""
    source = reference.source
    covers = f"covers {format_years(source.covers)}" if source.covers else ""
    edition = f"edition {source.edition}{f' ({covers})' if covers else ''}" if source.edition is not None else covers
    places = [source.title, edition, source.part or "", section_path(source, reference.path), reference.cells]
    missing = ", ".join(place for place in places if place and place.casefold() not in cited.casefold())
    return f". {missing[:1].upper()}{missing[1:]}." if missing else "."


def _runs(html: str) -> TextRuns:
    """Return the runs of a citation that citeproc wrote as HTML."""
    from lxml.html import fragment_fromstring

    runs: list[TextRun] = []

    def gather(element: Any, *, italic: bool) -> None:
        italic = italic or element.tag == "i"
        runs.append(TextRun(element.text or "", italic))
        for child in element:
            gather(child, italic=italic)
            runs.append(TextRun(child.tail or "", italic))

    gather(fragment_fromstring(html, create_parent="span"), italic=False)
    return tuple(TextRun(run.text.translate(_RESTORED), run.italic) for run in runs if run.text)


def _ignore(item: object) -> None:
    """Do nothing for an unknown reference: all are known."""
