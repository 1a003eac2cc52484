"""The weighted parts of a score, and the scale of a model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.models import similarity_scale
from index.models.similarity_scale import SimilarityScale
from index.ranking import scoring
from index.ranking.scoring import REFERENCE_SCALE
from index.ranking.weights import SignalWeights
from tests.factories.encoders import HashEncoder


def test_the_parts_by_hand() -> None:
    weights = SignalWeights(passage=0.5, sentence=0.25, lexical=2.0, period=0.1, stub=-0.2)
    passage, sentence, lexical, period, stub = (np.array([item, 0.0]) for item in (0.4, 0.8, 0.3, 1.0, 0.5))
    bonuses = [{"year": 0.1, "series": 0.0}, {}]
    result = scoring.fuse(passage, sentence, lexical, period, stub, bonuses, weights=weights)
    assert result.explain(0) == {
        "passage": 0.2,
        "sentence": 0.2,
        "lexical": 0.18,  # 2 * 0.3 ** 2
        "period": 0.1,
        "stub": -0.1,
        "year": 0.1,
    }
    assert result.totals.tolist() == [0.68, 0.0]


def test_optional_parts_of_value_zero_are_omitted() -> None:
    nothing = np.zeros(1)
    assert scoring.fuse(nothing, nothing, nothing, nothing, nothing, [{}]).explain(0) == dict.fromkeys(
        ("passage", "sentence", "lexical"), 0.0
    )


@given(st.lists(st.tuples(*[st.floats(-1, 1)] * 6), min_size=1, max_size=20))
def test_parts_add_up_to_the_score(values: list[tuple[float, ...]]) -> None:
    passage, sentence, lexical, period, stub, bonus = np.array(values).T
    bonuses = [{"series": value} for value in bonus.tolist()]
    result = scoring.fuse(passage, sentence, lexical, period, stub, bonuses)
    assert [round(sum(result.explain(place).values()), 6) for place in range(len(values))] == result.totals.tolist()


def test_two_models_are_averaged_on_the_scale_of_the_first() -> None:
    first, second = SimilarityScale(0.7, 0.2), SimilarityScale(0.0, 0.6)
    cosines, others = np.array([0.7, 0.9, 0.8]), np.array([0.6, 0.6, np.nan])
    # the second finds a clear match, which is .9 on the first's scale; where it has read nothing, the first decides
    assert scoring.blend(cosines, first, others, second) == pytest.approx([0.8, 0.9, 0.8])


def test_standardise_keeps_similarities_of_the_reference_scale() -> None:
    assert scoring.standardise(0.37, REFERENCE_SCALE) == pytest.approx(0.37)


def test_standardise_maps_the_scale_of_a_model_to_the_reference() -> None:
    # a model that finds everything alike: unrelated .7, related .9
    model = SimilarityScale(mean=0.7, spread=0.2)
    assert scoring.standardise(0.7, model) == pytest.approx(REFERENCE_SCALE.mean)
    assert scoring.standardise(0.9, model) == pytest.approx(REFERENCE_SCALE.mean + REFERENCE_SCALE.spread)


def test_the_scale_of_a_model_is_never_zero_and_measured_once() -> None:
    scale = similarity_scale.measure_scale(HashEncoder())
    assert scale.spread > 0
    same_model = HashEncoder()
    assert similarity_scale.measure_scale(same_model) == scale
    assert same_model.encoded == []


def test_relatedness_puts_a_clear_match_of_every_model_at_the_same_place() -> None:
    wide, narrow = SimilarityScale(mean=0.0, spread=0.58), SimilarityScale(mean=0.7, spread=0.1)
    assert wide.relatedness(np.array([-0.2, 0.29, 0.58, 1.0])) == pytest.approx([0, 0.29, 0.58, 1])
    assert narrow.relatedness(np.array([0.5, 0.75, 0.8, 1.0])) == pytest.approx([0, 0.29, 0.58, 1])


def test_a_passage_of_few_words_is_a_stub_by_hand() -> None:
    assert [scoring.brevity("word " * words) for words in (0, 5, 15, 80)] == pytest.approx([1, 2 / 3, 0, 0])
    assert scoring.brevity("（出典）総務省「通信利用動向調査」を基に作成\nhttps://www.example.org/data") == 1
    assert (
        scoring.brevity(
            "Source: Ministry of Ports, ships in all harbours of the coast and the rivers by their flags, 2019"
        )
        == 1
    )
    assert scoring.brevity(
        "Source: Ministry of Ports\nThe ministry counted nine ships in all harbours of the coast, and the fleet grew."
    ) == pytest.approx(0)


def test_a_table_of_contents_says_nothing_and_a_table_with_leaders_does() -> None:
    names = ("Fares and tickets", "Repairs of ferries in the dock", "Accounts of the year", "Members of the board")
    contents = "\n".join(f"{name} {'. ' * 40}{page}" for name, page in zip(names, (3, 7, 7, 12), strict=True))
    assert scoring.brevity(contents) == 1
    values = "\n".join(f"{name} {'. ' * 40}{value}" for name, value in zip(names, (310, 77, 912, 12), strict=True))
    assert scoring.brevity(values) == 0


def test_rankings_are_by_descending_score_then_id() -> None:
    @dataclass
    class One:
        id: str
        score: float

    result = [One("b", 1.0), One("a", 1.0), One("c", 2.0)]
    assert [document.id for document in sorted(result, key=scoring.ranking_key)] == ["c", "a", "b"]
