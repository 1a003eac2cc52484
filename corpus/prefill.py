"""A prefilled `corpus.toml`: what was inferred, for a person to check and complete."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from corpus import catalogue
from corpus.errors import UnreadableFile
from corpus.load import Plan, Source
from corpus.records import Document

_HEADER = """\
# What the files in this folder are, prefilled from what their texts say. Check the lines marked "inferred", complete
# those that are commented out, then run `yearbook-qa index` again. `edition` is the year on the cover; `covers` is the
# year, or [first, last] years, whose events the document describes.
"""
_KEYS = ("id", "series", "title", "publisher", "edition", "covers", "published", "part", "url", "language")


def write_catalogues(plan: Plan, read: Callable[[Source], Document]) -> list[Path]:
    """Write, or add to, the `corpus.toml` of each root folder what it does not list yet; returns the files written."""
    written: list[Path] = []
    for root in plan.roots:
        folder = root if root.is_dir() else root.parent
        sources = [
            one
            for one in plan.sources
            if not one.listed and one.record is None and one.path.resolve().is_relative_to(root)
        ]
        tables = [table for source in sources if (table := _table(source, folder, read)) is not None]
        if not tables:
            continue
        target = folder / catalogue.NAME
        before = target.read_text(encoding="utf-8-sig").rstrip("\n") + "\n" if target.exists() else _HEADER
        target.write_text("\n".join([before, *tables]), encoding="utf-8")
        written.append(target)
    return written


def _table(source: Source, folder: Path, read: Callable[[Source], Document]) -> str | None:
    try:
        document = read(source)
    except (UnreadableFile, OSError):
        return None  # reported by the build
    relative = source.path.resolve().relative_to(folder.resolve()).as_posix()
    lines = ["[[document]]", f"file = {_toml(relative)}"]
    for key in _KEYS:
        value = document.id if key == "id" else getattr(document, key)
        if isinstance(value, tuple):
            value = value[0] if value[0] == value[1] else list(value)
        if value is None:
            lines.append(f"# {key} =")
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
