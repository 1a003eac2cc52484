"""How often `watch` names the right state of an answer, on questions judged by hand before it was written.

    python -m tests.benchmarks.watching [--model NAME] [--verbose]

Twenty questions on the two Bluebooks and on two pairs of addresses: `tests/data/questions/watch.jsonl`. Then an address
of which every second paragraph is edited (a figure, a negation, a lost word), asked by five words of each paragraph.
What counts most are answers wrongly reported as unchanged: there must be none.
"""

from __future__ import annotations

import argparse
import json
import random
import re
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


def edited_address(folder: Path, address: Path) -> list[tuple[str, str]]:
    """Write an address and a copy with edited paragraphs as two editions; return questions with their states."""
    random_edit = random.Random(7)  # noqa: S311 - repeatable
    paragraphs = [line.strip() for line in address.read_text(encoding="utf-8").splitlines() if len(line.split()) > 25]
    edited = [_edited(text, random_edit) if number % 2 else text for number, text in enumerate(paragraphs)]
    for year, texts in ((2004, paragraphs), (2005, edited)):
        (folder / f"report-{year}.txt").write_text("\n\n".join([f"Report {year}", *texts]), encoding="utf-8")
    (folder / "corpus.toml").write_text(
        "".join(
            f'[[document]]\nfile = "report-{year}.txt"\nseries = "Report"\nedition = {year}\n' for year in (2004, 2005)
        )
    )
    return [
        ("unchanged" if text == later else "changed", f"What is said about {' '.join(random_edit.sample(words, 5))}?")
        for text, later in zip(paragraphs, edited, strict=True)
        if len(words := re.findall(r"[A-Za-z]{5,}", text)) >= 5
    ]


def _edited(text: str, random_edit: random.Random) -> str:
    sentences = re.split(r"(?<=[.!?]) ", text.strip())
    place = random_edit.randrange(len(sentences))
    sentence = sentences[place]
    if figures := re.findall(r"\b\d+\b", sentence):
        figure = random_edit.choice(figures)
        sentences[place] = sentence.replace(figure, str(int(figure) + 3), 1)
    elif re.search(r"\b(?:is|are|will|must|have|has)\b", sentence):
        sentences[place] = re.sub(r"\b(is|are|will|must|have|has)\b", r"\1 not", sentence, count=1)
    else:
        words = sentence.split()
        words.pop(random_edit.randrange(len(words)))
        sentences[place] = " ".join(words)
    return " ".join(sentences)


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
        folder = Path(temporary) / "edited"
        folder.mkdir()
        asked = edited_address(folder, FILES["us_sotu"][1])
        build(Path(temporary) / "edited-index", plan([folder]), encoder)
        library = Library(Path(temporary) / "edited-index", encoder)
        result = watch(library, [SavedQuestion(str(number), text) for number, (_, text) in enumerate(asked)])
    _report("judged by hand", outcomes)
    generated: Counter[tuple[str, str]] = Counter(
        (expected, own.state) for (expected, _), own in zip(asked, result.questions, strict=True)
    )
    _report("edited by rules", generated)
    return int(any(state == "unchanged" != expected for expected, state in [*outcomes, *generated]))


def _report(name: str, outcomes: Counter[tuple[str, str]]) -> None:
    right = sum(count for (expected, state), count in outcomes.items() if expected == state)
    wrongly = sum(count for (expected, state), count in outcomes.items() if state == "unchanged" != expected)
    for (expected, state), count in sorted(outcomes.items()):
        print(f"{expected:12} reported as {state:12} {count}")
    print(f"{name}: {right} right of {outcomes.total()}; wrongly unchanged: {wrongly}")


if __name__ == "__main__":
    raise SystemExit(main())
