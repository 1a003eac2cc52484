"""Questions answered by a process of their own: what it gives, what it follows, and how it ends."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import load
from qa.answering.library import Library
from qa.api.library_loader import LibraryLoader
from qa.errors import EmptyQuestion, FilterError, RequestError, WorkerCrashed
from qa.output.json_objects import Json
from qa.question.filters import parse_filters
from qa.web.urls import Asked
from qa.web.workers.answer_process import ProcessAnswerer
from qa.web.workers.answer_tasks import ThreadAnswerer, ask_request, export_request, show_request

PIRACY = "How many merchant ships were protected off Somalia in 2015?"


@pytest.fixture(scope="module")
def opening(sample_index: Path) -> LibraryLoader:
    return LibraryLoader(Library(sample_index, load, notices=["these are samples"]))


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as opened:
        yield opened


@pytest.fixture(scope="module")
def apart(opening: LibraryLoader, runner: asyncio.Runner) -> Iterator[ProcessAnswerer]:
    """One that all tests share, as it is started anew where it has ended."""
    made = ProcessAnswerer(opening)
    yield made
    runner.run(made.close())


def test_it_gives_what_this_process_would(
    opening: LibraryLoader, runner: asyncio.Runner, apart: ProcessAnswerer
) -> None:
    asked = Asked(f"{PIRACY} ", parse_filters(edition=["2014..2020"]), ("covers:2015",))
    requests = [ask_request(question=PIRACY, k=3), show_request(asked), export_request(asked, "bibtex")]

    async def compared() -> None:
        assert await asyncio.gather(*map(apart, requests)) == [await ThreadAnswerer(opening)(one) for one in requests]

    runner.run(compared())


def test_what_is_wrong_with_a_question_is_told_as_here(
    opening: LibraryLoader, runner: asyncio.Runner, apart: ProcessAnswerer
) -> None:
    wrong: list[tuple[Json, type[Exception]]] = [
        (ask_request(question="?!"), EmptyQuestion),
        (ask_request(question=PIRACY, k=1000), RequestError),
        (ask_request(question=PIRACY, edition=["soon"]), FilterError),
    ]

    async def told() -> None:
        for request, kind in wrong:
            with pytest.raises(kind) as there:
                await apart(request)
            with pytest.raises(kind) as here:
                await ThreadAnswerer(opening)(request)
            assert str(there.value) == str(here.value)
        assert (await apart(ask_request(question=PIRACY)))["passages"]

    runner.run(told())


def test_a_changed_index_is_seen_and_so_is_another(
    sample_index: Path, tmp_path: Path, runner: asyncio.Runner, apart: ProcessAnswerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(sample_index, tmp_path / "index")
    changing = LibraryLoader(Library(tmp_path / "index", load))
    (tmp_path / "tides.txt").write_text("Harbour Yearbook 2022\n\n1 Tides\n\nThe tide rose by 4.2 metres.\n", "utf-8")
    asked = ask_request(question="By how many metres did the tide rise?", k=1)

    async def followed() -> None:
        monkeypatch.setattr(apart, "_opening", changing)
        assert (await apart(asked))["passages"][0]["document"] != "tides"
        await asyncio.to_thread(build, tmp_path / "index", plan([tmp_path / "tides.txt"]), changing.library().encoder)
        assert (await apart(asked))["passages"][0]["document"] == "tides"
        monkeypatch.setattr(apart, "_opening", LibraryLoader(Library(sample_index, load, notices=["another"])))
        found = await apart(asked)
        assert found["passages"][0]["document"] != "tides"
        assert "another" in found["notices"]

    runner.run(followed())


def test_who_waits_for_a_process_that_is_killed_is_told_and_the_next_one_is_answered(
    runner: asyncio.Runner, apart: ProcessAnswerer
) -> None:
    async def killed() -> None:
        await apart.begin()
        process = apart._process
        assert process is not None
        process.send_signal(signal.SIGSTOP)
        waiting = asyncio.create_task(apart(ask_request(question=PIRACY)))
        await asyncio.sleep(0.05)
        process.kill()
        with pytest.raises(WorkerCrashed, match="ask again"):
            await waiting
        await process.wait()
        assert (await apart(ask_request(question=PIRACY)))["passages"]
        assert apart._process is not process

    runner.run(killed())


def test_it_ends_when_its_pipe_is_closed_whatever_became_of_who_held_it(
    runner: asyncio.Runner, apart: ProcessAnswerer
) -> None:
    async def closed() -> None:
        await apart.begin()
        process, requests = apart._process, apart._requests
        assert process is not None
        assert requests is not None
        os.kill(process.pid, signal.SIGINT)  # Ctrl-C reaches it, too, and is not for it
        assert (await apart(ask_request(question=PIRACY)))["passages"]
        requests.close()
        assert await asyncio.wait_for(process.wait(), 20) == 0

    runner.run(closed())


def test_a_question_that_nobody_waits_for_any_more_disturbs_no_other(
    runner: asyncio.Runner, apart: ProcessAnswerer
) -> None:
    async def left() -> None:
        gone = asyncio.create_task(apart(ask_request(question=PIRACY)))
        await asyncio.sleep(0.05)
        gone.cancel()
        assert (await apart(ask_request(question="What is a bluebook?", k=1)))["question"] == "What is a bluebook?"
        assert apart._waiting == {}

    runner.run(left())
