"""Compare figures in a draft with the source that their sentence names.

"The destroyers protected 38 merchant ships (Diplomatic Bluebook 2020)": the passages of that edition nearest to the
sentence state the same figure, a different figure for the same thing, or none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from corpus.metadata.language import detect_language, is_listed, primary_language
from corpus.records import HEADED_KINDS, Document, Section, Span
from corpus.vocabulary import YEAR
from index.storage.reader import DocumentInfo
from qa.answering.library import Library
from qa.checking.claims import WORD, Claim, DescribedFigures, clause_around, is_earlier, with_shared_units
from qa.checking.draft import Draft, split_claims
from qa.checking.figure_matching import FigureStatus, SourceFigures, match_figure
from qa.checking.named_sources import find_named_sources, language_of_attribution, refers_back, without_years_of_names
from qa.checking.quotation_matching import SourcePlace
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

    A sentence that names none is compared with the source named before it, in which its figures may be found. Where
    they are not, nothing is said against them: the sentence may be about something else.
    """
    draft_language = detect_language(draft.text)
    read_document = cache(library.index.records.document)

    @cache
    def named_sections(number: int) -> list[Section]:
        return _sections_named_after(read_document(number))

    @cache
    def headings(number: int) -> set[str]:
        document = read_document(number)
        return {heading for position in range(len(document.outline)) for heading in document.path(position)}

    named_before: tuple[DocumentInfo, ...] = ()
    is_next = False
    for start, end in split_claims(draft.text):
        text = draft.text[start:end]
        named = find_named_sources(library, text, filters)
        understood, documents = named.understood, named.documents
        if named.is_recognised and not documents:
            named_before = ()
            continue  # left out by a filter
        attributed = language_of_attribution(text, draft_language)
        follows = refers_back(text, is_next=is_next)
        is_next = bool(documents) or follows
        is_certain = bool(documents or attributed or named.is_unknown or follows)
        if documents:
            named_before = documents
        elif named.is_unknown:
            named_before = ()
        elif follows or not attributed:
            documents = named_before
        # how its numbers are written: a German report is quoted in English as "1,315 members"
        language = attributed or draft_language or (documents[0].language if documents else "en")
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
                UncheckedFigure(figure.start, figure.end, figure.quantity.text, has_source=is_certain)
                for figure in figures
                if not is_period(figure.sentence.text, figure.quantity)
                and not (named.is_unknown and _YEAR.fullmatch(figure.quantity.text))  # that of the work
            )
        elif figures:
            spoken, written = detect_language(text) or attributed or draft_language, documents[0].language
            is_translated = None not in (spoken, written) and primary_language(spoken) != primary_language(written)
            compared = _compare(
                library, sentence, figures, understood, documents, read_document, named_sections, is_translated
            )
            yield from compared if is_certain else map(_without_fault, compared)


def _without_fault(checked: CheckedFigure) -> CheckedFigure | UncheckedFigure:
    """Return a figure of a sentence that names no source as compared with the source named before.

    Another figure there is shown, but is no fault.
    """
    if checked.status == "agrees":
        return checked
    if checked.place is not None:
        return replace(checked, status="cannot be checked")
    return UncheckedFigure(checked.start, checked.end, checked.text, has_source=False)


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
    named_sections: Callable[[int], Sequence[Section]],
    is_translated: bool,
) -> Iterator[CheckedFigure]:
    """Yield the figures of a sentence of the draft as compared with the documents that it names."""
    language = documents[0].language
    names = _source_spans(library, sentence.text, understood, documents)
    subject = extract_topic(sentence.text, names)  # the name of a publisher would find covers
    figures = with_shared_units(figures, language)
    dated = without_years_of_names(sentence.text, names)
    texts = [read_document(document.number).text for document in documents[:_MAX_TEXTS]]
    claim = Claim.of(sentence.text, subject, dated, figures, documents, texts, is_translated=is_translated)
    passages = _PASSAGES + len(figures) // _FIGURES_OF_PASSAGE
    source = _read_source(library, sentence, subject, documents, passages)
    similarities = source.similarities.reshape(1, -1)  # of one sentence
    pairs = pair_figures(figures, source.stated.all, similarities, language, min_subject=0)
    paired = {pair.earlier: pair.later for pair in pairs}
    name = ", ".join(dict.fromkeys(document.title for document in documents))
    by_id = {document.id: document for document in documents}

    @cache
    def earlier_sources() -> list[tuple[SourceFigures, DocumentInfo]]:
        previous = _previous_editions(library, documents)
        return [(_read_source(library, sentence, subject, [document], passages), document) for document in previous]

    for figure in figures:
        status, other = match_figure(figure, claim, source, paired.get(figure))
        if other is None and is_period(figure.sentence.text, figure.quantity):
            continue  # "over the last two years" is rarely a statement of the source
        clause = clause_around(figure, figures) if status in ("not found", "cannot be checked") else None
        if clause is not None:  # the sentence may be about several things
            of_clause = match_figure(figure, claim, _read_source(library, clause, clause.text, documents))
            status, other = of_clause if of_clause[1] is not None else (status, other)
        for before, info in earlier_sources() if status != "agrees" and is_earlier(figure, claim) else ():
            earlier = match_figure(figure, claim.also_of(info), before)
            if earlier[0] == "agrees":
                status, other = earlier
                by_id[info.id] = info
                break
        place, sentence_text = None, ""
        if other is not None:
            info, sentence_text = by_id[other.sentence.document], other.sentence.text
            if status == "agrees" and _is_in_section_of_another(subject, named_sections(info.number), other):
                status = "differs"
            place = SourcePlace.of(info, read_document(info.number), other.start, other.end)
        yield CheckedFigure(figure.start, figure.end, figure.quantity.text, status, name, place, sentence_text)


_MIN_SIBLINGS, _MAX_NAME_WORDS = 3, 3
"""Sections beside each other that are named after countries, persons or firms, and the words of such a name."""


def _sections_named_after(document: Document) -> list[Section]:
    """Return the sections named after countries, persons or firms, if a few of them stand beside each other."""
    if primary_language(document.language) == "de":  # which writes all nouns like names
        return []
    named = [item for item in document.outline if item.kind in HEADED_KINDS and _is_name(item.shown_text, document)]
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


def _is_name(heading: str, document: Document) -> bool:
    """Return whether a heading is a name: few words, never in lower case, and capitalised inside a sentence or rare."""
    words = WORD.findall(heading)
    if not 0 < len(words) <= _MAX_NAME_WORDS or not words[0][0].isupper():
        return False
    pattern = r"\s+".join(map(re.escape, words))
    if re.search(rf"\b{pattern.casefold()}\b", document.text) is not None:
        return False
    is_rare = any(not is_listed(word, document.language) for word in words)
    return is_rare or re.search(rf"[^\W\d_][^\S\n]+{pattern}\b", document.text, re.IGNORECASE) is not None


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
) -> SourceFigures:
    """Return the figures of the passages nearest to a sentence.

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
    headings = {hit.stored.passage.id: " ".join(hit.stored.passage.path) for hit in hits}
    contexts = [
        " ".join(
            [
                headings.get(located.passage, ""),
                *(before.text for before in sentences[max(0, at - 2) : at] if before.passage == located.passage),
            ]
        )
        for at, located in enumerate(sentences)
    ]
    there = SentenceSet.of(sentences, index.sentence_vectors([located.row for located in sentences]), language)
    claim = SentenceSet.of([sentence], vector.reshape(1, -1), language)
    (similarities,) = sentence_similarity(claim, there, index.manifest.scale)
    figures = with_shared_units(find_figures(sentences, language, with_periods=True), language)
    stated = DescribedFigures(figures, language)
    return SourceFigures(stated, similarities, contexts)
