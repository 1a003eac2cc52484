"""A prefilled `corpus.toml`: what was inferred, for a person to check and complete."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from corpus.catalogue import catalogue
from corpus.catalogue.edit import append, toml
from corpus.errors import UnreadableFile
from corpus.ingest import Plan, Source
from corpus.records import Document

_KEYS = ("id", "series", "title", "publisher", "edition", "covers", "published", "part", "url", "language")
_EXAMPLES = {
    "edition": ": a year, as 2016",
    "covers": ": a year, as 2015, or two, as [2014, 2015]",
    "published": ': a date, as "2016-04-01"',
    "language": ': a code, as "en"',
}


def write_catalogues(plan: Plan, read: Callable[[Source], Document]) -> list[Path]:
    """Write, or add to, the `corpus.toml` of each root folder what it does not list yet; returns the files written.

    A catalogue that is there keeps every character it has. Raises OSError where a folder cannot be written,
    CatalogueError where nothing can be added to its catalogue.
    """
    written: list[Path] = []
    done: set[str] = set()
    # A file under two roots goes to the catalogue of the inner one, which is read first.
    for root in sorted(plan.roots, key=lambda root: -len(root.parts)):
        folder = root if root.is_dir() else root.parent
        sources = [
            one
            for one in plan.sources
            if not one.listed and one.record is None and one.id not in done and one.path.resolve().is_relative_to(root)
        ]
        tables = [table for source in sources if (table := _table(source, folder, read)) is not None]
        if tables:
            target = folder / catalogue.NAME
            append(target, "\n".join(tables))
            done |= {source.id for source in sources}
            written += [] if target in written else [target]
    return written


def _table(source: Source, folder: Path, read: Callable[[Source], Document]) -> str | None:
    try:
        document = read(source)
    except (UnreadableFile, OSError):
        return None  # reported by the build
    relative = source.path.resolve().relative_to(folder.resolve()).as_posix()
    lines = ["[[document]]", f"file = {toml(relative)}"]
    for key in _KEYS:
        value = document.id if key == "id" else getattr(document, key)
        if key != "id" and document.origins.get(key) == "catalogue":
            continue  # said by the defaults, and better changed there
        if isinstance(value, tuple):
            value = value[0] if value[0] == value[1] else list(value)
        if value is None or catalogue.field_problem(key, value) is not None:
            lines.append(f"# {key} =  # unknown{_EXAMPLES.get(key, '')}")
        else:
            inferred = document.origins.get(key) == "inferred"
            lines.append(f"{key} = {toml(value)}{'  # inferred' if inferred else ''}")
    return "\n".join(lines) + "\n"
