"""Rebuild a damaged index from the documents that it still holds.

A new generation is written from the intact stored documents, beside the damaged one: they are cut again, which gives
the same passages; vectors in intact files are reused, the others embedded again. Then the manifest is switched, with
the crash safety of any build. Documents that cannot be recovered are named with their source files.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from corpus.chunking.passages import Lengths
from corpus.ingest import Unread
from index import layout, manifest
from index.building import resume
from index.building.build import partial_records, write_generation
from index.building.build_lock import locked
from index.building.diff import diff
from index.building.generation import CHECKPOINT, BuildContext
from index.building.report import BuildReport, ProgressCallback
from index.errors import IndexDamaged
from index.models.encoder import Encoder
from index.repair.salvage import Inspection, LostDocument, Salvage, StoredDocument, fault_of, inspect
from index.storage import vector_files
from index.storage.segments import connect
from index.storage.vector_files import RawRows, VectorFormat


@dataclass(frozen=True, slots=True)
class RepairReport:
    """The result of a repair; `embedded` counts the passages whose vectors could not be reused.

    `doubtful` are unreadable files of records of builds after the first: changes of such a build to catalogue entries
    alone are lost.
    """

    documents: int
    passages: int
    embedded: int
    lost: Sequence[LostDocument]
    doubtful: Sequence[Path]


@dataclass(frozen=True, slots=True)
class _StoredPlan:
    """The stored documents as the sources of a generation."""

    sources: Sequence[StoredDocument]
    roots: Sequence[Path] = ()
    unread: Sequence[Unread] = ()


def repair(
    folder: Path, encoder: Encoder, *, progress: ProgressCallback | None = None, checkpoint: float | None = None
) -> RepairReport:
    """Rebuild the index in a folder from its intact documents. An error leaves the index as it was.

    Args:
        folder: The index folder.
        encoder: The model of the index.
        progress: Called as the rebuild advances.
        checkpoint: Seconds between checkpoints; CHECKPOINT where None.

    Raises:
        NoIndex: The folder holds no index.
        IndexMismatch: The index was built with another model.
        IndexBusy: Another process is writing the index.
        IndexDamaged: No document is intact.
        BuildInterrupted: The user interrupted the repair.
    """
    with locked(folder):
        inspection = inspect(folder)
        current = inspection.manifest
        lengths = Lengths(tokens=encoder.max_tokens, special_tokens=encoder.special_tokens)
        if current is not None:
            manifest.check_model(current, encoder, folder)
            lengths = Lengths(**current.chunking)  # type: ignore[arg-type]  # written from one
        salvage = Salvage(inspection.segments, inspection.documents, inspection.hashes)
        with closing(salvage):
            if not salvage.documents:
                raise IndexDamaged(
                    f"{folder}: no document in it is intact: move the folder away and index the documents again"
                )
            context = BuildContext(
                folder=folder,
                encoder=encoder,
                lengths=lengths,
                index_type=inspection.index_type,
                inputs=resume.build_inputs(folder, encoder.fingerprint, asdict(lengths)) | {"repair": True},
                current=None,
                progress=progress or (lambda _: None),
                checkpoint=CHECKPOINT if checkpoint is None else checkpoint,
                read=salvage.read,
                scale=None if current is None else current.scale,
            )
            return _rebuild(context, inspection, salvage)


def _rebuild(context: BuildContext, inspection: Inspection, salvage: Salvage) -> RepairReport:
    resumable = resume.find_resumable(context.folder, inspection.generation, context.inputs, context.vector_formats)
    plan, report = _StoredPlan(salvage.documents), BuildReport()
    with closing(IntactVectors(inspection, context.vector_formats)) as stored:
        changes = diff(plan, [], partial_records(context, resumable))
        context = replace(context, stored=stored)
        written = write_generation(context, resumable, plan, changes, report, newest=inspection.generation)
    lost = [*salvage.lost, *(LostDocument(unread.path.stem, str(unread.path)) for unread in report.unread)]
    return RepairReport(
        documents=0 if written is None else len(written.documents),
        passages=0 if written is None else written.passages,
        embedded=report.embedded,
        lost=lost,
        doubtful=salvage.doubtful,
    )


class IntactVectors:
    """The vectors in intact shards of a damaged index, by the digest of the embedded text.

    The records say which row a digest has, and the sizes of all earlier shards which rows a shard holds. So only intact
    files of records are asked, and only with an intact manifest.
    """

    def __init__(self, inspection: Inspection, vector_formats: Mapping[str, VectorFormat]) -> None:
        self._shards = {
            kind: list(_intact_shards(inspection, kind, vector_format))
            for kind, vector_format in vector_formats.items()
        }
        self._records = [
            connect(path)
            for path in reversed(inspection.segments)
            if path.name in inspection.files and not fault_of(path, inspection.files[path.name])
        ]

    def find(self, kind: str, digests: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the vectors of these digests that are in intact shards, as raw rows."""
        vectors: dict[bytes, bytes] = {}
        shards = self._shards[kind]
        first_rows = [first for first, _ in shards]
        for digest in digests:
            row = self._row(kind, digest)
            position = -1 if row is None else bisect_right(first_rows, row) - 1
            if row is None or position < 0:
                continue
            first, rows = shards[position]
            if rows is not None and row - first < len(rows):
                vectors[digest] = rows[row - first].tobytes()
        return vectors

    def _row(self, kind: str, digest: bytes) -> int | None:
        query = "SELECT row FROM vector WHERE kind = ? AND digest = ?"
        rows = (records.execute(query, (kind, digest)).fetchone() for records in self._records)
        return next((int(row[0]) for row in rows if row is not None), None)

    def close(self) -> None:
        """Close the files."""
        for records in self._records:
            records.close()


def _intact_shards(inspection: Inspection, kind: str, vector_format: VectorFormat) -> list[tuple[int, RawRows | None]]:
    """Return the first row of each shard of a kind, and its rows; None for the rows of a damaged one."""
    shards: list[tuple[int, RawRows | None]] = []
    first = 0
    for name in manifest.files_of_kind(inspection.files, layout.VECTOR_FOLDERS[kind]):
        record, path = inspection.files[name], inspection.base / name
        shards.append((first, None if fault_of(path, record) else vector_files.map_rows(path, vector_format)))
        first += max(0, record.size - len(vector_format.header(0))) // vector_format.width
    return shards
