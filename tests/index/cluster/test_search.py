"""Searching by shards gives the hits of one machine, for any number of shards, whatever happens to replicas."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.ingest import plan
from index.building.build import build
from index.dense import dense_index
from index.errors import ClusterError, IndexMismatch
from index.lexical import tantivy_index
from index.ranking.search import Hit, Index
from qa.answering.library import Library
from tests.factories.encoders import HashEncoder

pytest.importorskip("ray", reason='no Ray here: pip install "yearbook-qa[ray]"')

from index.cluster.search import ClusterIndex, ClusterOpener, Proposals, Shard, merge_proposals, shards_of
from index.cluster.session import connected

WORDS = "harbour treaty debris tea clinic steel pirate orbit budget village river school rail bridge wheat".split()
QUESTIONS = (*WORDS[:3], "the treaty of 2003 on steel", "what took months", "all reports end", "nothing of this: xyzzy")


@pytest.fixture(scope="module")
def processors() -> Iterator[int]:
    with connected(workers=2) as count:
        yield count


def write_corpus(folder: Path, documents: range) -> Path:
    """Write reports of random words: short ones, long ones, and some with equal passages."""
    folder.mkdir(exist_ok=True)
    for number in documents:
        chance = random.Random(number % 7 if number % 5 == 0 else number)  # noqa: S311 - reproducible, not secret
        lines = [f"{' '.join(chance.choices(WORDS, k=12)).capitalize()}." for _ in range(chance.randint(2, 60))]
        text = f"Report {2000 + number}\n\n1. Part\n\n{' '.join(lines)} All reports end with this sentence.\n"
        (folder / f"report-{number:03d}.txt").write_text(text, encoding="utf-8")
    return folder


def shown(hits: Sequence[Hit]) -> list[tuple[str, float, tuple[float, ...]]]:
    return [(hit.id, hit.score, hit.similarities) for hit in hits]


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index built in two steps, with one document changed and one removed."""
    folder = tmp_path_factory.mktemp("grown")
    corpus = write_corpus(folder / "corpus", range(30))
    build(folder / "index", plan([corpus]), HashEncoder())
    write_corpus(corpus, range(30, 40))
    (corpus / "report-003.txt").unlink()
    (corpus / "report-004.txt").write_text("Report 2004\n\n1. Part\n\nA treaty on tea was kept.\n", encoding="utf-8")
    build(folder / "index", plan([corpus]), HashEncoder(), prune=True)
    return folder / "index"


@given(st.lists(st.integers(0, 50), max_size=60), st.integers(1, 9))
def test_each_document_has_one_shard_and_shards_are_of_similar_size(passages: list[int], shards: int) -> None:
    firsts = np.cumsum([0, *passages]).tolist()
    spans = [(number, first, count) for number, (first, count) in enumerate(zip(firsts, passages, strict=False))]
    result = shards_of(spans, shards)
    assert result.shape == (len(passages),)
    assert (np.diff(result) >= 0).all()
    assert all(0 <= item < shards for item in result)
    sizes = np.bincount(result, weights=passages, minlength=shards) if passages else np.zeros(shards)
    assert sizes.max() <= sum(passages) / shards + max(passages, default=0)


@given(st.lists(st.tuples(st.sampled_from((0.1, 0.25, 0.5, 0.75)), st.integers(0, 3)), max_size=40), st.integers(1, 12))
def test_merged_proposals_of_shards_are_those_of_one_search(scored: list[tuple[float, int]], wanted: int) -> None:
    rows = np.arange(len(scored), dtype=np.int64)
    scores = np.array([score for score, _ in scored], dtype=np.float32)
    shards = np.array([shard for _, shard in scored], dtype=np.int64)
    pairs = [(-float(score), int(row)) for score, row in zip(scores, rows, strict=True)]
    of_shards = []
    for shard in range(4):
        own = shards == shard
        cosines, near = dense_index.top_with_ties(scores[own], rows[own], wanted)
        passages = tantivy_index.top_with_ties([pair for pair, mine in zip(pairs, own, strict=True) if mine], wanted)
        of_shards.append(Proposals(cosines, near, passages))
    near, numbers = merge_proposals(of_shards, wanted)
    assert near.tolist() == dense_index.top_with_ties(scores, rows, wanted)[1].tolist()
    assert numbers == [number for _, number in tantivy_index.top_with_ties(pairs, wanted)]


class LocalShards:
    """All shards, opened in this process."""

    def __init__(self, folder: Path, shards: int) -> None:
        self.shards = shards
        generation = Index(folder).manifest.generation
        self.parts = [Shard(folder, generation, shard, shards) for shard in range(shards)]

    def ask(self, _: int, questions: dict[int, tuple[object, ...]]) -> dict[int, Proposals]:
        return {shard: self.parts[shard].propose(*question) for shard, question in questions.items()}  # type: ignore[arg-type]


@pytest.mark.parametrize("shards", [1, 3, 60])
def test_any_number_of_shards_gives_the_hits_of_one_machine(grown: Path, shards: int) -> None:
    alone, together = Index(grown), ClusterIndex(grown, LocalShards(grown, shards))  # type: ignore[arg-type]
    some, few = ([document for document in alone.documents if document.number % part == 0] for part in (2, 9))
    for text in QUESTIONS:
        for documents in (alone.documents, some, few):
            for count in (5, 150):
                expected, result = (
                    item.search(text, HashEncoder(), count, subset=item.subset(documents), candidates=20).hits
                    for item in (alone, together)
                )
                assert shown(result) == shown(expected)
        preferred = [
            item.search(
                text, HashEncoder(), 10, bonus=lambda item: {"year": 0.3 * (item.number % 3 == 0)}, candidates=5
            ).hits
            for item in (alone, together)
        ]
        assert shown(preferred[1]) == shown(preferred[0])


def test_a_shard_opens_only_the_generation_it_is_asked_for(grown: Path) -> None:
    with pytest.raises(IndexMismatch, match="at generation 2, asked for 1"):
        Shard(grown, 1, 0, 2)


@pytest.mark.usefixtures("processors")
def test_a_cluster_answers_as_one_machine_also_after_an_update(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", range(20))
    build(tmp_path / "index", plan([corpus]), HashEncoder())
    with ClusterOpener(shards=2, replicas=1) as opener:
        library, alone = (
            Library(tmp_path / "index", HashEncoder(), open_index=opener),
            Library(tmp_path / "index", HashEncoder()),
        )
        assert [library.ask(question) for question in QUESTIONS] == [alone.ask(question) for question in QUESTIONS]
        (corpus / "new.txt").write_text("New\n\n1. Part\n\nZeppelins landed on the meadow twice.\n", encoding="utf-8")
        build(tmp_path / "index", plan([corpus]), HashEncoder())
        assert library.ask("zeppelins on the meadow").passages[0].hit.document.id == "new"
        assert [library.ask(question) for question in QUESTIONS] == [alone.ask(question) for question in QUESTIONS]
        _lose_a_shard(library)


def _lose_a_shard(library: Library) -> None:
    """Lose a shard: an answer names the documents that were not searched; `complete_hits` raises."""
    import ray

    index, question = library.index, "the treaty on steel"
    assert isinstance(index, ClusterIndex)
    lost = [of_shard.id for of_shard in index._of_shards[1]]
    ray.kill(index._replicas._actors[1][0], no_restart=True)
    deadline = time.monotonic() + 60
    while (
        "not searched" not in (answer := library.ask(question, 50)).notices[0]
    ):  # a call may be answered after the kill
        assert time.monotonic() < deadline
    assert answer.notices[0].endswith(f"not searched: {', '.join(lost)}")
    assert {passage.hit.document.id for passage in answer.passages} <= {of_shard.id for of_shard in index._of_shards[0]}
    result = index.search(question, HashEncoder(), 5)
    assert [document.id for document in result.unavailable] == lost
    with pytest.raises(ClusterError, match=f"^{len(lost)} documents "):
        result.complete_hits()
    among = index.subset(index._of_shards[0])
    assert index.search(
        question, HashEncoder(), 5, subset=among
    ).complete_hits()  # unavailable documents are not requested
