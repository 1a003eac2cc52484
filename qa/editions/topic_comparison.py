"""Compare a topic across editions: what each says, which sentences changed, which figures changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.translation import gettext as _
from corpus.translation import ngettext
from index.models.encoder import Encoder, Vectors, encode_questions
from index.models.similarity_scale import SimilarityScale
from index.ranking.search import Hit, Index
from index.storage.reader import DocumentInfo
from qa.editions.candidate_sentences import CandidateSentences, collect_candidates, select_shown
from qa.editions.edition import Edition, editions
from qa.editions.figures.pairs import FigureRow, chain_figures, pair_figures, sort_rows
from qa.editions.figures.sentence_figures import Figure, find_figures, is_in_earlier_column
from qa.editions.sentence_alignment import Change, align_sentences, lower_across_sections, sentence_similarity
from qa.editions.topic_decision import TopicState
from qa.editions.topic_passages import TopicMatch, match_topic
from qa.editions.topic_words import TopicWords, topic_stems
from qa.errors import CompareError
from qa.question.analysis import Interpretation, extract_topic, interpret, normalise_question, strip_frames
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
    asked, topic_notices = normalise_question(text)
    filters = filters or Filters()
    understood = interpret(asked, corpus_facts, filters)
    subject = strip_frames(extract_topic(asked, understood.mentions))
    (vector,) = encode_questions(encoder, [subject])
    chosen, series_notices = _choose_editions(index, subject, vector, understood, filters)
    matches = match_topic(index, encoder, chosen, subject, vector, understood.years, MAX_PASSAGES)
    candidates = [
        sentences
        for edition in chosen
        if (sentences := collect_candidates(index, edition, matches, subject, vector)) is not None
    ]
    changes: list[EditionChange] = []
    rows: list[FigureRow] = []
    for series in dict.fromkeys(sentences.edition.series for sentences in candidates):
        of_series = [sentences for sentences in candidates if sentences.edition.series == series]
        series_changes, series_rows = _compare_consecutive(of_series, index.manifest.scale)
        changes += series_changes
        rows += series_rows
    return Comparison(
        asked,
        understood,
        tuple(matches),
        tuple(changes),
        tuple(sort_rows(rows)[:MAX_FIGURES]),
        (*notices, *topic_notices, *series_notices),
    )


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
    candidates: Sequence[CandidateSentences], scale: SimilarityScale
) -> tuple[list[EditionChange], list[FigureRow]]:
    """Return changes and figures from each edition of a series to the next that treats the topic."""
    changes: list[EditionChange] = []
    links: list[dict[Figure, tuple[Figure, float]]] = []
    figures = [find_figures(each.sentences.sentences, each.sentences.language) for each in candidates]
    headings = [each.all_section_names() for each in candidates]
    for position, (earlier, later) in enumerate(pairwise(candidates)):
        similarities = lower_across_sections(
            sentence_similarity(earlier.sentences, later.sentences, scale),
            earlier.sections,
            later.sections,
            (headings[position], headings[position + 1]),
        )
        aligned = align_sentences(earlier.sentences, later.sentences, similarities)
        shown = select_shown(aligned, earlier, later)
        changes += [EditionChange(earlier.edition, later.edition, change) for change in shown]
        pairs = pair_figures(figures[position], figures[position + 1], similarities, earlier.sentences.language)
        links.append(
            {
                pair.earlier: (pair.later, pair.similarity)
                for pair in pairs
                if earlier.is_on_topic(pair.earlier.position) and later.is_on_topic(pair.later.position)
            }
        )
    relevance = [each.relevance for each in candidates]
    rows = chain_figures([each.edition for each in candidates], figures, links, relevance)
    rows = [row for row in rows if not row.is_item or _names_topic(row, candidates[-1])]
    rows = _on_topic(rows, candidates)
    rows = [row for row in rows if not all(is_in_earlier_column(value.figure) for value in row.values)]
    return changes, _with_sections(rows, candidates)


def _on_topic(rows: Sequence[FigureRow], candidates: Sequence[CandidateSentences]) -> list[FigureRow]:
    """Return the rows that have words of the topic; all rows where no sentence that was read has any."""
    if not any(each.has_words(position) for each in candidates for position in range(len(each.sections))):
        return list(rows)
    sentences = {id(each.edition): each for each in candidates}
    return [
        row
        for row in rows
        if any(sentences[id(value.edition)].has_words(value.figure.position) for value in row.values)
    ]


def _with_sections(rows: Sequence[FigureRow], candidates: Sequence[CandidateSentences]) -> list[FigureRow]:
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


def _names_topic(item: FigureRow, candidates: CandidateSentences) -> bool:
    introduction, _, _ = item.values[-1].figure.sentence.text.rpartition(":")
    return candidates.names_topic(item.what, introduction)
