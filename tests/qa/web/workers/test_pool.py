"""Child processes answer questions and perform long tasks as this process would, and recover from crashes."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from corpus.errors import NothingToRead
from corpus.ingest import plan
from corpus.processes import Json
from index.building.build import build
from index.errors import IndexNotWritten
from index.models.encoder import load
from qa.answering.library import Library
from qa.api.concurrency import ConcurrencyLimit, LibraryLoader
from qa.errors import CompareError, EmptyQuestion, FilterError, RequestError, WorkerCrashed
from qa.question.filters import parse_filters
from qa.web.batches import Batch, Batches, prepare
from qa.web.library_changes import LibraryEditor, stage
from qa.web.routes.form_pages import add_check_pages, add_compare_pages
from qa.web.routes.responses import LimitedTasks
from qa.web.security.request_limits import UploadFolder
from qa.web.tabs.batch import ask_all
from qa.web.urls import ComparisonRequest, QuestionRequest
from qa.web.workers import tasks
from qa.web.workers.pool import (
    InlineTaskRunner,
    ProcessAnswerer,
    ProcessTaskRunner,
    ThreadAnswerer,
    run_to_completion,
)
from qa.web.workers.tasks import (
    ask_request,
    batch_request,
    change_request,
    check_request,
    compare_request,
    export_request,
    service_request,
    show_request,
)

PIRACY = "How many merchant ships were protected off Somalia in 2015?"
TOPIC = "cyberspace"
DRAFT = "The samples say “rules-based order in cyberspace was a theme of the year”."


@pytest.fixture(scope="module")
def loader(sample_index: Path) -> LibraryLoader:
    return LibraryLoader(Library(sample_index, load, notices=["these are samples"]))


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as opened:
        yield opened


@pytest.fixture(scope="module")
def answerer(loader: LibraryLoader) -> Iterator[ProcessAnswerer]:
    """Shared by all tests: it restarts after a crash."""
    made = ProcessAnswerer(loader)
    yield made
    made.close()


@pytest.fixture(scope="module")
def runner(loader: LibraryLoader) -> Iterator[ProcessTaskRunner]:
    """Shared by all tests: it restarts after a crash."""
    made = ProcessTaskRunner(loader)
    yield made
    made.close()


@pytest.fixture(scope="module")
def batches() -> Batches:
    """The files of its batches go with it."""
    return Batches(UploadFolder())


def batch_of(batches: Batches, questions: int) -> Batch:
    batch = batches.add("q.txt", b"What of cyberspace?\n" * questions)
    batch.prepared = prepare(batch.source)
    return batch


def test_a_child_answers_as_this_process_does(
    loader: LibraryLoader, loop: asyncio.Runner, answerer: ProcessAnswerer
) -> None:
    asked = QuestionRequest(f"{PIRACY} ", parse_filters(edition=["2014..2020"]), ("covers:2015",))
    requests = [ask_request(question=PIRACY, k=3), show_request(asked), export_request(asked, "bibtex")]

    async def compare() -> None:
        here = [await ThreadAnswerer(loader)(request) for request in requests]
        assert await asyncio.gather(*map(answerer, requests)) == here

    loop.run(compare())


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (ask_request(question="?!"), EmptyQuestion),
        (ask_request(question=PIRACY, k=1000), RequestError),
        (ask_request(question=PIRACY, edition=["soon"]), FilterError),
    ],
)
def test_an_error_in_the_child_is_raised_as_here(
    loader: LibraryLoader, loop: asyncio.Runner, answerer: ProcessAnswerer, request_: Json, error: type[Exception]
) -> None:
    messages = []
    for ask in (answerer, ThreadAnswerer(loader)):
        with pytest.raises(error) as caught:
            loop.run(ask(request_))
        messages.append(str(caught.value))
    assert messages[0] == messages[1]


def test_a_changed_index_is_followed_and_another_one_is_opened(
    sample_index: Path,
    tmp_path: Path,
    loop: asyncio.Runner,
    answerer: ProcessAnswerer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shutil.copytree(sample_index, tmp_path / "index")
    changing = LibraryLoader(Library(tmp_path / "index", load))
    (tmp_path / "tides.txt").write_text("Harbour Yearbook 2022\n\n1 Tides\n\nThe tide rose by 4.2 metres.\n", "utf-8")
    request = ask_request(question="By how many metres did the tide rise?", k=1)
    monkeypatch.setattr(answerer, "_loader", changing)
    assert loop.run(answerer(request))["passages"][0]["document"] != "tides"
    build(tmp_path / "index", plan([tmp_path / "tides.txt"]), changing.library().encoder)
    assert loop.run(answerer(request))["passages"][0]["document"] == "tides"
    monkeypatch.setattr(answerer, "_loader", LibraryLoader(Library(sample_index, load, notices=["another"])))
    answer = loop.run(answerer(request))
    assert answer["passages"][0]["document"] != "tides"
    assert "another" in answer["notices"]


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
def test_a_crash_is_reported_and_the_next_question_is_answered(loop: asyncio.Runner, answerer: ProcessAnswerer) -> None:
    async def crash() -> None:
        await answerer.warm_up()
        pid = answerer._child.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        waiting = asyncio.create_task(answerer(ask_request(question=PIRACY)))
        await asyncio.sleep(0.05)
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(WorkerCrashed):
            await waiting
        assert (await answerer(ask_request(question=PIRACY)))["passages"]
        assert answerer._child.pid != pid

    loop.run(crash())


def test_a_cancelled_question_disturbs_no_other(loop: asyncio.Runner, answerer: ProcessAnswerer) -> None:
    async def leave() -> None:
        cancelled = asyncio.create_task(answerer(ask_request(question=PIRACY)))
        await asyncio.sleep(0.05)
        cancelled.cancel()
        assert (await answerer(ask_request(question="What is a bluebook?", k=1)))["question"] == "What is a bluebook?"

    loop.run(leave())


@pytest.mark.parametrize(
    "request_",
    [
        compare_request(ComparisonRequest(topic=TOPIC)),
        check_request("", b"", DRAFT),
        check_request("draft.md", DRAFT.encode(), ""),
        service_request("compare", topic=TOPIC),
        service_request("check", draft=DRAFT),
    ],
    ids=["compare page", "check page", "check a file", "compare", "check"],
)
def test_a_task_has_the_same_result_in_a_child(
    runner: ProcessTaskRunner, loader: LibraryLoader, request_: Json
) -> None:
    here = run_to_completion(InlineTaskRunner(loader), request_)
    assert here
    assert run_to_completion(runner, request_) == here


def test_errors_of_a_task_keep_their_class(runner: ProcessTaskRunner) -> None:
    with pytest.raises(CompareError):
        run_to_completion(runner, compare_request(ComparisonRequest(edition="2016", other="1999")))
    with pytest.raises(RequestError):
        run_to_completion(runner, service_request("evaluate", questions=[]))
    with pytest.raises(RuntimeError):
        run_to_completion(runner, service_request("remove", document="everything"))


def test_a_batch_reports_each_step_and_stops_when_it_is_closed(
    runner: ProcessTaskRunner, loader: LibraryLoader, batches: Batches
) -> None:
    batch = batch_of(batches, 10)
    *steps, last = runner.steps(batch_request(batch))
    assert [step["step"] for step in steps] == [[done, 10] for done in range(11)]
    *_, here = InlineTaskRunner(loader).steps(batch_request(batch))
    assert tasks.parse_batch_result(last["result"]).rows == tasks.parse_batch_result(here["result"]).rows
    assert {path.name for path in batch.out.iterdir()} >= {"answers.csv", "answers.jsonl", "run.trec", "report.html"}
    begun = runner.steps(batch_request(batch))
    next(begun)
    begun.close()
    run_to_completion(runner, check_request("", b"", DRAFT))


def test_a_crash_ends_a_batch_and_the_next_task_is_performed(runner: ProcessTaskRunner, batches: Batches) -> None:
    begun = runner.steps(batch_request(batch_of(batches, 500)))
    next(begun)
    pid = runner._child.pid
    assert pid is not None
    os.kill(pid, signal.SIGTERM)
    with pytest.raises(WorkerCrashed):
        list(begun)
    assert run_to_completion(runner, check_request("", b"", DRAFT))["html"]
    assert runner._child.pid != pid


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="the system knows no priorities")
def test_tasks_have_a_lower_priority_than_questions(runner: ProcessTaskRunner) -> None:
    run_to_completion(runner, check_request("", b"", DRAFT))
    assert runner._child.pid is not None
    assert os.getpriority(os.PRIO_PROCESS, runner._child.pid) > os.getpriority(os.PRIO_PROCESS, 0)


class RecordingRunner:
    """Returns the same result for every request, and records the requests."""

    def __init__(self) -> None:
        self.requests: list[Json] = []

    def steps(self, request: Json) -> Generator[Json, None, None]:
        self.requests.append(request)
        yield {"result": {"html": "<p>done elsewhere</p>"}}

    def close(self) -> None:
        pass


def test_the_pages_of_comparisons_and_batches_leave_the_work_to_the_runner(
    loader: LibraryLoader, batches: Batches
) -> None:
    runner, app = RecordingRunner(), FastAPI()
    tasks = LimitedTasks(runner, ConcurrencyLimit(2, 2))
    add_compare_pages(app, loader, tasks)
    add_check_pages(app, tasks)
    client = TestClient(app)
    for page in (client.get(f"/compare?topic={TOPIC}"), client.post("/check", data={"draft": DRAFT})):
        assert "done elsewhere" in page.text
    with pytest.raises(KeyError):  # this result is not a batch's
        list(ask_all(loader, runner, batch_of(batches, 1)))
    assert [next(iter(request)) for request in runner.requests] == ["compare", "check", "batch"]


def write_document(folder: Path, name: str, sentences: int) -> Path:
    lines = (f"In 2021 ship number {number} sailed to harbour {number % 7}." for number in range(sentences))
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("Harbour Yearbook 2022\n\n1 Ships\n\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return folder / name


def test_a_change_reports_its_progress_and_what_it_did(
    runner: ProcessTaskRunner, sample_index: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    shutil.copytree(sample_index, index)
    write_document(tmp_path / "files", "ships.txt", 3)
    (tmp_path / "files" / "empty.txt").write_text("", encoding="utf-8")
    *steps, last = runner.steps(change_request(index, tmp_path / "files"))
    progress = [tasks.parse_change_progress(step) for step in steps]
    assert [advance.share for advance in progress] == sorted(advance.share for advance in progress)
    assert progress[-1].embedded > 0
    report = tasks.parse_change_report(last["result"])
    assert (report.added, report.embedded) == (["ships"], progress[-1].embedded)
    assert [file.path.name for file in report.unread] == ["empty.txt"]
    removal = run_to_completion(runner, change_request(index, None, ["ships"]))
    assert tasks.parse_change_report(removal).removed == ["ships"]
    with pytest.raises(NothingToRead):
        run_to_completion(runner, change_request(index, tmp_path / "nowhere"))
    with pytest.raises(IndexNotWritten):
        run_to_completion(runner, change_request(index / "manifest.json" / "index", None, ["ships"]))


def test_a_closed_runner_starts_nothing(loader: LibraryLoader) -> None:
    runner = ProcessTaskRunner(loader)
    runner.close()
    with pytest.raises(WorkerCrashed):
        run_to_completion(runner, service_request("compare", topic="harbour"))


class InterruptedRunner(ProcessTaskRunner):
    """Its process is ended at the first step, as by a server that stops."""

    def steps(self, request: Json) -> Generator[Json, None, None]:
        for step in super().steps(request):
            self.close()
            yield step


@pytest.mark.long
def test_an_interrupted_change_leaves_nothing_and_the_next_one_succeeds(sample_index: Path, tmp_path: Path) -> None:
    shutil.copytree(sample_index, tmp_path / "index")
    library = Library(tmp_path / "index", load)
    loader = LibraryLoader(library)
    runner = ProcessTaskRunner(loader)
    interrupted = LibraryEditor(loader, UploadFolder(), None, InterruptedRunner(loader))
    editor = LibraryEditor(loader, UploadFolder(), None, runner)
    manifest = (tmp_path / "index" / "manifest.json").read_bytes()
    long = write_document(tmp_path / "sent", "long.txt", 3000)
    short = write_document(tmp_path / "sent", "short.txt", 3)
    steps = interrupted.add([stage(interrupted.receive(long))])
    with pytest.raises(WorkerCrashed):
        list(steps)
    assert (tmp_path / "index" / "manifest.json").read_bytes() == manifest
    assert list(editor.files.iterdir()) == []
    try:
        *_, last = editor.add([stage(editor.receive(short))])
    finally:
        runner.close()
    assert last.report is not None
    assert last.report.added == ["short"]
    documents = {document.id for document in library.index.documents}
    assert {"short", "digest-bluebook-2016"} <= documents
    assert "long" not in documents
    generations = list((tmp_path / "index" / "generations").iterdir())
    assert len(generations) <= 2  # a reader may still hold the previous one
