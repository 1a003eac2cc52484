"""Words around the amounts with which a change begins and ends."""

from __future__ import annotations

import pytest

from qa.editions.figures.changes import CHANGED_BY, begins_change, ends_change, is_compared_with


def span(text: str, amount: str) -> tuple[int, int]:
    start = text.index(amount)
    return start, start + len(amount)


@pytest.mark.parametrize(
    "text",
    [
        "Landings fell from 52 to 61 tonnes.",
        "Landings fell from about 52 tonnes in 2019 to some 61 tonnes.",
        "Landings rose to 61 tonnes, up from 52 the year before.",
        "Landings came to 61 tonnes, compared with only 52.",
        "Landings came to 61 tonnes against 52.",
        "Die Anlandungen stiegen von 52 auf 61 Tonnen.",
        "Les prises sont passées de 52 à 61 tonnes.",
        "Le catture sono passate da 52 a 61 tonnellate.",
        "Las capturas pasaron de 52 a 61 toneladas.",
        "De vangst steeg van 52 naar 61 ton.",
        "Die Anlandungen stiegen von knapp 52 auf fast 61 Tonnen.",
        "Las capturas pasaron de unas 52 a casi 61 toneladas.",
        "Les prises sont passées de près de 52 à presque 61 tonnes.",
        "Landings rose from less than 52 to at least 61 tonnes.",
    ],
)
def test_a_change_begins_at_the_earlier_amount(text: str) -> None:
    assert begins_change(text, *span(text, "52"))
    assert not begins_change(text, *span(text, "61"))


@pytest.mark.parametrize(
    "text",
    [
        "Landings from 52 boats came to 61 tonnes.",
        "Le directeur de 52 écoles a reçu 61 lettres.",
        "Der Anteil von 52 Prozent blieb.",
        "The boats landed 52 tonnes.",
    ],
)
def test_where_something_comes_from_no_change_begins(text: str) -> None:
    assert not begins_change(text, *span(text, "52"))


def test_a_change_ends_after_from_and_to() -> None:
    text = "Landings rose from 52 tonnes in 2019 to about 61 tonnes; the crews rose to 8."
    assert ends_change(text, text.index("61"))
    assert not ends_change(text, text.index("52"))
    assert not ends_change(text, text.index("8."))


def test_only_the_other_amount_is_compared_with() -> None:
    text = "Landings came to 61 tonnes, down from 72."
    assert is_compared_with(text, text.index("72"))
    assert not is_compared_with(text, text.index("61"))


@pytest.mark.parametrize(
    ("text", "is_change"),
    [
        ("Landings were up 52 tonnes.", True),
        ("Landings went up 52 tonnes.", True),
        ("The boats brought up 52 tonnes.", False),
        ("Herring made up 52 tonnes.", False),
        ("The plant used up 52 tonnes.", False),
    ],
)
def test_up_after_a_verb_of_another_meaning_tells_no_rise(text: str, is_change: bool) -> None:
    assert (CHANGED_BY.search(text, 0, text.index("52")) is not None) == is_change
