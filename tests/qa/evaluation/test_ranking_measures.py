"""Measures of rankings and their uncertainty; every expected number is derived beside it."""

from __future__ import annotations

import math

import pytest

from qa.errors import JudgementError
from qa.evaluation import ranking_measures
from qa.evaluation.ranking_measures import Threshold


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("S@1", "Success@1"),
        ("MRR@10", "RR@10"),
        ("Success@5", "Success@5"),
        ("nDCG@10", "nDCG@10"),
        ("MAP", "AP"),
        (" R@100 ", "R@100"),
        ("RR(rel=2)@10", "RR(rel=2)@10"),
        ("P(rel=1)@5", "P@5"),
    ],
)
def test_a_measure_has_its_name_in_the_field(alias: str, name: str) -> None:
    assert ranking_measures.canonical(alias) == name


@pytest.mark.parametrize(
    "name", ["", "S", "P", "P@0", "P@-1", "S@99999999", "Rprec@3", "nDCG(rel=2)@10", "foo@3", "__import__('os')@1"]
)
def test_an_unknown_measure_is_refused_before_trec_eval_runs(name: str) -> None:
    with pytest.raises(JudgementError):
        ranking_measures.canonical(name)


def test_comma_separated_names_are_split_and_deduplicated() -> None:
    assert ranking_measures.canonical_names(["S@1,MRR@10", "Success@1"]) == ["Success@1", "RR@10"]


def test_values_of_one_question_follow_from_the_ranks() -> None:
    # Ranking n a b c, of which a has grade 1, b grade 2, and d (grade 1) was not found.
    result = ranking_measures.per_question(
        ranking_measures.canonical_names(["S@1", "S@2", "RR@10", "P@4", "R@4", "AP", "nDCG@10", "RR(rel=2)@10"]),
        {"one": {"a": 1, "b": 2, "c": 0, "d": 1}},
        {"one": ["n", "a", "b", "c"]},
    )
    values = {name: value["one"] for name, value in result.items()}
    assert values["Success@1"] == 0
    assert values["Success@2"] == 1
    assert values["RR@10"] == 1 / 2
    assert values["RR(rel=2)@10"] == pytest.approx(1 / 3)
    assert values["P@4"] == 2 / 4
    assert values["R@4"] == pytest.approx(2 / 3)
    assert values["AP"] == pytest.approx((1 / 2 + 2 / 3) / 3)
    # Gains are the grades, as in trec_eval: found 1/log2(3) + 2/log2(4), at best 2/log2(2) + 1/log2(3) + 1/log2(4).
    gained = 1 / math.log2(3) + 2 / math.log2(4)
    best = 2 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4)
    assert values["nDCG@10"] == pytest.approx(gained / best)


def test_a_judged_question_without_a_result_counts_zero() -> None:
    result = ranking_measures.per_question(["Success@1"], {"a": {"x": 1}, "b": {"x": 1}}, {"a": ["x"]})
    assert result == {"Success@1": {"a": 1.0, "b": 0.0}}


def test_a_question_without_a_judgement_does_not_count() -> None:
    assert ranking_measures.per_question(["RR@10"], {"a": {"x": 1}}, {"a": ["x"], "b": ["x"]}) == {"RR@10": {"a": 1.0}}


def test_without_results_every_judged_question_counts_zero() -> None:
    assert ranking_measures.per_question(["nDCG@10"], {"a": {"x": 1}}, {}) == {"nDCG@10": {"a": 0.0}}


def test_ids_may_hold_anything() -> None:
    grades = {"a question\n\0": {"doc one": 1}, "七": {"ü": 1}}
    rankings = {"a question\n\0": ["doc two", "doc one"], "七": ["ü"]}
    assert ranking_measures.per_question(["RR@10"], grades, rankings)["RR@10"] == {"a question\n\0": 0.5, "七": 1.0}


def test_a_ranking_of_thousands_keeps_its_order() -> None:
    ranking = [f"p{number}" for number in range(5000)]
    result = ranking_measures.per_question(["RR"], {"a": {"p4999": 1}}, {"a": ranking})
    assert result["RR"]["a"] == pytest.approx(1 / 5000)


def test_equal_values_leave_no_doubt() -> None:
    result = ranking_measures.mean_with_interval([0.5] * 7)
    assert result is not None
    assert (result.value, result.low, result.high, result.n) == (0.5, 0.5, 0.5, 7)


def test_no_value_has_no_figure() -> None:
    assert ranking_measures.mean_with_interval([]) is None


def test_the_interval_is_that_of_the_binomial() -> None:
    # A resample of 100 ones and zeros, half each, has Binomial(100, .5) ones: its 2.5 and 97.5 % points are 40 and 60.
    low, high = ranking_measures.bootstrap_interval([1.0] * 50 + [0.0] * 50)
    assert low == pytest.approx(0.40, abs=0.011)
    assert high == pytest.approx(0.60, abs=0.011)


def test_the_interval_is_the_same_each_time() -> None:
    values = [0.0, 0.2, 1.0, 0.5, 0.25]
    assert ranking_measures.bootstrap_interval(values) == ranking_measures.bootstrap_interval(values)


def test_randomisation_of_few_pairs_counts_all_signs() -> None:
    # Three pairs that all differ by 1: of the 8 combinations of signs 2 (+++ and ---) reach a sum of 3.
    assert ranking_measures.randomisation_test([1, 1, 1], [0, 0, 0]) == 2 / 8
    # Differences 1, 1, -1 sum to 1; each of the 8 combinations has a sum of 1 or 3, up to its sign.
    assert ranking_measures.randomisation_test([1, 1, 0], [0, 0, 1]) == 1


def test_pairs_that_do_not_differ_do_not_change_p() -> None:
    assert ranking_measures.randomisation_test([1, 1, 1, 0.5], [0, 0, 0, 0.5]) == 2 / 8
    assert ranking_measures.randomisation_test([0.5, 1], [0.5, 1]) == 1


def test_randomisation_of_many_pairs_agrees_with_the_sign_test() -> None:
    # 20 pairs, 15 better by 1 and 5 worse by 1: two-sided sign test, 2 * sum(C(20, i), i = 0..5) / 2**20 = .0414.
    exact = 2 * sum(math.comb(20, i) for i in range(6)) / 2**20
    result = ranking_measures.randomisation_test([1] * 15 + [0] * 5, [0] * 15 + [1] * 5)
    assert result == pytest.approx(exact, abs=0.008)


def test_auroc_counts_pairs_in_order() -> None:
    # Pairs (.9 .5) (.9 .1) (.5 .1) are in order, (.5 .5) is a tie: 3.5 of 4.
    assert ranking_measures.auroc([0.9, 0.5], [0.5, 0.1]) == 3.5 / 4
    assert ranking_measures.auroc([], [0.5]) is None


def test_thresholds_name_a_measure_and_its_least_value() -> None:
    assert ranking_measures.parse_thresholds(["S@1=.8,nDCG@10=0.5", "MRR@10=1"]) == [
        Threshold("Success@1", 0.8),
        Threshold("nDCG@10", 0.5),
        Threshold("RR@10", 1.0),
    ]


@pytest.mark.parametrize("text", ["S@1", "S@1=", "=.8", "S@1=high", "S@1=nan", "S@1>.8", "bogus@1=.8"])
def test_a_malformed_threshold_is_refused(text: str) -> None:
    with pytest.raises(JudgementError):
        ranking_measures.parse_thresholds([text])
