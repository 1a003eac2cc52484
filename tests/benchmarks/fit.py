"""Fits the weights of the ranking on the development sets with cross-validation, and prints out-of-fold figures.

    python -m tests.benchmarks.fit [--sets seeds xquad_en ...] [--folds 5]

The signals of the first hundred passages of each question are read from the index; weights are then optimised by
coordinate ascent over a coarse grid, with the weights of passage and sentence adding up to 1. The objective is the mean
over the sets of nDCG@10 (MRR@10 for the yearbooks; three wordings of the same questions count as one set). Questions
about one article are in one fold, whatever their set. The weights in use (`index.ranking.fusion.WEIGHTS`) are rounded
by hand, since the optimum is flat.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table

from index.models.encoder import Encoder, load
from index.ranking.fusion import WEIGHTS, SignalWeights
from qa.question.analysis import interpret
from qa.question.corpus_facts import CorpusFacts
from tests.benchmarks.ranking_sets import RankingSet, choose_sets, judged_questions, open_index
from tests.paths import DATA

SIGNALS = ("passage", "sentence", "lexical", "period", "stub")
DEPTH = 100
CUTOFF = 10
STEPS = {"sentence": (0.05, 0.15), "lexical": (0.05, 0.2), "period": (0.03, 0.1), "stub": (0.05, 0.1)}
"""Fine and coarse step of each weight."""

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
    folds: npt.NDArray[np.int64]

    def values(self, weights: SignalWeights, rows: npt.NDArray[np.bool_]) -> Array:
        """Return nDCG@10 (MRR@10 where passages are judged) of the questions `rows`."""
        scores = self.parts[rows] @ np.array([getattr(weights, name) for name in SIGNALS]) + self.bonus[rows]
        order = np.argsort(-scores.round(6), axis=1, kind="stable")
        gains, units = (np.take_along_axis(item[rows], order, 1) for item in (self.gains, self.units))
        # a document ranks where its best passage does: its other passages take no rank
        fresh = np.ones(units.shape, dtype=bool)
        for place in range(1, 4 * CUTOFF):
            fresh[:, place] = (units[:, :place] != units[:, place : place + 1]).all(1)
        fresh[:, 4 * CUTOFF :] = False
        places = np.cumsum(fresh, axis=1)
        counted = np.where(fresh & (places <= CUTOFF), gains, 0.0)
        if self.dataset.qrels is None:
            return (np.where(counted > 0, 1 / places, 0.0)).max(axis=1)  # type: ignore[no-any-return]
        return (counted / np.log2(places + 1)).sum(axis=1) / self.ideal[rows]  # type: ignore[no-any-return]


def collect_signals(dataset: RankingSet, encoder: Encoder, folds: int) -> SetSignals:
    """Search the questions of a set, and collect the signals of their hits."""
    index = open_index(dataset, encoder)
    corpus_facts = CorpusFacts.of(index.documents)
    rows: list[tuple[Array, Array, Array, npt.NDArray[np.int64], float, int]] = []
    for question, truth in judged_questions(dataset, index):
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
        article = index.info(truth.documents[0]).title if by_document and truth.documents else question.id
        digest = hashlib.sha256(" ".join(article.replace("_", " ").casefold().split()).encode()).digest()
        rows.append((parts, bonus, gains, units, float(ideal), digest[0] % folds))
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return SetSignals(dataset, *columns)


def objective(sets: Sequence[SetSignals], weights: SignalWeights, fold: int, *, inside: bool) -> float:
    """Return the mean over the sets, of the questions outside (or inside) a fold."""
    by_corpus: dict[str, list[float]] = {}
    for signals in sets:
        rows = (signals.folds == fold) == inside
        if rows.any():
            by_corpus.setdefault(signals.dataset.corpus.name, []).append(float(signals.values(weights, rows).mean()))
    return float(np.mean([np.mean(values) for values in by_corpus.values()]))


def fit(sets: Sequence[SetSignals], fold: int) -> SignalWeights:
    """Fit the weights by coordinate ascent on all questions outside a fold."""
    weights = WEIGHTS
    best = objective(sets, weights, fold, inside=False)
    for pace in (1, 0):
        moved = True
        while moved:
            moved = False
            for name, steps in STEPS.items():
                for step in (-steps[pace], steps[pace]):
                    tried = _moved(weights, name, step)
                    value = objective(sets, tried, fold, inside=False) if tried is not None else 0.0
                    if tried is not None and value > best + 1e-5:
                        weights, best, moved = tried, value, True
    return weights


def _moved(weights: SignalWeights, name: str, step: float) -> SignalWeights | None:
    value = round(getattr(weights, name) + step, 3)
    if (value < 0) != (name == "stub" and value != 0) or (name == "sentence" and value > 1):
        return None
    further = {"passage": round(1 - value, 3)} if name == "sentence" else {}
    return replace(weights, **{name: value}, **further)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print weights and figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.fit", description="Fit the weights.")
    parser.add_argument("--sets", nargs="*", default=[], help="prefixes of the names of sets; all by default")
    parser.add_argument("--folds", type=int, default=5, help="number of folds")
    options = parser.parse_args(arguments)
    chosen_sets = choose_sets(options.sets)
    if not chosen_sets:
        print(f"skipped: no such data in {DATA} (set YEARBOOK_QA_DATA to the folder that holds datasets/)")
        return 0
    encoder = load()
    sets = [collect_signals(dataset, encoder, options.folds) for dataset in chosen_sets]
    by_fold = {fold: fit(sets, fold) for fold in range(options.folds)}
    everything = fit(sets, -1)
    console = Console(width=None if sys.stdout.isatty() else 120)
    console.print(
        _weights({**{f"without fold {fold}": weights for fold, weights in by_fold.items()}, "all": everything})
    )
    console.print(_figures(sets, by_fold, everything))
    return 0


def _weights(named: Mapping[str, SignalWeights]) -> Table:
    table = Table("fitted", *SIGNALS, box=None, pad_edge=False)
    for name, weights in {**named, "in use": WEIGHTS}.items():
        table.add_row(name, *(f"{asdict(weights)[part]:.2f}" for part in SIGNALS))
    return table


def _figures(sets: Sequence[SetSignals], by_fold: Mapping[int, SignalWeights], everything: SignalWeights) -> Table:
    table = Table("set", "measure", "questions", "out of fold", "fitted on all", "in use", box=None, pad_edge=False)
    for signals in sets:
        every = np.ones(len(signals.folds), dtype=bool)
        out = np.concatenate([signals.values(weights, signals.folds == fold) for fold, weights in by_fold.items()])
        figures = [out, signals.values(everything, every), signals.values(WEIGHTS, every)]
        measure = "MRR@10" if signals.dataset.qrels is None else "nDCG@10"
        table.add_row(signals.dataset.name, measure, f"{len(out):,}", *(f"{values.mean():.3f}" for values in figures))
    return table


if __name__ == "__main__":
    raise SystemExit(main())
