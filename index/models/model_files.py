"""Where a model's files lie, by its name or path, and which they are: the hash that names its exports and its vectors.

Nothing is loaded or downloaded here: a name that is no folder of this machine is left to a model hub.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import platformdirs

VECTORS_VERSION = 1
"""Raised when a model comes to give other vectors in fp32: indexes made before are then another model's."""

_MODEL_SUFFIXES = frozenset({".safetensors", ".bin", ".json", ".txt", ".model"})


def cache_folder() -> Path:
    """Where exported models lie: `YEARBOOK_QA_CACHE`, else the user's cache folder."""
    named = os.environ.get("YEARBOOK_QA_CACHE")
    return Path(named) if named else Path(platformdirs.user_cache_dir("yearbook-qa", appauthor=False))


def key_of(source: str) -> str:
    """The hash of a local model's files; for a hub's name, of the name (the export checks the weights it loads)."""
    folder = Path(source)
    if not folder.is_dir():
        return hashlib.sha256(f"{VECTORS_VERSION}\0{source}".encode()).hexdigest()[:32]
    digest = hashlib.sha256(f"{VECTORS_VERSION}\0".encode())
    for file in sorted(_model_files(folder)):
        digest.update(f"{file.relative_to(folder).as_posix()}\0{sha256_of(file)}\0".encode())
    return digest.hexdigest()[:32]


def _model_files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*") if file.is_file() and file.suffix in _MODEL_SUFFIXES)


def sha256_of(file: Path) -> str:
    """The file's sha256; remembered by path, size and time of change, since weights are large and asking is quick."""
    status = file.stat()
    stamp = f"{file.resolve()}\0{status.st_size}\0{status.st_mtime_ns}"
    memo = cache_folder() / "hashes" / hashlib.sha256(stamp.encode()).hexdigest()
    try:
        known = memo.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        known = ""
    if len(known) == 64:
        return known
    with file.open("rb") as stream:
        value = hashlib.file_digest(stream, "sha256").hexdigest()
    if status.st_size > 1_000_000:
        memo.parent.mkdir(parents=True, exist_ok=True)
        memo.write_text(value, encoding="ascii")
    return value
