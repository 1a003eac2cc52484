"""Full, read-only, forbidden and missing disks: one line of error message, and intact data."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from corpus.ingest import plan
from index import layout, manifest
from index.building.build import build
from index.errors import IndexNotWritten, NoIndex, writing
from index.ranking.search import Index
from qa.answering.library import Library
from qa.api.concurrency import LibraryLoader
from qa.collections.collection import kept_passage_json
from qa.collections.relocation import keep
from qa.web.library_changes import LibraryEditor, stage
from qa.web.security.request_limits import UploadFolder
from tests.factories.damaged_index import answers, damage, write_report
from tests.factories.encoders import HashEncoder
from tests.faults.injection import TRACEBACK, Faults, Run

MEGABYTES = 3
QUESTIONS = '{"id": "a", "question": "What did the fund 3 pay?"}\n{"id": "b", "question": "What is harbour 2?"}\n'


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short name: its files are in messages."""
    with tempfile.TemporaryDirectory(prefix="yearbook-qa-") as made:
        yield Path(made)


@pytest.fixture
def disk(folder: Path) -> Iterator[Path]:
    """Mount a disk that is small enough to fill."""
    place = folder / "disk"
    place.mkdir()
    if sys.platform != "linux" or os.geteuid():
        pytest.skip("only root can mount a small disk, and only on Linux")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def filled(disk: Path, left: int) -> Path:
    """Fill a disk except for some KB; return the file that fills it."""
    filler = disk / "filler"
    free = shutil.disk_usage(disk).free
    filler.write_bytes(bytes(max(0, free - left * 1024)))
    return filler


def line_of(run: Run) -> str:
    """Return the single line of an error message."""
    assert run.code == 1, run
    assert TRACEBACK != 1
    assert run.out == ""
    (line,) = run.err.splitlines()
    assert line.startswith("yearbook-qa: ")
    return line


def prepared(place: Path, corpus: Path) -> Path:
    """An index of three documents, and a corpus of four."""
    for year in (2012, 2014, 2016):
        write_report(corpus, year)
    build(place / "index", plan([corpus]), HashEncoder())
    write_report(corpus, 2018)
    return place / "index"


def test_a_full_disk_leaves_the_index_unchanged_at_any_free_space(faults: Faults, folder: Path, disk: Path) -> None:
    corpus = folder / "corpus"
    index = prepared(disk, corpus)
    before = answers(index)
    command = ["index", corpus, "--index", index]
    failed = 0
    for left in (0, 8, 40, 150, 300):
        filler = filled(disk, left)
        run = faults.run(command)
        if run.code:
            assert "No space left on device" in line_of(run)
            assert answers(index) == before
            failed += 1
        filler.unlink()
    assert failed > 2
    assert faults.run(command).code == 0
    build(folder / "fresh", plan([corpus]), HashEncoder())
    assert answers(index) == answers(folder / "fresh")
    assert layout.list_generations(index) == [manifest.read(index).generation]


def test_a_full_disk_leaves_an_index_to_be_repaired_another_time(faults: Faults, folder: Path, disk: Path) -> None:
    index = prepared(disk, folder / "corpus")
    truth = answers(index)
    name = next(
        file for file in manifest.read(index).files if file.startswith(layout.LEXICAL) and file.endswith(".idx")
    )
    damage(layout.generation_folder(index, 1) / name, "flipped", index)
    filler = filled(disk, 40)
    assert "No space left on device" in line_of(faults.run(["doctor", "--repair", "--index", index]))
    filler.unlink()
    assert faults.run(["doctor", "--repair", "--index", index]).code == 0
    assert answers(index) == truth


def test_a_full_disk_leaves_the_results_of_an_earlier_evaluation(faults: Faults, folder: Path, disk: Path) -> None:
    index = prepared(folder, folder / "corpus")
    (folder / "questions.jsonl").write_text(QUESTIONS, "utf-8")
    out = disk / "out"
    command = ["evaluate", folder / "questions.jsonl", "--out", out, "--index", index]
    assert faults.run(command).code == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    for left in (0, 8, 20):
        filler = filled(disk, left)
        line = line_of(faults.run(command))
        assert str(out) in line
        assert "No space left on device" in line
        assert {path.name: path.read_bytes() for path in out.iterdir()} == before
        filler.unlink()


def test_a_full_disk_is_reported_when_samples_are_indexed(faults: Faults, disk: Path) -> None:
    filler = filled(disk, 100)
    run = faults.run(["ask", "What", "is", "a", "yearbook?"], environment={"XDG_DATA_HOME": str(disk / "data")})
    assert run.code == 1
    assert run.err.splitlines()[-1].startswith("yearbook-qa: ")
    assert "No space left on device" in run.err.splitlines()[-1]
    assert "Traceback" not in run.err
    filler.unlink()
    again = faults.run(["ask", "What", "is", "a", "yearbook?"], environment={"XDG_DATA_HOME": str(disk / "data")})
    assert again.code == 0, again


def test_a_full_disk_leaves_uploaded_files_and_their_catalogue_as_they_were(folder: Path, disk: Path) -> None:
    index = prepared(disk, folder / "corpus")
    library = Library(index, HashEncoder())
    editor = LibraryEditor(LibraryLoader(library), UploadFolder())

    def add(name: str) -> None:
        upload = folder / name
        text = f"Tide Report 2020\n\n1. Tides of {name}\n\nIn 2019 the tide rose to 4 metres.\n"
        upload.write_text(text * 50, "utf-8")
        for _ in editor.add([stage(editor.receive(upload))]):
            pass

    add("one.txt")
    before = {path.name: path.read_bytes() for path in editor.files.iterdir()}
    told = answers(index)
    for left in (0, 4, 8, 60):
        filler = filled(disk, left)
        with pytest.raises(OSError, match="No space left on device"):
            add("two.txt")
        assert {path.name: path.read_bytes() for path in editor.files.iterdir()} == before
        assert answers(index) == told
        filler.unlink()
    add("two.txt")
    assert {document.id for document in library.index.documents} >= {"one", "two"}


def test_a_read_only_index_answers_and_reports_that_it_cannot_be_written(
    faults: Faults, folder: Path, disk: Path
) -> None:
    index = prepared(disk, folder / "corpus")
    before = answers(index)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    for command in (["index", folder / "corpus"], ["remove", "report-2012"]):
        assert "Read-only file system" in line_of(faults.run([*command, "--index", index]))
    assert faults.run(["doctor", "--index", index]).code == 0
    assert faults.run(["ask", "What did the fund pay?", "--index", index]).code == 0
    assert answers(index) == before


def test_an_index_that_others_own_can_be_asked_and_says_that_it_cannot_be_written(faults: Faults, folder: Path) -> None:
    index = prepared(folder, folder / "corpus")
    (folder / "questions.jsonl").write_text(QUESTIONS, "utf-8")
    everything = [folder, *folder.rglob("*")]
    for path in everything:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        for command in (["index", folder / "corpus", "--index", index], ["remove", "report-2012", "--index", index]):
            assert "Permission denied" in line_of(faults.run(command, unprivileged=True))
        new = line_of(faults.run(["index", folder / "corpus", "--index", folder / "other"], unprivileged=True))
        assert "Permission denied" in new
        assert str(folder / "other") in new
        out = ["evaluate", folder / "questions.jsonl", "--out", folder / "out", "--index", index]
        assert "Permission denied" in line_of(faults.run(out, unprivileged=True))
        assert faults.run(["ask", "What did the fund pay?", "--index", index], unprivileged=True).code == 0
        for verb in ("info", "doctor"):
            assert faults.run([verb, "--index", index], unprivileged=True).code == 0
    finally:
        for path in everything:
            path.chmod(0o755 if path.is_dir() else 0o644)


def test_records_that_cannot_be_opened_for_writing_are_not_taken_for_a_read_only_disk(folder: Path) -> None:
    records = folder / "records.sqlite"
    with closing(sqlite3.connect(records)) as connection:
        connection.execute("CREATE TABLE one (number)")
    with (
        closing(sqlite3.connect(f"{records.as_uri()}?mode=ro", uri=True)) as connection,
        pytest.raises(IndexNotWritten, match="attempt to write a readonly database"),
        writing(folder),
    ):
        connection.execute("INSERT INTO one VALUES (1)")


def test_info_and_doctor_make_no_call_that_writes(faults: Faults, folder: Path) -> None:
    index = prepared(folder, folder / "corpus")
    vectors = next((layout.generation_folder(index, manifest.read(index).generation) / layout.VECTORS).iterdir())
    for code in (0, 1):
        examined = faults.run(["doctor", "--index", index], [folder])
        assert (examined.code, examined.log) == (code, ())
        opened = faults.run(["info", "--index", index], [folder])
        assert opened.code == code
        assert {Path(call.path).name for call in opened.log} <= {".tantivy-meta.lock"}  # tantivy's own
        damage(vectors, "flipped", index)


def test_an_unreadable_index_is_reported_in_one_line(faults: Faults, folder: Path) -> None:
    index = prepared(folder, folder / "corpus")
    named = layout.generation_folder(index, 1)
    for path in (index / layout.MANIFEST, *(named / name for name in manifest.read(index).files), named):
        mode = path.stat().st_mode
        path.chmod(0)
        for command in (["ask", "What did the fund pay?"], ["info"], ["index", folder / "corpus"]):
            line = line_of(faults.run([*command, "--index", index], unprivileged=True))
            assert "Permission denied" in line
        path.chmod(mode)


def test_an_index_moved_during_a_build_is_reported_and_intact(faults: Faults, folder: Path) -> None:
    index = prepared(folder, folder / "corpus")
    before = answers(index)
    shutil.copytree(index, folder / "kept")
    command = ["index", folder / "corpus", "--index", index]
    calls = faults.run(command, [index]).calls
    done = answers(index)
    for at in range(1, calls, calls // 12):
        for item in (index, folder / "index.gone"):
            shutil.rmtree(item, ignore_errors=True)
        shutil.copytree(folder / "kept", index)
        run = faults.run(command, [index], mode="vanish", at=at)
        assert answers(folder / "index.gone") in (before, done)
        assert "Traceback" not in run.err
        if run.code:
            line_of(run)


def test_a_missing_index_is_reported_and_answers_again_once_restored(tmp_path: Path) -> None:
    index = prepared(tmp_path, tmp_path / "corpus")
    library = Library(index, HashEncoder())
    before = library.ask("What did the fund 3 pay?")
    index.rename(tmp_path / "away")
    with pytest.raises(NoIndex, match="no index here"):
        library.ask("What did the fund 3 pay?")
    (tmp_path / "away").rename(index)
    assert library.ask("What did the fund 3 pay?") == before
    shutil.rmtree(index)
    with pytest.raises(NoIndex, match="no index here"):
        library.ask("What did the fund 3 pay?")


def test_an_evaluation_that_fails_at_any_call_leaves_the_earlier_results(faults: Faults, folder: Path) -> None:
    index = prepared(folder, folder / "corpus")
    (folder / "questions.jsonl").write_text(QUESTIONS, "utf-8")
    out = folder / "out"
    command = ["evaluate", folder / "questions.jsonl", "--out", out, "--index", index]
    calls = faults.run(command, [out]).calls
    before = {path.name: path.stat().st_size for path in out.iterdir()}
    for at in range(1, calls + 1, 6):
        for mode in ("once", "full"):
            run = faults.run(command, [out], mode=mode, at=at, error=errno.ENOSPC)
            if run.code:
                assert "No space left on device" in line_of(run)
            assert {path.name for path in out.iterdir()} == set(before)
            assert not any(path.read_text("utf-8") == "" for path in out.iterdir())


def test_a_failed_call_leaves_an_earlier_export_and_report(faults: Faults, folder: Path) -> None:
    index = prepared(folder, folder / "corpus")
    (folder / "questions.jsonl").write_text(QUESTIONS, "utf-8")
    start = Index(index).document("report-2012").text.index("crowns")
    kept = kept_passage_json(keep(Index(index), f"report-2012@{start}-{start + 6}"))
    (folder / "kept.json").write_text(json.dumps({"version": 1, "name": "", "items": [{"passages": [kept]}]}), "utf-8")
    out = folder / "out"
    out.mkdir()
    for command, name in (
        (
            ["collection", "export", folder / "kept.json", "--format", "html", "--out", out / "export.html"],
            "export.html",
        ),
        (["watch", folder / "questions.jsonl", "-o", out / "watch.html", "--index", index], "watch.html"),
    ):
        calls = faults.run(command, [out]).calls
        earlier = f"an earlier {name}"
        for at in range(1, calls + 1):
            for mode in ("once", "short"):
                (out / name).write_text(earlier, "utf-8")
                run = faults.run(command, [out], mode=mode, at=at, error=errno.ENOSPC)
                left = (out / name).read_text("utf-8")
                assert left == earlier or left.rstrip().endswith("</html>"), (name, at, mode)
                assert "Traceback" not in run.err
                assert {path.name for path in out.iterdir()} <= {"export.html", "watch.html"}


def test_an_index_is_not_looked_for_where_a_file_is_named(faults: Faults, folder: Path) -> None:
    (folder / "file").write_text("no index", "utf-8")
    write_report(folder / "corpus", 2012)
    run = faults.run(["index", folder / "corpus", "--index", folder / "file" / "index"])
    assert "Not a directory" in line_of(run)
    with pytest.raises(NoIndex):
        Index(folder / "nowhere")
