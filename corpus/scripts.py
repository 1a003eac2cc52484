r"""Letters of the Chinese, Japanese and Korean scripts as ranges for character classes; capitals, digits, bullets.

A class is made of the ranges that its user needs: `re.compile(f"[{WIDE}]")`.
"""

from __future__ import annotations

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

LATIN_CAPITALS = "A-ZÀ-ÖØ-Þ"
LATIN_SMALL = "a-zß-öø-ÿ"
"""Letters of western European languages, as ranges."""

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
