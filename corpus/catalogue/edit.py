"""Add tables to a `corpus.toml` and remove them; all other characters are preserved.

`write_catalogues` adds tables with the inferred metadata, for a person to check and complete.
"""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.catalogue.catalogue import NAME, ORIGIN_COMMENTS, TomlLines, field_problem
from corpus.errors import CatalogueError, UnreadableFile
from corpus.filesystem import replace_file
from corpus.records import METADATA_FIELDS

if TYPE_CHECKING:
    from corpus.ingest import Plan, Source
    from corpus.records import Document

_HEADER = """\
# Metadata of the files in this folder, prefilled from their texts and names. Check the lines marked "inferred" and
# remove the mark, complete those that are commented out, then run `yearbook-qa index` again. `edition` is the year on
# the cover; `covers` is the year, or [first, last] years, whose events the document describes.
"""

_KEYS = ("id", "series", *(field for field in METADATA_FIELDS if field != "series"))
"""Keys of a prefilled table in their order: the series first, as the title is of a document in it."""

_EXAMPLES = {
    "edition": ": a year, such as 2016",
    "covers": ": a year, such as 2015, or two, such as [2014, 2015]",
    "published": ': a date, such as "2016-04-01"',
    "language": ': a code, such as "en"',
}


def table(file: str, values: Mapping[str, Any]) -> str:
    """Return a `[[document]]` table for a file, with the values in their order."""
    lines = ["[[document]]", f"file = {toml(file)}", *(f"{key} = {toml(value)}" for key, value in values.items())]
    return "\n".join(lines) + "\n"


def append(target: Path, tables: str) -> None:
    """Add tables to a catalogue with its own line ends. The file is replaced atomically: a full disk loses nothing.

    Raises OSError, or CatalogueError if the catalogue has no place for tables.
    """
    before = target.read_bytes() if target.exists() else _HEADER.encode()
    line_end = "\r\n" if b"\r\n" in before else "\n"
    gap = "" if before.endswith(b"\n") or not before else line_end
    content = before + (gap + line_end + tables.replace("\n", line_end)).encode()
    try:
        tomllib.loads(content.decode("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:  # `document = [...]` cannot be added to
        raise CatalogueError(f"{target}: no table can be added: write its documents as [[document]] tables") from error
    replace_file(target, content)


def remove(target: Path, files: Collection[str]) -> None:
    """Remove the tables that list these files by their path. Raises OSError, or CatalogueError if that fails."""
    before = target.read_bytes()
    data = tomllib.loads(before.decode("utf-8-sig"))
    tables = data.get("document", [])
    listed = [number for number, document in enumerate(tables) if document.get("file") in files]
    if not listed:
        return
    text = before.decode("utf-8")
    spans = TomlLines(text.replace("\r\n", "\n")).spans("document")
    removed = {line for number in listed if number < len(spans) for line in range(*spans[number])}
    content = "".join(line for place, line in enumerate(text.splitlines(keepends=True), 1) if place not in removed)
    data["document"] = [document for number, document in enumerate(tables) if number not in listed]
    if not data["document"]:
        del data["document"]
    try:
        is_intact = tomllib.loads(content.removeprefix("\ufeff")) == data
    except tomllib.TOMLDecodeError:
        is_intact = False
    if not is_intact:
        raise CatalogueError(
            f"{target}: {', '.join(sorted(files))} cannot be removed automatically: edit the file by hand"
        )
    replace_file(target, content.encode())


@contextmanager
def restored(target: Path) -> Iterator[None]:
    """Restore the catalogue if the body raises; by a rename, which works on a full disk."""
    backup = _backup(target)
    existed = target.exists()
    if existed:
        backup.unlink(missing_ok=True)
        try:
            os.link(target, backup)  # changes replace the file, so the link keeps the old contents
        except OSError:
            shutil.copyfile(target, backup)
    try:
        yield
    except BaseException:
        if existed:
            backup.replace(target)
        else:
            target.unlink(missing_ok=True)
        raise
    finally:
        backup.unlink(missing_ok=True)  # replacing a file by a link to itself does nothing


def recover(target: Path) -> None:
    """Restore the catalogue after a process was killed within `restored`."""
    with suppress(FileNotFoundError):
        _backup(target).replace(target)


def _backup(target: Path) -> Path:
    return target.with_name(f".{target.name}.before")


def toml(value: str | int | Sequence[int]) -> str:
    """Return a value as TOML."""
    if isinstance(value, str):
        escaped = "".join(
            f"\\u{ord(character):04x}" if ord(character) < 32 or ord(character) == 127 else character
            for character in value.replace("\\", "\\\\").replace('"', '\\"')
        )
        return f'"{escaped}"'
    return str(list(value)) if not isinstance(value, int) else str(value)


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
        tables = [table for source in sources if (table := _prefilled_table(source, folder, read)) is not None]
        if tables:
            target = folder / NAME
            append(target, "\n".join(tables))
            done |= {source.id for source in sources}
            written += [] if target in written else [target]
    return written


def _prefilled_table(source: Source, folder: Path, read: Callable[[Source], Document]) -> str | None:
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
        if value is None or field_problem(key, value) is not None:
            lines.append(f"# {key} =  # unknown{_EXAMPLES.get(key, '')}")
        else:
            comment = ORIGIN_COMMENTS.get(document.origins.get(key, "unknown"), "")
            lines.append(f"{key} = {toml(value)}  {comment}".rstrip())
    return "\n".join(lines) + "\n"
