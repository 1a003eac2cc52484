"""`manifest.json` describes an index and names all its files, each with its size and checksum.

A build writes it last and renames it into place.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from corpus.filesystem import file_sha256
from corpus.translation import gettext as _
from index.errors import REMEDY, IndexDamaged, IndexMismatch, IndexNotWritten, NoIndex
from index.layout import FIRST_RECORDS, MANIFEST, NEXT_MANIFEST, generation_folder, sync
from index.models.encoder import Encoder
from index.models.model_store import Precision
from index.models.similarity_scale import SimilarityScale

FORMAT = 4
"""Format version that is written: increment it when older programs could not read a new index."""

READABLE_FORMATS = (2, 3, 4)
"""Format versions that this program reads; version 2 has no table rows in words, version 3 no sentence model."""

CHECKSUM = "sha256"
"""Key of the manifest's own checksum, over all its other values."""

MAX_VERIFIED_WHEN_OPENED = 1 << 20
"""Largest file, in bytes, whose checksum is verified whenever an index is opened.

That covers all of a small index, and the small files that decide how large ones are read; `doctor` verifies the rest.
"""


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """The model that computed an index's vectors."""

    name: str
    fingerprint: str
    dimension: int
    max_tokens: int
    precision: Precision = "fp32"
    """Absent from manifests written before there was a choice."""
    sentence_dimension: int = 0
    """Length of the vectors of the sentence encoder; 0 without one. For readers of the file: the program asks the
    encoder."""


@dataclass(frozen=True, slots=True)
class Recall:
    """Recall of an approximate search under a filter that keeps `share` of all rows, with `probes` inverted lists read.

    The fraction of the true 10 and 100 nearest rows among its candidates for 100.
    """

    share: float
    probes: int
    recall_at_10: float
    recall_at_100: float


@dataclass(frozen=True, slots=True)
class DenseRecord:
    """How dense candidates are searched: `kind` is `exact` for a scan, or `ivf` for inverted lists."""

    asked: str = "auto"
    """The user's choice, one of `layout.INDEX_TYPES`."""
    kind: str = "exact"
    file: str = ""
    """Path of the inverted lists, relative to the generation's folder; empty for an exact search."""
    rows: int = 0
    """Number of leading rows in the inverted lists; later rows are scanned."""
    trained: int = 0
    """Number of rows when the lists were trained."""
    lists: int = 0
    rescored: float = 1.0
    """Candidates scored exactly per candidate wanted."""
    check: str = ""
    """Hash of a sample of the rows' vectors, to check that the lists still describe the same rows."""
    recalls: tuple[Recall, ...] = ()
    """Measured at the build, largest share first."""

    def probes(self, share: float) -> int:
        """Return the number of lists to read under a filter that keeps this share: that of the next lower share."""
        return next((recall.probes for recall in self.recalls if recall.share <= share), self.recalls[-1].probes)


@dataclass(frozen=True, slots=True)
class FileRecord:
    """Size in bytes and checksum of a file of a generation."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Contents of `manifest.json`."""

    generation: int
    model: ModelRecord
    chunking: Mapping[str, float]
    scale: SimilarityScale
    documents: Mapping[str, str]
    """Document id to the sha256 of its source."""
    passages: int
    sentences: int
    files: Mapping[str, FileRecord]
    """By path relative to the generation's folder."""
    dense: DenseRecord = DenseRecord()
    sentence_scale: SimilarityScale | None = None
    """Scale of the sentence encoder; None without one."""
    format: int = FORMAT

    def files_of(self, kind: str) -> list[str]:
        """Return the files whose folder or name begins with `kind`, oldest first."""
        return files_of_kind(self.files, kind)


def files_of_kind(names: Iterable[str], kind: str) -> list[str]:
    """Return those of a generation's files whose folder or name begins with `kind`, oldest first."""
    matching = (name for name in names if name.startswith((f"{kind}/", f"{kind}.", f"{kind}-")))
    return sorted(matching, key=lambda name: (name != FIRST_RECORDS, name))


@dataclass(frozen=True, slots=True)
class Generation:
    """A finished generation of an index: its folder and its manifest."""

    folder: Path
    manifest: Manifest

    def paths(self, kind: str) -> list[Path]:
        """Return the paths of the files of a kind (`Manifest.files_of`), oldest first."""
        return [self.folder / name for name in self.manifest.files_of(kind)]

    def check(self, names: Iterable[str]) -> None:
        """Verify the contents of these files (`check_contents`). Raises IndexDamaged."""
        check_contents(self.folder, self.manifest.files, names)

    def check_paths(self, paths: Iterable[Path]) -> None:
        """Verify the contents of those of these files that are its own. Raises IndexDamaged."""
        self.check(path.relative_to(self.folder).as_posix() for path in paths if path.is_relative_to(self.folder))


def stamp(folder: Path) -> tuple[int, int, int] | None:
    """Return inode, size and time of the manifest, which change whenever it is replaced; None if it is missing."""
    try:
        status = (folder / MANIFEST).stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


def read(folder: Path) -> Manifest:
    """Read and verify the manifest of an index.

    Raises:
        NoIndex: The folder holds no manifest.
        IndexMismatch: The manifest has another format version, or was built with a removed option.
        IndexDamaged: The manifest is damaged.
    """
    path = folder / MANIFEST
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NoIndex(
            _("%(folder)s: no index here (build one: yearbook-qa index PATH... --index %(folder)s)", folder=folder)
        ) from error
    except (ValueError, UnicodeDecodeError) as error:
        raise _damaged(folder, str(error)) from error
    version = data.get("format") if isinstance(data, dict) else None
    if version not in READABLE_FORMATS:
        known = f"{READABLE_FORMATS[0]} to {READABLE_FORMATS[-1]}"
        raise IndexMismatch(
            _(
                "%(folder)s: the index has format version %(version)s, this program reads %(known)s: %(explanation)s",
                folder=folder,
                version=version,
                known=known,
                explanation=_explain_version(folder, data),
            )
        )
    recorded, actual = data.pop(CHECKSUM, None), checksum_of(data)
    if recorded != actual:
        raise _damaged(
            folder, _("its checksum is %(actual)s, it states %(recorded)s", actual=actual, recorded=recorded)
        )
    try:
        model = dict(data["model"])
        if model.pop("fast", False):  # an option of earlier versions took sentence vectors from those of the passages
            raise IndexMismatch(
                _(
                    "%(folder)s: built with --fast-index, which this version does not support: rebuild it with "
                    "`yearbook-qa doctor --repair --index %(folder)s`",
                    folder=folder,
                )
            )
        sentence_scale = data.get("sentence_scale")
        dense = data.get("dense", {})  # absent from an exact index built before there was a choice
        return Manifest(
            **{
                **data,
                "model": ModelRecord(**model),
                "scale": SimilarityScale(**data["scale"]),
                "sentence_scale": None if sentence_scale is None else SimilarityScale(**sentence_scale),
                "files": {name: FileRecord(**record) for name, record in data["files"].items()},
                "dense": DenseRecord(
                    **dense | {"recalls": tuple(Recall(**recall) for recall in dense.get("recalls", ()))}
                ),
            }
        )
    except (KeyError, TypeError) as error:
        raise _damaged(folder, repr(error)) from error


def _damaged(folder: Path, reason: str) -> IndexDamaged:
    return IndexDamaged(f"{folder / MANIFEST}: damaged ({reason}): {how_to_rebuild(folder)}")


def missing_manifest(folder: Path) -> IndexDamaged:
    """Return the error for a folder that holds a generation but no manifest."""
    return IndexDamaged(f"{folder / MANIFEST}: missing, although the folder holds an index: {how_to_rebuild(folder)}")


def checksum_of(data: Mapping[str, Any]) -> str:
    """Return the sha256 of all other values of a manifest, independent of its formatting."""
    return hashlib.sha256(json.dumps(data, ensure_ascii=True, sort_keys=True).encode()).hexdigest()


def how_to_rebuild(folder: Path) -> str:
    """Return the advice that ends a message about a damaged index."""
    return _("%(remedy)s; or move %(folder)s away and index the documents again", remedy=_(REMEDY), folder=folder)


def _explain_version(folder: Path, data: Any) -> str:
    """Return how to fix an unexpected format version: it is damage unless the checksum holds (version 1 had none)."""
    values = {name: value for name, value in data.items() if name != CHECKSUM} if isinstance(data, dict) else {}
    if not isinstance(values.get("format"), int) or data.get(CHECKSUM, actual := checksum_of(values)) != actual:
        return how_to_rebuild(folder)
    if values["format"] > FORMAT:
        return _("a newer version of this program wrote it; update the program")
    return _(
        "an earlier version of this program wrote it: move %(folder)s away and index the documents again", folder=folder
    )


def write(folder: Path, manifest: Manifest) -> None:
    """Switch the index to a manifest: readers see the old generation before the rename and the new one after it.

    Raises:
        OSError: The switch failed and the old generation stays current.
        IndexNotWritten: The switch succeeded, but a power cut may undo it.
    """
    temporary = folder / NEXT_MANIFEST
    values = asdict(replace(manifest, documents={}))
    values["documents"] = dict(manifest.documents)  # not copied entry by entry: there may be millions
    text = json.dumps(values | {CHECKSUM: checksum_of(values)}, ensure_ascii=False, indent=1)
    try:
        temporary.write_text(f"{text}\n", encoding="utf-8")
        sync(temporary)
        sync(folder)  # it may have a new entry, the folder of generations
        temporary.replace(folder / MANIFEST)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    try:
        sync(folder)
    except OSError as error:
        raise IndexNotWritten(
            _(
                "%(folder)s: written, but a power cut may undo it (%(strerror)s): please check the disk",
                folder=folder,
                strerror=error.strerror or error,
            )
        ) from error


def record_files(folder: Path, files: Iterable[Path], known: Mapping[str, FileRecord]) -> dict[str, FileRecord]:
    """Flush the files of a generation to disk and return their records.

    Args:
        folder: The generation's folder.
        files: All its files.
        known: Records of immutable files linked from the generation before; these are neither read nor flushed.
    """
    records: dict[str, FileRecord] = {}
    for file in sorted(files):
        name = file.relative_to(folder).as_posix()
        if name in known:
            records[name] = known[name]
            continue
        records[name] = FileRecord(file.stat().st_size, file_sha256(file))
        sync(file)
    return records


def check_files(folder: Path, manifest: Manifest) -> None:
    """Verify the size of each file of the current generation, and the contents of small ones.

    Raises:
        IndexDamaged: A file is missing or differs from the manifest.
    """
    base = generation_folder(folder, manifest.generation)
    for name, record in manifest.files.items():
        path = base / name
        try:
            size = path.stat().st_size
        except FileNotFoundError as error:
            raise IndexDamaged(
                _(
                    "%(path)s: missing, although the manifest lists it: %(remedy)s",
                    path=path,
                    remedy=how_to_rebuild(folder),
                )
            ) from error
        if size != record.size:
            raise IndexDamaged(
                _(
                    "%(path)s: %(size)s bytes, the manifest states %(recorded)s: %(remedy)s",
                    path=path,
                    size=f"{size:,}",
                    recorded=f"{record.size:,}",
                    remedy=how_to_rebuild(folder),
                )
            )
        if size <= MAX_VERIFIED_WHEN_OPENED and (actual := file_sha256(path)) != record.sha256:
            raise IndexDamaged(
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
        actual = file_sha256(base / name)
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


def record_model(encoder: Encoder) -> ModelRecord:
    """Return the record of an encoder's model."""
    return ModelRecord(
        encoder.name,
        encoder.fingerprint,
        encoder.dimension,
        encoder.max_tokens,
        encoder.precision,
        0 if encoder.sentence_encoder is None else encoder.sentence_encoder.dimension,
    )


def check_model(current: Manifest, encoder: Encoder, folder: Path) -> None:
    """Raise IndexMismatch if an index was built with another model or precision than the encoder's."""
    if current.model.fingerprint != encoder.fingerprint:
        built, requested = (
            f"{model.name} ({model.dimension} dimensions, {model.precision}, {model.fingerprint[:12]})"
            for model in (current.model, encoder)
        )
        options = f"--model {encoder.name} --precision {encoder.precision}"
        raise IndexMismatch.of_model(folder, built, requested, options)
