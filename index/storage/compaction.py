"""Assemble the files of a new generation, and keep an index that grew by many builds as compact as a fresh one.

Files that stay are hard-linked where the file system can link. Small recent files are merged now and then
(`segments.first_to_merge`); where too many rows or records are dead, all are rewritten. Merges write new files beside
the old ones, so that an interruption loses nothing. Numbers of documents and passages stay; rows of vectors change only
where dead ones are dropped, each by the number of dead rows before it.
"""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index import layout
from index.manifest import Generation
from index.storage import segments, vector_files
from index.storage.segments import SCHEMA
from index.storage.vector_files import Rows, ShardWriter, VectorFormat

DeadRows = Mapping[str, "array[int]"]
"""Sorted rows that no passage uses, by kind of vector; they are dropped."""

MAX_SMALL_SHARDS = 8
"""Maximum number of unmerged small shards of one kind. With more, a search opens more files; with fewer, builds copy
more."""

MAX_DEAD_SHARE = 0.25
"""Maximum share of dead rows, or of records of removed documents: above it the live ones are rewritten. It limits
wasted space; the price is one copy of the index each time that this share of it has changed."""


@dataclass(frozen=True, slots=True)
class GenerationContents:
    """The files of records and vectors that make up a generation."""

    segments: list[Path]
    vectors: list[Path]
    renumbered: bool
    """Whether rows of passages' vectors have other numbers than in the generation before."""
    merged: bool
    """Whether all records were rewritten, so that a file may have new contents under an old name."""


def collect_files(
    previous: Generation | None,
    new: Path,
    totals: Mapping[str, int],
    written: Mapping[str, ShardWriter],
) -> GenerationContents:
    """Bring all records and vectors into the folder of a new generation.

    Newly written files that are merged into others stay beside them until the generation is finished, so that an
    interrupted build can be resumed.

    Args:
        previous: The generation before, None if there is none.
        new: Folder of the new generation.
        totals: Counts of both, by name (`index.storage.writer.RecordWriter.totals`).
        written: Shards written by the build, by kind.

    Raises:
        IndexDamaged: The contents of a file to be merged have changed.
    """
    rewritten = [
        kind
        for kind in layout.VECTOR_KINDS
        if totals.get(f"dead_{kind}", 0) > MAX_DEAD_SHARE * totals.get(f"rows_{kind}", 0)
    ]
    records = [*_paths(previous, layout.RECORDS), layout.records_file(new)]
    dead = {kind: dead_rows(records, kind) for kind in rewritten}
    many_removed = totals.get("dead_records", 0) > MAX_DEAD_SHARE * totals.get("passages", 0)
    first = _first_merged(records, everything=bool(rewritten) or many_removed)
    _check(previous, records[first:])
    contents = GenerationContents(
        _collect_segments(records, first, new, dead), [], renumbered="passage" in rewritten, merged=not first
    )
    for kind in layout.VECTOR_KINDS:
        folder = layout.VECTOR_FOLDERS[kind]
        files = _paths(previous, folder) + written[kind].paths
        rows = np.array(dead.get(kind, ()), np.int64)
        contents.vectors.extend(_collect_shards(files, written[kind].vector_format, new / folder, rows, previous))
    return contents


def _paths(previous: Generation | None, kind: str) -> list[Path]:
    return [] if previous is None else previous.paths(kind)


def _check(previous: Generation | None, files: Sequence[Path]) -> None:
    if previous is not None:
        previous.check_paths(files)


def _first_merged(files: Sequence[Path], *, everything: bool) -> int:
    """Return the position of the first segment to merge; their number if none is merged."""
    if everything:
        return 0
    first = segments.first_to_merge([path.stat().st_size for path in files], segments.MAX_SEGMENTS)
    return len(files) if first is None else first


def _collect_segments(files: Sequence[Path], first: int, new: Path, dead: DeadRows) -> list[Path]:
    # the first segment has a constant name
    collected = [
        _take_over(file, new / (file.name if position else layout.FIRST_RECORDS))
        for position, file in enumerate(files[:first])
    ]
    if first < len(files):
        name = f"{layout.RECORDS}-{layout.stem(new)}m.sqlite" if first else layout.FIRST_RECORDS
        collected.append(new / name)
        merge_segments(collected[-1], files[first:], dead)
    return collected


def _collect_shards(
    files: Sequence[Path], vector_format: VectorFormat, folder: Path, dead: Rows, previous: Generation | None
) -> list[Path]:
    if len(dead):
        unmerged = 0
    else:
        tail = vector_files.small_tail(files, vector_format)
        first = segments.first_to_merge([rows for _, rows in tail], MAX_SMALL_SHARDS)
        unmerged = len(files) if first is None else len(files) - len(tail) + first
    collected = [_take_over(file, folder / file.name) for file in files[:unmerged]]
    if unmerged < len(files):
        _check(previous, files[unmerged:])
        merged = ShardWriter(folder, vector_format, f"{layout.stem(folder.parent)}m", 0)
        vector_files.copy_rows(merged, files[unmerged:], dead if len(dead) else None)
        merged.seal()
        collected += merged.paths
    return collected


def _take_over(file: Path, target: Path) -> Path:
    if file != target:
        target.unlink(missing_ok=True)
        layout.link_or_copy(file, target)
    return target


def dead_rows(paths: Sequence[Path], kind: str) -> array[int]:
    """Return the sorted rows of a kind that no passage uses; `paths` are all segments of a generation."""
    connection = segments.open_segments(paths)
    try:
        query = "SELECT row FROM uses WHERE kind = ? GROUP BY row HAVING 1 + sum(change) <= 0 ORDER BY row"
        return array("q", (row for (row,) in connection.execute(query, (kind,))))
    finally:
        connection.close()


def merge_segments(target: Path, paths: Sequence[Path], dead: DeadRows | None = None) -> None:
    """Merge the newest segments of a generation into one file.

    Args:
        target: The file to write.
        paths: The segments to merge, oldest first.
        dead: Rows of vectors to drop; only allowed if `paths` are all segments.
    """
    target.unlink(missing_ok=True)
    connection = sqlite3.connect(target.resolve().as_uri(), uri=True, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = OFF")  # no manifest names the file yet; it is synced before one does
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(SCHEMA)
        schemas = segments.attach(connection, paths)
        segments.define_views(connection, schemas, "old_")
        _define_new_rows(connection, dead or {})
        connection.execute("BEGIN")
        for table in segments.tables(connection, "main"):
            connection.execute(_COPY.get(table, f"INSERT INTO main.{table} SELECT * FROM old_{table} ORDER BY 1"))
        _subtract_removed(connection, schemas, dead or {})
        connection.execute("COMMIT")
    finally:
        connection.close()


_COPY = {
    "passage": (
        "INSERT INTO main.passage SELECT number, document, position, start, end, text, record, terms, length, "
        "new_row('passage', row), new_rows(sentence_rows), seal FROM old_passage ORDER BY number"
    ),
    "vector": (
        "INSERT INTO main.vector SELECT kind, digest, new_row(kind, row) FROM old_vector "
        "WHERE new_row(kind, row) IS NOT NULL"
    ),
    "uses": (
        "INSERT INTO main.uses SELECT kind, new_row(kind, row), change FROM "
        "(SELECT kind, row, sum(change) AS change FROM old_uses GROUP BY kind, row) "
        "WHERE change <> 0 AND new_row(kind, row) IS NOT NULL"
    ),
    "term": "INSERT INTO main.term SELECT term, sum(passages) FROM old_term GROUP BY term HAVING sum(passages) <> 0",
    "total": "INSERT INTO main.total SELECT name, sum(value) FROM old_total GROUP BY name",
}


def _define_new_rows(connection: sqlite3.Connection, dead: DeadRows) -> None:
    """Define the SQL functions `new_row(kind, row)`, NULL for a dead row, and `new_rows(rows)` of sentence rows."""

    def new_row(kind: str, row: int) -> int | None:
        dropped = dead.get(kind)
        if not dropped:
            return row
        before = bisect_left(dropped, row)
        return None if before < len(dropped) and dropped[before] == row else row - before

    dead_sentences = np.array(dead.get("sentence", ()), dtype=np.int64)

    def new_rows(rows: bytes) -> bytes:
        if not len(dead_sentences):
            return rows
        old = np.frombuffer(rows, "<i8")
        return (old - np.searchsorted(dead_sentences, old)).astype("<i8").tobytes()

    connection.create_function("new_row", 2, new_row, deterministic=True)
    connection.create_function("new_rows", 1, new_rows, deterministic=True)


def _subtract_removed(connection: sqlite3.Connection, schemas: Sequence[str], dead: DeadRows) -> None:
    """Adjust the counts for records and rows that the merge dropped."""
    dropped = 0
    for schema in schemas:
        query = (
            f"SELECT coalesce(sum(passages), 0) FROM {schema}.document WHERE number IN (SELECT document FROM main.dead)"
        )
        dropped += connection.execute(query).fetchone()[0]
        connection.execute(f"DELETE FROM main.dead WHERE document IN (SELECT number FROM {schema}.document)")
    change = "UPDATE main.total SET value = value - ? WHERE name = ?"
    connection.execute(change, (dropped, "dead_records"))
    for kind in layout.VECTOR_KINDS:
        for name in (f"rows_{kind}", f"dead_{kind}"):
            connection.execute(change, (len(dead.get(kind, ())), name))
