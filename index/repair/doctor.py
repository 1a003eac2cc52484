"""An index examined whole: what is wrong, what is lost by it, and whether `index.repair.repair` mends it.

Every byte is read, and nothing is written, not even a lock. It must not fail on any damage: what a file holds is looked
at only once the file proved whole by its sha256, or through `index.repair.salvage`, which takes damage as it comes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index import layout, manifest
from index.building.build_lock import holder
from index.building.resume import ORIGIN
from index.errors import REMEDY, IndexFolderError
from index.io_errors import reading
from index.lexical.tantivy_index import copy_files
from index.manifest import Manifest
from index.repair import cross_checks, inspection
from index.repair.cross_checks import Misfit
from index.repair.inspection import Remains
from index.repair.salvage import DAMAGE, Lost, Salvage, Segment, Stored
from index.storage import checksums
from index.storage.tables import facts_of

Watch = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is, and of how much."""

_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong; `file` is relative to the index folder."""

    file: str
    wrong: str
    lost: str
    mended: bool
    """Whether a repair mends it, but for documents that are lost."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What an examination found. `notes` are no damage: what is left over, who is writing."""

    folder: Path
    generation: int
    documents: int
    """Those whose text is whole."""
    findings: tuple[Finding, ...]
    lost: tuple[Lost, ...]
    notes: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings and not self.lost


def examine(folder: Path, watch: Watch | None = None) -> Diagnosis:
    """Examine the index in `folder`. Raises NoIndex where there is none, IndexMismatch for one of another format."""
    left = _ATTEMPTS
    while True:
        before = manifest.stamp(folder)
        found = _Examination(folder, inspection.look(folder), watch or (lambda *_: None)).run()
        left -= 1
        if found.sound or not left or manifest.stamp(folder) == before:
            return found
        # else a build that ended meanwhile took the files away that were being read


_HARM = {
    layout.RECORDS: "the documents that are named as lost (passages of the others are cut again)",
    layout.VECTORS: "nothing (passages are embedded again)",
    layout.SENTENCES: "nothing (sentences are embedded again)",
    layout.LEXICAL: "nothing (the word index is written again)",
    layout.ROWS.removesuffix(".npy"): "nothing (where the vectors lie is worked out again)",
    layout.APPROXIMATE: "nothing (the structure is made again)",
    "counts": "nothing (they are counted again)",
}
"""What the loss of a file means, by its kind."""


class _Examination:
    """One look at an index."""

    def __init__(self, folder: Path, left: Remains, watch: Watch) -> None:
        self.folder, self.left, self.watch = folder, left, watch
        self.findings: list[Finding] = []
        self.faulty: set[str] = set()
        """Files that are not what the manifest says."""

    def run(self) -> Diagnosis:
        """Look at everything."""
        if self.left.manifest is None:
            harm = "nothing (it is written again from the newest generation that opens)"
            self._add(self.folder / layout.MANIFEST, self.left.fault, harm)
        self._files()
        salvage = Salvage(self.left.segments, self.left.documents, self.left.doubted())
        try:
            for place, segment in enumerate(salvage.segments):
                self._segment(segment, [one for one in salvage.documents if one.place == place])
            for path in salvage.doubtful:
                self._add(
                    path,
                    "what it removes cannot be read",
                    "what its build changed or removed may be as before (index again, with --prune)",
                )
        finally:
            salvage.close()
        if self.left.manifest is not None and not self.findings:
            self._together(self.left.manifest)
        mendable = bool(salvage.documents)
        findings = [one if mendable else Finding(one.file, one.wrong, one.lost, False) for one in self.findings]
        return Diagnosis(
            self.folder,
            self.left.generation,
            len(salvage.documents),
            tuple(findings),
            tuple(salvage.lost),
            tuple(self._notes()),
        )

    def _add(self, path: Path, wrong: str, lost: str) -> None:
        self.findings.append(Finding(path.relative_to(self.folder).as_posix(), wrong, lost, True))

    def _files(self) -> None:
        """Each named file's presence, size and sha256."""
        total = sum(one.size for one in self.left.files.values()) or 1
        done = 0
        for name, record in self.left.files.items():
            wrong = inspection.fault_of(self.left.base / name, record)
            if wrong:
                self.faulty.add(name)
                kind = name.partition("/")[0].partition(".")[0].partition("-")[0]
                self._add(self.left.base / name, wrong, _HARM.get(kind, "nothing"))
            done += record.size
            self.watch("files", done, total)

    def _segment(self, segment: Segment, documents: list[Stored]) -> None:
        """What SQLite says of a file of records, and the seals of all that it holds."""
        name = segment.path.name
        wrong = segment.fault()
        if wrong and name not in self.faulty:
            self._add(segment.path, wrong, _HARM[layout.RECORDS])
        for count, one in enumerate(documents, 1):
            wrong = _fault_in(segment, one)
            if wrong and name not in self.faulty:
                self._add(segment.path, f"document {one.id}: {wrong}", "nothing (it is cut again from the document)")
            self.watch(name, count, len(documents))

    def _together(self, said: Manifest) -> None:
        """Whether files that are each as they were written fit one another."""
        base = self.left.base
        with self._looking(base / layout.ROWS):
            self._add_misfits(cross_checks.of_vectors(base, said))
        # opening it where it is would make a lock file; tantivy may make one yet while the copy is taken away
        place = tempfile.TemporaryDirectory(prefix="yearbook-qa-", ignore_cleanup_errors=True)
        with self._looking(base / layout.LEXICAL), place as copy:
            copy_files(base / layout.LEXICAL, Path(copy) / layout.LEXICAL)
            self._add_misfits(cross_checks.of_words(base, said, Path(copy) / layout.LEXICAL))
        with self._looking(base / (said.dense.file or layout.APPROXIMATE)):
            self._add_misfits(cross_checks.of_approximate(base, said))

    def _add_misfits(self, found: Iterator[Misfit]) -> None:
        for one in found:
            self._add(one.path, one.wrong, _HARM[one.kind])

    @contextmanager
    def _looking(self, path: Path) -> Iterator[None]:
        """Within it, files are read whose failure is a finding about `path`."""
        try:
            with reading(path):
                yield
        except (IndexFolderError, OSError) as error:
            kind = path.relative_to(self.left.base).parts[0].partition(".")[0]
            self._add(path, str(error).removesuffix(f": {REMEDY}"), _HARM.get(kind, "nothing"))

    def _notes(self) -> Iterator[str]:
        """What no manifest names, and who is writing."""
        writing = holder(self.folder)
        if writing is not None:
            yield f"{layout.LOCK}: {writing} is writing the index"
        named = {self.left.base / name for name in self.left.files}
        if self.left.manifest is not None and self.left.base.is_dir():
            for file in sorted(self.left.base.rglob("*")):
                if file.is_file() and file.suffix != ".lock" and file not in named:
                    yield f"{file.relative_to(self.folder).as_posix()}: left over, goes with the next build"
        for number in layout.list_generations(self.folder):
            if number != self.left.generation:
                base = layout.generation_folder(self.folder, number)
                unfinished = number > self.left.generation
                state = "superseded, goes" if not unfinished else "an interrupted build's, gone on with or removed"
                if unfinished and not (base / ORIGIN).is_file():
                    state = "of a build that is running or was interrupted, goes"
                yield f"{base.relative_to(self.folder).as_posix()}: {state} with the next build"


def _fault_in(segment: Segment, stored: Stored) -> str:
    """What is wrong with a document's records though its text is whole, empty where nothing."""
    document = segment.content(stored.number)
    if document is None:
        return "its text is not what was stored"
    facts = facts_of(document)
    cited = checksums.citation_facts(document)
    try:
        query = f"SELECT {', '.join(facts)}, passages FROM document WHERE number = ?"
        ((*values, count),) = segment.rows(query, (stored.number,))
        query = "SELECT start, end, text, record, seal FROM passage WHERE document = ?"
        passages = segment.rows(query, (stored.number,))
        broken = sum(checksums.passage_checksum(cited, *parts) != sealed for *parts, sealed in passages)
    except DAMAGE as error:
        return f"its records cannot be read ({' '.join(str(error).split())[:100]})"
    if values != list(facts.values()):
        return "what is known of it is not what was stored"
    if broken:
        return f"{broken} of {count} passages are not what was stored"
    return "" if len(passages) == count else f"{len(passages)} passages instead of {count}"
