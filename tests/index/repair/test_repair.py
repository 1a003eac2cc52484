"""A repaired index answers as before where the records are intact, else as one built without the lost documents."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from corpus.ingest import plan
from index import layout, manifest
from index.building.build import build
from index.building.build_lock import locked
from index.errors import BuildInterrupted, IndexBusy, IndexDamaged, IndexMismatch
from index.ranking.search import Index
from index.repair.doctor import examine
from index.repair.repair import repair
from tests.factories.damaged_index import DAMAGES, HARBOURS, Shown, answers, copied, damage, files, write_report
from tests.factories.encoders import HashEncoder
from tests.index.building.test_interruption import Interrupting


def records_of(folder: Path) -> list[Path]:
    base = layout.generation_folder(folder, manifest.read(folder).generation)
    return [base / name for name in manifest.read(folder).files_of(layout.RECORDS)]


def texts(encoder: HashEncoder) -> list[str]:
    """Return the encoded texts of documents, without those that measure the model's scale."""
    return [item for item in encoder.encoded if "crowns" in item]


@pytest.mark.parametrize("kind", DAMAGES)
def test_with_intact_records_a_repair_restores_all_answers(
    healthy_index: Path, tmp_path: Path, healthy_answers: list[Shown], kind: str
) -> None:
    for name in files(healthy_index):
        if name.endswith(".sqlite"):
            continue
        folder = copied(healthy_index, tmp_path)
        if not damage(folder / name, kind, folder):
            continue
        encoder = HashEncoder()
        report = repair(folder, encoder)
        assert report.lost == []
        assert answers(folder) == healthy_answers, name
        assert examine(folder).sound
        assert examine(folder).notes == ()
        if not name.endswith((".faiss", ".npy", layout.MANIFEST)) or name.endswith(layout.ROWS):
            assert encoder.encoded == []  # all vectors were taken over, and the scale is the manifest's
        elif name != layout.MANIFEST:
            assert 0 < len(texts(encoder)) < 110  # the passages and sentences of one shard, out of 60 and 120


@pytest.mark.parametrize("kind", DAMAGES)
def test_damaged_records_cost_the_documents_on_them_and_nothing_else(
    healthy_index: Path, tmp_path: Path, kind: str
) -> None:
    for path in records_of(healthy_index):
        folder = copied(healthy_index, tmp_path)
        assert damage(folder / path.relative_to(healthy_index), kind, folder)
        report = repair(folder, HashEncoder())
        documents = {document.id for document in Index(folder).documents}
        assert documents | {document.id for document in report.lost} == {f"report-{year}" for year in HARBOURS}
        assert not documents & {document.id for document in report.lost}
        assert examine(folder).sound
        for year in HARBOURS:
            if f"report-{year}" in documents:
                write_report(tmp_path / f"corpus-{path.name}-{kind}", year)
        build(tmp_path / f"fresh-{path.name}-{kind}", plan([tmp_path / f"corpus-{path.name}-{kind}"]), HashEncoder())
        assert answers(folder) == answers(tmp_path / f"fresh-{path.name}-{kind}")


def test_a_repaired_index_answers_as_one_built_without_the_lost_document(healthy_index: Path, tmp_path: Path) -> None:
    folder = copied(healthy_index, tmp_path)
    (oldest, _) = records_of(folder)
    with sqlite3.connect(oldest) as connection:
        connection.execute("UPDATE content SET text = text || '.' WHERE document = 3")
    connection.close()
    report = repair(folder, HashEncoder())
    assert [(document.id, Path(document.source).name) for document in report.lost] == [
        ("report-2016", "report-2016.txt")
    ]
    for year in set(HARBOURS) - {2016}:
        write_report(tmp_path / "rest", year)
    build(tmp_path / "fresh", plan([tmp_path / "rest"]), HashEncoder())
    assert answers(folder) == answers(tmp_path / "fresh")


def test_a_lost_document_returns_when_it_is_indexed_again(
    healthy_index: Path, tmp_path: Path, healthy_answers: list[Shown]
) -> None:
    folder = copied(healthy_index, tmp_path)
    (_, newest) = records_of(folder)
    newest.unlink()
    report = repair(folder, HashEncoder())
    assert [document.id for document in report.lost] == ["report-2022"]
    assert [path.name for path in report.doubtful] == [newest.name]
    done = build(folder, plan([healthy_index.parent / "corpus"]), HashEncoder())
    assert (done.added, done.unchanged) == (["report-2022"], 4)
    assert answers(folder) == healthy_answers


@pytest.mark.parametrize("manifest_damaged", [False, True])
def test_losing_the_segment_that_removed_a_document_does_not_restore_it(
    healthy_index: Path, tmp_path: Path, manifest_damaged: bool
) -> None:
    folder = copied(healthy_index, tmp_path)
    (oldest, newest) = records_of(folder)
    with sqlite3.connect(oldest) as connection:
        assert connection.execute("SELECT 1 FROM document WHERE id = 'report-2018'").fetchone()
    connection.close()
    newest.write_bytes(b"")
    if manifest_damaged:
        path = folder / layout.MANIFEST
        path.write_text(path.read_text("utf-8").replace('"mean": 0', '"mean": 1'), "utf-8")
    repair(folder, HashEncoder())
    assert "report-2018" not in {document.id for document in Index(folder).documents}


def test_without_its_manifest_an_index_is_rebuilt_from_its_generation(
    healthy_index: Path, tmp_path: Path, healthy_answers: list[Shown]
) -> None:
    folder = copied(healthy_index, tmp_path)
    (folder / layout.MANIFEST).unlink()
    stray = layout.generation_folder(folder, 9)  # of a build that was killed before it had anything
    stray.mkdir()
    report = repair(folder, HashEncoder())
    assert (report.documents, report.lost) == (len(HARBOURS), [])
    assert answers(folder) == healthy_answers
    assert manifest.read(folder).generation == 3
    assert layout.list_generations(folder) == [3]


def test_with_a_damaged_manifest_no_vector_is_reused_from_a_wrong_row(
    healthy_index: Path, tmp_path: Path, healthy_answers: list[Shown]
) -> None:
    folder = copied(healthy_index, tmp_path)
    path = folder / layout.MANIFEST
    whole = path.read_text("utf-8")
    first = next(name for name in files(folder) if "/vectors/" in name)
    # without the entry of the first shard, the first rows of the other shards are unknown
    path.write_text(whole.replace(Path(first).name, "other.faiss"), "utf-8")
    repair(folder, HashEncoder())
    assert answers(folder) == healthy_answers


def test_an_interrupted_repair_changes_nothing_and_is_resumed(
    healthy_index: Path, tmp_path: Path, healthy_answers: list[Shown]
) -> None:
    folder = copied(healthy_index, tmp_path)
    for name in files(folder):
        if name.endswith(".faiss") or "/sentences/" in name:
            damage(folder / name, "flipped", folder)
    before = examine(folder).findings
    whole = HashEncoder()
    with pytest.raises(BuildInterrupted):
        repair(folder, Interrupting(20), checkpoint=0)
    assert examine(folder).findings == before
    repair(folder, whole, checkpoint=0)
    assert answers(folder) == healthy_answers
    assert examine(folder).notes == ()


def test_an_index_without_an_intact_document_is_left_unchanged(healthy_index: Path, tmp_path: Path) -> None:
    folder = copied(healthy_index, tmp_path)
    for path in records_of(folder):
        path.write_bytes(b"no records")
    assert not any(finding.repairable for finding in examine(folder).findings)
    with pytest.raises(IndexDamaged, match="index the documents again"):
        repair(folder, HashEncoder())
    assert {document.id for document in examine(folder).lost} == {f"report-{year}" for year in HARBOURS}


def test_another_model_repairs_nothing(healthy_index: Path, tmp_path: Path) -> None:
    folder = copied(healthy_index, tmp_path)
    with pytest.raises(IndexMismatch, match="model hash"):
        repair(folder, HashEncoder(32, name="other"))


def test_nothing_is_repaired_while_another_process_builds(healthy_index: Path, tmp_path: Path) -> None:
    folder = copied(healthy_index, tmp_path)
    with locked(folder), pytest.raises(IndexBusy):
        repair(folder, HashEncoder())
