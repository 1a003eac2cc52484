"""A topic across editions: what each says of it, which sentences stayed, changed, came or went, which figures moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.models.encoder import Vectors
from index.ranking.search import Index
from qa.answering.library import Library
from qa.editions import figure_pairs, figure_rows, sentence_alignment
from qa.editions.candidate_sentences import CandidateSentences, scope, shown_changes
from qa.editions.figure_pairs import Figure
from qa.editions.figure_rows import FigureRow
from qa.editions.publication import Edition, editions
from qa.editions.sentence_alignment import Change
from qa.editions.topic_passages import TopicMatch, match_topic
from qa.errors import CompareError
from qa.question.analysis import Interpretation, interpret, normalize_question
from qa.question.corpus_facts import CorpusFacts, no_match_notice
from qa.question.filters import Filters
from qa.question.topic import topic

MOST_SERIES = 4
"""Series compared where none is named: those of the passages that are nearest to the topic."""

PASSAGES = 3
_NEAREST = 40
MOST_FIGURES = 40


@dataclass(frozen=True, slots=True)
class EditionChange:
    """A change between an edition and the next that treats the topic."""

    earlier: Edition
    later: Edition
    change: Change


@dataclass(frozen=True, slots=True)
class Comparison:
    """A topic, what each document says of it in the order of years, changes between neighbours, figures."""

    topic: str
    understood: Interpretation
    matches: tuple[TopicMatch, ...]
    changes: tuple[EditionChange, ...]
    figures: tuple[FigureRow, ...]
    notices: tuple[str, ...] = ()

    @property
    def series(self) -> str | None:
        """The series, where there is but one."""
        names = {one.edition.series for one in self.matches}
        return names.pop() if len(names) == 1 else None

    @property
    def shown_matches(self) -> tuple[TopicMatch, ...]:
        """What the documents of those series say that treat the topic in some edition."""
        treating = {one.edition.series for one in self.matches if one.treated}
        return tuple(one for one in self.matches if one.edition.series in treating)

    @property
    def other_series(self) -> tuple[str, ...]:
        """The other series, each with its editions, as "Budget Speech (2020, 2023)"."""
        treating = {one.edition.series for one in self.matches if one.treated}
        labels: dict[str, list[str]] = {}
        for one in self.matches:
            if one.edition.series not in treating:
                labels.setdefault(one.edition.series or one.document.title, []).append(one.edition.label)
        return tuple(f"{name} ({', '.join(dict.fromkeys(some))})" for name, some in labels.items())


def compare(library: Library, text: str, filters: Filters | None = None) -> Comparison:
    """Compare a topic across the editions of the index that the filters leave.

    Raises EmptyQuestion for a topic without a word, CompareError where no document has a series and an edition.
    """
    asked, notices = normalize_question(text)
    index, filters = library.index, filters or Filters()
    understood = interpret(asked, library.corpus_facts, filters)
    subject = topic(asked, understood.mentions)
    (vector,) = library.encoder.encode([subject], query=True)
    chosen, more = _chosen(index, subject, vector, understood, filters)
    found = [
        one for edition in chosen for one in match_topic(index, edition, subject, vector, understood.years, PASSAGES)
    ]
    scopes = [one for edition in chosen if (one := scope(index, edition, found, subject, vector)) is not None]
    changes: list[EditionChange] = []
    rows: list[FigureRow] = []
    for series in dict.fromkeys(one.edition.series for one in scopes):
        some, more_rows = _between([one for one in scopes if one.edition.series == series], index.manifest.scale.mean)
        changes += some
        rows += more_rows
    rows.sort(key=lambda row: (-row.relevance, -row.similarity, row.values[0].figure.start))
    return Comparison(
        asked, understood, tuple(found), tuple(changes), tuple(rows[:MOST_FIGURES]), (*library.notices, *notices, *more)
    )


def _chosen(
    index: Index, subject: str, vector: Vectors, understood: Interpretation, filters: Filters
) -> tuple[list[Edition], list[str]]:
    """The editions to compare, by years, and notices about what was left out."""
    kept = filters.select(index.documents)
    dated = [one for one in kept if one.series is not None and one.edition is not None]
    if not dated:
        if index.documents and not kept:
            raise CompareError(no_match_notice(filters, CorpusFacts.of(index.documents)))
        raise CompareError(
            "no document here has both a series and an edition: name them in corpus.toml and index again "
            "(yearbook-qa info lists what is known)"
        )
    notices: list[str] = []
    named = [name for name in understood.series if any(one.series == name for one in dated)]
    names = {one.series for one in dated}
    if named:
        names = set(named)
    elif len(names) > MOST_SERIES and not filters.series:
        hits = index.search(subject, vector, _NEAREST, among=index.subset(dated)).complete_hits()
        nearest = list(dict.fromkeys(hit.document.series for hit in hits))[:MOST_SERIES]
        notices.append(
            f"compared in {len(nearest)} of {len(names)} series, the nearest to the topic (name a series for another)"
        )
        names = set(nearest)
    found = editions(one for one in dated if one.series in names)
    if understood.editions and not filters.edition:
        some = [one for one in found if one.year in understood.editions]
        found = some if len(some) > 1 else found
    return sorted(found, key=lambda one: (one.year or 0, one.series or "")), notices


def _between(scopes: Sequence[CandidateSentences], mean: float) -> tuple[list[EditionChange], list[FigureRow]]:
    """What changed from each edition of a series to the next that treats the topic."""
    changes: list[EditionChange] = []
    links: list[dict[Figure, tuple[Figure, float]]] = []
    lists = [figure_pairs.figures(one.sentences.sentences, one.sentences.language) for one in scopes]
    for at, (one, other) in enumerate(pairwise(scopes)):
        alike = sentence_alignment.likeness(one.sentences, other.sentences, mean)
        found = shown_changes(sentence_alignment.align(one.sentences, other.sentences, alike), one, other)
        changes += [EditionChange(one.edition, other.edition, change) for change in found]
        pairs = figure_pairs.pair(lists[at], lists[at + 1], alike, one.sentences.language)
        links.append({pair.earlier: (pair.later, pair.similarity) for pair in pairs})
    named = [one.edition for one in scopes]
    language = scopes[-1].sentences.language
    return changes, figure_rows.rows(named, lists, links, [one.relevance for one in scopes], language)
