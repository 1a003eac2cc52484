"""How often `watch` names the right state of an answer, on questions judged by hand before it was written.

    python -m tests.benchmarks.watching [--model NAME] [--verbose]

Twenty questions on the two Bluebooks and on two pairs of addresses: `tests/data/questions/watch.jsonl`. What counts
most are answers wrongly reported as unchanged: there must be none.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import load
from index.models.packaged_models import DEFAULT_MODEL
from qa.answering.library import Library
from qa.question.filters import parse_filters
from qa.watching.watch import SavedQuestion, watch
from tests.paths import DATA, TEST_DATA

JUDGED = TEST_DATA / "questions" / "watch.jsonl"

FILES = {
    "seeds": [DATA / "seeds"],
    "us_sotu": [
        path
        for year in (2003, 2004, 2018, 2020)
        for path in (DATA / "datasets" / "us_sotu" / "docs").glob(f"{year}_*.txt")
    ],
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; return 1 if an answer is wrongly unchanged."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.watching", description="Judge `watch`.")
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--verbose", action="store_true", help="print the wrong states")
    options = parser.parse_args(arguments)
    if not (DATA / "seeds").is_dir():
        print(f"skipped: no {DATA / 'seeds'}")
        return 0
    by_pair: dict[tuple[str, int, int], list[dict[str, str]]] = defaultdict(list)
    for line in JUDGED.read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        by_pair[question["set"], *question["editions"]].append(question)
    encoder = load(options.model)
    outcomes: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as temporary:
        libraries = {}
        for name, files in FILES.items():
            build(Path(temporary) / name, plan(files), encoder)
            libraries[name] = Library(Path(temporary) / name, encoder)
        for (name, earlier, later), questions in by_pair.items():
            saved = [SavedQuestion(question["id"], question["question"]) for question in questions]
            result = watch(
                libraries[name], saved, since=earlier, filters=parse_filters(edition=[f"{earlier}..{later}"])
            )
            for question, watched in zip(questions, result.questions, strict=True):
                outcomes[question["expected"], watched.state] += 1
                if options.verbose and watched.state != question["expected"]:
                    print(f"{watched.id} {watched.state}, expected {question['expected']}: {watched.text}")
    right = sum(count for (expected, state), count in outcomes.items() if expected == state)
    wrongly = sum(count for (expected, state), count in outcomes.items() if state == "unchanged" != expected)
    for (expected, state), count in sorted(outcomes.items()):
        print(f"{expected:12} reported as {state:12} {count}")
    print(f"right: {right} of {outcomes.total()}; wrongly unchanged: {wrongly}")
    return int(wrongly > 0)


if __name__ == "__main__":
    raise SystemExit(main())
