"""The year parser: phrases in English, Japanese, German, French and Spanish."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.metadata.years import (
    mask_non_years,
    normalize_years,
    parse_stated_period,
    parse_years,
    unmask,
    written_years,
)

C, F, D = "calendar", "fiscal", "decade"

PHRASES: list[tuple[str, list[tuple[str, int, int, str]]]] = [
    # a year
    ("in 2015", [("2015", 2015, 2015, C)]),
    ("2015: a year of drought", [("2015", 2015, 2015, C)]),
    ("by mid-2015", [("2015", 2015, 2015, C)]),
    ("2015's harvest", [("2015", 2015, 2015, C)]),
    ("Report2015", [("2015", 2015, 2015, C)]),
    ("March 5, 2015", [("2015", 2015, 2015, C)]),
    ("31.03.2015", [("2015", 2015, 2015, C)]),
    ("03/2015", [("2015", 2015, 2015, C)]),
    ("2015-07-31", [("2015", 2015, 2015, C)]),
    ("2015-03", [("2015", 2015, 2015, C)]),
    ("in 2015 people moved away", [("2015", 2015, 2015, C)]),
    ("the 2016 and 2020 Bluebooks", [("2016 and 2020", 2016, 2020, C)]),
    ("2020-2016", [("2020", 2020, 2020, C), ("2016", 2016, 2016, C)]),
    ("1. Juli 2015 – 30. Juni 2016", [("2015", 2015, 2015, C), ("2016", 2016, 2016, C)]),
    ("from April 2015 - 31 March", [("2015", 2015, 2015, C)]),
    ("The budget of 2015-16 may rise", [("2015-16", 2015, 2016, C)]),
    ("2015 – 16", [("2015 – 16", 2015, 2016, C)]),
    ("im Jahr 2015", [("2015", 2015, 2015, C)]),
    ("seit 2015", [("2015", 2015, 2015, C)]),
    ("en 2015", [("2015", 2015, 2015, C)]),
    ("depuis l'année 2015", [("2015", 2015, 2015, C)]),
    ("2015年7月", [("2015", 2015, 2015, C)]),
    ("２０１５年", [("２０１５", 2015, 2015, C)]),
    # Japanese eras
    ("平成27年", [("平成27", 2015, 2015, C)]),
    ("平成元年", [("平成元", 1989, 1989, C)]),
    ("令和元年", [("令和元", 2019, 2019, C)]),
    ("昭和64年", [("昭和64", 1989, 1989, C)]),
    ("明治45年", [("明治45", 1912, 1912, C)]),
    ("民國110年", [("民國110", 2021, 2021, C)]),
    ("中華民國99年3月出版", [("中華民國99", 2010, 2010, C)]),
    ("民国26年", [("民国26", 1937, 1937, C)]),
    ("民國104年度", [("民國104", 2015, 2015, F)]),
    ("民國一百零五年", [("民國一百零五", 2016, 2016, C)]),
    ("民國一一三年", [("民國一一三", 2024, 2024, C)]),
    ("民國元年", [("民國元", 1912, 1912, C)]),
    ("民國104年（2015年）的報告", [("民國104", 2015, 2015, C)]),
    ("2015年（民國104年）的報告", [("2015", 2015, 2015, C)]),
    ("大韓民国48年", []),
    ("平成110年", []),
    ("Heisei 27", [("Heisei 27", 2015, 2015, C)]),
    ("the year Reiwa 2", [("Reiwa 2", 2020, 2020, C)]),
    ("平成27年（2015年）の白書", [("平成27", 2015, 2015, C)]),
    ("2015年（平成27年）の白書", [("2015", 2015, 2015, C)]),
    # fiscal years
    ("FY2015", [("FY2015", 2015, 2015, F)]),
    ("FY 2015", [("FY 2015", 2015, 2015, F)]),
    ("FY16", [("FY16", 2016, 2016, F)]),
    ("FY98", [("FY98", 1998, 1998, F)]),
    ("FY15/16", [("FY15/16", 2015, 2016, F)]),
    ("FY2015/16", [("FY2015/16", 2015, 2016, F)]),
    ("fiscal year 2015", [("2015", 2015, 2015, F)]),
    ("fiscal 2015", [("2015", 2015, 2015, F)]),
    ("2015/16", [("2015/16", 2015, 2016, F)]),
    ("平成27年度", [("平成27", 2015, 2015, F)]),
    ("2015年度", [("2015", 2015, 2015, F)]),
    ("Geschäftsjahr 2015/16", [("2015/16", 2015, 2016, F)]),
    ("l'exercice 2015", [("2015", 2015, 2015, F)]),
    # spans
    ("2015-2019", [("2015-2019", 2015, 2019, C)]),
    ("2015–19,", [("2015–19", 2015, 2019, C)]),
    ("1999-00", [("1999-00", 1999, 2000, C)]),
    ("2012 - 13", [("2012 - 13", 2012, 2013, C)]),
    ("from 2015 to 2019", [("2015 to 2019", 2015, 2019, C)]),
    ("from March 2015 to June 2019", [("2015 to June 2019", 2015, 2019, C)]),
    ("from mid-2014 until early 2016", [("2014 until early 2016", 2014, 2016, C)]),
    ("between 2015 and 2019", [("2015 and 2019", 2015, 2019, C)]),
    ("von 2015 bis 2019", [("2015 bis 2019", 2015, 2019, C)]),
    ("zwischen 2015 und 2019", [("2015 und 2019", 2015, 2019, C)]),
    ("de 2015 à 2019", [("2015 à 2019", 2015, 2019, C)]),
    ("entre 2015 et 2019", [("2015 et 2019", 2015, 2019, C)]),
    ("2015年から2019年まで", [("2015年から2019", 2015, 2019, C)]),
    ("昭和63年～平成2年", [("昭和63年～平成2", 1988, 1990, C)]),
    # decades
    ("the 1930s", [("1930s", 1930, 1939, D)]),
    ("in den dreißiger Jahren", [("dreißiger Jahren", 1930, 1939, D)]),
    ("the 1930s and 1940s", [("1930s", 1930, 1939, D), ("1940s", 1940, 1949, D)]),
    # numbers that are no years
    ("$1,973", []),
    ("$1973", []),
    ("US$ 2015", []),
    ("EUR 2015", []),
    ("1,2015", []),
    ("2015.5 points", []),
    ("2015 %", []),
    ("2015 million", []),
    ("2015 tonnes", []),
    ("Resolution 1973", []),
    ("resolutions 1970 and 1973", []),
    ("S/2016/70", []),
    ("A/RES/70/1", []),
    ("ISO 9001", []),
    ("ISO 1940", []),
    ("EN 1990", []),
    ("M1902 guns", []),
    ("No. 1973", []),
    ("p. 1973", []),
    ("Windows 2000", []),
    ("tel. +81 3 2015 1234", []),
    ("https://example.org/2015/report", []),
    ("12:2015", []),
    ("since 1066", []),
    ("the 1935s", []),
]


@pytest.mark.parametrize(("phrase", "mentions"), PHRASES)
def test_a_phrase_names_these_years(phrase: str, mentions: list[tuple[str, int, int, str]]) -> None:
    found = [(phrase[one.start : one.end], one.first, one.last, one.kind) for one in parse_years(phrase)]
    assert found == mentions


@pytest.mark.parametrize(
    ("phrase", "year", "role"),
    [
        ("the drought of 2015", 2015, "time"),
        ("the 2015 elections", 2015, "time"),
        ("resolution 1973 (2011)", 2011, "name"),
        ("Act No. 5 of 2014", 2014, "name"),
        ("the Paris Agreement 2015", 2015, "name"),
        ("Agenda 2030", 2030, "name"),
        ("the 2030 Agenda", 2030, "name"),
        ("employs 2015 teachers", 2015, "quantity"),
        ("a total of 1850 students", 1850, "quantity"),
        ("about 1900 visitors", 1900, "quantity"),
        ("an increase of 2000 places", 2000, "quantity"),
        ("sales of 1800 tractors", 1800, "quantity"),
        ("around 1990 levels", 1990, "time"),
        ("around 2015 imports fell", 2015, "time"),
        ("the number of 2019 graduates", 2019, "time"),
    ],
)
def test_a_year_in_a_name_and_a_possible_quantity_have_their_role(phrase: str, year: int, role: str) -> None:
    (mention,) = parse_years(phrase)
    assert (mention.first, mention.last, mention.role) == (year, year, role)
    assert (str(year) in normalize_years(phrase)) == (role == "time")


def test_a_month_with_a_long_s_is_read() -> None:
    assert parse_stated_period("for the year ended 31 Auguſt 1789") == (1788, 1789)


@pytest.mark.parametrize(
    ("phrase", "years"),
    [
        ("2015-2018", (2015, 2016, 2017, 2018)),
        ("2015 and 2018", (2015, 2018)),
        ("the 2010s", tuple(range(2010, 2020))),
        ("1900-2000", (1900, 2000)),  # longer than MAX_SPAN
    ],
)
def test_an_enumeration_and_a_long_span_name_only_their_ends(phrase: str, years: tuple[int, ...]) -> None:
    assert parse_years(phrase)[0].years == years


def test_chronicles_may_reach_back_to_the_year_1000() -> None:
    assert [mention.first for mention in parse_years("In 1066 and in 1492", earliest=1000)] == [1066, 1492]
    assert [mention.first for mention in parse_years("from 1368 to 1644")] == [1644]


def test_written_years_are_the_ends_of_spans() -> None:
    assert written_years("2014-16, and the 1930s") == {2014, 2016, 1930}


@given(st.lists(st.sampled_from([phrase for phrase, _ in PHRASES]), max_size=6))
def test_mentions_are_ordered_and_hold_the_years_that_they_spell_out(phrases: list[str]) -> None:
    text = "; ".join(phrases)
    end = 0
    for mention in parse_years(text):
        assert end <= mention.start < mention.end <= len(text)
        assert mention.first <= mention.last
        for written in mention.written:
            assert mention.start <= written.start < written.end <= mention.end
            assert mention.first <= written.year <= mention.last
            digits = text[written.start : written.end].removesuffix("年")
            assert not digits.isascii() or not digits.isdigit() or str(written.year).endswith(digits)
        end = mention.end


@given(st.text(alphabet="12069 -/.,年平成元FYs$(to", max_size=60))
def test_any_text_is_parsed_and_hidden_numbers_can_be_restored(text: str) -> None:
    assert all(text[one.start : one.end].strip() for one in parse_years(text, 1000))
    assert len(normalize_years(text)) == len(unmask(mask_non_years(text)))
