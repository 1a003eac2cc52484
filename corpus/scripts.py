r"""Letters of the Chinese, Japanese and Korean scripts as ranges for character classes; capitals, digits, signs.

A class is made of the ranges that its user needs: `re.compile(f"[{WIDE}]")`. The characters of symbol fonts, whose
codes are not Unicode, are decoded by Adobe's Symbol encoding and the usual signs of Wingdings.
"""

from __future__ import annotations

import re
import unicodedata

HIRAGANA = r"\u3040-\u309f"
KATAKANA = r"\u30a0-\u30ff"
KANA = HIRAGANA + KATAKANA
HAN = r"\u3400-\u9fff"
"""Chinese characters of Unicode's first extension and main block, and the 64 hexagrams between the two blocks."""

COMPATIBILITY_HAN = r"\uf900-\ufaff"
"""Duplicates of Chinese characters; NFKC normalisation replaces most of them. Readers do not count them as wide."""

HANGUL = r"\uac00-\ud7af"
"""Korean syllables. Unlike the other scripts, Korean has spaces between words."""

UNSPACED = KANA + HAN
"""Letters of scripts without spaces between words."""

WIDE = UNSPACED + HANGUL
"""Letters that fill two columns; two of them count as one word in the length of a passage."""

UNSPACED_LETTER = re.compile(f"[{UNSPACED}]")
WIDE_LETTER = re.compile(f"[{WIDE}]")

LATIN_CAPITALS = "A-ZÀ-ÖØ-Þ"
LATIN_SMALL = "a-zß-öø-ÿ"
"""Letters of western European languages, as ranges."""

NAME_WORD = rf"[{LATIN_CAPITALS}][\w’'-]+"
"""Pattern of a capitalised word, which may be one of a name."""

NAME_PARTICLES = "de|del|della|di|du|da|do|dos|la|le|al|van|von|der|den"
"""Alternatives for the small words inside names of persons and places; names of bodies have others, too ("of", "for").
"""

CONTROLS = r"\x00-\x1f\x7f-\x9f\u2028\u2029"
"""Control characters and the separators of lines and paragraphs, which can forge output on a terminal."""

SUPERSCRIPT_DIGITS = "⁰¹²³⁴-⁹"

TO_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
"""Superscript digits keep a raised number apart from the word or number before it: "in 2016³", "10⁶"."""

FROM_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

KANJI_DIGITS = "一二三四五六七八九"
"""Digits from 1 to 9; a zero (〇) occurs only where digits are written by place: 二〇一六."""


def without_accents(text: str) -> str:
    """Return a text without the marks of its letters: "Malaga" for "Málaga"."""
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


def parse_kanji(numeral: str) -> int:
    """Return the value of a numeral such as 二百五, 二〇一六 or 三億二千万."""
    total = part = digits = 0
    for sign in numeral:
        value = int(unicodedata.numeric(sign))
        if value >= 10_000:
            total, part, digits = total + (part + digits or 1) * value, 0, 0
        elif value >= 10:
            part, digits = part + (digits or 1) * value, 0
        else:
            digits = 10 * digits + value
    return total + part + digits


BULLETS = "•●○◦▪▫■□◆◇❖▶►➢✓✔·‣⁃※*-"
"""Characters that begin an item of a list; "-" is the last one, as a set in a pattern needs it."""

_SYMBOL_ROWS = (
    (0x20, " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"),
    (0xA0, "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪"),
    (0xF1, "〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"),
)
_SYMBOL = {first + at: character for first, row in _SYMBOL_ROWS for at, character in enumerate(row)}
_WINGDINGS = {
    0x20: " ", 0x28: "☎", 0x2A: "✉", 0x4A: "☺", 0x4C: "☹", 0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x70: "□",
    0x71: "❑", 0x72: "❒", 0x75: "◆", 0x76: "❖", 0x77: "◆", 0x9F: "•", 0xA7: "▪", 0xA8: "◻", 0xAB: "★", 0xD8: "➢",
    0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_SYMBOL_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS, "wingdings 2": {}, "wingdings 3": {}, "webdings": {}}
_SYMBOL_CODES = range(0xF000, 0xF100)
"""Where Word puts the codes of symbol fonts."""

UNKNOWN_SYMBOL = "\ufffd"
_SIGN_FONT = re.compile(r"(wingdings|webdings)[ -]?([23])?", re.IGNORECASE)


def is_symbol_font(font: str) -> bool:
    """Return whether the letters of a font are signs."""
    return font.lower() in _SYMBOL_FONTS


def from_symbol_font(code: int, font: str) -> str:
    """Return the character of a code in a font; `UNKNOWN_SYMBOL` if a symbol font's table does not have it."""
    table = _SYMBOL_FONTS.get(font.lower(), _SYMBOL if code in _SYMBOL_CODES and not font else None)
    if table is None:
        return chr(code - 0xF000) if code in _SYMBOL_CODES else chr(code)
    return table.get(code - 0xF000 if code in _SYMBOL_CODES else code, UNKNOWN_SYMBOL)


def sign_font(name: str) -> str:
    """Return the symbol font that the name of an embedded font means, as "ABCDEF+Wingdings-Regular"; "" if none."""
    match = _SIGN_FONT.search(name)
    return " ".join(filter(None, match.groups())).lower() if match else ""
