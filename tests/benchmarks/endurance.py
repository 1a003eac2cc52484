"""A server under questions, uploads and removals for half an hour: nothing grows, and it answers the same at the end.

    python -m tests.benchmarks.endurance [--minutes 30] [--users 8] [--small]

Serves an index of the sample documents with its changes allowed, in a process of its own. In turns, some users ask
questions over the form's HTTP API, a document is uploaded over HTTP and added, they ask again, and it is removed. After
each turn the index is what it was, so that a fixed set of questions must be answered word for word as at the
beginning. Held against each other, once a tenth of the time is over and at the end: the memory of the server's
processes, their open files, what lies in the folder for temporary files, and what lies in the index folder. How fast
memory still grows is said by a line through what was held over the last half.

`--small` takes a small encoder instead of the default model, which is what the test suite does.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from rich.console import Console
from rich.table import Table

from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import Encoder, load
from index.ranking.search import Index
from qa.answering.library import Library
from qa.cli.index_location import SAMPLES
from qa.web.security.request_limits import UploadFolder
from tests.benchmarks.held import MORE_FILES, MORE_MEMORY, MORE_OTHERS, MORE_STILL, Held, Outcome
from tests.benchmarks.load import Connection, ask, processes, questions, resident
from tests.factories.encoders import HashEncoder

FIXED = 5
"""Questions that are asked in each turn and must be answered alike."""

ASKED = 20
"""Other questions between two changes."""


class Serving:
    """A server in a process of its own, that changes its index when told."""

    def __init__(self, folder: Path, *, small: bool) -> None:
        self.folder, self.temporary = folder, folder / "temporary"
        self.temporary.mkdir()
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.benchmarks.endurance",
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
        """Upload a file over HTTP; gives where it lies at the server."""
        mark = "yearbook-qa-endurance"
        head = f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
        body = f"{head}Content-Type: text/plain\r\n\r\n{text}\r\n--{mark}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={mark}"}
        request = urllib.request.Request(f"{self.address}/gradio_api/upload", body, headers)  # noqa: S310
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            (path,) = json.loads(answer.read())
        return str(path)

    def change(self, **wanted: str) -> None:
        """Have the server add an uploaded file (`add`) or remove a document (`remove`). Raises RuntimeError."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(wanted) + "\n")
        self._process.stdin.flush()
        said = self._line()
        if said != "done":
            raise RuntimeError(said)

    def held(self, seconds: float) -> Held:
        """What the server holds now, after so many seconds."""
        running = processes(self._process.pid)
        opened = [_target(one) for process in running for one in Path(f"/proc/{process}/fd").iterdir()]
        of_index = sum(one.startswith(str(self.folder / "index")) for one in opened)
        there = (len(list(one.rglob("*"))) for one in (self.temporary, self.folder / "index"))
        return Held(seconds, tuple(map(resident, running)), of_index, len(opened) - of_index, *there)


def serve(folder: Path, *, small: bool) -> None:
    """The server's process: the form, and changes as they are read from stdin."""
    from qa.api.library_loader import LibraryLoader
    from qa.web.app import serve as run
    from qa.web.library.changes import Changes
    from qa.web.library.uploaded_files import stage
    from qa.web.workers.pool import InlineTaskRunner, ProcessTaskRunner

    library = Library(folder / "index", HashEncoder() if small else load)
    opening = LibraryLoader(library)
    changes = Changes(opening, UploadFolder(), None, InlineTaskRunner(opening) if small else ProcessTaskRunner(opening))

    def change() -> None:
        for line in sys.stdin:
            wanted: dict[str, str] = json.loads(line)
            try:
                if "add" in wanted:
                    steps = changes.add([stage(changes.receive(Path(wanted["add"])))])
                else:
                    steps = changes.remove([wanted["remove"]])
                for _ in steps:
                    pass
                said = "done"
            except Exception as error:  # noqa: BLE001 - told where it was asked for
                said = repr(error)
            print(said, flush=True)

    def begin(address: str) -> None:
        print(address, flush=True)
        threading.Thread(target=change, daemon=True).start()

    run(library, port=0, announce=begin, allow_changes=True, use_processes=not small)


def endure(folder: Path, seconds: float, users: int, *, small: bool, least: int = 3) -> Outcome:
    """Ask and change for so long, and at least so many turns; the index is made in the folder."""
    encoder: Encoder = HashEncoder() if small else load()
    build(folder / "index", plan([SAMPLES]), encoder)
    several = questions(Index(folder / "index"), 400)
    chance = random.Random(3)  # noqa: S311
    wrong: list[str] = []
    held: list[Held] = []
    turns = asked = 0
    begin = time.monotonic()
    with Serving(folder, small=small) as server:
        fixed, expected = several[:FIXED], asyncio.run(_all(server.address, several[:FIXED]))
        while turns < least or time.monotonic() - begin < seconds:
            for change in ("add", "remove"):
                if change == "add":
                    name = f"tide-{turns}"
                    server.change(add=server.upload(f"{name}.txt", _report(turns)))
                else:
                    server.change(remove=f"tide-{turns}")
                run = asyncio.run(ask(server.address, chance.sample(several, ASKED), users, "user"))
                asked += len(run.seconds)
                wrong += run.errors
            if asyncio.run(_all(server.address, fixed)) != expected:
                wrong.append(f"turn {turns}: other answers than at the beginning")
            turns += 1
            held.append(server.held(time.monotonic() - begin))
    return Outcome(turns, asked, tuple(wrong), tuple(held))


def _target(descriptor: Path) -> str:
    """What an open file is; empty where it was closed meanwhile."""
    try:
        return str(descriptor.readlink())
    except OSError:
        return ""


async def _all(address: str, several: Sequence[str]) -> list[dict[str, Any]]:
    connection = Connection(address, "fixed")
    answers = [await connection.ask(one) for one in several]
    await connection.close()
    return answers


def _report(turn: int) -> str:
    lines = [f"In 2021 the tide at gauge {turn}-{n} rose to {n * 7} metres." for n in range(40)]
    return f"Harbour Yearbook {turn} of 2022\n\n1 Tides\n\n{' '.join(lines)}\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 where something grew, or was answered otherwise."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.endurance", description="A server for long.")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--users", type=int, default=8)
    parser.add_argument("--small", action="store_true", help="a small encoder instead of the default model")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.serve is not None:
        serve(options.serve, small=options.small)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        found = endure(Path(folder), 60 * options.minutes, options.users, small=options.small)
    show(found, f"{options.minutes:g} minutes, {options.users} users: {found.turns} documents added and removed")
    return 0 if not found.wrong and not found.grew and not found.swelled else 1


def show(found: Outcome, title: str) -> None:
    """Print the figures."""
    early, late = found.early, found.late
    table = Table(title=title)
    for name in ("", "a tenth of the way", "at the end", "to reach"):
        table.add_column(name, justify="left" if not name else "right")
    table.add_row("questions answered", "", f"{found.asked:,}", "")
    table.add_row("errors, or other answers", "", f"{len(found.wrong)}", "0")
    before, after = sum(early.memory), sum(late.memory)
    table.add_row("memory, MB", f"{before / 1e6:.0f}", f"{after / 1e6:.0f}", f"≤ {MORE_MEMORY * before / 1e6:.0f}")
    for number, (one, other) in enumerate(zip(early.memory, late.memory, strict=False)):
        table.add_row("… a process that it started" if number else "… the server's own", *_megabytes(one, other), "")
    grown, error = found.still
    said = f"{grown / 1e6:+.1f} ± {error / 1e6:.1f}"
    table.add_row("… over the last half, MB", "", said, f"≤ {MORE_STILL * after / 1e6:.1f}")
    more = MORE_FILES * len(late.memory)
    table.add_row("open files of the index", f"{early.opened}", f"{late.opened}", f"≤ {early.opened + more}")
    table.add_row("other open files", f"{early.others}", f"{late.others}", f"≤ {early.others + MORE_OTHERS}")
    table.add_row("temporary files", f"{early.temporary}", f"{late.temporary}", f"≤ {early.temporary}")
    table.add_row("files of the index", f"{early.index}", f"{late.index}", f"≤ {early.index + MORE_FILES}")
    Console(width=None if sys.stdout.isatty() else 110).print(table)
    tenths = [found.held[len(found.held) * tenth // 10 - 1] for tenth in range(1, 11)]
    print(f"MB of memory after each tenth: {', '.join(f'{sum(one.memory) / 1e6:.0f}' for one in tenths)}")
    for told in (*found.wrong[:3], *found.grew):
        print(told)


def _megabytes(*several: int) -> list[str]:
    return [f"{one / 1e6:.0f}" for one in several]


if __name__ == "__main__":
    sys.exit(main())
