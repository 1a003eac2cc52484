"""Questions that a text nearly answers are made by denying them, or by a word's opposite."""

from __future__ import annotations

import pytest

from tests.benchmarks.question_sets.exchanged_questions import exchanged


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
