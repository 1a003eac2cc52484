"""Find the titles of documents in a text, with or without their year, and the documents of the year beside them.

A title is compared by its words without years: "the Report on the Work of the Court for 2020" names "Report on the Work
of the Court in 2020". The year beside it must be one of the document. The series of the document need not be known.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from corpus.metadata.edition import PUBLICATION_KIND
from corpus.metadata.years import YearMention, parse_years
from corpus.records import Span
from corpus.scripts import UNSPACED
from index.lexical.analysis import FUNCTION_WORDS
from index.storage.reader import DocumentInfo
from qa.question.series_names import singular

_TOKEN = re.compile(rf"[{UNSPACED}]|(?<!\w['’])[^\W_{UNSPACED}]+|(?<=\w['’])(?!s\b)[^\W_{UNSPACED}]+")
"""A word, or a letter of a script without spaces; not the "s" of "Court's"."""

_YEAR_SUFFIX = re.compile(r"\s?年(?:度版?|版)?")
_HEAD = re.compile(r"[^:：,(（|–—]+")
_BREAK = re.compile(r"[.;:!?。；：！？\n]")
_OPENS = re.compile(r"[(（\[《「『]")
"""What a year before it is not joined with the name after it: "in 2023 (Harbour Report 2024)"."""

_SINGLE_WORD_KIND = re.compile(
    rf"{PUBLICATION_KIND.pattern}|^(?:prospectus|minutes|newsletter|memorandum|\w*protokoll|\w*statistik)$",
    re.IGNORECASE,
)
"""Titles of one word that name a publication: a title "Germany" is rarely meant by the word."""

_CONNECTORS = frozenset(
    """
    of for from the year years fiscal financial school academic reporting calendar fy edition issue ended ending
    für von vom des der das die jahr jahre jahres berichtsjahr geschäftsjahr haushaltsjahr schuljahr ausgabe
    pour de du des la le l d année exercice édition del el los año ejercicio edición
    per di dell dello della il lo anno edizione esercizio do da ano の
    """.split()
)
"""Words between a title and its year that are no part of either."""

_EVENT_CONNECTORS = frozenset("in im en nel nell during".split())
"""Words that are at the end of a title ("Fisheries in 2020"), but before the year of an event anywhere else."""

_BEFORE_NAME = frozenset("the er の annual".split())
"""Words between a year and the title after it: "the 2020 annual report", "2020's report"."""

_AND = frozenset("and und et y e と und".split())
_MAX_BETWEEN = 5
"""Maximum words between a title and its year."""

_SHORT = 2
"""Words of a title that several publishers have: "the Bank's Annual Report" is not the "Annual Report" of a museum."""

_OWNER = re.compile(r"(?P<begins>(?:^|[^\w\s,])\s*)?\b(?P<name>[^\W\d_]+)(?P<genitive>['’]s?)?\s+$")
"""The word before a title, and whether a sentence begins with it."""

_OWNER_REACH = 40
"""Characters read before a title."""

_DISTINCTIVE = 3
"""Words of a title that names its documents without a year."""

_DISTINCTIVE_WIDE = 6
"""The same in characters, for scripts without spaces."""


@dataclass(frozen=True, slots=True)
class TitleMention:
    """A title in a text: `name` is the span of its words, `spans` those of the words and of the years beside them.

    `documents` are those with the title and the years; empty where `is_unknown`, for a year that no document has.
    """

    name: Span
    spans: tuple[Span, ...]
    documents: tuple[DocumentInfo, ...]

    @property
    def is_unknown(self) -> bool:
        """Whether the title is that of documents of other years only."""
        return not self.documents


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _TitleYears:
    """A document, the periods of its title as written, and whether its whole title has the words."""

    document: DocumentInfo
    periods: frozenset[frozenset[int]]
    is_whole: bool
    ends_with_event: bool

    @property
    def years(self) -> frozenset[int]:
        return frozenset[int]().union(*self.periods)

    @property
    def owner(self) -> frozenset[str]:
        """Words of the publisher and the series."""
        owner = f"{self.document.publisher or ''} {self.document.series or ''}"
        return frozenset(map(singular, _TOKEN.findall(owner)))

    @property
    def is_dated(self) -> bool:
        return bool(self.periods) or self.document.years is not None


class TitleNames:
    """The titles of documents."""

    def __init__(self, documents: Iterable[DocumentInfo]) -> None:
        self._titles: Mapping[tuple[str, ...], list[_TitleYears]] = defaultdict(list)
        for document in documents:
            for words, title in _forms(document):
                self._titles[words].append(title)
        self._lengths = sorted({len(words) for words in self._titles}, reverse=True)

    def find(self, text: str) -> list[TitleMention]:
        """Return the titles that the text names, in order; the longest title wins."""
        years = parse_years(text)
        tokens = _tokenize(text, years)
        words = [token.text for token in tokens]
        mentions: list[TitleMention] = []
        position = 0
        while position < len(tokens):
            lengths = (length for length in self._lengths if tuple(words[position : position + length]) in self._titles)
            length = next(lengths, 0)
            mention = self._mention(text, tokens, years, position, length) if length else None
            if mention is not None:
                mentions.append(mention)
            position += length if mention is not None else 1
        return mentions

    def _mention(
        self, text: str, tokens: Sequence[_Token], years: Sequence[YearMention], position: int, length: int
    ) -> TitleMention | None:
        """Return the title at a position, if a year beside it or its own words make clear that it is meant."""
        named = tokens[position : position + length]
        titles = self._titles[tuple(token.text for token in named)]
        start, end = name = named[0].start, named[-1].end
        if length <= _SHORT and (owner := _owner_before(text[max(0, start - _OWNER_REACH) : start])):
            titles = [title for title in titles if owner in title.owner]
        connectors = _CONNECTORS | _EVENT_CONNECTORS if any(title.ends_with_event for title in titles) else _CONNECTORS
        beside = _years_beside(text, tokens, years, name, connectors)
        if beside and titles:
            documents = [title.document for period in _periods(beside) for title in _of_period(titles, period)]
            is_common_noun = length == 1 and text[start].islower()
            if not documents and (is_common_noun or not all(title.is_dated for title in titles)):
                return None
            return TitleMention(
                name,
                tuple(sorted({name, *((year.start, year.end) for year in beside)})),
                tuple({document.number: document for document in documents}.values()),
            )
        whole = [title.document for title in titles if title.is_whole]
        is_wide = re.match(f"[{UNSPACED}]", text[start:end]) is not None
        is_distinctive = length >= (_DISTINCTIVE_WIDE if is_wide else _DISTINCTIVE)
        if whole and is_distinctive and (is_wide or text[start].isupper()):
            return TitleMention(name, (name,), tuple(whole))
        return None


def _owner_before(text: str) -> str:
    """Return the name that a text ends with: in the genitive, in capitals, or capitalised inside a sentence."""
    match = _OWNER.search(text)
    if match is None or match["name"].casefold() in FUNCTION_WORDS:
        return ""
    name = match["name"]
    is_name = match["genitive"] or (len(name) > 1 and name.isupper()) or (match["begins"] is None and name[0].isupper())
    return singular(name) if is_name else ""


def _forms(document: DocumentInfo) -> Iterator[tuple[tuple[str, ...], _TitleYears]]:
    """Yield the words of a title and of its part before a comma, bracket or colon, if they can name the document."""
    title = document.title
    years = parse_years(title)
    periods = frozenset(_periods(years))
    head = _HEAD.match(title)
    seen: set[tuple[str, ...]] = set()
    for end in dict.fromkeys((len(title), head.end() if head is not None else len(title))):
        tokens = [token for token in _tokenize(title, years) if token.end <= end]
        words = [token.text for token in tokens]
        ends_with_event = False
        while words and words[-1] in _CONNECTORS | _EVENT_CONNECTORS:
            ends_with_event |= words.pop() in _EVENT_CONNECTORS
        while words and words[0] in _CONNECTORS:
            del words[0]
        key = tuple(words)
        is_name = len(words) > 1 or (bool(words) and _SINGLE_WORD_KIND.search(tokens[0].text) is not None)
        if is_name and key not in seen and any(map(str.isalpha, words)):
            seen.add(key)
            yield key, _TitleYears(document, periods, end == len(title), ends_with_event)


def _tokenize(text: str, years: Sequence[YearMention]) -> list[_Token]:
    """Return the words of a text, without years, in lower case and without endings of plurals."""
    for year in years:
        suffix = _YEAR_SUFFIX.match(text, year.end)
        end = suffix.end() if suffix is not None else year.end
        text = f"{text[: year.start]}{' ' * (end - year.start)}{text[end:]}"
    return [_Token(singular(match.group()), *match.span()) for match in _TOKEN.finditer(text)]


def _periods(years: Iterable[YearMention]) -> list[frozenset[int]]:
    """Return the years of each mention as written: both ends of "2021/22", each of "2021 and 2022" alone."""
    return [
        period
        for year in years
        if (written := {each.year for each in year.written} or {year.first, year.last})
        for period in ([frozenset({each}) for each in written] if year.enumerated else [frozenset(written)])
    ]


def _of_period(titles: Sequence[_TitleYears], period: frozenset[int]) -> list[_TitleYears]:
    """Return the titles with these years; of the years of title, edition and contents the first that match decide.

    Two years together ("2022/23") are those of one edition: the one that covers both, else that of the last year.
    """

    def covers(title: _TitleYears) -> bool:
        first, last = title.document.covers or (1, 0)
        return any(first <= year <= last for year in period)

    def is_of_other_fiscal_year(title: _TitleYears) -> bool:
        return len(period) > 1 and any(len(own) > 1 for own in title.periods)  # "2021-22" is not "2022-23"

    conditions = (
        lambda title: period in title.periods,
        lambda title: len(period) > 1 and (title.document.covers or ()) == (min(period), max(period)),
        lambda title: max(period) in title.years and not is_of_other_fiscal_year(title),
        lambda title: not period.isdisjoint(title.years) and not is_of_other_fiscal_year(title),
        lambda title: title.document.edition == max(period),
        lambda title: title.document.edition in period and not is_of_other_fiscal_year(title),
        lambda title: covers(title) and not is_of_other_fiscal_year(title),
    )
    return next((chosen for condition in conditions if (chosen := list(filter(condition, titles)))), [])


def _years_beside(
    text: str, tokens: Sequence[_Token], years: Sequence[YearMention], name: Span, connectors: frozenset[str]
) -> list[YearMention]:
    """Return the years inside a title, before it and after it."""
    start, end = name

    def between(first: int, last: int) -> list[str] | None:
        """Return the words between two offsets, or None if a clause ends there."""
        if last < first or last - first > 60 or _BREAK.search(text, first, last):
            return None
        return [token.text for token in tokens if first <= token.start and token.end <= last]

    def joins(words: list[str] | None, allowed: frozenset[str]) -> bool:
        return words is not None and len(words) <= _MAX_BETWEEN and allowed.issuperset(words)

    beside = [year for year in years if start <= year.start and year.end <= end]
    before = next((year for year in reversed(years) if year.end <= start), None)
    is_inside = before is not None and not _OPENS.search(text, before.end, start)
    if not beside and before is not None and is_inside and joins(between(before.end, start), _BEFORE_NAME):
        beside.append(before)
    after = [year for year in years if year.start >= end]
    if after and not beside and joins(between(end, after[0].start), connectors):
        pairs = pairwise(after)
        joined = takewhile(lambda pair: joins(between(pair[0].end, pair[1].start), connectors | _AND), pairs)
        beside += [after[0], *(later for _, later in joined)]
    return beside
