"""The outcome of one question of a run: its answer, compared with its judgements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.answering.library import Answer
from qa.citation import CitedPassage
from qa.evaluation.judgements import Judge, Judged
from qa.evaluation.questions import Question
from qa.evaluation.reading_effort import TextSpan, contains_short_answer, words_until_evidence

SHOWN_PASSAGES = 3
"""Passages stored for the report."""

LEAST_STEP = 1e-6
"""Least difference between consecutive scores in run.trec."""

COMPARE = "compare"
"""The type of questions that need evidence from several documents."""


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A passage or sentence in the report; `relevant` is None where the question is not judged."""

    id: str
    text: str
    citation: str
    relevant: bool | None


@dataclass(frozen=True, slots=True)
class EvidenceGroups:
    """Editions and series of the documents that answer a question."""

    editions: tuple[str, ...] = ()
    series: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a question. `ranking` holds distinct ids of passages or documents, best first.

    `first` is the rank of the first relevant id; `words` the words read until the evidence; `holds_answer` whether the
    sentences contain the short answer; `documents_met` and `evidence_met` whether the first five passages include a
    passage, and evidence, from each document of the evidence. Each is None where it is unknown or does not apply.
    """

    question: Question
    judged: Judged
    groups: EvidenceGroups
    answered: bool
    confidence: float
    notices: tuple[str, ...]
    ranking: tuple[str, ...]
    scores: tuple[float, ...]
    sentences: tuple[ShownPassage, ...]
    passages: tuple[ShownPassage, ...]
    first: int | None = None
    words: int | None = None
    holds_answer: bool | None = None
    documents_met: bool | None = None
    evidence_met: bool | None = None

    @property
    def has_reading(self) -> bool:
        """Whether the words until the evidence can be counted."""
        return self.judged.answerable is True and bool(self.question.evidence)


def make_outcome(
    question: Question, answer: Answer, judge: Judge, ranked: Sequence[CitedPassage], depth: int
) -> Outcome:
    """Judge the answer to a question, and keep a ranking of `depth` units from the ranked passages."""
    judged = judge.judge(question)
    by_document = judge.unit == "document"
    units, scores = rank_units(ranked, depth, by_document=by_document)

    def show(cited: CitedPassage, text: str) -> ShownPassage:
        unit = cited.hit.document.id if by_document else cited.hit.id
        return ShownPassage(cited.hit.id, text, cited.citation, judged.is_relevant(unit) if judged.ranked else None)

    cited_by_id = {cited.hit.id: cited for cited in answer.passages}
    words, documents_met, evidence_met = None, None, None
    if judged.answerable is True and question.evidence:
        compares = question.type == COMPARE
        words = words_until_evidence(_reading_order(answer), question.evidence, every_document=compares)
        if compares:
            hits = [cited.hit for cited in answer.passages[:5]]
            documents_met = {hit.document.id for hit in hits} >= set(judged.documents)
            evidence_met = {hit.document.id for hit in hits if judged.is_relevant(hit.id)} >= set(judged.documents)
    short_answer = question.short_answer if judged.answerable is True else None
    return Outcome(
        question=question,
        judged=judged,
        groups=_evidence_groups(judged, judge),
        answered=answer.answered,
        confidence=answer.confidence,
        notices=answer.notices,
        ranking=units,
        scores=scores,
        sentences=tuple(show(cited_by_id[sentence.passage], sentence.text) for sentence in answer.sentences),
        passages=tuple(show(cited, cited.hit.stored.passage.text) for cited in answer.passages[:SHOWN_PASSAGES]),
        first=next((rank for rank, unit in enumerate(units, 1) if judged.is_relevant(unit)), None),
        words=words,
        holds_answer=(
            contains_short_answer((sentence.text for sentence in answer.sentences), short_answer)
            if short_answer is not None
            else None
        ),
        documents_met=documents_met,
        evidence_met=evidence_met,
    )


def rank_units(
    passages: Sequence[CitedPassage], depth: int, *, by_document: bool
) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Return the first `depth` distinct ids with strictly decreasing scores, so that any tool restores the order.

    A document ranks where its best passage does. Where a passage follows one with an equal or lower score, its score
    is lowered. The step is wide enough for the 32-bit floats of trec_eval.
    """
    ranked: dict[str, float] = {}
    last = float("inf")
    for cited in passages:
        unit = cited.hit.document.id if by_document else cited.hit.id
        if unit not in ranked:
            step = max(LEAST_STEP, abs(last) * 2**-20) if ranked else 0.0
            last = ranked[unit] = round(min(cited.hit.score, last - step), 6)
    return tuple(ranked)[:depth], tuple(ranked.values())[:depth]


def _reading_order(answer: Answer) -> list[TextSpan]:
    """Return the texts in reading order: the answer's sentences, then its passages."""
    documents = {cited.hit.id: cited.hit.document.id for cited in answer.passages}
    sentences = [
        TextSpan(documents[sentence.passage], sentence.text, sentence.start, sentence.end)
        for sentence in answer.sentences
    ]
    passages = [cited.hit.stored.passage for cited in answer.passages]
    return sentences + [TextSpan(passage.document, passage.text, passage.start, passage.end) for passage in passages]


def _evidence_groups(judged: Judged, judge: Judge) -> EvidenceGroups:
    if judged.answerable is not True:
        return EvidenceGroups()
    infos = [info for document in judged.documents if (info := judge.info(document)) is not None]
    return EvidenceGroups(
        tuple(dict.fromkeys(str(info.edition) if info.edition is not None else "unknown" for info in infos)),
        tuple(dict.fromkeys(info.series or "unknown" for info in infos)),
    )
