"""Runs of `evaluate`: the files written, their order, cancellation and errors."""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import ir_measures
import pytest
from ir_measures import AP, RR, Success, nDCG
from rich.console import Console

from qa.answering.library import Library
from qa.citation import CitedPassage
from qa.errors import JudgementError
from qa.evaluation.evaluate import Cancelled, evaluate, evaluate_stepwise, merge_filters, missed_thresholds
from qa.evaluation.metrics import Evaluation
from qa.evaluation.outcome import rank_units
from qa.evaluation.questions import Questions, read_questions
from qa.output.console import evaluation_summary
from qa.output.json_objects import answer_json
from qa.question.filters import parse_filters
from tests.factories.harbours import FERRY
from tests.factories.libraries import library_of

QUESTIONS: list[dict[str, Any]] = [
    {"id": "b", "type": "factoid", "question": "How many metres long is the northern pier painted by Ada Rowe?",
     "evidence": [{"doc": "harbour-2016", "quote": "is 312 metres long"}], "answer": "312 metres"},
    {"id": "a", "type": "factoid", "question": "Who painted the northern pier blue in June?",
     "evidence": [{"doc": "harbour-2020", "quote": "painted blue by Tom Kerr"}], "answer": "Tom Kerr", "mine": [1]},
    {"id": "7 up", "type": "keyword", "question": "ferry Eastholm", "evidence": [{"doc": "lamp-2020", "quote": FERRY}]},
    {"type": "unanswerable", "question": "Who bought the volcano?", "evidence": []},
    {"id": "e", "question": " ?! ", "evidence": [{"doc": "lamp-2020", "quote": FERRY}]},
    {"id": "f", "question": "When is the lamp lit?"},
]  # fmt: skip


@pytest.fixture
def questions(tmp_path: Path) -> Questions:
    return asked(tmp_path, QUESTIONS)


def asked(folder: Path, questions: list[dict[str, Any]]) -> Questions:
    file = folder / "questions.jsonl"
    file.write_text("".join(json.dumps(question) + "\n" for question in questions), encoding="utf-8")
    return read_questions(file)


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def trec(out: Path) -> dict[str, list[tuple[str, int, float]]]:
    """Of each question in run.trec: ids, ranks and scores, in the order of the file."""
    result: dict[str, list[tuple[str, int, float]]] = defaultdict(list)
    for line in (out / "run.trec").read_text(encoding="utf-8").splitlines():
        question, q0, unit, rank, score, tag = line.split(" ")
        assert (q0, tag) == ("Q0", "yearbook-qa")
        result[question].append((unit, int(rank), float(score)))
    return result


def test_each_question_has_its_line_in_order_with_its_own_fields(
    library: Library, questions: Questions, tmp_path: Path
) -> None:
    evaluate(library, questions, tmp_path / "out")
    answers = lines(tmp_path / "out" / "answers.jsonl")
    assert [answer["id"] for answer in answers] == ["b", "a", "7 up", "q4", "e", "f"]
    assert [answer["question"] for answer in answers] == [question["question"] for question in QUESTIONS]
    assert answers[1]["mine"] == [1]
    assert answers[1]["evidence"] == QUESTIONS[1]["evidence"]
    assert answers[1]["given"] == {"answer": "Tom Kerr"}  # `answer` itself holds the sentences


def test_answers_equal_those_of_ask(library: Library, questions: Questions, tmp_path: Path) -> None:
    evaluate(library, questions, tmp_path / "out", k=3)
    for line in lines(tmp_path / "out" / "answers.jsonl"):
        if line["question"].strip(" ?!"):
            alone = answer_json(library.ask(line["question"], 3, id=line["id"], depth=100))
            assert {key: line[key] for key in alone} == json.loads(json.dumps(alone))


def test_an_empty_question_is_recorded_as_unanswered(library: Library, questions: Questions, tmp_path: Path) -> None:
    evaluation = evaluate(library, questions, tmp_path / "out")
    line = lines(tmp_path / "out" / "answers.jsonl")[4]
    assert (line["answered"], line["answer"], line["passages"]) == (False, [], [])
    assert "empty" in line["notices"][-1]
    assert evaluation.metrics is not None
    assert evaluation.metrics["measures"]["Success@1"]["n"] == 4
    assert evaluation.metrics["per_question"]["e"]["measures"]["Success@1"] == 0


def test_run_trec_has_ranks_from_one_and_decreasing_scores(
    library: Library, questions: Questions, tmp_path: Path
) -> None:
    evaluate(library, questions, tmp_path / "out")
    ranked = trec(tmp_path / "out")
    assert list(ranked) == ["b", "a", "7%20up", "q4", "f"]
    for line, result in zip((line for line in lines(tmp_path / "out" / "answers.jsonl") if line["id"] != "e"),
                           ranked.values(), strict=True):  # fmt: skip
        assert [rank for _, rank, _ in result] == list(range(1, len(result) + 1))
        assert all(higher > lower for (_, _, higher), (_, _, lower) in itertools.pairwise(result))
        shown = [passage["id"] for passage in line["passages"]]
        assert [unit for unit, _, _ in result][: len(shown)] == shown


def test_figures_are_those_of_ir_measures_on_the_files_written(
    library: Library, questions: Questions, tmp_path: Path
) -> None:
    result = evaluate(library, questions, tmp_path / "out", measures=["S@1", "MRR@10", "nDCG@10", "AP"]).metrics
    assert result is not None
    by_hand = ir_measures.calc_aggregate(
        [Success @ 1, RR @ 10, nDCG @ 10, AP],
        list(ir_measures.read_trec_qrels(str(tmp_path / "out" / "qrels.trec"))),  # type: ignore[no-untyped-call]
        list(ir_measures.read_trec_run(str(tmp_path / "out" / "run.trec"))),  # type: ignore[no-untyped-call]
    )
    assert {name: measure["value"] for name, measure in result["measures"].items()} == pytest.approx(
        {str(measure): value for measure, value in by_hand.items()}, abs=1e-6
    )
    # b and a are worded like their evidence, the ferry is in two documents, e has no words: at most 3 of 4.
    assert 0.5 <= result["measures"]["Success@1"]["value"] <= 0.75
    assert result["by_edition"].keys() == {"2016", "2020"}
    assert result["by_series"].keys() == {"Harbour Yearbook", "Lamp Report"}
    assert result["refusal"]["recall"]["n"] == 1


@pytest.fixture(scope="module")
def beir(tmp_path_factory: pytest.TempPathFactory) -> tuple[Library, Path]:
    """120 documents of several passages each, and two questions of every twentieth."""
    folder = tmp_path_factory.mktemp("beir")
    corpus, queries, qrels = [], [], ["query-id\tcorpus-id\tscore"]
    for number in range(120):
        name = f"boat{number} sailed from quay{number % 7} to island{number % 11}"
        sentences = [f"On day {day} the {name} under captain{day}." for day in range(24)]
        corpus.append({"_id": f"doc_{number}/x", "title": f"Boat {number}", "text": " ".join(sentences)})
        if number % 20 == 0:
            for form in ("where did {} sail", "island{1} quay{2}"):
                query = f"{number}:{form[:1]}"
                text = form.format(f"boat{number}", number % 11, number % 7)
                queries.append({"_id": query, "text": text})
                qrels += [f"{query}\tdoc_{number}/x\t2", f"{query}\tdoc_{(number + 77) % 120}/x\t1"]
    for name, records in (("corpus.jsonl", corpus), ("queries.jsonl", queries)):
        (folder / name).write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    (folder / "qrels").mkdir()
    (folder / "qrels" / "test.tsv").write_text("\n".join(qrels) + "\n", encoding="utf-8")
    return library_of(tmp_path_factory.mktemp("boats"), {}, folder), folder


@pytest.fixture(scope="module")
def beir_run(beir: tuple[Library, Path], tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    library, folder = beir
    out = tmp_path_factory.mktemp("out")
    return evaluate(library, read_questions(folder), out, measures=["S@1", "S@5", "RR@10", "nDCG@10", "AP@100"])


def test_a_beir_folder_gets_the_figures_of_ir_measures_by_hand(
    beir: tuple[Library, Path], beir_run: Evaluation
) -> None:
    _, folder = beir
    rows = (folder / "qrels" / "test.tsv").read_text(encoding="utf-8").splitlines()[1:]
    qrels = [ir_measures.Qrel(query, unit, int(grade)) for query, unit, grade in (row.split("\t") for row in rows)]
    measures = [Success @ 1, Success @ 5, RR @ 10, nDCG @ 10, AP @ 100]
    rankings = list(ir_measures.read_trec_run(str(beir_run.out / "run.trec")))  # type: ignore[no-untyped-call]
    by_hand = ir_measures.calc_aggregate(measures, qrels, rankings)
    assert beir_run.metrics is not None
    assert {name: measure["value"] for name, measure in beir_run.metrics["measures"].items()} == pytest.approx(
        {str(measure): value for measure, value in by_hand.items()}, abs=1e-6
    )
    assert 0 < beir_run.metrics["measures"]["nDCG@10"]["value"] < 1


def test_document_rankings_are_deep_and_use_the_best_passage(beir_run: Evaluation) -> None:
    answers = lines(beir_run.out / "answers.jsonl")
    assert any(len({passage["document"] for passage in line["passages"]}) < len(line["passages"]) for line in answers)
    for line, ranked in zip(answers, trec(beir_run.out).values(), strict=True):
        units = [unit for unit, _, _ in ranked]
        first = list(dict.fromkeys(passage["document"] for passage in line["passages"]))
        assert units[: len(first)] == first
        assert len(units) == len(set(units)) == 100


def cited(unit: str, score: float) -> CitedPassage:
    """A passage as far as a ranking looks at it."""
    hit = SimpleNamespace(id=unit, score=score, document=SimpleNamespace(id=unit.partition("@")[0]))
    return cast("CitedPassage", SimpleNamespace(hit=hit))


def test_scores_decrease_with_the_rank_despite_bonuses() -> None:
    units, scores = rank_units([cited("a@0-1", 1.0), cited("b@0-1", 1.5), cited("c@0-1", 1.0)], 9, by_document=False)
    assert units == ("a@0-1", "b@0-1", "c@0-1")
    assert scores == (1.0, 0.999999, 0.999998)


def test_a_ranking_of_documents_takes_the_first_passage_of_each() -> None:
    passages = [cited("a@0-1", 3.0), cited("b@0-1", 2.0), cited("a@1-2", 1.0), cited("c@0-1", 0.5)]
    assert rank_units(passages, 9, by_document=True) == (("a", "b", "c"), (3.0, 2.0, 0.5))
    assert rank_units(passages, 2, by_document=True)[0] == ("a", "b")


def test_a_questions_own_filters_apply_before_those_of_the_run(library: Library, tmp_path: Path) -> None:
    questions = asked(
        tmp_path,
        [
            {"question": "northern pier", "filters": {"edition": 2016}},
            {"question": "northern pier"},
            {"question": "northern pier", "filters": {"series": "Lamp Report"}},
            {"question": "northern pier", "filters": {"document": "nowhere"}},
        ],
    )
    evaluate(library, questions, tmp_path / "out", filters=parse_filters(edition=["2020"]))
    answers = lines(tmp_path / "out" / "answers.jsonl")
    result = [{passage["document"] for passage in answer["passages"]} for answer in answers]
    assert result == [{"harbour-2016"}, {"harbour-2020", "lamp-2020"}, {"lamp-2020"}, set()]
    assert answers[3]["notices"] != []


def test_filters_of_a_question_replace_those_of_the_run_by_kind() -> None:
    result = merge_filters(
        parse_filters(edition=["2016"]), parse_filters(edition=["2020"], series=["Harbour Yearbook"])
    )
    assert result == parse_filters(edition=["2016"], series=["Harbour Yearbook"])


def test_without_judgements_metrics_of_an_earlier_run_are_removed(
    library: Library, questions: Questions, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    evaluate(library, questions, out)
    assert sorted(path.name for path in out.iterdir()) == [
        "answers.jsonl", "metrics.json", "qrels.trec", "report.html", "run.trec"
    ]  # fmt: skip
    evaluation = evaluate(library, asked(tmp_path, [{"question": "pier"}]), out)
    assert sorted(path.name for path in out.iterdir()) == ["answers.jsonl", "report.html", "run.trec"]
    assert evaluation.metrics is None
    (missed,) = missed_thresholds(evaluation, ["S@1=0"])
    assert missed.startswith(f"Success@1 is unknown: {tmp_path / 'questions.jsonl'}")


def test_a_cancelled_run_keeps_earlier_results(library: Library, questions: Questions, tmp_path: Path) -> None:
    evaluate(library, questions, tmp_path / "out")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    seen: list[tuple[int, int]] = []

    def stop(_: str, done: int, total: int) -> bool:
        seen.append((done, total))
        return done < 2

    with pytest.raises(Cancelled):
        evaluate(library, questions, tmp_path / "out", progress=stop)
    assert seen == [(0, 6), (1, 6), (2, 6)]
    steps = evaluate_stepwise(library, questions, tmp_path / "out")
    next(steps)
    next(steps)
    steps.close()
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_progress_counts_every_question(library: Library, questions: Questions, tmp_path: Path) -> None:
    steps = list(evaluate_stepwise(library, questions, tmp_path / "out"))
    assert [(step.done, step.total) for step in steps] == [(done, 6) for done in (0, 1, 2, 3, 4, 5, 6, 6)]
    assert [step.evaluation is not None for step in steps] == [False] * 7 + [True]


def test_a_missed_threshold_is_reported(library: Library, questions: Questions, tmp_path: Path) -> None:
    evaluation = evaluate(library, questions, tmp_path / "out")
    assert missed_thresholds(evaluation, ["S@1=0", "P@3=0"]) == []
    # The empty question alone keeps Success@1 at 3/4 at most.
    (missed,) = missed_thresholds(evaluation, ["S@1=.8,nDCG@10=0"])
    assert missed.startswith("Success@1 is 0.")
    assert missed.endswith(", less than 0.8")


@pytest.mark.parametrize("wrong", [{"measures": ["bogus@3"]}, {"against": Path("nowhere")}])
def test_errors_are_reported_before_the_first_question(
    library: Library, questions: Questions, tmp_path: Path, wrong: dict[str, Any]
) -> None:
    with pytest.raises(JudgementError):
        evaluate(library, questions, tmp_path / "out", **wrong)
    assert not (tmp_path / "out").exists()


def test_a_file_as_output_folder_is_refused(library: Library, questions: Questions) -> None:
    with pytest.raises(JudgementError, match="--out DIR"):
        evaluate(library, questions, questions.source)


def test_missing_evidence_counts_as_not_found_and_is_reported(library: Library, tmp_path: Path) -> None:
    questions = asked(tmp_path, [{"id": "a", "question": "pier", "evidence": [{"doc": "atlas-1900", "quote": "pier"}]}])
    evaluation = evaluate(library, questions, tmp_path / "out")
    assert evaluation.metrics is not None
    assert evaluation.metrics["measures"]["nDCG@10"] == {"value": 0.0, "interval": [0.0, 0.0], "n": 1}
    (notice,) = evaluation.notices
    assert notice.endswith('(question "a": document "atlas-1900")')


def test_a_run_can_be_compared_with_the_earlier_one_in_the_same_folder(
    library: Library, questions: Questions, tmp_path: Path
) -> None:
    evaluate(library, questions, tmp_path / "out")
    result = evaluate(library, questions, tmp_path / "out", against=tmp_path / "out").metrics
    assert result is not None
    assert {
        (measure["difference"], measure["p"], measure["n"]) for measure in result["against"]["measures"].values()
    } == {(0.0, 1.0, 4)}


def test_a_question_of_a_megabyte_is_answered_and_stored_in_full(library: Library, tmp_path: Path) -> None:
    long = "northern pier " * 75_000
    evaluate(library, asked(tmp_path, [{"question": long}]), tmp_path / "out")
    (line,) = lines(tmp_path / "out" / "answers.jsonl")
    assert line["question"] == long
    assert (tmp_path / "out" / "report.html").stat().st_size < 100_000


def test_the_summary_names_every_figure(library: Library, questions: Questions, tmp_path: Path) -> None:
    evaluate(library, questions, tmp_path / "before")
    evaluation = evaluate(library, questions, tmp_path / "out", against=tmp_path / "before")
    console = Console(width=200, record=True, quiet=False, file=(tmp_path / "shown.txt").open("w", encoding="utf-8"))
    with console.file:
        console.print(evaluation_summary(evaluation))
    shown = (tmp_path / "shown.txt").read_text(encoding="utf-8")
    for words in (
        "Success@1",
        "type factoid",
        "edition 2016",
        "series Lamp Report",
        "refusal: precision",
        "words until the evidence: median",
        "short answer in",
        "against",
        "6 questions",
    ):
        assert words in shown
