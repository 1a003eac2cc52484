"""`edition_from` of `corpus.toml`: a regular expression that finds the edition in a file name, with a time limit.

A pattern can take exponential time ("(a|a)*b"), and a `corpus.toml` is not trusted. Python's `re` has no time
limit; `regex`, a dependency of the default model, has one and accepts the syntax of `re`. Both must accept a pattern.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from corpus.errors import CatalogueError

MAX_LENGTH = 1000
"""Maximum length of a pattern in characters."""

TIMEOUT = 1.0
"""Seconds per file name; usual patterns take microseconds."""

EARLIEST, LATEST = 1000, 2999


@dataclass(frozen=True, slots=True)
class YearPattern:
    """A pattern, and the file and line where it is written."""

    pattern: str
    where: str

    def year(self, name: str) -> int | None:
        """Return the edition, None without a match. Raises CatalogueError if the match is no year or takes too long."""
        try:
            match = _compile_pattern(self.pattern).search(name, timeout=TIMEOUT)
        except TimeoutError as error:
            raise CatalogueError(
                f"{self.where}: edition_from takes more than {TIMEOUT:g} s for the name {name}: "
                "write a pattern without nested repetitions, or state the `edition` of the files"
            ) from error
        if match is None:
            return None
        year = match[1] or ""
        if not year.isdecimal() or not EARLIEST <= int(year) <= LATEST:
            raise CatalogueError(
                f"{self.where}: edition_from finds {year!r} in the name {name}, which is not a year: "
                "correct the pattern, or state the `edition` of that file"
            )
        return int(year)


def pattern_problem(value: Any) -> str | None:
    """Return why a value is an invalid pattern, or None."""
    import regex

    if not isinstance(value, str):
        return "must be a regular expression, such as '^(\\d{4})'"
    if len(value) > MAX_LENGTH:
        return f"must be a regular expression of at most {MAX_LENGTH:,} characters"
    try:
        groups = re.compile(value).groups
        _compile_pattern(value)
    except (re.error, regex.error, RecursionError, OverflowError, MemoryError) as error:
        return f"must be a regular expression: {error}"
    return None if groups == 1 else "must have one group, which matches the year, such as '^(\\d{4})'"


def _compile_pattern(pattern: str) -> Any:
    import regex  # late: most catalogues have no pattern

    return regex.compile(pattern, regex.VERSION0)
