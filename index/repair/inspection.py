"""Inspect the folder of a damaged index: its manifest or what is left of it, and which files are intact. Reads only."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from index import layout, manifest
from index.errors import IndexMismatch, NoIndex
from index.manifest import FileRecord, Manifest
from index.models.model_store import Precision
from index.repair.salvage import Segment

_MODEL = re.compile(r'"name":\s*"([^"\\\x00-\x1f]+)",\s*"fingerprint"')
_PRECISION = re.compile(r'"precision":\s*"(fp32|int8)"')
_INDEX_TYPE = re.compile(r'"asked":\s*"(auto|exact|ivf)"')
_HASH = re.compile(r'"([0-9a-f]{64})"')
_FORMAT = re.compile(r'"format":\s*(\d+)')


@dataclass(frozen=True, slots=True)
class Inspection:
    """The current generation of an index.

    Where the manifest is lost or damaged (`fault` says which), `manifest` is None and `generation` the newest complete
    one; `model`, `precision`, `index_type` and `hashes` (all sha256 values) are read from the text of the damaged
    manifest where that is possible.
    """

    generation: int
    base: Path
    manifest: Manifest | None
    fault: str = ""
    model: str = ""
    precision: Precision | None = None
    index_type: str = "auto"
    hashes: frozenset[str] = frozenset()

    @property
    def files(self) -> Mapping[str, FileRecord]:
        """The files that the manifest names; none where it is lost."""
        return {} if self.manifest is None else self.manifest.files

    @property
    def documents(self) -> Mapping[str, str] | None:
        """Ids of documents to the sha256 of their source; None without a manifest."""
        return None if self.manifest is None else self.manifest.documents

    @property
    def segments(self) -> list[Path]:
        """The files of records, oldest first, whether they exist or not."""
        there = self.files if self.manifest is not None else [p.name for p in _record_files(self.base)]
        return [self.base / name for name in manifest.files_of_kind(there, layout.RECORDS)]


def inspect(folder: Path) -> Inspection:
    """Inspect an index folder.

    Raises NoIndex where there is no index, not even a damaged one; IndexMismatch for one of another format.
    """
    try:
        current = manifest.read(folder)
    except (NoIndex, IndexMismatch, OSError, RecursionError) as error:
        text = _text(folder / layout.MANIFEST)
        generation = _newest_complete(folder)
        if generation is None or _is_other_format(text):
            raise
        model, index_type = _MODEL.search(text), _INDEX_TYPE.search(text)
        return Inspection(
            generation,
            layout.generation_folder(folder, generation),
            None,
            "missing" if isinstance(error, NoIndex) else "damaged",
            model[1] if model else "",
            _precision(text),
            index_type[1] if index_type else "auto",
            frozenset(_HASH.findall(text)),
        )
    base = layout.generation_folder(folder, current.generation)
    return Inspection(
        current.generation, base, current, "", current.model.name, current.model.precision, current.dense.asked
    )


def fault_of(path: Path, record: FileRecord) -> str:
    """Return what is wrong with a file, empty where it is what the manifest says. Reads all of it."""
    try:
        size = path.stat().st_size
        if size != record.size:
            return f"{size:,} bytes, the manifest says {record.size:,}"
        with path.open("rb") as stream:
            intact = hashlib.file_digest(stream, "sha256").hexdigest() == record.sha256
    except FileNotFoundError:
        return "missing"
    except OSError as error:
        return f"cannot be read ({error.strerror or error})"
    return "" if intact else "its contents are not what was written (sha256)"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _precision(text: str) -> Precision | None:
    match = _PRECISION.search(text)
    return None if match is None else "fp32" if match[1] == "fp32" else "int8"


def _is_other_format(text: str) -> bool:
    """Return whether a manifest is an intact one of another version, rather than damaged."""
    match = _FORMAT.search(text)
    return match is not None and int(match[1]) != manifest.FORMAT and text.rstrip().endswith("}") and "\0" not in text


def _record_files(generation: Path) -> list[Path]:
    return list(generation.glob(f"{layout.RECORDS}*.sqlite"))


def _newest_complete(folder: Path) -> int | None:
    """Return the newest generation with the files that are written last, preferably one whose records are sound."""
    complete = []
    for number in reversed(layout.list_generations(folder)):
        base = layout.generation_folder(folder, number)
        if (base / layout.ROWS).is_file() and (base / layout.LEXICAL / "meta.json").is_file():
            complete.append(number)
            if not any(map(_record_fault, _record_files(base))):
                return number
    return next(iter(complete), None)


def _record_fault(path: Path) -> str:
    segment = Segment(path)
    try:
        return segment.fault()
    finally:
        segment.close()
