"""An edition as a list of sections, each with its own text, terms and vector: what alignment works on.

Reads the documents and stored passages of an index; nothing is embedded here. Notes, captions and tables belong to the
section that they stand in. A document's root section holds what stands outside all headings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.records import HEADED_KINDS, Document
from corpus.structure.numbering import parse_markers
from index.lexical.analysis import terms
from index.models.encoder import Vectors
from index.ranking.search import Index
from index.storage.reader import StoredPassage
from qa.editions.publication import Edition


@dataclass(frozen=True, slots=True)
class LocatedSentence:
    """A sentence (or what of it lies in one passage), and the row of its vector."""

    document: str
    passage: str
    start: int
    end: int
    text: str
    row: int


@dataclass(frozen=True, slots=True)
class Section:
    """A section of an edition.

    `position` is its place in the document's outline (None for a document's root), `parent` that of the enclosing one
    in the list of sections, `title` the heading without its number. `sentences` and `terms` are those of its own text,
    without the sections below it; `vector` is the unit mean of its own passages' vectors, None where it has no text.
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


def sections(index: Index, edition: Edition) -> list[Section]:
    """All sections of an edition in the order of its documents and their text; a parent comes before its children."""
    found: list[Section] = []
    for info in edition.documents:
        document = index.document(info.id)
        stored = index.records.passages_of_document(info.number)
        vectors = index.passage_vectors([one.row for one in stored])
        found += _of_document(document, stored, vectors, len(found))
    return found


def _of_document(document: Document, stored: Sequence[StoredPassage], vectors: Vectors, first: int) -> list[Section]:
    heads = [None, *(at for at, item in enumerate(document.outline) if item.kind in HEADED_KINDS)]
    places = {head: first + number for number, head in enumerate(heads)}
    own: dict[int | None, list[int]] = {}
    for number, one in enumerate(stored):
        own.setdefault(head_of(document, one.passage.section), []).append(number)
    found: list[Section] = []
    for head in heads:
        mine = own.get(head, [])
        item = document.outline[head] if head is not None else None
        sentences = locate_sentences([stored[number] for number in mine])
        found.append(
            Section(
                document=document.id,
                position=head,
                path=document.path(head),
                title=title_of(item.text) if item is not None else document.part or "",
                start=item.start if item is not None else 0,
                end=item.end if item is not None else len(document.text),
                parent=places[head_of(document, item.parent)] if item is not None else None,
                sentences=sentences,
                terms=tuple(terms(" ".join(one.text for one in sentences), document.language)),
                vector=_mean(vectors[mine]) if mine else None,
            )
        )
    return found


def head_of(document: Document, section: int | None) -> int | None:
    """The innermost section with a heading around an item of the outline, itself included."""
    while section is not None and document.outline[section].kind not in HEADED_KINDS:
        section = document.outline[section].parent
    return section


def locate_sentences(passages: Sequence[StoredPassage]) -> tuple[LocatedSentence, ...]:
    """The sentences of passages, in their order."""
    found: list[LocatedSentence] = []
    for one in passages:
        passage = one.passage
        for sentence, row in zip(passage.sentences, one.sentence_rows, strict=True):
            start, end = max(sentence.start, passage.start), min(sentence.end, passage.end)
            text = passage.text[start - passage.start : end - passage.start]
            found.append(LocatedSentence(passage.document, passage.id, start, end, text, row))
    return tuple(found)


def title_of(heading: str) -> str:
    """A heading without its number."""
    line = re.sub(r"^#{1,6}\s+|\s+#+\s*$", "", " ".join(heading.split("\n", maxsplit=1)[0].split()))
    read = parse_markers(line)
    return read[0].title.strip() or line if read else line


def _mean(vectors: Vectors) -> Vectors:
    mean: Vectors = vectors.mean(axis=0)
    return mean / max(float(np.linalg.norm(mean)), 1e-9)
