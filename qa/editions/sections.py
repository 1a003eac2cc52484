"""Group documents into editions, and represent an edition as sections: the input of alignment.

An edition consists of the documents of one series and year. Each of its sections has its own sentences, terms and
vector. Vectors come from the index; nothing is embedded here. Notes, captions and tables belong to the section around
them. The root section of a document contains the text outside all headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from corpus.records import HEADED_KINDS, Document
from corpus.structure.lines import contents_entries
from corpus.structure.numbering import parse_markers
from index.lexical.analysis import terms
from index.models.encoder import Vectors
from index.ranking.search import Index
from index.storage.reader import DocumentInfo, StoredPassage
from qa.editions.figures.quantities import is_table_row

SectionKey: TypeAlias = tuple[str, int | None]
"""A section: its document, and its position in the outline, None for the text outside all headings."""


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


@dataclass(frozen=True, slots=True)
class LocatedSentence:
    """A sentence, or the part of it inside one passage, with document offsets and the row of its vector."""

    document: str
    passage: str
    start: int
    end: int
    text: str
    row: int
    header: str = ""
    """Caption and header in front of a table row, which may state a scale; empty for a sentence."""
    wording: str = ""
    """A table row in words, with the labels of its group and of cells merged downwards; empty for a sentence."""


@dataclass(frozen=True, slots=True)
class EditionSection:
    """A section of an edition.

    `position` is its index in the document's outline (None for the root), `parent` the index of its parent in the list
    of sections, `title` the heading without its number. `sentences` and `terms` exclude subsections; `vector` is the
    normalised mean of its passages' vectors, None if it has no text.
    """

    document: str
    position: int | None
    path: tuple[str, ...]
    title: str
    start: int
    end: int
    parent: int | None
    sentences: tuple[LocatedSentence, ...]
    terms: tuple[str, ...]
    vector: Vectors | None


def sections(index: Index, edition: Edition) -> list[EditionSection]:
    """Return all sections of an edition in text order; parents precede their children."""
    edition_sections: list[EditionSection] = []
    for info in edition.documents:
        document = index.document(info.id)
        stored = index.records.passages_of_document(info.number)
        vectors = index.passage_vectors([passage.row for passage in stored])
        edition_sections += _document_sections(document, stored, vectors, len(edition_sections))
    return edition_sections


def section_keys(index: Index, edition: Edition) -> list[SectionKey]:
    """Return the keys of the sections of an edition, in the order of `sections`."""
    return [(info.id, at) for info in edition.documents for at in _section_positions(index.document(info.id))]


def section_key(document: Document, stored: StoredPassage) -> SectionKey:
    """Return the key of the section of a passage."""
    return document.id, document.heading_of(stored.passage.section)


def _section_positions(document: Document) -> list[int | None]:
    """Return the outline positions of the sections of a document."""
    return [None, *(at for at, item in enumerate(document.outline) if item.kind in HEADED_KINDS)]


def _document_sections(
    document: Document, stored: Sequence[StoredPassage], vectors: Vectors, first: int
) -> list[EditionSection]:
    positions = _section_positions(document)
    numbers = {position: first + number for number, position in enumerate(positions)}
    members: dict[int | None, list[int]] = {}
    for number, passage in enumerate(stored):
        members.setdefault(document.heading_of(passage.passage.section), []).append(number)
    result: list[EditionSection] = []
    for position in positions:
        of_section = members.get(position, [])
        item = document.outline[position] if position is not None else None
        sentences = locate_sentences([stored[number] for number in of_section])
        result.append(
            EditionSection(
                document=document.id,
                position=position,
                path=document.path(position),
                title=title_of(item.text) if item is not None else document.part or "",
                start=item.start if item is not None else 0,
                end=item.end if item is not None else len(document.text),
                parent=numbers[document.heading_of(item.parent)] if item is not None else None,
                sentences=sentences,
                terms=tuple(terms(" ".join(sentence.text for sentence in sentences), document.language)),
                vector=_mean(vectors[of_section]) if of_section else None,
            )
        )
    return result


def locate_sentences(passages: Sequence[StoredPassage]) -> tuple[LocatedSentence, ...]:
    """Return the sentences of passages in order, clipped to the passage, without the entries of contents.

    The page of a section is no figure that moved.
    """
    located: list[LocatedSentence] = []
    for stored in passages:
        passage = stored.passage
        contents = contents_entries(passage.text)
        for sentence, row in zip(passage.sentences, stored.sentence_rows, strict=True):
            (start, end), text = passage.span_of(sentence), passage.text_of(sentence)
            if any(text in entry for entry in contents):
                continue
            header = (passage.header or passage.prefix) if sentence.wording or is_table_row(text) else ""
            located.append(
                LocatedSentence(passage.document, passage.id, start, end, text, row, header, sentence.wording)
            )
    return tuple(located)


def title_of(heading: str) -> str:
    """Return a heading without its number and Markdown marks."""
    line = re.sub(r"^#{1,6}\s+|\s+#+\s*$", "", " ".join(heading.split("\n", maxsplit=1)[0].split()))
    read = parse_markers(line)
    return read[0].title.strip() or line if read else line


def _mean(vectors: Vectors) -> Vectors:
    mean: Vectors = vectors.mean(axis=0)
    return mean / max(float(np.linalg.norm(mean)), 1e-9)


def _sort_parts(documents: Sequence[DocumentInfo]) -> tuple[DocumentInfo, ...]:
    return tuple(sorted(documents, key=lambda document: (_part_key(document.part or document.title), document.id)))


def _part_key(part: str) -> tuple[tuple[int, int, str], ...]:
    """Sort numbers by value: Chapter 10 after Chapter 9."""
    pieces = re.findall(r"\d+|\D+", part.casefold())
    return tuple((0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces)
