"""The outcome of one question of a run: its answer, compared with its judgements.

The reading effort is the number of words until the evidence, if the sentences of the answer are read first, then the
passages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from qa.answering.library import Answer
from qa.citation import CitedPassage
from qa.evaluation.judgements import Judge, Judged, normalize
from qa.evaluation.questions import Evidence, Question

SHOWN_PASSAGES = 3
"""Passages stored for the report."""

MIN_STEP = 1e-6
"""Minimum difference between consecutive scores in run.trec."""

COMPARE = "compare"
"""The type of questions that need evidence from several documents."""


@dataclass(frozen=True, slots=True)
class TextSpan:
    """The text `[start, end)` of a document, in the order of reading."""

    document: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A passage or sentence in the report; `relevant` is None where the question is not judged."""

    id: str
    text: str
    citation: str
    relevant: bool | None
    ocr_confidence: float | None = None


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
        return self.judged.answerable is True and bool(self.question.relevant_evidence)


def make_outcome(
    question: Question, answer: Answer, judge: Judge, ranked: Sequence[CitedPassage], depth: int
) -> Outcome:
    """Judge the answer to a question, and keep a ranking of `depth` units from the ranked passages."""
    judged = judge.judge(question)
    by_document = judge.unit == "document"
    units, scores = rank_units(ranked, depth, by_document=by_document)

    def show(cited: CitedPassage, text: str) -> ShownPassage:
        unit = cited.hit.document.id if by_document else cited.hit.id
        relevant = judged.is_relevant(unit) if judged.ranked else None
        return ShownPassage(cited.hit.id, text, cited.citation, relevant, cited.hit.stored.passage.ocr_confidence)

    cited_by_id = {cited.hit.id: cited for cited in answer.passages}
    words, documents_met, evidence_met = None, None, None
    if judged.answerable is True and question.relevant_evidence:
        compares = question.type == COMPARE
        words = words_until_evidence(_reading_order(answer), question.relevant_evidence, every_document=compares)
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
            step = max(MIN_STEP, abs(last) * 2**-20) if ranked else 0.0
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


def words_until_evidence(
    spans: Sequence[TextSpan], evidence: Iterable[Evidence], *, every_document: bool = False
) -> int | None:
    """Count the words (separated by white space) up to the end of the first evidence; None if it is not met.

    With `every_document`, count up to the first evidence from each document, as a comparison needs.
    """
    groups: dict[str, list[Evidence]] = {}
    for item in evidence:
        groups.setdefault(item.document if every_document else "", []).append(item)
    joined = list(_join_adjacent(spans))
    counts = [_words_until_any(joined, group) for group in groups.values()]
    met = [count for count in counts if count is not None]
    return max(met) if met and len(met) == len(counts) else None


def _join_adjacent(spans: Iterable[TextSpan]) -> Iterator[TextSpan]:
    """Join spans that follow each other in their document: evidence may run across the ends of sentences."""
    last: TextSpan | None = None
    for span in spans:
        if last is not None and last.document == span.document and 0 <= span.start - last.end <= 2:
            last = TextSpan(last.document, f"{last.text} {span.text}", last.start, span.end)
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last


def _words_until_any(spans: Sequence[TextSpan], evidence: Sequence[Evidence]) -> int | None:
    words_before = 0
    for span in spans:
        text = normalize(span.text)
        ends = [end for item in evidence if (end := _evidence_end(span, text, item)) is not None]
        if ends:
            return words_before + len(text[: min(ends)].split())
        words_before += len(text.split())
    return None


def _evidence_end(span: TextSpan, text: str, evidence: Evidence) -> int | None:
    """Return the end of the evidence in the normalised text of a span, None if it does not contain it."""
    if span.document != evidence.document:
        return None
    if evidence.span is not None:
        start, end = evidence.span
        if start <= span.start and span.end <= end:
            return len(text)
        return len(normalize(span.text[: end - span.start])) if span.start <= start and end <= span.end else None
    quote = normalize(evidence.quote or "")
    start = text.find(quote)
    return start + len(quote) if quote and start >= 0 else None


def contains_short_answer(texts: Iterable[str], short_answer: str) -> bool:
    """Return whether the texts together contain each part of a short answer, whose parts are separated by "; ".

    Case, white space and the form of quotation marks are ignored, but words and numbers count as wholes: "network" does
    not contain "two", nor "1.29" "29".
    """
    text = normalize(" ".join(texts)).casefold()
    parts = [normalize(part).casefold() for part in short_answer.split(";")]
    return all(_contains_whole(text, part) for part in parts if part)


def _contains_whole(text: str, part: str) -> bool:
    before = r"(?<![0-9])(?<![0-9][.,])" if part[0].isdigit() else r"(?<![a-zà-ɏ])" if part[0].isalpha() else ""
    after = r"(?![0-9]|[.,][0-9])" if part[-1].isdigit() else r"(?![a-zà-ɏ])" if part[-1].isalpha() else ""
    return re.search(before + re.escape(part) + after, text) is not None
