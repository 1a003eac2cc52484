"""Reusing files of a damaged index: a build never gives damage a valid checksum."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.ingest import plan
from index import layout, manifest
from index.building.build import build
from index.errors import IndexDamaged, IndexFolderError
from index.ranking.search import Index
from index.repair.doctor import examine
from index.repair.repair import repair
from index.storage import compaction, segments
from qa.cli import index_location
from tests.factories.damaged_index import answers, copied, damage, files, write_report
from tests.factories.encoders import HashEncoder


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Treat every file as large: opening an index checks only its size."""
    with monkeypatch.context() as patch:
        patch.setattr(manifest, "MAX_VERIFIED_WHEN_OPENED", -1)
        yield


@pytest.fixture
def merging(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the next build merge all files."""
    monkeypatch.setattr(segments, "MAX_SEGMENTS", 1)
    monkeypatch.setattr(compaction, "MAX_SMALL_SHARDS", 1)


def changed(healthy_index: Path, tmp_path: Path) -> Path:
    """Write the corpus with one document added and one removed."""
    corpus = tmp_path / "corpus"
    for path in sorted((healthy_index.parent / "corpus").iterdir())[1:]:
        corpus.mkdir(exist_ok=True)
        (corpus / path.name).write_bytes(path.read_bytes())
    write_report(corpus, 2024)
    return corpus


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("prune", [False, True])
@pytest.mark.parametrize("merged", [False, True])
def test_a_later_build_never_gives_damage_a_valid_checksum(
    healthy_index: Path, tmp_path: Path, request: pytest.FixtureRequest, merged: bool, prune: bool
) -> None:
    if merged:
        request.getfixturevalue("merging")
    corpus = changed(healthy_index, tmp_path)
    whole = copied(healthy_index, tmp_path / "whole")
    build(whole, plan([corpus]), HashEncoder(), prune=prune)
    for name in files(healthy_index):
        folder = copied(healthy_index, tmp_path)
        if name == layout.MANIFEST or not damage(folder / name, "flipped", folder):
            continue
        generation = manifest.read(folder).generation
        try:
            build(folder, plan([corpus]), HashEncoder(), prune=prune)
        except IndexFolderError as error:
            assert "yearbook-qa doctor" in str(error)  # noqa: PT017 - one of two outcomes
            assert manifest.read(folder).generation == generation
            continue
        diagnosis = examine(folder)
        assert {Path(name).name} <= {Path(finding.file).name for finding in diagnosis.findings} or (
            diagnosis.sound and answers(folder) == answers(whole)  # the file was of no use any more
        ), name


@pytest.mark.usefixtures("large", "merging")
@pytest.mark.parametrize("kind", [layout.RECORDS, layout.VECTORS, layout.SENTENCES, layout.ROWS, "meta.json"])
def test_a_damaged_file_is_never_merged_and_can_be_repaired_first(
    healthy_index: Path, tmp_path: Path, kind: str
) -> None:
    folder = copied(healthy_index, tmp_path)
    name = [file for file in files(folder) if kind in file][-1]
    damage(folder / name, "flipped", folder)
    with pytest.raises(IndexDamaged, match=Path(name).name):
        build(folder, plan([changed(healthy_index, tmp_path)]), HashEncoder())
    repair(folder, HashEncoder())
    build(folder, plan([changed(healthy_index, tmp_path)]), HashEncoder())
    assert examine(folder).sound


def test_small_files_are_verified_before_anything_is_written(healthy_index: Path, tmp_path: Path) -> None:
    for name in files(healthy_index):
        folder = copied(healthy_index, tmp_path)
        if damage(folder / name, "flipped", folder):
            with pytest.raises(IndexFolderError, match="yearbook-qa doctor"):
                build(folder, plan([changed(healthy_index, tmp_path)]), HashEncoder())


def test_a_copied_file_keeps_the_checksum_of_its_original(
    healthy_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError("no hard links here")

    monkeypatch.setattr("os.link", refused)
    monkeypatch.setattr(manifest, "MAX_VERIFIED_WHEN_OPENED", -1)
    folder = copied(healthy_index, tmp_path)
    name = next(file for file in files(folder) if file.endswith(layout.FIRST_RECORDS))
    with (folder / name).open("rb+") as stream:  # a byte of SQLite's header that SQLite ignores
        stream.seek(70)
        stream.write(b"\1")
    build(folder, plan([changed(healthy_index, tmp_path)]), HashEncoder())
    assert [Path(finding.file).name for finding in examine(folder).findings] == [layout.FIRST_RECORDS]


def test_an_index_without_its_manifest_is_neither_overwritten_nor_ignored(
    healthy_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    truth = answers(healthy_index)
    monkeypatch.setattr(index_location, "data_folder", lambda: tmp_path)
    monkeypatch.delenv("YEARBOOK_QA_INDEX", raising=False)
    assert index_location.location_to_read(None).samples
    folder = copied(healthy_index, tmp_path)
    (folder / layout.MANIFEST).unlink()
    assert index_location.location_to_read(None) == index_location.IndexLocation(folder)
    for attempt in (
        lambda: Index(folder),
        lambda: build(folder, plan([changed(healthy_index, tmp_path)]), HashEncoder()),
    ):
        with pytest.raises(IndexDamaged, match=r"manifest.json: missing.*yearbook-qa doctor"):
            attempt()
    repair(folder, HashEncoder())
    assert answers(folder) == truth
