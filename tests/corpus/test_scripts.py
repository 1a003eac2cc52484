"""Tests of the ranges of East Asian letters and of numbers in kanji."""

from __future__ import annotations

import re
import unicodedata

import pytest

from corpus.scripts import COMPATIBILITY_HAN, HAN, HANGUL, HIRAGANA, KATAKANA, WIDE, parse_kanji


@pytest.mark.parametrize(
    ("letters", "name"),
    [
        (HIRAGANA, "HIRAGANA"),
        (KATAKANA, "KATAKANA"),
        (HAN, "CJK UNIFIED IDEOGRAPH"),
        (COMPATIBILITY_HAN, "CJK COMPATIBILITY IDEOGRAPH"),
        (HANGUL, "HANGUL"),
    ],
)
def test_all_letters_of_a_range_are_of_its_script(letters: str, name: str) -> None:
    in_range = [character for character in map(chr, range(0x10000)) if re.match(f"[{letters}]", character)]
    names = [unicodedata.name(letter) for letter in in_range if letter.isalpha()]
    assert names
    assert all(found.startswith(name) for found in names)


def test_wide_letters_are_wide_in_unicode() -> None:
    letters = [letter for letter in re.findall(f"[{WIDE}]", "".join(map(chr, range(0x10000)))) if letter.isalpha()]
    assert letters
    assert {unicodedata.east_asian_width(letter) for letter in letters} == {"W"}


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("十", 10),
        ("二十七", 27),
        ("二七", 27),
        ("27", 27),
        ("〇五", 5),
        ("百十", 110),
        ("二百五", 205),
        ("二〇一六", 2016),
        ("三億二千万", 320_000_000),
    ],
)
def test_a_numeral_in_kanji_has_its_value(numeral: str, value: int) -> None:
    assert parse_kanji(numeral) == value
