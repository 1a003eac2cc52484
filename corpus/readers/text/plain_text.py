"""Plain text in any common encoding, with pages where it has form feeds. The outline is inferred from the text."""

from __future__ import annotations

from dataclasses import replace

from corpus.errors import UnreadableFile
from corpus.readers.base import Reading
from corpus.readers.text import encodings
from corpus.readers.text.encodings import Decoded
from corpus.readers.text.hidden_markup import SOFT_HYPHEN, without_soft_hyphens
from corpus.readers.text.text_pages import split_pages
from corpus.translation import gettext as _

_SIGNATURES = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an office document in an old format"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"\x1f\x8b", "a compressed file"),
)


def read(data: bytes) -> Reading:
    """Read a text file. Raises UnreadableFile if the bytes are not text."""
    decoded = decode_text(data)
    text, soft_hyphens = without_soft_hyphens(decoded.text, SOFT_HYPHEN)
    if not text.strip():
        raise UnreadableFile(_("empty: the file contains only soft hyphens"))
    furniture = (*decoded.replaced, *soft_hyphens)
    if (pages := split_pages(text)) is None:
        return Reading(text, furniture=furniture, warnings=decoded.warnings)
    return Reading(pages.text, pages=pages.spans, furniture=(*pages.furniture, *furniture), warnings=decoded.warnings)


def decode(data: bytes) -> str:
    """Return the text of `decode_text` alone."""
    return decode_text(data).text


def decode_text(data: bytes, declared: str | None = None) -> Decoded:
    """Decode bytes to canonical text: byte order mark dropped, CRLF and CR replaced by LF, invalid bytes replaced.

    Args:
        data: The bytes of a file.
        declared: The name of a Python codec that the file states, if any.

    Raises:
        UnreadableFile: The data is empty, binary, or in no known encoding.
    """
    reject_binary_formats(data)
    decoded = encodings.decode(data, declared)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise UnreadableFile(_("empty: the file contains no text"))
    return replace(decoded, text=text)


def reject_binary_formats(data: bytes) -> None:
    """Raise UnreadableFile if the first bytes are the signature of a known binary format."""
    for signature, description in _SIGNATURES:
        if data.startswith(signature):
            raise UnreadableFile(_("not text but %(description)s, by its first bytes", description=description))
