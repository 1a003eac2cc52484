"""Checksums of stored passages, and running checksums of an unfinished segment.

Each passage is checksummed with the facts of its citation; this is verified whenever a passage is read.

Opening an index verifies the size of its files, and the sha256 only of small ones, since reading all would take long.
With these checksums, a byte that changed on disk in a passage, its section path or its document's title, edition or
years is detected before the passage is shown. They protect against damage, not against tampering.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from index import layout
from index.storage.segments import DOCUMENT_TABLES

if TYPE_CHECKING:
    from hashlib import _Hash

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
