"""Which encoding bytes are in that do not say it: they are tried, and judged by the text that comes out.

charset_normalizer guesses; what it is known to confuse (Western and Central European letters, UTF-16 without a mark) is
decided here. Offsets count characters, so a wrong guess would make every quotation of the file wrong.
"""

from __future__ import annotations

import re
import unicodedata

from corpus.metadata.language import detect

_SAMPLE = 200_000
_WESTERN = frozenset("en fr de es it pt nl sv da fi no".split())
_WESTERN_LETTERS = frozenset(
    "àâäáãåæçéèêëíîïìñóôöòõøœßúùûüÿýþðÀÂÄÁÃÅÆÇÉÈÊËÍÎÏÌÑÓÔÖÒÕØŒÚÙÛÜŸÝ«»‹›“”‘’„‚–—…•·€£¥§°©®™ªº¡¿\xa0\xad"
)
_FAMILIES = (
    ("cp1250", "iso8859_2", "cp1252", "mac_latin2", "cp1257", "cp1254", "mac_roman", "cp852"),
    ("cp1251", "koi8_r", "iso8859_5", "cp866", "mac_cyrillic"),
    ("cp1253", "iso8859_7", "mac_greek"),
)
_SINGLE_BYTE = ("iso8859", "latin", "cp125", "cp43", "cp77", "cp85", "cp86", "mac_", "hp_")
_LARGER = {"shift_jis": "cp932", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949", "big5": "big5hkscs"}
_ESCAPES = re.compile(rb"\x1b\$(?:[B@]|\([DOPQ])")
_HALF_WIDTH = re.compile("[\uff61-\uff9f]")
_WITH_HALF_WIDTH = ("cp932", "shift_jis", "shift_jis_2004", "shift_jisx0213", "euc_jp", "euc_jis_2004", "euc_jisx0213")
_MOST_REPLACED = 0.001


def guess(data: bytes) -> str | None:
    """The text of bytes that are not UTF-8, or None where no encoding makes text of them."""
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE]).best()
    if best is not None and len(_HALF_WIDTH.findall(str(best))) > 0.3 * sum(one > "\x7f" for one in str(best)):
        # Any letters of one byte pass for half-width katakana, in which nobody writes a text.
        best = from_bytes(data[:_SAMPLE], cp_exclusion=list(_WITH_HALF_WIDTH)).best()
    if best is None:
        return None
    encoding = _LARGER.get(best.encoding, best.encoding)
    family = next((family for family in _FAMILIES if encoding in family), ())
    if family or encoding.startswith(_SINGLE_BYTE):
        encoding = _better(data[:_SAMPLE], encoding, family or _FAMILIES[0], str(best))
    return _decoded(data, encoding)


def escaped(data: bytes) -> str | None:
    """The text of ISO-2022-JP, which holds ASCII bytes only and so would pass for UTF-8; None for other bytes."""
    if not _ESCAPES.search(data[:_SAMPLE]):
        return None
    try:
        return data.decode("iso2022_jp_2")
    except UnicodeDecodeError:
        return None


def unmarked_utf16(data: bytes) -> str | None:
    """The text of UTF-16 without a byte order mark, None for other bytes: nearly all others make no characters."""
    if len(data) < 4 or len(data) % 2:
        return None
    found: list[tuple[float, str]] = []
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        sample = text[:_SAMPLE]
        odd = sum(unicodedata.category(one) in ("Cn", "Co", "Cc") and one not in "\t\n\r\f" for one in sample)
        if odd <= 0.002 * len(sample):
            found.append((_familiarity(sample), text))
    return max(found)[1] if found else None


def _familiarity(text: str) -> float:
    """The share of characters that texts are made of: letters of few alphabets, and common signs."""
    blocks: dict[int, int] = {}
    for one in text:
        blocks[ord(one) >> 8] = blocks.get(ord(one) >> 8, 0) + 1
    common = sum(one in " \n,.。、" for one in text)
    # A text swapped by bytes is strewn over as many blocks as it has different letters.
    return (common - len(blocks)) / max(1, len(text))


def _better(data: bytes, encoding: str, family: tuple[str, ...], text: str) -> str:
    """The encoding among those that are easily confused under which the bytes are letters."""
    if detect(text) in _WESTERN:
        western = _strictly(data, "cp1252")
        if western is not None:
            beyond = [one for one in western if ord(one) > 127]
            if sum(one in _WESTERN_LETTERS for one in beyond) >= 0.9 * len(beyond):
                return "cp1252"
    choices = (encoding, *family)
    return max(choices, key=lambda one: (_letters(_strictly(data, one)), one == encoding))


def _letters(text: str | None) -> float:
    """The share of letters among the characters beyond ASCII; small ones count more, since words end in them."""
    beyond = [one for one in text or "" if ord(one) > 127]
    if not beyond:
        return 0.0
    return sum(
        1.0 if one.islower() or one in "“”„’–—…«»\xa0" else 0.5 if one.isalpha() else 0.0 for one in beyond
    ) / len(beyond)


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _decoded(data: bytes, encoding: str) -> str | None:
    text = _strictly(data, encoding)
    if text is None:
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") > _MOST_REPLACED * len(text):
            return None
    return text
