"""Documents added to a library and removed from it, without a browser."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import tomllib
import zipfile
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from corpus.ingest import plan
from corpus.processes import Json
from corpus.readers.ocr import page_cache
from corpus.records import METADATA_FIELDS
from index import layout
from index.building.build import build
from index.building.report import BuildReport
from index.errors import IndexBusy
from index.ranking.search import Index
from qa import limits
from qa.answering.library import Library
from qa.api.concurrency import LibraryLoader
from qa.errors import RequestError, WorkerCrashed
from qa.web.library_changes import FIELDS, LibraryEditor, StagedFile, declared, problems, stage
from qa.web.security.request_limits import UploadFolder
from qa.web.tabs.library import ChangesForm, StagedFiles, _error_text, _report
from qa.web.workers import tasks
from qa.web.workers.pool import InlineTaskRunner
from tests.factories.encoders import HashEncoder
from tests.factories.harbours import harbours
from tests.factories.rendered.pages import draw_lines, draw_pages
from tests.factories.rendered.scanned_pdf import recognize_perfectly, scan

TIDES = """\
Harbour Yearbook 2022

Published by the Harbour Council

1 Tides

In 2021 the tide rose to 4.2 metres at the mouth of the harbour, more than in any year before. In 2021 the gauge was
moved, too.
"""


@pytest.fixture
def library(tmp_path: Path) -> Library:
    folder = tmp_path / "harbours"
    folder.mkdir()
    return harbours(folder)


@pytest.fixture
def editor(library: Library) -> LibraryEditor:
    return LibraryEditor(LibraryLoader(library), UploadFolder())


def uploaded(folder: Path, name: str, text: str = TIDES) -> Path:
    file = folder / "uploads" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def staged(editor: LibraryEditor, folder: Path, name: str, text: str = TIDES, **texts: str) -> StagedFile:
    file = stage(editor.receive(uploaded(folder, name, text)))
    return StagedFile(file.name, file.path, file.inferred, {**file.texts, **texts}, file.reason)


def done(steps: Any) -> BuildReport:
    report = list(steps)[-1].report
    assert isinstance(report, BuildReport)
    return report


def test_the_form_is_prefilled_and_only_what_is_changed_is_declared(editor: LibraryEditor, tmp_path: Path) -> None:
    file = staged(editor, tmp_path, "tides 2022.txt")
    assert (file.texts["edition"], file.texts["covers"], file.id) == ("2022", "2021", "tides-2022")
    assert declared(file) == {"id": "tides-2022"}
    other = staged(editor, tmp_path, "t.txt", edition="2023", covers="2021 to 2022", series=" A\nB ", publisher="")
    assert declared(other) == {"id": "t", "series": "A B", "edition": 2023, "covers": [2021, 2022]}


def test_a_file_that_cannot_be_read_says_why_without_a_path_of_the_server(
    editor: LibraryEditor, tmp_path: Path
) -> None:
    for name, text in (
        ("x.pdf", "no PDF"),
        ("x.txt", ""),
        ("x.exe", "MZ"),
        ("corpus.jsonl", '{"_id": "a", "text": "b"}'),
    ):
        file = stage(editor.receive(uploaded(tmp_path, name, text)))
        assert file.reason
        assert str(file.path.parent) not in file.reason


def test_what_is_added_is_what_indexing_the_folder_of_files_gives(
    editor: LibraryEditor, library: Library, tmp_path: Path
) -> None:
    report = done(editor.add([staged(editor, tmp_path, "tides.txt", edition="2023"), staged(editor, tmp_path, "b.md")]))
    assert sorted(report.added) == ["b", "tides"]
    info = library.index.info("tides")
    assert (info.edition, info.origins["edition"]) == (2023, "catalogue")
    assert (info.covers, info.origins["covers"]) == ((2021, 2021), "inferred")
    assert sorted(path.name for path in editor.files.iterdir()) == ["b.md", "corpus.toml", "tides.txt"]
    again = build(library.folder, plan([editor.files]), HashEncoder())
    assert (again.unchanged, again.added, again.changed, again.missing) == (2, [], [], [])
    assert library.ask("How high did the tide rise?").passages[0].hit.document.id in {"b", "tides"}


def test_documents_are_added_up_to_the_bytes_that_are_kept(
    editor: LibraryEditor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, other = staged(editor, tmp_path, "tides.txt"), staged(editor, tmp_path, "b.md")
    monkeypatch.setenv(limits.KEPT.variable, f"{file.path.stat().st_size}")
    report = done(editor.add([file]))
    with pytest.raises(RequestError, match=r"of [0-9,]+ \(YEARBOOK_QA_MAX_KEPT\)"):
        list(editor.add([other]))
    assert sorted(path.name for path in editor.files.iterdir()) == ["corpus.toml", "tides.txt"]
    assert str(editor.files.parent) not in _report(report, editor)


def test_what_is_removed_goes_with_its_file_and_its_entry_and_other_files_stay(
    editor: LibraryEditor, library: Library, tmp_path: Path
) -> None:
    done(editor.add([staged(editor, tmp_path, "tides.txt"), staged(editor, tmp_path, "b.txt")]))
    source = Path(library.index.info("lamp-2020").source)
    assert editor.is_stored(library.index.info("tides"))
    assert not editor.is_stored(library.index.info("lamp-2020"))
    assert done(editor.remove(["tides", "lamp-2020"])).removed == ["lamp-2020", "tides"]
    assert {document.id for document in library.index.documents} == {"b", "harbour-2016", "harbour-2020"}
    assert sorted(path.name for path in editor.files.iterdir()) == ["b.txt", "corpus.toml"]
    listed = tomllib.loads((editor.files / "corpus.toml").read_text(encoding="utf-8"))["document"]
    assert [table["id"] for table in listed] == ["b"]
    assert source.exists()
    done(editor.add([staged(editor, tmp_path, "tides.txt")]))  # it can come back
    assert library.index.info("tides").edition == 2022


def test_ids_that_clash_and_values_that_are_none_are_named(editor: LibraryEditor, tmp_path: Path) -> None:
    taken = {document.id: "lamp.txt" for document in editor.documents()}
    files = [
        staged(editor, tmp_path, "a.txt", id="Lamp-2020"),
        staged(editor, tmp_path, "b.txt", id="x", edition="MMXVI", covers="2015 to 2014"),
        staged(editor, tmp_path, "c.txt", id="X", url="javascript:alert(1)"),
        staged(editor, tmp_path, "d.txt", id="../etc/passwd"),
        staged(editor, tmp_path, "e.txt", id=""),
        staged(editor, tmp_path, "f.txt", id=".."),
    ]
    faults = problems(files, taken)
    found = "\n".join(fault.text for fault in faults)
    assert all(fault.text.startswith(files[fault.position].name) for fault in faults)
    assert "a.txt: the id “Lamp-2020” belongs to a document in the library (lamp.txt)" in found
    assert "b.txt: edition “MMXVI” must be a year" in found
    assert "b.txt: covers “[2015, 2014]” must be a year or" in found
    assert "c.txt and b.txt have the same id “X”" in found
    assert "c.txt: web address “javascript:alert(1)” must be an address, not a script" in found
    for name in ("d.txt", "e.txt", "f.txt"):
        assert f"{name}: id “" in found
    assert problems([staged(editor, tmp_path, "g.txt")], taken) == []


@pytest.mark.parametrize("fault", [IndexBusy("another build is running"), OSError(28, "No space left on device")])
def test_a_change_that_fails_leaves_files_and_catalogue_as_they_were(
    editor: LibraryEditor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def failing(*_: Any, **__: Any) -> BuildReport:
        raise fault

    done(editor.add([staged(editor, tmp_path, "tides.txt")]))
    before = {path.name: path.read_bytes() for path in editor.files.iterdir()}
    with monkeypatch.context() as patch:
        patch.setattr(tasks, "build", failing)
        with pytest.raises(type(fault)):
            done(editor.add([staged(editor, tmp_path, "b.txt")]))
        with pytest.raises(type(fault)):
            done(editor.remove(["tides"]))
    assert {path.name: path.read_bytes() for path in editor.files.iterdir()} == before
    assert done(editor.add([staged(editor, tmp_path, "b.txt")])).added == ["b"]


class Speechless(InlineTaskRunner):
    """Does what it is asked, and ends before it says so."""

    def steps(self, request: Json) -> Generator[Json, None, None]:
        for step in super().steps(request):
            if "result" in step:
                raise WorkerCrashed
            yield step


def test_a_change_whose_process_ends_before_its_last_word_is_whole(library: Library, tmp_path: Path) -> None:
    editor = LibraryEditor(LibraryLoader(library), UploadFolder(), None, Speechless(LibraryLoader(library)))
    before = [document.id for document in library.index.documents]
    file = staged(editor, tmp_path, "tides.txt")
    report = done(editor.add([file]))
    assert (report.added, report.documents) == ([file.id], len(before) + 1)
    assert report.passages == sum(document.passage_count for document in library.index.documents)
    assert {path.stem for path in editor.files.iterdir()} == {file.id, "corpus"}
    assert done(editor.remove([file.id])).removed == [file.id]
    assert [document.id for document in library.index.documents] == before
    assert {path.stem for path in editor.files.iterdir()} <= {"corpus"}


class Failing(InlineTaskRunner):
    """Does what it is asked, and then fails."""

    def steps(self, request: Json) -> Generator[Json, None, None]:
        yield from (step for step in super().steps(request) if "result" not in step)
        raise OSError(5, "Input/output error")


def test_a_change_that_fails_once_the_index_has_it_is_made(library: Library, tmp_path: Path) -> None:
    editor = LibraryEditor(LibraryLoader(library), UploadFolder(), None, Failing(LibraryLoader(library)))
    file = staged(editor, tmp_path, "tides.txt")
    assert done(editor.add([file])).added == [file.id]
    assert f"{file.id}.txt" in {path.name for path in editor.files.iterdir()}
    assert done(editor.remove([file.id])).removed == [file.id]
    assert {path.stem for path in editor.files.iterdir()} <= {"corpus"}


def test_what_a_server_that_was_killed_had_begun_to_remove_comes_back_where_the_index_has_it(
    editor: LibraryEditor, tmp_path: Path
) -> None:
    done(editor.add([staged(editor, tmp_path, "tides.txt")]))
    listing = editor.files / "corpus.toml"
    before = listing.read_bytes()
    (editor.files / "tides.txt").rename(editor.files / ".removed-tides.txt")
    listing.rename(editor.files / ".corpus.toml.before")
    listing.write_text("# without its table\n", encoding="utf-8")
    (editor.files / ".removed-gone.txt").write_text("of a document that the index has no more", encoding="utf-8")
    done(editor.add([staged(editor, tmp_path, "b.txt", TIDES.replace("tide", "wave"))]))
    assert {path.name for path in editor.files.iterdir()} == {"tides.txt", "b.txt", "corpus.toml"}
    assert listing.read_bytes().startswith(before)


def test_what_a_server_that_was_killed_had_begun_to_add_can_be_added_again(
    editor: LibraryEditor, tmp_path: Path
) -> None:
    file = staged(editor, tmp_path, "tides.txt", title="Tides of the year")
    editor.files.mkdir()
    (editor.files / "tides.txt").write_text("of another", encoding="utf-8")
    with pytest.raises(RequestError, match=r"^a different file tides\.txt is already stored"):
        done(editor.add([file]))
    assert (editor.files / "tides.txt").read_text(encoding="utf-8") == "of another"
    (editor.files / "tides.txt").write_bytes(file.path.read_bytes())
    (editor.files / "corpus.toml").write_text('[[document]]\nfile = "tides.txt"\ntitle = "x"\n', encoding="utf-8")
    assert done(editor.add([file])).added == ["tides"]
    tables = tomllib.loads((editor.files / "corpus.toml").read_text(encoding="utf-8"))["document"]
    assert [(table["file"], table["title"]) for table in tables] == [("tides.txt", "Tides of the year")]


def test_only_one_change_runs_at_a_time_and_it_ends_though_nobody_watches(
    editor: LibraryEditor, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_build, built = threading.Event(), threading.Event()

    def waiting(*values: Any, **named: Any) -> BuildReport:
        may_build.wait()
        try:
            return build(*values, **named)
        finally:
            built.set()

    monkeypatch.setattr(tasks, "build", waiting)
    watched = editor.add([staged(editor, tmp_path, "tides.txt")])
    assert next(watched).report is None
    with pytest.raises(IndexBusy, match="another change is running"):
        next(editor.remove(["lamp-2020"]))
    assert library.ask("When is the lamp lit?").passages  # a question is not disturbed
    watched.close()  # type: ignore[attr-defined]
    may_build.set()
    assert built.wait(20)
    assert library.index.info("tides").edition == 2022


HOLDING = (
    "import sys, filelock; lock = filelock.FileLock(sys.argv[1]); lock.acquire(); print('held', flush=True); input()"
)


@pytest.mark.parametrize("who", ["server", "build"])
def test_while_another_process_changes_the_index_a_change_says_so_and_leaves_all_as_it_was(
    editor: LibraryEditor, library: Library, tmp_path: Path, who: str
) -> None:
    done(editor.add([staged(editor, tmp_path, "tides.txt")]))
    before = {path.name: path.read_bytes() for path in editor.files.iterdir()}
    lock = editor.lock if who == "server" else library.folder / layout.LOCK
    command = [sys.executable, "-c", HOLDING, str(lock)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        for change in (editor.add([staged(editor, tmp_path, "b.txt")]), editor.remove(["tides"])):
            with pytest.raises(IndexBusy) as busy:
                done(change)
            said = _error_text(busy.value, editor)
            assert re.fullmatch(r"another (server|build) is [^/]* this index[^/]*", said)
        other.communicate("\n")
    assert {path.name: path.read_bytes() for path in editor.files.iterdir()} == before
    assert done(editor.remove(["tides"])).removed == ["tides"]


def test_beside_the_samples_documents_go_to_an_index_of_the_users_own(library: Library, tmp_path: Path) -> None:
    own = tmp_path / "own"

    def opener() -> Library:
        return Library(own, HashEncoder()) if (own / "manifest.json").exists() else library

    opening = LibraryLoader(opener)
    opening.start()
    editor = LibraryEditor(opening, UploadFolder(), own)
    assert editor.documents() == ()
    done(editor.add([staged(editor, tmp_path, "tides.txt")]))
    assert [document.id for document in opening.library().index.documents] == ["tides"]
    assert len(Index(library.folder).documents) == 3
    assert editor.files == tmp_path / "own-documents"


def test_the_form_keeps_what_was_written_for_each_file(editor: LibraryEditor, tmp_path: Path) -> None:
    tab = ChangesForm(editor, None)  # type: ignore[arg-type]  # shows nothing here
    uploads = [str(uploaded(tmp_path, name)) for name in ("a.txt", "b.txt", "c.exe")]
    *reading, (staged_files, unread, *_) = tab._receive(uploads, StagedFiles(), *[""] * len(FIELDS))
    assert ["(1 of 3)" in str(reading[0][1]), "(3 of 3)" in str(reading[2][1])] == [True, True]
    assert "c.exe cannot be read" in unread
    texts = list({**staged_files.files[0].texts, "title": "Mine"}.values())
    staged_files, *second, name = tab._switch("2", staged_files, *texts)
    assert "b.txt" in name
    staged_files, *first, name = tab._switch("1", staged_files, *second)
    assert "a.txt" in name
    assert first == texts
    assert second[list(FIELDS).index("id")] == "b"


def test_one_of_several_files_is_discarded(editor: LibraryEditor, tmp_path: Path) -> None:
    tab = ChangesForm(editor, None)  # type: ignore[arg-type]  # shows nothing here
    uploads = [str(uploaded(tmp_path, name)) for name in ("a.txt", "b.txt", "c.txt")]
    *_, (staged_files, *_) = tab._receive(uploads, StagedFiles(), *[""] * len(FIELDS))
    staged_files, *texts, _ = tab._switch("3", staged_files, *staged_files.files[0].texts.values())
    staged_files, _, form, choices, *texts = tab._discard(staged_files, *texts)
    assert [file.name for file in staged_files.files] == ["a.txt", "b.txt"]
    assert (form.visible, choices.value, texts[list(FIELDS).index("id")]) == (True, "2", "b")
    for _ in range(2):
        staged_files, _, form, *_ = tab._discard(staged_files, *texts[: len(FIELDS)])
    assert (staged_files.files, form.visible) == ((), False)


def test_the_form_goes_to_the_first_file_with_a_fault(editor: LibraryEditor, tmp_path: Path) -> None:
    tab = ChangesForm(editor, None)  # type: ignore[arg-type]  # shows nothing here
    files = (
        staged(editor, tmp_path, "a.txt"),
        staged(editor, tmp_path, "b.txt", id="!"),
        staged(editor, tmp_path, "c.txt"),
    )
    shown = StagedFiles(files, 2)
    ((fault, after, *_),) = tab._do_add(False, shown, *files[2].texts.values())
    assert "b.txt" in fault
    assert after.current == 1


def test_an_archive_is_unpacked_and_added_like_a_folder(editor: LibraryEditor, tmp_path: Path) -> None:
    tab = ChangesForm(editor, None)  # type: ignore[arg-type]  # shows nothing here
    upload = tmp_path / "uploads" / "all.zip"
    upload.parent.mkdir()
    with zipfile.ZipFile(upload, "w") as archive:
        archive.writestr("2022/tides.txt", TIDES)
        archive.writestr("2023/tides.txt", TIDES.replace("2022", "2023"))
        archive.writestr("corpus.toml", '[[document]]\nfile = "2023/tides.txt"\nseries = "Own series"\n')
        archive.writestr("../outside.txt", TIDES)
        archive.writestr("inner.zip", b"PK")
    *_, (staged_files, unread, *_) = tab._receive([str(upload)], StagedFiles(), *[""] * len(FIELDS))
    assert [file.name for file in staged_files.files] == ["all.zip/2022/tides.txt", "all.zip/2023/tides.txt"]
    assert "outside.txt cannot be read (a name that leads out of the archive" in unread
    assert "inner.zip cannot be read (an archive inside an archive" in unread
    assert declared(staged_files.files[1])["series"] == "Own series"
    report = done(editor.add(staged_files.files))
    assert report.added == [file.id for file in staged_files.files]
    assert sorted(path.name for path in editor.files.iterdir()) == [
        *sorted(f"{identifier}.txt" for identifier in report.added), "corpus.toml"
    ]  # fmt: skip
    assert Index(editor.index).document(report.added[1]).series == "Own series"


def test_an_archive_that_unpacks_to_too_much_is_refused(
    editor: LibraryEditor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(limits.UPLOADS.variable, "100000")
    upload = tmp_path / "bomb.zip"
    with zipfile.ZipFile(upload, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.txt", b"0" * 1_000_000)
    (refused,) = editor.stage_upload(upload, 5)
    assert "no space for this upload" in refused.reason
    assert not any(editor._staging.rglob("*.*"))


class TestScans:
    @pytest.fixture
    def file(self, editor: LibraryEditor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """An uploaded scan of a page."""
        printed = draw_pages(draw_lines("Harbour Yearbook 2022", "In 2021 the tide rose to 4.2 metres."))
        recognize_perfectly(monkeypatch, printed)
        upload = uploaded(tmp_path, "tides-2022.pdf", "")
        upload.write_bytes(scan(printed))
        return editor.receive(upload)

    def test_pages_without_text_are_recognised_if_the_user_says_so(self, editor: LibraryEditor, file: Path) -> None:
        staged_file = stage(file)
        assert (staged_file.scans, staged_file.has_text, staged_file.reason) == (1, False, "")
        assert staged_file.id == "tides-2022"
        (fault,) = problems([staged_file], {})
        assert fault.text.startswith("tides-2022.pdf has no text")
        assert problems([staged_file], {}, ocr=True) == []
        steps = list(editor.add([staged_file], ocr=True))
        assert steps[-1].report is not None
        assert steps[-1].report.added == ["tides-2022"]
        document = Index(editor.index).document("tides-2022")
        assert "rose to 4.2 metres" in document.text
        assert document.recognized

    def test_the_form_asks_only_where_there_are_such_pages(self, editor: LibraryEditor, file: Path) -> None:
        form = ChangesForm(editor, None)  # type: ignore[arg-type]
        question = form._form_values(StagedFiles((stage(file),)))[-3]
        assert question.visible
        assert question.label == "Recognise the text of 1 page that has none, in about 1 min"
        assert not form._form_values(StagedFiles((StagedFile("a.txt", Path("a.txt")),)))[-3].visible

    def test_without_the_engine_a_scan_is_refused(self, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(page_cache, "engine_version", lambda: None)
        assert "the file is a scan" in stage(file).reason


def test_the_form_has_a_field_for_all_metadata() -> None:
    assert tuple(FIELDS) == ("id", *METADATA_FIELDS)
