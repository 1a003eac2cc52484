"""Measures the form under load: errors, throughput, latency and memory with fifty users.

    python -m tests.benchmarks.serving.load [--index DIR] [--users 50] [--questions 2000] [--building]

Serves an index (by default of the sample documents) in a process of its own, and sends distinct questions to the form's
HTTP API, as `gradio_client` does. Compares:

- the throughput with the most that the cores allow, cores / CPU time of one question, where the CPU time is that of
  `Library.ask` in this process, and that of the server for sequential questions;
- the 95th percentile of the latency with twice the mean time per question and user at that throughput;
- the answers of the user who got fewest with the mean of all users;
- the server's private memory after a tenth of the questions and after all.

`--building` indexes the documents again and again meanwhile, in another process at low priority, as the form does.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table

from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import load
from index.ranking.search import Index
from qa.answering.library import Library
from qa.cli.index_location import SAMPLES

SERVER = (
    "import sys; from pathlib import Path; from index.models.encoder import load;"
    "from qa.answering.library import Library\n"
    "from qa.web.app import serve\n"
    "serve(lambda: Library(Path(sys.argv[1]), load), port=0, announce=lambda address: print(address, flush=True))"
)
BUILDER = """
import os, shutil, sys
from pathlib import Path
from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import load
from qa.web.workers.pool import NICENESS
os.nice(NICENESS)
while True:
    shutil.rmtree(sys.argv[2], ignore_errors=True)
    build(Path(sys.argv[2]), plan([Path(sys.argv[1])]), load())
"""
ALONE = 60
"""Sequential questions, to measure the CPU time of one."""


@dataclass(frozen=True, slots=True)
class Run:
    """The seconds of each question, the errors, the seconds of the whole run, and the answers that each user got."""

    seconds: tuple[float, ...]
    errors: tuple[str, ...]
    total: float
    by_user: tuple[int, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; return 1 if one misses its target."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.serving.load", description="Many users at once.")
    parser.add_argument("--index", type=Path, help="an index; by default one of the sample documents is built")
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--questions", type=int, default=2000)
    parser.add_argument("--building", action="store_true", help="build an index meanwhile")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.index or Path(temporary) / "index"
        if options.index is None:
            build(folder, plan([SAMPLES]), load())
        asked = questions(Index(folder), options.questions + 2 * ALONE)
        inside = cpu_inside(Library(folder, load), asked[-ALONE:])
        with subprocess.Popen([sys.executable, "-c", SERVER, str(folder)], stdout=subprocess.PIPE, text=True) as server:
            try:
                assert server.stdout is not None
                address = server.stdout.readline().strip()
                with building(Path(temporary)) if options.building else nullcontext():
                    return measure(address, server.pid, asked, options.users, inside)
            finally:
                server.terminate()


@contextmanager
def building(folder: Path) -> Iterator[None]:
    """Index the samples in another process at low priority, again and again."""
    command = [sys.executable, "-c", BUILDER, str(SAMPLES), str(folder / "built")]
    with subprocess.Popen(command) as process:
        try:
            yield
        finally:
            process.terminate()


def measure(address: str, process: int, asked: Sequence[str], users: int, inside: float) -> int:
    """Send the questions, and print the table."""
    alone, rest = asked[:ALONE], asked[ALONE : len(asked) - ALONE]
    asyncio.run(ask(address, alone[:5], 1))  # opens the library
    begin = cpu_of(process)
    result = asyncio.run(ask(address, alone, 1))
    served = (cpu_of(process) - begin) / len(alone)
    tenth = len(rest) // 10
    first = asyncio.run(ask(address, rest[:tenth], users))
    memory = memory_of(process)
    begin = cpu_of(process)
    run = asyncio.run(ask(address, rest[tenth:], users))
    busy = (cpu_of(process) - begin) / run.total
    grown = memory_of(process)
    errors = [*result.errors, *first.errors, *run.errors]
    cores = os.cpu_count() or 1
    rate = len(run.seconds) / run.total
    slow = statistics.quantiles(run.seconds, n=20)[-1] if len(run.seconds) > 1 else 0.0
    limit = 2 * users / rate if rate else 0.0
    fewest = min(run.by_user) / statistics.mean(run.by_user) if run.seconds else 0.0
    rows = [
        ("errors", f"{len(errors)}", "0", not errors),
        ("questions per second", f"{rate:.1f}", "", True),
        (
            "… of cores / CPU time of one question in a process",
            f"{rate * inside / cores:.2f}  ({1000 * inside:.1f} ms)",
            "≥ .7",
            rate * inside / cores >= 0.7,
        ),
        (
            "… of cores / CPU time of one question at the server",
            f"{rate * served / cores:.2f}  ({1000 * served:.1f} ms)",
            "≥ .7",
            rate * served / cores >= 0.7,
        ),
        ("95 of 100 questions, seconds", f"{slow:.2f}", f"≤ {limit:.2f}", slow <= limit),
        ("fewest answers of a user, of the mean", f"{fewest:.2f}", "≥ .7", fewest >= 0.7),
        ("one question alone, median, ms", f"{1000 * statistics.median(result.seconds):.0f}", "", True),
        ("cores that the server keeps busy", f"{busy:.2f}", f"of {cores}", True),
        (f"private memory after {tenth:,} questions, MB", f"{memory / 1e6:.0f}", "", True),
        (
            f"private memory after {len(rest):,} questions, MB",
            f"{grown / 1e6:.0f}",
            f"≤ {1.05 * memory / 1e6:.0f}",
            grown <= 1.05 * memory,
        ),
    ]
    others = f", load {os.getloadavg()[0]:.0f} with what else runs here" if hasattr(os, "getloadavg") else ""
    title = f"{users} users at once, {len(rest):,} different questions, {cores} cores{others}"
    table = Table(title=title)
    for name in ("", "measured", "to reach", ""):
        table.add_column(name, justify="left" if not name else "right")
    for name, value, wanted, holds in rows:
        table.add_row(name, value, wanted, "" if not wanted.startswith(("≥", "≤", "0")) else "yes" if holds else "NO")
    Console(width=None if sys.stdout.isatty() else 110).print(table)
    for error in errors[:3]:
        print(error)
    return 0 if all(holds for *_, holds in rows) else 1


def questions(index: Index, count: int) -> list[str]:
    """So many different questions, in words of the documents."""
    chance = random.Random(5)  # noqa: S311 - the same questions each time
    texts = [
        stored.passage.text.split()
        for info in index.documents
        for stored in index.records.passages_of_document(info.number)
    ]
    texts = [words for words in texts if len(words) > 12]
    result: dict[str, None] = {}
    while len(result) < count:
        words = chance.choice(texts)
        start = chance.randrange(len(words) - 8)
        result[f"What is said of {' '.join(words[start : start + chance.randint(4, 8)])} ({len(result)})?"] = None
    return list(result)


def cpu_inside(library: Library, asked: Sequence[str]) -> float:
    """CPU seconds of one question in this process."""
    for question in asked[:5]:
        library.ask(question)
    begin = time.process_time()
    for question in asked:
        library.ask(question)
    return (time.process_time() - begin) / len(asked)


async def ask(address: str, asked: Sequence[str], users: int, name: str = "") -> Run:
    """Ask all questions; each user asks the next one after the last answer.

    Users of a name are the same each time, others new.
    """
    waiting = list(reversed(asked))
    seconds: list[float] = []
    errors: list[str] = []
    by_user = [0] * users
    begin = time.perf_counter()

    async def user(number: int) -> None:
        session = f"{name}{number}" if name else ""
        connection = Connection(address, session)
        while waiting:
            question = waiting.pop()
            start = time.perf_counter()
            try:
                answer = await connection.ask(question)
            except (OSError, ValueError, EOFError) as error:
                errors.append(f"{question}: {error!r}")
                await connection.close()
                connection = Connection(address, session)
                continue
            seconds.append(time.perf_counter() - start)
            by_user[number] += 1
            if answer["question"] != question or not answer["passages"]:
                errors.append(f"{question}: another answer")
        await connection.close()

    await asyncio.gather(*(user(number) for number in range(users)))
    return Run(tuple(seconds), tuple(errors), time.perf_counter() - begin, tuple(by_user))


class Connection:
    """A keep-alive connection with minimal HTTP, so that the server is measured and not the client."""

    def __init__(self, address: str, session: str = "") -> None:
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._session = session or secrets.token_hex(6)  # one per user, as in gradio_client
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, question: str) -> dict[str, object]:
        """The object that `/ask` gives. Raises ValueError for anything else."""
        data = [question, 5, None, None, None, None]
        body = json.dumps({"data": data, "session_hash": self._session}).encode()
        event = json.loads(await self._request("POST", "/gradio_api/call/ask", body))["event_id"]
        lines = (await self._request("GET", f"/gradio_api/call/ask/{event}", b"")).decode().split("\n")
        for name, value in pairwise(lines):
            if name == "event: complete":
                result = json.loads(value.removeprefix("data: "))[0]
                assert isinstance(result, dict)
                return result
        raise ValueError("\n".join(lines)[:300])

    async def close(self) -> None:
        """Close it; asking opens it again."""
        if self._streams is not None:
            writer, self._streams = self._streams[1], None
            writer.close()
            await writer.wait_closed()

    async def _request(self, method: str, path: str, body: bytes) -> bytes:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        head = f"{method} {path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\nContent-Type: application/json\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        status, *headers = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
        named = dict(header.split(": ", 1) for header in headers if ": " in header)
        if "content-length" in named:
            answer = await reader.readexactly(int(named["content-length"]))
        else:
            answer = b"".join([piece async for piece in _chunks(reader)])
        if " 200 " not in status:
            raise ValueError(f"{status}: {answer[:200]!r}")
        return answer


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while True:
        length = int(await reader.readuntil(b"\r\n"), 16)
        piece = await reader.readexactly(length + 2)
        if not length:
            return
        yield piece[:-2]


def processes(server: int) -> list[int]:
    """The server's process and those that it started."""
    written = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in written.splitlines()]
    return [server, *(process for process, parent in pairs if parent == server)]


def cpu_of(server: int) -> float:
    """CPU seconds that a server's processes have taken so far."""
    return sum(_cpu_of(process) for process in processes(server))


def _cpu_of(process: int) -> float:
    stat = Path(f"/proc/{process}/stat")
    if stat.exists():
        fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    written = subprocess.run(["ps", "-o", "time=", "-p", str(process)], capture_output=True, text=True, check=True)
    minutes, seconds = written.stdout.strip().rsplit(":", 1)
    return 60 * int(minutes.rpartition(":")[2]) + float(seconds)


def memory_of(server: int) -> int:
    """Return the private memory of a server's processes in bytes."""
    return sum(map(private, processes(server)))


def private(process: int) -> int:
    """Return the bytes of memory that only this process holds; 0 where it has ended.

    Pages of files that it maps are left out: they grow with the parts of the index and of the model that questions have
    touched, and the system takes them back when it needs them. Where the system does not tell, all memory counts.
    """
    status = Path(f"/proc/{process}/status")
    with suppress(OSError):
        found = re.search(r"^RssAnon:\s+(\d+) kB", status.read_text(encoding="utf-8"), re.MULTILINE)
        if found:
            return 1024 * int(found[1])
    return resident(process)


def resident(process: int) -> int:
    """Return the bytes of memory that a process holds; 0 where it has ended."""
    written = subprocess.run(["ps", "-o", "rss=", "-p", str(process)], capture_output=True, text=True, check=False)
    return 1024 * int(written.stdout or 0)


if __name__ == "__main__":
    sys.exit(main())
