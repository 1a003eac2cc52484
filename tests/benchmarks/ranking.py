"""Compares the ranking with BM25, dense retrieval and their reciprocal rank fusion.

    python -m tests.benchmarks.ranking [--sets seeds xquad_en ...] [--model NAME_OR_PATH] [--times]

All four rank the same passages of the same indexes with the same model. BM25 (k1 1.5, b .75) and dense retrieval are
exact over all passages; the fusion adds 1 / (60 + rank) over both complete rankings. A BEIR record ranks where its best
passage does. Prints nDCG@10 and S@1 by ir-measures over all questions, then S@1, S@5 and MRR@10 by type, language or
wording of the questions, with 95 % intervals of ours. `--times` prints the latency of questions in this process.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table

from corpus.metadata.years import written_years
from index.lexical.bm25 import BM25_B
from index.models.encoder import Encoder, load
from index.models.model_store import DEFAULT_MODEL
from index.ranking.search import Index
from qa.answering.library import Library
from qa.evaluation.metrics import mean_with_interval, per_question
from qa.evaluation.questions import Question
from tests.benchmarks.question_sets.ranking_sets import RankingSet, choose_sets, judged_questions, kinds_of, open_index
from tests.paths import DATA

MEASURES = ("Success@1", "Success@5", "RR@10", "nDCG@10")
SYSTEMS = ("BM25", "dense", "RRF", "ours")
DEPTH = 100
FUSION_K = 60
K1 = 1.5
"""The usual value, for the baseline."""

Scores = npt.NDArray[np.float64]


class Baselines:
    """Exact BM25 and dense retrieval over all passages of an index."""

    def __init__(self, index: Index) -> None:
        self.index = index
        stored = [item for info in index.documents for item in index.records.passages_of_document(info.number)]
        self.passages = [item.passage.id for item in stored]
        self.documents = [item.passage.document for item in stored]
        self.vectors = index._dense.vectors(np.array([item.row for item in stored], dtype=np.int64))
        lengths = np.array([len(item.terms) for item in stored], dtype=np.float64)
        self.norms = K1 * (1 - BM25_B + BM25_B * lengths / lengths.mean())
        postings: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for row, item in enumerate(stored):
            for term, count in Counter(item.terms).items():
                postings[term][0].append(row)
                postings[term][1].append(count)
        self.postings = {term: (np.array(rows), np.array(counts)) for term, (rows, counts) in postings.items()}

    def bm25(self, text: str) -> Scores:
        """Return the BM25 score of every passage."""
        scores = np.zeros(len(self.passages))
        for term, weight in self.index.term_weights(text).items():
            if term in self.postings:
                rows, counts = self.postings[term]
                scores[rows] += weight * counts / (counts + self.norms[rows])
        return scores

    def dense(self, vector: npt.NDArray[np.float32]) -> Scores:
        """Return the cosine of every passage."""
        return (self.vectors @ vector).astype(np.float64)

    def fuse(self, *rankings: Scores) -> Scores:
        """Fuse rankings by reciprocal ranks (Cormack, Clarke and Buettcher 2009)."""
        total = np.zeros(len(self.passages))
        for scores in rankings:
            ranks = np.empty(len(scores))
            ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
            total += 1 / (FUSION_K + ranks)
        return total

    def rank(self, scores: Scores, by_document: bool) -> list[str]:
        """Return the best passages, or documents by their best passages."""
        best = np.argsort(-scores, kind="stable")[: 5 * DEPTH]
        names = self.documents if by_document else self.passages
        return list(dict.fromkeys(names[row] for row in best))[:DEPTH]


@dataclass
class SetRankings:
    """The rankings of a set by system, its judgements, and the seconds each question took."""

    dataset: RankingSet
    kinds: dict[str, list[str]] = field(default_factory=dict)
    grades: dict[str, Mapping[str, int]] = field(default_factory=dict)
    rankings: dict[str, dict[str, list[str]]] = field(default_factory=lambda: {name: {} for name in SYSTEMS})
    seconds: list[float] = field(default_factory=list)

    def values(self, system: str) -> dict[str, dict[str, float]]:
        return per_question(MEASURES, self.grades, self.rankings[system])

    def of_kind(self, system: str, measure: str, kind: str | None = None) -> list[float]:
        """Return the values of the questions of a kind, or of all."""
        values = self.values(system)[measure]
        return [value for key, value in values.items() if kind is None or kind in self.kinds[key]]

    def mean(self, system: str, measure: str, kind: str | None = None) -> float:
        return float(np.mean(self.of_kind(system, measure, kind)))


def rank_set(dataset: RankingSet, encoder: Encoder) -> SetRankings:
    """Rank the questions of a set with all systems."""
    index = open_index(dataset, encoder)
    library = Library(index.folder, encoder)
    baselines = Baselines(index)
    outcome = SetRankings(dataset)
    for question, truth in judged_questions(dataset, index):
        by_document = question.grades is not None
        outcome.grades[question.id], outcome.kinds[question.id] = truth.grades, kinds_of(question)
        if by_document and (years := written_years(question.text)):
            texts = [index.document(name).text for name, grade in truth.grades.items() if grade > 0]
            named = any(str(year) in text for text in texts for year in years)
            outcome.kinds[question.id].append("year in the passage" if named else "no year in the passage")
        vector = encoder.encode([question.text], query=True)[0]
        lexical, dense = baselines.bm25(question.text), baselines.dense(vector)
        for name, scores in (("BM25", lexical), ("dense", dense), ("RRF", baselines.fuse(lexical, dense))):
            outcome.rankings[name][question.id] = baselines.rank(scores, by_document)
        outcome.rankings["ours"][question.id] = _ours(library, question, by_document, outcome.seconds)
    return outcome


def _ours(library: Library, question: Question, by_document: bool, seconds: list[float]) -> list[str]:
    start = time.perf_counter()
    ranking = rank_question(library, question, by_document)
    seconds.append(time.perf_counter() - start)
    return ranking


def rank_question(library: Library, question: Question, by_document: bool) -> list[str]:
    """Return the ids of the best passages, or of their documents, as the library ranks them."""
    answer = library.ask(question.text, filters=question.filters, depth=DEPTH)
    return list(dict.fromkeys(cited.hit.document.id if by_document else cited.hit.id for cited in answer.ranking))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; return 1 if a set is below its target or below a baseline."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.ranking", description="Measure the ranking.")
    parser.add_argument("--sets", nargs="*", default=[], help="prefixes of the names of sets; all by default")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="name or path of the model")
    parser.add_argument("--times", action="store_true", help="print latencies")
    options = parser.parse_args(arguments)
    sets = choose_sets(options.sets)
    if not sets:
        print(f"skipped: no such data in {DATA} (set YEARBOOK_QA_DATA to the folder that holds datasets/)")
        return 0
    encoder = load(options.model)
    outcomes = [rank_set(dataset, encoder) for dataset in sets]
    console = Console(width=None if sys.stdout.isatty() else 170)
    console.print(_table(outcomes))
    for outcome in outcomes:
        console.print(_by_kind(outcome))
    if options.times:
        console.print(_times(outcomes, encoder))
    return int(any(_below(outcome) for outcome in outcomes))


def _below(outcome: SetRankings) -> bool:
    ours = outcome.mean("ours", "nDCG@10")
    return ours < (outcome.dataset.target or 0) or any(ours < outcome.mean(name, "nDCG@10") for name in SYSTEMS)


def _table(outcomes: Sequence[SetRankings]) -> Table:
    heads = [f"{measure} {name}" for measure in ("nDCG", "S@1") for name in SYSTEMS]
    table = Table("nDCG@10, S@1", "questions", *heads, "target", box=None, pad_edge=False)
    for outcome in outcomes:
        figures = [f"{outcome.mean(name, of):.3f}" for of in ("nDCG@10", "Success@1") for name in SYSTEMS]
        target = f"{outcome.dataset.target:.3f}" if outcome.dataset.target else ""
        table.add_row(outcome.dataset.name, f"{len(outcome.grades):,}", *figures, target)
    return table


def _by_kind(outcome: SetRankings) -> Table:
    heads = [f"{system} {name}" for system in SYSTEMS for name in ("S@1", "S@5", "MRR")]
    table = Table(outcome.dataset.name, "questions", *heads, "ours S@1, 95 %", box=None, pad_edge=False)
    kinds: list[str | None] = [None, *sorted({kind for some in outcome.kinds.values() for kind in some})]
    for kind in kinds:
        first = outcome.of_kind("ours", "Success@1", kind)
        figures = [f"{outcome.mean(name, measure, kind):.2f}" for name in SYSTEMS for measure in MEASURES[:3]]
        interval = mean_with_interval(first)
        shown = f"{interval.low:.2f} to {interval.high:.2f}" if interval else ""
        table.add_row(kind or "all", str(len(first)), *figures, shown)
    return table


def _times(outcomes: Sequence[SetRankings], encoder: Encoder) -> Table:
    table = Table("latency, ms", "passages", "median", "95 %", "longest", box=None, pad_edge=False)
    for outcome in outcomes:
        passages = open_index(outcome.dataset, encoder).manifest.passages
        figures = [f"{1000 * float(np.percentile(outcome.seconds, share)):.1f}" for share in (50, 95, 100)]
        table.add_row(outcome.dataset.name, f"{passages:,}", *figures)
    return table


if __name__ == "__main__":
    raise SystemExit(main())
