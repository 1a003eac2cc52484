"""A server under questions, uploads and removals for half an hour: nothing grows, and it answers the same at the end.

    python -m tests.benchmarks.endurance [--minutes 30] [--users 8] [--small]

Serves an index of the sample documents with its changes allowed, in a process of its own. In turns, some users ask
questions over the form's HTTP API, a document is uploaded over HTTP and added, they ask again, and it is removed. After
each turn the index is what it was, so that a fixed set of questions must be answered word for word as at the
beginning. Held against each other, once a third of the time is over and at the end: the memory of the server's
processes, their open files, what lies in the folder for temporary files, and what lies in the index folder.

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
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from rich.console import Console
from rich.table import Table

from corpus.load import plan
from index.build import build
from index.encoder import Encoder, load
from index.search import Index
from qa.answer import Library
from qa.places import SAMPLES
from qa.web.room import Room
from tests.benchmarks.load import Connection, ask, memory_of, processes, questions
from tests.encoders import HashEncoder

FIXED = 5
"""Questions that are asked in each turn and must be answered alike."""

ASKED = 20
"""Other questions between two changes."""

MORE_MEMORY, MORE_FILES = 1.10, 16
"""What there may be at the end, against a third of the way: times the memory, files more.

Memory levels off after some thirty changes: 309 MB after the first, 528 after 40, 521 after 115.

As segments and shards come together and are merged, an index of a few builds has 21 to 34 files, of which 10 to 17 are
open.
"""


@dataclass(frozen=True, slots=True)
class Held:
    """What a server holds after a turn: bytes of memory, open files, temporary files, files of the index."""

    memory: int
    opened: int
    temporary: int
    index: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it; `wrong` are errors, and answers that were others than at the beginning."""

    turns: int
    asked: int
    wrong: tuple[str, ...]
    early: Held
    late: Held
    memory: tuple[int, ...]
    """After each tenth of the turns, bytes."""

    @property
    def grew(self) -> tuple[str, ...]:
        """What of all that grew, but for memory."""
        early, late = self.early, self.late
        pairs = {
            "open files": (early.opened + MORE_FILES, late.opened),
            "temporary files": (early.temporary, late.temporary),
            "files of the index": (early.index + MORE_FILES, late.index),
        }
        return tuple(f"{name}: {now}, at most {before}" for name, (before, now) in pairs.items() if now > before)


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

    def held(self) -> Held:
        """What the server holds now."""
        opened = sum(len(list(Path(f"/proc/{one}/fd").iterdir())) for one in processes(self._process.pid))
        there = (len(list(one.rglob("*"))) for one in (self.temporary, self.folder / "index"))
        return Held(memory_of(self._process.pid), opened, *there)


def serve(folder: Path, *, small: bool) -> None:
    """The server's process: the form, and changes as they are read from stdin."""
    from qa.web.app import serve as run
    from qa.web.library_changes import Changes
    from qa.web.library_files import stage
    from qa.web.opening import Opening

    library = Library(folder / "index", HashEncoder() if small else load)
    changes = Changes(Opening(library), Room())

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

    run(library, port=0, announce=begin, allow_changes=True, apart=not small)


def endure(folder: Path, seconds: float, users: int, *, small: bool, least: int = 3) -> Outcome:
    """Ask and change for so long, and at least so many turns; the index is made in the folder."""
    encoder: Encoder = HashEncoder() if small else load()
    build(folder / "index", plan([SAMPLES]), encoder)
    several = questions(Index(folder / "index"), 400)
    chance = random.Random(3)  # noqa: S311
    wrong: list[str] = []
    held: list[tuple[float, Held]] = []
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
            held.append((time.monotonic() - begin, server.held()))
    over = held[-1][0]
    early = next(one for after, one in held if after >= over / 3 or len(held) == 1)
    tenths = tuple(held[len(held) * tenth // 10 - 1][1].memory for tenth in range(1, 11) if len(held) >= 10)
    return Outcome(turns, asked, tuple(wrong), early, held[-1][1], tenths)


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
    early, late = found.early, found.late
    table = Table(
        title=f"{options.minutes:g} minutes, {options.users} users: {found.turns} documents added and removed"
    )
    for name in ("", "a third of the way", "at the end", "to reach"):
        table.add_column(name, justify="left" if not name else "right")
    limit = MORE_MEMORY * early.memory
    table.add_row("questions answered", "", f"{found.asked:,}", "")
    table.add_row("errors, or other answers", "", f"{len(found.wrong)}", "0")
    table.add_row("memory, MB", f"{early.memory / 1e6:.0f}", f"{late.memory / 1e6:.0f}", f"≤ {limit / 1e6:.0f}")
    table.add_row("open files", f"{early.opened}", f"{late.opened}", f"≤ {early.opened + MORE_FILES}")
    table.add_row("temporary files", f"{early.temporary}", f"{late.temporary}", f"≤ {early.temporary}")
    table.add_row("files of the index", f"{early.index}", f"{late.index}", f"≤ {early.index + MORE_FILES}")
    Console(width=None if sys.stdout.isatty() else 110).print(table)
    print(f"MB of memory after each tenth: {', '.join(f'{one / 1e6:.0f}' for one in found.memory)}")
    for one in (*found.wrong[:3], *found.grew):
        print(one)
    return 0 if not found.wrong and not found.grew and late.memory <= limit else 1


if __name__ == "__main__":
    sys.exit(main())
