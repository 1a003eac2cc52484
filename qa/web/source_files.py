"""The source file of a document, served by document id and only while it is unchanged since indexing.

Requests never name a path. The bytes are checked against the sha256 in the index, so no other file can be read, even if
one was put in its place.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from corpus import archives
from corpus.errors import UnreadableFile
from corpus.translation import gettext as _
from index.errors import UnknownPassage
from index.storage.reader import DocumentInfo

_COLLECTION = ".jsonl"
"""Suffix of files with many documents; all other formats have one document per file."""

_CHUNK = 2**18


class SourceGone(UnknownPassage):
    """The source file of a document is missing, or has changed since it was indexed."""


def is_pdf(document: DocumentInfo) -> bool:
    """Return whether a document was read from a PDF file and so has pages to show."""
    return Path(document.source).suffix.lower() == ".pdf"


def read(document: DocumentInfo) -> bytes:
    """Return the bytes of a document's file. Raises SourceGone."""
    return b"".join(_verified_chunks(document))


def size(document: DocumentInfo) -> int:
    """Return the size of a document's file in bytes, after verifying its checksum. Raises SourceGone."""
    return sum(len(chunk) for chunk in _verified_chunks(document))


def chunks(document: DocumentInfo) -> Iterator[bytes]:
    """Yield the bytes of a document's file; the last chunk only after the checksum has been verified.

    So a file of gigabytes is never held in memory for a slow client. Raises SourceGone.
    """
    held = b""
    for chunk in _verified_chunks(document):
        if held:
            yield held
        held = chunk
    yield held


def _verified_chunks(document: DocumentInfo) -> Iterator[bytes]:
    """Yield the file's bytes and raise SourceGone at its end if they are not those that were indexed."""
    path, digest = Path(document.source), hashlib.sha256()
    try:
        with io.BytesIO(archives.read_bytes(path)) if archives.split(path) else path.open("rb", buffering=0) as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                yield chunk
    except (OSError, UnreadableFile) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise SourceGone(
            _(
                "the file of %(id)s cannot be read any more (%(strerror)s): index it again with `yearbook-qa "
                "index PATH...`",
                id=document.id,
                strerror=reason,
            )
        ) from error
    if digest.hexdigest() != document.sha256:
        raise SourceGone(
            _(
                "%(path)s, the file of %(id)s, has changed since it was indexed: index it again with "
                "`yearbook-qa index PATH...`",
                path=path.name,
                id=document.id,
            )
        )


def source_url(document: DocumentInfo, page: int | None = None) -> str | None:
    """Return the URL of a document's file, at a page of it; None if the file holds several documents."""
    path = Path(document.source)
    if path.suffix.lower() == _COLLECTION:
        return None
    fragment = f"#page={page}" if page is not None and is_pdf(document) else ""
    return f"source/{quote(document.id, safe='')}/{quote(path.name, safe='')}{fragment}"
