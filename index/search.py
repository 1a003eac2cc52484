"""A question's text to hits: candidates from both searches, scored alike, in one total order.

Candidates are the union of the dense and the lexical top lists; each gets its passage similarity, that of its best
sentence, its BM25 fraction, and what the caller adds per document. Filters are applied inside both searches, before
anything is cut. Knows nothing of what a question means.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.records import Document
from index import bm25, fusion, layout, manifest
from index.analysis import terms
from index.dense import Dense, Rows
from index.encoder import Encoder, Vectors
from index.errors import IndexMismatch, UnknownPassage
from index.lexical import Lexical
from index.manifest import Manifest
from index.sentences import SentenceVectors
from index.store import DocumentInfo, Reader, StoredPassage

CANDIDATES = 100
"""How many each of the two searches proposes, at least."""

Keep = Callable[[DocumentInfo], bool]
Bonus = Callable[[DocumentInfo], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its scores for one question.

    `similarities` holds, for each of the passage's sentences, its cosine with the question.
    """

    stored: StoredPassage
    document: DocumentInfo
    score: float
    scores: Mapping[str, float]
    similarities: tuple[float, ...]

    @property
    def id(self) -> str:
        """The passage's id."""
        return self.stored.passage.id

    @property
    def lexical(self) -> float:
        """The BM25 fraction, unweighted."""
        return self.scores.get("lexical", 0.0) / fusion.WEIGHTS.lexical


class Index:
    """One generation of an index, opened for questions. Opening never writes."""

    def __init__(self, folder: Path) -> None:
        """Raises NoIndex or IndexMismatch."""
        self.folder = folder
        for attempt in range(5):
            self.manifest: Manifest = manifest.read(folder)
            base = layout.generation_folder(folder, self.manifest.generation)
            try:
                manifest.check_sizes(folder, self.manifest)
                self._open(base)
                break
            except (IndexMismatch, OSError):
                # a build may have switched to the next generation between the two reads
                if attempt == 4 or manifest.read(folder).generation == self.manifest.generation:
                    raise

    def _open(self, base: Path) -> None:
        self.records = Reader(base / layout.RECORDS)
        self._dense = Dense([base / name for name in self.manifest.of(layout.VECTORS)], self.manifest.model.dimension)
        self._lexical = Lexical(base / layout.LEXICAL)
        self._sentences = SentenceVectors([base / name for name in self.manifest.of(layout.SENTENCES)])
        self.documents = self.records.documents()
        self._by_number = {one.number: one for one in self.documents}
        self._by_id = {one.id: one for one in self.documents}
        self._languages = sorted({(one.language or "en") for one in self.documents})
        self._live = None if self._dense.rows == self.records.distinct_rows() else self.records.live_rows()

    def is_current(self) -> bool:
        """Whether no build has switched to another generation since this one was opened."""
        return manifest.read(self.folder).generation == self.manifest.generation

    def info(self, document: str) -> DocumentInfo:
        """A document by its id. Raises UnknownPassage."""
        try:
            return self._by_id[document]
        except KeyError:
            raise UnknownPassage(f'no document "{document}" in {self.folder} (yearbook-qa info lists them)') from None

    def document(self, document: str) -> Document:
        """A document whole, by its id. Raises UnknownPassage."""
        return self.records.document(self.info(document).number)

    def search(
        self,
        text: str,
        encoder: Encoder,
        count: int,
        *,
        keep: Keep | None = None,
        bonus: Bonus | None = None,
        candidates: int = CANDIDATES,
    ) -> list[Hit]:
        """The `count` best passages for a text, best first; fewer only where fewer are left by `keep`.

        `keep` excludes documents; `bonus` adds named parts to the scores of a document's passages.
        """
        (vector,) = encoder.encode([text], query=True)
        return self.search_vector(text, vector, count, keep=keep, bonus=bonus, candidates=candidates)

    def search_vector(
        self,
        text: str,
        vector: Vectors,
        count: int,
        *,
        keep: Keep | None = None,
        bonus: Bonus | None = None,
        candidates: int = CANDIDATES,
    ) -> list[Hit]:
        """As `search`, with the text's vector (shape (dimension,)) given."""
        kept = [one for one in self.documents if keep is None or keep(one)]
        bonuses = {one.number: dict(bonus(one)) if bonus is not None else {} for one in kept}
        weights = self.weights(text)
        wanted = max(count, candidates)
        everything = len(kept) == len(self.documents)
        found = self._candidates(vector, list(weights), wanted, None if everything else kept)
        preferred = [one for one in kept if any(bonuses[one.number].values())]
        if preferred and len(preferred) < len(kept):
            # what a preference lifts may lie beyond the first candidates of all documents
            found |= self._candidates(vector, list(weights), wanted, preferred)
        stored = self.records.passages(sorted(found))
        hits = self._score(stored, vector, weights, bonuses)
        hits.sort(key=lambda hit: (-hit.score, hit.id))
        return hits[:count]

    def weights(self, text: str) -> dict[str, float]:
        """The text's distinct terms (in each language of the corpus) with their idf."""
        found = list(dict.fromkeys(term for language in self._languages for term in terms(text, language)))
        frequencies = self.records.document_frequencies(found)
        passages = self.records.totals["passages"]
        return {term: bm25.idf(passages, frequencies[term]) for term in found}

    def _candidates(
        self, vector: Vectors, words: Sequence[str], wanted: int, among: Sequence[DocumentInfo] | None
    ) -> set[int]:
        """Numbers of the passages that either search proposes, among these documents where given."""
        numbers = None if among is None else [one.number for one in among]
        rows: Rows | None = self._live if numbers is None else self.records.rows_of_documents(numbers)
        near = self._dense.candidates(vector, wanted, rows)
        allowed = None if numbers is None else set(numbers)
        found = {
            one.number
            for one in self.records.passages_of_rows([int(row) for row in near])
            if allowed is None or one.document_number in allowed
        }
        return found | set(self._lexical.candidates(words, wanted, numbers))

    def _score(
        self,
        stored: Sequence[StoredPassage],
        vector: Vectors,
        weights: Mapping[str, float],
        bonuses: Mapping[int, Mapping[str, float]],
    ) -> list[Hit]:
        if not stored:
            return []
        cosines = self._dense.vectors(np.array([one.row for one in stored], dtype=np.int64)) @ vector
        bounds = np.cumsum([0, *(len(one.sentence_rows) for one in stored)])
        rows = np.array([row for one in stored for row in one.sentence_rows], dtype=np.int64)
        sentence_cosines = self._sentences.vectors(rows) @ vector
        totals = self.records.totals
        mean_length = totals["length"] / max(totals["passages"], 1)
        hits: list[Hit] = []
        for one, cosine, begin, end in zip(stored, cosines, bounds, bounds[1:], strict=False):
            similarities = tuple(float(x) for x in sentence_cosines[begin:end])
            scale = self.manifest.scale
            scores = fusion.parts(
                fusion.standardise(float(cosine), scale),
                fusion.standardise(max(similarities), scale),
                bm25.fraction(weights, one.terms, mean_length),
                bonuses[one.document_number],
            )
            hits.append(Hit(one, self._by_number[one.document_number], fusion.total(scores), scores, similarities))
        return hits
