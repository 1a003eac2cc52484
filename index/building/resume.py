"""A build that was interrupted: what it left, whether the next one can go on with it, and its removal.

Its folder holds what it embedded and stored up to its last checkpoint. From the first checkpoint on there is
`building.json`, too, which says what it was made from: generation, model, lengths and format. It never counts as an
index, since no manifest names it. The next build that writes goes on with it where all of that is the same and every
byte is what was written (`index.storage.running_checksums`), else it is removed; there is never more than one.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from index import layout, manifest
from index.repair.salvage import DAMAGE
from index.storage import running_checksums
from index.storage.vector_files import VectorFormat, hash_rows

ORIGIN = "building.json"


def origin(folder: Path, model: str, chunking: Mapping[str, float]) -> dict[str, Any]:
    """What decides whether a build can be gone on with: the index as it is, the model and the lengths of passages."""
    try:
        base = hashlib.sha256((folder / layout.MANIFEST).read_bytes()).hexdigest()
    except FileNotFoundError:
        base = ""
    return {"format": manifest.FORMAT, "base": base, "model": model, "chunking": dict(chunking)}


def declare(generation: Path, made_from: Mapping[str, Any]) -> None:
    """Say that what a generation in the making holds is safe on disk, and what it was made from."""
    temporary = generation / f"{ORIGIN}.new"
    temporary.write_text(json.dumps(made_from), encoding="utf-8")
    layout.sync(temporary)
    temporary.replace(generation / ORIGIN)
    layout.sync_folders(generation)
    layout.sync(generation.parent)


def trim(generation: Path) -> None:
    """Leave of an unfinished generation only what the next build goes on with."""
    own = layout.stem(generation)
    wanted = {
        generation: (ORIGIN, layout.UNFINISHED, layout.records_file(generation).name),  # and its journal
        generation / layout.VECTORS: (f"{own}-",),
        generation / layout.SENTENCES: (f"{own}-",),
    }
    for file in list(generation.rglob("*")):
        if file.is_file() and not file.name.startswith(wanted.get(file.parent, ())):
            file.unlink()
    shutil.rmtree(generation / layout.LEXICAL, ignore_errors=True)


def find(
    folder: Path, current: int | None, made_from: Mapping[str, Any], forms: Mapping[str, VectorFormat]
) -> int | None:
    """The generation that can be gone on with; all others but the current one are removed."""
    found: int | None = None
    for number in reversed(layout.list_generations(folder)):
        if number == current:
            continue
        generation = layout.generation_folder(folder, number)
        if found is None and _declared(generation) == made_from and _is_whole(generation, forms):
            found = number
        else:
            shutil.rmtree(generation, ignore_errors=True)
    return found


def leave(generation: Path) -> bool:
    """End a build before its time: keep what the next can go on with, if there is any; returns whether there is."""
    if _declared(generation) is None:
        shutil.rmtree(generation, ignore_errors=True)
        return False
    with suppress(OSError):  # the next build does it in any case
        trim(generation)
    return True


def _declared(generation: Path) -> Any:
    try:
        return json.loads((generation / ORIGIN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _is_whole(generation: Path, forms: Mapping[str, VectorFormat]) -> bool:
    """Whether records and vectors are what was written up to the last checkpoint."""
    path = layout.records_file(generation)
    if not path.is_file():
        return False
    connection = sqlite3.connect(path)
    try:
        # opening rolls back what was not committed; all is read: seconds for what took hours to make
        if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            return False
        rows = dict(connection.execute("SELECT name, value FROM total WHERE name GLOB 'rows_*'"))
        found = running_checksums.Sums(connection).current()
        for kind, form in forms.items():
            shards = sorted(
                (generation / layout.VECTOR_FOLDERS[kind]).glob(f"{layout.stem(generation)}-*{form.suffix}")
            )
            found[layout.VECTOR_FOLDERS[kind]] = hash_rows(shards, form, rows.get(f"rows_{kind}", 0)).hexdigest()
        return found == running_checksums.written(connection)
    except DAMAGE:
        return False
    finally:
        connection.close()
