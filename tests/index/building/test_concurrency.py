"""Concurrent readers and writers: every answer comes from one state; a second writer is refused and told who writes."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

import index.models.encoder
from corpus.ingest import plan
from index import layout, manifest
from index.building.build import build
from index.building.build_lock import locked
from index.errors import IndexBusy
from index.repair.doctor import examine
from qa.answering.library import Library
from qa.cli.cli import main
from qa.output.json_objects import answer_json
from tests.factories.damaged_index import answers, write_report
from tests.factories.encoders import HashEncoder
from tests.paths import ROOT

READERS = 8
QUESTIONS = ("What did fund 3 pay in district 3?", "What were the costs of harbour 11 in 2015?", "Which fund paid?")
SWITCHES = 200
"""Builds of the long version."""

READER = """
    import json, sys
    from pathlib import Path
    from qa.answering.library import Library
    from tests.factories.encoders import HashEncoder
    from tests.index.building.test_concurrency import asked

    stop, states = Path(sys.argv[2]), json.loads(Path(sys.argv[3]).read_text("utf-8"))
    library, count = Library(Path(sys.argv[1]), HashEncoder()), 0
    print("ready", flush=True)
    while not stop.exists():
        count += 1
        found = json.loads(json.dumps(asked(library, count)))
        assert found in states, found
    print(count)
"""


def to_state(corpus: Path, state: int) -> None:
    """Bring the corpus into one of two states: one document changed, two others present or absent."""
    for year in (2012, 2016):
        write_report(corpus, year)
    changing = corpus / "report-2016.txt"
    if state:
        changing.write_text(changing.read_text("utf-8").replace("crowns in district", "crowns in kind in district"))
    write_report(corpus, 2018 if state else 2020)
    (corpus / f"report-{2020 if state else 2018}.txt").unlink(missing_ok=True)


def asked(library: Library, turn: int) -> object:
    """Return the answer to one of the questions as JSON."""
    return answer_json(library.ask(QUESTIONS[turn % len(QUESTIONS)], k=8))


def states_of(corpus: Path, index: Path) -> list[object]:
    """Return the answers to all questions in both states; leave the index in the first."""
    result = []
    for state in (1, 0):
        to_state(corpus, state)
        build(index, plan([corpus]), HashEncoder(), prune=True)
        library = Library(index, HashEncoder())
        result += [asked(library, turn) for turn in range(len(QUESTIONS))]
    assert len({repr(item) for item in result}) == 2 * len(QUESTIONS)  # no two states answer alike
    return result


def test_readers_see_one_state_or_the_other_while_builds_switch(tmp_path: Path) -> None:
    corpus, folder = tmp_path / "corpus", tmp_path / "index"
    states = states_of(corpus, folder)
    shared = Library(folder, HashEncoder())
    stop, wrong, counts = threading.Event(), list[object](), [0] * READERS

    def read(number: int) -> None:
        library = shared if number % 2 else Library(folder, HashEncoder())
        while not stop.is_set():
            counts[number] += 1
            try:
                result = asked(library, counts[number])
            except Exception as error:  # noqa: BLE001 - shown below
                wrong.append(error)
                return
            if result not in states:
                wrong.append(result)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(READERS)]
    for thread in threads:
        thread.start()
    for state in (1, 0, 1, 0):
        to_state(corpus, state)
        build(folder, plan([corpus]), HashEncoder(), prune=True)
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert min(counts) > 0


@pytest.mark.long
def test_eight_readers_see_one_state_or_the_other_during_hundreds_of_builds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus, folder, stop, said = (tmp_path / name for name in ("corpus", "index", "stop", "states.json"))
    said.write_text(json.dumps(states_of(corpus, folder)), "utf-8")
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(READER), str(folder), str(stop), str(said)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        for _ in range(READERS)
    ]
    for item in readers:
        assert item.stdout is not None
        assert item.stdout.readline() == "ready\n"
    for turn in range(SWITCHES):
        to_state(corpus, 1 - turn % 2)
        build(folder, plan([corpus]), HashEncoder(), prune=True)
    stop.touch()
    counts = [int(reader.communicate()[0] or 0) for reader in readers]
    assert [reader.returncode for reader in readers] == [0] * READERS
    with capsys.disabled():
        sys.stdout.write(
            f"\n{sum(counts)} questions of {READERS} readers during {SWITCHES} builds: each of one state\n"
        )
    assert min(counts) > 0


def test_two_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    refused = [0, 0]

    def write(writer: int) -> None:
        corpus = tmp_path / f"corpus-{writer}"
        for number in range(4):
            write_report(corpus, 2000 + 10 * writer + number)
            while True:
                try:
                    build(folder, plan([corpus]), HashEncoder())
                    break
                except IndexBusy:
                    refused[writer] += 1
                    time.sleep(0.01)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    build(tmp_path / "fresh", plan([tmp_path / "corpus-0", tmp_path / "corpus-1"]), HashEncoder())
    assert answers(folder) == answers(tmp_path / "fresh")
    assert examine(folder).sound
    assert layout.list_generations(folder) == [manifest.read(folder).generation]
    assert sum(refused) > 0


@pytest.fixture
def indexing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], tuple[int, str]]:
    """Index a document with the command line; return the exit code and stderr."""
    monkeypatch.setattr(index.models.encoder, "load", lambda *_, **__: HashEncoder())
    write_report(tmp_path / "corpus", 2012)

    def run() -> tuple[int, str]:
        done = CliRunner().invoke(main, ["index", str(tmp_path / "corpus"), "--index", str(tmp_path / "index")])
        return done.exit_code, done.stderr

    return run


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL, and a locked file cannot be read")
def test_a_refused_build_names_the_writer_and_a_dead_writer_holds_no_lock(
    tmp_path: Path, indexing: Callable[[], tuple[int, str]]
) -> None:
    script = (
        "import sys; from pathlib import Path; from index.building.build_lock import locked\n"
        "with locked(Path(sys.argv[1])): print('locked', flush=True); sys.stdin.read()"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", script, str(tmp_path / "index")]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "locked\n"
        code, message = indexing()
        assert code == 1
        assert re.fullmatch(
            r"yearbook-qa: \S+: another build is running on this index "
            r"\(process (\d+) on \S+ since [-0-9]{10} [:0-9]{8}\): wait for it to end, then try again\n",
            message,
        )
        assert f"process {writer.pid} " in message
        writer.send_signal(signal.SIGKILL)
    assert indexing()[0] == 0


def test_a_failed_writer_releases_the_lock(tmp_path: Path, indexing: Callable[[], tuple[int, str]]) -> None:
    with pytest.raises(KeyError), locked(tmp_path / "index"):
        raise KeyError
    assert indexing()[0] == 0
