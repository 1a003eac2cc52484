"""Decide whether documents treat a topic, by rules that are tried in a fixed order.

A document treats the topic if

1. `all_words`: a passage has all words of the topic together; a word that models alone find to be of the family of a
   topic of one word must be in a related sentence;
2. a passage fulfils one of `PASSAGE_RULES`; the passages are tried from the best one on:
   a. `near_pair`: a sentence near to a topic of two words has one of them;
   b. `description`: the passage has a few words of a topic that describes something;
   c. `generic_words_missing`: it lacks only words such as "industry" and "policy";
   d. `comparable_score`: it has most of the words, a related sentence, and a score like that of a document of the
      series with all words;
   e. `completed_by_neighbours`: it has most of the words, and its neighbours have the others;
3. `aligned_section`: its section corresponds to one of the edition before or after that fulfils rule 1, or has nearly
   the same sentence as one of them that fulfils rule 2;
4. `synonym`: a sentence near to a topic of one word has a word of the same meaning, or in a sentence as near as those
   of the series with the topic's word, of nearly the same;
5. `related_sentence`: the words of the topic are not those of the document's language, and a sentence and its words are
   nearer to it than to unrelated topics, and than other sentences are (`qa.editions.foreign_topics`).

Rules 2 to 4 compare words. They are skipped for a topic in another language (`TopicLanguage.FOREIGN`), and rule 5 is
skipped where the words are the document's own (`KNOWN`), or where a document whose own words they are treats the topic:
for "overcrowded prisons" in French, 9 of 9 related passages in other languages were about something else. Words that
only lists of another language have (`UNLISTED`) are often names, which documents share, so that all rules are tried.

A document that fulfils no rule does not mention the topic if its text has no trace of it (`_is_absent`); otherwise
nothing was found in it.

All shares are by weight (`TopicWords.weight_in`). `python -m tests.benchmarks.editions` measured all thresholds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise
from typing import Literal

import numpy as np

from corpus.metadata.language import (
    detect_language,
    has_function_word_elsewhere,
    is_listed,
    is_listed_elsewhere,
    is_word_of_another_language,
    primary_language,
)
from corpus.scripts import WIDE_LETTER
from index.lexical.analysis import FUNCTION_WORDS, terms
from index.models.encoder import Encoder, Vectors
from index.ranking.search import Hit, Index
from index.storage.reader import DocumentInfo
from qa.editions.alignment import aligned_sections
from qa.editions.foreign_topics import find_treating
from qa.editions.other_words import NEAR_SYNONYM, RELATED, SYNONYM, nearness_of_words
from qa.editions.sections import Edition, SectionKey, section_key
from qa.editions.topic_words import TopicWords, is_foreign

TopicState = Literal["treats", "nothing_found", "not_mentioned"]
"""`not_mentioned` only where each word of the topic and every related sentence are absent."""

RuleName = Literal[
    "all_words",
    "near_pair",
    "description",
    "generic_words_missing",
    "comparable_score",
    "completed_by_neighbours",
    "aligned_section",
    "synonym",
    "related_sentence",
]

NOTE_PENALTY = 0.1
"""Subtracted from the score of notes and glossary entries: they explain what the text that refers to them is about."""

MIN_FAMILY_RELATEDNESS = 0.4
"""Rule `all_words`: minimum relatedness of a sentence with a word of the family of a topic of one word. Over the judged
topics, "private" has at most .33 for privacy and "race" .35 for racism, "hungry" .44 for hunger and "tax" .47 for
taxation; one document with "farm" for farmers has .35."""

MIN_PAIR_SHARE = 0.3
"""Rule `near_pair`: minimum share of the words in the sentence."""

MIN_PAIR_RELATEDNESS = 0.48
"""Rule `near_pair`: minimum relatedness of the sentence, such as one with "a simple oath" for the oath of office. Over
260 topics 15 of 18 documents that only this rule accepts treat the topic."""

MIN_PAIR_CONFIDENCE = 0.6
"""Rule `near_pair`: minimum confidence that the document answers the topic."""

MIN_DESCRIPTION_WORDS = 4
"""Rule `description`: minimum words of a topic that no passage repeats word for word: "money for UNODC"."""

MIN_DESCRIPTION_SHARE = 0.2
"""Rule `description`: minimum share of the words in the passage."""

MIN_DESCRIPTION_CONFIDENCE = 0.6
"""Rule `description`: minimum confidence that the document answers the topic."""

MIN_PARTIAL_SHARE = 0.6
"""Rules `generic_words_missing`, `comparable_score` and `completed_by_neighbours`: minimum share of the words in the
passage; for `comparable_score` also in the related sentence."""

MIN_CONFIDENCE_WITHOUT_GENERIC_WORDS = 0.5
"""Rule `generic_words_missing`: minimum confidence that the document answers the topic."""

MIN_RELATIVE_SCORE = 0.75
"""Rule `comparable_score`: minimum score, as a share of the best score of a document of the series with all words."""

MIN_SENTENCE_RELATEDNESS = 0.45
"""Rule `comparable_score`: minimum relatedness of a sentence of the passage. "Weakening standards" has .27 for labour
standards, "a prisoner's chains" .42 for prisoners of war; sentences about the topic have at least .47."""

MIN_ALIGNED_SHARE = 0.34
"""Rule `aligned_section`: minimum share of the words in a sentence of the section."""

MIN_ALIGNED_RELATEDNESS = 0.33
"""Rule `aligned_section`: minimum relatedness of that sentence. It may have one of two words in another sense ("an
observatory's camera" for body cameras), so that a topic of two words needs `MIN_SENTENCE_RELATEDNESS`."""

MIN_PARALLEL_WORDS = 4
"""Rule `aligned_section`: minimum words of a sentence that the edition before or after has, too."""

MIN_PARALLEL_SHARE = 0.6
"""Rule `aligned_section`: minimum share of the words of two such sentences that both have, without figures."""

MAX_SERIES_DISTANCE = 0.05
"""Rule `synonym`: how much less related such a sentence may be than those of the documents of the series with the
topic's own words: "drug use is on the decline" is .06 less related to cocaine."""

NEAREST_SENTENCES = 2
"""Rule `synonym`: sentences of a document whose words are compared with the topic."""

MAX_SYNONYM_CANDIDATES = 192
"""Rule `synonym`: words of all documents that are compared with the topic, which takes both models."""

MIN_LANGUAGE_WORD_LETTERS = 4
"""Minimum letters of a word that shows the language of a topic: "la" and "de" are in the lists of many languages."""

MAX_ABSENT_RELATEDNESS_WORD = 0.41
"""Maximum relatedness of the sentences of a document that does not mention a topic of one word. Above it, a sentence
may treat the topic in other words: "poor children" has .45 for poverty. No document is wrongly
reported as not mentioning the topic, over 295 topics."""

MAX_ABSENT_RELATEDNESS_PHRASE = 0.33
"""The same for a topic of several words: "explore the stars" has .34 for space travel."""


class TopicLanguage(Enum):
    """Whether the words of a topic are those of a document's language."""

    KNOWN = auto()
    """They are, so that their absence is evidence."""

    UNLISTED = auto()
    """No word is in the list of the document's language, and all are in that of another one: often names."""

    FOREIGN = auto()
    """The topic is in a language that no document has, or has no words to look for."""


@dataclass(slots=True)
class DocumentEvidence:
    """A document with the passages read for a topic, and what the rules made of it."""

    edition: Edition
    document: DocumentInfo
    text: str
    words: TopicWords

    hits: list[Hit]
    """The passages read: those with all words first, then by score. The passage that a rule accepts is moved to the
    front."""

    shares: list[float]
    """Share of the topic's words in each of `hits`."""

    confidence: float
    """Probability that the passages answer the topic."""

    language: TopicLanguage = TopicLanguage.KNOWN

    has_stems_alone: bool = False
    """Whether it has the stems of words of another language, not the words: "rent" for the German "Rente"."""

    rule: RuleName | None = None
    """The rule that the document fulfils; None while there is none."""

    has_aligned_section: bool = False
    """Whether a section corresponds to one of another edition with all words."""

    has_related_word: bool = False
    """Whether the text has a word that may mean the topic's."""

    is_in_use: bool = False
    """Whether another document of the series, in the same language, has all words of the topic together."""

    @property
    def treated(self) -> bool:
        """Whether the document treats the topic."""
        return self.rule is not None

    def accept(self, rule: RuleName, hit_index: int = 0) -> None:
        """Note the rule that the document fulfils, and put the passage that fulfils it first."""
        self.rule = rule
        self.hits.insert(0, self.hits.pop(hit_index))
        self.shares.insert(0, self.shares.pop(hit_index))


def decide(
    index: Index, encoder: Encoder, subject: str, vector: Vectors, documents: Sequence[DocumentEvidence]
) -> None:
    """Decide which documents treat a topic, by the rules of this module in their order.

    Args:
        index: The index.
        encoder: The model of the index.
        subject: The topic's text.
        vector: Its vector by the model of the index, shape (dimension,).
        documents: The documents of all editions; `language`, `rule` and the order of their passages are set.
    """
    _set_languages(subject, documents)
    usual: dict[str | None, float] = {}
    for series in dict.fromkeys(document.edition.series for document in documents):
        of_series = [document for document in documents if document.edition.series == series]
        for document in of_series:
            has_words = document.language is not TopicLanguage.FOREIGN or _is_written(document)
            complete_hit = _find_complete_hit(index, document) if has_words else None
            if complete_hit is not None:
                document.accept("all_words", complete_hit)
            elif has_words:  # what the words of a family mean there is something else
                document.shares = [0.0 if share == 1.0 else share for share in document.shares]
        complete = [document for document in of_series if document.treated]
        if complete:
            usual[series] = float(np.median([_relatedness(index, document.hits) for document in complete]))
        in_use = {document.document.language for document in complete}
        for document in of_series:
            document.is_in_use = document.document.language in in_use
        comparable = [document for document in of_series if document.language is not TopicLanguage.FOREIGN]
        _apply_passage_rules(index, comparable, complete)
        if comparable:
            _accept_aligned_sections(index, comparable, complete)
            _accept_parallel_sentences(comparable)
    undecided = [document for document in documents if not document.treated]
    own_language = [document for document in undecided if document.language is not TopicLanguage.FOREIGN]
    _accept_synonyms(index, encoder, own_language, usual)
    if any(document.treated and document.language is TopicLanguage.KNOWN for document in documents):
        return  # beside these, a related sentence in another language proves little
    others = [
        document
        for document in undecided
        if document.language is not TopicLanguage.KNOWN and not document.has_stems_alone and not document.treated
    ]
    read = {document.document.id: (document.document, document.hits) for document in documents}
    treating = find_treating(index, encoder, subject, vector, read) if others else {}
    for document in others:
        if document.document.id in treating:
            document.accept("related_sentence", treating[document.document.id])


def _set_languages(subject: str, documents: Sequence[DocumentEvidence]) -> None:
    """Set whether the words of a topic are those of each document's language."""
    for document, language in zip(documents, _topic_languages(subject, documents), strict=True):
        document.language = language
    for document in documents:
        document.has_stems_alone = _has_stems_alone(document, documents)
    for document in documents:
        if document.has_stems_alone:
            document.language = TopicLanguage.FOREIGN


def _find_complete_hit(index: Index, document: DocumentEvidence) -> int | None:
    """Return the position of the first passage with all words of the topic, or None.

    A word of the same family proves a topic of one word only in a sentence that is related to it: a private company is
    not about privacy.
    """
    complete = [hit_index for hit_index, share in enumerate(document.shares) if share == 1.0]
    words = document.words
    if len(words.weights) > 1 or not words.family_stems or not complete:
        return next(iter(complete), None)
    own = words.without_families()
    passages = [document.hits[hit_index].stored.passage for hit_index in complete]
    if any(own.weight_in(passage.text, " ".join(passage.path)) == 1.0 for passage in passages):
        return complete[0]
    related = (at for at in complete if _has_near_sentence(index, document, at, 1.0, MIN_FAMILY_RELATEDNESS))
    return next(related, None)


def decided_state(index: Index, document: DocumentEvidence) -> TopicState:
    """Return the state of a document that was decided."""
    if document.treated:
        return "treats"
    return "not_mentioned" if _is_absent(index, document) else "nothing_found"


def adjusted_score(hit: Hit) -> float:
    """Return the score, less the penalty for notes."""
    return hit.score - (NOTE_PENALTY if hit.stored.passage.kind in ("notes", "glossary") else 0.0)


def _topic_languages(subject: str, documents: Sequence[DocumentEvidence]) -> list[TopicLanguage]:
    """Return for each document whether the words of a topic are those of its language."""
    languages = [document.document.language for document in documents]
    has_words = any(document.words.weights for document in documents)
    if is_foreign(subject, languages, detect_language(subject)) or not has_words:
        return [TopicLanguage.FOREIGN] * len(documents)
    unlisted = {
        language: has_function_word_elsewhere(subject, language)
        or any(_is_unlisted(each.words) for each in documents if each.document.language == language)
        or _has_words_of_another_language(language, documents)
        for language in set(languages)
    }
    return [TopicLanguage.UNLISTED if unlisted[language] else TopicLanguage.KNOWN for language in languages]


def _has_stems_alone(document: DocumentEvidence, documents: Sequence[DocumentEvidence]) -> bool:
    """Return whether a document has the stems of a topic's words alone, which are words of another language."""
    language, words = primary_language(document.document.language), document.words
    if not any(document.shares) or words.is_unknown_abbreviation or any(is_listed(w, language) for w in words.written):
        return False
    own = [other for other in documents if primary_language(other.document.language) == language]
    others = [other for other in documents if other not in own]
    if any(other.words.is_written_in(other.text) for other in own):
        return False
    is_unlisted = document.language is TopicLanguage.UNLISTED
    return is_unlisted or any(other.words.is_written_in(other.text) for other in others)


def _is_written(document: DocumentEvidence) -> bool:
    """Return whether the first passage has the topic as written: stems of two languages may be alike by chance."""
    passage = document.hits[0].stored.passage
    return document.words.is_written_in(f"{' '.join(passage.path)} {passage.header} {passage.text}")


def _is_unlisted(words: TopicWords) -> bool:
    """Return whether the words of a topic are only in the list of another language, and it is no abbreviation."""
    written = [word for word in words.written if len(word) >= MIN_LANGUAGE_WORD_LETTERS] or words.written
    return not words.is_unknown_abbreviation and is_listed_elsewhere(written, words.language)


def _has_words_of_another_language(language: str | None, documents: Sequence[DocumentEvidence]) -> bool:
    """Return whether a topic has a word of another language that no document of this one has."""
    own = [document for document in documents if document.document.language == language]
    words = own[0].words
    if words.is_unknown_abbreviation or not is_word_of_another_language(words.written, language):
        return False
    return not any(
        all(re.search(rf"\b{re.escape(w)}", each.text, re.IGNORECASE) for w in words.written) for each in own
    )


def _is_near_pair(index: Index, document: DocumentEvidence, hit_index: int, _best: float) -> bool:
    return (
        len(document.words.weights) == 2
        and document.confidence >= MIN_PAIR_CONFIDENCE
        and _has_near_sentence(index, document, hit_index, MIN_PAIR_SHARE, MIN_PAIR_RELATEDNESS)
    )


def _is_description(_index: Index, document: DocumentEvidence, hit_index: int, _best: float) -> bool:
    return (
        len(document.words.weights) >= MIN_DESCRIPTION_WORDS
        and document.confidence >= MIN_DESCRIPTION_CONFIDENCE
        and document.shares[hit_index] >= MIN_DESCRIPTION_SHARE
    )


def _lacks_only_generic_words(_index: Index, document: DocumentEvidence, hit_index: int, _best: float) -> bool:
    return (
        document.shares[hit_index] >= max(MIN_PARTIAL_SHARE, document.words.specific_share)
        and document.confidence >= MIN_CONFIDENCE_WITHOUT_GENERIC_WORDS
    )


def _has_comparable_score(index: Index, document: DocumentEvidence, hit_index: int, best: float) -> bool:
    return (
        document.shares[hit_index] >= MIN_PARTIAL_SHARE
        and adjusted_score(document.hits[hit_index]) >= MIN_RELATIVE_SCORE * best
        and _has_near_sentence(index, document, hit_index, MIN_PARTIAL_SHARE, MIN_SENTENCE_RELATEDNESS)
    )


def _is_completed_by_neighbours(index: Index, document: DocumentEvidence, hit_index: int, _best: float) -> bool:
    if document.shares[hit_index] < MIN_PARTIAL_SHARE or len(document.words.weights) <= 2:
        return False
    stored = document.hits[hit_index].stored
    around = [
        other.passage.text
        for other in index.records.passages_of_document(document.document.number)
        if other.passage.section == stored.passage.section and abs(other.position - stored.position) <= 1
    ]
    return document.words.all_words_in(" ".join(around))


PASSAGE_RULES: tuple[tuple[RuleName, Callable[[Index, DocumentEvidence, int, float], bool]], ...] = (
    ("near_pair", _is_near_pair),
    ("description", _is_description),
    ("generic_words_missing", _lacks_only_generic_words),
    ("comparable_score", _has_comparable_score),
    ("completed_by_neighbours", _is_completed_by_neighbours),
)
"""Rules for a passage, in the order in which they are tried.

Each receives the index, the document, the position of the passage among its hits, and the best score of a document of
the series with all words (0 without any).
"""


def _apply_passage_rules(
    index: Index, documents: Sequence[DocumentEvidence], complete: Sequence[DocumentEvidence]
) -> None:
    """Accept the first passage of each undecided document that fulfils a rule; `complete` have all words."""
    best = max((adjusted_score(document.hits[0]) for document in complete), default=0.0)
    for document in documents:
        for hit_index in range(len(document.hits) if not document.treated else 0):
            if not _has_names(document, hit_index):
                continue
            fulfilled = (name for name, rule in PASSAGE_RULES if rule(index, document, hit_index, best))
            if (name := next(fulfilled, None)) is not None:
                document.accept(name, hit_index)
                break


def _has_names(document: DocumentEvidence, hit_index: int) -> bool:
    """Return whether a passage has the topic's name, or the names in it: "United States" is not United Nations."""
    passage, words = document.hits[hit_index].stored.passage, document.words
    is_whole = not words.is_name or document.shares[hit_index] >= words.specific_share
    return is_whole and words.has_required_name(f"{' '.join(passage.path)} {passage.text}")


def _has_near_sentence(
    index: Index, document: DocumentEvidence, hit_index: int, min_share: float, min_relatedness: float
) -> bool:
    """Return whether a sentence with a share of the topic's words, under its headings, is related to it."""
    hit = document.hits[hit_index]
    passage = hit.stored.passage
    headings = f"{' '.join(passage.path)} {passage.header}"
    relatedness = index.manifest.scale.relatedness(np.array(hit.similarities))
    return any(
        related >= min_relatedness and document.words.weight_in(passage.text_of(sentence), headings) >= min_share
        for sentence, related in zip(passage.sentences, relatedness.tolist(), strict=True)
    )


def _accept_aligned_sections(
    index: Index, documents: Sequence[DocumentEvidence], complete: Sequence[DocumentEvidence]
) -> None:
    """Search the sections that correspond to those of `complete`, in the editions just before and after."""
    ordered = list({id(document.edition): document.edition for document in documents}.values())
    for earlier, later in pairwise(ordered):
        for source, target, forward in ((earlier, later, True), (later, earlier, False)):
            sources = [document for document in complete if document.edition is source]
            targets = [document for document in documents if document.edition is target and not document.treated]
            if not sources or not targets:
                continue
            pairs = aligned_sections(index, earlier, later)
            about = {_section_key(index, document.hits[0]) for document in sources}
            aligned = {
                target_section
                for source_section, target_section in (pairs if forward else {(b, a) for a, b in pairs})
                if source_section in about and source_section[1] is not None
            }
            for document in targets:
                _accept_section(index, document, aligned)


def _accept_parallel_sentences(documents: Sequence[DocumentEvidence]) -> None:
    """Accept documents with nearly the same sentence as the one that the edition before or after was accepted for."""
    ordered = list({id(document.edition): document.edition for document in documents}.values())
    neighbours = {(id(a), id(b)) for a, b in pairwise(ordered)}
    rules = {name for name, _ in PASSAGE_RULES}
    sources = [document for document in documents if document.rule in rules]
    for source in sources:
        nearest = _content_of_nearest(source)
        for target in documents if len(nearest) >= MIN_PARALLEL_WORDS else ():
            editions = id(source.edition), id(target.edition)
            is_next = editions in neighbours or editions[::-1] in neighbours
            if target.treated or not is_next or target.document.language != source.document.language:
                continue
            parallel = (at for at in range(len(target.hits)) if _has_sentence_of(target, at, nearest))
            if (hit_index := next(parallel, None)) is not None and _has_names(target, hit_index):
                target.accept("aligned_section", hit_index)


def _content_of_nearest(document: DocumentEvidence) -> frozenset[str]:
    """Return the stems of the sentence of the first passage with words of the topic that is nearest to it."""
    hit, words = document.hits[0], document.words
    passage = hit.stored.passage
    texts = [passage.text_of(sentence) for sentence in passage.sentences]
    near = [(cosine, text) for cosine, text in zip(hit.similarities, texts, strict=True) if words.weight_in(text, "")]
    return _content(max(near)[1], document) if near else frozenset()


def _has_sentence_of(document: DocumentEvidence, hit_index: int, stems: frozenset[str]) -> bool:
    """Return whether a sentence of a passage with words of the topic has nearly these stems alone."""
    passage = document.hits[hit_index].stored.passage
    for sentence in passage.sentences:
        text = passage.text_of(sentence)
        content = _content(text, document)
        if len(stems & content) >= MIN_PARALLEL_SHARE * len(stems | content) and document.words.weight_in(text, ""):
            return True
    return False


def _content(text: str, document: DocumentEvidence) -> frozenset[str]:
    return frozenset(term for term in terms(text, document.document.language) if term.isalpha())


def _accept_section(index: Index, document: DocumentEvidence, aligned: set[SectionKey]) -> None:
    """Accept the best passage of a document in some sections, if a sentence of it is near to the topic."""
    for hit_index, hit in enumerate(document.hits):
        if _section_key(index, hit) in aligned:
            document.has_aligned_section = True
            is_pair = len(document.words.weights) == 2
            min_relatedness = MIN_SENTENCE_RELATEDNESS if is_pair else MIN_ALIGNED_RELATEDNESS
            is_near = document.shares[hit_index] >= MIN_ALIGNED_SHARE and _has_near_sentence(
                index, document, hit_index, MIN_ALIGNED_SHARE, min_relatedness
            )
            if is_near and _has_names(document, hit_index):
                document.accept("aligned_section", hit_index)
            return


def _section_key(index: Index, hit: Hit) -> SectionKey:
    return section_key(index.document(hit.document.id), hit.stored)


def _accept_synonyms(
    index: Index, encoder: Encoder, documents: Sequence[DocumentEvidence], usual: Mapping[str | None, float]
) -> None:
    """Look for other words that mean the topic's in the sentences of English documents that are nearest to it.

    Args:
        index: The index.
        encoder: The model of the index.
        documents: The undecided documents.
        usual: Median relatedness of the documents of each series that have the topic's words.
    """
    english = [document for document in documents if primary_language(document.document.language) == "en"]
    near = [_nearest_words(document) for document in english]
    ordered = sorted((-similarity, word) for words in near for similarity, word, _ in words)
    others = list(dict.fromkeys(word for _, word in ordered))[:MAX_SYNONYM_CANDIDATES]
    words = [word for word in (english[0].words.written if english else ()) if word.islower()]
    nearness = nearness_of_words(words, others, encoder, RELATED)
    # "drug abuse" has a related word where "drugs" is one
    related = [re.escape(word.removesuffix("s")) for word, value in nearness.items() if value >= RELATED]
    for document, nearest in zip(english, near, strict=True):
        document.has_related_word = any(re.search(rf"\b{word}", document.text) for word in related)
        if len(document.words.weights) > 1:
            continue
        needed = max(MIN_SENTENCE_RELATEDNESS, usual.get(document.edition.series, 0.0) - MAX_SERIES_DISTANCE)
        synonyms = [
            (nearness.get(word, 0.0), hit_index)
            for similarity, word, hit_index in nearest
            if nearness.get(word, 0.0) >= SYNONYM
            or (
                nearness.get(word, 0.0) >= NEAR_SYNONYM
                and index.manifest.scale.relatedness(np.array(similarity)) >= needed
            )
        ]
        if synonyms:
            document.accept("synonym", max(synonyms)[1])


def _nearest_words(document: DocumentEvidence) -> list[tuple[float, str, int]]:
    """Return similarity, word and position of the hit, for the words of the sentences nearest to the topic."""
    sentences = [
        (similarity, hit_index, sentence.start, sentence)
        for hit_index, hit in enumerate(document.hits)
        for sentence, similarity in zip(hit.stored.passage.sentences, hit.similarities, strict=True)
    ]
    nearest = sorted(sentences, key=lambda item: item[:3], reverse=True)[:NEAREST_SENTENCES]
    return [
        (similarity, word, hit_index)
        for similarity, hit_index, _, sentence in nearest
        for word in re.findall(r"\b[a-z]{3,}\b", document.hits[hit_index].stored.passage.text_of(sentence))
        if word not in FUNCTION_WORDS
    ]


def _is_absent(index: Index, document: DocumentEvidence) -> bool:
    """Return whether a document has no trace of a topic: neither its words, nor related ones, nor a related sentence.

    Each word of the topic must be in use in the document's language: otherwise its absence proves nothing. They are
    where another edition has them; a section that corresponds to that edition's may be about something else.
    """
    words = document.words
    is_word = len(words.weights) == 1
    is_known = document.is_in_use or (
        not document.has_aligned_section
        and all(is_listed(word, document.document.language) for word in words.written if not WIDE_LETTER.search(word))
    )
    return (
        document.language is TopicLanguage.KNOWN
        and bool(words.weights)
        and is_known
        and not document.has_related_word
        and not any(document.shares)
        and _relatedness(index, document.hits)
        < (MAX_ABSENT_RELATEDNESS_WORD if is_word else MAX_ABSENT_RELATEDNESS_PHRASE)
        and not words.any_word_in(document.text)
    )


def _relatedness(index: Index, hits: Sequence[Hit]) -> float:
    """Return the relatedness of the sentence most similar to the topic; 0 without any."""
    cosines = np.array([cosine for hit in hits for cosine in hit.similarities])
    return float(index.manifest.scale.relatedness(cosines).max(initial=0.0))
