"""Find the hierarchy of headings that explains the numbering of a document best, by beam search.

A marker alone does not determine its level: the same style can occur on two levels, and "(3)" can continue two series
that both reached 2. The search reads all candidates in order and keeps the cheapest explanations, each a stack of open
series; the costs of the following markers decide between them. It takes time linear in the number of candidates, since
beam and depth are bounded.

The costs below are tuned with `tests/benchmarks/outline.py`, which reports the share of headings and parents found in
generated numbering schemes and real documents. A higher cost makes an oddity less likely to be accepted; all are
relative to HEADING.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf, log

from corpus.structure.heading_candidates import Candidate
from corpus.structure.numbering import Marker

BEAM = 12
"""Beam width: explanations kept after each candidate; search time is proportional to it."""

MARGIN = 6.0
"""Explanations that cost this much more than the best are pruned."""

MAX_DEPTH = 10
"""Maximum number of levels."""

HEADING = -8.0
"""Gain for a title that becomes a heading: more than the rarest numbering costs."""
NEW_PAIR = 0.3
"""A style under a parent style for the first time."""

NEW_DEPTH = 1.5
"""A style on a level for the first time."""

SECOND_STYLE = 0.6
"""A second style on a level."""

ANCESTOR_STYLE = 1.2
"""A style that also is the style of an ancestor."""

PARENT_STYLE = 0.8
"""The same if the ancestor is the parent."""

PARENT_BULLET = 1.8
"""The same for markers that do not count."""

USED_BEFORE = 0.15
"""A style of an ancestor that was accepted on this level before."""

MIXED_SIBLINGS = 4.0
"""A series next to one of another style under the same heading ("Annex A" after "Chapter 5")."""

LAST_PARTS = 1.5
"""The same for the last parts of a book, such as annexes."""

_LAST = frozenset({"annex", "appendix", "schedule", "anhang", "annexe", "anexo"})

BOOK_PART = 3.0
"""A chapter or an annex under a heading that is no part of a book ("1.2.1")."""

_BOOK = _LAST | {
    "part",
    "book",
    "volume",
    "title",
    "chapter",
    "teil",
    "partie",
    "parte",
    "kapitel",
    "chapitre",
    "第章",
    "第部",
}

REPEATED = 4.5
"""A number twice in a series."""

BACKWARDS = 6.0
"""A smaller number than the one before."""

BARE_LEAF = 0.7
"""A heading without text and without a heading below it."""

ONLY_CHILD = 0.1
"""A series with one member."""

SAME_TITLE = 4.0
"""Neighbours without numbers that have the same title."""

POP = 0.05
"""Each level that is closed."""

AFFINITY = 1.5
"""Gain for words in common with the heading above, for markers without numbers."""


_Key = tuple[str, tuple[int, ...], int]


@dataclass(frozen=True, slots=True)
class _Level:
    """An open series: its style, its last member, and the styles below that member."""

    style: str
    marker: Marker
    candidate: int
    members: int
    under: frozenset[str]
    key: _Key
    """Identifies equivalent states: the number, or without a number the heading, whose words are compared."""
    closing: float
    """Cost of ending the series here: series with one member are rare."""


@dataclass(slots=True)
class _State:
    """An explanation of all candidates read so far."""

    cost: float
    stack: tuple[_Level, ...]
    seen: frozenset[tuple[str | int, str]]
    closed: dict[tuple[int, str], int]
    last: int
    trace: _Choice | None


@dataclass(frozen=True, slots=True)
class _Choice:
    """A candidate that was chosen as a heading, linked to the previous choice."""

    candidate: int
    parent: int | None
    before: _Choice | None


@dataclass(frozen=True, slots=True)
class _Step:
    """A continuation of a state: not a heading (`marker` is None), or a heading below `stack[level - 1]`."""

    cost: float
    state: _State
    level: int = 0
    marker: Marker | None = None


def find_parents(candidates: Sequence[Candidate], body: int) -> dict[int, int | None]:
    """Return the position of the parent heading of each candidate that is a heading, by position.

    `body` is the number of body lines of the whole document.
    """
    states = [_State(0.0, (), frozenset(), {}, -1, None)]
    for position, candidate in enumerate(candidates):
        states = _survivors(states, position, candidate, candidates)
    for state in states:
        state.cost += sum(level.closing for level in state.stack)
        if state.last >= 0 and candidates[state.last].body_before == body and state.last == len(candidates) - 1:
            state.cost += BARE_LEAF
    return _chosen_parents(min(states, key=lambda state: state.cost).trace)


def _survivors(
    states: Sequence[_State], position: int, candidate: Candidate, candidates: Sequence[Candidate]
) -> list[_State]:
    """Return the cheapest states after a candidate, cheapest first, and only the cheapest of equal stacks."""
    steps: list[_Step] = []
    floor = inf
    for state in states:
        for step in _steps(state, position, candidate, candidates, floor):
            steps.append(step)
            floor = min(floor, step.cost + MARGIN)
    steps.sort(key=lambda step: step.cost)
    survivors: dict[tuple[_Key, ...], _State] = {}
    for step in steps:
        if step.cost > floor or len(survivors) == BEAM:
            break
        state = step.state
        if step.marker is None:
            after = _State(step.cost, state.stack, state.seen, state.closed, state.last, state.trace)
        else:
            after = _choose(state, step.level, step.marker, position, step.cost)
        survivors.setdefault(tuple([level.key for level in after.stack]), after)
    return list(survivors.values())


def _chosen_parents(trace: _Choice | None) -> dict[int, int | None]:
    chosen: dict[int, int | None] = {}
    while trace is not None:
        chosen[trace.candidate] = trace.parent
        trace = trace.before
    return dict(reversed(chosen.items()))


def _steps(
    state: _State, position: int, candidate: Candidate, candidates: Sequence[Candidate], floor: float
) -> Iterator[_Step]:
    """Return all continuations of a state that cost at most `floor`."""
    if state.cost <= floor:
        yield _Step(state.cost, state)
    bare = state.last == position - 1 >= 0 and candidates[state.last].body_before == candidate.body_before
    stack = state.stack
    base = state.cost + HEADING + candidate.penalty
    slack = 0.0 if candidate.markers[0].path else AFFINITY
    depth = len(stack)
    for level in range(min(depth, MAX_DEPTH - 1), -1, -1):
        open_level = stack[level] if level < depth else None
        leaf = BARE_LEAF if bare and level < depth else 0.0
        if base + leaf - slack > floor:
            return
        for marker in candidate.markers:
            if open_level is not None and open_level.style == marker.style:
                cost = base + leaf + _continue_cost(open_level, marker, candidate, candidates)
            elif open_level is None:
                cost = base + leaf + _open_cost(state, level, marker)
            elif base + LAST_PARTS - slack <= floor:
                beside = LAST_PARTS if marker.style.split()[0] in _LAST else MIXED_SIBLINGS
                cost = base + leaf + POP + open_level.closing + beside + _open_cost(state, level, marker)
            else:
                continue
            if slack and level:
                cost -= _affinity(candidate, candidates[stack[level - 1].candidate])
            if cost <= floor:
                yield _Step(cost, state, level, marker)
        if open_level is not None:
            base += POP + open_level.closing


def _continue_cost(level: _Level, marker: Marker, candidate: Candidate, candidates: Sequence[Candidate]) -> float:
    """Return the cost of a marker as the next member of an open series."""
    same_title = candidate.title.lower() == candidates[level.candidate].title.lower()
    if not marker.path:
        return SAME_TITLE if same_title else 0.1
    before = level.marker
    if marker.path[:-1] != before.path[:-1]:
        if marker.path == _next_chapter(before.path):
            return 1.0
        return BACKWARDS if marker.path <= before.path else 3.0
    step = marker.path[-1] - before.path[-1]
    if step == 0 and marker.suffix == before.suffix + 1:
        return 0.0
    if step == 0:
        return REPEATED
    if step < 0:
        return BACKWARDS
    jump = 0.0 if step == 1 else 1.5 + 0.8 * log(step)
    return jump + (0.5 if same_title else 0.0) + (1.5 if marker.suffix else 0.0)


def _next_chapter(path: tuple[int, ...]) -> tuple[int, ...]:
    """Return the successor of "1.3" if "2" itself has no heading: "2.1"."""
    return (*path[:-2], path[-2] + 1, 1) if len(path) > 1 else ()


def _open_cost(state: _State, level: int, marker: Marker) -> float:
    """Return the cost of a marker as the first member of a series below `stack[level - 1]`."""
    above = state.stack[level - 1] if level else None
    cost = _first_cost(state, level, above, marker)
    known = (level, marker.style) in state.seen
    if level and any(open_level.style == marker.style for open_level in state.stack[:level]):
        if (f"again {level}", marker.style) in state.seen:  # paid once: usual in this document
            cost += USED_BEFORE
        else:
            cost += ANCESTOR_STYLE
            if above is not None and above.style == marker.style:
                cost += PARENT_STYLE if marker.path else PARENT_BULLET
    if level == len(state.stack) and above is not None and above.under and marker.style not in above.under:
        cost += 1.0
    if not known:
        if above is not None and marker.style.split()[0] in _BOOK and above.style.split()[0] not in _BOOK:
            cost += BOOK_PART
        cost += NEW_DEPTH + (SECOND_STYLE if (level, "") in state.seen else 0.0)
    return cost + (0.0 if (above.style if above else "", marker.style) in state.seen else NEW_PAIR)


def _first_cost(state: _State, level: int, above: _Level | None, marker: Marker) -> float:
    """Return the cost of the first ordinal of a series: 0 for 1, and for a path that continues the parent's."""
    if not marker.path:
        return 0.3
    last = marker.path[-1]
    if len(marker.path) > 1:
        announced = above is not None and marker.path[:-1] in (above.marker.path, above.marker.path[-1:])
        cost = 0.0 if announced else 1.5 if state.last < 0 else 3.0
        return cost + (0.0 if last == 1 else 0.5 if state.last < 0 else 2.0)
    if last == 1:
        return 0.0 if marker.suffix == 0 else 0.5
    if state.last < 0:  # an extract can begin with any number
        return 0.5
    if state.closed.get((level, marker.style)) == last - 1:  # numbering continues through the parts of a book
        return 1.2
    return 3.0 + 0.1 * min(last, 20)


def _affinity(candidate: Candidate, above: Candidate) -> float:
    """Return the gain of a heading without a number for words in common with its parent, which decide its level."""
    return AFFINITY * len(candidate.words & above.words) / len(candidate.words) if candidate.words else 0.0


def _choose(state: _State, level: int, marker: Marker, position: int, cost: float) -> _State:
    """Return the state after a candidate was chosen as a heading on a level."""
    stack = state.stack
    is_continued = level < len(stack) and stack[level].style == marker.style
    closed = state.closed
    ended = stack[level + 1 :] if is_continued else stack[level:]
    if ended:
        top = len(stack) - len(ended)
        closed = closed | {
            (top + i, level.style): level.marker.path[-1] for i, level in enumerate(ended) if level.marker.path
        }
    above = stack[level - 1] if level else None
    pairs: tuple[tuple[str | int, str], ...] = (
        (above.style if above else "", marker.style),
        (level, marker.style),
        (level, ""),
    )
    if any(open_level.style == marker.style for open_level in stack[:level]):
        pairs = (*pairs, (f"again {level}", marker.style))
    seen = state.seen if all(pair in state.seen for pair in pairs) else state.seen | set(pairs)
    members = stack[level].members + 1 if is_continued else 1
    key = marker.style, marker.path, marker.suffix if marker.path else position
    closing = ONLY_CHILD if members == 1 and marker.path else 0.0
    new = _Level(marker.style, marker, position, members, frozenset(), key, closing)
    remaining = stack[:level]
    if above is not None and marker.style not in above.under:
        under = above.under | {marker.style}
        remaining = (*stack[: level - 1], replace(above, under=under))
    parent = above.candidate if above is not None else None
    return _State(cost, (*remaining, new), seen, closed, position, _Choice(position, parent, state.trace))
