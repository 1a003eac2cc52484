"""BEIR's `corpus.jsonl`: one JSON object per line, each a document (`_id`, `title`, `text`, `metadata`)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus import limits
from corpus.errors import UnreadableFile
from corpus.readers.base import FileContent


@dataclass(frozen=True, slots=True)
class Record:
    """The id of a record and the byte offset, length and SHA-256 of its line."""

    id: str
    offset: int
    length: int
    sha256: str


def records(path: Path) -> Generator[Record, None, None]:
    """Yield the records of a file in order. Raises UnreadableFile with the line number if a line is not a record."""
    offset = 0
    longest = limits.LINE.value
    with path.open("rb") as stream:
        for number, line in enumerate(iter(lambda: stream.readline(longest + 1), b""), 1):
            if len(line) > longest:
                raise UnreadableFile(f"line {number}: too long; {limits.LINE.remedy}")
            if line.strip():
                yield _record(line, offset, number)
            offset += len(line)


def record_at(path: Path, offset: int) -> Record | None:
    """Return the record whose line begins at a byte offset, or None if there is no longer a record there."""
    with path.open("rb") as stream:
        stream.seek(offset)
        line = stream.readline()
    try:
        return _record(line, offset)
    except UnreadableFile:
        return None


def read_bytes(path: Path, record: Record) -> bytes:
    """Return the line of a record."""
    with path.open("rb") as stream:
        stream.seek(record.offset)
        return stream.read(record.length)


def read(data: bytes) -> FileContent:
    """Read one record: its text is canonical, its title metadata. Raises UnreadableFile if it has no text."""
    fields = _parse(data, None)
    text = fields["text"].replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise UnreadableFile("empty: the record contains no text")
    return FileContent(text, (), {"title": fields["title"]})


def _record(line: bytes, offset: int, number: int | None = None) -> Record:
    return Record(_parse(line, number)["_id"], offset, len(line), hashlib.sha256(line).hexdigest())


def _parse(line: bytes, number: int | None) -> dict[str, str]:
    where = "" if number is None else f"line {number}: "
    try:
        value: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"{where}not JSON ({error})") from error
    if not isinstance(value, dict) or not isinstance(value.get("_id"), str | int):
        raise UnreadableFile(f"{where}no `_id`: not a record of a BEIR corpus")
    fields = {"_id": str(value["_id"])}
    for key in ("title", "text"):
        content = value.get(key)
        if content is not None and not isinstance(content, str):
            raise UnreadableFile(f"{where}`{key}` is {repr(content)[:60]}: must be a string")
        # JSON can spell half of a surrogate pair, which is not a character.
        fields[key] = (content or "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return fields
