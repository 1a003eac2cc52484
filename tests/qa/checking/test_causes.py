"""A cause of which the source says nothing near its figure cannot be checked."""

from __future__ import annotations

import pytest

from tests.factories.claims import statuses


@pytest.mark.parametrize(
    ("language", "claim", "source", "status"),
    [
        ("en", "The bridge was shut for 31 days because of rust.", "Rust shut the bridge for 31 days.", "agrees"),
        (
            "en",
            "The bridge was shut for 31 days because of a landslide.",
            "Rust shut the bridge for 31 days.",
            "cannot be checked",
        ),
        (
            "en",
            "Mildew caused the loss of 240 tons of grapes.",
            "A loss of 240 tons of grapes followed the hail.",
            "cannot be checked",
        ),
        (
            "en",
            "Hail caused the loss of 240 tons of grapes.",
            "A loss of 240 tons of grapes followed the hail.",
            "agrees",
        ),
        (
            "de",
            "Wegen eines Streiks fielen 52 Fahrten aus.",
            "Nebel lag im Januar über dem See, und 52 Fahrten fielen aus.",
            "cannot be checked",
        ),
        (
            "de",
            "Wegen Nebels fielen 52 Fahrten aus.",
            "Nebel lag im Januar über dem See, und 52 Fahrten fielen aus.",
            "agrees",
        ),
        (
            "fr",
            "Faute de neige, 12 courses ont été annulées.",
            "En raison du vent, 12 courses ont été annulées.",
            "cannot be checked",
        ),
        (
            "fr",
            "À cause du vent, 12 courses ont été annulées.",
            "En raison du vent, 12 courses ont été annulées.",
            "agrees",
        ),
        (
            "es",
            "Se cerraron 14 playas por culpa de las medusas.",
            "Se cerraron 14 playas tras el vertido.",
            "cannot be checked",
        ),
    ],
)
def test_a_cause_is_that_of_the_source(language: str, claim: str, source: str, status: str) -> None:
    assert statuses(claim, source, language=language) == [status]


@pytest.mark.parametrize(
    ("language", "claim", "source", "status"),
    [
        (
            "de",
            "Wegen eines Brandes fielen 42 Fahrten aus.",
            "Wegen des Hochwassers fielen 42 Fahrten aus; ein Brand zerstörte zwei Wagen.",
            "cannot be checked",
        ),
        (
            "en",
            "Because of rust, 31 cars were scrapped.",
            "Because of fraud, 31 cars were scrapped, and rust was found on others.",
            "cannot be checked",
        ),
        (
            "en",
            "Because of rust, 31 cars were scrapped.",
            "31 cars were scrapped because of rust, and others because of fraud.",
            "agrees",
        ),
    ],
)
def test_the_cause_in_the_clause_of_a_figure_is_its_own(language: str, claim: str, source: str, status: str) -> None:
    assert statuses(claim, source, language=language) == [status]


def test_a_figure_of_a_cause_is_no_figure_beside_it() -> None:
    assert statuses("It was late because of 14 frosts.", "There were 14 frosts.") == ["agrees"]
