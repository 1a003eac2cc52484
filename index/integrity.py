"""Compare the files of a generation with the sizes and checksums in its manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from index.errors import REMEDY, IndexDamaged, IndexMismatch
from index.layout import generation_folder
from index.manifest import FileRecord, Manifest, how_to_rebuild

SMALL = 1 << 20
"""Bytes up to which a file is read and held against its checksum whenever an index is opened."""


def check_files(folder: Path, manifest: Manifest) -> None:
    """Raises IndexMismatch for a file that is missing or of another size, or, if it is small, of other contents.

    What large ones hold is for `doctor`. Small ones are all of a small index, and what decides how large ones are read.
    """
    base = generation_folder(folder, manifest.generation)
    for name, record in manifest.files.items():
        try:
            size = (base / name).stat().st_size
        except FileNotFoundError as error:
            raise IndexMismatch(
                f"{base / name}: missing, though the manifest names it: {how_to_rebuild(folder)}"
            ) from error
        if size != record.size:
            raise IndexMismatch(
                f"{base / name}: {size:,} bytes, the manifest says {record.size:,}: {how_to_rebuild(folder)}"
            )
        if size <= SMALL:
            found = hashlib.sha256((base / name).read_bytes()).hexdigest()
            if found != record.sha256:
                raise IndexMismatch(
                    f"{base / name}: its sha256 is {found}, the manifest says {record.sha256}: {how_to_rebuild(folder)}"
                )


def check_contents(base: Path, known: Mapping[str, FileRecord], names: Iterable[str]) -> None:
    """Raises IndexDamaged for one of these files of a generation that is not what was written, whatever its size.

    Asked before their contents go into new files: with these, damage would get a checksum that bears it out.
    """
    for name in names:
        with (base / name).open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
        if found != known[name].sha256:
            raise IndexDamaged(
                f"{base / name}: damaged (its sha256 is {found}, the manifest says {known[name].sha256}): {REMEDY}"
            )
