"""Inspect a damaged index: its manifest or what is readable of it, its intact files, and its intact documents.

Reads only, one document at a time.

A document is intact where its text and record match their checksum; everything else (passages, vectors, postings,
citation columns) can be derived from these. Damaged pages of a file cost only the documents on them.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

from corpus.errors import UnreadableFile
from corpus.filesystem import file_sha256
from corpus.records import Document
from index import layout, manifest
from index.errors import IndexDamaged, IndexMismatch, NoIndex
from index.manifest import FileRecord, Manifest
from index.models.model_store import Precision
from index.storage import segments
from index.storage.reader import parse_document
from index.storage.segments import connect

DAMAGE = (sqlite3.Error, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, MemoryError)
"""Exceptions when damaged records are read: errors of SQLite, or of values of an unexpected type."""

_MODEL = re.compile(r'"name":\s*"([^"\\\x00-\x1f]+)",\s*"fingerprint"')
_PRECISION = re.compile(rf'"precision":\s*"({"|".join(get_args(Precision))})"')
_INDEX_TYPE = re.compile(rf'"asked":\s*"({"|".join(layout.INDEX_TYPES)})"')
_HASH = re.compile(r'"([0-9a-f]{64})"')
_FORMAT = re.compile(r'"format":\s*(\d+)')

_MAX_PROBED = 5_000_000
"""Maximum document numbers to try where a table cannot be scanned: a damaged number may be any integer."""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document in a segment, as a source for a new generation; `segment` counts from 0, oldest first."""

    segment: int
    number: int
    id: str
    identity: str
    sha256: str
    source: str
    size: int

    @property
    def path(self) -> Path:
        """The file that it was read from."""
        return Path(self.source)


@dataclass(frozen=True, slots=True)
class LostDocument:
    """A document whose text cannot be recovered; `source` is empty if it is unknown."""

    id: str
    source: str


class Segment:
    """A file of records that may be damaged or missing."""

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
        """Run a query. Raises one of DAMAGE."""
        if self._connection is None:
            raise sqlite3.DatabaseError("cannot be opened")
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def fault(self) -> str:
        """Return a fault of the file's structure that SQLite reports, or an empty string."""
        try:
            ((problem, *_), *_) = self.rows("PRAGMA quick_check(1)")
        except DAMAGE as error:
            return " ".join(str(error).split())
        return "" if problem == "ok" else " ".join(str(problem).split())[:200]

    def removed(self) -> set[int] | None:
        """Return numbers of removed documents of older segments; None where they cannot be read."""
        try:
            return {number for (number,) in self.rows("SELECT document FROM dead")}
        except DAMAGE:
            return None

    def numbers(self) -> list[int]:
        """Return the numbers of all documents that may be here, where a table cannot be scanned its range."""
        numbers: set[int] = set()
        for table, column in (("document", "number"), ("content", "document")):
            try:
                numbers.update(n for (n,) in self.rows(f"SELECT {column} FROM {table}") if isinstance(n, int))
            except DAMAGE:
                numbers.update(self._range())
        return sorted(numbers)

    def _range(self) -> range:
        bounds: list[int] = []
        for table, column in (("document", "number"), ("content", "document"), ("passage", "document")):
            for extreme in ("min", "max"):
                try:
                    bounds += [n for (n,) in self.rows(f"SELECT {extreme}({column}) FROM {table}") if n is not None]
                except DAMAGE:
                    continue
        first = min(bounds, default=1)
        return range(first, min(max(bounds, default=0) + 1, first + _MAX_PROBED))

    def facts(self, number: int) -> tuple[str, str, str, str] | None:
        """Return id, identity, sha256 and source of a document, which have no checksum; None where unreadable."""
        try:
            rows = self.rows("SELECT id, identity, sha256, source FROM document WHERE number = ?", (number,))
        except DAMAGE:
            return None
        return rows[0] if rows and all(isinstance(value, str) for value in rows[0]) else None

    def content(self, number: int) -> Document | None:
        """Return a whole document; None if it differs from what was stored."""
        try:
            ((text, record, seal),) = self.rows("SELECT text, record, seal FROM content WHERE document = ?", (number,))
            return parse_document(text, record) if segments.content_checksum(text, record) == seal else None
        except DAMAGE:
            return None


@dataclass(frozen=True, slots=True)
class Inspection:
    """The current generation of an index.

    Where the manifest is lost or damaged (`fault` says which), `manifest` is None and `generation` the newest complete
    one; `model`, `precision`, `index_type` and `hashes` (all sha256 values) are read from the text of the damaged
    manifest where that is possible.
    """

    generation: int
    base: Path
    manifest: Manifest | None
    fault: str = ""
    model: str = ""
    precision: Precision | None = None
    index_type: str = "auto"
    hashes: frozenset[str] = frozenset()

    @property
    def files(self) -> Mapping[str, FileRecord]:
        """The files that the manifest names; none if it is lost."""
        return {} if self.manifest is None else self.manifest.files

    @property
    def documents(self) -> Mapping[str, str] | None:
        """Ids of documents to the sha256 of their source; None without a manifest."""
        return None if self.manifest is None else self.manifest.documents

    @property
    def segments(self) -> list[Path]:
        """The files of records, oldest first, whether they exist or not."""
        there = self.files if self.manifest is not None else [p.name for p in _record_files(self.base)]
        return [self.base / name for name in manifest.files_of_kind(there, layout.RECORDS)]


def inspect(folder: Path) -> Inspection:
    """Inspect an index folder.

    Raises NoIndex if there is not even a damaged index; IndexMismatch for another format version.
    """
    try:
        current = manifest.read(folder)
    except (NoIndex, IndexMismatch, IndexDamaged, OSError, RecursionError) as error:
        text = _text(folder / layout.MANIFEST)
        generation = _newest_complete(folder)
        if generation is None or _is_other_format(text):
            raise
        model, index_type = _MODEL.search(text), _INDEX_TYPE.search(text)
        return Inspection(
            generation,
            layout.generation_folder(folder, generation),
            None,
            "missing" if isinstance(error, NoIndex) else "damaged",
            model[1] if model else "",
            _precision(text),
            index_type[1] if index_type else "auto",
            frozenset(_HASH.findall(text)),
        )
    base = layout.generation_folder(folder, current.generation)
    return Inspection(
        current.generation, base, current, "", current.model.name, current.model.precision, current.dense.asked
    )


def fault_of(path: Path, record: FileRecord) -> str:
    """Describe how a file differs from its record in the manifest; empty if it does not. Reads all of it."""
    try:
        size = path.stat().st_size
        if size != record.size:
            return f"{size:,} bytes, the manifest says {record.size:,}"
        intact = file_sha256(path) == record.sha256
    except FileNotFoundError:
        return "missing"
    except OSError as error:
        return f"cannot be read ({error.strerror or error})"
    return "" if intact else "its contents are not what was written (sha256)"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _precision(text: str) -> Precision | None:
    match = _PRECISION.search(text)
    return None if match is None else cast("Precision", match[1])


def _is_other_format(text: str) -> bool:
    """Return whether a manifest is an intact one of another version, rather than damaged."""
    match = _FORMAT.search(text)
    return (
        match is not None
        and int(match[1]) not in manifest.READABLE_FORMATS
        and text.rstrip().endswith("}")
        and "\0" not in text
    )


def _record_files(generation: Path) -> list[Path]:
    return list(generation.glob(f"{layout.RECORDS}*.sqlite"))


def _newest_complete(folder: Path) -> int | None:
    """Return the newest generation with the files that are written last, preferably one whose records are sound."""
    complete = []
    for number in reversed(layout.list_generations(folder)):
        base = layout.generation_folder(folder, number)
        if (base / layout.ROWS).is_file() and (base / layout.LEXICAL / "meta.json").is_file():
            complete.append(number)
            if not any(map(_record_fault, _record_files(base))):
                return number
    return next(iter(complete), None)


def _record_fault(path: Path) -> str:
    segment = Segment(path)
    try:
        return segment.fault()
    finally:
        segment.close()


class Salvage:
    """The documents that the segments of a generation (oldest first) still hold.

    `wanted` maps the ids of all documents to the sha256 of their source. It is None if the manifest is lost or damaged;
    then `hashes` are the sha256 values found in its text. `doubtful` are files whose list of removed documents cannot
    be read. A document of which such a file changed only the catalogue entry has its earlier entry again. A document
    that such a file removed stays removed, since the manifest lacks its hash; it returns if the manifest is lost, too.
    """

    def __init__(self, paths: Sequence[Path], wanted: Mapping[str, str] | None, hashes: Collection[str] = ()) -> None:
        self.segments = [Segment(path) for path in paths]
        removed = [segment.removed() for segment in self.segments]
        self.doubtful = [
            segment.path for segment, gone in zip(self.segments[1:], removed[1:], strict=True) if gone is None
        ]
        recovered: dict[str, StoredDocument | LostDocument] = {}
        for place, segment in enumerate(self.segments):
            dead = set().union(*(gone or () for gone in removed[place + 1 :]))
            for number in segment.numbers():
                document = None if number in dead else _recover(segment, place, number)
                if document is not None:
                    recovered.pop(document.id, None)  # a later build wins, also in the order
                    recovered[document.id] = document
        self.documents: list[StoredDocument] = []
        lost = [LostDocument(document, "") for document in wanted or () if document not in recovered]
        for document in recovered.values():
            if wanted is not None and document.id not in wanted:
                continue
            expected = hashes if wanted is None and self.doubtful else (wanted or {}).get(document.id, "")
            if isinstance(document, StoredDocument) and (not expected or document.sha256 in expected):
                self.documents.append(document)
            else:
                lost.append(LostDocument(document.id, document.source))
        self.lost = sorted(lost, key=lambda document: document.id)

    def read(self, source: StoredDocument) -> Document:
        """Return a whole document. Raises UnreadableFile where it is no longer intact."""
        document = self.segments[source.segment].content(source.number)
        if document is None:
            raise UnreadableFile("its stored text is damaged")
        return document

    def close(self) -> None:
        """Close the files."""
        for segment in self.segments:
            segment.close()


def _recover(segment: Segment, place: int, number: int) -> StoredDocument | LostDocument | None:
    facts = segment.facts(number)
    document = segment.content(number)
    if document is not None:
        # without its identity, the next `index` reads the file again
        identity = facts[1] if facts is not None and facts[0] == document.id else ""
        return StoredDocument(
            place, number, document.id, identity, document.sha256, document.source, len(document.text)
        )
    return None if facts is None else LostDocument(facts[0], facts[3])
