"""Run the command line with one fault: a system call that changes a file fails, is cut short, or is the last one.

The calls are intercepted by `tests/faults/injection.c`, which is compiled here. Without a compiler or Linux, tests with
the fixture `faults` are skipped, or fail where REQUIRE_FAULTS is set, as in CI.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NoReturn, Self

import pytest

from tests.paths import ROOT

Mode = Literal["record", "once", "full", "short", "crash", "vanish"]
MODES: tuple[Mode, ...] = ("record", "once", "full", "short", "crash", "vanish")
"""In the order of `enum mode`. `once` fails one call, `full` each from there on that takes space, `short` has half
written and fails the next write, `crash` ends the process (a write is half done), `vanish` moves the first folder."""

TRACEBACK = 70


@dataclass(frozen=True, slots=True)
class Call:
    """A call that changes files: its paths, and a letter for its kind (see `injection.c`), lower case if it failed."""

    kind: str
    path: str
    other: str


@dataclass(frozen=True, slots=True)
class Run:
    """The result of a run: exit code or negative signal, the number of calls and of failed ones (`hits`)."""

    code: int
    out: str
    err: str
    calls: int
    hits: int
    log: tuple[Call, ...]


class Faults:
    """A server process that runs the command line in children, with faults."""

    def __init__(self, folder: Path) -> None:
        library = folder / "faulty.so"
        compiler = next(filter(None, map(shutil.which, (os.environ.get("CC", "cc"), "gcc", "clang"))), None)
        if sys.platform != "linux":
            _refuse("calls are made to fail by a filter of Linux's kernel")
        if compiler is None:
            _refuse("no C compiler (cc): install one to have calls fail")
        source = str(ROOT / "tests" / "faults" / "injection.c")
        subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", str(library), source], check=True)
        self._results = Path(tempfile.mkdtemp(dir=folder))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.server", str(library)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "COLUMNS": "200"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def run(
        self,
        arguments: Sequence[object],
        folders: Sequence[Path] = (),
        *,
        mode: Mode = "record",
        at: int = 0,
        error: int = errno.ENOSPC,
        checkpoint: float | None = None,
        unprivileged: bool = False,
        environment: Mapping[str, str] | None = None,
        unsynced: bool = False,
    ) -> Run:
        """Run `yearbook-qa` with these arguments and a fault at the `at`-th call that changes a file below `folders`.

        `unprivileged` makes file modes apply to root, too. `unsynced` suppresses the program's syncs, to check that the
        tests detect missing ones.
        """
        for path in self._results.iterdir():
            path.unlink()
        asked = {
            "arguments": [str(argument) for argument in arguments],
            "folders": [str(folder) for folder in folders],
            "mode": MODES.index(mode),
            "at": at,
            "errno": error,
            "results": str(self._results),
            "checkpoint": checkpoint,
            "unprivileged": unprivileged,
            "environment": dict(environment or {}),
            "unsynced": unsynced,
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        code = int(self._process.stdout.readline())
        counted = self._text("calls")
        if counted.startswith("refused"):
            _refuse(f"calls cannot be trapped here: {os.strerror(int(counted.split()[1]))}")
        calls, hits = map(int, counted.split() or (0, 0))
        log = tuple(Call(*line.split("\t")) for line in self._text("log").splitlines())
        return Run(code, self._text("out"), self._text("err"), calls, hits, log)

    def _text(self, name: str) -> str:
        path = self._results / name
        return path.read_text("utf-8") if path.exists() else ""


def _refuse(reason: str) -> NoReturn:
    if os.environ.get("REQUIRE_FAULTS", "") not in {"", "0"}:
        pytest.fail(f"REQUIRE_FAULTS is set, but {reason}")
    pytest.skip(reason)
