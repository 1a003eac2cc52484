"""Keep a span of a document, and say later whether an index still has it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.records import format_span_id
from index.errors import UnknownPassage
from index.ranking.search import Index
from qa.answering.excerpt import read_excerpt
from qa.checking.quotation_matching import QuotationSources
from qa.citation import Reference, source_of
from qa.collections.collection import KeptPassage
from qa.question.filters import Filters

PassageState = Literal["present", "moved", "gone"]
"""`present`: the same text at the same place. `moved`: the text is elsewhere. `gone`: the index has no such text."""


@dataclass(frozen=True, slots=True)
class Located:
    """The state of a kept passage in an index, and the passage as it is there; None if it is gone."""

    state: PassageState
    passage: KeptPassage | None


def keep(index: Index, identifier: str) -> KeptPassage:
    """Keep a span of a document. Raises UnknownPassage."""
    excerpt = read_excerpt(index, identifier)
    source = source_of(excerpt.document)
    reference = Reference(excerpt.id, source, excerpt.path, excerpt.page, excerpt.page_label, excerpt.cells)
    return KeptPassage(reference, excerpt.start, excerpt.end, excerpt.text)


def locate(index: Index, passages: Sequence[KeptPassage]) -> Iterator[Located]:
    """Yield the state of each passage in an index."""
    sources = QuotationSources(index, Filters())
    for passage in passages:
        here = _at_same_place(index, passage)
        if here is not None:
            yield Located("present", here)
            continue
        moved = _copy_in(index, passage.reference.source.id, passage) or _copy_elsewhere(index, sources, passage)
        yield Located("gone" if moved is None else "moved", moved)


def _at_same_place(index: Index, passage: KeptPassage) -> KeptPassage | None:
    try:
        kept = keep(index, passage.reference.id)
    except UnknownPassage:
        return None
    return kept if kept.checksum == passage.checksum else None


def _copy_in(index: Index, document: str, passage: KeptPassage) -> KeptPassage | None:
    """Return the same words, perhaps with other white space, in a document, nearest to where they were."""
    try:
        text = index.document(document).text
    except UnknownPassage:
        return None
    words = re.compile(r"\s+".join(map(re.escape, passage.text.split())))
    spans = [match.span() for match in words.finditer(text)]
    if not spans or not passage.text.strip():
        return None
    start, end = min(spans, key=lambda span: abs(span[0] - passage.start))
    return keep(index, format_span_id(document, start, end))


def _copy_elsewhere(index: Index, sources: QuotationSources, passage: KeptPassage) -> KeptPassage | None:
    """Return the same words in another document."""
    match = sources.find(passage.text)
    places = [match.place, *match.also] if match.place is not None and match.state == "verbatim" else []
    copies = (_copy_in(index, place.document.id, passage) for place in places)
    return next((copy for copy in copies if copy is not None), None)
