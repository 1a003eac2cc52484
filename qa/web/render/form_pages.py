"""Pages with a form, and the HTML of its result: comparisons, checks of drafts, saved questions, counts of words."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePath

from markupsafe import Markup

from corpus.errors import CorpusError
from corpus.records import HEADED_KINDS, Span, format_span_id
from corpus.translation import gettext as _
from corpus.translation import join_items, ngettext
from qa import limits
from qa.answering.library import Library
from qa.checking.draft import Draft, from_bytes, from_text
from qa.editions.sections import Edition
from qa.errors import CompareError, JudgementError, RequestError
from qa.evaluation.questions import read_questions
from qa.output.comparison_html import NARROW, WIDE, label_places, outlines_html, topic_html
from qa.output.csv_cells import csv_text
from qa.question.corpus_facts import CorpusFacts
from qa.templating import marked, render
from qa.web.batches import SUFFIXES
from qa.web.render.page import unreadable
from qa.web.urls import MAX_SECTION, ComparisonRequest, WordsRequest, comparison_url, watch_url, words_url
from qa.word_counts import (
    MAX_TERM,
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

DRAFT_FILES = (".txt", ".md", ".docx", ".csv")
"""Suffixes of draft files."""

MAX_WATCHED_QUESTIONS = 200
"""Questions of one request; the command line takes any number."""

MAX_LINK = 2_000
"""Maximum characters of a link that contains the questions."""

_DIGITS = 4
"""Digits of a year."""


def comparison_forms_html(corpus_facts: CorpusFacts, request: ComparisonRequest) -> Markup:
    """Render the forms for a topic and for whole editions with the values of a request; the one in use is expanded."""
    editions = {series: years for series, years in corpus_facts.series.items() if years}
    several = {series: years for series, years in editions.items() if len(years) > 1}
    is_whole = request.topic is None and request.is_asked
    return render(
        "comparison_forms.html",
        editions=editions,
        limits=limits,
        longest_section=MAX_SECTION,
        mode="editions" if is_whole else "topic",
        request=request,
        series=request.series if request.series in several else next(iter(several), ""),
        several=several,
        years=sorted({year for years in editions.values() for year in years}),
    )


def comparison_html(library: Library, request: ComparisonRequest) -> Markup:
    """Compare what is asked; empty when nothing is asked. It may take seconds.

    Raises:
        QuestionError: The request is incomplete or names something unknown.
        IndexFolderError: The index cannot be read.
    """
    if not request.is_asked:
        return Markup()
    link = f"./{comparison_url(request)}#compare"
    if request.topic is not None:
        return topic_html(library.compare(request.subject(), request.filters()), link=link, hide=library.notices)
    from qa.editions.outlines import compare_outlines

    outlines = compare_outlines(library.index, request.years(), request.filters(), request.section or None)
    heading_ends = {
        (info.id, item.start): item.heading_end
        for edition in outlines.editions
        for info in edition.documents
        for item in reversed(library.index.document(info.id).outline)
        if item.kind in HEADED_KINDS
    }
    return outlines_html(outlines, heading_ends=heading_ends, link=link)


def check_form_html(text: str = "") -> Markup:
    """Render the form with the text of a draft."""
    return render("draft.html", part="form", draft_files=DRAFT_FILES, limits=limits, text=text)


def read_draft(name: str, data: bytes, text: str) -> Draft:
    """Return the draft in a file, or in a text when there is no file name. Raises RequestError."""
    if not name:
        return from_text(text)
    if PurePath(name).suffix.lower() not in DRAFT_FILES:
        *first, last = DRAFT_FILES
        raise RequestError(
            _(
                "%(name)s cannot be checked: please choose a %(first)s or %(last)s file.",
                name=name[:100],
                first=", ".join(first),
                last=last,
            )
        )
    try:
        return from_bytes(name, data)
    except CorpusError as error:
        raise RequestError(unreadable(name[:100], str(error))) from error


def checked_draft_html(library: Library, draft: Draft, *, as_report: bool = False) -> str:
    """Check a draft and render it for the form, or as a report to download. It may take seconds.

    Raises:
        RequestError: The draft is empty or too long.
    """
    from qa.checking.report import check_draft
    from qa.output.check_report import checked_html, report_page

    if not draft.text.strip():
        raise RequestError(_("Please paste a draft, or choose a file with one."))
    if len(draft.text) > limits.DRAFT.value:
        raise RequestError(
            _(
                "The draft is longer than %(limit)s characters, so nothing was checked. Please check it in parts.",
                limit=f"{limits.DRAFT.value:,}",
            )
        )
    report = check_draft(library, draft)
    return report_page(report) if as_report else checked_html(report, link="./check", hide=library.notices)


def watch_form_html(questions: str = "", since: str = "") -> Markup:
    """Render the form with the questions and the edition chosen before."""
    return render("watch_form.html", files=SUFFIXES, questions=questions, since=since)


def watched_html(library: Library, name: str, data: bytes, text: str, since: str, *, as_report: bool = False) -> str:
    """Watch the questions of a file, or without a name of a text, and render them for the form or as a report.

    Raises:
        QuestionError: The questions or the edition cannot be used.
    """
    from qa.output.watch_report import html, watch_html
    from qa.watching import SavedQuestion, watch

    since = since.strip()
    if since and not (since.isdecimal() and len(since) <= _DIGITS):
        raise RequestError(_("The edition must be a year, such as 2016."))
    if not name and not text.strip():
        raise RequestError(_("Please type questions, one per line, or choose a file."))
    suffix = PurePath(name).suffix.lower()
    suffix = suffix if suffix in SUFFIXES else ".txt"
    with tempfile.TemporaryDirectory(prefix="yearbook-qa-") as folder:
        path = Path(folder) / f"questions{suffix}"  # no name of a user reaches the disk
        path.write_bytes(data or text.encode("utf-8", "replace"))
        try:
            saved = [SavedQuestion(item.id, item.text, item.filters) for item in read_questions(path).items]
        except JudgementError as error:
            shown = str(error).replace(str(path), name) if name else str(error).replace(f"{path}: ", "")
            raise RequestError(shown.replace(str(path), _("the questions"))) from error
    if len(saved) > MAX_WATCHED_QUESTIONS:
        raise RequestError(
            _("More than %(count)s questions: please use the command line.", count=MAX_WATCHED_QUESTIONS)
        )
    watched = watch(library, saved, since=int(since) if since else None)
    if as_report:
        return html(watched)
    url = watch_url(text, since)
    link = f"./{url}#watch" if text and len(url) <= MAX_LINK else "./watch"
    return watch_html(watched, link=link, hide=library.notices)


_MAX_OCCURRENCES = 200
"""Occurrences listed of an edition; the count is always complete."""

_SNIPPET_CONTEXT = 90
"""Characters shown on each side of an occurrence."""

_PLOT_HEIGHT, _PLOT_TOP, _PLOT_BASE = 320, 16, 280
_PLOT_LEFT, _PLOT_RIGHT = 60, 20
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
        longest=MAX_TERMS * (MAX_TERM + 2),
        most=MAX_TERMS,
        per=PER,
        request=request,
        series=series,
    )


def word_counts_html(library: Library, request: WordsRequest) -> Markup:
    """Count the terms and render the plot and its table. Raises QuestionError."""
    counts = _count_asked(library, request)
    lines = _plot_lines(counts, request)
    most = max((point.rate for line in lines for point in line.points), default=0.0)
    heights = [(_PLOT_BASE - (_PLOT_BASE - _PLOT_TOP) * share, f"{most * share:.3g}") for share in (0.0, 0.5, 1.0)]
    plots = []
    for width in (WIDE, NARROW):
        columns = _plot_columns(counts, width)
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
        grid=heights if most else [],
        height=_PLOT_HEIGHT,
        lines=lines,
        link=f"./{words_url(request)}#words",
        notices_shown=[undated] if counts.undated else [],
        per=PER,
        plot_left=_PLOT_LEFT,
        plots=plots,
        right=_PLOT_RIGHT,
        summary=_counts_summary(lines, counts),
    )


def word_counts_csv(library: Library, request: WordsRequest) -> str:
    """Return a row per term and edition."""
    counts = _count_asked(library, request)
    rows = [
        (term.text, term.kind, length.edition.label, value.count, length.words, f"{value.rate:.4f}")
        for term, values in counts.counts.items()
        for length, value in zip(counts.editions, values, strict=True)
    ]
    return csv_text(("term", "kind", "edition", "count", "words", f"per {PER}"), rows)


def occurrences_html(library: Library, request: WordsRequest) -> Markup:
    """List the occurrences of one term in one edition, each with a link to its context. Raises QuestionError."""
    terms = _asked_terms(request)
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


def _asked_terms(request: WordsRequest) -> list[Term]:
    return [*parse_terms(request.words), *parse_terms(request.topics, "topic")]


def _count_asked(library: Library, request: WordsRequest) -> WordCounts:
    return count_words(library, _asked_terms(request), request.series)


def _occurrences(
    library: Library, editions: Sequence[Edition], edition: Edition, term: Term
) -> tuple[list[tuple[str, str, Span, Markup]], int]:
    """Return title, passage id, span to mark and excerpt of the first occurrences, and the number of all."""
    index = library.index
    if term.kind == "topic":
        hits = topic_hits(library, editions, term)[list(editions).index(edition)]
        passages = [(hit.document.title, hit.stored.passage) for hit in hits[:_MAX_OCCURRENCES]]
        rows = [
            (title, passage.id, (passage.start, passage.end), Markup.escape(" ".join(passage.text[:400].split())))
            for title, passage in passages
        ]
        return rows, len(hits)
    places = find_word(index, edition, term)
    rows = []
    for place in islice(places, _MAX_OCCURRENCES):
        text = index.document(place.document.id).text
        start, end = max(0, place.start - _SNIPPET_CONTEXT), min(len(text), place.end + _SNIPPET_CONTEXT)
        span = (place.start, place.end)
        excerpt = marked(text[start:end], start, [span])
        rows.append((place.document.title, format_span_id(place.document.id, start, end), span, excerpt))
    return rows, len(rows) + sum(1 for _ in places)


def _plot_columns(counts: WordCounts, width: int) -> list[float]:
    """Return the x coordinate of each edition in a plot of a width, in proportion to its year."""
    years = [length.edition.year or 0 for length in counts.editions]
    inner = width - _PLOT_LEFT - _PLOT_RIGHT - 24
    spread = max(years) - min(years)
    return [_PLOT_LEFT + 12 + (inner * (year - min(years)) / spread if spread else inner / 2) for year in years]


def _plot_lines(counts: WordCounts, request: WordsRequest) -> list[_Line]:
    most = max((value.rate for values in counts.counts.values() for value in values), default=0.0) or 1.0
    lines: list[_Line] = []
    for style, (term, values) in enumerate(counts.counts.items(), 1):
        points = []
        for place, (length, value) in enumerate(zip(counts.editions, values, strict=True)):
            name = {"topics" if term.kind == "topic" else "words": term.text}
            occurrences = WordsRequest(**name, series=request.series, edition=length.edition.label)
            link = f"./word-passages{words_url(occurrences)}" if value.count else None
            y = _PLOT_BASE - (_PLOT_BASE - _PLOT_TOP) * value.rate / most
            points.append(_Point(place, y, length.edition.label, value.count, value.rate, link))
        lines.append(_Line(term, style, tuple(points)))
    return lines


def _counts_summary(lines: Sequence[_Line], counts: WordCounts) -> str:
    totals = join_items(
        _("“%(term)s” %(count)s", term=line.label, count=f"{sum(point.count for point in line.points):,}")
        for line in lines
    )
    return ngettext(
        "%(totals)s, in %(count)s edition.", "%(totals)s, in %(count)s editions.", len(counts.editions), totals=totals
    )
