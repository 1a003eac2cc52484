"""The files of a new generation: taken over from the one before, written by a build, or merged of both.

Files that stay are linked, never copied where the file system can link. The newest small files are merged now and then
(`segments.first_to_merge`); where too much of what is kept is dead, all of it is written anew.
"""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index import integrity, layout
from index.manifest import Manifest
from index.storage import segments, vector_files
from index.storage.tables import SCHEMA
from index.storage.vector_files import Rows, ShardWriter, VectorFormat
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


Check = Callable[[Sequence[Path]], None]
"""Raises IndexDamaged for files of the generation before that are not what was written."""

MOST_SMALL = 8
"""Small shards of a kind that are left as they are."""

MOST_DEAD = 0.25
"""The share of dead rows, or of passages of removed documents, from which on the rest is written anew."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The files that make a generation up; `moved` where rows of vectors have other numbers than in the one before.

    `merged` are those whose contents, though not their names, may be new.
    """

    segments: list[Path]
    vectors: list[Path]
    moved: bool
    merged: bool


def collect_files(
    base: Path | None,
    current: Manifest | None,
    new: Path,
    totals: Mapping[str, int],
    written: Mapping[str, ShardWriter],
) -> Gathered:
    """Have all records and vectors in the new generation's folder.

    `base` and `current` are the generation before, `totals` the counts with what was written. What of the new files was
    merged into others stays beside them until the generation is finished: a build interrupted now goes on from there.
    Raises IndexDamaged where a file that is to be merged is not what was written.
    """

    def check(files: Sequence[Path]) -> None:
        if base is not None and current is not None:
            names = [one.relative_to(base).as_posix() for one in files if one.is_relative_to(base)]
            integrity.check_contents(base, current.files, names)

    older = {
        kind: [] if base is None or current is None else [base / one for one in current.files_of(kind)] for kind in _ALL
    }
    own = {layout.VECTOR_FOLDERS[kind]: writer.paths for kind, writer in written.items()}
    own[layout.RECORDS] = [layout.records_file(new)]
    scattered = [kind for kind in KINDS if totals.get(f"dead_{kind}", 0) > MOST_DEAD * totals.get(f"rows_{kind}", 0)]
    all_segments = older[layout.RECORDS] + own[layout.RECORDS]
    dead = {kind: dead_rows(all_segments, kind) for kind in scattered}
    stale = totals.get("dead_records", 0) > MOST_DEAD * totals.get("passages", 0)
    first = _first_merged(all_segments, anew=bool(scattered) or stale)
    check(all_segments[first:])
    records = _gather_segments(all_segments, first, new, dead)
    gathered = Gathered(records, [], moved="passage" in scattered, merged=not first)
    for kind in KINDS:
        folder = layout.VECTOR_FOLDERS[kind]
        files = older[folder] + own[folder]
        rows = np.array(dead.get(kind, ()), np.int64)
        gathered.vectors.extend(_gather_shards(files, written[kind].form, new / folder, rows, check))
    return gathered


_ALL = (layout.RECORDS, layout.VECTORS, layout.SENTENCES)


def _first_merged(files: Sequence[Path], *, anew: bool) -> int:
    """From which position on these files of records are merged; their number where none are."""
    sizes = [one.stat().st_size for one in files]
    first = 0 if anew else segments.first_to_merge(sizes, segments.MOST_SEGMENTS)
    return len(files) if first is None else first


def _gather_segments(files: Sequence[Path], first: int, new: Path, dead: Dead) -> list[Path]:
    kept = [_taken_over(file, new / _name(file, place)) for place, file in enumerate(files[:first])]
    if first < len(files):
        kept.append(new / _name(new / f"{layout.RECORDS}-{layout.stem(new)}m.sqlite", first))
        merge_segments(kept[-1], files[first:], dead)
    return kept


def _name(file: Path, place: int) -> str:
    return file.name if place else layout.FIRST_RECORDS


def _gather_shards(files: Sequence[Path], form: VectorFormat, folder: Path, dead: Rows, check: Check) -> list[Path]:
    if len(dead):
        check(files)
        merged = _merged_writer(folder, form)
        vector_files.copy_rows(merged, files, dead)
        merged.seal()
        return merged.paths
    tail = list(vector_files.small_tail(files, form))
    first = segments.first_to_merge([rows for _, rows in tail], MOST_SMALL)
    if first is None:
        return [_taken_over(file, folder / file.name) for file in files]
    kept = len(files) - len(tail) + first
    check(files[kept:])
    merged = _merged_writer(folder, form)
    vector_files.copy_rows(merged, files[kept:])
    merged.seal()
    return [*(_taken_over(file, folder / file.name) for file in files[:kept]), *merged.paths]


def _merged_writer(folder: Path, form: VectorFormat) -> ShardWriter:
    return ShardWriter(folder, form, f"{layout.stem(folder.parent)}m", 0)


def _taken_over(file: Path, target: Path) -> Path:
    if file != target:
        target.unlink(missing_ok=True)
        layout.link_or_copy(file, target)
    return target
