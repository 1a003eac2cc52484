"""Evaluates the default model on the three publications of the shared data: the figures of the README.

    python -m tests.benchmarks.seeds [--k 10] [--out DIR] [--against DIR] [--index DIR]

Indexes `seeds/` into a temporary folder (or opens a finished index), answers `seeds-eval/questions.jsonl`, and prints
the measures by type of question and the reading effort.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import load
from qa.answering.library import Library
from qa.evaluation import measures
from qa.evaluation.evaluate import evaluate
from qa.evaluation.metrics import Evaluation
from qa.evaluation.questions import read_questions
from qa.evaluation.summary import summary
from tests.paths import DATA

OF_ONE_PASSAGE = ("factoid", "paraphrase", "edition", "keyword")
"""Types whose short answer is in one passage."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.seeds", description="Evaluate on seeds-eval.")
    parser.add_argument("--k", type=int, default=10, help="passages per answer")
    parser.add_argument("--index", type=Path, help="an index of the seeds; built by default")
    parser.add_argument("--out", type=Path, help="folder of the results")
    parser.add_argument("--against", type=Path, help="an earlier evaluation to compare with")
    options = parser.parse_args(arguments)
    questions = DATA / "seeds-eval" / "questions.jsonl"
    if not questions.is_file():
        print(f"skipped: no {questions} (set YEARBOOK_QA_DATA to the folder that holds seeds/ and seeds-eval/)")
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        index = options.index or Path(temporary) / "index"
        if options.index is None:
            build(index, plan([DATA / "seeds"]), load())
        out = options.out or Path(temporary) / "out"
        library = Library(index, load)
        evaluation = evaluate(library, read_questions(questions), out, k=options.k, against=options.against)
        console = Console(width=None if sys.stdout.isatty() else 130)
        console.print(summary(evaluation))
        console.print(_reading(evaluation))
    return 0


def _reading(evaluation: Evaluation) -> Table:
    """Return the reading effort by type of question."""
    reading = (evaluation.metrics or {})["reading"]
    words, held = reading["words_until_evidence"], reading["short_answer_held"]
    table = Table("", "words until the evidence (median)", "never", "short answer held", "of", box=None, pad_edge=False)
    for kind, item in words["by_type"].items():
        short = held["by_type"].get(kind)
        shown = (f"{short['value']:.3f}", str(short["n"])) if short else ("", "")
        table.add_row(kind, f"{item['median']:g}" if item["median"] is not None else "", str(item["never"]), *shown)
    some = [float(bool(outcome.holds_answer)) for outcome in evaluation.outcomes
            if outcome.holds_answer is not None and outcome.question.type in OF_ONE_PASSAGE]  # fmt: skip
    figure = measures.mean_with_interval(some)
    if figure is not None:
        table.add_row(", ".join(OF_ONE_PASSAGE), "", "", f"{figure.value:.3f}", str(figure.n))
    return table


if __name__ == "__main__":
    raise SystemExit(main())
