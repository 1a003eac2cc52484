"""The development sets of the ranking: their questions with judgements, and an index of each, built once.

Indexes lie in the cache folder under a name that covers the code which decides what they hold, so that a change of
cutting or analysis builds them anew and a change of scoring does not.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from corpus.ingest import plan
from index.building.build import build
from index.building.report import Advance
from index.models.encoder import Encoder
from index.models.model_files import cache_folder
from index.ranking.search import Index
from qa.evaluation.judgements import Judge, Judged
from qa.evaluation.questions import Question, read_questions
from tests.benchmarks.vectors import KeptVectors
from tests.paths import DATA, ROOT

KEPT = cache_folder() / "benchmarks"
"""Where the indexes of the sets lie, and the vectors of all their texts: building an index anew encodes nothing."""


@dataclass(frozen=True, slots=True)
class Set:
    """A set of questions: the folder that is indexed, the files of questions and of judgements."""

    name: str
    corpus: Path
    queries: Path
    qrels: Path | None
    to_reach: float | None = None

    def questions(self) -> tuple[Question, ...]:
        """Its questions, those that nobody judged included."""
        return read_questions(queries=DATA / self.queries, qrels=DATA / self.qrels if self.qrels else None).items


def _beir(name: str, folder: str, to_reach: float, queries: str = "queries.jsonl", qrels: str = "test.tsv") -> Set:
    base = Path("datasets") / folder
    return Set(name, base, base / queries, base / "qrels" / qrels, to_reach)


SETS = (
    Set("seeds", Path("seeds"), Path("seeds-eval/questions.jsonl"), None),
    _beir("xquad_en", "xquad_en", 0.985),
    _beir("squad2_dev", "squad2_dev", 0.93),
    _beir("cranfield", "cranfield", 0.43),
    _beir("timeqa_dev", "timeqa_dev", 0.65),
    _beir("timeqa_dev easy", "timeqa_dev", 0.65, "queries_easy.jsonl", "easy.tsv"),
    _beir("timeqa_dev hard", "timeqa_dev", 0.59, "queries_hard.jsonl", "hard.tsv"),
)


def chosen(names: Sequence[str]) -> list[Set]:
    """The sets whose names begin with one of these, all where there are none; those without data are left out."""
    return [
        one
        for one in SETS
        if (not names or any(one.name.startswith(name) for name in names)) and (DATA / one.queries).is_file()
    ]


def index_of(one: Set, encoder: Encoder) -> Index:
    """The index of a set, built at its first use."""
    folder = KEPT / f"{one.corpus.name}-{encoder.fingerprint[:8]}-{_code(records=one.qrels is not None)}"
    if not (folder / "manifest.json").exists():
        shutil.rmtree(folder, ignore_errors=True)
        with Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task(f"indexing {one.corpus.name}", total=None)

            def step(advance: Advance) -> None:
                progress.update(task, completed=advance.documents, total=advance.of)

            kept = KeptVectors(encoder, KEPT)
            build(folder, plan([DATA / one.corpus]), kept, progress=step)
            kept.close()
    return Index(folder)


def judged(one: Set, index: Index) -> Iterator[tuple[Question, Judged]]:
    """The set's answerable questions with what answers them."""
    questions = one.questions()
    judge = Judge(index, questions)
    for question in questions:
        found = judge.judge(question)
        if found.ranked:
            yield question, found


@lru_cache(maxsize=2)
def _code(*, records: bool) -> str:
    """A hash of the code that decides what an index holds; of test collections' records, which have no outline."""
    whole = [*sorted((ROOT / "corpus").glob("*.py")), *sorted((ROOT / "corpus" / "readers").glob("*.py"))]
    cut = [ROOT / "corpus" / f"{name}.py" for name in ("language", "note_context", "passages", "sentences")]
    stored = ("analysis", "embedded", "manifest", "scale", "schema", "spelling")
    files = [*(cut if records else whole), *(ROOT / "index" / f"{name}.py" for name in stored)]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:8]
