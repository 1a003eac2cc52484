"""Checksum each passage together with the facts of its citation; verified whenever a passage is read.

Opening an index verifies the size of its files, and the sha256 only of small ones, since reading all would take long.
These checksums close the gap: a byte that changed on disk in a passage, its section path or its document's title,
edition or years is detected before the passage is shown. They protect against damage, not against tampering.
"""

from __future__ import annotations

import hashlib
import json
from operator import attrgetter
from typing import Any

SIZE = 16
"""Bytes of a checksum (BLAKE2b)."""


_BEFORE_YEARS = attrgetter("id", "title", "series", "publisher", "edition")
_AFTER_YEARS = attrgetter("published", "part", "url", "language")


def citation_facts(document: Any) -> bytes:
    """Serialise what citations of a document (a `Document` or `DocumentInfo`) state, for its passages' checksums."""
    covers = None if document.covers is None else list(document.covers)
    facts = [*_BEFORE_YEARS(document), covers, *_AFTER_YEARS(document)]
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
