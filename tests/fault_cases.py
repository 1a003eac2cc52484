"""What is done to an index while calls fail, and what must hold afterwards: as before or as after, and nothing stays.

A case is a folder as it is before (`corpus`, `index`) and a command. It is put back before each run, so that every call
can be the one that fails.
"""

from __future__ import annotations

import errno
import os
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpus.load import plan
from index import layout, manifest
from index.build import build
from index.errors import IndexFolderError
from qa.editions import stored
from tests.damaged import answers, damage, write_report
from tests.encoders import HashEncoder
from tests.faulty import TRACEBACK, Faults, Mode, Run
from tests.power_cut import Disk

Build = Callable[[], object]
"""Brings the index of a case up to date with its corpus."""

Answers = list[tuple[str, float, str, tuple[object, ...]]]

KINDS: tuple[tuple[Mode, int], ...] = (
    ("once", errno.EIO),
    ("once", errno.ENOSPC),
    ("full", errno.ENOSPC),
    ("short", errno.ENOSPC),
    ("crash", 0),
)
"""The ways in which each call fails. Half a write is tried where there is one."""

SAID = ("Input/output error", "unable to open database file")
"""What a message may say of any error of a single call: SQLite does not say which it was."""


def _years(corpus: Path, *years: int, districts: int = 3) -> None:
    for year in years:
        write_report(corpus, year)
        path = corpus / f"report-{year}.txt"
        path.write_text("\n\n".join(path.read_text("utf-8").split("\n\n")[: 1 + 2 * districts]) + "\n", "utf-8")


def _first(folder: Path, _: Build) -> None:
    _years(folder / "corpus", 2012, 2014)


def _some(folder: Path, build: Build) -> None:
    _years(folder / "corpus", 2012, 2014, 2016)
    build()


def _added(folder: Path, build: Build) -> None:
    _some(folder, build)
    _years(folder / "corpus", 2018)


def _changed(folder: Path, build: Build) -> None:
    _some(folder, build)
    _years(folder / "corpus", 2018)
    build()
    path = folder / "corpus" / "report-2014.txt"
    path.write_text(path.read_text("utf-8").replace("crowns in district", "crowns in kind in district"), "utf-8")


def _removed(folder: Path, build: Build) -> None:
    _some(folder, build)
    (folder / "corpus" / "report-2014.txt").unlink()


def _merged(folder: Path, build: Build) -> None:
    for year in range(2000, 2008):
        _years(folder / "corpus", year, districts=2)
        build()
    _years(folder / "corpus", 2018)


def _damaged(folder: Path, build: Build) -> None:
    _some(folder, build)
    base = layout.generation_folder(folder / "index", manifest.read(folder / "index").generation)
    damage(next((base / layout.VECTORS).iterdir()), "flipped", folder)


@dataclass(frozen=True, slots=True)
class Case:
    """What lies there before, the command, and the folder below which calls fail."""

    prepare: Callable[[Path, Build], None]
    arguments: tuple[str, ...]
    below: str = ""
    checkpoint: float | None = None
    again: tuple[tuple[str, ...], ...] = ()
    """The commands after the fault, where they are others."""


_REPAIR = ("doctor", "--repair", "--index", "index")
_INDEX = ("index", "corpus", "--index", "index", "--prune")
CASES = {
    "first": Case(_first, _INDEX),
    "adding": Case(_added, _INDEX),
    "changing": Case(_changed, _INDEX),
    "removing": Case(_removed, ("remove", "report-2014", "--index", "index"), again=(_INDEX,)),
    "merging": Case(_merged, _INDEX),
    "checkpoints": Case(_added, _INDEX, checkpoint=0.0),
    "inverted lists": Case(_added, (*_INDEX, "--index-type", "ivf")),
    "repairing": Case(_damaged, _REPAIR, checkpoint=0.0, again=(_REPAIR, _INDEX)),
    "catalogue": Case(_added, (*_INDEX, "--write-catalogue"), "corpus"),
}


@dataclass(slots=True)
class Bench:
    """A case being tried in a folder of its own: what came out with no fault, before and after."""

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

    def __post_init__(self) -> None:
        self.work, self.whole = self.folder / "work", self.folder / "whole"
        self.work.mkdir(parents=True)
        self.case.prepare(self.work, lambda: self.run_whole(_INDEX))
        shutil.copytree(self.work, self.whole)
        self.before = None if self.case.prepare in (_first, _damaged) else answers(self.work / "index")
        self.calls = self.run()
        assert self.calls.code == 0, self.calls
        fresh = self.folder / "fresh"
        build(fresh, plan([self.work / "corpus"]), HashEncoder())
        self.after = answers(self.work / "index")
        self.catalogue = self._catalogue()
        assert self.after == answers(fresh) or "remove" in self.case.arguments

    def run(self, mode: Mode = "record", at: int = 0, error: int = errno.ENOSPC) -> Run:
        """The case's command with a fault."""
        arguments = self.paths(self.case.arguments)
        return self.faults.run(arguments, [self.work], mode=mode, at=at, error=error, checkpoint=self.case.checkpoint)

    def run_whole(self, arguments: Sequence[str]) -> Run:
        """A command without a fault, and without waiting for the disk."""
        return self.faults.run(self.paths(arguments), [self.work])

    def paths(self, arguments: Sequence[str]) -> list[str]:
        """A command with the folders of this bench."""
        names = ("corpus", "index")
        return [str(self.work / one) if one in names and place else one for place, one in enumerate(arguments)]

    def restore(self) -> None:
        """Have everything as it was before."""
        shutil.rmtree(self.work)
        shutil.copytree(self.whole, self.work)

    def try_one(self, mode: Mode, at: int, error: int) -> None:
        """Have a call fail, and look at what is left."""
        self.restore()
        what = f"{mode} {errno.errorcode.get(error, '')} at {at} of {' '.join(self.case.arguments)}"
        found = self.run(mode, at, error)
        self.tried += 1
        self.problems += [f"{what}: {one}" for one in [*self._said(found, mode, error), *self._left(found)]]

    def cut_power(self, at: int, *, unsynced: bool = False) -> None:
        """Have the power go at a call: what was not synced is lost. `unsynced` leaves the syncing of files out."""
        self.restore()
        what = f"no power at {at} of {' '.join(self.case.arguments)}"
        arguments = self.paths(self.case.arguments)
        found = self.faults.run(
            arguments, [self.work], mode="crash", at=at, checkpoint=self.case.checkpoint, unsynced=unsynced
        )
        disk = Disk(self.work, self.whole).after(found.log)
        disk.write(self.folder / "disk")
        shutil.rmtree(self.work)
        (self.folder / "disk").rename(self.work)
        self.tried += 1
        self.problems += [f"{what}: {one}" for one in self._left(found)]

    def _said(self, found: Run, mode: Mode, error: int) -> Sequence[str]:
        if found.code == TRACEBACK or "Traceback" in found.err:
            return [f"a traceback: {found.err[-400:]}"]
        if mode == "crash":
            return [] if found.code == -9 or not found.hits else [f"ended with {found.code}"]
        if found.code == 0:
            return []
        lines = [one for one in found.err.splitlines() if one not in self.calls.err.splitlines()]
        if found.code != 1 or len(lines) != 1 or not lines[0].startswith("yearbook-qa: "):
            return [f"ended with {found.code} and {found.err!r}"]
        causes = (os.strerror(error), *(SAID if mode == "once" else ()))
        return [] if any(one in lines[0] for one in causes) else [f"says {lines[0]!r}"]

    def _left(self, found: Run) -> Sequence[str]:
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
        if now == self.after:
            self.as_after += 1
        elif now == self.before:
            self.as_before += 1
            if found.code == 0:
                problems.append("ended with 0, and nothing was done")
        else:
            problems.append("answers neither as before nor as after")
        for command in self.case.again or (self.case.arguments,):
            following = self.run_whole(command)
            if following.code:
                problems.append(f"the next run ended with {following.code}: {following.err[-400:]}")
        try:
            if answers(index) != self.after:
                problems.append("answers otherwise after the next run")
        except (IndexFolderError, OSError) as error:
            return [*problems, f"does not open after the next run: {error}"]
        return [*problems, *(f"left behind: {one}" for one in left_over(self.work))]

    def _catalogue(self) -> bytes | None:
        path = self.work / "corpus" / "corpus.toml"
        return path.read_bytes() if path.exists() else None


def left_over(work: Path) -> list[str]:
    """What lies in the folders of a case that nobody needs."""
    index = work / "index"
    said = manifest.read(index)
    base = layout.generation_folder(index, said.generation)
    named = {base / name for name in said.files} | {index / layout.MANIFEST, index / layout.LOCK}
    found = []
    for one in sorted(index.rglob("*")):
        if one.is_dir():
            expected = any(one in file.parents for file in named) or one == index / stored.FOLDER
        else:
            expected = one in named or one.suffix == ".lock"
            expected |= one.parent == index / stored.FOLDER and one.suffix == ".json"
        if not expected:
            found.append(one.relative_to(work).as_posix())
    there = {"corpus.toml"} | {f"report-{year}.txt" for year in range(2000, 2030)}
    return found + [one for one in sorted(one.name for one in (work / "corpus").iterdir()) if one not in there]


def chosen(bench: Bench, count: int | None) -> list[tuple[Mode, int, int]]:
    """The faults of a case: all, or so many of them by chance."""
    every: list[tuple[Mode, int, int]] = []
    for at, call in enumerate(bench.calls.log, 1):
        if not Path(call.path).is_relative_to(bench.work / bench.case.below):
            continue
        kinds = [one for one in KINDS if one[0] != "short" or call.kind == "W"]
        every += [(mode, at, error) for mode, error in kinds]
    if count is None or count >= len(every):
        return every
    return sorted(random.Random(5).sample(every, count), key=every.index)  # noqa: S311
