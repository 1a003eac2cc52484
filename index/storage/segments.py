"""The records of a generation are in several SQLite files (segments), oldest first, and are read as one database.

A build writes one segment, with the documents that it adds and the numbers of those that it removes, so that it costs
what it changes: for 10^6 passages, copying the whole database would cost gigabytes per added document. Counts (of
terms, of passages) are stored as changes and summed. Segments are immutable once a manifest names them; numbers of
documents, passages and rows count through all segments of a generation.

This module also defines their tables, and how documents and passages are serialised in them.

Each passage is checksummed with the facts of its citation, which is verified whenever it is read, since opening an
index verifies the sha256 of small files only. A byte that changed on disk in a passage, its section path or its
document's title, edition or years is detected before the passage is shown. The checksums protect against damage, not
against tampering.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.records import CellSpan, Document, PageSpan, Passage, RecognizedWord, Section
from index import layout

if TYPE_CHECKING:
    from hashlib import _Hash


MAX_SEGMENTS = 8
"""SQLite attaches at most ten files, and a merge needs one more than there are segments."""

DOCUMENT_TABLES = {"document": "number", "content": "document", "passage": "document"}
"""Tables with a document's own records, and their column of its number; views omit removed documents."""

SCHEMA = """
CREATE TABLE document (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    identity TEXT NOT NULL, source TEXT NOT NULL, sha256 TEXT NOT NULL,
    title TEXT NOT NULL, series TEXT, publisher TEXT, edition INTEGER, covers_first INTEGER, covers_last INTEGER,
    published TEXT, part TEXT, url TEXT, language TEXT,
    origins TEXT NOT NULL, contradictions TEXT NOT NULL,
    furniture INTEGER NOT NULL, long_sentences INTEGER NOT NULL,
    first INTEGER NOT NULL, passages INTEGER NOT NULL
);
CREATE TABLE content (
    document INTEGER PRIMARY KEY REFERENCES document (number), text TEXT NOT NULL, record TEXT NOT NULL,
    seal BLOB NOT NULL
);
CREATE TABLE passage (
    number INTEGER PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES document (number),
    position INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    text TEXT NOT NULL,
    record TEXT NOT NULL,
    terms TEXT NOT NULL,
    length INTEGER NOT NULL,
    row INTEGER NOT NULL,
    sentence_rows BLOB NOT NULL,
    seal BLOB NOT NULL
);
CREATE INDEX passage_document ON passage (document, position);
CREATE INDEX passage_row ON passage (row);
CREATE TABLE vector (
    kind TEXT NOT NULL, digest BLOB NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (kind, digest)
) WITHOUT ROWID;
CREATE TABLE uses (
    kind TEXT NOT NULL, row INTEGER NOT NULL, change INTEGER NOT NULL, PRIMARY KEY (kind, row)
) WITHOUT ROWID;
CREATE TABLE dead (document INTEGER PRIMARY KEY);
CREATE TABLE term (term TEXT PRIMARY KEY, passages INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE total (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
"""

EVIDENCE = "evidence"
"""Key beside the fields in the column `origins`: the schema of older indexes has no column for it."""

_COLUMNS = ("id", "source", "sha256", "title", "series", "publisher", "edition", "published", "part", "url", "language")
_SECTION, _PAGE_SPAN, _CELL_SPAN, _RECOGNIZED = (
    attrgetter(*(field.name for field in fields(kind) if field.name != "table"))
    for kind in (Section, PageSpan, CellSpan, RecognizedWord)
)


def attach(connection: sqlite3.Connection, segments: Sequence[Path]) -> list[str]:
    """Attach segments, immutable, to a connection opened with `uri=True`; return their schemas, oldest first."""
    names = [f"segment{number}" for number in range(len(segments))]
    for name, path in zip(names, segments, strict=True):
        connection.execute(f"ATTACH ? AS {name}", (f"{path.resolve().as_uri()}?mode=ro&immutable=1",))
    return names


def connect(path: Path) -> sqlite3.Connection:
    """Open one segment alone, read-only; any thread may use the connection, one at a time."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


def define_views(connection: sqlite3.Connection, schemas: Sequence[str], prefix: str = "") -> None:
    """Create temporary views over the tables of all schemas, named like the tables with a prefix.

    `document`, `content` and `passage` exclude what later segments remove. `term` and `total` have one row per segment,
    for the caller to sum (in a view, SQLite would read the whole table). A schema named `main` is still being written.
    """
    removing = [
        schema
        for schema in schemas
        if schema == "main" or connection.execute(f"SELECT 1 FROM {schema}.dead LIMIT 1").fetchone()
    ]
    for table in tables(connection, schemas[0]):
        column = DOCUMENT_TABLES.get(table)
        selects = []
        for position, schema in enumerate(schemas):
            later = [other for other in removing if other in schemas[position + 1 :]] if column else []
            conditions = [f"{column} NOT IN (SELECT document FROM {other}.dead)" for other in later]
            where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
            selects.append(f"SELECT * FROM {schema}.{table}{where}")
        connection.execute(f"CREATE TEMP VIEW {prefix}{table} AS {' UNION ALL '.join(selects)}")


def tables(connection: sqlite3.Connection, schema: str) -> list[str]:
    """Return the tables of a schema, except the running checksums of an unfinished segment."""
    query = f"SELECT name FROM {schema}.sqlite_master WHERE type = 'table' AND name <> 'checked' ORDER BY name"
    return [name for (name,) in connection.execute(query)]


def open_segments(segments: Sequence[Path]) -> sqlite3.Connection:
    """Return a read-only connection that shows the tables of all segments as one; opening writes nothing."""
    connection = sqlite3.connect("file::memory:", uri=True, check_same_thread=False)
    connection.execute("PRAGMA temp_store = MEMORY")
    define_views(connection, attach(connection, segments))
    return connection


def first_to_merge(sizes: Sequence[int], max_files: int) -> int | None:
    """Choose which files to merge into one so that at most `max_files` remain: all from the returned position on.

    The newest files are merged, together with each older one that is not more than twice as large as all after it, so
    that a record is rewritten only a logarithmic number of times.

    Args:
        sizes: Sizes of the files, oldest first.
        max_files: Number of files up to which nothing is merged.

    Returns:
        The position of the first file to merge; None if nothing is to be merged.
    """
    if len(sizes) <= max_files:
        return None
    first = len(sizes) - 2
    total = sizes[-1] + sizes[-2]
    while first > 0 and sizes[first - 1] <= 2 * total:
        first -= 1
        total += sizes[first]
    return first


def facts_of(document: Document) -> dict[str, Any]:
    """Return the columns of a document that opening an index reads; none grows with the document's length."""
    covers = document.covers or (None, None)
    return {name: getattr(document, name) for name in _COLUMNS} | {
        "covers_first": covers[0],
        "covers_last": covers[1],
        "origins": json.dumps(
            {**document.origins, **({EVIDENCE: dict(document.evidence)} if document.evidence else {})}
        ),
        "furniture": len(document.furniture),
    }


def dump_document(document: Document) -> str:
    """Serialise the fields that are read only with a whole document, except its text."""
    record = {
        name: getattr(document, name)
        for name in document.__slots__
        if name not in ("text", "outline", "origins", "evidence")
    }
    record["origins"] = dict(document.origins)
    record |= {"evidence": dict(document.evidence)} if document.evidence else {}
    record["outline"] = [[*_SECTION(section), *_shape(section)] for section in document.outline]
    record["pages"] = [_PAGE_SPAN(span) for span in document.pages]
    record["cells"] = [_CELL_SPAN(span) for span in document.cells]
    record["recognized"] = [_RECOGNIZED(word) for word in document.recognized]
    return json.dumps(record, ensure_ascii=False)


def _shape(section: Section) -> list[Any]:
    """Return the shape of a table as the last item of its record; nothing for other sections."""
    shape = section.table
    return [] if shape is None else [[shape.rows, shape.header_rows, shape.merged]]


def dump_passage(passage: Passage) -> str:
    """Serialise the fields of a passage that are read only when it is shown."""
    names = ("section", "kind", "path", "prefix", "sentences", "page", "page_label")
    record = {name: getattr(passage, name) for name in names}
    record["sentences"] = [
        [
            sentence.start,
            sentence.end,
            *([sentence.wording] if sentence.wording or sentence.cells else []),
            *([sentence.cells] if sentence.cells else []),
        ]
        for sentence in passage.sentences
    ]
    record |= {name: value for name in ("header", "cells") if (value := getattr(passage, name))}
    if passage.ocr_confidence is not None:
        record["ocr_confidence"] = passage.ocr_confidence
    return json.dumps(record, ensure_ascii=False)


SIZE = 16
"""Bytes of a checksum (BLAKE2b)."""

_GROWING = {**DOCUMENT_TABLES, "passage": "number"}
"""Tables whose rows are only appended, with the column that orders them."""

_CHANGING = {"dead": "document", "term": "term", "total": "name", "uses": "kind, row"}
"""All other tables except `vector`, with the columns that order them: counts, of which hashing 10^6 takes 0.8 s."""

_BEFORE_YEARS = attrgetter("id", "title", "series", "publisher", "edition")
_AFTER_YEARS = attrgetter("published", "part", "url", "language")


def citation_facts(document: Any) -> bytes:
    """Serialise what citations of a document (a `Document` or `DocumentInfo`) state, for its passages' checksums."""
    covers = None if document.covers is None else list(document.covers)
    facts = [*_BEFORE_YEARS(document), covers, *_AFTER_YEARS(document)]
    return json.dumps(facts, ensure_ascii=False).encode("utf-8", "surrogatepass")


def passage_checksum(facts: bytes, start: int, end: int, text: str, record: str) -> bytes:
    """Return the checksum of a passage: its document's facts, its span, its text and its stored record."""
    digest = hashlib.blake2b(facts, digest_size=SIZE)
    for part in (str(start), str(end), text, record):
        digest.update(b"\0")
        digest.update(part.encode("utf-8", "surrogatepass"))
    return digest.digest()


def content_checksum(text: str, record: str) -> bytes:
    """Return the checksum of a document's whole text and of its record."""
    return passage_checksum(b"", 0, len(text), text, record)


class RunningChecksums:
    """Running checksums of an unfinished segment: the schema `main` of a connection.

    A resumed build must not continue from corrupt data. The manifest has the checksum of each finished file; that of an
    interrupted build has none, and would get one that hides its damage. Therefore the segment stores its own checksums,
    in the same transaction as the contents that they cover. Tables that only grow are hashed incrementally from
    checkpoint to checkpoint, all others from the start.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._vectors: dict[str, _Hash] = {kind: hashlib.sha256() for kind in layout.VECTOR_KINDS}
        for kind in self._vectors:
            query = "SELECT digest, row FROM main.vector WHERE kind = ? ORDER BY row"
            self.add_vectors(kind, connection.execute(query, (kind,)))
        self.reset()

    def reset(self) -> None:
        """Hash the growing tables from the start, since documents were removed from them."""
        self._growing: dict[str, tuple[_Hash, int]] = {table: (hashlib.sha256(), -1) for table in _GROWING}

    def add_vectors(self, kind: str, rows: Iterable[tuple[bytes, int]]) -> None:
        """Add new rows of the table `vector`: (digest of the embedded text, row), by ascending row."""
        for row in rows:
            _update(self._vectors[kind], row)

    def current(self) -> dict[str, str]:
        """Return the sha256 of each part of the segment."""
        checksums = {f"vector {kind}": digest.hexdigest() for kind, digest in self._vectors.items()}
        for table, column in _GROWING.items():
            digest, last = self._growing[table]
            query = f"SELECT {column}, * FROM main.{table} WHERE {column} > ? ORDER BY {column}"
            for row in self._connection.execute(query, (last,)):
                last = row[0]
                _update(digest, row)
            self._growing[table] = digest, last
            checksums[table] = digest.hexdigest()
        changing = {table: f"SELECT * FROM main.{table} ORDER BY {columns}" for table, columns in _CHANGING.items()}
        changing["schema"] = "SELECT type, name, tbl_name, sql FROM main.sqlite_master ORDER BY name"
        for table, query in changing.items():
            digest = hashlib.sha256()
            for row in self._connection.execute(query):
                _update(digest, row)
            checksums[table] = digest.hexdigest()
        return checksums

    def write(self, of_vectors: Mapping[str, str]) -> None:
        """Store the checksums, with those of the vector files by folder, in the open transaction."""
        run = self._connection.execute
        run("CREATE TABLE IF NOT EXISTS main.checked (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL) WITHOUT ROWID")
        run("DELETE FROM main.checked")
        checksums = {**self.current(), **of_vectors}
        self._connection.executemany("INSERT INTO main.checked VALUES (?, ?)", checksums.items())


def read_stored(connection: sqlite3.Connection) -> dict[str, str]:
    """Return the checksums stored in a segment. Raises sqlite3.DatabaseError if there are none."""
    return dict(connection.execute("SELECT name, sha256 FROM main.checked"))


def _update(digest: _Hash, row: tuple[Any, ...]) -> None:
    digest.update(repr(row).encode())
