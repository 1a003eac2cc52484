"""The development sets of the ranking: questions with judgements, and an index of each, built once.

Indexes are cached under a hash of the code that determines their contents: after a change of chunking or text analysis
they are rebuilt, after a change of scoring they are reused.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from corpus.filesystem import cache_folder
from corpus.ingest import plan
from index.building.build import build
from index.building.report import BuildProgress
from index.models.encoder import Encoder
from index.ranking.search import Index
from qa.evaluation.judgements import Judge, Judged
from qa.evaluation.questions import Question, read_questions
from tests.benchmarks.question_sets.vectors import KeptVectors
from tests.paths import DATA, ROOT, TESTS

CACHE = cache_folder() / "benchmarks"
"""Indexes of the sets, and the vectors of their texts, so that rebuilding an index encodes nothing."""


@dataclass(frozen=True, slots=True)
class RankingSet:
    """A development set: the folder to index, its files of questions and judgements, and the least figure to reach."""

    name: str
    corpus: Path
    queries: Path
    qrels: Path | None
    target: float | None = None
    family: str = ""
    """Sets about the same documents or of the same origin: a weight fitted on one is not tested on another."""
    wording: str = ""
    """Field of a question's metadata that holds the wording to ask, instead of its text."""

    def questions(self) -> tuple[Question, ...]:
        """Read the questions, including those without judgements."""
        read = read_questions(queries=DATA / self.queries, qrels=DATA / self.qrels if self.qrels else None).items
        return tuple(
            replace(item, text=item.extra["metadata"][self.wording]) if self.wording else item for item in read
        )


def _beir(
    name: str,
    folder: str,
    family: str,
    target: float | None = None,
    queries: str = "queries.jsonl",
    qrels: str = "test.tsv",
) -> RankingSet:
    base = Path("datasets") / folder
    return RankingSet(name, base, base / queries, base / "qrels" / qrels, target, family)


def _addresses(name: str, folder: str, queries: Path) -> RankingSet:
    return RankingSet(name, Path("datasets") / folder, queries, None, family="addresses")


def _yearbook_ja(name: str, wording: str = "") -> RankingSet:
    base = Path("datasets") / "ict_whitepaper_ja"
    return RankingSet(name, base / "docs", base / "questions.jsonl", None, family="ict", wording=wording)


HARD_OVERLAP = 0.7
"""A paraphrase with a lower share of common words is hard."""

_SQUAD, _TIMEQA = "squad", "timeqa"

SETS = (
    RankingSet("seeds", Path("seeds"), Path("seeds-eval/questions.jsonl"), None, family="seeds"),
    _addresses("us_sotu", "us_sotu", Path("datasets/us_sotu/questions.jsonl")),
    _addresses("us_sotu further", "us_sotu", TESTS / "data" / "questions" / "us_sotu.jsonl"),
    _addresses("us_inaugural", "us_inaugural", TESTS / "data" / "questions" / "us_inaugural.jsonl"),
    _beir("xquad_en", "xquad_en", _SQUAD, 0.985),
    _beir("squad2_dev", "squad2_dev", _SQUAD, 0.93),
    _beir("squad_paraphrase", "squad_paraphrase", _SQUAD, 0.9),
    _beir("cranfield", "cranfield", "cranfield", 0.43),
    _beir("timeqa_dev", "timeqa_dev", _TIMEQA, 0.65),
    _beir("timeqa_dev easy", "timeqa_dev", _TIMEQA, 0.65, "queries_easy.jsonl", "easy.tsv"),
    _beir("timeqa_dev hard", "timeqa_dev", _TIMEQA, 0.59, "queries_hard.jsonl", "hard.tsv"),
    _beir("jsquad", "jsquad", "jsquad", 0.95),
    _beir("xquad_cross", "xquad_cross", _SQUAD),
    _yearbook_ja("ict_whitepaper_ja"),
    _yearbook_ja("ict_whitepaper_ja english", "english"),
)


def kinds_of(question: Question) -> list[str]:
    """Return the groups of a question whose figures are shown apart: its type, language or wording."""
    metadata = question.extra.get("metadata") or {}
    kinds = [question.type, metadata.get("language") if not question.type else None, metadata.get("wording")]
    if metadata.get("overlap", 1) < HARD_OVERLAP:
        kinds.append(f"{metadata['wording']}, hard")
    return [kind for kind in kinds if kind]


def choose_sets(prefixes: Sequence[str]) -> list[RankingSet]:
    """Return the sets with data whose names start with a prefix, all sets without prefixes."""
    return [
        dataset
        for dataset in SETS
        if dataset.name.startswith(tuple(prefixes) or "") and (DATA / dataset.queries).is_file()
    ]


def open_index(dataset: RankingSet, encoder: Encoder, documents: int | None = None) -> Index:
    """Open the index of a set, or of its first `documents`, built at its first use."""
    folder = (
        CACHE
        / f"{dataset.corpus.as_posix().replace('/', '-')}{documents or ''}-{encoder.fingerprint[:8]}-{code_hash()}"
    )
    if not (folder / "manifest.json").exists():
        shutil.rmtree(folder, ignore_errors=True)
        with Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task(f"indexing {dataset.corpus.name}", total=None)

            def step(advance: BuildProgress) -> None:
                progress.update(task, completed=advance.documents, total=advance.sources_to_read)

            kept = KeptVectors(encoder, CACHE)
            planned = plan([DATA / dataset.corpus])
            build(folder, replace(planned, sources=planned.sources[:documents]), kept, progress=step)
            kept.close()
    return Index(folder)


def judged_questions(dataset: RankingSet, index: Index) -> Iterator[tuple[Question, Judged]]:
    """Yield the answerable questions of a set with their judgements."""
    questions = dataset.questions()
    judge = Judge(index, questions)
    for question in questions:
        judged = judge.judge(question)
        if judged.ranked:
            yield question, judged


@lru_cache(maxsize=1)
def code_hash() -> str:
    """Return a hash of the code that determines what an index contains."""
    folders = ("corpus", "index/building", "index/lexical", "index/models", "index/storage")
    files = [file for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:8]
