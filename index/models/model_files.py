"""Hash the files of a model; the hash names its exports and its vectors. Nothing is loaded or downloaded here."""

from __future__ import annotations

import hashlib
from pathlib import Path

from corpus.cache import cache_folder

VECTORS_VERSION = 1
"""Increment it when the vectors in fp32 change: older indexes then count as built with another model."""

_MODEL_SUFFIXES = frozenset({".safetensors", ".bin", ".json", ".txt", ".model"})


def key_of(source: str) -> str:
    """Return the hash of a local model's file or files; for a name on a model hub, of the name."""
    folder = Path(source)
    if folder.is_file():
        return hashlib.sha256(f"{VECTORS_VERSION}\0{folder.name}\0{sha256_of(folder)}".encode()).hexdigest()[:32]
    if not folder.is_dir():
        return hashlib.sha256(f"{VECTORS_VERSION}\0{source}".encode()).hexdigest()[:32]
    digest = hashlib.sha256(f"{VECTORS_VERSION}\0".encode())
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.suffix in _MODEL_SUFFIXES:
            digest.update(f"{file.relative_to(folder).as_posix()}\0{sha256_of(file)}\0".encode())
    return digest.hexdigest()[:32]


def sha256_of(file: Path) -> str:
    """Return the file's sha256, cached by path, size and modification time, since weights are large."""
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
