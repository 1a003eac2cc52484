"""Resolve the judgements of a question to passages or documents of an index.

A passage is relevant if it contains the quote, with white space and quotation marks normalised; if a text repeats
itself, several passages are. In a recognised text (OCR) some words of the quote may be misread. A quote cut by the end
of a passage counts for the passage that contains most of it, as does a judged span whose passage was cut differently in
this index. Evidence that the index does not contain stays judged: the question counts as not answered, and the run
reports it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.records import Document, Passage, format_span_id
from index.ranking.search import Index
from index.storage.reader import DocumentInfo
from qa.checking.quotation_pattern import nearest_tokens, parse_quotation, tokenize
from qa.editions.word_diff import QUOTE_MARKS
from qa.evaluation.questions import Evidence, Question, evidence_of_passage

Unit = Literal["passage", "document"]
"""The ranked unit; the qrels of BEIR judge documents, which rank where their best passage does."""

_MAX_MISREAD = 0.25
"""Maximum share of a quote's words that text recognition misread, as the cost of `nearest_tokens`."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The judgements of a question, resolved to an index.

    `answerable` is None if the question was not judged, or only irrelevant units are known. `grades` are by passage or
    document id. Evidence that the index does not contain has a grade under an id that no passage has, and a description
    in `missing`.
    """

    answerable: bool | None
    grades: Mapping[str, int]
    documents: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def ranked(self) -> bool:
        """Whether the question counts in the ranking measures."""
        return self.answerable is not False and bool(self.grades)

    def is_relevant(self, unit: str) -> bool:
        """Return whether this passage or document is relevant."""
        return self.grades.get(unit, 0) > 0


def normalize(text: str) -> str:
    """Collapse white space and make quotation marks straight."""
    return " ".join(text.translate(QUOTE_MARKS).split())


class Judge:
    """Judges questions by one generation of an index; reads each document's passages once."""

    def __init__(self, index: Index, questions: Iterable[Question]) -> None:
        self._index = index
        self._numbers = {document.id: document.number for document in index.documents}
        self._passages: dict[str, list[Passage]] = {}
        self._normalized: dict[str, list[str]] = {}
        self.unit: Unit = self._choose_unit(questions)

    def _choose_unit(self, questions: Iterable[Question]) -> Unit:
        """Rank documents if there are qrels, unless these judge passages."""
        judged = {unit for question in questions for unit in question.grades or ()}
        if not judged:
            return "passage"
        passages = [evidence_of_passage(unit) for unit in judged - self._numbers.keys()]
        known = [passage for passage in passages if passage is not None and passage.document in self._numbers]
        return "passage" if known and not judged & self._numbers.keys() else "document"

    def judge(self, question: Question) -> Judged:
        """Resolve the judgements of a question."""
        if question.grades is not None:
            return self._resolve_grades(question.grades)
        if question.evidence is None:
            return Judged(None, {})
        grades: dict[str, int] = {}
        missing: list[str] = []
        for evidence in question.evidence:
            passages = self.find_passages(evidence)
            if not passages and evidence.grade > 0:
                missing.append(self._describe(evidence))
                passages = [f"missing:{len(missing)}"]
            for unit in [evidence.document] if self.unit == "document" else passages:
                grades[unit] = max(evidence.grade, grades.get(unit, 0))
        answerable = bool(question.relevant_evidence) or (None if question.evidence else False)
        documents = tuple(dict.fromkeys(evidence.document for evidence in question.relevant_evidence))
        return Judged(answerable, grades, documents, tuple(missing))

    def _resolve_grades(self, qrels: Mapping[str, int]) -> Judged:
        relevant = [unit for unit, grade in qrels.items() if grade > 0]
        answerable = True if relevant else None
        if self.unit == "document":
            unknown = tuple(f'document "{unit}"' for unit in relevant if unit not in self._numbers)
            return Judged(answerable, qrels, tuple(relevant), unknown)
        grades: dict[str, int] = {}
        missing: list[str] = []
        documents: dict[str, None] = {}
        for unit, grade in qrels.items():
            evidence = evidence_of_passage(unit)
            passages = self.find_passages(evidence) if evidence is not None else []
            for passage in passages or [unit]:
                grades[passage] = max(grade, grades.get(passage, grade))
            if evidence is not None and grade > 0:
                documents[evidence.document] = None
            if not passages and grade > 0:
                missing.append(f'passage "{unit}"')
        return Judged(answerable, grades, tuple(documents), tuple(missing))

    def find_passages(self, evidence: Evidence) -> list[str]:
        """Return the ids of the passages that contain a piece of evidence, in text order."""
        if evidence.document not in self._numbers:
            return []
        passages = self._passages_of(evidence.document)
        if evidence.span is not None:
            return _overlapping_most(passages, [evidence.span])
        quote = normalize(evidence.quote or "")
        texts = self._normalized[evidence.document]
        containing = [passage.id for passage, text in zip(passages, texts, strict=True) if quote in text]
        if containing or not quote:
            return containing
        document = self._index.document(evidence.document)
        spans = occurrences(document.text, quote)
        return _overlapping_most(passages, spans or _misread_occurrence(document, quote))

    def info(self, document: str) -> DocumentInfo | None:
        """Return a document of the index, None for an unknown one."""
        return self._index.info(document) if document in self._numbers else None

    def _passages_of(self, document: str) -> list[Passage]:
        if document not in self._passages:
            stored = self._index.records.passages_of_document(self._numbers[document])
            self._passages[document] = [item.passage for item in stored]
            self._normalized[document] = [normalize(item.passage.text) for item in stored]
        return self._passages[document]

    def _describe(self, evidence: Evidence) -> str:
        if evidence.document not in self._numbers:
            return f'document "{evidence.document}"'
        if evidence.span is not None:
            return f'passage "{format_span_id(evidence.document, *evidence.span)}"'
        quote = normalize(evidence.quote or "")
        return f'quote "{quote if len(quote) <= 60 else quote[:57] + "..."}" of {evidence.document}'


def _overlapping_most(passages: Sequence[Passage], spans: Iterable[tuple[int, int]]) -> list[str]:
    """Return for each span the passage that overlaps it most, the first of equals; none if no passage does."""
    ids: dict[str, None] = {}
    for start, end in spans:
        best = max(passages, key=lambda passage: min(end, passage.end) - max(start, passage.start), default=None)
        if best is not None and min(end, best.end) > max(start, best.start):
            ids[best.id] = None
    return list(ids)


def _misread_occurrence(document: Document, quote: str) -> list[tuple[int, int]]:
    """Return the span of a recognised text (OCR) that is nearest to a quote, if only a few words differ."""
    tokens = tokenize(document.text) if document.recognized else []
    cost, start, end, *_ = nearest_tokens(parse_quotation(quote), tokens)
    return [(tokens[start].start, tokens[end - 1].end)] if cost <= _MAX_MISREAD and start < end else []


def occurrences(text: str, quote: str) -> list[tuple[int, int]]:
    """Return the spans of a text whose normalised form is the quote, as offsets of the text itself."""
    characters: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text.translate(QUOTE_MARKS)):  # one character for one, so that offsets stay
        if not character.isspace():
            characters.append(character)
            offsets.append(offset)
        elif characters and characters[-1] != " ":
            characters.append(" ")
            offsets.append(offset)
    normalized = "".join(characters)
    spans: list[tuple[int, int]] = []
    start = normalized.find(quote)
    while quote and start >= 0:
        spans.append((offsets[start], offsets[start + len(quote) - 1] + 1))
        start = normalized.find(quote, start + 1)
    return spans
