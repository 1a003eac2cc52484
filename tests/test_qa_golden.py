"""The same answers everywhere: as they were written down, and whatever the threads, the files' order and the locale."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from index.encoder import load
from qa.answer import Library
from qa.places import SAMPLES
from tests.benchmarks.golden import CLOSE, GOLDEN, SCORE, arithmetic, differences, found, questions

ROOT = Path(__file__).resolve().parent.parent
WRITTEN = json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_the_samples_are_answered_as_was_written_down(sample_index: Path) -> None:
    now = found(Library(sample_index, load))
    tolerance = SCORE if arithmetic() == WRITTEN["arithmetic"] else CLOSE
    wrong = differences(WRITTEN["answers"], now, tolerance)
    assert wrong == [], "meant? python -m tests.benchmarks.golden"


def test_the_golden_answers_hold_what_is_worth_holding() -> None:
    answers = WRITTEN["answers"]
    assert [one["question"] for one in answers] == questions()
    assert sum(one["answered"] for one in answers) >= 10
    assert any(not one["answered"] for one in answers)
    assert all(one["passages"] for one in answers)


@pytest.mark.parametrize("tolerance", [SCORE, CLOSE])
def test_each_kind_of_difference_is_seen(tolerance: float) -> None:
    golden = WRITTEN["answers"]
    assert differences(golden, copy.deepcopy(golden), tolerance) == []
    first, *others = golden[0]["passages"].items()
    changed = {
        "scores": {"passages": {first[0]: first[1] + 2 * tolerance, **dict(others)}},
        "no longer among the first": {"passages": {"boats@0-9": 1.0, **dict(others)}},
        "now stands before": {"passages": {**dict(reversed(others)), first[0]: first[1]}},
        "confidence": {"confidence": golden[0]["confidence"] + 11 * tolerance},
        "write the golden file anew": {"question": "Boats?"},
    }
    for says, change in changed.items():
        now = [{**golden[0], **change}, *golden[1:]]
        assert any(says in line for line in differences(golden, now, tolerance)), says


BUILT = """
import json, os, sys
threads = int(sys.argv[2])
os.cpu_count = lambda: threads
from pathlib import Path
from corpus.load import plan
from index.build import build
from index.encoder import load
from qa.answer import Library
from qa.jsonform import answer_json
build(Path(sys.argv[1]), plan([Path(one) for one in sys.argv[3:]]), load())
library = Library(Path(sys.argv[1]), load)
index = library.index
rows = [index.document(one.id) for one in sorted(index.documents, key=lambda one: one.id)]
print(json.dumps([
    [[one.id, one.sha256, len(one.text)] for one in rows],
    [answer_json(library.ask(question)) for question in ("Which ships patrolled?", "How strong was the police?")],
], sort_keys=True))
"""


def built(folder: Path, threads: int, files: list[Path], **environment: str) -> str:
    """What an index says that is made of these files, by a process of its own."""
    command = [sys.executable, "-c", BUILT, str(folder), str(threads), *map(str, files)]
    inherited = {name: value for name, value in os.environ.items() if name not in {"LANG", "LANGUAGE"}}
    whole = {**inherited, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(command, env=whole, check=True, capture_output=True, encoding="utf-8").stdout


def test_threads_order_of_files_locale_and_hash_seed_change_no_answer(tmp_path: Path) -> None:
    texts = [SAMPLES / "digest-whitepaper-2016.txt"]
    for name, said in (("ärger-2015.txt", "The Straße was patrolled by ships."), ("IĞDIR-2016.txt", "Police ships.")):
        file = tmp_path / name
        file.write_text(f"Harbour Report\n\n1. Patrols\n\n{said}\n", encoding="utf-8")
        texts.append(file)
    one = built(tmp_path / "one", 1, texts, LC_ALL="C", PYTHONHASHSEED="1", TZ="UTC")
    other = built(tmp_path / "other", 3, texts[::-1], LC_ALL="C.UTF-8", PYTHONHASHSEED="2", TZ="Asia/Tokyo")
    assert json.loads(one) == json.loads(other)
    assert len(json.loads(one)[0]) == 3
