"""What a segment in the making holds, summed up at each checkpoint: damage done to it meanwhile is never gone on with.

A finished file has its checksum in the manifest. One that an interrupted build left has none, and would get one that
bears damage out when the next build finishes it. So its sums stand in itself, written by the transaction whose contents
they are of. What only ever grows is summed on from one checkpoint to the next; only what changes is summed anew.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from index import layout

if TYPE_CHECKING:
    from hashlib import _Hash

_GROWING = {"document": "number", "content": "document", "passage": "number"}
"""Tables whose rows are added in the order of a column."""

_CHANGING = {"dead": "document", "term": "term", "total": "name", "uses": "kind, row"}
"""All others but that of vectors, and what orders them: counts, of which 10^6 take 0.8 s."""


class Sums:
    """The sums of the segment that is `main` in a connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._vectors: dict[str, _Hash] = {kind: hashlib.sha256() for kind in layout.VECTOR_FOLDERS}
        for kind in self._vectors:
            query = "SELECT digest, row FROM main.vector WHERE kind = ? ORDER BY row"
            self.add_vectors(kind, connection.execute(query, (kind,)))
        self.forget()

    def forget(self) -> None:
        """Documents that were summed up are taken away: the rest is summed up again."""
        self._growing: dict[str, tuple[_Hash, int]] = {table: (hashlib.sha256(), -1) for table in _GROWING}

    def add_vectors(self, kind: str, rows: Iterable[tuple[bytes, int]]) -> None:
        """Count in where vectors of a kind lie: the digest of what was embedded, and the row, ascending."""
        for row in rows:
            _add(self._vectors[kind], row)

    def current(self) -> dict[str, str]:
        """The sha256 of each part of the segment as it is now."""
        found = {f"vector {kind}": summed.hexdigest() for kind, summed in self._vectors.items()}
        for table, column in _GROWING.items():
            summed, last = self._growing[table]
            query = f"SELECT {column}, * FROM main.{table} WHERE {column} > ? ORDER BY {column}"
            for row in self._connection.execute(query, (last,)):
                last = row[0]
                _add(summed, row)
            self._growing[table] = summed, last
            found[table] = summed.hexdigest()
        changing = {table: f"SELECT * FROM main.{table} ORDER BY {columns}" for table, columns in _CHANGING.items()}
        changing["schema"] = "SELECT type, name, tbl_name, sql FROM main.sqlite_master ORDER BY name"
        for table, query in changing.items():
            summed = hashlib.sha256()
            for row in self._connection.execute(query):
                _add(summed, row)
            found[table] = summed.hexdigest()
        return found

    def write(self, of_vectors: Mapping[str, str]) -> None:
        """Note the sums, and those of the files of vectors, in the transaction that is open."""
        run = self._connection.execute
        run("CREATE TABLE IF NOT EXISTS main.checked (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL) WITHOUT ROWID")
        run("DELETE FROM main.checked")
        sums = {**self.current(), **of_vectors}
        self._connection.executemany("INSERT INTO main.checked VALUES (?, ?)", sums.items())


def written(connection: sqlite3.Connection) -> dict[str, str]:
    """The sums that the segment itself notes. Raises sqlite3.DatabaseError where there are none."""
    return dict(connection.execute("SELECT name, sha256 FROM main.checked"))


def _add(summed: _Hash, row: tuple[Any, ...]) -> None:
    summed.update(repr(row).encode())
