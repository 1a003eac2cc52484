"""A partial build is resumed only where every byte of it is verified."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import sys
from pathlib import Path

import pytest

from corpus.ingest import plan
from index import layout, manifest
from index.building import resume
from index.building.build import build
from index.building.prepare import prepare_batches
from index.building.report import BuildReport
from index.errors import BuildInterrupted
from index.storage.vector_files import PassageFormat, SentenceFormat
from tests.factories.damaged_index import write_report
from tests.factories.encoders import HashEncoder
from tests.index.building.test_interruption import Interrupting, contents

FLIPS = 2
"""Bits flipped in each file; the long version flips a hundred times as many."""

CHANGES = (
    "UPDATE passage SET terms = replace(terms, 'crown', 'crone') WHERE number = (SELECT max(number) FROM passage)",
    "UPDATE passage SET length = length + 1 WHERE position = 3",
    "UPDATE passage SET row = row + 1 WHERE position = 3",
    "UPDATE passage SET sentence_rows = zeroblob(16) WHERE position = 3",
    "UPDATE passage SET text = replace(text, 'paid', 'lost') WHERE position = 3",
    "UPDATE document SET title = 'Harbour Report 1914'",
    "UPDATE content SET text = replace(text, 'paid', 'lost')",
    "UPDATE vector SET row = row + 1 WHERE kind = 'passage' AND row = (SELECT max(row) FROM passage)",
    "UPDATE term SET passages = passages + 1 WHERE term = (SELECT max(term) FROM term)",
    "UPDATE total SET value = value + 1 WHERE name = 'length'",
    "INSERT INTO uses VALUES ('sentence', 30, 1)",
    "INSERT INTO dead VALUES (1)",
    "DELETE FROM passage WHERE position = 11",
    "UPDATE checked SET sha256 = replace(sha256, 'a', 'b') WHERE name = 'vectors'",
    "DROP TABLE checked",
    "PRAGMA writable_schema = 1; UPDATE sqlite_master SET sql = replace(sql, 'url TEXT', 'url TEXU')",
    "PRAGMA writable_schema = 1; DELETE FROM sqlite_master WHERE name = 'passage_row'",
)


def gone_on(folder: Path, corpus: Path, encoder: HashEncoder) -> BuildReport:
    """Build with one document per batch and a checkpoint after each."""
    return build(
        folder,
        plan([corpus]),
        encoder,
        checkpoint=0,
        prepare=lambda *asked: ([item] for batch in prepare_batches(*asked) for item in batch),
    )


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    for year in (2012, 2014, 2016, 2018):
        write_report(folder, year)
    return folder


@pytest.fixture(scope="module")
def interrupted(corpus: Path) -> Path:
    """An index of one document, and a build of three more that was interrupted while it embedded the last."""
    folder = corpus.parent / "interrupted"
    build(folder, plan([corpus / "report-2012.txt"]), HashEncoder())
    with pytest.raises(BuildInterrupted):
        gone_on(folder, corpus, Interrupting(80))
    return folder


@pytest.fixture(scope="module")
def truth(corpus: Path, interrupted: Path) -> dict[str, object]:
    """The contents after resuming the undamaged partial build."""
    whole = corpus.parent / "whole"
    shutil.copytree(interrupted, whole)
    assert gone_on(whole, corpus, HashEncoder()).resumed == 2
    return contents(whole)


def begun(interrupted: Path, tmp_path: Path) -> tuple[Path, list[Path]]:
    """Copy the index; return the copy and the files of its partial build."""
    folder = tmp_path / "index"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(interrupted, folder)
    left = layout.generation_folder(folder, manifest.read(folder).generation + 1)
    return folder, sorted(path for path in left.rglob("*") if path.is_file() and path.stat().st_size)


def flip(interrupted: Path, corpus: Path, truth: dict[str, object], tmp_path: Path, count: int) -> tuple[int, int]:
    """Flip single bits in each file of the partial build; return how often it was not resumed, of how often."""
    chance = random.Random(5)  # noqa: S311
    anew = tried = 0
    for place in range(len(begun(interrupted, tmp_path)[1])):
        for _ in range(count):
            folder, left = begun(interrupted, tmp_path)
            data = bytearray(left[place].read_bytes())
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            left[place].write_bytes(data)
            resumed = gone_on(folder, corpus, HashEncoder()).resumed
            assert resumed in (0, 2)
            assert contents(folder) == truth, left[place].name
            anew += resumed == 0
            tried += 1
    return anew, tried


def test_a_flipped_bit_in_a_partial_build_is_never_resumed(
    interrupted: Path, corpus: Path, truth: dict[str, object], tmp_path: Path
) -> None:
    anew, tried = flip(interrupted, corpus, truth, tmp_path, FLIPS)
    assert tried == 4 * FLIPS  # origin, records, vectors of passages and of sentences
    assert anew > tried / 2  # except unused bytes, such as free space in SQLite's pages


@pytest.mark.long
def test_hundreds_of_flipped_bits_in_a_partial_build_are_never_resumed(
    interrupted: Path, corpus: Path, truth: dict[str, object], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    anew, tried = flip(interrupted, corpus, truth, tmp_path, 100 * FLIPS)
    with capsys.disabled():
        sys.stdout.write(f"\n{tried} bits flipped in an unfinished generation: {anew} times all was made anew\n")
    assert anew > tried / 2


def found(folder: Path) -> int | None:
    """Return the partial generation that the next build would resume."""
    current = manifest.read(folder).generation
    made_from = json.loads(
        (layout.generation_folder(folder, current + 1) / resume.BUILD_INPUTS_FILE).read_text("utf-8")
    )
    return resume.find_resumable(
        folder, current, made_from, {"passage": PassageFormat(64), "sentence": SentenceFormat(64)}
    )


def test_an_intact_partial_build_is_found(interrupted: Path, tmp_path: Path) -> None:
    assert found(begun(interrupted, tmp_path)[0]) == 2


@pytest.mark.parametrize("change", CHANGES)
def test_changed_records_of_a_partial_build_are_detected(interrupted: Path, tmp_path: Path, change: str) -> None:
    folder, left = begun(interrupted, tmp_path)
    (records,) = (path for path in left if path.suffix == ".sqlite")
    before = records.read_bytes()
    connection = sqlite3.connect(records)
    connection.executescript(change)
    connection.close()
    assert records.read_bytes() != before
    assert found(folder) is None


@pytest.mark.parametrize(("suffix", "width"), [(".faiss", 4 * 64), (".npy", 64 + 4)])
def test_swapped_vectors_of_a_partial_build_are_detected(
    interrupted: Path, tmp_path: Path, suffix: str, width: int
) -> None:
    folder, left = begun(interrupted, tmp_path)
    (vectors,) = (path for path in left if path.suffix == suffix)
    data = vectors.read_bytes()
    end = len(data) - 5 * width  # data after the last checkpoint is dropped in any case
    vectors.write_bytes(
        data[: end - 2 * width] + data[end - width : end] + data[end - 2 * width : end - width] + data[end:]
    )
    assert vectors.read_bytes() != data
    assert found(folder) is None
