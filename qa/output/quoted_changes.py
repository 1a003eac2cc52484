"""What changed between editions, as an answer says it: composed only of figures quoted from its passages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.citation import cite_hit

if TYPE_CHECKING:
    from index.ranking.search import Hit
    from qa.answering.library import Answer
    from qa.editions.figures.notices import ChangedFigure
    from qa.editions.figures.pairs import Figure


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


def compose_change(answer: Answer) -> tuple[QuotedFigure, ...]:
    """Return the figure that changed, in each edition in order; empty if the answer states no change."""
    if not answer.answered or not answer.changes:
        return ()
    return tuple(_quote(figure, hit) for figure, hit in _chain(answer.changes))


def change_text(figures: Sequence[QuotedFigure]) -> str:
    """Return "2015: 16 missions; 2019: 13 missions"."""
    return "; ".join(f"{figure.year}: {' '.join(figure.text.split())}" for figure in figures)


def _chain(changes: Sequence[ChangedFigure]) -> list[tuple[Figure, Hit]]:
    """Return the figures of the first change with their hits, continued by those that begin where it ends."""
    figures = [(changes[0].earlier, changes[0].earlier_hit), (changes[0].later, changes[0].later_hit)]
    for change in changes[1:]:
        if change.earlier == figures[-1][0]:
            figures.append((change.later, change.later_hit))
        elif change.later == figures[0][0]:
            figures.insert(0, (change.earlier, change.earlier_hit))
    return figures


def _quote(figure: Figure, hit: Hit) -> QuotedFigure:
    quantity, sentence = figure.quantity, figure.sentence
    counted = r"\s+".join(map(re.escape, quantity.counted.split()))
    follows = re.match(rf"\W{{0,3}}{counted}", sentence.text[quantity.end :]) if counted else None
    end = quantity.end + (follows.end() if follows else 0)
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
