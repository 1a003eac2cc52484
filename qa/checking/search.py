"""Finding a quotation in an index: candidates by its rare terms, then the exact words. No text is scanned whole."""

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
from qa.checking import quotation_pattern
from qa.checking.approximate_match import nearest
from qa.checking.quotation_pattern import Token, TokenRun
from qa.citation import cite
from qa.question.filters import Filters

Status = Literal["verbatim", "altered", "not found", "short"]

CANDIDATES = 24
RARE = 8
"""So many of its rarest terms are looked up, and so many passages that hold most of them."""

ALTERED = 0.42
"""A quotation is an altered one of the passage nearest to it up to this cost, else not found."""

LEAST_WORDS = 3
"""What is shorter and not found may be a word in inverted commas: said, but not held against the draft."""

_COMPARED = 2_000
"""Characters by which places that are equally near by their words are told apart."""

_AROUND = 300
_AROUND_ELLIPSIS = 4000


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
        """As `show` takes it: document@start-end."""
        return f"{self.document.id}@{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class QuotationMatch:
    """What became of a quotation: where it stands, or what comes nearest (None where nothing shares a word with it)."""

    status: Status
    place: SourcePlace | None
    cost: float
    also: tuple[SourcePlace, ...] = ()


class QuotationSources:
    """The documents of an index that quotations may come from."""

    def __init__(self, index: Index, filters: Filters) -> None:
        self._index = index
        self.documents = kept = filters.select(index.documents)
        self._numbers = None if len(kept) == len(index.documents) else [one.number for one in kept]
        self._languages = sorted({one.language or "en" for one in kept}) or ["en"]
        self._by_number = {one.number: one for one in index.documents}
        self._document = lru_cache(maxsize=16)(index.records.document)

    def find(self, quotation: str, named: Collection[int] = ()) -> QuotationMatch:
        """Where a quotation stands, or comes nearest.

        Where it does in several documents, first in those `named` beside it (by their numbers).
        """
        runs = quotation_pattern.runs(quotation_pattern.unbracketed(quotation))
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
            cost, first, last = nearest(runs, tokens)
            if last > first and (not near or cost <= near[0][0]):
                place = self._place(info, document, start + tokens[first].start, start + tokens[last - 1].end)
                near = [*(one for one in near if one[0] == cost), (cost, place)]
        best = max(
            near,
            key=lambda one: (one[1].document.number in named, _likeness(quotation, one[1].text)),
            default=None,
        )
        short = len(words) < LEAST_WORDS and sum(len(token.word) for token in words) < 16
        if best is None:
            return QuotationMatch("short" if short else "not found", None, 1.0)
        status: Status = "short" if short else "altered" if best[0] <= ALTERED else "not found"
        # of one word, the nearest is another word that happens to look like it
        place = None if len(words) == 1 and status != "altered" else best[1]
        return QuotationMatch(status, place, round(best[0], 4))

    def _windows(self, quotation: str, *, ellipsis: bool) -> list[tuple[DocumentInfo, Document, int, Sequence[Token]]]:
        """Stretches of documents around the passages that share the quotation's rare terms; overlapping ones joined."""
        numbers: dict[int, None] = {}
        for language in self._languages:
            wanted = list(dict.fromkeys(terms(quotation, language)))
            known = self._index.records.document_frequencies(wanted)
            rare = sorted((term for term in wanted if known[term]), key=lambda term: (known[term], term))
            for some in (rare[:RARE], rare[: 3 * RARE]):
                numbers |= dict.fromkeys(self._index.holding(some, CANDIDATES, self._numbers)[:CANDIDATES])
        reach = len(quotation) + (_AROUND_ELLIPSIS if ellipsis else _AROUND)
        spans: dict[int, list[tuple[int, int]]] = {}
        for one in self._index.records.passages(list(numbers)):
            spans.setdefault(one.document_number, []).append((one.passage.start - reach, one.passage.end + reach))
        found: list[tuple[DocumentInfo, Document, int, Sequence[Token]]] = []
        for number, around in spans.items():
            document = self._document(number)
            for start, end in _joined(around):
                start, end = max(start, 0), min(end, len(document.text))
                found.append(
                    (self._by_number[number], document, start, quotation_pattern.read(document.text[start:end]))
                )
        return found

    def _exact(
        self, runs: Sequence[TokenRun], info: DocumentInfo, document: Document, start: int, tokens: Sequence[Token]
    ) -> SourcePlace | None:
        at = quotation_pattern.find(runs, tokens)
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


def _likeness(one: str, other: str) -> float:
    """How like two texts are by their signs: what is told apart by it has as many words that differ.

    A sentence of two editions with a figure of each, misquoted, is that of the edition whose figure looks like it.
    """
    return SequenceMatcher(None, one[:_COMPARED], other[:_COMPARED], autojunk=False).ratio()


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
