"""Adding documents to the library and removing them, with the same build as the command line.

Uploaded files are stored in a folder beside the index, with a `corpus.toml` of their metadata: indexing that folder
gives the same documents. A change runs to its end even if the browser disconnects. A change that fails or is
interrupted leaves files and catalogue unchanged.
"""

from __future__ import annotations

import filecmp
import re
import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext, suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock, Timeout

from corpus import archives, catalogue
from corpus.catalogue import ID_PATTERN, field_problem, printable_line
from corpus.errors import CorpusError, UnreadableFile
from corpus.ingest import Source, build_document, plan, read
from corpus.metadata.inference import NAMES
from corpus.readers.base import FileContent
from corpus.readers.pdf.isolated import find_scans
from corpus.readers.registry import ocr_reader_for
from corpus.records import Document
from corpus.translation import gettext as _
from corpus.translation import gettext_noop
from index.building.report import RECOGNISING, BuildProgress, BuildReport, ProgressCallback
from index.errors import IndexBusy, NoIndex
from index.ranking.search import Index
from index.storage.reader import DocumentInfo
from qa import limits
from qa.api.concurrency import LibraryLoader
from qa.errors import USER_ERRORS, RequestError, WorkerCrashed
from qa.web.render.page import unreadable
from qa.web.security.request_limits import RequestRefused, UploadFolder
from qa.web.workers import tasks
from qa.web.workers.pool import InlineTaskRunner, TaskRunner, run_to_completion

FIELDS = {
    "id": gettext_noop("Id"),
    "title": gettext_noop("Title"),
    "series": gettext_noop("Series"),
    "publisher": gettext_noop("Publisher"),
    "edition": gettext_noop("Edition: the year on the cover"),
    "covers": gettext_noop("Covers: the year or years described"),
    "published": gettext_noop("Published: a date"),
    "part": gettext_noop("Part, such as “Chapter 3”"),
    "url": gettext_noop("Web address"),
    "language": gettext_noop("Language: a code such as en"),
}
"""Labels of the form's fields."""

_YEARS = re.compile(r"(\d{4})(?:\s*(?:\.\.|[-–]|to)\s*(\d{4}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class StagedFile:
    """An uploaded file, and the values of its form as inferred and as edited.

    `reason` says, in a sentence, why the file cannot be read; the form is empty then. `scans` is the number of pages
    that text recognition can read, because they have no usable text, and `has_text` whether other pages have some.
    """

    name: str
    path: Path
    inferred: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    scans: int = 0
    has_text: bool = True

    @property
    def id(self) -> str:
        """Id of the document to be."""
        return self.texts.get("id", "").strip()


def stage(path: Path) -> StagedFile:
    """Read an uploaded file and prefill its form."""
    try:
        planned = plan([path])
        if not planned.sources:
            reason = planned.unread[0].reason if planned.unread else _("damaged, or not in a supported format")
            return StagedFile(path.name, path, reason=unreadable(path.name, reason))
        if planned.sources[0].record is not None:
            return StagedFile(path.name, path, reason=_is_collection(path.name))
        document, scans = _read(planned.sources[0], path)
    except (CorpusError, OSError) as error:
        return StagedFile(path.name, path, reason=unreadable(path.name, _reason(error, path)))
    texts = prefilled(document)
    return StagedFile(path.name, path, texts, texts, scans=scans, has_text=bool(document.text))


def _read(source: Source, path: Path) -> tuple[Document, int]:
    """Return the document of a file, and its number of pages that text recognition can read.

    The document has no text, but what the names of files say of it, if all pages are such pages.
    """
    scans = len(find_scans(path.read_bytes())) if ocr_reader_for(path) is not None else 0
    try:
        return read(source), scans
    except UnreadableFile:
        if not scans:
            raise
        return build_document(source, FileContent("")), scans


def stage_archive(archive: Path, folder: Callable[[], Path], most: int) -> list[StagedFile]:
    """Unpack the publications of an archive and prefill their forms as if it were a folder.

    Values from a catalogue and from names of files and folders are lost with the archive, and so count as edited.

    Args:
        archive: An uploaded ZIP archive.
        folder: Creates a folder for a file.
        most: Maximum number of files.
    """
    planned = plan([archive])
    names = [(_name_in(archive, unread.path), unread.reason) for unread in planned.unread]
    staged = [StagedFile(name, archive, reason=unreadable(name, reason)) for name, reason in names]
    for position, source in enumerate(planned.sources):
        name = _name_in(archive, source.path)
        if source.record is not None or position >= most:
            reason = _is_collection(name) if source.record is not None else skipped(name, most)
            staged.append(StagedFile(name, archive, reason=reason))
            continue
        try:
            unpacked = folder() / f"{source.id}{source.path.suffix}"
            unpacked.write_bytes(archives.read_bytes(source.path))
            document, scans = _read(source, unpacked)
        except (CorpusError, OSError) as error:
            staged.append(StagedFile(name, archive, reason=unreadable(name, _reason(error, source.path))))
            continue
        texts = prefilled(document)
        lost = {
            key
            for key, origin in document.origins.items()
            if origin == "catalogue" or NAMES in document.evidence.get(key, "")
        }
        inferred = {key: "" if key in lost else text for key, text in texts.items()}
        staged.append(StagedFile(name, unpacked, inferred, texts, scans=scans, has_text=bool(document.text)))
    return staged


def _name_in(archive: Path, path: Path) -> str:
    return f"{archive.name}/{path.relative_to(archive).as_posix()}" if path != archive else archive.name


def skipped(name: str, most: int) -> str:
    """Return the sentence about a file beyond the number that can be added at once."""
    return _("%(file)s was skipped: at most %(most)s files at once.", file=name, most=most)


def _is_collection(name: str) -> str:
    return _("%(file)s is a test collection: please index it with `yearbook-qa index`.", file=name)


def _reason(error: Exception, path: Path) -> str:
    """Return an error message without the path on the server."""
    return str(error).replace(f"{path}: ", "").replace(str(path), path.name)


def prefilled(document: Document) -> dict[str, str]:
    """Return the values of the form for a document; unknown values are empty."""
    texts = {key: str(getattr(document, key) or "") for key in FIELDS if key != "covers"}
    first, last = document.covers or ("", "")
    texts["covers"] = str(first) if first == last else f"{first}–{last}"
    return {key: texts[key] for key in FIELDS}


def declared(staged: StagedFile) -> dict[str, Any]:
    """Return the catalogue entry of a file: the id and each value that the user changed.

    Unchanged and emptied values are left out, so that they are inferred.
    """
    values: dict[str, Any] = {"id": staged.id}
    for key in FIELDS:
        text = printable_line(staged.texts.get(key, ""))
        if key != "id" and text and text != printable_line(staged.inferred.get(key, "")):
            values[key] = _value(key, text)
    return values


def _value(key: str, text: str) -> Any:
    if key == "edition":
        return int(text) if re.fullmatch(r"\d{4}", text, re.ASCII) else text
    if key == "covers":
        years = _YEARS.fullmatch(text)
        if years is None:
            return text
        return int(years[1]) if years[2] in {None, years[1]} else [int(years[1]), int(years[2])]
    return text


class FormFault(NamedTuple):
    """What must be corrected in the form of the file at a position, in words."""

    position: int
    text: str


def problems(files: Sequence[StagedFile], used_ids: Mapping[str, str], *, ocr: bool = False) -> list[FormFault]:
    """Return what must be corrected before files can be added.

    Args:
        files: The files.
        used_ids: The file of each document in the library, by id.
        ocr: Whether pages without text are to be recognised.
    """
    faults = [
        FormFault(position, _("%(file)s has no text: let its pages be recognised, or discard it", file=file.name))
        for position, file in enumerate(files)
        if not (file.has_text or ocr)
    ]
    used: dict[str, str] = {}
    by_folded = {identifier.casefold(): source for identifier, source in used_ids.items()}
    for position, file in enumerate(files):
        folded = file.id.casefold()
        texts = [*_faults_in_fields(file), _fault_of_id(file, used.get(folded), by_folded.get(folded))]
        faults += [FormFault(position, text) for text in texts if text is not None]
        used.setdefault(folded, file.name)
    return faults


def _faults_in_fields(file: StagedFile) -> Iterator[str]:
    for key, value in declared(file).items():
        fault = field_problem(key, value)
        if key == "id" and (not ID_PATTERN.fullmatch(file.id) or not file.id.strip(".")):
            fault = _("may contain only A-Z a-z 0-9 . _ - and not only dots")
        if fault is not None:
            label = _(FIELDS[key]).partition(":")[0].lower()
            yield _("%(file)s: %(field)s “%(value)s” %(fault)s", file=file.name, field=label, value=value, fault=fault)


def _fault_of_id(file: StagedFile, other: str | None, document: str | None) -> str | None:
    """Return what is wrong with an id that another file of the form has, or a document in the library."""
    if other is not None:
        return _(
            "%(file)s and %(other)s have the same id “%(id)s”: please change one of them",
            file=file.name,
            other=other,
            id=file.id,
        )
    if document is not None:
        return _(
            "%(file)s: the id “%(id)s” belongs to a document in the library (%(other)s): "
            "please choose another id, or remove that document first",
            file=file.name,
            id=file.id,
            other=document,
        )
    return None


Work = Callable[[ProgressCallback], BuildReport]

STAGED_FOR = 6 * 3600
"""Seconds after which uploaded files that were never added are deleted."""

STAGED_FOR_WHEN_FULL = 1800
"""Seconds after which they are deleted when there is no space for another upload."""

_REMOVED = ".removed-"
"""Prefix of a file whose document is being removed; hidden files are not indexed."""


@dataclass(frozen=True, slots=True)
class ChangeProgress:
    """Progress of a change: the share done in [0, 1] after `seconds`. The last step has the report."""

    share: float
    words: str
    seconds: float
    report: BuildReport | None = None


class LibraryEditor:
    """Changes one index, one change at a time."""

    def __init__(
        self,
        loader: LibraryLoader,
        upload_folder: UploadFolder,
        index: Path | None = None,
        runner: TaskRunner | None = None,
    ) -> None:
        """Prepare changes.

        Args:
            loader: The library.
            upload_folder: Temporary storage for uploads.
            index: The index folder to change, if it is not that of the library (as beside the samples).
            runner: Runs the build; in this process when None.
        """
        self._loader = loader
        self._index = index
        self._runner = runner or InlineTaskRunner(loader)
        self._busy = threading.Lock()
        self._upload_folder = upload_folder
        self._staging = upload_folder.subfolder(lambda: self._delete_staged(STAGED_FOR_WHEN_FULL, 1))
        weakref.finalize(self, shutil.rmtree, self._staging, ignore_errors=True)  # also when the program ends

    @property
    def index(self) -> Path:
        """The index folder that is changed."""
        return self._index or self._loader.library().folder

    @property
    def files(self) -> Path:
        """The folder of the uploaded files."""
        return self.index.with_name(f"{self.index.name}-documents")

    @property
    def lock(self) -> Path:
        """Lock file held by the server that changes these files."""
        return self.files.with_name(f".{self.files.name}.lock")

    def documents(self) -> Sequence[DocumentInfo]:
        """Return the documents of the index that is changed."""
        library = self._loader.library()
        if library.folder == self.index:
            return library.index.documents
        try:
            return Index(self.index).documents
        except NoIndex:
            return ()

    def receive(self, upload: Path) -> Path:
        """Move an uploaded file to the staging folder; return its new path."""
        self._delete_staged(STAGED_FOR)
        target = Path(tempfile.mkdtemp(dir=self._staging)) / upload.name
        shutil.move(upload, target)
        with suppress(OSError):
            upload.parent.rmdir()  # Gradio makes a folder for each upload
        return target

    def stage_upload(self, upload: Path, most: int) -> list[StagedFile]:
        """Move an uploaded file to the staging folder and prefill its form; of an archive those of `most` files."""
        path = self.receive(upload)
        if not archives.is_archive(path):
            return [stage(path)]
        try:
            size = sum(member.file_size for member in archives.listing(path).members.values())
            with self._upload_folder.reserved(size):
                return stage_archive(path, lambda: Path(tempfile.mkdtemp(dir=self._staging)), most)
        except (CorpusError, RequestRefused, OSError) as error:
            return [StagedFile(path.name, path, reason=unreadable(path.name, _reason(error, path)))]
        finally:
            shutil.rmtree(path.parent, ignore_errors=True)

    def _delete_staged(self, seconds: float, maximum: int | None = None) -> bool:
        """Delete staged files older than `seconds`, the oldest first; return whether there were any."""
        staged = sorted((folder.stat().st_mtime, folder) for folder in self._staging.iterdir())
        old = [folder for since, folder in staged if time.time() - since > seconds][:maximum]
        for folder in old:
            shutil.rmtree(folder, ignore_errors=True)
        return bool(old)

    def add(self, staged: Sequence[StagedFile], *, ocr: bool = False) -> Iterator[ChangeProgress]:
        """Add files whose forms have no problems, and yield the progress; with `ocr`, recognise pages without text.

        Raises IndexBusy, CorpusError, OSError and what a build raises.
        """
        return self._in_background(lambda progress: self._add(staged, progress, ocr=ocr))

    def remove(self, documents: Sequence[str]) -> Iterator[ChangeProgress]:
        """Remove documents, and delete the files of uploaded ones; yield the progress. Raises what `add` raises."""
        return self._in_background(lambda progress: self._remove(documents, progress))

    def is_stored(self, document: DocumentInfo) -> bool:
        """Return whether a document's file was uploaded here."""
        return Path(document.source).parent == self.files.resolve()

    def _in_background(self, work: Work) -> Iterator[ChangeProgress]:
        if not self._busy.acquire(blocking=False):
            raise IndexBusy(_("another change is running: please try again when it has finished"))
        done: Future[BuildReport] = Future()
        latest: list[BuildProgress] = []

        def run() -> None:
            try:
                with self._exclusive():
                    report = work(latest.append)
            except BaseException as error:  # noqa: BLE001 - raised again by `done.result()`
                self._busy.release()  # first: the caller may start the next change at once
                done.set_exception(error)
            else:
                self._busy.release()
                done.set_result(report)

        begin = time.monotonic()
        threading.Thread(target=copy_context().run, args=(run,), name="change-library").start()
        while not done.done():
            share, words = (latest[-1].share, _in_words(latest[-1])) if latest else (0.0, _("reading the files"))
            yield ChangeProgress(share, words, time.monotonic() - begin)
            with suppress(TimeoutError):
                done.exception(timeout=0.25)
        yield ChangeProgress(1.0, _("done"), time.monotonic() - begin, done.result())

    @contextmanager
    def _exclusive(self) -> Iterator[None]:
        """Hold the lock against other servers. Raises IndexBusy."""
        self.lock.parent.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.lock, timeout=0):
                self._recover()
                yield
        except Timeout as error:
            raise IndexBusy(
                _("another server is changing this index: please try again when it has finished")
            ) from error

    def _recover(self) -> None:
        """Finish removals that a killed server began: restore files that the index still has, delete the others."""
        if not self.files.is_dir():
            return
        indexed = {Path(info.source).name for info in self.documents() if self.is_stored(info)}
        for aside in sorted(self.files.glob(f"{_REMOVED}*")):
            path = aside.with_name(aside.name.removeprefix(_REMOVED))
            if path.name in indexed and not path.exists():
                aside.replace(path)
                catalogue.recover(self.files / catalogue.NAME)
            else:
                aside.unlink()

    def _add(self, staged: Sequence[StagedFile], progress: ProgressCallback, *, ocr: bool) -> BuildReport:
        folder = self.files
        folder.mkdir(parents=True, exist_ok=True)
        listing = folder / catalogue.NAME
        added: list[Path] = []
        size = sum(path.stat().st_size for path in (*folder.iterdir(), *(file.path for file in staged)))
        if size > limits.KEPT.value:
            raise RequestError(
                _(
                    "uploaded documents would take %(size)s bytes of %(limit)s (%(variable)s): "
                    "please remove other documents first",
                    size=f"{size:,}",
                    limit=f"{limits.KEPT.value:,}",
                    variable=limits.KEPT.variable,
                )
            )
        try:
            with catalogue.restored(listing):
                tables: list[str] = []
                for file in staged:
                    target = folder / f"{file.id}{file.path.suffix.lower()}"
                    if _is_same_file(target, file.path):
                        if listing.exists():
                            catalogue.remove(listing, [target.name])
                    else:
                        with target.open("xb") as stored, file.path.open("rb") as uploaded:
                            added.append(target)
                            shutil.copyfileobj(uploaded, stored)
                    tables.append(catalogue.table(target.name, declared(file)))
                catalogue.append(listing, "\n".join(tables))
                scans = [file.id for file in staged if ocr and file.scans]
                report = self._build(folder, [file.id for file in staged], (), progress, scans)
        except BaseException:
            for path in added:
                path.unlink(missing_ok=True)
            raise
        for file in staged:
            shutil.rmtree(file.path.parent, ignore_errors=True)
        if self._loader.library().folder != self.index:
            self._loader.reopen()
        return report

    def _build(
        self,
        files: Path | None,
        add: Sequence[str],
        remove: Sequence[str],
        progress: ProgressCallback,
        recognize: Sequence[str] = (),
    ) -> BuildReport:
        """Update the index from a folder, adding and removing these documents, some by text recognition."""
        try:
            change = tasks.change_request(self.index, files, remove, recognize)
            return tasks.parse_change_report(
                run_to_completion(self._runner, change, lambda step: progress(tasks.parse_change_progress(step)))
            )
        except BaseException as error:
            if (report := self._committed_report(add, remove)) is not None:
                return report
            if isinstance(error, WorkerCrashed):
                raise WorkerCrashed(_("the process that changes the library crashed: please try again")) from error
            raise

    def _committed_report(self, add: Sequence[str], remove: Sequence[str]) -> BuildReport | None:
        """Return the report of a change that failed only after the index was switched to it; else None."""
        with suppress(*USER_ERRORS, OSError):
            documents = {info.id: info for info in self.documents()}
            if documents.keys() >= set(add) and documents.keys().isdisjoint(remove):
                passages = sum(info.passage_count for info in documents.values())
                return BuildReport(added=list(add), removed=list(remove), documents=len(documents), passages=passages)
        return None

    def _remove(self, documents: Sequence[str], progress: ProgressCallback) -> BuildReport:
        known = {info.id: info for info in self.documents()}
        removed = [known[identifier] for identifier in documents if identifier in known]
        stored = [Path(info.source) for info in removed if self.is_stored(info)]
        listing = self.files / catalogue.NAME
        is_listed = bool(stored) and listing.exists()
        aside = [(path, path.with_name(f"{_REMOVED}{path.name}")) for path in stored if path.exists()]
        try:
            with catalogue.restored(listing) if is_listed else nullcontext():
                for path, other in aside:
                    path.replace(other)
                if is_listed:
                    catalogue.remove(listing, [path.name for path in stored])
                report = self._build(None, (), documents, progress)
        except BaseException:
            for path, other in aside:
                if other.exists():
                    other.replace(path)
            raise
        for _path, other in aside:
            other.unlink(missing_ok=True)
        return report


def _is_same_file(target: Path, uploaded: Path) -> bool:
    """Return whether the file is already there, added by a server that was killed.

    Raises:
        RequestError: A different file has that name.
    """
    if not target.exists():
        return False
    if not filecmp.cmp(target, uploaded, shallow=False):
        raise RequestError(_("a different file %(file)s is already stored: please choose another id", file=target.name))
    return True


def _in_words(advance: BuildProgress) -> str:
    if advance.stage.startswith(RECOGNISING):
        return _(
            "%(done)s of %(total)s pages of %(file)s recognised",
            done=f"{advance.documents:,}",
            total=f"{advance.sources_to_read:,}",
            file=advance.stage.removeprefix(RECOGNISING).strip(),
        )
    return _(
        "%(documents)s of %(total)s documents, %(passages)s passages",
        documents=f"{advance.documents:,}",
        total=f"{advance.sources_to_read:,}",
        passages=f"{advance.passages:,}",
    )
