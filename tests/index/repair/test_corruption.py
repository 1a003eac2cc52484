"""Damage to any file of an index never gives a wrong passage or a wrong citation."""

from __future__ import annotations

import hashlib
import json
import random
import sqlite3
from contextlib import suppress
from pathlib import Path

import pytest

from corpus.ingest import plan
from corpus.records import Passage
from index import layout, manifest
from index.building.build import build
from index.errors import IndexDamaged, IndexFolderError, UnknownPassage
from index.ranking.search import Hit, Index
from index.storage import segments
from tests.factories.damaged_index import copied, files
from tests.factories.encoders import HashEncoder

ENCODER = HashEncoder()
QUESTIONS = ("crowns paid in district 3", "fund 7", "costs of harbour 11", "the")
FLIPS = 12
"""Bits to flip in each file; the long version flips a hundred times as many."""


Shown = tuple[Passage, tuple[object, ...]]
"""What a user sees of a hit except its score."""


def shown(hit: Hit) -> Shown:
    document = hit.document
    facts = (document.title, document.series, document.edition, document.covers, document.url, document.part)
    return hit.stored.passage, facts


@pytest.fixture(params=["small", "large"])
def sizes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Treat files as small (verified at opening) or as large (only the size is checked)."""
    if request.param == "large":
        monkeypatch.setattr(manifest, "MAX_VERIFIED_WHEN_OPENED", -1)
    return str(request.param)


@pytest.fixture(scope="module")
def truth(healthy_index: Path) -> dict[str, Shown]:
    """The true contents of every passage by id."""
    index = Index(healthy_index)
    hits = [hit for text in QUESTIONS for hit in index.search(text, ENCODER, 1000).hits]
    return {hit.id: shown(hit) for hit in hits}


def answered(folder: Path, truth: dict[str, Shown]) -> bool:
    """Assert that all answers are true; return whether the index still answers."""
    try:
        index = Index(folder)
        for text in QUESTIONS:
            for hit in index.search(text, ENCODER, 5).hits:
                assert truth[hit.id] == shown(hit)
        for item in index.documents:
            text = index.document(item.id).text
            for identifier in truth:
                document, _, span = identifier.rpartition("@")
                start, end = map(int, span.split("-"))
                assert document != item.id or text[start:end] == truth[identifier][0].text
    # errors that the command line reports in one line
    except (IndexFolderError, UnknownPassage, sqlite3.DatabaseError):
        return False
    return True


def put(path: Path, data: bytes) -> None:
    """Replace a file by another one, because an index that is still open has the old one mapped."""
    other = path.with_name(f"{path.name}.other")
    other.write_bytes(data)
    other.replace(path)


def flip(healthy_index: Path, tmp_path: Path, truth: dict[str, Shown], count: int) -> tuple[int, int]:
    """Flip single bits in each file; return how many were detected by asking, and the number of flips."""
    chance = random.Random(7)  # noqa: S311
    noticed = tried = 0
    folder = copied(healthy_index, tmp_path)
    for name in list(files(folder)):
        path = folder / name
        whole = path.read_bytes()
        for _ in range(count if whole else 0):
            place = chance.randrange(len(whole))
            damaged = bytearray(whole)
            damaged[place] ^= 1 << chance.randrange(8)
            put(path, bytes(damaged))
            noticed += not answered(folder, truth)
            tried += 1
        put(path, whole)
    assert answered(folder, truth)
    return noticed, tried


def test_a_flipped_bit_in_any_file_never_gives_a_wrong_passage(
    healthy_index: Path, tmp_path: Path, truth: dict[str, Shown], sizes: str
) -> None:
    noticed, tried = flip(healthy_index, tmp_path, truth, FLIPS)
    assert noticed == tried if sizes == "small" else noticed > FLIPS  # the manifest's, and what shows of the rest


@pytest.mark.long
def test_thousands_of_flipped_bits_never_give_a_wrong_passage(
    healthy_index: Path, tmp_path: Path, truth: dict[str, Shown], sizes: str
) -> None:
    noticed, tried = flip(healthy_index, tmp_path, truth, 100 * FLIPS)
    assert noticed == tried if sizes == "small" else noticed > 100 * FLIPS


@pytest.mark.parametrize("damage", ["emptied", "cut", "lengthened", "removed", "swapped"])
def test_a_file_of_another_size_or_place_is_detected_at_opening(
    healthy_index: Path, tmp_path: Path, truth: dict[str, Shown], damage: str
) -> None:
    folder = copied(healthy_index, tmp_path)
    other = tmp_path / "other"
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "other.txt").write_text("Other Report 2011\n\nAnother text of another index.\n", encoding="utf-8")
    build(other, plan([corpus]), ENCODER)
    strange = (layout.generation_folder(other, 1) / layout.FIRST_RECORDS).read_bytes()
    for name in list(files(folder)):
        path = folder / name
        whole = path.read_bytes()
        if damage == "removed":
            path.unlink()
        else:
            path.write_bytes(
                {"emptied": b"", "cut": whole[:-2], "lengthened": whole + b"\0", "swapped": strange}[damage]
            )
        if whole or damage not in ("emptied", "cut"):
            with pytest.raises(IndexFolderError):
                Index(folder)
        path.write_bytes(whole)
    assert answered(folder, truth)


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("passage", "text", "'In 2015 the fund 3 paid nothing.'"),
        ("passage", "start", "start + 1"),
        ("passage", "record", "replace(record, 'District', 'Destrict')"),
        ("document", "title", "'Harbour Report 2014'"),
        ("document", "edition", "2014"),
        ("document", "covers_first", "1999"),
        ("document", "url", "'https://example.org/other'"),
    ],
)
def test_changed_records_are_detected_although_the_file_checksum_matches(
    healthy_index: Path, tmp_path: Path, table: str, column: str, value: str
) -> None:
    folder = copied(healthy_index, tmp_path)
    written = manifest.read(folder)
    path = layout.generation_folder(folder, written.generation) / layout.FIRST_RECORDS
    with sqlite3.connect(path) as connection:
        connection.execute(f"UPDATE {table} SET {column} = {value}")
    connection.close()
    resized(folder, path)
    with pytest.raises(IndexDamaged, match="yearbook-qa doctor"):
        Index(folder).search("crowns paid in district 3", ENCODER, 50)


@pytest.mark.parametrize(
    "change",
    ["DELETE FROM content", "DELETE FROM document", "UPDATE document SET origins = '{'"],
)
def test_missing_records_are_an_index_error(
    healthy_index: Path, tmp_path: Path, truth: dict[str, Shown], monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    monkeypatch.setattr(manifest, "MAX_VERIFIED_WHEN_OPENED", -1)
    folder = copied(healthy_index, tmp_path)
    path = layout.generation_folder(folder, manifest.read(folder).generation) / layout.FIRST_RECORDS
    opened = Index(folder)
    with sqlite3.connect(path) as connection:
        connection.execute(change)
    connection.close()
    resized(folder, path)
    assert not answered(folder, truth)
    for text in QUESTIONS[:1]:  # with the open index: as before, or an error of the index
        with suppress(IndexFolderError):
            assert {hit.id for hit in opened.search(text, ENCODER, 5).hits} <= set(truth)


def resized(folder: Path, path: Path) -> None:
    """Update the manifest to the changed file, so that only its contents reveal the change."""
    data = json.loads((folder / layout.MANIFEST).read_text("utf-8"))
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    data["files"][path.name] = {"size": path.stat().st_size, "sha256": sha256}
    del data[manifest.CHECKSUM]
    sealed = data | {manifest.CHECKSUM: manifest.checksum_of(data)}
    (folder / layout.MANIFEST).write_text(json.dumps(sealed), "utf-8")


def test_a_manifest_with_changed_values_is_refused(healthy_index: Path, tmp_path: Path) -> None:
    folder = copied(healthy_index, tmp_path)
    path = folder / layout.MANIFEST
    path.write_text(path.read_text("utf-8").replace('"mean": 0', '"mean": 1'), "utf-8")
    with pytest.raises(IndexFolderError, match="damaged"):
        Index(folder)


def test_a_passage_checksum_covers_everything_that_is_shown() -> None:
    parts = (b"facts", 1, 2, "text", "record")
    others = [
        (b"other", 1, 2, "text", "record"),
        (b"facts", 0, 2, "text", "record"),
        (b"facts", 1, 3, "text", "record"),
    ]
    others += [(b"facts", 1, 2, "texts", "record"), (b"facts", 1, 2, "text", "records"), (b"facts", 12, 2, "text", "r")]
    seals = {segments.passage_checksum(*item) for item in [parts, *others]}
    assert len(seals) == 7
    assert all(len(seal) == segments.SIZE for seal in seals)
