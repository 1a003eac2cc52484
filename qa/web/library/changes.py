"""Documents are added to the library and removed from it, by the build of the command line. No Gradio.

Uploaded files are kept in a folder beside the index, with a `corpus.toml` of what was said of them: who indexes that
folder gets the same. A change runs to its end, whether somebody watches it or not, unless the server stops; one that
fails or is broken off leaves files and catalogue as they were.
"""

from __future__ import annotations

import filecmp
import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.catalogue import catalogue, edit
from index.building.report import Advance, BuildReport, Progress
from index.errors import IndexBusy, NoIndex
from index.ranking.search import Index
from index.storage.reader import DocumentInfo
from qa import limits
from qa.api.library_loader import USER_ERRORS, LibraryLoader
from qa.errors import RequestError, WorkerCrashed
from qa.web.library.uploaded_files import Staged, declared
from qa.web.security.request_limits import UploadFolder
from qa.web.workers import tasks
from qa.web.workers.pool import InlineTaskRunner, TaskRunner, run_to_completion

Work = Callable[[Progress], BuildReport]

STAGED_FOR = 6 * 3600
"""Seconds after which files that were uploaded and never added are thrown away."""

SPARED_FOR = 1800
"""Seconds after which that may happen where there is no room for others."""

_REMOVED = ".removed-"
"""Before the name of a file whose document is being removed; hidden files are not indexed."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far a change is: `share` of it in [0, 1] after so many seconds. The last one bears the report."""

    share: float
    words: str
    seconds: float
    report: BuildReport | None = None


class Changes:
    """Changes one index, one change at a time."""

    def __init__(
        self, opening: LibraryLoader, room: UploadFolder, index: Path | None = None, bulk: TaskRunner | None = None
    ) -> None:
        """`index` is the folder that is changed where it is not the one that is open (as beside the samples).

        The build is done by `bulk`, else here.
        """
        self._opening = opening
        self._index = index
        self._bulk = bulk or InlineTaskRunner(opening)
        self._busy = threading.Lock()
        self._staging = room.subfolder(lambda: self._throw_away(SPARED_FOR, 1))
        weakref.finalize(self, shutil.rmtree, self._staging, ignore_errors=True)  # also when the program ends

    @property
    def index(self) -> Path:
        """The folder of the index that is changed."""
        return self._index or self._opening.library().folder

    @property
    def files(self) -> Path:
        """The folder where uploaded files are kept."""
        return self.index.with_name(f"{self.index.name}-documents")

    @property
    def lock(self) -> Path:
        """Held by the server that changes these files."""
        return self.files.with_name(f".{self.files.name}.lock")

    def documents(self) -> Sequence[DocumentInfo]:
        """The documents of the index that is changed."""
        library = self._opening.library()
        if library.folder == self.index:
            return library.index.documents
        try:
            return Index(self.index).documents
        except NoIndex:
            return ()

    def receive(self, upload: Path) -> Path:
        """Take an uploaded file over, until it is added; gives where it waits now."""
        self._throw_away(STAGED_FOR)
        target = Path(tempfile.mkdtemp(dir=self._staging)) / upload.name
        shutil.move(upload, target)
        with suppress(OSError):
            upload.parent.rmdir()  # Gradio makes a folder for each upload
        return target

    def _throw_away(self, seconds: float, most: int | None = None) -> bool:
        """Remove files, the oldest first, that have waited so long; whether there were any."""
        waiting = sorted((one.stat().st_mtime, one) for one in self._staging.iterdir())
        old = [one for since, one in waiting if time.time() - since > seconds][:most]
        for one in old:
            shutil.rmtree(one, ignore_errors=True)
        return bool(old)

    def add(self, staged: Sequence[Staged]) -> Iterator[Step]:
        """Add files; their forms have no problems. Raises IndexBusy, CorpusError, OSError and what a build raises."""
        return self._watched(lambda progress: self._add(staged, progress))

    def remove(self, documents: Sequence[str]) -> Iterator[Step]:
        """Remove documents; the files of those that were uploaded are deleted. Raises what `add` does."""
        return self._watched(lambda progress: self._remove(documents, progress))

    def is_kept(self, document: DocumentInfo) -> bool:
        """Whether a document's file is one of those that were uploaded."""
        return Path(document.source).parent == self.files.resolve()

    def _watched(self, work: Work) -> Iterator[Step]:
        if not self._busy.acquire(blocking=False):
            raise IndexBusy("another change is under way: wait for it to end, then try again")
        done: Future[BuildReport] = Future()
        latest: list[Advance] = []

        def run() -> None:
            try:
                with self._alone():
                    report = work(latest.append)
            except BaseException as error:  # noqa: BLE001 - raised again where the change is watched
                self._busy.release()  # first: who watches may begin the next change at once
                done.set_exception(error)
            else:
                self._busy.release()
                done.set_result(report)

        begin = time.monotonic()
        threading.Thread(target=run, name="change-library").start()
        while not done.done():
            share, words = (latest[-1].share, _in_words(latest[-1])) if latest else (0.0, "reading the files")
            yield Step(share, words, time.monotonic() - begin)
            with suppress(TimeoutError):
                done.exception(timeout=0.25)
        yield Step(1.0, "done", time.monotonic() - begin, done.result())

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Within it, no other server changes files and catalogue beside this index. Raises IndexBusy where one does."""
        self.lock.parent.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.lock, timeout=0):
                self._settle()
                yield
        except Timeout as error:
            raise IndexBusy("another server is changing this index: wait for it to end, then try again") from error

    def _settle(self) -> None:
        """What a server that was killed had begun to remove comes back where the index still has it, and goes else."""
        if not self.files.is_dir():
            return
        there = {Path(one.source).name for one in self.documents() if self.is_kept(one)}
        for aside in sorted(self.files.glob(f"{_REMOVED}*")):
            path = aside.with_name(aside.name.removeprefix(_REMOVED))
            if path.name in there and not path.exists():
                aside.replace(path)
                edit.recover(self.files / catalogue.NAME)
            else:
                aside.unlink()

    def _add(self, staged: Sequence[Staged], progress: Progress) -> BuildReport:
        folder = self.files
        folder.mkdir(parents=True, exist_ok=True)
        listing = folder / catalogue.NAME
        added: list[Path] = []
        size = sum(one.stat().st_size for one in (*folder.iterdir(), *(one.path for one in staged)))
        if size > limits.KEPT.value:
            raise RequestError(
                f"the documents added here would take {size:,} bytes of {limits.KEPT.value:,} "
                f"({limits.KEPT.variable}): remove others first"
            )
        try:
            with edit.restored(listing):
                tables: list[str] = []
                for one in staged:
                    target = folder / f"{one.id}{one.path.suffix.lower()}"
                    if _is_there(target, one.path):
                        if listing.exists():
                            edit.remove(listing, [target.name])
                    else:
                        with target.open("xb") as kept, one.path.open("rb") as uploaded:
                            added.append(target)
                            shutil.copyfileobj(uploaded, kept)
                    tables.append(edit.table(target.name, declared(one)))
                edit.append(listing, "\n".join(tables))
                report = self._built(folder, [one.id for one in staged], (), progress)
        except BaseException:
            for path in added:
                path.unlink(missing_ok=True)
            raise
        for one in staged:
            shutil.rmtree(one.path.parent, ignore_errors=True)
        if self._opening.library().folder != self.index:
            self._opening.reopen()
        return report

    def _built(self, files: Path | None, add: Sequence[str], remove: Sequence[str], progress: Progress) -> BuildReport:
        """Build, with the files of a folder if one is given, which adds and removes these documents."""
        try:
            change = tasks.change_request(self.index, files, remove)
            return tasks.parse_change_report(
                run_to_completion(self._bulk, change, lambda step: progress(tasks.parse_change_progress(step)))
            )
        except BaseException as error:
            if (made := self._made(add, remove)) is not None:
                return made
            if isinstance(error, WorkerCrashed):
                raise WorkerCrashed("the process that changes the library crashed: please try again") from error
            raise

    def _made(self, add: Sequence[str], remove: Sequence[str]) -> BuildReport | None:
        """What a change did that went wrong once the index was switched to it; None if it was not."""
        with suppress(*USER_ERRORS, OSError):
            there = {one.id: one for one in self.documents()}
            if there.keys() >= set(add) and there.keys().isdisjoint(remove):
                passages = sum(one.passages for one in there.values())
                return BuildReport(added=list(add), removed=list(remove), documents=len(there), passages=passages)
        return None

    def _remove(self, documents: Sequence[str], progress: Progress) -> BuildReport:
        known = {one.id: one for one in self.documents()}
        kept = [Path(known[one].source) for one in documents if one in known and self.is_kept(known[one])]
        listing = self.files / catalogue.NAME
        is_listed = bool(kept) and listing.exists()
        aside = [(path, path.with_name(f"{_REMOVED}{path.name}")) for path in kept if path.exists()]
        try:
            with edit.restored(listing) if is_listed else nullcontext():
                for path, other in aside:
                    path.replace(other)
                if is_listed:
                    edit.remove(listing, [path.name for path in kept])
                report = self._built(None, (), documents, progress)
        except BaseException:
            for path, other in aside:
                if other.exists():
                    other.replace(path)
            raise
        for _, other in aside:
            other.unlink(missing_ok=True)
        return report


def _is_there(target: Path, uploaded: Path) -> bool:
    """Whether a server that was killed had begun to add this file. Raises RequestError where another has its name."""
    if not target.exists():
        return False
    if not filecmp.cmp(target, uploaded, shallow=False):
        raise RequestError(f"a file {target.name} of other content lies here: give another id")
    return True


def _in_words(advance: Advance) -> str:
    return f"{advance.documents:,} of {advance.of:,} documents, {advance.passages:,} passages"
