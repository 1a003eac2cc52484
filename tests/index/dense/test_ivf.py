"""Inverted lists reach the measured recall, respect filters, and are cheap to extend."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.ingest import plan
from index import layout
from index.building.build import build
from index.dense import dense_index, ivf_build
from index.dense.dense_index import DenseIndex, RowFilter
from index.dense.ivf_build import GenerationFiles, build_or_reuse, open_ivf
from index.manifest import DenseRecord
from index.models.encoder import Vectors
from index.ranking.search import Index
from index.storage import vector_files
from index.storage.vector_files import PassageFormat, SentenceFormat, ShardWriter
from qa.output import console
from tests.factories.encoders import HashEncoder

DIMENSION = 32
ROWS = 4000
_NUMBERS = count(1)


def clustered(rows: int, seed: int) -> Vectors:
    """Unit vectors around forty centres, those of a centre one after the other as those of a document are."""
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(0).standard_normal((40, DIMENSION))
    vectors = centres[np.sort(random.integers(40, size=rows))] + 0.6 * random.standard_normal((rows, DIMENSION))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def generation(folder: Path, *shards: Vectors, live: np.ndarray | None = None) -> GenerationFiles:
    """A folder with these shards, and with sentences; passage n has row n - 1 where it is live."""
    folder = folder / str(next(_NUMBERS))
    for name in (layout.VECTORS, layout.SENTENCES):
        (folder / name).mkdir(parents=True)
    writers = [
        ShardWriter(folder / layout.VECTORS, PassageFormat(DIMENSION), str(place), 0) for place in range(len(shards))
    ]
    writers.append(ShardWriter(folder / layout.SENTENCES, SentenceFormat(DIMENSION), "0", 0))
    for writer, vectors in zip(writers, [*shards, clustered(1000, 99)], strict=True):
        writer.add(vectors)
        writer.seal()
    files = [path for writer in writers for path in writer.paths]
    rows = np.arange(sum(map(len, shards))) if live is None else np.flatnonzero(live)
    vector_files.write_passage_rows(
        folder / layout.ROWS, ((row + 1, row) for row in rows.tolist()), sum(map(len, shards))
    )
    return GenerationFiles(folder, files, folder / layout.ROWS, DIMENSION)


def searched(new: GenerationFiles, record: DenseRecord) -> DenseIndex:
    """The dense search of a generation."""
    return DenseIndex(new.of(layout.VECTORS), DIMENSION, open_ivf(new.folder, record))


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lower the thresholds of large indexes."""
    monkeypatch.setattr(ivf_build, "MAX_SCANNED", 2000)
    monkeypatch.setattr(dense_index, "MAX_SCANNED", 300)
    monkeypatch.setattr(ivf_build, "MAX_UNLISTED", 500)
    monkeypatch.setattr(ivf_build, "TUNING_QUERIES", 60)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[GenerationFiles, DenseRecord]:
    """A generation of two shards with its structure."""
    new = generation(tmp_path_factory.mktemp("made"), clustered(3000, 1), clustered(ROWS - 3000, 2))
    return new, build_or_reuse(new, "ivf")


def test_the_index_type_follows_the_size_unless_chosen(tmp_path: Path) -> None:
    few, many = generation(tmp_path / "few", clustered(2000, 1)), generation(tmp_path / "many", clustered(2001, 1))
    assert [build_or_reuse(few, "auto").kind, build_or_reuse(few, "ivf").kind] == ["exact", "ivf"]
    assert [build_or_reuse(many, "exact").kind, build_or_reuse(many, "auto").kind] == ["exact", "ivf"]
    assert build_or_reuse(generation(tmp_path / "none"), "ivf") == DenseRecord(
        "ivf"
    )  # of nothing there is no structure


def test_inverted_lists_do_not_depend_on_the_number_of_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = []
    for threads in (1, 3):
        monkeypatch.setattr("os.cpu_count", lambda threads=threads: threads)
        new = generation(tmp_path, clustered(3000, 1), clustered(ROWS - 3000, 2))
        record = build_or_reuse(new, "ivf")
        result.append(((new.folder / record.file).read_bytes(), replace(record, file="")))
    assert result[0] == result[1]


def test_recall_reaches_its_target_and_holds_for_other_queries(
    made: tuple[GenerationFiles, DenseRecord],
) -> None:
    new, record = made
    assert [recall.share for recall in record.recalls] == [1.0, 0.5, 0.1, 0.01]
    assert all(min(recall.recall_at_10, recall.recall_at_100) >= 0.97 for recall in record.recalls)
    assert record.recalls[0].probes < record.lists  # else the test would show nothing
    approximate, exact = searched(new, record), DenseIndex(new.of(layout.VECTORS), DIMENSION)
    result = [
        len(set(approximate.search_rows(query, 10)[:10].tolist()) & set(exact.search_rows(query, 10)[:10].tolist()))
        for query in clustered(200, 3)
    ]
    assert np.mean(result) >= 9.5


@settings(max_examples=40)
@given(
    share=st.sampled_from([0.002, 0.06, 0.3, 0.9]),
    wanted=st.sampled_from([1, 10, 700]),
    seed=st.integers(0, 1000),
)
def test_a_filter_is_exact_and_returns_all_that_it_allows(
    made: tuple[GenerationFiles, DenseRecord], share: float, wanted: int, seed: int
) -> None:
    new, record = made
    random = np.random.default_rng(seed)
    allowed = RowFilter(random.random(ROWS) < share)
    query = clustered(1, seed)[0]
    result = searched(new, record).search_rows(query, wanted, allowed)
    assert allowed.mask[result].all()
    assert len(result) == len(set(result.tolist())) >= min(wanted, len(allowed))
    scores = DenseIndex(new.of(layout.VECTORS), DIMENSION).vectors(result) @ query
    assert (np.diff(scores) <= 1e-6).all()  # best first
    if len(allowed) <= dense_index.MAX_SCANNED:
        assert (
            result.tolist()
            == DenseIndex(new.of(layout.VECTORS), DIMENSION).search_rows(query, wanted, allowed).tolist()
        )


def test_later_rows_are_searched_without_training_again(
    tmp_path: Path, made: tuple[GenerationFiles, DenseRecord]
) -> None:
    first, record = made
    further = clustered(300, 5)
    new = generation(tmp_path, clustered(3000, 1), clustered(ROWS - 3000, 2), further)
    unchanged = build_or_reuse(new, "auto", (first.folder, record))
    assert (unchanged.rows, unchanged.recalls, unchanged.asked) == (ROWS, record.recalls, "auto")
    assert (new.folder / unchanged.file).samefile(first.folder / record.file)
    assert searched(new, unchanged).search_rows(further[7], 1)[0] == ROWS + 7


def test_lists_are_extended_after_growth_and_trained_again_after_doubling(
    tmp_path: Path, made: tuple[GenerationFiles, DenseRecord]
) -> None:
    first, record = made
    shards = clustered(3000, 1), clustered(ROWS - 3000, 2)
    more = generation(tmp_path / "more", *shards, clustered(501, 5))
    extended = build_or_reuse(more, "auto", (first.folder, record))
    assert (extended.rows, extended.trained, extended.lists) == (ROWS + 501, ROWS, record.lists)
    assert all(recall.recall_at_100 >= 0.97 for recall in extended.recalls)
    twice = generation(tmp_path / "twice", *shards, clustered(ROWS + 1, 6))
    anew = build_or_reuse(twice, "auto", (more.folder, extended))
    assert (anew.rows, anew.trained) == (2 * ROWS + 1, 2 * ROWS + 1)


def test_lists_are_trained_again_when_rows_have_moved(
    tmp_path: Path, made: tuple[GenerationFiles, DenseRecord]
) -> None:
    first, record = made
    new = generation(tmp_path, clustered(3000, 1)[1:], clustered(ROWS - 3000, 2), clustered(9, 5))
    anew = build_or_reuse(new, "auto", (first.folder, record))
    assert (anew.rows, anew.trained) == (ROWS + 8, ROWS + 8)
    assert anew.file != record.file


def test_dead_rows_are_never_returned(tmp_path: Path) -> None:
    vectors = clustered(3000, 1)
    live = np.arange(3000) % 3 > 0
    new = generation(tmp_path, vectors, live=live)
    search = searched(new, build_or_reuse(new, "ivf"))
    for query in vectors[::100]:
        assert live[search.search_rows(query, 50, RowFilter(live))].all()


def test_all_rows_are_scanned_when_tuning_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ivf_build, "tune", lambda *_: None)
    new = generation(tmp_path, clustered(3000, 1))
    assert build_or_reuse(new, "auto") == DenseRecord("auto")
    assert not list((new.folder / layout.APPROXIMATE).iterdir())


def test_the_chosen_index_type_persists_between_builds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for name in ("herring", "cod", "opera"):
        (corpus / f"{name}.txt").write_text(f"About {name}\n\nMuch was said of {name} in the year.\n", "utf-8")
    encoder, result = HashEncoder(), []
    for tuning_recall in ("ivf", None, "exact", "auto"):
        build(tmp_path / "index", plan([corpus]), encoder, index_type=tuning_recall)
        opened_index = Index(tmp_path / "index")
        record = opened_index.manifest.dense
        result.append((record.asked, record.kind, opened_index.manifest.generation))
        hits = opened_index.search("herring", encoder, 9).hits
        assert (len(hits), hits[0].document.id) == (opened_index.manifest.passages, "herring")
        console.info(opened_index)
        printed = capsys.readouterr().out
        assert f"vector search: {record.kind}\n" in printed
        assert printed.count("of the 100") == len(record.recalls) == (4 if record.kind == "ivf" else 0)
    assert result == [("ivf", "ivf", 1), ("ivf", "ivf", 1), ("exact", "exact", 2), ("auto", "exact", 3)]
    assert encoder.encoded == list(dict.fromkeys(encoder.encoded))  # nothing was embedded again
