"""`manifest.json`: what an index is, and that it is complete. Written last, by rename."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.errors import REMEDY, IndexDamaged, IndexMismatch, IndexNotWritten, NoIndex
from index.layout import FIRST_RECORDS, MANIFEST, NEXT_MANIFEST, sync
from index.models.encoder import Encoder
from index.models.model_store import Precision
from index.models.similarity_scale import SimilarityScale

FORMAT = 2
"""Raised when an older program could not read what this one writes, or the other way round."""


CHECKSUM = "sha256"
"""The manifest's own checksum, over all its other values."""


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """The model that made an index's vectors."""

    name: str
    fingerprint: str
    dimension: int
    max_tokens: int
    precision: Precision = "fp32"
    """Manifests from before there was a choice do not name it."""


@dataclass(frozen=True, slots=True)
class Recall:
    """What share of the nearest rows an approximate search finds when a filter keeps this share of all rows.

    Of the 10 and the 100 nearest, when it reads so many lists (`probes`) and proposes candidates for 100.
    """

    share: float
    probes: int
    recall_at_10: float
    recall_at_100: float


@dataclass(frozen=True, slots=True)
class DenseRecord:
    """How dense candidates are found: `kind` is `exact`, or `ivf` for what `index.dense.ivf` describes."""

    asked: str = "auto"
    """`exact` or `ivf` where the user chose, else `auto`: by size."""
    kind: str = "exact"
    file: str = ""
    """That of the approximate structure, by its path relative to the generation's folder; empty where there is none."""
    rows: int = 0
    """Rows, from the first on, that the structure holds; the others are scanned."""
    trained: int = 0
    """Rows when its lists were found."""
    lists: int = 0
    rescored: float = 1.0
    """Candidates scored exactly for each one wanted."""
    check: str = ""
    """A hash of some of its rows' vectors: whether they are still the same rows."""
    recalls: tuple[Recall, ...] = ()
    """Measured at the build, the largest share first."""

    def probes(self, share: float) -> int:
        """How many lists to read where a filter keeps this share of the rows: those of the next lower one measured."""
        return next((one.probes for one in self.recalls if one.share <= share), self.recalls[-1].probes)


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file of a generation, by its path relative to the generation's folder."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What `manifest.json` holds."""

    generation: int
    model: ModelRecord
    chunking: Mapping[str, float]
    scale: SimilarityScale
    documents: Mapping[str, str]
    """Document id to the sha256 of its source."""
    passages: int
    sentences: int
    files: Mapping[str, FileRecord]
    dense: DenseRecord = DenseRecord()
    format: int = FORMAT

    def files_of(self, kind: str) -> list[str]:
        """Files of the generation whose folder or name begins with `kind`, oldest first."""
        return files_of_kind(self.files, kind)


def files_of_kind(names: Iterable[str], kind: str) -> list[str]:
    """Those of a generation's files whose folder or name begins with `kind`, oldest first."""
    found = (name for name in names if name.startswith((f"{kind}/", f"{kind}.", f"{kind}-")))
    return sorted(found, key=lambda name: (name != FIRST_RECORDS, name))


def stamp(folder: Path) -> tuple[int, int, int] | None:
    """What changes whenever the manifest is replaced: inode, size and time; None where it is missing."""
    try:
        status = (folder / MANIFEST).stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


def read(folder: Path) -> Manifest:
    """Raises NoIndex where there is none, IndexMismatch where it is damaged or of another format version."""
    path = folder / MANIFEST
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NoIndex(f"{folder}: no index here (make one: yearbook-qa index PATH... --index {folder})") from error
    except (ValueError, UnicodeDecodeError) as error:
        raise IndexMismatch(f"{path}: damaged ({error}): {how_to_rebuild(folder)}") from error
    found = data.get("format") if isinstance(data, dict) else None
    if found != FORMAT:
        raise IndexMismatch(
            f"{folder}: the index has format version {found}, this program reads {FORMAT}: "
            f"{_of_another_version(folder, data)}"
        )
    sealed = data.pop(CHECKSUM, None)
    if sealed != checksum_of(data):
        raise IndexMismatch(
            f"{path}: damaged (its checksum is {checksum_of(data)}, it says {sealed}): {how_to_rebuild(folder)}"
        )
    try:
        return _parse(folder, data)
    except (KeyError, TypeError) as error:
        raise IndexMismatch(f"{path}: damaged ({error!r}): {how_to_rebuild(folder)}") from error


def missing_manifest(folder: Path) -> IndexDamaged:
    """What to raise where an index is there and its manifest is not."""
    return IndexDamaged(f"{folder / MANIFEST}: missing, though the folder holds an index: {how_to_rebuild(folder)}")


def checksum_of(data: Mapping[str, Any]) -> str:
    """The sha256 of all else that the manifest says, whatever its layout."""
    return hashlib.sha256(json.dumps(data, ensure_ascii=True, sort_keys=True).encode()).hexdigest()


def how_to_rebuild(folder: Path) -> str:
    """Return the advice that ends the message about a damaged index."""
    return f"{REMEDY}, or move {folder} away and index the documents again"


def _of_another_version(folder: Path, data: Any) -> str:
    """How to mend that a manifest has another format; the first format had no checksum."""
    rest = {name: one for name, one in data.items() if name != CHECKSUM} if isinstance(data, dict) else {}
    if not isinstance(rest.get("format"), int) or data.get(CHECKSUM, sealed := checksum_of(rest)) != sealed:
        return how_to_rebuild(folder)
    if rest["format"] > FORMAT:
        return "a newer version of the program made it, and reads it"
    return f"an earlier version of the program made it: move {folder} away and index the documents again"


def _parse(folder: Path, data: Mapping[str, Any]) -> Manifest:
    model = dict(data["model"])
    if model.pop("fast", False):  # earlier versions could take the vectors of sentences from those of their passages
        raise IndexMismatch(
            f"{folder}: built with --fast-index, which this version does not support: "
            f"rebuild it with `yearbook-qa doctor --repair --index {folder}`"
        )
    dense = data.get("dense", {})  # none where all is scanned, in an index made before there was another way
    return Manifest(
        **{
            **data,
            "model": ModelRecord(**model),
            "scale": SimilarityScale(**data["scale"]),
            "files": {name: FileRecord(**record) for name, record in data["files"].items()},
            "dense": DenseRecord(**dense | {"recalls": tuple(Recall(**one) for one in dense.get("recalls", ()))}),
        }
    )


def write(folder: Path, manifest: Manifest) -> None:
    """Switch the index to this manifest: after the rename readers see the new generation, before it the old one.

    Raises OSError where nothing was switched, IndexNotWritten where it was but a power cut may undo it.
    """
    temporary = folder / NEXT_MANIFEST
    written = asdict(manifest)
    try:
        temporary.write_text(
            json.dumps(written | {CHECKSUM: checksum_of(written)}, ensure_ascii=False, indent=1) + "\n",
            encoding="utf-8",
        )
        sync(temporary)
        sync(folder)  # the folder of generations may be new in it
        temporary.replace(folder / MANIFEST)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    try:
        sync(folder)
    except OSError as error:
        reason = error.strerror or error
        raise IndexNotWritten(
            f"{folder}: is written, but a power cut may undo it ({reason}): is the disk sound?"
        ) from error


def record_files(folder: Path, files: Iterable[Path], known: Mapping[str, FileRecord]) -> dict[str, FileRecord]:
    """Size and checksum of a generation's files, all of them written to disk.

    Those in `known` are taken over: immutable files, linked.
    """
    records: dict[str, FileRecord] = {}
    for file in sorted(files):
        name = file.relative_to(folder).as_posix()
        if name in known:
            records[name] = known[name]
            continue
        with file.open("rb") as stream:
            records[name] = FileRecord(file.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest())
        sync(file)
    return records


def record_model(encoder: Encoder) -> ModelRecord:
    """What a manifest says of the model that makes an index's vectors."""
    return ModelRecord(encoder.name, encoder.fingerprint, encoder.dimension, encoder.max_tokens, encoder.precision)


def check_model(current: Manifest, encoder: Encoder, folder: Path) -> None:
    """Raises IndexMismatch, naming both, when an index was made with another model or in another precision."""
    if current.model.fingerprint != encoder.fingerprint:
        made, asked = (
            f"{one.name} ({one.dimension} dimensions, {one.precision}, {one.fingerprint[:12]})"
            for one in (current.model, encoder)
        )
        raise IndexMismatch(
            f"{folder}: made with model {made}, asked for {asked}: use the first, or index into another folder with "
            f"`yearbook-qa index PATH... --model {encoder.name} --precision {encoder.precision} --index OTHER`"
        )
