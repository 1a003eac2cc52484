"""Compares the encoder's speed with that of sentence-transformers, with the same model and texts.

    python -m tests.benchmarks.indexing.encoding [--texts 600] [--rounds 5]

The texts are from the shared data. `SentenceTransformer.encode` runs with its default batch size in a process of its
own (torch and faiss are never loaded in one process); the two encoders take turns. The figure is the ratio of the
medians; the exit code is 1 if int8 is not twice as fast.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import IO

from rich.console import Console
from rich.table import Table

from index.models.e5_small import sentence_transformers_folder
from index.models.encoder import load
from index.models.model_store import MULTILINGUAL_MODEL, ensure_encoder
from tests.paths import DATA

SETS = ("cranfield", "squad2_dev", "timeqa_dev", "xquad_en")
TARGET = 2.0

PEER = """
import json, sys, time
from sentence_transformers import SentenceTransformer
model = SentenceTransformer(sys.argv[1], device="cpu")
for line in sys.stdin:
    texts = json.loads(line)
    begin = time.perf_counter()
    model.encode(texts, show_progress_bar=False)
    print(time.perf_counter() - begin, flush=True)
"""


def texts_of(count: int) -> list[str]:
    """Return `count` records, in equal parts from each set."""
    share = -(-count // len(SETS))
    texts: list[str] = []
    for name in SETS:
        file = DATA / "datasets" / name / "corpus.jsonl"
        if file.is_file():
            with file.open(encoding="utf-8") as lines:
                records = [json.loads(line) for line in islice(lines, share)]
            texts += [f"{record.get('title', '')}\n{record['text']}".strip()[:900] for record in records]
    return texts[:count]


def peer(pipe: subprocess.Popen[str], texts: Sequence[str]) -> float:
    """Encode with sentence-transformers; return the seconds it took."""
    requests, replies = _pipes(pipe)
    requests.write(json.dumps(texts) + "\n")
    requests.flush()
    return float(replies.readline())


def _pipes(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("no pipes")
    return process.stdin, process.stdout


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; return 1 if int8 misses the target."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.indexing.encoding", description="Measure the encoder."
    )
    parser.add_argument("--texts", type=int, default=600, help="texts per round")
    parser.add_argument("--rounds", type=int, default=5, help="number of rounds")
    options = parser.parse_args(arguments)
    texts = texts_of(options.texts)
    if not texts:
        print(f"skipped: no datasets in {DATA} (set YEARBOOK_QA_DATA to the folder that holds datasets/)")
        return 0
    ours = {name: load(MULTILINGUAL_MODEL, name) for name in ("int8", "fp32")}
    seconds: dict[str, list[float]] = {"sentence-transformers": [], "int8": [], "fp32": []}
    with (
        sentence_transformers_folder(ensure_encoder(MULTILINGUAL_MODEL, "int8").source) as source,
        subprocess.Popen(
            [sys.executable, "-c", PEER, source],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            cwd=Path(__file__).parent,
        ) as process,
    ):
        peer(process, texts[:40])
        for encoder in ours.values():
            encoder.encode(texts[:40])
        for _ in range(options.rounds):
            for name, encoder in ours.items():
                seconds[name].append(timed(lambda encoder=encoder: encoder.encode(texts)))  # type: ignore[misc]
            seconds["sentence-transformers"].append(peer(process, texts))
    medians = {name: statistics.median(some) for name, some in seconds.items()}
    table = Table("encoder", "passages per second", "ratio", box=None, pad_edge=False)
    for name, median in medians.items():
        ratio = medians["sentence-transformers"] / median
        table.add_row(name, f"{len(texts) / median:.1f}", f"{ratio:.2f}")
    Console(width=None if sys.stdout.isatty() else 120).print(table)
    tokens = statistics.mean(ours["fp32"].count_tokens(texts))
    print(f"{len(texts)} texts of {tokens:.0f} tokens on average, medians of {options.rounds} rounds in turn")
    return int(medians["sentence-transformers"] / medians["int8"] < TARGET)


if __name__ == "__main__":
    raise SystemExit(main())
