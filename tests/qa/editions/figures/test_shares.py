"""Shares in words are read as one percentage; ordinals, times, scales and counts with the same words are none."""

from __future__ import annotations

import pytest

from qa.editions.figures.quantities import find_quantities
from qa.editions.figures.shares import find_shares

SHARES = [
    ("en", "A quarter of the injuries", 25),
    ("en", "more than half the staff", 50),
    ("en", "fell by a third", 33),
    ("de", "Gut sechs von zehn Litern", 60),
    ("de", "Jeder vierte Beschäftigte", 25),
    ("de", "fast drei Viertel der Anträge", 75),
    ("de", "mehr als die Hälfte", 50),
    ("fr", "quatre demandes sur dix", 40),
    ("fr", "une saisine sur deux", 50),
    ("fr", "aux trois quarts par la région", 75),
    ("fr", "un tiers des répondants", 33),
    ("es", "Casi tres de cada cuatro euros", 75),
    ("es", "uno de cada siete", 14),
    ("es", "una décima parte del gasto", 10),
    ("es", "la mitad de las quejas", 50),
    ("it", "sei passeggeri su dieci", 60),
    ("it", "più della metà", 50),
    ("it", "tre quarti dei reclami", 75),
    ("nl", "zes op de tien reizigers", 60),
    ("nl", "driekwart van de klachten", 75),
    ("pt", "seis em cada dez", 60),
    ("pt", "um quarto das queixas", 25),
    ("ja", "約4割が反対した", 40),
    ("ja", "3分の1は賛成した", 33),
]


@pytest.mark.parametrize(("language", "text", "percent"), SHARES)
def test_a_share_in_words_is_one_percentage(language: str, text: str, percent: float) -> None:
    (quantity,) = find_quantities(text, language)
    assert (quantity.kind, quantity.unit, quantity.value) == ("percent", "%", percent)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "a third terminal"),
        ("en", "over half an hour"),
        ("en", "the first half of the year"),
        ("de", "eine Viertelstunde"),
        ("de", "jeden zweiten Tag"),
        ("de", "die erste Hälfte"),
        ("de", "drei von vier Zielen"),
        ("fr", "un quart d'heure"),
        ("fr", "un tiers payant"),
        ("fr", "29 sur 64 gares"),
        ("es", "un cuarto de hora"),
        ("es", "la primera mitad"),
        ("it", "un quarto d'ora"),
        ("nl", "een derde haven"),
        ("pt", "um quarto lugar"),
    ],
)
def test_the_same_words_of_other_things_are_no_shares(language: str, text: str) -> None:
    assert find_shares(text, language) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [("The books now number 2,650", 2650), ("They number 310", 310), ("Members, who number 48, met", 48)],
)
def test_an_amount_follows_the_verb_to_number(text: str, value: float) -> None:
    assert [quantity.value for quantity in find_quantities(text, "en")] == [value]


@pytest.mark.parametrize("text", ["House number 12 burnt down", "Bus number 5 is late"])
def test_the_number_of_a_thing_is_no_amount(text: str) -> None:
    assert find_quantities(text, "en") == []
