"""Building on a cluster gives the same index as one process, whatever happens to the workers."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import NothingToRead
from corpus.filesystem import display_path
from corpus.ingest import plan
from index.building.build import build
from index.building.report import BuildProgress, BuildReport
from index.errors import BuildInterrupted, ModelError
from index.models.model_store import DEFAULT_MODEL
from index.ranking.search import Index
from tests.factories.encoders import HashEncoder, HashSpec
from tests.factories.index_parts import parts

pytest.importorskip("ray", reason='no Ray here: pip install "yearbook-qa[ray]"')

from index.cluster.indexing import ClusterBuilder, ClusterEncoder
from index.cluster.session import connected
from index.cluster.tasks import ModelSpec, group_by_size

WORDS = "harbour treaty debris tea clinic steel pirate orbit budget village river school rail bridge wheat".split()


@pytest.fixture(scope="module")
def workers() -> Iterator[int]:
    with connected(workers=2) as count:
        yield count


def write_corpus(folder: Path, documents: int) -> Path:
    """Write reports whose sentences differ, except for one that all share."""
    folder.mkdir(exist_ok=True)
    for number in range(documents):
        sections = []
        for section in range(1, 5):
            sentences = [
                f"The {WORDS[(number * 7 + section * 3 + item) % len(WORDS)]} of {2000 + number} took {item + section} "
                f"{WORDS[(number + section * item) % len(WORDS)]}s in month {item % 12 + 1}."
                for item in range(12)
            ]
            sections.append(f"{section}. Part {section}\n\n{' '.join(sentences)} All reports end with this sentence.\n")
        text = f"Report {2000 + number}\n\n" + "\n".join(sections)
        (folder / f"report-{number:03d}.txt").write_text(text, encoding="utf-8")
    return folder


def clustered(workers: int, folder: Path, paths: list[str], **options: Any) -> BuildReport:
    indexing = ClusterBuilder(workers, lambda _: HashSpec())
    return indexing.build(folder, indexing.plan(paths), HashEncoder(), **options)


def answers(folder: Path) -> list[tuple[str, float, tuple[float, ...]]]:
    opened = Index(folder)
    return [
        (hit.id, hit.score, hit.similarities)
        for text in (*WORDS, "the treaty of 2003", "all reports")
        for hit in opened.search(text, HashEncoder(), 30).hits
    ]


def test_a_cluster_builds_the_same_index_as_one_process(workers: int, tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", 20)
    (corpus / "broken.txt").write_bytes(b"\x00\x01\x02" * 100)
    alone = build(tmp_path / "alone", plan([corpus]), HashEncoder())
    report = clustered(workers, tmp_path / "cluster", [str(corpus)])
    assert parts(tmp_path / "cluster") == parts(tmp_path / "alone")
    assert answers(tmp_path / "cluster") == answers(tmp_path / "alone")
    assert report == alone
    assert [file.path.name for file in report.unread] == ["broken.txt"]
    write_corpus(corpus, 21)
    alone = build(tmp_path / "alone", plan([corpus]), HashEncoder())
    report = clustered(workers, tmp_path / "cluster", [str(corpus)])
    assert (report.added, report.unchanged, report.embedded) == (["report-020"], 20, alone.embedded)
    assert parts(tmp_path / "cluster") == parts(tmp_path / "alone")


@pytest.mark.long
def test_prefetched_vectors_are_dropped_after_use(workers: int) -> None:
    with ClusterEncoder(HashEncoder(), HashSpec(), workers) as encoder:
        encoder.expect(["one text", "another"])
        vectors = encoder.encode(["another", "a third"])
        encoder.forget(["one text", "another"])
        assert vectors.tobytes() == HashEncoder().encode(["another", "a third"]).tobytes()
        encoder.encode(["to have all received"])
        assert (encoder._vectors, dict(encoder._expected)) == ({}, {})


@pytest.mark.long
def test_the_work_of_killed_workers_is_repeated(workers: int, tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", 12)
    build(tmp_path / "alone", plan([corpus]), HashEncoder())
    deaths = tmp_path / "deaths"
    deaths.mkdir()
    for name in ("count-1", "encode-1", "encode-2", "encode-3"):
        (deaths / name).touch()
    indexing = ClusterBuilder(workers, lambda _: HashSpec(deaths=str(deaths)))
    indexing.build(tmp_path / "cluster", indexing.plan([str(corpus)]), HashEncoder())
    assert list(deaths.iterdir()) == []
    assert parts(tmp_path / "cluster") == parts(tmp_path / "alone")


@pytest.mark.long
def test_a_worker_with_another_model_is_refused_in_one_line(workers: int, tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", 1)
    spec = ModelSpec(DEFAULT_MODEL, "int8", "another")
    indexing = ClusterBuilder(workers, lambda _: spec)
    with pytest.raises(ModelError, match=r"^on \S+ the model .* has the hash \w+, here another: install the same"):
        indexing.build(tmp_path / "cluster", indexing.plan([str(corpus)]), HashEncoder())


@pytest.mark.long
def test_an_interrupted_cluster_build_is_resumed_by_either_engine(workers: int, tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", 60)
    build(tmp_path / "alone", plan([corpus]), HashEncoder())

    def interrupt(advance: BuildProgress) -> None:
        if 8 <= advance.documents < advance.sources_to_read:
            raise KeyboardInterrupt

    with pytest.raises(BuildInterrupted) as caught:
        clustered(workers, tmp_path / "cluster", [str(corpus)], progress=interrupt, checkpoint=0.0)
    assert caught.value.resumable
    report = build(tmp_path / "cluster", plan([corpus]), HashEncoder())  # by whichever engine
    assert report.embedded < report.passages  # embedded passages are reused
    assert answers(tmp_path / "cluster") == answers(tmp_path / "alone")


def test_documents_by_url_are_read_like_files_of_a_folder(
    workers: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = write_corpus(tmp_path / "corpus", 6)
    (corpus / "corpus.toml").write_text(
        '[[document]]\nfile = "report-001.txt"\nid = "first"\nedition = 1999\n', encoding="utf-8"
    )
    (corpus / ".hidden.txt").write_text("Not read.", encoding="utf-8")
    (corpus / "large.txt").write_text("Too long for this test. " * 2000, encoding="utf-8")
    (corpus / "data.bin").write_bytes(b"1")
    monkeypatch.setenv("YEARBOOK_QA_MAX_FILE", "20000")
    url = corpus.as_uri()
    build(tmp_path / "alone", plan([corpus]), HashEncoder())
    report = clustered(workers, tmp_path / "cluster", [url])
    assert answers(tmp_path / "cluster") == answers(tmp_path / "alone")
    result = Index(tmp_path / "cluster").info("first")
    assert (result.edition, result.source) == (1999, f"{url}/report-001.txt")
    assert {file.path.name: file.reason.partition(":")[0][:9] for file in report.unread} == {
        "data.bin": "cannot re",
        "large.txt": "48,000 by",
    }


@pytest.mark.long
def test_files_gone_from_a_url_are_removed_and_unreadable_ones_kept(workers: int, tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", 6)
    url = corpus.as_uri()
    clustered(workers, tmp_path / "cluster", [url])
    (corpus / "report-005.txt").unlink()
    (corpus / "report-004.txt").write_bytes(b"\x00\x01\x02" * 100)
    report = clustered(workers, tmp_path / "cluster", [url], prune=True)
    assert (report.removed, report.unchanged) == (["report-005"], 4)
    assert Index(tmp_path / "cluster").info("report-004").passage_count


def test_messages_name_a_url_unchanged() -> None:
    for url in ("s3://bucket/a b.txt", "https://host/x", "file:///tmp/x"):
        assert display_path(Path(url)) == url
    assert [display_path(Path(item)) for item in ("/a/b", "a:b/c", "x.txt")] == ["/a/b", "a:b/c", "x.txt"]


def test_an_empty_url_is_named(workers: int, tmp_path: Path) -> None:
    with pytest.raises(NothingToRead, match="memory://nowhere: no file there"):
        ClusterBuilder(workers).plan(["memory://nowhere"])
    with pytest.raises(NothingToRead, match="nonsense://x: Protocol not known"):
        ClusterBuilder(workers).plan(["nonsense://x"])
    with pytest.raises(NothingToRead, match="no such file"):
        ClusterBuilder(workers).plan([str(tmp_path / "absent")])


def test_a_local_ray_listens_on_loopback_only(workers: int) -> None:
    import ray

    assert workers == 2
    address = str(ray.get_runtime_context().gcs_address)
    assert address.startswith("127.0.0.1:")
    listening = {
        line.split()[1] for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:] if " 0A " in line
    }
    port = f"{int(address.rpartition(':')[2]):04X}"
    assert {text for text in listening if text.endswith(f":{port}")} <= {f"0100007F:{port}"}
    outside = [item[4][0] for item in socket.getaddrinfo("localhost", None) if item[4][0] not in {"127.0.0.1", "::1"}]
    assert outside == []


@given(st.lists(st.integers(0, 5_000), max_size=200), st.integers(1, 20_000), st.integers(1, 64))
def test_items_are_grouped_by_size_in_order_and_none_is_lost(lengths: list[int], target: int, most: int) -> None:
    texts = ["x" * length for length in lengths]
    groups = list(group_by_size(texts, len, target, most))
    assert [text for group in groups for text in group] == texts
    assert all(1 <= len(group) <= most and sum(map(len, group[:-1])) < target for group in groups)
