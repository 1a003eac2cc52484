"""The cases of fault injection: a folder with `corpus` and `index`, and the command that runs while calls fail."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from corpus.ingest import plan
from index import layout, manifest
from index.building.build import build as build_index
from index.building.prepare import prepare_batches
from index.errors import BuildInterrupted
from tests.factories.damaged_index import damage, write_report
from tests.index.building.test_interruption import Interrupting

Build = Callable[[], object]
"""Updates the index of a case to its corpus."""


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


def _interrupted(folder: Path, build: Build) -> None:
    _added(folder, build)
    _years(folder / "corpus", 2020)
    with suppress(BuildInterrupted):
        build_index(
            folder / "index",
            plan([folder / "corpus"]),
            Interrupting(12),
            checkpoint=0,
            prepare=lambda *asked: ([item] for batch in prepare_batches(*asked) for item in batch),
        )
    (left,) = set(layout.list_generations(folder / "index")) - {manifest.read(folder / "index").generation}
    records = sqlite3.connect(layout.records_file(layout.generation_folder(folder / "index", left)))
    assert records.execute("SELECT id FROM document").fetchall() == [("report-2018",)]
    records.close()


@dataclass(frozen=True, slots=True)
class Case:
    """The preparation of the folder, the command, and the folder below which calls fail."""

    prepare: Callable[[Path, Build], None]
    arguments: tuple[str, ...]
    below: str = ""
    checkpoint: float | None = None
    answers_before: bool = True
    """Whether there is a sound index before the command."""
    again: tuple[tuple[str, ...], ...] = ()
    """The commands to run after the fault, where they differ."""


_REPAIR = ("doctor", "--repair", "--index", "index")
INDEX = ("index", "corpus", "--index", "index", "--prune")
CASES = {
    "first": Case(_first, INDEX, answers_before=False),
    "adding": Case(_added, INDEX),
    "changing": Case(_changed, INDEX),
    "removing": Case(_removed, ("remove", "report-2014", "--index", "index"), again=(INDEX,)),
    "merging": Case(_merged, INDEX),
    "checkpoints": Case(_added, INDEX, checkpoint=0.0),
    "going on": Case(_interrupted, INDEX, checkpoint=0.0),
    "inverted lists": Case(_added, (*INDEX, "--index-type", "ivf")),
    "repairing": Case(_damaged, _REPAIR, checkpoint=0.0, answers_before=False, again=(_REPAIR, INDEX)),
    "catalogue": Case(_added, (*INDEX, "--write-catalogue"), "corpus"),
}
