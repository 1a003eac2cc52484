"""A question to its cited answer: the one function behind the command line, the form and the batch.

Everything shown is a verbatim stretch of a document: `document.text[start:end]`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.dense.row_filter import DocumentSubset
from index.manifest import check_model
from index.models.encoder import Encoder, Vectors
from index.models.model_store import Precision
from index.models.reranker import Reranker
from index.ranking import fusion
from index.ranking.search import Hit, Index, SearchResult
from index.storage.reader import DocumentInfo
from qa.answering import edition_coverage
from qa.answering.answer_sentences import choose
from qa.answering.near_duplicates import near_identical
from qa.answering.notices import about, in_another_language
from qa.answering.open_generation import Opened
from qa.citation import AlsoIn, CitedPassage, cite
from qa.confidence import confidence as confidence_module
from qa.confidence.features import READ_PASSAGES
from qa.question.analysis import Interpretation, interpret, normalize_question, searched
from qa.question.corpus_facts import CorpusFacts
from qa.question.filters import Filters
from qa.question.topic import topic

if TYPE_CHECKING:
    from qa.editions.topic_comparison import Comparison

DEFAULT_K = 5
FOLD_AMONG = 50
"""Near-identical passages are looked for among so many first hits."""

RERANKED = 50
"""So many first passages are read by a reranker, where there is one."""

MOST_AT_ONCE = 4
"""Questions answered at the same time in a batch: on two cores two threads answered 1.3 times as many as one."""


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """A sentence of the answer, and the passage it stands in."""

    text: str
    passage: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked, how it was understood, and what answers it. `confidence` is a probability."""

    id: str
    question: str
    understood: Interpretation
    answered: bool
    confidence: float
    sentences: tuple[AnswerSentence, ...]
    passages: tuple[CitedPassage, ...]
    notices: tuple[str, ...] = ()
    depth: tuple[CitedPassage, ...] = field(default=(), repr=False)
    """Passages beyond the k asked for, in order, where a deeper ranking was asked for."""


class Library:
    """An index and its model, ready for questions. Sees a new generation of the index before each question."""

    def __init__(
        self,
        folder: Path,
        encoder: Encoder | Callable[[str, Precision], Encoder],
        *,
        notices: Sequence[str] = (),
        reranker: Reranker | None = None,
        open_index: Callable[[Path], Index] = Index,
    ) -> None:
        """`encoder` may be a function that loads it by the model's name and precision; `open_index` opens the folder.

        Raises NoIndex, IndexMismatch, ModelError.
        """
        self.folder = folder
        self._open_index = open_index
        self._current = Opened(folder, open_index)
        made = self._current.index.manifest.model
        self._encoder = encoder if not callable(encoder) else encoder(made.name, made.precision)
        self.notices = tuple(notices)
        self._reranker = reranker
        check_model(self._current.index.manifest, self._encoder, folder)

    @property
    def _uncalibrated(self) -> list[str]:
        """What an answer says where the confidence was not fitted for the model."""
        model = self._current.index.manifest.model
        if confidence_module.is_calibrated(model.fingerprint):
            return []
        return [f"the confidence is not calibrated for the model {model.name}: take it as a rough sign"]

    @property
    def encoder(self) -> Encoder:
        """The model of the index."""
        return self._encoder

    @property
    def at_once(self) -> int:
        """How many questions are worth answering at the same time, each in a thread."""
        return 1 if self._reranker is not None else min(os.cpu_count() or 1, MOST_AT_ONCE)

    @property
    def index(self) -> Index:
        """The current generation of the index."""
        return self._opened().index

    @property
    def corpus_facts(self) -> CorpusFacts:
        """What the current generation of the index holds."""
        return self._opened().corpus_facts

    def _opened(self) -> Opened:
        """The current generation of the index."""
        if not self._current.index.is_current():
            opened = Opened(self.folder, self._open_index)
            check_model(opened.index.manifest, self._encoder, self.folder)
            self._current = opened
        return self._current

    def ask(
        self, question: str, k: int = DEFAULT_K, filters: Filters | None = None, *, id: str = "q1", depth: int = 0
    ) -> Answer:
        """Answer a question from the k best passages. Raises EmptyQuestion for one without a word.

        `depth` asks for a ranking of that many passages besides (in `Answer.depth`).
        """
        return self.answer(question, None, k, filters, id=id, depth=depth)

    def searched(self, question: str) -> str:
        """What is looked for of a question: the text whose vector `answer` takes."""
        text = searched(question)
        return topic(text, interpret(text, self.corpus_facts).mentions)

    def compare(self, topic: str, filters: Filters | None = None) -> Comparison:
        """Compare a topic across editions. Raises EmptyQuestion and CompareError."""
        from qa.editions.topic_comparison import compare_topic

        opened = self._opened()
        return compare_topic(opened.index, self._encoder, opened.corpus_facts, topic, filters, notices=self.notices)

    def answer(
        self,
        question: str,
        vector: Vectors | None,
        k: int = DEFAULT_K,
        filters: Filters | None = None,
        *,
        id: str = "q1",
        depth: int = 0,
        ignore: Callable[[Interpretation], Interpretation] = lambda understood: understood,
    ) -> Answer:
        """As `ask`, with the question's vector where it is known, and `ignore` to drop preferences the user removed."""
        text, notices = normalize_question(question)
        opened, filters = self._opened(), filters or Filters()
        index, corpus_facts = opened.index, opened.corpus_facts
        understood = ignore(interpret(text, corpus_facts, filters))
        subject = topic(text, understood.mentions)
        if vector is None:
            (vector,) = self._encoder.encode([subject], query=True)
        asked, among = opened.kept(filters)
        least = RERANKED if self._reranker is not None else READ_PASSAGES
        wanted = max(k, depth, least)  # so that the confidence does not depend on how many are shown
        bonus = understood.bonus if understood.prefers else None
        unavailable: dict[str, DocumentInfo] = {}

        def search(count: int, among: DocumentSubset | None) -> SearchResult:
            result = index.search(subject, vector, count, among=among, bonus=bonus, years=understood.years)
            unavailable.update((document.id, document) for document in result.unavailable)
            return result

        result = search(wanted, among)
        hits = list(result.hits)
        if self._reranker is not None:
            hits = _reranked(self._reranker, subject, hits)
        targets = understood.targets(asked, edition_coverage.about(hits))
        if len(targets) > 1:
            hits = edition_coverage.represent(
                hits, targets, wanted, lambda target: search(1, index.subset(target)).hits
            )
        notices += about(understood, corpus_facts, hits, list(unavailable))
        probability = confidence_module.confidence(
            text, hits, result.term_weights, asked, index.manifest.scale, index.manifest.model.fingerprint
        )
        answered = probability >= confidence_module.THRESHOLD
        if answered and len(targets) > 1:
            from qa.editions import (
                figure_notices,  # a tenth of this module's import, and most questions are about one edition
            )

            notices += figure_notices.changed_figures(index, [hit for hit in hits[:k] if "compare" in hit.scores])
        if not answered:
            notices += in_another_language(text, corpus_facts)
        shown = hits[:k]
        chosen = choose(text, shown, result.term_weights, len(targets)) if answered else []
        sentences = tuple(AnswerSentence(one.text, shown[one.rank].id, one.start, one.end) for one in chosen)
        cited = [_cited(rank, hit, hits[:FOLD_AMONG] if rank <= k else ()) for rank, hit in enumerate(hits, 1)]
        return Answer(
            id=id,
            question=question,
            understood=understood,
            answered=answered and bool(sentences),
            confidence=probability,
            sentences=sentences,
            passages=tuple(cited[:k]),
            notices=(*self.notices, *notices, *self._uncalibrated),
            depth=tuple(cited),
        )


def _reranked(reranker: Reranker, text: str, hits: Sequence[Hit]) -> list[Hit]:
    """The hits with what a reranker makes of the first of them as a further part of their scores."""
    first = hits[:RERANKED]
    judged = reranker.scores(text, [hit.stored.passage.prefix + hit.stored.passage.text for hit in first])
    lifted = [
        replace(hit, scores={**hit.scores, "reranker": part}, score=round(hit.score + part, 6))
        for hit, part in zip(first, (round(fusion.RERANKER_WEIGHT * one, 6) for one in judged), strict=True)
    ]
    return sorted([*lifted, *hits[RERANKED:]], key=fusion.ranking_key)


def _cited(rank: int, hit: Hit, others: Sequence[Hit]) -> CitedPassage:
    passage = hit.stored.passage
    citation = cite(hit.document, passage.path, passage.page, passage.page_label)
    also_in = tuple(
        AlsoIn(other.document.id, other.document.edition, other.id)
        for other in others
        if other.document.number != hit.document.number and near_identical(passage.text, other.stored.passage.text)
    )
    return CitedPassage(rank, hit, citation, _highlights(hit), also_in)


def _highlights(hit: Hit) -> tuple[tuple[int, int], ...]:
    """Spans of the passage's sentences that match the question best: the first, and what comes near it."""
    best = max(hit.similarities)
    passage = hit.stored.passage
    return tuple(
        (max(sentence.start, passage.start), min(sentence.end, passage.end))
        for sentence, similarity in zip(passage.sentences, hit.similarities, strict=True)
        if similarity >= best - 0.05 and similarity >= 0.6 * best
    )
