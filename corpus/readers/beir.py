"""BEIR's `corpus.jsonl`: one JSON object a line, each a document of its own (`_id`, `title`, `text`, `metadata`)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus import limits
from corpus.errors import UnreadableFile
from corpus.readers.base import Reading


@dataclass(frozen=True, slots=True)
class Record:
    """Where a record lies in its file: byte offset, length and sha256 of its line."""

    id: str
    offset: int
    length: int
    sha256: str


def records(path: Path) -> Generator[Record, None, None]:
    """The records of a file, in order. Raises UnreadableFile, naming the line, for what is not such a record."""
    offset = 0
    longest = limits.LINE.value
    with path.open("rb") as stream:
        for number, line in enumerate(iter(lambda: stream.readline(longest + 1), b""), 1):
            if len(line) > longest:
                raise UnreadableFile(f"line {number}: too long, {limits.LINE.remedy}")
            if line.strip():
                yield Record(_fields(line, number)["_id"], offset, len(line), hashlib.sha256(line).hexdigest())
            offset += len(line)


def record_at(path: Path, offset: int) -> Record | None:
    """The record whose line begins at a byte offset; None where there is none any more."""
    with path.open("rb") as stream:
        stream.seek(offset)
        line = stream.readline()
    try:
        return Record(_fields(line, None)["_id"], offset, len(line), hashlib.sha256(line).hexdigest())
    except UnreadableFile:
        return None


def read_bytes(path: Path, record: Record) -> bytes:
    """The record's line as it stands in the file."""
    with path.open("rb") as stream:
        stream.seek(record.offset)
        return stream.read(record.length)


def read(data: bytes) -> Reading:
    """One record; its text is canonical, its title metadata. Raises UnreadableFile for one without text."""
    fields = _fields(data, None)
    text = fields["text"].replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise UnreadableFile("empty: no text in it")
    return Reading(text, (), {"title": fields["title"]})


def _fields(line: bytes, number: int | None) -> dict[str, str]:
    where = "" if number is None else f"line {number}: "
    try:
        value: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"{where}not JSON ({error})") from error
    if not isinstance(value, dict) or not isinstance(value.get("_id"), str | int):
        raise UnreadableFile(f"{where}no `_id`: not a record of a BEIR corpus")
    fields = {"_id": str(value["_id"])}
    for key in ("title", "text"):
        given = value.get(key)
        if given is not None and not isinstance(given, str):
            raise UnreadableFile(f"{where}`{key}` is {repr(given)[:60]}, not a text")
        # half of a surrogate pair, which JSON can spell, is no character
        fields[key] = (given or "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return fields
