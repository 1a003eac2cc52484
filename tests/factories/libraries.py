"""Small libraries of invented files, encoded by a hash unless another encoder is given."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import Encoder
from qa.answering.library import Library
from tests.factories.encoders import HashEncoder


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files, given by their paths below a folder; return the folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def library_of(
    folder: Path, files: Mapping[str, str | bytes], *others: Path, encoder: Encoder | None = None
) -> Library:
    """Return a library of files, written to `files` in the folder, and of other paths; its index is in `index`."""
    encoder = encoder or HashEncoder()
    own = [write_files(folder / "files", files)] if files else []
    build(folder / "index", plan([*others, *own]), encoder)
    return Library(folder / "index", encoder)
