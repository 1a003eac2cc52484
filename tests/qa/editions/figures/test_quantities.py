"""Quantities are read with their value, their unit and what they count, each with its exact span."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.editions.figures.number_words import GRAMMARS
from qa.editions.figures.quantities import find_quantities, header_cells, uses_decimal_comma
from tests.paths import TEST_DATA

FRAGMENTS = [
    *"5 12 1,234 2.5 ½ 1/2 - – ( ) % $ € a half and million Million billion k m tn dozen two first twenty ' ’".split(),
    *"of to from between the ft FT Kr. kr KČ zł ZŁ Ft rs Rs pounds | in 二 億 5千 万 第 元 円 約 以上 三 mille".split(),
    *"mil tausend cent quatre-vingt zwei hundert Viertelmillion millón y medio ٥ ５ １２ ． ， ² per points".split(),
    *("bps", "USD", "2nd", "00", "ß", "İ", " ", "  ", "\n"),
]
LANGUAGES = [*"en de fr es it nl pt ja zh ko da sv no pl ru tr fi cs".split(), None]


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
        ("down from 12.4 percent to 8.9, and", [
            ("percent", 12.4, "%", "", "12.4 percent"),
            ("percent", 8.9, "%", "", "8.9"),
        ]),
        ("cut from $40 million to 35 in all", [
            ("money", 40_000_000, "USD", "", "$40 million"),
            ("money", 35_000_000, "USD", "", "35"),
        ]),
        ("from 40 percent to 12 ships", [
            ("percent", 40, "%", "", "40 percent"),
            ("count", 12, "ships", "ships", "12"),
        ]),
        ("12.5% or 3 percentage points", [
            ("percent", 12.5, "%", "", "12.5%"),
            ("percent", 3, "pp", "", "3 percentage points"),
        ]),
        ("two-thirds of them", [("percent", 66.666667, "%", "", "two-thirds")]),
        ("over 124,000 military, police and civilian personnel", [
            ("count", 124_000, "personnel", "military, police and civilian personnel", "over 124,000"),
        ]),
        ("two hundred and five ships", [("count", 205, "ships", "ships", "two hundred and five")]),
        ("twenty-one people", [("count", 21, "people", "people", "twenty-one")]),
        ("the 14th Dialogue", [("ordinal", 14, "Dialogue", "Dialogue", "14th")]),
        ("the fifth-largest donor", [("ordinal", 5, "donor", "largest donor", "fifth")]),
        ("the number of piracy cases was 237 at its peak", [("count", 237, "cases", "piracy cases", "237")]),
        ("1,805億円を供与", [("money", 180_500_000_000, "JPY", "", "1,805億円")]),
        ("約10万人が", [("count", 100_000, "人", "人", "約10万")]),
    ],
)  # fmt: skip
def test_quantities_of_prose_are_read(text: str, expected: list[tuple[object, ...]]) -> None:
    assert [(one.kind, one.value, one.unit, one.counted, one.text) for one in find_quantities(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "the G7 and COVID-19, flown by P-3C, over 5G",
        "see Chapter 3, Section 2 and page 198",
        "the final arbitral award3 and the team (CSIRT)1",
        "(1) Regional security",
        "one of the best, no one, at first and for the first time",
        "it may well march on",
        "on July 7, 2015, on 7 July, by December 2015, since 1992, on May 3d and in 2015/16",
        "2015年7月7日",
    ],
)
def test_names_references_and_pronouns_are_no_quantities(text: str) -> None:
    assert find_quantities(text) == []


def test_a_language_with_a_decimal_comma_is_read_as_it_is_written() -> None:
    found = find_quantities("Es wurden 1.234,5 Millionen Euro und 3,5 Prozent für zwölf Schiffe gezahlt", "de")
    assert [(one.value, one.unit) for one in found] == [(1_234_500_000, "EUR"), (3.5, "%"), (12, "Schiffe")]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a two-year plan, a five-year plan", [2, 5]),
        ("a three percent increase", [3]),
        ("a six million dollar grant", [6_000_000]),
        ("between two and three million people", [2_000_000]),
        ("five and ten ships", [5, 10]),
        ("the twenty-first session and twenty-one people", [21, 21]),
        ("two dozen ships, half a dozen boats and a dozen crews", [24, 6, 12]),
        ("a hundred and fifty thousand crowns", [150_000]),
        ("one million two hundred thousand and five", [1_200_005]),
        ("nineteen hundred and seven men", [1907]),
        ("two thousand million pounds", [2_000_000_000]),
        ("a thousand and one nights", [1001]),
        ("two to three million people", [2_000_000]),
        ("two to three hundred people", [200]),
        ("one to two per cent", [1]),
        ("5%–7% of the fleet", [5]),
        ("3 million–4 million tonnes", [3_000_000]),
        ("a pipe of 350km, 120MW and 20kg", [350, 120, 20]),
        ("raised to 12 ft, 12FT and 5 ft 6", [12, 12, 5, 6]),
        ("$3.5B", [3_500_000_000]),
        ("one-fifth of the budget, three-eighths of it", [20, 37.5]),
        ("three in ten ships, 1 in 10 boats", [30, 10]),
        ("see Chapters 3, 4 and 5, Tables 2 and 3, nos. 7 and 8", []),
        ("2000 ships sailed in 2015", [2000]),
    ],
)
def test_english_numbers_are_read_as_they_are_meant(text: str, values: list[float]) -> None:
    assert [one.value for one in find_quantities(text)] == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("３．５％の増加", [3.5]),
        ("１，２３４人", [1234]),
        ("総額は、1985億円", [198_500_000_000]),
        ("約1950万人", [19_500_000]),
        ("2015年に1,200人", [1200]),
    ],
)
def test_east_asian_numbers_are_read_as_they_are_meant(text: str, values: list[float]) -> None:
    found = find_quantities(text, "ja")
    assert [one.value for one in found] == values
    assert all(text[one.start : one.end] == one.text for one in found)


@pytest.mark.parametrize(
    ("claim", "source", "holds"),
    [
        ("at least 150 ships", "150 ships", True),
        ("at least 150 ships", "153 ships", True),
        ("at least 150 ships", "149 ships", False),
        ("more than 150 ships", "150 ships", False),
        ("up to 30 ships", "30 ships", True),
        ("under 30 ships", "30 ships", False),
        ("150人以上", "150人", True),
        ("150人超", "150人", False),
        ("150 ships", "at least 150 ships", False),
        ("約1,200兆円", "1,203兆円", True),
    ],
)
def test_a_bound_holds_for_the_amount_itself_if_its_words_include_it(claim: str, source: str, holds: bool) -> None:
    language = "en" if claim.isascii() else "ja"
    (claimed,), (stated_there,) = find_quantities(claim, language), find_quantities(source, language)
    assert claimed.holds_for(stated_there) is holds


@given(text=st.lists(st.sampled_from(FRAGMENTS), max_size=8).map("".join), language=st.sampled_from(LANGUAGES))
def test_any_text_is_read_without_errors(text: str, language: str | None) -> None:
    for quantity in find_quantities(text, language, header="A | B (in thousands) | Kč million"):
        assert text[quantity.start : quantity.end] == quantity.text != ""
        assert quantity.holds_for(quantity)


def stated(text: str, language: str) -> list[str]:
    """Each quantity as "kind value unit ..upper bound"."""
    found = find_quantities(text, language)
    uppers = ["" if one.upper is None else f"..{float(one.upper)}" for one in found]
    return [
        " ".join(part for part in (one.kind, str(float(one.value)), one.unit, upper, one.bound) if part)
        for one, upper in zip(found, uppers, strict=True)
    ]


PHRASES = [
    line.split("\t") for line in (TEST_DATA / "quantities" / "phrases.tsv").read_text("utf-8").split("\n") if line
]


@pytest.mark.parametrize(("text", "language", "expected"), PHRASES, ids=[f"{row[1]} {row[0]}" for row in PHRASES])
def test_a_phrase_states_its_quantities(text: str, language: str, expected: str) -> None:
    def comparable(quantity: str) -> str:
        parts = (part.removeprefix("..") for part in quantity.split())
        numbers = [float(part) if part.replace(".", "").lstrip("-").isdigit() else part for part in parts]
        return " ".join(map(str, numbers))

    wanted = [comparable(one.strip()) for one in expected.split(";") if one.strip()]
    assert [comparable(re.sub(r"\.\.(?=[\d-])", "", one)) for one in stated(text, language)] == wanted


MARKS = {
    **dict.fromkeys(("en", "ja", "zh", "ko"), (",", ".")),
    **dict.fromkeys(("de", "es", "it", "pt", "nl"), (".", ",")),
    "fr": ("\u202f", ","),
    **dict.fromkeys(("pl", "sv"), ("\u00a0", ",")),
}
"""Thousands separator and decimal sign."""

FRAMES = {"en": "the total was {} percent of it", "de": "es waren {} Prozent davon", "fr": "soit {} % du total",
          "es": "fue un {} por ciento del total", "it": "pari al {} per cento del totale", "pt": "foi de {} por cento",
          "nl": "dat was {} procent", "pl": "było to {} procent", "sv": "det var {} procent", "ja": "全体の{}%となった",
          "zh": "占{}%左右", "ko": "전체의 {}퍼센트"}  # fmt: skip
AMOUNTS = (0.5, 3.25, 12.5, 147, 999.9, 1234.5, 45678, 1234567.8, 98765432.1, -0.7, -1234.5)


def written(amount: float, language: str, minus: str) -> str:
    thousands, decimal = MARKS[language]
    plain = f"{abs(amount):,}".removesuffix(".0")
    swapped = "".join({",": thousands, ".": decimal}.get(sign, sign) for sign in plain)
    return f"{minus if amount < 0 else ''}{swapped}"


@pytest.mark.parametrize("minus", ["-", "−"])
@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize("language", MARKS)
def test_a_number_is_read_by_the_marks_of_its_language(language: str, amount: float, minus: str) -> None:
    (found,) = find_quantities(FRAMES[language].format(written(amount, language, minus)), language)
    assert (found.kind, found.value, found.unit) == ("percent", amount, "%")


def test_the_numbers_of_a_document_tell_its_decimal_sign() -> None:
    english = ["a rate of 3,5 percent", "1.234,5 tonnes", "in 2,75 percent of cases"]
    assert uses_decimal_comma(english, "en")
    assert find_quantities("1.500 tonnes", "en", comma=True)[0].value == 1500
    assert not uses_decimal_comma(["1.5 Prozent", "2.25 Prozent"], "de")
    assert uses_decimal_comma(["tausend Schiffe"], "de")


@pytest.mark.parametrize(
    ("header", "row", "value", "unit"),
    [
        ("Expenditure (in thousands) | 2019", "Roads | 1,250", 1_250_000, ""),
        ("Revenue, in millions of euros", "Tax | 12.5", 12_500_000, "EUR"),
        ("₹ crore", "Grant | 1,23,456", 1_234_560_000_000, "INR"),
        ("Beträge in Mio. EUR", "Steuern | 3", 3_000_000, "EUR"),
        ("US$ million", "Aid | (4.5)", -4_500_000, "USD"),
        ("単位：百万円", "支出 | 1,200", 1_200_000_000, "JPY"),
        ("Number of ships ('000)", "Tankers | 2", 2_000, ""),
        ("Share of thousands of ships", "Tankers | 2", 2, ""),
        ("in thousands", "Share | 12 %", 12, "%"),
        ("Results (dollars in thousands)", "Grain | 2,480", 2_480_000, "USD"),
        ("Results (euros in millions)", "Grain | 2.5", 2_500_000, "EUR"),
        ("Scholars in thousands", "Grain | 2", 2_000, ""),
        ("Item | 2021/22 (1,000 thalers)", "Seed | 145", 145_000, ""),
        ("Wool (1000 t) | 2021", "Merino | 3.2", 3_200, ""),
        ("Recettes (1 000 €) | 2021", "Dons | 145", 145_000, "EUR"),
        ("Recettes (en k€) | 2021", "Dons | 145", 145_000, "EUR"),
        ("(in 1.000 Euro)\nPosten | 2021", "Spenden | 145", 145_000, "EUR"),
        ("Erlöse, TEUR | 2021", "Spenden | 145", 145_000, "EUR"),
        ("Ingresos (1.000.000 euros) | 2021", "Cuotas | 2", 2_000_000, "EUR"),
        ("Baten (x 1.000 euro) | 2021", "Giften | 145", 145_000, "EUR"),
        ("Event | Running (1,000 m)", "Athletes | 145", 145, ""),
        ("Thefts (per 1,000 inhabitants) | 2021", "Shops | 145", 145, ""),
        ("Villages of 1,000 or more | 2021", "North | 145", 145, ""),
        ("Diebstähle je 1.000 Einwohner | 2021", "Läden | 145", 145, ""),
        ("Vols pour 1 000 habitants | 2021", "Nord | 145", 145, ""),
        ("Courses de 1 000 m | 2021", "Nord | 145", 145, ""),
    ],
)
def test_the_header_of_a_table_scales_its_numbers(header: str, row: str, value: float, unit: str) -> None:
    (found,) = find_quantities(row, "de" if "Mio" in header else "en", header=header)
    assert (found.value, found.unit) == (value, unit)


@pytest.mark.parametrize(
    ("claim", "source", "holds"),
    [
        ("about 150 ships", "147 ships", True),
        ("about 150 ships", "162 ships", False),
        ("more than 140 ships", "147 ships", True),
        ("more than 150 ships", "147 ships", False),
        ("fewer than 150 ships", "147 ships", True),
        ("$4.2 million", "$4,187,300", True),
        ("$4.2 million", "$4,287,300", False),
        ("10 million people", "10,210,300 people", True),
        ("10 million people", "14,900,000 people", False),
        ("$4,187,300", "$4.2 million", False),
        ("4,200 ships", "4,187 ships", False),
        ("147 ships", "about 147 ships", True),
        ("147 ships", "more than 147 ships", False),
        ("2 percent", "2 percentage points", False),
        ("1.2 percent", "-1.2 percent", False),
        ("3 to 5 percent", "3 percent", False),
        ("twelve ships", "12 ships", True),
        ("about 2.5 percent", "2.48 percent", True),
    ],
)
def test_a_rounded_claim_holds_for_what_it_rounds(claim: str, source: str, holds: bool) -> None:
    assert find_quantities(claim)[0].holds_for(find_quantities(source)[0]) == holds


def test_the_same_amount_is_the_same_however_it_is_written() -> None:
    pairs = [("4.5 million US dollars", "$4,500,000"), ("two ships", "2 ships"), ("5 percent", "5%")]
    for one, other in pairs:
        assert find_quantities(one)[0].same_value(find_quantities(other)[0])
    assert not find_quantities("4.5 million euros")[0].same_value(find_quantities("4.5 million dollars")[0])


@given(st.text(alphabet="0123456789.,% $¥€-abc XYmillion億万円年月 twohundred()'\n", max_size=80))
def test_every_quantity_is_a_span_of_the_text_and_none_overlaps_another(text: str) -> None:
    found = find_quantities(text)
    assert all(text[one.start : one.end] == one.text for one in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@pytest.mark.parametrize("language", sorted(GRAMMARS))
def test_the_pattern_of_a_language_matches_and_reads_each_of_its_number_words(language: str) -> None:
    grammar = GRAMMARS[language]
    pattern = re.compile(grammar.pattern, re.IGNORECASE)
    for word, number in grammar.below_thousand.items():
        match = pattern.fullmatch(word.replace("-", " "))
        assert match is not None, word
        assert grammar.parse(match[0]) == number, word
    assert set(grammar.below_thousand.values()) >= set(range(2, 100)) | set(range(101, 200)) | set(range(201, 1000))


def test_long_runs_of_words_before_a_number_are_read_in_linear_time() -> None:
    assert find_quantities("a " * 20_000 + "boat") == []  # took minutes


@pytest.mark.parametrize(
    ("row", "head"),
    [
        ("North | 1,214 | 1,730 | 9", "Change"),
        ("North | 1,214 1,730 | 9", ""),
        ("North 1,214 | 1,730 | 9", ""),
        ("North | 1 214 | 1 730", "2019"),
        ("| North | 1,214 | 1,730 | 9 |", "Change"),
    ],
)
def test_a_cell_has_the_head_of_its_column_only_if_its_row_fits_the_header(row: str, head: str) -> None:
    header = "Route | 2020 | 2019 | Change"
    cells, column = header_cells(row, len(row.rstrip(" |")) - 1, f"| {header} |" if row.startswith("|") else header)
    assert cells[column] == head


@pytest.mark.parametrize(
    ("text", "language", "values"),
    [
        ("the wait fell from 47 minutes 30 seconds to 36 minutes and 5 seconds", "en", [47.5, 36.083333]),
        ("2 hours 15 minutes", "en", [2.25]),
        ("8 Minuten und 12 Sekunden, 29 Sekunden weniger", "de", [8.2, 29]),
        ("une heure et 2 heures 30 minutes", "fr", [2.5]),
        ("| Category 2 | 18:00 | 47:30 | 1:05:31 |", "en", [2, 18, 47.5, 1.091944]),
        ("a ratio of 3:1", "en", [3]),
        ("12 minutes 90 seconds", "en", [12, 90]),
        ("8 minutes, 12 seconds faster", "en", [8, 12]),
    ],
)
def test_amounts_in_two_units_are_one(text: str, language: str, values: list[float]) -> None:
    assert [one.value for one in find_quantities(text, language)] == values


@pytest.mark.parametrize(
    ("text", "language", "values"),
    [
        ("in 2022 −8.4 per cent", "en", [-8.4]),
        ("the Review 2019 -3.5 per cent", "en", [-3.5]),
        ("im Jahr 2022 –8,4 Prozent", "de", [-8.4]),
        ("laut Bericht 2022 −12 Euro", "de", [-12]),
        ("en 2022 −0,7 %", "fr", [-0.7]),
        ("en 2022 -5 euros", "es", [-5]),
        ("from 2019 - 21 ships", "en", []),
        ("the years 2022 -23", "en", []),
        ("2022 –8", "en", [8]),
        ("zwischen 2019 –21", "de", []),
        ("les saisons 2020 -21", "fr", []),
        ("a score of 1022 -8.4", "en", [1022, 8.4]),
    ],
)
def test_a_sign_after_a_year_is_that_of_the_number_after_it(text: str, language: str, values: list[float]) -> None:
    assert [one.value for one in find_quantities(text, language)] == values


@pytest.mark.parametrize(
    ("text", "language", "amounts"),
    [
        ("3.5 of the 4.2 million euros", "en", [(3_500_000, "EUR"), (4_200_000, "EUR")]),
        ("3,5 des 4,2 millions d'euros", "fr", [(3_500_000, "EUR"), (4_200_000, "EUR")]),
        ("3,5 der 4,2 Millionen Euro", "de", [(3_500_000, "EUR"), (4_200_000, "EUR")]),
        ("3,5 de los 4,2 millones de euros", "es", [(3_500_000, "EUR"), (4_200_000, "EUR")]),
        ("4.2 million euros, of which 3.5 million", "en", [(4_200_000, "EUR"), (3_500_000, "EUR")]),
        (
            "4,2 millions d'euros, dont 3,5 millions versés par la Ville et 0,2 million par l'État",
            "fr",
            [(4_200_000, "EUR"), (3_500_000, "EUR"), (200_000, "EUR")],
        ),
        (
            "4,2 Millionen Euro statt der geplanten 3,5 Millionen",
            "de",
            [(4_200_000, "EUR"), (3_500_000, "EUR")],
        ),
        ("3 of the 5 million visitors", "en", [(3, ""), (5_000_000, "visitors")]),
        ("12 ships for 3 million euros", "en", [(12, "ships"), (3_000_000, "EUR")]),
        ("4,2 Millionen Euro für 3 Millionen Gäste", "de", [(4_200_000, "EUR"), (3_000_000, "Gäste")]),
        ("4,2 millions d'euros pour 3 millions de visiteurs", "fr", [(4_200_000, "EUR"), (3_000_000, "")]),
        ("4.2 million euros, of which 400 visitors", "en", [(4_200_000, "EUR"), (400, "visitors")]),
        ("4.2 million euros and 2 million people", "en", [(4_200_000, "EUR"), (2_000_000, "people")]),
    ],
)
def test_parts_and_wholes_share_scale_and_unit(text: str, language: str, amounts: list[tuple[float, str]]) -> None:
    assert [(one.value, one.unit) for one in find_quantities(text, language)] == amounts


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("one in eight appeals", [(12, "%")]),
        ("one in twenty-five", [(4, "%")]),
        ("1 in 40 letters", [(2.5, "%")]),
        ("one letter in twelve was lost", [(8.3, "%")]),
        ("one in 100", [(1, "%")]),
        ("One in seven of the crews", [(14, "%")]),
        ("9 in 45 districts", [(9, ""), (45, "")]),
        ("one in two years", [(2, "years")]),
        ("5 out of 9 ships", [(5, ""), (9, "ships")]),
        ("two in eight ports", [(2, ""), (8, "ports")]),
        ("one in 40 per cent of the ports", [(40, "%")]),
        ("one in 2,500", [(2500, "")]),
    ],
)
def test_one_in_any_number_is_a_share(text: str, amounts: list[tuple[float, str]]) -> None:
    assert [(one.value, one.unit) for one in find_quantities(text) if one.value != 1 or one.unit] == amounts


@pytest.mark.parametrize(
    ("text", "language", "period"),
    [
        ("612 euros a month", "en", "month"),
        ("an annual fee of 612 euros", "en", "year"),
        ("1,200 visitors per day", "en", "day"),
        ("612 Euro im Monat", "de", "month"),
        ("monatlich 612 Euro", "de", "month"),
        ("612 Gäste pro Tag", "de", "day"),
        ("612 euros par an", "fr", "year"),
        ("612 euros mensuales", "es", "month"),
        ("612 euro all'anno", "it", "year"),
        ("612 euro per maand", "nl", "month"),
        ("月額612円", "ja", "month"),
        ("| Pension (euros a month) | 2021 |##| Old age | 612 |", "en", "month"),
        ("612 people a year ago", "en", ""),
        ("612 people in a year", "en", ""),
        ("the annual report of 612 pages", "en", ""),
        ("612 Schiffe im Jahr 2022", "de", ""),
        ("612 Schiffe im Monat August", "de", ""),
        ("612 navires l'an passé", "fr", ""),
        ("612 barcos al año siguiente", "es", ""),
        ("612 euros", "en", ""),
    ],
)
def test_a_rate_has_its_period(text: str, language: str, period: str) -> None:
    header, _, row = text.rpartition("##")
    assert [one.per for one in find_quantities(row, language, header=header)] == [period]
