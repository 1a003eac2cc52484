"""Development sets for the confidence: questions with what their hits show, and whether they can be answered.

removal     questions with evidence, asked of the library, and of it without the documents of their evidence: three
            yearbooks (seeds), samples of two series of addresses (us), paragraphs of squad2_dev (squad2)
written     near misses written by hand beside the answerable questions of the same library: measured, never fitted
off         answerable questions of the seeds, and questions about other things (squad2_dev), asked of the seeds
terms       search terms: headings of the seeds, titles of articles about other things, and questions of the seeds cut
            down to a few words, asked of the seeds and without the documents of their evidence
exchanged   questions of the seeds, the addresses and clapnq, and the same denied or with an opposite word
replaced    the same questions, and these with another number, name or word
squad2      questions and unanswerable questions of a sample of squad2_dev, of its own paragraphs
timeqa      the same of a sample of timeqa_dev (annotators' wording)
clapnq      searchers' questions, of all passages
nomiracl    searchers' questions in several languages, each of its own ten passages
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from corpus.ingest import Plan, plan
from corpus.metadata.years import written_years
from index.building.build import build
from index.models.encoder import Encoder
from qa.answering.library import Library, search_undated, with_common_names
from qa.confidence.confidence import Features, compute_features
from qa.question.filters import Filters
from tests.benchmarks.question_sets.exchanged_questions import exchanged, replaced
from tests.benchmarks.question_sets.search_terms import cut_down, headings, titles
from tests.paths import ROOT

OFF, TITLES, PARAGRAPHS, PAGES, MIRACL, ADDRESSES = 300, 100, 400, 60, 40, 30
"""Sizes of samples: off-topic questions, titles, paragraphs of squad2_dev, pages of timeqa_dev, questions of nomiracl
by language and kind, addresses of a series. They keep a run on one processor under ten minutes."""

ADDED_YEARS = (1950, 2015)

OWN_TERMS = frozenset({"keyword", "compare"})
"""Types of questions that are not cut down to keywords: they are keywords already, or two questions in one."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Case:
    """A question asked of an index. Cases of one `group` are always in the same fold."""

    group: str
    answerable: bool
    features: Features | None
    """None without hits."""
    undated: Features | None = None
    """Those of the question without the times that it names; None if it names none."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a development set, and the documents it is asked of."""

    id: str
    text: str
    group: str
    evidence: frozenset[str] = frozenset()
    filters: Filters = field(default_factory=Filters)


class Sets:
    """Builds the indexes in a folder, and asks the questions.

    `with_year` are the near misses of the sets `written`, each with the same question to which a year was added.
    """

    def __init__(self, data: Path, folder: Path, encoder: Encoder, languages: Sequence[str]) -> None:
        self.data, self.folder, self.encoder, self.languages = data, folder, encoder, languages
        self.datasets = data / "datasets"
        self.with_year: list[tuple[Case, Case]] = []
        self.exchanged: dict[str, list[Case]] = {}

    def all(self) -> dict[str, list[Case]]:
        """Return the cases of each set."""
        seeds = self._library("seeds", plan([self.data / "seeds"]))
        squad, squad_unanswerable, paragraphs = self._squad()
        own, removed, written = self._written(seeds, [self.data / "seeds-eval" / "questions.jsonl"], "seeds")
        other = _sample(_rows(self.datasets / "squad2_dev" / "queries.jsonl"), OFF)
        off = [Question(row["_id"], row["text"], row["_id"]) for row in other]
        sets = {
            "removal seeds": [*own, *removed],
            "written seeds": [*own, *written],
            "off": [*own, *self._ask(seeds, off, answerable=False)],
            "terms": list(self._terms(seeds)),
        }
        addresses = [self._addresses(name) for name in ("us_sotu", "us_inaugural")]
        own, removed, written = ([case for part in parts for case in part] for parts in zip(*addresses, strict=True))
        sets |= {"removal us": [*own, *removed], "written us": [*own, *written]}
        answered = list(self._ask(paragraphs, squad, answerable=True))
        without = [_without_evidence(question, paragraphs) for question in _sample(squad, OFF)]
        sets |= {
            "removal squad2": [*answered[:OFF], *self._ask(paragraphs, without, answerable=False)],
            "squad2": [*answered, *self._ask(paragraphs, squad_unanswerable, answerable=False)],
            "timeqa": self._timeqa(),
            "clapnq": self._judged("clapnq", list(_rows(self.datasets / "clapnq" / "queries.jsonl")), pools=False),
            "nomiracl": self._judged("nomiracl", self._miracl(), pools=True),
        }
        return sets | self.exchanged

    def _written(self, library: Library, files: Sequence[Path], name: str) -> tuple[list[Case], list[Case], list[Case]]:
        """Return the cases of answerable questions, of the same without their documents, and of near misses."""
        known = {document.id for document in library.index.documents}
        questions = [
            Question(
                row["id"], row["question"], f"{file} {row['id']}", frozenset(item["doc"] for item in row["evidence"])
            )
            for file in files
            for row in _rows(file)
        ]
        answerable = [question for question in questions if question.evidence and question.evidence <= known]
        removed = [_without_evidence(question, library) for question in answerable if question.evidence < known]
        written = [question for question in questions if not question.evidence]
        near_misses = list(self._ask(library, written, answerable=False))
        for year in ADDED_YEARS:
            undated = [
                (question, case) for question, case in zip(written, near_misses, strict=True)
                if not written_years(question.text)
            ]  # fmt: skip
            added = [replace(question, text=f"{question.text.rstrip('? ')} in {year}?") for question, _ in undated]
            self.with_year += zip(
                (case for _, case in undated), self._ask(library, added, answerable=False), strict=True
            )
        own = list(self._ask(library, answerable, answerable=True))
        self._exchange(library, name, answerable, own)
        return own, list(self._ask(library, removed, answerable=False)), near_misses

    def _exchange(self, library: Library, name: str, questions: Sequence[Question], own: Sequence[Case]) -> None:
        """Add the cases of English questions and of those made of them, which are denied or have another word.

        Args:
            library: The library that they are asked of.
            name: What the sets are named after.
            questions: Answerable questions.
            own: Their cases.
        """
        others = [*questions[1:], *questions[:1]]
        pairs = list(zip(questions, others, strict=True))
        denied = [replace(question, text=text) for question in questions for text in exchanged(question.text)]
        another = [
            replace(question, text=text) for question, other in pairs for text in replaced(question.text, other.text)
        ]
        for kind, changed in (("exchanged", denied), ("replaced", another)):
            cases = self.exchanged.setdefault(f"{kind} {name}", [])
            cases += [*own, *self._ask(library, changed, answerable=False)]

    def _addresses(self, name: str) -> tuple[list[Case], list[Case], list[Case]]:
        folder = self.datasets / name
        files = [
            file
            for file in (folder / "questions.jsonl", ROOT / "tests/data/questions" / f"{name}.jsonl")
            if file.is_file()
        ]
        judged = sorted({item["doc"] for file in files for row in _rows(file) for item in row["evidence"]})
        library = self._library(name, _part(plan([folder]), _sample(judged, ADDRESSES)))
        return self._written(library, files, "us")

    def _terms(self, seeds: Library) -> Iterator[Case]:
        """Yield the cases of headings of the seeds, of titles of unrelated articles, and of questions cut down."""
        own = [Question(text, text, f"terms {text}") for text in headings(seeds.index)]
        other = [text for name in ("squad2_dev", "timeqa_dev") for text in titles(self.datasets / name)]
        unrelated = _sample((Question(text, text, f"terms {text}") for text in other), TITLES)
        short = [
            Question(row["id"], cut_down(row["question"], seeds.index.term_weights(row["question"])), row["id"],
                     frozenset(item["doc"] for item in row["evidence"]))
            for row in _rows(self.data / "seeds-eval" / "questions.jsonl")
            if row["evidence"] and row["type"] not in OWN_TERMS
        ]  # fmt: skip
        without = [
            _without_evidence(question, seeds)
            for question in short
            if len(question.evidence) < len(seeds.index.documents)
        ]
        yield from self._ask(seeds, [*own, *short], answerable=True)
        yield from self._ask(seeds, [*unrelated, *without], answerable=False)

    def _squad(self) -> tuple[list[Question], list[Question], Library]:
        """Return the questions and unanswerable questions of a sample of paragraphs, and their library."""
        folder = self.datasets / "squad2_dev"
        qrels = (folder / "qrels" / "test.tsv").read_text("utf-8").splitlines()[1:]
        paragraph = {question: document for question, document, _ in (line.split("\t") for line in qrels)}
        chosen = frozenset(_sample(sorted(set(paragraph.values())), PARAGRAPHS))
        answerable = [
            Question(row["_id"], row["text"], document, frozenset({document}))
            for row in _rows(folder / "queries.jsonl")
            if (document := paragraph[row["_id"]]) in chosen
        ]
        unanswerable = [
            Question(row["_id"], row["text"], document)
            for row in _rows(folder / "queries_unanswerable.jsonl")
            if (document := row["metadata"]["paragraphs"][0]) in chosen
        ]
        return answerable, unanswerable, self._library("squad2_dev", _part(plan([folder]), chosen))

    def _timeqa(self) -> list[Case]:
        folder = self.datasets / "timeqa_dev"
        asked, unanswerable = (list(_rows(folder / name)) for name in ("queries.jsonl", "queries_unanswerable.jsonl"))
        pages = _sample(sorted({row["metadata"]["page"] for row in unanswerable}), PAGES)
        documents = plan([folder])
        chosen = [source.id for source in documents.sources if f"/wiki/{source.id.rpartition('#')[0]}" in pages]
        library = self._library("timeqa_dev", _part(documents, chosen))
        cases: list[Case] = []
        for rows, answerable in ((asked, True), (unanswerable, False)):
            own = [row for row in rows if row["metadata"]["page"] in pages]
            questions = [Question(row["_id"], row["text"], row["metadata"]["page"]) for row in own]
            cases += self._ask(library, questions, answerable=answerable)
        return cases

    def _miracl(self) -> list[dict[str, Any]]:
        rows = list(_rows(self.datasets / "nomiracl" / "queries.jsonl"))
        kinds = [(language, answerable) for language in self.languages for answerable in (True, False)]
        of_kind = (
            [row for row in rows if (row["metadata"]["language"], row["metadata"]["answerable"]) == kind]
            for kind in kinds
        )
        return [row for some in of_kind for row in _sample(some, MIRACL)]

    def _judged(self, name: str, rows: Sequence[Mapping[str, Any]], *, pools: bool) -> list[Case]:
        """Return the cases of questions that say whether they are answerable, of all passages or each of its own."""
        wanted = {passage for row in rows for passage in row["metadata"]["passages"]}
        library = self._library(name, _part(plan([self.datasets / name]), wanted))
        cases: list[Case] = []
        for answerable in (True, False):
            questions = [
                Question(row["_id"], row["text"], row["_id"],
                         filters=Filters(document=tuple(row["metadata"]["passages"])) if pools else Filters())
                for row in rows if row["metadata"]["answerable"] == answerable
            ]  # fmt: skip
            asked = list(self._ask(library, questions, answerable=answerable))
            cases += asked
            if answerable and name == "clapnq":
                self._exchange(library, name, questions, asked)
        return cases

    def _library(self, name: str, documents: Plan) -> Library:
        build(self.folder / name, documents, self.encoder)
        return Library(self.folder / name, self.encoder)

    def _ask(self, library: Library, questions: Sequence[Question], *, answerable: bool) -> Iterator[Case]:
        index = library.index
        analyses = library.analyse([(question.text, question.filters) for question in questions])
        for question, analysis in zip(questions, analyses, strict=True):
            hits = [cited.hit for cited in library.answer(analysis).ranking]
            facts = library.corpus_facts.filtered(question.filters)
            weights, scale = index.term_weights(analysis.topic), index.manifest.scale
            features = compute_features(analysis.text, hits, weights, facts, scale) if hits else None
            subset = index.subset(facts.documents) if question.filters else None
            undated = search_undated(index, with_common_names(index, analysis), subset)
            yield Case(
                question.group,
                answerable,
                features,
                compute_features(undated.text, undated.hits, undated.term_weights, facts, scale) if undated else None,
            )


def _without_evidence(question: Question, library: Library) -> Question:
    rest = tuple(document.id for document in library.index.documents if document.id not in question.evidence)
    return replace(question, filters=Filters(document=rest))


def _part(documents: Plan, ids: Iterable[str]) -> Plan:
    wanted = frozenset(ids)
    return replace(documents, sources=tuple(source for source in documents.sources if source.id in wanted))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _sample(items: Iterable[T], count: int) -> list[T]:
    """Return a random sample, the same in each run."""
    drawn = list(items)
    random.Random(1).shuffle(drawn)  # noqa: S311  # a sample, no secret
    return drawn[:count]
