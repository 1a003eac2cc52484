"""What outcomes amount to, from outcomes made by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.processes import Json
from qa.errors import JudgementError
from qa.evaluation import run_metrics
from qa.evaluation.judgements import Judged
from qa.evaluation.outcome import EvidenceGroups, Outcome
from qa.evaluation.questions import Evidence, Question
from qa.evaluation.run_metrics import EarlierRun


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
    result = run_metrics.compute_metrics(outcomes, run_metrics.compute_values(names, outcomes))
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
    assert run_metrics.compute_metrics([outcome("a", None)], {}) is None


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
    return run_metrics.read_earlier_run(folder)


def held_against(now: list[Outcome], before: EarlierRun) -> Json:
    result = run_metrics.compute_metrics(now, run_metrics.compute_values(("Success@1", "RR@10"), now), before)
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
    changed = EarlierRun(before.folder, before.values, {**before.digests, "b": run_metrics.digest("something else")})
    result = held_against([outcome("a", True), outcome("b", True), outcome("c", True)], changed)
    assert result["questions"] == 1
    assert result["notices"] == [f"2 of 3 judged questions are not in {tmp_path / 'before'}"]


def test_measures_missing_from_the_earlier_run_are_reported(tmp_path: Path) -> None:
    folder = tmp_path / "before"
    folder.mkdir()
    text = json.dumps(measured([outcome("a", True)], ("Success@1",)))
    (folder / "metrics.json").write_text(text, encoding="utf-8")
    result = held_against([outcome("a", True)], run_metrics.read_earlier_run(folder))
    assert list(result["measures"]) == ["Success@1"]
    assert result["notices"] == [f"{folder} has no RR@10 for these questions"]


@pytest.mark.parametrize("content", [None, "", "[]", '{"per_question": {"a": 5}}'])
def test_a_folder_without_figures_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "metrics.json").write_text(content, encoding="utf-8")
    with pytest.raises(JudgementError, match=r"metrics\.json"):
        run_metrics.read_earlier_run(tmp_path)
