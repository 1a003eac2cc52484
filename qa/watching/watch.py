"""Answer saved questions on the newest edition of each series and on an earlier one, and report what changed.

Each edition is asked separately. An answer is unchanged only if every paragraph, list item and table row that answers
occurs in the corresponding section of the other edition with the same wording (`qa.watching.edition_text`), in both
directions, and if no passage that ranks nearly as high differs in its best sentence. In doubt, an answer is reported as
changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from corpus.translation import gettext as _
from index.ranking.search import Hit, Index
from qa.answering.edition_coverage import RELEVANT_SHARE, relevant_series
from qa.answering.excerpt import Excerpt, read_excerpt
from qa.answering.library import Answer, Library
from qa.editions import word_diff
from qa.editions.figures.pairs import FigureRow, chain_figures, find_figures, pair_figures
from qa.editions.publication import Edition, by_series, editions
from qa.editions.sections import locate_sentences
from qa.editions.sentence_alignment import SentenceSet, align_sentences, sentence_similarity
from qa.editions.topic_comparison import MAX_SERIES, EditionChange
from qa.editions.topic_evidence import TopicWords, plural_forms, topic_stems
from qa.editions.topic_passages import best_sentence
from qa.errors import CompareError
from qa.question.analysis import QuestionAnalysis, has_words
from qa.question.filters import Filters
from qa.watching.edition_text import EditionPair, EditionText, Stretch, stretches

WatchState = Literal["new", "changed", "gone", "unchanged", "not_answered"]

CHANGES: frozenset[WatchState] = frozenset({"new", "changed", "gone"})

_PASSAGES = 5
"""Passages read in each edition."""

_NEAR_SCORE, _NEAR_SCORE_UNSURE = 0.8, 0.5
"""A passage with this share of the best score may be the one that answers, the second where the answer is not sure.
With .6 instead of .5, one of 33 edited paragraphs was wrongly unchanged (`python -m tests.benchmarks.watching`)."""

_UNSURE = 0.5
_SHARE_OF_WORDS = 0.4
"""An answer with less confidence counts only if its passages have this share of the words of the question, by weight,
that those of the other edition have. Editions that do not treat a subject still have passages near to it."""

_FEW_WORDS = 0.2
"""If neither edition has more of the words, no answer with less confidence counts: "quotas for whaling" where whaling
is in neither."""

_SHARE_OF_CONFIDENCE = 0.4
"""Likewise of the confidence of the other edition's answer. Of 30 questions on five pairs of editions the answers that
only one edition has were at .38 and less, the others at .51 and more (`python -m tests.benchmarks.watching`)."""

_MAJORITY_OF_WORDS = 0.6
"""If those of the other edition have this share of all words, an answer with none of them does not count either."""

_SAME_SENTENCE = 0.6
"""An edition that is not sure to answer does if it repeats this share of the words of the other one's best sentence."""

_SERIES_HITS = 40
"""Passages searched to choose among many series."""


@dataclass(frozen=True, slots=True)
class SavedQuestion:
    """A question to watch, with filters that choose the documents."""

    id: str
    text: str
    filters: Filters = field(default_factory=Filters)


@dataclass(frozen=True, slots=True)
class EditionAnswer:
    """What an edition answers: the paragraphs that answer, verbatim, none if it does not; and its confidence."""

    edition: Edition
    confidence: float
    passages: tuple[Excerpt, ...]


@dataclass(frozen=True, slots=True)
class WatchedSeries:
    """A question in two editions of a series.

    `changes` are the sentences of the passages side by side, `figures` the figures that both state.
    """

    earlier: EditionAnswer
    later: EditionAnswer
    state: WatchState
    changes: tuple[EditionChange, ...] = ()
    figures: tuple[FigureRow, ...] = ()

    @property
    def series(self) -> str | None:
        """The series."""
        return self.later.edition.series


@dataclass(frozen=True, slots=True)
class WatchedQuestion:
    """A question with its outcome in each series that it is about; none if no edition could be asked."""

    id: str
    text: str
    series: tuple[WatchedSeries, ...]
    notices: tuple[str, ...] = ()

    @property
    def state(self) -> WatchState:
        """The state that needs most attention: that of the first series in which something changed, else the first."""
        states = [series.state for series in self.series]
        return next((state for state in states if state in CHANGES), states[0] if states else "not_answered")


@dataclass(frozen=True, slots=True)
class Watch:
    """Saved questions on two editions of each series, those that changed first."""

    questions: tuple[WatchedQuestion, ...]
    pairs: tuple[tuple[Edition, Edition], ...]
    notices: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[WatchState, int]:
        """Number of questions in each state."""
        counted = Counter(question.state for question in self.questions)
        order: tuple[WatchState, ...] = ("new", "changed", "gone", "unchanged", "not_answered")
        return {state: counted[state] for state in order}

    @property
    def has_changes(self) -> bool:
        """Whether any answer is new, changed or gone."""
        return any(series.state in CHANGES for question in self.questions for series in question.series)


def watch(
    library: Library,
    questions: Sequence[SavedQuestion],
    *,
    since: int | None = None,
    filters: Filters | None = None,
    progress: Callable[[str, int, int], object] | None = None,
) -> Watch:
    """Compare the answers of the newest edition of each series with those of an earlier one.

    Args:
        library: The library.
        questions: The saved questions. Editions and years that they name are no preference: each edition is asked.
        since: Compare with this edition, or the last one before it; by default with the edition before the newest.
        filters: Documents to consider; all by default.
        progress: Called with ("questions", done, total).

    Raises:
        CompareError: No series has two editions to compare.
    """
    index = library.index
    pairs, notices = _choose_pairs(index, since, filters or Filters())
    if not pairs:
        reason = "; ".join(notices) or _("add series and edition to corpus.toml")
        raise CompareError(_("no series has two editions to compare: %(reason)s", reason=reason))
    watcher = _Watcher(library, index, pairs)
    watched: list[WatchedQuestion] = []
    for number, question in enumerate(questions, 1):
        watched.append(watcher.ask(question))
        if progress is not None:
            progress("questions", number, len(questions))
    return Watch(tuple(watched), tuple(pairs), (*library.notices, *notices))


def _choose_pairs(index: Index, since: int | None, filters: Filters) -> tuple[list[tuple[Edition, Edition]], list[str]]:
    """Return two editions of each series, and a notice about each series without."""
    dated = [d for d in filters.select(index.documents) if d.series is not None and d.edition is not None]
    pairs: list[tuple[Edition, Edition]] = []
    notices: list[str] = []
    for series, own in by_series(editions(dated)).items():
        *before, newest = own
        if since is not None:
            before = [edition for edition in before if edition.year is not None and edition.year <= since]
        if before:
            pairs.append((before[-1], newest))
        else:
            values = {"series": series, "edition": newest.label, "year": since}
            notices.append(
                _("%(series)s: the newest edition is %(edition)s, and there is no earlier one", **values)
                if since is None
                else _(
                    "%(series)s: the newest edition is %(edition)s, and there is none of %(year)s or before to compare "
                    "it with",
                    **values,
                )
            )
    return pairs, notices


class _Watcher:
    """Asks questions; each edition's text is read once."""

    def __init__(self, library: Library, index: Index, pairs: Sequence[tuple[Edition, Edition]]) -> None:
        self._library, self._index, self._pairs = library, index, pairs
        self._read: dict[str | None, EditionPair] = {}

    def ask(self, question: SavedQuestion) -> WatchedQuestion:
        """Return the outcome of a question in each series that it is about."""
        if not has_words(question.text):
            return WatchedQuestion(question.id, question.text, (), (_("the question has no words"),))
        (analysis,) = self._library.analyse([(question.text, Filters())])
        asked = [
            (pair, [self._answer(analysis, question.filters, edition) for edition in pair])
            for pair in self._pairs_about(analysis, question.filters)
        ]
        if not asked:
            notice = _("its filters leave no two editions to compare")
            return WatchedQuestion(question.id, question.text, (), (notice,))
        scores = [max(_best_score(answer) for answer in answers) for _, answers in asked]
        about = [
            pair_and_answers
            for score, pair_and_answers in zip(scores, asked, strict=True)
            if score >= RELEVANT_SHARE * max(scores) and any(answer.answered for answer in pair_and_answers[1])
        ] or [asked[scores.index(max(scores))]]
        return WatchedQuestion(
            question.id, question.text, tuple(self._compare(pair, answers, analysis.topic) for pair, answers in about)
        )

    def _pairs_about(self, analysis: QuestionAnalysis, filters: Filters) -> list[tuple[Edition, Edition]]:
        """Return the editions to ask: of the series that the question names, or of those nearest to it."""
        pairs = [pair for pair in self._pairs if all(filters.select(edition.documents) for edition in pair)]
        named = [pair for pair in pairs if pair[1].series in analysis.interpretation.series]
        if named or len(pairs) <= MAX_SERIES:
            return named or pairs
        among = self._index.subset([document for pair in pairs for edition in pair for document in edition.documents])
        hits = self._index.search(analysis.topic, analysis.vector, _SERIES_HITS, among=among).complete_hits()
        nearest = list(dict.fromkeys(hit.document.series for hit in hits))
        about = relevant_series(hits)
        return [pair for pair in pairs if pair[1].series in about & set(nearest[:MAX_SERIES])]

    def _answer(self, analysis: QuestionAnalysis, filters: Filters, edition: Edition) -> Answer:
        """Ask an edition, without preferences for years and editions."""
        documents = tuple(document.id for document in filters.select(edition.documents))
        understood = replace(
            analysis.interpretation, years=(), editions=(), compare=False, filters=Filters(document=documents)
        )
        return self._library.answer(replace(analysis, interpretation=understood), _PASSAGES)

    def _share_of_words(self, topic: str, side: Sequence[Stretch]) -> float:
        """Return the greatest share of the words of a question that an answering paragraph has with its headings."""
        if not side:
            return 0.0
        language = side[0].language
        frequencies = self._index.records.document_frequencies(plural_forms(topic_stems(topic, language)))
        topic_words = TopicWords.of(topic, language, frequencies, self._index.manifest.passages)
        return max(topic_words.share(stretch.text, " ".join(stretch.path)) for stretch in side)

    def _compare(self, pair: tuple[Edition, Edition], answers: Sequence[Answer], topic: str) -> WatchedSeries:
        sides = [_answering(self._index, answer) for answer in answers]
        shares = [self._share_of_words(topic, side) for side in sides]
        for own, answer in enumerate(answers):
            is_doubtful = answer.confidence < _UNSURE or (not shares[own] and shares[1 - own] >= _MAJORITY_OF_WORDS)
            is_less_sure = answer.confidence < _SHARE_OF_CONFIDENCE * answers[1 - own].confidence
            is_beside = answer.confidence < _UNSURE and max(shares) < _FEW_WORDS
            if is_beside or (is_doubtful and (is_less_sure or shares[own] < _SHARE_OF_WORDS * shares[1 - own])):
                sides[own] = []
        for own, answer in enumerate(answers):
            if not sides[own] and sides[1 - own]:
                sides[own] = _repeated_paragraph(self._index, sides[1 - own][0], answer)
        earlier, later = (
            EditionAnswer(
                edition,
                answer.confidence,
                tuple(read_excerpt(self._index, stretch.id) for stretch in side),
            )
            for edition, answer, side in zip(pair, answers, sides, strict=True)
        )
        if not sides[0] or not sides[1]:
            state: WatchState = "gone" if sides[0] else "new" if sides[1] else "not_answered"
            return WatchedSeries(earlier, later, state)
        changes, figures = self._differences(pair, sides)
        state = "unchanged" if self._is_unchanged(pair, sides, answers) else "changed"
        return WatchedSeries(earlier, later, state, changes, figures)

    def _is_unchanged(
        self, pair: tuple[Edition, Edition], sides: Sequence[Sequence[Stretch]], answers: Sequence[Answer]
    ) -> bool:
        texts = self._read.get(pair[1].series)
        if texts is None:
            texts = EditionPair(self._index, *(EditionText(self._index, edition) for edition in pair))
            self._read[pair[1].series] = texts
        return all(
            texts.has_counterpart(stretch, forward=forward)
            for forward, side, answer in zip((True, False), sides, answers, strict=True)
            for stretch in [*side, *_runners_up(self._index, answer)]
        )

    def _differences(
        self, pair: tuple[Edition, Edition], sides: Sequence[Sequence[Stretch]]
    ) -> tuple[tuple[EditionChange, ...], tuple[FigureRow, ...]]:
        """Align the sentences of the passages, and chain the figures that both state."""
        index, language = self._index, sides[1][0].language
        sets = [_sentence_set(index, side) for side in sides]
        similarities = sentence_similarity(sets[0], sets[1], index.manifest.scale)
        changes = tuple(EditionChange(*pair, change) for change in align_sentences(sets[0], sets[1], similarities))
        figures = [find_figures(own.sentences, language) for own in sets]
        paired = pair_figures(figures[0], figures[1], similarities, language)
        links = {match.earlier: (match.later, match.similarity) for match in paired}
        relevance = [[0.0] * len(own.sentences) for own in sets]
        return changes, tuple(chain_figures(pair, figures, [links], relevance))


def _best_score(answer: Answer) -> float:
    return max((cited.hit.score for cited in answer.passages), default=0.0)


def _answering(index: Index, answer: Answer) -> list[Stretch]:
    """Return the paragraphs that contain the sentences of an answer, in the order of the answer; none twice."""
    hits = {cited.hit.id: cited.hit for cited in answer.passages}
    found = [
        stretch
        for sentence in answer.sentences
        for stretch in stretches(index, hits[sentence.passage].stored, [sentence.start])
    ]
    return list({stretch.id: stretch for stretch in found}.values())


def _runners_up(index: Index, answer: Answer) -> Iterable[Stretch]:
    """Yield the paragraph with the best sentence of each further passage that ranks nearly as high as the first."""
    quoted = {sentence.passage for sentence in answer.sentences}
    least = (_NEAR_SCORE if answer.confidence >= _UNSURE else _NEAR_SCORE_UNSURE) * _best_score(answer)
    for cited in answer.passages:
        if cited.hit.id not in quoted and cited.hit.score >= least:
            yield from stretches(index, cited.hit.stored, [best_sentence(cited.hit)[0]])


def _repeated_paragraph(index: Index, stretch: Stretch, answer: Answer) -> list[Stretch]:
    """Return the paragraph of an unanswered question that repeats most of a sentence of the other edition's answer."""
    best: tuple[float, Hit, int] | None = None
    for cited in answer.passages:
        for sentence in locate_sentences([cited.hit.stored]):
            for theirs in stretch.sentences:
                share = word_diff.share_kept(theirs.text, sentence.text)
                if share >= _SAME_SENTENCE and (best is None or share > best[0]):
                    best = share, cited.hit, sentence.start
    return stretches(index, best[1].stored, [best[2]]) if best is not None else []


def _sentence_set(index: Index, side: Sequence[Stretch]) -> SentenceSet:
    sentences = [sentence for stretch in side for sentence in stretch.sentences]
    return SentenceSet.of(sentences, index.sentence_vectors([sentence.row for sentence in sentences]), side[0].language)
