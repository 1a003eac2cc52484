"""Plain text: bytes to the canonical text. Declares no structure; the outline is inferred from the text."""

from __future__ import annotations

import codecs

from corpus.errors import UnreadableFile
from corpus.readers import encodings
from corpus.readers.base import Reading

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: the mark of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"\x1f\x8b", "a compressed file"),
)
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f\x0b\x1b")
_LARGEST_CONTROL_SHARE = 0.01


def read(data: bytes) -> Reading:
    """Raises UnreadableFile for what is not text."""
    return Reading(decode(data))


def decode(data: bytes) -> str:
    """The canonical text: decoded, byte order mark dropped, CRLF and CR made LF, nothing else changed.

    UTF-8 and the Unicode forms that announce themselves are certain; other encodings are guessed from the bytes.
    Raises UnreadableFile for an empty file and for bytes that are no text.
    """
    refuse_other_formats(data)
    text = _decode(data).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise UnreadableFile("empty: no text in it")
    return text


def refuse_other_formats(data: bytes) -> None:
    """Raises UnreadableFile for bytes that begin as files of a known format that is no text do."""
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise UnreadableFile(f"not text but {what}, by its first bytes")


def _decode(data: bytes) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise UnreadableFile(f"its byte order mark says {encoding}, but byte {error.start} is not") from error
    controls = sum(data.count(byte) for byte in _CONTROLS)
    if controls > _LARGEST_CONTROL_SHARE * len(data):
        unmarked = encodings.unmarked_utf16(data)
        if unmarked is None:
            raise UnreadableFile("not text: it holds control characters as binary files do")
        return unmarked
    try:
        return encodings.escaped(data) or data.decode("utf-8")
    except UnicodeDecodeError:
        text = encodings.guess(data)
    if text is None:
        raise UnreadableFile("not text in any encoding known here: save it as UTF-8")
    return text
