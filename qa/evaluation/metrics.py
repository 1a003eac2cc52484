"""What a batch of outcomes amounts to: the object of metrics.json. Pure, save for reading an earlier run's figures."""

from __future__ import annotations

import hashlib
import json
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.errors import JudgementError
from qa.evaluation import measures
from qa.evaluation.judgements import Unit
from qa.evaluation.outcome import Outcome

Json = dict[str, Any]
Values = Mapping[str, Mapping[str, float]]
"""By measure, by question id."""

METRICS = "metrics.json"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A finished run: its outcomes in the order of the questions, and what they amount to.

    `values` are those of each judged question by measure; `metrics` is what metrics.json holds, None where nothing was
    judged. `depth` is how deep rankings go, `seconds` what encoding and asking took.
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
class Earlier:
    """An earlier run's values by question id and measure, and a digest of each question's text."""

    folder: Path
    values: Mapping[str, Mapping[str, float]]
    digests: Mapping[str, str]


def values_of(names: Sequence[str], outcomes: Iterable[Outcome]) -> dict[str, dict[str, float]]:
    """Each measure's value for each question that counts; names must be canonical."""
    ranked = [one for one in outcomes if one.judged.ranked]
    grades = {one.question.id: one.judged.grades for one in ranked}
    return measures.per_question(names, grades, {one.question.id: one.ranking for one in ranked})


def metrics(outcomes: Sequence[Outcome], values: Values, earlier: Earlier | None = None) -> Json | None:
    """The figures of a run; None where no question was judged."""
    answerable = [one for one in outcomes if one.judged.answerable is True]
    unanswerable = [one for one in outcomes if one.judged.answerable is False]
    ranked = [one for one in outcomes if one.judged.ranked]
    if not ranked and not unanswerable:
        return None
    found: Json = {
        "questions": len(outcomes),
        "judged": len(ranked) + len(unanswerable),
        "answerable": len(answerable),
        "unanswerable": len(unanswerable),
        "measures": _figures(ranked, values),
        "by_type": _by(ranked, values, lambda one: (one.question.type or "unknown",)),
        "by_edition": _by(ranked, values, lambda one: one.groups.editions),
        "by_series": _by(ranked, values, lambda one: one.groups.series),
    }
    if answerable and unanswerable:
        found["refusal"] = refusal(answerable, unanswerable)
    if (read := reading(outcomes)) is not None:
        found["reading"] = read
    if earlier is not None:
        found["against"] = against(values, {one.question.id: digest(one.question.text) for one in ranked}, earlier)
    found["per_question"] = {one.question.id: _question(one, values) for one in outcomes}
    return found


def refusal(answerable: Sequence[Outcome], unanswerable: Sequence[Outcome]) -> Json:
    """How well the run says that the corpus does not answer.

    `precision` is the share of unanswerable questions among those refused, `recall` the share of those refused among
    the unanswerable; `auroc` how often an answerable question's confidence lies above an unanswerable one's.
    """
    refused = [one for one in (*answerable, *unanswerable) if not one.answered]
    right = [float(one.judged.answerable is False) for one in refused]
    caught = [float(not one.answered) for one in unanswerable]
    order = measures.auroc([one.confidence for one in answerable], [one.confidence for one in unanswerable])
    return {
        "refused": len(refused),
        "precision": _figure(right),
        "recall": _figure(caught),
        "auroc": None if order is None else round(order, 6),
    }


def reading(outcomes: Sequence[Outcome]) -> Json | None:
    """What the answers cost their reader; None where no question's evidence stands in quotes or passages.

    `words_until_evidence` counts the words of the answer's sentences, then those of the k passages, up to the end of
    the first evidence (for questions of type `compare`, of the first from each document); `never` counts the questions
    whose evidence is in none of them, which stand above every number. `short_answer_held` is the share of questions
    with a field `answer` all of whose parts the answer's sentences hold.
    """
    counted = [one for one in outcomes if one.has_reading]
    if not counted:
        return None
    found: Json = {
        "words_until_evidence": {
            **_words(counted),
            "by_type": {kind: _words(some) for kind, some in _types(counted).items()},
        }
    }
    short = [one for one in counted if one.holds_answer is not None]
    if short:
        found["short_answer_held"] = {
            **(_figure([float(bool(one.holds_answer)) for one in short]) or {}),
            "by_type": {
                kind: _figure([float(bool(one.holds_answer)) for one in some]) for kind, some in _types(short).items()
            },
        }
    compared = [one for one in counted if one.documents_met is not None]
    if compared:
        found["compare"] = {
            "every_document_in_first_5": _figure([float(bool(one.documents_met)) for one in compared]),
            "evidence_of_every_document_in_first_5": _figure([float(bool(one.evidence_met)) for one in compared]),
        }
    return found


def _words(outcomes: Sequence[Outcome]) -> Json:
    words = sorted(one.words if one.words is not None else float("inf") for one in outcomes)
    median = statistics.median(words)
    return {
        "median": median if median != float("inf") else None,
        "n": len(outcomes),
        "never": sum(one.words is None for one in outcomes),
    }


def read_earlier(folder: Path) -> Earlier:
    """The values of an earlier run. Raises JudgementError."""
    path = folder / METRICS
    try:
        questions = json.loads(path.read_text(encoding="utf-8"))["per_question"]
        values = {
            name: {key: float(value) for key, value in one["measures"].items()} for name, one in questions.items()
        }
        digests = {name: str(one["question"]) for name, one in questions.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise JudgementError(
            f"{folder}: no figures of an earlier run ({METRICS} is missing or is none of `evaluate`): "
            "name the --out folder of a run whose questions were judged"
        ) from error
    return Earlier(folder, values, digests)


def against(values: Values, digests: Mapping[str, str], earlier: Earlier) -> Json:
    """The difference to an earlier run over the questions that both judged, each with a p value.

    A question pairs with the one of the same id and the same text; measures that only one run has are left out.
    """
    known = {name for name in digests if earlier.values.get(name)}
    common = [name for name in digests if name in known and earlier.digests[name] == digests[name]]
    notices: list[str] = []
    if len(common) < len(digests):
        notices.append(f"{len(digests) - len(common)} of {len(digests)} judged questions are not in {earlier.folder}")
    found: Json = {}
    for measure, ours in values.items():
        if not common or any(measure not in earlier.values[name] for name in common):
            notices.append(f"{earlier.folder} has no {measure} of these questions")
            continue
        one = [ours[name] for name in common]
        other = [earlier.values[name][measure] for name in common]
        mean, mean_other = sum(one) / len(one), sum(other) / len(other)
        found[measure] = {
            "value": round(mean, 6),
            "other": round(mean_other, 6),
            "difference": round(mean - mean_other, 6),
            "p": round(measures.randomisation(one, other), 6),
            "better": sum(a > b for a, b in zip(one, other, strict=True)),
            "worse": sum(a < b for a, b in zip(one, other, strict=True)),
            "n": len(common),
        }
    return {"folder": str(earlier.folder), "questions": len(common), "measures": found, "notices": notices}


def digest(text: str) -> str:
    """What tells one question's text from another's."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def _question(one: Outcome, values: Values) -> Json:
    return {
        "question": digest(one.question.text),
        "answered": one.answered,
        "confidence": one.confidence,
        "answerable": one.judged.answerable,
        "first_relevant": one.first,
        "words_until_evidence": one.words,
        # not rounded: a later run is held against these, and the same ranking must show no difference
        "measures": {name: of[one.question.id] for name, of in values.items() if one.question.id in of},
    }


def _figure(values: Sequence[float]) -> Json | None:
    found = measures.figure(values)
    return found.as_json() if found is not None else None


def _figures(outcomes: Sequence[Outcome], values: Values) -> Json:
    return {name: _figure([of[one.question.id] for one in outcomes]) for name, of in values.items()} if outcomes else {}


def _types(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    return _grouped(outcomes, lambda one: (one.question.type or "unknown",))


def _grouped(outcomes: Iterable[Outcome], groups: Callable[[Outcome], Iterable[str]]) -> dict[str, list[Outcome]]:
    found: dict[str, list[Outcome]] = {}
    for one in outcomes:
        for group in groups(one):
            found.setdefault(group, []).append(one)
    return dict(sorted(found.items()))


def _by(outcomes: Sequence[Outcome], values: Values, groups: Callable[[Outcome], Iterable[str]]) -> Json:
    """Figures by group; empty where no group is known."""
    found = _grouped(outcomes, groups)
    return {} if set(found) <= {"unknown"} else {name: _figures(some, values) for name, some in found.items()}
