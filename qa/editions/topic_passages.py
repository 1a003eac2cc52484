"""Find the passages of each edition that treat a topic, or decide that it does not treat it.

Passages are ranked as for a question. Editions are cut into passages at different places, so what is compared is the
stretch around the best passage: its neighbours in the same section that treat the topic too. Of the 18 documents that
the comparing questions of the yearbooks ask for, the best passage has the answer in 13, the stretch in 16.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.records import Document, Sentence
from index.models.encoder import Vectors
from index.models.similarity_scale import SimilarityScale
from index.ranking import fusion
from index.ranking.search import Hit, Index
from index.storage.reader import DocumentInfo
from qa.citation import CitedPassage, cite
from qa.confidence.confidence import estimate_confidence
from qa.editions.publication import Edition
from qa.question.corpus_facts import CorpusFacts

MIN_SCORE, MIN_SIMILARITY = 0.55, 0.3
"""A document treats a topic if its best passage has this score and its best sentence this standardised similarity.

Independent of the confidence threshold of `ask`, which is fitted to questions and changes with each fit. Set on 25
topics of the yearbooks and inaugural addresses: "whales" scores 0.7 with a similarity of 0.28, "emerging security
challenges" 0.53 where none are named; topics that are treated have 0.6 and 0.4 or more, with few exceptions either way
("terrorism" is found in the addresses of 1941 and 1961, "climate change" is missed in that of 2021).
"""

PASSAGES_READ = 12
"""Minimum number of passages read per document (up to 4 documents)."""

_SHARE_READ = 20
"""At least 1/20 of the passages of an edition are read, so that the share about a topic can be measured."""

MAX_STRETCH = 3
"""Maximum number of passages in a stretch."""

NEIGHBOUR_SHARE = 0.8
"""A neighbour joins the stretch, and a further passage is shown, with this share of the best score."""

NOTE_PENALTY = 0.1
"""Subtracted from the score of notes and glossary entries: they explain what the text around their mark treats."""


@dataclass(frozen=True, slots=True)
class TopicMatch:
    """What a document says of a topic.

    `passages` are the best stretch and further passages, empty unless `treated`; `hits` are all passages read.
    """

    edition: Edition
    document: DocumentInfo
    treated: bool
    confidence: float
    passages: tuple[CitedPassage, ...]
    hits: tuple[Hit, ...]


def match_topic(
    index: Index, edition: Edition, subject: str, vector: Vectors, years: Sequence[int], count: int
) -> list[TopicMatch]:
    """Return what each document of an edition says of a topic.

    Args:
        index: the index.
        edition: the edition to search.
        subject: the topic's text.
        vector: its unit vector, shape (dimension,).
        years: years that the topic prefers.
        count: maximum number of passages per document.
    """
    wanted = max(
        PASSAGES_READ * min(len(edition.documents), 4),
        sum(document.passages for document in edition.documents) // _SHARE_READ,
    )
    among = index.subset(edition.documents)
    result = index.search(subject, vector, wanted, among=among, years=years, candidates=2 * PASSAGES_READ)
    hits = result.complete_hits()
    manifest = index.manifest
    matches: list[TopicMatch] = []
    for document in edition.documents:
        own = sorted(
            (hit for hit in hits if hit.document.number == document.number), key=lambda hit: (-_adjusted(hit), hit.id)
        )
        probability = estimate_confidence(
            subject, own, result.term_weights, CorpusFacts.of([document]), manifest.scale, manifest.model.fingerprint
        )
        treated = bool(own) and _treats(own, manifest.scale)
        passages = _passages(index, own, count) if treated else ()
        matches.append(TopicMatch(edition, document, treated, probability, passages, tuple(own)))
    return matches


def _treats(hits: Sequence[Hit], scale: SimilarityScale) -> bool:
    similarity = fusion.standardise(max(hits[0].similarities), scale)
    return _adjusted(hits[0]) >= MIN_SCORE and similarity >= MIN_SIMILARITY


def _adjusted(hit: Hit) -> float:
    """Return the score, less the penalty for notes."""
    return hit.score - (NOTE_PENALTY if hit.stored.passage.kind in ("notes", "glossary") else 0.0)


def _passages(index: Index, hits: Sequence[Hit], count: int) -> tuple[CitedPassage, ...]:
    stretch = _stretch(index.document(hits[0].document.id), hits)
    around = stretch.stored.passage
    further = [
        hit
        for hit in hits[1:]
        if (hit.stored.passage.end <= around.start or hit.stored.passage.start >= around.end)
        and _adjusted(hit) >= NEIGHBOUR_SHARE * _adjusted(hits[0])
    ]
    return tuple(_cite(rank, hit) for rank, hit in enumerate([stretch, *further][:count], 1))


def _stretch(document: Document, hits: Sequence[Hit]) -> Hit:
    """Join the best hit with its neighbours in the section that treat the topic."""
    best = hits[0]
    section = best.stored.passage.section
    in_section = {hit.stored.position: hit for hit in hits if hit.stored.passage.section == section}
    chosen = [best.stored.position]
    while len(chosen) < MAX_STRETCH:
        neighbours = [
            position
            for position in (chosen[0] - 1, chosen[-1] + 1)
            if position in in_section and _adjusted(in_section[position]) >= NEIGHBOUR_SHARE * _adjusted(best)
        ]
        if not neighbours:
            break
        chosen = sorted([*chosen, max(neighbours, key=lambda position: (_adjusted(in_section[position]), -position))])
    if len(chosen) == 1:
        return best
    parts = [in_section[position].stored for position in chosen]
    start, end = parts[0].passage.start, parts[-1].passage.end
    rows: dict[Sentence, int] = {}
    similarities: dict[Sentence, float] = {}
    for position, part in zip(chosen, parts, strict=True):
        rows |= zip(part.passage.sentences, part.sentence_rows, strict=True)
        similarities |= zip(part.passage.sentences, in_section[position].similarities, strict=True)
    passage = replace(parts[0].passage, start=start, end=end, text=document.text[start:end], sentences=tuple(rows))
    stored = replace(
        parts[0],
        passage=passage,
        terms=tuple(term for part in parts for term in part.terms),
        sentence_rows=tuple(rows.values()),
    )
    return replace(best, stored=stored, similarities=tuple(similarities.values()))


def best_sentence(hit: Hit) -> tuple[int, int]:
    """Return the span of the sentence of a hit that is most similar to the question, clipped to the passage."""
    passage = hit.stored.passage
    best = max(range(len(hit.similarities)), key=lambda position: (hit.similarities[position], -position))
    sentence = passage.sentences[best]
    return max(sentence.start, passage.start), min(sentence.end, passage.end)


def _cite(rank: int, hit: Hit) -> CitedPassage:
    passage = hit.stored.passage
    citation = cite(hit.document, passage.path, passage.page, passage.page_label)
    return CitedPassage(rank, hit, citation, (best_sentence(hit),))
