"""What lies where in an index folder, and how a file gets there safely."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

MANIFEST = "manifest.json"
LOCK = "build.lock"
GENERATIONS = "generations"
RECORDS = "passages.sqlite"
ROWS = "rows.npy"
LEXICAL = "lexical"
VECTORS = "vectors"
SENTENCES = "sentences"


def generation_folder(folder: Path, generation: int) -> Path:
    """Where the files of a generation lie."""
    return folder / GENERATIONS / str(generation)


def generations(folder: Path) -> list[int]:
    """Generations that have a folder, finished or not."""
    parent = folder / GENERATIONS
    if not parent.is_dir():
        return []
    return sorted(int(one.name) for one in parent.iterdir() if one.is_dir() and one.name.isdecimal())


def reuse(source: Path, target: Path) -> None:
    """The same immutable file at another place: a hard link where the file system can, else a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def sync(path: Path) -> None:
    """Have a file or folder written to disk; folders only where the system can open them."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Have all files under a folder, and the folders, written to disk."""
    for parent, _, names in os.walk(folder, topdown=False):
        for name in names:
            sync(Path(parent) / name)
        sync(Path(parent))
