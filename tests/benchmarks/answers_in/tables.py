"""Measures questions whose answers are in tables and in the text around them.

    python -m tests.benchmarks.answers_in.tables [--documents 50] [--failures]

Questions of `tatqa` are asked twice: of the document that holds the evidence, and of the whole folder, where other
documents often answer as well (a lower bound). Prints the share of questions whose evidence is in the first passage, in
the first five, and in the first unit of the answer; the share whose short answer is in the answer; and the share
refused. `--documents` takes the first documents only, `--failures` lists the questions whose answer is missing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean

from rich.console import Console
from rich.table import Table

from index.models.encoder import load
from qa.answering.library import Library
from qa.evaluation.judgements import Judge, normalize
from qa.evaluation.outcome import Outcome, make_outcome
from qa.question.filters import Filters
from tests.benchmarks.question_sets.ranking_sets import RankingSet, open_index
from tests.paths import DATA

TATQA = RankingSet("tatqa", Path("datasets/tatqa/docs"), Path("datasets/tatqa/questions.jsonl"), None)
PLACES = ("table", "text")
DEPTH = 10


def ask(library: Library, dataset: RankingSet, *, filtered: bool) -> list[Outcome]:
    """Ask the questions whose documents are indexed, each of its document (`filtered`) or of all documents."""
    indexed = {document.id for document in library.index.documents}
    questions = [q for q in dataset.questions() if q.evidence and q.evidence[0].document in indexed]
    judge = Judge(library.index, questions)
    outcomes: list[Outcome] = []
    for question in questions:
        assert question.evidence
        filters = Filters(document=(question.evidence[0].document,)) if filtered else Filters()
        asked = replace(question, filters=filters)
        answer = library.ask(question.text, k=5, filters=filters, depth=DEPTH)
        outcomes.append(make_outcome(asked, answer, judge, answer.ranking, DEPTH))
    return outcomes


def place(outcome: Outcome) -> str:
    """Return where the evidence of a question is: "table" or "text"."""
    return str(outcome.question.extra["metadata"]["where"])


def answers_first(outcome: Outcome) -> bool:
    """Whether the first unit of the answer is in the evidence or contains it."""
    first = normalize(outcome.sentences[0].text) if outcome.sentences else None
    quotes = [normalize(evidence.quote or "") for evidence in outcome.question.evidence or ()]
    return first is not None and any(first in quote or quote in first for quote in quotes)


def figures(outcomes: Sequence[Outcome]) -> list[float]:
    """Return the shares of a list of outcomes, in the order of the columns."""
    return [
        fmean(outcome.first == 1 for outcome in outcomes),
        fmean(outcome.first is not None and outcome.first <= 5 for outcome in outcomes),
        fmean(answers_first(outcome) for outcome in outcomes),
        fmean(bool(outcome.holds_answer) for outcome in outcomes),
        fmean(not outcome.answered for outcome in outcomes),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.answers_in.tables", description="Measure tables.")
    parser.add_argument("--documents", type=int, help="index only this many documents")
    parser.add_argument("--failures", action="store_true", help="list the questions whose answer is missing")
    options = parser.parse_args(arguments)
    if not (DATA / TATQA.queries).is_file():
        print(f"skipped: no {DATA / TATQA.queries} (set YEARBOOK_QA_DATA to the folder that holds datasets/)")
        return 0
    encoder = load()
    library = Library(open_index(TATQA, encoder, options.documents).folder, encoder)
    console = Console(width=None if sys.stdout.isatty() else 130)
    columns = ("first", "first five", "unit first", "answer held", "refused")
    for name, filtered in (("of the document", True), ("of the folder", False)):
        outcomes = ask(library, TATQA, filtered=filtered)
        table = Table(name, "questions", *columns, box=None, pad_edge=False)
        for where in ("all", *PLACES):
            asked = [outcome for outcome in outcomes if where in ("all", place(outcome))]
            table.add_row(where, str(len(asked)), *(f"{figure:.3f}" for figure in figures(asked)))
        console.print(table)
        if options.failures and filtered:
            for outcome in outcomes:
                if not outcome.holds_answer or outcome.first != 1:
                    _print_failure(outcome)
    return 0


def _print_failure(outcome: Outcome) -> None:
    question = outcome.question
    print(f"\n{question.id} {place(outcome)} rank {outcome.first} confidence {outcome.confidence}: {question.text}")
    print(f"  wanted {question.short_answer!r} in {question.evidence[0].quote if question.evidence else ''!r}")
    for sentence in outcome.sentences:
        print(f"  answer {sentence.text!r}")
    print(f"  passage {outcome.passages[0].text[:150]!r}")


if __name__ == "__main__":
    raise SystemExit(main())
