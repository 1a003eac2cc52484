"""Units of measurement of the figures of sentences and tables."""

from __future__ import annotations

import pytest

from qa.editions.figures.measures import Measure, find_measure, is_converted
from qa.editions.figures.quantities import Quantity, find_quantities

DAY, WEEK, YEAR = Measure("time", 86_400), Measure("time", 604_800), Measure("time", 31_557_600)
HECTARE, SQUARE_KILOMETRE = Measure("area", 10_000), Measure("area", 1e6)
KILOMETRE, MILE = Measure("length", 1000), Measure("length", 1609.344)


@pytest.mark.parametrize(
    ("text", "language", "header", "measure"),
    [
        ("31 days", "en", "", DAY),
        ("31 working days", "en", "", DAY),
        ("a 31-day course", "en", "", DAY),
        ("en 12 semanas", "es", "", WEEK),
        ("nach 3 Jahren", "de", "", YEAR),
        ("1.200 Hektar", "de", "", HECTARE),
        ("5.3 km² of forest", "en", "", SQUARE_KILOMETRE),
        ("5.3 square kilometres", "en", "", SQUARE_KILOMETRE),
        ("Burnt | 140", "en", "Item | Area (ha)", HECTARE),
        ("Burnt, in km2 | 140", "en", "Item | 2020", SQUARE_KILOMETRE),
        ("Leave per year | 140", "en", "Item | 2020", None),
        ("140 people", "en", "", None),
        ("5 M people", "en", "", None),
        ("12 per cent", "en", "", None),
    ],
)
def test_the_unit_is_read_after_the_number_or_from_the_table(
    text: str, language: str, header: str, measure: Measure | None
) -> None:
    (quantity,) = find_quantities(text, language, header=header)
    assert find_measure(quantity, text, header) == measure


@pytest.mark.parametrize(
    ("amount", "measure", "source", "source_measure", "converts"),
    [
        ("62", MILE, "100", KILOMETRE, True),
        ("62.1", MILE, "100", KILOMETRE, True),
        ("62.9", MILE, "100", KILOMETRE, False),
        ("14", DAY, "2", WEEK, True),
        ("1", YEAR, "330", DAY, False),
        ("14", DAY, "14", HECTARE, False),
    ],
)
def test_an_amount_is_converted_and_rounded(
    amount: str, measure: Measure, source: str, source_measure: Measure, converts: bool
) -> None:
    def quantity(written: str) -> Quantity:
        return find_quantities(f"{written} units")[0]

    assert is_converted(quantity(amount), measure, quantity(source), source_measure) == converts
