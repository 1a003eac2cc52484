"""The same hits in the same order with the same text on every path: filters, search structures, threads, interfaces."""

from __future__ import annotations

import asyncio
import http.client
import json
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import lxml.html
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import index.models.encoder
from corpus.ingest import plan
from index.building.build import build
from index.dense import dense_index, ivf_build
from index.ranking.search import Hit, Index
from qa.answering.library import Library
from qa.api.mcp_server import mcp_server
from qa.api.service import LibraryService
from qa.cli import main
from qa.output.json_objects import answer_json
from qa.question.filters import parse_filters
from qa.web.urls import QuestionRequest, question_url
from tests.browser.conftest import serving
from tests.factories.encoders import HashEncoder

ENCODER = HashEncoder()
NAMES = "harbour treaty debris tea clinic steel pirate orbit budget village river school rail bridge wheat".split()
WORDS = [*NAMES, *"and of the in 2013 2014 2016 45 cut grew built closed 農業 港".split()]
FEW, MANY = 25, 400

QUESTION = st.lists(st.sampled_from([*WORDS, "what", "how many", "compare", "Harbour Report"]), min_size=1, max_size=8)
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "series": st.lists(st.sampled_from(["Harbour Report", "Tea Report"]), min_size=1, max_size=2),
        "edition": st.lists(st.sampled_from(["2012", "2013..2015", "2015..", "1990"]), min_size=1, max_size=2),
        "covers": st.lists(st.sampled_from(["2012", "2013..2015", "1990"]), min_size=1, max_size=2),
        "document": st.lists(st.sampled_from(["harbour-report-2013", "tea-report-2015"]), min_size=1, max_size=2),
    },
)


def write_corpus(folder: Path, seed: int, paragraphs: int) -> Path:
    """Write five editions of two series: random sentences, some of them repeated in the next edition."""
    draw = random.Random(seed)  # noqa: S311 - the same texts each time
    folder.mkdir()
    for name in ("harbour", "tea"):
        kept: list[str] = []
        for year in range(2012, 2017):
            new = [f"{' '.join(draw.choices(WORDS, k=draw.randint(4, 40))).capitalize()}." for _ in range(paragraphs)]
            kept = [draw.choice((old, text)) for old, text in zip([*kept, *new], new, strict=False)]
            parts = "\n\n".join(f"{n}. {draw.choice(NAMES).title()}\n\n{text}" for n, text in enumerate(kept, 1))
            (folder / f"{name}-report-{year}.txt").write_text(f"{name.title()} Report {year}\n\n{parts}\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("same")
    build(folder / "index", plan([write_corpus(folder / "corpus", 1, 12)]), ENCODER)
    return Library(folder / "index", ENCODER)


def shown(hits: Sequence[Hit]) -> list[tuple[str, float, str]]:
    return [(hit.id, hit.score, hit.stored.passage.text) for hit in hits]


@given(words=QUESTION, filters=FILTERS, count=st.integers(1, 40))
def test_a_filter_within_the_search_keeps_what_it_would_keep_of_all_hits(
    library: Library, words: list[str], filters: dict[str, list[str]], count: int
) -> None:
    searched, question = library.index, " ".join(words)
    among = parse_filters(**filters).select(searched.documents)
    numbers = {document.number for document in among}
    everything = searched.manifest.passages  # as candidates, so that none is cut off
    hits = searched.search(question, ENCODER, everything, candidates=everything).hits
    within = searched.search(question, ENCODER, count, subset=searched.subset(among), candidates=everything).hits
    assert shown(within) == shown([hit for hit in hits if hit.document.number in numbers][:count])


@pytest.fixture(scope="module")
def two_structures(tmp_path_factory: pytest.TempPathFactory) -> tuple[Index, Index]:
    """The same documents in an exact index and in one with inverted lists."""
    folder = tmp_path_factory.mktemp("structures")
    corpus = write_corpus(folder / "corpus", 2, 120)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ivf_build, "TUNING_QUERIES", 60)
        patch.setattr(dense_index, "MAX_SCANNED", 100)
        for kind in ("exact", "ivf"):
            build(folder / kind, plan([corpus]), ENCODER, index_type=kind)
    approximate = Index(folder / "ivf")
    assert approximate.manifest.dense.recalls[0].probes < approximate.manifest.dense.lists
    return Index(folder / "exact"), approximate


def test_an_approximate_search_finds_nearly_all_hits_of_an_exact_one_with_the_same_scores(
    two_structures: tuple[Index, Index],
) -> None:
    exact, approximate = two_structures
    draw = random.Random(3)  # noqa: S311 - the same questions each time
    found = wanted = 0
    for _ in range(60):
        question = " ".join(draw.sample(WORDS, 5))
        among = None if draw.random() < 0.5 else exact.subset(draw.sample(exact.documents, 3))
        best = shown(exact.search(question, ENCODER, 10, subset=among, candidates=20).hits)
        near = shown(approximate.search(question, ENCODER, 10, subset=among, candidates=20).hits)
        assert {hit for hit in near if hit[0] in {passage for passage, *_ in best}} <= set(best)
        found, wanted = found + len({*best} & {*near}), wanted + len(best)
    assert found >= 0.97 * wanted


@settings(max_examples=10)
@given(questions=st.lists(QUESTION, min_size=8, max_size=16))
def test_questions_at_once_and_together_get_the_answers_of_each_alone(
    library: Library, questions: list[list[str]]
) -> None:
    texts = [" ".join(words) for words in questions]
    alone = [answer_json(library.ask(text)) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: answer_json(library.ask(text)), texts)) == alone
    together = LibraryService(lambda: library).evaluate([{"question": text} for text in texts], k=5)["answers"]
    assert [{**answer, "id": "q1"} for answer in together] == json.loads(json.dumps(alone))
    analyses = library.analyse([(text, parse_filters()) for text in texts])
    assert [answer_json(library.answer(analysis)) for analysis in analyses] == alone


class Interfaces:
    """Every way to ask the same library."""

    def __init__(self, library: Library, address: str) -> None:
        self._library, self._address = library, urlsplit(address).netloc
        self._server = mcp_server(LibraryService(lambda: library))
        config = json.loads(self._send("GET", "/config"))
        ids = {component["id"]: component["props"].get("elem_id") for component in config["components"]}
        (self._link,) = (
            event for event in config["dependencies"] if "yq-address" in [ids.get(place) for place in event["inputs"]]
        )
        self._answer = [ids.get(place) for place in self._link["outputs"]].index("yq-answer")

    def _send(self, method: str, path: str, value: Any = None) -> bytes:
        connection = http.client.HTTPConnection(self._address, timeout=60)
        body = None if value is None else json.dumps(value).encode()
        connection.request(method, path, body, {"content-type": "application/json"})
        reply = connection.getresponse().read()
        connection.close()
        return reply

    def command_line(self, question: str, filters: dict[str, list[str]]) -> Any:
        options = [part for name, values in filters.items() for value in values for part in (f"--{name}", value)]
        command = ["ask", question, "--index", str(self._library.folder), "--format", "json", *options]
        run = CliRunner().invoke(main, command)
        assert run.exit_code == 0, run.output
        return json.loads(run.stdout)

    def endpoint(self, question: str, filters: dict[str, list[str]]) -> Any:
        data = [question, 5, *(filters.get(name) for name in ("series", "edition", "covers", "document"))]
        event = json.loads(self._send("POST", "/gradio_api/call/ask", {"data": data}))["event_id"]
        stream = self._send("GET", f"/gradio_api/call/ask/{event}").decode()
        ((answer,),) = (json.loads(line[6:]) for line in stream.splitlines() if line.startswith("data: ["))
        return answer

    def tool(self, question: str, filters: dict[str, list[str]]) -> Any:
        called = asyncio.run(self._server.call_tool("ask", {"question": question, **filters}))
        return called.structured_content  # type: ignore[union-attr]

    def form(self, question: str, filters: dict[str, list[str]]) -> list[tuple[str, str]]:
        """Return ids and texts of the cards that the form shows."""
        link = question_url(QuestionRequest(question, parse_filters(**filters)))
        request = {"data": [None, link], "fn_index": self._link["id"], "session_hash": "same"}
        self._send("POST", "/gradio_api/queue/join", request)
        stream = self._send("GET", "/gradio_api/queue/data?session_hash=same").decode()
        messages = [json.loads(line[6:]) for line in stream.splitlines() if line.startswith("data: ")]
        answers = [
            message["output"]["data"][self._answer] for message in messages if message["msg"] == "process_generating"
        ]
        html = lxml.html.fromstring(next(a for a in answers if isinstance(a, str) and "yq-card" in a))
        return [
            (card.xpath(".//button[contains(@class, 'yq-keep')]/@value")[0], card.xpath("string(.//blockquote)"))
            for card in html.xpath("//article")
        ]


@pytest.fixture(scope="module")
def interfaces(library: Library) -> Iterator[Interfaces]:
    with pytest.MonkeyPatch.context() as patch, serving(library) as address:
        patch.setattr(index.models.encoder, "load", lambda *_, **__: ENCODER)
        yield Interfaces(library, address)


def assert_same_everywhere(
    library: Library, interfaces: Interfaces, words: list[str], filters: dict[str, list[str]]
) -> None:
    question = " ".join(words)
    answer = library.ask(question, 5, parse_filters(**filters))
    expected = json.loads(json.dumps(answer_json(answer)))
    for ask in (interfaces.command_line, interfaces.endpoint, interfaces.tool):
        assert ask(question, filters) == expected, ask.__name__
    if answer.passages:
        cards = [(cited.hit.id, cited.hit.stored.passage.text) for cited in answer.distinct_passages()]
        assert interfaces.form(question, filters) == cards


@settings(max_examples=FEW)
@given(words=QUESTION, filters=FILTERS)
def test_every_interface_gives_the_answer_of_the_library(
    library: Library, interfaces: Interfaces, words: list[str], filters: dict[str, list[str]]
) -> None:
    assert_same_everywhere(library, interfaces, words, filters)


@pytest.mark.long
@settings(max_examples=MANY)
@given(words=QUESTION, filters=FILTERS)
def test_every_interface_gives_the_answer_of_the_library_to_hundreds_of_questions(
    library: Library, interfaces: Interfaces, words: list[str], filters: dict[str, list[str]]
) -> None:
    assert_same_everywhere(library, interfaces, words, filters)
