"""Write a `corpus.toml` with the inferred metadata, for a person to check and complete."""

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
    "edition": ": a year, such as 2016",
    "covers": ": a year, such as 2015, or two, such as [2014, 2015]",
    "published": ': a date, such as "2016-04-01"',
    "language": ': a code, such as "en"',
}


def write_catalogues(plan: Plan, read: Callable[[Source], Document]) -> list[Path]:
    """Add the files that are not listed yet to the `corpus.toml` of each root folder.

    Args:
        plan: The plan of the folders.
        read: Reads a source.

    Returns:
        The catalogues that were written. Existing text in them is kept.

    Raises:
        OSError: A folder cannot be written.
        CatalogueError: Nothing can be added to an existing catalogue.
    """
    written: list[Path] = []
    done: set[str] = set()
    # Inner roots first: a file under two roots goes to the catalogue of the inner one.
    for root in sorted(plan.roots, key=lambda root: -len(root.parts)):
        folder = root if root.is_dir() else root.parent
        sources = [
            source
            for source in plan.sources
            if not source.listed
            and source.record is None
            and source.id not in done
            and source.path.resolve().is_relative_to(root)
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
            continue  # stated by the defaults, and better changed there
        if isinstance(value, tuple):
            value = value[0] if value[0] == value[1] else list(value)
        if value is None or catalogue.field_problem(key, value) is not None:
            lines.append(f"# {key} =  # unknown{_EXAMPLES.get(key, '')}")
        else:
            comment = catalogue.ORIGIN_COMMENTS.get(document.origins.get(key, "unknown"), "")
            lines.append(f"{key} = {toml(value)}  {comment}".rstrip())
    return "\n".join(lines) + "\n"
