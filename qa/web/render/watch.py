"""The page that watches saved questions: its form, and the HTML of its report."""

from __future__ import annotations

import tempfile
from pathlib import Path, PurePath

from markupsafe import Markup

from corpus.translation import gettext as _
from qa.answering.library import Library
from qa.errors import JudgementError, RequestError
from qa.evaluation.questions import read_questions
from qa.templating import render
from qa.web.batches import SUFFIXES
from qa.web.urls import watch_url

MAX_QUESTIONS = 200
"""Questions of one request; the command line takes any number."""

LONGEST_LINK = 2_000
"""Maximum characters of a link that contains the questions."""

_DIGITS = 4
"""Of a year."""


def form_html(questions: str = "", since: str = "") -> Markup:
    """Render the form with the questions and the edition chosen before."""
    return render("watch_form.html", files=SUFFIXES, questions=questions, since=since)


def watched_html(library: Library, name: str, data: bytes, text: str, since: str, *, as_report: bool = False) -> str:
    """Watch the questions of a file, or without a name of a text, and render them for the form or as a report.

    Raises:
        QuestionError: The questions or the edition cannot be used.
    """
    from qa.output.watch_report import html, watch_html
    from qa.watching.watch import SavedQuestion, watch

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
    if len(saved) > MAX_QUESTIONS:
        raise RequestError(_("More than %(count)s questions: please use the command line.", count=MAX_QUESTIONS))
    watched = watch(library, saved, since=int(since) if since else None)
    if as_report:
        return html(watched)
    url = watch_url(text, since)
    link = f"./{url}#watch" if text and len(url) <= LONGEST_LINK else "./watch"
    return watch_html(watched, link=link, hide=library.notices)
