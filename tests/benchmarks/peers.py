"""Compare this program with txtai, LlamaIndex, Haystack and LangChain, all with the same multilingual model.

    python -m tests.benchmarks.peers [--systems txtai haystack] [--sets seeds us_sotu] [--environments DIR] [--rounds 1]

Installs each peer into an environment of its own below `--environments` (by default in the cache; 1 GB each, the
versions of PyTorch and sentence-transformers that we use). The peers get the texts as our readers read them. Measures
whole processes, taken in turn: building an index, the first answer of a new process, further answers, peak memory; and
the share of questions whose first passage, or one of the first five, contains at least half of the evidence.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from corpus.ingest import load
from index.models.e5_small import sentence_transformers_folder
from index.models.model_store import DEFAULT_MODEL, MULTILINGUAL_MODEL, ensure_encoder
from qa.evaluation.judgements import normalize, occurrences
from qa.evaluation.questions import Question, read_questions
from tests.benchmarks import peer_systems
from tests.benchmarks.question_sets.ranking_sets import CACHE
from tests.benchmarks.seeds import SETS
from tests.paths import ROOT

PACKAGES = {
    "txtai": ("txtai==9.14.0",),
    "llamaindex": ("llama-index-core==0.14.25", "llama-index-embeddings-huggingface==0.8.0"),
    "haystack": ("haystack-ai==3.4.1", "sentence-transformers-haystack==2.0.0"),
    "langchain": ("langchain-huggingface==1.2.3", "langchain-text-splitters==1.1.3", "langchain-community==0.4.2"),
}
"""What is installed for each peer."""

OURS = {"ours": DEFAULT_MODEL, f"ours, {MULTILINGUAL_MODEL} alone": MULTILINGUAL_MODEL}
"""Our models: the default pair, and the one that the peers have."""


@dataclass
class Measured:
    """Seconds and megabytes of a system, one value per round, and its hits."""

    build: list[float] = field(default_factory=list)
    memory_of_build: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    further: list[float] = field(default_factory=list)
    """Of each further answer, in milliseconds."""
    memory: list[float] = field(default_factory=list)
    hits: list[peer_systems.Hits] = field(default_factory=list)


def install(name: str, folder: Path) -> Path:
    """Return the Python of a peer's environment, which is created if it does not exist."""
    python = folder / name / "bin" / "python"
    if not (folder / name / "complete").exists():
        venv.create(folder / name, with_pip=True, clear=True)
        constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        ours = [line for line in constraints if line.startswith(("torch==", "sentence-transformers==", "faiss-cpu=="))]
        for packages in ([line for line in ours if line.startswith("torch")], [*ours, *PACKAGES[name]]):
            subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
        (folder / name / "complete").touch()
    return python


def run(python: Path, system: str, *arguments: str | Path) -> tuple[float, float, dict[str, Any]]:
    """Run a process of `peer_systems`; return when it started, the seconds it took, and what it printed.

    Raises RuntimeError if it fails.
    """
    command = [python, "-P", peer_systems.__file__, system, *arguments]  # our modules must not hide theirs
    of_ours = {"PYTHONPATH": str(ROOT)} if system == "ours" else {}
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "PYTHONPATH": "", **of_ours}
    started, begun = time.time(), time.perf_counter()
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment, cwd=ROOT)
    if done.returncode:
        raise RuntimeError(f"{system} {arguments[0]} failed: {done.stderr[-2000:]}")
    return started, time.perf_counter() - begun, json.loads(done.stdout.splitlines()[-1])


def measure(
    python: Path, system: str, model: str, source: Path, questions: Sequence[Question], result: Measured
) -> None:
    """Build an index of the source and ask it the questions, each in a new process; add the figures to the result."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        asked = folder / "questions.json"
        asked.write_text(json.dumps([question.text for question in questions]), encoding="utf-8")
        _, seconds, printed = run(python, system, "build", model, source, folder)
        result.build.append(seconds)
        result.memory_of_build.append(printed["memory"])
        started, _, printed = run(python, system, "ask", model, folder, asked)
    result.first.append(printed["first"] - started)
    result.further += [1000 * seconds for seconds in printed["seconds"]]
    result.memory.append(printed["memory"])
    result.hits = printed["hits"]


def found(question: Question, hits: peer_systems.Hits, texts: Mapping[str, str]) -> int | None:
    """Return the rank, from 0, of the first passage with at least half of a piece of the evidence; None without one."""
    for rank, (document, passage) in enumerate(hits):
        passages = occurrences(texts[document], normalize(passage))
        for evidence in question.relevant_evidence:
            if evidence.document != document:
                continue
            quote = normalize(evidence.quote or "")
            spans = [evidence.span] if evidence.span else occurrences(texts[document], quote)
            for start, end in spans:
                if any(2 * (min(end, last) - max(start, first)) >= end - start for first, last in passages):
                    return rank
    return None


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table for each set."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.peers", description="Compare with peers.")
    parser.add_argument("--systems", nargs="*", choices=PACKAGES, default=list(PACKAGES))
    parser.add_argument("--sets", nargs="+", choices=SETS, default=["seeds", "us_sotu"])
    parser.add_argument("--environments", type=Path, default=CACHE / "peers")
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args(arguments)
    pythons = {name: install(name, options.environments) for name in options.systems}
    console = Console(width=None if sys.stdout.isatty() else 140)
    with (
        tempfile.TemporaryDirectory() as temporary,
        sentence_transformers_folder(ensure_encoder(MULTILINGUAL_MODEL, "fp32").source) as model,
    ):
        runs = {name: (Path(sys.executable), "ours", ours) for name, ours in OURS.items()}
        runs |= {name: (python, name, model) for name, python in pythons.items()}
        for dataset in options.sets:
            corpus, files = SETS[dataset]
            if not corpus.is_dir():
                print(f"skipped: no {corpus} (set YEARBOOK_QA_DATA to the folder that holds seeds/ and datasets/)")
                continue
            texts = {document.id: document.text for document in load([corpus]).documents}
            source = Path(temporary) / f"{dataset}.json"
            source.write_text(json.dumps(texts), encoding="utf-8")
            asked = [item for file in files for item in read_questions(file).items if item.relevant_evidence]
            results = {name: Measured() for name in runs}
            for _ in range(options.rounds):
                for name, (python, system, model_name) in runs.items():
                    of_system = corpus if system == "ours" else source
                    measure(python, system, model_name, of_system, asked, results[name])
            console.print(table(dataset, results, asked, texts))
    return 0


def table(dataset: str, results: Mapping[str, Measured], asked: Sequence[Question], texts: Mapping[str, str]) -> Table:
    """Return the figures of a set; times also as a multiple of ours in the same run."""
    names = ("S@1", "S@5", "build s", "ratio", "MB", "first answer s", "ratio", "further ms", "p95", "MB")
    shown = Table("", *names, title=f"{dataset}: {len(texts)} documents, {len(asked)} questions", box=None)
    ours = results["ours"]
    for name, result in results.items():
        ranks = [found(question, hits, texts) for question, hits in zip(asked, result.hits, strict=True)]
        firsts = [sum(rank is not None and rank < k for rank in ranks) / len(ranks) for k in (1, 5)]
        build, first = statistics.median(result.build), statistics.median(result.first)
        middle, late = np.percentile(result.further, (50, 95))
        shown.add_row(
            name,
            *(f"{share:.2f}" for share in firsts),
            f"{build:.0f}",
            f"{build / statistics.median(ours.build):.2f}",
            f"{max(result.memory_of_build):.0f}",
            f"{first:.2f}",
            f"{first / statistics.median(ours.first):.1f}",
            f"{middle:.0f}",
            f"{late:.0f}",
            f"{max(result.memory):.0f}",
        )
    return shown


if __name__ == "__main__":
    raise SystemExit(main())
