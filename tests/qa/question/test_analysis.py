"""What a question names: years of events, years of editions, series; and whether it compares."""

from __future__ import annotations

import pytest

from qa.question.analysis import Interpretation, interpret
from qa.question.corpus_facts import CorpusFacts
from qa.question.filters import Filters
from tests.factories.hits import BLUE16, BLUE20, DOCUMENTS, FACTS, PAPER16, make_document


@pytest.mark.parametrize(
    ("question", "years", "editions", "series", "compare"),
    [
        ("How many ships were escorted in 2015?", [2015], [], [], False),
        ("What does the 2016 Bluebook say of piracy?", [], [2016], ["Maritime Bluebook"], False),
        ("piracy in the Maritime Bluebook 2020", [], [2020], ["Maritime Bluebook"], False),
        ("piracy in the 2020 edition", [], [2020], [], False),
        ("herring quotas in the White Paper", [], [], ["White Paper on Fisheries"], False),
        (
            "According to the White Paper on Fisheries for 2016, what fell?",
            [],
            [2016],
            ["White Paper on Fisheries"],
            False,
        ),
        ("What did the 2016 Bluebook say of events in 2015?", [2015], [2016], ["Maritime Bluebook"], False),
        ("How did escorts change between 2016 and 2020?", [2016, 2017, 2018, 2019, 2020], [], [], True),
        ("How many ships were escorted between 2016 and 2018?", [2016, 2017, 2018], [], [], False),
        ("How much did escorts rise between 2016 and 2018?", [2016, 2017, 2018], [], [], True),
        ("Wie viele Schiffe wurden zwischen 2016 und 2018 begleitet?", [2016, 2017, 2018], [], [], False),
        ("How did escorts change between the 2016 and 2020 Bluebooks?", [], [2016, 2020], ["Maritime Bluebook"], True),
        ("Which ships in the 2016 Bluebook, and which in the 2020 one?", [], [2016, 2020], ["Maritime Bluebook"], True),
        ("How has the herring catch changed over the years?", [], [], [], True),
        ("catches in fiscal year 2015-16", [2015, 2016], [], [], False),
        ("spending in FY2016", [2016], [], [], False),
        ("The fleet caught 2015 tons", [], [], [], False),
        ("a budget of $2015 and 2,015 tons or 2016.5 yen", [], [], [], False),
        ("What is CSIRT?", [], [], [], False),
        ("What does the latest Bluebook say of piracy?", [], [2020], ["Maritime Bluebook"], False),
        ("What did the previous edition of the Bluebook say?", [], [2016], ["Maritime Bluebook"], False),
        ("piracy in the first edition", [], [2016], [], False),
        ("piracy in the 2nd edition of the Maritime Bluebook", [], [2020], ["Maritime Bluebook"], False),
        ("piracy in the seventh edition", [], [], [], False),  # there is none
        ("What was the latest attack and the first ship?", [], [], [], False),
        (
            "What changed from the first to the latest edition of the Bluebook?",
            [],
            [2016, 2020],
            ["Maritime Bluebook"],
            True,
        ),
    ],
)
def test_a_question_is_understood(
    question: str, years: list[int], editions: list[int], series: list[str], compare: bool
) -> None:
    found = interpret(question, FACTS)
    assert (list(found.years), list(found.editions), list(found.series), found.compare) == (
        years,
        editions,
        series,
        compare,
    )


def test_a_name_after_the_publisher_names_a_series() -> None:
    owned = make_document("h18", series="Harbour Board: Annual Report", edition=2018, covers=2017)
    found = interpret("How many boats, according to the Annual Report 2018?", CorpusFacts.of([owned]))
    assert (found.editions, found.series, found.years) == ((2018,), ("Harbour Board: Annual Report",), ())


def test_a_year_prefers_documents_that_cover_it_no_less_than_its_edition() -> None:
    found = interpret("escorts in 2016", FACTS)
    assert found.bonus(PAPER16)["year"] >= found.bonus(BLUE16)["year"] > 0
    assert found.bonus(BLUE20) == {}


def test_an_edition_of_a_named_series_is_not_one_of_another() -> None:
    found = interpret("escorts in the 2016 Bluebook", FACTS)
    assert set(found.bonus(BLUE16)) == {"series", "edition"}
    assert found.bonus(PAPER16) == {}


def test_a_comparison_targets_the_named_editions_by_year() -> None:
    found = interpret("How did escorts change between the 2020 and the 2016 Bluebook?", FACTS)
    every = [*FACTS.series, None]
    assert [[one.id for one in group] for group in found.compared_editions(FACTS, every)] == [["b16"], ["b20"]]
    assert interpret("escorts in 2015", FACTS).compared_editions(FACTS, every) == []


def test_without_a_named_series_the_relevant_series_are_compared() -> None:
    found = interpret("How did escorts change over the years?", FACTS)
    assert [[one.id for one in group] for group in found.compared_editions(FACTS, ["White Paper on Fisheries"])] == [
        ["w16"]
    ]
    many = [
        make_document(f"m{number}", series=f"Series {number}", edition=year)
        for number in range(20)
        for year in (2016, 2020)
    ]
    among = found.compared_editions(CorpusFacts.of([*DOCUMENTS, *many]), ["Maritime Bluebook"])
    assert [[one.id for one in group] for group in among] == [["b16"], ["b20"]]


def test_where_covered_years_are_unknown_a_comparison_of_years_is_one_of_editions() -> None:
    speeches = [make_document(f"s{year}", series="Speech", edition=year, covers=None) for year in (2010, 2012, 2014)]
    facts = CorpusFacts.of(speeches)
    found = interpret("How did the number of jobs change between 2012 and 2014?", facts)
    assert [[one.id for one in group] for group in found.compared_editions(facts, ["Speech"])] == [["s2012"], ["s2014"]]


def test_an_interpretation_never_excludes_documents() -> None:
    found = interpret("escorts in the 2016 Bluebook", FACTS, Filters())
    assert found.filters == Filters()
    assert all(found.filters.matches(one) for one in DOCUMENTS)
    assert found.as_json()["filters"] == {}


def test_years_are_understood_with_an_empty_index() -> None:
    assert interpret("ships in 2015", CorpusFacts.of([])) == Interpretation(years=(2015,))


@pytest.mark.parametrize("words", ["2016 ", "2016-2020, ", "2016 edition of ", "Maritime Bluebook 2016, 2020 and "])
def test_a_text_of_years_takes_linear_time(words: str) -> None:
    """It took the square of it: a minute for a long draft. This does not fail then, it does not end."""
    found = interpret(words * (100_000 // len(words)), FACTS)
    assert 2016 in (*found.years, *found.editions)
