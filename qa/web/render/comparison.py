"""The page of comparisons: its forms, and the HTML of a comparison or of a checked draft."""

from __future__ import annotations

from pathlib import PurePath

from markupsafe import Markup

from corpus.errors import CorpusError
from corpus.records import HEADED_KINDS
from qa import limits
from qa.answering.library import Library
from qa.checking.draft import Draft, from_bytes, from_text
from qa.errors import RequestError
from qa.question.corpus_facts import CorpusFacts
from qa.templating import render
from qa.web.urls import LONGEST_SECTION, ComparisonRequest, comparison_url

DRAFT_FILES = (".txt", ".md", ".docx")
"""Suffixes of draft files."""


def forms_html(corpus_facts: CorpusFacts, request: ComparisonRequest, *, draft: str | None = None) -> Markup:
    """Render the forms for a topic, for whole editions and for a draft; the one in use is expanded.

    Args:
        corpus_facts: The series and editions of the library.
        request: The current values of the first two forms.
        draft: The draft that was checked; None when a comparison is shown.
    """
    editions = {series: years for series, years in corpus_facts.series.items() if years}
    several = {series: years for series, years in editions.items() if len(years) > 1}
    is_whole = request.topic is None and request.is_asked
    return render(
        "comparison_forms.html",
        draft=draft or "",
        draft_files=DRAFT_FILES,
        editions=editions,
        limits=limits,
        longest_section=LONGEST_SECTION,
        mode="draft" if draft is not None else "editions" if is_whole else "topic",
        request=request,
        series=request.series if request.series in several else next(iter(several), ""),
        several=several,
        years=sorted({year for years in editions.values() for year in years}),
    )


def read_draft(name: str, data: bytes, text: str) -> Draft:
    """Return the draft in a file, or in a text when there is no file name. Raises RequestError."""
    if not name:
        return from_text(text)
    if PurePath(name).suffix.lower() not in DRAFT_FILES:
        raise RequestError(f"{name[:100]} cannot be checked: please choose a {', '.join(DRAFT_FILES)} file")
    try:
        return from_bytes(name, data)
    except CorpusError as error:
        raise RequestError(f"{name[:100]} cannot be read: {error}") from error


def comparison_html(library: Library, request: ComparisonRequest) -> Markup:
    """Compare what is asked; empty when nothing is asked. It may take seconds.

    Raises:
        QuestionError: The request is incomplete or names something unknown.
        IndexProblem: The index cannot be read.
    """
    from qa.output.comparison_html import outlines_html, topic_html  # late: slow to import, and rarely needed

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


def checked_draft_html(library: Library, draft: Draft) -> Markup:
    """Check a draft. It may take seconds. Raises RequestError for an empty or overlong draft."""
    from qa.checking.report import check_draft
    from qa.output.check_html import checked_html

    if not draft.text.strip():
        raise RequestError("Please paste a draft, or choose a file with one.")
    if len(draft.text) > limits.DRAFT.value:
        raise RequestError(f"The draft is longer than {limits.DRAFT.value:,} characters: please check it in parts.")
    return checked_html(check_draft(library, draft), link="./check", hide=library.notices)
