"""Detects the encoding of text without a declared one: tries encodings and judges the resulting text.

charset_normalizer makes the guess. The cases that it is known to confuse (Western and Central European letters, UTF-16
without a byte order mark, half-width katakana) are decided here.
"""

from __future__ import annotations

import re
import unicodedata

from corpus.metadata.language import detect_language

_SAMPLE = 200_000
_WESTERN_LANGUAGES = frozenset("en fr de es it pt nl sv da fi no".split())
_WESTERN_LETTERS = frozenset(
    "àâäáãåæçéèêëíîïìñóôöòõøœßúùûüÿýþðÀÂÄÁÃÅÆÇÉÈÊËÍÎÏÌÑÓÔÖÒÕØŒÚÙÛÜŸÝ«»‹›“”‘’„‚–—…•·€£¥§°©®™ªº¡¿\xa0\xad"
)
_FAMILIES = (
    ("cp1250", "iso8859_2", "cp1252", "mac_latin2", "cp1257", "cp1254", "mac_roman", "cp852"),
    ("cp1251", "koi8_r", "iso8859_5", "cp866", "mac_cyrillic"),
    ("cp1253", "iso8859_7", "mac_greek"),
)
_SINGLE_BYTE = ("iso8859", "latin", "cp125", "cp43", "cp77", "cp85", "cp86", "mac_", "hp_")
_SUPERSETS = {"shift_jis": "cp932", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949", "big5": "big5hkscs"}
_ISO2022_ESCAPE = re.compile(rb"\x1b\$(?:[B@]|\([DOPQ])")
_HALF_WIDTH_KATAKANA = re.compile("[\uff61-\uff9f]")
_WITH_KATAKANA = ("cp932", "shift_jis", "shift_jis_2004", "shift_jisx0213", "euc_jp", "euc_jis_2004", "euc_jisx0213")
_MAX_REPLACED = 0.001


def decode_guessed(data: bytes) -> str | None:
    """Return the text of bytes that are not UTF-8, or None if no encoding fits."""
    from charset_normalizer import from_bytes

    sample = data[:_SAMPLE]
    best = from_bytes(sample).best()
    if best is not None and len(_HALF_WIDTH_KATAKANA.findall(str(best))) > 0.3 * sum(c > "\x7f" for c in str(best)):
        # Any single-byte letters decode as half-width katakana, which no document consists of.
        best = from_bytes(sample, cp_exclusion=list(_WITH_KATAKANA)).best()
    if best is None:
        return None
    encoding = _SUPERSETS.get(best.encoding, best.encoding)
    family = next((family for family in _FAMILIES if encoding in family), ())
    if family or encoding.startswith(_SINGLE_BYTE):
        encoding = _choose_single_byte(sample, encoding, family or _FAMILIES[0], str(best))
    text = _decode_strictly(data, encoding)
    if text is None:
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") > _MAX_REPLACED * len(text):
            return None
    return text


def decode_iso2022_jp(data: bytes) -> str | None:
    """Return the text of ISO-2022-JP, whose bytes are all ASCII and would pass for UTF-8; None for other bytes."""
    return _decode_strictly(data, "iso2022_jp_2") if _ISO2022_ESCAPE.search(data[:_SAMPLE]) else None


def decode_utf16_without_bom(data: bytes) -> str | None:
    """Return the text of UTF-16 without a byte order mark; None if the bytes decode to invalid characters."""
    if len(data) < 4 or len(data) % 2:
        return None
    candidates: list[tuple[float, str]] = []
    for encoding in ("utf-16-le", "utf-16-be"):
        text = _decode_strictly(data, encoding)
        if text is None:
            continue
        sample = text[:_SAMPLE]
        invalid = sum(unicodedata.category(c) in ("Cn", "Co", "Cc") and c not in "\t\n\r\f" for c in sample)
        if invalid <= 0.002 * len(sample):
            candidates.append((_plausibility(sample), text))
    return max(candidates)[1] if candidates else None


def _plausibility(text: str) -> float:
    """Score how much a text looks like a text: common punctuation, letters from few Unicode blocks of 256.

    Text decoded with swapped bytes is spread over as many blocks as it has different letters.
    """
    blocks = {ord(c) >> 8 for c in text}
    return (sum(c in " \n,.。、" for c in text) - len(blocks)) / max(1, len(text))


def _choose_single_byte(data: bytes, encoding: str, family: tuple[str, ...], text: str) -> str:
    """Return the encoding of a family of similar ones under which most bytes beyond ASCII are letters."""
    if detect_language(text) in _WESTERN_LANGUAGES and (western := _decode_strictly(data, "cp1252")) is not None:
        beyond_ascii = [c for c in western if ord(c) > 127]
        if sum(c in _WESTERN_LETTERS for c in beyond_ascii) >= 0.9 * len(beyond_ascii):
            return "cp1252"
    return max((encoding, *family), key=lambda name: (_letter_share(_decode_strictly(data, name)), name == encoding))


def _letter_share(text: str | None) -> float:
    """Return the share of letters beyond ASCII; capitals count half, since words rarely end in them."""
    weights = [
        1.0 if c.islower() or c in "“”„’–—…«»\xa0" else 0.5 if c.isalpha() else 0.0 for c in text or "" if ord(c) > 127
    ]
    return sum(weights) / len(weights) if weights else 0.0


def _decode_strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
