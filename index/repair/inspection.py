"""What an index folder says of itself, be it damaged: its manifest or what is left of that, and which files are whole.

A manifest that does not bear out its own checksum is believed in nothing but this: a file whose sha256 stands in it is
whole, since no accident makes the two agree. Reads only. Knows nothing of what the files hold.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from index import layout, manifest
from index.errors import IndexMismatch, NoIndex
from index.manifest import FileRecord, Manifest
from index.models.model_store import Precision
from index.storage.segments import connect

_FILE = re.compile(
    r'"((?!\.\.|[^"]*/\.\./)[A-Za-z0-9_.][A-Za-z0-9_./-]*)":\s*\{\s*"size":\s*(\d{1,15}),\s*"sha256":\s*"([0-9a-f]{64})"\s*\}'
)
_MODEL = re.compile(r'"name":\s*"([^"\\\x00-\x1f]+)",\s*"fingerprint":\s*"([0-9a-f]+)"')
_PRECISION = re.compile(r'"precision":\s*"(fp32|int8)"')
_HASH = re.compile(r'"([0-9a-f]{64})"')
_ASKED = re.compile(r'"asked":\s*"(auto|exact|ivf)"')


@dataclass(frozen=True, slots=True)
class Remains:
    """An index's current generation; without `manifest`, what was found of it."""

    generation: int
    base: Path
    """The generation's folder."""
    files: Mapping[str, FileRecord]
    manifest: Manifest | None
    fault: str = ""
    """What is wrong with the manifest."""
    model: str = ""
    precision: Precision | None = None
    """That of the model's numbers, None where it cannot be read."""
    fingerprint: str = ""
    hashes: frozenset[str] = frozenset()
    """All that stand in a damaged manifest: a document whose source has none of them was removed, or its line is."""
    asked: str = "auto"
    """How dense candidates are to be found."""

    @property
    def segments(self) -> list[Path]:
        """The files of records, oldest first, whether they are there or not."""
        if self.manifest is not None:
            return [self.base / name for name in self.manifest.files_of(layout.RECORDS)]
        there = [one.name for one in self.base.glob(f"{layout.RECORDS}*.sqlite")]
        return [self.base / name for name in manifest.files_of_kind(there, layout.RECORDS)]

    @property
    def documents(self) -> Mapping[str, str] | None:
        """Document id to the sha256 of its source; None where that is not known."""
        return None if self.manifest is None else self.manifest.documents

    def doubted(self) -> frozenset[str] | None:
        """Where neither the manifest nor all records are whole: the hashes that a document's source must be among.

        Damaged records may not say what was removed; those hashes do. None where there is no need of them, or none.
        """
        if self.manifest is not None or not self.hashes:
            return None
        named = {self.base / name for name in manifest.files_of_kind(self.files, layout.RECORDS)}
        whole = named == set(self.segments) and not any(fault_of(path, self.files[path.name]) for path in self.segments)
        return None if whole else self.hashes


def look(folder: Path) -> Remains:
    """Raises NoIndex where there is no index, not even a damaged one, IndexMismatch for one of another format."""
    try:
        found = manifest.read(folder)
    except (NoIndex, IndexMismatch, OSError, RecursionError) as error:
        text = _text(folder / layout.MANIFEST)
        generation = _newest(folder)
        if generation is None or _of_another_format(text):
            raise
        why = "missing" if isinstance(error, NoIndex) else "damaged"
        model, asked = _MODEL.search(text), _ASKED.search(text)
        return Remains(
            generation,
            layout.generation_folder(folder, generation),
            {name: FileRecord(int(size), sha256) for name, size, sha256 in _FILE.findall(text)},
            None,
            why,
            model[1] if model else "",
            _precision(text),
            model[2] if model else "",
            frozenset(_HASH.findall(text)),
            asked[1] if asked else "auto",
        )
    base = layout.generation_folder(folder, found.generation)
    return Remains(
        found.generation,
        base,
        found.files,
        found,
        "",
        found.model.name,
        found.model.precision,
        found.model.fingerprint,
        frozenset(),
        found.dense.asked,
    )


def fault_of(path: Path, record: FileRecord) -> str:
    """What is wrong with a file, empty where it is what the manifest says. Reads all of it."""
    try:
        size = path.stat().st_size
        if size != record.size:
            return f"{size:,} bytes, the manifest says {record.size:,}"
        with path.open("rb") as stream:
            same = hashlib.file_digest(stream, "sha256").hexdigest() == record.sha256
    except FileNotFoundError:
        return "missing"
    except OSError as error:
        return f"cannot be read ({error.strerror or error})"
    return "" if same else "its contents are not what was written (sha256)"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _precision(text: str) -> Precision | None:
    found = _PRECISION.search(text)
    return None if found is None else "fp32" if found[1] == "fp32" else "int8"


def _of_another_format(text: str) -> bool:
    """Whether a manifest is whole and another version's, rather than damaged."""
    found = re.search(r'"format":\s*(\d+)', text)
    return found is not None and int(found[1]) != manifest.FORMAT and text.rstrip().endswith("}") and "\0" not in text


def _newest(folder: Path) -> int | None:
    """The newest generation that was finished: what is written last is there, and the records open.

    Where the records of none do, the newest that was finished otherwise.
    """
    finished = [
        number
        for number in reversed(layout.list_generations(folder))
        if (layout.generation_folder(folder, number) / layout.ROWS).is_file()
        and (layout.generation_folder(folder, number) / layout.LEXICAL / "meta.json").is_file()
    ]
    for number in finished:
        if all(map(opens, layout.generation_folder(folder, number).glob(f"{layout.RECORDS}*.sqlite"))):
            return number
    return next(iter(finished), None)


def opens(path: Path) -> bool:
    """Whether a file of records is sound in itself."""
    try:
        connection = connect(path)
    except sqlite3.Error:
        return False
    try:
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.Error:
        return False
    finally:
        connection.close()
