"""Compare the files of a generation with the sizes and checksums in its manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from corpus.translation import gettext as _
from index.errors import REMEDY, IndexDamaged, IndexMismatch
from index.layout import generation_folder
from index.manifest import FileRecord, Manifest, how_to_rebuild

SMALL = 1 << 20
"""Largest file, in bytes, whose checksum is verified whenever an index is opened.

That covers all of a small index, and the small files that decide how large ones are read; `doctor` verifies the rest.
"""


def check_files(folder: Path, manifest: Manifest) -> None:
    """Verify the size of each file of the current generation, and the contents of small ones.

    Raises:
        IndexMismatch: A file is missing or differs from the manifest.
    """
    base = generation_folder(folder, manifest.generation)
    for name, record in manifest.files.items():
        path = base / name
        try:
            size = path.stat().st_size
        except FileNotFoundError as error:
            raise IndexMismatch(
                _(
                    "%(path)s: missing, although the manifest lists it: %(remedy)s",
                    path=path,
                    remedy=how_to_rebuild(folder),
                )
            ) from error
        if size != record.size:
            raise IndexMismatch(
                _(
                    "%(path)s: %(size)s bytes, the manifest states %(recorded)s: %(remedy)s",
                    path=path,
                    size=f"{size:,}",
                    recorded=f"{record.size:,}",
                    remedy=how_to_rebuild(folder),
                )
            )
        if size <= SMALL and (actual := _sha256(path)) != record.sha256:
            raise IndexMismatch(
                _(
                    "%(path)s: its sha256 is %(actual)s, the manifest states %(sha256)s: %(remedy)s",
                    path=path,
                    actual=actual,
                    sha256=record.sha256,
                    remedy=how_to_rebuild(folder),
                )
            )


def check_contents(base: Path, records: Mapping[str, FileRecord], names: Iterable[str]) -> None:
    """Verify the contents of files of any size before they are copied into new ones, which would hide damage.

    Args:
        base: The generation's folder.
        records: The manifest's records by path relative to `base`.
        names: Paths of the files to verify.

    Raises:
        IndexDamaged: The contents of a file differ from the manifest.
    """
    for name in names:
        actual = _sha256(base / name)
        if actual != records[name].sha256:
            raise IndexDamaged(
                _(
                    "%(base)s: damaged (its sha256 is %(actual)s, the manifest states %(sha256)s): %(remedy)s",
                    base=base / name,
                    actual=actual,
                    sha256=records[name].sha256,
                    remedy=_(REMEDY),
                )
            )


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
