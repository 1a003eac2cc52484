"""Build and search an index of passages. Knows nothing of what a question means; `qa` answers questions.

A worked example: index a folder of documents, then search it.

    from pathlib import Path

    import index
    from corpus.ingest import plan

    encoder = index.load_encoder()
    report = index.build(Path("my-index"), plan([Path("documents")]), encoder)
    print(report.documents, "documents,", report.passages, "passages")

    opened = index.Index(Path("my-index"))
    for hit in opened.search("herring quota", encoder, 3).hits:
        print(f"{hit.score:.2f}", hit.id, hit.stored.passage.text)

The names below are imported when they are first used: an encoder and the search libraries take a second to load.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.building.build import build
    from index.building.report import BuildReport
    from index.errors import (
        BuildInterrupted,
        ClusterError,
        IndexBusy,
        IndexDamaged,
        IndexFolderError,
        IndexMismatch,
        IndexNotWritten,
        ModelError,
        NoIndex,
        UnknownPassage,
    )
    from index.models.encoder import load as load_encoder
    from index.ranking.search import Hit, Index, SearchResult

__all__ = [
    "BuildInterrupted",
    "BuildReport",
    "ClusterError",
    "Hit",
    "Index",
    "IndexBusy",
    "IndexDamaged",
    "IndexFolderError",
    "IndexMismatch",
    "IndexNotWritten",
    "ModelError",
    "NoIndex",
    "SearchResult",
    "UnknownPassage",
    "build",
    "load_encoder",
]

_DEFINED_IN = {
    "build": "index.building.build",
    "BuildReport": "index.building.report",
    "load_encoder": "index.models.encoder",
    "Hit": "index.ranking.search",
    "Index": "index.ranking.search",
    "SearchResult": "index.ranking.search",
}
"""Modules of the public names; all others are errors."""


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in __all__:
        raise AttributeError(f"module 'index' has no attribute {name!r}")
    value = getattr(import_module(_DEFINED_IN.get(name, "index.errors")), "load" if name == "load_encoder" else name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
