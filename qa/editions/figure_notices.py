"""Figures of an answer about several editions that changed between its passages, as written.

Only the passages shown are read; `qa.editions.topic_comparison` reads more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.lexical.analysis import terms
from index.ranking.search import Hit, Index
from qa.editions.figure_pairs import Figure, find_figures, pair_figures
from qa.editions.sections import LocatedSentence, locate_sentences
from qa.editions.sentence_alignment import SentenceSet, sentence_similarity

MAX_CHANGES = 3
"""More than three would push the answer itself out of view."""

_NEAR = 0.75
"""A figure is reported if its sentence has this share of the similarity of the best sentence of its passage."""


@dataclass(frozen=True, slots=True)
class ChangedFigure:
    """A figure that differs between two editions of a series."""

    earlier_edition: int | None
    later_edition: int | None
    earlier: Figure
    later: Figure

    @property
    def notice(self) -> str:
        """The change in one line, with the ids of both figures."""
        counted = f" {self.later.quantity.counted}" if self.later.quantity.counted else ""
        amounts = f"{self.earlier.quantity.text} → {self.later.quantity.text}{counted}"
        return f"from {self.earlier_edition} to {self.later_edition}: {amounts} ({self.earlier.id}, {self.later.id})"


def changed_figures(index: Index, hits: Sequence[Hit], question: str) -> list[ChangedFigure]:
    """Return the figures whose amount differs between an edition and the next one of its series.

    Args:
        index: the index of the hits.
        hits: one hit per edition, those of the series asked about first.
        question: its text; figures that count what it names come first.
    """
    changed: list[tuple[float, ChangedFigure]] = []
    by_year = sorted(hits, key=lambda hit: hit.document.edition or 0)
    consecutive = [
        pair
        for series in dict.fromkeys(hit.document.series for hit in hits)
        for pair in pairwise([hit for hit in by_year if hit.document.series == series])
    ]
    for earlier, later in consecutive:
        if earlier.document.edition == later.document.edition:
            continue
        language = earlier.document.language
        sides = [_sentence_set(index, hit, language) for hit in (earlier, later)]
        similarities = sentence_similarity(sides[0], sides[1], index.manifest.scale)
        figures = [find_figures(side.sentences, language) for side in sides]
        for pair in pair_figures(figures[0], figures[1], similarities, language):
            is_near = _is_near(earlier, pair.earlier.sentence) and _is_near(later, pair.later.sentence)
            if pair.moved and is_near and pair.later.quantity.kind != "ordinal":
                change = ChangedFigure(earlier.document.edition, later.document.edition, pair.earlier, pair.later)
                counted = set(terms(pair.later.quantity.counted, language))
                changed.append((len(counted & set(terms(question, language))) / max(1, len(counted)), change))
    return [change for _, change in sorted(changed, key=lambda item: -item[0])[:MAX_CHANGES]]


def _sentence_set(index: Index, hit: Hit, language: str | None) -> SentenceSet:
    sentences = locate_sentences([hit.stored])
    return SentenceSet.of(sentences, index.sentence_vectors([sentence.row for sentence in sentences]), language)


def _is_near(hit: Hit, sentence: LocatedSentence) -> bool:
    best = max(hit.similarities)
    passage = hit.stored.passage
    return any(
        max(span.start, passage.start) == sentence.start and similarity >= _NEAR * best
        for span, similarity in zip(passage.sentences, hit.similarities, strict=True)
    )
