"""Asks the questions of `seeds-eval` of the seeds rendered in other formats, and prints S@1 beside that of the texts.

    python -m tests.benchmarks.answers_in.seeds_formats [--formats .odt .epub .pptx .odp] [--model NAME]

A rendering has the wording of the text, without the front matter's layout. Evidence is a quotation, so that the same
judgements hold for every format.
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
from index.building.build import build
from index.models.encoder import load
from index.models.model_store import DEFAULT_MODEL
from qa.answering.library import Library
from qa.evaluation.evaluate import evaluate
from qa.evaluation.questions import read_questions
from tests.benchmarks.question_sets.ranking_sets import CACHE
from tests.benchmarks.question_sets.vectors import KeptVectors
from tests.factories.outlined_texts import seeds
from tests.factories.rendered.formats import RENDERERS
from tests.paths import DATA

FORMATS = (".odt", ".epub", ".pptx", ".odp")
DEPTH = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.answers_in.seeds_formats", description="Measure formats."
    )
    parser.add_argument("--formats", nargs="+", default=list(FORMATS), choices=sorted(RENDERERS))
    parser.add_argument("--model", default=DEFAULT_MODEL)
    options = parser.parse_args(arguments)
    if not (DATA / "seeds").is_dir():
        print(f"skipped: no {DATA / 'seeds'} (set YEARBOOK_QA_DATA to the folder that holds seeds/ and seeds-eval/)")
        return 0
    entries = json.loads((DATA / "seeds-eval" / "outline.json").read_text("utf-8"))
    names = {entry["id"]: Path(entry["file"]).stem for entry in entries}
    table = Table("format", "questions", "S@1", "S@5", box=None, pad_edge=False)
    with tempfile.TemporaryDirectory() as temporary:
        kept = KeptVectors(load(options.model), CACHE)
        for suffix in ("text", *options.formats):
            folder = DATA / "seeds"
            if suffix != "text":
                folder = Path(temporary) / f"seeds{suffix}"
                folder.mkdir()
                for publication in seeds(DATA):
                    (folder / f"{names[publication.title]}{suffix}").write_bytes(RENDERERS[suffix](publication))
                catalogue = (DATA / "seeds" / "corpus.toml").read_text(encoding="utf-8")
                (folder / "corpus.toml").write_text(catalogue.replace(".txt", suffix), encoding="utf-8")
            index = Path(temporary) / f"index-{suffix}"
            build(index, plan([folder]), kept)
            questions = read_questions(DATA / "seeds-eval" / "questions.jsonl")
            evaluation = evaluate(Library(index, kept), questions, Path(temporary) / f"out-{suffix}", k=DEPTH)
            ranks = [outcome.first for outcome in evaluation.outcomes if outcome.judged.answerable]
            shares = [sum(rank is not None and rank <= k for rank in ranks) / len(ranks) for k in (1, 5)]
            table.add_row(suffix, str(len(ranks)), *(f"{share:.3f}" for share in shares))
        kept.close()
    Console(width=None if sys.stdout.isatty() else 130).print(table)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
