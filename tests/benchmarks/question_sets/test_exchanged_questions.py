"""Questions that a text nearly answers are made by denying them, by a word's opposite, and by another word."""

from __future__ import annotations

import pytest

from tests.benchmarks.question_sets.exchanged_questions import exchanged, replaced


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which quays were open?", ["Which quays weren't open?", "Which quays were close?"]),
        ("Who leads the harbour board?", []),
        ("How old is the oldest pilot?", ["How old isn't the oldest pilot?", "How young is the oldest pilot?"]),
    ],
)
def test_a_question_is_denied_or_gets_an_opposite(question: str, expected: list[str]) -> None:
    assert exchanged(question) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who led the third survey?", "Who led the fourth survey?"),
        ("Which of 12 buoys drifted?", "Which of 13 buoys drifted?"),
        ("Who sailed past three capes?", "Who sailed past four capes?"),
    ],
)
def test_a_number_is_replaced_by_the_next_one(question: str, expected: str) -> None:
    assert replaced(question, "") == [expected]


def test_a_name_and_a_common_word_are_replaced_by_those_of_another_question() -> None:
    assert replaced(
        "Who led the survey of seals near Arvik in May?", "Where does the Solvang ferry rest at night?"
    ) == [
        "Who led the survey of seals near Solvang in May?",
        "Who led the survey of rest near Arvik in May?",
    ]
