"""Which passage of an edition treats a topic, or that none does.

The passages of an edition are ranked as for a question. Passages are cut by length, in each edition elsewhere, so what
is compared is the stretch around the best one: with its neighbours in the same section that treat the topic, too. Of
the 18 documents that the comparing questions of the yearbooks ask for, 13 have what is asked in the best passage, 16 in
that stretch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.records import Document
from index.models.encoder import Vectors
from index.models.similarity_scale import SimilarityScale
from index.ranking import fusion
from index.ranking.search import Hit, Index
from index.storage.reader import DocumentInfo
from qa.citation import CitedPassage, cite
from qa.confidence import confidence
from qa.editions.publication import Edition
from qa.question.corpus_facts import CorpusFacts

LEAST_SCORE, LEAST_SIMILARITY = 0.55, 0.3
"""From this score of its best passage and this similarity of its best sentence on an edition treats a topic.

Not by the confidence that `ask` refuses by, which is fitted to questions and moves with each fit. Of some 25 topics of
the yearbooks and the inaugural addresses, read by hand: "whales" has a score of .7, but a similarity of .28; "emerging
security challenges" .53 where none are named; what is treated has .6 and .4 and more, with few exceptions
either way ("terrorism" is said to stand in the addresses of 1941 and 1961, "climate change" not in that of 2021).
"""

READ = 12
"""Passages of an edition that are looked at."""

_SHARE_READ = 20
"""Of a large edition so small a part of its passages is looked at, so that a topic's share of it can be told."""

STRETCH = 3
"""Passages that a stretch has at most."""

NEIGHBOUR = 0.8
"""A neighbour of the best passage belongs to its stretch with this share of its score."""

NOTE = 0.1
"""What a note or a glossary entry counts less: it explains what the text around its mark treats."""


@dataclass(frozen=True, slots=True)
class TopicMatch:
    """What a document says of a topic. `passages` are the best stretch, then further ones; empty where not `treated`.

    `nearest` are all that were looked at, for what stands close to the topic.
    """

    edition: Edition
    document: DocumentInfo
    treated: bool
    confidence: float
    passages: tuple[CitedPassage, ...]
    nearest: tuple[Hit, ...]


def match_topic(
    index: Index, edition: Edition, subject: str, vector: Vectors, years: Sequence[int], count: int
) -> list[TopicMatch]:
    """For each document of an edition what it says of a subject; `count` passages at most each."""
    wanted = max(READ * min(len(edition.documents), 4), sum(one.passages for one in edition.documents) // _SHARE_READ)
    among = index.subset(edition.documents)
    result = index.search(subject, vector, wanted, among=among, years=years, candidates=2 * READ)
    hits = result.complete_hits()
    manifest = index.manifest
    found: list[TopicMatch] = []
    for document in edition.documents:
        mine = sorted(
            (hit for hit in hits if hit.document.number == document.number), key=lambda hit: (-_worth(hit), hit.id)
        )
        sure = confidence.confidence(
            subject, mine, result.term_weights, CorpusFacts.of([document]), manifest.scale, manifest.model.fingerprint
        )
        treated = bool(mine) and _treats(mine, manifest.scale)
        passages = _passages(index, mine, count) if treated else ()
        found.append(TopicMatch(edition, document, treated, sure, passages, tuple(mine)))
    return found


def _treats(hits: Sequence[Hit], scale: SimilarityScale) -> bool:
    nearest = fusion.standardise(max(hits[0].similarities), scale)
    return _worth(hits[0]) >= LEAST_SCORE and nearest >= LEAST_SIMILARITY


def _worth(hit: Hit) -> float:
    return hit.score - (NOTE if hit.stored.passage.kind in ("notes", "glossary") else 0.0)


def _passages(index: Index, hits: Sequence[Hit], count: int) -> tuple[CitedPassage, ...]:
    document = index.document(hits[0].document.id)
    first = _stretch(document, hits)
    rest = [
        hit
        for hit in hits[1:]
        if hit.stored.passage.end <= first.stored.passage.start or hit.stored.passage.start >= first.stored.passage.end
    ]
    good = [hit for hit in rest if _worth(hit) >= NEIGHBOUR * _worth(hits[0])]
    return tuple(_cited(rank, hit) for rank, hit in enumerate([first, *good][:count], 1))


def _stretch(document: Document, hits: Sequence[Hit]) -> Hit:
    """The best hit with those beside it in its section that treat the topic as well."""
    best = hits[0]
    section = best.stored.passage.section
    beside = {hit.stored.position: hit for hit in hits if hit.stored.passage.section == section}
    chosen = [best.stored.position]
    while len(chosen) < STRETCH:
        ends = [
            at
            for at in (chosen[0] - 1, chosen[-1] + 1)
            if at in beside and _worth(beside[at]) >= NEIGHBOUR * _worth(best)
        ]
        if not ends:
            break
        chosen = sorted([*chosen, max(ends, key=lambda at: (_worth(beside[at]), -at))])
    if len(chosen) == 1:
        return best
    parts = [beside[at] for at in chosen]
    start, end = parts[0].stored.passage.start, parts[-1].stored.passage.end
    passage = replace(
        parts[0].stored.passage,
        start=start,
        end=end,
        text=document.text[start:end],
        sentences=tuple(dict.fromkeys(one for part in parts for one in part.stored.passage.sentences)),
    )
    similarities = {
        one: value
        for part in parts
        for one, value in zip(part.stored.passage.sentences, part.similarities, strict=True)
    }
    stored = replace(
        parts[0].stored,
        passage=passage,
        terms=tuple(term for part in parts for term in part.stored.terms),
        sentence_rows=tuple(
            {
                one: row
                for part in parts
                for one, row in zip(part.stored.passage.sentences, part.stored.sentence_rows, strict=True)
            }.values()
        ),
    )
    return replace(best, stored=stored, similarities=tuple(similarities[one] for one in passage.sentences))


def _cited(rank: int, hit: Hit) -> CitedPassage:
    passage = hit.stored.passage
    best = max(range(len(hit.similarities)), key=lambda at: (hit.similarities[at], -at))
    sentence = passage.sentences[best]
    highlight = (max(sentence.start, passage.start), min(sentence.end, passage.end))
    return CitedPassage(rank, hit, cite(hit.document, passage.path, passage.page, passage.page_label), (highlight,))
