"""The records of a generation lie in several SQLite files, segments, oldest first: how they are seen as one.

A build writes one segment with the documents that it adds and the numbers of older ones that it removes, so that it
costs what it changes: copying the whole database with each build cost, for 10^6 passages, gigabytes a document. Counts
(of terms, of passages) are kept as changes and summed. Segments are immutable once a manifest names them; every number
of a document, a passage or a row is of the generation, not of a segment.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

MOST_SEGMENTS = 8
"""SQLite attaches ten files at most; a merge needs one more than there are."""

_BY_DOCUMENT = {"document": "number", "content": "document", "passage": "document"}
"""Tables with a document's own records, and the column that names it: those of removed ones are left out."""


def attach(connection: sqlite3.Connection, segments: Sequence[Path]) -> list[str]:
    """Attach segments to a connection opened with `uri=True`, immutable; returns their schemas' names, oldest first."""
    names = [f"segment{number}" for number in range(len(segments))]
    for name, path in zip(names, segments, strict=True):
        connection.execute(f"ATTACH ? AS {name}", (f"{path.resolve().as_uri()}?mode=ro&immutable=1",))
    return names


def connect(path: Path) -> sqlite3.Connection:
    """A read-only connection to one segment alone; any thread may use it, one at a time."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


def define_views(connection: sqlite3.Connection, schemas: Sequence[str], prefix: str = "") -> None:
    """Temporary views over the tables of all schemas, named as these behind `prefix`.

    `document`, `content` and `passage` are without what later segments remove; `term` and `total` have a row a segment,
    to be summed by who asks (SQLite would read a whole table to sum in a view). A schema named `main` is one that
    still changes.
    """
    removing = [
        schema for schema in schemas if schema == "main" or _first(connection, f"SELECT 1 FROM {schema}.dead LIMIT 1")
    ]
    for table in tables(connection, schemas[0]):
        arms = []
        for position, schema in enumerate(schemas):
            later = [f"{one}.dead" for one in removing if one in schemas[position + 1 :]]
            column = _BY_DOCUMENT.get(table)
            conditions = [f"{column} NOT IN (SELECT document FROM {one})" for one in later] if column else []
            where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
            arms.append(f"SELECT * FROM {schema}.{table}{where}")
        connection.execute(f"CREATE TEMP VIEW {prefix}{table} AS {' UNION ALL '.join(arms)}")


def tables(connection: sqlite3.Connection, schema: str) -> list[str]:
    """The tables of a schema, without what says how far the build of a segment had come
    (`index.storage.running_checksums`).
    """
    query = f"SELECT name FROM {schema}.sqlite_master WHERE type = 'table' AND name <> 'checked' ORDER BY name"
    return [name for (name,) in connection.execute(query)]


def _first(connection: sqlite3.Connection, query: str) -> object:
    return connection.execute(query).fetchone()


def open_segments(segments: Sequence[Path]) -> sqlite3.Connection:
    """A read-only connection in which the tables of all segments are seen as one; opening writes nothing."""
    connection = sqlite3.connect("file::memory:", uri=True, check_same_thread=False)
    connection.execute("PRAGMA temp_store = MEMORY")
    define_views(connection, attach(connection, segments))
    return connection


def first_to_merge(sizes: Sequence[int], most: int) -> int | None:
    """From which position on files of these sizes (oldest first) are to be merged into one, so that `most` stay.

    None while there are no more than that. The newest go together, and with them each older one that is not at least
    twice as large as all after it: so what is once written is written again only a logarithmic number of times.
    """
    if len(sizes) <= most:
        return None
    first = len(sizes) - 2
    total = sizes[-1] + sizes[-2]
    while first > 0 and sizes[first - 1] <= 2 * total:
        first -= 1
        total += sizes[first]
    return first
