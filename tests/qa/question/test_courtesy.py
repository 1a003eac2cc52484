"""Words of courtesy that are no part of what is asked."""

from __future__ import annotations

import pytest

from qa.question.courtesy import without_courtesy


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("Please tell me: How many ships sailed?", "How many ships sailed?"),
        ("Could you please tell me when the port closed?", "When the port closed?"),
        ("I'd like to know who the treasurer is.", "Who the treasurer is."),
        ("how many ships sailed, please?", "how many ships sailed?"),
        ("How many ships sailed? Thank you!", "How many ships sailed?"),
        ("fishing quotas please", "fishing quotas"),
        ("Können Sie mir bitte sagen, wie viele Schiffe fuhren?", "Wie viele Schiffe fuhren?"),
        ("Pouvez-vous me dire combien de navires ont navigué ?", "Combien de navires ont navigué ?"),
        ("¿Cuántos barcos hay, por favor?", "¿Cuántos barcos hay?"),
        ("護衛した船の数を教えてください。", "護衛した船の数"),
    ],
)
def test_words_of_courtesy_at_both_ends_are_omitted(question: str, rest: str) -> None:
    assert without_courtesy(question) == rest


@pytest.mark.parametrize(
    "question",
    [
        "Tell me about piracy",
        "Whom was the reform meant to please?",
        "What did the king tell us?",
        "How many letters of thanks were sent?",
        "Please",
        "Please compare the editions of 2016 and 2020.",
        "Do you know Arvik?",
    ],
)
def test_the_same_words_as_part_of_a_question_stay(question: str) -> None:
    assert without_courtesy(question) == question
