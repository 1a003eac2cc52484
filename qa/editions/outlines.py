"""Compare whole editions by their outlines: sections kept, renamed, moved, split, merged, new or dropped.

Alignments come from the index folder (`qa.editions.alignment`) or are computed; nothing is written here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.records import HEADED_KINDS
from corpus.translation import gettext as _
from index.ranking.search import Index
from qa.editions import alignment
from qa.editions.alignment import SectionChange, StoredPair
from qa.editions.sections import Edition, by_series, editions
from qa.errors import CompareError
from qa.question.filters import Filters

MAX_NAMED = 8
"""Sections listed in the message that no section has the name asked for."""


@dataclass(frozen=True, slots=True)
class SectionPlace:
    """A section: its heading path, and `[start, end)` with all subsections."""

    document: str
    path: tuple[str, ...]
    start: int
    end: int
    depth: int


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """Two corresponding sections, None on one side if new or dropped; `kept` is the share of the text that remained."""

    earlier: SectionPlace | None
    later: SectionPlace | None
    kind: SectionChange
    similarity: float
    kept: float


@dataclass(frozen=True, slots=True)
class OutlinePair:
    """Two editions of a series with their corresponding sections, in the order of the earlier one."""

    earlier: Edition
    later: Edition
    pairs: tuple[OutlineRow, ...]

    def counts(self) -> dict[SectionChange, int]:
        """Return the number of pairs of each kind."""
        return dict(Counter(pair.kind for pair in self.pairs))


@dataclass(frozen=True, slots=True)
class OutlineComparison:
    """Editions of a series, each compared with the next."""

    series: str | None
    editions: tuple[Edition, ...]
    pairs: tuple[OutlinePair, ...]


def compare_outlines(
    index: Index, years: Sequence[int], filters: Filters | None = None, section: str | None = None
) -> OutlineComparison:
    """Compare the outline of each edition with the next.

    Args:
        index: The index.
        years: Years of the editions, two or more.
        filters: Documents to compare; all by default.
        section: Keep only sections with these words in a heading of their path, on either side.

    Raises:
        CompareError: An edition is missing, several series have these editions and the filters name none, or no section
            has the words.
    """
    chosen = choose_editions(index, years, filters or Filters())
    pairs = tuple(_compare(index, earlier, later, section) for earlier, later in pairwise(chosen))
    if section is not None and not any(pair.pairs for pair in pairs):
        raise CompareError(
            _(
                'no heading of these editions contains "%(section)s": %(sections)s',
                section=section,
                sections=_list_sections(index, chosen[-1]),
            )
        )
    return OutlineComparison(chosen[0].series, tuple(chosen), pairs)


def _list_sections(index: Index, edition: Edition) -> str:
    """Name the first sections of an edition."""
    names = [place.path[-1] for place in _places(index, edition) if place.path]
    listed = "; ".join(" ".join(name.split()) for name in names[:MAX_NAMED])
    more = _(" and %(count)s more", count=f"{len(names) - MAX_NAMED:,}") if len(names) > MAX_NAMED else ""
    return (
        _("%(edition)s has %(listed)s%(more)s", edition=edition.name, listed=listed, more=more)
        if listed
        else _("%(edition)s has no headings", edition=edition.name)
    )


def choose_editions(index: Index, years: Sequence[int], filters: Filters) -> list[Edition]:
    """Return the editions of some years in order, from the only series that has all of them. Raises CompareError."""
    documents = [doc for doc in filters.select(index.documents) if doc.series is not None and doc.edition is not None]
    wanted = sorted(set(years))
    if len(wanted) < 2:
        raise CompareError(
            _(
                "editions %(wanted)s: give two years or more, such as 2016,2020",
                wanted=_format_years(wanted) or _("none"),
            )
        )
    series = by_series(editions(documents))
    complete = {
        name: of_series for name, of_series in series.items() if set(wanted) <= {edition.year for edition in of_series}
    }
    if len(complete) > 1:
        names = ", ".join(f'"{name}"' for name in complete)
        raise CompareError(
            _(
                "%(count)s series have the editions %(wanted)s: choose one with --series (%(names)s)",
                count=len(complete),
                wanted=_format_years(wanted),
                names=names,
            )
        )
    if not complete:
        available = "; ".join(
            f"{name}: {_format_years([edition.year or 0 for edition in some])}" for name, some in series.items()
        )
        raise CompareError(
            _(
                "no series has the editions %(wanted)s (available: %(available)s)",
                wanted=_format_years(wanted),
                available=available or _("none"),
            )
        )
    (chosen,) = complete.values()
    return [edition for edition in chosen if edition.year in wanted]


def _format_years(years: Sequence[int]) -> str:
    return ", ".join(map(str, years))


def _compare(index: Index, earlier: Edition, later: Edition, section: str | None) -> OutlinePair:
    places = [_places(index, edition) for edition in (earlier, later)]
    pairs = [_row(pair, places) for pair in alignment.load_alignment(index, earlier, later)]
    if len(earlier.documents) == len(later.documents) == 1 and any(place.path for side in places for place in side):
        pairs = [
            pair for pair in pairs if any(place is not None and place.path for place in (pair.earlier, pair.later))
        ]
    if section is not None:
        pairs = [pair for pair in pairs if _is_under(section, pair.earlier) or _is_under(section, pair.later)]
    return OutlinePair(earlier, later, tuple(pairs))


def _places(index: Index, edition: Edition) -> list[SectionPlace]:
    """Return the places of all sections, in the order of `sections.sections`."""
    places: list[SectionPlace] = []
    for info in edition.documents:
        document = index.document(info.id)
        places.append(SectionPlace(document.id, (), 0, len(document.text), 0))
        for at, item in enumerate(document.outline):
            if item.kind in HEADED_KINDS:
                path = document.path(at)
                places.append(SectionPlace(document.id, path, item.start, item.end, len(path)))
    return places


def _row(pair: StoredPair, places: Sequence[Sequence[SectionPlace]]) -> OutlineRow:
    earlier = places[0][pair.earlier] if pair.earlier is not None else None
    later = places[1][pair.later] if pair.later is not None else None
    return OutlineRow(earlier, later, pair.kind, pair.similarity, pair.kept)


def _is_under(section: str, place: SectionPlace | None) -> bool:
    wanted = " ".join(section.split()).casefold()
    return place is not None and any(wanted in " ".join(heading.split()).casefold() for heading in place.path)
