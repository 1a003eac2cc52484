"""Cached vectors, and search terms made from questions."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.benchmarks.question_sets.search_terms import cut_down
from tests.benchmarks.question_sets.vectors import KeptVectors
from tests.factories.encoders import HashEncoder


def test_cached_vectors_are_returned_and_no_text_is_encoded_twice(tmp_path: Path) -> None:
    texts = [f"text {number % 700}" for number in range(1100)]
    first = KeptVectors(HashEncoder(), tmp_path)
    made = first.encode(texts)
    assert first.encoded == 700
    first.close()
    again = KeptVectors(HashEncoder(), tmp_path)
    assert np.array_equal(again.encode(texts), made)
    assert np.array_equal(made, HashEncoder().encode(texts))
    assert again.encoded == 0
    again.encode(["text 1"], query=True)  # a question's vector may differ from the same text's
    assert again.encoded == 1
    again.close()


def test_a_question_is_cut_down_to_its_weightiest_words_in_their_order() -> None:
    question = "How many merchant ships did the destroyers escort off Somalia?"
    weights = {"merchant": 3.0, "ship": 1.0, "destroy": 4.0, "escort": 2.0, "somalia": 5.0}
    words = cut_down(question, weights).split()
    kept = ["merchant", "ships", "destroyers", "escort", "Somalia"]
    order = ["Somalia", "destroyers", "merchant", "escort", "ships"]  # by weight
    assert words == [word for word in kept if word in order[: len(words)]]
    assert 2 <= len(words) <= 5
