"""Superlatives of questions: their direction, their property, and sentences that say the opposite."""

from __future__ import annotations

import pytest

from qa.answering.superlatives import asks_for_time, column_sense, says_opposite, superlative_direction


@pytest.mark.parametrize(
    ("question", "direction"),
    [
        ("Which ferry is the cheapest?", -1),
        ("Which ferry is the least expensive?", -1),
        ("Which ferry is the most expensive?", 1),
        ("What was the dearest ticket?", 1),
        ("Which hall is the newest?", -1),
        ("Which hall is the oldest?", 1),
        ("Which boat is the slowest?", -1),
        ("Welche Fähre ist am billigsten?", -1),
        ("Welche Fähre ist die teuerste?", 1),
        ("Welche Halle ist die jüngste?", -1),
        ("Quel billet est le moins cher ?", -1),
        ("Quel billet est le plus cher ?", 1),
        ("Quelle salle est la plus récente ?", -1),
        ("¿Qué billete es el más barato?", -1),
        ("¿Qué billete es el más caro?", 1),
        ("Quale biglietto è il più caro?", 1),
        ("Quale biglietto è il meno caro?", -1),
        ("Welk kaartje is het goedkoopste?", -1),
        ("fewest cars carried", -1),
        ("the most cars?", 1),
        ("cars, most of them blue", 0),
    ],
)
def test_superlatives_of_properties_and_of_keywords_have_a_direction(question: str, direction: int) -> None:
    assert superlative_direction(question) == direction


@pytest.mark.parametrize(
    ("question", "head", "sense"),
    [
        ("Which ferry is the cheapest?", "Fare (crowns)", 1),
        ("Which ferry is the cheapest?", "Cars", 0),
        ("Which ferry is the oldest?", "Age", 1),
        ("Which ferry is the oldest?", "Built", -1),
        ("Which ferry is the fastest?", "Minutes", -1),
        ("Which ferry has the most cars?", "Minutes", None),
        ("Welche Fähre ist die schwerste?", "Gewicht", 1),
        ("Quel bac est le plus long ?", "Longueur", 1),
        ("¿Qué barco es el más antiguo?", "Año de construcción", -1),
    ],
)
def test_a_column_fits_the_property_of_a_superlative(question: str, head: str, sense: int | None) -> None:
    assert column_sense(question, head) == sense


@pytest.mark.parametrize(
    ("text", "question", "opposite"),
    [
        ("There were 9 delays, the fewest so far.", "Which year had the most delays?", True),
        ("There were 9 delays, the fewest so far.", "Which year had the fewest delays?", False),
        ("There were 9 delays, the most so far.", "Which year had the fewest delays?", True),
        ("The most were in May and the fewest in June.", "Which year had the fewest delays?", False),
        ("The cheapest ferry had 9 delays.", "Which year had the most delays?", False),
        ("There were 9 delays.", "Which year had the most delays?", False),
    ],
)
def test_a_sentence_with_the_opposite_superlative_only_says_the_opposite(
    text: str, question: str, opposite: bool
) -> None:
    assert says_opposite(text, question, superlative_direction(question)) is opposite


def test_a_question_for_a_year_is_one_for_the_time_of_the_most() -> None:
    questions = (
        "When was the catch largest?",
        "In which edition was it lowest?",
        "In welchem Jahr war es am höchsten?",
    )
    assert all(map(asks_for_time, questions))
    assert not asks_for_time("Which ferry had the most cars in 2020?")
