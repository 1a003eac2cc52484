"""What changed between editions, as an answer says it: composed only of figures quoted from its passages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.lexical.analysis import terms

if TYPE_CHECKING:
    from qa.answering.library import Answer
    from qa.citation import CitedPassage
    from qa.editions.figure_notices import ChangedFigure
    from qa.editions.figure_pairs import Figure


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
    passages = {cited.hit.id: cited for cited in answer.passages}
    asked = set(terms(answer.question))
    # of equal changes the first, which is nearest to the question
    about = max(answer.changes, key=lambda change: len(asked & set(terms(change.later.quantity.counted))))
    figures = _chain([about, *(change for change in answer.changes if change is not about)])
    if not all(figure.sentence.passage in passages for figure in figures):
        return ()
    return tuple(_quote(figure, passages[figure.sentence.passage]) for figure in figures)


def change_text(figures: Sequence[QuotedFigure]) -> str:
    """Return "2015: 16 missions; 2019: 13 missions"."""
    return "; ".join(f"{figure.year}: {' '.join(figure.text.split())}" for figure in figures)


def _chain(changes: Sequence[ChangedFigure]) -> list[Figure]:
    """Return the figures of the first change, continued by those that begin where it ends."""
    figures = [changes[0].earlier, changes[0].later]
    for change in changes[1:]:
        if change.earlier == figures[-1]:
            figures.append(change.later)
        elif change.later == figures[0]:
            figures.insert(0, change.earlier)
    return figures


def _quote(figure: Figure, cited: CitedPassage) -> QuotedFigure:
    quantity, sentence = figure.quantity, figure.sentence
    counted = r"\s+".join(map(re.escape, quantity.counted.split()))
    follows = re.match(rf"\W{{0,3}}{counted}", sentence.text[quantity.end :]) if counted else None
    end = quantity.end + (follows.end() if follows else 0)
    document = cited.hit.document
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
        cited.citation,
    )
