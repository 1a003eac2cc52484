"""The same answers everywhere: as they were written down, and whatever the threads, the files' order and the locale."""

from __future__ import annotations

import copy
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index.models.encoder import load
from qa.answering.library import Library
from qa.cli.index_location import SAMPLES
from tests.benchmarks.golden import CLOSE, GOLDEN, SCORE, answers_of, arithmetic, differences, questions
from tests.paths import ROOT

WRITTEN = json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_the_samples_are_answered_as_in_the_golden_file(sample_index: Path) -> None:
    now = answers_of(Library(sample_index, load))
    tolerance = SCORE if arithmetic() == WRITTEN["arithmetic"] else CLOSE
    wrong = differences(WRITTEN["answers"], now, tolerance)
    assert wrong == [], "meant? python -m tests.benchmarks.golden"


def test_the_golden_answers_cover_answered_and_refused_questions() -> None:
    answers = WRITTEN["answers"]
    assert [one["question"] for one in answers] == questions()
    assert sum(one["answered"] for one in answers) >= 10
    assert any(not one["answered"] for one in answers)
    assert all(one["passages"] for one in answers)


@pytest.mark.parametrize("tolerance", [SCORE, CLOSE])
def test_each_kind_of_difference_is_detected(tolerance: float) -> None:
    golden = WRITTEN["answers"]
    assert differences(golden, copy.deepcopy(golden), tolerance) == []
    first, *others = golden[0]["passages"].items()
    changed = {
        "scores": {"passages": {first[0]: first[1] + 2 * tolerance, **dict(others)}},
        "no longer among the first passages": {"passages": {"boats@0-9": 1.0, **dict(others)}},
        "now ranks before": {"passages": {**dict(reversed(others)), first[0]: first[1]}},
        "confidence": {"confidence": golden[0]["confidence"] + 11 * tolerance},
        "regenerate the golden file": {"question": "Boats?"},
    }
    for says, change in changed.items():
        now = [{**golden[0], **change}, *golden[1:]]
        assert any(says in line for line in differences(golden, now, tolerance)), says


BUILT = """
import hashlib, json, locale, os, sys
threads = int(sys.argv[2])
os.cpu_count = lambda: threads
from pathlib import Path
import numpy as np
from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import load
from qa.answering.library import Library
from qa.output.json_objects import answer_json
locale.setlocale(locale.LC_ALL, "")  # as programs do that this one is part of
build(Path(sys.argv[1]), plan([Path(one) for one in sys.argv[3:]]), load())
library = Library(Path(sys.argv[1]), load)
index = library.index
documents = [index.document(one.id) for one in index.documents]
numbers = [number for number, _ in index.records.rows()]
passages = sorted(index.records.passages(numbers), key=lambda one: one.passage.id)
print(json.dumps([
    [[one.id, one.sha256, len(one.text), one.title] for one in documents],
    [[one.passage.id, one.terms] for one in passages],
    hashlib.sha256(index.passage_vectors([one.row for one in passages])).hexdigest(),
    hashlib.sha256(index.sentence_vectors([row for one in passages for row in one.sentence_rows])).hexdigest(),
    [answer_json(library.ask(question)) for question in ("Which ships patrolled?", "How strong was the police?")],
    locale.localeconv()["decimal_point"],
], sort_keys=True))
"""


def built(folder: Path, threads: int, files: list[Path], **environment: str) -> list[object]:
    """What an index says that is made of these files, by a process of its own; last, the point of decimal numbers."""
    command = [sys.executable, "-c", BUILT, str(folder), str(threads), *map(str, files)]
    inherited = {name: value for name, value in os.environ.items() if name not in {"LANG", "LANGUAGE"}}
    several = {name: str(threads) for name in ("OMP_NUM_THREADS", "RAYON_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    whole = {**inherited, **several, "PYTHONPATH": str(ROOT), **environment}
    done = subprocess.run(command, env=whole, check=True, capture_output=True, encoding="utf-8")
    found: list[object] = json.loads(done.stdout)
    return found


def turkish(folder: Path) -> dict[str, str]:
    """The environment of a Turkish user, whose i is no small I and who writes 0,5; else, that of another one."""
    command = ["localedef", "-i", "tr_TR", "-f", "UTF-8", str(folder / "tr_TR.UTF-8")]
    if shutil.which("localedef") and not subprocess.run(command, capture_output=True, check=False).returncode:
        return {"LC_ALL": "tr_TR.UTF-8", "LOCPATH": str(folder)}
    return {"LC_ALL": "C.UTF-8"}


@pytest.mark.long
def test_threads_order_of_files_locale_and_hash_seed_change_no_answer(tmp_path: Path) -> None:
    texts = [SAMPLES / "digest-whitepaper-2016.txt"]
    for name, said in (("ärger-2015.txt", "The Straße was patrolled by ships."), ("IĞDIR-2016.txt", "Police ships.")):
        file = tmp_path / name
        file.write_text(f"Harbour Report\n\n1. Patrols\n\n{said}\n", encoding="utf-8")
        texts.append(file)
    other_user = turkish(tmp_path)
    *one, _ = built(tmp_path / "one", 1, texts, LC_ALL="C", PYTHONHASHSEED="1", TZ="UTC")
    *other, point = built(tmp_path / "other", 3, texts[::-1], PYTHONHASHSEED="2", TZ="Asia/Tokyo", **other_user)
    assert point == ("," if "LOCPATH" in other_user else ".")
    assert one == other
    assert isinstance(one[0], list)
    assert len(one[0]) == 3
