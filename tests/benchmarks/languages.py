"""Measures libraries of several languages: questions whose answer is only in documents of another language.

    python -m tests.benchmarks.languages [--libraries paragraphs yearbooks] [--questions 200]

Asks the same questions of their own documents alone and of these beside documents in the question's language or in one
that is nearer to it: "paragraphs" are English paragraphs beside Japanese ones and a Japanese white paper, "yearbooks"
English yearbooks and addresses beside that white paper. Prints S@1, S@5 and MRR@10 of each set, alone, mixed, and mixed
without comparing languages (`index.ranking.languages`).
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from rich.console import Console
from rich.table import Table

from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import Encoder, load
from index.models.model_store import DEFAULT_MODEL
from index.ranking.search import Index
from qa.answering.library import Library
from qa.evaluation.metrics import per_question
from qa.evaluation.questions import Question
from tests.benchmarks.question_sets.ranking_sets import (
    CACHE,
    SETS,
    RankingSet,
    code_hash,
    judged_questions,
    open_index,
)
from tests.benchmarks.question_sets.vectors import KeptVectors
from tests.benchmarks.ranking import rank_question
from tests.paths import DATA

MEASURES = ("Success@1", "Success@5", "RR@10")

LIBRARIES = {
    "paragraphs": ("xquad_cross", "xquad_en", "jsquad", "ict_whitepaper_ja", "ict_whitepaper_ja english"),
    "yearbooks": (
        *("seeds", "us_sotu", "us_sotu further", "us_inaugural"),
        *("ict_whitepaper_ja", "ict_whitepaper_ja english"),
    ),
}
"""The sets of each library, whose documents are in one index; those of xquad_cross and xquad_en are the same."""

_SAME_DOCUMENTS = {Path("datasets/xquad_cross"): Path("datasets/xquad_en")}


def open_mixed(name: str, sets: Sequence[RankingSet], encoder: Encoder) -> Index:
    """Open the index of the documents of several sets, built at its first use."""
    folder = CACHE / f"mixed-{name}-{encoder.fingerprint[:8]}-{code_hash()}"
    if not (folder / "manifest.json").exists():
        shutil.rmtree(folder, ignore_errors=True)
        kept = KeptVectors(encoder, CACHE)
        corpora = dict.fromkeys(_SAME_DOCUMENTS.get(dataset.corpus, dataset.corpus) for dataset in sets)
        build(folder, plan([DATA / corpus for corpus in corpora]), kept)
        kept.close()
    return Index(folder)


@contextmanager
def languages_apart() -> Iterator[None]:
    """Search without comparing languages."""
    with patch.object(Index, "_language_candidates", lambda *_: None):
        yield


def measure(dataset: RankingSet, index: Index, library: Library, most: int) -> dict[str, list[list[float]]]:
    """Return the measures of each question of a set, by the language of the question where it has several."""
    asked = list(judged_questions(dataset, index))
    if len(asked) > most:
        asked = random.Random(1).sample(asked, most)  # noqa: S311 - a sample
    grades = {question.id: truth.grades for question, truth in asked}
    rankings = {question.id: rank_question(library, question, question.grades is not None) for question, _ in asked}
    values = per_question(MEASURES, grades, rankings)
    by_language: dict[str, list[list[float]]] = {}
    for question, _ in asked:
        figures = [values[name][question.id] for name in MEASURES]
        by_language.setdefault(_language(dataset, question), []).append(figures)
    return by_language


def _language(dataset: RankingSet, question: Question) -> str:
    language = (question.extra.get("metadata") or {}).get("language") if dataset.qrels else None
    return f"{dataset.name} {language}" if language else dataset.name


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table of each library."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.languages", description="Measure languages.")
    parser.add_argument("--libraries", nargs="+", default=list(LIBRARIES), choices=LIBRARIES)
    parser.add_argument("--questions", type=int, default=400, help="questions of each set, at most")
    parser.add_argument("--model", default=DEFAULT_MODEL)
    options = parser.parse_args(arguments)
    if not (DATA / "datasets" / "jsquad").is_dir():
        print(f"skipped: no such data in {DATA} (set YEARBOOK_QA_DATA to the folder that holds datasets/)")
        return 0
    encoder = load(options.model)
    console = Console(width=None if sys.stdout.isatty() else 130)
    for name in options.libraries:
        sets = [dataset for dataset in SETS if dataset.name in LIBRARIES[name]]
        mixed = open_mixed(name, sets, encoder)
        heads = [f"{kind} {measure}" for kind in ("alone", "mixed", "apart") for measure in ("S@1", "S@5", "MRR")]
        table = Table(name, "questions", *heads, box=None, pad_edge=False)
        for dataset in sets:
            alone = open_index(dataset, encoder)
            runs = [
                measure(dataset, index, Library(index.folder, encoder), options.questions) for index in (alone, mixed)
            ]
            with languages_apart():
                runs.append(measure(dataset, mixed, Library(mixed.folder, encoder), options.questions))
            for kind in runs[0]:
                columns = [list(zip(*run[kind], strict=True)) for run in runs]
                figures = [f"{sum(column) / len(column):.3f}" for of_run in columns for column in of_run]
                table.add_row(kind, str(len(runs[0][kind])), *figures)
        console.print(table)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
