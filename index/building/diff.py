"""What a build has to do: planned sources against what the index holds, and against what an interrupted build left.

Sources and documents are gone through one by one, and what is known of them is asked of SQLite: nothing here grows with
the index but eight bytes for each source that is new or changed.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from corpus.ingest import Unread
from index.storage import segments


class Planned(Protocol):
    """A document to be: what decides whether it is the same as one indexed before, and what there is to read."""

    @property
    def id(self) -> str: ...
    @property
    def identity(self) -> str: ...
    @property
    def path(self) -> Path: ...
    @property
    def size(self) -> int: ...


class Work(Protocol):
    """All documents to be; `roots` are the paths whose other documents have gone."""

    @property
    def roots(self) -> Sequence[Path]: ...
    @property
    def sources(self) -> Sequence[Planned]: ...
    @property
    def unread(self) -> Sequence[Unread]: ...


@dataclass(slots=True)
class Selection:
    """What is to be done; `todo` holds positions in the plan's sources, `kept` those an unfinished build has done.

    `size` is how many bytes there are to read.
    """

    todo: array[int] = field(default_factory=lambda: array("q"))
    kept: array[int] = field(default_factory=lambda: array("q"))
    size: int = 0
    replacing: set[str] = field(default_factory=set)
    """Of the ids of both, those that the index has another state of."""
    unchanged: int = 0
    gone: list[str] = field(default_factory=list)
    """Documents under the plan's paths that the plan no longer has."""
    removable: list[str] = field(default_factory=list)
    """Of those asked to be removed, those that are there."""

    def sources(self, plan: Work) -> Iterator[Planned]:
        """What is to be read, in the order of the plan."""
        return _at(plan, self.todo)

    def done(self, plan: Work) -> Iterator[Planned]:
        """What an unfinished build has done, in the order of the plan."""
        return _at(plan, self.kept)


def _at(plan: Work, positions: array[int]) -> Iterator[Planned]:
    """The sources at these positions, ascending; going through a file of records is cheaper than seeking most."""
    if 4 * len(positions) < len(plan.sources):
        yield from (plan.sources[position] for position in positions)
        return
    wanted = iter(positions)
    following = next(wanted, None)
    for position, source in enumerate(plan.sources):
        if position == following:
            yield source
            following = next(wanted, None)


def select(plan: Work, base: Sequence[Path], unfinished: Path | None, remove: Sequence[str] = ()) -> Selection:
    """Compare a plan with the segments of the index, and with an unfinished one where there is one."""
    selection = Selection()
    known = segments.open_segments(base) if base else None
    partial = sqlite3.connect(unfinished) if unfinished is not None else None
    scratch = sqlite3.connect("")  # a temporary file, once it does not fit into memory
    scratch.execute("CREATE TABLE planned (id TEXT PRIMARY KEY) WITHOUT ROWID")
    try:
        for position, source in enumerate(plan.sources):
            indexed = _identity(known, source.id)
            if indexed is not None:
                scratch.execute("INSERT OR IGNORE INTO planned VALUES (?)", (source.id,))
            if indexed == source.identity:
                selection.unchanged += 1
                continue
            if indexed is not None:
                selection.replacing.add(source.id)
            if partial is not None and _identity(partial, source.id) == source.identity:
                selection.kept.append(position)
            else:
                selection.todo.append(position)
                selection.size += source.size
        if known is not None:
            selection.gone = _gone(plan, known, scratch)
            selection.removable = [one for one in remove if _identity(known, one) is not None]
    finally:
        for connection in (known, partial, scratch):
            if connection is not None:
                connection.close()
    return selection


def _identity(records: sqlite3.Connection | None, identifier: str) -> str | None:
    if records is None:
        return None
    row = records.execute("SELECT identity FROM document WHERE id = ?", (identifier,)).fetchone()
    return None if row is None else row[0]


def _gone(plan: Work, known: sqlite3.Connection, scratch: sqlite3.Connection) -> list[str]:
    if not plan.roots:
        return []
    unread = {path for one in plan.unread for path in (one.path, one.path.resolve())}  # one by URL is not resolved
    gone = []
    for identifier, source in known.execute("SELECT id, source FROM document"):
        if scratch.execute("SELECT 1 FROM planned WHERE id = ?", (identifier,)).fetchone():
            continue
        path = Path(source)
        if path not in unread and any(path.is_relative_to(root) for root in plan.roots):
            gone.append(identifier)
    return sorted(gone)
