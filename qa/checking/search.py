"""Find a quotation in an index: candidate passages by rare terms, then its words. No document is scanned as a whole."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from corpus.records import Document
from index.lexical.analysis import terms
from index.ranking.search import Index
from index.storage.reader import DocumentInfo
from qa.answering.excerpt import section_at
from qa.checking.approximate_match import nearest_stretch
from qa.checking.quotation_pattern import (
    Token,
    TokenRun,
    find_runs,
    parse_quotation,
    tokenize,
    unbracket_letters,
)
from qa.citation import cite
from qa.question.filters import Filters

Status = Literal["verbatim", "altered", "not found", "short"]

CANDIDATES = 24
"""Passages read per lookup: those with most of the quotation's rare terms."""

RARE_TERMS = 8
"""The rarest terms of the quotation, looked up alone and with twice as many others."""

MAX_ALTERED_COST = 0.42
"""Up to this cost the nearest stretch counts as the altered source, beyond it nothing is found. Higher accepts
unrelated sentences as sources, lower loses heavily edited quotations (`python -m tests.benchmarks.checking`)."""

MIN_WORDS = 3
"""A shorter quotation that is not found may be a word in scare quotes: reported, but not as a fault."""

_COMPARED = 2_000
"""Characters compared to rank places of equal cost."""

_REACH = 300
_ELLIPSIS_REACH = 4000
"""Characters read around a candidate passage, without and with an ellipsis in the quotation."""


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """A stretch of a document, with its citation."""

    document: DocumentInfo
    start: int
    end: int
    text: str
    path: tuple[str, ...]
    page: int | None
    page_label: str | None
    citation: str

    @property
    def id(self) -> str:
        """`DOCUMENT@START-END`, as `show` takes it."""
        return f"{self.document.id}@{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class QuotationMatch:
    """The status of a quotation and its place, or the nearest one; None if no place shares a word with it."""

    status: Status
    place: SourcePlace | None
    cost: float
    also: tuple[SourcePlace, ...] = ()


class QuotationSources:
    """The documents of an index that quotations are searched in."""

    def __init__(self, index: Index, filters: Filters) -> None:
        self._index = index
        self.documents = kept = filters.select(index.documents)
        self._numbers = None if len(kept) == len(index.documents) else [one.number for one in kept]
        self._languages = sorted({one.language or "en" for one in kept}) or ["en"]
        self._by_number = {one.number: one for one in index.documents}
        self._document = lru_cache(maxsize=16)(index.records.document)

    def find(self, quotation: str, named: Collection[int] = ()) -> QuotationMatch:
        """Find a quotation, or the nearest stretch; documents `named` next to it (by number) are preferred."""
        runs = parse_quotation(unbracket_letters(quotation))
        words = [token for run in runs for token in run.tokens if token.word[0].isalnum()]
        if not words:
            return QuotationMatch("short", None, 1.0)
        windows = self._windows(quotation, ellipsis=any(run.gap for run in runs))
        exact = [
            place
            for info, document, start, tokens in windows
            if (place := self._exact(runs, info, document, start, tokens)) is not None
        ]
        if exact:
            places = list({place.id: place for place in exact}.values())
            places.sort(key=lambda place: place.document.number not in named)
            return QuotationMatch("verbatim", places[0], 0.0, tuple(places[1:3]))
        near: list[tuple[float, SourcePlace]] = []
        for info, document, start, tokens in windows:
            cost, first, last = nearest_stretch(runs, tokens)
            if last > first and (not near or cost <= near[0][0]):
                place = self._place(info, document, start + tokens[first].start, start + tokens[last - 1].end)
                near = [*(one for one in near if one[0] == cost), (cost, place)]
        best = max(
            near,
            key=lambda one: (one[1].document.number in named, _text_similarity(quotation, one[1].text)),
            default=None,
        )
        short = len(words) < MIN_WORDS and sum(len(token.word) for token in words) < 16
        if best is None:
            return QuotationMatch("short" if short else "not found", None, 1.0)
        status: Status = "short" if short else "altered" if best[0] <= MAX_ALTERED_COST else "not found"
        # the nearest of a single word is just a similar-looking word
        place = None if len(words) == 1 and status != "altered" else best[1]
        return QuotationMatch(status, place, round(best[0], 4))

    def _windows(self, quotation: str, *, ellipsis: bool) -> list[tuple[DocumentInfo, Document, int, Sequence[Token]]]:
        """Return stretches of documents around passages with the quotation's rare terms, overlapping ones merged."""
        numbers: dict[int, None] = {}
        for language in self._languages:
            wanted = list(dict.fromkeys(terms(quotation, language)))
            known = self._index.records.document_frequencies(wanted)
            rare = sorted((term for term in wanted if known[term]), key=lambda term: (known[term], term))
            for some in (rare[:RARE_TERMS], rare[: 3 * RARE_TERMS]):
                numbers |= dict.fromkeys(self._index.holding(some, CANDIDATES, self._numbers)[:CANDIDATES])
        reach = len(quotation) + (_ELLIPSIS_REACH if ellipsis else _REACH)
        spans: dict[int, list[tuple[int, int]]] = {}
        for one in self._index.records.passages(list(numbers)):
            spans.setdefault(one.document_number, []).append((one.passage.start - reach, one.passage.end + reach))
        found: list[tuple[DocumentInfo, Document, int, Sequence[Token]]] = []
        for number, around in spans.items():
            document = self._document(number)
            for start, end in _merge(around):
                start, end = max(start, 0), min(end, len(document.text))
                found.append((self._by_number[number], document, start, tokenize(document.text[start:end])))
        return found

    def _exact(
        self, runs: Sequence[TokenRun], info: DocumentInfo, document: Document, start: int, tokens: Sequence[Token]
    ) -> SourcePlace | None:
        at = find_runs(runs, tokens)
        if at is None:
            return None
        return self._place(info, document, start + tokens[at[0]].start, start + tokens[at[1] - 1].end)

    def _place(self, info: DocumentInfo, document: Document, start: int, end: int) -> SourcePlace:
        path = document.path(section_at(document, start))
        page = document.page_at(start)
        number, label = (page.page, page.label) if page is not None else (None, None)
        return SourcePlace(
            info, start, end, document.text[start:end], path, number, label, cite(info, path, number, label)
        )


def _text_similarity(one: str, other: str) -> float:
    """Return the similarity of two texts by character, which ranks places with the same number of different words.

    Of two editions that differ in a figure, a misquoted figure is matched to the one that it resembles.
    """
    return SequenceMatcher(None, one[:_COMPARED], other[:_COMPARED], autojunk=False).ratio()


def _merge(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
