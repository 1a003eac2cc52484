"""What takes long is done by a process of its own as it is here, told step by step, and stopped when nobody waits."""

from __future__ import annotations

import io
import json
import os
import shutil
import threading
import time
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from corpus import processes
from corpus.errors import NothingToRead
from index.errors import IndexNotWritten
from index.models.encoder import load
from qa.answering.library import Library
from qa.api.library_loader import LibraryLoader
from qa.errors import CompareError, RequestError, WorkerCrashed
from qa.web.batches.questions_file import prepare
from qa.web.batches.store import Batches
from qa.web.library.changes import Changes
from qa.web.library.uploaded_files import stage
from qa.web.routes.compare import add_compare_pages
from qa.web.routes.comparison_request import Wanted
from qa.web.security.upload_folder import UploadFolder
from qa.web.tabs.batch_handler import ask_all
from qa.web.workers import bulk_process as bulk_module
from qa.web.workers import bulk_tasks, change_tasks
from qa.web.workers.bulk_process import InlineTaskRunner, ProcessTaskRunner, run_to_completion
from qa.web.workers.bulk_tasks import batch_request, check_request, compare_request, service_request
from qa.web.workers.change_tasks import change_request

TOPIC = "cyberspace"
DRAFT = "The samples say “rules-based order in cyberspace was a theme of the year”."


@pytest.fixture(scope="module")
def opening(sample_index: Path) -> LibraryLoader:
    return LibraryLoader(Library(sample_index, load))


@pytest.fixture(scope="module")
def apart(opening: LibraryLoader) -> Iterator[ProcessTaskRunner]:
    bulk = ProcessTaskRunner(opening)
    yield bulk
    bulk.close()


@pytest.mark.parametrize(
    "request_",
    [
        compare_request(Wanted(topic=TOPIC)),
        check_request("", b"", DRAFT),
        check_request("draft.md", DRAFT.encode(), ""),
        service_request("compare", TOPIC, None, None, None, None),
        service_request("check", DRAFT, None, None, None, None),
    ],
    ids=["compared", "checked", "checked file", "compare", "check"],
)
def test_a_process_of_its_own_gives_what_this_one_gives(
    apart: ProcessTaskRunner, opening: LibraryLoader, request_: dict[str, object]
) -> None:
    here = run_to_completion(InlineTaskRunner(opening), request_)
    assert here
    assert run_to_completion(apart, request_) == here


def test_errors_are_those_of_this_process(apart: ProcessTaskRunner) -> None:
    with pytest.raises(CompareError):
        run_to_completion(apart, compare_request(Wanted(edition="2016", other="1999")))
    with pytest.raises(RequestError, match="number of questions is 0"):
        run_to_completion(apart, service_request("evaluate", [], 10, None, None, None, None, None))
    with pytest.raises(RuntimeError):
        run_to_completion(apart, service_request("remove", "everything"))


def test_a_batch_is_told_in_steps_and_stops_when_it_is_closed(apart: ProcessTaskRunner, opening: LibraryLoader) -> None:
    batches = Batches(UploadFolder())
    batch = batches.add("q.txt", b"What of cyberspace?\n" * 40)
    batch.prepared = prepare(batch.source)
    steps = list(apart.steps(batch_request(batch)))
    assert [one["step"] for one in steps[:-1]] == [[done, 40] for done in range(41)]
    (*_, last) = InlineTaskRunner(opening).steps(batch_request(batch))
    found, other = bulk_tasks.result(steps[-1]["given"]), bulk_tasks.result(last["given"])
    assert found.rows == other.rows
    assert (batch.out / "answers.csv").is_file()
    assert {one.name for one in batch.out.iterdir()} >= {"answers.jsonl", "run.trec", "report.html"}
    begun = apart.steps(batch_request(batch))
    next(begun)
    begun.close()
    assert apart._waiting == {}
    run_to_completion(apart, check_request("", b"", DRAFT))  # it goes on with what others ask


def test_a_process_that_ends_is_told_and_the_next_request_finds_another(apart: ProcessTaskRunner) -> None:
    batches = Batches(UploadFolder())
    batch = batches.add("q.txt", b"What of cyberspace?\n" * 500)
    batch.prepared = prepare(batch.source)
    begun = apart.steps(batch_request(batch))
    next(begun)
    process = apart._process
    assert process is not None
    process.kill()
    with pytest.raises(WorkerCrashed, match="ended unexpectedly"):
        list(begun)
    assert run_to_completion(apart, check_request("", b"", DRAFT))["html"]
    assert apart._process is not process


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="the system knows no priorities")
def test_it_gives_way_to_others(apart: ProcessTaskRunner) -> None:
    run_to_completion(apart, check_request("", b"", DRAFT))
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


def test_the_pages_of_comparisons_and_batches_do_nothing_themselves(opening: LibraryLoader) -> None:
    elsewhere, app = Elsewhere(), FastAPI()
    add_compare_pages(app, opening, elsewhere)
    client = TestClient(app)
    for page in (client.get(f"/compare?topic={TOPIC}"), client.post("/check", data={"draft": DRAFT})):
        assert "done elsewhere" in page.text
    batches = Batches(UploadFolder())
    batch = batches.add("q.txt", b"What of cyberspace?\n")
    batch.prepared = prepare(batch.source)
    with pytest.raises(KeyError):  # what it is given is no result
        list(ask_all(opening, elsewhere, batch))
    assert [next(iter(one)) for one in elsewhere.asked] == ["compare", "check", "batch"]


def written(folder: Path, name: str, sentences: int) -> Path:
    lines = (f"In 2021 ship number {number} sailed to harbour {number % 7}." for number in range(sentences))
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("Harbour Yearbook 2022\n\n1 Ships\n\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return folder / name


def test_a_change_is_done_there_and_told_in_steps(apart: ProcessTaskRunner, sample_index: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    shutil.copytree(sample_index, index)
    written(tmp_path / "files", "ships.txt", 3)
    (tmp_path / "files" / "empty.txt").write_text("", encoding="utf-8")
    *steps, last = apart.steps(change_request(index, tmp_path / "files"))
    advances = [change_tasks.advance(one) for one in steps]
    assert [one.share for one in advances] == sorted(one.share for one in advances)
    assert advances[-1].embedded > 0
    report = change_tasks.report(last["given"])
    assert (report.added, report.embedded) == (["ships"], advances[-1].embedded)
    assert [one.path.name for one in report.unread] == ["empty.txt"]
    assert change_tasks.report(run_to_completion(apart, change_request(index, None, ["ships"]))).removed == ["ships"]
    with pytest.raises(NothingToRead):
        run_to_completion(apart, change_request(index, tmp_path / "nowhere"))
    with pytest.raises(IndexNotWritten):
        run_to_completion(apart, change_request(index / "manifest.json" / "index", None, ["ships"]))


def test_once_closed_it_begins_nothing_more(opening: LibraryLoader) -> None:
    bulk = ProcessTaskRunner(opening)
    bulk.close()
    with pytest.raises(WorkerCrashed):
        run_to_completion(bulk, service_request("compare", "harbour"))


class Stub:
    """In the place of the other process: takes what it is sent, and ends when told; its reader sees that late."""

    def __init__(self) -> None:
        self.stdin = io.BytesIO()
        reading, writing = os.pipe()
        self.stdout, self.replies = os.fdopen(reading, "rb"), os.fdopen(writing, "wb", buffering=0)
        self.ended: int | None = None
        self.seen = threading.Event()

    def poll(self) -> int | None:
        return self.ended

    def wait(self) -> None:
        self.seen.wait()

    def sent(self) -> None:
        """Wait until it has been sent something."""
        while not self.stdin.getvalue():
            time.sleep(0.005)


class ByStubs(ProcessTaskRunner):
    """Works by stubs, one after the other."""

    def __init__(self, opening: LibraryLoader, *stubs: Stub) -> None:
        super().__init__(opening)
        self._stubs = iter(stubs)

    def _started(self) -> Any:
        stub = next(self._stubs)
        threading.Thread(target=self._read, args=(stub,), daemon=True).start()
        return stub


def test_who_waits_for_a_process_that_ended_is_told_though_another_has_been_begun_meanwhile(
    opening: LibraryLoader,
) -> None:
    first, second = Stub(), Stub()
    bulk = ByStubs(opening, first, second)
    request = service_request("compare", "harbour")
    with ThreadPoolExecutor(2) as threads:
        one = threads.submit(run_to_completion, bulk, request)
        first.sent()
        first.ended = 1
        first.replies.close()
        other = threads.submit(run_to_completion, bulk, request)
        second.sent()
        first.seen.set()
        with pytest.raises(WorkerCrashed):
            one.result(timeout=60)
        second.replies.write(processes.packed(json.dumps({"number": 1, "given": {"here": True}}).encode()))
        assert other.result(timeout=60) == {"here": True}
        second.replies.close()
        second.seen.set()


class Panic(BaseException):
    """As tantivy's, which is no Exception."""


def test_a_panic_over_there_is_answered(
    sample_index: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def panic(*_: object) -> None:
        raise Panic("at the disk's end")

    monkeypatch.setattr(bulk_module, "work", panic)
    replies = io.BytesIO()
    bulk_module._Working(replies).begin({"number": 7, "index": str(sample_index), "notices": [], "request": {}})
    while not replies.getvalue():
        time.sleep(0.005)
    said = json.loads(replies.getvalue()[processes.LENGTH :])
    assert said == {"number": 7, "fault": "Panic", "says": "at the disk's end"}
    assert "Panic" in capsys.readouterr().err


class BrokenOff(ProcessTaskRunner):
    """A process that is ended, as by a server that stops, at its first word."""

    def steps(self, request: dict[str, object]) -> Generator[dict[str, object], None, None]:
        for step in super().steps(request):
            self.close()
            yield step


@pytest.mark.long
def test_of_a_change_that_is_broken_off_nothing_is_left_and_the_next_one_goes_through(
    sample_index: Path, tmp_path: Path
) -> None:
    shutil.copytree(sample_index, tmp_path / "index")
    library = Library(tmp_path / "index", load)
    bulk = ProcessTaskRunner(LibraryLoader(library))
    broken = Changes(LibraryLoader(library), UploadFolder(), None, BrokenOff(LibraryLoader(library)))
    changes = Changes(LibraryLoader(library), UploadFolder(), None, bulk)
    manifest = (tmp_path / "index" / "manifest.json").read_bytes()
    long, short = (written(tmp_path / "sent", name, count) for name, count in (("long.txt", 3000), ("short.txt", 3)))
    steps = broken.add([stage(broken.receive(long))])
    with pytest.raises(WorkerCrashed, match="what changes the library has ended unexpectedly: try again"):
        list(steps)
    assert (tmp_path / "index" / "manifest.json").read_bytes() == manifest
    assert list(changes.files.iterdir()) == []
    try:
        *_, last = changes.add([stage(changes.receive(short))])
    finally:
        bulk.close()
    assert last.report is not None
    assert last.report.added == ["short"]
    assert {"short", "digest-bluebook-2016"} <= {one.id for one in library.index.documents}
    assert "long" not in {one.id for one in library.index.documents}
    generations = [one.name for one in (tmp_path / "index" / "generations").iterdir()]
    assert len(generations) <= 2  # that of the broken build went; the one before may still be read
