"""What an edition is: all documents of one series and year, in the order of their parts. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.storage.reader import DocumentInfo


@dataclass(frozen=True, slots=True)
class Edition:
    """The documents of one series and year. A document whose series or year is unknown is an edition by itself."""

    series: str | None
    year: int | None
    documents: tuple[DocumentInfo, ...]

    @property
    def name(self) -> str:
        """As a reader calls it: the series and the year, else the document's title."""
        if self.series is None or self.year is None:
            return self.documents[0].title
        return f"{self.series} {self.year}"

    @property
    def label(self) -> str:
        """The year, where there is one."""
        return str(self.year) if self.year is not None else self.name

    @property
    def covers(self) -> tuple[int, int] | None:
        """First and last year that its documents describe."""
        spans = [one.covers for one in self.documents if one.covers is not None]
        return (min(first for first, _ in spans), max(last for _, last in spans)) if spans else None


def editions(documents: Iterable[DocumentInfo]) -> list[Edition]:
    """The editions of these documents, by series, then year; unknown years last."""
    groups: dict[tuple[str, int | None, str], list[DocumentInfo]] = {}
    for one in documents:
        known = one.series is not None and one.edition is not None
        groups.setdefault((one.series or "", one.edition, "" if known else one.id), []).append(one)
    ordered = sorted(groups.items(), key=lambda item: (item[0][0], item[0][1] is None, item[0][1] or 0, item[0][2]))
    return [Edition(found[0].series, found[0].edition, _in_order(found)) for _, found in ordered]


def by_series(found: Sequence[Edition]) -> dict[str | None, list[Edition]]:
    """The editions of each series, in the order given."""
    series: dict[str | None, list[Edition]] = {}
    for one in found:
        series.setdefault(one.series, []).append(one)
    return series


def _in_order(documents: Sequence[DocumentInfo]) -> tuple[DocumentInfo, ...]:
    return tuple(sorted(documents, key=lambda one: (_place(one.part or one.title), one.id)))


def _place(part: str) -> tuple[tuple[int, int, str], ...]:
    """Numbers by their value: Chapter 10 stands behind Chapter 9."""
    pieces = re.findall(r"\d+|\D+", part.casefold())
    return tuple((0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces)
