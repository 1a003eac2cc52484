"""What a question names: years, editions and series of the corpus at hand, and whether it asks to compare. Pure.

All of it is a preference, shown to the user and never exclusive. A year beside the name of a series ("the 2016
Bluebook") is an edition; any other year is one that events happened in.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from corpus.metadata.years import YEAR, parse_years
from index.ranking.fusion import PREFERENCES
from index.storage.reader import DocumentInfo
from qa import limits
from qa.errors import EmptyQuestion
from qa.question.corpus_facts import CorpusFacts
from qa.question.filters import Filters
from qa.question.relative_editions import named_by_place

_COMPARING = re.compile(
    r"\b(?:compar\w+|differ\w*|changed?|changes|chang(?:ing|es)|evolv\w+|develop(?:ed)?\s+(?:from|between|since)|grow|grew|grown"
    r"|between|versus|vs|both|each\s+edition|over\s+(?:time|the\s+years)|across|moved?\s+on|than\s+in|added\s+by)\b",
    re.IGNORECASE,
)
_EDITION_WORD = r"(?:editions?|issues?|volumes?)"
MOST_TARGETS = 12
"""A question that could mean more editions than this is answered from the best passages, whatever their edition."""


@dataclass(frozen=True, slots=True)
class Interpretation:
    """What was understood of a question. `years` are years of events, `editions` years on covers."""

    years: tuple[int, ...] = ()
    editions: tuple[int, ...] = ()
    series: tuple[str, ...] = ()
    compare: bool = False
    filters: Filters = field(default_factory=Filters)
    mentions: tuple[tuple[int, int], ...] = field(default=(), compare=False, repr=False)
    """Spans of the question that name editions and series."""

    @property
    def prefers(self) -> bool:
        """Whether anything is preferred: where not, `bonus` is always empty."""
        return bool(self.years or self.editions or self.series)

    def bonus(self, document: DocumentInfo) -> Mapping[str, float]:
        """What the preferences add to the scores of a document's passages."""
        parts: dict[str, float] = {}
        fits_series = not self.series or document.series in self.series
        if self.series and document.series in self.series:
            parts["series"] = PREFERENCES.series
        if self.editions and document.edition in self.editions and fits_series:
            parts["edition"] = PREFERENCES.edition
        if document.covers is not None and any(_within(year, document.covers) for year in self.years):
            parts["year"] = PREFERENCES.covered_year
        elif document.edition in self.years:
            parts["year"] = PREFERENCES.edition_year
        return parts

    def targets(self, corpus_facts: CorpusFacts, about: Collection[str | None]) -> list[list[DocumentInfo]]:
        """The documents of each edition that a comparing question may mean, in order of years; else none.

        Of the series that it names, else of those that it is `about` (None for documents of no series).
        """
        if not self.compare:
            return []
        found: dict[tuple[int, str], list[DocumentInfo]] = {}
        for group in corpus_facts.groups:
            if group.edition is None or group.series not in (self.series or about):
                continue
            covered = any(group.covers_year(year) for year in self.years)
            if group.edition in self.editions or (not self.editions and (covered or not self.years)):
                for document in group.documents:
                    found.setdefault((group.edition, group.series or document.id), []).append(document)
            if len(found) > MOST_TARGETS:
                return []
        return [found[key] for key in sorted(found)]

    def as_json(self) -> dict[str, object]:
        """As DESIGN's JSON has it."""
        return {
            "years": list(self.years),
            "editions": list(self.editions),
            "series": list(self.series),
            "compare": self.compare,
            "filters": self.filters.as_json(),
        }


def _within(year: int, span: tuple[int, int]) -> bool:
    return span[0] <= year <= span[1]


def searched(question: str) -> str:
    """The question as it is searched for: white space folded, as much of it as `limits.QUESTION` says."""
    return _folded(question)[: limits.QUESTION.value]


def normalize_question(question: str) -> tuple[str, list[str]]:
    """`searched`, and notices about what was left out. Raises EmptyQuestion for a question without a word."""
    text = searched(question)
    if not any(character.isalnum() for character in text):
        raise EmptyQuestion("the question is empty: ask in words")
    if len(_folded(question)) > limits.QUESTION.value:
        return text, [f"only the first {limits.QUESTION.value:,} characters of the question were read"]
    return text, []


def _folded(question: str) -> str:
    return " ".join(question.encode("utf-8", "replace").decode("utf-8").split())


def interpret(question: str, corpus_facts: CorpusFacts, filters: Filters | None = None) -> Interpretation:
    """What the question names, given what the index holds."""
    found = corpus_facts.series_names.spans(question)
    dates = parse_years(question)
    years = sorted({year for date in dates for year in date.years})
    positions = [(written.year, (written.start, written.end)) for date in dates for written in date.written]
    editions: set[int] = set()
    spans = sorted(span for spans in found.values() for span in spans)
    for year, (start, end) in positions:
        if _beside(question, start, end, spans):
            editions.add(year)
    existing = corpus_facts.editions_of(found)
    placed = named_by_place(question, existing, spans)
    editions |= {year for year, _ in placed}
    if editions:  # "in the 2016 Bluebook and in the 2020 one": what else is an edition of that series is meant as one
        editions |= {year for year in years if year in existing}
    rest = sorted(set(years) - editions)
    several = len(editions) > 1 or len(rest) > 1 or len(found) > 1
    compare = (bool(_COMPARING.search(question)) and (several or _about_change(question))) or len(editions) > 1
    mentions = [*spans, *(span for year, span in [*positions, *placed] if year in editions)]
    return Interpretation(
        years=tuple(rest),
        editions=tuple(sorted(editions)),
        series=tuple(sorted(found)),
        compare=compare,
        filters=filters or Filters(),
        mentions=tuple(sorted(mentions)),
    )


def _about_change(question: str) -> bool:
    return bool(
        re.search(
            r"\bhow\s+(?:has|have|did|does)\b.*\b(?:chang|evolv|develop|grow|grew)\w*\b|\bover\s+(?:time|the\s+years)\b"
            r"|\bacross\s+(?:the\s+)?(?:editions|years)\b|\beach\s+edition\b",
            question,
            re.IGNORECASE,
        )
    )


def _beside(question: str, start: int, end: int, series: Sequence[tuple[int, int]]) -> bool:
    """Whether a year stands beside a series' name, or before "edition": `2016 Bluebook`, `Bluebook for 2016`.

    `series` are the spans of names, in order; none lies in another.
    """
    # no further than that: of a draft of a hundred thousand years each was held against all that stands before it
    first, last = max(0, start - _NEAR), end + _NEAR
    if re.match(rf"\s+{_EDITION_WORD}\b", question[end:last], re.IGNORECASE) or re.search(
        rf"\b{_EDITION_WORD}\s+(?:of|for)\s+$", question[first:start], re.IGNORECASE
    ):
        return True
    for begin, stop in series[max(0, bisect_left(series, (first, first)) - 1) : bisect_right(series, (last, last))]:
        if stop <= start and _AFTER_NAME.fullmatch(question, stop, start):
            return True
        if end <= begin and _BEFORE_NAME.fullmatch(question, end, begin):
            return True
    return False


_NEAR = 300
"""Characters between a year and the words that it stands beside, other years among them: some forty."""

_OTHER_YEARS = rf"(?:{YEAR}\s*(?:,\s*and|,|and|or|to|&)?\s*)*"
_AFTER_NAME = re.compile(
    rf"['’s]*\s*[,(]?\s*(?:edition\s*)?(?:of|for|from|in)?\s*(?:the\s+)?(?:years?\s+)?(?:and\s+|,\s*)?{_OTHER_YEARS}",
    re.IGNORECASE,
)
_BEFORE_NAME = re.compile(
    rf"\s*(?:,|and|or|to|&|/|-|–)?\s*(?:and\s+|to\s+)?(?:the\s+)?{_OTHER_YEARS}(?:the\s+)?(?:edition\s+of\s+the\s+)?",
    re.IGNORECASE,
)
