"""Parsing the period of a question, and the nearness of passages to it."""

from __future__ import annotations

import math

import pytest

from corpus.metadata.years import Period
from index.ranking import temporal


@pytest.mark.parametrize(
    ("question", "period"),
    [
        ("Who owned the house from 1811 to 1827?", (1811, 1827)),
        ("Who owned the house between Nov 1918 and Jul 1919?", (1918, 1919)),
        ("Who owned the house in Dec 1964?", (1964, 1964)),
        ("Who owned the house before Mar 1811?", (1809, 1811)),
        ("Who owned the house after 1811?", (1811, 1813)),
        ("Who owned the house since 1811?", (1811, 1813)),
        ("What was built in the 1930s?", (1930, 1939)),
        ("What happened to 1,950 ships?", None),
        ("How did exports of $2016 grow?", None),
        ("Who owned the house?", None),
    ],
)
def test_the_time_asked(question: str, period: tuple[int, int] | None) -> None:
    assert temporal.period_of_question(question) == period


def test_years_of_editions_do_not_count_as_times() -> None:
    question = "What does the 2020 edition say of 2015?"
    assert temporal.period_of_question(question, {2015}) == (2015, 2015)
    assert temporal.period_of_question(question, set()) is None


def test_the_years_and_spans_that_a_text_names() -> None:
    result = set(
        temporal.find_periods("In office 1911-15, then from 1920 to March 1922; rebuilt in 1931, in the 1940s sold.")
    )
    assert result >= {(1911, 1915), (1920, 1922), (1931, 1931), (1940, 1949)}


def test_a_number_and_a_far_span_are_no_years() -> None:
    assert temporal.find_periods("1,950 ships, 12016 tons, $2016") == ()
    assert Period(1500, 1990) not in temporal.find_periods("from 1500 to 1990")


def test_nearness_by_hand() -> None:
    period = Period(1811, 1827)
    # a named year: 1; an overlapping span: .8; 3 years earlier: .8 / e^(3/6); 3 years later: .8 / e^(3/3)
    assert temporal.nearness(period, [Period(1811, 1811)]) == pytest.approx(1)
    assert temporal.nearness(period, [Period(1815, 1840)]) == pytest.approx(0.8)
    assert temporal.nearness(period, [Period(1790, 1808)]) == pytest.approx(0.8 / math.sqrt(math.e))
    assert temporal.nearness(period, [Period(1830, 1830), Period(1900, 1900)]) == pytest.approx(0.8 / math.e)
    assert temporal.nearness(period, []) == 0


def test_a_passage_of_a_document_that_covers_the_year_counts_in_full_unless_it_names_other_years_only() -> None:
    asked, covers = Period(2020, 2020), (2020, 2020)
    assert temporal.period_signal(asked, "Exports rose.", covers) == 1
    assert temporal.period_signal(asked, "Exports rose in 2020, as in 2011.", covers) == 1
    assert temporal.period_signal(asked, "Exports rose in 2011.", covers) == temporal.COVERED_BUT_OTHER_YEARS
    assert temporal.period_signal(asked, "Exports rose.", (2018, 2019)) == 0
    assert temporal.period_signal(asked, "Exports rose.", None) == 0


@pytest.mark.parametrize(
    "compared",
    [
        "Exports rose to 80, compared with 70 in 2020.",
        "Exports were 10 higher than in 2020.",
        "Die Ausfuhren betrugen 80 gegenüber 70 im Jahr 2020.",
    ],
)
def test_a_comparison_with_the_year_asked_counts_less_than_the_document_about_it(compared: str) -> None:
    asked, later = Period(2020, 2020), (2021, 2021)
    assert temporal.period_signal(asked, compared, later) == 1
    assert temporal.period_signal(asked, compared, later, described_elsewhere=True) < temporal.COVERED_BUT_OTHER_YEARS


@pytest.mark.parametrize("text", ["Exports were 70 in 2020.", "Exports | 2020: 70 | 2021: 80"])
def test_a_late_figure_of_the_year_asked_counts_in_full_in_a_later_document(text: str) -> None:
    assert temporal.period_signal(Period(2020, 2020), text, (2021, 2021), described_elsewhere=True) == 1


def test_an_edition_long_after_the_year_asked_has_no_late_figures_of_it() -> None:
    asked, text = Period(2020, 2020), "Exports were 70 in 2020."
    assert temporal.period_signal(asked, text, (2022, 2022), described_elsewhere=True) == 1
    assert temporal.period_signal(asked, text, (2023, 2023), described_elsewhere=True) < 1
    assert temporal.period_signal(asked, text, (2019, 2019), described_elsewhere=True) < 1
