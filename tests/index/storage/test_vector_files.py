"""Files of vectors: appending, truncating, copying; and the rows that a filter selects."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import IndexDamaged
from index.models.encoder import Vectors
from index.storage.vector_files import (
    PassageFormat,
    PassageRows,
    SentenceFormat,
    SentenceVectors,
    ShardWriter,
    VectorFormat,
    copy_rows,
    count_rows,
    load_npy,
    map_rows,
    pack_sentences,
    sentence_dtype,
    small_tail,
    write_passage_rows,
)

FORMS: list[VectorFormat] = [PassageFormat(8), SentenceFormat(8), SentenceFormat(5, 3)]


def vectors(count: int) -> Vectors:
    drawn = np.random.default_rng(count).normal(size=(count, 8)).astype(np.float32)
    unit: Vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return unit


def test_a_shard_of_passages_equals_a_file_written_by_faiss(tmp_path: Path) -> None:
    some = vectors(23)
    whole = faiss.IndexFlatIP(8)
    whole.add(some)
    writer = ShardWriter(tmp_path / "parts", PassageFormat(8), "a", 0)
    assert writer.add(some[:5]) == range(5)
    assert writer.add(some[5:]) == range(5, 23)
    writer.seal()
    (path,) = writer.paths
    assert path.read_bytes() == faiss.serialize_index(whole).tobytes()


def test_a_shard_of_sentences_loads_as_the_quantised_array(tmp_path: Path) -> None:
    some = vectors(23)
    writer = ShardWriter(tmp_path / "parts", SentenceFormat(8), "a", 0)
    writer.add(some[:20])
    writer.add(some[20:])
    writer.seal()
    assert np.array_equal(np.load(writer.paths[0]), pack_sentences(some, sentence_dtype(8)))


def test_second_vectors_are_quantised_apart_and_may_be_missing(tmp_path: Path) -> None:
    first, second = vectors(9), vectors(9)[::-1, :4] * 100  # the scale of one does not coarsen the other
    second[4] = 0
    writer = ShardWriter(tmp_path, SentenceFormat(8, 4), "a", 0)
    writer.add(np.hstack([first, second]))
    writer.seal()
    stored = SentenceVectors(writer.paths)
    rows = np.arange(9)[::-1]
    assert np.allclose(stored.vectors(rows), first[::-1], atol=0.01)
    assert np.allclose(stored.cosines(rows, first[2]), stored.vectors(rows) @ first[2], atol=1e-6)
    expected = second[::-1] @ second[0]
    cosines, found = stored.both_cosines(rows, first[2], second[0])
    assert np.array_equal(cosines, stored.cosines(rows, first[2]))
    assert np.flatnonzero(np.isnan(found)).tolist() == [4]
    assert np.allclose(np.delete(found, 4), np.delete(expected, 4), rtol=0.02, atol=50)


@pytest.mark.parametrize("vector_format", FORMS, ids=lambda vector_format: vector_format.suffix)
def test_a_full_shard_is_followed_by_another(tmp_path: Path, vector_format: VectorFormat) -> None:
    writer = ShardWriter(tmp_path, vector_format, "a", 100, max_bytes=10 * vector_format.width)
    assert writer.add(vectors(25)) == range(100, 125)
    writer.seal()
    assert [count_rows(path, vector_format) for path in writer.paths] == [10, 10, 5]
    assert b"".join(map_rows(path, vector_format).tobytes() for path in writer.paths) == vector_format.pack(vectors(25))


@pytest.mark.parametrize("vector_format", FORMS, ids=lambda vector_format: vector_format.suffix)
@pytest.mark.parametrize(("kept", "left"), [(25, [10, 10, 5]), (20, [10, 10]), (13, [10, 3]), (0, [])])
def test_rows_after_a_checkpoint_are_dropped_and_rewritten(
    tmp_path: Path, vector_format: VectorFormat, kept: int, left: list[int]
) -> None:
    some = vectors(25)
    ShardWriter(tmp_path, vector_format, "a", 100, max_bytes=10 * vector_format.width).add(some)
    with next(tmp_path.glob("a-0002*")).open("ab") as stream:
        stream.write(b"half a row")
    writer = ShardWriter(tmp_path, vector_format, "a", 100, max_bytes=10 * vector_format.width)
    writer.truncate(100 + kept)
    assert [count_rows(path, vector_format) for path in writer.paths] == left
    assert writer.add(some[kept:]) == range(100 + kept, 125)
    assert b"".join(map_rows(path, vector_format).tobytes() for path in writer.paths) == vector_format.pack(some)


def test_truncating_beyond_the_end_reports_missing_rows(tmp_path: Path) -> None:
    writer = ShardWriter(tmp_path, FORMS[0], "a", 0)
    writer.add(vectors(5))
    with pytest.raises(IndexDamaged, match="fewer vectors"):
        writer.truncate(6)


@pytest.mark.parametrize("vector_format", FORMS, ids=lambda vector_format: vector_format.suffix)
def test_copying_omits_dead_rows_of_all_shards(tmp_path: Path, vector_format: VectorFormat) -> None:
    some = vectors(25)
    old = ShardWriter(tmp_path, vector_format, "a", 0, max_bytes=10 * vector_format.width)
    old.add(some)
    new = ShardWriter(tmp_path, vector_format, "b", 0)
    dead = np.array([0, 9, 10, 24])
    copy_rows(new, old.paths, dead)
    assert map_rows(new.paths[0], vector_format).tobytes() == vector_format.pack(np.delete(some, dead, axis=0))


def test_the_small_tail_ends_at_the_last_large_shard(tmp_path: Path) -> None:
    vector_format = FORMS[0]
    paths = []
    for name, count in (("a", 1), ("b", 10), ("c", 4), ("d", 2)):
        writer = ShardWriter(tmp_path, vector_format, name, 0)
        writer.add(vectors(count))
        paths += writer.paths
    assert [rows for _, rows in small_tail(paths, vector_format, 10 * vector_format.width)] == [4, 2]


def test_threads_parse_npy_headers_one_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    np.save(tmp_path / "rows.npy", np.arange(3))
    load = np.load
    inside: list[int] = []
    most: list[int] = []

    def counted(*arguments: Any, **named: Any) -> Any:
        inside.append(1)
        most.append(len(inside))
        threading.Event().wait(0.01)  # time for the other threads
        document = load(*arguments, **named)
        inside.pop()
        return document

    monkeypatch.setattr(np, "load", counted)
    threads = [threading.Thread(target=load_npy, args=(tmp_path / "rows.npy",)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 5
    assert load_npy(tmp_path / "rows.npy", None).tolist() == [0, 1, 2]


@given(
    documents=st.lists(st.tuples(st.integers(0, 2), st.lists(st.integers(0, 8), max_size=4)), max_size=8),
    kept=st.sets(st.integers(0, 7)),
)
def test_a_filter_selects_exactly_the_rows_of_its_documents(
    documents: list[tuple[int, list[int]]], kept: set[int]
) -> None:
    number, first, pairs = 1, [], []
    for hole, rows in documents:  # a hole is left by a document that was removed
        number += hole
        first.append(number)
        pairs += list(enumerate(rows, number))
        number += len(rows)
    chosen = [place for place in range(len(documents)) if place in kept]
    expected = {row for place in chosen for row in documents[place][1]}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.npy"
        write_passage_rows(path, sorted(pairs, key=lambda pair: pair[1]), number)
        opened = PassageRows(path, 9)
        count = [len(documents[place][1]) for place in chosen]
        mask = opened.of_spans(np.array([first[place] for place in chosen], np.int64), np.array(count, np.int64))
        assert set(np.flatnonzero(mask)) == expected
        assert set(np.flatnonzero(opened.used())) == {row for _, rows in documents for row in rows}
