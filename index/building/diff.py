"""Compare planned sources with an index and with the partial result of an interrupted build.

Sources are compared one at a time by lookups in SQLite, so memory grows only by eight bytes per new or changed source.
"""

from __future__ import annotations

import os
import sqlite3
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from corpus.discovery import OCR_PREFIX
from corpus.ingest import IndexedFile, Unread
from index import layout, manifest
from index.errors import IndexFolderError
from index.storage import segments


class PlannedSource(Protocol):
    """A source to index; `identity` decides whether it is the same as one indexed before, `size` is in bytes."""

    @property
    def id(self) -> str: ...
    @property
    def identity(self) -> str: ...
    @property
    def path(self) -> Path: ...
    @property
    def size(self) -> int: ...


class SourcePlan(Protocol):
    """All sources to index; indexed documents under `roots` that are not among them are gone."""

    @property
    def roots(self) -> Sequence[Path]: ...
    @property
    def sources(self) -> Sequence[PlannedSource]: ...
    @property
    def unread(self) -> Sequence[Unread]: ...


@dataclass(slots=True)
class PlanDiff:
    """The work of a build. Positions are those of sources in the plan."""

    to_read: array[int] = field(default_factory=lambda: array("q"))
    """Positions of the sources that must be read."""
    size: int = 0
    """Bytes of these sources."""
    stored: array[int] = field(default_factory=lambda: array("q"))
    """Positions of the sources that an interrupted build has stored already."""
    replaced: set[str] = field(default_factory=set)
    """Ids of sources, read or stored, of which the index has another version."""
    unchanged: int = 0
    """Number of sources that the index has in this version."""
    missing: list[str] = field(default_factory=list)
    """Ids of indexed documents under the roots of the plan that the plan does not have."""
    to_remove: list[str] = field(default_factory=list)
    """Ids of indexed documents that the user wants to remove."""


def sources_at(plan: SourcePlan, positions: array[int]) -> Iterator[PlannedSource]:
    """Yield the sources at ascending positions; where they are many, scanning a file of records beats seeking."""
    if 4 * len(positions) < len(plan.sources):
        yield from (plan.sources[position] for position in positions)
        return
    wanted = iter(positions)
    following = next(wanted, None)
    for position, source in enumerate(plan.sources):
        if position == following:
            yield source
            following = next(wanted, None)


def diff(plan: SourcePlan, base: Sequence[Path], partial: Path | None, remove: Sequence[str] = ()) -> PlanDiff:
    """Compare a plan with the segments of the index, and with the records of an interrupted build."""
    changes = PlanDiff()
    indexed = segments.open_segments(base) if base else None
    stored = sqlite3.connect(partial) if partial is not None else None
    planned = sqlite3.connect("")  # a temporary file once it outgrows memory
    planned.execute("CREATE TABLE planned (id TEXT PRIMARY KEY) WITHOUT ROWID")
    try:
        for position, source in enumerate(plan.sources):
            identity = _identity(indexed, source.id)
            if identity is not None:
                planned.execute("INSERT OR IGNORE INTO planned VALUES (?)", (source.id,))
            if identity == source.identity:
                changes.unchanged += 1
                continue
            if identity is not None:
                changes.replaced.add(source.id)
            if _identity(stored, source.id) == source.identity:
                changes.stored.append(position)
            else:
                changes.to_read.append(position)
                changes.size += source.size
        if indexed is not None:
            changes.missing = _removed_sources(plan, indexed, planned)
            changes.to_remove = [document for document in remove if _identity(indexed, document) is not None]
    finally:
        for connection in (indexed, stored, planned):
            if connection is not None:
                connection.close()
    return changes


def indexed_files(folder: Path) -> dict[str, IndexedFile]:
    """Return the indexed files by path, so that a plan keeps their ids; empty without a readable index.

    Records of a test collection are left out: many are in one file.
    """
    try:
        current = manifest.read(folder)
        base = layout.generation_folder(folder, current.generation)
        connection = segments.open_segments([base / name for name in current.files_of(layout.RECORDS)])
    except (IndexFolderError, OSError, sqlite3.Error):
        return {}  # the build reports the error
    try:
        rows = connection.execute(
            "SELECT source, MIN(id), MIN(sha256), MIN(identity) FROM document GROUP BY source HAVING COUNT(*) = 1"
        )
        return {
            source: IndexedFile(key, sha256, identity.startswith(OCR_PREFIX)) for source, key, sha256, identity in rows
        }
    except sqlite3.Error:
        return {}
    finally:
        connection.close()


def _identity(records: sqlite3.Connection | None, document: str) -> str | None:
    if records is None:
        return None
    row = records.execute("SELECT identity FROM document WHERE id = ?", (document,)).fetchone()
    return None if row is None else row[0]


def _removed_sources(plan: SourcePlan, indexed: sqlite3.Connection, planned: sqlite3.Connection) -> list[str]:
    if not plan.roots:
        return []
    # strings: comparing paths would take most of the time of an addition to a large index
    unread = {os.path.normcase(path) for u in plan.unread for path in (u.path, u.path.resolve())}
    roots = {os.path.normcase(root) for root in plan.roots}
    below = tuple(os.path.join(root, "") for root in roots)  # noqa: PTH118 - Path drops the separator at the end
    gone = []
    for document, source in indexed.execute("SELECT id, source FROM document"):
        path = os.path.normcase(Path(source) if "://" in source else source)
        if not (path in roots or path.startswith(below)) or path in unread:
            continue
        if not planned.execute("SELECT 1 FROM planned WHERE id = ?", (document,)).fetchone():
            gone.append(document)
    return sorted(gone)
