"""The records of a generation in SQLite: documents, passages, where their vectors lie, and the corpus's statistics.

What the two search structures hold can be rebuilt from here. They lie in several files, seen as one
(`index.storage.segments`).
A reader opens them immutable, so that opening never writes; `index.storage.writer` writes them, before any reader
knows them.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import weakref
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.records import Document, PageSpan, Passage, Section, Sentence
from index.errors import REMEDY, IndexDamaged
from index.io_errors import reading
from index.storage import checksums
from index.storage.segments import open_segments


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """A document without its text and outline, and its number in this generation."""

    number: int
    id: str
    title: str
    series: str | None
    publisher: str | None
    edition: int | None
    covers: tuple[int, int] | None
    published: str | None
    part: str | None
    url: str | None
    language: str | None
    source: str
    sha256: str
    identity: str
    origins: Mapping[str, str]
    passages: int
    long_sentences: int
    contradictions: tuple[str, ...] = ()
    """What was declared and does not fit other values or the text."""
    furniture: int = 0
    """Lines that the file shows and that are no part of its text."""
    first: int = 0
    """The number of its first passage; the others follow one after the other."""


def group_by_edition(documents: Iterable[DocumentInfo]) -> list[list[DocumentInfo]]:
    """The documents in groups, each of those with the same series, edition and years covered; of at least one each."""
    groups: dict[object, list[DocumentInfo]] = {}
    for one in documents:
        groups.setdefault((one.series, one.edition, one.covers), []).append(one)
    return list(groups.values())


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage and where its vectors lie in this generation."""

    number: int
    document_number: int
    position: int
    passage: Passage
    terms: tuple[str, ...]
    row: int
    sentence_rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CandidatePassage:
    """What scoring a passage takes, without the passage's record."""

    number: int
    document_number: int
    start: int
    end: int
    text: str
    terms: str
    row: int
    sentence_rows: bytes


_DOCUMENTS = (
    "SELECT number, id, title, series, publisher, edition, covers_first, covers_last, published, part, url, language, "
    "source, sha256, identity, origins, passages, long_sentences, contradictions, furniture, first FROM document"
)
_PASSAGES = "SELECT number, document, position, record, terms, row, sentence_rows, start, end, text, seal FROM passage"
_BY_NUMBER = f"{_PASSAGES} WHERE number IN (SELECT value FROM json_each(?))"
_CANDIDATES = (
    "SELECT number, document, start, end, text, terms, row, sentence_rows FROM passage "
    "WHERE number IN (SELECT value FROM json_each(?)) ORDER BY number"
)
_BY_DOCUMENT = f"{_PASSAGES} WHERE document IN (SELECT value FROM json_each(?))"
_OF_PASSAGES = f"{_DOCUMENTS} WHERE number IN (SELECT value FROM json_each(?))"


class RecordReader:
    """Read access to the records of one generation; safe to share between threads.

    Everything that reads them raises IndexDamaged where they are not what was written.
    """

    def __init__(self, segments: Sequence[Path]) -> None:
        self._place = segments[0].parent if segments else Path()
        self._connection = open_segments(segments)
        # a connection refers to itself: until the garbage collector comes by, it would hold removed files open
        weakref.finalize(self, self._connection.close)
        self._lock = threading.Lock()
        self.totals: dict[str, int] = dict.fromkeys(("documents", "passages", "length", "long_sentences"), 0)
        """Counts, `rows` and `sentences` being those of the vectors in use."""
        for name, value in self._all("SELECT name, value FROM total"):
            self.totals[name] = self.totals.get(name, 0) + value
        for name, kind in (("rows", "passage"), ("sentences", "sentence")):
            self.totals[name] = self.totals.get(f"rows_{kind}", 0) - self.totals.get(f"dead_{kind}", 0)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _all(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        try:
            with self._lock:
                return self._connection.execute(query, values).fetchall()
        except sqlite3.ProgrammingError:
            raise  # no fault of the disk's
        except sqlite3.DatabaseError as error:
            raise IndexDamaged(f"the records are damaged ({error}): {REMEDY}") from error

    def documents(self) -> list[DocumentInfo]:
        """All documents, in the order of their ids."""
        rows = self._all(_DOCUMENTS)
        with reading(self._place):
            return sorted(map(_info, rows), key=lambda one: one.id)

    def sources(self) -> dict[str, str]:
        """The sha256 of each document's source, by the document's id, in the order of the ids."""
        return dict(sorted(self._all("SELECT id, sha256 FROM document")))

    def document(self, number: int) -> Document:
        """A document whole."""
        found = self._all("SELECT text, record, seal FROM content WHERE document = ?", (number,))
        if not found:
            raise IndexDamaged(f"the text of document {number} is not found: {REMEDY}")
        ((text, record, sealed),) = found
        if checksums.content_checksum(text, record) != sealed:
            raise IndexDamaged(f"the text of document {number} is not what was stored: {REMEDY}")
        return parse_document(text, record)

    def passages(self, numbers: Sequence[int]) -> list[StoredPassage]:
        """The passages of these numbers, in the order of their numbers."""
        return self._select(_BY_NUMBER, numbers)

    def candidates(self, numbers: Collection[int]) -> list[CandidatePassage]:
        """What scoring these passages takes, in the order of their numbers."""
        return [CandidatePassage(*row) for row in self._all(_CANDIDATES, (json.dumps(list(numbers)),))]

    def numbers_of_rows(self, rows: Sequence[int]) -> list[tuple[int, int]]:
        """Number and document of the passages whose vectors lie in these rows (two equal passages share one)."""
        query = "SELECT number, document FROM passage WHERE row IN (SELECT value FROM json_each(?)) ORDER BY number"
        return self._all(query, (json.dumps(list(rows)),))

    def passages_of_document(self, number: int) -> list[StoredPassage]:
        """A document's passages in text order."""
        return self._select(_BY_DOCUMENT, [number])

    def _select(self, query: str, values: Sequence[int]) -> list[StoredPassage]:
        rows = sorted(self._all(query, (json.dumps(list(values)),)), key=lambda row: (row[1], row[2]))
        # asked for apart: a join would be one of every segment with every other
        found = self._all(_OF_PASSAGES, (json.dumps(sorted({row[1] for row in rows})),))
        with reading(self._place):
            documents = {one.number: (one.id, checksums.citation_facts(one)) for one in map(_info, found)}
            return [_stored(row, *documents[row[1]]) for row in rows]

    def rows(self, first: int = 0) -> Iterator[tuple[int, int]]:
        """(passage number, row of its vector) of the passages from a number on, in any order."""
        with self._lock:
            # not "yield from", which closes the cursor of one that nobody goes on with: too late once all is closed
            for row in self._connection.execute("SELECT number, row FROM passage WHERE number >= ?", (first,)):  # noqa: UP028
                yield row

    def sentence_rows(self, block: int) -> Iterator[npt.NDArray[np.int64]]:
        """The rows of the vectors of all sentences, those of so many passages at a time: shape (found,), int64."""
        with self._lock:
            found = self._connection.execute("SELECT sentence_rows FROM passage")
            while some := found.fetchmany(block):
                yield np.frombuffer(b"".join(rows for (rows,) in some), "<i8")

    def document_frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many passages each term stands; 0 for a term that the corpus does not know."""
        query = "SELECT term, passages FROM term WHERE term IN (SELECT value FROM json_each(?))"
        known = dict.fromkeys(terms, 0)
        for term, passages in self._all(query, (json.dumps(list(terms)),)):  # a segment counts what it changes
            known[term] += passages
        return known

    def lexical_rows(self, first: int = 0) -> Iterator[tuple[int, int, str]]:
        """(passage number, document number, terms) of the passages from a number on, for the lexical index."""
        query = "SELECT number, document, terms FROM passage WHERE number >= ? ORDER BY number"
        with self._lock:
            for row in self._connection.execute(query, (first,)):  # noqa: UP028 - see above
                yield row

    def spans(self) -> list[tuple[int, int, int]]:
        """(document number, number of its first passage, how many there are) of all documents, by first passage."""
        return self._all("SELECT number, first, passages FROM document ORDER BY first, number")

    def last_number(self) -> int:
        """The highest passage number; 0 where there is none."""
        return int(self._all("SELECT coalesce(max(number), 0) FROM passage")[0][0])


def parse_document(text: str, record: str) -> Document:
    """A document from its stored text and record."""
    fields = json.loads(record)
    fields["outline"] = tuple(Section(*values) for values in fields["outline"])
    fields["pages"] = tuple(PageSpan(*values) for values in fields["pages"])
    fields["covers"] = tuple(fields["covers"]) if fields["covers"] else None
    fields["furniture"] = tuple(fields.get("furniture", ()))
    return Document(text=text, **fields)


@lru_cache(maxsize=4096)
def _parsed(written: str) -> Any:
    """Origins and contradictions, which are the same for most documents; not to be changed."""
    return json.loads(written)


def _info(row: tuple[Any, ...]) -> DocumentInfo:
    number, identifier, title, series, publisher, edition, first_year, last_year, *facts, first = row
    published, part, url, language, source, sha256, identity, origins, passages, long_sentences, checks, lines = facts
    return DocumentInfo(
        number,
        identifier,
        title,
        series,
        publisher,
        edition,
        None if first_year is None else (first_year, last_year),
        published,
        part,
        url,
        language,
        source,
        sha256,
        identity,
        _parsed(origins),
        passages,
        long_sentences,
        tuple(_parsed(checks)),
        lines,
        first,
    )


def _stored(row: Any, identifier: str, cited: bytes) -> StoredPassage:
    number, document, position, record, terms, vector_row, sentence_rows, start, end, text, sealed = row
    if checksums.passage_checksum(cited, start, end, text, record) != sealed:
        raise IndexDamaged(f"passage {identifier}@{start}-{end} is not what was stored: {REMEDY}")
    fields = json.loads(record)
    passage = Passage(
        document=identifier,
        section=fields["section"],
        kind=fields["kind"],
        path=tuple(fields["path"]),
        prefix=fields["prefix"],
        text=text,
        start=start,
        end=end,
        sentences=tuple(Sentence(*span) for span in fields["sentences"]),
        page=fields["page"],
        page_label=fields["page_label"],
    )
    rows = tuple(int(one) for one in np.frombuffer(sentence_rows, "<i8"))
    return StoredPassage(
        number, document, position, passage, tuple(terms.split(" ")) if terms else (), vector_row, rows
    )
