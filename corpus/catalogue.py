"""Parse and check `corpus.toml`, the metadata of the files in a folder; add tables to it, and remove them.

An edit preserves all other characters.
"""

from __future__ import annotations

import os
import re
import shutil
import tomllib
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, fields, replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from corpus import archives
from corpus.errors import CatalogueError, UnreadableFile
from corpus.filesystem import replace_file
from corpus.records import METADATA_FIELDS, Origin
from corpus.translation import gettext as _
from corpus.vocabulary import EARLIEST_IN_TEXT

NAME = "corpus.toml"
ORIGIN_COMMENTS: Mapping[Origin, str] = {"inferred": "# inferred", "file": "# from the file"}
"""Ends of the lines of values that no person has checked yet, by the origin that such a value still has."""

_UNREVIEWED_LINES = {origin: re.compile(rf"\s*([a-z]+)\s*=.*{comment}") for origin, comment in ORIGIN_COMMENTS.items()}
ID_PATTERN = re.compile(r"[A-Za-z0-9._-]+")
_TEXTS = frozenset(METADATA_FIELDS) - {"edition", "covers", "published"}
_DEFAULTS = frozenset({*METADATA_FIELDS, "edition_from"})
_KEYS = _DEFAULTS | {"file", "id"}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*")
_SCRIPT_URL = re.compile(r"\s*(?:javascript|vbscript|data)\s*:", re.IGNORECASE)

PATTERN_MAX_LENGTH = 1000
"""Maximum length of a pattern in characters."""

PATTERN_TIMEOUT = 1.0
"""Seconds per file name; usual patterns take microseconds."""

_LATEST = 2999
"""Last year that an entry can state, from `EARLIEST_IN_TEXT` on."""

_INERT = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|(?P<short>"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\')'
    r"|#[^\n]*",
    re.DOTALL,
)
"""Comments and multi-line strings, which hold no key or header. A short string can be a quoted key."""

_NAME = re.compile(r"""\s*(?:"([^"\n]*)"|'([^'\n]*)'|([A-Za-z0-9_-]+))\s*""")


@dataclass(frozen=True, slots=True)
class Entry:
    """The metadata that a catalogue states for a file; None for fields that it does not state.

    `unreviewed` are the fields on lines that still end with a mark of `--write-catalogue`, with their origins.
    """

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
    unreviewed: tuple[tuple[str, Origin], ...] = ()

    def with_defaults(self, defaults: Entry) -> Entry:
        """Return this entry with missing fields taken from `defaults`."""
        stated = {field.name: value for field in fields(self) if (value := getattr(self, field.name)) is not None}
        inherited = [(name, origin) for name, origin in defaults.unreviewed if name not in stated]
        return replace(defaults, **stated | {"unreviewed": (*self.unreviewed, *inherited)})

    def reviewed(self) -> Entry:
        """Return this entry without the values that no person has checked: they must not lead to others."""
        return replace(self, **dict.fromkeys((name for name, _ in self.unreviewed), None), unreviewed=())


@dataclass(frozen=True, slots=True)
class CatalogueRule:
    """A `[[document]]` table: the path or pattern of its files, and their metadata."""

    file: str
    is_glob: bool
    line: int
    entry: Entry
    edition_from: YearPattern | None

    def matches(self, relative: PurePosixPath) -> bool:
        """Return whether the rule lists a file; `relative` is relative to the folder of the catalogue."""
        wanted, parts = _parts(PurePosixPath(self.file)), _parts(relative)
        return parts == wanted or (self.is_glob and _matches(parts, wanted))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A parsed `corpus.toml` and its folder."""

    folder: Path
    rules: tuple[CatalogueRule, ...] = ()
    defaults: Entry = field(default_factory=Entry)
    edition_from: YearPattern | None = None

    def rule_of(self, file: Path) -> CatalogueRule | None:
        """Return the rule for a file: an exact path precedes patterns, an earlier pattern a later one."""
        relative = PurePosixPath(file.relative_to(self.folder).as_posix())
        matching = [rule for rule in self.rules if rule.matches(relative)]
        return next((rule for rule in matching if not rule.is_glob), matching[0] if matching else None)

    def entry(self, file: Path) -> tuple[Entry, bool]:
        """Return the metadata of a file under this folder, and whether a rule lists the file.

        The edition comes from the rule, else from a pattern over the file name, else from the defaults. Raises
        CatalogueError if such a pattern matches something that is not a year.
        """
        rule = self.rule_of(file)
        entry = rule.entry if rule is not None else Entry()
        pattern = rule.edition_from if rule is not None and rule.edition_from is not None else self.edition_from
        if pattern is not None and entry.edition is None:
            entry = replace(entry, edition=pattern.year(file.name))
        return entry.with_defaults(self.defaults), rule is not None

    def exact_files(self) -> list[Path]:
        """Return the files listed by their path, whether they exist or not."""
        return [self.folder / rule.file for rule in self.rules if not rule.is_glob]

    def missing(self, files: Iterable[Path]) -> list[str]:
        """Return the paths and patterns of the rules that match none of the files under the folder."""
        below = [PurePosixPath(file.relative_to(self.folder).as_posix()) for file in files]
        return [rule.file for rule in self.rules if not any(map(rule.matches, below))]


def _parts(path: PurePosixPath) -> tuple[str, ...]:
    """Return the parts in composed characters: macOS decomposes file names, editors compose them."""
    return tuple(unicodedata.normalize("NFC", part) for part in path.parts)


def _matches(parts: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    """Return whether a path matches a pattern: `**` matches any number of folders, at the end at least one part."""
    # Numbers of parts that the pattern so far can match, all at once: backtracking over many stars takes forever.
    matched = {0}
    for part in pattern:
        if part == "**":
            matched = set(range(min(matched, default=len(parts)), len(parts)))
        else:
            matched = {count + 1 for count in matched if count < len(parts) and fnmatchcase(parts[count], part)}
    return bool(matched) if pattern[-1:] == ("**",) else len(parts) in matched


def read(path: Path) -> Catalogue:
    """Parse and check a `corpus.toml`. Raises CatalogueError that names file, line and key."""
    try:
        source = archives.read_bytes(path).decode("utf-8-sig")
        data = tomllib.loads(source)
    except UnicodeDecodeError as error:
        raise CatalogueError(f"{path}: not UTF-8 text (byte {error.start}): save it as UTF-8") from error
    except (ValueError, RecursionError) as error:  # ValueError also for a number of thousands of digits
        raise CatalogueError(f"{path}: not valid TOML: {error}") from error
    except (OSError, UnreadableFile) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise CatalogueError(f"{path}: cannot be read: {reason}") from error
    return parse(data, source, path)


def parse(data: Mapping[str, Any], source: str, path: Path) -> Catalogue:
    """Check parsed TOML; `source` is its text, for line numbers. A name with `[` is looked up: it may be a file."""
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
    rules: list[CatalogueRule] = []
    unreviewed = lines.unreviewed()
    for number, table in enumerate(documents):
        rule = _rule(table, lines, number, path.parent)
        if number in unreviewed:
            rule = replace(rule, entry=replace(rule.entry, unreviewed=unreviewed[number]))
        for other in rules:
            if not rule.is_glob and other.file == rule.file:
                raise lines.error(
                    f'"{rule.file}" is listed twice (first in line {other.line})', "file", "document", number
                )
            if rule.entry.id is not None and rule.entry.id == other.entry.id:
                raise lines.error(
                    f'two documents with the id "{rule.entry.id}": {other.file} (line {other.line}) and {rule.file}',
                    "id",
                    "document",
                    number,
                )
        rules.append(rule)
    return Catalogue(path.parent, tuple(rules), base, base_pattern)


def _rule(table: Mapping[str, Any], lines: _Lines, number: int, folder: Path) -> CatalogueRule:
    entry, pattern = _entry(table, _KEYS, lines, "document", number)
    if "file" not in table:
        raise lines.error("`file` is missing: the path or pattern of the document's file", None, "document", number)
    posix, windows = PurePosixPath(table["file"]), PureWindowsPath(table["file"])
    if posix.is_absolute() or windows.drive or windows.root or ".." in windows.parts:
        raise lines.error(
            f'file = "{table["file"]}" is outside the folder of {NAME}: use a path below that folder',
            "file",
            "document",
            number,
        )
    file = posix.as_posix()
    if any("**" in part and part != "**" for part in posix.parts):
        raise lines.error(f'file = "{file}": `**` must stand alone between slashes', "file", "document", number)
    is_glob = any(character in file for character in "*?[") and not (folder / file).is_file()
    if entry.id is not None and any(character in file for character in "*?") and is_glob:
        raise lines.error(f'`id` needs a single file, but "{file}" is a pattern', "id", "document", number)
    return CatalogueRule(file, is_glob, lines.find("file", "document", number), entry, pattern)


def _entry(
    table: Mapping[str, Any], known: frozenset[str], lines: _Lines, header: str, number: int
) -> tuple[Entry, YearPattern | None]:
    values: dict[str, Any] = {}
    pattern: YearPattern | None = None
    for key, value in table.items():
        if key not in known:
            raise lines.error(f"unknown key `{key}` (known: {', '.join(sorted(known))})", key, header, number)
        problem = field_problem(key, value)
        if problem is not None:
            raise lines.error(f"{key} = {value!r}: {problem}", key, header, number)
        if key == "edition_from":
            pattern = YearPattern(value, f"{lines.path}, line {lines.find(key, header, number)}")
        elif key == "covers":
            values[key] = (value, value) if isinstance(value, int) else tuple(value)
        elif key == "published":
            values[key] = str(value)
        elif key in _TEXTS:
            values[key] = printable_line(value)
        elif key != "file":
            values[key] = value
    return Entry(**values), pattern


def field_problem(key: str, value: Any) -> str | None:
    """Return why a value is invalid for a key, or None."""
    if key in _TEXTS or key == "file":
        return _text_problem(key, value)
    if key == "id":
        return (
            None if isinstance(value, str) and ID_PATTERN.fullmatch(value) else _("may contain only A-Z a-z 0-9 . _ -")
        )
    if key == "edition":
        return None if _is_year(value) else _("must be a year, such as 2016")
    if key == "covers":
        span = [value, value] if _is_year(value) else value
        is_valid = isinstance(span, list) and len(span) == 2 and all(map(_is_year, span)) and span[0] <= span[1]
        return None if is_valid else _("must be a year or [first year, last year]")
    if key == "published":
        return None if _is_date(value) else _("must be a date, such as 2016-04-01")
    return pattern_problem(value)


def _text_problem(key: str, value: Any) -> str | None:
    if not isinstance(value, str) or not printable_line(value):
        return _("must be a text that is not empty")
    if key == "language" and not _LANGUAGE.fullmatch(value.strip()):
        return _('must be a language code, such as "en"')
    if key == "url" and _SCRIPT_URL.match(value):
        return _("must be an address, not a script")
    return None


def printable_line(text: str) -> str:
    """Return the text without line breaks and control characters, which could forge output on a terminal."""
    return " ".join("".join(" " if unicodedata.category(char) == "Cc" else char for char in text).split())


def _is_year(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and EARLIEST_IN_TEXT <= value <= _LATEST


def _is_date(value: Any) -> bool:
    """Return whether a value is a year, a month or a day, as text or as a date of TOML."""
    if _is_year(value):
        return True
    text = str(value) if isinstance(value, str | date) else ""
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", text):
        return False
    try:
        date.fromisoformat(text + "-01" * (2 - text.count("-")))
    except ValueError:
        return False
    return True


class _Lines:
    """Creates errors that name file and line."""

    def __init__(self, path: Path, source: str) -> None:
        self.path, self._source, self._lines = path, source, TomlLines(source)

    def find(self, key: str | None, table: str | None = None, number: int = 0) -> int:
        return self._lines.find(key, table, number)

    def unreviewed(self) -> dict[int, tuple[tuple[str, Origin], ...]]:
        """Return the keys and origins on marked lines of each `[[document]]` table that has any, by its number."""
        if not any(comment in self._source for comment in ORIGIN_COMMENTS.values()):
            return {}
        lines = self._source.split("\n")
        keys = [
            tuple(
                (match[1], origin)
                for line in lines[first : last - 1]
                for origin, pattern in _UNREVIEWED_LINES.items()
                if (match := pattern.fullmatch(line.rstrip()))
            )
            for first, last in self._lines.spans("document")
        ]
        return {number: marked for number, marked in enumerate(keys) if marked}

    def error(self, what: str, key: str | None, table: str | None = None, number: int = 0) -> CatalogueError:
        return CatalogueError(f"{self.path}, line {self.find(key, table, number)}: {what}")


@dataclass(frozen=True, slots=True)
class YearPattern:
    """The pattern of `edition_from`, which finds the edition in a file name, and the file and line where it is written.

    A pattern can take exponential time ("(a|a)*b"), and a `corpus.toml` is not trusted. Python's `re` has no time
    limit; `regex`, a dependency of the default model, has one and accepts the syntax of `re`. Both must accept it.
    """

    pattern: str
    where: str

    def year(self, name: str) -> int | None:
        """Return the edition; None without a match. Raises CatalogueError if it is not a year or takes too long."""
        try:
            match = _compile_pattern(self.pattern).search(name, timeout=PATTERN_TIMEOUT)
        except TimeoutError as error:
            raise CatalogueError(
                f"{self.where}: edition_from takes more than {PATTERN_TIMEOUT:g} s for the name {name}: "
                "write a pattern without nested repetitions, or state the `edition` of the files"
            ) from error
        if match is None:
            return None
        year = match[1] or ""
        if not year.isdecimal() or not EARLIEST_IN_TEXT <= int(year) <= _LATEST:
            raise CatalogueError(
                f"{self.where}: edition_from finds {year!r} in the name {name}, which is not a year: "
                "correct the pattern, or state the `edition` of that file"
            )
        return int(year)


def pattern_problem(value: Any) -> str | None:
    """Return why a value is an invalid pattern, or None."""
    import regex

    if not isinstance(value, str):
        return "must be a regular expression, such as '^(\\d{4})'"
    if len(value) > PATTERN_MAX_LENGTH:
        return f"must be a regular expression of at most {PATTERN_MAX_LENGTH:,} characters"
    try:
        groups = re.compile(value).groups
        _compile_pattern(value)
    except (re.error, regex.error, RecursionError, OverflowError, MemoryError) as error:
        return f"must be a regular expression: {error}"
    return None if groups == 1 else "must have one group, which matches the year, such as '^(\\d{4})'"


def _compile_pattern(pattern: str) -> Any:
    import regex  # late: most catalogues have no pattern

    return regex.compile(pattern, regex.VERSION0)


class TomlLines:
    """The lines of the keys and headers of a valid TOML file, for error messages: Python's parser has none."""

    def __init__(self, source: str) -> None:
        source = _INERT.sub(lambda match: match["short"] or "\n" * match.group().count("\n"), source)
        self._lines = [_parse_key(line) for line in source.split("\n")]

    def find(self, key: str | None, table: str | None = None, number: int = 0) -> int:
        """Return the line, from 1, of a key at the top of the file or in the `number`-th `[[table]]`, from 0.

        Without a key, or if it is missing, return the line of the table; if that is missing too, 1.
        """
        seen, inside, fallback = -1, table is None, 1
        for position, (is_header, path) in enumerate(self._lines, 1):
            if is_header and table is None:
                inside = False
                if path[:1] == [key]:
                    return position
            elif is_header:
                seen += path == [table]
                inside = path[:1] == [table] and seen in {number, -1}
                if inside and path[1:2] == [key]:
                    return position
                fallback = position if inside and len(path) == 1 else fallback
            elif path and inside and path[0] == key:
                return position
            elif path and seen < 0 and path[0] == table:  # `defaults.edition = 2016`, `document = [{...}]`
                if path[1:2] == [key]:
                    return position
                fallback = position
        return fallback

    def spans(self, table: str) -> list[tuple[int, int]]:
        """Return the lines `[first, last)` of each `[[table]]` of that name, up to the next header."""
        headers = [position for position, (is_header, _) in enumerate(self._lines, 1) if is_header]
        ends = [*headers, len(self._lines) + 1][1:]
        return [
            (first, last) for first, last in zip(headers, ends, strict=True) if self._lines[first - 1][1] == [table]
        ]


def _parse_key(line: str) -> tuple[bool, list[str]]:
    """Return whether a line is a table header, and the parts of the header or of the key before `=`, if any."""
    brackets = re.match(r"\s*\[{1,2}", line)
    position = brackets.end() if brackets else 0
    path: list[str] = []
    while (name := _NAME.match(line, position)) is not None:
        path.append(next(part for part in name.groups() if part is not None))
        if not line.startswith(".", name.end()):
            ends = line.startswith("]" if brackets else "=", name.end())
            return brackets is not None and ends, path if ends else []
        position = name.end() + 1
    return False, []


_HEADER = """\
# Metadata of the files in this folder, prefilled from their texts and names. Check the lines marked "inferred" and
# remove the mark, complete those that are commented out, then run `yearbook-qa index` again. `edition` is the year on
# the cover; `covers` is the year, or [first, last] years, whose events the document describes.
"""


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
