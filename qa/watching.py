"""Answer saved questions on the newest edition of each series and on an earlier one, and report what changed.

Each edition is asked separately. An answer is unchanged only if every paragraph, list item and table row that answers
occurs in the corresponding section of the other edition with the same wording, in both directions, and if no passage
that ranks nearly as high differs in its best sentence. In doubt, an answer is reported as changed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, get_args

from corpus.metadata.language import primary_language
from corpus.records import format_span_id
from corpus.structure.lines import LIST_ITEM
from corpus.translation import gettext as _
from corpus.translation import join_items
from corpus.vocabulary import CURRENCY_SIGNS
from index.lexical.analysis import terms
from index.ranking.search import Hit, Index
from index.storage.reader import StoredPassage
from qa.answering.compared_editions import RELEVANT_SHARE, relevant_series
from qa.answering.excerpt import Excerpt, read_excerpt
from qa.answering.library import Answer, Library
from qa.citation import best_sentence
from qa.editions import word_diff
from qa.editions.alignment import SentenceSet, align_sentences, aligned_sections, sentence_similarity
from qa.editions.figures.pairs import FigureRow, chain_figures, pair_figures
from qa.editions.figures.quantities import is_table_row
from qa.editions.figures.sentence_figures import find_figures
from qa.editions.sections import (
    Edition,
    LocatedSentence,
    SectionKey,
    by_series,
    editions,
    locate_sentences,
    section_key,
    title_of,
)
from qa.editions.topic_comparison import MAX_SERIES, EditionChange, nearest_series
from qa.editions.topic_words import TopicWords, plural_forms, topic_stems
from qa.errors import CompareError
from qa.question.analysis import QuestionAnalysis, has_words
from qa.question.filters import Filters

WatchState = Literal["new", "changed", "gone", "unchanged", "not_answered"]
"""In the order of reports."""

CHANGES: frozenset[WatchState] = frozenset({"new", "changed", "gone"})
"""States of questions to read again."""

_PASSAGES = 5
"""Passages read in each edition."""

_CONFIDENT = 0.5
"""Answers below this confidence are checked by the words of the question."""

_NEAR_SCORE = 0.8
"""A passage with this share of the best score may be the one that answers, too."""

_NEAR_SCORE_UNSURE = 0.5
"""The same if the answer is not confident. With .6 one of 33 edited paragraphs was wrongly unchanged
(`python -m tests.benchmarks.watching`)."""

_MIN_WORD_RATIO = 0.4
"""Minimum share of the question's words, by weight, in an answer that is not confident, relative to the answer of the
other edition. Editions that do not treat a subject still have passages near to it."""

_MIN_CONFIDENCE_RATIO = 0.4
"""Minimum confidence of such an answer relative to that of the other edition. Of 30 questions on five pairs of editions
the answers that only one edition has were at .38 and less, the others at .51 and more
(`python -m tests.benchmarks.watching`)."""

_MIN_WORDS_OF_EITHER = 0.2
"""If neither edition has this share of the words, no answer that is not confident counts: "quotas for whaling" where
whaling is in neither."""

_MIN_WORDS_OF_OTHER = 0.6
"""If the answer of the other edition has this share of the words, a confident answer without any is checked, too."""

_MIN_REPEATED_SHARE = 0.6
"""An edition whose answer does not count still answers if it repeats this share of the words of a sentence of the other
edition's answer."""


_NEUTRAL = frozenset("the of as is are be been being it its and that which also".split())
"""English words that may be added or left out without a change of meaning."""

_FORMS_OF_BE = frozenset("is are be been being".split())
"""Words after which "-ed" marks the passive, not the past."""

_SIGNS = frozenset(f"%‰{CURRENCY_SIGNS}°+=<>")
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
        counts = Counter(question.state for question in self.questions)
        states: tuple[WatchState, ...] = get_args(WatchState)
        return {state: counts[state] for state in states}

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
    """Return two editions of each series, and a notice about the series without."""
    dated = [d for d in filters.select(index.documents) if d.series is not None and d.edition is not None]
    pairs: list[tuple[Edition, Edition]] = []
    without: list[str] = []
    for series, of_series in by_series(editions(dated)).items():
        *before, newest = of_series
        if since is not None:
            before = [edition for edition in before if edition.year is not None and edition.year <= since]
        if before:
            pairs.append((before[-1], newest))
        else:
            without.append(_("%(series)s (newest edition: %(edition)s)", series=series, edition=newest.label))
    if not without:
        return pairs, []
    names = join_items(without)
    if since is None:
        return pairs, [_("there is no earlier edition of %(series)s", series=names)]
    return pairs, [_("there is no edition of %(year)s or before of %(series)s", year=since, series=names)]


class _Watcher:
    """Asks questions about pairs of editions; the text of each edition is read once."""

    def __init__(self, library: Library, index: Index, pairs: Sequence[tuple[Edition, Edition]]) -> None:
        self._library, self._index, self._pairs = library, index, pairs
        self._texts: dict[str | None, _EditionPair] = {}

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
            notice = _("the filters leave fewer than two editions to compare")
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
        documents = [document for pair in pairs for edition in pair for document in edition.documents]
        nearest, hits = nearest_series(self._index, analysis.topic, analysis.vector, documents)
        return [pair for pair in pairs if pair[1].series in nearest & relevant_series(hits)]

    def _answer(self, analysis: QuestionAnalysis, filters: Filters, edition: Edition) -> Answer:
        """Ask an edition, without preferences for years and editions."""
        documents = tuple(document.id for document in filters.select(edition.documents))
        understood = replace(
            analysis.interpretation, years=(), editions=(), compare=False, filters=Filters(document=documents)
        )
        return self._library.answer(replace(analysis, interpretation=understood), _PASSAGES)

    def _share_of_words(self, topic: str, paragraphs: Sequence[_Paragraph]) -> float:
        """Return the greatest share of the words of a question that an answering paragraph has with its headings."""
        if not paragraphs:
            return 0.0
        language = paragraphs[0].language
        frequencies = self._index.records.document_frequencies(plural_forms(topic_stems(topic, language)))
        words = TopicWords.of(topic, language, frequencies, self._index.manifest.passages)
        return max(words.weight_in(paragraph.text, " ".join(paragraph.path)) for paragraph in paragraphs)

    def _compare(self, pair: tuple[Edition, Edition], answers: Sequence[Answer], topic: str) -> WatchedSeries:
        index = self._index
        paragraphs = [_answering_paragraphs(index, answer) for answer in answers]
        shares = [self._share_of_words(topic, of_edition) for of_edition in paragraphs]
        earlier = paragraphs[0] if _counts_as_answer(answers[0], answers[1], shares[0], shares[1]) else []
        later = paragraphs[1] if _counts_as_answer(answers[1], answers[0], shares[1], shares[0]) else []
        if later and not earlier:
            earlier = _repeated_paragraph(index, later[0], answers[0])
        elif earlier and not later:
            later = _repeated_paragraph(index, earlier[0], answers[1])
        earlier_answer, later_answer = (
            EditionAnswer(edition, answer.confidence, tuple(read_excerpt(index, each.id) for each in shown))
            for edition, answer, shown in zip(pair, answers, (earlier, later), strict=True)
        )
        if not earlier or not later:
            state: WatchState = "gone" if earlier else "new" if later else "not_answered"
            return WatchedSeries(earlier_answer, later_answer, state)
        changes, figures = self._differences(pair, (earlier, later))
        state = "unchanged" if self._is_unchanged(pair, (earlier, later), answers) else "changed"
        return WatchedSeries(earlier_answer, later_answer, state, changes, figures)

    def _is_unchanged(
        self,
        pair: tuple[Edition, Edition],
        paragraphs: tuple[Sequence[_Paragraph], Sequence[_Paragraph]],
        answers: Sequence[Answer],
    ) -> bool:
        """Return whether each answering paragraph and runner-up of either edition has a counterpart in the other."""
        texts = self._texts.get(pair[1].series)
        if texts is None:
            texts = _EditionPair(self._index, *(_EditionText(self._index, edition) for edition in pair))
            self._texts[pair[1].series] = texts
        return all(
            texts.has_counterpart(paragraph, forward=forward)
            for forward, answering, answer in zip((True, False), paragraphs, answers, strict=True)
            for paragraph in [*answering, *_runners_up(self._index, answer)]
        )

    def _differences(
        self, pair: tuple[Edition, Edition], paragraphs: tuple[Sequence[_Paragraph], Sequence[_Paragraph]]
    ) -> tuple[tuple[EditionChange, ...], tuple[FigureRow, ...]]:
        """Align the sentences of the passages, and chain the figures that both state."""
        index, language = self._index, paragraphs[1][0].language
        sentences = [_sentence_set(index, of_edition) for of_edition in paragraphs]
        similarities = sentence_similarity(sentences[0], sentences[1], index.manifest.scale)
        aligned = align_sentences(sentences[0], sentences[1], similarities)
        changes = tuple(EditionChange(*pair, change) for change in aligned)
        figures = [find_figures(of_edition.sentences, language) for of_edition in sentences]
        paired = pair_figures(figures[0], figures[1], similarities, language)
        links = {match.earlier: (match.later, match.similarity) for match in paired}
        relevance = [[0.0] * len(of_edition.sentences) for of_edition in sentences]
        return changes, tuple(chain_figures(pair, figures, [links], relevance))


def _counts_as_answer(answer: Answer, other: Answer, share: float, other_share: float) -> bool:
    """Return whether the answer of an edition counts, compared with that of the other edition.

    1. An answer that is not confident does not count if neither edition has the words of the question.
    2. A confident answer counts, unless it has none of the words and the other answer has most of them.
    3. Any other answer counts only if confidence and words come up to those of the other answer.

    Args:
        answer: The answer of the edition.
        other: The answer of the other edition.
        share: Share of the question's words in the answer.
        other_share: The same of the other answer.
    """
    is_confident = answer.confidence >= _CONFIDENT
    if not is_confident and max(share, other_share) < _MIN_WORDS_OF_EITHER:
        return False
    if is_confident and (share or other_share < _MIN_WORDS_OF_OTHER):
        return True
    return answer.confidence >= _MIN_CONFIDENCE_RATIO * other.confidence and share >= _MIN_WORD_RATIO * other_share


def _best_score(answer: Answer) -> float:
    return max((cited.hit.score for cited in answer.passages), default=0.0)


def _answering_paragraphs(index: Index, answer: Answer) -> list[_Paragraph]:
    """Return the paragraphs that contain the sentences of an answer, in the order of the answer; none twice."""
    hits = {cited.hit.id: cited.hit for cited in answer.passages}
    paragraphs = [
        paragraph
        for sentence in answer.sentences
        for paragraph in _paragraphs_at(index, hits[sentence.passage].stored, [sentence.start])
    ]
    return list({paragraph.id: paragraph for paragraph in paragraphs}.values())


def _runners_up(index: Index, answer: Answer) -> Iterable[_Paragraph]:
    """Yield the paragraph with the best sentence of each further passage that ranks nearly as high as the first."""
    quoted = {sentence.passage for sentence in answer.sentences}
    share = _NEAR_SCORE if answer.confidence >= _CONFIDENT else _NEAR_SCORE_UNSURE
    min_score = share * _best_score(answer)
    for cited in answer.passages:
        if cited.hit.id not in quoted and cited.hit.score >= min_score:
            yield from _paragraphs_at(index, cited.hit.stored, [best_sentence(cited.hit)[0]])


def _repeated_paragraph(index: Index, paragraph: _Paragraph, answer: Answer) -> list[_Paragraph]:
    """Return the paragraph, in the passages of an answer, that repeats most of a sentence of the other edition's."""
    best: tuple[float, Hit, int] | None = None
    for cited in answer.passages:
        for sentence in locate_sentences([cited.hit.stored]):
            for other in paragraph.sentences:
                share = word_diff.share_kept(other.text, sentence.text)
                if share >= _MIN_REPEATED_SHARE and (best is None or share > best[0]):
                    best = share, cited.hit, sentence.start
    return _paragraphs_at(index, best[1].stored, [best[2]]) if best is not None else []


def _sentence_set(index: Index, paragraphs: Sequence[_Paragraph]) -> SentenceSet:
    sentences = [sentence for paragraph in paragraphs for sentence in paragraph.sentences]
    vectors = index.sentence_vectors([sentence.row for sentence in sentences])
    return SentenceSet.of(sentences, vectors, paragraphs[0].language)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph, list item or table row of a section, with its sentences."""

    section: SectionKey
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
        return format_span_id(self.section[0], self.start, self.end)


class _EditionText:
    """The sections of an edition: their titles and texts, as normalised words."""

    def __init__(self, index: Index, edition: Edition) -> None:
        self.edition = edition
        sentences: dict[SectionKey, list[str]] = defaultdict(list)
        languages: dict[SectionKey, str | None] = {}
        self._rows: dict[SectionKey, set[tuple[str, str]]] = defaultdict(set)
        self._titles: dict[SectionKey, str] = {}
        for info in edition.documents:
            document = index.document(info.id)
            for stored in index.records.passages_of_document(info.number):
                section = section_key(document, stored)
                languages[section] = info.language
                title = document.outline[section[1]].text if section[1] is not None else ""
                self._titles[section] = normalized_words(title_of(title), info.language)
                header = normalized_words(stored.passage.header, info.language)
                for sentence in locate_sentences([stored]):
                    if is_table_row(sentence.text):
                        self._rows[section].add((normalized_words(sentence.text, info.language), header))
                    else:
                        sentences[section].append(sentence.text)
        self._texts = {
            section: normalized_words("\n".join(texts), languages[section]) for section, texts in sentences.items()
        }

    def title(self, section: SectionKey) -> str:
        """Return the words of a section's title."""
        return self._titles[section]

    def sections_titled(self, title: str) -> set[SectionKey]:
        """Return the sections whose title has these words."""
        return {section for section, words in self._titles.items() if words == title}

    def contains(self, paragraph: _Paragraph, sections: set[SectionKey]) -> bool:
        """Return whether some of the sections have the words of a paragraph of another edition."""
        words = normalized_words(paragraph.text, paragraph.language)
        if is_table_row(paragraph.text):
            row = (words, normalized_words(paragraph.header, paragraph.language))
            return any(row in self._rows[section] for section in sections if section in self._rows)
        return any(words in self._texts[section] for section in sections if section in self._texts)


class _EditionPair:
    """Two editions of a series and their corresponding sections."""

    def __init__(self, index: Index, earlier: _EditionText, later: _EditionText) -> None:
        self._index = index
        self.earlier, self.later = earlier, later

    def has_counterpart(self, paragraph: _Paragraph, *, forward: bool) -> bool:
        """Return whether the later edition (`forward`, else the earlier) says the same in the corresponding section.

        The same words in an unrelated section say something else: "It counted 12 ships."
        """
        source, target = (self.earlier, self.later) if forward else (self.later, self.earlier)
        if target.contains(paragraph, target.sections_titled(source.title(paragraph.section))):
            return True
        pairs = self._aligned if forward else {(later, earlier) for earlier, later in self._aligned}
        return target.contains(paragraph, {counterpart for own, counterpart in pairs if own == paragraph.section})

    @cached_property
    def _aligned(self) -> set[tuple[SectionKey, SectionKey]]:
        return aligned_sections(self._index, self.earlier.edition, self.later.edition)


def _paragraphs_at(index: Index, stored: StoredPassage, starts: Iterable[int]) -> list[_Paragraph]:
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
        is_item = "\n" in gap and LIST_ITEM.match(sentence.text)
        if not groups or is_alone or is_item or gap.count("\n") > 1:
            groups.append([])
        groups[-1].append(sentence)
    section, chosen = section_key(document, stored), set(starts)
    return [
        _Paragraph(
            section,
            info.language,
            document.text[sentences[0].start : sentences[-1].end],
            tuple(sentences),
            passage.path,
            passage.header,
        )
        for sentences in groups
        if chosen & {sentence.start for sentence in sentences}
    ]


def normalized_words(text: str, language: str | None) -> str:
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
        passive = word in _FORMS_OF_BE
    return f" {' '.join(kept)} "
