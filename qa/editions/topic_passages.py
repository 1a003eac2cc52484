"""Find the passages of each edition that treat a topic, or decide that it does not treat it.

Passages are ranked as for a question. Editions are cut into passages at different places, so what is compared is the
stretch around the best passage: its neighbours in the same section that treat the topic too. Of the 18 documents that
the comparing questions of the yearbooks ask for, the stretch has the answer in 14.

Whether a document treats the topic is decided by evidence (`qa.editions.topic_evidence`): all words of the topic stand
together; or a sentence near the topic has one of two; or most of their weight does, and the passage ranks with those of
editions that have all, or its neighbours have the rest; or the section that corresponds to one that has all of them has
some.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np

from corpus.chunking.passages import count_words
from corpus.metadata.language import detect_language, primary_language
from corpus.metadata.lexicon import is_listed, is_listed_elsewhere
from corpus.records import Document, Sentence
from index.models.encoder import Encoder, Vectors
from index.ranking.search import Hit, Index
from index.storage.reader import DocumentInfo
from qa.citation import CitedPassage, cite_hit
from qa.confidence.confidence import estimate_confidence
from qa.editions.alignment_cache import load_alignment
from qa.editions.figures.numerals import FUNCTION_WORDS
from qa.editions.other_words import RELATED, SYNONYM, find_other_words, nearness_of_words
from qa.editions.publication import Edition
from qa.editions.sections import enclosing_heading, outline_heads
from qa.editions.topic_evidence import (
    WIDE_LETTER,
    NameUse,
    TopicWords,
    is_foreign,
    is_written_as_name,
    plural_forms,
    topic_stems,
)
from qa.question.corpus_facts import CorpusFacts

TopicState = Literal["treats", "nothing_found", "not_mentioned"]
"""`not_mentioned` only where each word of the topic and every section aligned to one that treats it are absent."""

MIN_PARTIAL_SHARE = 0.6
"""Minimum share of the topic's words, by weight, in a passage of a document without a passage that has all."""

RELATIVE_SCORE, ALIKE_SENTENCE = 0.75, 0.45
"""Such a passage treats the topic with this share of the best score in an edition of the series that has all words, and
with a sentence so related to it: "weakening standards" for labour standards has .27, "a prisoner's chains" for
prisoners of war .42, what is about a topic at least .47 (`python -m tests.benchmarks.editions`)."""

MIN_DESCRIPTION = 4
"""Minimum words of a topic that describes something, which no passage repeats word for word: "money for UNODC"."""

MIN_DESCRIBED_SHARE, MIN_DESCRIBED_CONFIDENCE = 0.2, 0.6
"""Minimum share of the words of a description, and minimum confidence, with which a passage treats it."""

LIKELY = 0.5
"""Minimum confidence with which a passage that lacks only generic words ("industry", "policy") treats the topic."""

NEAR_SHARE, NEAR_SENTENCE, NEAR_CONFIDENCE = 0.3, 0.48, 0.6
"""Minimum share of the words of a topic of two, and minimum relatedness, of a sentence that treats it with one of
them, and minimum confidence: "a simple oath" for the oath of office. Over 260 topics 15 of 18 such documents treat them
(`python -m tests.benchmarks.editions`)."""

RELATED_SENTENCE, RELATED_TO_PHRASE = 0.41, 0.33
"""Relatedness above which a sentence may treat a topic of one word, or of more, in other words, so that missing
words prove nothing: "poor children" for poverty has .45, "explore the stars" for space travel .34. No denial is wrong
over 295 topics (`python -m tests.benchmarks.editions`)."""

ALIGNED_SHARE = 0.34
"""In a section that corresponds to one with all words, a sentence near the topic treats it with this share of them."""

FOREIGN_CONFIDENCE, FOREIGN_SENTENCE = 0.6, 0.5
"""A topic in another language than the documents' has no words to look for: its passages need a fair confidence, or a
sentence so related to it. Of 189 translations of topics over three yearbooks, 82 documents are told, 77 of them right;
by the confidence alone 63 and 58."""

_MIN_LISTED = 4
"""Minimum letters of a word that tells the language of a topic: "la" and "de" are in the lists of many."""

_SENTENCE_WORDS = 5
"""Minimum words of that sentence: names and headings alone are near to any foreign word."""

PASSAGES_READ = 12
"""Minimum number of passages read per document (up to 4 documents)."""

_SHARE_READ = 20
"""At least 1/20 of the passages of an edition are read, so that the share about a topic can be measured."""

MAX_STRETCH = 3
"""Maximum number of passages in a stretch."""

NEIGHBOUR_SHARE = 0.8
"""A neighbour joins the stretch, and a further passage is shown, with this share of the best score."""

_NEAREST_SENTENCES, _MAX_SYNONYMS = 2, 192
"""Sentences of a document, and words of all, that are compared with the words of the topic by both models."""

NOTE_PENALTY = 0.1
"""Subtracted from the score of notes and glossary entries: they explain what the text around their mark treats."""


@dataclass(frozen=True, slots=True)
class TopicMatch:
    """Whether and where a document treats a topic.

    `confidence` is at least .5 where it treats the topic, and 0 where it does not mention it. `passages` are the best
    stretch and further passages, empty unless `treated`; `nearest` is the nearest passage where nothing was found;
    `hits` are the best passages read, `words` those of the topic; None for a topic in another language.
    """

    edition: Edition
    document: DocumentInfo
    state: TopicState
    confidence: float
    passages: tuple[CitedPassage, ...]
    hits: tuple[Hit, ...]
    nearest: CitedPassage | None = None
    words: TopicWords | None = None

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


@dataclass(slots=True)
class _Reading:
    """A document with the passages read for a topic, best first, and the share of its words that each has."""

    edition: Edition
    document: DocumentInfo
    text: str
    words: TopicWords
    hits: list[Hit]
    shares: list[float]
    probability: float
    treated: bool = False
    is_aligned: bool = False
    may_be_meant: bool = False


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
        index: the index.
        encoder: the model of the index.
        editions: the editions to search.
        subject: the topic's text.
        vector: its vector, shape (dimension,), which that of the sentence encoder may follow.
        years: years that the topic prefers.
        count: maximum number of passages per document.
    """
    documents = [document for edition in editions for document in edition.documents]
    texts = {document.id: index.document(document.id).text for document in documents}
    words = _analyse(index, encoder, subject, documents, texts)
    topic = _Topic(subject, vector, tuple(years), words, texts)
    readings = [reading for edition in editions for reading in _read(index, edition, topic)]
    languages = [reading.document.language for reading in readings]
    if is_foreign(subject, languages, detect_language(subject)) or not any(r.words.weights for r in readings):
        for reading in readings:  # the absence of the topic's words proves nothing
            has_words = bool(reading.shares) and reading.shares[0] == 1.0
            reading.treated = has_words or _is_related(index, reading)
        return [_match(index, reading, count, knows_words=False) for reading in readings]
    for series in dict.fromkeys(edition.series for edition in editions):
        _decide(index, [reading for reading in readings if reading.edition.series == series])
    _decide_by_synonyms(encoder, [reading for reading in readings if not reading.treated])
    for reading in readings:
        if not reading.treated and _has_foreign_words(reading.words):
            reading.treated = _is_related(index, reading)
    return [_match(index, reading, count, knows_words=True) for reading in readings]


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
        result[language] = TopicWords.of(
            subject,
            language,
            index.records.document_frequencies(plural_forms(stems)),
            index.manifest.passages,
            others.forms | (index.records.compounds(stems) if len(stems) > 1 else {}),
            name_use,
            others.phrases,
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


def _has_foreign_words(words: TopicWords) -> bool:
    """Whether the words of a topic are those of another language, and it is no abbreviation."""
    written = [word for word in words.written if len(word) >= _MIN_LISTED] or words.written
    return not words.is_unresolved and is_listed_elsewhere(written, words.language)


def _is_related(index: Index, reading: _Reading) -> bool:
    """Whether a document treats a topic of which it cannot have the words."""
    if reading.probability >= FOREIGN_CONFIDENCE:
        return bool(reading.hits)
    return _relatedness(index, reading.hits, _SENTENCE_WORDS) >= FOREIGN_SENTENCE


def _read(index: Index, edition: Edition, topic: _Topic) -> list[_Reading]:
    """Search an edition, and again each document whose passages with all words were not among the hits."""
    documents = edition.documents
    wanted = max(
        4 * PASSAGES_READ * min(len(documents), 4), sum(document.passages for document in documents) // _SHARE_READ
    )
    among = index.subset(documents)
    subject, vector, years = topic.subject, topic.vector, topic.years
    result = index.search(subject, vector, wanted, among=among, years=years, candidates=2 * PASSAGES_READ)
    hits = result.complete_hits()
    manifest = index.manifest
    readings: list[_Reading] = []
    for document in documents:
        text = topic.texts[document.id]
        words = topic.words[document.language].in_document(text)
        own = [hit for hit in hits if hit.document.number == document.number]
        if len(documents) > 1 and not any(_share(words, hit) == 1.0 for hit in own):
            alone = index.subset([document])
            own = list(index.search(subject, vector, wanted, among=alone, years=years).complete_hits())
        shares = {hit.id: _share(words, hit) for hit in own}
        own.sort(key=lambda hit: (shares[hit.id] < 1.0, -_adjusted_score(hit), hit.id))
        probability = estimate_confidence(
            subject, own, result.term_weights, CorpusFacts.of([document]), manifest.scale, manifest.model.fingerprint
        )
        readings.append(_Reading(edition, document, text, words, own, [shares[hit.id] for hit in own], probability))
    return readings


def _share(words: TopicWords, hit: Hit) -> float:
    """Return the share of the topic's words in a passage, whose text is read only if its stored terms have some."""
    stored = hit.stored
    text = stored.passage.text if words.may_be_in(stored.terms) else ""
    return round(words.share(text, " ".join(stored.passage.path)), 6)


def _decide(index: Index, readings: Sequence[_Reading]) -> None:
    """Decide which documents of a series treat the topic, each in comparison with the others."""
    complete = [reading for reading in readings if reading.shares and reading.shares[0] == 1.0]
    for reading in complete:
        reading.treated = True
    best = max((_adjusted_score(reading.hits[0]) for reading in complete), default=0.0)
    for reading in readings:
        is_described = len(reading.words.weights) >= MIN_DESCRIPTION and reading.probability >= MIN_DESCRIBED_CONFIDENCE
        for at, share in enumerate(reading.shares if not reading.treated else ()):
            if not _has_names(reading, at):
                continue
            hit = reading.hits[at]
            is_near = (
                len(reading.words.weights) == 2
                and reading.probability >= NEAR_CONFIDENCE
                and _has_near_sentence(index, reading.words, hit, NEAR_SHARE, NEAR_SENTENCE)
            )
            if not is_near and share < (MIN_DESCRIBED_SHARE if is_described else MIN_PARTIAL_SHARE):
                continue
            is_alike = _adjusted_score(hit) >= RELATIVE_SCORE * best and _has_near_sentence(
                index, reading.words, hit, MIN_PARTIAL_SHARE, ALIKE_SENTENCE
            )
            is_continued = len(reading.words.weights) > 2 and _is_continued(index, reading, hit)
            is_about_subject = share >= reading.words.specific and reading.probability >= LIKELY
            if is_near or is_alike or is_continued or is_about_subject or is_described:
                _put_first(reading, at)
                reading.treated = True
                break
    _decide_aligned(index, readings, complete)


def _has_names(reading: _Reading, at: int) -> bool:
    """Whether a passage has the name that is the topic, or the names in it: "United States" is not United Nations."""
    passage, words = reading.hits[at].stored.passage, reading.words
    is_whole = not words.is_name or reading.shares[at] >= words.specific
    return is_whole and words.has_required(f"{' '.join(passage.path)} {passage.text}")


def _has_near_sentence(index: Index, words: TopicWords, hit: Hit, least_share: float, least: float) -> bool:
    """Whether a sentence with a share of the topic's words, under its headings, is related to it."""
    passage, headings = hit.stored.passage, " ".join(hit.stored.passage.path)
    relatedness = index.manifest.scale.relatedness(np.array(hit.similarities))
    return any(
        related >= least and words.share(passage.text_of(sentence), headings) >= least_share
        for sentence, related in zip(passage.sentences, relatedness.tolist(), strict=True)
    )


def _is_continued(index: Index, reading: _Reading, hit: Hit) -> bool:
    """Whether the words that a passage lacks occur in its neighbours in the section."""
    section, position = hit.stored.passage.section, hit.stored.position
    around = [
        stored.passage.text
        for stored in index.records.passages_of_document(reading.document.number)
        if stored.passage.section == section and abs(stored.position - position) <= 1
    ]
    return reading.words.all_occur_in(" ".join(around))


def _put_first(reading: _Reading, at: int) -> None:
    reading.hits.insert(0, reading.hits.pop(at))
    reading.shares.insert(0, reading.shares.pop(at))


def _decide_aligned(index: Index, readings: Sequence[_Reading], complete: Sequence[_Reading]) -> None:
    """Search the sections that correspond to those with all words, in the editions just before and after."""
    ordered = list({id(reading.edition): reading.edition for reading in readings}.values())
    for earlier, later in pairwise(ordered):
        for known, other, forward in ((earlier, later, True), (later, earlier, False)):
            sources = [reading for reading in complete if reading.edition is known]
            targets = [reading for reading in readings if reading.edition is other and not reading.treated]
            if not sources or not targets:
                continue
            heads, other_heads = outline_heads(index, known), outline_heads(index, other)
            pairs = {
                (pair.earlier, pair.later) if forward else (pair.later, pair.earlier)
                for pair in load_alignment(index, earlier, later)
                if pair.earlier is not None and pair.later is not None
            }
            about = {_section(index, reading.hits[0]) for reading in sources}
            aligned = {other_heads[b] for a, b in pairs if heads[a] in about and heads[a][1] is not None}
            for reading in targets:
                for at, hit in enumerate(reading.hits):
                    if _section(index, hit) in aligned:
                        reading.is_aligned = True
                        is_near = reading.shares[at] >= ALIGNED_SHARE and _has_near_sentence(
                            index, reading.words, hit, ALIGNED_SHARE, RELATED_TO_PHRASE
                        )
                        if is_near and _has_names(reading, at):
                            _put_first(reading, at)
                            reading.treated = True
                        break


def _decide_by_synonyms(encoder: Encoder, readings: Sequence[_Reading]) -> None:
    """Look for other words that mean the topic's in the sentences of English documents that are nearest to it."""
    english = [reading for reading in readings if primary_language(reading.document.language) == "en"]
    near = [_nearest_words(reading) for reading in english]
    ordered = sorted((-similarity, word) for words in near for similarity, word, _ in words)
    others = list(dict.fromkeys(word for _, word in ordered))[:_MAX_SYNONYMS]
    words = [word for word in (english[0].words.written if english else ()) if word.islower()]
    nearness = nearness_of_words(words, others, encoder, RELATED)
    related = [word for word, near_by in nearness.items() if near_by >= RELATED]
    for reading, found in zip(english, near, strict=True):
        best, hit = max(((nearness.get(word, 0.0), hit) for _, word, hit in found), default=(0.0, 0))
        reading.may_be_meant = any(re.search(rf"\b{word}", reading.text) for word in related)
        if best >= SYNONYM and len(reading.words.weights) == 1:
            _put_first(reading, hit)
            reading.treated = True


def _nearest_words(reading: _Reading) -> list[tuple[float, str, int]]:
    """Return the words of the sentences nearest to the topic with their similarity, and the place of their hit."""
    sentences = [
        (similarity, at, sentence.start, sentence)
        for at, hit in enumerate(reading.hits)
        for sentence, similarity in zip(hit.stored.passage.sentences, hit.similarities, strict=True)
    ]
    words: list[tuple[float, str, int]] = []
    for similarity, at, _, sentence in sorted(sentences, key=lambda near: near[:3], reverse=True)[:_NEAREST_SENTENCES]:
        text = reading.hits[at].stored.passage.text_of(sentence)
        words += [(similarity, word, at) for word in re.findall(r"\b[a-z]{4,}\b", text) if word not in FUNCTION_WORDS]
    return words


def _section(index: Index, hit: Hit) -> tuple[str, int | None]:
    document = index.document(hit.document.id)
    return document.id, enclosing_heading(document, hit.stored.passage.section)


def _match(index: Index, reading: _Reading, count: int, *, knows_words: bool) -> TopicMatch:
    document, hits = reading.document, reading.hits
    ranked = tuple(hits[: max(PASSAGES_READ, document.passages // _SHARE_READ)])
    if reading.treated:
        confidence = round(0.5 + 0.5 * reading.probability, 4)
        words = reading.words if knows_words else None
        passages = _passages(index, hits, count)
        return TopicMatch(reading.edition, document, "treats", confidence, passages, ranked, words=words)
    related = RELATED_SENTENCE if len(reading.words.weights) == 1 else RELATED_TO_PHRASE
    is_absent = (
        knows_words
        and bool(reading.words.weights)
        and not (reading.is_aligned or reading.may_be_meant)
        and all(is_listed(word, document.language) for word in reading.words.written if not WIDE_LETTER.search(word))
        and not any(reading.shares)
        and _relatedness(index, hits) < related
        and not reading.words.occur_in(reading.text)
    )
    if is_absent:
        return TopicMatch(reading.edition, document, "not_mentioned", 0.0, (), ranked)
    nearest = _cite(1, hits[0]) if hits else None
    return TopicMatch(
        reading.edition, document, "nothing_found", round(0.499 * reading.probability, 4), (), ranked, nearest
    )


def _relatedness(index: Index, hits: Sequence[Hit], least_words: int = 0) -> float:
    """Return the relatedness of the sentence, of at least so many words, most similar to the topic; 0 without any."""
    cosines = np.array(
        [
            cosine
            for hit in hits
            for sentence, cosine in zip(hit.stored.passage.sentences, hit.similarities, strict=True)
            if not least_words or count_words(hit.stored.passage.text_of(sentence)) >= least_words
        ]
    )
    return float(index.manifest.scale.relatedness(cosines).max(initial=0.0))


def _adjusted_score(hit: Hit) -> float:
    """Return the score, less the penalty for notes."""
    return hit.score - (NOTE_PENALTY if hit.stored.passage.kind in ("notes", "glossary") else 0.0)


def _passages(index: Index, hits: Sequence[Hit], count: int) -> tuple[CitedPassage, ...]:
    stretch = _stretch(index.document(hits[0].document.id), hits)
    around = stretch.stored.passage
    further = [
        hit
        for hit in hits[1:]
        if (hit.stored.passage.end <= around.start or hit.stored.passage.start >= around.end)
        and _adjusted_score(hit) >= NEIGHBOUR_SHARE * _adjusted_score(hits[0])
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
            if position in in_section
            and _adjusted_score(in_section[position]) >= NEIGHBOUR_SHARE * _adjusted_score(best)
        ]
        if not neighbours:
            break
        chosen = sorted(
            [*chosen, max(neighbours, key=lambda position: (_adjusted_score(in_section[position]), -position))]
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


def best_sentence(hit: Hit) -> tuple[int, int]:
    """Return the span of the sentence of a hit that is most similar to the question, clipped to the passage."""
    passage = hit.stored.passage
    best = max(range(len(hit.similarities)), key=lambda position: (hit.similarities[position], -position))
    return passage.span_of(passage.sentences[best])


def _cite(rank: int, hit: Hit) -> CitedPassage:
    return CitedPassage(rank, hit, cite_hit(hit), (best_sentence(hit),))
