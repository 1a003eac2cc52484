"""Find the hierarchy of headings that explains the numbering of a document best, by beam search.

A marker alone does not determine its level: the same style can occur on two levels, and "(3)" can continue two series
that both reached 2. The search reads all candidates in order and keeps the cheapest explanations, each a stack of open
series; the costs of the following markers decide between them. It takes time linear in the number of candidates, since
beam and depth are bounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf, log

from corpus.structure.heading_candidates import HeadingCandidate
from corpus.structure.numbering import Marker

BEAM = 12
"""Beam width: explanations kept after each candidate; search time is proportional to it."""

MARGIN = 6.0
"""Explanations that cost this much more than the best are pruned."""

MAX_DEPTH = 10
"""Maximum number of levels."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Additive costs of an outline: the outline with the lowest sum explains the candidates best.

    `python -m tests.benchmarks.reading.outline` reports the share of headings and parents found in generated
    numbering schemes and real documents. A higher cost makes an oddity less likely to be accepted; all are relative
    to `heading`.
    """

    heading: float = -8.0
    """Gain for a title that becomes a heading: more than the rarest numbering costs."""
    affinity: float = 1.5
    """Gain for words in common with the heading above, for markers without numbers."""
    closed_level: float = 0.05
    """Each level that is closed."""
    only_child: float = 0.1
    """A series with one member."""
    bare_leaf: float = 0.7
    """A heading without text and without a heading below it."""

    new_pair: float = 0.3
    """A style under a parent style for the first time."""
    new_depth: float = 1.5
    """A style on a level for the first time."""
    second_style: float = 0.6
    """A second style on a level."""
    second_child_style: float = 1.0
    """A style under a heading that has headings of another style below it."""
    ancestor_style: float = 1.2
    """A style that also is the style of an ancestor."""
    parent_style: float = 0.8
    """Added if that ancestor is the parent."""
    parent_bullet: float = 1.8
    """Added if that ancestor is the parent, for markers that do not count."""
    used_before: float = 0.15
    """A style of an ancestor that was accepted on this level before."""
    mixed_siblings: float = 4.0
    """A series next to a series of another style under the same heading ("Annex A" after "Chapter 5")."""
    last_parts: float = 1.5
    """The same for the last parts of a book, such as annexes."""
    book_part: float = 3.0
    """A chapter or an annex under a heading that is not a part of a book ("1.2.1")."""

    repeated: float = 4.5
    """A number twice in a series."""
    backwards: float = 6.0
    """A smaller number than the number before."""
    jump: float = 1.5
    """Numbers left out of a series."""
    jump_length: float = 0.8
    """Added per logarithm of the step between the two numbers."""
    next_chapter: float = 1.0
    """"2.1" after "1.3", where "2" has no heading."""
    other_path: float = 3.0
    """Any other number whose path does not continue the series, such as "4.2" after "1.3"."""
    repeated_title: float = 0.5
    """A number with the title of the number before."""
    unexpected_suffix: float = 1.5
    """A suffix that continues none: "5a" after "4"."""

    unnumbered: float = 0.1
    """A further heading of a series without numbers."""
    same_title: float = 4.0
    """A further heading of a series without numbers, with the title of the heading before."""
    first_unnumbered: float = 0.3
    """The first heading of a series without numbers."""

    first_suffix: float = 0.5
    """A series that begins with a suffix: "1a"."""
    first_of_extract: float = 0.5
    """The first heading of the text with another number than 1: the text may be an extract."""
    path_of_extract: float = 1.5
    """The first heading of the text with a path, such as "3.1"."""
    unannounced_path: float = 3.0
    """A path that does not continue the number of its parent."""
    late_path: float = 2.0
    """A path that begins with another number than 1."""
    continued: float = 1.2
    """A series that continues a closed series of its level: numbering through the parts of a book."""
    late_start: float = 3.0
    """Any other series that begins with another number than 1."""
    late_start_number: float = 0.1
    """Added per unit of its first number, up to 20."""


COSTS = Costs()

_LAST = frozenset({"annex", "appendix", "schedule", "anhang", "annexe", "anexo"})
"""Labels of the last parts of a book."""

_BOOK = _LAST | frozenset("part book volume title chapter teil partie parte kapitel chapitre 第章 第部".split())
"""Labels of the parts of a book."""

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
    """Styles by the style of their parent; styles by level, and "" by level if it has any."""
    reused: frozenset[tuple[int, str]]
    """Styles of an ancestor, by the level on which they were accepted."""
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


def find_parents(candidates: Sequence[HeadingCandidate], body: int) -> dict[int, int | None]:
    """Return the position of the parent heading of each candidate that is a heading, by position.

    `body` is the number of body lines of the whole document.
    """
    states = [_State(0.0, (), frozenset(), frozenset(), {}, -1, None)]
    for position, candidate in enumerate(candidates):
        states = _survivors(states, position, candidate, candidates)
    for state in states:
        state.cost += sum(level.closing for level in state.stack)
        if state.last >= 0 and candidates[state.last].body_before == body and state.last == len(candidates) - 1:
            state.cost += COSTS.bare_leaf
    return _chosen_parents(min(states, key=lambda state: state.cost).trace)


def _survivors(
    states: Sequence[_State], position: int, candidate: HeadingCandidate, candidates: Sequence[HeadingCandidate]
) -> list[_State]:
    """Return the cheapest states after a candidate, cheapest first, and only the cheapest of equal stacks."""
    steps: list[_Step] = []
    cost_limit = inf
    for state in states:
        for step in _steps(state, position, candidate, candidates, cost_limit):
            steps.append(step)
            cost_limit = min(cost_limit, step.cost + MARGIN)
    steps.sort(key=lambda step: step.cost)
    survivors: dict[tuple[_Key, ...], _State] = {}
    for step in steps:
        if step.cost > cost_limit or len(survivors) == BEAM:
            break
        state = step.state
        if step.marker is None:
            after = replace(state, cost=step.cost)
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
    state: _State, position: int, candidate: HeadingCandidate, candidates: Sequence[HeadingCandidate], cost_limit: float
) -> Iterator[_Step]:
    """Return all continuations of a state that cost at most `cost_limit`."""
    if state.cost <= cost_limit:
        yield _Step(state.cost, state)
    bare = state.last == position - 1 >= 0 and candidates[state.last].body_before == candidate.body_before
    stack = state.stack
    base = state.cost + COSTS.heading + candidate.penalty
    max_affinity = 0.0 if candidate.markers[0].path else COSTS.affinity
    depth = len(stack)
    for level in range(min(depth, MAX_DEPTH - 1), -1, -1):
        open_level = stack[level] if level < depth else None
        leaf = COSTS.bare_leaf if bare and level < depth else 0.0
        if base + leaf - max_affinity > cost_limit:
            return
        for marker in candidate.markers:
            if open_level is not None and open_level.style == marker.style:
                cost = base + leaf + _continue_cost(open_level, marker, candidate, candidates)
            elif open_level is None:
                cost = base + leaf + _open_cost(state, level, marker)
            elif base + COSTS.last_parts - max_affinity <= cost_limit:
                beside = COSTS.last_parts if marker.style.split()[0] in _LAST else COSTS.mixed_siblings
                cost = base + leaf + COSTS.closed_level + open_level.closing + beside + _open_cost(state, level, marker)
            else:
                continue
            if max_affinity and level:
                cost -= _affinity(candidate, candidates[stack[level - 1].candidate])
            if cost <= cost_limit:
                yield _Step(cost, state, level, marker)
        if open_level is not None:
            base += COSTS.closed_level + open_level.closing


def _continue_cost(
    level: _Level, marker: Marker, candidate: HeadingCandidate, candidates: Sequence[HeadingCandidate]
) -> float:
    """Return the cost of a marker as the next member of an open series."""
    same_title = candidate.title.lower() == candidates[level.candidate].title.lower()
    if not marker.path:
        return COSTS.same_title if same_title else COSTS.unnumbered
    before = level.marker
    if marker.path[:-1] != before.path[:-1]:
        if marker.path == _next_chapter(before.path):
            return COSTS.next_chapter
        return COSTS.backwards if marker.path <= before.path else COSTS.other_path
    step = marker.path[-1] - before.path[-1]
    if step == 0 and marker.suffix == before.suffix + 1:
        return 0.0
    if step == 0:
        return COSTS.repeated
    if step < 0:
        return COSTS.backwards
    jump = 0.0 if step == 1 else COSTS.jump + COSTS.jump_length * log(step)
    jump += COSTS.repeated_title if same_title else 0.0
    return jump + (COSTS.unexpected_suffix if marker.suffix else 0.0)


def _next_chapter(path: tuple[int, ...]) -> tuple[int, ...]:
    """Return the successor of "1.3" if "2" itself has no heading: "2.1"."""
    return (*path[:-2], path[-2] + 1, 1) if len(path) > 1 else ()


def _open_cost(state: _State, level: int, marker: Marker) -> float:
    """Return the cost of a marker as the first member of a series below `stack[level - 1]`."""
    above = state.stack[level - 1] if level else None
    cost = _first_cost(state, level, above, marker)
    known = (level, marker.style) in state.seen
    if level and any(open_level.style == marker.style for open_level in state.stack[:level]):
        if (level, marker.style) in state.reused:  # paid once: usual in this document
            cost += COSTS.used_before
        else:
            cost += COSTS.ancestor_style
            if above is not None and above.style == marker.style:
                cost += COSTS.parent_style if marker.path else COSTS.parent_bullet
    if level == len(state.stack) and above is not None and above.under and marker.style not in above.under:
        cost += COSTS.second_child_style
    if not known:
        if above is not None and marker.style.split()[0] in _BOOK and above.style.split()[0] not in _BOOK:
            cost += COSTS.book_part
        cost += COSTS.new_depth + (COSTS.second_style if (level, "") in state.seen else 0.0)
    return cost + (0.0 if (above.style if above else "", marker.style) in state.seen else COSTS.new_pair)


def _first_cost(state: _State, level: int, above: _Level | None, marker: Marker) -> float:
    """Return the cost of the first ordinal of a series: 0 for 1, and for a path that continues the parent's."""
    if not marker.path:
        return COSTS.first_unnumbered
    last = marker.path[-1]
    if len(marker.path) > 1:
        announced = above is not None and marker.path[:-1] in (above.marker.path, above.marker.path[-1:])
        if state.last < 0:
            cost = 0.0 if announced else COSTS.path_of_extract
            return cost + (0.0 if last == 1 else COSTS.first_of_extract)
        cost = 0.0 if announced else COSTS.unannounced_path
        return cost + (0.0 if last == 1 else COSTS.late_path)
    if last == 1:
        return 0.0 if marker.suffix == 0 else COSTS.first_suffix
    if state.last < 0:  # an extract can begin with any number
        return COSTS.first_of_extract
    if state.closed.get((level, marker.style)) == last - 1:  # numbering continues through the parts of a book
        return COSTS.continued
    return COSTS.late_start + COSTS.late_start_number * min(last, 20)


def _affinity(candidate: HeadingCandidate, above: HeadingCandidate) -> float:
    """Return the gain of a heading without a number for words in common with its parent, which decide its level."""
    return COSTS.affinity * len(candidate.words & above.words) / len(candidate.words) if candidate.words else 0.0


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
    reused = state.reused
    if any(open_level.style == marker.style for open_level in stack[:level]):
        reused |= {(level, marker.style)}
    seen = state.seen if all(pair in state.seen for pair in pairs) else state.seen | set(pairs)
    members = stack[level].members + 1 if is_continued else 1
    key = marker.style, marker.path, marker.suffix if marker.path else position
    closing = COSTS.only_child if members == 1 and marker.path else 0.0
    new = _Level(marker.style, marker, position, members, frozenset(), key, closing)
    remaining = stack[:level]
    if above is not None and marker.style not in above.under:
        under = above.under | {marker.style}
        remaining = (*stack[: level - 1], replace(above, under=under))
    parent = above.candidate if above is not None else None
    return _State(cost, (*remaining, new), seen, reused, closed, position, _Choice(position, parent, state.trace))
