"""The documents that a text of a draft names as its source: by series and edition, or by title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.records import Span
from index.storage.reader import DocumentInfo
from qa.answering.library import Library
from qa.question.analysis import Interpretation, interpret
from qa.question.filters import Filters
from qa.question.title_names import TitleMention


@dataclass(frozen=True, slots=True)
class NamedSources:
    """What a text names; `is_unknown` where it is an edition that the library does not have.

    `is_recognised` where it names documents of the library, although filters may leave them out.
    """

    understood: Interpretation
    documents: tuple[DocumentInfo, ...]
    is_unknown: bool
    is_recognised: bool


def find_named_sources(library: Library, text: str, filters: Filters) -> NamedSources:
    """Return the documents that a text names by series, edition or both, or by title."""
    facts = library.corpus_facts
    understood, titles = interpret(text, facts, is_statement=True), facts.title_names.find(text)
    if not (understood.series or understood.editions or titles):
        return NamedSources(understood, (), is_unknown=False, is_recognised=False)
    mentions = sorted({*understood.mentions, *(span for title in titles for span in title.spans)})
    by_title = {document.number for title in titles for document in title.documents}
    by_series = {
        document.number
        for document in library.index.documents
        if (understood.series or understood.editions)
        and (not understood.series or document.series in understood.series)
        and (not understood.editions or document.edition in understood.editions)
    }
    if by_title and (not understood.series or any(_is_longer(text, title, understood.mentions) for title in titles)):
        by_series = set()  # the series or the year is a part of the title
    numbers = by_title | by_series
    documents = [document for document in filters.select(library.index.documents) if document.number in numbers]
    names_edition = bool(understood.series and understood.editions) or any(title.is_unknown for title in titles)
    is_unknown = names_edition and not documents and not filters
    return NamedSources(replace(understood, mentions=tuple(mentions)), tuple(documents), is_unknown, bool(numbers))


def _is_longer(text: str, title: TitleMention, mentions: Sequence[Span]) -> bool:
    """Return whether a title has more words than the names of series inside it."""
    start, end = title.name
    names = sum(_letters(text, max(a, start), min(b, end)) for a, b in mentions if a < end and start < b)
    return names < _letters(text, start, end)


def _letters(text: str, start: int, end: int) -> int:
    return sum(map(str.isalpha, text[start:end]))
