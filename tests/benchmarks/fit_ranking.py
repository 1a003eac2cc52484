"""Fits the weights of the ranking with leave-one-set-out, and prints the figures of each set that was left out.

    python -m tests.benchmarks.fit_ranking [--sets seeds xquad_en ...] [--model NAME_OR_PATH] [--questions 400]

The signals of the first hundred passages of each question are read from the index; weights are then optimised by
coordinate ascent over a coarse grid, with the weights of passage and sentence adding up to 1, and with a pair of models
for several shares of the second one. The objective is the mean over the families of sets of nDCG@10 (MRR@10 where
passages are judged). The figure of a set comes from weights that were fitted on the other families. The weights in use
(`index.ranking.weights.WEIGHTS`) are rounded by hand, since the optimum is flat.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table

from index.models.encoder import Encoder, load
from index.models.model_store import DEFAULT_MODEL
from index.ranking import scoring
from index.ranking.weights import SENTENCE_MODEL_SHARE, WEIGHTS, SignalWeights
from qa.question.analysis import interpret
from qa.question.corpus_facts import CorpusFacts
from tests.benchmarks.question_sets.ranking_sets import RankingSet, choose_sets, judged_questions, open_index
from tests.paths import DATA

SIGNALS = ("passage", "sentence", "lexical", "period", "stub")
DEPTH = 100
CUTOFF = 10
STEPS = {"sentence": (0.05, 0.15), "lexical": (0.05, 0.2), "period": (0.03, 0.1), "stub": (0.05, 0.1)}
"""Fine and coarse step of each weight."""
SHARES = (0.3, 0.5, 0.7)
"""Shares of the sentence encoder that are compared."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SetSignals:
    """The questions of a set: unweighted signals, shape (questions, DEPTH, signals), bonuses, gains and units."""

    dataset: RankingSet
    parts: Array
    bonus: Array
    gains: Array
    units: npt.NDArray[np.int64]
    ideal: Array

    def values(self, weights: SignalWeights) -> Array:
        """Return nDCG@10 (MRR@10 where passages are judged) of each question."""
        scores = self.parts @ np.array([getattr(weights, name) for name in SIGNALS]) + self.bonus
        order = np.argsort(-scores.round(6), axis=1, kind="stable")
        gains, units = (np.take_along_axis(item, order, 1) for item in (self.gains, self.units))
        # a document ranks where its best passage does: its other passages take no rank
        fresh = np.ones(units.shape, dtype=bool)
        for place in range(1, 4 * CUTOFF):
            fresh[:, place] = (units[:, :place] != units[:, place : place + 1]).all(1)
        fresh[:, 4 * CUTOFF :] = False
        places = np.cumsum(fresh, axis=1)
        counted = np.where(fresh & (places <= CUTOFF), gains, 0.0)
        if self.dataset.qrels is None:
            return (np.where(counted > 0, 1 / places, 0.0)).max(axis=1)  # type: ignore[no-any-return]
        return (counted / np.log2(places + 1)).sum(axis=1) / self.ideal  # type: ignore[no-any-return]


def collect_signals(dataset: RankingSet, encoder: Encoder, most: int) -> SetSignals:
    """Search questions of a set, at most so many chosen at random, and collect the signals of their hits."""
    index = open_index(dataset, encoder)
    corpus_facts = CorpusFacts.of(index.documents)
    rows: list[tuple[Array, Array, Array, npt.NDArray[np.int64], float]] = []
    questions = list(judged_questions(dataset, index))
    for question, truth in random.Random(1).sample(questions, min(most, len(questions))):  # noqa: S311 - a sample
        understood = interpret(question.text, corpus_facts)
        hits = index.search(
            question.text, encoder, DEPTH, bonus=understood.bonus, years=understood.years, candidates=DEPTH
        ).hits
        by_document = question.grades is not None
        names = [hit.document.id if by_document else hit.id for hit in hits]
        numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
        parts, bonus = np.zeros((DEPTH, len(SIGNALS))), np.full(DEPTH, -1e3)
        gains, units = np.zeros(DEPTH), np.full(DEPTH, -1, dtype=np.int64)
        for place, (hit, name) in enumerate(zip(hits, names, strict=True)):
            parts[place] = [hit.scores.get(part, 0.0) / getattr(WEIGHTS, part) for part in SIGNALS]
            bonus[place] = sum(value for part, value in hit.scores.items() if part not in SIGNALS)
            gains[place], units[place] = max(truth.grades.get(name, 0), 0), numbers[name]
        best = sorted((grade for grade in truth.grades.values() if grade > 0), reverse=True)[:CUTOFF]
        ideal = sum(grade / np.log2(place + 1) for place, grade in enumerate(best, 1))
        rows.append((parts, bonus, gains, units, float(ideal)))
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return SetSignals(dataset, *columns)


def objective(sets: Sequence[SetSignals], weights: SignalWeights) -> float:
    """Return the mean over the families of sets."""
    by_family: dict[str, list[float]] = {}
    for signals in sets:
        by_family.setdefault(signals.dataset.family, []).append(float(signals.values(weights).mean()))
    return float(np.mean([np.mean(values) for values in by_family.values()]))


@dataclass(frozen=True, slots=True)
class Fitted:
    """Fitted weights, and the share of the sentence encoder with which they reach the highest objective."""

    share: float
    weights: SignalWeights
    objective: float


@contextmanager
def sentence_model_share(share: float) -> Iterator[None]:
    """Search with this share of the sentence encoder."""
    with patch.object(scoring, "SENTENCE_MODEL_SHARE", share):
        yield


def fit(by_share: Mapping[float, Sequence[SetSignals]], without: str = "") -> Fitted:
    """Fit share and weights on the sets outside a family."""
    fits = [
        fit_weights(share, [signals for signals in sets if signals.dataset.family != without])
        for share, sets in by_share.items()
    ]
    return max(fits, key=lambda fitted: fitted.objective)


def fit_weights(share: float, sets: Sequence[SetSignals]) -> Fitted:
    """Fit the weights by coordinate ascent, coarsely and then finely."""
    weights = WEIGHTS
    best = objective(sets, weights)
    for pace in (1, 0):
        moved = True
        while moved:
            moved = False
            for name, steps in STEPS.items():
                for step in (-steps[pace], steps[pace]):
                    tried = _moved(weights, name, step)
                    value = objective(sets, tried) if tried is not None else 0.0
                    if tried is not None and value > best + 1e-5:
                        weights, best, moved = tried, value, True
    return Fitted(share, weights, best)


def _moved(weights: SignalWeights, name: str, step: float) -> SignalWeights | None:
    value = round(getattr(weights, name) + step, 3)
    if (value < 0) != (name == "stub" and value != 0) or (name == "sentence" and value > 1):
        return None
    further = {"passage": round(1 - value, 3)} if name == "sentence" else {}
    return replace(weights, **{name: value}, **further)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print weights and figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.fit_ranking", description="Fit the weights.")
    parser.add_argument("--sets", nargs="*", default=[], help="prefixes of the names of sets; all by default")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="name or path of the model")
    parser.add_argument("--questions", type=int, default=400, help="questions of each set")
    options = parser.parse_args(arguments)
    chosen_sets = choose_sets(options.sets)
    if not chosen_sets:
        print(f"skipped: no such data in {DATA} (set YEARBOOK_QA_DATA to the folder that holds datasets/)")
        return 0
    encoder = load(options.model)
    by_share: dict[float, list[SetSignals]] = {}
    for share in SHARES if encoder.sentence_encoder is not None else (SENTENCE_MODEL_SHARE,):
        with sentence_model_share(share):
            by_share[share] = [collect_signals(dataset, encoder, options.questions) for dataset in chosen_sets]
    families = sorted({dataset.family for dataset in chosen_sets})
    left_out = {family: fit(by_share, family) for family in (families if len(families) > 1 else [])}
    everything = fit(by_share)
    used = Fitted(SENTENCE_MODEL_SHARE, WEIGHTS, objective(by_share[SENTENCE_MODEL_SHARE], WEIGHTS))
    console = Console(width=None if sys.stdout.isatty() else 120)
    named = {f"without {family}": fitted for family, fitted in left_out.items()}
    console.print(_weights({**named, "all": everything, "in use": used}))
    console.print(_figures(by_share, left_out, everything, used))
    return 0


def _weights(named: Mapping[str, Fitted]) -> Table:
    table = Table("fitted", "second model", *SIGNALS, box=None, pad_edge=False)
    for name, fitted in named.items():
        table.add_row(name, f"{fitted.share:.1f}", *(f"{asdict(fitted.weights)[part]:.2f}" for part in SIGNALS))
    return table


def _figures(
    by_share: Mapping[float, Sequence[SetSignals]], left_out: Mapping[str, Fitted], everything: Fitted, used: Fitted
) -> Table:
    table = Table("set", "measure", "questions", "left out", "fitted on all", "in use", box=None, pad_edge=False)
    for place, signals in enumerate(by_share[used.share]):
        dataset = signals.dataset
        figures = [
            by_share[fitted.share][place].values(fitted.weights).mean()
            for fitted in (left_out.get(dataset.family, everything), everything, used)
        ]
        measure = "MRR@10" if dataset.qrels is None else "nDCG@10"
        table.add_row(dataset.name, measure, f"{len(signals.ideal):,}", *(f"{figure:.3f}" for figure in figures))
    return table


if __name__ == "__main__":
    raise SystemExit(main())
