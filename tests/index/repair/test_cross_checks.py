"""Intact files that disagree with each other are named and repaired."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index import layout, manifest
from index.errors import IndexDamaged
from index.lexical import tantivy_index
from index.ranking.search import Index
from index.repair.doctor import examine
from index.repair.repair import repair
from index.storage.reader import RecordReader
from tests.factories.damaged_index import Shown, answers, copied
from tests.factories.encoders import HashEncoder


def base_of(folder: Path) -> Path:
    return layout.generation_folder(folder, manifest.read(folder).generation)


def relisted(folder: Path, **values: int) -> None:
    """Update the manifest to the present files."""
    base = base_of(folder)
    data = json.loads((folder / layout.MANIFEST).read_text("utf-8")) | values
    there = [path for path in base.rglob("*") if path.is_file() and path.suffix != ".lock"]
    data["files"] = {
        path.relative_to(base).as_posix(): {
            "size": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in there
    }
    del data[manifest.CHECKSUM]
    (folder / layout.MANIFEST).write_text(json.dumps(data | {manifest.CHECKSUM: manifest.checksum_of(data)}), "utf-8")


def records(folder: Path, *changes: str) -> None:
    """Change the oldest records with SQL."""
    connection = sqlite3.connect(base_of(folder) / layout.FIRST_RECORDS)
    for change in changes:
        connection.execute(change)
    connection.commit()
    connection.close()


def words(folder: Path, change: Callable[[list[tuple[int, int, str]]], list[tuple[int, int, str]]]) -> None:
    """Write the lexical index from changed rows."""
    reader = RecordReader([base_of(folder) / name for name in manifest.read(folder).files_of(layout.RECORDS)])
    rows = change(list(reader.lexical_rows()))
    reader.close()
    shutil.rmtree(base_of(folder) / layout.LEXICAL)
    tantivy_index.write(base_of(folder) / layout.LEXICAL, rows)
    relisted(folder)


def row(folder: Path, number: int, row: int) -> None:
    """Assign another vector's row to a passage, in all files."""
    records(folder, f"UPDATE passage SET row = {row} WHERE number = {number}")
    rows = np.load(base_of(folder) / layout.ROWS)
    rows[number] = row
    np.save(base_of(folder) / layout.ROWS, rows)
    relisted(folder)


def lose_a_passage(folder: Path) -> None:
    records(
        folder,
        "DELETE FROM passage WHERE number = 3",
        "UPDATE document SET passages = passages - 1 WHERE number = 1",
        "UPDATE total SET value = value - 1 WHERE name = 'passages'",
    )
    relisted(folder, passages=manifest.read(folder).passages - 1)


def sentences_beyond(folder: Path) -> None:
    records(folder, "UPDATE passage SET sentence_rows = X'FFFFFF0000000000' WHERE number = 3")
    relisted(folder)


def test_a_passage_missing_from_a_file_is_named_by_its_id(healthy_index: Path, tmp_path: Path) -> None:
    folder = copied(healthy_index, tmp_path)
    (third,) = Index(folder).records.passages([3])
    words(folder, lambda rows: [*(row for row in rows if row[0] != 3), (99, 1, "fund crown")])
    (finding,) = examine(folder).findings
    assert finding.file.endswith(layout.LEXICAL)
    assert finding.fault == f"lacks {third.passage.id}, has 1 that the records lack"


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (lambda folder: words(folder, lambda rows: rows[5:]), ("2 more",)),
        (lambda folder: words(folder, lambda rows: [*rows, (999_999, 1, "fund")]), ("66 passages instead of 65",)),
        (lambda folder: words(folder, lambda rows: [*rows, rows[0]]), ("66 passages instead of 65",)),
        (lose_a_passage, ("has 1 that the records lack", "vectors in use, passages use")),
        (lambda folder: row(folder, 3, 1), ("65 vectors in use, passages use 64",)),
        (lambda folder: row(folder, 3, 4000), ("rows beyond",)),
        (sentences_beyond, ("rows beyond",)),
    ],
)
def test_disagreement_between_files_is_found_and_repaired(
    healthy_index: Path,
    tmp_path: Path,
    healthy_answers: list[Shown],
    change: Callable[[Path], None],
    wrong: tuple[str, ...],
) -> None:
    folder = copied(healthy_index, tmp_path)
    change(folder)
    result = examine(folder).findings
    for item in wrong:
        assert any(item in finding.fault for finding in result), result
    assert all(finding.repairable for finding in result)
    assert repair(folder, HashEncoder()).lost == []
    assert examine(folder).sound
    assert answers(folder) == healthy_answers


def test_a_missing_vector_is_an_index_error(healthy_index: Path, tmp_path: Path) -> None:
    for change in (sentences_beyond, lambda folder: row(folder, 3, 4000)):
        folder = copied(healthy_index, tmp_path)
        change(folder)
        with pytest.raises(IndexDamaged, match="yearbook-qa doctor"):
            Index(folder).search("In 2011 the fund 3 paid 6036 crowns in district 3", HashEncoder(), 50)


def test_an_unfinished_row_iterator_can_be_closed_after_the_reader(healthy_index: Path) -> None:
    reader = RecordReader(
        [base_of(healthy_index) / name for name in manifest.read(healthy_index).files_of(layout.RECORDS)]
    )
    begun = reader.lexical_rows()
    next(begun)
    reader.close()
    begun.close()  # type: ignore[attr-defined]  # a generator
