"""Figures of two editions that stand for the same thing, whatever they amount to. Pure.

Two quantities are a pair by what they count, by the words around each, and by the sentences they stand in; the pairs
are an assignment of the greatest total, so that each figure is taken once. Dates are no figures: they always move.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.lexical.analysis import terms
from qa.editions import similarity
from qa.editions.assignment import Matrix, assign
from qa.editions.quantities import Quantity, quantities
from qa.editions.sections import LocatedSentence
from qa.editions.words import tokens

LEAST = 0.52
"""Less alike than this, two figures are taken to stand for different things."""

SAME_MATTER = 0.45
"""Sentences less alike than this are about different things, whatever they count: "30 years" and "four years" of two
addresses stood in sentences of .2 to .4, the pairs of the yearbooks in such of .5 and more."""

_LOCAL, _SENTENCE, _UNIT = 0.4, 0.3, 0.3
_WINDOW = 12
_NEAR = 4.0
_TWIN = 0.15


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity where it stands: `[start, end)` of the document; `at` is its sentence's place in the list given."""

    sentence: LocatedSentence
    at: int
    quantity: Quantity

    @property
    def start(self) -> int:
        """Where it begins, counted in the document's code points."""
        return self.sentence.start + self.quantity.start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.sentence.start + self.quantity.end


@dataclass(frozen=True, slots=True)
class FigurePair:
    """Two figures for the same thing, in [0, 1] how surely."""

    earlier: Figure
    later: Figure
    similarity: float

    @property
    def moved(self) -> bool:
        """Whether the amount is another."""
        return not self.earlier.quantity.same_value(self.later.quantity)


def figures(sentences: Sequence[LocatedSentence], language: str | None) -> list[Figure]:
    """All figures of some sentences, in order."""
    return [
        Figure(sentence, at, one)
        for at, sentence in enumerate(sentences)
        for one in quantities(sentence.text, language)
        if one.kind != "date"
    ]


def pair(one: Sequence[Figure], other: Sequence[Figure], alike: Matrix, language: str | None) -> list[FigurePair]:
    """The pairs in the order of the first edition. `alike` is the likeness of the sentences that they stand in."""
    if not one or not other:
        return []
    around = [[_around(figure, language) for figure in side] for side in (one, other)]
    weights = similarity.inverse_frequencies([list(bag) for side in around for bag in side])
    local = _cosines(around[0], around[1], weights)
    units = np.array([[_units(a.quantity, b.quantity, language) for b in other] for a in one])
    sentences = alike[np.ix_([a.at for a in one], [b.at for b in other])]
    total = _LOCAL * local + _SENTENCE * sentences + _UNIT * units
    twins = np.array([[a.quantity.same_value(b.quantity) for b in other] for a in one])
    gains = np.where((units > 0) & (sentences >= SAME_MATTER), total + _TWIN * twins * local - LEAST, 0.0)
    return [
        FigurePair(one[a], other[b], round(float(min(total[a, b], 1.0)), 4))
        for a, b in assign(gains)
        if total[a, b] >= LEAST
    ]


def _around(figure: Figure, language: str | None) -> dict[str, float]:
    """The terms around a figure, the nearer the more they count; other numbers do not."""
    found: dict[str, float] = {}
    quantity = figure.quantity
    words = tokens(figure.sentence.text)
    first = next((n for n, (_, start, end) in enumerate(words) if end > quantity.start), 0)
    last = next((n for n in range(len(words) - 1, -1, -1) if words[n][1] < quantity.end), 0)
    for place, (word, _, _) in enumerate(words):
        distance = first - place if place < first else place - last
        if 0 < distance <= _WINDOW and not word[0].isdigit():
            for term in terms(word, language):
                found[term] = max(found.get(term, 0.0), 1.0 / (1.0 + distance / _NEAR))
    return found


def _cosines(
    one: Sequence[Mapping[str, float]], other: Sequence[Mapping[str, float]], weights: Mapping[str, float]
) -> Matrix:
    columns = {term: column for column, term in enumerate(weights)}
    sides = []
    for side in (one, other):
        rows = np.zeros((len(side), len(columns)))
        for row, bag in enumerate(side):
            for term, share in bag.items():
                rows[row, columns[term]] = share * weights[term]
        sides.append(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))
    found: Matrix = np.clip(sides[0] @ sides[1].T, 0.0, 1.0)
    return found


def _units(one: Quantity, other: Quantity, language: str | None) -> float:
    """How well the kinds and what is counted go together; 0 for what cannot be the same thing."""
    if one.kind != other.kind:
        return 0.0
    if one.kind == "money":
        return 1.0 if one.unit == other.unit else 0.0
    if one.kind == "percent":
        return 1.0
    if not one.unit or not other.unit:
        return 0.6
    heads = [terms(quantity.unit, language) or [quantity.unit.casefold()] for quantity in (one, other)]
    if heads[0] == heads[1]:
        whole = [set(terms(quantity.counted, language)) for quantity in (one, other)]
        return 1.0 if whole[0] & whole[1] else 0.8
    return 0.2
