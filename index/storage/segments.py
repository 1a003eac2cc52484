"""The records of a generation are in several SQLite files (segments), oldest first, and are read as one database.

A build writes one segment, with the documents that it adds and the numbers of those that it removes, so that it costs
what it changes: for 10^6 passages, copying the whole database would cost gigabytes per added document. Counts (of
terms, of passages) are stored as changes and summed. Segments are immutable once a manifest names them; numbers of
documents, passages and rows count through all segments of a generation.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

MAX_SEGMENTS = 8
"""SQLite attaches at most ten files, and a merge needs one more than there are segments."""

_BY_DOCUMENT = {"document": "number", "content": "document", "passage": "document"}
"""Tables with a document's own records, and their column of its number; views omit removed documents."""


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
        column = _BY_DOCUMENT.get(table)
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
