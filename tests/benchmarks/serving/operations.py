"""Count what a question, a comparison and an update cost, in operations that do not depend on the machine.

    python -m tests.benchmarks.serving.operations [--write]

Counts SQL statements and steps of SQLite's machine (in thousands), vectors scored, and calls and texts of the model, on
the samples with a small encoder, and prints them beside the recorded ones (`--write` records them). The exit code is 1
where a count exceeds LIMIT times the recorded one.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import Vectors
from index.ranking import scoring
from index.storage import vector_files
from qa.answering.library import Library
from qa.cli.index_location import SAMPLES
from tests.factories.encoders import HashEncoder
from tests.paths import TESTS

BASELINE = TESTS / "data" / "operations.json"
LIMIT = 1.3
Counts = dict[str, dict[str, float]]


class _CountingEncoder(HashEncoder):
    """An encoder that counts."""

    def __init__(self, counts: Counter[str]) -> None:
        super().__init__()
        self._counts = counts

    def encode(
        self, texts: Sequence[str], *, query: bool = False, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        self._counts["model calls"] += 1
        self._counts["texts encoded"] += len(texts)
        return super().encode(texts, query=query, progress=progress)


@contextmanager
def _counting(library: Library, counts: Counter[str]) -> Iterator[None]:
    """Count the operations of a library while the context lasts."""
    connection = library.index.records._connection
    original = vector_files.products

    def products(vectors: Vectors, vector: Vectors) -> Vectors:
        counts["vectors scored"] += len(vectors)
        return original(vectors, vector)

    connection.set_trace_callback(lambda _: counts.update(["SQL statements"]))
    connection.set_progress_handler(lambda: counts.update(["thousand SQL steps"]), 1000)
    with patch.object(vector_files, "products", products), patch.object(scoring, "products", products):
        yield
    connection.set_trace_callback(None)
    connection.set_progress_handler(None, 0)


def measure(folder: Path) -> Counts:
    """Return the counts per question, of a comparison, and of adding one document of three."""
    counts: Counter[str] = Counter()
    encoder = _CountingEncoder(counts)
    corpus = folder / "corpus"
    corpus.mkdir()
    files = sorted(SAMPLES.glob("*.txt"))
    for file in files[1:]:
        shutil.copy(file, corpus)
    build(folder / "index", plan([corpus]), encoder)
    counts.clear()
    shutil.copy(files[0], corpus)
    build(folder / "index", plan([corpus]), encoder)
    result: Counts = {"adding a document": dict(counts)}

    library = Library(folder / "index", encoder)
    lines = (SAMPLES / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines if line.strip()]
    for name, run in (
        ("question", lambda: [library.ask(question) for question in questions]),
        ("comparison", lambda: [library.compare("piracy")]),
    ):
        counts.clear()
        with _counting(library, counts):
            times = len(run())
        result[name] = {key: round(count / times, 2) for key, count in sorted(counts.items())}
    return result


def excesses(counts: Counts, baseline: Counts) -> list[str]:
    """Describe each count that exceeds LIMIT times the recorded one; a count that was not recorded does."""
    return [
        f"{name}: {count:g} {key}, recorded {baseline.get(name, {}).get(key, 0):g}"
        for name, values in counts.items()
        for key, count in values.items()
        if count > LIMIT * baseline.get(name, {}).get(key, 0)
    ]


def main() -> int:
    """Print the counts; return 1 if there are excesses."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.serving.operations", description="Count operations."
    )
    parser.add_argument("--write", action="store_true", help="record the counts")
    write = parser.parse_args().write
    with tempfile.TemporaryDirectory() as folder:
        counts = measure(Path(folder))
    baseline: Counts = json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.is_file() else {}
    for name, values in counts.items():
        for key, count in values.items():
            print(f"{name:<20}{key:<22}{count:>12,.2f}{baseline.get(name, {}).get(key, 0):>12,.2f}")
    if write:
        BASELINE.write_text(f"{json.dumps(counts, indent=1)}\n", encoding="utf-8")
        return 0
    wrong = excesses(counts, baseline)
    print("\n".join(wrong))
    return int(bool(wrong))


if __name__ == "__main__":
    raise SystemExit(main())
