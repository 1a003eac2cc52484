"""How often `watch` names the right state of an answer, on questions judged by hand before it was written.

    python -m tests.benchmarks.watching [--model NAME] [--verbose]

`tests/data/questions/watch.jsonl`: twenty questions on the two Bluebooks and on two pairs of addresses, by which the
thresholds were chosen, and thirty on two further pairs and on the policies of two Japanese white papers, which were not
looked at before (but for one about whaling, which neither edition mentions). Then an address of which every second
paragraph is edited (a figure, a negation, a lost word), asked by five words of each paragraph. What counts most are
answers wrongly reported as unchanged: there must be none.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import load
from index.models.model_store import DEFAULT_MODEL
from qa.answering.library import Library
from qa.watching import SavedQuestion, watch
from tests.paths import DATA, TEST_DATA

JUDGED = TEST_DATA / "questions" / "watch.jsonl"

LAST_FITTED = "w020"
"""The last of the questions by which the thresholds were chosen."""

ADDRESSES = DATA / "datasets" / "us_sotu" / "docs"
WHITE_PAPERS = DATA / "datasets" / "ict_whitepaper_ja" / "docs"

_POLICIES = re.compile(r"^第\d章　総務省における", re.MULTILINE)
_POLICY_CHARACTERS = 120_000
"""Of the chapter on policies of a white paper: the other chapters would take minutes to index."""


def files_of(name: str, editions: Iterable[int | str], folder: Path) -> list[Path]:
    """Return the files of a set, of which the excerpts of white papers are written into the folder."""
    if name == "seeds":
        return [DATA / "seeds"]
    if name == "us_sotu":
        return [path for year in editions for path in ADDRESSES.glob(f"{year}_*.txt")]
    for year in editions:
        text = (WHITE_PAPERS / f"ict-{year}.txt").read_text(encoding="utf-8")
        start = next(_POLICIES.finditer(text)).start()
        (folder / f"ict-{year}.txt").write_text(text[start : start + _POLICY_CHARACTERS], encoding="utf-8")
    (folder / "corpus.toml").write_text(_catalogue("ict", editions))
    return [folder]


def _catalogue(name: str, editions: Iterable[int | str]) -> str:
    return "".join(
        f'[[document]]\nfile = "{name}-{year}.txt"\nseries = "{name}"\nedition = {year}\n' for year in editions
    )


def edited_address(folder: Path, address: Path) -> list[tuple[str, str]]:
    """Write an address and a copy with edited paragraphs as two editions; return questions with their states."""
    random_edit = random.Random(7)  # noqa: S311 - repeatable
    paragraphs = [line.strip() for line in address.read_text(encoding="utf-8").splitlines() if len(line.split()) > 25]
    edited = [_edited(text, random_edit) if number % 2 else text for number, text in enumerate(paragraphs)]
    for year, texts in ((2004, paragraphs), (2005, edited)):
        (folder / f"report-{year}.txt").write_text("\n\n".join([f"Report {year}", *texts]), encoding="utf-8")
    (folder / "corpus.toml").write_text(_catalogue("report", (2004, 2005)))
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
    by_pair: dict[tuple[str, ...], list[dict[str, str]]] = defaultdict(list)
    for line in JUDGED.read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        by_pair[question["set"], *map(str, question["editions"])].append(question)
    encoder = load(options.model)
    outcomes: dict[bool, Counter[tuple[str, str]]] = {True: Counter(), False: Counter()}
    with tempfile.TemporaryDirectory() as temporary:
        for (name, *years), questions in by_pair.items():
            folder = Path(temporary) / f"{name}-{years[0]}"
            folder.mkdir()
            build(folder / "index", plan(files_of(name, years, folder)), encoder)
            saved = [SavedQuestion(question["id"], question["question"]) for question in questions]
            result = watch(Library(folder / "index", encoder), saved)
            for question, watched in zip(questions, result.questions, strict=True):
                is_fitted = question["id"] <= LAST_FITTED
                outcomes[is_fitted][question["expected"], watched.state] += 1
                if options.verbose and watched.state != question["expected"]:
                    print(f"{watched.id} {watched.state}, expected {question['expected']}: {watched.text}")
        folder = Path(temporary) / "edited"
        folder.mkdir()
        asked = edited_address(folder, next(ADDRESSES.glob("2004_*.txt")))
        build(Path(temporary) / "edited-index", plan([folder]), encoder)
        library = Library(Path(temporary) / "edited-index", encoder)
        result = watch(library, [SavedQuestion(str(number), text) for number, (_, text) in enumerate(asked)])
    _report("judged by hand, thresholds chosen by them", outcomes[True])
    _report("judged by hand, unseen", outcomes[False])
    generated: Counter[tuple[str, str]] = Counter(
        (expected, own.state) for (expected, _), own in zip(asked, result.questions, strict=True)
    )
    _report("edited by rules", generated)
    reported = [*outcomes[True], *outcomes[False], *generated]
    return int(any(state == "unchanged" != expected for expected, state in reported))


def _report(name: str, outcomes: Counter[tuple[str, str]]) -> None:
    right = sum(count for (expected, state), count in outcomes.items() if expected == state)
    wrongly = sum(count for (expected, state), count in outcomes.items() if state == "unchanged" != expected)
    for (expected, state), count in sorted(outcomes.items()):
        print(f"{expected:12} reported as {state:12} {count}")
    print(f"{name}: {right} right of {outcomes.total()}; wrongly unchanged: {wrongly}")


if __name__ == "__main__":
    raise SystemExit(main())
