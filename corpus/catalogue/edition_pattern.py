"""`edition_from` of `corpus.toml`: a pattern that finds a file's edition in its name, within a time.

A pattern may take longer than anybody waits ("(a|a)*b" doubles with each letter), and a `corpus.toml` may come from a
stranger. Python's `re` knows no time limit; `regex`, which the default model's library brings, does, and reads what
`re` reads: a pattern has to be right for both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from corpus.errors import CatalogueError

LONGEST = 1000
"""Characters of a pattern."""

PATIENCE = 1.0
"""Seconds that a pattern may take for one name; those in use take some millionths of one."""

EARLIEST, LATEST = 1000, 2999


@dataclass(frozen=True, slots=True)
class YearPattern:
    """The pattern, and where in the catalogue it is written."""

    pattern: str
    where: str

    def year(self, name: str) -> int | None:
        """The edition; None where the pattern does not match. Raises CatalogueError for what is no year, or no end."""
        try:
            match = _compiled(self.pattern).search(name, timeout=PATIENCE)
        except TimeoutError as error:
            raise CatalogueError(
                f"{self.where}: edition_from takes more than {PATIENCE:g} s for the name {name}: "
                "write a pattern that does not repeat what repeats, or give the files an `edition`"
            ) from error
        if match is None:
            return None
        found = match[1] or ""
        if not found.isdecimal() or not EARLIEST <= int(found) <= LATEST:
            raise CatalogueError(
                f"{self.where}: edition_from finds {found!r} in the name {name}, which is no year: "
                "mend the pattern, or give that file an `edition`"
            )
        return int(found)


def pattern_problem(value: Any) -> str | None:
    """Why a value cannot be a pattern, or None."""
    import regex

    if not isinstance(value, str):
        return "must be a regular expression, as '^(\\d{4})'"
    if len(value) > LONGEST:
        return f"must be a regular expression of at most {LONGEST:,} characters"
    try:
        groups = re.compile(value).groups
        _compiled(value)
    except (re.error, regex.error, RecursionError, OverflowError, MemoryError) as error:
        return f"must be a regular expression: {error}"
    return None if groups == 1 else "must have one group, that of the year, as '^(\\d{4})'"


def _compiled(pattern: str) -> Any:
    import regex  # late: most catalogues have no pattern

    return regex.compile(pattern, regex.VERSION0)
