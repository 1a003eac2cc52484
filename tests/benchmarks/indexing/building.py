"""Measure builds: passages per second, peak memory and its growth, and the cost of updates and an interruption.

    python -m tests.benchmarks.indexing.building [--largest 100000] [--model]
    python -m tests.benchmarks.indexing.building --updates [--largest 100000]

The encoder costs next to nothing, so that everything else shows; `--model` adds the default model on a small corpus.
Each build runs in its own process, but for `--updates`, which adds a document to and removes it from indexes of up to
`--largest` documents, relative to indexing it alone, and asks questions before and after a hundred additions. Texts are
words drawn from a Zipf distribution.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import Vectors
from index.models.model_store import Precision
from qa.answering.library import Library

DIMENSION = 384
TURNS = 5
MANY = 100
"""Small updates in a row."""


class QuickEncoder:
    """An encoder that hashes whole texts, in some 10 microseconds each; no two vectors are near each other."""

    dimension, max_tokens, special_tokens = DIMENSION, 256, 2
    name = fingerprint = "quick"
    precision: Precision = "fp32"
    sentence_encoder: None = None

    def __init__(self) -> None:
        self.encoded = 0

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [text.count(" ") + 1 for text in texts]

    def encode(
        self, texts: Sequence[str], *, query: bool = False, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        self.encoded += 0 if query else len(texts)
        hashed = b"".join(hashlib.shake_128(text.encode()).digest(DIMENSION) for text in texts)
        vectors = np.frombuffer(hashed, dtype=np.int8).reshape(-1, DIMENSION).astype(np.float32) + 0.5
        if progress is not None:
            progress(len(texts))
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


def sentences(seed: int) -> Iterator[str]:
    """Yield sentences of 8 to 20 words, endlessly."""
    chance = random.Random(seed)  # noqa: S311  # nothing is kept secret by it
    words = [f"{chr(97 + n % 26)}o{n:x}" for n in range(30_000)]
    weights = list(np.cumsum([1 / (n + 2) for n in range(len(words))]))
    while True:
        yield " ".join(chance.choices(words, cum_weights=weights, k=chance.randint(8, 20))).capitalize() + "."


def write_records(path: Path, count: int) -> None:
    """Write a BEIR corpus whose records are one passage each."""
    source = sentences(count)
    with path.open("w", encoding="utf-8") as stream:
        for number in range(count):
            text = " ".join(next(source) for _ in range(6))
            stream.write(json.dumps({"_id": f"r{number}", "title": f"Record {number}", "text": text}) + "\n")


def write_files(folder: Path, count: int, paragraphs: int, seed: int = 1) -> None:
    """Write text files whose paragraphs are one passage each."""
    source = sentences(seed)
    folder.mkdir(parents=True)
    for number in range(count):
        body = "\n\n".join(" ".join(next(source) for _ in range(8)) for _ in range(paragraphs))
        text = f"Report {seed}-{number}\n\n1. Chapter {number}\n\n{body}\n"
        (folder / f"report-{seed}-{number}.txt").write_text(text, encoding="utf-8")


_CHILD = """
import json, resource, sys, time
from pathlib import Path
from corpus.ingest import plan
from index.building.build import build
from tests.benchmarks.indexing.building import QuickEncoder
import index.models.encoder
index_folder, corpus, model = sys.argv[1:4]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
encoder = QuickEncoder() if model == "quick" else index.models.encoder.load()
encoder.encode(["warm", "up"])
began = time.perf_counter()
used = time.process_time()
report = build(Path(index_folder), plan([Path(corpus)]), encoder)
seconds, used = time.perf_counter() - began, time.process_time() - used
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"seconds": seconds, "processor": used, "peak": peak, "before": before, "passages": report.passages,
                  "embedded": report.embedded, "resumed": report.resumed}))
"""


def child(index: Path, corpus: Path, model: str = "quick") -> list[str]:
    """Return the command that builds and prints the costs."""
    return [sys.executable, "-c", _CHILD, str(index), str(corpus), model]


def built(index: Path, corpus: Path, model: str = "quick") -> dict[str, float]:
    """Build in a new process; return seconds, peak memory in kB (bytes on macOS) and passages."""
    done = subprocess.run(child(index, corpus, model), stdout=subprocess.PIPE, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    unit = 1 if sys.platform == "darwin" else 1024
    return result | {name: result[name] * unit / 1e6 for name in ("peak", "before")}


def size(folder: Path) -> int:
    """Return the bytes of the files under a folder, counting hard links once."""
    files = {(path.stat().st_ino, path.stat().st_size) for path in folder.rglob("*") if path.is_file()}
    return sum(length for _, length in files)


def growth(folder: Path, largest: int) -> None:
    """Measure build rate and peak memory at growing sizes."""
    print(
        f"{'passages':>9} {'seconds':>8} {'processor':>9} {'passages/s':>10} {'peak MB':>8} {'of it loading':>13} "
        f"{'MB on disk':>10}"
    )
    rows = []
    count = 1000
    while count <= largest:
        corpus = folder / f"records-{count}"
        corpus.mkdir()
        write_records(corpus / "corpus.jsonl", count)
        result = built(folder / f"index-{count}", corpus)
        rows.append(result)
        on_disk = size(folder / f"index-{count}") / 1e6
        print(
            f"{result['passages']:>9,.0f} {result['seconds']:>8.1f} {result['processor']:>9.1f} "
            f"{result['passages'] / result['seconds']:>10,.0f} "
            f"{result['peak']:>8.0f} {result['before']:>13.0f} {on_disk:>10.1f}"
        )
        count *= 10
    if len(rows) > 1:
        steps = math.log(rows[-1]["passages"] / rows[-2]["passages"])
        for what, name in (("time", "seconds"), ("processor time", "processor"), ("memory", "peak")):
            print(f"growth exponent of {what}, last step: {math.log(rows[-1][name] / rows[-2][name]) / steps:.2f}")


def adding(folder: Path, model: str, documents: int, paragraphs: int = 10) -> None:
    """Compare adding one document to many with indexing it alone, alternately."""
    corpus, index = folder / "many", folder / "index-many"
    write_files(corpus, documents, paragraphs)
    built(index, corpus, "quick" if model == "quick" else model)
    before = size(index)
    added, alone, written = [], [], []
    for turn in range(TURNS):
        one = folder / f"one-{turn}"
        write_files(one, 1, paragraphs, seed=100 + turn)
        shutil.rmtree(folder / "index-one", ignore_errors=True)
        alone.append(built(folder / "index-one", one, model)["seconds"])
        added.append(built(index, one, model)["seconds"])
        written.append(size(index) - before)
        before = size(index)
    print(
        f"one document of {paragraphs} passages added to {documents:,} ({model}): "
        f"{statistics.median(added) * 1000:,.0f} ms, alone {statistics.median(alone) * 1000:,.0f} ms, "
        f"ratio {statistics.median(added) / statistics.median(alone):.2f}; the index grew by "
        f"{statistics.median(written) / 1000:,.0f} kB, it has {before / 1e6:,.1f} MB"
    )


def interrupted(folder: Path, count: int) -> None:
    """Compare a build that was killed halfway and resumed with an undisturbed one."""
    corpus = folder / f"records-{count}"
    if not corpus.exists():
        corpus.mkdir()
        write_records(corpus / "corpus.jsonl", count)
    whole = built(folder / "index-whole", corpus)
    began = time.perf_counter()
    process = subprocess.Popen(child(folder / "index-killed", corpus), stdout=subprocess.DEVNULL)
    time.sleep(0.7 * whole["seconds"])
    process.kill()
    process.wait()
    first = time.perf_counter() - began
    rest = built(folder / "index-killed", corpus)
    print(
        f"{count:,} passages in one go {whole['seconds']:.1f} s; killed after {first:.1f} s, then gone on with in "
        f"{rest['seconds']:.1f} s: {rest['resumed']:,.0f} passages were there already"
    )


def updates(folder: Path, largest: int) -> None:
    """Measure one document added to and removed from indexes of growing size, and questions after many additions.

    In one process, so that its start does not hide the cost. Processor time, which other work does not affect.
    """
    encoder = QuickEncoder()
    names = ("documents", "alone ms", "added ms", "ratio", "removed ms", "ratio", "kB written")
    print("".join(f"{name:>11}" for name in names))
    for count in (10**power for power in range(3, len(str(largest)))):
        corpus, index = folder / f"records-{count}", folder / f"index-{count}"
        corpus.mkdir(parents=True)
        write_records(corpus / "corpus.jsonl", count)
        build(index, plan([corpus]), encoder)
        alone, added, removed, written = [], [], [], []
        for turn in range(TURNS):
            one = folder / f"one-{count}-{turn}"
            write_files(one, 1, 10, seed=100 + turn)
            with tempfile.TemporaryDirectory() as temporary:
                alone.append(_processor_time(lambda: build(Path(temporary) / "index", plan([one]), encoder)))  # noqa: B023
            before = size(index)
            added.append(_processor_time(lambda: build(index, plan([one]), encoder)))  # noqa: B023
            written.append(size(index) - before)
            name = f"report-{100 + turn}-0"
            removed.append(_processor_time(lambda: build(index, plan([]), encoder, remove=[name])))  # noqa: B023
        middle = [statistics.median(some) for some in (alone, added, removed)]
        figures = (count, 1000 * middle[0], 1000 * middle[1], 1000 * middle[2], statistics.median(written) / 1000)
        docs, ours, adding_one, removing_one, kilobytes = (f"{figure:>11,.0f}" for figure in figures)
        ratios = [f"{middle[place] / middle[0]:>11.2f}" for place in (1, 2)]
        print(docs + ours + adding_one + ratios[0] + removing_one + ratios[1] + kilobytes)
        asked = list(islice(sentences(7), 100))
        quick = _question_time(index, asked, encoder)
        for turn in range(MANY):
            one = folder / f"small-{count}-{turn}"
            write_files(one, 1, 1, seed=1000 + turn)
            build(index, plan([one]), encoder)
        slow = _question_time(index, asked, encoder)
        print(f"a question before and after {MANY} additions: {quick:.1f}, {slow:.1f} ms, ratio {slow / quick:.2f}")


def _processor_time(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _question_time(folder: Path, asked: Sequence[str], encoder: QuickEncoder) -> float:
    """Return the median processor time of a question in milliseconds."""
    library = Library(folder, encoder)
    for question in asked[:20]:
        library.ask(question)
    return 1000 * statistics.median(_processor_time(lambda: library.ask(question)) for question in asked)  # noqa: B023


def main() -> None:
    """Print all measurements."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--largest", type=int, default=100_000)
    parser.add_argument("--updates", action="store_true", help="only the cost of updates")
    parser.add_argument("--model", action="store_true", help="the default model, too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="building-") as name:
        folder = Path(name)
        if options.updates:
            updates(folder, options.largest)
            return
        adding(folder / "quick", "quick", 1000)
        growth(folder, options.largest)
        interrupted(folder, options.largest)
        if options.model:
            adding(folder / "model", "model", 100)


if __name__ == "__main__":
    main()
