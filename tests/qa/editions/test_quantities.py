"""Quantities are read with their value, their unit and what they count, each with its exact span."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.editions.quantities import quantities


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a total of 42.5 million US dollars", [("money", 42_500_000, "USD", "", "42.5 million US dollars")]),
        ("worth ¥180.5 billion", [("money", 180_500_000_000, "JPY", "", "¥180.5 billion")]),
        ("protected 147 merchant ships on 78 escort operations", [
            ("count", 147, "ships", "merchant ships", "147"),
            ("count", 78, "operations", "escort operations", "78"),
        ]),
        ("two P-3C aircraft", [("count", 2, "aircraft", "P-3C aircraft", "two")]),
        ("approximately $430,000 and US$3.2bn", [
            ("money", 430_000, "USD", "", "approximately $430,000"),
            ("money", 3_200_000_000, "USD", "", "US$3.2bn"),
        ]),
        ("3.5 million EUR and 15 Canadian dollars", [
            ("money", 3_500_000, "EUR", "", "3.5 million EUR"),
            ("money", 15, "CAD", "", "15 Canadian dollars"),
        ]),
        ("12.5% or 3 percentage points", [
            ("percent", 12.5, "%", "", "12.5%"),
            ("percent", 3, "%", "", "3 percentage points"),
        ]),
        ("two-thirds of them", [("percent", 66.666667, "%", "", "two-thirds")]),
        ("over 124,000 military, police and civilian personnel", [
            ("count", 124_000, "personnel", "military, police and civilian personnel", "over 124,000"),
        ]),
        ("two hundred and five ships", [("count", 205, "ships", "ships", "two hundred and five")]),
        ("twenty-one people", [("count", 21, "people", "people", "twenty-one")]),
        ("the 14th Dialogue", [("ordinal", 14, "Dialogue", "Dialogue", "14th")]),
        ("the fifth-largest donor", [("ordinal", 5, "donor", "largest donor", "fifth")]),
        ("on July 7, 2015", [("date", "2015-07-07", "", "", "July 7, 2015")]),
        ("on 7 July 2015", [("date", "2015-07-07", "", "", "7 July 2015")]),
        ("by December 2015", [("date", "2015-12", "", "", "December 2015")]),
        ("since 1992", [("date", "1992", "", "", "1992")]),
        ("the number of piracy cases was 237 at its peak", [("count", 237, "cases", "piracy cases", "237")]),
        ("1,805億円を供与", [("money", 180_500_000_000, "JPY", "", "1,805億円")]),
        ("約10万人が", [("count", 100_000, "人", "人", "約10万")]),
        ("2015年7月7日", [("date", "2015-07-07", "", "", "2015年7月7日")]),
    ],
)  # fmt: skip
def test_quantities_of_prose_are_read(text: str, expected: list[tuple[object, ...]]) -> None:
    assert [(one.kind, one.value, one.unit, one.counted, one.text) for one in quantities(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "the G7 and COVID-19, flown by P-3C, over 5G",
        "see Chapter 3, Section 2 and page 198",
        "the final arbitral award3 and the team (CSIRT)1",
        "(1) Regional security",
        "one of the best, no one, at first and for the first time",
        "it may well march on",
    ],
)
def test_names_references_and_pronouns_are_no_quantities(text: str) -> None:
    assert quantities(text) == []


def test_a_language_with_a_decimal_comma_is_read_as_it_is_written() -> None:
    found = quantities("Es wurden 1.234,5 Millionen Euro und 3,5 Prozent für zwölf Schiffe gezahlt", "de")
    assert [(one.value, one.unit) for one in found] == [(1_234_500_000, "EUR"), (3.5, "%"), (12, "Schiffe")]


def test_the_same_amount_is_the_same_however_it_is_written() -> None:
    pairs = [("4.5 million US dollars", "$4,500,000"), ("two ships", "2 ships"), ("5 percent", "5%")]
    for one, other in pairs:
        assert quantities(one)[0].same_value(quantities(other)[0])
    assert not quantities("4.5 million euros")[0].same_value(quantities("4.5 million dollars")[0])


@given(st.text(alphabet="0123456789.,% $¥€-abc XYmillion億万円年月 twohundred()'\n", max_size=80))
def test_every_quantity_is_a_stretch_of_the_text_and_none_overlaps_another(text: str) -> None:
    found = quantities(text)
    assert all(text[one.start : one.end] == one.text for one in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
