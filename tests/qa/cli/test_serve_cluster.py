"""`serve --engine ray` as a user starts it: it answers, sees new documents, outlives its searchers, ends whole."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from qa.answering.library import Library
from qa.api.service import LibraryService
from tests.browser.conftest import browser, drop, visit
from tests.paths import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytest.importorskip("ray", reason='no Ray here: pip install "yearbook-qa[ray]"')
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for what is left running in /proc"),
]

QUESTION = "How many merchant ships did the destroyers escort in 2015?"
ZEPPELINS = "Airship Report 2021\n\n1. Landings\n\nIn 2020 zeppelins landed on the meadow of Oerlinghausen twice.\n"
TIDES = "Harbour Yearbook 2022\n\n1. Tides\n\nIn 2021 the tide at Zandhafen rose to 4.2 metres at the harbour.\n"

__all__ = ["browser", "visit"]  # fixtures of the browser's tests


@dataclass(frozen=True, slots=True)
class Served:
    """A running form, its temporary folder, and its output."""

    process: subprocess.Popen[str]
    address: str
    temporary: Path

    def ask(self, question: str) -> Any:
        """Return the answer of the form's API."""
        call = f"{self.address}/gradio_api/call/ask"
        body = json.dumps({"data": [question, 5, None, None, None, None]}).encode()
        request = urllib.request.Request(call, body, {"content-type": "application/json"})  # noqa: S310 - our server
        with urllib.request.urlopen(request, timeout=60) as reply:  # noqa: S310
            event = json.load(reply)["event_id"]
        with urllib.request.urlopen(f"{call}/{event}", timeout=60) as reply:  # noqa: S310
            lines = reply.read().decode("utf-8").splitlines()
        assert "event: complete" in lines, lines
        return json.loads(next(line for line in reversed(lines) if line.startswith("data: "))[len("data: ") :])[0]

    def running(self) -> dict[int, str]:
        """Ray's processes, by their number: each has its log open there. (Some have left the group they began in.)"""
        result = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                opened = [str(path.readlink()) for path in (folder / "fd").iterdir()]
                title = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            except OSError:
                continue  # it has just ended
            if any(text.startswith(f"{self.temporary}/") for text in opened):
                result[int(folder.name)] = title
        return result

    def left(self) -> tuple[dict[int, str], list[Path]]:
        """Return Ray's processes and files."""
        return self.running(), [*self.temporary.glob("yq-ray-*")]

    def stop(self, number: int, *, all_at_once: bool) -> tuple[int, str]:
        """Send a signal, to all processes as a terminal does or to the first; gives exit code and standard error."""
        (os.killpg if all_at_once else os.kill)(self.process.pid, number)
        _, errors = self.process.communicate(timeout=60)
        return self.process.returncode, errors


@contextmanager
def serving(index: Path, *options: str) -> Iterator[Served]:
    """Start the command and wait until it listens; its temporary folder has a short path, for Ray's sockets."""
    temporary = Path(tempfile.mkdtemp(prefix="yq-"))
    words = ("serve", "--engine", "ray", "--shards", "2", "--replicas", "2", "--index", str(index), *options)
    with socket.create_server(("127.0.0.1", 0)) as free:
        words += ("--port", str(free.getsockname()[1]))
    process = subprocess.Popen(
        [sys.executable, "-m", "qa.cli", *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
        env=os.environ | {"TMPDIR": str(temporary)},
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert said.startswith("Yearbook QA is at "), process.communicate(timeout=60)
        yield Served(process, said.split()[4], temporary)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        shutil.rmtree(temporary, ignore_errors=True)


@pytest.fixture
def index(sample_index: Path, tmp_path: Path) -> Path:
    return shutil.copytree(sample_index, tmp_path / "index")


def test_answers_equal_one_process_while_documents_change_and_workers_die(index: Path, tmp_path: Path) -> None:
    (tmp_path / "airships.txt").write_text(ZEPPELINS, encoding="utf-8")
    with serving(index) as served, ThreadPoolExecutor(2) as threads:
        expected = LibraryService(lambda: Library(index, _load())).ask(QUESTION)
        assert [*threads.map(served.ask, [QUESTION] * 4)] == [expected] * 4
        asked = [threads.submit(served.ask, QUESTION) for _ in range(60)]
        adding = subprocess.run(
            [sys.executable, "-m", "qa.cli", "index", str(tmp_path / "airships.txt"), "--index", str(index)],
            cwd=ROOT,
            check=True,
            capture_output=True,
            encoding="utf-8",
        )
        assert adding.stdout.startswith("1 added")
        assert served.ask("Where did zeppelins land?")["passages"][0]["document"] == "airships"
        searchers = [number for number, title in served.running().items() if "ray::ShardServer" in title]
        assert len(searchers) == 4
        asked += [threads.submit(served.ask, QUESTION) for _ in range(60)]
        os.kill(searchers[0], signal.SIGKILL)
        result = [question.result() for question in asked]
        assert {tuple(item["notices"]) for item in result} == {()}
        assert {item["passages"][0]["id"] for item in result} == {expected["passages"][0]["id"]}
        assert served.stop(signal.SIGTERM, all_at_once=False) == (0, "starting, a few seconds ...\n")
        assert served.left() == ({}, [])


def test_it_takes_uploads_and_ends_by_ctrl_c_while_it_is_asked(index: Path, visit: Callable[..., Page]) -> None:
    with serving(index, "--allow-changes") as served, ThreadPoolExecutor(2) as threads:
        page = visit(f"{served.address}/#library")
        page.click("#yq-add > button")
        drop(page, ".yq-drop:has(#yq-add-upload)", {"tides.txt": TIDES})
        page.wait_for_selector("#yq-add-start:visible")
        page.click("#yq-add-start")
        page.wait_for_selector("#yq-add-report .yq-done:has-text('Added tides')")
        page.click("#yq-tab-ask-button")
        page.fill("#yq-question textarea", "How high did the tide rise at Zandhafen?")
        page.press("#yq-question textarea", "Enter")
        page.wait_for_selector(".yq-card:has-text('4.2 metres')")
        assert served.ask("How high did the tide rise at Zandhafen?")["passages"][0]["document"] == "tides"
        page.context.close()
        asked = [threads.submit(served.ask, QUESTION) for _ in range(200)]
        assert asked[0].result()["passages"]
        assert served.stop(signal.SIGINT, all_at_once=True) == (0, "starting, a few seconds ...\n")
        assert [question for question in asked if question.exception() is None]
        assert served.left() == ({}, [])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_can_be_stopped_while_the_shards_are_being_opened(index: Path, number: int) -> None:
    with serving(index) as served:  # it listens before they are
        assert served.left() != ({}, [])
        assert served.stop(number, all_at_once=True)[0] == 0
        assert served.left() == ({}, [])


def _load() -> Any:
    from index.models.encoder import load

    return load()
