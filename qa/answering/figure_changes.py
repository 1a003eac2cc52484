"""Say in words how figures of an answer changed between editions, with quoted figures only.

`qa.editions.figures.changed_figures` finds the figures; this module does not load what reads figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.translation import gettext as _
from qa.citation import cite_hit

if TYPE_CHECKING:
    from index.ranking.search import Hit
    from qa.editions.figures.changed_figures import ChangedFigure
    from qa.editions.figures.sentence_figures import Figure


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
