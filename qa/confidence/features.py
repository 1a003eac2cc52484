"""Features of a question and its hits, from which the confidence is estimated.

A feature means the same in every corpus: similarities, shares and counts, no ranks and no scores. Their weights are
fitted (`qa.confidence.coefficients`). Tried without a gain on several sets: BM25 fraction, lead over the next passages,
agreement of both searches, adjacent question words found adjacent, a date where one is asked for, and words of reason
for "why" questions (of the 91 in SQuAD 2, as many were answerable without them as with them).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.metadata.years import written_years
from index.lexical import bm25
from index.lexical.analysis import terms
from index.models.similarity_scale import SimilarityScale
from index.ranking.search import Hit
from qa.question.answer_type import contains_answer_type, expected_answer_type
from qa.question.corpus_facts import CorpusFacts

READ_PASSAGES = 5
"""Hits that are read."""

_YEAR_PASSAGES = 3
"""Hits in which a year of the question is searched."""

SHORT_QUESTION, LONG_QUESTION = 4, 10
"""Bounds of `term_count`: keyword queries have few terms, and are answered no worse for it."""

_STEM = 5
"""Terms with this many initial letters in common count as forms of one word ("colony", "colonial")."""

_WORD = re.compile(r"[^\W\d_][\w'’.-]*|\d[\d,.]*")
_SENTENCE = re.compile(
    r"[?？؟。](?:\s|$)"
    r"|\b(?:what|which|who|whom|whose|when|where|why|how)\b"
    r"|^\W*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|must"
    r"|list|name|describe|explain|compare|summari[sz]e|tell|give|show|find)\b",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:not|never|no|none|nor|neither|without|cannot|except|least|unable|fail\w*|refus\w*|lack\w*)\b|n['’]t\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Features:
    """The features of a question and its hits. The best sentence is the one most likely to contain the answer."""

    similarity: float
    """Highest similarity of a sentence, standardised: 0 as for unrelated texts, 1 as for a question and its answer."""
    names_missing: float
    """ln(1 + names, numbers and acronyms of the question that no passage contains)."""
    names_missing_from_best_sentence: float
    """ln(1 + those that the best sentence does not contain): it may be about somebody else."""
    heaviest_missing_term: float
    """Highest idf of a question term missing from the best sentence, as a share of the idf of an unknown term."""
    negation_missing: float
    """1 if the question has a negation and the best sentence has none."""
    year_named: float
    """1 if the question names a year."""
    years_unmet: float
    """Share of these years that none of the first passages mentions or covers."""
    years_not_covered: float
    """Share of these years that no document covers, times the share that the first passage does not mention or cover.

    0 while the years of any document are unknown.
    """
    number_missing: float
    """1 if the question asks for a number and the best sentence contains none."""
    term_count: float
    """Terms of the question, clipped to SHORT_QUESTION and LONG_QUESTION: of many terms, one missing says less."""
    is_keyword_query: float
    """1 if the question is a list of keywords, which no passage is as similar to as to a sentence."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    terms: frozenset[str]
    value: float


def compute_features(
    question: str,
    hits: Sequence[Hit],
    term_weights: Mapping[str, float],
    corpus_facts: CorpusFacts,
    scale: SimilarityScale,
) -> Features:
    """Compute the features of a question and its hits (at least one, best first); see `estimate_confidence`."""
    hits = hits[:READ_PASSAGES]
    language = hits[0].document.language
    # `term_weights` may contain terms in several languages, and lacks misspelt words
    question_terms = dict.fromkeys(terms(question, language))
    weights = {term: term_weights[term] for term in question_terms if term in term_weights}
    best = _best_sentence(hits, weights)
    passage_terms = frozenset(term for hit in hits for term in hit.stored.terms)
    names = _names(question, language) & term_weights.keys()
    years = sorted(written_years(question))
    known_years = [_years_of(hit) for hit in hits[:_YEAR_PASSAGES]]
    unmet = [year for year in years if not any(year in known for known in known_years)]
    not_covered = [year for year in corpus_facts.uncovered_years(years) if year not in corpus_facts.editions]
    not_in_first = [year for year in years if year not in known_years[0]]
    number_asked = expected_answer_type(question) == "number"
    return Features(
        similarity=(max(max(hit.similarities) for hit in hits) - scale.mean) / scale.spread,
        names_missing=math.log1p(len(names - passage_terms)),
        names_missing_from_best_sentence=math.log1p(len(names - best.terms)),
        heaviest_missing_term=_heaviest_missing_term(weights, best.terms, corpus_facts.passages),
        negation_missing=float(_NEGATION.search(question) is not None and _NEGATION.search(best.text) is None),
        year_named=float(bool(years)),
        years_unmet=_share(unmet, years),
        years_not_covered=_share(not_covered, years) * _share(not_in_first, years),
        number_missing=float(number_asked and not contains_answer_type(best.text, "number")),
        term_count=float(min(max(len(question_terms), SHORT_QUESTION), LONG_QUESTION)),
        is_keyword_query=float(_SENTENCE.search(question) is None),
    )


def _share(part: Sequence[int], whole: Sequence[int]) -> float:
    return len(part) / len(whole) if whole else 0.0


def _best_sentence(hits: Sequence[Hit], weights: Mapping[str, float]) -> _Sentence:
    """Return the first of the sentences with the highest similarity plus half the share of the question's weight."""
    total = sum(weights.values()) or 1.0
    sentences: list[_Sentence] = []
    for hit in hits:
        passage = hit.stored.passage
        for sentence, similarity in zip(passage.sentences, hit.similarities, strict=True):
            text = passage.words_of(sentence)
            sentence_terms = frozenset(terms(text, hit.document.language))
            share = sum(weight for term, weight in weights.items() if term in sentence_terms) / total
            sentences.append(_Sentence(text, sentence_terms, similarity + 0.5 * share))
    return max(sentences, key=lambda sentence: sentence.value)


def _heaviest_missing_term(weights: Mapping[str, float], sentence_terms: frozenset[str], passages: int) -> float:
    stems = {term[:_STEM] for term in sentence_terms if len(term) >= _STEM}
    missing = [weight for term, weight in weights.items() if term not in sentence_terms and term[:_STEM] not in stems]
    return min(max(missing, default=0.0) / bm25.idf(passages, 0), 1.0)


def _names(question: str, language: str | None) -> set[str]:
    """Return the terms of names, acronyms and numbers; the first word's initial capital does not make it a name."""
    words = [
        match.group()
        for match in _WORD.finditer(question)
        if match.group()[0].isdigit()
        or any(letter.isupper() for letter in match.group()[1:])
        or (match.start() and match.group()[0].isupper())
    ]
    return {term for word in words for term in terms(word, language)}


def _years_of(hit: Hit) -> set[int]:
    """Return the years that a passage mentions, the years its document covers, and its edition."""
    passage, covers = hit.stored.passage, hit.document.covers
    years = written_years(f"{passage.prefix} {passage.text}")
    if covers is not None:
        years.update(range(covers[0], covers[1] + 1))
    return years | ({hit.document.edition} if hit.document.edition is not None else set())
