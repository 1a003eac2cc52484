"""Compare figures in a draft with the source that their sentence names.

"The destroyers protected 38 merchant ships (Diplomatic Bluebook 2020)": the passages of that edition nearest to the
sentence state the same figure, a different figure for the same thing, or none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from corpus.metadata.language import detect_language
from corpus.metadata.years import written_years
from corpus.records import Document, Span
from corpus.translation import gettext_noop
from corpus.vocabulary import YEAR
from index.lexical.analysis import terms
from index.storage.reader import DocumentInfo
from qa.answering.library import Library
from qa.checking.draft import Draft, split_claims
from qa.checking.named_sources import find_named_sources, language_of_attribution
from qa.checking.quotation_matching import SourcePlace
from qa.editions.alignment import Matrix
from qa.editions.figures.pairs import pair_figures
from qa.editions.figures.quantities import Quantity, header_cells
from qa.editions.figures.sentence_figures import (
    Figure,
    are_opposite,
    find_figures,
    is_in_earlier_column,
    is_period,
)
from qa.editions.sections import LocatedSentence, locate_sentences
from qa.editions.sentence_alignment import SentenceSet, sentence_similarity
from qa.question.analysis import Interpretation, extract_topic
from qa.question.filters import Filters

FigureStatus = Literal["agrees", "differs", "not found"]

FIGURE_FAULTS: frozenset[FigureStatus] = frozenset({"differs", "not found"})
"""The states that call for a correction of the draft."""

PASSAGES = 6
"""Passages of the named source that are read for each sentence."""

_SAME_SUBJECT = 0.3
"""A source sentence this similar to the draft's is about the same subject, so that an equal figure is the one meant."""

_SAME_FIGURE, _DISTINCTIVE = 0.2, 3
"""Similarity of a sentence of which a figure of this many digits, if equal, is the one meant: "the staff was 7,150"."""

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


@dataclass(frozen=True, slots=True)
class UncheckedFigure:
    """A figure, `[start, end)` of the draft, attributed to a source that was not recognised as a document."""

    start: int
    end: int
    text: str


_LOCATOR = re.compile(
    r"\b(?:pp?\.?|pages?|chap\.?|chapters?|sect?\.|sections?|pt\.|parts?|vols?\.|volumes?|nos?\.|nn?\.|note|figs?\.|figures?"
    r"|tables?|annex(?:es)?|arts?\.|articles?|paras?\.?|paragraphs?|Abschnitt|Kapitel|Teil|Seite)\s*\d[\d.]*(?:\s*[-–]\s*\d[\d.]*)?"
    r"|\(\d{4}\),\s*\d+(?:\s*[-–]\s*\d+)?(?=\s*(?:[.;\n]|$))"  # a year in brackets, then a page: "Report (2020), 2."
    r"|§+\s*\d[\d.]*|第\s*\d+\s*[章節部編項号]|\d+\s*(?:頁|ページ)|\[\^?\d+\]|https?://\S+|[^\s@]{1,200}@\d+-\d+",
    re.IGNORECASE,
)
"""Places in a source, marks of notes, addresses and passage ids: their numbers are no claims."""


_COST = re.compile(
    r"\b(?:costs?|expens\w*|expenditures?|charges?|outlays?|payments?|depreciation|amorti[sz]ation|tax(?:es)?|wages|salaries"
    r"|\w*aufw[aä]nd\w*|aufwendungen|\w*kosten|ausgaben|abschreibung\w*|dépenses?|frais|gastos?|costes?|impuestos?)\b|費",
    re.IGNORECASE,
)
"""What a row of accounts must name so that brackets are no minus sign."""


_IN_YEAR = re.compile(
    rf"[^\W\d_]*(?:\s+[^\W\d_]+){{0,2}}?\s+(?:in|im|en|nel|for|of|für|pour|de)\s+({YEAR})(?![\d-]|\s+prices)|\s*[(（]({YEAR})[)）]"
)
"""After a figure: the year that it is of."""

_IN_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_CLAUSE_END = re.compile(r"[,;:.!?]\s|[。、；]|\s(?:against|compared|gegenüber|contre|frente)\s")


def check_figures(
    library: Library, draft: Draft, quoted: Sequence[Span], filters: Filters
) -> Iterator[CheckedFigure | UncheckedFigure]:
    """Yield the figures of a draft, outside quotations, whose sentence names a source, in the index or not."""
    draft_language = detect_language(draft.text)
    read_document = cache(library.index.records.document)

    @cache
    def headings(number: int) -> set[str]:
        document = read_document(number)
        return {heading for position in range(len(document.outline)) for heading in document.path(position)}

    for start, end in split_claims(draft.text):
        text = draft.text[start:end]
        named = find_named_sources(library, text, filters)
        understood, documents = named.understood, named.documents
        if documents:
            language = documents[0].language
        elif named.is_recognised or (language := language_of_attribution(text, draft_language)) is None:
            continue
        sentence = LocatedSentence("", "", start, end, text, -1)
        figures = [
            figure
            for figure in find_figures([sentence], language, with_periods=True)
            if figure.quantity.kind != "ordinal"  # "the second pillar" is not an amount
            and not any(a < figure.end and figure.start < b for a, b in [*quoted, *draft.note_labels])
        ]
        if figures:
            with_heading = draft.text[start : end + _MAX_HEADING]  # a sentence seems to end in "1. Traffic"
            cited = [*understood.mentions, *_places_cited(with_heading, documents, headings)]
            figures = [figure for figure in figures if not _overlaps(figure, cited)]
        if not documents:
            yield from (
                UncheckedFigure(figure.start, figure.end, figure.quantity.text)
                for figure in figures
                if not is_period(figure.sentence.text, figure.quantity)
            )
        elif figures:
            yield from _compare(library, sentence, figures, understood, documents, read_document)


def _places_cited(text: str, documents: Sequence[DocumentInfo], headings: Callable[[int], set[str]]) -> Iterator[Span]:
    """Yield the spans of a text that say where in its source something is: pages, parts, headings."""
    yield from (match.span() for match in _LOCATOR.finditer(text))
    names = {
        name
        for document in documents
        for name in (document.title, document.part, *headings(document.number))
        if name and any(map(str.isdigit, name)) and any(map(str.isalpha, name))
    }
    for name in names:
        pattern = r"\s+".join(map(re.escape, name.split()))
        yield from (match.span() for match in re.finditer(pattern, text, re.IGNORECASE))


def _overlaps(figure: Figure, spans: Sequence[Span]) -> bool:
    return any(start < figure.quantity.end and figure.quantity.start < end for start, end in spans)


def _compare(
    library: Library,
    sentence: LocatedSentence,
    figures: Sequence[Figure],
    understood: Interpretation,
    documents: Sequence[DocumentInfo],
    read_document: Callable[[int], Document],
) -> Iterator[CheckedFigure]:
    """Yield the figures of a sentence of the draft as compared with the documents that it names."""
    stated, similarities = _read_source(library, sentence, understood, documents)
    pairs = pair_figures(figures, stated, similarities, documents[0].language, min_subject=0)
    paired = {pair.earlier: pair.later for pair in pairs}
    name = ", ".join(dict.fromkeys(document.title for document in documents))
    by_id = {document.id: document for document in documents}
    years = written_years(sentence.text).union(*(years_of(document) for document in documents))
    for figure in figures:
        status, other = _match(
            figure, figures, stated, similarities[figure.position], paired.get(figure), years, documents[0].language
        )
        if other is None and is_period(figure.sentence.text, figure.quantity):
            continue  # "over the last two years" is rarely a statement of the source
        place, sentence_text = None, ""
        if other is not None:
            info, sentence_text = by_id[other.sentence.document], other.sentence.text
            place = SourcePlace.of(info, read_document(info.number), other.start, other.end)
        yield CheckedFigure(figure.start, figure.end, figure.quantity.text, status, name, place, sentence_text)


def _read_source(
    library: Library, sentence: LocatedSentence, understood: Interpretation, documents: Sequence[DocumentInfo]
) -> tuple[list[Figure], Matrix]:
    """Return the figures of the passages nearest to a sentence, and the similarities of their sentences to it."""
    index, language = library.index, documents[0].language
    # the name of the publisher would find covers
    owners = library.corpus_facts.document_names.find_owners(sentence.text)
    ids = {document.id for document in documents}
    subject = extract_topic(
        sentence.text, sorted({*understood.mentions, *(span for span, owned in owners.items() if owned & ids)})
    )
    (vector,) = library.encoder.encode([subject], query=True)
    result = index.search(subject, vector, PASSAGES, subset=index.subset(documents), years=())
    sentences = locate_sentences([hit.stored for hit in result.complete_hits()])
    source = SentenceSet.of(sentences, index.sentence_vectors([located.row for located in sentences]), language)
    claim = SentenceSet.of([sentence], vector.reshape(1, -1), language)
    similarities = sentence_similarity(claim, source, index.manifest.scale)
    return find_figures(sentences, language, with_periods=True), similarities


def _match(
    figure: Figure,
    claimed: Sequence[Figure],
    stated: Sequence[Figure],
    similarities: npt.NDArray[np.float64],
    paired: Figure | None,
    years: Collection[int],
    language: str | None,
) -> tuple[FigureStatus, Figure | None]:
    """Return whether the source states a figure of the draft, and its figure for the same thing.

    Args:
        figure: The figure of the draft.
        claimed: The figures of its sentence.
        stated: The figures of the source.
        similarities: Similarity of the sentence of the draft to each sentence of the source.
        paired: The figure of the source for the same thing, equal or not.
        years: The years that the sentence of the draft names, and those of the documents.
        language: Language of the documents.
    """
    on_subject = [other for other in stated if similarities[other.position] >= _SAME_SUBJECT]
    nearest = max((float(similarities[other.position]) for other in stated if not other.sentence.header), default=0.0)
    on_subject = [  # without rows that the draft does not mention where a sentence is nearer
        other
        for other in on_subject
        if similarities[other.position] >= nearest or _is_mentioned(other, figure, language)
    ]
    if len(_digits(figure).strip("0")) >= _DISTINCTIVE:
        on_subject += [
            other
            for other in stated
            if _SAME_FIGURE <= similarities[other.position] < _SAME_SUBJECT
            and figure.quantity.same_value(other.quantity)
        ]
    same = [
        other
        for other in on_subject
        if figure.quantity.holds_for(_without_cost_brackets(other.quantity))
        and not are_opposite(figure.directions, other.directions)
    ]
    meant = [_current_figure(other, on_subject, years) for other in same]
    if same and None not in meant:  # only the figure of another year is equal
        return gettext_noop("differs"), meant[0]
    same = [other for other, current in zip(same, meant, strict=True) if current is None]
    if same and (said := _said_of_another(figure, claimed, same, on_subject, language)) is not None:
        return gettext_noop("differs"), said
    # the same digits with another sign, scale, unit or meaning: 2 percent is not 2 percentage points
    alike = [other for other in on_subject if _digits(figure) == _digits(other)]
    other = max(same or alike, key=lambda other: float(similarities[other.position]), default=paired)
    if same:
        return gettext_noop("agrees"), other
    if other is not None:
        return gettext_noop("differs"), other
    return gettext_noop("not found"), None


def _is_mentioned(figure: Figure, claim: Figure, language: str | None) -> bool:
    """Return whether a claim has a word of the row of a figure, or of the head of its column; true outside tables."""
    sentence = figure.sentence
    if not sentence.header:
        return True
    cells, column = header_cells(sentence.text, figure.quantity.start, sentence.header)
    label = next((cell for cell in sentence.text.split("|") if any(map(str.isalpha, cell))), "")
    named = terms(f"{label} {cells[column] if 0 <= column < len(cells) else ''}", language)
    words = {term for term in named if not term.isdigit()}
    return not words or not words.isdisjoint(terms(claim.sentence.text, language))


def years_of(document: DocumentInfo) -> set[int]:
    """Return the years that a document is about: its edition and those that it covers."""
    first, last = document.covers or (1, 0)
    return {*range(first, last + 1), *([document.edition] if document.edition is not None else [])}


def _is_of_another_year(figure: Figure, years: Collection[int]) -> bool:
    """Return whether a figure of the source is of a year that the draft does not mean: "against 219 days in 2021"."""
    sentence = figure.sentence
    if sentence.header:
        if not is_in_earlier_column(figure):
            return False
        cells, column = header_cells(sentence.text, figure.quantity.start, sentence.header)
        return written_years(cells[column]).isdisjoint(years)
    after = _IN_YEAR.match(sentence.text, figure.quantity.end)
    return after is not None and int(after[1] or after[2]) not in years


def _current_figure(figure: Figure, stated: Sequence[Figure], years: Collection[int]) -> Figure | None:
    """Return the figure beside one of another year that is of the years meant; None for a figure of these years."""
    if not _is_of_another_year(figure, years):
        return None
    return next(
        (
            other
            for other in stated
            if other.sentence == figure.sentence
            and (other.quantity.kind, other.quantity.unit or figure.quantity.unit)
            == (figure.quantity.kind, figure.quantity.unit or other.quantity.unit)
            and not _is_of_another_year(other, years)
        ),
        None,
    )


def _said_of_another(
    figure: Figure, claimed: Sequence[Figure], same: Sequence[Figure], stated: Sequence[Figure], language: str | None
) -> Figure | None:
    """Return the figure of which the source says what the draft says of an equal one, None where there is none.

    The source has "439 cases were filed and 455 were decided", the draft "439 cases were decided": what the draft says
    is said there of another figure, and nothing of it of the equal figure alone.

    Args:
        figure: The figure of the draft.
        claimed: The figures of its sentence.
        same: The equal figures of the source.
        stated: The figures of the source that are about the same subject.
        language: Language of the documents.
    """
    said = _said_of(figure, claimed, language)
    meant: Figure | None = None
    for equal in same:
        beside = [
            other
            for other in stated
            if other.sentence == equal.sentence and other not in same and other.quantity.kind == figure.quantity.kind
        ]
        own = _said_of(equal, stated, language)
        of_others = {other: _said_of(other, stated, language) for other in beside}
        if not said.isdisjoint(own.difference(*of_others.values())):
            return None
        telling = {word for word in said - own if not word.isdigit() or any(map(str.isdigit, own))}
        meant = meant or next((other for other, words in of_others.items() if not telling.isdisjoint(words)), None)
    return meant or _with_what_is_counted(figure, same, stated, language)


def _with_what_is_counted(
    figure: Figure, same: Sequence[Figure], stated: Sequence[Figure], language: str | None
) -> Figure | None:
    """Return a figure that counts the same, described in two words or more, if no sentence of an equal one has these.

    A single word is often a synonym: "38 vessels" of the draft may be the source's "38 ships" beside "2 vessels".
    """
    counted = set(terms(figure.quantity.counted, language))
    if len(counted) < 2 or any(
        other.sentence.header or not counted.isdisjoint(terms(other.sentence.text, language)) for other in same
    ):
        return None
    return next(
        (
            other
            for other in stated
            if other not in same
            and other.quantity.kind == figure.quantity.kind
            and counted <= set(terms(other.quantity.counted, language))
        ),
        None,
    )


def _said_of(figure: Figure, figures: Sequence[Figure], language: str | None) -> frozenset[str]:
    """Return the stems of what is said of a figure: what it counts, and the words up to the next figure of its clause.

    "455 discharged" counts the patients of the figure before it. What is in brackets is said of another figure.
    """
    quantity, text = figure.quantity, figure.sentence.text
    if figure.sentence.header or "|" in text:
        return frozenset()
    brackets = [match.span() for match in _IN_BRACKETS.finditer(text)]
    around = next((span for span in brackets if span[0] < quantity.start < span[1]), None)
    alike = [other.quantity for other in figures if other.sentence == figure.sentence]
    starts = [
        other.start
        for other in alike
        if other.start >= quantity.end and (around or not any(a < other.start < b for a, b in brackets))
    ]
    stop = min([*starts, around[1] if around else len(text)])
    if clause_end := _CLAUSE_END.search(text, quantity.end, stop):
        stop = clause_end.start()
    before = [other for other in alike if other.start < quantity.start and other.kind == quantity.kind]
    counted = quantity.counted
    if before and len(counted.split()) < 2:
        counted = f"{before[-1].counted} {counted}"
    following = text[quantity.end : stop]
    return frozenset(terms(f"{counted} {following if around else _IN_BRACKETS.sub(' ', following)}", language))


def _without_cost_brackets(quantity: Quantity) -> Quantity:
    """Return a cost in brackets as accounts print it, "Staff costs | (79)", as prose states it: without a sign."""
    is_cost = quantity.text.startswith("(") and _COST.search(quantity.counted) is not None
    return replace(quantity, value=abs(quantity.value)) if is_cost and not isinstance(quantity.value, str) else quantity


def _digits(figure: Figure) -> str:
    return "".join(filter(str.isdecimal, figure.quantity.text))
