"""The contents of an index, to compare two that must be the same."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from index import layout, manifest

_CHECKPOINT_SUMS = ("CREATE TABLE checked", 'INSERT INTO "checked"')


def parts(folder: Path) -> dict[str, Any]:
    """Return the vectors as bytes, the records as SQL (without the sums of checkpoints), and values of the manifest."""
    current = manifest.read(folder)
    base = layout.generation_folder(folder, current.generation)
    kinds = (layout.VECTORS, layout.SENTENCES, layout.ROWS.partition(".")[0])
    contents: dict[str, Any] = {name: (base / name).read_bytes() for kind in kinds for name in current.files_of(kind)}
    for name in current.files_of(layout.RECORDS):
        with closing(sqlite3.connect(base / name)) as records:
            # whether a build made a checkpoint depends on how long it took
            contents[name] = [line for line in records.iterdump() if not line.startswith(_CHECKPOINT_SUMS)]
    return contents | {"documents": dict(current.documents), "scale": current.scale, "model": current.model}
