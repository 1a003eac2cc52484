"""Sections of two editions to pairs, each with its kind and its evidence. Pure.

A global assignment over heading, content and surroundings; sections may be renumbered, renamed, moved, split, merged,
new or dropped. It is made several times over, since what a section's parent, children and neighbours are paired with is
evidence for the section itself. Then what is left over is looked for inside what is paired: that was merged or split.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from qa.editions import similarity
from qa.editions.assignment import Matrix, assign, keeps_order
from qa.editions.sections import Section

Kind = Literal["kept", "renamed", "moved", "split", "merged", "new", "dropped"]


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much in the likeness of two sections, and from which likeness they can be a pair.

    Found on generated editions (`python -m tests.benchmarks.editions`).
    """

    heading: float = 0.4
    content: float = 0.45
    around: float = 0.15
    least: float = 0.3
    whole: float = 0.5
    """Share of a left-over section's terms that another must hold to be where it went."""
    named: float = 0.75
    """Headings this alike are the same name."""


WEIGHTS = Weights()
_ROUNDS = 3
_NEARBY = 3


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sections that correspond, by their positions in their editions; None on one side where there is none.

    `heading`, `content` and `around` are the evidence, `similarity` their weighted sum, all in [0, 1].
    """

    earlier: int | None
    later: int | None
    kind: Kind
    similarity: float = 0.0
    heading: float = 0.0
    content: float = 0.0
    around: float = 0.0


def align(one: Sequence[Section], other: Sequence[Section], weights: Weights = WEIGHTS) -> list[Pair]:
    """All pairs in the order of the first edition, what is new between what it stands between in the second."""
    if not one or not other:
        dropped = [Pair(at, None, "dropped") for at in range(len(one))]
        return [*dropped, *(Pair(None, at, "new") for at in range(len(other)))]
    likeness = _Likeness(one, other, weights)
    matched = likeness.assign()
    pairs = [likeness.pair(a, b, "kept") for a, b in matched]
    pairs = [replace(pair, kind=_kind(pair, weights)) for pair in pairs]
    pairs = _moved(pairs, one, other)
    pairs += _left_over(likeness, pairs)
    return _ordered(pairs, len(one), len(other))


class _Likeness:
    """The likeness of all sections of two editions."""

    def __init__(self, one: Sequence[Section], other: Sequence[Section], weights: Weights) -> None:
        self.earlier, self.later, self.weights = one, other, weights
        self.below = tuple(_below(side) for side in (one, other))
        bags = [[section.terms for section in side] for side in (one, other)]
        wide = [_with_below(side, below) for side, below in zip((one, other), self.below, strict=True)]
        self.idf = similarity.inverse_frequencies([*bags[0], *bags[1]])
        self.heading = similarity.headings(one, other)
        written = np.outer([bool(bag) for bag in bags[0]], [bool(bag) for bag in bags[1]])
        own = similarity.cosines(bags[0], bags[1], self.idf)
        near = similarity.dense(one, other)
        # Where a section is but a heading over others, what stands under it is its content.
        self.content = np.where(written, 0.6 * own + 0.4 * near, similarity.cosines(wide[0], wide[1], self.idf))
        self.around = np.zeros_like(self.heading)
        roots = np.outer([s.position is None for s in one], [s.position is not None for s in other])
        roots |= np.outer([s.position is not None for s in one], [s.position is None for s in other])
        self.possible = ~roots

    def total(self) -> Matrix:
        """The weighted sum; 0 for what cannot be a pair."""
        weights = self.weights
        found = weights.heading * self.heading + weights.content * self.content + weights.around * self.around
        return np.where(self.possible, found, 0.0)

    def assign(self) -> list[tuple[int, int]]:
        """The pairs of the greatest total likeness, after what is around each has been taken into account."""
        matched: list[tuple[int, int]] = []
        for _ in range(_ROUNDS):
            matched = assign(self.total() - self.weights.least)
            self.around = self._around(matched)
        return assign(self.total() - self.weights.least)

    def _around(self, matched: Sequence[tuple[int, int]]) -> Matrix:
        """Half for parents that are paired, half for neighbours that are: the share of those before and behind."""
        linked = np.zeros_like(self.heading)
        for a, b in matched:
            linked[a, b] = 1.0
        up = [np.array([s.parent if s.parent is not None else -1 for s in side]) for side in (self.earlier, self.later)]
        parents = np.zeros_like(linked)
        inner = np.ix_(up[0] >= 0, up[1] >= 0)
        parents[inner] = linked[np.ix_(up[0][up[0] >= 0], up[1][up[1] >= 0])]
        parents[np.ix_(up[0] < 0, up[1] < 0)] = 1.0
        before, behind = np.zeros_like(linked), np.zeros_like(linked)
        for i in range(1, _NEARBY + 1):
            for j in range(1, _NEARBY + 1):
                before[i:, j:] = np.maximum(before[i:, j:], linked[:-i, :-j])
                behind[:-i, :-j] = np.maximum(behind[:-i, :-j], linked[i:, j:])
        return 0.5 * parents + 0.25 * before + 0.25 * behind

    def pair(self, a: int, b: int, kind: Kind) -> Pair:
        """A pair with its evidence."""
        weights = self.weights
        heading, content, around = (float(matrix[a, b]) for matrix in (self.heading, self.content, self.around))
        total = weights.heading * heading + weights.content * content + weights.around * around
        return Pair(a, b, kind, round(total, 4), round(heading, 4), round(content, 4), round(around, 4))


def _below(side: Sequence[Section]) -> list[list[int]]:
    """For each section itself and all that stand under it."""
    found: list[list[int]] = [[at] for at in range(len(side))]
    for at in range(len(side) - 1, -1, -1):
        parent = side[at].parent
        if parent is not None:
            found[parent] += found[at]
    return found


def _with_below(side: Sequence[Section], below: Sequence[Sequence[int]]) -> list[list[str]]:
    """A heading's own terms, or those of all sections under it where it has none."""
    return [
        list(side[at].terms) or [term for under in below[at] for term in side[under].terms] for at in range(len(side))
    ]


def _kind(pair: Pair, weights: Weights) -> Kind:
    return "kept" if pair.heading >= weights.named else "renamed"


def _moved(pairs: Sequence[Pair], one: Sequence[Section], other: Sequence[Section]) -> list[Pair]:
    """The pairs with those marked that stand under another parent, or elsewhere among what its parent holds."""
    of = {pair.earlier: pair.later for pair in pairs}
    groups: dict[tuple[int | None, int | None], list[int]] = {}
    found = list(pairs)
    for at, pair in enumerate(pairs):
        if pair.earlier is None or pair.later is None:
            continue
        up, down = one[pair.earlier].parent, other[pair.later].parent
        expected = of.get(up) if up is not None else None
        if (up is None) != (down is None) or (expected is not None and expected != down):
            found[at] = replace(pair, kind="moved")
        else:
            groups.setdefault((up, down), []).append(at)
    for group in groups.values():
        stays = keeps_order([pairs[at].later or 0 for at in group])
        for at, kept in zip(group, stays, strict=True):
            if not kept:
                found[at] = replace(found[at], kind="moved")
    return found


def _left_over(likeness: _Likeness, pairs: Sequence[Pair]) -> list[Pair]:
    """Pairs of what was not assigned: merged into or split off what was, else dropped or new."""
    taken = [{pair.earlier for pair in pairs}, {pair.later for pair in pairs}]
    total = likeness.total()
    found: list[Pair] = []
    for a in range(len(likeness.earlier)):
        if a not in taken[0]:
            b = _home(likeness, a, total[a], likeness.earlier, likeness.later)
            found.append(likeness.pair(a, b, "merged") if b is not None else Pair(a, None, "dropped"))
    for b in range(len(likeness.later)):
        if b not in taken[1]:
            home = _home(likeness, b, total[:, b], likeness.later, likeness.earlier)
            found.append(likeness.pair(home, b, "split") if home is not None else Pair(None, b, "new"))
    return found


def _home(likeness: _Likeness, at: int, total: Matrix, own: Sequence[Section], others: Sequence[Section]) -> int | None:
    """The section of the other edition that holds most of a section's own text, if it holds enough."""
    if own[at].position is None:
        return None
    best: tuple[float, int] | None = None
    for candidate in np.argsort(-total)[:5]:
        place = int(candidate)
        if others[place].position is None or not own[at].terms:
            continue
        share = similarity.contained(own[at].terms, others[place].terms, likeness.idf)
        if share >= likeness.weights.whole and (best is None or share > best[0]):
            best = share, place
    return best[1] if best is not None else None


def _ordered(pairs: Sequence[Pair], count: int, others: int) -> list[Pair]:
    """By the first edition; what is new stands behind what it follows in the second."""
    anchor = {
        pair.later: pair.earlier for pair in reversed(pairs) if pair.earlier is not None and pair.later is not None
    }
    places: dict[int, float] = {}
    last = -1
    for at in range(others):
        last = anchor.get(at, last) if anchor.get(at) is not None else last
        places[at] = last + 0.5
    del count
    return sorted(
        pairs,
        key=lambda pair: (
            pair.earlier if pair.earlier is not None else places[pair.later or 0],
            pair.later if pair.later is not None else -1,
        ),
    )
