"""How good rankings are: the measures of ir-measures, each with its uncertainty. Pure: tables in, figures out.

Measures bear their ir-measures names; `S@k` and `MRR@k` are accepted for `Success@k` and `RR@k`. Intervals are 95 %
percentile intervals of the bootstrap over questions, differences between two runs are tested by paired randomisation
(Smucker, Allan, Carterette, "A comparison of statistical significance tests for information retrieval evaluation",
2007), both with a fixed seed: the same answers give the same figures.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.errors import JudgementError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

DEFAULT_MEASURES = ("Success@1", "Success@5", "RR@10", "nDCG@10")

SEED = 20240229
RESAMPLES = 2000
PERMUTATIONS = 10_000
"""Signs are drawn so often; where all their combinations are no more, each is tried once and the test is exact."""

_ALIASES = {"S": "Success", "MRR": "RR", "MAP": "AP", "Precision": "P", "Recall": "R", "NDCG": "nDCG", "RPrec": "Rprec"}

_KNOWN = {
    **dict.fromkeys(("Success", "P", "R"), "needs a cutoff"),
    **dict.fromkeys(("RR", "nDCG", "AP", "Judged"), "takes a cutoff"),
    **dict.fromkeys(("Rprec", "Bpref", "infAP"), "takes no cutoff"),
}
"""What pytrec_eval or plain Python compute; an allow-list, since trec_eval aborts the process at `P@0`."""

_GRADED = frozenset({"Success", "RR", "P", "AP", "Rprec", "Bpref"})
"""Measures that take the least grade that counts as relevant, as in `RR(rel=2)@10`."""

_NAME = re.compile(r"(?P<name>[A-Za-z]+)(?:\(rel=(?P<rel>[1-9]\d?)\))?(?:@(?P<cutoff>[1-9]\d{0,4}))?")


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over `n` questions and its 95 % interval."""

    value: float
    low: float
    high: float
    n: int

    def as_json(self) -> dict[str, Any]:
        """As it stands in metrics.json."""
        return {"value": round(self.value, 6), "interval": [round(self.low, 6), round(self.high, 6)], "n": self.n}


@dataclass(frozen=True, slots=True)
class Limit:
    """The least value of a measure that passes, as `S@1=.8` writes it."""

    measure: str
    value: float


def canonical(name: str) -> str:
    """A measure's name as ir-measures writes it. Raises JudgementError for an unknown one."""
    match = _NAME.fullmatch(name.strip())
    base = _ALIASES.get(match["name"], match["name"]) if match else ""
    if match is None or base not in _KNOWN:
        raise JudgementError(f'unknown measure "{name[:60]}": known are {", ".join(_KNOWN)}, as in S@1, RR@10, nDCG@10')
    if match["cutoff"] is None and _KNOWN[base] == "needs a cutoff":
        raise JudgementError(f'measure "{name[:60]}": {base} needs a cutoff, as in {base}@10')
    if match["cutoff"] is not None and _KNOWN[base] == "takes no cutoff":
        raise JudgementError(f'measure "{name[:60]}": {base} takes no cutoff')
    if match["rel"] is not None and base not in _GRADED:
        raise JudgementError(f'measure "{name[:60]}": {base} takes no rel')
    rel = f"(rel={match['rel']})" if match["rel"] not in {None, "1"} else ""
    return base + rel + (f"@{match['cutoff']}" if match["cutoff"] else "")


def canonical_names(names: Iterable[str]) -> list[str]:
    """The names of measures, each once, in order; a comma separates, too. Raises JudgementError."""
    pieces = [piece for name in names for piece in name.split(",") if piece.strip()]
    return list(dict.fromkeys(canonical(piece) for piece in pieces))


def cutoff(name: str) -> int | None:
    """How deep a measure looks, None for all the way."""
    match = _NAME.fullmatch(name)
    return int(match["cutoff"]) if match and match["cutoff"] else None


def parse_limits(texts: Iterable[str]) -> list[Limit]:
    """What `--fail-under` asks for. Raises JudgementError for what is not `MEASURE=VALUE`."""
    limits: list[Limit] = []
    for text in (piece for one in texts for piece in one.split(",") if piece.strip()):
        name, equals, number = text.rpartition("=")
        try:
            value = float(number)
        except ValueError:
            value = math.nan
        if not equals or not name or not math.isfinite(value):
            raise JudgementError(f'"{text[:60]}": must be a measure and the least value of it, as S@1=.8')
        limits.append(Limit(canonical(name), value))
    return limits


def per_question(
    names: Sequence[str],
    grades: Mapping[str, Mapping[str, int]],
    rankings: Mapping[str, Sequence[str]],
) -> dict[str, dict[str, float]]:
    """Each measure's value for each judged question; one without a ranking counts zero.

    `grades` are those of each judged question, `rankings` the ids found for it, best first. Names must be canonical.
    """
    import ir_measures
    from ir_measures.measures import registry

    numbers = {question: str(number) for number, question in enumerate(grades)}
    questions = {number: question for question, number in numbers.items()}
    qrels = {numbers[question]: dict(judged) for question, judged in grades.items() if judged}
    # scores by rank: those of the passages may be equal, and tools break such ties each in its own way
    run = {
        numbers[question]: {unit: float(-rank) for rank, unit in enumerate(ranking)}
        for question, ranking in rankings.items()
        if question in numbers and ranking
    }
    values = {name: dict.fromkeys(grades, 0.0) for name in names}
    measures = {_measure(name, registry): name for name in names}
    if qrels and run:
        for metric in ir_measures.iter_calc(list(measures), qrels, run):
            values[measures[metric.measure]][questions[metric.query_id]] = float(metric.value)
    return values


def _measure(name: str, registry: Mapping[str, Any]) -> Any:
    """The measure of a canonical name (ir-measures' own parser evaluates syntax trees that newer Pythons deprecate)."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise JudgementError(f'unknown measure "{name[:60]}"')
    measure = registry[match["name"]]
    if match["rel"]:
        measure = measure(rel=int(match["rel"]))
    return measure @ int(match["cutoff"]) if match["cutoff"] else measure


def figure(values: Sequence[float]) -> Figure | None:
    """The mean of values and its interval; None without values."""
    if not values:
        return None
    low, high = interval(values)
    return Figure(math.fsum(values) / len(values), low, high, len(values))


def interval(values: Sequence[float]) -> tuple[float, float]:
    """95 % percentile interval of a bootstrapped mean (Efron, Tibshirani, "An Introduction to the Bootstrap", 1993)."""
    import numpy as np

    array = np.asarray(values, dtype=np.float64)
    draw = np.random.default_rng(SEED)
    means: npt.NDArray[np.float64] = np.empty(RESAMPLES)
    step = max(1, 2_000_000 // len(array))
    for first in range(0, RESAMPLES, step):
        count = min(step, RESAMPLES - first)
        means[first : first + count] = array[draw.integers(len(array), size=(count, len(array)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def randomisation(one: Sequence[float], other: Sequence[float]) -> float:
    """Two-sided p of the difference of two means over the same questions, when each pair's order were chance."""
    import numpy as np

    differences = np.asarray(one, dtype=np.float64) - np.asarray(other, dtype=np.float64)
    differences = differences[differences != 0]  # a pair without a difference has no order to swap
    if not len(differences):
        return 1.0
    observed = abs(differences.sum()) - 1e-9
    if 2 ** len(differences) <= PERMUTATIONS:
        signs = np.array(list(itertools.product((-1.0, 1.0), repeat=len(differences))))
        return float((abs(signs @ differences) >= observed).mean())
    draw = np.random.default_rng(SEED)
    extreme = 0
    step = max(1, 2_000_000 // len(differences))
    for first in range(0, PERMUTATIONS, step):
        count = min(step, PERMUTATIONS - first)
        signs = draw.choice(np.array([-1.0, 1.0]), size=(count, len(differences)))
        extreme += int((abs(signs @ differences) >= observed).sum())
    return (extreme + 1) / (PERMUTATIONS + 1)


def auroc(higher: Sequence[float], lower: Sequence[float]) -> float | None:
    """How often one of `higher` lies above one of `lower`, ties counting half; None where one is empty."""
    if not higher or not lower:
        return None
    import numpy as np

    ordered = np.sort(np.asarray(lower, dtype=np.float64))
    below = np.searchsorted(ordered, higher, side="left")
    below_or_equal = np.searchsorted(ordered, higher, side="right")
    return float((below + below_or_equal).sum() / 2 / (len(higher) * len(lower)))
