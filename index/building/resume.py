"""Resume an interrupted build from its last checkpoint.

From its first checkpoint on, the folder of an unfinished generation holds `building.json`, which records the inputs of
the build: manifest, model, lengths and format. No manifest names it, so it never counts as an index. The next build
resumes it where all of these are the same and every byte is verified (`index.storage.segments`); otherwise it
is removed. There is at most one.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from index import layout, manifest
from index.errors import IndexDamaged, reading
from index.storage import segments
from index.storage.vector_files import VectorFormat, hash_rows

BUILD_INPUTS_FILE = "building.json"
"""File of an unfinished generation that can be resumed: the inputs of its build."""


def build_inputs(folder: Path, model: str, chunking: Mapping[str, float]) -> dict[str, Any]:
    """Return the inputs of a build: hash of the current manifest, fingerprint of the model, and passage lengths."""
    try:
        base = hashlib.sha256((folder / layout.MANIFEST).read_bytes()).hexdigest()
    except FileNotFoundError:
        base = ""
    return {"format": manifest.FORMAT, "base": base, "model": model, "chunking": dict(chunking)}


def mark_resumable(generation: Path, inputs: Mapping[str, Any]) -> None:
    """Record that an unfinished generation is safe on disk and can be resumed by a build with the same inputs."""
    temporary = generation / f"{BUILD_INPUTS_FILE}.new"
    temporary.write_text(json.dumps(inputs), encoding="utf-8")
    layout.sync(temporary)
    temporary.replace(generation / BUILD_INPUTS_FILE)
    layout.sync_folders(generation)
    layout.sync(generation.parent)


def trim(generation: Path) -> None:
    """Remove the files of an unfinished generation that the next build does not resume from."""
    own = layout.stem(generation)
    wanted = {
        generation: (BUILD_INPUTS_FILE, layout.UNFINISHED, layout.records_file(generation).name),  # and its journal
        generation / layout.VECTORS: (f"{own}-",),
        generation / layout.SENTENCES: (f"{own}-",),
    }
    for file in list(generation.rglob("*")):
        if file.is_file() and not file.name.startswith(wanted.get(file.parent, ())):
            file.unlink()
    shutil.rmtree(generation / layout.LEXICAL, ignore_errors=True)


def find_resumable(
    folder: Path, current: int | None, inputs: Mapping[str, Any], vector_formats: Mapping[str, VectorFormat]
) -> int | None:
    """Return the generation that a build with these inputs can resume; remove all others but the current one."""
    resumable: int | None = None
    for number in reversed(layout.list_generations(folder)):
        if number == current:
            continue
        generation = layout.generation_folder(folder, number)
        if resumable is None and _recorded_inputs(generation) == inputs and _is_intact(generation, vector_formats):
            resumable = number
        else:
            shutil.rmtree(generation, ignore_errors=True)
    return resumable


def keep_partial(generation: Path) -> bool:
    """Keep the files of an interrupted build that can be resumed, else remove all; return whether any were kept."""
    if _recorded_inputs(generation) is None:
        shutil.rmtree(generation, ignore_errors=True)
        return False
    with suppress(OSError):  # the next build does it in any case
        trim(generation)
    return True


def _recorded_inputs(generation: Path) -> Any:
    try:
        return json.loads((generation / BUILD_INPUTS_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _is_intact(generation: Path, vector_formats: Mapping[str, VectorFormat]) -> bool:
    """Return whether records and vectors are unchanged since the last checkpoint."""
    path = layout.records_file(generation)
    if not path.is_file():
        return False
    # opening rolls back uncommitted changes; reads everything, which takes seconds
    with suppress(IndexDamaged), reading(generation), closing(sqlite3.connect(path)) as connection:
        if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            return False
        rows = dict(connection.execute("SELECT name, value FROM total WHERE name GLOB 'rows_*'"))
        sums = segments.RunningChecksums(connection).current()
        for kind, vector_format in vector_formats.items():
            shards = sorted(
                (generation / layout.VECTOR_FOLDERS[kind]).glob(f"{layout.stem(generation)}-*{vector_format.suffix}")
            )
            sums[layout.VECTOR_FOLDERS[kind]] = hash_rows(
                shards, vector_format, rows.get(f"rows_{kind}", 0)
            ).hexdigest()
        return sums == segments.read_stored(connection)
    return False
