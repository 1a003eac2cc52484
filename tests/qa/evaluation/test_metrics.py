"""Measures of rankings and their uncertainty; every expected number is derived beside it."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from corpus.processes import Json
from qa.errors import JudgementError
from qa.evaluation import metrics
from qa.evaluation.judgements import Judged
from qa.evaluation.metrics import EarlierRun, Threshold
from qa.evaluation.outcome import EvidenceGroups, Outcome
from qa.evaluation.questions import Evidence, Question


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
    assert metrics.canonical(alias) == name


@pytest.mark.parametrize(
    "name", ["", "S", "P", "P@0", "P@-1", "S@99999999", "Rprec@3", "nDCG(rel=2)@10", "foo@3", "__import__('os')@1"]
)
def test_an_unknown_measure_is_refused_before_trec_eval_runs(name: str) -> None:
    with pytest.raises(JudgementError):
        metrics.canonical(name)


def test_comma_separated_names_are_split_and_deduplicated() -> None:
    assert metrics.canonical_names(["S@1,MRR@10", "Success@1"]) == ["Success@1", "RR@10"]


def test_values_of_one_question_follow_from_the_ranks() -> None:
    # Ranking n a b c, of which a has grade 1, b grade 2, and d (grade 1) was not found.
    result = metrics.per_question(
        metrics.canonical_names(["S@1", "S@2", "RR@10", "P@4", "R@4", "AP", "nDCG@10", "RR(rel=2)@10"]),
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
    result = metrics.per_question(["Success@1"], {"a": {"x": 1}, "b": {"x": 1}}, {"a": ["x"]})
    assert result == {"Success@1": {"a": 1.0, "b": 0.0}}


def test_a_question_without_a_judgement_does_not_count() -> None:
    assert metrics.per_question(["RR@10"], {"a": {"x": 1}}, {"a": ["x"], "b": ["x"]}) == {"RR@10": {"a": 1.0}}


def test_without_results_every_judged_question_counts_zero() -> None:
    assert metrics.per_question(["nDCG@10"], {"a": {"x": 1}}, {}) == {"nDCG@10": {"a": 0.0}}


def test_ids_may_hold_anything() -> None:
    grades = {"a question\n\0": {"doc one": 1}, "七": {"ü": 1}}
    rankings = {"a question\n\0": ["doc two", "doc one"], "七": ["ü"]}
    assert metrics.per_question(["RR@10"], grades, rankings)["RR@10"] == {"a question\n\0": 0.5, "七": 1.0}


def test_a_ranking_of_thousands_keeps_its_order() -> None:
    ranking = [f"p{number}" for number in range(5000)]
    result = metrics.per_question(["RR"], {"a": {"p4999": 1}}, {"a": ranking})
    assert result["RR"]["a"] == pytest.approx(1 / 5000)


def test_equal_values_leave_no_doubt() -> None:
    result = metrics.mean_with_interval([0.5] * 7)
    assert result is not None
    assert (result.value, result.low, result.high, result.n) == (0.5, 0.5, 0.5, 7)


def test_no_value_has_no_figure() -> None:
    assert metrics.mean_with_interval([]) is None


def test_the_interval_is_that_of_the_binomial() -> None:
    # A resample of 100 ones and zeros, half each, has Binomial(100, .5) ones: its 2.5 and 97.5 % points are 40 and 60.
    low, high = metrics.bootstrap_interval([1.0] * 50 + [0.0] * 50)
    assert low == pytest.approx(0.40, abs=0.011)
    assert high == pytest.approx(0.60, abs=0.011)


def test_the_interval_is_the_same_each_time() -> None:
    values = [0.0, 0.2, 1.0, 0.5, 0.25]
    assert metrics.bootstrap_interval(values) == metrics.bootstrap_interval(values)


def test_randomisation_of_few_pairs_counts_all_signs() -> None:
    # Three pairs that all differ by 1: of the 8 combinations of signs 2 (+++ and ---) reach a sum of 3.
    assert metrics.randomisation_test([1, 1, 1], [0, 0, 0]) == 2 / 8
    # Differences 1, 1, -1 sum to 1; each of the 8 combinations has a sum of 1 or 3, up to its sign.
    assert metrics.randomisation_test([1, 1, 0], [0, 0, 1]) == 1


def test_pairs_that_do_not_differ_do_not_change_p() -> None:
    assert metrics.randomisation_test([1, 1, 1, 0.5], [0, 0, 0, 0.5]) == 2 / 8
    assert metrics.randomisation_test([0.5, 1], [0.5, 1]) == 1


def test_randomisation_of_many_pairs_agrees_with_the_sign_test() -> None:
    # 20 pairs, 15 better by 1 and 5 worse by 1: two-sided sign test, 2 * sum(C(20, i), i = 0..5) / 2**20 = .0414.
    exact = 2 * sum(math.comb(20, i) for i in range(6)) / 2**20
    result = metrics.randomisation_test([1] * 15 + [0] * 5, [0] * 15 + [1] * 5)
    assert result == pytest.approx(exact, abs=0.008)


def test_auroc_counts_pairs_in_order() -> None:
    # Pairs (.9 .5) (.9 .1) (.5 .1) are in order, (.5 .5) is a tie: 3.5 of 4.
    assert metrics.auroc([0.9, 0.5], [0.5, 0.1]) == 3.5 / 4
    assert metrics.auroc([], [0.5]) is None


def test_thresholds_name_a_measure_and_its_least_value() -> None:
    assert metrics.parse_thresholds(["S@1=.8,nDCG@10=0.5", "MRR@10=1"]) == [
        Threshold("Success@1", 0.8),
        Threshold("nDCG@10", 0.5),
        Threshold("RR@10", 1.0),
    ]


@pytest.mark.parametrize("text", ["S@1", "S@1=", "=.8", "S@1=high", "S@1=nan", "S@1>.8", "bogus@1=.8"])
def test_a_malformed_threshold_is_refused(text: str) -> None:
    with pytest.raises(JudgementError):
        metrics.parse_thresholds([text])


def outcome(
    identifier: str,
    answerable: bool | None,
    *,
    answered: bool = True,
    confidence: float = 0.5,
    ranking: tuple[str, ...] = (),
    kind: str | None = None,
    editions: tuple[str, ...] = (),
    words: int | None = None,
    holds: bool | None = None,
) -> Outcome:
    """An outcome whose question `x` answers, where it is answerable."""
    evidence = {True: (Evidence("d", "x"),), False: (), None: None}[answerable]
    return Outcome(
        question=Question(identifier, f"text of {identifier}", 1, type=kind, evidence=evidence),
        judged=Judged(answerable, {"x": 1} if answerable else {}),
        groups=EvidenceGroups(editions),
        answered=answered,
        confidence=confidence,
        notices=(),
        ranking=ranking,
        scores=tuple(float(-rank) for rank in range(len(ranking))),
        sentences=(),
        passages=(),
        first=ranking.index("x") + 1 if "x" in ranking else None,
        words=words,
        holds_answer=holds,
    )


def measured(outcomes: list[Outcome], names: tuple[str, ...] = ("Success@1", "RR@10")) -> Json:
    result = metrics.compute_metrics(outcomes, metrics.compute_values(names, outcomes))
    assert result is not None
    return result


def test_measures_count_answerable_questions_by_type_and_edition() -> None:
    result = measured(
        [
            outcome("a", True, ranking=("x",), kind="factoid", editions=("2016",)),
            outcome("b", True, ranking=("n", "x"), kind="factoid", editions=("2016", "2020")),
            outcome("c", True, ranking=("n",), kind="keyword", editions=("2020",)),
            outcome("d", False, ranking=("n",), kind="unanswerable"),
            outcome("e", None, ranking=("n",), kind="factoid"),
        ]
    )
    assert (result["questions"], result["judged"], result["answerable"], result["unanswerable"]) == (5, 4, 3, 1)
    # First places: a of a, b, c. Reciprocal ranks: 1, 1/2, 0.
    assert result["measures"]["Success@1"]["value"] == pytest.approx(1 / 3, abs=1e-6)
    assert result["measures"]["RR@10"] == result["measures"]["RR@10"] | {"value": 0.5, "n": 3}
    assert {kind: item["RR@10"]["value"] for kind, item in result["by_type"].items()} == {
        "factoid": 0.75,
        "keyword": 0.0,
    }
    # Edition 2016 has a and b, 2020 has b and c: b counts for both.
    assert {year: item["RR@10"]["value"] for year, item in result["by_edition"].items()} == {"2016": 0.75, "2020": 0.25}
    assert result["by_series"] == {}


def test_without_judgements_there_are_no_metrics() -> None:
    assert metrics.compute_metrics([outcome("a", None)], {}) is None


def test_refusal_has_precision_recall_and_area() -> None:
    result = measured(
        [
            outcome("a", True, confidence=0.9),
            outcome("b", True, confidence=0.8),
            outcome("c", True, confidence=0.2, answered=False),
            outcome("d", False, confidence=0.3),
            outcome("e", False, confidence=0.1, answered=False),
        ]
    )["refusal"]
    # Refused are c and e, of which e rightly; of d and e only e was refused. Of the six pairs c and d alone are wrong.
    assert (result["refused"], result["precision"]["value"], result["recall"]["value"]) == (2, 0.5, 0.5)
    assert result["auroc"] == pytest.approx(5 / 6, abs=1e-6)


def test_refusal_without_a_refused_question_has_no_precision() -> None:
    result = measured([outcome("a", True), outcome("b", False)])["refusal"]
    assert (result["precision"], result["recall"]["value"]) == (None, 0.0)


def test_refusal_is_measured_only_where_both_kinds_are_judged() -> None:
    assert "refusal" not in measured([outcome("a", True)])
    assert "refusal" not in measured([outcome("a", False)])


def test_answers_without_the_evidence_count_as_infinitely_long() -> None:
    some = [outcome("a", True, words=10), outcome("b", True, words=30), outcome("c", True)]
    result = measured(some)["reading"]["words_until_evidence"]
    assert (result["median"], result["n"], result["never"]) == (30, 3, 1)
    result = measured([*some, outcome("d", True), outcome("e", True)])["reading"]["words_until_evidence"]
    assert (result["median"], result["never"]) == (None, 3)


def test_short_answers_count_only_for_questions_with_an_answer() -> None:
    result = measured([outcome("a", True, holds=True), outcome("b", True, holds=False), outcome("c", True)])
    assert result["reading"]["short_answer_held"] == result["reading"]["short_answer_held"] | {"value": 0.5, "n": 2}


def earlier(folder: Path, outcomes: list[Outcome]) -> EarlierRun:
    folder.mkdir()
    (folder / "metrics.json").write_text(json.dumps(measured(outcomes)), encoding="utf-8")
    return metrics.read_earlier_run(folder)


def held_against(now: list[Outcome], before: EarlierRun) -> Json:
    result = metrics.compute_metrics(now, metrics.compute_values(("Success@1", "RR@10"), now), before)
    assert result is not None
    against: Json = result["against"]
    return against


def test_two_runs_are_compared_question_by_question(tmp_path: Path) -> None:
    before = earlier(tmp_path / "before", [outcome(item, True, ranking=("n", "x")) for item in "abcd"])
    now = [outcome(item, True, ranking=("x",)) for item in "abc"] + [outcome("d", True, ranking=("n", "x"))]
    result = held_against(now, before)
    # Three of four moved from the second place to the first: 3/4 against 0. Signs of three pairs: 2 of 8 as extreme.
    assert result["measures"]["Success@1"] == {
        "value": 0.75,
        "other": 0.0,
        "difference": 0.75,
        "p": 0.25,
        "better": 3,
        "worse": 0,
        "n": 4,
    }
    assert result["measures"]["RR@10"]["difference"] == pytest.approx((3 * 1 + 0.5) / 4 - 0.5)
    assert result["notices"] == []


def test_a_run_against_itself_shows_no_difference(tmp_path: Path) -> None:
    run = [outcome(item, True, ranking=(*tuple("nmo"[:rank]), "x")) for rank, item in enumerate("abcd")]
    result = held_against(run, earlier(tmp_path / "before", run))
    assert {(measure["difference"], measure["p"]) for measure in result["measures"].values()} == {(0.0, 1.0)}


def test_a_question_with_changed_text_is_not_compared(tmp_path: Path) -> None:
    before = earlier(tmp_path / "before", [outcome("a", True), outcome("b", True)])
    changed = EarlierRun(before.folder, before.values, {**before.digests, "b": metrics.digest("something else")})
    result = held_against([outcome("a", True), outcome("b", True), outcome("c", True)], changed)
    assert result["questions"] == 1
    assert result["notices"] == [f"2 of 3 judged questions are not in {tmp_path / 'before'}"]


def test_measures_missing_from_the_earlier_run_are_reported(tmp_path: Path) -> None:
    folder = tmp_path / "before"
    folder.mkdir()
    text = json.dumps(measured([outcome("a", True)], ("Success@1",)))
    (folder / "metrics.json").write_text(text, encoding="utf-8")
    result = held_against([outcome("a", True)], metrics.read_earlier_run(folder))
    assert list(result["measures"]) == ["Success@1"]
    assert result["notices"] == [f"{folder} has no RR@10 for these questions"]


@pytest.mark.parametrize("content", [None, "", "[]", '{"per_question": {"a": 5}}'])
def test_a_folder_without_figures_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "metrics.json").write_text(content, encoding="utf-8")
    with pytest.raises(JudgementError, match=r"metrics\.json"):
        metrics.read_earlier_run(tmp_path)
