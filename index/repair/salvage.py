"""The documents that an index's records still hold, however damaged its files: those whose seals bear them out.

A document counts as whole when its text and its record are what was stored, by their seal; all else of it (passages,
vectors, postings, the columns that a citation is made from) follows from these. Damaged pages of a file of records cost
the documents on them, not their neighbours. Reads only, one document at a time.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import UnreadableFile
from corpus.records import Document
from index.storage import checksums
from index.storage.reader import parse_document
from index.storage.segments import connect

DAMAGE = (sqlite3.Error, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, MemoryError)
"""What reading damaged records raises: SQLite's own, or that a value is of another type than was stored."""

_MOST_PROBED = 5_000_000


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as a segment holds it: a source for a new generation. `place` is the segment's, counting from 0."""

    place: int
    number: int
    id: str
    identity: str
    sha256: str
    source: str
    size: int

    @property
    def path(self) -> Path:
        """Where it was read from."""
        return Path(self.source)


@dataclass(frozen=True, slots=True)
class Lost:
    """A document whose text cannot be had from the index; `source` is empty where not even that is known."""

    id: str
    source: str


class Segment:
    """A file of records, be it damaged or missing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        try:
            self._connection: sqlite3.Connection | None = connect(path) if path.is_file() else None
        except DAMAGE:
            self._connection = None

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """Raises one of DAMAGE."""
        if self._connection is None:
            raise sqlite3.DatabaseError("cannot be opened")
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def fault(self) -> str:
        """What SQLite finds wrong in the file's structure, empty where nothing."""
        try:
            ((found, *_), *_) = self.rows("PRAGMA quick_check(1)")
        except DAMAGE as error:
            return " ".join(str(error).split())
        return "" if found == "ok" else " ".join(str(found).split())[:200]

    def removed(self) -> set[int] | None:
        """Numbers of documents of older segments that are not there any more; None where that cannot be read."""
        try:
            return {number for (number,) in self.rows("SELECT document FROM dead")}
        except DAMAGE:
            return None

    def numbers(self) -> list[int]:
        """Numbers of the documents that may be here."""
        found: set[int] = set()
        failed = False
        for query in ("SELECT number FROM document", "SELECT document FROM content"):
            try:
                found.update(number for (number,) in self.rows(query) if isinstance(number, int))
            except DAMAGE:
                failed = True
        return sorted(found | self._probed()) if failed else sorted(found)

    def _probed(self) -> set[int]:
        """Documents that can be reached by number, though a table cannot be gone through."""
        first: list[int] = []
        last: list[int] = []
        for table, column in (("document", "number"), ("content", "document"), ("passage", "document")):
            for ends, which in ((first, "min"), (last, "max")):
                try:
                    ends += [one for (one,) in self.rows(f"SELECT {which}({column}) FROM {table}") if one is not None]
                except DAMAGE:
                    continue
        if not last:
            return set()
        begin = min(first, default=1)
        end = min(max(last) + 1, begin + _MOST_PROBED)  # a damaged number may be any
        return {number for number in range(begin, end) if self.content(number) is not None}

    def facts(self, number: int) -> tuple[str, str, str, str] | None:
        """Id, identity, sha256 and source of a document, none of them sealed; None where they cannot be read."""
        try:
            found = self.rows("SELECT id, identity, sha256, source FROM document WHERE number = ?", (number,))
        except DAMAGE:
            return None
        return found[0] if found and all(isinstance(one, str) for one in found[0]) else None

    def content(self, number: int) -> Document | None:
        """A document whole; None where it is not what was stored."""
        try:
            ((text, record, sealed),) = self.rows(
                "SELECT text, record, seal FROM content WHERE document = ?", (number,)
            )
            return parse_document(text, record) if checksums.content_checksum(text, record) == sealed else None
        except DAMAGE:
            return None


class Salvage:
    """All that the segments of a generation (oldest first) still hold.

    `wanted` is the sha256 of each document's source, by its id, where that is known; else these hashes are `among`
    those given, if any. `doubtful` are files of which it
    cannot be read what they remove: a document that a lost build changed in its catalogue entry alone is as before it,
    and where the manifest is lost, too, what it removed is there again.
    """

    def __init__(
        self, paths: Sequence[Path], wanted: Mapping[str, str] | None, among: Collection[str] | None = None
    ) -> None:
        self.segments = [Segment(path) for path in paths]
        self.documents: list[Stored] = []
        self.lost: list[Lost] = []
        removed = [one.removed() for one in self.segments]
        self.doubtful = [one.path for one, gone in zip(self.segments[1:], removed[1:], strict=True) if gone is None]
        found: dict[str, Stored | Lost] = {}
        for place, segment in enumerate(self.segments):
            dead = set().union(*(gone for gone in removed[place + 1 :] if gone is not None))
            for number in segment.numbers():
                one = None if number in dead else _of(segment, place, number)
                if one is not None:
                    found.pop(one.id, None)  # what a later build wrote counts
                    found[one.id] = one
        for identifier, one in found.items():
            if wanted is not None and identifier not in wanted:
                continue
            if isinstance(one, Stored) and (
                (among is None or one.sha256 in among) if wanted is None else one.sha256 == wanted[identifier]
            ):
                self.documents.append(one)
            else:
                self.lost.append(Lost(identifier, one.source))
        if wanted is not None:
            self.lost += [Lost(identifier, "") for identifier in wanted if identifier not in found]
        self.lost.sort(key=lambda one: one.id)

    def read(self, one: Stored) -> Document:
        """A document whole. Raises UnreadableFile where it is not so any more."""
        document = self.segments[one.place].content(one.number)
        if document is None:
            raise UnreadableFile("its stored text is damaged")
        return document

    def close(self) -> None:
        """Close the files."""
        for one in self.segments:
            one.close()


def _of(segment: Segment, place: int, number: int) -> Stored | Lost | None:
    facts = segment.facts(number)
    document = segment.content(number)
    if document is not None:
        # without its identity the next `index` reads it again
        identity = facts[1] if facts is not None and facts[0] == document.id else ""
        return Stored(place, number, document.id, identity, document.sha256, document.source, len(document.text))
    return None if facts is None else Lost(facts[0], facts[3])
