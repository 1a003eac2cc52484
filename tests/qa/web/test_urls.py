"""Addresses that reproduce a question, preferences that can be removed from it, and the public address of a form."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import limits
from qa.errors import FilterError
from qa.question.analysis import Interpretation
from qa.question.filters import Filters
from qa.web.urls import (
    Chip,
    QuestionRequest,
    drop_preferences,
    parse_public_url,
    parse_question_url,
    preference_chips,
    question_url,
    shorten_question,
    year_bounds,
    year_range,
)

YEARS = st.integers(1000, 9998)
SPANS = st.lists(st.tuples(YEARS, YEARS).map(lambda pair: (min(pair), max(pair))), max_size=3).map(tuple)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


@given(TEXTS, st.lists(TEXTS, max_size=2), SPANS, SPANS, st.lists(TEXTS, max_size=2), st.lists(TEXTS, max_size=2))
def test_an_address_gives_back_what_was_asked(
    question: str,
    series: list[str],
    edition: tuple[tuple[int, int], ...],
    covers: tuple[tuple[int, int], ...],
    documents: list[str],
    ignored: list[str],
) -> None:
    asked = QuestionRequest(question, Filters(tuple(series), edition, covers, tuple(documents)), tuple(ignored))
    assert parse_question_url(question_url(asked)) == replace(asked, question=shorten_question(question))


def test_an_open_end_stays_open() -> None:
    asked = QuestionRequest("q", Filters(edition=((0, 2016),), covers=((2015, 9999),)))
    assert question_url(asked) == "?q=q&edition=..2016&covers=2015.."
    assert parse_question_url(question_url(asked)) == asked


def test_parameters_of_others_are_left_alone() -> None:
    assert parse_question_url("?__theme=dark&q=ships") == QuestionRequest("ships")


def test_half_a_surrogate_pair_becomes_a_question_mark() -> None:
    assert shorten_question("ships\ud800  and\n tugs") == "ships? and tugs"
    assert question_url(QuestionRequest("ships\ud800")) == "?q=ships%3F"


def test_an_address_never_grows_with_a_huge_question() -> None:
    assert len(question_url(QuestionRequest("a" * 1_000_000))) == len("?q=") + limits.QUESTION.default


@pytest.mark.parametrize("query", ["?q=a&edition=soon", "?q=a&covers=2020..2016"])
def test_an_address_with_a_filter_that_the_form_has_not_is_refused(query: str) -> None:
    with pytest.raises(FilterError):
        parse_question_url(query)


def test_a_range_of_years_and_its_ends_are_opposites() -> None:
    for first, last in [(None, None), (2016, None), (None, 2016), (2014, 2020)]:
        assert year_bounds(year_range("editions", first, last)) == (first, last)
    with pytest.raises(FilterError, match="editions from 2020 to 2016"):
        year_range("editions", 2020, 2016)


def test_several_ranges_stay_as_long_as_their_ends_do() -> None:
    several = ((2014, 2014), (2018, 9999))
    assert year_bounds(several) == (2014, None)
    assert year_range("editions", 2014, None, several) == several
    assert year_range("editions", 2015, None, several) == ((2015, 9999),)
    assert year_range("editions", None, None, several) == ()
    assert year_range("editions", 2014, None, ((2014, 9999),)) == ((2014, 9999),)


UNDERSTOOD = Interpretation((2014, 2016, 2017, 2018), (2020,), ("Bluebook",), compare=True)


def test_each_preference_is_a_chip_and_years_in_a_row_are_one() -> None:
    assert preference_chips(UNDERSTOOD) == [
        Chip("covers:2014", "covers 2014"),
        Chip("covers:2016..2018", "covers 2016–2018"),
        Chip("edition:2020", "edition 2020"),
        Chip("series:Bluebook", "series Bluebook"),
        Chip("compare", "compares editions"),
    ]


def test_a_removed_chip_removes_its_preference_and_no_other() -> None:
    assert drop_preferences(["covers:2016..2018"])(UNDERSTOOD).years == (2014,)
    assert drop_preferences(["edition:2020", "series:Bluebook"])(UNDERSTOOD) == Interpretation(
        UNDERSTOOD.years, compare=True
    )
    assert not drop_preferences(["compare"])(UNDERSTOOD).compare
    assert drop_preferences(["covers:1999", "nonsense"])(UNDERSTOOD) == UNDERSTOOD


def test_without_its_chips_a_question_prefers_nothing() -> None:
    assert drop_preferences([chip.key for chip in preference_chips(UNDERSTOOD)])(UNDERSTOOD) == Interpretation()


@pytest.mark.parametrize(
    "text",
    [
        "docs.example.org",
        "ftp://a.org",
        "https://",
        "https://a@b.org",
        "https://a.org/?q=1",
        "https://a.org/<b>",
    ],
)
def test_what_is_no_public_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a public address"):
        parse_public_url(text)


def test_a_public_address_is_written_as_browsers_do() -> None:
    assert str(parse_public_url("https://docs.example.org/yb/")) == "https://docs.example.org/yb"
    assert parse_public_url("HTTPS://Docs.Example.org:443").origin == "https://docs.example.org"
    assert parse_public_url("http://[::1]:8080/a/b").path == "/a/b"
