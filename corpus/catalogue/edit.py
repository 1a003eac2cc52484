"""A `corpus.toml` is added to and taken from, and keeps every other character it has."""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from corpus.catalogue.toml_lines import TomlLines
from corpus.errors import CatalogueError

_HEADER = """\
# What the files in this folder are, prefilled from what their texts say. Check the lines marked "inferred", complete
# those that are commented out, then run `yearbook-qa index` again. `edition` is the year on the cover; `covers` is the
# year, or [first, last] years, whose events the document describes.
"""


def table(file: str, values: Mapping[str, Any]) -> str:
    """A `[[document]]` table for a file, with these values in their order."""
    lines = ["[[document]]", f"file = {toml(file)}", *(f"{key} = {toml(value)}" for key, value in values.items())]
    return "\n".join(lines) + "\n"


def append(target: Path, tables: str) -> None:
    """Add tables to a catalogue, in its own line ends, by replacing the file at once: a full disk loses nothing.

    Raises OSError, and CatalogueError where nothing can be added to it.
    """
    before = target.read_bytes() if target.exists() else _HEADER.encode()
    line_end = "\r\n" if b"\r\n" in before else "\n"
    gap = "" if before.endswith(b"\n") or not before else line_end
    content = before + (gap + line_end + tables.replace("\n", line_end)).encode()
    try:
        tomllib.loads(content.decode("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:  # `document = [...]` cannot be added to
        raise CatalogueError(f"{target}: cannot be added to: write its documents as [[document]] tables") from error
    _replace(target, content)


def remove(target: Path, files: Collection[str]) -> None:
    """Take out the tables that list these files by their path. Raises OSError, and CatalogueError where that fails."""
    before = target.read_bytes()
    data = tomllib.loads(before.decode("utf-8-sig"))
    tables = data.get("document", [])
    listed = [number for number, one in enumerate(tables) if one.get("file") in files]
    if not listed:
        return
    text = before.decode("utf-8")
    spans = TomlLines(text.replace("\r\n", "\n")).spans("document")
    gone = {line for number in listed if number < len(spans) for line in range(*spans[number])}
    content = "".join(line for place, line in enumerate(text.splitlines(keepends=True), 1) if place not in gone)
    data["document"] = [one for number, one in enumerate(tables) if number not in listed]
    if not data["document"]:
        del data["document"]
    try:
        is_right = tomllib.loads(content.removeprefix("\ufeff")) == data
    except tomllib.TOMLDecodeError:
        is_right = False
    if not is_right:
        raise CatalogueError(f"{target}: {', '.join(sorted(files))} cannot be taken out of it: do that by hand")
    _replace(target, content.encode())


@contextmanager
def restored(target: Path) -> Iterator[None]:
    """Within it a catalogue is changed; where that fails, it is as it was, by a rename, which a full disk allows."""
    aside = _aside(target)
    was_there = target.exists()
    if was_there:
        aside.unlink(missing_ok=True)
        try:
            os.link(target, aside)  # what changes the catalogue puts another file in its place
        except OSError:
            shutil.copyfile(target, aside)
    try:
        yield
    except BaseException:
        if was_there:
            aside.replace(target)
        else:
            target.unlink(missing_ok=True)
        raise
    finally:
        aside.unlink(missing_ok=True)  # where it is the same file, replacing did nothing


def recover(target: Path) -> None:
    """Put back the catalogue that was there when a program began to change it that was killed within `restored`."""
    with suppress(FileNotFoundError):
        _aside(target).replace(target)


def _aside(target: Path) -> Path:
    return target.with_name(f".{target.name}.before")


def _replace(target: Path, content: bytes) -> None:
    beside = target.with_name(f".{target.name}.new")
    try:
        with beside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())  # else a power cut may leave the new name without the contents
        beside.replace(target.resolve())
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def toml(value: str | int | Sequence[int]) -> str:
    """A value as TOML."""
    if isinstance(value, str):
        escaped = "".join(
            f"\\u{ord(character):04x}" if ord(character) < 32 or ord(character) == 127 else character
            for character in value.replace("\\", "\\\\").replace('"', '\\"')
        )
        return f'"{escaped}"'
    return str(list(value)) if not isinstance(value, int) else str(value)
