"""Runs a server under questions, uploads and removals, and checks that nothing grows and no answer changes.

    python -m tests.benchmarks.serving.endurance [--minutes 30] [--users 8] [--turns-per-minute N] [--small]
    python -m tests.benchmarks.serving.endurance --actions 2000 [--small]

Serves an index of the sample documents that may be changed, in a process of its own. In each turn users ask questions
over the form's HTTP API, a document is uploaded and added, they ask again, and it is removed; then one user keeps
passages, exports, judges, watches, compares and checks. After each turn the index is as before, so that a fixed set of
questions must be answered word for word as at the start. Memory, threads, open files, temporary files and files of the
index at the end are compared with those after a tenth of the time; memory growth over the last half is estimated by
linear regression; the median time of a question over the last quarter is compared with that over the second.

`--turns-per-minute` fixes the rate of turns; without it each turn follows the last one. `--actions` performs only what
one user does with answers; memory is printed at the start and after each quarter.

`--small` uses a small encoder instead of the default model, as the test suite does.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

from rich.console import Console
from rich.table import Table

from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import Encoder, load
from index.ranking.search import Index
from qa.answering.library import Library
from qa.cli.index_location import SAMPLES
from qa.collections.exports import EXPORTS
from qa.web.security.request_limits import UploadFolder
from tests.benchmarks.serving.endurance_limits import (
    MORE_FILES,
    MORE_MEMORY,
    MORE_OTHERS,
    MORE_STILL,
    MORE_THREADS,
    SLOWER,
    EnduranceResult,
    Resources,
)
from tests.benchmarks.serving.load import Connection, ask, processes, questions, resident
from tests.factories.encoders import HashEncoder

FIXED = 5
"""Questions whose answers must not change."""

DESK_ACTIONS = 10
"""Kinds of actions of `use_desk`."""

ASKED = 20
"""Other questions asked between two changes."""


class ServerProcess:
    """A server in a separate process, whose index can be changed."""

    def __init__(self, folder: Path, *, small: bool) -> None:
        self.folder, self.temporary = folder, folder / "temporary"
        self.temporary.mkdir()
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.benchmarks.serving.endurance",
                "--serve",
                str(folder),
                *(["--small"] if small else []),
            ],
            env={**os.environ, "TMPDIR": str(self.temporary), "GRADIO_ANALYTICS_ENABLED": "False"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        self.address = self._line()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.communicate()

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the server ended with {self._process.wait()}")
        return line.strip()

    def upload(self, name: str, text: str) -> str:
        """Upload a file over HTTP; return its path on the server."""
        mark = "yearbook-qa-endurance"
        head = f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
        body = f"{head}Content-Type: text/plain\r\n\r\n{text}\r\n--{mark}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={mark}"}
        request = urllib.request.Request(f"{self.address}/gradio_api/upload", body, headers)  # noqa: S310
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            (path,) = json.loads(answer.read())
        return str(path)

    def change(self, **wanted: str) -> None:
        """Add an uploaded file (`add`) or remove a document (`remove`). Raises RuntimeError."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(wanted) + "\n")
        self._process.stdin.flush()
        said = self._line()
        if said != "done":
            raise RuntimeError(said)

    def memory(self) -> int:
        """Return the bytes of memory of the server and its child processes."""
        return sum(map(resident, processes(self._process.pid)))

    def measure(self, seconds: float, latency: float) -> Resources:
        """Measure the resources of the server, `seconds` after the start."""
        running = processes(self._process.pid)
        opened = [_target(path) for process in running for path in Path(f"/proc/{process}/fd").iterdir()]
        of_index = sum(text.startswith(str(self.folder / "index")) for text in opened)
        temporary, index = (len(list(item.rglob("*"))) for item in (self.temporary, self.folder / "index"))
        threads = sum(len(list(Path(f"/proc/{process}/task").iterdir())) for process in running)
        memory = tuple(map(resident, running))
        return Resources(seconds, memory, of_index, len(opened) - of_index, temporary, index, threads, latency)


def serve(folder: Path, *, small: bool) -> None:
    """Run the server: the form, and changes read from stdin."""
    from qa.api.concurrency import LibraryLoader
    from qa.web.app import FormOptions
    from qa.web.app import serve as run
    from qa.web.library_changes import LibraryEditor, stage
    from qa.web.workers.pool import InlineTaskRunner, ProcessTaskRunner

    library = Library(folder / "index", HashEncoder() if small else load)
    opening = LibraryLoader(library)
    editor = LibraryEditor(
        opening, UploadFolder(), None, InlineTaskRunner(opening) if small else ProcessTaskRunner(opening)
    )

    def change() -> None:
        for line in sys.stdin:
            wanted: dict[str, str] = json.loads(line)
            try:
                if "add" in wanted:
                    steps = editor.add([stage(editor.receive(Path(wanted["add"])))])
                else:
                    steps = editor.remove([wanted["remove"]])
                for _ in steps:
                    pass
                said = "done"
            except Exception as error:  # noqa: BLE001 - reported to the parent process
                said = repr(error)
            print(said, flush=True)

    def begin(address: str) -> None:
        print(address, flush=True)
        threading.Thread(target=change, daemon=True).start()

    options = FormOptions(allow_changes=True, use_processes=not small)
    run(library, options, port=0, announce=begin)


def endure(
    folder: Path, seconds: float, users: int, *, small: bool, least: int = 3, period: float = 0.0
) -> EnduranceResult:
    """Ask, change and use the desk for `seconds`, in at least `least` turns, on an index built in the folder.

    A turn starts `period` seconds after the start of the one before, or when that has ended.
    """
    encoder: Encoder = HashEncoder() if small else load()
    build(folder / "index", plan([SAMPLES]), encoder)
    index = Index(folder / "index")
    several = questions(index, 400)
    chance = random.Random(3)  # noqa: S311
    wrong: list[str] = []
    held: list[Resources] = []
    turns = asked = 0
    begin = time.monotonic()
    with ServerProcess(folder, small=small) as server:
        fixed, expected = several[:FIXED], asyncio.run(_all(server.address, several[:FIXED]))
        desk = _Desk(server.address, index, several)
        while turns < least or time.monotonic() - begin < seconds:
            started = time.monotonic()
            latencies: list[float] = []
            for change in ("add", "remove"):
                if change == "add":
                    name = f"tide-{turns}"
                    server.change(add=server.upload(f"{name}.txt", _report(turns)))
                else:
                    server.change(remove=f"tide-{turns}")
                run = asyncio.run(ask(server.address, chance.sample(several, ASKED), users, "user"))
                asked += len(run.seconds)
                wrong += run.errors
                latencies += run.seconds
            for number in range(DESK_ACTIONS):
                desk.act(turns * DESK_ACTIONS + number)
            if asyncio.run(_all(server.address, fixed)) != expected:
                wrong.append(f"turn {turns}: answers differ from those at the start")
            turns += 1
            held.append(server.measure(time.monotonic() - begin, statistics.median(latencies)))
            time.sleep(max(0.0, started + period - time.monotonic()))
    return EnduranceResult(turns, asked, tuple(wrong), tuple(held))


def use_desk(folder: Path, actions: int, *, small: bool) -> list[int]:
    """Perform actions of a research desk; return the server's bytes of memory at the start and after each quarter."""
    encoder: Encoder = HashEncoder() if small else load()
    build(folder / "index", plan([SAMPLES]), encoder)
    index = Index(folder / "index")
    held: list[int] = []
    with ServerProcess(folder, small=small) as server:
        desk = _Desk(server.address, index, questions(index, actions + DESK_ACTIONS))
        for number in range(DESK_ACTIONS):  # so that all models are loaded
            desk.act(number)
        for number in range(actions):
            if number % (actions // 4) == 0:
                held.append(server.memory())
            desk.act(number)
        return [*held, server.memory()]


class _Desk:
    """Sends what the scripts of the form send, about other passages and questions each time."""

    def __init__(self, address: str, index: Index, several: Sequence[str]) -> None:
        self._address = address
        self._questions = itertools.cycle(several)
        self._passages = [
            stored.passage.id for info in index.documents for stored in index.records.passages_of_document(info.number)
        ]
        self._items: list[dict[str, Any]] = []

    def act(self, number: int) -> None:
        """Perform the action with this number. Raises HTTPError."""
        question = next(self._questions)
        place = self._passages[number // DESK_ACTIONS % len(self._passages)]
        collection = {"version": 1, "name": "Kept", "note": "", "items": self._items}
        match number % DESK_ACTIONS:
            case 0:
                kept = json.loads(self._send(f"kept?{urlencode({'passage': place})}"))
                self._items = [*self._items[-19:], {"passages": [kept], "note": question, "labels": ["ships"]}]
            case 1:
                self._send("collection-states", json.dumps(collection).encode())
            case 2:
                form = list(EXPORTS)[number // DESK_ACTIONS % len(EXPORTS)]
                fields = {"format": form, "style": "apa", "collection": json.dumps(collection)}
                self._send("collection-export", urlencode(fields).encode())
            case 3:
                document, _, span = place.rpartition("@")
                start, _, end = span.partition("-")
                evidence = [{"doc": document, "start": int(start), "end": int(end), "grade": 2}]
                self._send("judged-measures", json.dumps([{"question": question, "evidence": evidence}]).encode())
            case 4:
                self._send(f"watch?{urlencode({'questions': question})}")
            case 5:
                self._send(f"words?{urlencode({'words': ','.join(question.split()[4:7])})}")
            case 6:
                self._send(f"compare?{urlencode({'topic': ' '.join(question.split()[4:8])})}")
            case 7:
                self._send("check", urlencode({"draft": f"“{question}”"}).encode())
            case 8:
                self._send(f"context?{urlencode({'passage': place})}")
            case _:
                run = asyncio.run(ask(self._address, [question], 1, "desk"))
                assert not run.errors, run.errors

    def _send(self, path: str, data: bytes | None = None) -> bytes:
        with urllib.request.urlopen(f"{self._address}/{path}", data) as answer:  # noqa: S310 - our own server
            return bytes(answer.read())


def _target(descriptor: Path) -> str:
    """Return the path of an open file, empty if it has been closed."""
    try:
        return str(descriptor.readlink())
    except OSError:
        return ""


async def _all(address: str, several: Sequence[str]) -> list[dict[str, Any]]:
    connection = Connection(address, "fixed")
    answers = [await connection.ask(item) for item in several]
    await connection.close()
    return answers


def _report(turn: int) -> str:
    lines = [f"In 2021 the tide at gauge {turn}-{n} rose to {n * 7} metres." for n in range(40)]
    return f"Harbour Yearbook {turn} of 2022\n\n1 Tides\n\n{' '.join(lines)}\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; return 1 if something grew or an answer changed."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.serving.endurance", description="Run a server under load."
    )
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--users", type=int, default=8)
    parser.add_argument(
        "--turns-per-minute", type=float, default=0, help="a fixed rate; by default as fast as possible"
    )
    parser.add_argument("--small", action="store_true", help="use a small encoder")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--actions", type=int, help="actions of one user instead")
    options = parser.parse_args(arguments)
    if options.serve is not None:
        serve(options.serve, small=options.small)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        if options.actions:
            held = use_desk(Path(folder), options.actions, small=options.small)
            print(f"MB of memory before, and after each quarter of {options.actions:,} actions:")
            print(", ".join(_megabytes(*held)))
            return int(held[-1] > MORE_MEMORY * held[1])
        period = 60 / options.turns_per_minute if options.turns_per_minute else 0.0
        result = endure(Path(folder), 60 * options.minutes, options.users, small=options.small, period=period)
    show(result, f"{options.minutes:g} minutes, {options.users} users: {result.turns} documents added and removed")
    return int(bool(result.wrong or result.grew or result.swelled or result.slowed))


def show(result: EnduranceResult, title: str) -> None:
    """Print the figures."""
    early, late = result.early, result.late
    table = Table(title=title)
    for name in ("", "after a tenth", "at the end", "limit"):
        table.add_column(name, justify="left" if not name else "right")
    table.add_row("questions answered", "", f"{result.asked:,}", "")
    table.add_row("errors and changed answers", "", f"{len(result.wrong)}", "0")
    before, after = sum(early.memory), sum(late.memory)
    table.add_row("memory, MB", f"{before / 1e6:.0f}", f"{after / 1e6:.0f}", f"≤ {MORE_MEMORY * before / 1e6:.0f}")
    for number, (one, other) in enumerate(zip(early.memory, late.memory, strict=False)):
        table.add_row("… of a child process" if number else "… of the server", *_megabytes(one, other), "")
    grown, error = result.still
    growth = f"{grown / 1e6:+.1f} ± {error / 1e6:.1f}"
    table.add_row("… over the last half, MB", "", growth, f"≤ {MORE_STILL * after / 1e6:.1f}")
    more = MORE_FILES * len(late.memory)
    table.add_row("open files of the index", f"{early.opened}", f"{late.opened}", f"≤ {early.opened + more}")
    table.add_row("other open files", f"{early.others}", f"{late.others}", f"≤ {early.others + MORE_OTHERS}")
    table.add_row("temporary files", f"{early.temporary}", f"{late.temporary}", f"≤ {early.temporary}")
    table.add_row("threads", f"{early.threads}", f"{late.threads}", f"≤ {early.threads + MORE_THREADS}")
    table.add_row("files of the index", f"{early.index}", f"{late.index}", f"≤ {early.index + MORE_FILES}")
    Console(width=None if sys.stdout.isatty() else 110).print(table)
    tenths = [result.held[len(result.held) * tenth // 10 - 1] for tenth in range(1, 11)]
    print(f"MB of memory after each tenth: {', '.join(f'{sum(tenth.memory) / 1e6:.0f}' for tenth in tenths)}")
    quarters = ", ".join(f"{1000 * seconds:.0f}" for seconds in result.latencies)
    print(f"median ms of a question in each quarter: {quarters}; last ≤ {SLOWER:g} times the second")
    for line in (*result.wrong[:3], *result.grew):
        print(line)


def _megabytes(*several: int) -> list[str]:
    return [f"{item / 1e6:.0f}" for item in several]


if __name__ == "__main__":
    sys.exit(main())
