"""Comparing questions: each compared edition is represented by its best passage among the first hits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from index.ranking.scoring import ranking_key, round_score
from index.ranking.search import Hit
from index.ranking.weights import COMPARED_EDITION_BONUS
from index.storage.reader import DocumentInfo

RELEVANT_SHARE = 0.75
"""A series that the question does not name is compared if its best passage has this share of the best score.

Tried with five series (fishery board, library, observatory, shipping line, ministry): the series that the question was
about had the best score, the next one .34 to .66 of it. Without this threshold "How did prices of fish develop over
time?" began with the glaciers of the oldest yearbook.
"""


def relevant_series(hits: Sequence[Hit]) -> frozenset[str | None]:
    """Return the series that the question is about, judged by its hits; None means documents without a series."""
    best: dict[str | None, float] = {}
    for hit in hits:
        best.setdefault(hit.document.series, hit.score)
    least = RELEVANT_SHARE * max(best.values(), default=0.0)
    return frozenset(series for series, score in best.items() if score >= least > 0)


def lift_compared_editions(
    hits: Sequence[Hit],
    editions: Sequence[list[DocumentInfo]],
    count: int,
    search: Callable[[list[DocumentInfo]], Sequence[Hit]],
    *,
    in_order: bool,
) -> list[Hit]:
    """Lift the best passage of each edition to the top.

    Args:
        hits: Hits of the question, best first.
        editions: Documents of each edition, earlier editions first.
        count: Number of hits to return.
        search: Searches the documents of an edition that has none of the hits.
        in_order: Whether earlier editions come first; else the lifted passages keep the order of their scores.
    """
    lifted: dict[str, Hit] = {}
    for steps, edition in zip(range(len(editions), 0, -1), editions, strict=True):
        numbers = {document.number for document in edition}
        best = next((hit for hit in hits if hit.document.number in numbers), None) or next(iter(search(edition)), None)
        if best is not None:
            bonus = COMPARED_EDITION_BONUS * (steps if in_order else 1)
            lifted[best.id] = replace(
                best, scores={**best.scores, "compare": bonus}, score=round_score(best.score + bonus)
            )
    rest = [hit for hit in hits if hit.id not in lifted]
    return [*sorted(lifted.values(), key=ranking_key), *rest][:count]
