"""The hierarchy that explains a document's numbering best.

Candidates in, each one's parent out (or that it is no heading). A marker alone does not tell its level: the same style
may stand on two, and "(3)" may continue two series that both reached 2. So a beam search reads all candidates in
order and keeps the cheapest explanations so far, each a stack of open series; what is right shows later, in what the
following markers cost. Time is linear in the number of candidates: the beam and the depth are bounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf, log

from corpus.structure.heading_candidates import Candidate
from corpus.structure.numbering import Marker

BEAM = 12
MARGIN = 6.0
"""Explanations dearer than the best by more than this are given up early."""
DEEPEST = 10

HEADING = -8.0
"""What a line that reads as a title gains by being a heading: more than the rarest numbering costs."""
NEW_PAIR = 0.3
NEW_DEPTH = 1.5
SECOND_STYLE = 0.6
ANCESTOR_STYLE = 1.2
PARENT_STYLE = 0.8
PARENT_BULLET = 1.8
USED_BEFORE = 0.15
MIXED_SIBLINGS = 4.0
"""A series beside one of another style under the same heading ("Annex A" after "Chapter 5")."""
LAST_PARTS = 1.5
"""The same for what stands at the end of a book."""
_LAST = frozenset({"annex", "appendix", "schedule", "anhang", "annexe", "anexo"})
BOOK_PART = 3.0
"""A chapter or an annex under something that is no part of a book ("1.2.1")."""
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
BACKWARDS = 6.0
BARE_LEAF = 0.7
ONLY_CHILD = 0.1
SAME_TITLE = 4.0
POP = 0.05
AFFINITY = 1.5


_Key = tuple[str, tuple[int, ...], int]


@dataclass(frozen=True, slots=True)
class _Level:
    """An open series: where it stands, its last member, and which styles stood under that member."""

    style: str
    marker: Marker
    candidate: int
    members: int
    under: frozenset[str]
    key: _Key
    """What decides how it can go on: its number, or without one which heading it is, since that one's words do."""
    closing: float
    """What it costs to end here: a series of one member is rare, nobody counts to one."""


@dataclass(slots=True)
class _State:
    """An explanation of the candidates read so far."""

    cost: float
    stack: tuple[_Level, ...]
    seen: frozenset[tuple[str | int, str]]
    closed: dict[tuple[int, str], int]
    last: int
    trace: _Choice | None


@dataclass(frozen=True, slots=True)
class _Choice:
    """A candidate taken as a heading, linked to the choice before it."""

    candidate: int
    parent: int | None
    before: _Choice | None


@dataclass(frozen=True, slots=True)
class _Step:
    """A way to go on from a state: no heading (`marker` is None), or one whose parent is `stack[level - 1]`."""

    cost: float
    state: _State
    level: int = 0
    marker: Marker | None = None


def parents(found: Sequence[Candidate], body: int) -> dict[int, int | None]:
    """For each candidate that is a heading, by position: the position of the heading over it.

    `body` is the number of body lines of the whole document, of which each candidate knows those above it.
    """
    states = [_State(0.0, (), frozenset(), {}, -1, None)]
    for position, candidate in enumerate(found):
        states = _survivors(states, position, candidate, found)
    for state in states:
        state.cost += sum(level.closing for level in state.stack)
        if state.last >= 0 and found[state.last].body_before == body and state.last == len(found) - 1:
            state.cost += BARE_LEAF
    return _chosen(min(states, key=lambda state: state.cost).trace)


def _survivors(
    states: Sequence[_State], position: int, candidate: Candidate, found: Sequence[Candidate]
) -> list[_State]:
    """The cheapest states after a candidate, cheapest first; of those with equal stacks only the cheapest."""
    steps: list[_Step] = []
    floor = inf
    for state in states:
        for step in _steps(state, position, candidate, found, floor):
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
            after = _take(state, step.level, step.marker, position, step.cost)
        survivors.setdefault(tuple([level.key for level in after.stack]), after)
    return list(survivors.values())


def _chosen(trace: _Choice | None) -> dict[int, int | None]:
    chosen: dict[int, int | None] = {}
    while trace is not None:
        chosen[trace.candidate] = trace.parent
        trace = trace.before
    return dict(reversed(chosen.items()))


def _steps(
    state: _State, position: int, candidate: Candidate, found: Sequence[Candidate], floor: float
) -> Iterator[_Step]:
    """All ways to go on from a state that cost no more than `floor`."""
    if state.cost <= floor:
        yield _Step(state.cost, state)
    bare = state.last == position - 1 >= 0 and found[state.last].body_before == candidate.body_before
    stack = state.stack
    base = state.cost + HEADING + candidate.penalty
    slack = 0.0 if candidate.markers[0].path else AFFINITY
    depth = len(stack)
    for level in range(min(depth, DEEPEST - 1), -1, -1):
        open_level = stack[level] if level < depth else None
        leaf = BARE_LEAF if bare and level < depth else 0.0
        if base + leaf - slack > floor:
            return
        for marker in candidate.markers:
            if open_level is not None and open_level.style == marker.style:
                cost = base + leaf + _go_on(open_level, marker, candidate, found)
            elif open_level is None:
                cost = base + leaf + _open(state, level, marker)
            elif base + LAST_PARTS - slack <= floor:
                beside = LAST_PARTS if marker.style.split()[0] in _LAST else MIXED_SIBLINGS
                cost = base + leaf + POP + open_level.closing + beside + _open(state, level, marker)
            else:
                continue
            if slack and level:
                cost -= _affinity(candidate, found[stack[level - 1].candidate])
            if cost <= floor:
                yield _Step(cost, state, level, marker)
        if open_level is not None:
            base += POP + open_level.closing


def _go_on(level: _Level, marker: Marker, candidate: Candidate, found: Sequence[Candidate]) -> float:
    """What it costs that a marker follows the last member of an open series."""
    same_title = candidate.title.lower() == found[level.candidate].title.lower()
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
    """What follows "1.3" where "2" itself has no heading: "2.1"."""
    return (*path[:-2], path[-2] + 1, 1) if len(path) > 1 else ()


def _open(state: _State, level: int, marker: Marker) -> float:
    """What it costs that a marker begins a series under `stack[level - 1]`."""
    above = state.stack[level - 1] if level else None
    cost = _first(state, level, above, marker)
    known = (level, marker.style) in state.seen
    if level and any(open_level.style == marker.style for open_level in state.stack[:level]):
        if (f"again {level}", marker.style) in state.seen:  # paid once: what is usual in a document is no oddity there
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


def _first(state: _State, level: int, above: _Level | None, marker: Marker) -> float:
    """What the first ordinal of a new series costs: nothing for 1, and for what the numbers above announce."""
    if not marker.path:
        return 0.3
    last = marker.path[-1]
    if len(marker.path) > 1:
        announced = above is not None and marker.path[:-1] in (above.marker.path, above.marker.path[-1:])
        cost = 0.0 if announced else 1.5 if state.last < 0 else 3.0
        return cost + (0.0 if last == 1 else 0.5 if state.last < 0 else 2.0)
    if last == 1:
        return 0.0 if marker.suffix == 0 else 0.5
    if state.last < 0:  # an extract begins anywhere
        return 0.5
    if state.closed.get((level, marker.style)) == last - 1:  # counted on through the parts of a book
        return 1.2
    return 3.0 + 0.1 * min(last, 20)


def _affinity(candidate: Candidate, above: Candidate) -> float:
    """What an uncounted heading gains by words that the heading over it announces: only they tell its level."""
    return AFFINITY * len(candidate.words & above.words) / len(candidate.words) if candidate.words else 0.0


def _take(state: _State, level: int, marker: Marker, position: int, cost: float) -> _State:
    """The state after a candidate became a heading at a level."""
    stack = state.stack
    goes_on = level < len(stack) and stack[level].style == marker.style
    closed = state.closed
    gone = stack[level + 1 :] if goes_on else stack[level:]
    if gone:
        top = len(stack) - len(gone)
        closed = closed | {(top + i, one.style): one.marker.path[-1] for i, one in enumerate(gone) if one.marker.path}
    above = stack[level - 1] if level else None
    pairs: tuple[tuple[str | int, str], ...] = (
        (above.style if above else "", marker.style),
        (level, marker.style),
        (level, ""),
    )
    if any(open_level.style == marker.style for open_level in stack[:level]):
        pairs = (*pairs, (f"again {level}", marker.style))
    seen = state.seen if all(pair in state.seen for pair in pairs) else state.seen | set(pairs)
    members = stack[level].members + 1 if goes_on else 1
    key = marker.style, marker.path, marker.suffix if marker.path else position
    closing = ONLY_CHILD if members == 1 and marker.path else 0.0
    new = _Level(marker.style, marker, position, members, frozenset(), key, closing)
    kept = stack[:level]
    if above is not None and marker.style not in above.under:
        under = above.under | {marker.style}
        kept = (*stack[: level - 1], replace(above, under=under))
    parent = above.candidate if above is not None else None
    return _State(cost, (*kept, new), seen, closed, position, _Choice(position, parent, state.trace))
