"""The editions that a comparing question is answered from, each by its best passage, earlier ones first.

In: the hits of the question. Out: the series that it is about, of which `Interpretation.targets` gives the
editions; then the hits in another order. Knows nothing of what the question says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from index.ranking import fusion
from index.ranking.search import Hit
from index.storage.reader import DocumentInfo

NEAR = 0.75
"""A series that the question does not name is compared where its best passage has this share of the best score of all.

Tried with five series of a fishery board, a library, an observatory, a shipping line and a ministry: what the question
was about had the best score, the next series .34 to .66 of it. Without this "How did prices of fish develop over time?"
began with the glaciers of the oldest yearbook.
"""

Edition = list[DocumentInfo]


def about(hits: Sequence[Hit]) -> frozenset[str | None]:
    """The series that are about what was asked, by these hits, best first; None for documents of no series."""
    best: dict[str | None, float] = {}
    for hit in hits:
        best.setdefault(hit.document.series, hit.score)
    least = NEAR * max(best.values(), default=0.0)
    return frozenset(series for series, score in best.items() if score >= least > 0)


def represent(
    hits: Sequence[Hit], targets: Sequence[Edition], count: int, search: Callable[[Edition], Sequence[Hit]]
) -> list[Hit]:
    """`count` hits with the best passage of each compared edition lifted to the first places, earlier editions first.

    One that has none among them is searched for it.
    """
    best: dict[str, Hit] = {}
    for steps, target in zip(range(len(targets), 0, -1), targets, strict=True):
        numbers = {one.number for one in target}
        found = next((hit for hit in hits if hit.document.number in numbers), None)
        if found is None:
            more = search(target)
            found = more[0] if more else None
        if found is not None:
            bonus = steps * fusion.COMPARED_EDITION_STEP
            scores = {**found.scores, "compare": bonus}
            best[found.id] = replace(found, scores=scores, score=round(found.score + bonus, 6))
    rest = [hit for hit in hits if hit.id not in best]
    return [*sorted(best.values(), key=fusion.ranking_key), *rest][:count]
