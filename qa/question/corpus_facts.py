"""What an index holds, worked out once: its series and what they are called, its editions, the years they cover. Pure.

A question needs these facts, and an index can hold a hundred thousand documents; but documents alike in series, edition
and years covered are alike to a question, and of those groups there are few.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from index.storage.reader import DocumentInfo, group_by_edition
from qa.question.filters import Filters, YearSpan
from qa.question.series_names import SeriesNames

MOST_SERIES = 6
"""Series listed in the message for filters that match no document."""

_MOST_EDITIONS = 6


@dataclass(frozen=True, slots=True)
class Group:
    """Documents alike in series, edition and years covered; at least one."""

    series: str | None
    edition: int | None
    covers: YearSpan | None
    documents: tuple[DocumentInfo, ...]

    def covers_year(self, year: int) -> bool:
        """Whether these documents tell of that year."""
        return self.covers is not None and self.covers[0] <= year <= self.covers[1]


class CorpusFacts:
    """The documents of an index, or those that filters leave of them."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self.groups: Sequence[Group] = tuple(groups)
        self.documents: Sequence[DocumentInfo] = tuple(chain.from_iterable(one.documents for one in self.groups))
        """In the order of their groups."""
        self.passages: int = sum(one.passages for one in self.documents)
        self.editions: frozenset[int] = frozenset(one.edition for one in self.groups if one.edition is not None)

    @classmethod
    def of(cls, documents: Iterable[DocumentInfo]) -> CorpusFacts:
        """What these documents are."""
        return cls(
            Group(some[0].series, some[0].edition, some[0].covers, tuple(some)) for some in group_by_edition(documents)
        )

    def filtered(self, filters: Filters) -> CorpusFacts:
        """What these filters leave."""
        if not filters:
            return self
        groups = (one for one in self.groups if filters.matches_values(one.series, one.edition, one.covers))
        if filters.document:
            named = ((one, tuple(each for each in one.documents if each.id in filters.document)) for one in groups)
            groups = (replace(one, documents=some) for one, some in named if some)
        return CorpusFacts(groups)

    @cached_property
    def series(self) -> Mapping[str, Sequence[int]]:
        """The series there are, and the editions of each; both in order."""
        names = sorted({one.series for one in self.groups if one.series})
        return {name: self.editions_of([name]) for name in names}

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages of the documents; none while that of some is unknown."""
        codes = {one.language for one in self.documents}
        return frozenset() if None in codes else frozenset(code.split("-")[0].lower() for code in codes if code)

    @cached_property
    def covered_years(self) -> Sequence[int]:
        """The years that some document covers, in order."""
        spans = {one.covers for one in self.groups if one.covers is not None}
        return sorted({year for first, last in spans for year in range(first, last + 1)})

    def editions_of(self, series: Collection[str]) -> list[int]:
        """The editions of these series, of all where none is given; in order."""
        return sorted({one.edition for one in self.groups if one.edition and (not series or one.series in series)})

    def uncovered_years(self, years: Iterable[int]) -> list[int]:
        """Those of these years that no document covers; none while some document's years are unknown."""
        if not self.groups or any(one.covers is None for one in self.groups):
            return []
        return [year for year in years if not any(one.covers_year(year) for one in self.groups)]

    @cached_property
    def series_names(self) -> SeriesNames:
        """What the series may be called."""
        return SeriesNames(one.series for one in self.groups if one.series)


def no_match_notice(filters: Filters, corpus_facts: CorpusFacts) -> str:
    """Return the message for filters that match no document, with the series and editions the index has."""
    written = ", ".join(f"{name} {', '.join(values)}" for name, values in filters.as_json().items())
    series = [f"{name} ({_listed(some)})" if some else name for name, some in corpus_facts.series.items()]
    more = f" and {len(series) - MOST_SERIES} more series" if len(series) > MOST_SERIES else ""
    there = "; ".join(series[:MOST_SERIES]) or f"{len(corpus_facts.documents):,} documents of no series"
    return f"no document matches the filter ({written}); the index has: {there}{more}"


def _listed(editions: Sequence[int]) -> str:
    """Editions, with the middle left out of a long list."""
    if len(editions) <= _MOST_EDITIONS:
        return ", ".join(map(str, editions))
    return f"{editions[0]}, {editions[1]} … {editions[-1]}"
