"""The files of a new generation: taken over from the one before, written by a build, or merged of both.

Files that stay are linked, never copied where the file system can link. The newest small files are merged now and then
(`segments.first_to_merge`); where too much of what is kept is dead, all of it is written anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index import layout, manifest
from index.dense.row_filter import Rows
from index.manifest import Manifest
from index.storage import compaction, segments, vector_files
from index.storage.vector_files import Form, ShardWriter
from index.storage.writer import KINDS

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


def gather(
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
            manifest.check_whole(base, current.files, names)

    older = {kind: [] if base is None or current is None else [base / one for one in current.of(kind)] for kind in _ALL}
    own = {layout.FOLDERS[kind]: writer.paths for kind, writer in written.items()}
    own[layout.RECORDS] = [layout.records(new)]
    scattered = [kind for kind in KINDS if totals.get(f"dead_{kind}", 0) > MOST_DEAD * totals.get(f"rows_{kind}", 0)]
    all_segments = older[layout.RECORDS] + own[layout.RECORDS]
    dead = {kind: compaction.dead_rows(all_segments, kind) for kind in scattered}
    stale = totals.get("dead_records", 0) > MOST_DEAD * totals.get("passages", 0)
    first = _first_merged(all_segments, anew=bool(scattered) or stale)
    check(all_segments[first:])
    records = _gather_segments(all_segments, first, new, dead)
    gathered = Gathered(records, [], moved="passage" in scattered, merged=not first)
    for kind in KINDS:
        folder = layout.FOLDERS[kind]
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


def _gather_segments(files: Sequence[Path], first: int, new: Path, dead: compaction.Dead) -> list[Path]:
    kept = [_taken_over(file, new / _name(file, place)) for place, file in enumerate(files[:first])]
    if first < len(files):
        kept.append(new / _name(new / f"{layout.RECORDS}-{layout.stem(new)}m.sqlite", first))
        compaction.merge_segments(kept[-1], files[first:], dead)
    return kept


def _name(file: Path, place: int) -> str:
    return file.name if place else layout.FIRST_RECORDS


def _gather_shards(files: Sequence[Path], form: Form, folder: Path, dead: Rows, check: Check) -> list[Path]:
    if len(dead):
        check(files)
        merged = _merged_writer(folder, form)
        vector_files.copy(merged, files, dead)
        merged.seal()
        return merged.paths
    tail = list(vector_files.small_tail(files, form))
    first = segments.first_to_merge([rows for _, rows in tail], MOST_SMALL)
    if first is None:
        return [_taken_over(file, folder / file.name) for file in files]
    kept = len(files) - len(tail) + first
    check(files[kept:])
    merged = _merged_writer(folder, form)
    vector_files.copy(merged, files[kept:])
    merged.seal()
    return [*(_taken_over(file, folder / file.name) for file in files[:kept]), *merged.paths]


def _merged_writer(folder: Path, form: Form) -> ShardWriter:
    return ShardWriter(folder, form, f"{layout.stem(folder.parent)}m", 0)


def _taken_over(file: Path, target: Path) -> Path:
    if file != target:
        target.unlink(missing_ok=True)
        layout.reuse(file, target)
    return target
