"""Three Ray nodes on this machine with the real model and public questions: equal results, and the cost of lost nodes.

Takes some twenty minutes on two cores; `-o log_cli=true` shows the figures.
"""

from __future__ import annotations

import json
import logging
import random
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import load
from index.ranking.search import Index
from qa.answering.library import Answer, Library
from qa.output.json_objects import answer_json
from tests.factories.index_parts import parts

pytest.importorskip("ray", reason='no Ray here: pip install "yearbook-qa[ray]"')

from index.cluster.indexing import ClusterBuilder
from index.cluster.search import ClusterOpener
from index.cluster.session import connected

pytestmark = pytest.mark.long

TOLD = logging.getLogger(__name__).warning

SEED = time.time_ns() % 1_000_000
QUICKLY = {  # else a lost node is noticed after fifteen seconds
    "health_check_initial_delay_ms": 0,
    "health_check_period_ms": 300,
    "health_check_timeout_ms": 300,
    "health_check_failure_threshold": 3,
}


class Nodes:
    """A head without processors, and two nodes of one, either of which may be lost."""

    def __init__(self) -> None:
        from ray.cluster_utils import Cluster

        head = {"num_cpus": 0, "include_dashboard": False, "_system_config": QUICKLY}
        self.cluster: Any = Cluster(initialize_head=True, head_node_args=head | {"object_store_memory": 80 * 2**20})
        self.nodes = [self._new(), self._new()]
        self.lost = 0

    def _new(self) -> Any:
        return self.cluster.add_node(num_cpus=1, object_store_memory=80 * 2**20)

    def lose_one(self, *, replace: bool = True) -> None:
        """End a node at once, as a power cut does; another takes its place."""
        self.cluster.remove_node(self.nodes.pop(random.randrange(len(self.nodes))), allow_graceful=False)  # noqa: S311
        self.lost += 1
        if replace:
            self.nodes.append(self._new())

    def settle(self) -> None:
        """Wait until Ray knows of two living nodes besides the head."""
        import ray

        nodes: Any = ray.nodes
        deadline = time.monotonic() + 300  # Ray gives its workers the lowest priority
        while sum(node["Alive"] and node["Resources"].get("CPU", 0) > 0 for node in nodes()) != len(self.nodes):
            assert time.monotonic() < deadline
            time.sleep(0.2)


def nodes_with_shards() -> set[str]:
    """Return the ids of the nodes on which Ray placed shards."""
    from ray.util import placement_group_table

    groups: list[Any] = [group for group in placement_group_table().values() if group["state"] == "CREATED"]
    return {node for group in groups for node in group["bundles_to_node_id"].values()}


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    folder = Path(tempfile.mkdtemp(prefix="yq-"))  # Ray's own would be found, and left, by others
    (folder / "ray").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_TMPDIR", str(folder))
        result = Nodes()
        try:
            with connected(result.cluster.address):
                yield result
        finally:
            result.cluster.shutdown()
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def corpora(data: Path) -> list[Path]:
    return [data / "datasets" / "squad2_dev", data / "seeds"]


@pytest.fixture(scope="module")
def alone(corpora: Sequence[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index made by this process."""
    folder = tmp_path_factory.mktemp("alone") / "index"
    build(folder, plan(corpora), load())
    return folder


@pytest.fixture(scope="module")
def questions(data: Path) -> list[str]:
    files = [data / "seeds-eval" / "questions.jsonl"]
    files += [data / "datasets" / "squad2_dev" / name for name in ("queries.jsonl", "queries_unanswerable.jsonl")]
    lines = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [line.get("question") or line["text"] for line in lines]


def test_losing_ten_nodes_while_indexing_changes_nothing_in_the_index(
    nodes: Nodes, corpora: Sequence[Path], alone: Path, tmp_path: Path
) -> None:
    TOLD(f"random moments by the seed {SEED}")
    chance = random.Random(SEED)  # noqa: S311 - reproducible, not secret
    indexing = ClusterBuilder(2)
    with ThreadPoolExecutor(1) as thread:  # Ray adds nodes in the main thread only
        building = thread.submit(
            lambda: indexing.build(tmp_path / "index", indexing.plan([str(corpus) for corpus in corpora]), load())
        )
        while nodes.lost < 10 and not wait([building], chance.uniform(1.0, 8.0)).done:
            nodes.lose_one()
        report = building.result()
    TOLD(f"{nodes.lost} nodes lost while {report.passages:,} passages were indexed")
    assert nodes.lost == 10
    assert parts(tmp_path / "index") == parts(alone)
    nodes.settle()


@pytest.mark.usefixtures("nodes")
def test_any_number_of_shards_gives_the_rankings_of_one_machine(alone: Path, questions: Sequence[str]) -> None:
    vectors = load().encode(questions, query=True)
    one = Index(alone)
    expected = [_shown(one, text, vector) for text, vector in zip(questions, vectors, strict=True)]
    for shards in (1, 2, 3, 5):
        with ClusterOpener(shards, 1) as opener:
            index = opener(alone)
            different = [
                text
                for text, vector, hits in zip(questions, vectors, expected, strict=True)
                if _shown(index, text, vector) != hits
            ]
            TOLD(f"{shards} shards: {len(questions):,} questions, {len(different)} ranked differently")
            assert different == []


def _shown(index: Index, text: str, vector: np.ndarray[Any, Any]) -> list[tuple[str, float, tuple[float, ...]]]:
    return [(hit.id, hit.score, hit.similarities) for hit in index.search(text, vector, 100).hits]


def test_with_two_replicas_lost_nodes_cost_none_of_500_answers(
    nodes: Nodes, alone: Path, questions: Sequence[str]
) -> None:
    nodes.settle()
    sample = questions[:: max(len(questions) // 500, 1)][:500]
    by_itself = Library(alone, load())
    expected = [_facts(by_itself.ask(text)) for text in sample]
    before = nodes.lost
    with ClusterOpener(2, 2) as opener:
        library = Library(alone, load(), open_index=opener)
        took: list[float] = []
        for number, text in enumerate(sample):
            if number in {60, 200, 340}:
                nodes.settle()
                time.sleep(5)  # replicas are started where they were lost; that both are lost at once is another case
                nodes.lose_one()
            began = time.perf_counter()
            assert _facts(library.ask(text)) == expected[number]
            took.append(time.perf_counter() - began)
    took.sort()
    TOLD(
        f"{len(sample)} questions, {nodes.lost - before} nodes lost, none failed; median {1000 * took[250]:.0f} ms, "
        f"99th percentile {1000 * took[494]:.0f} ms, longest {took[-1]:.1f} s"
    )
    nodes.settle()


def _facts(answer: Answer) -> tuple[Any, ...]:
    return (
        answer.answered,
        answer.notices,
        answer.confidence,
        [(passage.hit.id, passage.hit.score) for passage in answer.passages],
    )


def test_without_replicas_the_answer_names_the_documents_of_a_lost_node(nodes: Nodes, alone: Path) -> None:
    nodes.settle()
    question = "How many ships were escorted off Somalia?"
    with ExitStack() as stack:
        library = Library(alone, load(), open_index=stack.enter_context(ClusterOpener(2, 1)))
        while library.ask(question).notices or len(nodes_with_shards()) < 2:  # else the lost node may hold none
            stack.close()
            library = Library(alone, load(), open_index=stack.enter_context(ClusterOpener(2, 1)))
        nodes.lose_one(replace=False)
        partial = next(result for result in (library.ask(question) for _ in range(20)) if result.notices)
        written = answer_json(partial)
        assert "not searched: " in written["notices"][0]
        named = written["notices"][0].partition("not searched: ")[2].partition(" and ")[0].split(", ")
        assert len(named) == 100
        assert not set(named) & {passage["document"] for passage in written["passages"]}
        deadline = time.monotonic() + 300  # Ray gives its workers the lowest priority
        while library.ask(question).notices:  # Ray restarts the shard on the remaining node
            assert time.monotonic() < deadline
