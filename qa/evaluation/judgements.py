"""Which passages of an index answer a question, by the judgements of its file.

A passage is relevant when it holds the quote, white space and quotation marks normalised; where a text repeats itself,
several do, and each is. A quote that stands in the document but is cut by the end of a passage counts for the passage
that holds most of it, and so does a judged stretch whose passage another cutting has moved. What the index does not
hold at all stays judged: the question counts, as not answered, and the run says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from index.ranking.search import Index
from index.storage.reader import DocumentInfo
from qa.evaluation.questions import Evidence, Question, parse_passage_id

Unit = Literal["passage", "document"]
"""What a ranking is made of; with BEIR's qrels a document counts where its best passage stands."""

_MARKS = str.maketrans(dict.fromkeys("‘’‚‛′`´", "'") | dict.fromkeys("“”„‟″«»「」『』＂", '"'))


@dataclass(frozen=True, slots=True)
class Span:
    """A passage as judgements see it."""

    id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What is known of a question's answers in this index.

    `answerable` is None where nobody judged it, or only found what does not answer. `grades` are by passage or document
    id; evidence that the index does not hold stands in them under names that no passage bears, in words in `missing`.
    """

    answerable: bool | None
    grades: Mapping[str, int]
    documents: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def ranked(self) -> bool:
        """Whether the question counts in the measures of rankings."""
        return self.answerable is not False and bool(self.grades)

    def is_relevant(self, unit: str) -> bool:
        """Whether this passage or document answers."""
        return self.grades.get(unit, 0) > 0


def normalise(text: str) -> str:
    """The text with runs of white space as one blank and all quotation marks straight."""
    return " ".join(text.translate(_MARKS).split())


class Judge:
    """Judges questions by one generation of an index; reads each document's passages once."""

    def __init__(self, index: Index, questions: Iterable[Question]) -> None:
        self._index = index
        self._numbers = {one.id: one.number for one in index.documents}
        self._spans: dict[str, list[Span]] = {}
        self._normalised: dict[str, list[str]] = {}
        self.unit: Unit = self._unit(questions)

    def _unit(self, questions: Iterable[Question]) -> Unit:
        """Documents where there are qrels, save where these name passages."""
        named = {unit for one in questions for unit in one.grades or ()}
        if not named:
            return "passage"
        passages = [parse_passage_id(one) for one in named - self._numbers.keys()]
        by_passage = [one for one in passages if one is not None and one.document in self._numbers]
        return "passage" if by_passage and not named & self._numbers.keys() else "document"

    def judge(self, question: Question) -> Judged:
        """The grades of what answers the question in this index."""
        if question.grades is not None:
            return self._graded(question.grades)
        if question.evidence is None:
            return Judged(None, {})
        grades: dict[str, int] = {}
        missing: list[str] = []
        for evidence in question.evidence:
            found = self.holders(evidence)
            if not found:
                missing.append(self._describe(evidence))
            units = [evidence.document] if self.unit == "document" else found or [f"missing:{len(missing)}"]
            grades |= dict.fromkeys(units, 1)
        documents = tuple(dict.fromkeys(one.document for one in question.evidence))
        return Judged(bool(question.evidence), grades, documents, tuple(missing))

    def _graded(self, given: Mapping[str, int]) -> Judged:
        answerable = any(grade > 0 for grade in given.values())
        if self.unit == "document":
            missing = tuple(f'document "{one}"' for one, grade in given.items() if grade > 0 and not self._has(one))
            documents = tuple(one for one, grade in given.items() if grade > 0)
            return Judged(answerable or None, given, documents, missing)
        grades: dict[str, int] = {}
        unknown: list[str] = []
        named: dict[str, None] = {}
        for identifier, grade in given.items():
            evidence = parse_passage_id(identifier)
            found = self.holders(evidence) if evidence is not None else []
            for one in found or [identifier]:
                grades[one] = max(grade, grades.get(one, grade))
            if evidence is not None and grade > 0:
                named[evidence.document] = None
            if not found and grade > 0:
                unknown.append(f'passage "{identifier}"')
        return Judged(answerable or None, grades, tuple(named), tuple(unknown))

    def holders(self, evidence: Evidence) -> list[str]:
        """Ids of the passages that hold a piece of evidence, in text order."""
        if not self._has(evidence.document):
            return []
        spans = self._passages(evidence.document)
        if evidence.span is not None:
            return _most(spans, [evidence.span])
        quote = normalise(evidence.quote or "")
        whole = [
            span.id for span, text in zip(spans, self._normalised[evidence.document], strict=True) if quote in text
        ]
        if whole or not quote:
            return whole
        return _most(spans, occurrences(self._index.document(evidence.document).text, quote))

    def info(self, document: str) -> DocumentInfo | None:
        """A document of the index, None for one that it does not hold."""
        return self._index.info(document) if self._has(document) else None

    def _has(self, document: str) -> bool:
        return document in self._numbers

    def _passages(self, document: str) -> list[Span]:
        if document not in self._spans:
            stored = self._index.records.passages_of_document(self._numbers[document])
            spans = [Span(one.passage.id, one.passage.start, one.passage.end, one.passage.text) for one in stored]
            self._spans[document] = spans
            self._normalised[document] = [normalise(span.text) for span in spans]
        return self._spans[document]

    def _describe(self, evidence: Evidence) -> str:
        if not self._has(evidence.document):
            return f'document "{evidence.document}"'
        if evidence.span is not None:
            return f'passage "{evidence.document}@{evidence.span[0]}-{evidence.span[1]}"'
        quote = normalise(evidence.quote or "")
        return f'quote "{quote if len(quote) <= 60 else quote[:57] + "..."}" of {evidence.document}'


def _most(spans: Sequence[Span], places: Iterable[tuple[int, int]]) -> list[str]:
    """For each place in a document the passage that shares most of it, the first of equals; none for one in none."""
    found: dict[str, None] = {}
    for start, end in places:
        best = max(spans, key=lambda span: min(end, span.end) - max(start, span.start), default=None)
        if best is not None and min(end, best.end) > max(start, best.start):
            found[best.id] = None
    return list(found)


def occurrences(text: str, quote: str) -> list[tuple[int, int]]:
    """Where a normalised quote stands in a text, as offsets of the text itself."""
    kept: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text.translate(_MARKS)):  # one character for one: offsets stay
        if not character.isspace():
            kept.append(character)
            offsets.append(offset)
        elif kept and kept[-1] != " ":
            kept.append(" ")
            offsets.append(offset)
    normalised = "".join(kept)
    found: list[tuple[int, int]] = []
    begin = normalised.find(quote)
    while quote and begin >= 0:
        found.append((offsets[begin], offsets[begin + len(quote) - 1] + 1))
        begin = normalised.find(quote, begin + 1)
    return found
