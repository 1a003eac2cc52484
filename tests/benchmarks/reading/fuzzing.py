"""Reads mutated files for a given time and prints a row per kind: cases, read, rejected, findings, slowest.

    python -m tests.benchmarks.reading.fuzzing --minutes 60 [--seed 1] [--kinds pdf,docx] [--case 4711] [DATA]

A finding is an exception other than the program's own errors, a wrong span, a character lost or duplicated, a case that
takes more than 20 s or 1.5 GB, or a crash of the process. The cases run in a child process that is restarted after a
crash. Findings are saved in build/fuzzing/; `--case N` repeats one case.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

from corpus.errors import CorpusError
from corpus.ingest import plan, read
from corpus.readers.pdf import isolated
from corpus.readers.registry import FORMATS
from qa.checking.draft import find_quotations
from qa.checking.draft import read as read_draft
from qa.errors import JudgementError
from qa.evaluation.question_formats import inspect_columns
from qa.evaluation.questions import read_questions
from tests.factories.file_mutations import mutate
from tests.factories.outlined_texts import SMALL
from tests.factories.rendered.formats import RENDERERS
from tests.factories.rendered.sheets import pack
from tests.invariants import check_conservation, check_spans, document
from tests.paths import DATA, ROOT

FINDINGS = ROOT / "build" / "fuzzing"
MAX_SECONDS = 20.0
MAX_MEMORY = 1.5
"""Memory in GB that a case may add to the process."""

MAX_SEED_SIZE = 700_000
"""Bytes of a real file that is mutated; larger ones only make cases slow."""

CATALOGUE = b"""[defaults]
series = "Harbour Report"
publisher = "Port Office"
language = "en"
edition_from = '(\\d{4})'

[[document]]
file = "a.txt"
id = "a-2016"
title = "Harbour Report 2016"
edition = 2016
covers = [2014, 2015]
published = 2016-04-01
part = "Chapter 1"
url = "https://example.org/a"

[[document]]
file = "**/*.txt"
covers = 2015
"""
QUESTIONS = {
    ".jsonl": b'{"id": "a", "question": "How many boats came in 2015?", "type": "factoid", "answer": "21 000", '
    b'"evidence": [{"doc": "a", "quote": "21 000 boats"}], "filters": {"edition": ["2014..2016"]}}\n'
    b'{"_id": 7, "text": "Who dredged?", "passages": ["a@0-12"], "filters": {"series": "Harbour Report"}}\n'
    b'{"query": "What of nets?", "evidence": [], "other": {"deep": [1, 2.5, null, true]}}\n',
    ".csv": b'id,question,doc,quote,filters,answer\na,"How many boats, in 2015?",a,"21 000 boats","{""covers"": 2015}",'
    b'x\nb,"Who\ndredged?",,,,\n',
    ".tsv": b"id\tquestion\tpassages\tevidence\na\tWho dredged?\ta@0-12; b@3-9\t[]\n",
    ".txt": b"How many boats came in 2015?\n\nWho dredged the quay?\n",
}
RECORDS = (
    b'{"_id": "1", "title": "Boats", "text": "Boats sailed in 2015. Nets dried.", "metadata": {"a": [1]}}\n'
    b'{"_id": 2, "title": "", "text": "The quay was dredged.\\r\\nTwice."}\n'
)
DRAFT = (
    '# Draft\n\nAs \u201cthe boats sailed in spring\u201d (Harbour Report 2016), "nets ... dried", \u00abquay\u00bb.\n'
    "\n> A block quote of the harbour,\n> in two lines.\n\nThe port saw 21 000 boats (Harbour Report 2020).\n"
).encode()

FORMAT_KINDS = {
    suffix: file_format.name for file_format in FORMATS if not file_format.converted for suffix in file_format.suffixes
}
KINDS = (*dict.fromkeys(FORMAT_KINDS.values()), "archive", "beir", "catalogue", "questions", "draft")
Pool = dict[str, list[tuple[str, bytes]]]


def pool(data: Path) -> Pool:
    """Return the files to mutate: by kind, pairs of a suffix and the bytes of a file."""
    seeds: Pool = {kind: [] for kind in KINDS} | {
        "beir": [(".jsonl", RECORDS)],
        "catalogue": [(".toml", CATALOGUE)],
        "questions": list(QUESTIONS.items()),
        "draft": [(".md", DRAFT), (".txt", DRAFT)],
    }
    text = RENDERERS[".txt"](SMALL).decode()
    seeds["text"] += [(".txt", text.encode(code)) for code in ("utf-16", "utf-32", "utf-8-sig", "utf-16-le")]
    files = [(suffix, render(SMALL)) for suffix, render in RENDERERS.items()]
    real = [file for file in sorted(data.rglob("*")) if file.suffix in FORMAT_KINDS]
    files += [(file.suffix, file.read_bytes()) for file in real if file.stat().st_size <= MAX_SEED_SIZE]
    for suffix, content in files:
        seeds[FORMAT_KINDS[suffix]].append((suffix, content))
        if suffix == ".docx":
            seeds["draft"].append((suffix, content))
    members = {
        f"2016/{suffix[1:]}{suffix}": RENDERERS[suffix](SMALL) for suffix in (".txt", ".html", ".docx", ".xlsx", ".csv")
    }
    seeds["archive"] = [(".zip", pack(members)), (".zip", pack({"corpus.toml": CATALOGUE, "a.txt": text}))]
    return seeds


def case(number: int, seed: int, files: Pool, kinds: list[str]) -> tuple[str, str, bytes]:
    """Return the kind, suffix and bytes of a case, determined by its number, the seed and the pool."""
    draw = random.Random(f"{seed}/{number}")  # noqa: S311 - the same damage every time
    kind = draw.choice(kinds)
    suffix, data = draw.choice(files[kind])
    others = [item for other, item in files[kind] if other == suffix]
    for _ in range(draw.choice((1, 1, 2, 3))):
        data = mutate(suffix, data, others, draw)
    return kind, suffix, data


def attempt(kind: str, path: Path) -> None:
    """Read one case as the program does. Raises CorpusError or JudgementError if it is rejected."""
    if kind == "questions":
        inspect_columns(path)
        read_questions(path)
    elif kind == "draft":
        draft = read_draft(path)
        for quoted in find_quotations(draft):
            assert draft.text[quoted.start : quoted.end] == quoted.text
    elif kind in ("archive", "beir", "catalogue"):
        planned = plan([path.parent])
        for source in planned.sources:
            one = read(source)
            check_spans(one)
        if not planned.sources and planned.unread:
            raise CorpusError(planned.unread[0].reason)
    else:
        one = document(path, path.read_bytes())
        check_conservation(one)
        check_spans(one)


def place(kind: str, suffix: str, data: bytes, folder: Path) -> Path:
    """Write a case to the folder from which it is read."""
    names = {"beir": "corpus.jsonl", "catalogue": "corpus.toml"}
    home = folder / kind
    (home / "deep").mkdir(parents=True, exist_ok=True)
    if kind == "catalogue":
        for name in ("a.txt", "b-2017.txt", "deep/c.txt"):
            (home / name).write_text("Boats sailed in 2015. Nets dried.\n", encoding="utf-8")
    path = home / names.get(kind, f"case{suffix}")
    path.write_bytes(data)
    return path


def outcome(kind: str, path: Path) -> tuple[str, str]:
    """Return "read", "rejected" or "finding", and the message."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.process_time()
    try:
        attempt(kind, path)
        result, said = "read", ""
    except (CorpusError, JudgementError) as error:
        result, said = "rejected", str(error)
        if isolated.CRASHED in said:
            result = "finding"
        if "\n" in said or not said.strip():
            result, said = "finding", f"not one line: {said!r}"
    except Exception:  # noqa: BLE001 - any other exception is a finding
        result, said = "finding", traceback.format_exc()
    seconds = time.process_time() - begin
    unit = 2**30 if sys.platform == "darwin" else 2**20  # bytes there, kilobytes elsewhere
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / unit
    if result != "finding" and (seconds > MAX_SECONDS or grown > MAX_MEMORY):
        result, said = "finding", f"took {seconds:.1f} s and {grown:.2f} GB"
    return result, said


def work(seed: int, first: int, kinds: list[str], data: Path) -> None:
    """Run cases from a number on until killed, and print a line of JSON before and after each."""
    resource.setrlimit(resource.RLIMIT_AS, (8 * 2**30, 8 * 2**30))
    folder = FINDINGS / f"run-{os.getpid()}"
    files = pool(data)
    number = first
    while True:
        kind, suffix, content = case(number, seed, files, kinds)
        path = place(kind, suffix, content, folder)
        print(json.dumps({"case": number, "kind": kind, "path": str(path)}), flush=True)
        begin = time.perf_counter()
        result, said = outcome(kind, path)
        done = {"case": number, "outcome": result, "said": said, "seconds": time.perf_counter() - begin}
        print(json.dumps(done), flush=True)
        number += 1


class Run:
    """Runs cases in child processes and counts their outcomes."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.arguments = arguments
        self.counts: Counter[tuple[str, str]] = Counter()
        self.slowest: dict[str, float] = {}
        self.next = arguments.first

    def until(self, end: float) -> None:
        """Run until this time of the monotonic clock."""
        while time.monotonic() < end:
            options = {"--seed": self.arguments.seed, "--first": self.next, "--kinds": self.arguments.kinds}
            command = [sys.executable, "-m", "tests.benchmarks.reading.fuzzing", "--work", str(self.arguments.data)]
            command += [str(part) for option in options.items() for part in option]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
                self._follow(process, end)
                process.kill()

    def _follow(self, process: subprocess.Popen[str], end: float) -> None:
        lines: Queue[str] = Queue()

        def gather() -> None:
            for said in chain(process.stdout or (), [""]):
                lines.put(said)

        Thread(target=gather, daemon=True).start()
        running: dict[str, object] = {}
        timeout = 3 * MAX_SECONDS
        while time.monotonic() < end:
            line = ""
            try:
                line = lines.get(timeout=timeout)
                what = f"died with {process.wait()}" if not line else ""
            except Empty:
                what = f"still running after {timeout:.0f} s"
            if what:
                self._note(str(running.get("kind", "?")), "finding", what, running)
                self.next = int(str(running.get("case", self.next))) + 1
                return
            said = json.loads(line)
            if "path" in said:
                running = said
                continue
            kind = str(running["kind"])
            self.slowest[kind] = max(self.slowest.get(kind, 0.0), said["seconds"])
            self._note(kind, said["outcome"], said["said"], running)
            self.next = said["case"] + 1

    def _note(self, kind: str, result: str, said: str, running: dict[str, object]) -> None:
        self.counts[kind, result] += 1
        if result == "finding":
            kept = FINDINGS / f"seed{self.arguments.seed}-case{running.get('case')}.note"
            kept.write_text(f"{running}\n{said}\n", encoding="utf-8")
            if (path := Path(str(running.get("path")))).is_file():
                shutil.copy(path, kept.with_suffix(path.suffix))
            print(f"{kind} case {running.get('case')}: {said.strip().splitlines()[-1]}", flush=True)

    def table(self) -> None:
        """Print the outcomes by kind."""
        print(f"\n{'kind':<12}{'cases':>9}{'read':>9}{'rejected':>9}{'findings':>10}{'slowest s':>11}")
        for kind in sorted({kind for kind, _ in self.counts}):
            read_, refused, result = (self.counts[kind, item] for item in ("read", "rejected", "finding"))
            slowest = self.slowest.get(kind, 0.0)
            print(f"{kind:<12}{read_ + refused + result:>9,}{read_:>9,}{refused:>9,}{result:>10,}{slowest:>11.1f}")


def main(say: Callable[[str], None] = print) -> None:
    """Run cases, repeat one case, or (`--work`) be the child process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", type=Path)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--case", type=int)
    parser.add_argument("--work", action="store_true")
    arguments = parser.parse_args()
    if arguments.data is None:
        arguments.data = DATA / "datasets" / "documents"
    FINDINGS.mkdir(parents=True, exist_ok=True)
    kinds = arguments.kinds.split(",")
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        parser.error(f"--kinds {unknown[0]}: must be of {', '.join(KINDS)}")
    if arguments.work:
        work(arguments.seed, arguments.first, kinds, arguments.data)
    elif arguments.case is not None:
        kind, suffix, content = case(arguments.case, arguments.seed, pool(arguments.data), kinds)
        path = place(kind, suffix, content, FINDINGS / "again")
        say(f"{kind}: {path}\n{': '.join(outcome(kind, path))}")
    else:
        run = Run(arguments)
        run.until(time.monotonic() + 60 * arguments.minutes)
        run.table()


if __name__ == "__main__":
    main()
