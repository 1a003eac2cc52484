"""Read the records of a generation from SQLite: documents, passages, rows of their vectors, and corpus statistics.

Everything that the two search structures hold can be rebuilt from these records. They are in several files that are
read as one (`index.storage.segments`), opened immutable, so that opening never writes.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import weakref
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.metadata.series import SeriesName, group_series, is_generic
from corpus.records import (
    NO_EVIDENCE,
    CellSpan,
    Document,
    PageSpan,
    Passage,
    RecognizedWord,
    Section,
    Sentence,
    TableShape,
)
from corpus.translation import gettext as _
from index.errors import REMEDY, IndexDamaged, reading
from index.storage import segments
from index.storage.segments import EVIDENCE, open_segments


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
    passage_count: int
    long_sentences: int
    contradictions: tuple[str, ...] = ()
    """Declared facts that disagree with others or with the text, one sentence each."""
    furniture: int = 0
    """Lines of the file that are excluded from its text."""
    first_passage: int = 0
    """Number of its first passage; its passages have consecutive numbers."""
    evidence: Mapping[str, str] = field(default_factory=lambda: NO_EVIDENCE)
    """The source that each inferred value was inferred from."""

    @property
    def years(self) -> tuple[int, int] | None:
        """The first and last year it covers; its edition where these are unknown, None where both are."""
        return self.covers or (None if self.edition is None else (self.edition, self.edition))


def group_by_edition(documents: Iterable[DocumentInfo]) -> list[list[DocumentInfo]]:
    """Group documents with the same series, edition and years covered."""
    groups: dict[object, list[DocumentInfo]] = {}
    for document in documents:
        groups.setdefault((document.series, document.edition, document.covers), []).append(document)
    return list(groups.values())


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage and the rows of its vectors in this generation."""

    number: int
    document_number: int
    position: int
    passage: Passage
    terms: tuple[str, ...]
    row: int
    sentence_rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CandidatePassage:
    """The columns of a passage that scoring reads."""

    number: int
    document_number: int
    start: int
    end: int
    text: str
    terms: str
    row: int
    sentence_rows: bytes
    header: str
    """Caption and header of the table whose rows it holds; empty for other passages."""


_PLAIN_SECTION = len(Section.__slots__) - 1
"""Values of an item of an outline that is no table with a declared shape."""

_COLUMNS = (
    *("number", "id", "title", "series", "publisher", "edition", "covers_first", "covers_last", "published", "part"),
    *("url", "language", "source", "sha256", "identity", "origins", "passages", "long_sentences", "contradictions"),
    *("furniture", "first"),
)
_DOCUMENTS = f"SELECT {', '.join(_COLUMNS)} FROM document"
_PASSAGES = "SELECT number, document, position, record, terms, row, sentence_rows, start, end, text, seal FROM passage"
_BY_NUMBER = f"{_PASSAGES} WHERE number IN (SELECT value FROM json_each(?))"
_CANDIDATES = (
    "SELECT number, document, start, end, text, terms, row, sentence_rows, "
    "coalesce(json_extract(record, '$.header'), '') FROM passage "
    "WHERE number IN (SELECT value FROM json_each(?)) ORDER BY number"
)
_BY_DOCUMENT = f"{_PASSAGES} WHERE document IN (SELECT value FROM json_each(?))"
_OF_PASSAGES = f"{_DOCUMENTS} WHERE number IN (SELECT value FROM json_each(?))"


class RecordReader:
    """Reads the records of one generation; safe to share between threads.

    All methods raise IndexDamaged if the records differ from what was written.
    """

    def __init__(self, segments: Sequence[Path]) -> None:
        self._place = segments[0].parent if segments else Path()
        self._connection = open_segments(segments)
        # a connection is part of a reference cycle, and would hold removed files open until garbage collection
        weakref.finalize(self, self._connection.close)
        self._lock = threading.Lock()
        self.totals: dict[str, int] = dict.fromkeys(("documents", "passages", "length", "long_sentences"), 0)
        """Counts by name; `rows` and `sentences` count the vectors in use."""
        for name, value in self._all("SELECT name, value FROM total"):
            self.totals[name] = self.totals.get(name, 0) + value
        for name, kind in (("rows", "passage"), ("sentences", "sentence")):
            self.totals[name] = self.totals.get(f"rows_{kind}", 0) - self.totals.get(f"dead_{kind}", 0)

    def close(self) -> None:
        """Close the files."""
        self._connection.close()

    def _all(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        try:
            with self._lock:
                return self._connection.execute(query, values).fetchall()
        except sqlite3.ProgrammingError:
            raise  # misuse, not damage
        except sqlite3.DatabaseError as error:
            raise IndexDamaged(
                _("the records are damaged (%(error)s): %(remedy)s", error=error, remedy=_(REMEDY))
            ) from error

    def documents(self) -> list[DocumentInfo]:
        """Return all documents, sorted by id."""
        rows = self._all(_DOCUMENTS)
        with reading(self._place):
            return unify_series(sorted(map(_info, rows), key=lambda document: document.id))

    def sources(self) -> dict[str, str]:
        """Return the sha256 of each document's source by id, sorted by id."""
        return dict(sorted(self._all("SELECT id, sha256 FROM document")))

    def document(self, number: int) -> Document:
        """Return a whole document, by its number."""
        rows = self._all("SELECT text, record, seal FROM content WHERE document = ?", (number,))
        if not rows:
            raise IndexDamaged(
                _("the text of document %(number)s is missing: %(remedy)s", number=number, remedy=_(REMEDY))
            )
        ((text, record, checksum),) = rows
        if segments.content_checksum(text, record) != checksum:
            raise IndexDamaged(
                _(
                    "the text of document %(number)s differs from what was stored: %(remedy)s",
                    number=number,
                    remedy=_(REMEDY),
                )
            )
        return parse_document(text, record)

    def warnings(self) -> dict[str, list[str]]:
        """Return the warnings of the documents that have some, by id."""
        records = dict(self._all('SELECT document, record FROM content WHERE record LIKE \'%"warnings": ["%\''))
        with reading(self._place):
            warnings_of = {number: json.loads(record)["warnings"] for number, record in records.items()}
        return {
            document.id: warnings_of[document.number] for document in self.documents() if document.number in warnings_of
        }

    def passages(self, numbers: Sequence[int]) -> list[StoredPassage]:
        """Return the passages with these numbers, sorted by number."""
        return self._select(_BY_NUMBER, numbers)

    def candidates(self, numbers: Collection[int]) -> list[CandidatePassage]:
        """Return the columns of these passages that scoring reads, sorted by number."""
        return [CandidatePassage(*row) for row in self._all(_CANDIDATES, (json.dumps(list(numbers)),))]

    def numbers_of_rows(self, rows: Sequence[int]) -> list[tuple[int, int]]:
        """Return (number, document number) of the passages with these rows; equal passages share a row."""
        query = "SELECT number, document FROM passage WHERE row IN (SELECT value FROM json_each(?)) ORDER BY number"
        return self._all(query, (json.dumps(list(rows)),))

    def passages_of_document(self, number: int) -> list[StoredPassage]:
        """Return a document's passages in text order."""
        return self._select(_BY_DOCUMENT, [number])

    def _select(self, query: str, values: Sequence[int]) -> list[StoredPassage]:
        rows = sorted(self._all(query, (json.dumps(list(values)),)), key=lambda row: (row[1], row[2]))
        # a second query, since a join would join every segment with every other
        cited = self._all(_OF_PASSAGES, (json.dumps(sorted({row[1] for row in rows})),))
        with reading(self._place):
            documents = {info.number: (info.id, segments.citation_facts(info)) for info in map(_info, cited)}
            return [_stored(row, *documents[row[1]]) for row in rows]

    def rows(self, first: int = 0) -> Iterator[tuple[int, int]]:
        """Yield (passage number, row of its vector) of the passages from a number on, in any order."""
        with self._lock:
            # "yield from" would close the cursor of an abandoned generator, which fails after the connection was closed
            for row in self._connection.execute("SELECT number, row FROM passage WHERE number >= ?", (first,)):  # noqa: UP028
                yield row

    def sentence_rows(self, block: int) -> Iterator[npt.NDArray[np.int64]]:
        """Yield the rows of all sentences' vectors, of `block` passages at a time: shape (sentences,), int64."""
        with self._lock:
            cursor = self._connection.execute("SELECT sentence_rows FROM passage")
            while batch := cursor.fetchmany(block):
                yield np.frombuffer(b"".join(rows for (rows,) in batch), "<i8")

    def document_frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """Return the number of passages that contain each term; 0 for an unknown term."""
        query = "SELECT term, passages FROM term WHERE term IN (SELECT value FROM json_each(?))"
        known = dict.fromkeys(terms, 0)
        for term, passages in self._all(query, (json.dumps(list(terms)),)):  # each segment stores changes
            known[term] += passages
        return known

    def compounds(self, stems: Sequence[str]) -> dict[str, str]:
        """Return the terms made of a stem of four letters or more and another term (rail, railroad), with the stem."""
        query = (
            "SELECT DISTINCT whole.term FROM term AS whole JOIN term AS rest ON rest.term = substr(whole.term, ?) "
            "WHERE whole.term > ? AND whole.term < ? AND length(rest.term) > 2"
        )
        return {
            term: stem
            for stem in stems
            if len(stem) >= 4
            for (term,) in self._all(query, (len(stem) + 1, stem, f"{stem}\U0010ffff"))
        }

    def lexical_rows(self, first: int = 0) -> Iterator[tuple[int, int, str]]:
        """Yield (passage number, document number, terms) of the passages from a number on, for the lexical index."""
        query = "SELECT number, document, terms FROM passage WHERE number >= ? ORDER BY number"
        with self._lock:
            for row in self._connection.execute(query, (first,)):  # noqa: UP028 - see above
                yield row

    def spans(self) -> list[tuple[int, int, int]]:
        """Return (document number, number of its first passage, count of passages), sorted by first passage."""
        return self._all("SELECT number, first, passages FROM document ORDER BY first, number")

    def last_number(self) -> int:
        """Return the highest passage number; 0 if there is none."""
        return int(self._all("SELECT coalesce(max(number), 0) FROM passage")[0][0])


def parse_document(text: str, record: str) -> Document:
    """Return a document from its stored text and record."""
    fields = json.loads(record)
    fields["outline"] = tuple(map(_section, fields["outline"]))
    fields["pages"] = tuple(PageSpan(*values) for values in fields["pages"])
    fields["cells"] = tuple(CellSpan(*values) for values in fields.get("cells", ()))
    fields["recognized"] = tuple(RecognizedWord(*values) for values in fields.get("recognized", ()))
    fields["covers"] = tuple(fields["covers"]) if fields["covers"] else None
    for name in ("furniture", "warnings"):
        fields[name] = tuple(fields.get(name, ()))
    return Document(text=text, **fields)


def _section(values: list[Any]) -> Section:
    """Return an item of an outline; a table's shape follows the other values."""
    if len(values) <= _PLAIN_SECTION:
        return Section(*values)
    return replace(Section(*values[:-1]), table=TableShape.from_json(values[-1]))


@lru_cache(maxsize=4096)
def _parse_json(written: str) -> Any:
    """Parse origins or contradictions, which are equal for most documents; the result must not be modified."""
    return json.loads(written)


@lru_cache(maxsize=4096)
def _parse_origins(written: str) -> tuple[dict[str, str], dict[str, str]]:
    origins = json.loads(written)
    return origins, origins.pop(EVIDENCE, {})


def unify_series(documents: Sequence[DocumentInfo]) -> list[DocumentInfo]:
    """Return documents with one name for each series, and with its publisher where only other editions name it.

    Of the names of a series (`corpus.metadata.series.group_series`) one in small letters is used, and of these the one
    that most documents have, then one with a colon. An inferred title in capitals gets the letters of that name: "PORT
    OF ELM: ANNUAL REPORT 2015" is shown as "Port of Elm: Annual Report 2015".
    """
    named: dict[str, list[DocumentInfo]] = defaultdict(list)
    for document in documents:
        if document.series is not None:
            named[document.series].append(document)
    names: dict[str, str] = {}
    publishers: dict[str, set[str]] = {}
    for group in group_series([_series_name(name, of_series) for name, of_series in named.items()]):
        name = max(
            (each.name for each in group), key=lambda name: (not name.isupper(), len(named[name]), ":" in name, name)
        )
        names.update((each.name, name) for each in group)
        publishers[name] = {publisher for each in group for publisher in each.publishers}
    return [
        document
        if document.series is None
        else _with_series(document, names[document.series], publishers[names[document.series]])
        for document in documents
    ]


def _series_name(name: str, documents: Sequence[DocumentInfo]) -> SeriesName:
    return SeriesName(
        name,
        frozenset(document.edition for document in documents if document.edition is not None),
        frozenset(document.publisher for document in documents if document.publisher is not None),
        any(document.origins.get("series") == "catalogue" for document in documents),
    )


def _with_series(document: DocumentInfo, series: str, publishers: Collection[str]) -> DocumentInfo:
    """Return a document with this name of its series and its only publisher, the former also in a title in capitals."""
    title = document.title
    start = title.casefold().find(series.casefold())
    has_name = start >= 0 and len(title.casefold()) == len(title) and len(series.casefold()) == len(series)
    if has_name and title.isupper() and not series.isupper() and document.origins.get("title") == "inferred":
        title = title[:start] + series + title[start + len(series) :]
    if document.publisher is None and len(publishers) == 1 and not is_generic(series):
        document = replace(
            document,
            publisher=next(iter(publishers)),
            origins={**document.origins, "publisher": "inferred"},
            evidence={**document.evidence, "publisher": "other editions"},
        )
    if (document.series, document.title) == (series, title):
        return document
    return replace(document, series=series, title=title)


def _info(row: tuple[Any, ...]) -> DocumentInfo:
    values = dict(zip(_COLUMNS, row, strict=True))
    covers = values.pop("covers_first"), values.pop("covers_last")
    values["covers"] = None if covers[0] is None else covers
    values["origins"], values["evidence"] = _parse_origins(values["origins"])
    values["first_passage"], values["passage_count"] = values.pop("first"), values.pop("passages")
    values["contradictions"] = tuple(_parse_json(values["contradictions"]))
    return DocumentInfo(**values)


def _stored(row: Any, identifier: str, cited: bytes) -> StoredPassage:
    number, document, position, record, terms, vector_row, sentence_rows, start, end, text, checksum = row
    if segments.passage_checksum(cited, start, end, text, record) != checksum:
        raise IndexDamaged(
            _(
                "passage %(identifier)s@%(start)s-%(end)s differs from what was stored: %(remedy)s",
                identifier=identifier,
                start=start,
                end=end,
                remedy=_(REMEDY),
            )
        )
    fields = json.loads(record)
    fields["path"] = tuple(fields["path"])
    fields["sentences"] = tuple(Sentence(*span) for span in fields["sentences"])
    passage = Passage(document=identifier, text=text, start=start, end=end, **fields)
    rows = tuple(np.frombuffer(sentence_rows, "<i8").tolist())
    return StoredPassage(
        number, document, position, passage, tuple(terms.split(" ")) if terms else (), vector_row, rows
    )
