"""Find a quotation in an index: candidate passages by rare terms, then its words. No document is scanned as a whole."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal, NamedTuple

from corpus.clauses import CONTRACTED_NOT, NEGATIONS
from corpus.metadata.language import detect_language, primary_language
from corpus.records import Document, format_span_id
from corpus.structure.lines import FULL_STOPS
from index.lexical.analysis import terms
from index.ranking.search import Index
from index.storage.reader import DocumentInfo
from qa.answering.excerpt import cite_span
from qa.checking.quotation_pattern import (
    MAX_OMITTED,
    Token,
    TokenRun,
    find_confused,
    find_runs,
    nearest_tokens,
    parse_quotation,
    tokenize,
    unbracket_letters,
)
from qa.editions.topic_words import is_foreign
from qa.question.filters import Filters

QuotationState = Literal["verbatim", "verbatim_but_for", "altered", "misattributed", "not_found", "cannot_be_checked"]
"""`verbatim_but_for`: up to the form of marks, dashes or numbers. `misattributed`: in another document than named."""

QUOTATION_FAULTS: frozenset[QuotationState] = frozenset({"altered", "misattributed", "not_found"})
"""The states that call for a correction of the draft."""

Reason = Literal["", "short", "translation", "source", "ocr", "year"]
"""Why a quotation cannot be checked: too short, in another language, or its source is not in the library. `ocr`: it is
verbatim apart from what text recognition confuses."""

STATUS_OF_STATE: Mapping[QuotationState, str] = {
    "verbatim": "verbatim",
    "verbatim_but_for": "verbatim",
    "altered": "altered",
    "misattributed": "not found",
    "not_found": "not found",
    "cannot_be_checked": "short",
}
"""The coarser status of each state."""

CANDIDATES = 24
"""Passages read per lookup: those with most of the quotation's rare terms."""

RARE_TERMS = 8
"""The rarest terms of the quotation, looked up alone and with twice as many others."""

MAX_ALTERED_COST = 0.42
"""Up to this cost the nearest span counts as the altered source; above it the quotation is not found. A higher value
accepts unrelated sentences as sources; a lower one loses heavily edited quotations
(`python -m tests.benchmarks.checking`)."""

MIN_WORDS = 3
"""A shorter quotation that is not found may be a word in scare quotes: reported, but not as a fault."""

NEAREST_COST = 0.62
"""Above this cost the nearest passage shares words by chance only, and is not shown."""

NAMED_MARGIN = 0.15
"""Additional cost at which a document that the draft names is still preferred as the altered source."""

_SHORT_OMISSION = 4
"""An ellipsis of at most this many words that omits a negation changes the meaning more than the length."""

_SENTENCE_BREAKS = frozenset(f"\n{FULL_STOPS}")
SENTENCE_MARKS = tuple(".。")
"""Marks at the end of a sentence that a quotation may add or leave out."""

_COMPARED = 2_000
"""Characters compared to rank places of equal cost."""

_REACH = 300
_ELLIPSIS_REACH = 4000
"""Characters read around a candidate passage, without and with an ellipsis in the quotation."""


NegationChange = Literal["", "dropped", "added"]

_NUMBERED = re.compile(r"\bno(?=s?\.?\s*\d)")
"""The abbreviation in "Resolution No. 5", which is no negation."""
_WIDE_NEGATIONS = re.compile(r"ない|なかっ|ません|ず(?=[、にして])|不|没有|未|않|없")


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """A span of a document, with its citation."""

    document: DocumentInfo
    start: int
    end: int
    text: str
    path: tuple[str, ...]
    page: int | None
    page_label: str | None
    citation: str
    cells: str = ""

    @classmethod
    def of(cls, info: DocumentInfo, document: Document, start: int, end: int) -> SourcePlace:
        """Return the span `[start, end)` of a document."""
        cited, text = cite_span(info, document, start, end), document.text[start:end]
        return cls(info, start, end, text, cited.path, cited.page, cited.page_label, cited.citation, cited.cells)

    @property
    def id(self) -> str:
        """`DOCUMENT@START-END`, as `show` takes it."""
        return format_span_id(self.document.id, self.start, self.end)


@dataclass(frozen=True, slots=True)
class QuotationMatch:
    """The state of a quotation and its place, or the nearest one; None if no place is near.

    `negation` is "dropped" or "added" where a negation differs.
    """

    state: QuotationState
    place: SourcePlace | None
    cost: float
    also: tuple[SourcePlace, ...] = ()
    reason: Reason = ""
    negation: NegationChange = ""

    @property
    def status(self) -> str:
        """The coarser status: verbatim, altered, not found or short."""
        return STATUS_OF_STATE[self.state]


class _Window(NamedTuple):
    """A span of a document that is compared with a quotation; `start` is its position in the document's text."""

    info: DocumentInfo
    document: Document
    start: int
    tokens: Sequence[Token]


class QuotationSources:
    """The documents of an index that quotations are searched in."""

    def __init__(self, index: Index, filters: Filters) -> None:
        self._index = index
        documents = self.documents = filters.select(index.documents)
        self._numbers = None if len(documents) == len(index.documents) else [document.number for document in documents]
        self._languages = sorted({document.language or "en" for document in documents}) or ["en"]
        self._by_number = {document.number: document for document in index.documents}
        self._document = lru_cache(maxsize=16)(index.records.document)

    def find(
        self, quotation: str, named: Collection[int] = (), *, names_unknown_source: bool = False
    ) -> QuotationMatch:
        """Find a quotation, or the nearest span.

        Args:
            quotation: The text between the marks.
            named: Numbers of the documents named next to it; a quotation of another document is misattributed.
            names_unknown_source: Whether it is credited to an edition that the library does not have.
        """
        text = unbracket_letters(quotation)
        runs = parse_quotation(text)
        words = [token for run in runs for token in run.tokens if token.word[0].isalnum()]
        if not words:
            return QuotationMatch("cannot_be_checked", None, 1.0, reason="short")
        windows = self._windows(quotation, ellipsis=any(run.gap for run in runs))
        exact = [
            (place, negation)
            for info, document, start, tokens in windows
            if (match := self._exact(runs, info, document, start, tokens)) is not None
            for place, negation in [match]
        ]
        if exact:
            return _match_exact(text, runs, exact, named, names_unknown_source=names_unknown_source)
        confused = [match for window in windows if (match := self._find_confused(text, runs, window)) is not None]
        if confused:
            result = _match_exact(text, runs, confused, named, names_unknown_source=names_unknown_source)
            return replace(result, reason="ocr") if result.state == "verbatim_but_for" else result
        if names_unknown_source:
            return QuotationMatch("cannot_be_checked", None, 1.0, reason="source")
        if self._is_translated(quotation, named):
            return QuotationMatch("cannot_be_checked", None, 1.0, reason="translation")
        cost, place = self._nearest(quotation, runs, windows, named)
        short = len(words) < MIN_WORDS
        is_altered = place is not None and cost <= MAX_ALTERED_COST
        if cost > NEAREST_COST or (len(words) == 1 and not is_altered):
            place = None  # the nearest of a single word is just a similar-looking word
        if short:
            return QuotationMatch("cannot_be_checked", place, cost, reason="short")
        if not is_altered or place is None:
            return QuotationMatch("not_found", place, cost)
        return QuotationMatch(
            "altered", place, cost, negation=negation_change(place.text, text, place.document.language)
        )

    def _is_translated(self, quotation: str, named: Collection[int]) -> bool:
        """Return whether a quotation is in a script that the named documents lack, or in a language of no document."""
        languages = {self._by_number[number].language for number in named}
        if languages and is_foreign(quotation, list(languages), None):
            return True
        return is_foreign(quotation, self._languages, detect_language(quotation)) and not self._knows_words(quotation)

    def _knows_words(self, quotation: str) -> bool:
        """Return whether half of a quotation's terms are in the index: then it is in a language of the documents."""
        wanted = {term for language in self._languages for term in terms(quotation, language)}
        known = self._index.records.document_frequencies(list(wanted))
        return 2 * sum(known[term] > 0 for term in wanted) >= len(wanted) > 0

    def _nearest(
        self, quotation: str, runs: Sequence[TokenRun], windows: Sequence[_Window], named: Collection[int]
    ) -> tuple[float, SourcePlace | None]:
        """Return the nearest span with its cost; a named document is preferred by `NAMED_MARGIN`.

        The same margin counts against a span that differs by a negation: "wasn't" is nearer to "was not" than "was".
        """
        near: list[tuple[float, SourcePlace]] = []
        for info, document, start, tokens in windows:
            cost, first, last, widest_first, widest_last = nearest_tokens(runs, tokens)
            if last > first:
                while first > widest_first and not _ends_sentence(document.text, start, tokens, first):
                    first -= 1
                while last < widest_last and not _ends_sentence(document.text, start, tokens, last):
                    last += 1
                end = start + tokens[last - 1].end
                if quotation[-1:] in SENTENCE_MARKS and document.text[end : end + 1] == quotation[-1:]:
                    end += 1  # the quoted mark, which is no token
                place = SourcePlace.of(info, document, start + tokens[first].start, end)
                near.append((round(cost, 4), place))
        least = min((cost for cost, _ in near), default=1.0)
        of_named = [item for item in near if item[1].document.number in named]
        least_named = min((cost for cost, _ in of_named), default=1.0)
        if least_named <= min(MAX_ALTERED_COST, least + NAMED_MARGIN):
            near, least = of_named, least_named
        close = [item for item in near if item[0] <= least + NAMED_MARGIN]
        same = [
            item for item in close if not negation_change(item[1].text, quotation, item[1].document.language)
        ] or close
        least = min((cost for cost, _ in same), default=1.0)
        best = [place for cost, place in same if cost == least]
        return least, max(best, key=lambda place: _text_similarity(quotation, place.text), default=None)

    def _windows(self, quotation: str, *, ellipsis: bool) -> list[_Window]:
        """Return spans of documents around passages with the quotation's rare terms, overlapping ones merged."""
        numbers: dict[int, None] = {}
        for language in self._languages:
            wanted = list(dict.fromkeys(terms(quotation, language)))
            known = self._index.records.document_frequencies(wanted)
            rare = sorted((term for term in wanted if known[term]), key=lambda term: (known[term], term))
            for rarest in (rare[:RARE_TERMS], rare[: 3 * RARE_TERMS]):
                numbers |= dict.fromkeys(
                    self._index.passages_with_most_terms(rarest, CANDIDATES, self._numbers)[:CANDIDATES]
                )
        reach = len(quotation) + (_ELLIPSIS_REACH if ellipsis else _REACH)
        spans: dict[int, list[tuple[int, int]]] = {}
        for stored in self._index.records.passages(list(numbers)):
            spans.setdefault(stored.document_number, []).append(
                (stored.passage.start - reach, stored.passage.end + reach)
            )
        windows: list[_Window] = []
        for number, around in spans.items():
            document = self._document(number)
            for start, end in _merge(around):
                start, end = max(start, 0), min(end, len(document.text))
                windows.append(_Window(self._by_number[number], document, start, tokenize(document.text[start:end])))
        return windows

    def _exact(
        self, runs: Sequence[TokenRun], info: DocumentInfo, document: Document, start: int, tokens: Sequence[Token]
    ) -> tuple[SourcePlace, bool] | None:
        """Return the place of a quotation, and whether a short omission in it or before it drops a negation."""
        spans = find_runs(runs, tokens)
        if spans is None:
            return None
        gaps = [
            [token.word.casefold() for token in tokens[a:b]]
            for (_, a), (b, _), run in zip(spans, spans[1:], runs[1:], strict=False)
            if run.gap == MAX_OMITTED
        ]
        before = _words_cut_off(runs, document.text, start, tokens, spans[0][0])
        is_cut_off = _omits_negation([before], info.language)
        is_negated = is_cut_off or _omits_negation(gaps, info.language)
        first, last = tokens[spans[0][0] - len(before) * is_cut_off], tokens[spans[-1][1] - 1]
        return SourcePlace.of(info, document, start + first.start, start + last.end), is_negated

    def _find_confused(self, text: str, runs: Sequence[TokenRun], window: _Window) -> tuple[SourcePlace, bool] | None:
        """Like `_exact` for recognised text, ignoring letters that OCR engines confuse."""
        document, offset = window.document, window.start
        if not document.recognized or not window.tokens:
            return None
        source = document.text[offset : offset + window.tokens[-1].end]
        spans = find_confused(text, runs, source)
        if spans is None or not document.recognized_in(offset + spans[0][0], offset + spans[-1][1]):
            return None
        gaps = [
            source[a:b].casefold().split()
            for (_, a), (b, _), run in zip(spans, spans[1:], runs[1:], strict=False)
            if run.gap == MAX_OMITTED
        ]
        place = SourcePlace.of(window.info, document, offset + spans[0][0], offset + spans[-1][1])
        return place, _omits_negation(gaps, window.info.language)


def _words_cut_off(
    runs: Sequence[TokenRun], text: str, start: int, tokens: Sequence[Token], position: int
) -> list[str]:
    """Return the words right before a quotation in its sentence, if it begins as a sentence of its own.

    "New damage was found" for "No new damage was found" has a capital letter that the source does not have.

    Args:
        runs: The quotation.
        text: The text of the document.
        start: The offset of the tokens in the text.
        tokens: Tokens of the document.
        position: The first of these that is quoted.
    """
    is_capitalised = runs[0].tokens[0].word[:1].isupper() and tokens[position].word[:1].islower()
    words: list[str] = []
    while is_capitalised and position and len(words) < _CUT_OFF and not _ends_sentence(text, start, tokens, position):
        position -= 1
        words.insert(0, tokens[position].word.casefold())
    return words


_CUT_OFF = 2
"""Words before a quotation that are read: "no new", "not a single"."""


def _ends_sentence(text: str, start: int, tokens: Sequence[Token], position: int) -> bool:
    """Return whether a sentence or a line ends before a token; `start` is the offset of the tokens in the text."""
    between = text[start + tokens[position - 1].end : start + tokens[position].start]
    return not _SENTENCE_BREAKS.isdisjoint(between)


def negation_change(source: str, quotation: str, language: str | None) -> NegationChange:
    """Return "dropped", "added" or "": what a quotation does to the negations of its source in a language."""
    counts = []
    for text in (source, quotation):
        plain = _NUMBERED.sub("", text.replace("’", "'").casefold())
        words = re.findall(r"[^\W\d_]+(?:'t)?", plain)
        counts.append(sum(_is_negation(word, language) for word in words) + len(_WIDE_NEGATIONS.findall(plain)))
    return "" if counts[0] == counts[1] else "dropped" if counts[0] > counts[1] else "added"


def _is_negation(word: str, language: str | None) -> bool:
    """Return whether a word is a negation in a language, English if it is unknown: "sin" is one in Spanish only."""
    negations = NEGATIONS.get(primary_language(language), NEGATIONS["en"])
    return word in negations.all or (negations is NEGATIONS["en"] and re.fullmatch(CONTRACTED_NOT, word) is not None)


def _omits_negation(gaps: Sequence[Sequence[str]], language: str | None) -> bool:
    """Return whether one of the gaps is short and has a negation among its words."""
    return any(len(gap) <= _SHORT_OMISSION and any(_is_negation(word, language) for word in gap) for gap in gaps)


def _match_exact(
    text: str,
    runs: Sequence[TokenRun],
    exact: Sequence[tuple[SourcePlace, bool]],
    named: Collection[int],
    *,
    names_unknown_source: bool,
) -> QuotationMatch:
    negated = {place.id: is_negated for place, is_negated in exact}
    places = list({place.id: place for place, _ in exact}.values())
    places.sort(key=lambda place: (place.document.number not in named, not _is_literal(text, runs, place)))
    place, also = places[0], tuple(places[1:3])
    if names_unknown_source:
        return QuotationMatch("cannot_be_checked", place, 0.0, also, "source")
    if named and place.document.number not in named:
        return QuotationMatch("misattributed", place, 0.0, also)
    if negated[place.id]:
        return QuotationMatch("altered", place, 0.0, also, negation="dropped")
    return QuotationMatch("verbatim" if _is_literal(text, runs, place) else "verbatim_but_for", place, 0.0, also)


def _is_literal(text: str, runs: Sequence[TokenRun], place: SourcePlace) -> bool:
    """Return whether a place has the words as quoted, but for white space and the case of the first letter."""
    source = " ".join(place.text.split())
    for run in runs:
        written = " ".join(text[run.tokens[0].start : run.tokens[-1].end].split())
        if written not in source and written[0].swapcase() + written[1:] not in source:
            return False
    return True


def _text_similarity(quotation: str, source: str) -> float:
    """Return the similarity of two texts by character, which ranks places with the same number of different words.

    Of two editions that differ in a figure, a misquoted figure is matched to the one that it resembles.
    """
    return SequenceMatcher(None, quotation[:_COMPARED], source[:_COMPARED], autojunk=False).ratio()


def _merge(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
