"""Answer questions from an index: the facade behind the command line, the form, the API and batches.

`Library.ask` is the path of a question: analyse it, search, rerank (`_rank`), estimate the confidence, choose the
sentences of the answer (`_weigh_evidence`), cite the passages. Everything shown is a verbatim part of a document:
`document.text[start:end]`.
"""

from __future__ import annotations

import math
import os
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from corpus.metadata.language import primary_language
from corpus.translation import gettext as _
from index.dense.dense_index import DocumentSubset
from index.lexical.analysis import terms
from index.lexical.query_terms import language_by_stop_words, question_languages
from index.manifest import check_model
from index.models.encoder import Encoder, Reranker, load
from index.models.model_store import Precision
from index.ranking.scoring import ranking_key, round_score
from index.ranking.search import Hit, Index, SearchResult
from index.ranking.weights import PREFERENCES, RERANKER_WEIGHT
from index.storage.reader import DocumentInfo
from qa.answering.answer_sentences import (
    ANSWER_PASSAGES,
    WIDE_PASSAGES,
    SelectedSentence,
    are_counterparts,
    select_sentences,
)
from qa.answering.compared_editions import change_notice, lift_compared_editions, relevant_series
from qa.answering.notices import (
    Shortcomings,
    coverage_notices,
    find_missing_words,
    find_shortcomings,
    language_notices,
    names_to_mention,
)
from qa.answering.superlatives import compares_years
from qa.citation import AlsoIn, CitedPassage, cite_hit
from qa.confidence.confidence import CONFIDENCE_PASSAGES, THRESHOLD, YEAR_RISE, estimate_confidence, is_calibrated
from qa.question.analysis import Adjust, Interpretation, QuestionAnalysis, analyse_questions
from qa.question.corpus_facts import CorpusFacts
from qa.question.filters import Filters

if TYPE_CHECKING:
    from qa.editions.figures.changed_figures import ChangedFigure
    from qa.editions.topic_comparison import Comparison

DEFAULT_K = 5
NEAR_DUPLICATE_HITS = 50
"""Hits among which near-identical passages are detected."""

COUNTERPART_HITS = 10
"""Hits among which the newest of passages that say much the same is searched."""

RERANKED_HITS = 50
"""Hits that a reranker scores: a relevant passage further down is not found, and each costs a run of the model."""

MAX_THREADS = 4
"""Questions of a batch answered in parallel: on two cores two threads answered 1.3 times as many as one."""

MAX_NAMED_SHARE = 0.25
"""Share of passages with the name of a publisher up to which it is not searched: with more it distinguishes none."""

SAMPLED_PASSAGES = 100
"""Passages, about, that are read to count the name of a publisher where titles have it, too: this takes 15 ms."""

CACHED_FILTERS = 4
"""Filters whose matching documents are cached, at nine bytes per matching passage.

Many questions share few filters, and among a hundred thousand documents applying them takes longer than answering.
"""

_HIGHLIGHT_MARGIN, _HIGHLIGHT_SHARE = 0.05, 0.6
"""A sentence is highlighted with this little less similarity than the best one, and at least this share of it."""
_SHINGLE = 3
"""Words per shingle (Broder, "On the resemblance and containment of documents", 1997)."""

_MIN_RESEMBLANCE = 0.7
"""Minimum Jaccard index of the shingles of two near-identical passages."""


_MIN_WORDS_KEPT = 0.95
"""Minimum ratio of the newer passage's BM25 fraction to that of the older one."""

_BETTER, _MUCH_BETTER = 0.2, 0.3
"""Leads of the first sentence with which its passage comes first: with a number or date asked for, and without.

Smaller ones put wrong passages first where several are on a topic, larger ones fewer right ones. With these, S@1 rises
by .04 on 93 questions about six series of reports, and .00 to .01 on the sets of `python -m tests.benchmarks.ranking`.
"""

_ABOVE = 1e-6
"""The least difference of two scores, which are rounded to six digits."""


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """A sentence or table row of the answer, its span in the document, and the id of the passage that contains it.

    `wording` is a row in words and `header` the caption and header of its table; both are empty for a sentence. `cells`
    are sheet and range in a spreadsheet; empty for other files.
    """

    text: str
    passage: str
    start: int
    end: int
    wording: str = ""
    header: str = ""
    cells: str = ""

    @property
    def shown(self) -> str:
        """The text without the bars that border a row."""
        return self.text.strip("| \t") if self.wording else self.text


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer. `confidence` is the probability that the passages answer the question."""

    id: str
    question: str
    understood: Interpretation
    answered: bool
    confidence: float
    sentences: tuple[AnswerSentence, ...]
    passages: tuple[CitedPassage, ...]
    notices: tuple[str, ...] = ()
    changes: tuple[ChangedFigure, ...] = ()
    """Figures that differ between the editions compared; each is also a notice."""
    ranking: tuple[CitedPassage, ...] = field(default=(), repr=False)
    """The ranking to the requested depth; it starts with `passages`."""

    def distinct_passages(self) -> list[CitedPassage]:
        """Return the passages to display: those near-identical to a better one are left out.

        Passages that the answer quotes are never left out, nor those of an edition or a year that the question names.
        """
        quoted = {sentence.passage for sentence in self.sentences}
        folded: set[str] = set()
        distinct: list[CitedPassage] = []
        for cited in self.passages:
            if cited.hit.id in folded and cited.hit.id not in quoted and not self._asks_for(cited.hit.document):
                continue
            distinct.append(cited)
            folded.update(other.passage for other in cited.also_in)
        return distinct

    def _asks_for(self, document: DocumentInfo) -> bool:
        understood, covers = self.understood, document.covers
        return (
            understood.compare
            or document.edition in understood.editions
            or (covers is not None and any(covers[0] <= year <= covers[1] for year in understood.years))
        )


class Library:
    """An index with its model, ready for questions. A new generation of the index is opened when it appears.

    Methods can be called from several threads.
    """

    def __init__(
        self,
        folder: Path | str,
        encoder: Encoder | Callable[[str, Precision], Encoder] = load,
        *,
        notices: Sequence[str] = (),
        reranker: Reranker | None = None,
        open_index: Callable[[Path], Index] = Index,
    ) -> None:
        """Open an index.

        Args:
            folder: The index folder.
            encoder: The model of the index, or a function that loads it by name and precision.
            notices: Notices added to every answer.
            reranker: A cross-encoder that rescores the first hits.
            open_index: Opens a generation of the index.

        Raises:
            NoIndex: The folder has no index.
            IndexMismatch: The index was built with another model or by another version.
            ModelError: The model cannot be loaded.
        """
        self.folder = Path(folder)
        self.notices = tuple(notices)
        self._open_index = open_index
        self._reranker = reranker
        self._generation = _Generation(open_index(self.folder))
        model = self._generation.index.manifest.model
        self._encoder = encoder(model.name, model.precision) if callable(encoder) else encoder
        check_model(self._generation.index.manifest, self._encoder, self.folder)

    @property
    def encoder(self) -> Encoder:
        """The model of the index."""
        return self._encoder

    @property
    def parallel_questions(self) -> int:
        """The number of threads that answer a batch fastest."""
        return 1 if self._reranker is not None else min(os.cpu_count() or 1, MAX_THREADS)

    @property
    def index(self) -> Index:
        """The current generation of the index."""
        return self._current().index

    @property
    def corpus_facts(self) -> CorpusFacts:
        """Facts about the documents of the current generation."""
        return self._current().corpus_facts

    def ask(
        self,
        question: str,
        k: int = DEFAULT_K,
        filters: Filters | None = None,
        *,
        id: str = "q1",
        depth: int = 0,
        adjust: Adjust = lambda interpretation: interpretation,
    ) -> Answer:
        """Answer a question.

        Args:
            question: The question, in any language of the model.
            k: Number of passages in the answer.
            filters: Documents to search; all by default.
            id: Id of the question, copied to the answer.
            depth: Minimum length of the ranking in `Answer.ranking`.
            adjust: Changes the interpretation of the question, for example to drop a preference.

        Raises:
            EmptyQuestion: The question has no letter or digit.
        """
        (analysis,) = self.analyse([(question, filters or Filters())], adjust)
        return self.answer(analysis, k, id=id, depth=depth)

    def analyse(
        self, questions: Sequence[tuple[str, Filters]], adjust: Adjust = lambda interpretation: interpretation
    ) -> list[QuestionAnalysis]:
        """Analyse questions with their filters, and encode them in one batch. Raises EmptyQuestion."""
        return analyse_questions(questions, self.corpus_facts, self._encoder, adjust)

    def answer(self, analysis: QuestionAnalysis, k: int = DEFAULT_K, *, id: str = "q1", depth: int = 0) -> Answer:
        """Answer an analysed question; see `ask`."""
        generation = self._current()
        index, understood = generation.index, analysis.interpretation
        analysis = with_common_names(index, analysis)
        corpus_facts, subset = generation.select(understood.filters)
        # neither the confidence nor the series of the answer may depend on k or depth: both read the same first hits
        count = max(k, depth, RERANKED_HITS if self._reranker is not None else CONFIDENCE_PASSAGES)
        if compares_years(analysis.text):
            count = max(count, WIDE_PASSAGES)
        search = _QuestionSearch(index, analysis)

        ranking = self._rank(search, corpus_facts, subset, count)
        undated = None if ranking.compared else search_undated(index, analysis, subset)
        evidence = _weigh_evidence(index, analysis, ranking, corpus_facts, k, undated)
        hits = evidence.hits

        # near-duplicates are sought in no more hits than these, also in a deep ranking
        possible_duplicates = hits[: min(max(k, CONFIDENCE_PASSAGES), NEAR_DUPLICATE_HITS)]
        cited = [_cite(rank, hit, possible_duplicates if rank <= k else ()) for rank, hit in enumerate(hits, 1)]
        changes = (
            _changed_figures(search, self._encoder, hits[:k], ranking.editions)
            if evidence.is_confident and ranking.compared
            else []
        )
        notices = [
            *self.notices,
            *analysis.notices,
            *coverage_notices(understood, generation.corpus_facts, hits, list(search.unavailable)),
            *(change_notice(change) for change in changes if change.moved),
            *language_notices(
                analysis.text,
                generation.corpus_facts,
                {_language_of(sentence, hits[sentence.passage], analysis.text) for sentence in evidence.selected},
                index.manifest.model.name,
            ),
            *evidence.shortcomings.notices(evidence.unmentioned, understood.years),
            *_calibration_notices(index),
        ]
        sentences = evidence.quote()
        return Answer(
            id=id,
            question=analysis.question,
            understood=understood,
            answered=bool(sentences),
            confidence=evidence.confidence,
            sentences=sentences,
            passages=tuple(cited[:k]),
            notices=tuple(notices),
            changes=tuple(changes),
            ranking=tuple(cited),
        )

    def _rank(
        self, search: _QuestionSearch, corpus_facts: CorpusFacts, subset: DocumentSubset | None, count: int
    ) -> _Ranking:
        """Search, rerank, prefer the latest edition, and represent each edition that the question compares."""
        analysis = search.analysis
        understood = analysis.interpretation
        result = search.best(subset, max(count, COUNTERPART_HITS))
        hits = list(result.hits)
        if self._reranker is not None:
            hits = _rerank(self._reranker, analysis.topic, hits)
        if _names_no_time(understood):
            hits = _prefer_latest(hits)
        hits = hits[:count]
        editions = understood.compared_editions(corpus_facts, relevant_series(hits[:CONFIDENCE_PASSAGES]))
        if len(editions) > 1:
            in_order = len(understood.years) + len(understood.editions) > 1
            hits = lift_compared_editions(hits, editions, count, search.best_of_edition, in_order=in_order)
        return _Ranking(hits, result.term_weights, editions)

    def compare(self, topic: str, filters: Filters | None = None) -> Comparison:
        """Compare a topic across editions. Raises EmptyQuestion and CompareError."""
        from qa.editions.topic_comparison import compare_topic

        current = self._current()
        return compare_topic(current.index, self._encoder, current.corpus_facts, topic, filters, notices=self.notices)

    def _current(self) -> _Generation:
        """Return the current generation, opened if a build has just published it."""
        if not self._generation.index.is_current():
            generation = _Generation(self._open_index(self.folder))
            check_model(generation.index.manifest, self._encoder, self.folder)
            self._generation = generation
        return self._generation


class _Generation:
    """An open generation of an index, with the facts of its documents and a cache of filtered documents."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.corpus_facts = CorpusFacts.of(index.documents)
        self._selected: OrderedDict[Filters, tuple[CorpusFacts, DocumentSubset | None]] = OrderedDict()
        self._lock = threading.Lock()

    def select(self, filters: Filters) -> tuple[CorpusFacts, DocumentSubset | None]:
        """Return the facts of the documents that match, and the subset to search, None for the whole index."""
        if not filters:
            return self.corpus_facts, None
        with self._lock:
            if filters not in self._selected:
                matching = self.corpus_facts.filtered(filters)
                self._selected[filters] = matching, self.index.subset(matching.documents)
            self._selected.move_to_end(filters)
            while len(self._selected) > CACHED_FILTERS:
                self._selected.popitem(last=False)
            return self._selected[filters]


class _QuestionSearch:
    """The searches of one question; `unavailable` are the ids of documents that could not be searched."""

    def __init__(self, index: Index, analysis: QuestionAnalysis) -> None:
        self.index = index
        self.analysis = analysis
        self.unavailable: dict[str, None] = {}

    def best(self, among: DocumentSubset | None, count: int) -> SearchResult:
        """Return the best hits among some documents, None for all."""
        result = _search(self.index, self.analysis, count, among)
        self.unavailable.update((document.id, None) for document in result.unavailable)
        return result

    def best_of_edition(self, documents: list[DocumentInfo], count: int = 1) -> Sequence[Hit]:
        """Return the best hits in the documents of an edition."""
        return self.best(self.index.subset(documents), count).hits


class Undated(NamedTuple):
    """A question without the times that it names, its hits, and its terms with their idf."""

    text: str
    hits: Sequence[Hit]
    term_weights: Mapping[str, float]


def search_undated(index: Index, analysis: QuestionAnalysis, among: DocumentSubset | None) -> Undated | None:
    """Search a question without the times that it names; None if it names none, or if nothing else is left.

    The hits are ranked as for a question that names no time, but by no reranker.

    Args:
        index: The index.
        analysis: The question, after `with_common_names`.
        among: The documents to search, None for all.
    """
    undated = analysis.undated()
    if undated is None:
        return None
    result = _search(index, undated, COUNTERPART_HITS, among)
    hits = _prefer_latest(result.hits) if _names_no_time(undated.interpretation) else list(result.hits)
    hits = hits[:CONFIDENCE_PASSAGES]
    return Undated(_read_for(undated, hits).text, hits, result.term_weights)


@dataclass(frozen=True, slots=True)
class _Ranking:
    """Hits, best first, the question's terms with their idf, and the documents of each edition that it compares."""

    hits: list[Hit]
    term_weights: Mapping[str, float]
    editions: Sequence[list[DocumentInfo]]

    @property
    def compared(self) -> int:
        """The number of editions compared, 0 if there are not several."""
        return len(self.editions) if len(self.editions) > 1 else 0


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Whether and with which sentences the hits answer; the hit of a much better sentence comes first.

    `unmentioned` are words of the question that documents lack, `shortcomings` what the answer lacks.
    """

    hits: list[Hit]
    selected: list[SelectedSentence]
    confidence: float
    is_confident: bool
    unmentioned: Mapping[str, str | None]
    shortcomings: Shortcomings

    def quote(self) -> tuple[AnswerSentence, ...]:
        """Return the sentences of the answer."""
        if self.is_confident and not self.selected:  # all sentences are short: a table, say
            return (_best_sentence(self.hits[0]),)
        return tuple(_quote(sentence, self.hits[sentence.passage]) for sentence in self.selected)


def _weigh_evidence(
    index: Index,
    analysis: QuestionAnalysis,
    ranking: _Ranking,
    corpus_facts: CorpusFacts,
    k: int,
    undated: Undated | None,
) -> _Evidence:
    """Estimate the confidence, choose the sentences of the answer, and lower the confidence by what these lack."""
    manifest, hits, read = index.manifest, ranking.hits, _read_for(analysis, ranking.hits)
    source = frozenset().union(*corpus_facts.document_names.find_source(analysis.text).values())
    names = [] if ranking.compared else names_to_mention(read, hits)

    def estimate_for(text: str, read_hits: Sequence[Hit], weights: Mapping[str, float]) -> float:
        model = manifest.model.fingerprint
        return estimate_confidence(text, read_hits, weights, corpus_facts, manifest.scale, model)

    def estimate(read_hits: Sequence[Hit]) -> float:
        return estimate_for(read.text, read_hits, ranking.term_weights)

    def select(read_hits: Sequence[Hit]) -> list[SelectedSentence]:
        return select_sentences(
            read.topic,
            read.answer_type,
            _with_timeless_similarities(index, read, read_hits),
            ranking.term_weights,
            manifest.scale,
            ranking.compared,
            newest_first=_names_no_time(analysis.interpretation),
            names=names,
            source=source,
        )

    confidence = estimate(hits)
    unmentioned, limit = find_missing_words(index, read, hits, ranking.term_weights, confidence)
    if undated is not None:
        limit = min(limit, round(estimate_for(*undated) + YEAR_RISE, 4))
    confidence = min(confidence, limit)
    is_confident = confidence >= THRESHOLD
    selected: list[SelectedSentence] = []
    if is_confident:
        is_wide = not ranking.compared and compares_years(read.topic)
        hits, selected = _select_from(hits, select, k, lift=not ranking.compared, is_wide=is_wide)
        confidence = _confidence_of_ranking(confidence, limit, hits, estimate)
    if selected:
        confidence = min(confidence, _confidence_in_language_of(hits[selected[0].passage], hits, estimate))
    shortcomings = find_shortcomings(index, read, corpus_facts, names, selected, hits)
    return _Evidence(hits, selected, min(confidence, shortcomings.limit), is_confident, unmentioned, shortcomings)


def _names_no_time(understood: Interpretation) -> bool:
    """Return whether the latest edition is preferred: the question names no time, and compares nothing."""
    return not (understood.years or understood.editions or understood.compare)


def _search(index: Index, analysis: QuestionAnalysis, count: int, among: DocumentSubset | None) -> SearchResult:
    """Search the topic of a question; in the documents of publishers that it names, the topic without these names.

    Each passage of a bank's reports is about the bank. With its name in the searched text, covers would come first.
    """
    understood = analysis.interpretation
    bonus = understood.bonus if understood.prefers else None

    def search(read: QuestionAnalysis, subset: DocumentSubset | None) -> SearchResult:
        return index.search(
            read.topic,
            read.vector,
            count,
            subset=subset,
            bonus=bonus,
            years=understood.years,
            compare_languages=True,
        )

    if analysis.unnamed is None:
        return search(analysis, among)
    searched = index.documents if among is None else among.documents
    owned = {document.number: document for document in searched if document.id in analysis.owned}
    if not owned:
        return search(analysis, among)
    of_owners = search(analysis.unnamed, index.subset(list(owned.values())))
    if len(owned) == len(searched):
        return of_owners
    whole = search(analysis, among)
    others = [hit for hit in whole.hits if hit.document.number not in owned]
    hits = sorted([*others, *of_owners.hits], key=ranking_key)[:count]
    weights = of_owners if hits and hits[0].document.number in owned else whole
    return SearchResult(tuple(hits), weights.term_weights, (*whole.unavailable, *of_owners.unavailable))


def with_common_names(index: Index, analysis: QuestionAnalysis) -> QuestionAnalysis:
    """Return the analysis with the names of publishers that many passages have: there they belong to what is asked.

    A passage has a name if it has all of its words.

    "Japan" is in most passages of a report of a Japanese ministry, and the name of a bank on the covers of its reports.
    """
    words = {term for name in analysis.names for term in index.term_weights(name)}
    owned = [index.info(document) for document in sorted(analysis.owned)]
    frequencies = index.records.document_frequencies(list(words)) if words else {}
    if min(frequencies.values(), default=0) <= MAX_NAMED_SHARE * sum(document.passage_count for document in owned):
        return analysis
    # the frequencies include titles, which all passages of a document have, and covers
    sample = _sample_terms(index, owned)
    if sample and sum(words <= text for text in sample) <= MAX_NAMED_SHARE * len(sample):
        return analysis
    return replace(analysis, unnamed=None, owned=frozenset())


def _sample_terms(index: Index, documents: Sequence[DocumentInfo]) -> list[set[str]]:
    """Return the terms of some passages of documents, at even distances, without covers, titles and headings."""
    numbers = [document.first_passage + place for document in documents for place in range(1, document.passage_count)]
    sample = index.records.passages(numbers[:: max(1, len(numbers) // SAMPLED_PASSAGES)])
    languages = {document.number: document.language for document in documents}
    return [set(terms(stored.passage.text, languages[stored.document_number])) for stored in sample]


def _confidence_of_ranking(
    confidence: float, limit: float, hits: Sequence[Hit], estimate: Callable[[Sequence[Hit]], float]
) -> float:
    """Return the confidence in the hits as they are shown: another one where a passage came first for its sentence.

    Such a passage has no lead. The question stays answered: the passage has a sentence that answers much better.
    """
    is_lifted = "answer" in hits[0].scores
    return max(THRESHOLD, min(limit, estimate(hits))) if is_lifted else confidence


def _confidence_in_language_of(
    answering: Hit, hits: Sequence[Hit], estimate: Callable[[Sequence[Hit]], float]
) -> float:
    """Return the confidence in the hits in the language of the one that answers; 1 if the first hit is in it.

    Estimated from the first hits of all languages it is that of a question in another language than the documents,
    which takes no account of words in common.
    """
    language = primary_language(answering.document.language)
    if language == primary_language(hits[0].document.language):
        return 1.0
    return estimate([hit for hit in hits if primary_language(hit.document.language) == language])


def _read_for(analysis: QuestionAnalysis, hits: Sequence[Hit]) -> QuestionAnalysis:
    """Return the analysis with which the first hit was found."""
    is_owned = bool(hits) and hits[0].document.id in analysis.owned
    return analysis.unnamed if is_owned and analysis.unnamed is not None else analysis


def _rerank(reranker: Reranker, topic: str, hits: Sequence[Hit]) -> list[Hit]:
    """Add the weighted probabilities of a reranker to the scores of the first hits."""
    first = hits[:RERANKED_HITS]
    probabilities = reranker.scores(topic, [hit.stored.passage.prefix + hit.stored.passage.text for hit in first])
    parts = [round_score(RERANKER_WEIGHT * probability) for probability in probabilities]
    rescored = [
        replace(hit, scores={**hit.scores, "reranker": part}, score=round_score(hit.score + part))
        for hit, part in zip(first, parts, strict=True)
    ]
    return sorted([*rescored, *hits[RERANKED_HITS:]], key=ranking_key)


def _with_timeless_similarities(index: Index, analysis: QuestionAnalysis, hits: Sequence[Hit]) -> Sequence[Hit]:
    """Return the hits with the similarities of their sentences to the question without its times.

    "2021 was a year of return for the museum" is nearer to "How many visitors came in 2021?" than the number of
    visitors. The right time is found by other signals.
    """
    if analysis.timeless_vector is None:
        return hits
    passages = [hit.stored for hit in hits]
    similarities = index.sentence_similarities(passages, analysis.timeless, analysis.timeless_vector)
    return [replace(hit, similarities=tuple(of_hit.tolist())) for hit, of_hit in zip(hits, similarities, strict=True)]


def _prefer_latest(hits: Sequence[Hit]) -> list[Hit]:
    """Lift the newest of passages that say much the same in several editions above the best of them.

    A passage that has more of the question's words, or is better by more than `PREFERENCES.latest`, stays first.
    """
    lifted: dict[str, Hit] = {}
    compared: set[str] = set()
    words = {hit.id: frozenset(hit.stored.terms) for hit in hits[:COUNTERPART_HITS]}
    for place, hit in enumerate(hits[:COUNTERPART_HITS]):
        if hit.id in compared or hit.document.series is None or hit.document.edition is None:
            continue
        counterparts = [
            other
            for other in hits[place + 1 : COUNTERPART_HITS]
            if other.document.series == hit.document.series
            and hit.score - other.score <= PREFERENCES.latest
            and other.lexical >= _MIN_WORDS_KEPT * hit.lexical
            and are_counterparts(words[hit.id], words[other.id])
        ]
        compared.update(other.id for other in counterparts)
        newest = max([hit, *counterparts], key=lambda item: item.document.edition or 0)
        if newest is not hit:
            part = round_score(hit.score - newest.score + _ABOVE)
            lifted[newest.id] = replace(
                newest, scores={**newest.scores, "latest": part}, score=round_score(hit.score + _ABOVE)
            )
    return sorted((lifted.get(hit.id, hit) for hit in hits), key=ranking_key)


def _select_from(
    hits: list[Hit],
    select: Callable[[Sequence[Hit]], list[SelectedSentence]],
    k: int,
    *,
    lift: bool,
    is_wide: bool = False,
) -> tuple[list[Hit], list[SelectedSentence]]:
    """Return the sentences selected from the first k hits, and the hits, first the one that answers much better.

    The order never depends on k.

    Args:
        hits: The hits, best first.
        select: Selects the sentences of some hits.
        k: Number of passages that are shown.
        lift: Whether the order may change.
        is_wide: Whether an answer may be in more passages, if it is much better: the largest figure of all years.
    """
    if is_wide and (selected := select(hits[:WIDE_PASSAGES])) and _is_far_better(selected[0], hits):
        hits, selected = _lift_answering(hits, selected)
        return hits, [each for each in selected if each.passage < min(k, ANSWER_PASSAGES)]
    selected = _select_of_edition(hits[:ANSWER_PASSAGES], select)
    if lift and selected and _is_far_better(selected[0], hits):
        hits, selected = _lift_answering(hits, selected)
    return hits, selected if k >= ANSWER_PASSAGES else _select_of_edition(hits[:k], select)


def _select_of_edition(
    hits: Sequence[Hit], select: Callable[[Sequence[Hit]], list[SelectedSentence]]
) -> list[SelectedSentence]:
    """Return the sentences selected from the hits, only from those of the edition that the question names, if any."""
    places = [place for place, hit in enumerate(hits) if "edition" in hit.scores]
    if not places or len(places) == len(hits):
        return select(hits)
    selected = select([hits[place] for place in places])
    return [replace(each, passage=places[each.passage]) for each in selected] or select(hits)


def _is_far_better(sentence: SelectedSentence, hits: Sequence[Hit]) -> bool:
    """Return whether a sentence answers so much better than those of the first hit that its passage comes first.

    Where a question names a time, only one that also has the number or date asked for; where it names the edition of
    the first hit, only one of that edition.
    """
    first, own = hits[0], hits[sentence.passage]
    if own is first or ("edition" in first.scores and "edition" not in own.scores):
        return False
    names_time = "period" in first.scores
    return sentence.lead >= (_BETTER if sentence.has_answer_type else math.inf if names_time else _MUCH_BETTER)


def _lift_answering(
    hits: Sequence[Hit], selected: Sequence[SelectedSentence]
) -> tuple[list[Hit], list[SelectedSentence]]:
    """Move the passage of the first sentence to the front; return the hits and sentences with their new places."""
    place, score = selected[0].passage, round_score(hits[0].score + _ABOVE)
    best = hits[place]
    best = replace(best, scores={**best.scores, "answer": round_score(score - best.score)}, score=score)
    moved = [
        replace(each, passage=0 if each.passage == place else each.passage + (each.passage < place))
        for each in selected
    ]
    return [best, *hits[:place], *hits[place + 1 :]], moved


def _cite(rank: int, hit: Hit, others: Sequence[Hit]) -> CitedPassage:
    """Cite a hit, highlight its best sentences, and list near-identical passages of other documents."""
    passage = hit.stored.passage
    best = max(hit.similarities)
    highlights = tuple(
        passage.span_of(sentence)
        for sentence, similarity in zip(passage.sentences, hit.similarities, strict=True)
        if similarity >= best - _HIGHLIGHT_MARGIN and similarity >= _HIGHLIGHT_SHARE * best
    )
    also_in = tuple(
        AlsoIn(other.document.id, other.document.edition, other.id)
        for other in others
        if other.document.number != hit.document.number and are_near_duplicates(passage.text, other.stored.passage.text)
    )
    return CitedPassage(rank, hit, cite_hit(hit), highlights, also_in)


def _language_of(sentence: SelectedSentence, hit: Hit, question: str) -> str | None:
    """Return the language of a sentence: that of the question if its words show it, else that of the document."""
    language = language_by_stop_words(sentence.text)
    return language if language in question_languages(question) else hit.document.language


def _quote(sentence: SelectedSentence, hit: Hit) -> AnswerSentence:
    passage = hit.stored.passage
    header = passage.header if sentence.wording else ""
    return AnswerSentence(sentence.text, hit.id, sentence.start, sentence.end, sentence.wording, header, sentence.cells)


def _best_sentence(hit: Hit) -> AnswerSentence:
    passage = hit.stored.passage
    start, end = _cite(1, hit, ()).highlights[0]
    return AnswerSentence(passage.text_between(start, end), hit.id, start, end)


def _changed_figures(
    search: _QuestionSearch, encoder: Encoder, hits: Sequence[Hit], editions: Sequence[list[DocumentInfo]]
) -> list[ChangedFigure]:
    """Return the figures that changed between the compared editions, from the hits or the best passages of each."""
    # imported here: a tenth of this module's import time, and few questions compare editions
    from qa.editions.figures.changed_figures import PASSAGES_READ, changed_figures

    compared = {document.number for edition in editions for document in edition}
    among = {hit.id: hit for hit in hits if hit.document.number in compared}
    among |= {hit.id: hit for edition in editions for hit in search.best_of_edition(edition, PASSAGES_READ)}
    analysis = search.analysis
    return changed_figures(search.index, encoder, list(among.values()), analysis.text, analysis.vector)


def _calibration_notices(index: Index) -> list[str]:
    model = index.manifest.model
    if is_calibrated(model.fingerprint):
        return []
    return [_("confidence is not calibrated for the model %(model)s: treat it as a rough indication", model=model.name)]


@lru_cache(maxsize=4096)
def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return frozenset(tuple(words[i : i + _SHINGLE]) for i in range(max(1, len(words) - _SHINGLE + 1)))


@lru_cache(maxsize=4096)
def _figures(text: str) -> tuple[str, ...]:
    return tuple(sorted(re.findall(r"\d+(?:[.,]\d+)*", text)))


def are_near_duplicates(text: str, other: str) -> bool:
    """Return whether two texts are so similar that only one needs to be shown.

    Texts with different figures never are: a figure that changed is what a reader of several editions looks for.
    """
    if _figures(text) != _figures(other):
        return False
    shingles, others = _shingles(text), _shingles(other)
    if min(len(shingles), len(others)) < _MIN_RESEMBLANCE * max(len(shingles), len(others)):
        return False
    common = len(shingles & others)
    return common >= _MIN_RESEMBLANCE * (len(shingles) + len(others) - common)
