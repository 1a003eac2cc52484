"""What lies where in an index folder, and how a file gets there safely."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

MANIFEST = "manifest.json"
NEXT_MANIFEST = f"{MANIFEST}.new"
LOCK = "build.lock"
GENERATIONS = "generations"
RECORDS = "passages"
FIRST_RECORDS = f"{RECORDS}.sqlite"
"""The oldest and largest file of records; those that later builds add are named after them."""
ROWS = "rows.npy"
LEXICAL = "lexical"
VECTORS = "vectors"
SENTENCES = "sentences"
VECTOR_FOLDERS = {"passage": VECTORS, "sentence": SENTENCES}
"""Where the vectors of a kind lie."""
APPROXIMATE = "approximate"
UNFINISHED = "unfinished"
"""An empty file in a generation until the manifest names it."""


def generation_folder(folder: Path, generation: int) -> Path:
    """Where the files of a generation lie."""
    return folder / GENERATIONS / str(generation)


def stem(generation: Path) -> str:
    """How the names of files begin that a generation adds: in the order of their names, files are oldest first."""
    return f"{int(generation.name):06d}"


def records_file(generation: Path) -> Path:
    """The file of records that a build writes, in its generation's folder."""
    return generation / f"{RECORDS}-{stem(generation)}.sqlite"


def list_generations(folder: Path) -> list[int]:
    """Generations that have a folder, finished or not."""
    parent = folder / GENERATIONS
    if not parent.is_dir():
        return []
    return sorted(int(one.name) for one in parent.iterdir() if one.is_dir() and one.name.isdecimal())


def make_folder(folder: Path) -> None:
    """Make a folder with its parents, so that a power cut does not take it away with what is put into it."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for one in missing:
        with suppress(PermissionError):  # one may write into a folder that one must not open
            sync(one.parent)


def is_manifest_missing(folder: Path) -> bool:
    """Whether there is a generation that was finished, and no manifest."""
    bases = [generation_folder(folder, number) for number in list_generations(folder)]
    finished = any((base / ROWS).is_file() and not (base / UNFINISHED).exists() for base in bases)
    return finished and not (folder / MANIFEST).exists()


def link_or_copy(source: Path, target: Path) -> None:
    """The same immutable file at another place: a hard link where the file system can, else a copy, on disk."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
        sync(target)


def sync(path: Path) -> None:
    """Have a file or folder written to disk; folders only where the system can open them."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        # contents and size are what is needed; without the times and modes it costs a third where they changed
        getattr(os, "fsync" if path.is_dir() else "fdatasync", os.fsync)(descriptor)
    finally:
        os.close(descriptor)


def sync_folders(folder: Path) -> None:
    """Have the entries of a folder, and of all folders under it, written to disk."""
    for parent, _, _ in os.walk(folder, topdown=False):
        sync(Path(parent))
