"""The language of words, by lists of words."""

from __future__ import annotations

import pytest

from corpus.metadata.lexicon import is_listed, is_listed_elsewhere


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("bulldozers", "en", True),
        ("Frauen", "en", False),  # in the English list, but never counted
        ("Frauen", "de", True),
        ("Frauen", "ja", True),  # no list denies nothing
    ],
)
def test_words_in_use_are_listed(word: str, language: str, expected: bool) -> None:
    assert is_listed(word, language) is expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["lutte", "contre", "piraterie"], True),
        (["Drogenhandel"], True),
        (["lutte", "against", "piracy"], False),
        (["gerrymandering"], False),  # no word of another language
        (["women"], False),
    ],
)
def test_words_of_another_language_are_told_from_new_ones(words: list[str], expected: bool) -> None:
    assert is_listed_elsewhere(words, "en") is expected
