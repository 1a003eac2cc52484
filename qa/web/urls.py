"""A question with its filters as an address, so that it can be kept, sent and asked again. Pure.

?q=How+did+…&series=Diplomatic+Bluebook&edition=2014..2020&covers=2015&document=bluebook-2016&ignore=covers:2015
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from qa import limits
from qa.errors import FilterError
from qa.question.filters import Filters, YearSpan, parse_filters

FIRST_YEAR, LAST_YEAR = 0, 9999
"""Ends of a span that is left open, as in `qa.question.filters`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: the question, what the user excludes, and the keys of the preferences that the user removed."""

    question: str = ""
    filters: Filters = field(default_factory=Filters)
    ignored: tuple[str, ...] = ()


def tidy(question: str) -> str:
    """A question as it is kept: white space as single blanks, and of a huge one little more than is read of it.

    Two characters more, of which one at most is blank, so that whoever reads it still sees that it was too long.
    """
    written = question.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair can be sent but not written
    return " ".join(written.split())[: limits.QUESTION.value + 2]


def write(asked: Asked) -> str:
    """The query part of an address, with its question mark; as much of a question as is read of it."""
    pairs = [("q", asked.question[: limits.QUESTION.value])]
    pairs += [(name, value) for name, values in asked.filters.as_json().items() for value in values]
    pairs += [("ignore", key) for key in asked.ignored]
    return f"?{urlencode(pairs, errors='replace')}"


def read(query: str) -> Asked:
    """What an address asks; parameters that are not ours are left alone. Raises FilterError."""
    return from_pairs(parse_qsl(query.removeprefix("?")))


def from_pairs(pairs: Iterable[tuple[str, str]]) -> Asked:
    """As `read`, from the names and values of the parameters."""
    values: dict[str, list[str]] = {"q": [], "series": [], "edition": [], "covers": [], "document": [], "ignore": []}
    for name, value in pairs:
        if name in values and value:
            values[name].append(value)
    filters = parse_filters(
        series=values["series"], edition=values["edition"], covers=values["covers"], document=values["document"]
    )
    return Asked(tidy(" ".join(values["q"])), filters, tuple(values["ignore"]))


def span(name: str, first: int | None, last: int | None, before: tuple[YearSpan, ...] = ()) -> tuple[YearSpan, ...]:
    """A filter on years from its two ends, either of which may be open. Raises FilterError when it ends too early.

    Several ranges, which a link can ask for, show the ends of all of them: as long as these stay, so do the ranges.
    """
    if first is None and last is None:
        return ()
    if len(before) > 1 and ends(before) == (first, last):
        return before
    bounds = (FIRST_YEAR if first is None else first, LAST_YEAR if last is None else last)
    if bounds[0] > bounds[1]:
        raise FilterError(f"{name} from {first} to {last}: the range ends before it begins")
    return (bounds,)


def ends(spans: tuple[YearSpan, ...]) -> tuple[int | None, int | None]:
    """The two ends of a filter on years; the opposite of `span`."""
    if not spans:
        return None, None
    first, last = min(one for one, _ in spans), max(one for _, one in spans)
    return (None if first <= FIRST_YEAR else first), (None if last >= LAST_YEAR else last)
