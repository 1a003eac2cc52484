"""Align the sections of two editions: which correspond, and how each pair changed.

Sections may be renumbered, renamed, moved, split, merged, new or dropped. An assignment of maximum total similarity
(heading, content, context) pairs them; it runs several times, because paired parents and neighbours are evidence for a
section. Sections left over are then searched inside paired ones: they were merged or split.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from qa.editions import similarity
from qa.editions.sections import EditionSection
from qa.editions.similarity import Matrix

SectionChange = Literal["kept", "renamed", "moved", "split", "merged", "new", "dropped"]


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights and thresholds of section similarity, fitted on generated editions.

    Measured by `python -m tests.benchmarks.editions`.
    """

    heading: float = 0.4
    content: float = 0.45
    context: float = 0.15
    threshold: float = 0.3
    """Minimum similarity of a pair."""
    containment: float = 0.5
    """Minimum share of a left-over section's terms in the section that it was merged into or split from."""
    same_name: float = 0.75
    """Minimum heading similarity of sections that count as kept, not renamed."""

    def total(self, heading: Matrix, content: Matrix, context: Matrix) -> Matrix:
        """Return the weighted sum."""
        return self.heading * heading + self.content * content + self.context * context


WEIGHTS = Weights()
_ROUNDS = 3
_NEIGHBOURS = 3


@dataclass(frozen=True, slots=True)
class SectionPair:
    """Two corresponding sections by their positions in their editions; None where one side has no counterpart.

    `similarity` is the weighted sum of the evidence, of which `heading` is the similarity of their headings; in [0, 1].
    """

    earlier: int | None
    later: int | None
    kind: SectionChange
    similarity: float = 0.0
    heading: float = 0.0


def assign(gains: Matrix) -> list[tuple[int, int]]:
    """Return the one-to-one assignment of maximum total gain as sorted (row, column) pairs.

    Args:
        gains: Shape (rows, columns), float64; entries of 0 or less are never paired.
    """
    if not (gains > 0).any():
        return []
    # imported here: it takes half a second
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(np.maximum(gains, 0.0), maximize=True)
    return [(int(a), int(b)) for a, b in zip(rows, columns, strict=True) if gains[a, b] > 0]


def align_sections(
    earlier: Sequence[EditionSection], later: Sequence[EditionSection], weights: Weights = WEIGHTS
) -> list[SectionPair]:
    """Pair the sections of two editions.

    Args:
        earlier: All sections of the earlier edition; parents precede their children.
        later: Those of the later edition.
        weights: Weights and thresholds.

    Returns:
        Pairs that cover every section of both, in the order of the earlier edition; new sections follow the section
        that they follow in the later edition.
    """
    if not earlier or not later:
        dropped = [SectionPair(position, None, "dropped") for position in range(len(earlier))]
        return [*dropped, *(SectionPair(None, position, "new") for position in range(len(later)))]
    scores = _SimilarityScores(earlier, later, weights)
    matched = [scores.pair(a, b, "kept") for a, b in scores.assign()]
    matched = [pair if pair.heading >= weights.same_name else replace(pair, kind="renamed") for pair in matched]
    pairs = _mark_moved(matched, earlier, later)
    pairs += _pair_left_over(scores, pairs)
    return _sort_pairs(pairs, len(later))


class _SimilarityScores:
    """Similarity matrices of all sections of two editions, shape (earlier, later)."""

    def __init__(self, earlier: Sequence[EditionSection], later: Sequence[EditionSection], weights: Weights) -> None:
        self.earlier, self.later, self.weights = earlier, later, weights
        sides = earlier, later
        terms = [[section.terms for section in side] for side in sides]
        with_subsections = [_terms_with_subsections(side) for side in sides]
        self.idf = similarity.inverse_frequencies([*terms[0], *terms[1]])
        self.heading = similarity.heading_similarity(earlier, later)
        have_text = np.outer([bool(bag) for bag in terms[0]], [bool(bag) for bag in terms[1]])
        own = 0.6 * similarity.cosines(terms[0], terms[1], self.idf) + 0.4 * similarity.dense(earlier, later)
        # the content of a bare heading is the text of its subsections
        self.content = np.where(have_text, own, similarity.cosines(with_subsections[0], with_subsections[1], self.idf))
        self.context = np.zeros_like(self.heading)
        roots = [np.array([section.position is None for section in side]) for side in sides]
        self.comparable = roots[0][:, None] == roots[1][None, :]

    def total(self) -> Matrix:
        """Return the weighted sum; 0 for a document root against a section."""
        return np.where(self.comparable, self.weights.total(self.heading, self.content, self.context), 0.0)

    def assign(self) -> list[tuple[int, int]]:
        """Assign repeatedly, each time with the context that the previous assignment gives."""
        for _ in range(_ROUNDS):
            self.context = self._context(assign(self.total() - self.weights.threshold))
        return assign(self.total() - self.weights.threshold)

    def _context(self, matched: Sequence[tuple[int, int]]) -> Matrix:
        """Return 0.5 for paired parents, plus 0.25 each for a paired neighbour before and after."""
        linked = np.zeros_like(self.heading)
        for a, b in matched:
            linked[a, b] = 1.0
        parents = [
            np.array([-1 if section.parent is None else section.parent for section in side])
            for side in (self.earlier, self.later)
        ]
        parents_linked = linked[np.ix_(parents[0], parents[1])]  # index -1 is overwritten below
        top = parents[0] < 0, parents[1] < 0
        parents_linked = np.where(top[0][:, None] | top[1][None, :], 0.0, parents_linked)
        parents_linked[np.ix_(*top)] = 1.0
        before, after = np.zeros_like(linked), np.zeros_like(linked)
        for i in range(1, _NEIGHBOURS + 1):
            for j in range(1, _NEIGHBOURS + 1):
                before[i:, j:] = np.maximum(before[i:, j:], linked[:-i, :-j])
                after[:-i, :-j] = np.maximum(after[:-i, :-j], linked[i:, j:])
        return 0.5 * parents_linked + 0.25 * before + 0.25 * after

    def pair(self, a: int, b: int, kind: SectionChange) -> SectionPair:
        """Return a pair with its similarity."""
        total = self.weights.total(self.heading[a, b], self.content[a, b], self.context[a, b])
        return SectionPair(a, b, kind, round(float(total), 4), round(float(self.heading[a, b]), 4))


def _terms_with_subsections(side: Sequence[EditionSection]) -> list[list[str]]:
    """Return each section's own terms, or those of all its subsections if it has none."""
    below = [[position] for position in range(len(side))]
    for position in range(len(side) - 1, -1, -1):
        parent = side[position].parent
        if parent is not None:
            below[parent] += below[position]
    return [
        list(section.terms) or [term for under in below[position] for term in side[under].terms]
        for position, section in enumerate(side)
    ]


def _mark_moved(
    pairs: Sequence[SectionPair], earlier: Sequence[EditionSection], later: Sequence[EditionSection]
) -> list[SectionPair]:
    """Mark pairs that have another parent now, or another place among the children of the same parent."""
    counterparts = {pair.earlier: pair.later for pair in pairs}
    siblings: dict[tuple[int | None, int | None], list[int]] = {}
    marked = list(pairs)
    for position, pair in enumerate(pairs):
        if pair.earlier is None or pair.later is None:
            continue
        parent, new_parent = earlier[pair.earlier].parent, later[pair.later].parent
        expected = counterparts.get(parent) if parent is not None else None
        if (parent is None) != (new_parent is None) or (expected is not None and expected != new_parent):
            marked[position] = replace(pair, kind="moved")
        else:
            siblings.setdefault((parent, new_parent), []).append(position)
    for group in siblings.values():
        in_order = keeps_order([pairs[position].later or 0 for position in group])
        for position, is_in_order in zip(group, in_order, strict=True):
            if not is_in_order:
                marked[position] = replace(marked[position], kind="moved")
    return marked


def keeps_order(values: Sequence[int]) -> list[bool]:
    """Return which of some distinct values are in every longest increasing subsequence.

    Two neighbours that swapped places have both moved; the values that another value was moved past have not.
    """
    ending = _longest_increasing(values)
    beginning = _longest_increasing([-value for value in reversed(values)])[::-1]
    longest = max(ending, default=0)
    in_some = [a + b - 1 == longest for a, b in zip(ending, beginning, strict=True)]
    at_length = Counter(length for length, is_in in zip(ending, in_some, strict=True) if is_in)
    return [is_in and at_length[length] == 1 for length, is_in in zip(ending, in_some, strict=True)]


def _longest_increasing(values: Sequence[int]) -> list[int]:
    """Return the length of the longest increasing subsequence that ends at each value."""
    tails: list[int] = []
    lengths: list[int] = []
    for value in values:
        position = bisect_left(tails, value)
        tails[position : position + 1] = [value]
        lengths.append(position + 1)
    return lengths


def _pair_left_over(scores: _SimilarityScores, pairs: Sequence[SectionPair]) -> list[SectionPair]:
    """Pair unassigned sections with the section that contains their text; the rest are dropped or new."""
    total = scores.total()
    left_over: list[SectionPair] = []
    for a in sorted(set(range(len(scores.earlier))) - {pair.earlier for pair in pairs}):
        home = _containing_section(scores, scores.earlier[a], total[a], scores.later)
        left_over.append(SectionPair(a, None, "dropped") if home is None else scores.pair(a, home, "merged"))
    for b in sorted(set(range(len(scores.later))) - {pair.later for pair in pairs}):
        home = _containing_section(scores, scores.later[b], total[:, b], scores.earlier)
        left_over.append(SectionPair(None, b, "new") if home is None else scores.pair(home, b, "split"))
    return left_over


def _containing_section(
    scores: _SimilarityScores,
    section: EditionSection,
    totals: npt.NDArray[np.float64],
    others: Sequence[EditionSection],
) -> int | None:
    """Return which of the 5 most similar sections of the other edition contains most of a section's text, if enough."""
    if section.position is None or not section.terms:
        return None
    best: tuple[float, int] | None = None
    for candidate in np.argsort(-totals)[:5]:
        position = int(candidate)
        if others[position].position is None:
            continue
        share = similarity.containment(section.terms, others[position].terms, scores.idf)
        if share >= scores.weights.containment and (best is None or share > best[0]):
            best = share, position
    return best[1] if best is not None else None


def _sort_pairs(pairs: Sequence[SectionPair], later_count: int) -> list[SectionPair]:
    """Sort by the earlier edition; a new section follows the section that it follows in the later edition."""
    anchors = {
        pair.later: pair.earlier for pair in reversed(pairs) if pair.earlier is not None and pair.later is not None
    }
    places: list[float] = []
    last = -1
    for position in range(later_count):
        last = anchors.get(position, last)
        places.append(last + 0.5)
    return sorted(
        pairs,
        key=lambda pair: (
            pair.earlier if pair.earlier is not None else places[pair.later or 0],
            pair.later if pair.later is not None else -1,
        ),
    )
