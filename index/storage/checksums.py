"""A digest of each passage together with what its citation says, checked whenever a passage is read. Pure.

Files are checked by their size when an index is opened, by their sha256 only on request, since that reads all of them.
The seal closes the gap: a byte that changed on disk in a passage, its section path or its document's title, edition or
years is noticed before the passage is shown. It guards against damage, not against someone who writes a new seal.
"""

from __future__ import annotations

import hashlib
import json
from typing import Protocol

SIZE = 16
"""Bytes of a seal: BLAKE2b."""


class Cited(Protocol):
    """What a citation says of a document."""

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
    """What of a document every seal of its passages covers; worked out once a document."""
    years = None if document.covers is None else list(document.covers)
    one = document
    facts = (one.id, one.title, one.series, one.publisher, one.edition, years, one.published, one.part, one.url)
    return json.dumps([*facts, one.language], ensure_ascii=False).encode("utf-8", "surrogatepass")


def passage_checksum(facts: bytes, start: int, end: int, text: str, record: str) -> bytes:
    """The seal of a passage: its document's facts, its span, its text, and its record as it is stored."""
    digest = hashlib.blake2b(facts, digest_size=SIZE)
    for part in (str(start), str(end), text, record):
        digest.update(b"\0")
        digest.update(part.encode("utf-8", "surrogatepass"))
    return digest.digest()


def content_checksum(text: str, record: str) -> bytes:
    """The seal of a document's whole text and of its record."""
    return passage_checksum(b"", 0, len(text), text, record)
