"""What an answer about several editions adds of their figures: those that moved between its passages, as written.

Hits in, sentences for the user out. Only the passages that the answer shows are read; `qa.editions.topic_comparison`
sees more.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from index.ranking.search import Hit, Index
from qa.editions import figure_pairs
from qa.editions.sections import LocatedSentence, locate_sentences
from qa.editions.sentence_alignment import SentenceSet, likeness

MOST = 3
"""Figures that are told."""

_NEAR = 0.75
"""A figure is told whose sentence is this near to the question, as a share of the nearest sentence of its passage."""


def changed_figures(index: Index, hits: Sequence[Hit]) -> list[str]:
    """Figures for the same thing with another amount in the next of these hits: one an edition, in order of years."""
    told: list[str] = []
    for one, other in pairwise(hits):
        if one.document.series != other.document.series or one.document.edition == other.document.edition:
            continue
        language = one.document.language
        sides = [_sentences(index, hit, language) for hit in (one, other)]
        alike = likeness(sides[0], sides[1], index.manifest.scale.mean)
        lists = [figure_pairs.figures(side.sentences, language) for side in sides]
        for pair in figure_pairs.pair(lists[0], lists[1], alike, language):
            if pair.moved and _is_near(one, pair.earlier.sentence) and _is_near(other, pair.later.sentence):
                counted = pair.later.quantity.counted
                places = ", ".join(f"{f.sentence.document}@{f.start}-{f.end}" for f in (pair.earlier, pair.later))
                amounts = f"{pair.earlier.quantity.text} → {pair.later.quantity.text}{f' {counted}' if counted else ''}"
                told.append(f"from {one.document.edition} to {other.document.edition}: {amounts} ({places})")
    return told[:MOST]


def _sentences(index: Index, hit: Hit, language: str | None) -> SentenceSet:
    found = locate_sentences([hit.stored])
    return SentenceSet.of(found, index.sentence_vectors([one.row for one in found]), language)


def _is_near(hit: Hit, sentence: LocatedSentence) -> bool:
    best = max(hit.similarities)
    passage = hit.stored.passage
    return any(
        max(one.start, passage.start) == sentence.start and value >= _NEAR * best
        for one, value in zip(passage.sentences, hit.similarities, strict=True)
    )
