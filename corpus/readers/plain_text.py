"""Plain text in any common encoding. The outline is inferred from the text."""

from __future__ import annotations

import codecs

from corpus.errors import UnreadableFile
from corpus.readers import encodings
from corpus.readers.base import Reading

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose byte order mark is a prefix of this one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an office document in an old format"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"\x1f\x8b", "a compressed file"),
)
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f\x0b\x1b")
_MAX_CONTROL_SHARE = 0.01


def read(data: bytes) -> Reading:
    """Read a text file. Raises UnreadableFile if the bytes are not text."""
    return Reading(decode(data))


def decode(data: bytes) -> str:
    """Decode bytes to canonical text: byte order mark dropped, CRLF and CR replaced by LF, nothing else changed.

    A byte order mark decides; then UTF-8 is tried, and other encodings are guessed from the bytes.

    Raises:
        UnreadableFile: The data is empty, binary, or in no known encoding.
    """
    reject_binary_formats(data)
    text = _decode(data).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise UnreadableFile("empty: the file contains no text")
    return text


def reject_binary_formats(data: bytes) -> None:
    """Raise UnreadableFile if the first bytes are the signature of a known binary format."""
    for signature, description in _SIGNATURES:
        if data.startswith(signature):
            raise UnreadableFile(f"not text but {description}, by its first bytes")


def _decode(data: bytes) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data[len(bom) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise UnreadableFile(
                    f"the byte order mark says {encoding}, but byte {error.start} is invalid in it: save it as UTF-8"
                ) from error
    if sum(data.count(byte) for byte in _CONTROLS) > _MAX_CONTROL_SHARE * len(data):
        text = encodings.decode_utf16_without_bom(data)
        if text is None:
            raise UnreadableFile("not text: the file contains control characters like a binary file")
        return text
    try:
        return encodings.decode_iso2022_jp(data) or data.decode("utf-8")
    except UnicodeDecodeError:
        text = encodings.decode_guessed(data)
    if text is None:
        raise UnreadableFile("not text in any known encoding: save it as UTF-8")
    return text
