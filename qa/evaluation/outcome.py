"""One question of a batch: how its answer came out against its judgements. What an evaluation keeps of an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.answering.library import Answer
from qa.citation import CitedPassage
from qa.evaluation import reading_effort
from qa.evaluation.judgements import Judge, Judged
from qa.evaluation.questions import Question
from qa.evaluation.reading_effort import Piece

SHOWN = 3
"""Passages of an answer that an outcome keeps for the report."""

LEAST_STEP = 1e-6
"""Scores in run.trec fall at least by so much from rank to rank."""

COMPARE = "compare"
"""The type of questions that need evidence from each document that is named in it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage or sentence as the report shows it; `relevant` None where the question is not judged."""

    id: str
    text: str
    citation: str
    relevant: bool | None


@dataclass(frozen=True, slots=True)
class Groups:
    """Editions and series of the documents that answer a question."""

    editions: tuple[str, ...] = ()
    series: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one question came out. `ranking` holds ids of passages or documents, best first, each once.

    `first` is the rank of the first relevant one; `words` are those to read until the evidence, `holds_answer` whether
    the sentences hold the short answer, `documents_met` and `evidence_met` whether the first five passages come from
    each document of the evidence, and hold evidence of each. None where that is not known or not asked.
    """

    question: Question
    judged: Judged
    groups: Groups
    answered: bool
    confidence: float
    notices: tuple[str, ...]
    ranking: tuple[str, ...]
    scores: tuple[float, ...]
    sentences: tuple[Shown, ...]
    passages: tuple[Shown, ...]
    first: int | None = None
    words: int | None = None
    holds_answer: bool | None = None
    documents_met: bool | None = None
    evidence_met: bool | None = None

    @property
    def has_reading(self) -> bool:
        """Whether words until the evidence can be counted."""
        return self.judged.answerable is True and bool(self.question.evidence)


def outcome(question: Question, answer: Answer, judge: Judge, ranked: Sequence[CitedPassage], depth: int) -> Outcome:
    """The outcome of a question; `ranked` are its passages, of which the run keeps a ranking of `depth`."""
    judged = judge.judge(question)
    units, scores = ranking(ranked, depth, by_document=judge.unit == "document")
    by_id = {one.hit.id: one for one in answer.passages}
    answerable = judged.answerable is True

    def relevant(passage: CitedPassage) -> bool | None:
        unit = passage.hit.document.id if judge.unit == "document" else passage.hit.id
        return judged.is_relevant(unit) if judged.ranked else None

    sentences = tuple(
        Shown(one.passage, one.text, by_id[one.passage].citation, relevant(by_id[one.passage]))
        for one in answer.sentences
    )
    passages = tuple(
        Shown(one.hit.id, one.hit.stored.passage.text, one.citation, relevant(one)) for one in answer.passages[:SHOWN]
    )
    words, documents_met, evidence_met = None, None, None
    if answerable and question.evidence:
        compares = question.type == COMPARE
        words = reading_effort.words_until(_pieces(answer), question.evidence, every_document=compares)
        if compares:
            five = answer.passages[:5]
            documents_met = {one.hit.document.id for one in five} >= set(judged.documents)
            held = {one.hit.document.id for one in five if judged.is_relevant(one.hit.id)}
            evidence_met = held >= set(judged.documents)
    short = question.short_answer if answerable else None
    return Outcome(
        question=question,
        judged=judged,
        groups=_groups(judged, judge),
        answered=answer.answered,
        confidence=answer.confidence,
        notices=answer.notices,
        ranking=units,
        scores=scores,
        sentences=sentences,
        passages=passages,
        first=next((rank for rank, unit in enumerate(units, 1) if judged.is_relevant(unit)), None),
        words=words,
        holds_answer=None if short is None else reading_effort.holds((one.text for one in answer.sentences), short),
        documents_met=documents_met,
        evidence_met=evidence_met,
    )


def ranking(
    passages: Sequence[CitedPassage], depth: int, *, by_document: bool
) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """The first `depth` ids in the order of the passages, with scores that fall from each to the next.

    A document stands where its best passage does. The order is the answer's: where it lifted a passage over a better
    score, or two scores are equal, the later score is lowered, so that tools that sort by score find the same order. A
    step is wide enough to survive the 32-bit floats of trec_eval.
    """
    found: dict[str, float] = {}
    last = float("inf")
    for one in passages:
        unit = one.hit.document.id if by_document else one.hit.id
        if unit not in found:
            last = round(min(one.hit.score, last - max(LEAST_STEP, abs(last) * 2**-20 if found else 0.0)), 6)
            found[unit] = last
    return tuple(found)[:depth], tuple(found.values())[:depth]


def _pieces(answer: Answer) -> list[Piece]:
    """What a reader of the answer reads, in order."""
    documents = {one.hit.id: one.hit.document.id for one in answer.passages}
    pieces = [Piece(documents[one.passage], one.text, one.start, one.end) for one in answer.sentences]
    for one in answer.passages:
        passage = one.hit.stored.passage
        pieces.append(Piece(one.hit.document.id, passage.text, passage.start, passage.end))
    return pieces


def _groups(judged: Judged, judge: Judge) -> Groups:
    if judged.answerable is not True:
        return Groups()
    infos = [info for one in judged.documents if (info := judge.info(one)) is not None]
    return Groups(
        tuple(dict.fromkeys(str(one.edition) if one.edition is not None else "unknown" for one in infos)),
        tuple(dict.fromkeys(one.series or "unknown" for one in infos)),
    )
