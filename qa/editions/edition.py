"""Group documents into editions: all documents of one series and year, in the order of their parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.storage.reader import DocumentInfo


@dataclass(frozen=True, slots=True)
class Edition:
    """The documents of one series and year; a document without a series or year forms its own edition."""

    series: str | None
    year: int | None
    documents: tuple[DocumentInfo, ...]

    @property
    def name(self) -> str:
        """Series and year, or the document's title."""
        if self.series is None or self.year is None:
            return self.documents[0].title
        return f"{self.series} {self.year}"

    @property
    def label(self) -> str:
        """The year, or the name."""
        return str(self.year) if self.year is not None else self.name

    @property
    def covers(self) -> tuple[int, int] | None:
        """First and last year described by its documents."""
        spans = [document.covers for document in self.documents if document.covers is not None]
        return (min(first for first, _ in spans), max(last for _, last in spans)) if spans else None


def editions(documents: Iterable[DocumentInfo]) -> list[Edition]:
    """Return the editions of some documents by series, then year; unknown years last."""
    groups: dict[tuple[str, int | None, str], list[DocumentInfo]] = {}
    for document in documents:
        is_known = document.series is not None and document.edition is not None
        key = document.series or "", document.edition, "" if is_known else document.id
        groups.setdefault(key, []).append(document)
    ordered = sorted(groups.items(), key=lambda item: (item[0][0], item[0][1] is None, item[0][1] or 0, item[0][2]))
    return [Edition(group[0].series, group[0].edition, _sort_parts(group)) for _, group in ordered]


def by_series(all_editions: Sequence[Edition]) -> dict[str | None, list[Edition]]:
    """Group editions by series, keeping their order."""
    series: dict[str | None, list[Edition]] = {}
    for edition in all_editions:
        series.setdefault(edition.series, []).append(edition)
    return series


def _sort_parts(documents: Sequence[DocumentInfo]) -> tuple[DocumentInfo, ...]:
    return tuple(sorted(documents, key=lambda document: (_part_key(document.part or document.title), document.id)))


def _part_key(part: str) -> tuple[tuple[int, int, str], ...]:
    """Sort numbers by value: Chapter 10 after Chapter 9."""
    pieces = re.findall(r"\d+|\D+", part.casefold())
    return tuple((0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces)
