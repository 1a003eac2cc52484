"""The file that a document was read from: by the document's id only, and only while it is what was indexed.

Nobody names a path. What is given has the very bytes that the index knows by their hash, so that no other file can be
had, whatever came to lie in its place.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import quote

from index.errors import UnknownPassage
from index.store import DocumentInfo

_COLLECTION = ".jsonl"
"""Of a file that holds many documents; all others hold one."""


class SourceGone(UnknownPassage):
    """The file of a document is not there any more, or has changed since it was indexed."""


def is_pdf(document: DocumentInfo) -> bool:
    """Whether a document has pages to show."""
    return Path(document.source).suffix.lower() == ".pdf"


def read(document: DocumentInfo) -> bytes:
    """The bytes of a document's file. Raises SourceGone."""
    path = Path(document.source)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceGone(
            f"the file of {document.id} cannot be read any more ({error.strerror}): index it again with "
            "`yearbook-qa index PATH...`"
        ) from error
    if hashlib.sha256(data).hexdigest() != document.sha256:
        raise SourceGone(
            f"{path.name}, the file of {document.id}, has changed since it was indexed: "
            "index it again with `yearbook-qa index PATH...`"
        )
    return data


def address(document: DocumentInfo, page: int | None = None) -> str | None:
    """The address of a document's file, at one of its pages; None for a document that shares its file with others."""
    path = Path(document.source)
    if path.suffix.lower() == _COLLECTION:
        return None
    at = f"#page={page}" if page is not None and is_pdf(document) else ""
    return f"source/{quote(document.id, safe='')}/{quote(path.name, safe='')}{at}"
