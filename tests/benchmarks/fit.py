"""Fits the weights of the ranking on the development sets, cross-validated, and prints the figures out of fold.

    python -m tests.benchmarks.fit [--sets seeds xquad_en ...] [--folds 5]

The parts of the scores of each question's first hundred passages are taken from the index; weights are then tried on
them by coordinate ascent over a coarse grid, passage and sentence adding up to 1. What is raised is the mean over the
sets (nDCG@10, for the yearbooks MRR@10; three wordings of the same questions count as one set). Questions about one
article fall into one fold, whatever set they are of. The weights in use are `index.ranking.fusion.WEIGHTS`: they are
rounded
from the fit by hand, since anything near the top of a flat hill ranks alike.
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
from tests.benchmarks.ranking_sets import Set, chosen, index_of, judged
from tests.paths import DATA

PARTS = ("passage", "sentence", "lexical", "period", "stub")
DEPTH = 100
CUTOFF = 10
STEPS = {"sentence": (0.05, 0.15), "lexical": (0.05, 0.2), "period": (0.03, 0.1), "stub": (0.05, 0.1)}
"""How far each weight is moved, finely and at first."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Parts:
    """A set's questions: unweighted parts of shape (questions, DEPTH, parts), what else is added, gains and units."""

    one: Set
    parts: Array
    bonus: Array
    gains: Array
    units: npt.NDArray[np.int64]
    ideal: Array
    folds: npt.NDArray[np.int64]

    def values(self, weights: SignalWeights, rows: npt.NDArray[np.bool_]) -> Array:
        """Each question's nDCG@10, or MRR@10 where passages are judged; of questions `rows`."""
        scores = self.parts[rows] @ np.array([getattr(weights, name) for name in PARTS]) + self.bonus[rows]
        order = np.argsort(-scores.round(6), axis=1, kind="stable")
        gains, units = (np.take_along_axis(one[rows], order, 1) for one in (self.gains, self.units))
        # a document stands where its best passage does: later passages of it take no place
        fresh = np.ones(units.shape, dtype=bool)
        for place in range(1, 4 * CUTOFF):
            fresh[:, place] = (units[:, :place] != units[:, place : place + 1]).all(1)
        fresh[:, 4 * CUTOFF :] = False
        places = np.cumsum(fresh, axis=1)
        counted = np.where(fresh & (places <= CUTOFF), gains, 0.0)
        if self.one.qrels is None:
            return (np.where(counted > 0, 1 / places, 0.0)).max(axis=1)  # type: ignore[no-any-return]
        return (counted / np.log2(places + 1)).sum(axis=1) / self.ideal[rows]  # type: ignore[no-any-return]


def parts_of(one: Set, encoder: Encoder, folds: int) -> Parts:
    """Ask a set's questions, and keep the parts of the scores."""
    index = index_of(one, encoder)
    corpus_facts = CorpusFacts.of(index.documents)
    rows: list[tuple[Array, Array, Array, npt.NDArray[np.int64], float, int]] = []
    for question, truth in judged(one, index):
        understood = interpret(question.text, corpus_facts)
        hits = index.search(
            question.text, encoder, DEPTH, bonus=understood.bonus, years=understood.years, candidates=DEPTH
        ).hits
        by_document = question.grades is not None
        names = [hit.document.id if by_document else hit.id for hit in hits]
        numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
        parts, bonus = np.zeros((DEPTH, len(PARTS))), np.full(DEPTH, -1e3)
        gains, units = np.zeros(DEPTH), np.full(DEPTH, -1, dtype=np.int64)
        for place, (hit, name) in enumerate(zip(hits, names, strict=True)):
            parts[place] = [hit.scores.get(part, 0.0) / getattr(WEIGHTS, part) for part in PARTS]
            bonus[place] = sum(value for part, value in hit.scores.items() if part not in PARTS)
            gains[place], units[place] = max(truth.grades.get(name, 0), 0), numbers[name]
        best = sorted((grade for grade in truth.grades.values() if grade > 0), reverse=True)[:CUTOFF]
        ideal = sum(grade / np.log2(place + 1) for place, grade in enumerate(best, 1))
        article = index.info(truth.documents[0]).title if by_document and truth.documents else question.id
        digest = hashlib.sha256(" ".join(article.replace("_", " ").casefold().split()).encode()).digest()
        rows.append((parts, bonus, gains, units, float(ideal), digest[0] % folds))
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return Parts(one, *columns)


def objective(sets: Sequence[Parts], weights: SignalWeights, fold: int, *, inside: bool) -> float:
    """The mean over the sets of the questions outside (or inside) a fold."""
    by_corpus: dict[str, list[float]] = {}
    for one in sets:
        rows = (one.folds == fold) == inside
        if rows.any():
            by_corpus.setdefault(one.one.corpus.name, []).append(float(one.values(weights, rows).mean()))
    return float(np.mean([np.mean(values) for values in by_corpus.values()]))


def fit(sets: Sequence[Parts], fold: int) -> SignalWeights:
    """Coordinate ascent on all questions outside a fold."""
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
    parser.add_argument("--sets", nargs="*", default=[], help="sets whose names begin so, else all")
    parser.add_argument("--folds", type=int, default=5, help="how many folds")
    options = parser.parse_args(arguments)
    chosen_sets = chosen(options.sets)
    if not chosen_sets:
        print(f"skipped: no such data in {DATA} (set YEARBOOK_QA_DATA to the folder that holds datasets/)")
        return 0
    encoder = load()
    sets = [parts_of(one, encoder, options.folds) for one in chosen_sets]
    by_fold = {fold: fit(sets, fold) for fold in range(options.folds)}
    everything = fit(sets, -1)
    console = Console(width=None if sys.stdout.isatty() else 120)
    console.print(_weights({**{f"without fold {fold}": one for fold, one in by_fold.items()}, "all": everything}))
    console.print(_figures(sets, by_fold, everything))
    return 0


def _weights(named: Mapping[str, SignalWeights]) -> Table:
    table = Table("fitted", *PARTS, box=None, pad_edge=False)
    for name, weights in {**named, "in use": WEIGHTS}.items():
        table.add_row(name, *(f"{asdict(weights)[part]:.2f}" for part in PARTS))
    return table


def _figures(sets: Sequence[Parts], by_fold: Mapping[int, SignalWeights], everything: SignalWeights) -> Table:
    table = Table("set", "measure", "questions", "out of fold", "fitted on all", "in use", box=None, pad_edge=False)
    for one in sets:
        every = np.ones(len(one.folds), dtype=bool)
        out = np.concatenate([one.values(weights, one.folds == fold) for fold, weights in by_fold.items()])
        figures = [out, one.values(everything, every), one.values(WEIGHTS, every)]
        measure = "MRR@10" if one.one.qrels is None else "nDCG@10"
        table.add_row(one.one.name, measure, f"{len(out):,}", *(f"{values.mean():.3f}" for values in figures))
    return table


if __name__ == "__main__":
    raise SystemExit(main())
