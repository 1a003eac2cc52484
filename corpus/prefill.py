"""A prefilled `corpus.toml`: what was inferred, for a person to check and complete."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

from corpus import catalogue
from corpus.errors import CatalogueError, UnreadableFile
from corpus.load import Plan, Source
from corpus.records import Document

_HEADER = """\
# What the files in this folder are, prefilled from what their texts say. Check the lines marked "inferred", complete
# those that are commented out, then run `yearbook-qa index` again. `edition` is the year on the cover; `covers` is the
# year, or [first, last] years, whose events the document describes.
"""
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
            _append(target, "\n".join(tables))
            done |= {source.id for source in sources}
            written += [] if target in written else [target]
    return written


def _append(target: Path, tables: str) -> None:
    """Add tables to a catalogue, in its own line ends, by replacing the file at once: a full disk loses nothing."""
    before = target.read_bytes() if target.exists() else _HEADER.encode()
    line_end = "\r\n" if b"\r\n" in before else "\n"
    gap = "" if before.endswith(b"\n") or not before else line_end
    content = before + (gap + line_end + tables.replace("\n", line_end)).encode()
    try:
        tomllib.loads(content.decode("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:  # `document = [...]` cannot be added to
        raise CatalogueError(f"{target}: cannot be added to: write its documents as [[document]] tables") from error
    beside = target.with_name(f".{target.name}.new")
    try:
        beside.write_bytes(content)
        beside.replace(target.resolve())
    finally:
        beside.unlink(missing_ok=True)


def _table(source: Source, folder: Path, read: Callable[[Source], Document]) -> str | None:
    try:
        document = read(source)
    except (UnreadableFile, OSError):
        return None  # reported by the build
    relative = source.path.resolve().relative_to(folder.resolve()).as_posix()
    lines = ["[[document]]", f"file = {_toml(relative)}"]
    for key in _KEYS:
        value = document.id if key == "id" else getattr(document, key)
        if key != "id" and document.origins.get(key) == "catalogue":
            continue  # said by the defaults, and better changed there
        if isinstance(value, tuple):
            value = value[0] if value[0] == value[1] else list(value)
        if value is None or catalogue.problem(key, value) is not None:
            lines.append(f"# {key} =  # unknown{_EXAMPLES.get(key, '')}")
        else:
            inferred = document.origins.get(key) == "inferred"
            lines.append(f"{key} = {_toml(value)}{'  # inferred' if inferred else ''}")
    return "\n".join(lines) + "\n"


def _toml(value: str | int | Sequence[int]) -> str:
    if isinstance(value, str):
        escaped = "".join(
            f"\\u{ord(character):04x}" if ord(character) < 32 or ord(character) == 127 else character
            for character in value.replace("\\", "\\\\").replace('"', '\\"')
        )
        return f'"{escaped}"'
    return str(list(value)) if not isinstance(value, int) else str(value)
