"""What counts as the same wording: never where a number, a negation, a tense or an order differs."""

from __future__ import annotations

import pytest

from qa.watching.edition_text import wording


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("It is positioned as one of the issues.", "and positions it as one of the issues"),
        ("The “centre”, as organised", "The “center” as organized"),
        ("Japan’s co-operation", "Japan's  co‑operation"),
    ],
)
def test_marks_spelling_and_auxiliaries_may_differ(first: str, second: str) -> None:
    assert wording(first, "en") == wording(second, "en")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("12 ships", "13 ships"),
        ("12%", "12"),
        ("$5", "£5"),
        ("-1.2 per cent", "1.2 per cent"),
        ("it sails", "it never sails"),
        ("supports the centre", "supported the centre"),
        ("will open", "opens"),
        ("from Norway to Japan", "from Japan to Norway"),
        ("a vessel", "vessels"),
        ("more than ten", "less than ten"),
        ("ships and boats", "ships or boats"),
    ],
)
def test_what_may_change_the_meaning_differs(first: str, second: str) -> None:
    assert wording(first, "en") != wording(second, "en")


def test_other_languages_may_differ_in_marks_only() -> None:
    assert wording("船が、12隻出た。", "ja") == wording("船が12隻出た", "ja")
    assert wording("12隻の船", "ja") != wording("13隻の船", "ja")
    assert wording("Das Schiff fährt", "de") != wording("Die Schiffe fahren", "de")
