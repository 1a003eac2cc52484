"""Numbers that a question asks about are told from years, and who does something is searched by its name, too."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from index.lexical.query_terms import boost_numbers, drop_year_mentions, identifier_numbers, weigh


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("What did resolution 1973 decide?", {"1973"}),
        ("What do resolutions 1970 and 1973 say?", {"1970", "1973"}),
        ("What does EN 1990 define?", {"1990"}),
        ("Was bestimmt das Gesetz Nr. 2016?", {"2016"}),
        ("決議第1973号は何を決めましたか。", {"1973"}),
        ("What happened in 1973?", set()),
        ("What did resolution 1973 decide in 1973?", set()),  # both
        ("How many ships were escorted?", set()),
    ],
)
def test_a_number_of_a_resolution_or_a_standard_is_asked_for(question: str, numbers: set[str]) -> None:
    assert identifier_numbers(question) == numbers


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("Resolution 1973 was adopted in 2011.", True),
        ("Resolutions 1970 and 1973 were adopted.", True),
        ("In 1973 another resolution was adopted.", False),
        ("The resolution of March 1973 was adopted.", False),
    ],
)
def test_a_year_does_not_match_the_number_asked_for(text: str, counts: bool) -> None:
    terms = ["yearbook", "1973", "resolut"]  # with those of the title
    assert drop_year_mentions(terms, text, {"1973"}) == (terms if counts else ["yearbook", "resolut"])
    assert drop_year_mentions(terms, text, set()) == terms


def test_a_number_asked_for_weighs_more_than_another_term_as_rare() -> None:
    weights = boost_numbers({"resolut": 1.0, "1973": 1.0}, {"1973"})
    assert weights["1973"] > weights["resolut"] == 1.0


@pytest.mark.parametrize(
    ("question", "agents"),
    [
        ("Who inspects the locks?", {"inspector"}),
        ("Who now edits the almanac?", {"editor"}),
        ("Who inspected the locks?", {"inspector"}),
        ("Who paid for the locks?", set()),
        ("When do they inspect the locks?", set()),
    ],
)
def test_who_does_something_is_searched_by_the_noun_that_the_corpus_has(question: str, agents: set[str]) -> None:
    in_corpus = {"inspect", "inspector", "edit", "editor", "lock", "almanac"}

    def frequencies(terms: Sequence[str]) -> dict[str, int]:
        return {term: int(term in in_corpus) for term in terms}

    weights = weigh(question, ["en"], frequencies, 9)["en"]
    assert weights.keys() & {"inspector", "editor"} == agents
    assert not any(term.endswith("or") for term in weights.keys() - agents)
