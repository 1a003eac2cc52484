"""Counts of words over the years: the form, the plot with its table, CSV, and the list of occurrences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from markupsafe import Markup

from corpus.records import Span, format_span_id
from corpus.translation import gettext as _
from corpus.translation import join_items, ngettext
from qa.answering.library import Library
from qa.editions.edition import Edition
from qa.errors import CompareError
from qa.output.comparison_html import NARROW, WIDE, label_places
from qa.output.csv_cells import csv_text
from qa.question.corpus_facts import CorpusFacts
from qa.templating import marked, render
from qa.trends import (
    LONGEST_TERM,
    MAX_TERMS,
    PER,
    Term,
    WordCounts,
    count_words,
    find_word,
    parse_terms,
    select_editions,
    topic_hits,
)
from qa.web.urls import WordsRequest, words_url

MAX_OCCURRENCES = 200
"""Occurrences listed of an edition; the count is always complete."""

SNIPPET_CONTEXT = 90
"""Characters shown on each side of an occurrence."""

_HEIGHT, _TOP, _BASE = 320, 16, 280
_LEFT, _RIGHT = 60, 20
_LABEL_WIDTH = 50


@dataclass(frozen=True, slots=True)
class _Point:
    """A count in the edition at a place: its height in SVG units, and the URL of its occurrences if there are any."""

    place: int
    y: float
    edition: str
    count: int
    rate: float
    link: str | None


@dataclass(frozen=True, slots=True)
class _Line:
    """The counts of a term; `style` numbers its colour, dashes and marker."""

    term: Term
    style: int
    points: tuple[_Point, ...]

    @property
    def label(self) -> str:
        return _("%(topic)s (topic)", topic=self.term.text) if self.term.kind == "topic" else self.term.text


def words_form_html(corpus_facts: CorpusFacts, request: WordsRequest) -> Markup:
    """Render the form with the values of a request."""
    series = [("", _("all together")), *((name, name) for name, years in corpus_facts.series.items() if years)]
    return render(
        "words.html",
        part="form",
        longest=MAX_TERMS * (LONGEST_TERM + 2),
        most=MAX_TERMS,
        per=PER,
        request=request,
        series=series,
    )


def word_counts_html(library: Library, request: WordsRequest) -> Markup:
    """Count the terms and render the plot and its table. Raises QuestionError."""
    counts = _count(library, request)
    lines = _lines(counts, request)
    most = max((point.rate for line in lines for point in line.points), default=0.0)
    plots = []
    for width in (WIDE, NARROW):
        columns = _columns(counts, width)
        labels = [
            (columns[place], counts.editions[place].edition.label)
            for place in sorted(label_places(columns, _LABEL_WIDTH))
        ]
        plots.append((width, columns, labels))
    undated = ngettext(
        "%(count)s document without a known edition left out",
        "%(count)s documents without a known edition left out",
        counts.undated,
    )
    return render(
        "words.html",
        part="counts",
        csv=f"./words.csv{words_url(request)}",
        editions=counts.editions,
        grid=[(_BASE - (_BASE - _TOP) * share, f"{most * share:.3g}") for share in (0.0, 0.5, 1.0)] if most else [],
        height=_HEIGHT,
        lines=lines,
        link=f"./{words_url(request)}#words",
        notices_shown=[undated] if counts.undated else [],
        per=PER,
        plot_left=_LEFT,
        plots=plots,
        right=_RIGHT,
        summary=_summary(lines, counts),
    )


def word_counts_csv(library: Library, request: WordsRequest) -> str:
    """Return a row per term and edition."""
    counts = _count(library, request)
    rows = [
        (term.text, term.kind, length.edition.label, value.count, length.words, f"{value.rate:.4f}")
        for term, values in counts.counts.items()
        for length, value in zip(counts.editions, values, strict=True)
    ]
    return csv_text(("term", "kind", "edition", "count", "words", f"per {PER}"), rows)


def occurrences_html(library: Library, request: WordsRequest) -> Markup:
    """List the occurrences of one term in one edition, each with a link to its context. Raises QuestionError."""
    terms = _terms(request)
    if len(terms) != 1:
        raise CompareError(_("please name one word, phrase or topic"))
    (term,) = terms
    year = request.year()
    editions, _undated = select_editions(library.index, request.series)
    edition = next((edition for edition in editions if edition.year == year), None)
    if edition is None:
        raise CompareError(
            _(
                "no document of %(series)s is edition %(edition)s",
                series=request.series or _("this library"),
                edition=request.edition or "?",
            )
        )
    shown, total = _occurrences(library, editions, edition, term)
    where = {"term": term.text, "edition": edition.label}
    if term.kind == "topic":
        summary = ngettext(
            "%(count)s passage of “%(term)s” in edition %(edition)s",
            "%(count)s passages of “%(term)s” in edition %(edition)s",
            total,
            **where,
        )
    else:
        summary = ngettext(
            "%(count)s occurrence of “%(term)s” in edition %(edition)s",
            "%(count)s occurrences of “%(term)s” in edition %(edition)s",
            total,
            **where,
        )
    return render(
        "words.html",
        part="occurrences",
        edition=edition,
        more=total - len(shown),
        occurrences=shown,
        summary=summary,
    )


def _terms(request: WordsRequest) -> list[Term]:
    return [*parse_terms(request.words), *parse_terms(request.topics, "topic")]


def _count(library: Library, request: WordsRequest) -> WordCounts:
    return count_words(library, _terms(request), request.series)


def _occurrences(
    library: Library, editions: Sequence[Edition], edition: Edition, term: Term
) -> tuple[list[tuple[str, str, Span, Markup]], int]:
    """Return title, passage id, span to mark and excerpt of the first occurrences, and the number of all."""
    index = library.index
    if term.kind == "topic":
        hits = topic_hits(library, editions, term)[list(editions).index(edition)]
        passages = [(hit.document.title, hit.stored.passage) for hit in hits[:MAX_OCCURRENCES]]
        rows = [
            (title, passage.id, (passage.start, passage.end), Markup.escape(" ".join(passage.text[:400].split())))
            for title, passage in passages
        ]
        return rows, len(hits)
    places = find_word(index, edition, term)
    rows = []
    for place in islice(places, MAX_OCCURRENCES):
        text = index.document(place.document.id).text
        start, end = max(0, place.start - SNIPPET_CONTEXT), min(len(text), place.end + SNIPPET_CONTEXT)
        span = (place.start, place.end)
        excerpt = marked(text[start:end], start, [span])
        rows.append((place.document.title, format_span_id(place.document.id, start, end), span, excerpt))
    return rows, len(rows) + sum(1 for _ in places)


def _columns(counts: WordCounts, width: int) -> list[float]:
    """Return the x coordinate of each edition in a plot of a width, in proportion to its year."""
    years = [length.edition.year or 0 for length in counts.editions]
    inner = width - _LEFT - _RIGHT - 24
    spread = max(years) - min(years)
    return [_LEFT + 12 + (inner * (year - min(years)) / spread if spread else inner / 2) for year in years]


def _lines(counts: WordCounts, request: WordsRequest) -> list[_Line]:
    most = max((value.rate for values in counts.counts.values() for value in values), default=0.0) or 1.0
    lines: list[_Line] = []
    for style, (term, values) in enumerate(counts.counts.items(), 1):
        points = []
        for place, (length, value) in enumerate(zip(counts.editions, values, strict=True)):
            name = {"topics" if term.kind == "topic" else "words": term.text}
            occurrences = WordsRequest(**name, series=request.series, edition=length.edition.label)
            link = f"./word-passages{words_url(occurrences)}" if value.count else None
            y = _BASE - (_BASE - _TOP) * value.rate / most
            points.append(_Point(place, y, length.edition.label, value.count, value.rate, link))
        lines.append(_Line(term, style, tuple(points)))
    return lines


def _summary(lines: Sequence[_Line], counts: WordCounts) -> str:
    totals = join_items(
        _("“%(term)s” %(count)s", term=line.label, count=f"{sum(point.count for point in line.points):,}")
        for line in lines
    )
    return ngettext(
        "%(totals)s, in %(count)s edition.", "%(totals)s, in %(count)s editions.", len(counts.editions), totals=totals
    )
