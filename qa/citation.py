"""Cited passages, and the citation line that leads a reader to the source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.ranking.search import Hit
from index.storage.reader import DocumentInfo


@dataclass(frozen=True, slots=True)
class AlsoIn:
    """A nearly identical passage of another document."""

    document: str
    edition: int | None
    passage: str


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """A hit with its citation; `highlights` are document offsets of the sentences that match best."""

    rank: int
    hit: Hit
    citation: str
    highlights: tuple[tuple[int, int], ...]
    also_in: tuple[AlsoIn, ...] = ()


def cite(document: DocumentInfo, path: Sequence[str], page: int | None = None, page_label: str | None = None) -> str:
    """Title (edition where the title does not name it, years covered, part), section path, page.

    For example: Diplomatic Bluebook 2016 (covers 2015), 3.Global Security › (4) The Oceans and Seas
    """
    remarks: list[str] = []
    if document.edition is not None and str(document.edition) not in document.title:
        remarks.append(f"edition {document.edition}")
    if document.covers is not None:
        remarks.append(f"covers {format_years(document.covers)}")
    pieces = [document.title + (f" ({', '.join(remarks)})" if remarks else "")]
    if document.part and document.part not in document.title:
        pieces.append(document.part)
    if path:
        pieces.append(" › ".join(path))
    if page_label or page:
        pieces.append(f"p. {page_label or page}")
    return ", ".join(pieces)


def format_years(span: tuple[int, int]) -> str:
    """`2015`, or `2014-2015` with an en dash."""
    first, last = span
    return str(first) if first == last else f"{first}–{last}"
