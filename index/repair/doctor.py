"""Examine a whole index: damage, loss, and whether `index.repair.repair` can repair it.

Every byte is read and nothing is written, not even a lock file. Examining must not fail on any damage: files are parsed
only after their sha256 matched, or through `index.repair.salvage`, which tolerates damage. Intact files can still
belong to different states, and a search silently ignores passages that only some of them contain: files are compared.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index import layout, manifest
from index.building.build_lock import holder
from index.building.resume import BUILD_INPUTS_FILE
from index.dense import ivf_build
from index.dense.dense_index import DenseIndex
from index.errors import REMEDY, IndexFolderError, reading
from index.lexical.tantivy_index import LexicalIndex, copy_files
from index.manifest import Manifest
from index.repair.salvage import DAMAGE, Inspection, LostDocument, Salvage, Segment, StoredDocument, fault_of, inspect
from index.storage import segments
from index.storage.reader import RecordReader
from index.storage.segments import facts_of
from index.storage.vector_files import SentenceVectors, load_npy

StageCallback = Callable[[str, int, int], None]
"""Called with the name of a stage, the amount of its work that is done, and the total."""

_ATTEMPTS = 5

_NAMED = 3
"""Passages to name in a message; the others are counted."""

_BLOCK = 1 << 16

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of a file (relative to the index folder), its loss, and whether a repair fixes it."""

    file: str
    fault: str
    loss: str
    repairable: bool = True


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The result of an examination.

    `documents` counts those whose text is intact. `notes` are no damage: leftover files, and a running build.
    """

    folder: Path
    generation: int
    documents: int
    findings: tuple[Finding, ...]
    lost: tuple[LostDocument, ...]
    notes: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings and not self.lost


def examine(folder: Path, progress: StageCallback | None = None) -> Diagnosis:
    """Examine the index in a folder. Raises NoIndex, and IndexMismatch for another format version."""
    attempts = _ATTEMPTS
    while True:
        before = manifest.stamp(folder)
        diagnosis = _Examination(folder, inspect(folder), progress or (lambda *_: None)).run()
        attempts -= 1
        if diagnosis.sound or not attempts or manifest.stamp(folder) == before:
            return diagnosis
        # else a build has switched to another generation and removed the files that were being read


_LOSS = {
    layout.RECORDS: "the documents that are named as lost (passages of the others are cut again)",
    layout.VECTORS: "nothing (passages are embedded again)",
    layout.SENTENCES: "nothing (sentences are embedded again)",
    layout.LEXICAL: "nothing (the lexical index is written again)",
    "rows": "nothing (the rows of vectors are computed again)",
    layout.APPROXIMATE: "nothing (the approximate index is built again)",
    "counts": "nothing (they are counted again)",
}
"""The consequence of losing a file, by its kind."""


class _Examination:
    """One pass over an index."""

    def __init__(self, folder: Path, inspection: Inspection, progress: StageCallback) -> None:
        self.folder, self.inspection, self.progress = folder, inspection, progress
        self.findings: list[Finding] = []
        self.faulty: set[str] = set()
        """Files that differ from the manifest."""

    def run(self) -> Diagnosis:
        inspection = self.inspection
        if inspection.manifest is None:
            loss = "nothing (it is written again from the newest complete generation)"
            self._add(self.folder / layout.MANIFEST, inspection.fault, loss)
        self._check_files()
        with closing(Salvage(inspection.segments, inspection.documents, inspection.hashes)) as salvage:
            for place, segment in enumerate(salvage.segments):
                self._check_segment(segment, [d for d in salvage.documents if d.segment == place])
            for path in salvage.doubtful:
                self._add(
                    path,
                    "what it removes cannot be read",
                    "what its build changed or removed may be as before (index again, with --prune)",
                )
        if inspection.manifest is not None and not self.findings:
            self._cross_check(inspection.base, inspection.manifest)
        return Diagnosis(
            self.folder,
            inspection.generation,
            len(salvage.documents),
            tuple(replace(finding, repairable=bool(salvage.documents)) for finding in self.findings),
            tuple(salvage.lost),
            tuple(self._notes()),
        )

    def _add(self, path: Path, fault: str, loss: str) -> None:
        self.findings.append(Finding(path.relative_to(self.folder).as_posix(), fault, loss))

    def _check_files(self) -> None:
        """Check presence, size and sha256 of each file that the manifest names."""
        total = sum(record.size for record in self.inspection.files.values()) or 1
        done = 0
        for name, record in self.inspection.files.items():
            fault = fault_of(self.inspection.base / name, record)
            if fault:
                self.faulty.add(name)
                kind = name.partition("/")[0].partition(".")[0].partition("-")[0]
                self._add(self.inspection.base / name, fault, _LOSS.get(kind, "nothing"))
            done += record.size
            self.progress("files", done, total)

    def _check_segment(self, segment: Segment, documents: list[StoredDocument]) -> None:
        """Check a file of records: its SQLite structure, and the checksums of its contents."""
        name = segment.path.name
        faults = [(segment.fault(), _LOSS[layout.RECORDS])]
        for count, document in enumerate(documents, 1):
            fault = _document_fault(segment, document)
            faults.append((fault and f"document {document.id}: {fault}", "nothing (it is cut again from the document)"))
            self.progress(name, count, len(documents))
        if name not in self.faulty:
            for fault, loss in faults:
                if fault:
                    self._add(segment.path, fault, loss)

    def _cross_check(self, base: Path, current: Manifest) -> None:
        """Check that files, each of them intact, agree with each other."""
        with self._reading(base / layout.ROWS):
            self._add_disagreements(check_vectors(base, current))
        # opened in place, tantivy would create a lock file; it may still create one while the copy is removed
        scratch = tempfile.TemporaryDirectory(prefix="yearbook-qa-", ignore_cleanup_errors=True)
        with self._reading(base / layout.LEXICAL), scratch as folder:
            copy = Path(folder) / layout.LEXICAL
            copy_files(base / layout.LEXICAL, copy)
            self._add_disagreements(check_lexical(base, current, copy))
        with self._reading(base / (current.dense.file or layout.APPROXIMATE)):
            self._add_disagreements(check_approximate(base, current))

    def _add_disagreements(self, disagreements: Iterator[Disagreement]) -> None:
        for disagreement in disagreements:
            self._add(disagreement.path, disagreement.fault, _LOSS[disagreement.kind])

    @contextmanager
    def _reading(self, path: Path) -> Iterator[None]:
        """Turn a failure to read files into a finding about `path`."""
        try:
            with reading(path):
                yield
        except (IndexFolderError, OSError) as error:
            kind = path.relative_to(self.inspection.base).parts[0].partition(".")[0]
            self._add(path, str(error).removesuffix(f": {REMEDY}"), _LOSS.get(kind, "nothing"))

    def _notes(self) -> Iterator[str]:
        """Yield notes about a running build, and about files and generations that no manifest names."""
        base, generation = self.inspection.base, self.inspection.generation
        writer = holder(self.folder)
        if writer is not None:
            yield f"{layout.LOCK}: {writer} is writing the index"
        named = {base / name for name in self.inspection.files}
        if self.inspection.manifest is not None and base.is_dir():
            for file in sorted(base.rglob("*")):
                if file.is_file() and file.suffix != ".lock" and file not in named:
                    yield f"{file.relative_to(self.folder).as_posix()}: left over, the next build removes it"
        for number in layout.list_generations(self.folder):
            if number == generation:
                continue
            other = layout.generation_folder(self.folder, number)
            if number < generation:
                state = "superseded, the next build removes it"
            elif (other / BUILD_INPUTS_FILE).is_file():
                state = "of an interrupted build, the next build resumes or removes it"
            else:
                state = "of a running or interrupted build, the next build removes it"
            yield f"{other.relative_to(self.folder).as_posix()}: {state}"


def _document_fault(segment: Segment, stored: StoredDocument) -> str:
    """Describe damage to the records of a document whose text is intact; empty without damage."""
    document = segment.content(stored.number)
    if document is None:
        return "its text is not what was stored"
    facts = facts_of(document)
    cited = segments.citation_facts(document)
    try:
        query = f"SELECT {', '.join(facts)}, passages FROM document WHERE number = ?"
        ((*values, count),) = segment.rows(query, (stored.number,))
        query = "SELECT start, end, text, record, seal FROM passage WHERE document = ?"
        passages = segment.rows(query, (stored.number,))
        broken = sum(segments.passage_checksum(cited, *parts) != seal for *parts, seal in passages)
    except DAMAGE as error:
        return f"its records cannot be read ({' '.join(str(error).split())[:100]})"
    if values != list(facts.values()):
        return "its metadata is not what was stored"
    if broken:
        return f"{broken} of {count} passages are not what was stored"
    return "" if len(passages) == count else f"{len(passages)} passages instead of {count}"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A file that disagrees with the others; `kind` is the kind of its contents."""

    path: Path
    fault: str
    kind: str


def check_vectors(base: Path, current: Manifest) -> Iterator[Disagreement]:
    """Compare the records with the vectors, with the rows of passages, and with the counts."""
    with closing(RecordReader([base / name for name in current.files_of(layout.RECORDS)])) as reader:
        pairs = np.array(sorted(reader.rows()), dtype=np.int64).reshape(-1, 2)
        numbers, rows = pairs[:, 0], pairs[:, 1]
        sentence_rows = [np.unique(block) for block in reader.sentence_rows(_BLOCK)]
        used = {"passage": np.unique(rows), "sentence": np.unique(np.concatenate([rows[:0], *sentence_rows]))}
        stored = {
            "passage": DenseIndex(
                [base / name for name in current.files_of(layout.VECTORS)], current.model.dimension
            ).rows,
            "sentence": SentenceVectors([base / name for name in current.files_of(layout.SENTENCES)]).rows,
        }
        totals = reader.totals
        for kind, folder in layout.VECTOR_FOLDERS.items():
            counted, live = totals.get(f"rows_{kind}", 0), stored[kind] - totals.get(f"dead_{kind}", 0)
            if counted != stored[kind]:
                fault = f"{stored[kind]:,} vectors, the records say {counted:,}"
                yield Disagreement(base / folder, fault, folder)
            if len(used[kind]) and not 0 <= used[kind][0] <= used[kind][-1] < stored[kind]:
                path = base / (layout.ROWS if kind == "passage" else folder)
                yield Disagreement(path, f"rows beyond the {stored[kind]:,} vectors", folder)
            elif len(used[kind]) != live:
                fault = f"{live:,} vectors in use, passages use {len(used[kind]):,}"
                yield Disagreement(base / folder, fault, folder)
        row_of_number = load_npy(base / layout.ROWS, None)
        listed = np.flatnonzero(row_of_number >= 0)
        if not np.array_equal(listed, numbers) or (row_of_number[numbers] != rows).any():
            fault = _difference(reader, numbers, listed) or "other rows than the records say"
            yield Disagreement(base / layout.ROWS, fault, "rows")
        if not totals["passages"] == len(numbers) == current.passages:
            fault = (
                f"{len(numbers):,} passages, counted as {totals['passages']:,}, the manifest says {current.passages:,}"
            )
            yield Disagreement(base / layout.FIRST_RECORDS, fault, "counts")


def check_lexical(base: Path, current: Manifest, copy: Path) -> Iterator[Disagreement]:
    """Compare the records with the lexical index, of which `copy` is a writable copy."""
    with closing(RecordReader([base / name for name in current.files_of(layout.RECORDS)])) as reader:
        numbers = np.sort(np.fromiter((number for number, _ in reader.rows()), dtype=np.int64))
        lexical = LexicalIndex(copy)
        blocks = (lexical.numbers(first, first + _BLOCK - 1) for first in range(0, reader.last_number() + 1, _BLOCK))
        listed = np.unique(np.array([number for block in blocks for number in block], dtype=np.int64))
        fault = _difference(reader, numbers, listed)
        if not fault and lexical.passage_count != len(numbers):
            fault = f"{lexical.passage_count:,} passages instead of {len(numbers):,}"
        if fault:
            yield Disagreement(base / layout.LEXICAL, fault, layout.LEXICAL)


def check_approximate(base: Path, current: Manifest) -> Iterator[Disagreement]:
    """Compare the approximate dense index, if any, with the manifest."""
    approximate = ivf_build.open_ivf(base, current.dense)
    if approximate is not None and approximate.rows != current.dense.rows:
        fault = f"{approximate.rows:,} vectors instead of {current.dense.rows:,}"
        yield Disagreement(base / current.dense.file, fault, layout.APPROXIMATE)


def _difference(reader: RecordReader, numbers: Numbers, listed: Numbers) -> str:
    """Describe which passages of the records are unlisted and how many listed ones are not recorded; empty if none."""
    missing, surplus = np.setdiff1d(numbers, listed), np.setdiff1d(listed, numbers)
    parts = []
    if len(missing):
        names = [stored.passage.id for stored in reader.passages(missing[:_NAMED].tolist())]
        rest = [f"{len(missing) - _NAMED:,} more"] if len(missing) > _NAMED else []
        parts.append(f"lacks {', '.join([*names, *rest])}")
    if len(surplus):
        parts.append(f"has {len(surplus):,} that the records lack")
    return ", ".join(parts)
