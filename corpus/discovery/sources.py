"""Sources of documents: each is a file, or a record of a file with many records.

A test collection can have millions of records. A plan keeps sixteen bytes of each (its offset and part of its hash) and
reads the record again when it is needed.
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
from corpus.metadata.file_names import NO_FACTS, NameFacts
from corpus.readers import beir
from corpus.readers.registry import READER_VERSION
from corpus.translation import gettext as _

OCR_PREFIX = "ocr-"
"""Prefix of the identity of a source that was read with text recognition."""

_MAX_CLASHES = 20
"""Maximum number of clashes that an error lists."""


@dataclass(frozen=True, slots=True)
class Source:
    """A source of a document: its path, its catalogue entry, and whether the catalogue lists it.

    `sha256` and `size` are of the bytes of the source; `record` is None for a whole file. `names` is what its name and
    those of the files beside it say. `ocr` is whether to recognise images of pages.
    """

    id: str
    path: Path
    entry: Entry
    listed: bool
    sha256: str
    record: beir.Record | None = None
    size: int = 0
    names: NameFacts = NO_FACTS
    ocr: bool = False

    @property
    def identity(self) -> str:
        """Hash of source, catalogue entry and reader version: sources with the same identity give the same document.

        `OCR_PREFIX` precedes it if images of pages were recognised.
        """
        entry = _entry_json(self.entry)
        names = f"\0{json.dumps(asdict(self.names))}" if self.names else ""
        facts = f"{READER_VERSION}\0{self.id}\0{self.sha256}\0{entry}{names}"
        return OCR_PREFIX * self.ocr + hashlib.sha256(facts.encode()).hexdigest()


@lru_cache(maxsize=64)
def _entry_json(entry: Entry) -> str:
    return json.dumps(asdict(entry), sort_keys=True)  # cached: all records of a file have the same entry


class Records:
    """The records of a BEIR file. Raises UnreadableFile if it has none, or other lines."""

    def __init__(self, path: Path, entry: Entry, listed: bool) -> None:
        self.path = path
        self._entry, self._listed = entry, listed
        self._offsets, self._hashes = array("q"), array("Q")
        for record in beir.records(path):
            if not record.id.strip() or not record.id.isprintable():
                raise UnreadableFile(_("the `_id` %(id)s of a record is empty or not printable", id=repr(record.id)))
            self._offsets.append(record.offset)
            self._hashes.append(int(record.sha256[:16], 16))
        if not self._offsets:
            raise UnreadableFile(_("empty: the file has no record"))

    def __len__(self) -> int:
        return len(self._offsets)

    def __getitem__(self, position: int) -> Source:
        """Read one record again. Raises UnreadableFile if the file has changed."""
        return self._source(position, beir.record_at(self.path, self._offsets[position]))

    def __iter__(self) -> Iterator[Source]:
        """Read all records in one pass. Raises UnreadableFile if the file has changed."""
        with closing(beir.records(self.path)) as records:
            for position in range(len(self)):
                try:
                    record = next(records, None)
                except UnreadableFile:
                    record = None
                yield self._source(position, record)

    def _source(self, position: int, record: beir.Record | None) -> Source:
        if record is None or int(record.sha256[:16], 16) != self._hashes[position]:
            raise UnreadableFile(
                _("%(path)s: the file changed while it was being indexed: index it again", path=self.path)
            )
        return Source(record.id, self.path, self._entry, self._listed, record.sha256, record, record.length)


class Sources(Sequence[Source]):
    """A concatenation of sources, records of files and sequences of sources."""

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
            return [self[place] for place in range(*position.indices(len(self)))]
        place = range(len(self))[position]  # raises IndexError
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
    """Raise CatalogueError that lists the sources with the same id as another."""
    seen = sqlite3.connect("")  # becomes a temporary file when it outgrows memory
    seen.execute("CREATE TABLE seen (id TEXT PRIMARY KEY, path TEXT) WITHOUT ROWID")
    clashes: list[str] = []
    try:
        for source in sources:
            key = source.id.encode("utf-8", "surrogatepass")
            path = str(source.path).encode("utf-8", "surrogateescape")
            if not seen.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, path)).rowcount:
                ((other,),) = seen.execute("SELECT path FROM seen WHERE id = ?", (key,))
                clashes.append(_clash(source, other.decode("utf-8", "surrogateescape")))
    finally:
        seen.close()
    if clashes:
        more = f"; and {len(clashes) - _MAX_CLASHES:,} more" if len(clashes) > _MAX_CLASHES else ""
        raise CatalogueError("; ".join(clashes[:_MAX_CLASHES]) + more)


def _clash(source: Source, other: str) -> str:
    if other == str(source.path):
        return f'{source.path}: two records with the `_id` "{source.id}"'
    return (
        f'two documents with the id "{source.id}": {other} and {source.path}: give one of them another `id` in {NAME}'
    )
