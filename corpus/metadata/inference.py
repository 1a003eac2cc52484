"""What the text itself says of title, series, publisher, edition and years covered. Pure; each may be unknown (None).

The edition is read from the cover, the years covered from the body or from a statement of the period: they are
different things, and a year that stands only in one says nothing certain of the other.
"""

from __future__ import annotations

from dataclasses import dataclass

from corpus.metadata.cover import read_cover
from corpus.metadata.covered_years import infer_covers
from corpus.metadata.years import normalize_years

_LONGEST = 500_000
"""Characters of a text that are looked at: the years of two hundred pages are clear from these."""


@dataclass(frozen=True, slots=True)
class InferredMetadata:
    """What could be inferred; None is unknown."""

    title: str | None
    series: str | None
    publisher: str | None
    edition: int | None
    covers: tuple[int, int] | None
    part: str | None


def infer_metadata(text: str, title: str | None = None) -> InferredMetadata:
    """Everything that the text says of itself; a `title` that is known already is taken as it is."""
    cover = read_cover(text[:_LONGEST], title)
    covers = infer_covers(normalize_years(text[:_LONGEST]), cover.lines, cover.edition)
    return InferredMetadata(
        title=cover.title,
        series=cover.series,
        publisher=cover.publisher,
        edition=cover.edition,
        covers=None if covers is None else (covers.first, covers.last),
        part=cover.part,
    )
