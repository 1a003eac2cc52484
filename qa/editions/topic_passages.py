"""Find the passages of each edition about a topic: rank them, decide whether they treat it, join and cite the best.

Passages are ranked as for a question. Whether a document treats the topic is decided in `qa.editions.topic_decision`.
Editions are cut into passages at different places, so what is compared is the best passage joined with its neighbours
in the same section that are about the topic, too. Of the 18 documents that the comparing questions of the yearbooks ask
for, the joined passages have the answer in 14.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.records import Document, Sentence
from index.models.encoder import Encoder, Vectors
from index.ranking.search import Hit, Index
from index.storage.reader import DocumentInfo, StoredPassage
from qa.citation import CitedPassage, best_sentence, cite_hit
from qa.confidence.confidence import estimate_confidence
from qa.editions.figures.quantities import row_label
from qa.editions.other_words import find_other_words
from qa.editions.sections import Edition, locate_sentences
from qa.editions.topic_decision import (
    DocumentEvidence,
    TopicLanguage,
    TopicState,
    adjusted_score,
    decide,
    decided_state,
)
from qa.editions.topic_words import NameUse, TopicWords, is_written_as_name, plural_forms, topic_stems
from qa.question.corpus_facts import CorpusFacts

PASSAGES_READ = 12
"""Minimum number of passages read per document (up to 4 documents)."""

_READ_ONE_IN = 20
"""At least one in 20 passages of an edition is read, so that the share about a topic can be measured."""

MAX_JOINED_PASSAGES = 3
"""Maximum number of passages that are joined into one."""

NEIGHBOUR_SHARE = 0.8
"""A neighbour is joined, and a further passage is shown, with this share of the best score."""


@dataclass(frozen=True, slots=True)
class TopicMatch:
    """Whether and where a document treats a topic."""

    edition: Edition
    document: DocumentInfo
    state: TopicState

    confidence: float
    """At least .5 where the document treats the topic, 0 where it does not mention it."""

    passages: tuple[CitedPassage, ...]
    """The best passage, joined with its neighbours, and further passages; empty unless `treated`."""

    hits: tuple[Hit, ...]
    """The best passages read."""

    nearest: CitedPassage | None = None
    """The nearest passage where nothing was found."""

    words: TopicWords | None = None
    """The words of the topic; None for a topic in another language, and where it is not treated."""

    is_foreign: bool = False
    """Whether the topic seems to be in another language than the document, which has none of its words together."""

    @property
    def treated(self) -> bool:
        """Whether the document treats the topic."""
        return self.state == "treats"


@dataclass(frozen=True, slots=True)
class _Topic:
    """A topic as it is searched, with its words by language and the documents' texts by id."""

    subject: str
    vector: Vectors
    years: tuple[int, ...]
    words: Mapping[str | None, TopicWords]
    texts: Mapping[str, str]


def match_topic(
    index: Index,
    encoder: Encoder,
    editions: Sequence[Edition],
    subject: str,
    vector: Vectors,
    years: Sequence[int],
    count: int,
) -> list[TopicMatch]:
    """Return a match of the topic for each document of some editions, in their order.

    Args:
        index: The index.
        encoder: The model of the index.
        editions: The editions to search.
        subject: The topic's text.
        vector: Its vector, shape (dimension,); the vector of the sentence encoder may be appended.
        years: Years that the topic prefers.
        count: Maximum number of passages per document.
    """
    documents = [document for edition in editions for document in edition.documents]
    texts = {document.id: index.document(document.id).text for document in documents}
    words = _analyse(index, encoder, subject, documents, texts)
    topic = _Topic(subject, vector, tuple(years), words, texts)
    evidence = [document for edition in editions for document in _read(index, edition, topic)]
    decide(index, encoder, subject, vector[: index.manifest.model.dimension], evidence)
    return [_match(index, document, count) for document in evidence]


def _analyse(
    index: Index, encoder: Encoder, subject: str, documents: Sequence[DocumentInfo], texts: Mapping[str, str]
) -> dict[str | None, TopicWords]:
    """Return the words of a topic for each language of some documents."""
    name_use = NameUse.NONE if subject.islower() else _name_use(subject, texts.values())
    names = _names_in(subject, texts.values())
    is_name = is_written_as_name(subject) and name_use is not NameUse.NONE
    result: dict[str | None, TopicWords] = {}
    for language in dict.fromkeys(document.language for document in documents):
        of_language = [texts[document.id] for document in documents if document.language == language]
        others = find_other_words(subject, of_language, language, encoder, is_name=is_name)
        stems = topic_stems(subject, language)
        if len(stems) > 1:
            others = replace(others, related_stems=others.related_stems | index.records.compounds(stems))
        result[language] = TopicWords.of(
            subject,
            language,
            index.records.document_frequencies(plural_forms(stems)),
            index.manifest.passages,
            others,
            name_use,
            [stem for name in names for stem in topic_stems(name, language)],
        )
    return result


def _name_use(subject: str, texts: Iterable[str]) -> NameUse:
    """Return whether documents use a topic in capitals as a name: "Climate Change" is none if it has small letters."""
    written, use = subject.removeprefix("the "), NameUse.ABSENT
    for text in texts:
        if written.lower() in text:
            return NameUse.NONE
        if written in text:
            use = NameUse.PRESENT
    return use


def _names_in(subject: str, texts: Collection[str]) -> list[str]:
    """Return the words in capitals of a topic beside others that no text has in small letters: "Alaskan statehood"."""
    words = re.findall(r"[^\W\d_]{3,}", subject)
    if all(word[0].isupper() for word in words):
        return []
    named = [word for word in words if word[0].isupper()]
    return [word for word in named if not any(re.search(rf"\b{word.lower()}\b", text) for text in texts)]


def _read(index: Index, edition: Edition, topic: _Topic) -> list[DocumentEvidence]:
    """Search an edition, and again each document whose passages with all words were not among the hits."""
    documents = edition.documents
    count = max(
        4 * PASSAGES_READ * min(len(documents), 4),
        sum(document.passage_count for document in documents) // _READ_ONE_IN,
    )
    among = index.subset(documents)
    subject, vector, years = topic.subject, topic.vector, topic.years
    result = index.search(subject, vector, count, subset=among, years=years, candidates=2 * PASSAGES_READ)
    hits = result.complete_hits()
    manifest = index.manifest
    evidence: list[DocumentEvidence] = []
    for document in documents:
        text = topic.texts[document.id]
        words = topic.words[document.language].adapted_to(text)
        of_document = [hit for hit in hits if hit.document.number == document.number]
        if len(documents) > 1 and not any(_share(words, hit) == 1.0 for hit in of_document):
            alone = index.subset([document])
            of_document = list(index.search(subject, vector, count, subset=alone, years=years).complete_hits())
        shares = {hit.id: _share(words, hit) for hit in of_document}
        of_document.sort(key=lambda hit: (shares[hit.id] < 1.0, -adjusted_score(hit), hit.id))
        confidence = estimate_confidence(
            subject,
            of_document,
            result.term_weights,
            CorpusFacts.of([document]),
            manifest.scale,
            manifest.model.fingerprint,
        )
        evidence.append(
            DocumentEvidence(
                edition, document, text, words, of_document, [shares[hit.id] for hit in of_document], confidence
            )
        )
    return evidence


def _share(words: TopicWords, hit: Hit) -> float:
    """Return the share of the topic's words in a passage, whose text is read only if its stored terms have some."""
    stored = hit.stored
    may_occur = words.may_occur_among(stored.terms)
    text, headings = stored.passage.text if may_occur else "", " ".join(stored.passage.path)
    share = round(words.weight_in(text, headings), 6)
    if share < 1.0 and may_occur and _is_in_row(words, stored, headings):
        return 1.0
    return share


def _is_in_row(words: TopicWords, stored: StoredPassage, headings: str) -> bool:
    """Return whether a row of a table has all words of the topic, in its label and in what is above it."""
    rows = (sentence for sentence in locate_sentences([stored]) if sentence.header)
    return any(words.are_in_row(row_label(row.text), f"{row.header} {headings}") for row in rows)


def _match(index: Index, evidence: DocumentEvidence, count: int) -> TopicMatch:
    """Return the match of a document that was decided, with up to `count` passages."""
    edition, document, hits = evidence.edition, evidence.document, evidence.hits
    ranked = tuple(hits[: max(PASSAGES_READ, document.passage_count // _READ_ONE_IN)])
    state = decided_state(index, evidence)
    is_foreign = evidence.language is not TopicLanguage.KNOWN and evidence.rule in (None, "related_sentence")
    match = TopicMatch(edition, document, state, 0.0, (), ranked, is_foreign=is_foreign)
    if state == "treats":
        confidence = round(0.5 + 0.5 * evidence.confidence, 4)
        words = evidence.words if evidence.language is not TopicLanguage.FOREIGN else None
        return replace(match, confidence=confidence, passages=_passages(index, hits, count), words=words)
    if state == "not_mentioned":
        return match
    nearest = _cite(1, hits[0]) if hits else None
    return replace(match, confidence=round(0.499 * evidence.confidence, 4), nearest=nearest)


def _passages(index: Index, hits: Sequence[Hit], count: int) -> tuple[CitedPassage, ...]:
    """Cite the best passage, joined with its neighbours, and further ones outside it with nearly its score."""
    joined = _join_neighbours(index.document(hits[0].document.id), hits)
    around = joined.stored.passage
    further = [
        hit
        for hit in hits[1:]
        if (hit.stored.passage.end <= around.start or hit.stored.passage.start >= around.end)
        and adjusted_score(hit) >= NEIGHBOUR_SHARE * adjusted_score(hits[0])
    ]
    return tuple(_cite(rank, hit) for rank, hit in enumerate([joined, *further][:count], 1))


def _join_neighbours(document: Document, hits: Sequence[Hit]) -> Hit:
    """Join the best hit with its neighbours in the section that have nearly its score."""
    best = hits[0]
    section = best.stored.passage.section
    in_section = {hit.stored.position: hit for hit in hits if hit.stored.passage.section == section}
    chosen = [best.stored.position]
    while len(chosen) < MAX_JOINED_PASSAGES:
        neighbours = [
            position
            for position in (chosen[0] - 1, chosen[-1] + 1)
            if position in in_section and adjusted_score(in_section[position]) >= NEIGHBOUR_SHARE * adjusted_score(best)
        ]
        if not neighbours:
            break
        chosen = sorted(
            [*chosen, max(neighbours, key=lambda position: (adjusted_score(in_section[position]), -position))]
        )
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


def _cite(rank: int, hit: Hit) -> CitedPassage:
    return CitedPassage(rank, hit, cite_hit(hit), (best_sentence(hit),))
