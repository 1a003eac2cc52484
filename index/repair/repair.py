"""A damaged index made whole again, from the documents that it still holds.

All of a new generation is written from the stored documents whose seals hold, beside the damaged one: they are cut
again, which gives the same passages, and their vectors are taken over where these lie in whole files, else embedded.
Then the manifest is switched, as in any build, and as safe against a crash as one. What cannot be had from the index
any more is named, with the file that it was read from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from corpus.chunking.passages import Lengths
from corpus.ingest import Unread
from index import manifest
from index.building import resume
from index.building.build import make, partial
from index.building.build_lock import locked
from index.building.diff import select
from index.building.generation import CHECKPOINT, Basis
from index.building.report import BuildReport, Progress
from index.errors import IndexDamaged
from index.models.encoder import Encoder
from index.repair import inspection
from index.repair.salvage import Lost, Salvage, Stored
from index.repair.vector_reuse import KeptVectors


@dataclass(frozen=True, slots=True)
class RepairReport:
    """What a repair did; `embedded` counts passages whose vectors could not be taken over.

    `doubtful` are files of records that could not be read, of builds after the first: a document whose catalogue entry
    alone such a build changed is as it was before.
    """

    documents: int
    passages: int
    embedded: int
    lost: Sequence[Lost]
    doubtful: Sequence[Path]


@dataclass(frozen=True, slots=True)
class _Work:
    """The stored documents, as what a generation is made of."""

    sources: Sequence[Stored]
    roots: Sequence[Path] = ()
    unread: Sequence[Unread] = field(default=())


def repair(
    folder: Path,
    encoder: Encoder,
    *,
    progress: Progress | None = None,
    checkpoint: float = CHECKPOINT,
) -> RepairReport:
    """Write the index in `folder` anew from what it still holds.

    Raises NoIndex, IndexMismatch where the index was made with another model, IndexBusy when another process is
    writing it, IndexDamaged where it holds no whole document, BuildInterrupted when the user ends it: all of these
    leave the index as it was.
    """
    with locked(folder):
        left = inspection.look(folder)
        lengths = Lengths(tokens=encoder.max_tokens, special_tokens=encoder.special_tokens)
        if left.manifest is not None:
            manifest.check_model(left.manifest, encoder, folder)
            lengths = Lengths(**left.manifest.chunking)  # type: ignore[arg-type]  # written from one
        salvage = Salvage(left.segments, left.documents, left.doubted())
        try:
            if not salvage.documents:
                raise IndexDamaged(f"{folder}: no document in it is whole: move it away and index the documents again")
            return _rewritten(folder, encoder, left, salvage, lengths, progress or (lambda _: None), checkpoint)
        finally:
            salvage.close()


def _rewritten(
    folder: Path,
    encoder: Encoder,
    left: inspection.Remains,
    salvage: Salvage,
    lengths: Lengths,
    progress: Progress,
    checkpoint: float,
) -> RepairReport:
    made_from = resume.origin(folder, encoder.fingerprint, asdict(lengths)) | {"repair": True}
    basis = Basis(
        folder=folder,
        encoder=encoder,
        lengths=lengths,
        index_type=left.asked,
        made_from=made_from,
        current=None,
        progress=progress,
        checkpoint=checkpoint,
        read=salvage.read,
        scale=None if left.manifest is None else left.manifest.scale,
    )
    resumed = resume.find(folder, left.generation, made_from, basis.forms)
    kept = KeptVectors(left, basis.forms) if left.fingerprint == encoder.fingerprint else None
    report = BuildReport()
    try:
        work = _Work(salvage.documents)
        chosen = select(work, [], partial(basis, resumed))
        made = make(replace(basis, kept=kept), resumed, work, chosen, report, above=left.generation)
    finally:
        if kept is not None:
            kept.close()
    lost = [*salvage.lost, *(Lost(one.path.stem, str(one.path)) for one in report.unread)]
    return RepairReport(
        documents=0 if made is None else len(made.documents),
        passages=0 if made is None else made.passages,
        embedded=report.embedded,
        lost=lost,
        doubtful=salvage.doubtful,
    )
