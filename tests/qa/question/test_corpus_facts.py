"""What an index holds: what its series are called, which years nobody covers, and what filters leave."""

from __future__ import annotations

from qa.question.corpus_facts import CorpusFacts
from qa.question.filters import parse_filters
from tests.qa.question.test_analysis import BLUE16, BLUE20, DOCUMENTS, FACTS, PAPER16, document


def test_documents_alike_in_series_edition_and_years_are_one_group() -> None:
    parts = CorpusFacts.of([BLUE16, document("b16-2", "Maritime Bluebook", 2016, 2015), BLUE20])
    assert [[one.id for one in group.documents] for group in parts.groups] == [["b16", "b16-2"], ["b20"]]


def test_a_year_is_uncovered_only_while_the_years_of_every_document_are_known() -> None:
    assert FACTS.uncovered_years([2015, 2017, 2019]) == [2017]
    assert CorpusFacts.of([*DOCUMENTS, document("u", None, 2018, None)]).uncovered_years([2017]) == []
    assert CorpusFacts.of([]).uncovered_years([2017]) == []


def test_editions_are_those_of_the_series_asked_for_in_order() -> None:
    assert FACTS.editions_of(["Maritime Bluebook"]) == [2016, 2020]
    assert FACTS.editions_of([]) == [2016, 2020]
    assert FACTS.editions_of(["White Paper on Fisheries"]) == [2016]


def test_series_with_their_editions_and_covered_years_are_in_order() -> None:
    assert FACTS.series == {"Maritime Bluebook": [2016, 2020], "White Paper on Fisheries": [2016]}
    wide = CorpusFacts.of(
        [document("a", "B", 2020, 2019), document("b", "A", None, 2015), document("c", None, 2018, None)]
    )
    assert (wide.series, wide.covered_years) == ({"A": [], "B": [2020]}, [2015, 2019])


def test_what_filters_leave_has_its_own_counts() -> None:
    left = FACTS.filtered(parse_filters(edition=["2016"]))
    assert (list(left.documents), left.passages) == ([BLUE16, PAPER16], 2)
    assert FACTS.filtered(parse_filters()) is FACTS
