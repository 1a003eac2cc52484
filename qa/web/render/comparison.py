"""The page of comparisons: its forms, and the HTML of a comparison."""

from __future__ import annotations

from markupsafe import Markup

from corpus.records import HEADED_KINDS
from qa import limits
from qa.answering.library import Library
from qa.question.corpus_facts import CorpusFacts
from qa.templating import render
from qa.web.urls import LONGEST_SECTION, ComparisonRequest, comparison_url


def forms_html(corpus_facts: CorpusFacts, request: ComparisonRequest) -> Markup:
    """Render the forms for a topic and for whole editions with the values of a request; the one in use is expanded."""
    editions = {series: years for series, years in corpus_facts.series.items() if years}
    several = {series: years for series, years in editions.items() if len(years) > 1}
    is_whole = request.topic is None and request.is_asked
    return render(
        "comparison_forms.html",
        editions=editions,
        limits=limits,
        longest_section=LONGEST_SECTION,
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
