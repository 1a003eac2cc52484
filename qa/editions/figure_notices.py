"""Figures of an answer about several editions that changed between its passages, as written.

Only a few passages of each edition are read; `qa.editions.topic_comparison` reads more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from index.lexical.analysis import terms
from index.lexical.query_terms import question_languages
from index.ranking.search import Hit, Index
from qa.editions.figure_pairs import Figure, find_figures, pair_figures
from qa.editions.sections import locate_sentences
from qa.editions.sentence_alignment import SentenceSet, sentence_similarity

MAX_CHANGES = 3
"""More than three would push the answer itself out of view."""

PASSAGES_READ = 5
"""Passages of an edition that are read where the passages of the answer have no changed figure."""

_NEAR = 0.75
"""A figure is reported if its sentence has this share of the relatedness of the best sentence of its edition."""

_ASKED_SHARE = 0.25
"""Share of the question's terms, by idf, that the sentence of a figure and its headings have if what it counts is not
asked about."""


@dataclass(frozen=True, slots=True)
class ChangedFigure:
    """A figure that differs between two editions of a series, with the hits that contain it."""

    earlier_hit: Hit
    later_hit: Hit
    earlier: Figure
    later: Figure

    @property
    def earlier_edition(self) -> int | None:
        """The edition of the earlier figure."""
        return self.earlier_hit.document.edition

    @property
    def later_edition(self) -> int | None:
        """The edition of the later figure."""
        return self.later_hit.document.edition

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
        hits: hits of the editions compared.
        question: its text; figures that count what it names come first, then those whose sentences are nearest to it.
    """
    weights = index.term_weights(question)
    changed: list[tuple[float, float, ChangedFigure]] = []
    editions: dict[tuple[str, int], list[Hit]] = {}
    for hit in hits:
        editions.setdefault((hit.document.series or "", hit.document.edition or 0), []).append(hit)
    for (series, year), (later_series, later_year) in pairwise(sorted(editions)):
        if series != later_series:
            continue
        earlier, later = (_EditionSentences.of(index, editions[series, edition]) for edition in (year, later_year))
        language = earlier.sentences.language
        is_same_language = (language or "en") in (question_languages(question) or (language or "en",))
        similarities = sentence_similarity(earlier.sentences, later.sentences, index.manifest.scale)
        figures = [find_figures(side.sentences.sentences, language) for side in (earlier, later)]
        for pair in pair_figures(figures[0], figures[1], similarities, language):
            nearness = min(earlier.nearness[pair.earlier.position], later.nearness[pair.later.position])
            if not pair.moved or nearness < _NEAR or pair.later.quantity.kind == "ordinal":
                continue
            counted = set(terms(pair.later.quantity.counted, language))
            hit = later.hits[pair.later.position]
            around = terms(f"{' '.join(hit.stored.passage.path)} {pair.later.sentence.text}", language)
            share = sum(weights[term] for term in weights.keys() & set(around)) / max(sum(weights.values()), 1e-9)
            if counted & weights.keys() or share >= _ASKED_SHARE or not is_same_language:
                change = ChangedFigure(earlier.hits[pair.earlier.position], hit, pair.earlier, pair.later)
                changed.append((len(counted & weights.keys()) / max(1, len(counted)), nearness, change))
    return [change for *_, change in sorted(changed, key=lambda item: (-item[0], -item[1]))[:MAX_CHANGES]]


@dataclass(frozen=True, slots=True)
class _EditionSentences:
    """The sentences of an edition's hits.

    `hits` has the hit of each sentence, `nearness` its relatedness to the question as a share of the best one.
    """

    sentences: SentenceSet
    hits: tuple[Hit, ...]
    nearness: tuple[float, ...]

    @classmethod
    def of(cls, index: Index, hits: Sequence[Hit]) -> _EditionSentences:
        located = locate_sentences([hit.stored for hit in hits])
        cosines = np.array([cosine for hit in hits for cosine in hit.similarities])
        relatedness = index.manifest.scale.relatedness(cosines)
        nearness = relatedness / max(float(relatedness.max(initial=0.0)), 1e-9)
        return cls(
            SentenceSet.of(located, index.sentence_vectors([one.row for one in located]), hits[0].document.language),
            tuple(hit for hit in hits for _ in hit.similarities),
            tuple(nearness.tolist()),
        )
