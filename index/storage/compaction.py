"""Segments into one, and vectors without dead rows: the upkeep that keeps an index as good as one built fresh.

Written to new files beside the old ones, so that an interruption loses none. Numbers of documents and passages stay;
the rows of vectors move only where dead ones are dropped, each by the number of dead ones before it.
"""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from index.storage import segments
from index.storage.tables import SCHEMA
from index.storage.writer import KINDS

Dead = Mapping[str, "array[int]"]
"""Rows that nobody uses, sorted, of the kinds of vectors that are to be rid of them."""


def dead_rows(paths: Sequence[Path], kind: str) -> array[int]:
    """Rows of a kind that no passage uses, sorted; `paths` are all segments of a generation."""
    connection = segments.open_segments(paths)
    try:
        query = "SELECT row FROM uses WHERE kind = ? GROUP BY row HAVING 1 + sum(change) <= 0 ORDER BY row"
        return array("q", (row for (row,) in connection.execute(query, (kind,))))
    finally:
        connection.close()


def merge_segments(target: Path, paths: Sequence[Path], dead: Dead | None = None) -> None:
    """Write the newest segments of a generation (oldest first) as one; `dead` only where these are all of them."""
    target.unlink(missing_ok=True)
    connection = sqlite3.connect(target.resolve().as_uri(), uri=True, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = OFF")  # no one's until a manifest names it, and synced before
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(SCHEMA)
        schemas = segments.attach(connection, paths)
        segments.define_views(connection, schemas, "old_")
        _define_moves(connection, dead or {})
        connection.execute("BEGIN")
        for table in segments.tables(connection, "main"):
            connection.execute(_COPY.get(table, f"INSERT INTO main.{table} SELECT * FROM old_{table} ORDER BY 1"))
        _settle(connection, schemas, dead or {})
        connection.execute("COMMIT")
    finally:
        connection.close()


_COPY = {
    "passage": (
        "INSERT INTO main.passage SELECT number, document, position, start, end, text, record, terms, length, "
        "moved('passage', row), all_moved(sentence_rows), seal FROM old_passage ORDER BY number"
    ),
    "vector": (
        "INSERT INTO main.vector SELECT kind, digest, moved(kind, row) FROM old_vector "
        "WHERE moved(kind, row) IS NOT NULL"
    ),
    "uses": (
        "INSERT INTO main.uses SELECT kind, moved(kind, row), change FROM "
        "(SELECT kind, row, sum(change) AS change FROM old_uses GROUP BY kind, row) "
        "WHERE change <> 0 AND moved(kind, row) IS NOT NULL"
    ),
    "term": "INSERT INTO main.term SELECT term, sum(passages) FROM old_term GROUP BY term HAVING sum(passages) <> 0",
    "total": "INSERT INTO main.total SELECT name, sum(value) FROM old_total GROUP BY name",
}


def _define_moves(connection: sqlite3.Connection, dead: Dead) -> None:
    """`moved(kind, row)`: a row's new number, NULL for a dead one; `all_moved` of a passage's sentences."""

    def moved(kind: str, row: int) -> int | None:
        gone = dead.get(kind)
        if not gone:
            return row
        before = bisect_left(gone, row)
        return None if before < len(gone) and gone[before] == row else row - before

    of_sentences = np.array(dead.get("sentence", ()), dtype=np.int64)

    def all_moved(rows: bytes) -> bytes:
        if not len(of_sentences):
            return rows
        old = np.frombuffer(rows, "<i8")
        return (old - np.searchsorted(of_sentences, old)).astype("<i8").tobytes()

    connection.create_function("moved", 2, moved, deterministic=True)
    connection.create_function("all_moved", 1, all_moved, deterministic=True)


def _settle(connection: sqlite3.Connection, schemas: Sequence[str], dead: Dead) -> None:
    """What is removed for good is no longer counted as such."""
    dropped = 0
    for schema in schemas:
        listed = f"SELECT number FROM {schema}.document"
        query = (
            f"SELECT coalesce(sum(passages), 0) FROM {schema}.document WHERE number IN (SELECT document FROM main.dead)"
        )
        dropped += connection.execute(query).fetchone()[0]
        connection.execute(f"DELETE FROM main.dead WHERE document IN ({listed})")
    change = "UPDATE main.total SET value = value - ? WHERE name = ?"
    connection.execute(change, (dropped, "dead_records"))
    for kind in KINDS:
        connection.execute(change, (len(dead.get(kind, ())), f"rows_{kind}"))
        connection.execute(change, (len(dead.get(kind, ())), f"dead_{kind}"))
