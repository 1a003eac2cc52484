"""A question's text to hits: candidates from both searches, scored alike, in one total order.

Candidates are the union of the dense and the lexical top lists; `index.ranking.scoring` says how well each fits.
Filters are
applied inside both searches, before anything is cut. Knows nothing of what a question means.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.records import Document
from index import io_errors, layout, manifest
from index.dense import ivf_structure
from index.dense.flat import Dense
from index.dense.row_filter import Allowed, Rows
from index.dense.subset import Subset
from index.errors import IndexFolderError, UnknownPassage
from index.lexical import query_terms
from index.lexical.tantivy_index import Lexical
from index.manifest import Manifest
from index.models.encoder import Encoder, Vectors
from index.ranking import fusion, temporal
from index.ranking.scoring import Question, Scored, Scoring
from index.storage.passage_rows import PassageRows
from index.storage.reader import DocumentInfo, Reader, StoredPassage, alike
from index.storage.sentence_vectors import SentenceVectors

CANDIDATES = 100
"""How many each of the two searches proposes, at least."""

Bonus = Callable[[DocumentInfo], Mapping[str, float]]
"""What to add to the passages of a document; asked once for all that share series, edition and years covered."""

Unsearched = Callable[[Sequence[DocumentInfo]], None]
"""Told of documents that could not be looked through."""


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
        """Raises NoIndex, IndexMismatch or IndexDamaged."""
        self.folder = folder
        if layout.has_lost_manifest(folder):
            raise manifest.lost(folder)
        for attempt in range(5):
            self._stamp = manifest.stamp(folder)  # before reading: a change in between shows at the next question
            self.manifest: Manifest = manifest.read(folder)
            base = layout.generation_folder(folder, self.manifest.generation)
            try:
                manifest.check_files(folder, self.manifest)
                with io_errors.reading(folder):
                    self._open(base)
                break
            except (IndexFolderError, OSError):
                # a build may have switched to the next generation between the two reads
                if attempt == 4 or manifest.read(folder).generation == self.manifest.generation:
                    raise

    def _open(self, base: Path) -> None:
        self.records = Reader([base / name for name in self.manifest.of(layout.RECORDS)])
        shards = [base / name for name in self.manifest.of(layout.VECTORS)]
        self._dense = Dense(shards, self.manifest.model.dimension, ivf_structure.opened(base, self.manifest.dense))
        self._lexical = Lexical(base / layout.LEXICAL)
        self._sentences = SentenceVectors([base / name for name in self.manifest.of(layout.SENTENCES)])
        self.documents = self.records.documents()
        self._by_number = {one.number: one for one in self.documents}
        self._scoring = Scoring(
            self.folder, self.records, self._dense, self._sentences, self._by_number, self.manifest.scale
        )
        self._by_id = {one.id: one for one in self.documents}
        spoken = Counter(one.language or "en" for one in self.documents)
        self._languages = sorted(spoken, key=lambda one: (-spoken[one], one)) or ["en"]
        self._alike = alike(self.documents)
        self._rows = PassageRows(base / layout.ROWS, self._dense.rows)
        whole = self._dense.rows == self.records.totals["rows"]
        self._weighed: tuple[str | None, Mapping[str, Mapping[str, float]]] = None, {}
        self._live = None if whole else Allowed(self._rows.used())

    def is_current(self) -> bool:
        """Whether no build has switched to another generation since this one was opened."""
        # asked before every question: a manifest that was not replaced is not parsed again
        unchanged = self._stamp is not None and manifest.stamp(self.folder) == self._stamp
        return unchanged or manifest.read(self.folder).generation == self.manifest.generation

    def info(self, document: str) -> DocumentInfo:
        """A document by its id. Raises UnknownPassage."""
        try:
            return self._by_id[document]
        except KeyError:
            raise UnknownPassage.document(document, self._by_id) from None

    def document(self, document: str) -> Document:
        """A document whole, by its id. Raises UnknownPassage."""
        return self.records.document(self.info(document).number)

    def search(
        self,
        text: str,
        by: Encoder | Vectors,
        count: int,
        *,
        among: Subset | None = None,
        bonus: Bonus | None = None,
        years: Collection[int] | None = None,
        candidates: int = CANDIDATES,
        unsearched: Unsearched | None = None,
    ) -> list[Hit]:
        """The `count` best passages for a text, best first; fewer only where fewer are there.

        `by` is the text's vector (shape (dimension,)), or the encoder that makes it. Documents that are not `among`
        those given are excluded; `bonus` adds named parts to the scores of a document's passages. `years` says which of
        the years that the text names are times that something happened (and not editions, say): passages that name
        years near them are preferred. All of them where it is None. `unsearched` is for an index that lies on several
        machines (`index.cluster.search`).

        Scores and their order are exact. Of an index whose vectors are all scanned the same hits come whatever way it
        was reached, by adding and removing or fresh; where it is approximate (`Dense.candidates`), a hit can be missing
        from one and not from the other.
        """
        vector = by if isinstance(by, np.ndarray) else by.encode([text], query=True)[0]
        bonuses = {} if bonus is None else self._bonuses(bonus)
        question = Question(vector, self._weights(text), temporal.asked(text, years), bonuses)
        wanted = max(count, candidates)
        found = self._candidates(question, wanted, among, unsearched)
        preferred = [one for one in (among or self).documents if one.number in bonuses] if bonuses else []
        if preferred and len(preferred) < len(among or self.documents):
            # what a preference lifts may lie beyond the first candidates of all documents
            found |= self._candidates(question, wanted, self.subset(preferred), unsearched)
        return self._hits(self._scoring.best(found, question, count))

    def subset(self, documents: Sequence[DocumentInfo]) -> Subset | None:
        """These documents, prepared to be searched among; None where they are all there are."""
        return Subset(documents, self._rows) if len(documents) < len(self.documents) else None

    def passage_vectors(self, rows: Sequence[int]) -> Vectors:
        """The vectors of passages by their rows (`StoredPassage.row`), shape (rows, dimension)."""
        return self._dense.vectors(np.asarray(rows, dtype=np.int64))

    def sentence_vectors(self, rows: Sequence[int]) -> Vectors:
        """The vectors of sentences by their rows (`StoredPassage.sentence_rows`), shape (rows, dimension)."""
        return self._sentences.vectors(np.asarray(rows, dtype=np.int64))

    def holding(self, terms: Sequence[str], count: int, documents: Sequence[int] | None = None) -> list[int]:
        """Numbers of the passages that hold most of some terms, best first: at least `count` where so many do."""
        with io_errors.reading(self.folder):
            return self._lexical.candidates(terms, count, documents)

    def weights(self, text: str) -> Mapping[str, float]:
        """The text's distinct terms with their idf, in its own language; see `index.lexical.query_terms`."""
        return next(iter(self._weights(text).values()))

    def _weights(self, text: str) -> Mapping[str, Mapping[str, float]]:
        last, weights = self._weighed
        if last != text:  # a question's weights are asked for before its search and after
            passages = self.records.totals["passages"]
            weights = query_terms.weigh(text, self._languages, self.records.document_frequencies, passages)
            self._weighed = text, weights
        return weights

    def _bonuses(self, bonus: Bonus) -> dict[int, Mapping[str, float]]:
        """What is added, by the numbers of the documents to whose passages something is."""
        found: dict[int, Mapping[str, float]] = {}
        for group in self._alike:
            added = dict(bonus(group[0]))
            if any(added.values()):
                found |= dict.fromkeys((one.number for one in group), added)
        return found

    def _candidates(
        self, question: Question, wanted: int, among: Subset | None, unsearched: Unsearched | None
    ) -> set[int]:
        """Numbers of the passages that either search proposes, among these documents where given."""
        terms = list(dict.fromkeys(term for weights in question.weights.values() for term in weights))
        near, proposed = self._proposed(question.vector, terms, wanted, among, unsearched)
        found = {
            number
            for number, document in self.records.numbers_of_rows(near.tolist())
            if among is None or document in among.numbers
        }
        return found | set(proposed)

    def _proposed(
        self,
        vector: Vectors,
        terms: Sequence[str],
        wanted: int,
        among: Subset | None,
        unsearched: Unsearched | None,  # noqa: ARG002 - all is here; see `index.cluster.search`
    ) -> tuple[Rows, Sequence[int]]:
        """Rows of vectors and numbers of passages: the first of each search, and what ties with the last."""
        numbers, share = (None, 1.0) if among is None else (among.numbers, among.passages / self.manifest.passages)
        with io_errors.reading(self.folder):
            near = self._dense.candidates(vector, wanted, self._live if among is None else among.allowed)
            return near, self._lexical.candidates(terms, wanted, numbers, share)

    def _hits(self, scored: Sequence[Scored]) -> list[Hit]:
        stored = {one.number: one for one in self.records.passages([one.number for one in scored])}
        with io_errors.reading(self.folder):
            return [
                Hit(
                    stored[one.number],
                    self._by_number[stored[one.number].document_number],
                    one.score,
                    one.scores,
                    tuple(one.similarities.tolist()),
                )
                for one in scored
            ]
