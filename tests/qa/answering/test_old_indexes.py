"""Indexes of earlier versions open and answer without being encoded again."""

from __future__ import annotations

import json
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from index import layout, manifest
from index.lexical.analysis import terms
from index.storage.reader import RecordReader
from qa.answering.library import Library
from qa.cli import main
from tests.factories.damaged_index import copied, damage, files
from tests.paths import TESTS

ARCHIVES = sorted((TESTS / "data" / "indexes").glob("*.tar.xz"))


@pytest.fixture(params=ARCHIVES, ids=lambda archive: archive.name)
def old_index(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    with tarfile.open(request.param) as stored:
        stored.extractall(tmp_path, filter="data")
    return tmp_path


def assert_answers(folder: Path) -> None:
    library = Library(folder)
    answer = library.ask("How many merchant ships did the destroyers escort in 2015?")
    assert answer.passages[0].hit.id == "digest-bluebook-2016@11875-12173"
    assert "147 merchant ships" in answer.sentences[0].text
    for sentence in answer.sentences:
        document = library.index.document(sentence.passage.rpartition("@")[0])
        assert document.text[sentence.start : sentence.end] == sentence.text


def test_an_index_of_an_earlier_version_answers_with_exact_quotations(old_index: Path) -> None:
    assert_answers(old_index)


def test_an_upgraded_index_keeps_its_vectors_and_is_written_as_today(old_index: Path) -> None:
    before = manifest.read(old_index)
    run = CliRunner().invoke(main, ["doctor", "--upgrade", "--index", str(old_index), "--format", "json"])
    assert run.exit_code == 0, run.output
    upgraded = json.loads(run.stdout)["upgraded"]
    assert (upgraded["documents"], upgraded["lost"]) == (len(before.documents), [])
    assert upgraded["embedded"] < 0.05 * upgraded["passages"]  # texts that are cut as they were keep their vectors
    after = manifest.read(old_index)
    assert (after.format, after.model.fingerprint) == (manifest.FORMAT, before.model.fingerprint)
    assert_answers(old_index)
    base = layout.generation_folder(old_index, after.generation)
    with closing(RecordReader([base / name for name in after.files_of(layout.RECORDS)])) as records:
        for info in records.documents():
            for stored in records.passages_of_document(info.number):
                assert [*stored.terms] == terms(stored.passage.prefix + stored.passage.text, info.language)


def test_every_readable_format_has_an_index_to_open() -> None:
    formats = set()
    for archive in ARCHIVES:
        with tarfile.open(archive) as stored:
            member = stored.extractfile("manifest.json")
            assert member is not None
            formats.add(json.load(member)["format"])
    assert formats == set(manifest.READABLE_FORMATS)


def test_a_damaged_index_is_repaired_and_not_upgraded(healthy_index: Path, tmp_path: Path) -> None:
    folder = copied(healthy_index, tmp_path)
    damage(folder / next(file for file in files(folder) if file.endswith(".faiss")), "flipped", folder)
    before = (folder / layout.MANIFEST).read_bytes()
    run = CliRunner().invoke(main, ["doctor", "--upgrade", "--index", str(folder)])
    assert (run.exit_code, (folder / layout.MANIFEST).read_bytes()) == (1, before)
    assert "to repair it" in run.output
