"""Development sets for the confidence: questions with what their hits show, and whether they can be answered.

removal   questions of seeds-eval, asked of the seeds; and of an index without the documents of their evidence
off       the answerable ones of these; and questions about other things (squad2_dev), asked of the seeds
squad2    all questions and unanswerable questions of squad2_dev, of its own paragraphs
timeqa    the same of timeqa_dev (annotators' wording), of the answerable ones a sample
terms     search terms: headings of the seeds, and titles of articles about other things, asked of the seeds; questions
          of seeds-eval cut down to a few words, asked as in `removal`
written   the unanswerable questions of seeds-eval beside the answerable ones: measured, never fitted
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from corpus.ingest import Plan, plan
from index.building.build import build
from index.models.encoder import Encoder
from qa.answering.library import Library
from qa.confidence.features import Features, compute_features
from qa.question.corpus_facts import CorpusFacts
from qa.question.filters import Filters
from tests.benchmarks.search_terms import cut_down, headings, titles

OFF, TIMEQA, TITLES = 600, 400, 100
"""Sizes of samples: off-topic questions, answerable questions of timeqa_dev (it has 189 unanswerable ones), titles."""

OWN_TERMS = frozenset({"keyword", "compare"})
"""Types of questions that are not cut down to keywords: they are keywords already, or two questions in one."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question asked of an index. Cases of one `group` are always in the same fold."""

    group: str
    answerable: bool
    features: Features | None
    """None without hits."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a development set."""

    id: str
    text: str
    group: str


class Sets:
    """Builds the indexes in a folder, and asks the questions."""

    def __init__(self, data: Path, folder: Path, encoder: Encoder) -> None:
        self.data, self.folder, self.encoder = data, folder, encoder

    def all(self) -> dict[str, list[Case]]:
        """Return the cases of each set."""
        answerable, removed, written, terms = self._seeds()
        squad, squad_unanswerable = self._squad()
        timeqa, timeqa_unanswerable = self._timeqa()
        own = self._library("squad2_dev", plan([self.data / "datasets" / "squad2_dev"]))
        texts = self._library("timeqa_dev", plan([self.data / "datasets" / "timeqa_dev"]))
        seeds = self._library("seeds", plan([self.data / "seeds"]))
        return {
            "removal": [*answerable, *removed],
            "off": [*answerable, *self._ask(seeds, _sample(squad, OFF), answerable=False)],
            "squad2": [
                *self._ask(own, squad, answerable=True),
                *self._ask(own, squad_unanswerable, answerable=False),
            ],
            "timeqa": [
                *self._ask(texts, timeqa, answerable=True),
                *self._ask(texts, timeqa_unanswerable, answerable=False),
            ],
            "terms": [*terms, *self._terms(seeds)],
            "written": [*answerable, *written],
        }

    def _seeds(self) -> tuple[list[Case], list[Case], list[Case], list[Case]]:
        """Return the cases of answerable questions, of the same questions without the documents of their evidence, of
        handwritten unanswerable questions, and of keyword queries with and without those documents.
        """
        seeds = plan([self.data / "seeds"])
        whole = self._library("seeds", seeds)
        known = frozenset(source.id for source in seeds.sources)
        by_rest: dict[frozenset[str], list[Question]] = {}
        short: dict[frozenset[str], list[Question]] = {}
        written: list[Question] = []
        for row in _rows(self.data / "seeds-eval" / "questions.jsonl"):
            question = Question(row["id"], row["question"], f"seeds {row['id']}")
            evidence = {evidence["doc"] for evidence in row["evidence"]}
            if evidence:
                by_rest.setdefault(known - evidence, []).append(question)
                if row["type"] not in OWN_TERMS:
                    words = cut_down(question.text, whole.index.term_weights(question.text))
                    short.setdefault(known - evidence, []).append(replace(question, text=words))
            else:
                written.append(question)
        answerable = [question for some in by_rest.values() for question in some]
        removed: list[Case] = []
        terms = list(self._ask(whole, [question for some in short.values() for question in some], answerable=True))
        for rest, questions in by_rest.items():
            if rest:  # nothing is left if every document has evidence
                sources = tuple(source for source in seeds.sources if source.id in rest)
                part = self._library("+".join(sorted(rest)), replace(seeds, sources=sources))
                removed += self._ask(part, questions, answerable=False)
                terms += self._ask(part, short.get(rest, []), answerable=False)
        return (
            list(self._ask(whole, answerable, answerable=True)),
            removed,
            list(self._ask(whole, written, answerable=False)),
            terms,
        )

    def _terms(self, seeds: Library) -> Iterator[Case]:
        """Yield the cases of headings of the seeds, and of titles of unrelated articles."""
        own = [Question(text, text, f"terms {text}") for text in headings(seeds.index)]
        other = [text for name in ("squad2_dev", "timeqa_dev") for text in titles(self.data / "datasets" / name)]
        yield from self._ask(seeds, own, answerable=True)
        yield from self._ask(
            seeds, _sample((Question(text, text, f"terms {text}") for text in other), TITLES), answerable=False
        )

    def _squad(self) -> tuple[list[Question], list[Question]]:
        folder = self.data / "datasets" / "squad2_dev"
        paragraph = {
            question: document
            for question, document, _ in (
                line.split("\t") for line in (folder / "qrels" / "test.tsv").read_text("utf-8").splitlines()[1:]
            )
        }
        asked = [Question(r["_id"], r["text"], paragraph[r["_id"]]) for r in _rows(folder / "queries.jsonl")]
        unanswerable = [
            Question(r["_id"], r["text"], r["metadata"]["paragraphs"][0])
            for r in _rows(folder / "queries_unanswerable.jsonl")
        ]
        return asked, unanswerable

    def _timeqa(self) -> tuple[list[Question], list[Question]]:
        folder = self.data / "datasets" / "timeqa_dev"
        asked, unanswerable = (
            [Question(r["_id"], r["text"], r["metadata"]["page"]) for r in _rows(folder / name)]
            for name in ("queries.jsonl", "queries_unanswerable.jsonl")
        )
        return _sample(asked, TIMEQA), unanswerable

    def _library(self, name: str, documents: Plan) -> Library:
        build(self.folder / name, documents, self.encoder)
        return Library(self.folder / name, self.encoder)

    def _ask(self, library: Library, questions: Sequence[Question], *, answerable: bool) -> Iterator[Case]:
        index = library.index
        corpus_facts = CorpusFacts.of(index.documents)
        analyses = library.analyse([(question.text, Filters()) for question in questions])
        for question, analysis in zip(questions, analyses, strict=True):
            hits = [cited.hit for cited in library.answer(analysis).depth]
            weights = index.term_weights(analysis.topic)
            scale = index.manifest.scale
            features = compute_features(question.text, hits, weights, corpus_facts, scale) if hits else None
            yield Case(question.group, answerable, features)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _sample(questions: Iterable[Question], count: int) -> list[Question]:
    """Return a random sample, the same in each run."""
    drawn = list(questions)
    random.Random(1).shuffle(drawn)  # noqa: S311  # a sample, no secret
    return drawn[:count]
