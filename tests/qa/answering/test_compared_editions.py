"""A comparing question that names no series is answered from those that have to do with it."""

from __future__ import annotations

import pytest

from qa.answering.library import Library
from qa.question.filters import parse_filters
from tests.factories.libraries import library_of

HERRING = "The fleet landed {} tonnes of herring in the northern district."
TEXTS = {
    "glaciers-2017.txt": "Observatory Yearbook 2017\n\n1. Ice\n\nThe tongue of the ice retreated by 23 metres.\n",
    "fish-2018.txt": f"Fisheries Report 2018\n\n1. Catches\n\n{HERRING.format('12,400')}\n",
    "glaciers-2021.txt": "Observatory Yearbook 2021\n\n1. Ice\n\nThe tongue of the ice retreated by 37 metres.\n",
    "fish-2022.txt": f"Fisheries Report 2022\n\n1. Catches\n\n{HERRING.format('9,850')}\n",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("series"), TEXTS)


def first(library: Library, question: str, **filters: list[str]) -> list[str]:
    """The documents of the passages that were lifted for the comparison, in order."""
    answer = library.ask(question, 4, parse_filters(**filters))
    return [one.hit.document.id for one in answer.passages if "compare" in one.hit.scores]


def test_editions_of_irrelevant_series_are_not_compared(library: Library) -> None:
    question = "How did the tonnes of herring landed by the fleet change over the years?"
    assert first(library, question) == ["fish-2018", "fish-2022"]
    assert [one.hit.document.id for one in library.ask(question, 2).passages] == ["fish-2018", "fish-2022"]


def test_a_named_series_is_always_compared(library: Library) -> None:
    question = "How did herring change over the years in the Observatory Yearbook?"
    assert first(library, question) == ["glaciers-2017", "glaciers-2021"]


def test_a_single_edition_is_not_compared(library: Library) -> None:
    question = "How did the tonnes of herring landed by the fleet change over the years?"
    assert first(library, question, edition=["2017..2018"]) == []


@pytest.mark.parametrize("series", ["Weather Report", "fisheries"])
def test_a_filter_without_matches_lists_series_and_editions(library: Library, series: str) -> None:
    (notice,) = library.ask("herring", 3, parse_filters(series=[series])).notices[:1]
    assert f"(series {series})" in notice
    assert "Fisheries Report (2018, 2022); Observatory Yearbook (2017, 2021)" in notice


def test_an_unknown_document_gets_suggestions(library: Library) -> None:
    with pytest.raises(LookupError, match=r'"fish-2019".*"fish-2018"'):
        library.index.info("fish-2019")
    with pytest.raises(LookupError, match='"fish-2018", "fish-2022", "glaciers-2017" and 1 more'):
        library.index.info("?")


def test_an_unanswered_question_in_another_language_gets_a_notice(library: Library) -> None:
    japanese = library.ask("ニシンの漁獲量はどれくらいですか").notices
    assert any("Japanese" in notice and "English" in notice for notice in japanese)
    assert not any("language" in notice for notice in library.ask("Who won the football world cup?").notices)
