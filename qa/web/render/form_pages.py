"""Pages with a form, and the HTML of its result: comparisons, checks of drafts, saved questions."""

from __future__ import annotations

import tempfile
from pathlib import Path, PurePath

from markupsafe import Markup

from corpus.errors import CorpusError
from corpus.records import HEADED_KINDS
from corpus.translation import gettext as _
from qa import limits
from qa.answering.library import Library
from qa.checking.draft import Draft, from_bytes, from_text
from qa.errors import JudgementError, RequestError
from qa.evaluation.questions import read_questions
from qa.question.corpus_facts import CorpusFacts
from qa.templating import render
from qa.web.batches import SUFFIXES
from qa.web.urls import LONGEST_SECTION, ComparisonRequest, comparison_url, watch_url

DRAFT_FILES = (".txt", ".md", ".docx", ".csv")
"""Suffixes of draft files."""

MAX_WATCHED_QUESTIONS = 200
"""Questions of one request; the command line takes any number."""

LONGEST_LINK = 2_000
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
        IndexFolderError: The index cannot be read.
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


def check_form_html(text: str = "") -> Markup:
    """Render the form with the text of a draft."""
    return render("draft.html", part="form", draft_files=DRAFT_FILES, limits=limits, text=text)


def read_draft(name: str, data: bytes, text: str) -> Draft:
    """Return the draft in a file, or in a text when there is no file name. Raises RequestError."""
    if not name:
        return from_text(text)
    if PurePath(name).suffix.lower() not in DRAFT_FILES:
        raise RequestError(
            _(
                "%(name)s cannot be checked: please choose a %(draft_files)s file",
                name=name[:100],
                draft_files=", ".join(DRAFT_FILES),
            )
        )
    try:
        return from_bytes(name, data)
    except CorpusError as error:
        raise RequestError(_("%(name)s cannot be read: %(error)s", name=name[:100], error=error)) from error


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
                "The draft is longer than %(limit)s characters: please check it in parts.",
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
    suffix = PurePath(name).suffix.lower()
    name, suffix = (name, suffix) if suffix in SUFFIXES else ("questions.txt", ".txt")
    with tempfile.TemporaryDirectory(prefix="yearbook-qa-") as folder:
        path = Path(folder) / f"questions{suffix}"  # no name of a user reaches the disk
        path.write_bytes(data or text.encode("utf-8", "replace"))
        try:
            saved = [SavedQuestion(item.id, item.text, item.filters) for item in read_questions(path).items]
        except JudgementError as error:
            raise RequestError(str(error).replace(str(path), name)) from error
    if len(saved) > MAX_WATCHED_QUESTIONS:
        raise RequestError(
            _("More than %(count)s questions: please use the command line.", count=MAX_WATCHED_QUESTIONS)
        )
    watched = watch(library, saved, since=int(since) if since else None)
    if as_report:
        return html(watched)
    url = watch_url(text, since)
    link = f"./{url}#watch" if text and len(url) <= LONGEST_LINK else "./watch"
    return watch_html(watched, link=link, hide=library.notices)
