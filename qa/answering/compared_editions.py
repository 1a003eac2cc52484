"""Answer comparing questions: lift the best passage of each compared edition, and tell how a figure changed.

The hits tell which series a question is about. A changed figure is one line, and a chain of changes a figure for each
edition.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from corpus.translation import gettext as _
from index.ranking.scoring import ranking_key, round_score
from index.ranking.search import Hit
from index.ranking.weights import COMPARED_EDITION_BONUS
from index.storage.reader import DocumentInfo
from qa.citation import cite_hit
from qa.editions.figures.changed_figures import ChangedFigure
from qa.editions.figures.sentence_figures import Figure

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


@dataclass(frozen=True, slots=True)
class QuotedFigure:
    """A figure with what it counts, `[start, end)` of the document; `year` is the year described, else the edition."""

    year: int | None
    edition: int | None
    document: str
    passage: str
    start: int
    end: int
    text: str
    citation: str


def change_notice(change: ChangedFigure) -> str:
    """Return a change in one line, with the ids of both figures."""
    counted = f" {change.later.quantity.counted}" if change.later.quantity.counted else ""
    amounts = f"{change.earlier.quantity.text} → {change.later.quantity.text}{counted}"
    ids = f"{change.earlier.id}, {change.later.id}"
    return _(
        "from %(earlier)s to %(later)s: %(amounts)s (%(ids)s)",
        earlier=change.earlier_edition,
        later=change.later_edition,
        amounts=amounts,
        ids=ids,
    )


def chain_text(figures: Sequence[QuotedFigure]) -> str:
    """Return "2015: 16 missions; 2019: 13 missions"."""
    return "; ".join(f"{figure.year}: {' '.join(figure.text.split())}" for figure in figures)


def chain_changes(changes: Sequence[ChangedFigure]) -> tuple[QuotedFigure, ...]:
    """Return the figure of the first change in each edition, in order; empty without changes.

    Changes that begin where another ends continue it.
    """
    if not changes:
        return ()
    figures = [(changes[0].earlier, changes[0].earlier_hit), (changes[0].later, changes[0].later_hit)]
    for change in changes[1:]:
        if change.earlier == figures[-1][0]:
            figures.append((change.later, change.later_hit))
        elif change.later == figures[0][0]:
            figures.insert(0, (change.earlier, change.earlier_hit))
    return tuple(_quote(figure, hit) for figure, hit in figures)


def _quote(figure: Figure, hit: Hit) -> QuotedFigure:
    """Quote a figure, and what it counts where that follows."""
    quantity, sentence = figure.quantity, figure.sentence
    counted = r"\s+".join(map(re.escape, quantity.counted.split()))
    following = re.match(rf"\W{{0,3}}{counted}", sentence.text[quantity.end :]) if counted else None
    end = quantity.end + (following.end() if following else 0)
    document = hit.document
    covers = document.covers
    year = covers[0] if covers is not None and covers[0] == covers[1] else document.edition
    return QuotedFigure(
        year,
        document.edition,
        document.id,
        sentence.passage,
        figure.start,
        sentence.start + end,
        sentence.text[quantity.start : end],
        cite_hit(hit),
    )
