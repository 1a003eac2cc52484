"""The sentences of an edition that a topic's sentences may correspond to: those around its passages.

A sentence of the one edition's passage may stand, in the other, in another passage of the section or in another section
that is about the topic. What is looked at is bounded, so that a topic over many editions costs the same for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.records import Document
from index.lexical import bm25
from index.models.encoder import Vectors
from index.ranking.search import Index
from index.storage.reader import StoredPassage
from qa.editions.publication import Edition
from qa.editions.sections import LocatedSentence, head_of, locate_sentences
from qa.editions.sentence_alignment import Change, SentenceSet
from qa.editions.topic_passages import TopicMatch
from qa.editions.words import Difference

_MEAN_LENGTH = 20.0
_MOST_OF_SECTION = 8
"""Passages of a section that are looked at before and behind those that treat the topic."""


@dataclass(frozen=True, slots=True)
class CandidateSentences:
    """An edition's sentences; `shown` are those of its passages, `relevance` how near each is to the topic."""

    edition: Edition
    sentences: SentenceSet
    shown: frozenset[tuple[str, int]]
    relevance: tuple[float, ...]
    documents: tuple[tuple[Document, tuple[StoredPassage, ...]], ...]

    def elsewhere(self, sentence: LocatedSentence) -> LocatedSentence | None:
        """The same sentence anywhere in the edition's documents that treat the topic."""
        for document, stored in self.documents:
            start = document.text.find(sentence.text)
            if start >= 0:
                end = start + len(sentence.text)
                home = next((p.passage.id for p in stored if p.passage.start <= start < p.passage.end), None)
                name = home or f"{document.id}@{start}-{end}"
                return LocatedSentence(document.id, name, start, end, sentence.text, -1)
        return None


def scope(
    index: Index, edition: Edition, found: Sequence[TopicMatch], subject: str, vector: Vectors
) -> CandidateSentences | None:
    """The scope of an edition's treatments; None where it does not treat the topic."""
    gathered: list[LocatedSentence] = []
    shown: set[tuple[str, int]] = set()
    documents: list[tuple[Document, tuple[StoredPassage, ...]]] = []
    language: str | None = None
    for one in found:
        if one.edition is not edition or not one.treated:
            continue
        language = language or one.document.language
        document = index.document(one.document.id)
        stored = index.records.passages_of_document(one.document.number)
        documents.append((document, tuple(stored)))
        first = one.passages[0].hit.stored.passage
        head = head_of(document, first.section)
        at = [p.position for p in stored if first.start <= p.passage.start < first.end]
        reach = range(min(at) - _MOST_OF_SECTION, max(at) + _MOST_OF_SECTION + 1)
        near = {hit.stored.number for hit in one.nearest}
        for p in stored:
            if p.number in near or (p.position in reach and head_of(document, p.passage.section) == head):
                for sentence in locate_sentences([p]):
                    gathered.append(sentence)
                    if first.start <= sentence.start and sentence.end <= first.end:
                        shown.add((sentence.document, sentence.start))
    if not gathered:
        return None
    sentences = SentenceSet.of(gathered, index.sentence_vectors([one.row for one in gathered]), language)
    weights = index.term_weights(subject)
    near_subject = (sentences.vectors @ vector).tolist()
    relevance = tuple(
        round(close + 0.5 * bm25.fraction(weights, bag, _MEAN_LENGTH), 4)
        for bag, close in zip(sentences.bags, near_subject, strict=True)
    )
    return CandidateSentences(edition, sentences, frozenset(shown), relevance, tuple(documents))


def shown_changes(changes: Sequence[Change], one: CandidateSentences, other: CandidateSentences) -> list[Change]:
    """The changes that touch a passage that is shown; what stands word for word elsewhere in the edition was kept."""
    found: list[Change] = []
    for change in changes:
        if not any(side is not None and (side.document, side.start) in part.shown
                   for side, part in ((change.earlier, one), (change.later, other))):  # fmt: skip
            continue
        if change.later is None and change.earlier is not None:
            twin = other.elsewhere(change.earlier)
            change = Change("kept", change.earlier, twin, Difference(), 1.0) if twin is not None else change
        elif change.earlier is None and change.later is not None:
            twin = one.elsewhere(change.later)
            change = Change("kept", twin, change.later, Difference(), 1.0) if twin is not None else change
        found.append(change)
    return found
