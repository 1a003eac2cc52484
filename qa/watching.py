"""Answer saved questions on the newest edition of each series and on an earlier one, and report what changed.

Each edition is asked separately. An answer is unchanged only if every paragraph, list item and table row that answers
occurs in the corresponding section of the other edition with the same wording, in both directions, and if no passage
that ranks nearly as high differs in its best sentence. In doubt, an answer is reported as changed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from corpus.metadata.language import primary_language
from corpus.records import Document, format_span_id
from corpus.translation import gettext as _
from index.lexical.analysis import terms
from index.ranking.search import Hit, Index
from index.storage.reader import StoredPassage
from qa.answering.edition_coverage import RELEVANT_SHARE, relevant_series
from qa.answering.excerpt import Excerpt, read_excerpt
from qa.answering.library import Answer, Library
from qa.editions import word_diff
from qa.editions.alignment_cache import load_alignment
from qa.editions.figures.pairs import FigureRow, chain_figures, find_figures, pair_figures
from qa.editions.figures.quantities import is_table_row
from qa.editions.publication import Edition, by_series, editions
from qa.editions.sections import LocatedSentence, enclosing_heading, locate_sentences, outline_heads, title_of
from qa.editions.sentence_alignment import SentenceSet, align_sentences, sentence_similarity
from qa.editions.topic_comparison import MAX_SERIES, EditionChange
from qa.editions.topic_evidence import TopicWords, plural_forms, topic_stems
from qa.editions.topic_passages import best_sentence
from qa.errors import CompareError
from qa.question.analysis import QuestionAnalysis, has_words
from qa.question.filters import Filters

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
_Head = tuple[str, int | None]
"""A section: its document and its position in the outline, None for the text outside all headings."""

_LIST_ITEM = re.compile(r"(?:[-*+•◦▪‣–]|\(?\w{1,3}[.)])\s")

_NEUTRAL = frozenset("the of as is are be been being it its and that which also".split())
_BE = frozenset("is are be been being".split())
_SIGNS = frozenset("%‰$€£¥₹°+=<>")
"""Signs that belong to a figure."""


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
        self._read: dict[str | None, _EditionPair] = {}

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

    def _share_of_words(self, topic: str, side: Sequence[_Stretch]) -> float:
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
        self, pair: tuple[Edition, Edition], sides: Sequence[Sequence[_Stretch]], answers: Sequence[Answer]
    ) -> bool:
        texts = self._read.get(pair[1].series)
        if texts is None:
            texts = _EditionPair(self._index, *(_EditionText(self._index, edition) for edition in pair))
            self._read[pair[1].series] = texts
        return all(
            texts.has_counterpart(stretch, forward=forward)
            for forward, side, answer in zip((True, False), sides, answers, strict=True)
            for stretch in [*side, *_runners_up(self._index, answer)]
        )

    def _differences(
        self, pair: tuple[Edition, Edition], sides: Sequence[Sequence[_Stretch]]
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


def _answering(index: Index, answer: Answer) -> list[_Stretch]:
    """Return the paragraphs that contain the sentences of an answer, in the order of the answer; none twice."""
    hits = {cited.hit.id: cited.hit for cited in answer.passages}
    found = [
        stretch
        for sentence in answer.sentences
        for stretch in _stretches(index, hits[sentence.passage].stored, [sentence.start])
    ]
    return list({stretch.id: stretch for stretch in found}.values())


def _runners_up(index: Index, answer: Answer) -> Iterable[_Stretch]:
    """Yield the paragraph with the best sentence of each further passage that ranks nearly as high as the first."""
    quoted = {sentence.passage for sentence in answer.sentences}
    least = (_NEAR_SCORE if answer.confidence >= _UNSURE else _NEAR_SCORE_UNSURE) * _best_score(answer)
    for cited in answer.passages:
        if cited.hit.id not in quoted and cited.hit.score >= least:
            yield from _stretches(index, cited.hit.stored, [best_sentence(cited.hit)[0]])


def _repeated_paragraph(index: Index, stretch: _Stretch, answer: Answer) -> list[_Stretch]:
    """Return the paragraph of an unanswered question that repeats most of a sentence of the other edition's answer."""
    best: tuple[float, Hit, int] | None = None
    for cited in answer.passages:
        for sentence in locate_sentences([cited.hit.stored]):
            for theirs in stretch.sentences:
                share = word_diff.share_kept(theirs.text, sentence.text)
                if share >= _SAME_SENTENCE and (best is None or share > best[0]):
                    best = share, cited.hit, sentence.start
    return _stretches(index, best[1].stored, [best[2]]) if best is not None else []


def _sentence_set(index: Index, side: Sequence[_Stretch]) -> SentenceSet:
    sentences = [sentence for stretch in side for sentence in stretch.sentences]
    return SentenceSet.of(sentences, index.sentence_vectors([sentence.row for sentence in sentences]), side[0].language)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A paragraph, list item or table row of a section, with its sentences."""

    head: _Head
    language: str | None
    text: str
    sentences: tuple[LocatedSentence, ...]
    path: tuple[str, ...]
    header: str
    """Caption and header of the table that a row belongs to."""

    @property
    def start(self) -> int:
        """First offset in the document."""
        return self.sentences[0].start

    @property
    def end(self) -> int:
        """End offset in the document."""
        return self.sentences[-1].end

    @property
    def id(self) -> str:
        """`DOCUMENT@START-END`."""
        return format_span_id(self.head[0], self.start, self.end)


class _EditionText:
    """The sections of an edition: their titles, and their wording."""

    def __init__(self, index: Index, edition: Edition) -> None:
        self.edition = edition
        sentences: dict[_Head, list[str]] = defaultdict(list)
        languages: dict[_Head, str | None] = {}
        self._rows: dict[_Head, set[tuple[str, str]]] = defaultdict(set)
        self._titles: dict[_Head, str] = {}
        for info in edition.documents:
            document = index.document(info.id)
            for stored in index.records.passages_of_document(info.number):
                head = _section_head(document, stored)
                languages[head] = info.language
                title = document.outline[head[1]].text if head[1] is not None else ""
                self._titles[head] = wording(title_of(title), info.language)
                header = wording(stored.passage.header, info.language)
                for sentence in locate_sentences([stored]):
                    if is_table_row(sentence.text):
                        self._rows[head].add((wording(sentence.text, info.language), header))
                    else:
                        sentences[head].append(sentence.text)
        self._texts = {head: wording("\n".join(own), languages[head]) for head, own in sentences.items()}

    def title(self, head: _Head) -> str:
        """Return the wording of a section's title."""
        return self._titles[head]

    def sections_titled(self, title: str) -> set[_Head]:
        """Return the sections whose title has this wording."""
        return {head for head, own in self._titles.items() if own == title}

    def says(self, stretch: _Stretch, heads: set[_Head]) -> bool:
        """Whether some of the sections have a stretch of another edition, with the same wording."""
        text = wording(stretch.text, stretch.language)
        if is_table_row(stretch.text):
            row = (text, wording(stretch.header, stretch.language))
            return any(row in self._rows[head] for head in heads if head in self._rows)
        return any(text in self._texts[head] for head in heads if head in self._texts)


class _EditionPair:
    """Two editions of a series and their corresponding sections."""

    def __init__(self, index: Index, earlier: _EditionText, later: _EditionText) -> None:
        self._index = index
        self.earlier, self.later = earlier, later

    def has_counterpart(self, stretch: _Stretch, *, forward: bool) -> bool:
        """Whether the later edition (`forward`; else the earlier one) says the same in the corresponding section.

        The same words in an unrelated section say something else: "It counted 12 ships."
        """
        own, other = (self.earlier, self.later) if forward else (self.later, self.earlier)
        if other.says(stretch, other.sections_titled(own.title(stretch.head))):
            return True
        return other.says(stretch, {pair[forward] for pair in self._aligned if pair[not forward] == stretch.head})

    @cached_property
    def _aligned(self) -> set[tuple[_Head, _Head]]:
        heads = [outline_heads(self._index, side.edition) for side in (self.earlier, self.later)]
        return {
            (heads[0][pair.earlier], heads[1][pair.later])
            for pair in load_alignment(self._index, self.earlier.edition, self.later.edition)
            if pair.earlier is not None and pair.later is not None
        }


def _section_head(document: Document, stored: StoredPassage) -> _Head:
    """Return the section of a passage."""
    return document.id, enclosing_heading(document, stored.passage.section)


def _stretches(index: Index, stored: StoredPassage, starts: Iterable[int]) -> list[_Stretch]:
    """Return the paragraphs, list items and table rows that contain the sentences of a passage at some offsets.

    They are whole even where they go on in the passage before or after.
    """
    passage = stored.passage
    document, info = index.document(passage.document), index.info(passage.document)
    around = [
        other
        for other in index.records.passages_of_document(info.number)
        if abs(other.position - stored.position) <= 1 and other.passage.section == passage.section
    ]
    groups: list[list[LocatedSentence]] = []
    for sentence in locate_sentences(around):
        gap = document.text[groups[-1][-1].end : sentence.start] if groups else ""
        is_alone = is_table_row(sentence.text) or (groups and is_table_row(groups[-1][-1].text))
        is_item = "\n" in gap and _LIST_ITEM.match(sentence.text)
        if not groups or is_alone or is_item or gap.count("\n") > 1:
            groups.append([])
        groups[-1].append(sentence)
    head, wanted = _section_head(document, stored), set(starts)
    return [
        _Stretch(
            head, info.language, document.text[own[0].start : own[-1].end], tuple(own), passage.path, passage.header
        )
        for own in groups
        if wanted & {sentence.start for sentence in own}
    ]


def wording(text: str, language: str | None) -> str:
    """Return the words that carry a text's meaning, each with a blank before and after it.

    Deliberately strict, because an answer reported as unchanged is not read again: numbers, negations, tenses,
    prepositions and the order of words must agree. Only articles, forms of "be" and the like, punctuation, case,
    British or American spelling and the endings of words may differ, and these only in English; in other languages only
    punctuation and case.
    """
    is_english = primary_language(language) == "en"
    kept: list[str] = []
    passive = False  # "is positioned" may become "positions"; "supported" may not become "supports"
    for token, *_offsets in word_diff.tokens(text):
        word = token.casefold()
        if not any(map(str.isalnum, word)):
            kept += [word] if word in _SIGNS else []
        elif not is_english or any(map(str.isdigit, word)):
            kept.append(word)
        elif word not in _NEUTRAL:
            past = "+ed" if word.endswith("ed") and not passive else ""
            kept.append(("".join(terms(word, "en")) or word) + past)
        passive = word in _BE
    return f" {' '.join(kept)} "
