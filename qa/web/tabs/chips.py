"""What was understood of a question as chips that can be removed, each with a key that a link can carry. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from qa.citation import format_years
from qa.question.analysis import Interpretation
from qa.question.filters import YearSpan, format_span

COMPARE = "compare"


@dataclass(frozen=True, slots=True)
class Chip:
    """One preference: `covers:2015`, "covers 2015"."""

    key: str
    label: str


def chips(understood: Interpretation) -> list[Chip]:
    """The preferences found in a question; years in a row are one."""
    return [
        *(Chip(f"covers:{format_span(span)}", f"covers {format_years(span)}") for span in _runs(understood.years)),
        *(Chip(f"edition:{year}", f"edition {year}") for year in understood.editions),
        *(Chip(f"series:{name}", f"series {name}") for name in understood.series),
        *([Chip(COMPARE, "compares editions")] if understood.compare else []),
    ]


def ignore(keys: Collection[str]) -> Callable[[Interpretation], Interpretation]:
    """A function that drops the preferences of these keys; keys that do not occur in a question change nothing."""

    def drop(understood: Interpretation) -> Interpretation:
        return replace(
            understood,
            years=tuple(
                year
                for span in _runs(understood.years)
                if f"covers:{format_span(span)}" not in keys
                for year in range(span[0], span[1] + 1)
            ),
            editions=tuple(year for year in understood.editions if f"edition:{year}" not in keys),
            series=tuple(name for name in understood.series if f"series:{name}" not in keys),
            compare=understood.compare and COMPARE not in keys,
        )

    return drop


def _runs(values: Sequence[int]) -> list[YearSpan]:
    """Runs of at least three years in a row as one span; others year by year."""
    runs: list[list[int]] = []
    for year in values:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return [span for run in runs for span in ([(run[0], run[-1])] if len(run) > 2 else [(year, year) for year in run])]
