"""`corpus.toml`: what the files of a folder are. Parsed and checked here; what it leaves out is inferred elsewhere."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path, PurePosixPath
from typing import Any

from corpus.errors import CatalogueError

NAME = "corpus.toml"
ID_PATTERN = re.compile(r"[A-Za-z0-9._-]+")
_TEXTS = ("title", "series", "publisher", "part", "url", "language")
_DEFAULTS = frozenset({*_TEXTS, "edition", "covers", "published", "edition_from"})
_KEYS = _DEFAULTS | {"file", "id"}
_EARLIEST, _LATEST = 1000, 2999


@dataclass(frozen=True, slots=True)
class Entry:
    """What a catalogue says of a file; None where it is silent."""

    id: str | None = None
    title: str | None = None
    series: str | None = None
    publisher: str | None = None
    edition: int | None = None
    covers: tuple[int, int] | None = None
    published: str | None = None
    part: str | None = None
    url: str | None = None
    language: str | None = None

    def over(self, other: Entry) -> Entry:
        """The entry with what it leaves out taken from the other."""
        return replace(
            other, **{one.name: value for one in fields(self) if (value := getattr(self, one.name)) is not None}
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """One `[[document]]` table: the pattern of its files and what holds for them."""

    file: str
    line: int
    entry: Entry
    edition_from: re.Pattern[str] | None

    @property
    def is_glob(self) -> bool:
        """Whether the pattern can match several files."""
        return any(character in self.file for character in "*?[")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A parsed `corpus.toml`, at its folder."""

    folder: Path
    rules: tuple[Rule, ...] = ()
    defaults: Entry = field(default_factory=Entry)
    edition_from: re.Pattern[str] | None = None

    def entry(self, file: Path) -> tuple[Entry, bool]:
        """What holds for a file under this folder, and whether a rule lists it. An exact path beats a pattern."""
        relative = PurePosixPath(file.relative_to(self.folder).as_posix())
        matching = [rule for rule in self.rules if _matches(relative, rule)]
        rule = next((rule for rule in matching if not rule.is_glob), matching[0] if matching else None)
        entry = rule.entry if rule is not None else Entry()
        pattern = rule.edition_from if rule is not None and rule.edition_from is not None else self.edition_from
        if pattern is not None and entry.edition is None and (match := pattern.search(file.name)):
            entry = replace(entry, edition=int(match[1]))
        return entry.over(self.defaults), rule is not None

    def missing(self) -> list[str]:
        """Patterns of rules that no file there matches."""
        return [rule.file for rule in self.rules if not any(True for _ in self.folder.glob(rule.file))]


def _matches(relative: PurePosixPath, rule: Rule) -> bool:
    if not rule.is_glob:
        return relative == PurePosixPath(rule.file)
    pattern = PurePosixPath(rule.file)
    return len(pattern.parts) == len(relative.parts) and relative.match(rule.file)


def read(path: Path) -> Catalogue:
    """Parse and check a `corpus.toml`. Raises CatalogueError naming file, line and key."""
    try:
        source = path.read_text(encoding="utf-8-sig")
        data = tomllib.loads(source)
    except UnicodeDecodeError as error:
        raise CatalogueError(f"{path}: not UTF-8 text (byte {error.start}): save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{path}: not valid TOML: {error}") from error
    except OSError as error:
        raise CatalogueError(f"{path}: cannot be read: {error.strerror}") from error
    return parse(data, source, path)


def parse(data: Mapping[str, Any], source: str, path: Path) -> Catalogue:
    """Check parsed TOML; `source` is its text, for line numbers."""
    lines = _Lines(path, source)
    for key in data:
        if key not in ("defaults", "document"):
            raise lines.error(f"unknown key `{key}` (known at the top: [defaults], [[document]])", key)
    defaults = data.get("defaults", {})
    if not isinstance(defaults, dict):
        raise lines.error("`defaults` must be a table: write [defaults]", "defaults")
    documents = data.get("document", [])
    if not isinstance(documents, list) or not all(isinstance(table, dict) for table in documents):
        raise lines.error("`document` must be a list of tables: write [[document]]", "document")
    base, base_pattern = _entry(defaults, _DEFAULTS, lines, "defaults", 0)
    rules: list[Rule] = []
    for number, table in enumerate(documents):
        entry, pattern = _entry(table, _KEYS, lines, "document", number)
        file = table.get("file")
        if not isinstance(file, str) or not file.strip():
            raise lines.error("`file` is missing: the path or pattern of the document's file", None, "document", number)
        if PurePosixPath(file).is_absolute() or ".." in PurePosixPath(file).parts or re.match(r"[A-Za-z]:|\\", file):
            raise lines.error(f'file = "{file}" leads out of the folder of {NAME}', "file", "document", number)
        rule = Rule(file, lines.find("file", "document", number), entry, pattern)
        if rule.is_glob and entry.id is not None:
            raise lines.error(f'`id` cannot be given for a pattern of files ("{file}")', "id", "document", number)
        for other in rules:
            if not rule.is_glob and other.file == rule.file:
                raise lines.error(f'"{file}" is listed twice (first in line {other.line})', "file", "document", number)
            if entry.id is not None and entry.id == other.entry.id:
                raise lines.error(
                    f'two documents with the id "{entry.id}": {other.file} (line {other.line}) and {file}',
                    "id",
                    "document",
                    number,
                )
        rules.append(rule)
    return Catalogue(path.parent, tuple(rules), base, base_pattern)


def _entry(
    table: Mapping[str, Any], known: frozenset[str], lines: _Lines, header: str, number: int
) -> tuple[Entry, re.Pattern[str] | None]:
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            raise lines.error(f"unknown key `{key}` (known: {', '.join(sorted(known))})", key, header, number)
        problem = _problem(key, value)
        if problem is not None:
            raise lines.error(f"{key} = {value!r}: {problem}", key, header, number)
        if key == "covers":
            values[key] = (value, value) if isinstance(value, int) else tuple(value)
        elif key == "published":
            values[key] = str(value)
        elif key not in ("file", "edition_from"):
            values[key] = value
    pattern = table.get("edition_from")
    return Entry(**values), re.compile(pattern) if pattern is not None else None


def _problem(key: str, value: Any) -> str | None:
    """Why the value cannot be that key's, or None."""
    if key in _TEXTS or key == "file":
        return None if isinstance(value, str) and value.strip() else "must be a text that is not empty"
    if key == "id":
        return None if isinstance(value, str) and ID_PATTERN.fullmatch(value) else "may hold only A-Z a-z 0-9 . _ -"
    if key == "edition":
        return None if _is_year(value) else "must be a year, as 2016"
    if key == "covers":
        span = [value, value] if _is_year(value) else value
        right = isinstance(span, list) and len(span) == 2 and all(map(_is_year, span)) and span[0] <= span[1]
        return None if right else "must be a year or [first year, last year]"
    if key == "published":
        return None if re.fullmatch(r"\d{4}(-\d\d){0,2}", str(value)) else "must be a date, as 2016-04-01"
    return _pattern_problem(value)


def _pattern_problem(value: Any) -> str | None:
    try:
        pattern = re.compile(value)
    except (re.error, TypeError) as error:
        return f"must be a regular expression: {error}"
    return None if pattern.groups == 1 else "must have one group, that of the year, as '^(\\d{4})'"


def _is_year(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and _EARLIEST <= value <= _LATEST


class _Lines:
    """Finds the line of a key for a message; the TOML parser does not tell it."""

    def __init__(self, path: Path, source: str) -> None:
        self.path, self.lines = path, source.split("\n")

    def find(self, key: str | None, header: str | None = None, number: int = 0) -> int:
        """Line (from 1) of the key in the numbered table of that header; of the header where there is no key."""
        seen, inside, fallback = -1, header is None, 1
        for position, line in enumerate(self.lines, 1):
            table = re.match(r"\s*\[{1,2}\s*([A-Za-z_]+)", line)
            if table is not None:
                seen += table[1] == header
                inside = header is not None and table[1] == header and seen == number
                if inside or (key == table[1] and header is None):
                    fallback = position
                if header is None and key == table[1]:
                    return position
            elif inside and key is not None and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]", line):
                return position
        return fallback

    def error(self, what: str, key: str | None, header: str | None = None, number: int = 0) -> CatalogueError:
        return CatalogueError(f"{self.path}, line {self.find(key, header, number)}: {what}")
