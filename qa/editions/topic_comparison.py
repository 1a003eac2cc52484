"""Compare a topic across editions: what each says, which sentences changed, which figures changed.

A sentence about the topic is compared with the sentences around the topic's passages in the other edition: its
counterpart may be in another passage of the section, or in another section about the topic. Their number is bounded, so
that every edition costs the same. Timelines show the editions that treat a topic, and their shares of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.records import HEADED_KINDS, Document, format_span_id
from corpus.translation import gettext as _
from corpus.translation import join_items, ngettext
from index.lexical.bm25 import SENTENCE_LENGTH, bm25_fraction
from index.models.encoder import Encoder, Vectors, encode_questions
from index.models.similarity_scale import SimilarityScale
from index.ranking.search import Hit, Index
from index.storage.reader import DocumentInfo, StoredPassage
from qa.citation import best_sentence, cite_hit
from qa.editions.alignment import (
    Change,
    SentenceSet,
    align_sentences,
    lower_across_sections,
    section_name,
    sentence_similarity,
)
from qa.editions.figures.changed_figures import asks_duration
from qa.editions.figures.pairs import FigureRow, chain_figures, pair_figures, sort_rows
from qa.editions.figures.sentence_figures import Figure, find_figures, is_in_earlier_column, is_negated_limit
from qa.editions.sections import Edition, LocatedSentence, editions, locate_sentences
from qa.editions.topic_decision import MIN_PAIR_RELATEDNESS, TopicState
from qa.editions.topic_passages import TopicMatch, match_topic
from qa.editions.topic_words import TopicWords, topic_stems
from qa.errors import CompareError
from qa.question.analysis import Interpretation, extract_topic, interpret, normalize_question, strip_frames
from qa.question.corpus_facts import CorpusFacts, no_match_notice
from qa.question.filters import Filters

MAX_SERIES = 4
"""Series compared if the topic names none: those of the best passages."""

MAX_PASSAGES = 3
"""Passages shown per document."""

MAX_FIGURES = 40
"""Figures listed."""

_SERIES_HITS = 40
"""Passages searched to choose the series, and for the topic in documents that are not compared."""

_MAX_NAMED = 3
"""Documents named that have the topic, but are not compared."""


@dataclass(frozen=True, slots=True)
class EditionChange:
    """A change between an edition and the next one that treats the topic."""

    earlier: Edition
    later: Edition
    change: Change


@dataclass(frozen=True, slots=True)
class Comparison:
    """A topic across editions: what each document says in the order of years, changes, figures."""

    topic: str
    understood: Interpretation
    matches: tuple[TopicMatch, ...]
    changes: tuple[EditionChange, ...]
    figures: tuple[FigureRow, ...]
    notices: tuple[str, ...] = ()

    @property
    def series(self) -> str | None:
        """The series if only one was compared."""
        names = {match.edition.series for match in self.matches}
        return names.pop() if len(names) == 1 else None

    @property
    def _shown_series(self) -> set[str | None]:
        """The series with an edition that treats the topic; the only series compared in any case."""
        series = {match.edition.series for match in self.matches}
        treating = {match.edition.series for match in self.matches if match.treated}
        return series if len(series) == 1 else treating

    @property
    def shown_matches(self) -> tuple[TopicMatch, ...]:
        """The documents that are shown one by one: of the only series, or of those that treat the topic somewhere."""
        shown = self._shown_series
        return tuple(match for match in self.matches if match.edition.series in shown)

    @property
    def other_series(self) -> dict[TopicState, tuple[str, ...]]:
        """Further series, which never treat the topic, by state: "Budget Speech (2020, 2023)" with its editions."""
        labels: dict[TopicState, dict[str, list[str]]] = {}
        for match in self.matches:
            if match.edition.series not in self._shown_series:
                of_state = labels.setdefault(match.state, {})
                of_state.setdefault(match.edition.series or match.document.title, []).append(match.edition.label)
        return {
            state: tuple(f"{name} ({', '.join(dict.fromkeys(years))})" for name, years in of_state.items())
            for state, of_state in sorted(labels.items(), reverse=True)
        }


def compare_topic(
    index: Index,
    encoder: Encoder,
    corpus_facts: CorpusFacts,
    text: str,
    filters: Filters | None = None,
    *,
    notices: Iterable[str] = (),
) -> Comparison:
    """Compare a topic across the editions of an index.

    Args:
        index: The index.
        encoder: The model of the index.
        corpus_facts: What the index contains.
        text: The topic; years and series that it names choose editions.
        filters: Documents to compare; all by default.
        notices: Notices that precede those of the comparison.

    Raises:
        EmptyQuestion: The topic has no word.
        CompareError: No document has a series and an edition.
    """
    asked, topic_notices = normalize_question(text)
    filters = filters or Filters()
    understood = interpret(asked, corpus_facts, filters)
    subject = strip_frames(extract_topic(asked, understood.mentions))
    (vector,) = encode_questions(encoder, [subject])
    chosen, series_notices = _choose_editions(index, subject, vector, understood, filters)
    matches = match_topic(index, encoder, chosen, subject, vector, understood.years, MAX_PASSAGES)
    candidates = [
        sentences
        for edition in chosen
        if (sentences := _collect_candidates(index, edition, matches, subject, vector)) is not None
    ]
    changes: list[EditionChange] = []
    rows: list[FigureRow] = []
    for series in dict.fromkeys(sentences.edition.series for sentences in candidates):
        of_series = [sentences for sentences in candidates if sentences.edition.series == series]
        series_changes, series_rows = _compare_consecutive(of_series, index.manifest.scale, asks_duration(asked))
        changes += series_changes
        rows += series_rows
    return Comparison(
        asked,
        understood,
        tuple(matches),
        tuple(changes),
        tuple(sort_rows(rows)[:MAX_FIGURES]),
        (*notices, *topic_notices, *series_notices, *_language_notices(matches)),
    )


def _language_notices(matches: Sequence[TopicMatch]) -> list[str]:
    """Return a notice of the series in other languages than the topic; none if a document has its words."""
    languages = {match.document.language for match in matches}
    foreign = {language for language in languages if _is_foreign_to(language, matches)}
    names = dict.fromkeys(match.edition.series or "" for match in matches if match.document.language in foreign)
    if not names:
        return []
    return [
        _(
            "the topic seems to be in another language than %(names)s: passages are compared by meaning alone, which "
            "finds a part of those about it; name it in the language of the documents to find the others",
            names=", ".join(names),
        )
    ]


def _is_foreign_to(language: str | None, matches: Sequence[TopicMatch]) -> bool:
    """Return whether a topic is foreign to all documents in a language."""
    return all(match.is_foreign for match in matches if match.document.language == language)


def _choose_editions(
    index: Index, subject: str, vector: Vectors, understood: Interpretation, filters: Filters
) -> tuple[list[Edition], list[str]]:
    """Return the editions to compare in the order of years, and notices about series left out."""
    selected = filters.select(index.documents)
    dated = [document for document in selected if document.series is not None and document.edition is not None]
    if not dated:
        if index.documents and not selected:
            raise CompareError(no_match_notice(filters, CorpusFacts.of(index.documents)))
        raise CompareError(
            _(
                "no document has both a series and an edition: add them to corpus.toml and index again "
                "(yearbook-qa info lists what is known)"
            )
        )
    notices: list[str] = []
    available = {document.series for document in dated}
    names = available & set(understood.series) or available
    if not available & set(understood.series) and len(available) > MAX_SERIES and not filters.series:
        names, _hits = nearest_series(index, subject, vector, dated)
        notices.append(
            _(
                "compared the %(count)s of %(total)s series nearest to the topic: name the series in the topic to "
                "compare another one",
                count=len(names),
                total=len(available),
            )
        )
    if not available & set(understood.series):
        notices += _undated_notices(
            index, subject, vector, [document for document in selected if None in (document.series, document.edition)]
        )
    chosen = editions(document for document in dated if document.series in names)
    if understood.editions and not filters.edition:
        named = [edition for edition in chosen if edition.year in understood.editions]
        chosen = named if len(named) > 1 else chosen
    return sorted(chosen, key=lambda edition: (edition.year or 0, edition.series or "")), notices


def _undated_notices(index: Index, subject: str, vector: Vectors, documents: Sequence[DocumentInfo]) -> list[str]:
    """Return a notice of how many documents lack series or edition, and which of them have the words of the topic."""
    if not documents:
        return []
    hits = index.search(subject, vector, _SERIES_HITS, subset=index.subset(documents)).complete_hits()
    words = {
        language: TopicWords.of(
            subject,
            language,
            index.records.document_frequencies(topic_stems(subject, language)),
            index.manifest.passages,
        )
        for language in {hit.document.language for hit in hits}
    }
    with_topic = {
        hit.document.id: f"{hit.document.title} ({hit.document.id})"
        for hit in hits
        if words[hit.document.language].all_words_in(hit.stored.passage.text)
    }
    notice = ngettext(
        "%(count)s document without series or edition was not compared",
        "%(count)s documents without series or edition were not compared",
        len(documents),
    )
    if not with_topic:
        return [notice]
    named = ", ".join(list(with_topic.values())[:_MAX_NAMED])
    if len(with_topic) > _MAX_NAMED:
        return [_("%(notice)s; the words of the topic are in %(names)s and others", notice=notice, names=named)]
    return [_("%(notice)s; the words of the topic are in %(names)s", notice=notice, names=named)]


def nearest_series(
    index: Index, topic: str, vector: Vectors, documents: Sequence[DocumentInfo]
) -> tuple[set[str | None], Sequence[Hit]]:
    """Return the series of the passages nearest to a topic, at most `MAX_SERIES`, and the passages searched."""
    hits = index.search(topic, vector, _SERIES_HITS, subset=index.subset(documents)).complete_hits()
    return set(list(dict.fromkeys(hit.document.series for hit in hits))[:MAX_SERIES]), hits


def _compare_consecutive(
    candidates: Sequence[_CandidateSentences], scale: SimilarityScale, with_periods: bool
) -> tuple[list[EditionChange], list[FigureRow]]:
    """Return changes and figures from each edition of a series to the next that treats the topic.

    Args:
        candidates: The sentences of each edition.
        scale: Of the similarities of the index.
        with_periods: Whether lengths of time are compared, too.
    """
    changes: list[EditionChange] = []
    links: list[dict[Figure, tuple[Figure, float]]] = []
    figures = [
        [
            figure
            for figure in find_figures(each.sentences.sentences, each.sentences.language, with_periods=with_periods)
            if not (is_in_earlier_column(figure) or is_negated_limit(figure))
        ]
        for each in candidates
    ]
    headings = [each.all_section_names() for each in candidates]
    for position, (earlier, later) in enumerate(pairwise(candidates)):
        similarities = lower_across_sections(
            sentence_similarity(earlier.sentences, later.sentences, scale),
            earlier.sections,
            later.sections,
            (headings[position], headings[position + 1]),
        )
        aligned = align_sentences(earlier.sentences, later.sentences, similarities)
        shown = _select_shown(aligned, earlier, later)
        changes += [EditionChange(earlier.edition, later.edition, change) for change in shown]
        pairs = pair_figures(figures[position], figures[position + 1], similarities, earlier.sentences.language)
        links.append(
            {
                pair.earlier: (pair.later, pair.similarity)
                for pair in pairs
                if earlier.is_on_topic(pair.earlier.position) and later.is_on_topic(pair.later.position)
            }
        )
    gaps = [_pair_over_gap(candidates, figures, links, first, scale) for first in range(len(candidates) - 2)]
    relevance = [each.relevance for each in candidates]
    rows = chain_figures([each.edition for each in candidates], figures, links, relevance, gaps)
    rows = [row for row in rows if not row.is_item or _names_topic(row, candidates[-1])]
    rows = _in_columns_of_topic(_on_topic(rows, candidates), candidates)
    return changes, _with_sections(rows, candidates)


def _pair_over_gap(
    candidates: Sequence[_CandidateSentences],
    figures: Sequence[Sequence[Figure]],
    links: Sequence[Mapping[Figure, tuple[Figure, float]]],
    first: int,
    scale: SimilarityScale,
) -> dict[Figure, tuple[Figure, float]]:
    """Pair the figures of sentences about the topic with those of the edition after the next, which the next one lacks.

    Arguments as in `_compare_consecutive`; `first` is the position of the earlier edition.
    """
    earlier, later = candidates[first], candidates[first + 2]
    linked = {figure for figure, _ in links[first + 1].values()}
    sides = (
        [each for each in figures[first] if each not in links[first] and earlier.has_words(each.position)],
        [each for each in figures[first + 2] if each not in linked and later.has_words(each.position)],
    )
    outside_tables = [[each for each in side if not each.is_in_row] for side in sides]
    if not all(outside_tables):
        return {}
    similarities = sentence_similarity(earlier.sentences, later.sentences, scale)
    pairs = pair_figures(outside_tables[0], outside_tables[1], similarities, earlier.sentences.language)
    return {pair.earlier: (pair.later, pair.similarity) for pair in pairs}


def _on_topic(rows: Sequence[FigureRow], candidates: Sequence[_CandidateSentences]) -> list[FigureRow]:
    """Return the rows that have words of the topic; all rows where no sentence that was read has any.

    Of two words, both are needed where a sentence has both: "12 tonnes of wheat" say nothing of wheat rust.
    """
    shares = {id(each.edition): [each.share(position) for position in range(len(each.sections))] for each in candidates}
    best = max((share for of_edition in shares.values() for share in of_edition), default=0.0)
    if best < _TOPIC_SHARE:
        return list(rows)
    is_pair = any(each.words is not None and len(each.words.weights) == 2 for each in candidates)
    needed = best if is_pair else _TOPIC_SHARE
    return [
        row for row in rows if any(shares[id(value.edition)][value.figure.position] >= needed for value in row.values)
    ]


def _in_columns_of_topic(rows: Sequence[FigureRow], candidates: Sequence[_CandidateSentences]) -> list[FigureRow]:
    """Return the rows without cells in other columns of a row that has the topic in its label and in a head."""
    words = next((each.words for each in candidates if each.words is not None), None)
    if words is None or len(words.weights) < 2:
        return list(rows)
    last = [row.values[-1].figure for row in rows]
    has_all = [figure.is_in_row and words.all_words_in(row.what) for figure, row in zip(last, rows, strict=True)]
    named = {id(figure.sentence) for figure, has in zip(last, has_all, strict=True) if has}
    return [
        row for figure, row, has in zip(last, rows, has_all, strict=True) if has or id(figure.sentence) not in named
    ]


def _with_sections(rows: Sequence[FigureRow], candidates: Sequence[_CandidateSentences]) -> list[FigureRow]:
    """Return the rows; where several sections have the same label, it begins with the section."""
    sections = {id(each.edition): each.sections for each in candidates}
    placed = [(row, sections[id(row.values[-1].edition)][row.values[-1].figure.position]) for row in rows]
    several: dict[str, set[str]] = defaultdict(set)
    for row, section in placed:
        several[row.what].add(section)
    return [
        replace(row, what=f"{section}: {row.what}") if section and len(several[row.what]) > 1 else row
        for row, section in placed
    ]


def _names_topic(item: FigureRow, candidates: _CandidateSentences) -> bool:
    introduction, _, _ = item.values[-1].figure.sentence.text.rpartition(":")
    return candidates.names_topic(item.what, introduction)


_TOPIC_SHARE = 0.5
"""Share of the topic's words with which a sentence, under its headings, is about the topic: "public lands" are not the
public debt. Likewise of an item of a list, whose sentence is about many things, or of the introduction of the list."""

_SECTION_REACH = 8
"""Passages of the same section that are read before and after those about the topic."""


@dataclass(frozen=True, slots=True)
class _CandidateSentences:
    """Sentences of an edition around a topic.

    `shown` are document and start of those inside the passages shown, `relevance` the nearness of each to the topic.
    `headings` are those above each, `sections` the innermost of these, `related` says which are similar to the topic.
    """

    edition: Edition
    sentences: SentenceSet
    shown: frozenset[tuple[str, int]]
    relevance: tuple[float, ...]
    headings: tuple[str, ...]
    sections: tuple[str, ...]
    related: tuple[bool, ...]
    words: TopicWords | None
    documents: tuple[tuple[Document, tuple[StoredPassage, ...]], ...]

    def is_on_topic(self, position: int) -> bool:
        """Return whether a sentence has words of the topic, in itself or its headings, or is related to it."""
        return self.related[position] or self.has_words(position)

    def has_words(self, position: int) -> bool:
        """Return whether a sentence has words of the topic, in itself, its headings or the caption of its table."""
        return self.share(position) >= _TOPIC_SHARE

    def share(self, position: int) -> float:
        """Return the share of the topic's words in a sentence, its headings and the caption of its table."""
        if self.words is None:
            return 0.0
        sentence = self.sentences.sentences[position]
        above = f"{self.headings[position]} {sentence.header}"
        return self.words.weight_in(sentence.text, above)

    def names_topic(self, *texts: str) -> bool:
        """Return whether one of some texts, an item of a list or its introduction, has half of the topic's words."""
        return self.words is None or any(self.words.weight_in(text, "") >= _TOPIC_SHARE for text in texts)

    def all_section_names(self) -> frozenset[str]:
        """Return the names of all sections of the documents about the topic."""
        return frozenset(
            section_name(item.text)
            for document, _ in self.documents
            for item in document.outline
            if item.kind in HEADED_KINDS
        )

    def find_verbatim(self, sentence: LocatedSentence) -> LocatedSentence | None:
        """Return the same sentence anywhere in the documents about the topic, or None."""
        for document, passages in self.documents:
            start = document.text.find(sentence.text)
            if start >= 0:
                end = start + len(sentence.text)
                inside = (p.passage.id for p in passages if p.passage.start <= start < p.passage.end)
                passage_id = next(inside, format_span_id(document.id, start, end))
                return LocatedSentence(document.id, passage_id, start, end, sentence.text, -1)
        return None


def _collect_candidates(
    index: Index, edition: Edition, matches: Sequence[TopicMatch], subject: str, vector: Vectors
) -> _CandidateSentences | None:
    """Return the candidates of an edition; None if it does not treat the topic.

    Args:
        index: The index.
        edition: One of the editions of `matches`.
        matches: The match of the topic in each document.
        subject: The topic's text.
        vector: Its vector, shape (dimension,); the vector of the sentence encoder may be appended.
    """
    sentences: list[LocatedSentence] = []
    headings: list[str] = []
    sections: list[str] = []
    shown: set[tuple[str, int]] = set()
    documents: list[tuple[Document, tuple[StoredPassage, ...]]] = []
    language: str | None = None
    words: TopicWords | None = None
    for match in matches:
        if match.edition is not edition or not match.treated:
            continue
        language = language or match.document.language
        words = words or match.words
        document = index.document(match.document.id)
        passages = index.records.passages_of_document(match.document.number)
        documents.append((document, tuple(passages)))
        best = match.passages[0].hit.stored.passage
        heading = document.heading_of(best.section)
        positions = [p.position for p in passages if best.start <= p.passage.start < best.end]
        reach = range(min(positions) - _SECTION_REACH, max(positions) + _SECTION_REACH + 1)
        hits = {hit.stored.number for hit in match.hits}
        for p in passages:
            in_section = p.position in reach and document.heading_of(p.passage.section) == heading
            if p.number in hits or in_section:
                located = locate_sentences([p])
                sentences += located
                headings += [" ".join(p.passage.path)] * len(located)
                sections += [p.passage.path[-1] if p.passage.path else ""] * len(located)
                shown |= {(s.document, s.start) for s in located if best.start <= s.start and s.end <= best.end}
    if not sentences:
        return None
    candidates = SentenceSet.of(sentences, index.sentence_vectors([sentence.row for sentence in sentences]), language)
    weights = index.term_weights(subject)
    cosines = candidates.vectors @ vector[: index.manifest.model.dimension]
    relevance = tuple(
        round(cosine + 0.5 * bm25_fraction(weights, terms, SENTENCE_LENGTH), 4)
        for terms, cosine in zip(candidates.terms, cosines.tolist(), strict=True)
    )
    related = tuple((index.manifest.scale.relatedness(cosines) >= MIN_PAIR_RELATEDNESS).tolist())
    return _CandidateSentences(
        edition,
        candidates,
        frozenset(shown),
        relevance,
        tuple(headings),
        tuple(sections),
        related,
        words,
        tuple(documents),
    )


def _select_shown(changes: Sequence[Change], earlier: _CandidateSentences, later: _CandidateSentences) -> list[Change]:
    """Return the changes that touch a shown passage; a sentence found verbatim elsewhere in the edition was kept."""
    selected: list[Change] = []
    for change in changes:
        sides = ((change.earlier, earlier), (change.later, later))
        if not any(side is not None and (side.document, side.start) in part.shown for side, part in sides):
            continue
        if change.later is None and change.earlier is not None:
            twin = later.find_verbatim(change.earlier)
            change = Change("kept", change.earlier, twin, similarity=1.0) if twin is not None else change
        elif change.earlier is None and change.later is not None:
            twin = earlier.find_verbatim(change.later)
            change = Change("kept", twin, change.later, similarity=1.0) if twin is not None else change
        selected.append(change)
    return selected


PROMINENT = 0.75
"""A passage counts towards a topic's share of an edition with this share of the best score in any edition."""

_MANY = 6
"""From this number on, editions are not named individually."""


@dataclass(frozen=True, slots=True)
class QuotedSentence:
    """The sentence of an edition that is most similar to the topic, verbatim, with its citation."""

    edition: Edition
    document: str
    passage: str
    start: int
    end: int
    text: str
    citation: str


@dataclass(frozen=True, slots=True)
class TimelinePoint:
    """An edition on the time line; `share` is the share of its passages about the topic."""

    edition: Edition
    state: TopicState
    confidence: float
    passages: int
    share: float
    sentence: QuotedSentence | None

    @property
    def treated(self) -> bool:
        """Whether the edition treats the topic."""
        return self.state == "treats"


@dataclass(frozen=True, slots=True)
class Timeline:
    """The editions of a series in order; `introduced` and `dropped` are the topic's first and last sentence.

    `spans` are runs of editions that treat it, as first and last index in `points`. `introduced` is given only where no
    earlier edition mentions the topic, `dropped` where newer ones exist and none mentions it; `introduced_basis` and
    `dropped_basis` say so. An edition in which merely nothing was found proves neither.
    """

    series: str | None
    points: tuple[TimelinePoint, ...]
    spans: tuple[tuple[int, int], ...]
    introduced: QuotedSentence | None
    dropped: QuotedSentence | None
    introduced_basis: str = ""
    dropped_basis: str = ""


def timelines(matches: Sequence[TopicMatch]) -> list[Timeline]:
    """Return a time line per series, in the order of the matches."""
    series: dict[str | None, dict[int, list[TopicMatch]]] = {}
    for match in matches:
        series.setdefault(match.edition.series, {}).setdefault(id(match.edition), []).append(match)
    return [_timeline(name, list(editions.values())) for name, editions in series.items()]


def _timeline(series: str | None, editions: Sequence[Sequence[TopicMatch]]) -> Timeline:
    scores = (hit.score for matches in editions for match in matches if match.treated for hit in match.hits)
    threshold = PROMINENT * max(scores, default=0.0)
    points = tuple(_point(matches, threshold) for matches in editions)
    spans: list[tuple[int, int]] = []
    for position, point in enumerate(points):
        if point.treated and spans and spans[-1][1] == position - 1:
            spans[-1] = (spans[-1][0], position)
        elif point.treated:
            spans.append((position, position))
    if not spans:
        return Timeline(series, points, (), None, None)
    first, last = spans[0][0], spans[-1][1]
    before, after = _basis(points[:first], is_earlier=True), _basis(points[last + 1 :], is_earlier=False)
    introduced = points[first].sentence if before else None
    dropped = points[last].sentence if after and last < len(points) - 1 else None
    return Timeline(series, points, tuple(spans), introduced, dropped, before, after if dropped else "")


def _basis(points: Sequence[TimelinePoint], *, is_earlier: bool) -> str:
    """Say why no edition outside the spans treats the topic; "" if that is not certain."""
    if not points:
        return _("there is no earlier edition here") if is_earlier else _("there is no later edition here")
    if any(point.state != "not_mentioned" for point in points):
        return ""
    years = join_items(point.edition.label for point in points)
    if len(points) < _MANY:
        return _("its words are absent from %(years)s", years=years)
    if is_earlier:
        return _("its words are absent from all earlier editions")
    return _("its words are absent from all later editions")


def _point(matches: Sequence[TopicMatch], threshold: float) -> TimelinePoint:
    treating = [match for match in matches if match.treated]
    count = sum(max(1, sum(hit.score >= threshold for hit in match.hits)) for match in treating)
    edition = matches[0].edition
    total = sum(document.passage_count for document in edition.documents)
    best = max(matches, key=lambda match: match.confidence)
    sentence = _quote(edition, best.passages[0].hit) if best.treated else None
    share = round(count / total, 6) if total else 0.0
    states = {match.state for match in matches}
    state: TopicState = next((state for state in ("treats", "nothing_found") if state in states), "not_mentioned")
    return TimelinePoint(edition, state, best.confidence, count, share, sentence)


def _quote(edition: Edition, hit: Hit) -> QuotedSentence:
    passage = hit.stored.passage
    start, end = best_sentence(hit)
    citation = cite_hit(hit)
    text = passage.text_between(start, end)
    return QuotedSentence(edition, passage.document, passage.id, start, end, text, citation)
