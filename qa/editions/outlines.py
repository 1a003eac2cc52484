"""Whole editions side by side: which sections were kept, renamed, moved, split, merged, are new or gone.

Alignments of neighbouring editions are taken from the index folder where they are stored
(`qa.editions.alignment_cache`), others
are computed. Nothing is written here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.records import HEADED_KINDS
from index.ranking.search import Index
from qa.editions import alignment_cache
from qa.editions.alignment import Kind
from qa.editions.alignment_cache import StoredPair
from qa.editions.publication import Edition, by_series, editions
from qa.errors import CompareError
from qa.question.filters import Filters

MOST_NAMED = 8
"""So many sections are named where none is called as was asked for."""


@dataclass(frozen=True, slots=True)
class SectionPlace:
    """A section where it stands: its headings from the outermost down; `[start, end)` holds all that is under it."""

    document: str
    path: tuple[str, ...]
    start: int
    end: int
    depth: int


@dataclass(frozen=True, slots=True)
class SectionPair:
    """Two sections that correspond; None on one side for what is new or dropped. `kept` is the share that stayed."""

    earlier: SectionPlace | None
    later: SectionPlace | None
    kind: Kind
    similarity: float
    kept: float


@dataclass(frozen=True, slots=True)
class OutlinePair:
    """Two editions of a series with their sections side by side, in the order of the earlier one."""

    earlier: Edition
    later: Edition
    pairs: tuple[SectionPair, ...]

    def counts(self) -> dict[Kind, int]:
        """How many pairs of each kind there are."""
        return dict(Counter(pair.kind for pair in self.pairs))


@dataclass(frozen=True, slots=True)
class OutlineComparison:
    """The editions compared, each with the next."""

    series: str | None
    editions: tuple[Edition, ...]
    pairs: tuple[OutlinePair, ...]


def compare_outlines(
    index: Index, years: Sequence[int], filters: Filters | None = None, section: str | None = None
) -> OutlineComparison:
    """The outlines of the editions of these years, each with the next one.

    `section` keeps the sections whose path holds these words on either side. Raises CompareError where an edition is
    not there, or where several series have these editions and none is named.
    """
    chosen = choose(index, years, filters or Filters())
    pairs = tuple(_compared(index, one, other, section) for one, other in pairwise(chosen))
    if section is not None and not any(pair.pairs for pair in pairs):
        raise CompareError(f'no section of these editions is called "{section}": {_called(index, chosen[-1])}')
    return OutlineComparison(chosen[0].series, tuple(chosen), pairs)


def _called(index: Index, edition: Edition) -> str:
    """What the first sections of an edition are called."""
    names = [place.path[-1] for place in _places(index, edition) if place.path]
    said = "; ".join(" ".join(name.split()) for name in names[:MOST_NAMED])
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return f"{edition.name} has {said}{more}" if said else f"{edition.name} has no headings"


def choose(index: Index, years: Sequence[int], filters: Filters) -> list[Edition]:
    """The editions of these years, in order, of the one series that has them. Raises CompareError."""
    kept = [one for one in filters.select(index.documents) if one.series is not None and one.edition is not None]
    wanted = sorted(set(years))
    if len(wanted) < 2:
        raise CompareError("comparing editions needs two years or more, as 2016,2020")
    series = by_series(editions(kept))
    having = {name: some for name, some in series.items() if set(wanted) <= {one.year for one in some}}
    if len(having) > 1:
        names = ", ".join(f'"{name}"' for name in having)
        raise CompareError(f"{len(having)} series have the editions {_listed(wanted)}: name one of them ({names})")
    if not having:
        there = "; ".join(f"{name}: {_listed([one.year or 0 for one in some])}" for name, some in series.items())
        raise CompareError(f"no series here has the editions {_listed(wanted)} (there are: {there or 'none'})")
    (found,) = having.values()
    return [one for one in found if one.year in wanted]


def _listed(years: Sequence[int]) -> str:
    return ", ".join(map(str, years))


def _compared(index: Index, one: Edition, other: Edition, section: str | None) -> OutlinePair:
    places = [_places(index, edition) for edition in (one, other)]
    single = len(one.documents) == len(other.documents) == 1
    pairs = [_pair(found, places) for found in alignment_cache.load_alignment(index, one, other)]
    if single and any(place.path for side in places for place in side):
        pairs = [
            pair for pair in pairs if any(place is not None and place.path for place in (pair.earlier, pair.later))
        ]
    if section is not None:
        pairs = [pair for pair in pairs if _is_under(section, pair.earlier) or _is_under(section, pair.later)]
    return OutlinePair(one, other, tuple(pairs))


def _places(index: Index, edition: Edition) -> list[SectionPlace]:
    """In the order of `sections.sections`."""
    found: list[SectionPlace] = []
    for info in edition.documents:
        document = index.document(info.id)
        found.append(SectionPlace(document.id, (), 0, len(document.text), 0))
        for at, item in enumerate(document.outline):
            if item.kind in HEADED_KINDS:
                path = document.path(at)
                found.append(SectionPlace(document.id, path, item.start, item.end, len(path)))
    return found


def _pair(found: StoredPair, places: Sequence[Sequence[SectionPlace]]) -> SectionPair:
    one = places[0][found.earlier] if found.earlier is not None else None
    other = places[1][found.later] if found.later is not None else None
    return SectionPair(one, other, found.kind, found.similarity, found.kept)


def _is_under(section: str, place: SectionPlace | None) -> bool:
    wanted = " ".join(section.split()).casefold()
    return place is not None and any(wanted in " ".join(heading.split()).casefold() for heading in place.path)
