"""The figures of a run: ranking measures of ir-measures, their intervals, metrics.json, and two runs compared.

Measures have their ir-measures names; `S@k` and `MRR@k` are accepted for `Success@k` and `RR@k`. Intervals are 95 %
percentile bootstrap intervals over questions; two runs are compared by a paired randomisation test (Smucker, Allan,
Carterette, "A comparison of statistical significance tests for information retrieval evaluation", 2007). Seeds are
fixed: the same answers give the same figures.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.processes import Json
from qa.errors import JudgementError
from qa.evaluation.judgements import Unit
from qa.evaluation.outcome import Outcome

DEFAULT_MEASURES = ("Success@1", "Success@5", "RR@10", "nDCG@10")

SEED = 20240229
RESAMPLES = 2000
PERMUTATIONS = 10_000
"""Random sign assignments of the randomisation test; if there are no more than this in all, the test is exact."""

_BATCH_CELLS = 2_000_000
"""Values drawn at once by bootstrap and randomisation test, which bounds their memory."""

_ALIASES = {"S": "Success", "MRR": "RR", "MAP": "AP", "Precision": "P", "Recall": "R", "NDCG": "nDCG", "RPrec": "Rprec"}

_KNOWN = {
    **dict.fromkeys(("Success", "P", "R"), "needs a cutoff"),
    **dict.fromkeys(("RR", "nDCG", "AP", "Judged"), "takes a cutoff"),
    **dict.fromkeys(("Rprec", "Bpref", "infAP"), "takes no cutoff"),
}
"""Measures that pytrec_eval or plain Python compute. An allow-list, since trec_eval aborts the process at `P@0`."""

_GRADED = frozenset({"Success", "RR", "P", "AP", "Rprec", "Bpref"})
"""Measures that accept a least relevant grade, as in `RR(rel=2)@10`."""

_NAME = re.compile(r"(?P<name>[A-Za-z]+)(?:\(rel=(?P<rel>[1-9]\d?)\))?(?:@(?P<cutoff>[1-9]\d{0,4}))?")


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over `n` questions with its 95 % confidence interval."""

    value: float
    low: float
    high: float
    n: int

    def as_json(self) -> dict[str, Any]:
        """Return the object of metrics.json."""
        return {"value": round(self.value, 6), "interval": [round(self.low, 6), round(self.high, 6)], "n": self.n}


@dataclass(frozen=True, slots=True)
class Threshold:
    """The least passing value of a measure, written `S@1=.8`."""

    measure: str
    value: float


def canonical(name: str) -> str:
    """Return a measure's name as ir-measures writes it. Raises JudgementError for an unknown measure."""
    match = _NAME.fullmatch(name.strip())
    base = _ALIASES.get(match["name"], match["name"]) if match else ""
    if match is None or base not in _KNOWN:
        raise JudgementError(
            f'unknown measure "{name[:60]}": must be one of {", ".join(_KNOWN)}, such as S@1, RR@10, nDCG@10'
        )
    if match["cutoff"] is None and _KNOWN[base] == "needs a cutoff":
        raise JudgementError(f'measure "{name[:60]}": {base} needs a cutoff, such as {base}@10')
    if match["cutoff"] is not None and _KNOWN[base] == "takes no cutoff":
        raise JudgementError(f'measure "{name[:60]}": {base} takes no cutoff')
    if match["rel"] is not None and base not in _GRADED:
        raise JudgementError(f'measure "{name[:60]}": {base} takes no rel')
    rel = f"(rel={match['rel']})" if match["rel"] not in {None, "1"} else ""
    return base + rel + (f"@{match['cutoff']}" if match["cutoff"] else "")


def canonical_names(names: Iterable[str]) -> list[str]:
    """Return the distinct canonical names of measures, some of them separated by commas. Raises JudgementError."""
    pieces = [piece for name in names for piece in name.split(",") if piece.strip()]
    return list(dict.fromkeys(map(canonical, pieces)))


def cutoff(name: str) -> int | None:
    """Return the cutoff of a measure, None without one."""
    match = _NAME.fullmatch(name)
    return int(match["cutoff"]) if match and match["cutoff"] else None


def parse_thresholds(texts: Iterable[str]) -> list[Threshold]:
    """Parse thresholds written `MEASURE=VALUE`, some of them separated by commas. Raises JudgementError."""
    thresholds: list[Threshold] = []
    for piece in (piece for text in texts for piece in text.split(",") if piece.strip()):
        name, equals, number = piece.rpartition("=")
        try:
            value = float(number)
        except ValueError:
            value = math.nan
        if not equals or not name or not math.isfinite(value):
            raise JudgementError(f'threshold "{piece[:60]}": must be MEASURE=VALUE, such as S@1=.8')
        thresholds.append(Threshold(canonical(name), value))
    return thresholds


def per_question(
    names: Sequence[str],
    grades: Mapping[str, Mapping[str, int]],
    rankings: Mapping[str, Sequence[str]],
) -> dict[str, dict[str, float]]:
    """Compute measures (by canonical names) for each judged question; 0 for a question without a ranking.

    `grades` are those of each judged question by id; `rankings` the ids retrieved for each, best first.
    """
    import ir_measures

    numbers = {question: str(number) for number, question in enumerate(grades)}
    questions = {number: question for question, number in numbers.items()}
    qrels = {numbers[question]: dict(judged) for question, judged in grades.items() if judged}
    # scores by rank: passages can have equal scores, which evaluation tools order each in their own way
    run = {
        numbers[question]: {unit: float(-rank) for rank, unit in enumerate(ranking)}
        for question, ranking in rankings.items()
        if question in numbers and ranking
    }
    values = {name: dict.fromkeys(grades, 0.0) for name in names}
    measures = {_measure(name): name for name in names}
    if qrels and run:
        for metric in ir_measures.iter_calc(list(measures), qrels, run):
            values[measures[metric.measure]][questions[metric.query_id]] = float(metric.value)
    return values


def _measure(name: str) -> Any:
    """Return the measure of a canonical name; ir-measures' own parser uses syntax trees that Python deprecates."""
    from ir_measures.measures import registry

    match = _NAME.fullmatch(name)
    if match is None:
        raise JudgementError(f'unknown measure "{name[:60]}"')
    measure = registry[match["name"]]
    if match["rel"]:
        measure = measure(rel=int(match["rel"]))
    return measure @ int(match["cutoff"]) if match["cutoff"] else measure


def mean_with_interval(values: Sequence[float]) -> Mean | None:
    """Return the mean of values in [0, 1] and its interval, None without values."""
    if not values:
        return None
    return Mean(math.fsum(values) / len(values), *bootstrap_interval(values), len(values))


def bootstrap_interval(values: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % percentile bootstrap interval of the mean (Efron, Tibshirani, 1993)."""
    if len(set(values)) == 1:
        return values[0], values[0]
    import numpy as np
    from scipy import stats

    interval = stats.bootstrap(
        (values,),
        np.mean,
        n_resamples=RESAMPLES,
        batch=max(1, _BATCH_CELLS // len(values)),
        method="percentile",
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    return float(interval.low), float(interval.high)


def randomisation_test(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return the two-sided p value of the difference of the means of two runs over the same questions."""
    differences = [a - b for a, b in zip(ours, theirs, strict=True) if a != b]  # equal pairs carry no sign
    if len(differences) < 2:  # either sign is equally extreme
        return 1.0
    import numpy as np
    from scipy import stats

    test = stats.permutation_test(
        (differences,),
        np.mean,
        permutation_type="samples",
        vectorized=True,
        n_resamples=PERMUTATIONS,
        batch=max(1, _BATCH_CELLS // len(differences)),
        rng=np.random.default_rng(SEED),
    )
    return float(test.pvalue)


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float | None:
    """Return the area under the ROC curve of scores, None if either class is empty."""
    if not positives or not negatives:
        return None
    from sklearn.metrics import roc_auc_score

    labels = [1] * len(positives) + [0] * len(negatives)
    return float(roc_auc_score(labels, [*positives, *negatives]))


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
    return per_question(names, grades, {outcome.question.id: outcome.ranking for outcome in ranked})


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
    area = auroc([outcome.confidence for outcome in answerable], [outcome.confidence for outcome in unanswerable])
    return {
        "refused": len(refused),
        "precision": _mean(outcome.judged.answerable is False for outcome in refused),
        "recall": _mean(not outcome.answered for outcome in unanswerable),
        "auroc": None if area is None else round(area, 6),
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
            "p": round(randomisation_test(ours, theirs), 6),
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
    mean = mean_with_interval([float(value or 0) for value in values])
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
