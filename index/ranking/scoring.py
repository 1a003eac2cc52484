"""Score the candidates of one generation and return the best; `index.ranking.weights` has the weights."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.metadata.years import Period
from corpus.records import format_span_id
from index import io_errors
from index.dense.flat import DenseIndex
from index.lexical import bm25, query_terms
from index.models.encoder import Vectors
from index.models.similarity_scale import SimilarityScale
from index.ranking import fusion, temporal
from index.storage.reader import DocumentInfo, RecordReader
from index.storage.vector_files import Rows, SentenceVectors, products


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it is scored.

    `sentence_vector` is that of the sentence encoder; None without one, and for questions that it cannot read.
    `weights` are the idf of its terms by document language, `bonuses` the parts to add by document number, `numbers`
    those terms that number something (`query_terms.numbering_terms`).
    """

    vector: Vectors
    weights: Mapping[str, Mapping[str, float]]
    period: Period | None
    bonuses: Mapping[int, Mapping[str, float]]
    numbers: Collection[str] = ()
    sentence_vector: Vectors | None = None


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

    def best(self, numbers: Collection[int], query: Query, count: int) -> list[ScoredPassage]:
        """Return the `count` best of the passages with these numbers, best first. Raises IndexDamaged."""
        candidates = self.records.candidates(numbers)
        if not candidates:
            return []
        with io_errors.reading(self.folder):
            rows_of_passages = np.array([c.row for c in candidates], dtype=np.int64)
            cosines = products(self.dense.vectors(rows_of_passages), query.vector)
            rows = [np.frombuffer(c.sentence_rows, "<i8") for c in candidates]
            bounds = np.cumsum([0, *map(len, rows)])
            sentence_cosines = self._sentence_cosines(np.concatenate(rows), query)
            best_sentence = np.maximum.reduceat(sentence_cosines, bounds[:-1])
            documents = [self.documents[c.document_number] for c in candidates]
        totals = self.records.totals
        mean_length = totals["length"] / max(totals["passages"], 1)
        fused = fusion.fuse(
            passage=fusion.standardise(cosines.astype(np.float64), self.scale),
            sentence=fusion.standardise(best_sentence.astype(np.float64), self.scale),
            lexical=np.array(
                [
                    bm25.fraction(
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
                    temporal.period_signal(query.period, f"{c.header}\n{c.text}", document.years)
                    if query.period
                    else 0.0
                    for c, document in zip(candidates, documents, strict=True)
                ]
            ),
            stub=np.array([fusion.stubness(c.text) for c in candidates]),
            bonuses=[query.bonuses.get(c.document_number, fusion.NO_BONUS) for c in candidates],
        )
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
        return sorted(scored, key=fusion.ranking_key)[:count]

    def _sentence_cosines(self, rows: Rows, query: Query) -> Vectors:
        if query.sentence_vector is None or self.sentence_scale is None:
            return self.sentences.cosines(rows, query.vector)
        both = self.sentences.both_cosines(rows, query.vector, query.sentence_vector)
        cosines, second = (column.astype(np.float64) for column in both)
        return fusion.blend(cosines, self.scale, second, self.sentence_scale).astype(np.float32)
