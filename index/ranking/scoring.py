"""Score the candidates of one generation: compute their signals and fuse them, with `index.ranking.weights`.

The BM25 score is divided by its maximum for the question, and this fraction is squared: low fractions come from chance
matches and should hardly count. The weight may then vary fourfold without moving any set by more than .01, where a
linear fraction suits one model and hurts another.

Tried and dropped, because at most one set improved: neighbouring sentences, the mean of the two best sentences,
clauses, windows of two and three sentences, the section's mean vector, its BM25 and the scores of its neighbours,
pseudo-relevance feedback, character n-grams, bigrams, term coverage of the best sentence, acronyms expanded by
definitions in the text, a number or date where the question asks for one, other forms of the prefix.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

import numpy as np
import numpy.typing as npt

from corpus.chunking.passages import count_words
from corpus.chunking.sentences import is_source_line
from corpus.metadata.language import primary_language
from corpus.metadata.years import Period
from corpus.records import format_span_id
from corpus.structure.lines import LEADERS, contents_entries
from index.dense.dense_index import DenseIndex
from index.errors import reading
from index.lexical import query_terms
from index.lexical.bm25 import bm25_fraction
from index.models.encoder import Vectors
from index.models.similarity_scale import Cosines, SimilarityScale
from index.ranking import temporal
from index.ranking.languages import BONUSES_FOR_NAMES, SIGNALS_OF_LANGUAGE, language_parts
from index.ranking.weights import SENTENCE_MODEL_SHARE, WEIGHTS, SignalWeights
from index.storage.reader import DocumentInfo, RecordReader
from index.storage.vector_files import Rows, SentenceVectors, products

Column = npt.NDArray[np.float64]
"""One value per passage, shape (passages,)."""


SHORT_PASSAGE_WORDS = 15
"""Passages of fewer words (bylines, captions) say little; their prefix makes them similar to their whole section."""

SHORT_PASSAGE_LENGTH = 20 * SHORT_PASSAGE_WORDS
"""Passages with more characters are never stubs, so that their words need not be counted."""

REFERENCE_SCALE = SimilarityScale(mean=0.06348, spread=0.557201)
"""The cosine scale of all-MiniLM-L6-v2, to which those of other models are mapped."""

NO_BONUS: Mapping[str, float] = MappingProxyType({})

_DIGITS = 6
_ALWAYS_SHOWN = frozenset({"passage", "sentence", "lexical"})


def standardise(cosines: Cosines, scale: SimilarityScale) -> Cosines:
    """Map cosines of a model with this scale linearly to REFERENCE_SCALE."""
    return REFERENCE_SCALE.mean + scale.standardise(cosines) * REFERENCE_SCALE.spread


def blend(cosines: Column, scale: SimilarityScale, second: Column, second_scale: SimilarityScale) -> Column:
    """Average the similarities of two models, and return them as cosines of the first.

    Args:
        cosines: Cosines of the first model.
        scale: Its scale.
        second: Cosines of the second model; NaN where it has not read a text, which keeps the first's cosine.
        second_scale: Scale of the second model.
    """
    as_first = scale.mean + second_scale.standardise(second) * scale.spread
    blended = (1 - SENTENCE_MODEL_SHARE) * cosines + SENTENCE_MODEL_SHARE * as_first
    return np.where(np.isnan(second), cosines, blended)


def lexical_signal(fraction: Column) -> Column:
    """Return the convex signal of BM25 fractions in [0, 1)."""
    return fraction * fraction


def lexical_fraction(part: float) -> float:
    """Return the BM25 fraction behind the part `lexical` of a score."""
    return math.sqrt(max(part, 0.0) / WEIGHTS.lexical)


def brevity(text: str) -> float:
    """Return how little a passage says: from 1 for no words to 0 for enough; 1 for sources and tables of contents."""
    if LEADERS.search(text) and 2 * len(contents_entries(text)) > len(text.splitlines()):
        return 1.0
    if len(text) >= SHORT_PASSAGE_LENGTH:
        return 0.0
    if all(map(is_source_line, text.splitlines())):
        return 1.0
    return max(0.0, 1 - count_words(text) / SHORT_PASSAGE_WORDS)


@dataclass(frozen=True, slots=True)
class FusedScores:
    """Weighted signals and their sums, all rounded so that equal scores compare as equal."""

    parts: Mapping[str, Column]
    bonuses: Sequence[Mapping[str, float]]
    totals: Column

    def with_part(self, name: str, values: Column) -> FusedScores:
        """Return the scores with a further part."""
        part = np.round(values, _DIGITS)
        return FusedScores({**self.parts, name: part}, self.bonuses, np.round(self.totals + part, _DIGITS))

    def explain(self, position: int) -> dict[str, float]:
        """Return the parts of one passage's score, which add up to it; optional parts of value 0 are omitted."""
        signals = {name: float(values[position]) for name, values in self.parts.items()}
        bonuses = {name: round_score(value) for name, value in self.bonuses[position].items()}
        return {name: value for name, value in (signals | bonuses).items() if value or name in _ALWAYS_SHOWN}


def fuse(
    passage: Column,
    sentence: Column,
    lexical: Column,
    period: Column,
    stub: Column,
    bonuses: Sequence[Mapping[str, float]],
    *,
    weights: SignalWeights = WEIGHTS,
) -> FusedScores:
    """Weight and add the signals of some passages; `lexical` are BM25 fractions, `bonuses` are added unweighted.

    `tests.benchmarks.fit_ranking` passes other `weights`.
    """
    parts = {
        "passage": np.round(weights.passage * passage, _DIGITS),
        "sentence": np.round(weights.sentence * sentence, _DIGITS),
        "lexical": np.round(weights.lexical * lexical_signal(lexical), _DIGITS),
        "period": np.round(weights.period * period, _DIGITS),
        "stub": np.round(weights.stub * stub, _DIGITS),
    }
    added = np.array([sum(map(round_score, bonus.values())) if bonus else 0.0 for bonus in bonuses], dtype=np.float64)
    return FusedScores(parts, bonuses, np.round(np.sum([*parts.values(), added], axis=0), _DIGITS))


def _compare_languages(
    fused: FusedScores, numbers: Sequence[int], of_passages: Sequence[str], languages: LanguageCandidates
) -> FusedScores:
    """Return the scores with the part that makes those of several languages comparable."""
    named = np.array([sum(bonus.get(name, 0.0) for name in BONUSES_FOR_NAMES) for bonus in fused.bonuses])
    alike = np.sum([*(fused.parts[name] for name in SIGNALS_OF_LANGUAGE), named], axis=0)
    rows = {
        language: [row for row, number in enumerate(numbers) if number in wanted]
        for language, wanted in languages.numbers.items()
    }
    added = language_parts(
        {language: alike[of_language] for language, of_language in rows.items()},
        {language: fused.totals[of_language] for language, of_language in rows.items()},
        languages.asked_in,
    )
    return fused.with_part("language", np.array([added.get(language, 0.0) for language in of_passages]))


def round_score(value: float) -> float:
    """Return a score, or a part of one, with the precision of all scores."""
    return round(value, _DIGITS)


class Ranked(Protocol):
    """An item of a ranking."""

    @property
    def id(self) -> str: ...
    @property
    def score(self) -> float: ...


def ranking_key(item: Ranked) -> tuple[float, str]:
    """Return the sort key of every ranking: descending score, ties by id. Total."""
    return -item.score, item.id


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it is scored.

    `sentence_vector` is that of the sentence encoder; None without one, and for questions that it cannot read.
    `weights` are the idf of its terms by document language, `bonuses` the parts to add by document number, `numbers`
    those terms that number something (`query_terms.identifier_numbers`), `described` the series with a document about
    the years asked about.
    """

    vector: Vectors
    weights: Mapping[str, Mapping[str, float]]
    period: Period | None
    bonuses: Mapping[int, Mapping[str, float]]
    numbers: Collection[str] = ()
    sentence_vector: Vectors | None = None
    described: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class LanguageCandidates:
    """The numbers of the candidates of each language, and the languages of the question."""

    numbers: Mapping[str, Collection[int]]
    asked_in: Collection[str]


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A scored candidate; `similarities` has one cosine per sentence."""

    number: int
    id: str
    score: float
    scores: Mapping[str, float]
    similarities: Vectors


@dataclass(frozen=True, slots=True)
class Scorer:
    """Scores passages of one generation; `documents` are by number, `folder` is the index folder."""

    folder: Path
    records: RecordReader
    dense: DenseIndex
    sentences: SentenceVectors
    documents: Mapping[int, DocumentInfo]
    scale: SimilarityScale
    sentence_scale: SimilarityScale | None = None

    def best(
        self, numbers: Collection[int], query: Query, count: int, languages: LanguageCandidates | None = None
    ) -> list[ScoredPassage]:
        """Return the `count` best of the passages with these numbers, best first. Raises IndexDamaged.

        Args:
            numbers: Numbers of the passages.
            query: The question.
            count: Passages wanted.
            languages: Some of the passages by language, where those of several languages are compared.
        """
        candidates = self.records.candidates(numbers)
        if not candidates:
            return []
        with reading(self.folder):
            rows_of_passages = np.array([c.row for c in candidates], dtype=np.int64)
            cosines = products(self.dense.vectors(rows_of_passages), query.vector)
            rows = [np.frombuffer(c.sentence_rows, "<i8") for c in candidates]
            bounds = np.cumsum([0, *map(len, rows)])
            sentence_cosines = self.sentence_similarities(np.concatenate(rows), query.vector, query.sentence_vector)
            best_sentence = np.maximum.reduceat(sentence_cosines, bounds[:-1])
            documents = [self.documents[c.document_number] for c in candidates]
        totals = self.records.totals
        mean_length = totals["length"] / max(totals["passages"], 1)
        fused = fuse(
            passage=standardise(cosines.astype(np.float64), self.scale),
            sentence=standardise(best_sentence.astype(np.float64), self.scale),
            lexical=np.array(
                [
                    bm25_fraction(
                        query.weights[document.language or "en"],
                        query_terms.drop_year_mentions(c.terms.split(" "), c.text, query.numbers),
                        mean_length,
                    )
                    for c, document in zip(candidates, documents, strict=True)
                ]
            ),
            period=np.array(
                [
                    # all rows of a table are about the years in its header, also those in later parts of it
                    temporal.period_signal(
                        query.period, f"{c.header}\n{c.text}", document.years, document.series in query.described
                    )
                    if query.period
                    else 0.0
                    for c, document in zip(candidates, documents, strict=True)
                ]
            ),
            stub=np.array([brevity(c.text) for c in candidates]),
            bonuses=[query.bonuses.get(c.document_number, NO_BONUS) for c in candidates],
        )
        if languages is not None:
            of_passages = [primary_language(document.language) for document in documents]
            fused = _compare_languages(fused, [c.number for c in candidates], of_passages, languages)
        # ties with the last one are kept until they are sorted by id; only these get a breakdown of their score
        least = np.partition(fused.totals, -count)[-count] if count < len(candidates) else -np.inf
        scored = [
            ScoredPassage(
                candidates[i].number,
                format_span_id(documents[i].id, candidates[i].start, candidates[i].end),
                float(fused.totals[i]),
                fused.explain(i),
                sentence_cosines[bounds[i] : bounds[i + 1]],
            )
            for i in np.flatnonzero(fused.totals >= least).tolist()
        ]
        return sorted(scored, key=ranking_key)[:count]

    def sentence_similarities(self, rows: Rows, vector: Vectors, sentence_vector: Vectors | None) -> Vectors:
        """Return the similarities of the sentences of these rows with a question, on the scale of the model's cosines.

        Args:
            rows: Rows of the sentences.
            vector: The vector of the question, shape (dimension,).
            sentence_vector: Its vector by the sentence encoder; None without one, or if it cannot read the question.

        Returns:
            float32, shape (rows,).
        """
        if sentence_vector is None or self.sentence_scale is None:
            return self.sentences.cosines(rows, vector)
        both = self.sentences.both_cosines(rows, vector, sentence_vector)
        cosines, second = (column.astype(np.float64) for column in both)
        return blend(cosines, self.scale, second, self.sentence_scale).astype(np.float32)
