"""The file that a document was read from: by the document's id only, and only while it is what was indexed.

Nobody names a path. What is given has the very bytes that the index knows by their hash, so that no other file can be
had, whatever came to lie in its place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from index.errors import UnknownPassage
from index.storage.reader import DocumentInfo

_COLLECTION = ".jsonl"
"""Of a file that holds many documents; all others hold one."""


_PIECE = 2**18


class SourceGone(UnknownPassage):
    """The file of a document is not there any more, or has changed since it was indexed."""


def is_pdf(document: DocumentInfo) -> bool:
    """Whether a document has pages to show."""
    return Path(document.source).suffix.lower() == ".pdf"


def read(document: DocumentInfo) -> bytes:
    """The bytes of a document's file. Raises SourceGone."""
    try:
        data = Path(document.source).read_bytes()
    except OSError as error:
        raise _gone(document, error) from error
    if hashlib.sha256(data).hexdigest() != document.sha256:
        raise _changed(document)
    return data


def size(document: DocumentInfo) -> int:
    """How many bytes a document's file has, once all of them were looked at. Raises SourceGone."""
    path = Path(document.source)
    digest, count = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                count += len(piece)
    except OSError as error:
        raise _gone(document, error) from error
    if digest.hexdigest() != document.sha256:
        raise _changed(document)
    return count


def pieces(document: DocumentInfo) -> Iterator[bytes]:
    """The bytes of a document's file, the last of them only once all were those that were indexed.

    A file of gigabytes is so never held whole for a reader who takes his time. Raises SourceGone.
    """
    digest, held = hashlib.sha256(), b""
    with Path(document.source).open("rb", buffering=0) as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            if held:
                yield held
            held = piece
    if digest.hexdigest() != document.sha256:
        raise _changed(document)
    yield held


def _gone(document: DocumentInfo, error: OSError) -> SourceGone:
    return SourceGone(
        f"the file of {document.id} cannot be read any more ({error.strerror}): index it again with "
        "`yearbook-qa index PATH...`"
    )


def _changed(document: DocumentInfo) -> SourceGone:
    return SourceGone(
        f"{Path(document.source).name}, the file of {document.id}, has changed since it was indexed: "
        "index it again with `yearbook-qa index PATH...`"
    )


def address(document: DocumentInfo, page: int | None = None) -> str | None:
    """The address of a document's file, at one of its pages; None for a document that shares its file with others."""
    path = Path(document.source)
    if path.suffix.lower() == _COLLECTION:
        return None
    at = f"#page={page}" if page is not None and is_pdf(document) else ""
    return f"source/{quote(document.id, safe='')}/{quote(path.name, safe='')}{at}"
