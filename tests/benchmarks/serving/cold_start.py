"""Measures time and memory of a first question in a new process, next to those of its peers.

    python -m tests.benchmarks.serving.cold_start [--rounds 5] [--index DIR] [--question TEXT]

Measures whole processes: `ask` and `--help` of this program, `import sentence_transformers`, and a script with
sentence-transformers and FAISS that searches 1,000 vectors (random ones, which changes neither time nor memory) for the
same question. Prints medians; the exit code is 1 if `ask` takes more than .11 of the import, 300 MB, or 1 s.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from corpus.ingest import plan
from index.building.build import build
from index.models.e5_small import sentence_transformers_folder
from index.models.encoder import load
from index.models.model_store import MULTILINGUAL_MODEL, ensure_encoder
from qa.cli.index_location import SAMPLES
from tests.paths import DATA

MAX_SECONDS, MAX_MEGABYTES, MAX_IMPORT_SHARE = 1.0, 300.0, 0.11

OURS = "from qa.cli import main; main()"
PEER = """
import sys
import faiss, numpy
from sentence_transformers import SentenceTransformer
model = SentenceTransformer(sys.argv[1], device="cpu")
vectors = numpy.load(sys.argv[2])
index = faiss.IndexFlatIP(vectors.shape[1])
index.add(vectors)
print(index.search(model.encode([sys.argv[3]], normalize_embeddings=True), 5))
"""


LAUNCHER = """
import json, os, sys, time
begin = time.perf_counter()
nothing = os.open(os.devnull, os.O_WRONLY)
closed = [(os.POSIX_SPAWN_DUP2, nothing, stream) for stream in (1, 2)]
process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=closed)
_, status, usage = os.wait4(process, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), time.perf_counter() - begin, usage.ru_maxrss]))
"""
"""Starts a process from a small one: a new process counts as large as the one that started it."""


@dataclass
class Cost:
    """Seconds and peak megabytes of a process, one value per round."""

    command: list[str]
    seconds: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)

    def run(self) -> None:
        """Run the process once."""
        launched = [sys.executable, "-I", "-S", "-c", LAUNCHER, *self.command]
        code, seconds, size = json.loads(subprocess.run(launched, check=True, capture_output=True).stdout)
        if code:
            raise RuntimeError(f"exit code {code}: {' '.join(self.command)[:300]}")
        self.seconds.append(seconds)
        self.megabytes.append(size / (1e6 if sys.platform == "darwin" else 1e3))

    @property
    def median(self) -> tuple[float, float]:
        """Median seconds and megabytes."""
        return statistics.median(self.seconds), statistics.median(self.megabytes)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; return 1 if a first question costs too much."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.serving.cold_start", description="Measure a first ask."
    )
    parser.add_argument("--rounds", type=int, default=5, help="number of rounds")
    parser.add_argument(
        "--index", type=Path, help="an index; by default one of the shared seeds or the samples is built"
    )
    parser.add_argument("--question", default="How many ships were escorted?", help="the question")
    options = parser.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory() as temporary,
        sentence_transformers_folder(ensure_encoder(MULTILINGUAL_MODEL, "fp32").source) as source,
    ):
        folder = options.index or Path(temporary) / "index"
        seeds = DATA / "seeds"
        if options.index is None:
            build(folder, plan([seeds if seeds.is_dir() else SAMPLES]), load())
        vectors = Path(temporary) / "vectors.npy"
        np.save(vectors, np.random.default_rng(1).normal(size=(1000, 384)).astype(np.float32))
        python = sys.executable
        costs = {
            "ask": Cost([python, "-c", OURS, "ask", options.question, "--index", str(folder)]),
            "--help": Cost([python, "-c", OURS, "--help"]),
            "import sentence_transformers": Cost([python, "-c", "import sentence_transformers"]),
            "sentence-transformers + FAISS": Cost([python, "-c", PEER, source, str(vectors), options.question]),
        }
        for cost in costs.values():
            cost.run()
            cost.seconds.clear()
            cost.megabytes.clear()  # the system has cached the files
        for _ in range(options.rounds):
            for cost in costs.values():
                cost.run()
    imported = costs["import sentence_transformers"].median[0]
    table = Table("process", "seconds", "of the import", "peak MB", box=None, pad_edge=False)
    for name, cost in costs.items():
        seconds, megabytes = cost.median
        table.add_row(name, f"{seconds:.2f}", f"{seconds / imported:.3f}", f"{megabytes:.0f}")
    Console(width=None if sys.stdout.isatty() else 120).print(table)
    seconds, megabytes = costs["ask"].median
    return int(seconds > MAX_SECONDS or megabytes > MAX_MEGABYTES or seconds / imported > MAX_IMPORT_SHARE)


if __name__ == "__main__":
    raise SystemExit(main())
