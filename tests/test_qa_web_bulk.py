"""What takes long is done by a process of its own as it is here, told step by step, and stopped when nobody waits."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from index.encoder import load
from qa.answer import Library
from qa.errors import AnsweringEnded, CompareError, RequestError
from qa.web import bulk_work
from qa.web.batch_file import prepare
from qa.web.batch_run import ask_all
from qa.web.batch_store import Batches
from qa.web.bulk import BulkApart, BulkHere, given
from qa.web.bulk_work import to_batch, to_check, to_compare, to_program
from qa.web.compare_asked import Wanted
from qa.web.compare_pages import add_compare_pages
from qa.web.opening import Opening
from qa.web.room import Room

TOPIC = "cyberspace"
DRAFT = "The samples say “rules-based order in cyberspace was a theme of the year”."


@pytest.fixture(scope="module")
def opening(sample_index: Path) -> Opening:
    return Opening(Library(sample_index, load))


@pytest.fixture(scope="module")
def apart(opening: Opening) -> Iterator[BulkApart]:
    bulk = BulkApart(opening)
    yield bulk
    bulk.close()


@pytest.mark.parametrize(
    "request_",
    [
        to_compare(Wanted(topic=TOPIC)),
        to_check("", b"", DRAFT),
        to_check("draft.md", DRAFT.encode(), ""),
        to_program("compare", TOPIC, None, None, None, None),
        to_program("check", DRAFT, None, None, None, None),
    ],
    ids=["compared", "checked", "checked file", "compare", "check"],
)
def test_a_process_of_its_own_gives_what_this_one_gives(
    apart: BulkApart, opening: Opening, request_: dict[str, object]
) -> None:
    here = given(BulkHere(opening), request_)
    assert here
    assert given(apart, request_) == here


def test_errors_are_those_of_this_process(apart: BulkApart) -> None:
    with pytest.raises(CompareError):
        given(apart, to_compare(Wanted(edition="2016", other="1999")))
    with pytest.raises(RequestError, match="number of questions is 0"):
        given(apart, to_program("evaluate", [], 10, None, None, None, None, None))
    with pytest.raises(RuntimeError):
        given(apart, to_program("remove", "everything"))


def test_a_batch_is_told_in_steps_and_stops_when_it_is_closed(apart: BulkApart, opening: Opening) -> None:
    batches = Batches(Room())
    batch = batches.add("q.txt", b"What of cyberspace?\n" * 40)
    batch.prepared = prepare(batch.source)
    steps = list(apart.steps(to_batch(batch)))
    assert [one["step"] for one in steps[:-1]] == [[done, 40] for done in range(41)]
    (*_, last) = BulkHere(opening).steps(to_batch(batch))
    found, other = bulk_work.result(steps[-1]["given"]), bulk_work.result(last["given"])
    assert found.rows == other.rows
    assert (batch.out / "answers.csv").is_file()
    assert {one.name for one in batch.out.iterdir()} >= {"answers.jsonl", "run.trec", "report.html"}
    begun = apart.steps(to_batch(batch))
    next(begun)
    begun.close()
    assert apart._waiting == {}
    given(apart, to_check("", b"", DRAFT))  # it goes on with what others ask


def test_a_process_that_ends_is_told_and_the_next_request_finds_another(apart: BulkApart) -> None:
    batches = Batches(Room())
    batch = batches.add("q.txt", b"What of cyberspace?\n" * 500)
    batch.prepared = prepare(batch.source)
    begun = apart.steps(to_batch(batch))
    next(begun)
    process = apart._process
    assert process is not None
    process.kill()
    with pytest.raises(AnsweringEnded, match="ended unexpectedly"):
        list(begun)
    assert given(apart, to_check("", b"", DRAFT))["html"]
    assert apart._process is not process


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="the system knows no priorities")
def test_it_gives_way_to_others(apart: BulkApart) -> None:
    given(apart, to_check("", b"", DRAFT))
    process = apart._process
    assert process is not None
    assert os.getpriority(os.PRIO_PROCESS, process.pid) > os.getpriority(os.PRIO_PROCESS, 0)


class Elsewhere:
    """Answers every request alike, and keeps what was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, object]] = []

    def steps(self, request: dict[str, object]) -> Generator[dict[str, object], None, None]:
        self.asked.append(request)
        yield {"given": {"html": "<p>done elsewhere</p>"}}

    def close(self) -> None:
        pass


def test_the_pages_of_comparisons_and_batches_do_nothing_themselves(opening: Opening) -> None:
    elsewhere, app = Elsewhere(), FastAPI()
    add_compare_pages(app, opening, elsewhere)
    client = TestClient(app)
    for page in (client.get(f"/compare?topic={TOPIC}"), client.post("/check", data={"draft": DRAFT})):
        assert "done elsewhere" in page.text
    batches = Batches(Room())
    batch = batches.add("q.txt", b"What of cyberspace?\n")
    batch.prepared = prepare(batch.source)
    with pytest.raises(KeyError):  # what it is given is no result
        list(ask_all(opening, elsewhere, batch))
    assert [next(iter(one)) for one in elsewhere.asked] == ["compare", "check", "batch"]
