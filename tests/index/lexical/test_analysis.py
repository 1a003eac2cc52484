"""Terms, spelling and the weights of a question's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import analysis, query_terms
from index.lexical.analysis import terms
from index.lexical.bm25 import idf


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
        ("colour", "color"),
        ("litres", "liters"),
        ("fibre", "fiber"),
        ("analysed", "analyzed"),
        ("paediatric", "pediatric"),
        ("encyclopaedia", "encyclopedia"),
        ("manoeuvres", "maneuvers"),
        ("judgement", "judgment"),
        ("fulfilment", "fulfillment"),
        ("enrol", "enroll"),
        ("skilful", "skillful"),
        ("sulphur", "sulfur"),
        ("practised", "practiced"),
        ("grey", "gray"),
        ("cheques", "checks"),
    ],
)
def test_british_forms_match_american_ones(british: str, american: str) -> None:
    assert analysis.fold_spelling(british) == analysis.fold_spelling(american)
    assert terms(british) == terms(american)


@pytest.mark.parametrize(
    "text", ["four hours of our time", "there were more", "This is his", "a rise in price", "all will fall still"]
)
def test_short_and_common_words_are_not_folded(text: str) -> None:
    assert analysis.fold_spelling(text) == text


def test_only_english_is_folded() -> None:
    assert terms("programme", "fr") != terms("program", "fr")


@given(st.text(max_size=60))
def test_folding_keeps_the_number_of_words(text: str) -> None:
    assert len(analysis.fold_spelling(text).split()) == len(text.split())


@pytest.mark.parametrize("typo", ["piarcy", "pirac", "pirracy", "piravy", "piiracy"])
def test_words_one_edit_away_are_listed(typo: str) -> None:
    assert "piracy" in analysis.near_words(typo)


@pytest.mark.parametrize("word", ["cod", "2016", "yen", "p4cers"])
def test_short_words_and_numbers_are_not_corrected(word: str) -> None:
    assert analysis.near_words(word) == []


def test_edits_keep_the_first_letter_and_exclude_the_word_itself() -> None:
    near = analysis.near_words("trust")
    assert {word[0] for word in near} == {"t"}
    assert "trust" not in near


def counts(known: Mapping[str, int]) -> query_terms.Frequencies:
    def lookup(some: Sequence[str]) -> dict[str, int]:
        return {term: known.get(term, 0) for term in some}

    return lookup


def weighed(text: str, known: Mapping[str, int], adjacent: Mapping[tuple[str, str], int] = {}) -> dict[str, float]:
    return query_terms.weigh(text, ["en"], counts(known), 10, lambda *pair: adjacent.get(pair, 0))["en"]


def test_terms_have_their_idf_in_the_order_of_the_text() -> None:
    result = weighed("Which quotas for cod? Cod quotas!", {"cod": 3, "quota": 5})
    assert list(result.items()) == [("quota", idf(10, 5)), ("cod", idf(10, 3))]


def test_an_unknown_word_becomes_the_most_frequent_word_one_edit_away() -> None:
    known = {"piraci": 4, "piari": 1}  # as the stemmer leaves them
    assert weighed("piarcy", known) == {"piraci": idf(10, 4)}


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("Vietnam", ("viet", "nam")),
        ("cooperation", ("co", "oper")),
        ("email", ("e", "mail")),
        ("healthcare", ("health", "care")),
    ],
)
def test_an_unknown_word_is_searched_as_the_two_that_the_corpus_writes(word: str, parts: tuple[str, str]) -> None:
    known = dict.fromkeys(parts, 3)
    assert list(weighed(f"the {word} trade", known, adjacent={parts: 2})) == [*parts, "trade"]
    assert list(weighed(word, known)) == terms(word)  # its parts are never in a row: they are other words


@pytest.mark.parametrize(
    ("written", "whole"),
    [("Viet Nam", "vietnam"), ("co-operation", "cooper"), ("on-line", "onlin"), ("data base", "databas")],
)
def test_two_words_are_searched_as_the_one_that_the_corpus_writes(written: str, whole: str) -> None:
    assert list(weighed(f"trade: {written}", {whole: 2})) == ["trade", whole]


def test_both_forms_are_searched_if_the_corpus_writes_both() -> None:
    known, pair = {"data": 5, "base": 5, "databas": 4}, ("data", "base")
    assert list(weighed("data base", known, adjacent={pair: 2})) == ["data", "databas", "base"]
    assert list(weighed("data base", known, adjacent={pair: 5})) == ["data", "base"]


@pytest.mark.parametrize("text", ["How many did WHO send?", "the US", "U.S. troops", "spending on IT", "IT"])
def test_an_acronym_that_reads_like_a_stop_word_is_a_term(text: str) -> None:
    assert {"WHO", "US", "IT"} & set(terms(text))
    assert not {"WHO", "US", "IT"} & set(terms(text.lower()))


def test_lines_of_capitals_contain_no_acronyms() -> None:
    assert terms("WHO SENT IT TO US") == terms("who sent it to us")


def test_scripts_without_spaces_become_pairs_and_ideographs() -> None:
    assert terms("海賊の対処", "ja") == ["海賊", "賊の", "の対", "対処", "海", "賊", "対", "処"]
    assert "です" not in terms("船です", "ja")
    assert terms("ｱｼﾞｱ ２０２１", "ja") == terms("アジア 2021", "ja")


def test_an_unknown_word_without_neighbours_has_the_idf_of_no_passage() -> None:
    assert weighed("zeppelin", {"cod": 1}) == {"zeppelin": idf(10, 0)}


def test_a_known_word_is_never_corrected() -> None:
    assert list(weighed("trust", {"trust": 1, "thrust": 9})) == ["trust"]


@pytest.mark.parametrize(
    ("word", "other", "term"),
    [
        ("Iceland", "ireland", "iceland"),
        ("Icelnd", "iceland", "iceland"),
        ("Labour", "labor", "labor"),
        ("spend", "spent", "spent"),
    ],
)
def test_a_known_name_is_no_other_word_misspelt(word: str, other: str, term: str) -> None:
    assert list(weighed(word, {other: 9})) == [term]


def test_stop_words_decide_the_language_of_a_question() -> None:
    assert query_terms.closest_corpus_language("Wie viele der Schiffe sind das?", ["en", "de"]) == "de"
    assert query_terms.closest_corpus_language("How many of the ships were there?", ["de", "en"]) == "en"
    assert query_terms.closest_corpus_language("Bismarck", ["de", "en"]) == "de"


def test_stop_words_of_the_question_are_no_terms_in_any_language() -> None:
    # "fishing" is "fish" in English and stays as it is in German; "the" is a word like any other in German
    assert terms("fishing", "de") != terms("fishing", "en")
    result = query_terms.weigh("the fishing of it", ["de", "en"], counts({"fish": 2, "fishing": 1}), 10)
    assert list(result) == ["en", "de"]
    assert {language: list(weights) for language, weights in result.items()} == {
        "en": ["fish"],
        "de": terms("fishing", "de"),
    }


def test_question_words_are_no_terms() -> None:
    assert terms("How many of them were there, and what did they do about it?") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the award3 on awards³", ["award", "award"]),
        ("COVID-19 and the G20", ["covid", "19", "g20"]),
        ("in 2016", ["2016"]),
    ],
)
def test_a_note_number_glued_to_a_word_is_dropped(text: str, expected: list[str]) -> None:
    assert terms(text) == expected
