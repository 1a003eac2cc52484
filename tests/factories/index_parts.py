"""What an index consists of, for two that must be the same."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from index import layout, manifest


def parts(folder: Path) -> dict[str, Any]:
    """All that an index holds: files of vectors as bytes, records and manifest by what they say."""
    made = manifest.read(folder)
    base = layout.generation_folder(folder, made.generation)
    files = (
        made.files_of(layout.VECTORS) + made.files_of(layout.SENTENCES) + made.files_of(layout.ROWS.partition(".")[0])
    )
    found: dict[str, Any] = {name: (base / name).read_bytes() for name in files}
    for name in made.files_of(layout.RECORDS):
        with sqlite3.connect(base / name) as records:
            found[name] = list(records.iterdump())
    return found | {"documents": dict(made.documents), "scale": made.scale, "model": made.model}
