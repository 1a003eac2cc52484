"""Indexes of earlier versions open and answer without being encoded again."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from qa.answering.library import Library
from tests.paths import TESTS

ARCHIVES = sorted((TESTS / "data" / "indexes").glob("*.tar.xz"))


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda archive: archive.name)
def test_an_index_of_an_earlier_version_answers_with_exact_quotations(archive: Path, tmp_path: Path) -> None:
    with tarfile.open(archive) as stored:
        stored.extractall(tmp_path, filter="data")
    library = Library(tmp_path)
    answer = library.ask("How many merchant ships did the destroyers escort in 2015?")
    assert answer.passages[0].hit.id == "digest-bluebook-2016@11875-12173"
    assert "147 merchant ships" in answer.sentences[0].text
    for sentence in answer.sentences:
        document = library.index.document(sentence.passage.rpartition("@")[0])
        assert document.text[sentence.start : sentence.end] == sentence.text


def test_there_is_an_index_to_open() -> None:
    assert ARCHIVES
