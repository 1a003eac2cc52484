"""Words that reverse the meaning of a figure."""

from __future__ import annotations

import re

import pytest

from qa.editions.figures.sentence_figures import (
    are_opposite,
    find_directions,
    find_figures,
    find_subjects,
    is_negated_limit,
)
from qa.editions.sections import LocatedSentence


def opposite(text: str, other: str) -> bool:
    first, second = (
        find_directions(item, *match.span()) for item in (text, other) if (match := re.search(r"\d[\d.,]*", item))
    )
    return are_opposite(first, second) and are_opposite(second, first)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("The port closed the year with a deficit of 12 million.", "It had a surplus of 12 million."),
        ("Landings rose by 31 tonnes.", "Landings of cod decreased by 31 tonnes."),
        ("Der Verlust betrug 8,4 Mio. Euro.", "Der Gewinn belief sich auf 8,4 Mio. Euro."),
        ("Les entrées ont reculé de 9 %.", "Les entrées ont augmenté de 9 %."),
        ("Las pérdidas fueron de 7 millones.", "El beneficio fue de 7 millones."),
        ("損失は12億円であった。", "利益は12億円であった。"),
        ("Imports amounted to 44 million.", "Exports amounted to 44 million."),
        ("The motion was rejected by 45 votes.", "It was adopted by 45 votes."),
        ("We recruited 12 pilots.", "We dismissed 12 pilots."),
        ("Some 12 sailors were injured.", "A storm killed 12 sailors."),
        ("In all 1 pilot suffered a stroke.", "In all 1 pilot, Anna Berg Holt, died of a stroke."),
        ("Es starben 3 Matrosen.", "Es wurden 3 Matrosen verletzt."),
    ],
)
def test_words_of_opposite_directions_are_recognised(text: str, other: str) -> None:
    assert opposite(text, other)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Profit (loss) for the year | 356", "The port made a profit of 356 million."),
        ("Landings rose by 31 tonnes.", "The increase was 31 tonnes."),
        ("In the bay 12 ships sank, while imports rose.", "12 ships sank, and imports fell."),
        ("It had 31 ships in the year.", "Landings fell by 31 tonnes."),
    ],
)
def test_other_words_and_other_clauses_are_not_opposite(text: str, other: str) -> None:
    assert not opposite(text, other)


def test_a_very_long_word_beside_a_figure_takes_linear_time() -> None:
    """The time was quadratic once: with such a regression this test does not end."""
    text = f"{'x' * 400_000} 12 {'x' * 400_000}"
    assert not any(map(any, find_directions(text, 400_001, 400_003)))


@pytest.mark.parametrize(
    ("text", "is_forecast"),
    [
        ("The fund will have 45 members.", True),
        ("The fund is projected to have 45 members.", True),
        ("The fund expects 45 members.", True),
        ("The Williams Fund has 45 members.", False),
        ("The Nextcare fund has 45 willing members.", False),
        ("The proposition won 45 votes.", False),
    ],
)
def test_words_for_a_coming_year_are_whole_words(text: str, is_forecast: bool) -> None:
    (subject,) = find_subjects(find_figures([LocatedSentence("", "", 0, len(text), text, -1)], "en"), "en")
    assert subject.is_forecast is is_forecast


@pytest.mark.parametrize(
    ("text", "is_limit"),
    [
        ("No ship longer than 80 metres entered.", True),
        ("None of the ships was longer than about 80 metres.", True),
        ("Kein Schiff war länger als 80 Meter.", True),
        ("Aucun navire plus long que 80 mètres.", True),
        ("No fewer than 80 ships entered.", False),
        ("A ship longer than 80 metres entered.", False),
        ("No pilot left. The mole is longer than 80 metres.", False),
    ],
)
def test_a_limit_that_nothing_exceeded_is_no_amount(text: str, is_limit: bool) -> None:
    (figure,) = find_figures([LocatedSentence("d", "d@0-1", 0, len(text), text, 0)], None)
    assert is_negated_limit(figure) == is_limit
