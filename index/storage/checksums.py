"""Checksum each passage together with the facts of its citation; verified whenever a passage is read.

Opening an index verifies the size of its files, and the sha256 only of small ones, since reading all would take long.
These checksums close the gap: a byte that changed on disk in a passage, its section path or its document's title,
edition or years is detected before the passage is shown. They protect against damage, not against tampering.
"""

from __future__ import annotations

import hashlib
import json
from typing import Protocol

SIZE = 16
"""Bytes of a checksum (BLAKE2b)."""


class Cited(Protocol):
    """The facts of a document that its citations state."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def series(self) -> str | None: ...
    @property
    def publisher(self) -> str | None: ...
    @property
    def edition(self) -> int | None: ...
    @property
    def covers(self) -> tuple[int, int] | None: ...
    @property
    def published(self) -> str | None: ...
    @property
    def part(self) -> str | None: ...
    @property
    def url(self) -> str | None: ...
    @property
    def language(self) -> str | None: ...


def citation_facts(document: Cited) -> bytes:
    """Serialise the facts of a document that the checksums of all its passages cover."""
    facts = (
        *(document.id, document.title, document.series, document.publisher, document.edition),
        None if document.covers is None else list(document.covers),
        *(document.published, document.part, document.url, document.language),
    )
    return json.dumps(facts, ensure_ascii=False).encode("utf-8", "surrogatepass")


def passage_checksum(facts: bytes, start: int, end: int, text: str, record: str) -> bytes:
    """Return the checksum of a passage: its document's facts, its span, its text and its stored record."""
    digest = hashlib.blake2b(facts, digest_size=SIZE)
    for part in (str(start), str(end), text, record):
        digest.update(b"\0")
        digest.update(part.encode("utf-8", "surrogatepass"))
    return digest.digest()


def content_checksum(text: str, record: str) -> bytes:
    """Return the checksum of a document's whole text and of its record."""
    return passage_checksum(b"", 0, len(text), text, record)
