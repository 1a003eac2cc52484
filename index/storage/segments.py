"""The records of a generation are in several SQLite files (segments), oldest first, and are read as one database.

A build writes one segment, with the documents that it adds and the numbers of those that it removes, so that it costs
what it changes: for 10^6 passages, copying the whole database would cost gigabytes per added document. Counts (of
terms, of passages) are stored as changes and summed. Segments are immutable once a manifest names them; numbers of
documents, passages and rows count through all segments of a generation.

This module also defines their tables, and how documents and passages are serialised in them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter
from pathlib import Path
from typing import Any

from corpus.records import CellSpan, Document, PageSpan, Passage, RecognizedWord, Section

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
