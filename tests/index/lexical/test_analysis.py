"""Terms, spelling and what a question's words weigh."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import bm25, query_terms, spelling
from index.lexical.analysis import terms


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("defence", "defense"),
        ("Licences", "Licenses"),
        ("organisations", "organizations"),
        ("organised", "organized"),
        ("neighbouring", "neighboring"),
        ("labour", "labor"),
        ("centres", "centers"),
        ("theatre", "theater"),
        ("programme", "program"),
        ("catalogue", "catalog"),
        ("travelling", "traveling"),
        ("modelled", "modeled"),
    ],
)
def test_british_and_american_forms_are_one(british: str, american: str) -> None:
    assert spelling.fold(british) == american
    assert terms(british) == terms(american)


@pytest.mark.parametrize("text", ["four hours of our time", "there were more", "This is his", "a rise in price"])
def test_short_and_common_words_are_left_alone(text: str) -> None:
    assert spelling.fold(text) == text


def test_only_english_is_folded() -> None:
    assert terms("programme", "fr") != terms("program", "fr")


@given(st.text(max_size=60))
def test_folding_once_is_folding_for_good_in_length_of_words(text: str) -> None:
    assert len(spelling.fold(text).split()) == len(text.split())


@pytest.mark.parametrize("typo", ["piarcy", "pirac", "pirracy", "piravy", "piiracy"])
def test_a_word_one_edit_away_is_near(typo: str) -> None:
    assert "piracy" in spelling.near(typo)


@pytest.mark.parametrize("word", ["cod", "2016", "yen", "p4cers"])
def test_short_words_and_numbers_stand_for_nothing_else(word: str) -> None:
    assert spelling.near(word) == []


def test_the_first_letter_stays_and_a_word_is_not_near_itself() -> None:
    near = spelling.near("trust")
    assert {word[0] for word in near} == {"t"}
    assert "trust" not in near


def counts(known: Mapping[str, int]) -> query_terms.Frequencies:
    def lookup(some: Sequence[str]) -> dict[str, int]:
        return {term: known.get(term, 0) for term in some}

    return lookup


def weighed(text: str, known: Mapping[str, int], language: str = "en") -> dict[str, float]:
    return query_terms.weigh(text, [language], counts(known), 10)[language]


def test_each_term_weighs_its_idf_in_the_order_of_the_text() -> None:
    found = weighed("Which quotas for cod? Cod quotas!", {"cod": 3, "quota": 5})
    assert list(found.items()) == [("quota", bm25.idf(10, 5)), ("cod", bm25.idf(10, 3))]


def test_a_word_the_corpus_does_not_know_is_read_as_the_commonest_one_edit_away() -> None:
    known = {"piraci": 4, "piari": 1}  # as the stemmer leaves them
    assert weighed("piarcy", known) == {"piraci": bm25.idf(10, 4)}


def test_a_word_like_no_other_weighs_as_what_no_passage_has() -> None:
    assert weighed("zeppelin", {"cod": 1}) == {"zeppelin": bm25.idf(10, 0)}


def test_a_word_that_is_known_is_never_read_as_another() -> None:
    assert list(weighed("trust", {"trust": 1, "thrust": 9})) == ["trust"]


def test_a_questions_language_is_that_of_its_stop_words_else_the_corpus_commonest() -> None:
    assert query_terms.language_of("Wie viele der Schiffe sind das?", ["en", "de"]) == "de"
    assert query_terms.language_of("How many of the ships were there?", ["de", "en"]) == "en"
    assert query_terms.language_of("Bismarck", ["de", "en"]) == "de"


def test_documents_of_another_language_have_its_stems_but_not_the_questions_stop_words() -> None:
    # "fishing" is "fish" in English and stays as it is in German; "the" is a word like any other in German
    assert terms("fishing", "de") != terms("fishing", "en")
    found = query_terms.weigh("the fishing of it", ["de", "en"], counts({"fish": 2, "fishing": 1}), 10)
    assert list(found) == ["en", "de"]
    assert {language: list(weights) for language, weights in found.items()} == {
        "en": ["fish"],
        "de": terms("fishing", "de"),
    }


def test_every_pair_of_characters_of_a_run_without_spaces_counts() -> None:
    found = weighed("外交青書", {"外交": 2}, "ja")
    assert found == {"外交": bm25.idf(10, 2), "交青": bm25.idf(10, 0), "青書": bm25.idf(10, 0)}


def test_words_of_questions_are_no_terms() -> None:
    assert terms("How many of them were there, and what did they do about it?") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the award3 on awards³", ["award", "award"]),
        ("COVID-19 and the G20", ["covid", "19", "g20"]),
        ("in 2016", ["2016"]),
    ],
)
def test_the_number_of_a_note_is_no_part_of_the_word_it_is_glued_to(text: str, expected: list[str]) -> None:
    assert terms(text) == expected
