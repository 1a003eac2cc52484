"""Reads files that were made worse, for as long as wished, and prints a row a kind of file: cases, refused, findings.

    python -m tests.benchmarks.fuzzing --minutes 60 [--seed 1] [--kinds pdf,docx] [--case 4711] [DATA]

A finding is any exception but those that the program reports, a span that is not exact, a character lost or twice, a
case of more than 20 s of work or 1.5 GB, or a process that dies. The cases run in a process of their own, which is
begun anew after each death; what was found is kept in build/fuzzing/, and `--case N` runs one case again.
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

from tests.paths import ROOT

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from corpus.errors import CorpusError
from corpus.ingest import plan, read
from corpus.readers.pdf import isolated
from qa.checking.draft import read as read_draft
from qa.checking.quotations import quotations
from qa.errors import JudgementError
from qa.evaluation.question_formats import inspect_columns
from qa.evaluation.questions import read_questions
from tests.factories import rendered_docx, rendered_html, rendered_pdf
from tests.factories.conservation import check_conservation, check_spans, document
from tests.factories.file_mutations import mutated
from tests.factories.outlined_texts import SMALL

FOUND = ROOT / "build" / "fuzzing"
SLOWEST = 20.0
MOST_MEMORY = 1.5
"""GB that a case may add to what the process had."""

LARGEST = 700_000
"""Bytes of a real file that is taken as a beginning: larger ones only make cases few."""

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

KINDS = ("text", "markdown", "html", "docx", "pdf", "beir", "catalogue", "questions", "draft")
Pool = dict[str, list[tuple[str, bytes]]]


def pool(data: Path) -> Pool:
    """What the cases begin with: by kind, pairs of a suffix and a file's bytes."""
    small = "\n\n".join(f"# {one.text}" if one.kind == "section" else one.text for one in SMALL.blocks)
    text = "\n\n".join(one.text for one in SMALL.blocks)
    found: Pool = {
        "text": [(".txt", text.encode(code)) for code in ("utf-8", "utf-16", "utf-32", "utf-8-sig", "utf-16-le")],
        "markdown": [(".md", small.encode())],
        "html": [(".html", rendered_html.render(SMALL))],
        "docx": [(".docx", rendered_docx.render(SMALL))],
        "pdf": [(".pdf", rendered_pdf.render(SMALL).data)],
        "beir": [(".jsonl", RECORDS)],
        "catalogue": [(".toml", CATALOGUE)],
        "questions": list(QUESTIONS.items()),
        "draft": [(".md", DRAFT), (".txt", DRAFT), (".docx", rendered_docx.render(SMALL))],
    }
    kinds = {".txt": "text", ".md": "markdown", ".html": "html", ".docx": "docx", ".pdf": "pdf"}
    for file in sorted(data.rglob("*")):
        if file.suffix in kinds and file.stat().st_size <= LARGEST:
            found[kinds[file.suffix]].append((file.suffix, file.read_bytes()))
            if file.suffix == ".docx":
                found["draft"].append((file.suffix, file.read_bytes()))
    return found


def case(number: int, seed: int, files: Pool, kinds: list[str]) -> tuple[str, str, bytes]:
    """Kind, suffix and bytes of a case; the same whenever the pool is."""
    draw = random.Random(f"{seed}/{number}")  # noqa: S311 - the same damage every time
    kind = draw.choice(kinds)
    suffix, data = draw.choice(files[kind])
    others = [one for other, one in files[kind] if other == suffix]
    for _ in range(draw.choice((1, 1, 2, 3))):
        data = mutated(suffix, data, others, draw)
    return kind, suffix, data


def attempt(kind: str, path: Path) -> None:
    """Read one case as the program does. Raises CorpusError or JudgementError where it is refused in words."""
    if kind == "questions":
        inspect_columns(path)
        read_questions(path)
    elif kind == "draft":
        draft = read_draft(path)
        for quoted in quotations(draft):
            assert draft.text[quoted.start : quoted.end] == quoted.text
    elif kind in ("beir", "catalogue"):
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
    """Write a case where it is read from."""
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
    """What became of a case ("read", "refused" or "finding"), and what was said."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.process_time()
    try:
        attempt(kind, path)
        result, said = "read", ""
    except (CorpusError, JudgementError) as error:
        result, said = "refused", str(error)
        if isolated.CRASHED in said:
            result = "finding"
        if "\n" in said or not said.strip():
            result, said = "finding", f"not one line: {said!r}"
    except Exception:  # noqa: BLE001 - whatever it is, is the finding
        result, said = "finding", traceback.format_exc()
    seconds = time.process_time() - begin
    unit = 2**30 if sys.platform == "darwin" else 2**20  # bytes there, kilobytes elsewhere
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / unit
    if result != "finding" and (seconds > SLOWEST or grown > MOST_MEMORY):
        result, said = "finding", f"{seconds:.1f} s, {grown:.2f} GB more"
    return result, said


def work(seed: int, first: int, kinds: list[str], data: Path) -> None:
    """Run cases from a number on, without end: a line of JSON before and after each."""
    resource.setrlimit(resource.RLIMIT_AS, (8 * 2**30, 8 * 2**30))
    folder = FOUND / f"run-{os.getpid()}"
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
    """The cases of one call, whatever number of processes they take."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.arguments = arguments
        self.counts: Counter[tuple[str, str]] = Counter()
        self.slowest: dict[str, float] = {}
        self.next = arguments.first

    def until(self, end: float) -> None:
        """Run to this time of the monotonic clock."""
        while time.monotonic() < end:
            command = [
                sys.executable,
                __file__,
                "--work",
                "--seed",
                str(self.arguments.seed),
                "--first",
                str(self.next),
            ]
            command += ["--kinds", self.arguments.kinds, str(self.arguments.data)]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
                self._follow(process, end)
                process.kill()

    def _follow(self, process: subprocess.Popen[str], end: float) -> None:
        lines: Queue[str] = Queue()

        def gather() -> None:
            for said in chain(process.stdout or (), [""]):
                lines.put(said)

        Thread(target=gather, daemon=True).start()
        running: dict[str, object] = {}
        patience = 3 * SLOWEST
        while time.monotonic() < end:
            line = ""
            try:
                line = lines.get(timeout=patience)
                what = f"died with {process.wait()}" if not line else ""
            except Empty:
                what = f"still running after {patience:.0f} s"
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
            kept = FOUND / f"seed{self.arguments.seed}-case{running.get('case')}.note"
            kept.write_text(f"{running}\n{said}\n", encoding="utf-8")
            if (path := Path(str(running.get("path")))).is_file():
                shutil.copy(path, kept.with_suffix(path.suffix))
            print(f"{kind} case {running.get('case')}: {said.strip().splitlines()[-1]}", flush=True)

    def table(self) -> None:
        """Print what became of the cases."""
        print(f"\n{'kind':<12}{'cases':>9}{'read':>9}{'refused':>9}{'findings':>10}{'slowest s':>11}")
        for kind in sorted({kind for kind, _ in self.counts}):
            read_, refused, found = (self.counts[kind, one] for one in ("read", "refused", "finding"))
            slowest = self.slowest.get(kind, 0.0)
            print(f"{kind:<12}{read_ + refused + found:>9,}{read_:>9,}{refused:>9,}{found:>10,}{slowest:>11.1f}")


def main(say: Callable[[str], None] = print) -> None:
    """Parse the arguments and do one of the three things."""
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
        shared = Path(os.environ.get("YEARBOOK_QA_DATA") or ROOT.parent / "shared")
        arguments.data = shared / "datasets" / "documents"
    FOUND.mkdir(parents=True, exist_ok=True)
    kinds = arguments.kinds.split(",")
    if unknown := [one for one in kinds if one not in KINDS]:
        parser.error(f"--kinds {unknown[0]}: known are {', '.join(KINDS)}; `pool` says what each begins with")
    if arguments.work:
        work(arguments.seed, arguments.first, kinds, arguments.data)
    elif arguments.case is not None:
        kind, suffix, content = case(arguments.case, arguments.seed, pool(arguments.data), kinds)
        path = place(kind, suffix, content, FOUND / "again")
        say(f"{kind}: {path}\n{': '.join(outcome(kind, path))}")
    else:
        run = Run(arguments)
        run.until(time.monotonic() + 60 * arguments.minutes)
        run.table()


if __name__ == "__main__":
    main()
