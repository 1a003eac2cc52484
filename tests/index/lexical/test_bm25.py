"""BM25 as a fraction, against values computed by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical.bm25 import BM25_K1, bm25_fraction, idf


def test_idf_is_that_of_lucene() -> None:
    assert idf(4, 1) == pytest.approx(math.log(1 + 3.5 / 1.5))


def test_the_fraction_of_one_term_in_a_passage_of_mean_length() -> None:
    # length norm 1: tf / (tf + k1) = 1 / (1 + k1), for any weight of the term
    assert bm25_fraction({"cod": 2.0}, ["cod", "quota"], 2.0) == pytest.approx(1 / (1 + BM25_K1))


def test_a_missing_second_term_of_equal_weight_halves_the_fraction() -> None:
    single = bm25_fraction({"cod": 1.0}, ["cod", "quota"], 2.0)
    assert bm25_fraction({"cod": 1.0, "tuna": 1.0}, ["cod", "quota"], 2.0) == pytest.approx(single / 2)


def test_the_fraction_in_a_passage_of_twice_the_mean_length() -> None:
    # norm = k1 * (.25 + .75 * 2) = 1.75 k1
    expected = 2 / (2 + 1.75 * BM25_K1)
    assert bm25_fraction({"cod": 1.0}, ["cod", "cod", "quota", "fleet"], 2.0) == pytest.approx(expected)


def test_the_fraction_without_terms_is_zero() -> None:
    assert bm25_fraction({}, ["cod"], 2.0) == 0.0
    assert bm25_fraction({"cod": 1.0}, [], 0.0) == 0.0


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.floats(0.01, 12), max_size=6),
    st.lists(st.sampled_from("abcdefgh"), max_size=40),
)
def test_a_fraction_lies_between_zero_and_one(weights: dict[str, float], terms: list[str]) -> None:
    assert 0 <= bm25_fraction(weights, terms, 10.0) < 1
