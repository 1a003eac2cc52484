"""Compare figures in a draft with the source that their sentence names.

"The destroyers protected 38 merchant ships (Diplomatic Bluebook 2020)": the passages of that edition nearest to the
sentence state the same figure, a different figure for the same thing, or none.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import accumulate, zip_longest
from typing import Literal

from corpus.metadata.language import detect_language, is_listed, primary_language
from corpus.metadata.years import find_years_ended
from corpus.records import HEADED_KINDS, Document, Section, Span
from corpus.translation import gettext_noop
from corpus.vocabulary import YEAR
from index.storage.reader import DocumentInfo
from qa.answering.library import Library
from qa.checking.calculated_figures import find_calculation
from qa.checking.claims import (
    WORD,
    Claim,
    DescribedFigures,
    clause_around,
    clause_of,
    is_aside,
    is_earlier,
    sentence_terms_of,
    stems_of,
    with_shared_units,
    years_of,
)
from qa.checking.derived_figures import (
    SourceText,
    derive_figure,
    is_of_another_kind,
    is_vote_reversed,
    may_be_calculated,
    other_direction_since,
)
from qa.checking.draft import Draft, split_claims
from qa.checking.figure_matching import (
    ANOTHER_RESULT,
    ANOTHER_UNIT,
    ANOTHER_YEAR,
    MAY_BE_CALCULATED,
    OPPOSITE_CHANGE,
    FigureMatch,
    FigureStatus,
    current_of,
    match_figure,
)
from qa.checking.figure_relations import DISTINCTIVE, end_of_change, holds, significant_digits, told_direction
from qa.checking.mismatches import ANOTHER_FIGURE, OPPOSITE, SourceFigures
from qa.checking.named_sources import (
    NamedSources,
    adds_to,
    find_named_sources,
    find_publisher,
    language_of_attribution,
    refers_back,
    without_years_of_names,
)
from qa.checking.quotation_matching import SourcePlace
from qa.checking.table_figures import IN_ALL
from qa.editions.alignment import SentenceSet, sentence_similarity
from qa.editions.figures.pairs import pair_figures
from qa.editions.figures.sentence_figures import Figure, find_figures, is_period
from qa.editions.sections import LocatedSentence, locate_sentences
from qa.question.analysis import Interpretation, extract_topic
from qa.question.filters import Filters

FIGURE_FAULTS: frozenset[FigureStatus] = frozenset({"differs", "not found"})
"""The states that call for a correction of the draft."""

_PASSAGES, _FIGURES_OF_PASSAGE = 6, 8
"""Passages of the named source that are read for each sentence, and one more for so many figures of a long list."""

_MAX_HEADING = 300
"""Characters of a heading that are looked for after the full stop of its number."""


@dataclass(frozen=True, slots=True)
class CheckedFigure:
    """A figure, `[start, end)` of the draft; `place` and `sentence` are those of the source's figure."""

    start: int
    end: int
    text: str
    status: FigureStatus
    source: str
    place: SourcePlace | None
    sentence: str
    reason: str = ""
    """Why it differs or cannot be checked, in English."""


@dataclass(frozen=True, slots=True)
class UncheckedFigure:
    """A figure, `[start, end)` of the draft, that was not checked.

    Its sentence attributes it to a source that was not recognised as a document, or names no source.
    """

    start: int
    end: int
    text: str
    has_source: bool = True


_LOCATOR = re.compile(
    r"\b(?:pp?\.?|pages?|chap\.?|chapters?|sect?\.|sections?|pt\.|parts?|vols?\.|volumes?|nos?\.|nn?\.|note|figs?\.|figures?"
    r"|tables?|annex(?:es)?|arts?\.|articles?|paras?\.?|paragraphs?|Abschnitt|Kapitel|Teil|Seite)\s*\d[\d.]*(?:\s*[-–]\s*\d[\d.]*)?"
    r"|\(\d{4}\),\s*\d+(?:\s*[-–]\s*\d+)?(?=\s*(?:[.;\n]|$))"  # a year in brackets, then a page: "Report (2020), 2."
    r"|§+\s*\d[\d.]*|第\s*\d+\s*[章節部編項号]|\d+\s*(?:頁|ページ)|\[\^?\d+\]|https?://\S+|[^\s@]{1,200}@\d+-\d+",
    re.IGNORECASE,
)
"""Places in a source, marks of notes, addresses and passage ids: their numbers are no claims."""


_YEAR = re.compile(YEAR)

_MAX_TEXTS = 12
"""Documents, at most, in which the names of a sentence are counted: whole series are long."""

_EARLIER_EDITIONS = 3
"""Editions before the one that a sentence names in which a figure of an earlier time is searched."""


def check_figures(
    library: Library, draft: Draft, quoted: Sequence[Span], filters: Filters
) -> Iterator[CheckedFigure | UncheckedFigure]:
    """Yield the figures of a draft outside quotations, each compared with the source that its sentence names, or not.

    A sentence that names none is compared with the documents of the publisher that it is about, or with the source
    named before it. Only a figure of clearly the same thing is called another one there. A distinctive figure that
    agrees shows that the draft is about these documents, also where its sentences only may be about their publisher.
    """
    sources = _SourceDocuments(library)
    excluded = _Spans([*quoted, *draft.note_labels])
    confirmed: set[int] = set()  # numbers of documents
    for attributed in _attribute_sentences(library, draft, filters):
        numbers = {document.number for document in attributed.documents}
        if attributed.relation == "other" and not confirmed.isdisjoint(numbers):
            attributed = replace(attributed, relation="after")
        figures = _find_checkable_figures(attributed, draft, excluded, sources)
        if not attributed.documents:
            yield from _leave_unchecked(figures, attributed)
        elif figures:
            compared = _compare(library, attributed, figures, sources)
            if any(each.status == "agrees" and _is_distinctive(each.text) for each in compared):
                confirmed |= numbers
            yield from (_without_missing(each, attributed) for each in compared)


def _is_distinctive(text: str) -> bool:
    return len("".join(filter(str.isdecimal, text)).strip("0")) >= DISTINCTIVE


def _compare(
    library: Library, attributed: _AttributedSentence, figures: Sequence[Figure], sources: _SourceDocuments
) -> list[CheckedFigure]:
    """Return the figures of a sentence compared with its documents, or with others if only these state any of them."""
    compared: list[list[CheckedFigure]] = []
    for documents in (attributed.documents, *attributed.alternatives):
        comparison = _Comparison(library, replace(attributed, documents=documents), figures, sources)
        compared.append(comparison.check([each for each in comparison.figures if each.start >= attributed.start]))
        if any(each.status == "agrees" for each in compared[-1]):
            return compared[-1]
    return compared[0]


class _SourceDocuments:
    """The documents of a library; each is read once, for all sentences that name it.

    Attributes:
        read: A document by its number.
        numbered_headings: The headings of a document with a number and a letter, by their folded words.
        named_sections: The sections of a document that are named after countries, persons or firms.
    """

    def __init__(self, library: Library) -> None:
        self.read = cache(library.index.records.document)
        self.numbered_headings = cache(self._numbered_headings)
        self.named_sections = cache(lambda number: _sections_named_after(self.read(number)))

    def _numbered_headings(self, number: int) -> Mapping[str, str]:
        document = self.read(number)
        return _numbered({heading for position in range(len(document.outline)) for heading in document.path(position)})


class _Spans:
    """Spans of a draft, of which there may be thousands."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans = sorted(spans)
        self._reaches = list(accumulate((end for _, end in self._spans), max))

    def overlap(self, figure: Figure) -> bool:
        """Return whether a figure overlaps any of the spans."""
        before = bisect_left(self._spans, figure.end, key=lambda span: span[0])
        return before > 0 and self._reaches[before - 1] > figure.start


Relation = Literal["attributed", "about", "after", "other"]
"""How a sentence belongs to its documents: it names them as its source, it is about their publisher, it follows
sentences of which they are the source, or it may be about anything."""


@dataclass(frozen=True, slots=True)
class _AttributedSentence:
    """A sentence of a draft with the documents to which it attributes what it says, or which it may be about."""

    sentence: LocatedSentence
    """The sentence, with the one before it if it only goes on with that: "That is 9 per cent more"."""

    start: int
    """Where the sentence itself begins in the draft."""

    named: NamedSources
    """The sources that it names itself."""

    documents: tuple[DocumentInfo, ...]
    """These, or those named before; empty if none are known."""

    relation: Relation

    spoken: str | None
    """Its own language, or that of the draft where its words do not tell."""

    alternatives: tuple[tuple[DocumentInfo, ...], ...] = ()
    """Documents that it may be about instead, if it does not attribute itself to any."""

    @property
    def language_of_numbers(self) -> str | None:
        """How its numbers are written: a German report is quoted in English as "1,315 members"."""
        return self.spoken or (self.documents[0].language if self.documents else "en")

    @property
    def is_translated(self) -> bool:
        """Whether it is in another language than the documents."""
        written = self.documents[0].language
        return None not in (self.spoken, written) and primary_language(self.spoken) != primary_language(written)


def _attribute_sentences(library: Library, draft: Draft, filters: Filters) -> Iterator[_AttributedSentence]:
    """Yield the sentences of a draft with their sources, without those whose sources are left out by a filter."""
    draft_language = detect_language(draft.text)
    of_draft = _documents_of_draft(library, filters)
    named_before: tuple[DocumentInfo, ...] = ()
    relation: Relation = "after" if filters.document or filters.edition else "other"
    before: Span = (0, 0)
    names_before: Sequence[Span] = ()
    is_next = False
    for start, end in split_claims(draft.text):
        text = draft.text[start:end]
        is_paragraph = _NEW_PARAGRAPH.search(draft.text, before[1], start) is not None
        named = find_named_sources(library, text, filters, named_before)
        documents = named.documents
        if named.is_recognised and not documents:
            named_before, before, relation = (), (start, end), "other"
            continue
        own_language = detect_language(_without_names(text, named.understood.mentions)) or detect_language(text)
        attributed_in = language_of_attribution(text, own_language or draft_language)
        follows = refers_back(text, is_next=is_next)
        is_next = bool(documents) or follows
        is_attributed = bool(documents or attributed_in or named.is_unknown or follows)
        publisher = None if is_attributed else find_publisher(library, text, filters, named_before)
        alternatives: tuple[tuple[DocumentInfo, ...], ...] = ()
        if documents:
            named_before = documents
        elif named.is_unknown:
            named_before = ()
        elif follows or not attributed_in:
            documents = _with_editions_of(library, named_before or of_draft, named.understood.years, filters)
        if publisher is not None:
            named = named.with_name(publisher.span)
            alternatives = (documents,) if any(each not in publisher.documents for each in documents) else ()
            documents = publisher.documents
            if all(document.series != documents[0].series for document in named_before):
                named_before = documents
        if is_attributed:
            relation = "attributed"
        elif publisher is not None and publisher.is_clear:
            relation = "about"
        else:
            relation = "after" if documents and relation != "other" else "other"
        sentence, own_names = LocatedSentence("", "", start, end, text, -1), named.understood.mentions
        if relation != "attributed" and not is_paragraph and adds_to(text):
            sentence = _with_sentence_before(draft.text, before, (start, end))
            named = named.after(start - before[0], names_before)
        before, names_before = (start, end), own_names
        spoken = attributed_in or own_language or draft_language
        yield _AttributedSentence(sentence, start, named, documents, relation, spoken, alternatives)


_NEW_PARAGRAPH = re.compile(r"\n\s*\n")


def _with_sentence_before(text: str, before: Span, own: Span) -> LocatedSentence:
    """Return a sentence of a draft and the one before it as one of the same length."""
    first = re.sub(r"[.!?](?=\W*$)", ",", text[before[0] : own[0]])
    second = text[own[0] : own[1]]  # its first word, a pronoun or an article, is no name inside a sentence
    return LocatedSentence("", "", before[0], own[1], f"{first}{second[:1].lower()}{second[1:]}", -1)


def _documents_of_draft(library: Library, filters: Filters) -> tuple[DocumentInfo, ...]:
    """Return the documents that a whole draft may be about: those of the filters, or of a library of one series."""
    documents = filters.select(library.index.documents)
    is_one = len({document.series or document.id for document in documents}) == 1
    return tuple(documents) if filters or is_one else ()


def _without_names(text: str, names: Iterable[Span]) -> str:
    """Return a sentence without the names of its sources, which may be in another language."""
    for start, end in sorted(names, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return text


def _with_editions_of(
    library: Library, documents: Sequence[DocumentInfo], years: Iterable[int], filters: Filters
) -> tuple[DocumentInfo, ...]:
    """Return documents with the editions of their series that a year of a sentence means: "in 2022 it was 10.4"."""
    series = {document.series for document in documents if document.series}
    meant = frozenset(years)
    others = [
        document
        for document in (filters.select(library.index.documents) if series and meant else ())
        if document.series in series and document not in documents and not meant.isdisjoint(years_of(document))
    ]
    return (*documents, *others)


def _find_checkable_figures(
    attributed: _AttributedSentence, draft: Draft, excluded: _Spans, sources: _SourceDocuments
) -> list[Figure]:
    """Return the figures of a sentence outside quotations and labels of notes that cite no place in a source."""
    figures = [
        figure
        for figure in find_figures([attributed.sentence], attributed.language_of_numbers, with_periods=True)
        if figure.quantity.kind != "ordinal"  # "the second pillar" is not an amount
        and not excluded.overlap(figure)
    ]
    if not figures:
        return []
    start, end = attributed.sentence.start, attributed.sentence.end
    with_heading = draft.text[start : end + _MAX_HEADING]  # a sentence seems to end in "1. Traffic"
    places = _places_cited(with_heading, attributed.documents, sources.numbered_headings)
    cited = [*attributed.named.understood.mentions, *places]
    return [figure for figure in figures if not _overlaps(figure, cited)]


def _leave_unchecked(figures: Sequence[Figure], attributed: _AttributedSentence) -> Iterator[UncheckedFigure]:
    """Yield the amounts of a sentence without a known source, but no periods and no year of an unknown work."""
    for figure in figures:
        is_year_of_work = attributed.named.is_unknown and _YEAR.fullmatch(figure.quantity.text) is not None
        if not is_period(figure.sentence.text, figure.quantity) and not is_year_of_work:
            yield UncheckedFigure(
                figure.start, figure.end, figure.quantity.text, has_source=attributed.relation == "attributed"
            )


def _without_missing(checked: CheckedFigure, attributed: _AttributedSentence) -> CheckedFigure | UncheckedFigure:
    """Return a figure of a sentence that names no source: that the documents do not state it is no fault."""
    if attributed.relation == "attributed" or checked.place is not None:
        return checked
    if attributed.relation == "about":
        reason = checked.reason or gettext_noop("the documents of the publisher do not state it")
        return replace(checked, status="cannot be checked", reason=reason)
    return UncheckedFigure(checked.start, checked.end, checked.text, has_source=False)


def _numbered(names: Iterable[str | None]) -> dict[str, str]:
    """Return the names with a number and a letter by their folded words."""
    return {
        _folded(name): name for name in names if name and any(map(str.isdigit, name)) and any(map(str.isalpha, name))
    }


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _places_cited(
    text: str, documents: Sequence[DocumentInfo], numbered_headings: Callable[[int], Mapping[str, str]]
) -> Iterator[Span]:
    """Yield the spans of a text that say where in its source something is: pages, parts, headings."""
    yield from (match.span() for match in _LOCATOR.finditer(text))
    said = _folded(text)
    names = {
        name
        for document in documents
        for named in (_numbered((document.title, document.part)), numbered_headings(document.number))
        for folded, name in named.items()
        if folded in said  # a report of 2,000 pages has thousands of headings
    }
    for name in names:
        words = r"\s+".join(map(re.escape, name.split()))
        pattern = rf"(?<!\w){words}(?!\w)"  # "1 Stations" is not in "91 stations"
        yield from (match.span() for match in re.finditer(pattern, text, re.IGNORECASE))


def _overlaps(figure: Figure, spans: Sequence[Span]) -> bool:
    return any(start < figure.quantity.end and figure.quantity.start < end for start, end in spans)


class _Comparison:
    """A sentence of a draft beside the passages of its documents that are nearest to it.

    Attributes:
        figures: The figures of the sentence, with the units that it leaves out.
    """

    def __init__(
        self, library: Library, attributed: _AttributedSentence, figures: Sequence[Figure], sources: _SourceDocuments
    ) -> None:
        """Search the passages, and pair the figures of the sentence with those of the passages."""
        self._library, self._sources, self._sentence = library, sources, attributed.sentence
        self._relation = attributed.relation
        self._documents = documents = attributed.documents
        text, language = attributed.sentence.text, documents[0].language
        names = _source_spans(library, text, attributed.named.understood, documents)
        self._subject = extract_topic(text, names)  # the name of a publisher would find covers
        self.figures = with_shared_units(figures, language)
        self._claim = Claim.of(
            text,
            self._subject,
            without_years_of_names(text, names),
            self.figures,
            documents,
            [sources.read(document.number).text for document in documents[:_MAX_TEXTS]],
            is_translated=attributed.is_translated,
        )
        self._passages = _PASSAGES + len(self.figures) // _FIGURES_OF_PASSAGE
        self._source = _read_source(library, self._sentence, self._subject, documents, self._passages)
        figures_there = self._source.figures
        similarities = figures_there.similarities.reshape(1, -1)  # of one sentence
        pairs = pair_figures(self.figures, figures_there.stated.all, similarities, language, min_subject=0)
        self._paired = {pair.earlier: pair.later for pair in pairs}

    def check(self, figures: Iterable[Figure]) -> list[CheckedFigure]:
        """Return whether the documents state each figure of the sentence, but for periods that they do not have."""
        matches = {figure: match for figure in figures if (match := self._match(figure)) is not None}
        for figure, instead in self._current_figures(matches).items():
            matches[figure] = FigureMatch(gettext_noop("differs"), instead, ANOTHER_YEAR)
        return [self._checked(figure, self._without_doubt(figure, match)) for figure, match in matches.items()]

    def _current_figures(self, matches: Mapping[Figure, FigureMatch]) -> dict[Figure, Figure]:
        """Return the current figures beside those of an earlier year, if the other figures of the sentence are current.

        A sentence that names no year is about one: "503 people work here, 24 of them trainees" for "503 people (2022:
        488), 29 of them trainees (2022: 24)".
        """
        stated, claim = self._source.figures.stated, self._claim
        if claim.named_years():
            return {}
        years = {
            figure: max(of_match)
            for figure, match in matches.items()
            if match.status == "agrees"
            and match.figure is not None
            and not is_earlier(figure, claim)
            and holds(figure, match.figure)
            and (
                of_match := stated.years(match.figure)
                or years_of(self._library.index.info(match.figure.sentence.document))
            )
        }
        latest = max(years.values(), default=0)
        current: dict[Figure, Figure] = {}
        for figure in (figure for figure, year in years.items() if year < latest):
            equal = [each for each in self._source.figures.on_subject(figure, claim) if holds(figure, each)]
            instead = next((now for each in equal if (now := current_of(each, latest, stated)) is not None), None)
            if instead is not None and all(max(stated.years(each), default=0) < latest for each in equal):
                current[figure] = instead
        return current

    def _match(self, figure: Figure) -> FigureMatch | None:
        """Return whether the documents state a figure of the sentence; None for a period that they do not have."""
        match = match_figure(figure, self._claim, self._source.figures, self._paired.get(figure))
        text, quantity = figure.sentence.text, figure.quantity
        if is_period(text, quantity) and match.status != "agrees":
            is_of_year = any(start <= quantity.start < end for (start, end), _ in find_years_ended(text))
            if match.figure is None or is_of_year:
                return None  # "over the last two years" is rarely a statement of the source
        if match.status in ("not found", "cannot be checked"):
            match = self._match_in_clause(figure) or match
        if match.status != "agrees" and is_earlier(figure, self._claim):
            match = self._match_in_earlier_edition(figure) or match
        match = self._with_derived(figure, match)
        if match.status == "not found" and is_aside(figure, self.figures):
            match = FigureMatch(gettext_noop("cannot be checked"), None, gettext_noop("it is said in passing"))
        return match

    def _without_doubt(self, figure: Figure, match: FigureMatch) -> FigureMatch:
        """Return the match of a figure; of a sentence that names no source only a clear one agrees or differs.

        Another figure is shown in any case, as the sentence may be about something else.
        """
        relation, other = self._relation, match.figure
        if relation == "attributed" or other is None:
            return match
        if match.status == "agrees":
            is_by_chance = relation != "about" and self._claim.is_translated and not _has_digit(figure)
            return FigureMatch(gettext_noop("not found"), None) if is_by_chance else match
        is_clear = match.reason != ANOTHER_FIGURE or _is_near(figure, other)
        if relation == "after":
            is_measured = bool(figure.quantity.unit) and significant_digits(figure) >= DISTINCTIVE
            is_distinct = match.reason != ANOTHER_UNIT or is_measured
            is_clear = is_clear and is_distinct and self._is_on_subject(figure, match.reason, other)
        is_fault = is_clear and relation != "other"
        return match if is_fault else match._replace(status=gettext_noop("cannot be checked"))

    def _is_on_subject(self, figure: Figure, reason: str, other: Figure) -> bool:
        """Return whether a claim has a word of the sentence of a figure of its source, and no name that this lacks."""
        claim = self._claim
        is_equal = abs(figure.quantity.value) == abs(other.quantity.value)
        if claim.is_translated or (reason == OPPOSITE and is_equal and not claim.unknown_names):
            return True
        if reason == OPPOSITE_CHANGE and is_equal and end_of_change(figure) and end_of_change(other):
            return True  # both ends of a change, exchanged
        said = {word for word in claim.words if not word.isdigit()}
        said -= stems_of(f"{figure.quantity.text} {figure.quantity.unit}", claim.language)
        return not claim.unknown_names and not said.isdisjoint(sentence_terms_of(other, claim.language))

    def _with_derived(self, figure: Figure, match: FigureMatch) -> FigureMatch:
        """Return the match of a figure, or what follows from other words of the source if it states no equal one."""
        if match.status == "agrees":
            if match.figure is not None and (opposite := self._level_before(figure, match.figure)) is not None:
                reason = gettext_noop("the edition before shows the opposite change")
                return FigureMatch(gettext_noop("differs"), opposite, reason)
            if is_vote_reversed(figure, self._claim, self._source):
                reason = gettext_noop("the sides of the vote are exchanged")
                return FigureMatch(gettext_noop("differs"), match.figure, reason)
            return match
        if match.figure is not None and holds(figure, match.figure):
            return match
        earlier = [
            source.figures
            for at, (document, source) in enumerate(self._earlier_sources)
            if at == 0 or not years_of(document).isdisjoint(self._claim.named_years())
        ]
        derived = derive_figure(figure, self._claim, self._source, earlier)
        if derived is not None:
            return derived
        is_in_sentence = match.figure is not None and not match.figure.sentence.header
        is_result = match.reason == OPPOSITE_CHANGE or (match.reason == ANOTHER_RESULT and is_in_sentence)
        if match.status == "differs" and match.figure is not None and not is_result:
            is_unclear = is_of_another_kind(figure, self._claim, match.figure, self._source)
            return FigureMatch(gettext_noop("cannot be checked"), None, MAY_BE_CALCULATED) if is_unclear else match
        if match.status == "not found" and may_be_calculated(figure, self._claim, self._source):
            return FigureMatch(gettext_noop("cannot be checked"), None, MAY_BE_CALCULATED)
        return match

    def _match_in_clause(self, figure: Figure) -> FigureMatch | None:
        """Search the passages nearest to the clause of a figure: a sentence may be about several things."""
        clause = clause_around(figure, self.figures)
        if clause is None:
            return None
        source = _read_source(self._library, clause, clause.text, self._documents)
        match = match_figure(figure, self._claim, source.figures)
        return match if match.figure is not None else None

    def _match_in_earlier_edition(self, figure: Figure) -> FigureMatch | None:
        """Search a figure of an earlier time in the editions before those that the sentence names."""
        for document, source in self._earlier_sources:
            match = match_figure(figure, self._claim.also_of(document), source.figures)
            if match.status == "agrees":
                return match
        return None

    def _level_before(self, figure: Figure, match: Figure) -> Figure | None:
        """Return a level of the edition before from which a change went the other way than the sentence says."""
        if not told_direction(figure) or not self._earlier_sources:
            return None
        document, before = self._earlier_sources[0]
        if min(years_of(self._documents[0]), default=0) - max(years_of(document), default=0) > 1:
            return None  # an edition between them is not in the library
        return other_direction_since(figure, self._claim, match, self._source.figures, before.figures)

    @cached_property
    def _earlier_sources(self) -> list[tuple[DocumentInfo, SourceText]]:
        return [
            (document, _read_source(self._library, self._sentence, self._subject, [document], self._passages))
            for document in _previous_editions(self._library, self._documents)
        ]

    def _checked(self, figure: Figure, match: FigureMatch) -> CheckedFigure:
        """Return a figure of the sentence with the place of its match.

        A match in a section named after something else differs.
        """
        name = ", ".join(dict.fromkeys(document.title for document in self._documents))
        status, other, reason = match
        if other is None:
            return CheckedFigure(figure.start, figure.end, figure.quantity.text, status, name, None, "", reason)
        document = self._library.index.info(other.sentence.document)
        sections = self._sources.named_sections(document.number)
        if status == "agrees" and _is_in_section_of_another(self._subject, sections, other):
            status, reason = "differs", gettext_noop("it is in the section of another name")
        place = SourcePlace.of(document, self._sources.read(document.number), other.start, other.end)
        text, sentence = figure.quantity.text, other.sentence.text
        return CheckedFigure(figure.start, figure.end, text, status, name, place, sentence, reason)


def _has_digit(figure: Figure) -> bool:
    return any(map(str.isdigit, figure.quantity.text))


_NEAR = 2.0
"""Ratio of an altered figure to the true one, at most: a figure that differs more is seldom of the same thing."""


def _is_near(figure: Figure, other: Figure) -> bool:
    """Return whether a figure may be another one altered: of like size, and no difference, part or sum of others."""
    value, true = abs(figure.quantity.value), abs(other.quantity.value)
    is_share = figure.quantity.kind == other.quantity.kind == "percent"
    is_level = (
        find_calculation(figure) in ("", "share" if is_share else "") and _OF_OTHERS.search(clause_of(figure)) is None
    )
    return is_level and 0 < value <= _NEAR * true and true <= _NEAR * value


_OF_OTHERS = re.compile(
    rf"{IN_ALL.pattern}|\b(?:missing|remain(?:s|ing)?|short\s+of|left|fehlen|fehlten|verbleiben|manquent|restent|faltan|restan|mancano|restano|ontbreken)\b",
    re.IGNORECASE,
)
"""Words beside a sum of other figures, or beside the rest of one."""


_MIN_SIBLINGS, _MAX_NAME_WORDS = 3, 3
"""Sections beside each other that are named after countries, persons or firms, and the words of such a name."""


def _sections_named_after(document: Document) -> list[Section]:
    """Return the sections named after countries, persons or firms, if a few of them stand beside each other."""
    if primary_language(document.language) == "de":  # which writes all nouns like names
        return []
    headed = [item for item in document.outline if item.kind in HEADED_KINDS]
    names = _names_among({item.shown_text for item in headed}, document)
    named = [item for item in headed if item.shown_text in names]
    beside = Counter(item.parent for item in named)
    return [item for item in named if beside[item.parent] >= _MIN_SIBLINGS]


def _is_in_section_of_another(subject: str, named: Sequence[Section], figure: Figure) -> bool:
    """Return whether a figure is in the section of one name, and a claim has only the name of a section beside it.

    In a survey by country the section "Arvania" says nothing of Corvale.

    Args:
        subject: The claim without the names of its sources.
        named: The sections of the source that are named after something.
        figure: The figure of the source.
    """
    said, stated = subject.casefold(), figure.sentence.text.casefold()
    for item in named:
        if not item.start <= figure.start < item.end or _names(item, said):
            continue
        if any(other.parent == item.parent and _names(other, said) and not _names(other, stated) for other in named):
            return True
    return False


def _names(section: Section, said: str) -> bool:
    """Return whether a sentence in lower case has the heading of a section."""
    heading = " ".join(WORD.findall(section.shown_text)).casefold()
    return bool(heading) and re.search(rf"\b{re.escape(heading)}\b", said) is not None


def _names_among(headings: Iterable[str], document: Document) -> set[str]:
    """Return the headings that are names: few words, never in lower case, and capitalised inside a sentence or rare."""
    by_first_word: dict[str, list[tuple[str, re.Pattern[str], re.Pattern[str]]]] = defaultdict(list)
    names: set[str] = set()
    for heading in headings:
        words = WORD.findall(heading)
        if not 0 < len(words) <= _MAX_NAME_WORDS or not words[0][0].isupper():
            continue
        pattern = r"\s+".join(map(re.escape, words))
        in_lower_case = re.compile(rf"\b{pattern.casefold()}\b")
        in_any_case = re.compile(rf"{pattern}\b", re.IGNORECASE)
        by_first_word[words[0].casefold()].append((heading, in_lower_case, in_any_case))
        if any(not is_listed(word, document.language) for word in words):
            names.add(heading)
    common: set[str] = set()
    text, end = document.text, 0
    for word in WORD.finditer(text):  # once, as a long report has thousands of headings
        between, end = text[end : word.start()], word.end()
        for heading, in_lower_case, in_any_case in by_first_word.get(word[0].casefold(), ()):
            if heading not in common and in_lower_case.match(text, word.start()) is not None:
                common.add(heading)
            is_in_line = between.isspace() and "\n" not in between
            if is_in_line and heading not in names and in_any_case.match(text, word.start()) is not None:
                names.add(heading)
    return names - common


def _source_spans(
    library: Library, text: str, understood: Interpretation, documents: Sequence[DocumentInfo]
) -> list[Span]:
    """Return the spans of the names of sources in a sentence, of their editions and of their publishers."""
    owners = library.corpus_facts.document_names.find_owners(text)
    ids = {document.id for document in documents}
    return sorted({*understood.mentions, *(span for span, owned in owners.items() if owned & ids)})


def _previous_editions(library: Library, documents: Sequence[DocumentInfo]) -> list[DocumentInfo]:
    """Return the documents of editions before those that a sentence names, the latest first, if all are of a series."""
    series = {document.series for document in documents}
    first = min((document.edition for document in documents if document.edition is not None), default=None)
    if first is None or len(series) != 1 or None in series:
        return []
    earlier = [
        document
        for document in library.index.documents
        if document.series in series and document.edition is not None and document.edition < first
    ]
    return sorted(earlier, key=lambda document: -(document.edition or 0))[:_EARLIER_EDITIONS]


def _read_source(
    library: Library,
    sentence: LocatedSentence,
    subject: str,
    documents: Sequence[DocumentInfo],
    passages: int = _PASSAGES,
) -> SourceText:
    """Return the sentences and figures of the passages nearest to a sentence.

    The context of a sentence of these is the headings above it, and the two sentences before it in its passage.

    Args:
        library: The library.
        sentence: The sentence of the draft.
        subject: Its text without the names of its sources.
        documents: The documents that it names.
        passages: The number of passages.
    """
    index, language = library.index, documents[0].language
    (vector,) = library.encoder.encode([subject], query=True)
    result = index.search(subject, vector, passages, subset=index.subset(documents), years=())
    hits = result.complete_hits()
    sentences = locate_sentences([hit.stored for hit in hits])
    paths = {hit.stored.passage.id: hit.stored.passage.path for hit in hits}
    contexts = [
        " ".join(
            [
                " ".join(paths.get(located.passage, ())),
                *(before.text for before in sentences[max(0, at - 2) : at] if before.passage == located.passage),
            ]
        )
        for at, located in enumerate(sentences)
    ]
    following = [
        after.text if after is not None and after.passage == located.passage else ""
        for located, after in zip_longest(sentences, sentences[1:])
    ]
    there = SentenceSet.of(sentences, index.sentence_vectors([located.row for located in sentences]), language)
    claim = SentenceSet.of([sentence], vector.reshape(1, -1), language)
    (similarities,) = sentence_similarity(claim, there, index.manifest.scale)
    figures = with_shared_units(find_figures(sentences, language, with_periods=True), language)
    stated = DescribedFigures(figures, language)
    nearest = [paths[located.passage][-1] if paths.get(located.passage) else "" for located in sentences]
    return SourceText.of(SourceFigures(stated, similarities, contexts, following, nearest), sentences)
