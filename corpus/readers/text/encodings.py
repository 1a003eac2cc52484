"""Decode text in any encoding: valid UTF-8 first, then a declared encoding, then a guess.

charset_normalizer makes the guess. The cases that it is known to confuse (single-byte encodings of Latin letters,
UTF-16 without a byte order mark, half-width katakana) are decided here. Every assumption is stated in a warning.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.errors import UnreadableFile
from corpus.translation import english, english_plural, join_first
from corpus.translation import gettext as _

_SAMPLE = 200_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose byte order mark is a prefix of this one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f\x0b\x1b")
_MAX_CONTROL_SHARE = 0.01
_NON_ASCII = re.compile(rb"[\x80-\xff]")
_VALID_PER_INVALID = 3
"""UTF-8 with invalid bytes has at least this many letters beyond ASCII for each of them. Text in other encodings has at
most one letter that is valid by chance for two invalid bytes (Shift_JIS; Thai, Korean and Chinese one for three)."""
_MAX_INVALID, _MAX_NAMED = 1000, 5
_LINE_FEED = b"\n"
_LANGUAGES = {
    "the of and to is that for with was are this by": "",
    "la les des et du est que pour dans une par sur au qui": "àâæçèéêëîïôùûüœÿ",
    "der die und das den von zu mit ist des auf im nicht eine dem": "äöüß",
    "el los las del que una por con para su al como se": "áéíñóúü¿¡ªº",
    "os da do das dos que uma para com por em ao pela": "ãáâàçéêíóôõúü",
    "il di che della per una sono del con dei nel alla gli": "àèéìíòóù",
    "het een van en dat voor met niet zijn op te aan bij": "ëïéèöü",
    "att det som en av med till den inte ett om och": "åäö",
    "og det som en af for med til den ikke et om er": "æøå",
    "w na do nie jest przez oraz dla od roku po przy": "ąćęłńóśźż",
    "se je ze do pro od roku byl byla podle nebo jako": "áčďéěíňóřšťúůýžľĺŕôä",
    "az egy hogy nem volt meg is ezer szerint alatt": "áéíóöőúüű",
    "ve bir bu ile da olarak ait olan daha kadar": "çğıöşüâî",
    "de la din pentru cu pe nu este sau ale prin": "ăâîșțşţ",
    "je u na se za od su koji koja kao iz": "čćđšž",
    "ja on ei oli joka mutta kuin tai ovat sen": "äöåõüšž",
    "ir un no ar par kas bija gada ": "āčēģīķļņšūž",
    "yra kad su buvo iki metais pagal bei": "ąčęėįšųūž",
}
"""Frequent words in ASCII letters of languages with Latin letters, and their letters beyond ASCII."""

_EXPECTED = [(frozenset(words.split()), frozenset(letters + letters.upper())) for words, letters in _LANGUAGES.items()]
_PUNCTUATION = frozenset("«»‹›“”‘’„‚–—…•·€£¥§°©®™±²³½¼¾×\xa0\xad")
_LETTERS = frozenset[str]().union(*(letters for _, letters in _EXPECTED))
_WESTERN = _PUNCTUATION.union(*(letters for _, letters in _EXPECTED[:9]))
_SIGN_IN_WORD = re.compile(r"[^\W\d_][³¹²¿£¥¶¼½¾ª±§©®¤¦¨¬¯°´¸×][^\W\d_]")
_MIN_WORDS = 2
"""Frequent words that a paragraph must have for its language to be known."""

_FAMILIES = (
    ("cp1252", "cp1250", "iso8859_2", "mac_latin2", "cp1257", "cp1254", "mac_roman", "cp850", "cp852", "iso8859_15"),
    ("cp1251", "koi8_r", "iso8859_5", "cp866", "mac_cyrillic"),
    ("cp1253", "iso8859_7", "mac_greek"),
)
_OTHER_SCRIPTS = (*_FAMILIES[1], *_FAMILIES[2], "cp1255", "cp1256", "iso8859_6", "cp874")
"""Single-byte encodings of Cyrillic, Greek, Hebrew, Arabic and Thai letters."""
_MIN_OTHER_SHARE = 0.6
"""Share of bytes beyond ASCII among letters: text in Latin letters has at most a third, other scripts nearly all."""
_ASCII_LETTER = re.compile(rb"[A-Za-z]")
_SINGLE_BYTE = ("iso8859", "latin", "cp125", "cp43", "cp77", "cp85", "cp86", "mac_", "hp_")
_SUPERSETS = {"shift_jis": "cp932", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949", "big5": "big5hkscs"}
_ISO2022_ESCAPE = re.compile(rb"\x1b\$(?:[B@]|\([DOPQ])")
_HALF_WIDTH_KATAKANA = re.compile("[\uff61-\uff9f]")
_WITH_KATAKANA = ("cp932", "shift_jis", "shift_jis_2004", "shift_jisx0213", "euc_jp", "euc_jis_2004", "euc_jisx0213")
_MAX_REPLACED = 0.001


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of some bytes. `replaced` lists the invalid bytes, `warnings` the assumptions made."""

    text: str
    replaced: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Decode bytes by byte order mark, as UTF-8, by a declared encoding, or by a guess.

    Valid UTF-8 wins over any declaration: text in another encoding is practically never valid by chance. In UTF-8 with
    a few invalid bytes these are replaced by U+FFFD, instead of guessing an encoding for the whole text.

    Args:
        data: The bytes of a file.
        declared: The name of a Python codec that the file states, if any.

    Raises:
        UnreadableFile: The data is binary or in no known encoding.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            text = _decode_strictly(data[len(bom) :], encoding)
            decoded = Decoded(text) if text is not None else _decode_with_invalid(data[len(bom) :], encoding)
            if decoded is None:
                raise UnreadableFile(
                    _(
                        "the byte order mark says %(encoding)s, but the bytes are not: save it as UTF-8",
                        encoding=encoding,
                    )
                )
            return decoded
    if sum(data.count(byte) for byte in _CONTROLS) > _MAX_CONTROL_SHARE * len(data):
        text = decode_utf16_without_bom(data)
        if text is None:
            raise UnreadableFile(_("not text: the file contains control characters like a binary file"))
        return Decoded(text)
    text = decode_iso2022_jp(data) or _decode_strictly(data, "utf-8")
    if text is not None:
        return Decoded(text, (), _contradiction(data, declared))
    if (decoded := _decode_with_invalid(data, "utf-8")) is not None:
        return decoded
    if declared is not None:
        if (text := _decode_strictly(data, declared)) is not None:
            return Decoded(text)
        if _codec_name(declared) != "utf-8" and (decoded := _decode_with_invalid(data, declared)) is not None:
            return decoded
    return _decode_guessed(data)


def _codec_name(name: str) -> str | None:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


def _contradiction(data: bytes, declared: str | None) -> tuple[str, ...]:
    name = _codec_name(declared) if declared is not None else None
    if name in (None, "utf-8", "ascii", "iso2022_jp") or _NON_ASCII.search(data) is None:
        return ()
    return (f"the file declares {declared}, but its bytes are valid UTF-8: read as UTF-8",)


def _decode_with_invalid(data: bytes, encoding: str) -> Decoded | None:
    """Replace a few invalid bytes by U+FFFD; None if there are too many for the encoding to be the right one."""
    parts: list[str] = []
    invalid: list[tuple[int, int]] = []
    start = 0
    while len(invalid) <= _MAX_INVALID:
        try:
            parts.append(data[start:].decode(encoding))
            break
        except LookupError:
            return None
        except UnicodeDecodeError as error:
            parts += [data[start : start + error.start].decode(encoding), "\ufffd"]
            invalid.append((start + error.start, start + error.end))
            start += error.end
    text = "".join(parts)
    valid = sum(character > "\x7f" for character in text) - len(invalid)
    if len(invalid) > _MAX_INVALID or valid < _VALID_PER_INVALID * len(invalid):
        return None
    warning = english_plural(
        "read as %(encoding)s, but %(count)s invalid byte was replaced by U+FFFD: at byte %(places)s",
        "read as %(encoding)s, but %(count)s invalid bytes were replaced by U+FFFD: at byte %(places)s",
        len(invalid),
        encoding=encoding,
        places=join_first(
            [f"{start} (line {data.count(_LINE_FEED, 0, start) + 1})" for start, _ in invalid], _MAX_NAMED
        ),
    )
    replaced = tuple(f"invalid bytes 0x{data[start:end].hex()} at byte {start}" for start, end in invalid)
    return Decoded(text, replaced, (warning,))


def _decode_guessed(data: bytes) -> Decoded:
    """Return the text of bytes that are not UTF-8."""
    from charset_normalizer import from_bytes

    sample = data[:_SAMPLE]
    best = from_bytes(sample).best()
    if best is not None and len(_HALF_WIDTH_KATAKANA.findall(str(best))) > 0.3 * sum(c > "\x7f" for c in str(best)):
        # Any single-byte letters decode as half-width katakana, which no document consists of.
        best = from_bytes(sample, cp_exclusion=list(_WITH_KATAKANA)).best()
    if best is None:
        raise UnreadableFile(_("not text in any known encoding: save it as UTF-8"))
    encoding = _SUPERSETS.get(best.encoding, best.encoding)
    family = next((family for family in _FAMILIES if encoding in family), ())
    if (family or encoding.startswith(_SINGLE_BYTE)) and (other := _guess_other_script(sample)) is not None:
        encoding = other
    elif family or encoding.startswith(_SINGLE_BYTE):
        encoding = _choose_single_byte(sample, encoding, family or _FAMILIES[0])
    text = data.decode(encoding, "replace")
    if text.count("\ufffd") > _MAX_REPLACED * len(text):
        raise UnreadableFile(_("not text in any known encoding: save it as UTF-8"))
    guessed = english("no encoding is declared: read as %(encoding)s, guessed from the bytes", encoding=encoding)
    return Decoded(text, (), (guessed,))


def _guess_other_script(sample: bytes) -> str | None:
    """Return the single-byte encoding of text in a script that is not Latin; None if it is Latin or unknown."""
    from charset_normalizer import from_bytes

    others = len(_NON_ASCII.findall(sample))
    if others < _MIN_OTHER_SHARE * (others + len(_ASCII_LETTER.findall(sample))):
        return None
    best = from_bytes(sample, cp_isolation=list(_OTHER_SCRIPTS)).best()
    return best.encoding if best is not None and best.coherence > 0 else None


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
    """Score how plausible decoded text is: common punctuation, letters from few Unicode blocks of 256.

    Text decoded with swapped bytes is spread over as many blocks as it has different letters.
    """
    blocks = {ord(c) >> 8 for c in text}
    return (sum(c in " \n,.。、" for c in text) - len(blocks)) / max(1, len(text))


def _choose_single_byte(data: bytes, guess: str, family: Sequence[str]) -> str:
    """Return the encoding under which most bytes beyond ASCII are letters of the language of their paragraph.

    Paragraphs of an unknown language may have the letters of all languages of the text, less likely others.
    """
    paragraphs = [part for part in re.split(rb"(?:\r?\n){2,}|[\r\n]+", data) if _NON_ASCII.search(part)]
    letters = [_letters_of_paragraph(part) for part in paragraphs]
    everywhere: frozenset[str] = frozenset().union(*(own for own in letters if own is not None))
    if not everywhere or family is not _FAMILIES[0]:
        text = data.decode("cp1252", "replace")
        western = [character for character in text if character > "\x7f"]
        fitting = sum(character in _WESTERN for character in western) - len(_SIGN_IN_WORD.findall(text))
        if family is _FAMILIES[0] and fitting >= 0.9 * len(western):
            return "cp1252"
        candidates = {name: _decode_strictly(data, name) for name in (guess, *family)}
        return max(candidates, key=lambda name: (*_letter_shares(candidates[name]), name == guess))

    def fit(encoding: str) -> float:
        if _decode_strictly(data, encoding) is None:
            return -1.0
        total = 0.0
        for part, known in zip(paragraphs, letters, strict=True):
            text = part.decode(encoding)
            own = (known or everywhere) | _PUNCTUATION
            beyond_ascii = [character for character in text if character > "\x7f"]
            total += sum(1.0 if c in own else 0.5 if c in _LETTERS and not known else 0.0 for c in beyond_ascii)
            total -= len(_SIGN_IN_WORD.findall(text))
        return total

    return max(dict.fromkeys((*_FAMILIES[0], guess)), key=fit)


def _letters_of_paragraph(data: bytes) -> frozenset[str] | None:
    """Return the letters beyond ASCII of the languages with the most frequent words in a paragraph, or None."""
    words = re.findall(r"[a-z]+", data.decode("ascii", "replace").lower())
    counts = [sum(word in frequent for word in words) for frequent, _ in _EXPECTED]
    most = max(counts)
    if most < max(_MIN_WORDS, 0.1 * len(words)):
        return None
    return frozenset().union(*(letters for count, (_, letters) in zip(counts, _EXPECTED, strict=True) if count == most))


def _letter_shares(text: str | None) -> tuple[float, float]:
    """Return the shares of the characters beyond ASCII that are letters of one language, and of any.

    Of the latter, capitals count half, since words rarely end in them.
    """
    beyond_ascii = Counter(character for character in text or "" if character > "\x7f")
    count = beyond_ascii.total()
    if text is None or not count:
        return 0.0, 0.0
    in_language = max(
        sum(number for c, number in beyond_ascii.items() if c in letters or c in _PUNCTUATION)
        for _words, letters in _EXPECTED
    ) - len(_SIGN_IN_WORD.findall(text))
    any_letter = sum(
        number if c.islower() or c in "“”„’–—…«»\xa0" else 0.5 * number if c.isalpha() else 0.0
        for c, number in beyond_ascii.items()
    )
    return in_language / count, any_letter / count


def _decode_strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
