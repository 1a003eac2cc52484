"""Writes tests/data/golden/answers.json: answers about the sample documents, to compare later answers with.

    python -m tests.benchmarks.golden [--check]

Run it when an answer is meant to change, and review the difference before you commit it. `--check` only reports
differences. The questions are those of the samples and those below; the file stores whether each is answered, the spans
of the sentences, the confidence, and the first passages with their scores.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import load
from qa.answering.library import Library
from qa.cli.index_location import SAMPLES
from tests.paths import ROOT

GOLDEN = ROOT / "tests" / "data" / "golden" / "answers.json"
MORE = (
    "What did Japan do about piracy in 2015?",
    "How did the number of pirate attacks change between 2016 and 2020?",
    "What does the 2020 digest say about the oceans?",
    "How much official aid was given to Africa?",
    "Which ships patrolled the Gulf of Aden?",
    "Who won the football world cup?",
    "宇宙ステーション",
    "UNMISS",
)
"""Years, a comparison, an edition, a paraphrase, an off-topic question, another script, an acronym."""

SCORE, CLOSE = 1e-4, 0.03
"""Tolerance of scores on a processor with the same 8-bit arithmetic, and on any other.

Without VNNI the weights of the model use 7 bits (`index.models.export`), and vectors differ slightly.
"""


def questions() -> list[str]:
    """Return all questions, in order."""
    lines = (SAMPLES / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [*(str(json.loads(line)["question"]) for line in lines), *MORE]


def answers_of(library: Library) -> list[dict[str, Any]]:
    """Return the answers as the golden file stores them."""
    answers = [library.ask(question) for question in questions()]
    return [
        {
            "question": answer.question,
            "answered": answer.answered,
            "confidence": round(answer.confidence, 4),
            "answer": [f"{part.passage}:{part.start}-{part.end}" for part in answer.sentences],
            "passages": {passage.hit.id: round(passage.hit.score, 5) for passage in answer.passages},
        }
        for answer in answers
    ]


def differences(golden: list[dict[str, Any]], now: list[dict[str, Any]], tolerance: float) -> list[str]:
    """Return a line per difference. The order counts where scores differ by more than the tolerance."""
    wrong: list[str] = []
    for old, new in zip(golden, now, strict=True):
        name = f'"{old["question"]}"'
        if old["question"] != new["question"]:
            wrong.append(f"{name} is now {new['question']!r}: regenerate the golden file")
            continue
        if abs(old["confidence"] - new["confidence"]) > 10 * tolerance:
            wrong.append(f"{name}: confidence {old['confidence']} is now {new['confidence']}")
        if tolerance == SCORE and (old["answered"], old["answer"]) != (new["answered"], new["answer"]):
            wrong.append(f"{name}: answered {old['answered']} {old['answer']}, now {new['answered']} {new['answer']}")
        before, after = old["passages"], new["passages"]
        moved = [item for item in before if item in after and abs(before[item] - after[item]) > tolerance]
        wrong += [f"{name}: {item} scores {before[item]}, now {after[item]}" for item in moved]
        last = min(before.values(), default=0.0)
        gone = [item for item, score in before.items() if item not in after and score > last + 2 * tolerance]
        wrong += [f"{name}: {item} is no longer among the first passages" for item in gone]
        order = [item for item in after if item in before]
        wrong += [
            f"{name}: {other} now ranks before {item}"
            for place, other in enumerate(order)
            for item in order[place + 1 :]
            if before[item] > before[other] + 2 * tolerance
        ]
    return wrong


def arithmetic() -> str:
    """Return the arithmetic of the model on this processor, which determines the tolerance of scores."""
    from index.models.export import multiplies_exactly

    return "int8" if multiplies_exactly() else "int7"


def main() -> None:
    """Write the file, or report differences."""
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder) / "index", plan([SAMPLES]), load())
        now = answers_of(Library(Path(folder) / "index", load))
    if "--check" in sys.argv:
        golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
        same = golden["arithmetic"] == arithmetic()
        wrong = differences(golden["answers"], now, SCORE if same else CLOSE)
        print("\n".join(wrong) or f"{len(now)} answers are unchanged")
        raise SystemExit(1 if wrong else 0)
    GOLDEN.parent.mkdir(exist_ok=True)
    written = json.dumps({"arithmetic": arithmetic(), "answers": now}, ensure_ascii=False, indent=1)
    GOLDEN.write_text(written + "\n", encoding="utf-8")
    print(f"{GOLDEN}: {len(now)} answers")


if __name__ == "__main__":
    main()
