"""Parts in other formats that a DOCX file shows in place (`w:altChunk`): HTML, web archives, plain text, DOCX."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes
from pathlib import PurePosixPath

from corpus.errors import UnreadableFile
from corpus.readers.base import Reading
from corpus.readers.html import reader as html
from corpus.readers.text import plain_text
from corpus.translation import gettext as _


def read_chunk(name: str, data: bytes, read_docx: Callable[[bytes], Reading]) -> Reading:
    """Read a part by the suffix of its name. Raises UnreadableFile if its format is unknown or it cannot be read."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in (".html", ".htm", ".xhtml"):
        return html.read(data)
    if suffix in (".mht", ".mhtml"):
        for part in message_from_bytes(data).walk():
            if part.get_content_type() == "text/html" and isinstance(page := part.get_payload(decode=True), bytes):
                return html.read(page)
    if suffix == ".txt":
        return plain_text.read(data)
    if suffix == ".docx":
        return read_docx(data)
    raise UnreadableFile(_("no reader for %(suffix)s", suffix=suffix or "its format"))
