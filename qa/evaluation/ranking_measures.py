"""Ranking measures of ir-measures, confidence intervals, and a significance test for two runs.

Measures have their ir-measures names; `S@k` and `MRR@k` are accepted for `Success@k` and `RR@k`. Intervals are 95 %
percentile bootstrap intervals over questions; two runs are compared by a paired randomisation test (Smucker, Allan,
Carterette, "A comparison of statistical significance tests for information retrieval evaluation", 2007). Seeds are
fixed: the same answers give the same figures.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qa.errors import JudgementError

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
