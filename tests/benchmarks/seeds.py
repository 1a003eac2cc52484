"""Evaluates a model on the libraries whose questions have evidence: by default the three publications of the README.

    python -m tests.benchmarks.seeds [--sets seeds us_sotu us_inaugural tatqa] [--model NAME] [--k 10] [--out DIR]
        [--against DIR]

Prints the measures by type of question and the reading effort: how often the sentences of the answer hold the short
answer, and the words that are read until the evidence. Several sets are counted together at the end.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, median

from rich.console import Console
from rich.table import Table

from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import load
from index.models.model_store import DEFAULT_MODEL
from qa.answering.library import Library
from qa.evaluation import metrics
from qa.evaluation.evaluate import evaluate
from qa.evaluation.outcome import Outcome
from qa.evaluation.questions import read_questions
from qa.output.console import evaluation_summary
from tests.benchmarks.question_sets.ranking_sets import CACHE
from tests.benchmarks.question_sets.vectors import KeptVectors
from tests.paths import DATA, ROOT

OF_ONE_PASSAGE = ("factoid", "paraphrase", "edition", "keyword")
"""Types whose short answer is in one passage."""


SETS = {
    "seeds": (DATA / "seeds", (DATA / "seeds-eval" / "questions.jsonl",)),
    "us_sotu": (
        DATA / "datasets" / "us_sotu",
        (DATA / "datasets" / "us_sotu" / "questions.jsonl", ROOT / "tests" / "data" / "questions" / "us_sotu.jsonl"),
    ),
    "us_inaugural": (
        DATA / "datasets" / "us_inaugural",
        (ROOT / "tests" / "data" / "questions" / "us_inaugural.jsonl",),
    ),
    "tatqa": (DATA / "datasets" / "tatqa", (DATA / "datasets" / "tatqa" / "questions.jsonl",)),
}
"""The documents of each set, and its files of questions."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.seeds", description="Evaluate with evidence.")
    parser.add_argument("--sets", nargs="+", default=["seeds"], choices=SETS)
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--k", type=int, default=10, help="passages per answer")
    parser.add_argument("--out", type=Path, help="folder of the results")
    parser.add_argument("--against", type=Path, help="an earlier evaluation to compare with")
    options = parser.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 130)
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory() as temporary:
        kept = KeptVectors(load(options.model), CACHE)
        for name in options.sets:
            corpus, files = SETS[name]
            if not corpus.is_dir():
                print(f"skipped: no {corpus} (set YEARBOOK_QA_DATA to the folder that holds seeds/ and datasets/)")
                continue
            build(Path(temporary) / name, plan([corpus]), kept)
            library = Library(Path(temporary) / name, kept)
            for number, file in enumerate(files):
                out = (options.out or Path(temporary)) / f"{name}-{number}"
                evaluation = evaluate(library, read_questions(file), out, k=options.k, against=options.against)
                outcomes += evaluation.outcomes
                console.print(f"{name}: {file.name}", evaluation_summary(evaluation))
        kept.close()
    console.print(_reading(outcomes))
    return 0


def _reading(outcomes: Sequence[Outcome]) -> Table:
    """Return the reading effort by type of question."""
    table = Table("", "words until the evidence (median)", "never", "short answer held", "of", "sentences",
                  box=None, pad_edge=False)  # fmt: skip
    judged = [outcome for outcome in outcomes if outcome.judged.answerable]
    for kind in (*sorted({outcome.question.type or "" for outcome in judged}), "of one passage"):
        of_kind = [
            outcome for outcome in judged
            if outcome.question.type == kind or (kind == "of one passage" and outcome.question.type in OF_ONE_PASSAGE)
        ]  # fmt: skip
        words = [math.inf if outcome.words is None else outcome.words for outcome in of_kind]
        held = metrics.mean_with_interval([float(o.holds_answer) for o in of_kind if o.holds_answer is not None])
        shown = (f"{held.value:.3f} [{held.low:.3f}, {held.high:.3f}]", str(held.n)) if held else ("", "")
        sentences = mean([len(outcome.sentences) for outcome in of_kind] or [0])
        never = str(sum(map(math.isinf, words)))
        table.add_row(kind, f"{median(words):g}" if words else "", never, *shown, f"{sentences:.1f}")
    return table


if __name__ == "__main__":
    raise SystemExit(main())
