"""Collect the sentences of an edition that a topic's sentences may correspond to: those around its passages.

The counterpart of a sentence may be in another passage of the section, or in another section about the topic. The
number of sentences is bounded, so that every edition costs the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.records import HEADED_KINDS, Document, format_span_id
from index.lexical import bm25
from index.models.encoder import Vectors
from index.ranking.search import Index
from index.storage.reader import StoredPassage
from qa.editions.edition import Edition
from qa.editions.sections import LocatedSentence, locate_sentences
from qa.editions.sentence_alignment import Change, SentenceSet, section_name
from qa.editions.topic_decision import MIN_PAIR_RELATEDNESS
from qa.editions.topic_passages import TopicMatch
from qa.editions.topic_words import TopicWords

"""Terms of a typical sentence, for the length normalisation of BM25."""

_TOPIC_SHARE = 0.5
"""Share of the topic's words with which a sentence, under its headings, is about the topic: "public lands" are not the
public debt. Likewise of an item of a list, whose sentence is about many things, or of the introduction of the list."""

_SECTION_REACH = 8
"""Passages of the same section that are read before and after those about the topic."""


@dataclass(frozen=True, slots=True)
class CandidateSentences:
    """Sentences of an edition around a topic.

    `shown` are document and start of those inside the passages shown, `relevance` the nearness of each to the topic.
    `headings` are those above each, `sections` the innermost of these, `related` says which are similar to the topic.
    """

    edition: Edition
    sentences: SentenceSet
    shown: frozenset[tuple[str, int]]
    relevance: tuple[float, ...]
    headings: tuple[str, ...]
    sections: tuple[str, ...]
    related: tuple[bool, ...]
    words: TopicWords | None
    documents: tuple[tuple[Document, tuple[StoredPassage, ...]], ...]

    def is_on_topic(self, position: int) -> bool:
        """Return whether a sentence has words of the topic, in itself or its headings, or is related to it."""
        return self.related[position] or self.has_words(position)

    def has_words(self, position: int) -> bool:
        """Return whether a sentence has words of the topic, in itself, its headings or the caption of its table."""
        sentence = self.sentences.sentences[position]
        above = f"{self.headings[position]} {sentence.header}"
        return self.words is not None and self.words.weight_in(sentence.text, above) >= _TOPIC_SHARE

    def names_topic(self, *texts: str) -> bool:
        """Return whether one of some texts, an item of a list or its introduction, has half of the topic's words."""
        return self.words is None or any(self.words.weight_in(text, "") >= _TOPIC_SHARE for text in texts)

    def all_section_names(self) -> frozenset[str]:
        """Return the names of all sections of the documents about the topic."""
        return frozenset(
            section_name(item.text)
            for document, _ in self.documents
            for item in document.outline
            if item.kind in HEADED_KINDS
        )

    def find_verbatim(self, sentence: LocatedSentence) -> LocatedSentence | None:
        """Return the same sentence anywhere in the documents about the topic, or None."""
        for document, passages in self.documents:
            start = document.text.find(sentence.text)
            if start >= 0:
                end = start + len(sentence.text)
                inside = (p.passage.id for p in passages if p.passage.start <= start < p.passage.end)
                passage_id = next(inside, format_span_id(document.id, start, end))
                return LocatedSentence(document.id, passage_id, start, end, sentence.text, -1)
        return None


def collect_candidates(
    index: Index, edition: Edition, matches: Sequence[TopicMatch], subject: str, vector: Vectors
) -> CandidateSentences | None:
    """Return the candidates of an edition; None if it does not treat the topic.

    Args:
        index: The index.
        edition: One of the editions of `matches`.
        matches: The match of the topic in each document.
        subject: The topic's text.
        vector: Its vector, shape (dimension,), which that of the sentence encoder may follow.
    """
    sentences: list[LocatedSentence] = []
    headings: list[str] = []
    sections: list[str] = []
    shown: set[tuple[str, int]] = set()
    documents: list[tuple[Document, tuple[StoredPassage, ...]]] = []
    language: str | None = None
    words: TopicWords | None = None
    for match in matches:
        if match.edition is not edition or not match.treated:
            continue
        language = language or match.document.language
        words = words or match.words
        document = index.document(match.document.id)
        passages = index.records.passages_of_document(match.document.number)
        documents.append((document, tuple(passages)))
        best = match.passages[0].hit.stored.passage
        heading = document.heading_of(best.section)
        positions = [p.position for p in passages if best.start <= p.passage.start < best.end]
        reach = range(min(positions) - _SECTION_REACH, max(positions) + _SECTION_REACH + 1)
        hits = {hit.stored.number for hit in match.hits}
        for p in passages:
            in_section = p.position in reach and document.heading_of(p.passage.section) == heading
            if p.number in hits or in_section:
                located = locate_sentences([p])
                sentences += located
                headings += [" ".join(p.passage.path)] * len(located)
                sections += [p.passage.path[-1] if p.passage.path else ""] * len(located)
                shown |= {(s.document, s.start) for s in located if best.start <= s.start and s.end <= best.end}
    if not sentences:
        return None
    candidates = SentenceSet.of(sentences, index.sentence_vectors([sentence.row for sentence in sentences]), language)
    weights = index.term_weights(subject)
    cosines = candidates.vectors @ vector[: index.manifest.model.dimension]
    relevance = tuple(
        round(cosine + 0.5 * bm25.fraction(weights, terms, bm25.SENTENCE_LENGTH), 4)
        for terms, cosine in zip(candidates.terms, cosines.tolist(), strict=True)
    )
    related = tuple((index.manifest.scale.relatedness(cosines) >= MIN_PAIR_RELATEDNESS).tolist())
    return CandidateSentences(
        edition,
        candidates,
        frozenset(shown),
        relevance,
        tuple(headings),
        tuple(sections),
        related,
        words,
        tuple(documents),
    )


def select_shown(changes: Sequence[Change], earlier: CandidateSentences, later: CandidateSentences) -> list[Change]:
    """Return the changes that touch a shown passage; a sentence found verbatim elsewhere in the edition was kept."""
    selected: list[Change] = []
    for change in changes:
        sides = ((change.earlier, earlier), (change.later, later))
        if not any(side is not None and (side.document, side.start) in part.shown for side, part in sides):
            continue
        if change.later is None and change.earlier is not None:
            twin = later.find_verbatim(change.earlier)
            change = Change("kept", change.earlier, twin, similarity=1.0) if twin is not None else change
        elif change.earlier is None and change.later is not None:
            twin = earlier.find_verbatim(change.later)
            change = Change("kept", twin, change.later, similarity=1.0) if twin is not None else change
        selected.append(change)
    return selected
