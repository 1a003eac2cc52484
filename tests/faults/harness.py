"""Run the cases of `tests.faults.cases` with one fault each: the index answers as before or after, without leftovers.

The folder of a case is restored before each run, so that every call can be the failing one.
"""

from __future__ import annotations

import errno
import hashlib
import os
import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from corpus.ingest import plan
from index import layout, manifest
from index.building.build import build
from index.errors import IndexFolderError
from qa.editions import alignment
from tests.factories.damaged_index import answers
from tests.factories.encoders import HashEncoder
from tests.faults.cases import INDEX, Case
from tests.faults.injection import TRACEBACK, Faults, Mode, Run
from tests.faults.power_cut import Disk

Answers = list[tuple[str, float, str, tuple[object, ...]]]

KINDS: tuple[tuple[Mode, int], ...] = (
    ("once", errno.EIO),
    ("once", errno.ENOSPC),
    ("full", errno.ENOSPC),
    ("short", errno.ENOSPC),
    ("crash", 0),
)
"""The ways in which each call fails: half writes only for writes, a full disk only from calls that take space."""

TAKES_SPACE = "WCML"
"""Kinds of calls that take space: writing, creating a file, a folder or a link."""

SAID = ("Input/output error", "unable to open database file", "attempt to write a readonly database")
"""Causes that a message may name for any single failed call, because SQLite does not say which one it was."""


@dataclass(frozen=True, slots=True)
class Aftermath:
    """The outcome of a fault: how the index answers, and the problems at once and after another run."""

    answers: Literal["before", "after", "otherwise"]
    problems: tuple[str, ...]


@dataclass(slots=True)
class Bench:
    """A case in its own folder, with its answers before and after a run without faults.

    Most faults leave the same bytes as another one; the outcome of each state is determined once.
    """

    faults: Faults
    folder: Path
    case: Case
    before: Answers | None = None
    after: Answers | None = None
    tried: int = 0
    as_before: int = 0
    as_after: int = 0
    problems: list[str] = field(default_factory=list)
    calls: Run = field(init=False)
    work: Path = field(init=False)
    whole: Path = field(init=False)
    catalogue: bytes | None = None
    """The `corpus.toml` that came out."""
    begun: str = field(init=False)
    """The state before the command (`state_of`)."""
    known: dict[str, Aftermath] = field(default_factory=dict)
    """The outcome of each state."""

    def __post_init__(self) -> None:
        self.work, self.whole = self.folder / "work", self.folder / "whole"
        self.work.mkdir(parents=True)
        self.case.prepare(self.work, lambda: self.run_whole(INDEX))
        shutil.copytree(self.work, self.whole)
        self.begun = state_of(self.work)
        self.before = answers(self.work / "index") if self.case.answers_before else None
        self.calls = self.run()
        assert self.calls.code == 0, self.calls
        fresh = self.folder / "fresh"
        build(fresh, plan([self.work / "corpus"]), HashEncoder())
        self.after = answers(self.work / "index")
        self.catalogue = self._catalogue()
        assert self.after == answers(fresh) or "remove" in self.case.arguments

    def begin(self) -> Bench:
        """Forget the faults that were tried, for the next test of the case; what is known of each state stays."""
        self.tried = self.as_before = self.as_after = 0
        self.problems = []
        return self

    def run(self, mode: Mode = "record", at: int = 0, error: int = errno.ENOSPC) -> Run:
        """Run the case's command with a fault."""
        arguments = self.paths(self.case.arguments)
        return self.faults.run(arguments, [self.work], mode=mode, at=at, error=error, checkpoint=self.case.checkpoint)

    def run_whole(self, arguments: Sequence[str]) -> Run:
        """Run a command without a fault."""
        return self.faults.run(self.paths(arguments), [self.work])

    def paths(self, arguments: Sequence[str]) -> list[str]:
        """Return a command with the folders of this bench."""
        names = ("corpus", "index")
        return [
            str(self.work / argument) if argument in names and place else argument
            for place, argument in enumerate(arguments)
        ]

    def restore(self) -> None:
        """Restore the folder."""
        if state_of(self.work) != self.begun:
            shutil.rmtree(self.work)
            shutil.copytree(self.whole, self.work)

    def try_one(self, mode: Mode, at: int, error: int, *, power: bool = False) -> None:
        """Make a call fail and check the result; with `power` also the result of a power cut at that call."""
        self.restore()
        what = f"{mode} {errno.errorcode.get(error, '')} at {at} of {' '.join(self.case.arguments)}"
        result = self.run(mode, at, error)
        if power:
            self._write_disk(result)
        self.tried += 1
        self.problems += [f"{what}: {item}" for item in [*self._said(result, mode, error), *self._left(result)]]
        if power:
            self._look_at_disk(result, at)

    def cut_power(self, at: int, *, unsynced: bool = False) -> None:
        """Cut the power at a call: unsynced data is lost. `unsynced` ignores the syncing of files."""
        self.restore()
        arguments = self.paths(self.case.arguments)
        result = self.faults.run(
            arguments, [self.work], mode="crash", at=at, checkpoint=self.case.checkpoint, unsynced=unsynced
        )
        self._write_disk(result)
        self._look_at_disk(result, at)

    def _write_disk(self, run: Run) -> None:
        """Write the contents of the disk after a power cut at the end of a run."""
        Disk(self.work, self.whole).after(run.log).write(self.folder / "disk")

    def _look_at_disk(self, run: Run, at: int) -> None:
        shutil.rmtree(self.work)
        (self.folder / "disk").rename(self.work)
        self.tried += 1
        what = f"no power at {at} of {' '.join(self.case.arguments)}"
        self.problems += [f"{what}: {item}" for item in self._left(run)]

    def _said(self, run: Run, mode: Mode, error: int) -> Sequence[str]:
        if run.code == TRACEBACK or "Traceback" in run.err:
            return [f"a traceback: {run.err[-400:]}"]
        if mode == "crash":
            return [] if run.code == -9 or not run.hits else [f"ended with {run.code}"]
        if run.code == 0:
            return []
        lines = [line for line in run.err.splitlines() if line not in self.calls.err.splitlines()]
        if run.code != 1 or len(lines) != 1 or not lines[0].startswith("yearbook-qa: "):
            return [f"ended with {run.code} and {run.err!r}"]
        causes = (os.strerror(error), *(SAID if mode == "once" else ()))
        return [] if any(cause in lines[0] for cause in causes) else [f"says {lines[0]!r}"]

    def _left(self, run: Run) -> Sequence[str]:
        state = state_of(self.work)
        if state not in self.known:
            self.known[state] = self._aftermath()
        after = self.known[state]
        self.as_after += after.answers == "after"
        self.as_before += after.answers == "before"
        idle = run.code == 0 and after.answers == "before"
        return [*(["ended with 0, and nothing was done"] if idle else []), *after.problems]

    def _aftermath(self) -> Aftermath:
        """Check the remaining files, and the result of the next run."""
        index = self.work / "index"
        problems: list[str] = []
        if self._catalogue() not in (None, self.catalogue):
            problems.append("half a corpus.toml")
        try:
            now = answers(index)
        except (IndexFolderError, OSError) as error:
            now = None
            if self.before is not None:
                problems.append(f"does not open: {error}")
        state: Literal["before", "after", "otherwise"] = "before" if now == self.before else "otherwise"
        if now == self.after:
            state = "after"
        elif state == "otherwise":
            problems.append("answers neither as before nor as after")
        for command in self.case.again or (self.case.arguments,):
            following = self.run_whole(command)
            if following.code:
                problems.append(f"the next run ended with {following.code}: {following.err[-400:]}")
        try:
            if answers(index) != self.after:
                problems.append("answers otherwise after the next run")
            problems += [f"left behind: {item}" for item in left_over(self.work)]
        except (IndexFolderError, OSError) as error:
            problems.append(f"does not open after the next run: {error}")
        return Aftermath(state, tuple(problems))

    def _catalogue(self) -> bytes | None:
        path = self.work / "corpus" / "corpus.toml"
        return path.read_bytes() if path.exists() else None


def state_of(work: Path) -> str:
    """Return a hash of all files of a case except lock files."""
    result = hashlib.sha256()
    for path in sorted(work.rglob("*")):
        data = b"" if path.is_dir() or path.suffix == ".lock" else path.read_bytes()
        result.update(repr((path.relative_to(work).as_posix(), path.stat().st_mode, len(data))).encode() + data)
    return result.hexdigest()


def left_over(work: Path) -> list[str]:
    """Return the leftover files in the folders of a case."""
    index = work / "index"
    state = manifest.read(index)
    base = layout.generation_folder(index, state.generation)
    named = {base / name for name in state.files} | {index / layout.MANIFEST, index / layout.LOCK}
    result = []
    for one in sorted(index.rglob("*")):
        if one.is_dir():
            expected = any(one in file.parents for file in named) or one == index / alignment.CACHE_FOLDER
        else:
            expected = one in named or one.suffix == ".lock"
            expected |= one.parent == index / alignment.CACHE_FOLDER and one.suffix == ".json"
        if not expected:
            result.append(one.relative_to(work).as_posix())
    there = {"corpus.toml"} | {f"report-{year}.txt" for year in range(2000, 2030)}
    return result + [item for item in sorted(path.name for path in (work / "corpus").iterdir()) if item not in there]


def chosen(bench: Bench, count: int | None) -> list[tuple[Mode, int, int]]:
    """Return the faults of a case: all, or a random sample."""
    every: list[tuple[Mode, int, int]] = []
    for at, call in enumerate(bench.calls.log, 1):
        if not Path(call.path).is_relative_to(bench.work / bench.case.below):
            continue
        fitting = {"short": "W", "full": TAKES_SPACE}
        every += [
            (mode, at, error) for mode, error in KINDS if call.kind.upper() in fitting.get(mode, call.kind.upper())
        ]
    if count is None or count >= len(every):
        return every
    return sorted(random.Random(5).sample(every, count), key=every.index)  # noqa: S311
