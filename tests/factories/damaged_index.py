"""A small index of two builds, and ways to damage each of its files."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

from corpus.ingest import plan
from index import layout, manifest
from index.building.build import build
from index.ranking.search import Index
from tests.factories.encoders import HashEncoder

HARBOURS = (2012, 2014, 2016, 2020, 2022)
DAMAGES = ("flipped", "cut", "emptied", "removed", "swapped", "zeroed")
QUESTIONS = ("crowns paid in district 3", "fund 7", "costs of harbour 11", "the", "district 9 in 2021")

Shown = tuple[str, float, str, tuple[object, ...]]
"""What a user sees of a hit: id, score, text, and the title, edition and covered years of its document."""


def write_report(corpus: Path, year: int) -> None:
    """Write a report that shares no sentence with another."""
    corpus.mkdir(exist_ok=True)
    paragraphs = "\n\n".join(
        f"{n}. District {n}\n\nIn {year - 1} the fund {n % 5} paid {year * n} crowns in district {n}. "
        f"The costs of harbour {n} were {n * 7} crowns in {year - 1}."
        for n in range(1, 13)
    )
    (corpus / f"report-{year}.txt").write_text(f"Harbour Report {year}\n\n{paragraphs}\n", encoding="utf-8")


def indexed(folder: Path) -> Path:
    """Build an index of two segments and two shards per kind, with a removed document; return its folder."""
    corpus = folder / "corpus"
    for year in (2012, 2014, 2016, 2018, 2020):
        write_report(corpus, year)
    build(folder / "index", plan([corpus]), HashEncoder())
    (corpus / "report-2018.txt").unlink()
    write_report(corpus, 2022)
    build(folder / "index", plan([corpus]), HashEncoder(), prune=True)
    return folder / "index"


def files(folder: Path) -> Iterator[str]:
    """Yield the files of an index, relative to its folder."""
    written = manifest.read(folder)
    yield layout.MANIFEST
    for name in written.files:
        yield f"{layout.GENERATIONS}/{written.generation}/{name}"


def copied(healthy: Path, tmp_path: Path) -> Path:
    """Copy an index, replacing the previous copy."""
    shutil.rmtree(tmp_path / "index", ignore_errors=True)
    shutil.copytree(healthy, tmp_path / "index")
    return tmp_path / "index"


def damage(path: Path, kind: str, folder: Path) -> bool:
    """Damage a file in one of the ways of DAMAGES; return False where that changes nothing."""
    whole = path.read_bytes()
    if not whole:
        return False
    place = random.Random(path.name).randrange(len(whole))  # noqa: S311
    if kind == "removed":
        path.unlink()
        return True
    if kind == "swapped":
        other = next(
            path for path in sorted(folder.rglob("*")) if path.is_file() and path.read_bytes() not in (b"", whole)
        )
        changed = other.read_bytes()
    else:
        half = len(whole) // 2
        changed = {
            "flipped": whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :],
            "cut": whole[:half],
            "emptied": b"",
            "zeroed": whole[:half] + bytes(len(whole) - half),
        }[kind]
    path.write_bytes(changed)
    return changed != whole


def answers(folder: Path) -> list[Shown]:
    """Return what a user sees of the best hits of some questions."""
    opened = Index(folder)
    return [
        (hit.id, hit.score, hit.stored.passage.text, (hit.document.title, hit.document.edition, hit.document.covers))
        for text in QUESTIONS
        for hit in opened.search(text, HashEncoder(), 20).hits
    ]
