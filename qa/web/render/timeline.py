"""Which editions of which series are there, and which years they cover. Pure: documents in, rows by series out.

An edition's year and the years it covers are told apart throughout. A year is missing where editions cover years before
and after it; a gap between editions alone is none, since some publications come out every other year.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.storage.reader import DocumentInfo
from qa.citation import format_years

NO_SERIES = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One series: how many documents there are of each edition, how many cover each year, and what is not known."""

    name: str
    documents: int
    editions: Mapping[int, int]
    covered: Mapping[int, int]
    no_edition: int
    no_covers: int

    @property
    def missing(self) -> list[int]:
        """Years between the first and the last covered year that nothing here covers."""
        if not self.covered:
            return []
        return [year for year in range(min(self.covered), max(self.covered)) if year not in self.covered]


def by_series(documents: Sequence[DocumentInfo]) -> list[Series]:
    """The series, by name; documents of no known series last, under the empty name."""
    groups: dict[str, list[DocumentInfo]] = {}
    for one in documents:
        groups.setdefault(one.series or NO_SERIES, []).append(one)
    return [
        Series(
            name,
            len(some),
            Counter(one.edition for one in some if one.edition is not None),
            Counter(year for one in some if one.covers for year in range(one.covers[0], one.covers[1] + 1)),
            sum(one.edition is None for one in some),
            sum(one.covers is None for one in some),
        )
        for name, some in sorted(groups.items(), key=lambda pair: (pair[0] == NO_SERIES, pair[0].casefold()))
    ]


def span(series: Sequence[Series]) -> tuple[int, int] | None:
    """The first and the last year of any edition or covered year; None where none is known."""
    known = [year for one in series for year in (*one.editions, *one.covered)]
    return (min(known), max(known)) if known else None


def in_words(series: Series) -> str:
    """What is missing of a series, in words; the empty string where nothing is known to be."""
    said: list[str] = []
    if series.missing:
        said.append(f"nothing here covers {', '.join(format_years(run) for run in _runs(series.missing))}")
    if series.no_edition:
        said.append(f"edition unknown of {_count(series.no_edition)}")
    if series.no_covers:
        said.append(f"covered years unknown of {_count(series.no_covers)}")
    return "; ".join(said)


def _runs(values: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for year in values:
        if runs and year == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], year)
        else:
            runs.append((year, year))
    return runs


def _count(number: int) -> str:
    return "1 document" if number == 1 else f"{number:,} documents"
