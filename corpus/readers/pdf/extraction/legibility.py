"""Decide whether the extracted characters of a page are the letters shown: fonts may lack a usable Unicode mapping.

Such fonts give private characters, control codes, or other letters than are shown ("7KH" for "The").
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache

_MAX_UNUSABLE = 0.3
"""Share of the characters without a meaning; a few are bullets and symbols."""
_MIN_LETTERS, _MIN_WORDS = 200, 20
"""Minimum letters and words for the statistics to be reliable."""
_FREQUENT = frozenset("etaoinsrlud")
_MIN_FREQUENT = 0.5
"""Share of the frequent letters: .62 to .75 in languages with Latin letters, .2 to .45 where letters are shifted."""
_MAX_MIXED = 0.2
"""Share of words with letters of two scripts; East Asian text is written without spaces around other scripts."""
_WORD = re.compile(r"[^\W\d_]{3,}")
_EAST_ASIAN = frozenset(("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL", "FULLWIDTH", "HALFWIDTH"))


def is_legible(text: str, control_codes: int) -> bool:
    """Return whether the text of a page has letters that mean what is shown.

    Args:
        text: The characters of the page.
        control_codes: How many more characters the page shows that are control codes.
    """
    counts = Counter(text)
    total = len(text) - counts[" "] + control_codes
    private = sum(count for letter, count in counts.items() if unicodedata.category(letter) in ("Co", "Cn"))
    private += counts["\ufffd"]
    return control_codes + private <= _MAX_UNUSABLE * total and not _is_shifted(counts) and not _is_mixed(text)


def _is_shifted(counts: Counter[str]) -> bool:
    letters: Counter[str] = Counter()
    for letter, count in counts.items():
        if letter.isalpha():
            letters[unicodedata.normalize("NFD", letter)[0].lower()] += count
    latin = sum(count for letter, count in letters.items() if "a" <= letter <= "z")
    if latin < max(_MIN_LETTERS, letters.total() / 2):
        return False
    return sum(letters[letter] for letter in _FREQUENT) < _MIN_FREQUENT * latin


def _is_mixed(text: str) -> bool:
    words = _WORD.findall(text)
    mixed = sum(len(set(map(_script, word)) - {"CJK"}) > 1 for word in words if not word.isascii())
    return len(words) >= _MIN_WORDS and mixed > _MAX_MIXED * len(words)


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    script = unicodedata.name(letter, "").partition(" ")[0]
    return "CJK" if script in _EAST_ASIAN else script
