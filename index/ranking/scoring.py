"""Candidates of one generation to the best of them. Knows nothing of who proposed them.

Each gets its passage similarity, that of its best sentence, its BM25 fraction, how near the years that it names are to
those asked for, whether it is but a stub, and what the caller adds per document; `index.ranking.fusion` weighs and
orders.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.chunking.passages import count_words
from index import io_errors
from index.dense.flat import Dense
from index.lexical import bm25
from index.manifest import Scale
from index.models.encoder import Vectors
from index.ranking import fusion, temporal
from index.storage.reader import DocumentInfo, Reader
from index.storage.sentence_vectors import SentenceVectors


@dataclass(frozen=True, slots=True)
class Question:
    """What of a question is scored.

    Its vector, its terms by language of the documents, the time it asks about, and what each document's number is
    worth to it beforehand.
    """

    vector: Vectors
    weights: Mapping[str, Mapping[str, float]]
    period: temporal.Period | None
    bonuses: Mapping[int, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate, scored; `similarities` has one cosine a sentence."""

    number: int
    id: str
    score: float
    scores: Mapping[str, float]
    similarities: Vectors


@dataclass(frozen=True, slots=True)
class Scoring:
    """What of a generation the scores are made of; `documents` by their numbers, `folder` is that of the index."""

    folder: Path
    records: Reader
    dense: Dense
    sentences: SentenceVectors
    documents: Mapping[int, DocumentInfo]
    scale: Scale

    def best(self, numbers: Collection[int], question: Question, count: int) -> list[Scored]:
        """The `count` best of the passages with these numbers, best first. Raises IndexDamaged."""
        candidates = self.records.candidates(numbers)
        if not candidates:
            return []
        with io_errors.reading(self.folder):
            cosines = self.dense.vectors(np.array([one.row for one in candidates], dtype=np.int64)) @ question.vector
            rows = [np.frombuffer(one.sentence_rows, "<i8") for one in candidates]
            bounds = np.cumsum([0, *map(len, rows)])
            of_sentences = self.sentences.cosines(np.concatenate(rows), question.vector)
            best = np.maximum.reduceat(of_sentences, bounds[:-1])
            documents = [self.documents[one.document_number] for one in candidates]
        totals = self.records.totals
        mean_length = totals["length"] / max(totals["passages"], 1)
        asked = question.period
        scores = fusion.scores(
            fusion.standardise(cosines.astype(np.float64), self.scale),
            fusion.standardise(best.astype(np.float64), self.scale),
            np.array(
                [
                    bm25.fraction(question.weights[document.language or "en"], one.terms.split(" "), mean_length)
                    for one, document in zip(candidates, documents, strict=True)
                ]
            ),
            np.array([temporal.nearness(asked, temporal.named(one.text)) if asked else 0.0 for one in candidates]),
            np.array(
                [
                    fusion.stub(count_words(one.text)) if len(one.text) < fusion.STUB_LENGTH else 0.0
                    for one in candidates
                ]
            ),
            [question.bonuses.get(one.document_number, fusion.NO_BONUS) for one in candidates],
        )
        # all that tie with the last are ordered, by their ids; what each score consists of is told of the best alone
        least = np.partition(scores.totals, -count)[-count] if count < len(candidates) else -np.inf
        scored = []
        for place in np.flatnonzero(scores.totals >= least).tolist():
            one, similarities = candidates[place], of_sentences[bounds[place] : bounds[place + 1]]
            identifier = f"{documents[place].id}@{one.start}-{one.end}"
            total = float(scores.totals[place])
            scored.append(Scored(one.number, identifier, total, scores.of(place), similarities))
        return sorted(scored, key=fusion.order)[:count]
