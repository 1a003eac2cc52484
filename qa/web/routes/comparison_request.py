"""What the tab of comparisons is asked, as an address, so that a comparison can be kept, sent and made again. Pure.

?topic=whaling&series=Diplomatic+Bluebook&from=2016&to=2020 compares a topic,
?series=Diplomatic+Bluebook&edition=2016&with=2020&section=Asia whole editions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from qa import limits
from qa.errors import CompareError, EmptyQuestion, FilterError
from qa.question.filters import Filters
from qa.web.urls import span, tidy

LONGEST_SECTION = 200
"""Characters of the words that a heading is to have."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the parts of the two forms hold, as written; `topic` is None where whole editions are compared."""

    topic: str | None = None
    series: str = ""
    first: str = ""
    last: str = ""
    edition: str = ""
    other: str = ""
    section: str = ""

    @property
    def is_asked(self) -> bool:
        """Whether there is anything to compare, rather than a form to fill in."""
        return self.topic is not None or bool(self.edition or self.other)

    def filters(self) -> Filters:
        """What the form excludes. Raises FilterError."""
        series = (self.series,) if self.series else ()
        if self.topic is None:
            return Filters(series=series)
        return Filters(series=series, edition=span("editions", _year(self.first), _year(self.last)))

    def years(self) -> tuple[int, int]:
        """The two editions that are compared whole. Raises CompareError, FilterError."""
        one, other = _year(self.edition), _year(self.other)
        if one is None or other is None or one == other:
            raise CompareError("Choose two different editions of one series.")
        return min(one, other), max(one, other)

    def subject(self) -> str:
        """The topic. Raises EmptyQuestion."""
        if not self.topic:
            raise EmptyQuestion("Say in words what to compare.")
        return self.topic


def read(values: Mapping[str, str]) -> Wanted:
    """What an address asks; parameters that are not ours are left alone."""
    topic = values.get("topic")
    return Wanted(
        topic=tidy(topic) if topic is not None else None,
        series=tidy(values.get("series", "")),
        first=values.get("from", ""),
        last=values.get("to", ""),
        edition=values.get("edition", "") if topic is None else "",
        other=values.get("with", "") if topic is None else "",
        section=tidy(values.get("section", ""))[:LONGEST_SECTION] if topic is None else "",
    )


def write(wanted: Wanted) -> str:
    """The query part of an address, with its question mark."""
    if wanted.topic is not None:
        pairs = [("topic", wanted.topic[: limits.QUESTION.value]), ("series", wanted.series)]
        pairs += [("from", wanted.first), ("to", wanted.last)]
    else:
        pairs = [("series", wanted.series), ("edition", wanted.edition), ("with", wanted.other)]
        pairs += [("section", wanted.section)]
    return f"?{urlencode([one for one in pairs if one[1]], errors='replace')}"


def _year(written: str) -> int | None:
    if not written:
        return None
    if not re.fullmatch(r"[0-9]{1,4}", written):
        raise FilterError(f'"{written[:20]}" is no edition: must be a year, as 2016')
    return int(written)
