"""Names and places of the files in an index folder, and how to create them durably.

<index>/manifest.json                      names the current generation and all its files
<index>/build.lock                         held while a build writes
<index>/editions/                          cached alignments of editions (`qa.editions`); may be deleted
<index>/generations/<n>/passages*.sqlite   records: documents and passages, in segments
<index>/generations/<n>/rows.npy           passage number to row of its vector
<index>/generations/<n>/lexical/           inverted index of tantivy
<index>/generations/<n>/vectors/           vectors of passages
<index>/generations/<n>/sentences/         vectors of sentences
<index>/generations/<n>/approximate/       inverted lists over the vectors of passages, in a large index
"""

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
"""The oldest and largest segment; later segments carry the number of their generation."""
ROWS = "rows.npy"
LEXICAL = "lexical"
VECTORS = "vectors"
SENTENCES = "sentences"
VECTOR_FOLDERS = {"passage": VECTORS, "sentence": SENTENCES}
"""Folder by kind of vector."""
VECTOR_KINDS = tuple(VECTOR_FOLDERS)
APPROXIMATE = "approximate"
INDEX_TYPES = ("auto", "exact", "ivf")
"""Kinds of dense search to choose from: a scan, inverted lists, or `auto` to decide by size."""
UNFINISHED = "unfinished"
"""Empty file that marks a generation which no manifest names yet."""


def generation_folder(folder: Path, generation: int) -> Path:
    """Return the folder of a generation."""
    return folder / GENERATIONS / str(generation)


def stem(generation: Path) -> str:
    """Return the prefix of the files that a generation adds, such that sorting by name puts the oldest file first."""
    return f"{int(generation.name):06d}"


def records_file(generation: Path) -> Path:
    """Return the path of the segment that a build writes into its generation's folder."""
    return generation / f"{RECORDS}-{stem(generation)}.sqlite"


def list_generations(folder: Path) -> list[int]:
    """Return the numbers of the generations that have a folder, finished or not."""
    parent = folder / GENERATIONS
    if not parent.is_dir():
        return []
    return sorted(int(path.name) for path in parent.iterdir() if path.is_dir() and path.name.isdecimal())


def make_folder(folder: Path) -> None:
    """Make a folder and its parents, and sync them, so that a power cut does not remove them with their contents."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for path in missing:
        with suppress(PermissionError):  # a folder may be writable without being readable
            sync(path.parent)


def is_manifest_missing(folder: Path) -> bool:
    """Return whether the folder holds a finished generation but no manifest."""
    bases = [generation_folder(folder, number) for number in list_generations(folder)]
    finished = any((base / ROWS).is_file() and not (base / UNFINISHED).exists() for base in bases)
    return finished and not (folder / MANIFEST).exists()


def link_or_copy(source: Path, target: Path) -> None:
    """Hard-link an immutable file, or copy and sync it where the file system has no links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
        sync(target)


def sync(path: Path) -> None:
    """Flush a file or folder to disk; folders only where the system can open them."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        # fdatasync skips times and modes, which no reader needs: a third of the cost where contents changed
        getattr(os, "fsync" if path.is_dir() else "fdatasync", os.fsync)(descriptor)
    finally:
        os.close(descriptor)


def sync_folders(folder: Path) -> None:
    """Flush the entries of a folder and of all folders below it to disk."""
    for parent, _, _ in os.walk(folder, topdown=False):
        sync(Path(parent))
