"""What speaks for and against the hits answering a question, as a few numbers. Pure.

The numbers mean the same in every corpus: similarities, shares and counts, no ranks and no scores. Which of them count
how much is fitted (`qa.confidence.coefficients`); those that were tried and did not help on several sets are not
here: BM25
fraction, lead over the next passages, agreement of both searches, adjacent words of the question found together, a
date where one is asked for, and words of reason where "why" is asked (of 91 such questions of SQuAD 2 as many could be
answered without them as with them).
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
from qa.question.answer_type import expected, holds
from qa.question.corpus_facts import CorpusFacts

READ_PASSAGES = 5
"""So many first hits are looked at."""

SHORT_QUESTION, LONG_QUESTION = 4, 10
"""Terms; a shorter or longer question counts as one of so many. Search terms are few, and no worse for it."""

_STEM = 5
"""Terms that share so many first letters count as forms of one word ("colony", "colonial")."""

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
class Support:
    """What is counted of one question and its hits."""

    similarity: float
    """The best sentence's with the question: 0 is what the model finds between unrelated texts, 1 as with an answer."""
    names_missing: float
    """ln(1 + names, numbers and acronyms of the question that no passage holds)."""
    names_apart: float
    """ln(1 + those that the best sentence lacks): it may speak of somebody else."""
    weightiest_missing: float
    """The question's weightiest term that the best sentence lacks, as a share of what an unknown term weighs."""
    negation_missing: float
    """1 where the question denies something and the best sentence does not."""
    year_named: float
    """1 where the question names a year."""
    years_unmet: float
    """Share of these years that none of the first three passages mentions or covers."""
    years_outside: float
    """Share of these years that no document covers, where all say what they cover, if the first passage lacks one."""
    number_missing: float
    """1 where the question asks for a number, and the best sentence holds none."""
    terms: float
    """Terms of the question, from SHORT_QUESTION to LONG_QUESTION: the more there are, the less one missing says."""
    search_terms: float
    """1 where the question is search terms and no sentence: no passage is as similar to these as to a sentence."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    similarity: float
    terms: frozenset[str]
    share: float


def support(
    question: str, hits: Sequence[Hit], weights: Mapping[str, float], asked: CorpusFacts, scale: SimilarityScale
) -> Support:
    """Of at least one hit, best first. `weights` are the question's terms with their idf (`Index.weights`).

    `asked` is what the filters leave. `scale` is the model's.
    """
    hits = hits[:READ_PASSAGES]
    # `weights` may hold terms of several languages, of which the passages' counts; it lacks words read as mistyped
    own = list(dict.fromkeys(terms(question, hits[0].document.language)))
    weighted = {term: weights[term] for term in own if term in weights}
    best = _best(hits, weighted)
    found = [frozenset(hit.stored.terms) for hit in hits]
    years = sorted(written_years(question))
    met = [_years(hit) for hit in hits[:3]]
    unmet = [year for year in years if not any(year in one for one in met)]
    names = _names(question, hits[0].document.language) & weights.keys()
    return Support(
        similarity=(max(max(hit.similarities) for hit in hits) - scale.mean) / scale.spread,
        names_missing=math.log1p(sum(not any(name in one for one in found) for name in names)),
        names_apart=math.log1p(len(names - best.terms)),
        weightiest_missing=_weightiest_missing(weighted, best.terms, asked.passages),
        negation_missing=float(_NEGATION.search(question) is not None and _NEGATION.search(best.text) is None),
        year_named=float(bool(years)),
        years_unmet=_share(unmet, years),
        years_outside=_share(_outside(years, asked), years) * _share([y for y in years if y not in met[0]], years),
        number_missing=float(expected(question) == "number" and not holds(best.text, "number")),
        terms=float(min(max(len(own), SHORT_QUESTION), LONG_QUESTION)),
        search_terms=float(_SENTENCE.search(question) is None),
    )


def _share(some: Sequence[int], everything: Sequence[int]) -> float:
    return len(some) / len(everything) if everything else 0.0


def _best(hits: Sequence[Hit], weighted: Mapping[str, float]) -> _Sentence:
    """The sentence that answers best, by its similarity and the share of the question's weight that it holds."""
    total = sum(weighted.values()) or 1.0
    sentences: list[_Sentence] = []
    for hit in hits:
        passage = hit.stored.passage
        for sentence, similarity in zip(passage.sentences, hit.similarities, strict=True):
            text = passage.text[max(sentence.start - passage.start, 0) : sentence.end - passage.start]
            held = frozenset(terms(text, hit.document.language))
            share = sum(weight for term, weight in weighted.items() if term in held) / total
            sentences.append(_Sentence(text, similarity, held, share))
    return max(sentences, key=lambda one: one.similarity + 0.5 * one.share)


def _weightiest_missing(weighted: Mapping[str, float], held: frozenset[str], passages: int) -> float:
    stems = {term[:_STEM] for term in held if len(term) >= _STEM}
    missing = [weight for term, weight in weighted.items() if term not in held and term[:_STEM] not in stems]
    return min(max(missing, default=0.0) / bm25.idf(passages, 0), 1.0)


def _names(question: str, language: str | None) -> set[str]:
    """Terms of what is written as a name in the question: capitals (but for the first word's), acronyms, numbers."""
    written = [
        match.group()
        for match in _WORD.finditer(question)
        if match.group()[0].isdigit()
        or any(letter.isupper() for letter in match.group()[1:])
        or (match.start() and match.group()[0].isupper())
    ]
    return {term for word in written for term in terms(word, language)}


def _years(hit: Hit) -> set[int]:
    """Years that a passage mentions, and those that its document covers or is the edition of."""
    passage, covers = hit.stored.passage, hit.document.covers
    years = written_years(f"{passage.prefix} {passage.text}")
    if covers is not None:
        years.update(range(covers[0], covers[1] + 1))
    return years | ({hit.document.edition} if hit.document.edition is not None else set())


def _outside(years: Sequence[int], asked: CorpusFacts) -> list[int]:
    return [year for year in asked.uncovered_years(years) if year not in asked.editions]
