"""The figures of a run: the object of metrics.json, and the comparison with an earlier run."""

from __future__ import annotations

import hashlib
import json
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.processes import Json
from qa.errors import JudgementError
from qa.evaluation import ranking_measures
from qa.evaluation.judgements import Unit
from qa.evaluation.outcome import Outcome

Values = Mapping[str, Mapping[str, float]]
"""Values by measure and question id."""

METRICS = "metrics.json"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A finished run: its outcomes in the order of the questions, and their figures.

    `values` are those of each judged question. `metrics` is the object of metrics.json, None where no question was
    judged. `depth` is the depth of the rankings, `seconds` the time to encode and answer.
    """

    out: Path
    source: Path
    k: int
    depth: int
    unit: Unit
    outcomes: tuple[Outcome, ...]
    seconds: float
    values: Values
    metrics: Json | None
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """An earlier run's values by question id and measure, and a digest of each question's text."""

    folder: Path
    values: Mapping[str, Mapping[str, float]]
    digests: Mapping[str, str]


def compute_values(names: Sequence[str], outcomes: Iterable[Outcome]) -> dict[str, dict[str, float]]:
    """Compute measures (by canonical names) for each judged question."""
    ranked = [outcome for outcome in outcomes if outcome.judged.ranked]
    grades = {outcome.question.id: outcome.judged.grades for outcome in ranked}
    return ranking_measures.per_question(names, grades, {outcome.question.id: outcome.ranking for outcome in ranked})


def compute_metrics(outcomes: Sequence[Outcome], values: Values, earlier: EarlierRun | None = None) -> Json | None:
    """Compute the figures of a run, None where no question was judged."""
    answerable = [outcome for outcome in outcomes if outcome.judged.answerable is True]
    unanswerable = [outcome for outcome in outcomes if outcome.judged.answerable is False]
    ranked = [outcome for outcome in outcomes if outcome.judged.ranked]
    if not ranked and not unanswerable:
        return None
    metrics: Json = {
        "questions": len(outcomes),
        "judged": len(ranked) + len(unanswerable),
        "answerable": len(answerable),
        "unanswerable": len(unanswerable),
        "measures": _means(ranked, values),
        "by_type": _means_by(ranked, values, _type_of),
        "by_edition": _means_by(ranked, values, lambda outcome: outcome.groups.editions),
        "by_series": _means_by(ranked, values, lambda outcome: outcome.groups.series),
    }
    if answerable and unanswerable:
        metrics["refusal"] = refusal_metrics(answerable, unanswerable)
    if (reading := reading_metrics(outcomes)) is not None:
        metrics["reading"] = reading
    if earlier is not None:
        digests = {outcome.question.id: digest(outcome.question.text) for outcome in ranked}
        metrics["against"] = compare_runs(values, digests, earlier)
    metrics["per_question"] = {outcome.question.id: _question(outcome, values) for outcome in outcomes}
    return metrics


def refusal_metrics(answerable: Sequence[Outcome], unanswerable: Sequence[Outcome]) -> Json:
    """Measure how well unanswerable questions are refused.

    `precision` is the share of unanswerable questions among those refused, `recall` that of refused questions among
    the unanswerable; `auroc` is that of the confidence as a classifier of answerable questions.
    """
    refused = [outcome for outcome in (*answerable, *unanswerable) if not outcome.answered]
    auroc = ranking_measures.auroc(
        [outcome.confidence for outcome in answerable], [outcome.confidence for outcome in unanswerable]
    )
    return {
        "refused": len(refused),
        "precision": _mean(outcome.judged.answerable is False for outcome in refused),
        "recall": _mean(not outcome.answered for outcome in unanswerable),
        "auroc": None if auroc is None else round(auroc, 6),
    }


def reading_metrics(outcomes: Sequence[Outcome]) -> Json | None:
    """Measure the reading effort; None where no evidence is given as quotes or passages.

    Returns:
        `words_until_evidence`: the median number of words in the answer's sentences, then its passages, up to the end
        of the first evidence (for questions of type `compare`, of the first from each document), and `never`, the
        number of questions whose answer does not contain the evidence. `short_answer_held`: the share of questions with
        a field `answer` whose parts are all contained in the answer's sentences. `compare`: coverage of the documents
        compared.
    """
    readable = [outcome for outcome in outcomes if outcome.has_reading]
    if not readable:
        return None
    metrics: Json = {
        "words_until_evidence": {
            **_words_until_evidence(readable),
            "by_type": {kind: _words_until_evidence(group) for kind, group in _group(readable, _type_of).items()},
        }
    }
    short = [outcome for outcome in readable if outcome.holds_answer is not None]
    if short:
        metrics["short_answer_held"] = {
            **(_mean(outcome.holds_answer for outcome in short) or {}),
            "by_type": {
                kind: _mean(outcome.holds_answer for outcome in group)
                for kind, group in _group(short, _type_of).items()
            },
        }
    compared = [outcome for outcome in readable if outcome.documents_met is not None]
    if compared:
        metrics["compare"] = {
            "every_document_in_first_5": _mean(outcome.documents_met for outcome in compared),
            "evidence_of_every_document_in_first_5": _mean(outcome.evidence_met for outcome in compared),
        }
    return metrics


def _words_until_evidence(outcomes: Sequence[Outcome]) -> Json:
    median = statistics.median(outcome.words if outcome.words is not None else float("inf") for outcome in outcomes)
    return {
        "median": median if median != float("inf") else None,
        "n": len(outcomes),
        "never": sum(outcome.words is None for outcome in outcomes),
    }


def read_earlier_run(folder: Path) -> EarlierRun:
    """Read the values of an earlier run. Raises JudgementError."""
    path = folder / METRICS
    try:
        questions = json.loads(path.read_text(encoding="utf-8"))["per_question"]
        values = {
            identifier: {name: float(value) for name, value in question["measures"].items()}
            for identifier, question in questions.items()
        }
        digests = {identifier: str(question["question"]) for identifier, question in questions.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise JudgementError(
            f"{folder}: {METRICS} is missing or was not written by `evaluate`: "
            "name the --out folder of a run whose questions were judged"
        ) from error
    return EarlierRun(folder, values, digests)


def compare_runs(values: Values, digests: Mapping[str, str], earlier: EarlierRun) -> Json:
    """Compare with an earlier run over the questions that both judged, each difference with a p value.

    Questions are paired by id and text. Measures that only one run has are omitted, with a notice.
    """
    common = [
        identifier
        for identifier in digests
        if earlier.values.get(identifier) and earlier.digests[identifier] == digests[identifier]
    ]
    notices: list[str] = []
    if len(common) < len(digests):
        notices.append(f"{len(digests) - len(common)} of {len(digests)} judged questions are not in {earlier.folder}")
    differences: Json = {}
    for measure, current in values.items():
        if not common or any(measure not in earlier.values[identifier] for identifier in common):
            notices.append(f"{earlier.folder} has no {measure} for these questions")
            continue
        ours = [current[identifier] for identifier in common]
        theirs = [earlier.values[identifier][measure] for identifier in common]
        mean, other_mean = statistics.fmean(ours), statistics.fmean(theirs)
        differences[measure] = {
            "value": round(mean, 6),
            "other": round(other_mean, 6),
            "difference": round(mean - other_mean, 6),
            "p": round(ranking_measures.randomisation_test(ours, theirs), 6),
            "better": sum(a > b for a, b in zip(ours, theirs, strict=True)),
            "worse": sum(a < b for a, b in zip(ours, theirs, strict=True)),
            "n": len(common),
        }
    return {"folder": str(earlier.folder), "questions": len(common), "measures": differences, "notices": notices}


def digest(text: str) -> str:
    """Return a digest of a question's text."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def _question(outcome: Outcome, values: Values) -> Json:
    identifier = outcome.question.id
    return {
        "question": digest(outcome.question.text),
        "answered": outcome.answered,
        "confidence": outcome.confidence,
        "answerable": outcome.judged.answerable,
        "first_relevant": outcome.first,
        "words_until_evidence": outcome.words,
        # not rounded: when a later run is compared, the same ranking must show no difference
        "measures": {
            name: by_question[identifier] for name, by_question in values.items() if identifier in by_question
        },
    }


def _mean(values: Iterable[float | None]) -> Json | None:
    mean = ranking_measures.mean_with_interval([float(value or 0) for value in values])
    return mean.as_json() if mean is not None else None


def _means(outcomes: Sequence[Outcome], values: Values) -> Json:
    if not outcomes:
        return {}
    return {
        name: _mean(by_question[outcome.question.id] for outcome in outcomes) for name, by_question in values.items()
    }


def _type_of(outcome: Outcome) -> tuple[str]:
    return (outcome.question.type or "unknown",)


def _group(outcomes: Iterable[Outcome], groups_of: Callable[[Outcome], Iterable[str]]) -> dict[str, list[Outcome]]:
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        for name in groups_of(outcome):
            groups.setdefault(name, []).append(outcome)
    return dict(sorted(groups.items()))


def _means_by(outcomes: Sequence[Outcome], values: Values, groups_of: Callable[[Outcome], Iterable[str]]) -> Json:
    """Return the means of each group; empty where no group is known."""
    groups = _group(outcomes, groups_of)
    return {} if set(groups) <= {"unknown"} else {name: _means(group, values) for name, group in groups.items()}
