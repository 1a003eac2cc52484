"""Ranks of evidence in notes and captions, and success of the same questions on HTML, DOCX and PDF renderings.

    python -m tests.benchmarks.answers_in.notes_ranking [--index DIR]

The judged outlines tell which lines are notes and captions. The three publications are then rendered as web pages, Word
files and two-column PDF files, and all questions are asked of each.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from corpus.ingest import plan
from corpus.records import Document
from index.building.build import build
from index.models.encoder import load
from qa.answering.library import Library
from qa.evaluation.evaluate import evaluate
from qa.evaluation.judgements import normalize, occurrences
from qa.evaluation.outcome import Outcome
from qa.evaluation.questions import read_questions
from tests.factories.outlined_texts import seeds
from tests.factories.rendered.formats import RENDERERS
from tests.paths import DATA

KINDS = {"note_lines": "note", "caption_lines": "caption"}
FORMATS = (".html", ".docx", ".pdf")


def lines_of_kinds(data: Path) -> dict[str, dict[int, str]]:
    """Return the kind of each note and caption line (from 1) by document."""
    judged = json.loads((data / "seeds-eval" / "outline.json").read_text(encoding="utf-8"))
    return {item["id"]: {line: kind for key, kind in KINDS.items() for line in item[key]} for item in judged}


def kinds_of_evidence(outcome: Outcome, texts: dict[str, Document], lines: dict[str, dict[int, str]]) -> set[str]:
    """Return the kinds of the lines with a question's evidence: "note", "caption", or "" for body text."""
    result: set[str] = set()
    for evidence in outcome.question.evidence or ():
        text = texts[evidence.document].text
        for start, _ in occurrences(text, normalize(evidence.quote or "")):
            result.add(lines[evidence.document].get(text.count("\n", 0, start) + 1, ""))
    return result


def in_notes(outcomes: Sequence[Outcome], texts: dict[str, Document], lines: dict[str, dict[int, str]]) -> Table:
    """Return the questions whose evidence is only in notes or captions, with the rank of the first relevant passage."""
    table = Table("question", "evidence in", "rank", "text", box=None, pad_edge=False)
    ranks: list[int | None] = []
    for outcome in outcomes:
        kinds = kinds_of_evidence(outcome, texts, lines)
        if kinds and "" not in kinds:
            ranks.append(outcome.first)
            rank = "never" if outcome.first is None else str(outcome.first)
            table.add_row(outcome.question.id, ", ".join(sorted(kinds)), rank, outcome.question.text)
    if ranks:
        first, five = (sum(rank is not None and rank <= most for rank in ranks) / len(ranks) for most in (1, 5))
        table.add_section()
        table.add_row(f"{len(ranks)} questions", "", "", f"S@1 {first:.3f}, S@5 {five:.3f} (target .950)")
    return table


def rendered(data: Path, folder: Path, suffix: str) -> Path:
    """Render the three publications in a format into a folder with the same catalogue."""
    folder.mkdir()
    entries = json.loads((data / "seeds-eval" / "outline.json").read_text(encoding="utf-8"))
    catalogue = (data / "seeds" / "corpus.toml").read_text(encoding="utf-8")
    for entry, publication in zip(entries, seeds(data), strict=True):
        name = Path(entry["file"]).with_suffix(suffix).name
        (folder / name).write_bytes(RENDERERS[suffix](publication))
        catalogue = catalogue.replace(entry["file"], name)
    (folder / "corpus.toml").write_text(catalogue, encoding="utf-8")
    return folder


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.answers_in.notes_ranking", description="Notes and formats."
    )
    parser.add_argument("--index", type=Path, help="an index of the seeds; built if not given")
    options = parser.parse_args(arguments)
    asked = DATA / "seeds-eval" / "questions.jsonl"
    if not asked.is_file():
        print(f"skipped: no {asked} (set YEARBOOK_QA_DATA to the folder that holds seeds/ and seeds-eval/)")
        return 0
    console = Console(width=None if sys.stdout.isatty() else 130)
    formats = Table("format", "S@1", "S@5", "MRR@10", "against .txt", box=None, pad_edge=False)
    plain = 0.0
    with tempfile.TemporaryDirectory() as temporary:
        for suffix in (".txt", *FORMATS):
            here = Path(temporary) / suffix[1:]
            index = options.index if suffix == ".txt" and options.index else here.with_name(f"index{suffix}")
            if index != options.index:
                build(index, plan([DATA / "seeds" if suffix == ".txt" else rendered(DATA, here, suffix)]), load())
            library = Library(index, load)
            outcomes = evaluate(library, read_questions(asked), here.with_name(f"out{suffix}"), k=10).outcomes
            if suffix == ".txt":
                opened = library.index
                texts = {document.id: opened.document(document.id) for document in opened.documents}
                console.print(in_notes(outcomes, texts, lines_of_kinds(DATA)))
                console.print()
            firsts = [outcome.first for outcome in outcomes if outcome.judged.ranked]
            success = [sum(rank is not None and rank <= most for rank in firsts) / len(firsts) for most in (1, 5)]
            mean = sum(1 / rank for rank in firsts if rank is not None and rank <= 10) / len(firsts)
            plain = success[0] if suffix == ".txt" else plain
            figures = (*success, mean)
            formats.add_row(suffix, *(f"{figure:.3f}" for figure in figures), f"{success[0] - plain:+.3f}")
    console.print(formats)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
