"""Which reader reads a file, by its suffix; the reader itself refuses what the suffix only claims to be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from corpus.readers import markdown, plain_text
from corpus.readers.docx import reader as docx
from corpus.readers.html import reader as html
from corpus.readers.pdf import isolated
from corpus.reading import Reading

READER_VERSION = 5
"""Raised when a reader, the outline or the passages change, so that indexes read their files again."""

_READERS: dict[str, Callable[[bytes], Reading]] = {
    ".txt": plain_text.read,
    ".text": plain_text.read,
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".html": html.read,
    ".htm": html.read,
    ".xhtml": html.read,
    ".docx": docx.read,
    ".pdf": isolated.read,
}


def reader_of(path: PurePath) -> Callable[[bytes], Reading] | None:
    """The reader of a file, or None where its format is unknown."""
    return _READERS.get(path.suffix.lower())


def suffixes() -> tuple[str, ...]:
    """Suffixes of the files that can be read."""
    return tuple(_READERS)
