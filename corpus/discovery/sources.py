"""What a plan lists: documents to be, each a file or a record of a file with many.

The records of a test collection may be millions, so a plan keeps sixteen bytes of each (where it lies, and a part of
its hash) and reads it again when it is asked for.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import overload

from corpus.catalogue.catalogue import NAME, Entry
from corpus.errors import CatalogueError, UnreadableFile
from corpus.readers import beir
from corpus.readers.registry import READER_VERSION


@dataclass(frozen=True, slots=True)
class Source:
    """A document to be: where it lies, what the catalogue says of it, and whether it is listed there.

    `sha256` is of the source's bytes, of which there are `size`; `identity` also covers the catalogue's entry and the
    version of the readers.
    """

    id: str
    path: Path
    entry: Entry
    listed: bool
    sha256: str
    record: beir.Record | None = None
    size: int = 0

    @property
    def identity(self) -> str:
        """What decides whether a document is the same as one indexed before."""
        entry = _written(self.entry)
        return hashlib.sha256(f"{READER_VERSION}\0{self.id}\0{self.sha256}\0{entry}".encode()).hexdigest()


@lru_cache(maxsize=64)
def _written(entry: Entry) -> str:
    return json.dumps(asdict(entry), sort_keys=True)  # the same for all records of a file


class Records:
    """The records of one file; raises UnreadableFile for one that holds none, or anything else."""

    def __init__(self, path: Path, entry: Entry, listed: bool) -> None:
        self.path = path
        self._entry, self._listed = entry, listed
        self._offsets, self._hashes = array("q"), array("Q")
        for one in beir.records(path):
            if not one.id.strip() or not one.id.isprintable():
                raise UnreadableFile(f"a record's `_id` is {one.id!r}, which cannot be written")
            self._offsets.append(one.offset)
            self._hashes.append(int(one.sha256[:16], 16))
        if not self._offsets:
            raise UnreadableFile("empty: no record in it")

    def __len__(self) -> int:
        return len(self._offsets)

    def __getitem__(self, position: int) -> Source:
        """Raises UnreadableFile where the file has changed since it was looked through."""
        return self._source(position, beir.record_at(self.path, self._offsets[position]))

    def __iter__(self) -> Iterator[Source]:
        """All of them, the file being read once. Raises UnreadableFile where it has changed."""
        with closing(beir.records(self.path)) as records:
            for position in range(len(self)):
                try:
                    record = next(records, None)
                except UnreadableFile:
                    record = None
                yield self._source(position, record)

    def _source(self, position: int, record: beir.Record | None) -> Source:
        if record is None or int(record.sha256[:16], 16) != self._hashes[position]:
            raise UnreadableFile(f"{self.path}: changed while it was being read: index it again")
        return Source(record.id, self.path, self._entry, self._listed, record.sha256, record, record.length)


class Sources(Sequence[Source]):
    """Sources, records of files and other lists of sources, one after the other."""

    def __init__(self, parts: Sequence[Source | Records | Sequence[Source]]) -> None:
        self._parts = parts
        self._ends = array("q")
        for part in parts:
            self._ends.append(len(self) + (1 if isinstance(part, Source) else len(part)))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, position: int) -> Source: ...

    @overload
    def __getitem__(self, position: slice) -> Sequence[Source]: ...

    def __getitem__(self, position: int | slice) -> Source | Sequence[Source]:
        if isinstance(position, slice):
            return [self[one] for one in range(*position.indices(len(self)))]
        place = range(len(self))[position]  # an IndexError where it is none
        number = bisect_right(self._ends, place)
        part = self._parts[number]
        if isinstance(part, Source):
            return part
        return part[place - (self._ends[number - 1] if number else 0)]

    def __iter__(self) -> Iterator[Source]:
        for part in self._parts:
            if isinstance(part, Source):
                yield part
            else:
                yield from part


def check_unique_ids(sources: Iterable[Source]) -> None:
    """Raises CatalogueError for two sources with one id."""
    seen = sqlite3.connect("")  # a temporary file, once it does not fit into memory
    seen.execute("CREATE TABLE seen (id TEXT PRIMARY KEY, path TEXT) WITHOUT ROWID")
    try:
        for source in sources:
            key = source.id.encode("utf-8", "surrogatepass")
            path = str(source.path).encode("utf-8", "surrogateescape")
            if not seen.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, path)).rowcount:
                ((other,),) = seen.execute("SELECT path FROM seen WHERE id = ?", (key,))
                _refuse(source, other.decode("utf-8", "surrogateescape"))
    finally:
        seen.close()


def _refuse(source: Source, other: str) -> None:
    if other == str(source.path):
        raise CatalogueError(f'{source.path}: two records with the `_id` "{source.id}"')
    raise CatalogueError(
        f'two documents with the id "{source.id}": {other} and {source.path}: give one of them another `id` in {NAME}'
    )
