"""Filters exclude, exactly what they say."""

from __future__ import annotations

import pytest

from qa.errors import FilterError
from qa.question.filters import Filters, filters_from_json, format_span, parse_filters, parse_span
from tests.factories.hits import DOCUMENTS, make_document


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        (parse_filters(), ["b16", "b20", "w16"]),
        (parse_filters(edition=["2016"]), ["b16", "w16"]),
        (parse_filters(edition=["2017..2030"]), ["b20"]),
        (parse_filters(edition=["..2016"], series=["maritime bluebook"]), ["b16"]),
        (parse_filters(covers=[2015, 2019]), ["b16", "b20"]),
        (parse_filters(document=["w16"], edition=["2020"]), []),
    ],
)
def test_documents_must_match_all_kinds_of_filters(filters: Filters, kept: list[str]) -> None:
    assert [one.id for one in DOCUMENTS if filters.matches(one)] == kept


def test_an_unknown_year_passes_no_filter_on_years() -> None:
    unknown = make_document("u")
    assert not parse_filters(edition=["2000..2030"]).matches(unknown)
    assert not parse_filters(covers=["2000..2030"]).matches(unknown)
    assert parse_filters(document=["u"]).matches(unknown)


@pytest.mark.parametrize("text", ["2016", "2014..2020", "2014..", "..2020"])
def test_a_span_is_written_as_it_is_read(text: str) -> None:
    assert format_span(parse_span("edition", text)) == text


@pytest.mark.parametrize("text", ["", "16", "abc", "2020..2014", "2020-2014", "2014-", "-2014", ".."])
def test_a_malformed_span_is_refused_by_the_name_of_its_filter(text: str) -> None:
    with pytest.raises(FilterError, match=r"^edition "):
        parse_span("edition", text)


@pytest.mark.parametrize("text", ["2014..2020", "2014-2020", "2014–2020", "2014 - 2020"])
def test_a_range_of_years_may_be_written_with_a_dash(text: str) -> None:
    assert parse_span("edition", text) == (2014, 2020)


def test_a_questions_own_filters_are_read_from_json() -> None:
    assert filters_from_json({"edition": [2016, "2018..2020"], "series": "Maritime Bluebook"}) == parse_filters(
        edition=["2016", "2018..2020"], series=["Maritime Bluebook"]
    )


@pytest.mark.parametrize("value", [[], {"year": 2016}, {"series": 3}, {"edition": "soon"}])
def test_filters_of_another_form_are_refused(value: object) -> None:
    with pytest.raises(FilterError):
        filters_from_json(value)


def test_covers_overlap_counts() -> None:
    wide = make_document("d", edition=2016, covers=2015)
    assert parse_filters(covers=["2010..2015"]).matches(wide)
    assert not parse_filters(covers=["2010..2014"]).matches(wide)


@pytest.mark.parametrize(
    ("name", "text", "span"),
    [
        ("covers", "2021/22", (2021, 2022)),
        ("covers", "2021-22", (2021, 2022)),
        ("edition", "2021/22", (2022, 2022)),
        ("edition", "1999/2000", (2000, 2000)),
    ],
)
def test_a_fiscal_year_is_the_edition_of_its_end(name: str, text: str, span: tuple[int, int]) -> None:
    assert parse_span(name, text) == span
