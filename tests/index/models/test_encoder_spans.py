"""A text and its stretches from one reading: the mean of the states of the tokens inside, of the words alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.errors import ModelError
from index.models.encoder import load
from index.models.model_store import Precision

TEXT = "Nine ships came into harbour. The budget rose by two percent, the tax fell."


@pytest.mark.parametrize("precision", ["fp32", "int8"])
def test_the_texts_vector_is_the_same_with_and_without_its_spans(precision: Precision) -> None:
    encoder = load(precision=precision)
    counted: list[int] = []
    vectors, spans = encoder.encode_spans([TEXT, "Alone."], [[(0, 29), (30, 75)], []], progress=counted.append)
    assert np.array_equal(vectors, encoder.encode([TEXT, "Alone."]))
    assert [one.shape for one in spans] == [(2, 384), (0, 384)]
    assert np.allclose(np.linalg.norm(spans[0], axis=1), 1, atol=1e-5)
    assert sum(counted) == 2


def test_a_span_is_nearer_to_what_it_says_than_to_what_its_neighbour_says() -> None:
    encoder = load()
    (ships, budget) = encoder.encode_spans([TEXT], [[(0, 29), (30, 75)]])[1][0]
    asked = encoder.encode(["How many vessels arrived in port?", "How much did public spending grow?"], query=True)
    assert asked[0] @ ships > asked[0] @ budget
    assert asked[1] @ budget > asked[1] @ ships


def test_the_span_of_all_words_is_their_mean_and_neighbours_are_not_in_it(tiny: Path) -> None:
    encoder = load(str(tiny / "model"), "fp32")
    text = "nine ships came tax rose"
    whole, words, first, gap = encoder.encode_spans([text], [[(0, 24), (0, 15), (0, 4), (4, 5)]])[1][0]
    others = encoder.encode_spans([text], [[(5, 10), (11, 15), (16, 19), (20, 24)]])[1][0]
    assert abs(float(first @ words)) < 0.9999
    # the mean of all five words lies in the space of the words' own directions, by least squares
    basis = np.stack([first, *others])
    weights, residue, *_ = np.linalg.lstsq(basis.T, whole, rcond=None)
    assert np.allclose(basis.T @ weights, whole, atol=1e-4), residue
    assert (weights > 0).all()
    assert np.array_equal(gap, encoder.encode([text])[0])  # no token lies there: the text's own vector


def test_a_model_without_a_graph_has_no_vectors_of_spans(tiny: Path) -> None:
    with pytest.raises(ModelError, match="index without --fast-index"):
        load(str(tiny / "static")).encode_spans(["nine ships"], [[(0, 4)]])
