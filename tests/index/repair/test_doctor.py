"""Examining an index reports all damage by the file's name, and writes nothing."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from filelock import FileLock

from corpus.ingest import plan
from index import layout, manifest
from index.building.build import build
from index.building.build_lock import holder
from index.errors import NoIndex
from index.repair.doctor import examine
from qa.cli.cli import main
from tests.factories.damaged_index import DAMAGES, HARBOURS, copied, damage, files
from tests.factories.encoders import HashEncoder


def state(folder: Path) -> dict[str, object]:
    """Return modes, times and bytes of a folder and everything in it."""
    result: dict[str, object] = {}
    for path in [folder, *folder.rglob("*")]:
        status = path.stat()
        held = path.read_bytes() if path.is_file() else b""
        result[str(path)] = status.st_mode, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, held
    return result


def test_a_sound_index_has_no_findings(healthy_index: Path) -> None:
    diagnosis = examine(healthy_index)
    assert diagnosis.sound, diagnosis
    assert diagnosis.documents == len(HARBOURS)
    assert diagnosis.notes == ()


@pytest.mark.parametrize("kind", DAMAGES)
def test_every_damaged_file_is_reported_by_its_name(healthy_index: Path, tmp_path: Path, kind: str) -> None:
    for name in files(healthy_index):
        folder = copied(healthy_index, tmp_path)
        if not damage(folder / name, kind, folder):
            continue
        diagnosis = examine(folder)
        assert not diagnosis.sound
        assert name in {finding.file for finding in diagnosis.findings}, name


def test_examining_an_index_writes_nothing(healthy_index: Path, tmp_path: Path) -> None:
    folder = copied(healthy_index, tmp_path)
    for lock in folder.rglob("*.lock"):
        lock.unlink()
    before = state(folder)
    assert examine(folder).sound
    assert state(folder) == before
    damage(folder / list(files(folder))[1], "flipped", folder)
    before = state(folder)
    assert not examine(folder).sound
    assert state(folder) == before


def test_info_and_doctor_leave_an_index_as_it_is(sample_index: Path) -> None:
    before = state(sample_index)
    for verb in ("info", "doctor"):
        run = CliRunner().invoke(main, [verb, "--index", str(sample_index)])
        assert run.exit_code == 0, run.output
    assert state(sample_index) == before


@pytest.mark.skipif(sys.platform == "win32", reason="modes of folders")
def test_a_read_only_folder_can_be_examined(healthy_index: Path, tmp_path: Path) -> None:
    folder = copied(healthy_index, tmp_path)
    everything = [folder, *folder.rglob("*")]
    for path in everything:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        assert examine(folder).sound
    finally:
        for path in everything:
            path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ("UPDATE passage SET text = 'Nothing was paid.' WHERE position = 1", "passages are not what was stored"),
        ("UPDATE document SET title = 'Harbour Report 1914'", "metadata"),
        ("DELETE FROM passage WHERE position = 1", "passages instead of"),
        ("UPDATE passage SET row = 1000000 WHERE position = 1", "rows beyond"),
    ],
)
def test_inconsistent_records_are_found_although_every_checksum_matches(
    healthy_index: Path, tmp_path: Path, change: str, wrong: str
) -> None:
    folder = copied(healthy_index, tmp_path)
    path = layout.generation_folder(folder, manifest.read(folder).generation) / layout.FIRST_RECORDS
    with sqlite3.connect(path) as connection:
        connection.execute(change)
    connection.close()
    _relisted(folder, path)
    assert any(wrong in finding.fault for finding in examine(folder).findings)


def _relisted(folder: Path, path: Path) -> None:
    data = json.loads((folder / layout.MANIFEST).read_text("utf-8"))
    data["files"][path.name] = {
        "size": path.stat().st_size,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }
    del data[manifest.CHECKSUM]
    (folder / layout.MANIFEST).write_text(json.dumps(data | {manifest.CHECKSUM: manifest.checksum_of(data)}), "utf-8")


def test_a_document_whose_text_is_damaged_is_named_with_its_file(healthy_index: Path, tmp_path: Path) -> None:
    folder = copied(healthy_index, tmp_path)
    path = layout.generation_folder(folder, manifest.read(folder).generation) / layout.FIRST_RECORDS
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE content SET text = replace(text, 'fund 1', 'fund 9') WHERE document = 3")
    connection.close()
    diagnosis = examine(folder)
    assert [(document.id, Path(document.source).name) for document in diagnosis.lost] == [
        ("report-2016", "report-2016.txt")
    ]
    assert diagnosis.documents == len(HARBOURS) - 1


def test_leftover_files_are_notes_and_no_damage(healthy_index: Path, tmp_path: Path) -> None:
    folder = copied(healthy_index, tmp_path)
    current = manifest.read(folder).generation
    for number in (current - 1, current + 1):
        layout.generation_folder(folder, number).mkdir()
    (layout.generation_folder(folder, current) / "stray.bin").write_bytes(b"x")
    diagnosis = examine(folder)
    assert diagnosis.sound
    assert [note.partition(":")[0] for note in diagnosis.notes] == [
        f"generations/{current}/stray.bin",
        f"generations/{current - 1}",
        f"generations/{current + 1}",
    ]


def test_the_writing_process_is_noted(healthy_index: Path, tmp_path: Path) -> None:
    folder = copied(healthy_index, tmp_path)
    assert holder(folder) is None
    with FileLock(folder / layout.LOCK):
        assert str(holder(folder)).startswith((f"process {os.getpid()}", "another process"))
    assert holder(folder) is None


def test_a_folder_without_an_index_raises_no_index(tmp_path: Path) -> None:
    with pytest.raises(NoIndex):
        examine(tmp_path)
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "one.txt").write_text("Harbour Report 2016\n\nOne line of it.\n", "utf-8")
    build(tmp_path / "index", plan([corpus]), HashEncoder())
    (tmp_path / "index" / layout.MANIFEST).unlink()
    (finding, *_) = examine(tmp_path / "index").findings
    assert (finding.file, finding.fault, finding.repairable) == (layout.MANIFEST, "missing", True)


@pytest.mark.parametrize(
    "name", ["\\u0000.npy", "\0.npy", "../rows.npy", "/rows.npy", "lexical/../../rows.npy", "rows\n.npy"]
)
def test_names_of_files_in_a_damaged_manifest_lead_nowhere(healthy_index: Path, tmp_path: Path, name: str) -> None:
    folder = copied(healthy_index, tmp_path)
    path = folder / layout.MANIFEST
    path.write_text(path.read_text("utf-8").replace(f'"{layout.ROWS}"', f'"{name}"'), "utf-8")
    assert [finding.file for finding in examine(folder).findings] == [layout.MANIFEST]


def test_doctor_prints_a_line_per_fault_and_exits_with_1(sample_index: Path, tmp_path: Path) -> None:
    folder = copied(sample_index, tmp_path)
    name = next(file for file in files(folder) if file.endswith(".faiss"))
    damage(folder / name, "flipped", folder)
    run = CliRunner().invoke(main, ["doctor", "--index", str(folder), "--format", "json"])
    values = json.loads(run.stdout)
    assert (run.exit_code, run.stderr) == (1, "")
    assert [finding["file"] for finding in values["findings"]] == [name]
    repaired = CliRunner().invoke(main, ["doctor", "--repair", "--index", str(folder)])
    assert repaired.exit_code == 0, repaired.output
    assert "0 documents lost" in repaired.output
    assert CliRunner().invoke(main, ["doctor", "--index", str(folder)]).exit_code == 0
