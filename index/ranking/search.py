"""Search an index: collect candidates from the dense and the lexical search, score them and rank them.

Filters are applied inside both searches, before any cutoff.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from corpus.metadata.years import Period
from corpus.records import Document
from corpus.translation import gettext as _
from index import layout, manifest
from index.dense import ivf_build
from index.dense.dense_index import DenseIndex, DocumentSubset, RowFilter
from index.errors import ClusterError, IndexFolderError, UnknownPassage, reading
from index.lexical import query_terms
from index.lexical.tantivy_index import LexicalIndex
from index.manifest import Manifest
from index.models.encoder import Encoder, Vectors, encode_questions
from index.ranking import scoring, temporal
from index.ranking.languages import group_by_language
from index.ranking.scoring import LanguageCandidates, Query, ScoredPassage, Scorer
from index.storage.reader import DocumentInfo, RecordReader, StoredPassage, group_by_edition
from index.storage.vector_files import PassageRows, Rows, SentenceVectors

CANDIDATES = 100
"""Candidates that each of the two searches proposes, at least."""

LANGUAGE_CANDIDATES = 50
"""Candidates that each search proposes of each language, where several are compared: with 100 the same are found, with
35 fewer. In a library of four languages a question takes 87 ms of a processor, with 100 it takes 107, and without
comparing them about 50."""

Bonus = Callable[[DocumentInfo], Mapping[str, float]]
"""Named bonuses for the passages of a document; called once per group of equal series, edition and years covered."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its scores for one query; `similarities` has the query's cosine with each of its sentences."""

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
        return scoring.lexical_fraction(self.scores.get("lexical", 0.0))


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The hits of one search, best first.

    `term_weights` are the distinct terms of the query with their idf, in the query's language. `unavailable` are
    documents that could not be searched because the machines that serve them did not answer.
    """

    hits: tuple[Hit, ...]
    term_weights: Mapping[str, float]
    unavailable: tuple[DocumentInfo, ...] = ()

    def complete_hits(self) -> tuple[Hit, ...]:
        """Return the hits. Raises ClusterError where some documents could not be searched."""
        if self.unavailable:
            raise ClusterError(
                _(
                    "%(count)s documents could not be searched: their machines do not respond",
                    count=f"{len(self.unavailable):,}",
                )
            )
        return self.hits


class Candidates(NamedTuple):
    """The candidates of both searches: rows of vectors, numbers of passages; documents that could not be searched."""

    rows: Rows
    numbers: Sequence[int]
    unavailable: Sequence[DocumentInfo] = ()


class Index:
    """One generation of an index, opened for searching. Opening never writes."""

    def __init__(self, folder: Path) -> None:
        """Open the index in a folder.

        Raises:
            NoIndex: The folder holds no index.
            IndexMismatch: The index has another format version.
            IndexDamaged: A file is missing, cannot be read or differs from the manifest, or the manifest itself.
        """
        self.folder = folder
        if layout.is_manifest_missing(folder):
            raise manifest.missing_manifest(folder)
        for attempt in range(5):
            self._stamp = manifest.stamp(folder)  # before reading: a change in between shows at the next question
            self.manifest: Manifest = manifest.read(folder)
            base = layout.generation_folder(folder, self.manifest.generation)
            try:
                manifest.check_files(folder, self.manifest)
                with reading(folder):
                    self._open(base)
                break
            except (IndexFolderError, OSError):
                # a build may have switched to the next generation after the manifest was read
                if attempt == 4 or manifest.read(folder).generation == self.manifest.generation:
                    raise

    def _open(self, base: Path) -> None:
        self.records = RecordReader([base / name for name in self.manifest.files_of(layout.RECORDS)])
        shards = [base / name for name in self.manifest.files_of(layout.VECTORS)]
        self._dense = DenseIndex(shards, self.manifest.model.dimension, ivf_build.open_ivf(base, self.manifest.dense))
        self._lexical = LexicalIndex(base / layout.LEXICAL)
        self._sentences = SentenceVectors([base / name for name in self.manifest.files_of(layout.SENTENCES)])
        self.documents = self.records.documents()
        self._by_number = {document.number: document for document in self.documents}
        self._by_id = {document.id: document for document in self.documents}
        self._scorer = Scorer(
            self.folder,
            self.records,
            self._dense,
            self._sentences,
            self._by_number,
            self.manifest.scale,
            self.manifest.sentence_scale,
        )
        counts = Counter(document.language or "en" for document in self.documents)
        self._languages = sorted(counts, key=lambda language: (-counts[language], language)) or ["en"]
        self._edition_groups = group_by_edition(self.documents)
        self._rows = PassageRows(base / layout.ROWS, self._dense.rows)
        all_used = self._dense.rows == self.records.totals["rows"]
        self._used_rows = None if all_used else RowFilter(self._rows.used())
        self._languages_of: WeakKeyDictionary[DocumentSubset, dict[str, DocumentSubset]] = WeakKeyDictionary()

    @cached_property
    def _by_language(self) -> dict[str, DocumentSubset]:
        return self._group_by_language(self.documents)

    def is_current(self) -> bool:
        """Return whether this is still the current generation. Cheap enough to call before every question."""
        unchanged = self._stamp is not None and manifest.stamp(self.folder) == self._stamp
        return unchanged or manifest.read(self.folder).generation == self.manifest.generation

    def info(self, document: str) -> DocumentInfo:
        """Return a document's metadata by its id. Raises UnknownPassage."""
        try:
            return self._by_id[document]
        except KeyError:
            raise UnknownPassage.document(document, self._by_id) from None

    def document(self, document: str) -> Document:
        """Return a whole document by its id, with the title and series of its `info`. Raises UnknownPassage."""
        info = self.info(document)
        return replace(self.records.document(info.number), title=info.title, series=info.series)

    def search(
        self,
        text: str,
        embedding: Encoder | Vectors,
        count: int,
        *,
        subset: DocumentSubset | None = None,
        bonus: Bonus | None = None,
        years: Collection[int] | None = None,
        candidates: int = CANDIDATES,
        compare_languages: bool = False,
    ) -> SearchResult:
        """Return the `count` best passages for a text, best first; fewer only where the filter leaves fewer.

        Scores and their order are exact. With exact dense search the hits do not depend on how the index was reached,
        by adding and removing documents or by a fresh build; with an approximate one (`DenseIndex.search`) a hit
        can be missing from either.

        Args:
            text: The query; its terms are searched lexically.
            embedding: The query's unit vector, shape (dimension,), which that of the sentence encoder may follow
                (`encode_questions`), or the encoder that computes them.
            count: Hits wanted.
            subset: The documents to search (`subset`); all where None.
            bonus: Named bonuses that are added to the scores of a document's passages.
            years: The years in the text that are times of events and not, for example, editions: passages that name
                years near them are preferred; all years in the text where None.
            candidates: Candidates to collect from each search, at least.
            compare_languages: Whether passages in other languages than the text are scored by how they stand out in
                their language (`index.ranking.languages`), so that an answer in any language is found.

        Raises:
            IndexDamaged: Stored data cannot be read.
            ClusterError: The index is searched on several machines, and they cannot open it.
        """
        # 1. analyse the query
        vectors = embedding if isinstance(embedding, np.ndarray) else encode_questions(embedding, [text])[0]
        vector, sentence_vector = np.split(vectors, [self.manifest.model.dimension])
        weights = self._weigh_terms(text)
        bonuses = {} if bonus is None else self._bonuses(bonus)
        numbering = query_terms.identifier_numbers(text)
        period = temporal.period_of_question(text, years)
        query = Query(
            vector,
            {language: query_terms.boost_numbers(of_language, numbering) for language, of_language in weights.items()},
            period,
            bonuses,
            numbering,
            sentence_vector if len(sentence_vector) and self._is_english(text, weights) else None,
            self._series_about(period) if period is not None else (),
        )

        # 2. collect candidates; those that a bonus lifts may be beyond the first candidates of all documents
        pools = [subset]
        searched = self.documents if subset is None else subset.documents
        preferred = [document for document in searched if document.number in bonuses] if bonuses else []
        if 0 < len(preferred) < len(searched):
            pools.append(self.subset(preferred))
        terms = list(dict.fromkeys(term for of_language in weights.values() for term in of_language))
        numbers: set[int] = set()
        unavailable: dict[int, DocumentInfo] = {}
        for pool in pools:
            proposals = self._propose(vector, terms, max(count, candidates), pool)
            numbers.update(self._numbers_of(proposals, pool))
            unavailable |= {document.number: document for document in proposals.unavailable}

        languages = self._language_candidates(text, vector, terms, subset) if compare_languages else None
        if languages is not None:
            numbers.update(*languages.numbers.values())

        # 3. score, rank and cut
        hits = self._hits(self._scorer.best(numbers, query, count, languages))
        return SearchResult(hits, next(iter(weights.values())), tuple(unavailable.values()))

    def sentence_similarities(self, passages: Sequence[StoredPassage], text: str, vectors: Vectors) -> list[Vectors]:
        """Return the similarities of a text with each sentence of some passages, as those of `Hit`.

        Args:
            passages: The passages.
            text: The text.
            vectors: Its vectors, as `encode_questions` returns them.
        """
        vector, sentence_vector = np.split(vectors, [self.manifest.model.dimension])
        reads = len(sentence_vector) and self._is_english(text, self._weigh_terms(text))
        with reading(self.folder):
            return [
                self._scorer.sentence_similarities(
                    np.asarray(passage.sentence_rows, dtype=np.int64), vector, sentence_vector if reads else None
                )
                for passage in passages
            ]

    def subset(self, documents: Sequence[DocumentInfo]) -> DocumentSubset | None:
        """Return these documents as a filter of `search`; None where they are all documents of the index."""
        return DocumentSubset(documents, self._rows) if len(documents) < len(self.documents) else None

    def passage_vectors(self, rows: Sequence[int]) -> Vectors:
        """Return the vectors of passages by `StoredPassage.row`, shape (rows, dimension)."""
        return self._dense.vectors(np.asarray(rows, dtype=np.int64))

    def sentence_vectors(self, rows: Sequence[int]) -> Vectors:
        """Return the vectors of sentences by `StoredPassage.sentence_rows`, shape (rows, dimension)."""
        return self._sentences.vectors(np.asarray(rows, dtype=np.int64))

    def passages_with_most_terms(
        self, terms: Sequence[str], count: int, documents: Sequence[int] | None = None
    ) -> list[int]:
        """Return the numbers of the `count` passages with most of these terms, and of ties, best first."""
        with reading(self.folder):
            return self._lexical.search_numbers(terms, count, documents)

    def term_weights(self, text: str) -> Mapping[str, float]:
        """Return the text's distinct terms with their idf, in its own language (`index.lexical.query_terms`)."""
        return next(iter(self._weigh_terms(text).values()))

    def _weigh_terms(self, text: str) -> Mapping[str, Mapping[str, float]]:
        passages = self.records.totals["passages"]
        frequencies = self.records.document_frequencies
        return query_terms.weigh(text, self._languages, frequencies, passages, self._count_adjacent)

    def _is_english(self, text: str, weights: Mapping[str, Mapping[str, float]]) -> bool:
        """Return whether a text is English by its words or, where that is unclear, those of the English documents."""
        languages = query_terms.question_languages(text)
        if languages or "en" not in weights:
            return "en" in languages
        terms = list(weights["en"])
        return 2 * sum(map(bool, self.records.document_frequencies(terms).values())) > len(terms)

    def _count_adjacent(self, first: str, second: str) -> int:
        """Return the number of passages in which the second term directly follows the first."""
        with reading(self.folder):
            numbers = self._lexical.containing([first, second])
        return sum(f" {first} {second} " in f" {c.terms} " for c in self.records.candidates(numbers))

    def _series_about(self, period: Period) -> frozenset[str]:
        """Return the series with a document about a year of a period."""
        return frozenset(
            document.series
            for document in self.documents
            if document.series is not None and document.years is not None and temporal.overlaps(period, document.years)
        )

    def _bonuses(self, bonus: Bonus) -> dict[int, Mapping[str, float]]:
        """Return the bonuses by document number, without documents that get none."""
        bonuses: dict[int, Mapping[str, float]] = {}
        for group in self._edition_groups:
            added = dict(bonus(group[0]))
            if any(added.values()):
                bonuses |= dict.fromkeys((document.number for document in group), added)
        return bonuses

    def _propose(self, vector: Vectors, terms: Sequence[str], wanted: int, subset: DocumentSubset | None) -> Candidates:
        """Return the first `wanted` of each search and all that tie with the last."""
        numbers, share = (
            (None, 1.0) if subset is None else (subset.numbers, subset.passage_count / self.manifest.passages)
        )
        with reading(self.folder):
            rows = self._dense.search_rows(vector, wanted, self._used_rows if subset is None else subset.allowed)
            return Candidates(rows, self._lexical.search_numbers(terms, wanted, numbers, share))

    def _numbers_of(self, proposals: Candidates, subset: DocumentSubset | None) -> set[int]:
        """Return the numbers of proposed passages; a row belongs to all passages with its text."""
        numbers = set(proposals.numbers)
        numbers.update(
            number
            for number, document in self.records.numbers_of_rows(proposals.rows.tolist())
            if subset is None or document in subset.numbers
        )
        return numbers

    def _language_candidates(
        self, text: str, vector: Vectors, terms: Sequence[str], subset: DocumentSubset | None
    ) -> LanguageCandidates | None:
        """Return the candidates of each language, always the same number; None unless there are several languages."""
        if len(self._languages) == 1:
            return None
        groups = self._by_language if subset is None else self._by_language_in(subset)
        if not groups:
            return None
        numbers = {
            language: self._numbers_of(self._propose(vector, terms, LANGUAGE_CANDIDATES, group), group)
            for language, group in groups.items()
        }
        return LanguageCandidates(numbers, query_terms.question_languages(text))

    def _by_language_in(self, subset: DocumentSubset) -> dict[str, DocumentSubset]:
        if subset not in self._languages_of:
            self._languages_of[subset] = self._group_by_language(subset.documents)
        return self._languages_of[subset]

    def _group_by_language(self, documents: Sequence[DocumentInfo]) -> dict[str, DocumentSubset]:
        return {language: DocumentSubset(group, self._rows) for language, group in group_by_language(documents).items()}

    def _hits(self, scored: Sequence[ScoredPassage]) -> tuple[Hit, ...]:
        stored = {passage.number: passage for passage in self.records.passages([s.number for s in scored])}
        with reading(self.folder):
            return tuple(
                Hit(
                    stored[s.number],
                    self._by_number[stored[s.number].document_number],
                    s.score,
                    s.scores,
                    tuple(s.similarities.tolist()),
                )
                for s in scored
            )
